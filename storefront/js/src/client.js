// The client for a shop with a dialog of its own: what core.js does, and what such a dialog shows. Types: client.d.ts.

import * as answers from './answers.js';
import {since} from './changes.js';
import {createCore} from './core.js';
import {details} from './details.js';
import {isWhole} from './shape.js';

export {localStore, serverStore} from './stores.js';

/** @type {typeof import('./client.js').createPolicyReview} */
export function createPolicyReview(options) {
  /** @type {import('./core.js').Core<any>} */
  const review = createCore(options, {complete: (verdict, facts) => ({...verdict, ...since(facts)}), load: async () => answers, isWhole});
  return Object.assign(review, {details: (id) => details(review, id)});
}
