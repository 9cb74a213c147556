// The client for a shop with a dialog of its own: what core.js does, and what such a dialog shows. Types: client.d.ts.

import {since} from './changes.js';
import {createCore} from './core.js';
import {details} from './details.js';

export {localStore, serverStore} from './stores.js';

/** @type {typeof import('./client.js').createPolicyReview} */
export function createPolicyReview(options) {
  /** @type {import('./core.js').Core<any>} */
  const review = createCore(options, (verdict, facts) => ({...verdict, ...since(facts)}));
  return Object.assign(review, {details: (id) => details(review, id)});
}
