// Finds words in the texts in force; without script, its form stays hidden. The index is fetched when it is first needed.
const form = document.querySelector("form[role=search]"), root = form.dataset.inforceIndex;
const found = document.querySelector(".if-found"), told = found.querySelector("[role=status]"), list = found.querySelector("ul");
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
let index;

async function read() {
  const rows = await (await fetch(`${root}assets/inforce/search.json`)).json();
  return rows.map(([policy, title, text, address, language]) =>
    ({policy, title, text, address, language, heading: plain(title), words: plain(`${title} ${text}`)}));
}

function passage({text}, word) {
  const sentences = text.split(/(?<=[.!?。؟])\s*/u);
  return sentences.find((each) => plain(each).includes(word)) ?? sentences[0];
}

function shown(row, word) {
  const entry = document.createElement("li"), link = document.createElement("a"), quoted = document.createElement("p");
  link.href = root + row.address;
  link.textContent = row.title ? `${row.title} (${row.policy})` : row.policy;
  quoted.textContent = passage(row, word);
  quoted.lang = row.language;
  quoted.dir = "auto";
  entry.append(link, quoted);
  return entry;
}

async function search() {
  const asked = plain(form.elements.q.value).split(/\s+/).filter(Boolean);
  try {
    index ??= read();
    const rows = (await index).filter(({words}) => asked.every((word) => words.includes(word)));
    rows.sort((one, other) => other.heading.includes(asked[0]) - one.heading.includes(asked[0]));
    told.textContent = `${rows.length || "No"} ${rows.length === 1 ? "clause" : "clauses"} found.`;
    list.replaceChildren(...rows.slice(0, 20).map((row) => shown(row, asked[0])));
  } catch {
    index = undefined;
    told.textContent = "The search could not be loaded.";
    list.replaceChildren();
  }
  found.hidden = !asked.length;
}
form.addEventListener("input", search);
form.addEventListener("submit", (event) => event.preventDefault());
form.hidden = false;
