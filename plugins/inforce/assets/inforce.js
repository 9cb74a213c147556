// A page says what holds whenever it is read. Each of these notes says what is so between two instants.
function inforceShowWhatIsSoNow() {
  const now = Date.now();
  for (const note of document.querySelectorAll("[data-inforce-now]")) {
    const {inforceFrom: from, inforceUntil: until} = note.dataset;
    note.hidden = (from && now < Date.parse(from)) || (until && now >= Date.parse(until));
  }
}
document.addEventListener("visibilitychange", inforceShowWhatIsSoNow);

// Which version applied on a day: the page's own table says it, its days being those in the policy's time zone.
function inforceShowDay(form) {
  const day = form.elements.date.value, said = form.querySelector("[role=status]");
  const rows = [...document.querySelectorAll(".if-periods tbody tr")].reverse().filter(({dataset}) =>
    (dataset.inforceFirst ?? "") <= day && day <= (dataset.inforceLast ?? "9999-99"));
  const told = rows.flatMap(({cells: [from, until, version]}, at) => [
    at ? "; then " : "", ...version.cloneNode(true).childNodes, ` (from ${from.textContent} until ${until.textContent})`,
  ]);
  said.replaceChildren(...(day ? [`${day}: `, ...told, "."] : []));
}
function inforceAskForDay() {
  const form = document.querySelector("form[data-inforce-day]"), asked = new URLSearchParams(location.search).get("date");
  if (!form) return;
  form.hidden = false;
  if (asked) form.elements.date.value = asked;
  form.onsubmit = (event) => event.preventDefault();
  form.oninput = () => {
    const day = form.elements.date.value;
    history.replaceState(history.state, "", day ? `?date=${day}` : location.pathname);
    inforceShowDay(form);
  };
  inforceShowDay(form);
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
  inforceShowWhatIsSoNow();
  inforceAskForDay();
  inforceTellKeys();
}
// Material's instant navigation changes the page without running scripts again, and tells of each change here.
if (window.document$) document$.subscribe(inforceStart);
else inforceStart();
