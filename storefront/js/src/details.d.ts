/** What a dialog shows of one document. A pure function. */

import type {Core} from './core.js';
import type {ClauseChange, ManifestDocument, ManifestVersion} from './review.js';
import type {Verdict} from './verdict.js';

/** A version to look at, and what it changes for this customer. Addresses are absolute, or null. */
export interface Look {
  version: string;
  row: ManifestVersion;
  url: string | null;
  /** The version last agreed to before, or null; what changed since it, and the redlines that show it. */
  base: string | null;
  changes: ClauseChange[] | null;
  redline: (string | null)[];
}

/** One document that waits for an answer. For `upcoming`, `changes` and `redline` lead up to the version announced. */
export interface ReviewDetails extends Omit<Verdict, 'version' | 'base'>, Look {
  policy: ManifestDocument;
  /** Whether to ask "Accept" rather than "I have read this", and whether "Do not accept" rather than "Later". */
  asksAccept: boolean;
  mayDecline: boolean;
  /** A version that takes effect later, and that this customer was not told of yet: tell it along, and ask once. */
  announced: Look | null;
}

/** What to show of a document, by the last decision; null where there is nothing to look at. */
export function details(
  review: Pick<Core<any>, 'result' | 'manifest' | 'manifestUrl' | 'facts' | 'language' | 'judge'>, document: string,
): ReviewDetails | null;

/** An address of the manifest made absolute; null unless it is one of http, https or mailto. */
export function address(review: Pick<Core<any>, 'manifest' | 'manifestUrl'>, relative: string): string | null;
