// The client for a shop with a dialog of its own: what core.js does, and what such a dialog shows. Types: client.d.ts.

import * as answers from './answers.js';
import {since} from './changes.js';
import {createCore} from './core.js';
import {address, details} from './details.js';
import {judge} from './verdict.js';

export {localStore, serverStore} from './stores.js';

/** @type {typeof import('./verdict.js').judge} */
function complete(...asked) {
  const [verdict, facts] = judge(...asked);
  return [{...verdict, ...since(facts)}, facts];
}

/** @type {typeof import('./client.js').createPolicyReview} */
export function createPolicyReview(options) {
  /** @type {import('./core.js').Core<any>} */
  const review = createCore(options, complete, async () => answers);
  return Object.assign(review, {details: (id) => details(review, id), address: (relative) => address(review, relative)});
}
