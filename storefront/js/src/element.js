// <policy-review>: asks by itself, on each page and whenever there is something new to ask. What it shows is dialog.js's,
// which is loaded only then. As one script, it is the file that a shop names. Types: element.d.ts.

import {createCore} from './core.js';
import {serverStore} from './stores.js';

const STALE = 3e5, LONGEST = 2e9; // milliseconds: a manifest to ask for again; what any timer can wait
const NAMES = 'documents manifest language records customer surface epoch'.split(' ');
const script = globalThis.document?.currentScript?.['src']; // undefined in a module

// On a server there are no elements; whoever imports this there gets a class that does nothing.
const Base = /** @type {typeof HTMLElement} */ (globalThis.document ? HTMLElement : class {});

/** @type {typeof import('./element.js').PolicyReviewElement} */
export class PolicyReviewElement extends Base {
  static observedAttributes = NAMES;
  shade = this.attachShadow({mode: 'open'}); // without a slot: the children are for the dialog, and not shown here
  #gone;

  // Somebody else has signed in, or a framework sets it late: it begins anew.
  attributeChangedCallback(_, before, now) {
    if (this.isConnected && this.review && before !== now) {
      this.disconnectedCallback();
      this.connectedCallback();
    }
  }

  connectedCallback() {
    const [documents, manifest, language, records, customer, surface, epoch] = NAMES.map((name) => this.getAttribute(name) ?? undefined);
    const review = this.review = createCore({
      manifestUrl: manifest ?? (script && new URL('../policy-manifest.json', script).href), documents,
      language: language ?? document.documentElement.lang, surface, customer,
      epoch: epoch && +epoch, store: records ? serverStore(records) : undefined,
    });
    const {signal} = this.#gone = new AbortController(), again = () => document.hidden || this.ask();
    let checked = 0, timer, asking, dialog;

    const decide = () => {
      if (Math.abs(Date.now() - checked) < STALE) return review.decide();
      checked = Date.now();
      return review.check();
    };

    const show = async (choose) => {
      if (!choose().length) return;
      const showing = import('./dialog.js').then((loaded) => loaded.present(this, review, choose, dialog));
      dialog = await showing.catch((error) => review.warn('dialog', {error}));
    };

    this.ask = () => asking ??= decide().then(() => show(() => review.due)).finally(() => asking = null);

    this.open = async () => {
      await this.ready;
      dialog?.close('gone');
      await show(() => Object.keys(review.result.documents));
    };

    signal.onabort = () => {
      clearTimeout(timer);
      review.close();
      dialog?.close('gone');
    };

    // A version may take effect, or "Later" may end, while the page is open.
    review.addEventListener('decision', () => {
      clearTimeout(timer);
      timer = setTimeout(this.ask, Math.min(review.next + 1 - Date.now(), LONGEST));
    }, {signal});
    addEventListener('pageshow', (event) => event.persisted && again(), {signal});
    document.addEventListener('visibilitychange', again, {signal});
    this.ready = this.ask();
  }

  disconnectedCallback() {
    this.#gone.abort();
  }
}

if (globalThis.document && !customElements.get('policy-review')) customElements.define('policy-review', PolicyReviewElement);
