/**
 * Gets the manifest, keeps its last good copy, decides, and stores what the customer answers. It shows nothing. None of its
 * promises is ever rejected; what goes wrong is a `warning`.
 */

import type {Refusal} from './copies.js';
import type {ReviewDetails} from './details.js';
import type * as answers from './answers.js';
import type {Manifest, ReviewRecord} from './review.js';
import type {ReviewStore} from './stores.js';
import type {Facts, Verdict, Verdicts, judge} from './verdict.js';

export interface CoreOptions {
  /** `/policy-manifest.json` of the page's own origin unless given. */
  manifestUrl?: string | URL;
  /** Ids of the documents, such as `privacy`; or in one text, with blanks between. On equal states the one named first leads. */
  documents: readonly string[] | string;
  /** `localStore()` unless given. */
  store?: ReviewStore;
  /**
   * Whose answers these are: any word that stands for one customer, such as an account's id; a guest's session has one, too.
   * Answers that the store could not take wait under it, and are sent only while the same customer is there. Without it they
   * wait in the page alone, unless the store is the browser's own: a server would put them down to whoever signs in next.
   */
  customer?: string;
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

/**
 * Where answers are: in the store; in this browser, to be sent as soon as it can be; in this page's memory and nowhere else.
 * `nothing`: there was nothing to answer.
 */
export type AnswerStatus = 'stored' | 'queued' | 'failed' | 'nothing';

export interface Answer<Result = Verdicts> {
  /**
   * What was stored. With nothing new to answer, those are tried again that the store does not have yet. None where what makes
   * a record could not be loaded: `failed`.
   */
  records: ReviewRecord[];
  /** The worst of them. */
  status: AnswerStatus;
  /** Whether there is something to store, and the store has it. */
  stored: boolean;
  result: Result;
}

/**
 * Why the last good copy of the manifest stays in place; which call of the store failed; `dialog`: what asks, makes a record or judges a new
 * manifest could not be loaded; or `documents`: none is named, or one that the manifest does not have, so that nobody is asked about it.
 */
export type WarningCode =
  | 'network' | 'timeout' | 'status' | 'json' | 'schema_version' | 'shape' | Refusal | 'store_read' | 'store_write'
  | 'dialog' | 'documents';

export interface CoreEvents<Result> {
  /** There is a decision: `result` and `due` are new. */
  decision: CustomEvent<Result>;
  /** The customer answered. */
  answer: CustomEvent<Answer<Result>>;
  /** Answers that had to wait are in the store now. */
  saved: CustomEvent<ReviewRecord[]>;
  /** Written to the console, too, once for each code, unless a listener calls `preventDefault()`. */
  warning: CustomEvent<{code: WarningCode; error?: unknown; record?: ReviewRecord; unknown?: string[]}>;
}

export interface Core<Result = Verdicts> extends EventTarget {
  /** The last good manifest, null before there was one. */
  readonly manifest: Manifest | null;
  /** The last decision, null before the first. With the warning `store_read` and no earlier records it is `unknown`. */
  readonly result: Result | null;
  /** The documents to ask about now: not those answered "Later" or declined. */
  readonly due: string[];
  /** When time alone changes the decision next, as far as versions and "Later" go: milliseconds since 1970, or Infinity. */
  readonly next: number;
  /** The decision on each document, and what it rests on, for details.js. */
  readonly facts?: [Verdict, Facts][];
  readonly language: string | undefined;
  readonly manifestUrl: string | URL;
  /** False where it is known that no answer is kept. */
  readonly lasting: boolean;

  /**
   * Asks for the manifest and decides; by the last good copy where no good one comes within `timeout`. Nothing needs to
   * wait for it: `result` and `due` have the decision before.
   */
  check(): Promise<Result>;
  /** Decides anew by what is at hand, without a request. */
  decide(): Promise<Result>;

  /**
   * Store an answer for each of the documents (unless given: those that are due). Whoever shows a text hands in the
   * `details` that it showed: the answer is then about that text, even if another tab or the clock has led to another one
   * since. An id stands for the version in `result` at the moment of the call.
   * `accept` stores `accepted` where the version asks for it, otherwise `acknowledged`, and that what was `announced` beside
   * it was told. `decline` stores `declined` where
   * a version in force asks to be accepted, otherwise `dismissed`. `later` holds for a day, or until `until`, at most
   * seven days on. `at` is later than every record of the document was answered, even if the clock was set back.
   */
  accept(documents?: readonly (string | ReviewDetails)[]): Promise<Answer<Result>>;
  decline(documents?: readonly (string | ReviewDetails)[]): Promise<Answer<Result>>;
  later(documents?: readonly (string | ReviewDetails)[], until?: number | Date): Promise<Answer<Result>>;

  /** Sends nothing more by itself: somebody else signs in. What waits in the browser is sent once its customer is back. */
  close(): void;
  /** Tells of a fault: the event `warning`, and a line in the console. */
  warn(code: WarningCode, detail: object): void;
  /** The verdict and its facts at another instant (milliseconds), with further records, for details.js. */
  judge(document: string, at?: number, more?: readonly object[]): [Verdict, Facts];
  readonly log: RecordLog;

  addEventListener<Name extends keyof CoreEvents<Result>>(
    type: Name, listener: (event: CoreEvents<Result>[Name]) => void, options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Name extends keyof CoreEvents<Result>>(
    type: Name, listener: (event: CoreEvents<Result>[Name]) => void, options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | EventListenerOptions,
  ): void;
}

/** What answers.js needs of a client; of no use elsewhere. */
export interface RecordLog {
  /** Records of this page, whether or not they are stored. */
  own: ReviewRecord[];
  surface: string | null;
  now(): number | Date;
  /** Stores records, or those that wait; and says of the worst of them where it is. */
  keep(made: ReviewRecord[]): Promise<[ReviewRecord[], AnswerStatus]>;
  retry(): Promise<[ReviewRecord[], AnswerStatus]>;
}

/**
 * Nothing is asked for or read before `check` or `decide`. `decided` makes the verdicts that `result` has; `load` gets
 * answers.js, when somebody answers.
 */
export function createCore<Result = Verdicts>(
  options: CoreOptions, decided?: typeof judge, load?: () => Promise<typeof answers>,
): Core<Result>;
