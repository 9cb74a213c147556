// The review decision as shops and tests call it: the verdict, and what changed since the version agreed to.
// Pure. Types and words: review.d.ts.

import {since} from './changes.js';
import {prepare} from './shape.js';
import {byTime, inOrder, judge, led, readRecord} from './verdict.js';

export {prepare} from './shape.js';
export {instant} from './verdict.js';

const byReceipt = inOrder('received', 'at', 'action', 'version', 'digest', 'serial', 'until');

const readOnce = (manifest) => Array.isArray(manifest?.policies) ? manifest : prepare(manifest);

/** @type {typeof import('./review.js').reviewState} */
export function reviewState(manifest, document, records, now) {
  const [verdict, facts] = judge(readOnce(manifest), document, Array.isArray(records) ? records : [], now);
  return {...verdict, ...since(facts)};
}

/** @type {typeof import('./review.js').reviewAll} */
export function reviewAll(manifest, documents, records, now) {
  const read = readOnce(manifest);
  return led(documents.map((document) => reviewState(read, document, records, now)));
}

/** @type {typeof import('./review.js').merge} */
export function merge(...lists) {
  const kept = new Map(), read = lists.flat().map((given) => ({...readRecord(given), given})).filter(({id}) => id !== undefined);
  for (const each of read.sort(byReceipt).reverse()) kept.set(each.id, each);
  return [...kept.values()].sort(byTime).map(({given}) => given);
}
