// The review decision as shops and tests call it: the verdict, and what changed since the version agreed to.
// Pure. Types and words: review.d.ts.

import {since} from './changes.js';
import {judge, led, readOnce} from './verdict.js';

export {instant, prepare} from './verdict.js';

/** @type {typeof import('./review.js').reviewState} */
export function reviewState(manifest, document, records, now) {
  const [verdict, facts] = judge(manifest, document, records, now);
  return {...verdict, ...since(facts)};
}

/** @type {typeof import('./review.js').reviewAll} */
export function reviewAll(manifest, documents, records, now) {
  const read = readOnce(manifest);
  return led(documents.map((document) => reviewState(read, document, records, now)));
}
