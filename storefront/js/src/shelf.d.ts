/** The answers of one customer in IndexedDB. */

import type {ReviewRecord} from './review.js';

export interface Shelf {
  /** What IndexedDB has, by id, as far as this page knows. */
  answers: ReadonlyMap<string, ReviewRecord>;
  /** Keeps one. Rejected where there is no room. */
  put(record: ReviewRecord): Promise<void>;
  delete(record: ReviewRecord): void;
}

/** Reads what is there. `name` stands for one customer. Rejected where it is denied. */
export function open(name: string): Promise<Shelf>;
