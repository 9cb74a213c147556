/** `<policy-review>`, which asks by itself. */

import type {Core} from './core.js';

/** The attributes of `<policy-review>`. */
export interface PolicyReviewAttributes {
  /** Ids of the documents, with blanks between. */
  documents?: string;
  /** The manifest's address. Unless given, the one of the site that the script came from; in a bundle, `/policy-manifest.json`. */
  manifest?: string;
  /** BCP 47; unless given, the page's own. */
  language?: string;
  /** Where the shop's server keeps this customer's records (see `serverStore`); unless given, the browser does. */
  records?: string;
  /** A word that stands for one customer: answers that wait are sent only while the same one is there. With `records`, give it. */
  customer?: string;
  /** Goes into each record: where it was answered. */
  surface?: string;
  /** The only epoch whose manifests are gone by. */
  epoch?: number | string;
}

/**
 * Checks and asks when it comes into a page, when the page is seen again, and when a version takes effect meanwhile. Its
 * children are the `options` of the dialog, and not shown elsewhere. It changes no attribute of its own, and begins anew where
 * one of these changes. Where there is no document, as on a server, it can be imported and does nothing.
 */
export class PolicyReviewElement extends HTMLElement {
  /** For its events, its result and the shop's own questions. There from the moment the element is in the page. */
  readonly review: Core;
  /** Ends when it was decided, and what there is to ask stands in the page. */
  readonly ready: Promise<void>;
  /** Decides anew, and asks what is due. */
  ask(): Promise<void>;
  /** Shows what there is to look at, also what was declined or put off: for a link such as "Changes in our terms". */
  open(): Promise<void>;
}

declare global {
  interface HTMLElementTagNameMap {
    'policy-review': PolicyReviewElement;
  }
}
