// The looks of the dialog. It takes the shop's font and color-scheme; nothing in it moves.
// A style sheet that a script makes needs no address of its own, and no Content-Security-Policy forbids it.

export default `
.policy-review {
  box-sizing: border-box;
  inline-size: min(42em, 100% - 1em);
  max-block-size: calc(100% - 1em);
  margin: auto;
  padding: 1.5em 1.5em 0;
  overflow: auto;
  overflow-wrap: anywhere; /* within links, too */
  scroll-padding-block-end: 6em;
  border: 1px solid;
  border-radius: 0.5em;
  background: var(--policy-review-background, Canvas);
  color: var(--policy-review-color, CanvasText);
  font-size: medium; /* a theme's root or body may be of any size */
  line-height: 1.5;
  text-align: start;
}
.policy-review * { all: revert; } /* what a theme says of every paragraph or section is not for a dialog of another colour */
.policy-review::backdrop { background: rgb(0 0 0 / 0.5); }
.policy-review :is(h2, h3, h4, p, ul) { margin: 0 0 0.75em; }
.policy-review h2 { font-size: 1.4em; line-height: 1.25; }
.policy-review a { color: LinkText; text-decoration: underline; }
.policy-review h2:focus { outline: none; }
.policy-review h3 { font-size: 1.15em; }
.policy-review h4 { font-size: 1em; }
.policy-review section { padding-block-start: 1em; border-block-start: 1px solid; }
.policy-review ul { padding-inline-start: 1.25em; }
.policy-review li { margin-block-end: 0.5em; }
.policy-review li > p { margin: 0; }
.policy-review summary { min-block-size: 44px; line-height: 44px; cursor: pointer; }
.policy-review .policy-review-links { padding: 0; list-style: none; }
.policy-review-links > li { margin: 0; }
.policy-review-links :is(a, button) { display: inline-flex; align-items: center; min-block-size: 44px; }
.policy-review-hint { font-size: 0.875em; }
.policy-review-answers {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(min(7.5em, 100%), 1fr));
  gap: 0.75em;
  margin-inline: -1.5em;
  padding: 0.75em 1.5em;
  background: inherit;
}
.policy-review-answers > button {
  min-block-size: 44px;
  padding: 0.5em;
  border: 2px solid;
  border-radius: 0.25em;
  background: none;
  color: inherit;
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
.policy-review :focus-visible:not(h2) { outline: 3px solid; outline-offset: 2px; }

/* An announcement alone stands below the page, and holds nobody up. */
dialog.policy-review-banner {
  position: fixed;
  inset: auto 0 0;
  z-index: 2147483647;
  max-block-size: 50%;
  margin-block: 0.5em;
}

/* The answers stay in sight where that leaves room to read. */
@media (min-height: 30em) {
  .policy-review-answers { position: sticky; inset-block-end: 0; border-block-start: 1px solid; }
}
`;
