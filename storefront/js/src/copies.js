// Which of two copies of the manifest to go by: the rules of copies.py, and the cases in vectors/copies.json.
// Pure. Types and words: copies.d.ts.

const LARGEST = 1e6, JUMP = 1e4;

const isSmall = (number) => number >= 0 && number <= LARGEST;

// By (epoch, serial), and no further up than a site could come between two looks.
function inOrder(held, {epoch, serial}) {
  const first = !held || epoch > held.epoch;
  return isSmall(epoch) && (first ? isSmall(serial) && !(epoch > held?.epoch + 1)
    : epoch === held.epoch && serial >= held.serial && serial <= held.serial + JUMP);
}

// Whether all that was seen stands there still: each text under its number and at its place, and every event.
function keeps(held, offered) {
  return [...held.policies].every(([id, {rows, events, head}]) => {
    const now = offered.policies.get(id), numbered = new Map(now?.rows.map((row) => [row.version, row]));
    const chain = new Set(now && [...now.events, ...now.rows.map(({digests}) => digests[0])]);
    return rows.every(({version, sequence, languages, digests}) => {
      const row = numbered.get(version);
      return row?.sequence === sequence && languages.every((language, place) => {
        const found = row.languages.indexOf(language);
        return found >= 0 && row.digests[found] === digests[place];
      });
    }) && [...events, ...head ? [head] : []].every((digest) => chain.has(digest));
  });
}

/** @type {typeof import('./copies.js').refusal} */
export function refusal(held, offered, epoch = null) {
  if (epoch !== null && offered.epoch !== epoch) return 'epoch';
  const before = epoch === null || held?.epoch === epoch ? held : null;
  return !inOrder(before, offered) ? 'serial' : before && !keeps(before, offered) ? 'rewritten' : null;
}
