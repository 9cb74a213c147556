// A page says what holds whenever it is read. Each of these notes says what is so between two instants.
function inforceShowWhatIsSoNow() {
  const now = Date.now();
  for (const note of document.querySelectorAll("[data-inforce-now]")) {
    const {inforceFrom: from, inforceUntil: until} = note.dataset;
    note.hidden = (from && now < Date.parse(from)) || (until && now >= Date.parse(until));
  }
}
document.addEventListener("visibilitychange", inforceShowWhatIsSoNow);

// Which version applied on a day: the page's own table says it, its days being those in the policy's time zone. Of many
// periods it has the newest; those of any other day stand on the page of the last listed year up to the day's.
function inforceRows(page) {
  return [...page.querySelectorAll(".if-periods tbody tr")].reverse();
}
async function inforceRowsFor(day) {
  const years = [...document.querySelectorAll(".if-years a")], own = inforceRows(document);
  if (!years.length || day > (own[0]?.dataset.inforceFirst ?? "")) return own;
  const page = await inforceFetch((years.find(({textContent: year}) => year <= day.slice(0, 4)) ?? years.at(-1)).href);
  for (const link of page?.querySelectorAll(".if-periods a") ?? []) link.setAttribute("href", link.href);
  return page ? inforceRows(page) : own;
}
async function inforceShowDay(form) {
  const day = form.elements.date.value, said = form.querySelector("[role=status]");
  const rows = (day ? await inforceRowsFor(day) : []).filter(({dataset}) =>
    (dataset.inforceFirst ?? "") <= day && day <= (dataset.inforceLast ?? "9999-99"));
  if (form.elements.date.value !== day) return;
  const told = rows.flatMap(({cells: [from, until, version]}, at) => [
    at ? "; then " : "", ...document.importNode(version, true).childNodes, ` (from ${from.textContent} until ${until.textContent})`,
  ]);
  said.replaceChildren(...(told.length ? [`${day}: `, ...told, "."] : []));
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
const inforceWhole = ":is(.redline-added, .redline-left, .redline-moved, .redline-relaid, .redline-removed)";
function inforceChangedBlocks() {
  const blocks = [...document.querySelectorAll(`.if-redline .if-text ${inforceMarks}`)]
    .filter((mark) => !mark.parentElement.closest(inforceWhole) && (mark.checkVisibility?.() ?? true))
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
  const bar = document.querySelector("[data-inforce-marks]");
  if (!bar) return;
  const count = inforceChangedBlocks().length, said = bar.querySelector("[role=status]");
  bar.hidden = count < 2;
  said.textContent = `${count} changes`;
  bar.onclick = ({target}) => {
    const step = {previous: -1, next: 1}[target.name];
    if (!step) return;
    const [at, count] = inforceStep(step);
    said.textContent = `${at + 1} of ${count}`;
  };
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
async function inforceMade(pieces, newer, {dataset: {inforceVersion: number}, cells: [standing]}) {
  const pair = pieces.querySelector(`[data-inforce-to="${number}"]`), names = pieces.body.dataset.inforcePieces.split(" ");
  const [told, settings, text] = pair.cloneNode(true).children, [summary, list, legend] = ["summary", "ul", ".if-legend"].map((each) => told.querySelector(each));
  const steps = pair.dataset.inforceSteps.split(" ").flatMap((step) =>
    [...pieces.querySelector(`[data-inforce-step="${step}"]`)?.cloneNode(true).children ?? []]);
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
  const status = document.createElement("p"), short = steps.length === 1 ? steps.pop().querySelector("bdi") : null;
  status.append(...standing.cloneNode(true).childNodes);
  if (short) short.className = "if-short", summary.prepend(short, " ");
  if (steps.length > 3) {
    const folded = document.createElement("details"), said = document.createElement("summary");
    folded.className = "if-steps";
    said.textContent = `What ${steps.length} versions said of it`;
    folded.append(said, ...steps.splice(0));
    steps.push(folded);
  }
  summary.after(status, ...steps);
  if (!list.children.length) list.remove(), legend.remove();
  const ids = new Set([...text.querySelectorAll("[id]")].map(({id}) => id));
  for (const link of text.querySelectorAll('a[href^="#"]')) {
    if (!ids.has(decodeURIComponent(link.hash.slice(1)))) link.href = newer + link.getAttribute("href");
  }
  return [told, ...settings.childNodes, text].map((node) => document.adoptNode(node));
}
// What did not change, folded, as the newer version's own page has it: that page stands beside this one, so its links hold.
function inforceUnchanged(version) {
  const folded = document.createElement("details"), summary = document.createElement("summary"), kind = document.createElement("span");
  const heading = document.importNode(version.querySelector("h2") ?? document.createElement("h2"), true);
  heading.querySelector(".headerlink")?.remove();
  kind.className = "if-kinds";
  [kind.lang, kind.dir, kind.textContent] = ["en", "ltr", "(unchanged)"];
  folded.className = "if-clause if-clause--unchanged";
  folded.id = heading.id || version.id;
  heading.removeAttribute("id");
  heading.append(heading.textContent.trim() ? " " : "Introduction ", kind);
  summary.append(heading);
  folded.append(summary, ...[...version.children].filter((each) => !each.matches("h2, .if-today, .if-meta"))
    .map((each) => document.importNode(each, true)));
  return folded;
}
function inforceAddUnchanged(text, page) {
  let last = null;
  for (const version of page.querySelectorAll("section.if-clause")) {
    const id = version.id || version.querySelector("h2").id, changed = [...text.children].find((each) => each.id === id);
    const shown = changed ?? inforceUnchanged(version);
    if (!changed) last ? last.after(shown) : text.prepend(shown);
    last = shown;
  }
  for (const first of text.querySelectorAll(":scope > :not(.if-clause--unchanged) + .if-clause--unchanged, :scope > .if-clause--unchanged:first-child")) {
    const run = [first], folded = document.createElement("details"), summary = document.createElement("summary");
    while (run.at(-1).nextElementSibling?.matches(".if-clause--unchanged")) run.push(run.at(-1).nextElementSibling);
    if (run.length < 3) continue;
    folded.className = "if-same if-run";
    [summary.lang, summary.dir, summary.textContent] = ["en", "ltr", `${run.length} clauses without changes`];
    first.before(folded);
    folded.append(summary, ...run);
  }
}

// What is said of a pair that this page does not have: of many versions it has but the newest and the first.
function inforceNotHere(form, asked) {
  const older = [...document.querySelectorAll(".if-years a")], told = [], on = form.dataset.inforceOn;
  for (const wanted of ["from", "to"].map((name) => asked.get(name)).filter((each) => each && older.length)) {
    const since = older.find(({textContent: number}) => number === wanted), link = document.createElement("a");
    if (!since && !/^\d{4}-\d\d-\d\d$/.test(wanted)) continue;
    link.href = since ? since.href : `${on}?date=${wanted}`;
    link.textContent = since ? `what has changed since version ${wanted}` : `which version applied on ${wanted}`;
    told.push(told.length ? ", " : "This page compares the newest versions. Of others there is: ", link);
  }
  return told.length ? [...told, "."] : ["No such version was published, or none was in force on that day."];
}
function inforceShowPair(place, told, made) {
  const heading = place.querySelector("h2"), contents = place.querySelector(".if-contents ol");
  heading.textContent = told;
  contents.replaceChildren(...[...made.at(-1).children].map((clause) => {
    const item = document.createElement("li"), link = document.createElement("a"), named = clause.querySelector("h2")?.cloneNode(true);
    for (const aside of named?.querySelectorAll("del, .redline-say, .redline-step, .if-kinds") ?? []) aside.remove();
    link.href = `#${clause.id}`;
    link.textContent = named?.textContent.trim() || "Introduction";
    item.append(link);
    return item;
  }));
  place.lastElementChild.replaceChildren(...made);
  place.hidden = false;
  inforceOfferMarks();
}
async function inforceCompare(form) {
  const rows = [...document.querySelectorAll("tr[data-inforce-version]")], place = document.querySelector(".if-composed");
  const said = document.querySelector(".if-compare > [role=status]"), asked = new URLSearchParams(location.search);
  const pair = ["from", "to"].map((name) => inforceChosen(rows, asked.get(name)));
  for (const [at, name] of ["from", "to"].entries()) if (pair[at]) form.elements[name].value = pair[at].dataset.inforceVersion;
  place.hidden = true;
  place.lastElementChild.replaceChildren();
  inforceOfferMarks();
  said.textContent = "";
  if (!asked.has("from") && !asked.has("to")) return;
  if (!pair[0] || !pair[1]) return void said.replaceChildren(...inforceNotHere(form, asked));
  if (pair[0] === pair[1]) return void (said.textContent = `Both are version ${pair[0].dataset.inforceVersion}.`);
  const [newer, older] = pair.sort((one, other) => rows.indexOf(one) - rows.indexOf(other));
  const [from, to] = [older, newer].map(({dataset}) => dataset.inforceVersion);
  const address = newer.querySelector("a").getAttribute("href"), page = newer.querySelector(`[data-inforce-from="${from}"]`);
  const [pieces, whole] = await Promise.all([inforceFetch(`${from}.html`), inforceFetch(address)]);
  const made = whole && pieces?.querySelector(`[data-inforce-to="${to}"]`) ? await inforceMade(pieces, address, newer) : null;
  if (place.dataset.inforceAsked !== location.search) return;
  if (made) {
    inforceAddUnchanged(made.at(-1), whole);
    inforceShowPair(place, `From version ${from} to ${to}`, made);
    said.textContent = `Below: from version ${from} to ${to}.`; // to be heard; the heading shows it
  } else {
    said.replaceChildren(`From version ${from} to ${to} nothing is composed here. What there is: `,
      (page ?? older.querySelector("[data-inforce-since]") ?? older.querySelector("a")).cloneNode(true), ".");
  }
  return Boolean(made);
}
function inforceAskForPair() {
  const form = document.querySelector("form[data-inforce-compare]"), place = document.querySelector(".if-composed");
  if (!form) return;
  const {from, to} = form.elements, choice = form.closest("details"), show = () => {
    place.dataset.inforceAsked = location.search;
    return inforceCompare(form);
  };
  choice.hidden = false;
  if (from.options.length > 1) from.selectedIndex = 1;
  form.onsubmit = (event) => event.preventDefault();
  form.onchange = ({target}) => {
    const chosen = (name) => (target.name === `${name}-day` && target.value) || form.elements[name].value;
    if (target.name.endsWith("-day") && !target.value) return;
    history.replaceState(history.state, "", `?from=${chosen("from")}&to=${chosen("to")}`);
    show();
  };
  show().then((made) => {
    if (made) choice.open = false; // whoever chooses here goes on choosing
  });
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
  inforceOfferMarks();
}
// Material's instant navigation changes the page without running scripts again, and tells of each change here.
if (window.document$) document$.subscribe(inforceStart);
else inforceStart();
