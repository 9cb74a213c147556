// Shows on a page that a version has taken effect since the page was built. Without it the page still says the date.
function inforceShowWhatTookEffect() {
  for (const note of document.querySelectorAll("[data-inforce-from]")) {
    if (Date.now() >= Date.parse(note.dataset.inforceFrom)) note.hidden = false;
  }
}

// On a redline's page, Alt with an arrow key leads to the next or the previous block that bears a mark.
const inforceMarks = ":is(ins, del, .redline-format, .redline-moved, .redline-left, .redline-relaid, .redline-added, .redline-removed)";
function inforceChangedBlocks() {
  const blocks = [...document.querySelectorAll(`.if-redline .if-text ${inforceMarks}`)]
    .filter((mark) => mark.checkVisibility?.() ?? true)
    .map((mark) => mark.closest("tr, .redline-relaid, p, li, dt, dd, pre, h1, h2, h3, h4, h5, h6") ?? mark);
  return [...new Set(blocks)];
}
function inforceGo(event) {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !/^Arrow(Up|Down)$/.test(event.key)) return;
  if (event.target.matches?.("select, textarea, input:not([type=radio], [type=checkbox])")) return;
  const blocks = inforceChangedBlocks(), step = event.key === "ArrowDown" ? 1 : -1;
  if (!blocks.length) return;
  event.preventDefault();
  let at = blocks.indexOf(document.activeElement);
  if (at < 0) {
    const below = blocks.findIndex((block) => block.getBoundingClientRect().top >= 0);
    at = (below < 0 ? blocks.length : below) - (step > 0 ? 1 : 0);
  }
  const block = blocks[Math.min(Math.max(at + step, 0), blocks.length - 1)];
  block.tabIndex = -1;
  block.focus({preventScroll: true});
  block.scrollIntoView({block: "center"});
}
document.addEventListener("keydown", inforceGo);
function inforceTellKeys() {
  for (const note of document.querySelectorAll(".if-keys")) note.hidden = false;
}

function inforceStart() {
  inforceShowWhatTookEffect();
  inforceTellKeys();
}
// Material's instant navigation changes the page without running scripts again, and tells of each change here.
if (window.document$) document$.subscribe(inforceStart);
else inforceStart();
