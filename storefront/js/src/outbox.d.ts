/** Answers that their store does not have yet; they outlive the page. */

import type {ReviewRecord} from './review.js';

export interface Outbox {
  /** All that wait, of this page and of others. */
  values(): ReviewRecord[];
  /** Keeps one in localStorage; whether there was room. */
  set(record: ReviewRecord): boolean | null;
  /** Keeps one in IndexedDB. Rejected where that is denied, too. */
  put(record: ReviewRecord): Promise<void>;
  /** Reads what IndexedDB kept for this customer. Rejected where there is nothing to read. */
  open(): Promise<void>;
  /** The store has it. */
  delete(record: ReviewRecord): void;
}

/** `name` stands for one customer. */
export function createOutbox(name: string): Outbox;

/** What `work` returns, or null if it throws. */
export function attempt<Value>(work: () => Value): Value | null;

/** The values below `name` and a colon in localStorage; none where that is denied. */
export function readAll(name: string): ReviewRecord[];

/** Keeps a record there; throws where there is no room, or it is denied. */
export function write(name: string, record: ReviewRecord): void;
