/**
 * The storefront's client: gets the manifest, keeps its last good copy, decides, and stores what the customer answers.
 * It shows nothing. None of its promises is ever rejected; what goes wrong is a `warning`.
 */

import type {Refusal} from './copies.js';
import type {Manifest, ManifestDocument, ManifestVersion, ReviewRecord, ReviewResult, ReviewState} from './review.js';

/** Where one customer's records are kept. */
export interface ReviewStore {
  /** All records of this customer. If it fails or outlasts `timeout`, nobody is asked until it was read once. */
  records(): Iterable<ReviewRecord> | Promise<Iterable<ReviewRecord>>;
  /** Keeps one more. It may be called again with the same record, after a failure or a time-out: `id` tells. */
  add(record: ReviewRecord): unknown;
}

/**
 * Records in localStorage, one key each, beginning with `name` and a colon. Where the browser denies storage it has no
 * records, and `add` throws: an answer then holds for this page.
 */
export function localStore(name?: string): ReviewStore;

export interface PolicyReviewOptions {
  manifestUrl: string | URL;
  /** Ids of the documents, such as `privacy`. On equal states the one named first leads. */
  documents: readonly string[];
  /** `localStore()` unless given. */
  store?: ReviewStore;
  /** BCP 47. Where a version has a translation into exactly this language, that one is shown and agreed to. */
  language?: string;
  /** Milliseconds that the manifest, body included, or the store may take; 5000. */
  timeout?: number;
  /** The clock: milliseconds since 1970, or a Date. */
  now?: () => number | Date;
  /** Goes into each record: where it was answered, in a word of the shop's own. */
  surface?: string | null;
  /**
   * The only epoch whose manifests are gone by, also of those that were kept. Null unless given: any that follows. It is
   * the way out once a wrong manifest was published, and nobody at the policies' host can take it.
   */
  epoch?: number | null;
}

export interface Answer {
  records: ReviewRecord[];
  /** Whether the store has them all. If not, they hold for this page, and the next `check` tries again. */
  stored: boolean;
  result: ReviewResult;
}

/** Why the last good copy of the manifest stays in place, or which call of the store failed. */
export type WarningCode =
  | 'network' | 'timeout' | 'status' | 'json' | 'schema_version' | 'shape' | Refusal | 'store_read' | 'store_write';

export interface PolicyReviewEvents {
  /** There is a decision: `result` and `due` are new. */
  decision: CustomEvent<ReviewResult>;
  /** The customer answered. */
  answer: CustomEvent<Answer>;
  warning: CustomEvent<{code: WarningCode; error?: unknown; record?: ReviewRecord}>;
}

/** One document that waits for an answer, with all that a dialog shows of it. Addresses are absolute, or null. */
export interface ReviewDetails extends Omit<ReviewState, 'redline'> {
  policy: ManifestDocument;
  /** The version to look at. For `upcoming`, `changes` and `redline` lead up to it, too. */
  row: ManifestVersion;
  url: string | null;
  redline: (string | null)[];
  /** Whether to ask "Accept" rather than "I have read this", and whether "Do not accept" rather than "Later". */
  asksAccept: boolean;
  mayDecline: boolean;
}

export interface PolicyReview extends EventTarget {
  /** The last good manifest, null before there was one. */
  readonly manifest: Manifest | null;
  /** The last decision, null before the first. With the warning `store_read` and no earlier records it is `unknown`. */
  readonly result: ReviewResult | null;
  /** The documents to ask about now: not those answered "Later" or declined. */
  readonly due: string[];

  /**
   * Asks for the manifest and decides; by the last good copy where no good one comes within `timeout`. Nothing needs to
   * wait for it: `result` and `due` have the decision before.
   */
  check(): Promise<ReviewResult>;
  /** Decides anew by what is at hand, without a request. */
  decide(): Promise<ReviewResult>;

  /**
   * Store an answer for each of the documents (unless given: those that are due). Whoever shows a text hands in the
   * `details` that it showed: the answer is then about that text, even if another tab or the clock has led to another one
   * since. An id stands for the version in `result` at the moment of the call.
   * `accept` stores `accepted` where the version asks for it, otherwise `acknowledged`. `decline` stores `declined` where
   * a version in force asks to be accepted, otherwise `dismissed`. `later` holds for a day, or until `until`, at most
   * seven days on. `at` is later than in every record of the document, even if the clock was set back.
   */
  accept(documents?: readonly (string | ReviewDetails)[]): Promise<Answer>;
  decline(documents?: readonly (string | ReviewDetails)[]): Promise<Answer>;
  later(documents?: readonly (string | ReviewDetails)[], until?: number | Date): Promise<Answer>;

  /** What to show of a document; null where there is nothing to look at. */
  details(document: string): ReviewDetails | null;
  /** An address of the manifest made absolute; null unless it is one of http, https or mailto. */
  address(relative: string): string | null;

  addEventListener<Name extends keyof PolicyReviewEvents>(
    type: Name, listener: (event: PolicyReviewEvents[Name]) => void, options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions,
  ): void;
}

/** Several may live on one page. Nothing is asked for or read before `check` or `decide`. */
export function createPolicyReview(options: PolicyReviewOptions): PolicyReview;
