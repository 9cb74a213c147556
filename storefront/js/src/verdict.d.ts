/** Whether a customer has to look at a policy. Pure functions. */

import type {Prepared} from './shape.js';
import type {Reason, Requirement, ReviewRecord, State} from './review.js';

/** Whether to look, at what, and why. Every key is always there. */
export interface Verdict {
  document: string;
  state: State;
  reason: Reason;
  /** The version to look at: the one in force, or for `upcoming` the first that no record names and that is not editorial; else null. */
  version: string | null;
  /** The version last agreed to, or null. */
  base: string | null;
  /** What `version` requires, or null; a word that is not known asks for `accept`. */
  requires: Requirement | null;
  /** The numbers of the versions that take effect later. */
  upcoming: string[];
  /** For `review_required`, `initial` and `declined`: until when an answer is asked for. UTC, whole seconds; or null. */
  accept_by: string | null;
  /** For `review_required` and `initial`: before this instant no dialog should open by itself. UTC, whole seconds; or null. */
  snoozed_until: string | null;
  /**
   * `clock_behind`: the clock given is before an announcement. `ignored_record`: a record was malformed or no version's.
   * `overdue`: `accept_by` has passed.
   */
  flags: ('clock_behind' | 'ignored_record' | 'overdue')[];
}

/** The verdicts on several documents, led by the worst; of equal ones, by the document named first. */
export interface Verdicts {
  state: State;
  reason: Reason | 'no_documents';
  document: string | null;
  documents: Record<string, Verdict>;
}

/** What a verdict rests on, for changes.js, answers.js and core.js; of no use elsewhere. */
export interface Facts {
  policy?: any;
  base?: any;
  cur?: any;
  steps?: any[];
  /** The records that could be read, in their order. */
  told: any[];
  /** When time alone may change it, in milliseconds since 1970; past instants and NEVER among them. */
  turns: number[];
}

/**
 * Milliseconds since 1970 of an RFC 3339 instant with `Z` or an offset, finer digits cut off; NaN for anything else: a
 * leap second, a day that no month has, an offset in the years 1 and 9999.
 */
export function instant(written: unknown): number;

/** Stands for what never comes, in milliseconds since 1970. */
export const NEVER: number;

/** Null and undefined never come. */
export function orNever(written: unknown): number;

/** The verdict on one document, and what it rests on. `now` in milliseconds. */
export function judge(
  manifest: Pick<Prepared, 'serial' | 'policies'> | null, document: string, records: readonly ReviewRecord[], now: Date | number,
): [Verdict, Facts];

/** The verdicts in one, led by the worst. */
export function led<State extends Verdict>(states: State[]): Verdicts & {documents: Record<string, State>};

/** A record as it counts, with `at`, `until` and `received` in milliseconds, and its version's row; null for a malformed one. */
export function readRecord(record: unknown, rows?: any[]): any;

export function isText(value: unknown): value is string;

/** Compares two values by these keys, the first that differs. */
export function inOrder(...keys: string[]): (a: any, b: any) => number;

/** The order in which records count. */
export function byTime(a: any, b: any): number;

/** The rows after `from`, up to `to`. */
export function between(rows: any[], from: any, to: any): any[];
