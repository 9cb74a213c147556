// Which of two copies of the manifest to go by: the rules of copies.py, and the cases in vectors/copies.json. And the copy to
// keep. Pure. Types and words: copies.d.ts.

import {changesOf} from './changes.js';
import {prepare} from './shape.js';

const LARGEST = 1e6, JUMP = 1e4;

const isSmall = (number) => number >= 0 && number <= LARGEST;
// What the digest of a version's file vouches for, but its clauses' titles, which are made of it.
const facts = (row) => JSON.stringify([
  row.version, row.sequence, row.announced, row.effective, row.due, row.period, row.need, row.severity, row.language ?? '',
  row.summary ?? '', row.amends ?? '', changesOf(row).map((change) => ({...change, title: ''})),
]);
// Where a version's text stood first: only those that share one need to tell it.
const text = ({rows}, {text_digest}) => rows.findIndex((row) => row.text_digest === text_digest);
const gone = ({rows}) => rows.filter((row) => !row.stands).length;
// NaN where not every chain is told of.
const files = ({policies}) => policies.reduce((sum, {rows, events, head}) => sum + (head ? rows.length + events.length : NaN), 0);

// By (epoch, serial), and no further up than a site could come between two looks.
function inOrder(held, {epoch, serial}) {
  const first = !held || epoch > held.epoch;
  return isSmall(epoch) && (first ? isSmall(serial) && !(epoch > held?.epoch + 1)
    : epoch === held.epoch && serial >= held.serial && serial <= held.serial + JUMP);
}

// Whether all that was seen stands there still, the versions first and as they were. Each file counts in the serial, and
// nothing but an event withdraws a version, once and for ever, or retires a policy.
function keeps(held, offered) {
  return held.policies.every((was) => {
    const now = offered.policies.find((each) => each.document === was.document), chain = now && [...now.events, ...now.rows.map(({digest}) => digest)];
    return chain && was.rows.every((row, place) => {
      const same = now.rows[place];
      return same && facts(row) === facts(same) && (row.stands || !same.stands) && text(was, row) === text(now, same)
        && row.digest === same.digest
        && Object.entries(row.translations ?? {}).every(([language, {digest}]) => same.translations?.[language]?.digest === digest);
    }) && [...was.events, ...was.head ? [was.head, now.head] : []].every((digest) => chain.includes(digest))
      && gone(now) - gone(was) + +(now.retired !== was.retired) <= now.events.length - was.events.length;
  }) && !(offered.epoch === held.epoch && files(offered) - files(held) > offered.serial - held.serial);
}

/** @type {typeof import('./copies.js').refusal} */
export function refusal(held, offered, epoch = null) {
  if (epoch !== null && offered.epoch !== epoch) return 'epoch';
  const before = epoch === null || held?.epoch === epoch ? held : null;
  return !inOrder(before, offered) ? 'serial' : before && !keeps(before, offered) ? 'rewritten' : null;
}

/** @type {typeof import('./copies.js').fault} */
export const fault = (held, manifest, found, epoch) => !manifest ? 'json' : manifest.schema_version !== 1 ? 'schema_version'
  : !found ? 'shape' : refusal(held, found, epoch);

const parse = (text) => { try { return JSON.parse(text); } catch { return null; } };

// What was kept counts for nothing where it is no manifest: something else has written there.
/** @type {typeof import('./copies.js').judge} */
export function judge(held, text, epoch) {
  const manifest = parse(text), found = prepare(manifest);
  return [fault(prepare(parse(held?.text)), manifest, found, epoch), found && {text, epoch, serial: found.serial, policies: found.policies}];
}
