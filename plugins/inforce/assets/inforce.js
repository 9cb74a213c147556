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
function inforceStep(step) {
  const blocks = inforceChangedBlocks();
  let at = blocks.indexOf(document.querySelector("[data-inforce-here]"));
  if (at < 0) {
    const below = blocks.findIndex((block) => block.getBoundingClientRect().top >= 0);
    at = (below < 0 ? blocks.length : below) - (step > 0 ? 1 : 0);
  }
  const place = Math.min(Math.max(at + step, 0), blocks.length - 1), block = blocks[place];
  for (const here of document.querySelectorAll("[data-inforce-here]")) delete here.dataset.inforceHere;
  block.dataset.inforceHere = "";
  block.tabIndex = -1;
  block.focus({preventScroll: true});
  block.scrollIntoView({block: "center"});
  return [place, blocks.length];
}
function inforceGo(event) {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !/^Arrow(Up|Down)$/.test(event.key)) return;
  if (event.target.matches?.("select, textarea, input:not([type=radio], [type=checkbox])")) return;
  if (!inforceChangedBlocks().length) return;
  event.preventDefault();
  inforceStep(event.key === "ArrowDown" ? 1 : -1);
}
document.addEventListener("keydown", inforceGo);
function inforceTellKeys() {
  for (const note of document.querySelectorAll(".if-keys")) note.hidden = false;
}
// The same by touch: two buttons that stay in reach while a redline is read.
function inforceOfferMarks() {
  const bar = document.querySelector("[data-inforce-marks]"), page = document.querySelector(".if-redline");
  if (!bar) return;
  page.append(bar);
  bar.hidden = inforceChangedBlocks().length < 2;
  bar.onclick = ({target}) => {
    const step = {previous: -1, next: 1}[target.name];
    if (!step) return;
    const [at, count] = inforceStep(step);
    bar.querySelector("[role=status]").textContent = `${at + 1} of ${count}`;
  };
}
// Long clauses: runs of three blocks and more without a mark are folded; a search, a link and paper open them.
function inforceFoldWhatStays() {
  for (const body of document.querySelectorAll(".if-redline .if-clause--changed > .if-inline")) {
    let run = [];
    const blocks = [...body.children], isMarked = (block) => block.matches(inforceMarks) || block.querySelector(inforceMarks);
    const fold = () => {
      if (run.length > 2) {
        const same = document.createElement("details"), told = document.createElement("summary");
        told.textContent = `${run.length} paragraphs without changes`;
        told.lang = "en";
        told.dir = "ltr";
        same.className = "if-same";
        run[0].before(same);
        same.append(told, ...run);
      }
      run = [];
    };
    for (const block of blocks.length > 5 ? blocks : []) {
      if (isMarked(block) || /^(H\d|DETAILS)$/.test(block.tagName)) fold();
      else run.push(block);
    }
    fold();
  }
}

// Any two versions, compared: pieces that the build made and proved, one file for each older version, put together.
// A request gives a document, so that no text becomes markup here: no sink that Trusted Types would guard is used.
function inforceFetch(address) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.onload = () => resolve(request.status < 300 ? request.response : null);
    request.onerror = () => resolve(null);
    request.send();
  });
}
// The version that a number or a day of the address means; of a day with two, the later one.
function inforceChosen(rows, said) {
  return rows.find(({dataset}) => dataset.inforceVersion === said)
    ?? (/^\d{4}-\d\d-\d\d$/.test(said ?? "") ? rows.find(({dataset: {inforceFirst, inforceLast}}) =>
      inforceFirst && inforceFirst <= said && said <= (inforceLast ?? "9999-99")) : undefined);
}
async function inforceMade(pieces, newer, {dataset: {inforceVersion: number}, cells: [told]}) {
  const pair = pieces.querySelector(`[data-inforce-to="${number}"]`), names = pieces.body.dataset.inforcePieces.split(" ");
  const [amount, legend, text] = pair.cloneNode(true).children, list = document.createElement("ul"), made = [];
  const steps = pair.dataset.inforceSteps.split(" ").flatMap((step) =>
    [...pieces.querySelector(`[data-inforce-step="${step}"]`)?.cloneNode(true).children ?? []]);
  list.className = "if-changes";
  const found = await Promise.all(pair.dataset.inforcePieces.split(" ").filter(Boolean).map(async (place) => {
    const [wording, name] = names[place].split("/");
    return (await inforceFetch(`wordings/${wording}.html`))?.querySelector(`[data-inforce-piece="${name}"]`);
  }));
  for (const piece of found) {
    if (!piece) return null;
    const [item, section] = piece.cloneNode(true).children;
    list.append(...item.children);
    text.append(section);
    section.id = section.dataset.inforceClause;
    for (const former of section.querySelectorAll("[data-inforce-former]")) former.id = former.dataset.inforceFormer;
  }
  const status = document.createElement("p");
  status.append(...told.cloneNode(true).childNodes);
  if (steps.length > 3) {
    const folded = document.createElement("details"), told = document.createElement("summary");
    folded.className = "if-steps";
    told.textContent = `What ${steps.length} versions said of it`;
    folded.append(told, ...steps.splice(0));
    steps.push(folded);
  }
  made.push(status, ...steps, ...amount.childNodes, ...(list.children.length ? [list, legend] : []), text);
  const ids = new Set([...text.querySelectorAll("[id]")].map(({id}) => id));
  for (const link of text.querySelectorAll('a[href^="#"]')) {
    if (!ids.has(decodeURIComponent(link.hash.slice(1)))) link.href = newer + link.getAttribute("href");
  }
  return made.map((node) => document.adoptNode(node));
}
async function inforceCompare(form) {
  const rows = [...document.querySelectorAll("tr[data-inforce-version]")], place = document.querySelector(".if-composed");
  const said = form.querySelector("[role=status]"), asked = new URLSearchParams(location.search);
  const pair = ["from", "to"].map((name) => inforceChosen(rows, asked.get(name)));
  for (const [at, name] of ["from", "to"].entries()) if (pair[at]) form.elements[name].value = pair[at].dataset.inforceVersion;
  place.replaceChildren();
  said.textContent = "";
  if (!asked.has("from") && !asked.has("to")) return;
  if (!pair[0] || !pair[1]) return void (said.textContent = "No such version was published, or none was in force on that day.");
  if (pair[0] === pair[1]) return void (said.textContent = `Both are version ${pair[0].dataset.inforceVersion}.`);
  const [newer, older] = pair.sort((one, other) => rows.indexOf(one) - rows.indexOf(other));
  const [from, to] = [older, newer].map(({dataset}) => dataset.inforceVersion), heading = document.createElement("h2");
  heading.textContent = `From version ${from} to ${to}`;
  const page = newer.querySelector(`[data-inforce-from="${from}"]`), pieces = await inforceFetch(`${from}.html`);
  const made = pieces?.querySelector(`[data-inforce-to="${to}"]`)
    ? await inforceMade(pieces, newer.querySelector("a").getAttribute("href"), newer) : null;
  if (place.dataset.inforceAsked !== location.search) return;
  if (made) {
    place.replaceChildren(heading, ...made);
    inforceFoldWhatStays();
    said.textContent = `Below: from version ${from} to ${to}.`;
  } else {
    said.replaceChildren(`From version ${from} to ${to} nothing is composed here. What there is: `,
      (page ?? older.querySelector("[data-inforce-since]") ?? older.querySelector("a")).cloneNode(true), ".");
  }
}
function inforceAskForPair() {
  const form = document.querySelector("form[data-inforce-compare]"), place = document.querySelector(".if-composed");
  if (!form) return;
  const {from, to} = form.elements, show = () => {
    place.dataset.inforceAsked = location.search;
    inforceCompare(form);
  };
  form.hidden = false;
  if (from.options.length > 1) from.selectedIndex = 1;
  form.onsubmit = (event) => event.preventDefault();
  form.onchange = ({target}) => {
    const chosen = (name) => (target.name === `${name}-day` && target.value) || form.elements[name].value;
    if (target.name.endsWith("-day") && !target.value) return;
    history.replaceState(history.state, "", `?from=${chosen("from")}&to=${chosen("to")}`);
    show();
  };
  show();
}

// Two wordings of a clause beside each other: the page has each of them, folded.
function inforceAskForWordings() {
  const form = document.querySelector("form[data-inforce-wordings]"), place = document.querySelector(".if-wordings");
  if (!form) return;
  const {left, right} = form.elements, redline = form.querySelector("[data-inforce-redline]"), page = redline.getAttribute("href");
  form.hidden = false;
  form.onsubmit = (event) => event.preventDefault();
  form.onchange = () => {
    place.replaceChildren(...[left, right].map(({value}) => {
      const column = document.createElement("div"), number = document.createElement("p");
      number.textContent = `Version ${value}`;
      number.className = "if-meta";
      column.append(number, document.querySelector(`[data-inforce-wording="${value}"] .if-text`).cloneNode(true));
      return column;
    }));
    redline.hidden = left.value === right.value;
    redline.href = `${page}?from=${left.value}&to=${right.value}`;
  };
  if (left.options.length > 1) left.selectedIndex = 1;
}

// On a phone the contents stay in reach, above the text; a jump closes them.
function inforceCloseContents() {
  for (const contents of document.querySelectorAll(".if-contents")) {
    contents.onclick = ({target}) => {
      if (target.closest("a")) contents.open = false;
    };
  }
}

function inforceStart() {
  inforceShowWhatIsSoNow();
  inforceAskForDay();
  inforceAskForPair();
  inforceAskForWordings();
  inforceTellKeys();
  inforceCloseContents();
  inforceFoldWhatStays();
  inforceOfferMarks();
}
// Material's instant navigation changes the page without running scripts again, and tells of each change here.
if (window.document$) document$.subscribe(inforceStart);
else inforceStart();
