// Which of two copies of the manifest to go by: the rules of copies.py, and the cases in vectors/copies.json.
// Pure. Types and words: copies.d.ts.

const LARGEST = 1e6, JUMP = 1e4;

const isSmall = (number) => number >= 0 && number <= LARGEST;
// What the digest of a version's file vouches for, but its clauses' titles, which are made of it.
const facts = (row) => JSON.stringify(row, (key, value) => /^(stands|languages|digests|title|text_digest)$/.test(key) ? 0 : value);
// Where a version's text stood first: only those that share one need to tell it.
const text = ({rows}, {text_digest}) => rows.findIndex((row) => row.text_digest === text_digest);
const gone = ({rows, standing}) => rows.length - standing.length;
// NaN where not every chain is told of.
const files = ({policies}) => [...policies.values()].reduce((sum, {rows, events, head}) => sum + (head ? rows.length + events.length : NaN), 0);

// By (epoch, serial), and no further up than a site could come between two looks.
function inOrder(held, {epoch, serial}) {
  const first = !held || epoch > held.epoch;
  return isSmall(epoch) && (first ? isSmall(serial) && !(epoch > held?.epoch + 1)
    : epoch === held.epoch && serial >= held.serial && serial <= held.serial + JUMP);
}

// Whether all that was seen stands there still, the versions first and as they were. Each file counts in the serial, and
// nothing but an event withdraws a version, once and for ever, or retires a policy.
function keeps(held, offered) {
  return [...held.policies].every(([id, was]) => {
    const now = offered.policies.get(id), chain = now && [...now.events, ...now.rows.map(({digests}) => digests[0])];
    return chain && was.rows.every((row, place) => {
      const same = now.rows[place];
      return facts(row) === facts(same) && (row.stands || !same.stands) && text(was, row) === text(now, same)
        && row.languages.every((language, at) => same.digests[same.languages.indexOf(language)] === row.digests[at]);
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
