/** The dialog that asks a customer, and `<policy-review>`, which asks by itself. Needs `policy-review.css`. */

import type {PolicyReview} from './client.js';

/** The dialog's words; `{placeholders}` are filled in. All of it is shown as text. Each language is a module in `texts/`. */
export interface Texts {
  /** BCP 47: the dialog's `lang`, and the language of its dates. */
  language: string;
  direction: 'ltr' | 'rtl';
  /** Headings, by the worst state of what is asked. */
  review_required: string;
  initial: string;
  notice: string;
  upcoming: string;
  /** {version} {date} */
  inForce: string;
  /** {version} {date} */
  takesEffect: string;
  /** {base} */
  changed: string;
  /** {count} */
  small: string;
  redline: string;
  /** {part}, from 1, where no single redline leads there. */
  step: string;
  /** {title} {version} */
  read: string;
  /** {accept} {acknowledge}: lists of titles, where one "Accept" answers for both kinds. */
  both: string;
  newTab: string;
  /** Said on top where the dialog was drawn anew, since something else is asked than it showed before. */
  renewed: string;
  accept: string;
  decline: string;
  acknowledge: string;
  later: string;
  /** The heading after "Do not accept", what is said under it, and what can be done. */
  declined: string;
  declinedWhat: string;
  contact: string;
  acceptAfterAll: string;
  close: string;
  /** What became of a clause. */
  added: string;
  formatted: string;
  merged: string;
  modified: string;
  moved: string;
  removed: string;
  retitled: string;
  split: string;
}

export interface DialogOptions {
  /** What to ask about: unless given, what is due. Documents with nothing to look at are left out. */
  documents?: readonly string[];
  /** English unless given. */
  texts?: Texts;
  /** Ways to go on for who declines, such as links to close the account; shown before "Write to us". Copied. */
  options?: Iterable<Element>;
}

/**
 * Asks in one modal dialog and stores the answer through `review`; null if there is nothing to ask. Closing it without an
 * answer, with Escape or from a script, means "Later". An answer is about the texts that stand in the dialog. Where a
 * decision asks about others, it is drawn anew and says so; where nothing is left to ask, it closes by itself. A script
 * that closes it with `dialog.close('gone')` stores nothing.
 */
export function openDialog(review: PolicyReview, options?: DialogOptions): HTMLDialogElement | null;

/**
 * `<policy-review documents="privacy terms">` checks and asks, once on each page. Further attributes: `manifest` (address;
 * unless given, `../policy-manifest.json` from this module), `language` (unless given, the page's; `de` and `ar` have
 * texts, others are asked in English), `surface`, `epoch`. Its children are the `options` of the dialog, and not shown elsewhere.
 */
export class PolicyReviewElement extends HTMLElement {
  /** For its events, its result and the shop's own questions. There from the moment the element is in the page. */
  readonly review: PolicyReview;
  /** Asks what is due. */
  ask(): Promise<void>;
  /** Shows what there is to look at, also what was declined or put off: for a link such as "Changes in our terms". */
  open(): Promise<void>;
}

declare global {
  interface HTMLElementTagNameMap {
    'policy-review': PolicyReviewElement;
  }
}
