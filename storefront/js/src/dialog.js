// The dialog that asks a customer, and <policy-review>, which asks by itself. Everything it shows is text, never HTML.
// What to ask and what an answer means is client.js's. Types: dialog.d.ts. Looks: policy-review.css.

import {createPolicyReview} from './client.js';
import english from './texts/en.js';

const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);

function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

const written = (name, language, textContent) => make(name, {lang: language ?? '', dir: 'auto', textContent});
const link = (href, textContent) => href
  ? [make('li', {}, make('a', {href, textContent, target: '_blank', rel: 'noopener'}))] : [];

// The day where it begins then, otherwise the minute, by the customer's own clock.
function moment(instant, language) {
  const date = new Date(instant), inside = date.getHours() || date.getMinutes();
  /** @type {Intl.DateTimeFormatOptions} */
  const time = inside ? {hour: 'numeric', minute: '2-digit', timeZoneName: 'short'} : {};
  return new Intl.DateTimeFormat(language, {day: 'numeric', month: 'long', year: 'numeric', ...time}).format(date);
}

function changeList(changes, language, texts) {
  return make('ul', {}, ...changes.map(({title, kinds, notes}) => make('li', {},
    written('strong', language, title), ` (${kinds.map((kind) => texts[kind] ?? kind).join(', ')})`,
    ...notes.map((note) => written('p', language, note)))));
}

// One document: which version, since when, what changed since this customer's own, and where to read it.
function section({row, policy, state, version, base, changes, redline, url}, texts) {
  const isSmall = (change) => change.severity === 'editorial', all = changes ?? [];
  const small = all.filter(isSmall), large = all.filter((change) => !isSmall(change));
  const date = moment(row.effective_at, texts.language);
  return make('section', {},
    written('h3', row.language, policy.title),
    make('p', {textContent: fill(state === 'upcoming' ? texts.takesEffect : texts.inForce, {version, date})}),
    ...state === 'initial' ? [] : [written('p', row.language, row.summary)], // it tells of a change
    ...all.length ? [make('h4', {textContent: fill(texts.changed, {base})})] : [],
    ...large.length ? [changeList(large, row.language, texts)] : [],
    ...small.length ? [make('details', {}, make('summary', {textContent: fill(texts.small, {count: small.length})}),
      changeList(small, row.language, texts))] : [],
    make('ul', {className: 'policy-review-links'},
      ...redline.flatMap((href, place) => link(href, fill(redline.length > 1 ? texts.step : texts.redline, {part: place + 1}))),
      ...link(url, fill(texts.read, {version, title: policy.title}))));
}

// Two looks at a document that tell a customer the same, and ask the same.
const look = ({document, state, base, row, url}) => [document, state, base, row.version, row.digest, url].join(' ');

// What one "Accept" means for several documents.
function meaning(found, texts) {
  const titles = (accepts) => new Intl.ListFormat(texts.language).format(
    found.filter((each) => each.asksAccept === accepts).map((each) => each.policy.title));
  const accept = titles(true), acknowledge = titles(false);
  return accept && acknowledge ? [make('p', {textContent: fill(texts.both, {accept, acknowledge})})] : [];
}

/** @type {typeof import('./dialog.js').openDialog} */
export function openDialog(review, {documents = review.due, texts = english, options = []} = {}) {
  const title = make('h2', {id: 'policy-review-title', tabIndex: -1, autofocus: true}), over = new AbortController();
  const dialog = make('dialog', {className: 'policy-review', lang: texts.language, dir: texts.direction});
  const following = documents === review.due;
  let asked = documents, shown = [], asking = true; // `shown`: what stands on the screen, and so what an answer is about
  dialog.setAttribute('aria-labelledby', title.id);

  const close = (work) => () => {
    dialog.close('answered');
    work?.(shown);
  };

  // The answers are equal buttons, nothing chosen beforehand.
  const show = (heading, content, answers) => {
    title.textContent = heading;
    dialog.replaceChildren(title, ...content, make('div', {className: 'policy-review-answers'},
      ...answers.map(([textContent, onclick]) => make('button', {type: 'button', textContent, onclick}))));
  };

  // Draws what is asked, unless it stands there already.
  function ask() {
    const found = asked.map(review.details).filter(Boolean), has = (state) => found.some((each) => each.state === state);
    const isNew = (each) => !shown.some((old) => look(old) === look(each)), renewed = shown.length && found.some(isNew);
    if (!renewed && found.length === shown.length) return;
    const note = renewed ? [make('p', {textContent: texts.renewed})] : [];
    shown = found;
    const heading = ['review_required', 'initial', 'notice', 'upcoming'].find(has) ?? 'review_required';
    const hint = make('p', {className: 'policy-review-hint', textContent: texts.newTab});
    show(texts[heading], [...note, ...found.map((each) => section(each, texts)), ...meaning(found, texts), hint], [
      [found.some((each) => each.asksAccept) ? texts.accept : texts.acknowledge, close(review.accept)],
      found.some((each) => each.mayDecline) ? [texts.decline, declined] : [texts.later, close(review.later)],
    ]);
  }

  function declined() {
    const ways = shown.flatMap(({policy, version, url}) => [
      ...link(review.address(policy.contact), texts.contact), ...link(url, fill(texts.read, {version, title: policy.title}))]);
    asking = false;
    review.decline(shown);
    show(texts.declined, [make('p', {textContent: texts.declinedWhat}), make('ul', {className: 'policy-review-links'},
      ...Array.from(options, (option) => make('li', {}, option.cloneNode(true))), ...ways)],
    [[texts.acceptAfterAll, close(review.accept)], [texts.close, close()]]);
    title.focus();
  }

  // Another tab may have given the answer; another version may be in force, or be announced.
  function follow() {
    if (!asking || !dialog.open) return;
    const before = shown;
    asked = asked.filter((id) => following ? review.due.includes(id) : review.details(id));
    if (!asked.length) return dialog.close('answered');
    ask();
    if (shown !== before) title.focus();
  }

  ask();
  if (!shown.length) return null;
  dialog.addEventListener('close', () => {
    if (asking && !dialog.returnValue) review.later(shown); // Escape
    over.abort();
    dialog.remove();
  });
  review.addEventListener('decision', follow, {signal: over.signal});
  addEventListener('storage', () => review.decide(), {signal: over.signal});
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

async function textsIn(language) {
  const [primary] = language.toLowerCase().split('-');
  try {
    return ['ar', 'de'].includes(primary) ? (await import(`./texts/${primary}.js`)).default : english;
  } catch { return english; }
}

export class PolicyReviewElement extends HTMLElement {
  connectedCallback() {
    const language = this.getAttribute('language') ?? document.documentElement.lang;
    const manifestUrl = this.getAttribute('manifest') ?? new URL('../policy-manifest.json', import.meta.url).href;
    const documents = (this.getAttribute('documents') ?? '').split(/\s+/).filter(Boolean);
    this.hidden = true;
    const surface = this.getAttribute('surface'), epoch = this.hasAttribute('epoch') ? Number(this.getAttribute('epoch')) : null;
    this.review = createPolicyReview({manifestUrl, documents, language, surface, epoch});
    this.ready = Promise.all([textsIn(language), this.review.check()]);
    this.ask();
  }

  ask() { return this.#show(() => this.review.due); }
  open() { return this.#show(() => Object.keys(this.review.result.documents)); }

  async #show(choose) {
    const [texts] = await this.ready;
    this.disconnectedCallback();
    if (this.isConnected) this.dialog = openDialog(this.review, {documents: choose(), texts, options: this.children});
  }

  disconnectedCallback() { this.dialog?.close('gone'); }
}

if (!customElements.get('policy-review')) customElements.define('policy-review', PolicyReviewElement);
