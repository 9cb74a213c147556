// <policy-review>: asks by itself, on each page and whenever there is something new to ask. What it shows is dialog.js's,
// which is loaded only then. As one script, it is the file that a shop names. Types: element.d.ts.

import {createCore} from './core.js';
import {serverStore} from './stores.js';

const STALE = 3e5, LONGEST = 2 ** 31 - 1; // milliseconds: a manifest to ask for again; the longest that a timer can wait
const script = globalThis.document?.currentScript?.['src']; // undefined in a module

// On a server there are no elements; whoever imports this there gets a class that does nothing.
const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

/** @type {typeof import('./element.js').PolicyReviewElement} */
export class PolicyReviewElement extends Base {
  static observedAttributes = ['customer'];
  #gone; #checked; #timer; #asking; #dialog;

  constructor() {
    super();
    this.attachShadow({mode: 'open'}); // without a slot: the children are for the dialog, and not shown here
  }

  // Somebody else has signed in: it begins anew.
  attributeChangedCallback(_, before, now) {
    if (!this.isConnected || !this.review || before === now) return;
    this.disconnectedCallback();
    this.connectedCallback();
  }

  connectedCallback() {
    this.#checked = 0;
    this.#asking = null;
    const given = (name) => this.getAttribute(name) ?? undefined, url = given('records'), epoch = given('epoch');
    this.review = createCore({
      manifestUrl: given('manifest') ?? (script && new URL('../policy-manifest.json', script).href), documents: given('documents'),
      language: given('language') ?? document.documentElement.lang, surface: given('surface'), customer: given('customer'),
      epoch: epoch && Number(epoch), store: url ? serverStore(url) : undefined,
    });
    const {signal} = this.#gone = new AbortController(), again = () => document.hidden || this.ask();
    this.review.addEventListener('decision', () => this.#wait(), {signal});
    addEventListener('pageshow', ({persisted}) => persisted && again(), {signal});
    document.addEventListener('visibilitychange', again, {signal});
    this.ready = this.ask();
  }

  // A version may take effect, or "Later" may end, while the page is open.
  #wait() {
    clearTimeout(this.#timer);
    const rest = this.review.next - Date.now();
    if (rest < Infinity) this.#timer = setTimeout(() => this.ask(), Math.min(rest + 1, LONGEST));
  }

  ask() {
    return this.#asking ??= this.#decide().then(() => this.#show(() => this.review.due)).finally(() => this.#asking = null);
  }

  async open() {
    await this.ready;
    this.#dialog?.close('gone');
    await this.#show(() => Object.keys(this.review.result.documents));
  }

  #decide() {
    if (Date.now() - this.#checked < STALE) return this.review.decide();
    this.#checked = Date.now();
    return this.review.check();
  }

  async #show(choose) {
    if (!choose().length) return;
    const showing = import('./dialog.js').then((loaded) => loaded.present(this, choose, this.#dialog));
    this.#dialog = await showing.catch((error) => this.review.warn('dialog', {error}));
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#gone.abort();
    this.review.close();
    this.#dialog?.close('gone');
  }
}

if (globalThis.customElements && !customElements.get('policy-review')) customElements.define('policy-review', PolicyReviewElement);
