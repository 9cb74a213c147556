/** Where a customer's records are kept. */

import type {ReviewRecord} from './review.js';

/** Where one customer's records are kept. */
export interface ReviewStore {
  /** All records of this customer. If it fails or outlasts `timeout`, nobody is asked until it was read once. */
  records(): Iterable<ReviewRecord> | Promise<Iterable<ReviewRecord>>;
  /** Keeps one more. It may be called again with the same record, after a failure or a time-out: `id` tells. */
  add(record: ReviewRecord): unknown;
  /** False where it is known that nothing will be kept: customers are then asked in a banner, not in a modal dialog. */
  readonly lasting?: boolean;
}

/**
 * Records in localStorage, one key each, beginning with `name` and a colon. Where the browser denies storage it has no
 * records, and `add` throws.
 */
export function localStore(name?: string): ReviewStore;

/** A record as it is sent at `now` (milliseconds since 1970, unless given the device's clock): with `sent_at`. */
export function sent(record: ReviewRecord, now?: number): ReviewRecord;

/**
 * Records at the shop's own server: GET `url` answers with a JSON list of this customer's records, POST takes one as
 * `application/json`, and may be sent the same one twice. Cookies of the page's own origin go along; `headers` are for such
 * as `X-CSRFToken`. A status other than 2xx is a failure, and so is a redirect: where it leads to, as to a log-in, nothing was stored.
 */
export function serverStore(url: string | URL, headers?: Record<string, string>): ReviewStore;
