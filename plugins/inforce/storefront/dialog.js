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

const written = (name, language, textContent) => make(name, {lang: language, dir: 'auto', textContent});
const link = (href, textContent) => href
  ? [make('li', {}, make('a', {href, textContent, target: '_blank', rel: 'noopener'}))] : [];

// The day where it begins then, otherwise the minute, by the customer's own clock.
function moment(instant, language) {
  const date = new Date(instant), inside = date.getHours() || date.getMinutes();
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
  const small = changes?.filter((change) => change.severity === 'editorial') ?? [];
  const large = changes?.filter((change) => change.severity !== 'editorial') ?? [];
  const date = moment(row.effective_at, texts.language);
  return make('section', {},
    written('h3', row.language, policy.title),
    make('p', {textContent: fill(state === 'upcoming' ? texts.takesEffect : texts.inForce, {version, date})}),
    written('p', row.language, row.summary),
    ...changes?.length ? [make('h4', {textContent: fill(texts.changed, {base})})] : [],
    ...large.length ? [changeList(large, row.language, texts)] : [],
    ...small.length ? [make('details', {}, make('summary', {textContent: fill(texts.small, {count: small.length})}),
      changeList(small, row.language, texts))] : [],
    make('ul', {className: 'policy-review-links'},
      ...redline.flatMap((href, place) => link(href, fill(redline.length > 1 ? texts.step : texts.redline, {part: place + 1}))),
      ...link(url, fill(texts.read, {version}))));
}

export function openDialog(review, {documents = review.due, texts = english, options = []} = {}) {
  const title = make('h2', {id: 'policy-review-title', tabIndex: -1, autofocus: true}), over = new AbortController();
  const dialog = make('dialog', {className: 'policy-review', lang: texts.language, dir: texts.direction});
  let asked = documents.filter(review.details), asking;
  dialog.setAttribute('aria-labelledby', title.id);

  // `answers` maps each button's words to what it does; equal buttons, nothing chosen beforehand.
  function show(heading, content, answers) {
    title.textContent = heading;
    dialog.replaceChildren(title, ...content, make('div', {className: 'policy-review-answers'}, ...answers.map(
      ([textContent, onclick]) => make('button', {type: 'button', textContent, onclick}))));
  }

  const then = (work) => () => {
    dialog.close();
    work?.(asked);
  };

  function ask() {
    const found = asked.map(review.details), has = (state) => found.some((each) => each.state === state);
    asking = true;
    show(texts[['review_required', 'initial', 'notice', 'upcoming'].find(has) ?? 'review_required'],
      [...found.map((each) => section(each, texts)), make('p', {className: 'policy-review-hint', textContent: texts.newTab})],
      [[found.some((each) => each.asksAccept) ? texts.accept : texts.acknowledge, then(review.accept)],
        found.some((each) => each.mayDecline) ? [texts.decline, declined] : [texts.later, then(review.later)]]);
  }

  function declined() {
    const found = asked.map(review.details);
    asking = false;
    review.decline(asked);
    show(texts.declined, [make('p', {textContent: texts.declinedWhat}), make('ul', {className: 'policy-review-links'},
      ...[...options].map((option) => make('li', {}, option.cloneNode(true))),
      ...found.flatMap(({policy}) => [
        ...link(review.address(policy.contact), texts.contact),
        ...link(review.address(policy.url), fill(texts.policy, policy))]))],
      [[texts.acceptAfterAll, then(review.accept)], [texts.close, then()]]);
    title.focus();
  }

  // Another tab may have the answer.
  function follow() {
    const left = asked.filter((id) => review.due.includes(id));
    if (!asking || left.length === asked.length) return;
    asked = left;
    if (left.length) ask(); else dialog.close();
  }

  if (!asked.length) return null;
  ask();
  dialog.addEventListener('cancel', () => { if (asking) review.later(asked); });
  dialog.addEventListener('close', () => { over.abort(); dialog.remove(); });
  if (documents === review.due) review.addEventListener('decision', follow, {signal: over.signal});
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
  async connectedCallback() {
    const language = this.getAttribute('language') ?? document.documentElement.lang;
    const manifestUrl = this.getAttribute('manifest') ?? new URL('../policy-manifest.json', import.meta.url).href;
    const documents = (this.getAttribute('documents') ?? '').split(/\s+/).filter(Boolean);
    this.hidden = true;
    this.review = createPolicyReview({manifestUrl, documents, language, surface: this.getAttribute('surface')});
    this.texts = textsIn(language);
    await this.review.check();
    this.open(this.review.due);
  }

  async open(documents = Object.keys(this.review.result.documents)) {
    const texts = await this.texts;
    if (this.isConnected) this.dialog = openDialog(this.review, {documents, texts, options: this.children});
  }

  disconnectedCallback() { this.dialog?.close(); }
}

if (!customElements.get('policy-review')) customElements.define('policy-review', PolicyReviewElement);
