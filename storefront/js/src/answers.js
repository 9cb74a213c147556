// What a customer answers, made into records: needed once somebody is asked, or told of what asks for nothing.
// Types: answers.d.ts.

import {NEVER} from './verdict.js';

const DAY = 864e5, LAST = 253402300799999; // milliseconds: a day; the last instant that a record can have

/** @type {typeof import('./answers.js').asksAccept} */
export const asksAccept = (verdict) => verdict.requires === 'accept';

/** @type {typeof import('./answers.js').mayDecline} */
export const mayDecline = (verdict) => asksAccept(verdict) && verdict.state !== 'upcoming';

// A page without TLS has no randomUUID; but each object's address ends with one.
const uuid = () => crypto.randomUUID?.() ?? URL.createObjectURL(new Blob()).slice(-36);

// An answer comes after those it replaces, even if the clock was set back; not after what a wrong clock made of them.
function record(review, {document, base}, row, action, until) {
  const {own, now, surface} = review.log, [, {policy, told}] = review.judge(document), stamped = +now();
  const after = (before) => Math.max(stamped, ...before.map((each) => each.at + 1));
  const at = Math.min(after(told), LAST), translated = row.translations?.[review.language];
  const made = {
    id: uuid(), action, document, version: row.version, sequence: row.sequence,
    language: translated ? review.language : row.language, digest: (translated ?? row).digest, base,
    manifest_serial: review.manifest.serial, head: policy?.head ?? null, at: new Date(at).toJSON(), surface: surface ?? null,
    until: action === 'dismissed' ? new Date(Math.min(until, at + 7 * DAY)).toJSON() : null,
    // A server's clock has shown that, or had before an answer that still waits.
    behind: after(told.filter((each) => each.received < NEVER || each.behind)) - stamped || undefined,
  };
  own.push(made);
  return made;
}

async function answer(review, given, action, until, decided) {
  const {keep, retry, now} = review.log;
  const rowOf = ({document, version}) => review.manifest.documents[document]?.versions.find((row) => row.version === version);
  const states = given.map((each) => each?.row ? each : decided?.documents[each]);
  const asked = states.filter((state) => state?.version).map((state) => ({...state, row: state.row ?? rowOf(state)}))
    .filter((state) => state.row);
  const made = asked.map((state) => record(review, state, state.row, action(state), until || +now() + DAY));
  if (action === agreed) {
    made.push(...asked.filter((state) => state.announced).map((state) => record(review, state, state.announced.row, 'dismissed', 0)));
  }
  const [[records, status], result] = await Promise.all([made.length ? keep(made) : retry(), review.decide()]);
  const outcome = {records, status, stored: status === 'stored', result};
  review.dispatchEvent(new CustomEvent('answer', {detail: outcome}));
  return outcome;
}

const agreed = (state) => asksAccept(state) ? 'accepted' : 'acknowledged';

// `states` are of a decision, or what was shown of it.
/** @type {typeof import('./answers.js').accept} */
export const accept = (review, states, _, result) => answer(review, states, agreed, 0, result);

/** @type {typeof import('./answers.js').decline} */
export const decline = (review, states, _, result) => answer(review, states, (state) => mayDecline(state) ? 'declined' : 'dismissed', 0, result);

/** @type {typeof import('./answers.js').later} */
export const later = (review, states, until, result) => answer(review, states, () => 'dismissed', until, result);

// Where a version asks for nothing, to have had it before them is what a customer did.
/** @type {typeof import('./answers.js').note} */
export function note(review) {
  const first = Object.keys(review.result.documents).map((id) => review.judge(id)).filter(([{reason}]) => reason === 'first_visit');
  review.log.keep(first.map(([state, {cur}]) => record(review, state, cur, 'dismissed')));
}
