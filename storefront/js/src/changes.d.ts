/** What changed for a customer since the version that they agreed to. A pure function. */

import type {ClauseChange, ManifestVersion} from './review.js';
import type {Facts} from './verdict.js';

/** A version's changes, each with all that the schema leaves out. */
export function changesOf(row: Pick<ManifestVersion, 'changes'>): any[];

/** Both null where nothing lies between. Addresses are relative to the manifest's base. */
export function since(facts: Facts): {changes: ClauseChange[] | null; redline: string[] | null};
