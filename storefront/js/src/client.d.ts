/** The storefront's client, for a dialog of the shop's own. It shows nothing. */

import type {Answer, Core, CoreEvents, CoreOptions} from './core.js';
import type {ReviewDetails} from './details.js';
import type {ReviewResult} from './review.js';

export type {AnswerStatus, WarningCode} from './core.js';
export type {ReviewDetails} from './details.js';
export type * from './review.js';
export {localStore, serverStore, type ReviewStore} from './stores.js';

export type PolicyReviewOptions = CoreOptions;
export type PolicyReviewEvents = CoreEvents<ReviewResult>;
export type PolicyReviewAnswer = Answer<ReviewResult>;

export interface PolicyReview extends Core<ReviewResult> {
  /** What to show of a document; null where there is nothing to look at. */
  details(document: string): ReviewDetails | null;
  /** An address of the manifest made absolute; null unless it is one of http, https or mailto. */
  address(relative: string): string | null;
}

/** Several may live on one page. Nothing is asked for or read before `check` or `decide`. */
export function createPolicyReview(options: PolicyReviewOptions): PolicyReview;
