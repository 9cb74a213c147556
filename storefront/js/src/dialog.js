// The dialog that asks a customer, or the banner that tells of what is announced. All that it shows is text, never HTML.
// What to ask and what an answer means is core.js's. Types: dialog.d.ts.

import {accept, decline, later} from './answers.js';
import {address, details} from './details.js';
import styles from './styles.js';
import english from './texts/en.js';

const LANGUAGES = {ar: () => import('./texts/ar.js'), de: () => import('./texts/de.js')};

const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);

// Children may be lists, and what is false or empty is left out.
function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children.flat(2).filter(Boolean));
  return element;
}

const paragraph = (textContent) => make('p', {textContent});

const written = (name, language, textContent) => make(name, {lang: language ?? '', dir: 'auto', textContent});
const link = (href, textContent) => href && make('li', {}, make('a', {href, textContent, target: '_blank', rel: 'noopener'}));
const links = (...children) => make('ul', {className: 'policy-review-links'}, ...children);

// The day where it begins then, otherwise the minute, by the customer's own clock.
function moment(instant, language) {
  const date = new Date(instant), inside = date.getHours() || date.getMinutes();
  /** @type {Intl.DateTimeFormatOptions} */
  const time = inside ? {hour: 'numeric', minute: '2-digit', timeZoneName: 'short'} : {};
  return date.toLocaleString(language, {day: 'numeric', month: 'long', year: 'numeric', ...time});
}

const listed = (words, {language}) => new Intl.ListFormat(language).format(words);

function changeList(changes, language, texts) {
  return make('ul', {}, changes.map(({title, kinds, notes}) => make('li', {},
    written('strong', language, title), ` (${listed(kinds.map((kind) => texts[kind] ?? kind), texts)})`,
    notes.map((note) => written('p', language, note)))));
}

let sheet;

function dress() {
  if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(styles);
  if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

// One version: since when, what changed since this customer's own, and where to read it.
function account({row, version, base, changes, redline, url}, opening, {title}, texts) {
  const isSmall = (change) => change.severity === 'editorial', all = changes ?? [];
  const small = all.filter(isSmall), large = all.filter((change) => !isSmall(change));
  return [
    paragraph(fill(opening, {version, date: moment(row.effective_at, texts.language)})),
    base && base !== version && written('p', row.language, row.summary), // it tells of a change
    all.length && make('h4', {textContent: fill(texts.changed, {base})}),
    large.length && changeList(large, row.language, texts),
    small.length && make('details', {}, make('summary', {textContent: fill(texts.small, {count: small.length})}),
      changeList(small, row.language, texts)),
    links(redline.map((href, place) => link(href, fill(redline.length > 1 ? texts.step : texts.redline, {part: place + 1}))),
      link(url, fill(texts.read, {version, title}))),
  ];
}

// One document, and what is announced of it.
const section = (shown, texts) => make('section', {}, written('h3', shown.row.language, shown.policy.title),
  account(shown, shown.state === 'upcoming' ? texts.takesEffect : texts.inForce, shown.policy, texts),
  shown.accept_by && !shown.flags.includes('overdue') && paragraph(fill(texts.acceptBy, {date: moment(shown.accept_by, texts.language)})),
  shown.announced && account(shown.announced, texts.takesEffect, shown.policy, texts));

// Two looks at a document that tell a customer the same, and ask the same.
const look = ({document, state, flags, base, row, url, announced}) =>
  [document, state, flags.includes('overdue'), base, row.version, row.digest, url, announced?.version].join(' ');

// What one "Accept" means for several documents.
function meaning(found, texts) {
  const titles = (accepts) => listed(found.filter((each) => each.asksAccept === accepts).map((each) => each.policy.title), texts);
  const accept = titles(true), acknowledge = titles(false);
  return accept && acknowledge && paragraph(fill(texts.both, {accept, acknowledge}));
}

// The words for a page's language.
/** @type {typeof import('./dialog.js').textsIn} */
export async function textsIn(language) {
  try {
    return (await LANGUAGES[language.toLowerCase().split('-')[0]]()).default;
  } catch { return english; }
}

/** @type {typeof import('./dialog.js').openDialog} */
export function openDialog(review, {documents = review.due, texts = english, options = []} = {}) {
  const title = make('h2', {tabIndex: -1}), over = new AbortController();
  const dialog = make('dialog', {className: 'policy-review', lang: texts.language, dir: texts.direction});
  const following = documents === review.due;
  let asked = documents, shown = [], asking = true; // `shown`: what stands on the screen, and so what an answer is about

  // The answers are equal buttons, nothing chosen beforehand.
  const show = (heading, content, answers) => {
    dialog.ariaLabel = title.textContent = heading;
    dialog.replaceChildren(title, ...content.filter(Boolean), make('div', {className: 'policy-review-answers'},
      answers.map(([textContent, onclick]) => make('button', {type: 'button', textContent, onclick}))));
  };
  const finish = () => dialog.close('answered');

  // Nobody is left to believe that an answer was kept which was not.
  async function settle(answering) {
    asking = false;
    for (const button of dialog.querySelectorAll('button')) button.disabled = true;
    const {status} = await answering;
    if (status === 'stored' || status === 'nothing') return finish();
    show(texts[status], [paragraph(texts[`${status}What`])],
      [...status === 'failed' ? [[texts.again, () => settle(accept(review, []))]] : [], [texts.close, finish]]);
    title.focus();
  }
  const answer = (work) => () => settle(work(review, shown));

  // A modal dialog asks. What is only announced, or asked where no answer can be kept, must not stop anybody on each page.
  function stand() {
    const banner = following && (!review.lasting || shown.every(({state}) => state === 'upcoming'));
    if (dialog.open && banner === dialog.classList.contains('policy-review-banner')) return;
    dialog.classList.toggle('policy-review-banner', banner);
    dialog.open = false;
    title.autofocus = !banner;
    if (banner) dialog.open = true;
    else dialog.showModal();
  }

  // Draws what is asked, unless it stands there already.
  function ask() {
    const found = asked.map((id) => details(review, id)).filter(Boolean), has = (word) => found.some(({state, reason}) => (reason === 'reconfirm' ? reason : state) === word);
    const isNew = (each) => !shown.some((old) => look(old) === look(each)), renewed = shown.length && found.some(isNew);
    if (!renewed && found.length === shown.length) return;
    shown = found;
    const heading = ['review_required', 'initial', 'reconfirm', 'notice', 'upcoming'].find(has) ?? 'review_required';
    const hint = make('p', {className: 'policy-review-hint', textContent: texts.newTab});
    show(texts[heading], [renewed && paragraph(texts.renewed), ...found.map((each) => section(each, texts)), meaning(found, texts), hint], [
      [found.some((each) => each.asksAccept) ? texts.accept : texts.acknowledge, answer(accept)],
      found.some((each) => each.mayDecline) ? [texts.decline, declined] : [texts.later, answer(later)],
    ]);
  }

  async function declined() {
    asking = false;
    const ways = shown.map(({policy, version, url}) => [
      link(address(review, policy.contact), texts.contact), link(url, fill(texts.read, {version, title: policy.title}))]);
    const answering = decline(review, shown), note = paragraph(texts.declinedWhat);
    show(texts.declined, [note, links(Array.from(options, (option) => make('li', {}, option.cloneNode(true))), ways)],
    [[texts.acceptAfterAll, answer(accept)], [texts.close, finish]]);
    title.focus();
    const {status} = await answering;
    if (status !== 'stored') note.before(paragraph(texts[`${status}What`]));
  }

  // Another tab may have given the answer; another version may be in force, or be announced.
  function follow() {
    if (!asking || !dialog.open) return;
    const before = shown;
    asked = asked.filter((id) => following ? review.due.includes(id) : details(review, id));
    if (!asked.length) return finish();
    ask();
    stand();
    if (shown !== before && !dialog.classList.contains('policy-review-banner')) title.focus();
  }

  ask();
  if (!shown.length) return null;
  dress();
  dialog.addEventListener('close', () => {
    if (asking && !dialog.returnValue) later(review, shown); // Escape
    over.abort();
    dialog.remove();
  });
  review.addEventListener('decision', follow, {signal: over.signal});
  addEventListener('storage', () => review.decide(), {signal: over.signal});
  addEventListener('pageshow', () => review.decide(), {signal: over.signal}); // back from another page, answered there
  document.body.append(dialog);
  stand();
  return dialog;
}

// What an element asks. One dialog on a page: a second element waits until the first one's is answered, and asks what is
// left then.
/** @type {typeof import('./dialog.js').present} */
export async function present(element, review, choose, mine) {
  const texts = await textsIn(review.language), other = document.querySelector('dialog.policy-review[open]');
  if (other && other !== mine) other.addEventListener('close', () => element.ask(), {once: true});
  if (other || !element.isConnected || element.review !== review) return mine;
  return openDialog(review, {documents: choose(), texts, options: element.children});
}
