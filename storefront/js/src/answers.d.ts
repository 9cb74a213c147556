/** What a customer answers, made into records and given to the client to keep. */

import type {Answer, Core} from './core.js';
import type {ReviewDetails} from './details.js';
import type {Verdict} from './verdict.js';

/** Whether to ask "Accept" rather than "I have read this", and whether "Do not accept" rather than "Later". */
export function asksAccept(verdict: Pick<Verdict, 'requires'>): boolean;
export function mayDecline(verdict: Pick<Verdict, 'requires' | 'state'>): boolean;

/** What was decided of a document, or what was shown of it: the answer is then about that text. An id is one of `result`. */
export type Asked = Verdict | ReviewDetails | string;

/** As the client's own: core.d.ts. What goes wrong is no rejection. With nothing `asked`, those are tried again that wait. */
export function accept(review: Core<any>, asked: readonly Asked[], _?: unknown, result?: Core<any>['result']): Promise<Answer<any>>;
export function decline(review: Core<any>, asked: readonly Asked[], _?: unknown, result?: Core<any>['result']): Promise<Answer<any>>;
export function later(
  review: Core<any>, asked: readonly Asked[], until?: number | Date, result?: Core<any>['result'],
): Promise<Answer<any>>;

/** Notes the versions that ask for nothing, and that this customer has before them for the first time. */
export function note(review: Core<any>): void;
