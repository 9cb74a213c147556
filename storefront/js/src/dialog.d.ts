/** The dialog that asks a customer, or the banner that tells of what is announced. It brings its looks along. */

import type {Core} from './core.js';
import type {PolicyReviewElement} from './element.js';

/** The dialog's words; `{placeholders}` are filled in. All of it is shown as text. Each language is a module in `texts/`. */
export interface Texts {
  /** BCP 47: the dialog's `lang`, and the language of its dates. */
  language: string;
  direction: 'ltr' | 'rtl';
  /** Headings, by the worst state of what is asked; `reconfirm` where an answer only has to be given once more. */
  review_required: string;
  initial: string;
  reconfirm: string;
  notice: string;
  upcoming: string;
  /** {version} {date} */
  inForce: string;
  /** {version} {date} */
  takesEffect: string;
  /** {date}: until when an answer is asked for; not shown once that has passed. */
  acceptBy: string;
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
  /** Headings and words where an answer waits to be sent, and where it is kept nowhere; and the button that tries again. */
  queued: string;
  queuedWhat: string;
  failed: string;
  failedWhat: string;
  again: string;
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
 * Asks in one modal dialog and stores the answer through `review`; null if there is nothing to ask. What is due and only
 * announced is told in a banner, which takes no focus and holds nobody up; so is what is due where no answer can be kept. The
 * dialog goes once the store has the answer; otherwise it says what became of it. Closing it without an
 * answer, with Escape or from a script, means "Later". An answer is about the texts that stand in the dialog. Where a
 * decision asks about others, it is drawn anew and says so; where nothing is left to ask, it closes by itself. A script
 * that closes it with `dialog.close('gone')` stores nothing.
 */
export function openDialog(review: Core<any>, options?: DialogOptions): HTMLDialogElement | null;

/** The words for the language of a page (BCP 47): `de` and `ar` have texts, others are asked in English. */
export function textsIn(language: string): Promise<Texts>;

/** Asks what `choose` names of an element's `review`; its own dialog so far is `mine`, and then the one that comes back. */
export function present(
  element: PolicyReviewElement, review: Core, choose: () => string[], mine?: HTMLDialogElement | null,
): Promise<HTMLDialogElement | null | undefined>;
