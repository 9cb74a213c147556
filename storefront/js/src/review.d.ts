/**
 * The review decision: does this customer have to look at a policy, and at what?
 *
 * Pure functions: they fetch, store and show nothing, read no clock, change no argument, and never throw for any JSON
 * value of `manifest` and `records`. Instants are RFC 3339 with `Z` or an offset, compared to the millisecond.
 */

import type {Prepared} from './shape.js';
import type {Verdict} from './verdict.js';

export {prepare, type Prepared} from './shape.js';
export {instant, type Verdict} from './verdict.js';

/** What a customer is asked to do, weakest last. A word that is none of these asks for `accept`. */
export type Requirement = 'accept' | 'acknowledge' | 'inform';

/** `dismissed` is "Later", or having been told where nothing more is asked. */
export type Action = 'accepted' | 'acknowledged' | 'declined' | 'dismissed';

/** From the one to act on first to the one with nothing to do. */
export type State =
  | 'review_required' | 'initial' | 'declined' | 'notice' | 'upcoming' | 'up_to_date' | 'not_applicable' | 'unknown';

export type Reason =
  | 'no_manifest' | 'document_missing' | 'retired' | 'nothing_in_force' | 'accepted_ahead' | 'not_yet_in_force'
  | 'ahead_of_manifest' | 'declined' | 'current' | 'same_text' | 'first_visit' | 'no_agreement' | 'unknown_version'
  | 'digest_mismatch' | 'never_agreed' | 'material' | 'stronger_requirement' | 'reconfirm' | 'notice'
  | 'editorial';

/** What one customer answered, about one version of one document. It is never changed; a new answer is a new record. */
export interface ReviewRecord {
  /** A UUID. */
  id: string;
  action: Action;
  document: string;
  /** The version's number, such as `2.0`, its place among the document's versions, and the digest of its file. */
  version: string;
  sequence: number;
  digest: string;
  /** The language it was shown in (BCP 47). */
  language: string;
  /** The number of the version last agreed to before, or null. */
  base: string | null;
  manifest_serial: number;
  /** The document's `head` in that manifest, or null. */
  head: string | null;
  /** The instant of the answer, by the clock of the device where it was given. */
  at: string;
  /** What that clock said when the record was sent, and the server's own when it came. */
  sent_at?: string | null;
  received_at?: string | null;
  /** Until it is sent: how many milliseconds that clock was behind the answers that the server had, where it was. */
  behind?: number;
  /** With `dismissed`: not to be asked again before this instant. Counts for at most 7 days after `at`. */
  until: string | null;
  /** Where it was answered: a word of the shop's own, such as `checkout`. */
  surface: string | null;
}

/** The JSON of `/policy-manifest.json`; its schema stands at `/schema/policy-manifest-1.json`. */
export interface Manifest {
  schema_version: 1;
  serial: number;
  /** Raised by hand where a serial has to go back; 0 unless given. */
  epoch?: number;
  base?: string;
  documents: Record<string, ManifestDocument>;
}

export interface ManifestDocument {
  title: string;
  kind: string;
  status: 'published' | 'retired';
  retired_at?: string;
  url: string;
  history: string;
  contact?: string;
  /** The digest of the last file of the document's chain. */
  head?: string;
  /** The digests of the files in it that are no versions, in its order. */
  events?: string[];
  redline: {url: string; since?: string; all_up_to: number; window: number};
  versions: ManifestVersion[];
}

export interface ManifestVersion {
  sequence: number;
  version: string;
  amends?: string;
  announced_at: string;
  effective_at: string;
  withdrawn_at?: string;
  language: string;
  requires: Requirement;
  /** Until when an acceptance is asked for. */
  accept_by?: string;
  /** How long an agreement holds, as ISO 8601 writes it: `P12M`. */
  reconfirm_every?: string;
  severity: string;
  summary: string;
  url: string;
  text: string;
  digest: string;
  /** Left out where no other version has the same text. */
  text_digest?: string;
  changes: {clause: string; title: string; kinds: string[]; severity: string; note?: string; was?: string[]}[];
  translations?: Record<string, {url: string; text: string; digest: string}>;
}

/** What became of one clause over all versions since the one last agreed to. */
export interface ClauseChange {
  clause: string;
  /** Its title in the last of those versions. */
  title: string;
  /** Sorted, out of: added, formatted, merged, modified, moved, removed, retitled, split. */
  kinds: string[];
  /** The highest; a word that is not known counts as `material`. */
  severity: 'editorial' | 'notice' | 'material';
  /** The editor's notes, oldest first. Text, never HTML. */
  notes: string[];
}

/** The decision about one document. Every key is always there. */
export interface ReviewState extends Verdict {
  /** Since `base`: in the order of the last version, removed ones last. Null where `base` is not older than today's. */
  changes: ClauseChange[] | null;
  /** Addresses of what shows it, relative to the manifest's base: one, or the steps between. Null where `changes` is. */
  redline: string[] | null;
}

/** The decisions about several documents, led by the worst; of equal ones, by the document named first. */
export interface ReviewResult {
  state: State;
  reason: Reason | 'no_documents';
  document: string | null;
  documents: Record<string, ReviewState>;
}

/** `manifest` is null as long as none was ever had; `records` are one customer's, of any document; `now` in milliseconds. */
export function reviewState(
  manifest: Manifest | Prepared | null, document: string, records: readonly ReviewRecord[], now: Date | number,
): ReviewState;

export function reviewAll(
  manifest: Manifest | Prepared | null, documents: readonly string[], records: readonly ReviewRecord[], now: Date | number,
): ReviewResult;

/**
 * The records of several lists as those of one customer: each id once, in the order in which they count.
 *
 * For a guest who turns out to be a known customer. Which list comes first says nothing, and a list may come twice. Of
 * several with one id the one that a server received first stays. What cannot be read is left out; no record is changed.
 */
export function merge<Kept extends ReviewRecord>(...lists: readonly (readonly Kept[])[]): Kept[];
