/** Which of two copies of the manifest to go by. A pure function. */

import type {Prepared} from './review.js';

/**
 * `epoch`: it is of another epoch than the one that the shop names. `serial`: it stands before the copy at hand, or
 * further behind it than a site could come. `rewritten`: a version, what was said of it,
 * or an event that was published is another one, or gone.
 */
export type Refusal = 'epoch' | 'serial' | 'rewritten';

/**
 * Why `offered`, which came after `held`, is not to be gone by; null where it is. `held` is null where none was ever had;
 * `epoch` is the one that the shop names, null where it leaves that to the manifest.
 */
export function refusal(held: Prepared | null, offered: Prepared, epoch?: number | null): Refusal | null;

/** As a `warning` of the client names it: why `manifest`, of which `found` was read, is not to be gone by; null where it is. */
export function fault(held: Prepared | null, manifest: any, found: Prepared | null, epoch?: number | null):
  'json' | 'schema_version' | 'shape' | Refusal | null;

/** A manifest as a client keeps it: its text, what was read of it, and the epoch that the shop named then. */
export interface Copy extends Pick<Prepared, 'serial' | 'policies'> {
  text: string;
  epoch?: number | null;
}

/** Why a manifest's `text` is not to be gone by after the copy at hand, or null; and the copy that it makes. */
export function judge(held: Copy | null, text: string, epoch?: number | null): [ReturnType<typeof fault>, Copy?];
