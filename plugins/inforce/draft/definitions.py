"""The definitions of links and footnotes, of which each clause brings its own, while clauses are split and merged."""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import count

from inforce.text import markdown, unseen
from inforce.text.dialect import BESIDE
from inforce.text.inline import edited
from inforce.text.markdown import Document

OF_A_FOOTNOTE = re.compile(r"fn(?:ref\d*)?:")
"""How the id of a footnote begins, or of a place that refers to one: it follows the footnote's own name."""

_AROUND = " >"
"""What can stand before a definition in a list or quote, if it has its line to itself."""


@dataclass(frozen=True)
class Definition:
    """The definition of a link, or behind ``^`` of a footnote; ``name`` is folded, ``rows`` are its lines, from 1.

    ``text`` is its Markdown, as it can stand anywhere.
    """

    name: str
    rows: range
    text: str


def definitions_in(read: Document) -> list[Definition]:
    """The definitions of a text; of those in a list or quote, each that has one line to itself."""
    found = []
    for token in read.tokens:
        if not token.map or token.type not in BESIDE:
            continue
        first, last = token.map
        around = _AROUND if token.level else ""
        while not read.rows[last - 1].strip(f"{around} \t"):
            last -= 1
        text = "\n".join(read.rows[first:last]).lstrip(around)
        if token.level and (last - first > 1 or not text.startswith("[")):
            continue
        name = token.meta["id"] if token.type == "definition" else f"^{token.meta['label']}"
        found.append(Definition(name, range(first + 1, last + 1), text))
    return found


def _uses(read: Document) -> Iterator[tuple[str, int]]:
    """What the text refers to, by its name, and on which lines."""
    yield from ((link.name, link.line) for link in read.links if link.name)
    yield from ((f"^{label}", line) for label, line in read.footnote_uses)


def cut(text: str, line: int) -> tuple[str, str]:
    """``text`` in two, the second from ``line`` on; each takes the definitions that it uses, and leaves the other's."""
    read = markdown.read(text)
    found = definitions_in(read)
    first_of = {each.name: place for place, each in reversed(list(enumerate(found)))}
    within = {row: place for place, each in enumerate(found) for row in each.rows}
    uses = [(first_of[name], row) for name, row in _uses(read) if name in first_of]

    def needed(second: bool) -> set[int]:
        places = {place for place, row in uses if row not in within and (row >= line) == second}
        while more := {place for place, row in uses if within.get(row) in places} - places:
            places |= more
        return places

    def part(second: bool) -> str:
        wanted, others = needed(second), needed(not second)
        stands = {place for place, each in enumerate(found) if (each.rows[0] >= line) == second}
        gone = {row for place in (stands & others) - wanted for row in found[place].rows}
        rows = range(line, len(read.rows) + 1) if second else range(1, line)
        added = [found[place] for place in sorted(wanted - stands)]
        return "\n\n".join(filter(None, (_kept(read.rows, rows, gone), *_listed(added))))

    return part(second=False), part(second=True)


def _kept(lines: Sequence[str], rows: range, gone: Set[int]) -> str:
    """Those ``rows`` of ``lines`` that are not ``gone``, nor the empty ones behind these."""
    kept: list[str] = []
    for row in rows:
        behind = row - 1 in gone and not lines[row - 1].strip() and not (kept and kept[-1].strip())
        if row in gone or behind:
            gone = {*gone, row}
            continue
        kept.append(lines[row - 1])
    return "\n".join(kept).strip("\n")


def _listed(definitions: Sequence[Definition]) -> Iterator[str]:
    """Definitions as the blocks below a text: footnotes apart from one another, links a line each."""
    yield from (each.text for each in definitions if each.name.startswith("^"))
    yield "\n".join(each.text for each in definitions if not each.name.startswith("^"))


def fresh(names: Set[str], taken: Set[str]) -> dict[str, str]:
    """Those of ``names`` that are ``taken`` -> others that are not; the next number for a number."""
    found: dict[str, str] = {}
    for name in sorted(names & taken):
        known = {*names, *taken, *found.values()}
        others = (str(number) if name.isdecimal() else f"{name}-{number}" for number in count(2))
        found[name] = next(other for other in others if other not in known)
    return found


def beside(text: str, other: str, ids: Mapping[str, str]) -> str:
    """``text`` as it can stand in a clause with ``other``: what both define has other names in it, and so do ``ids``.

    A link that both define alike is left to ``other``.
    """
    read, there = markdown.read(text), markdown.read(other)
    edits = [(start, start + len(name), ids[name]) for name, _, start in unseen.given_ids(read) if name in ids]
    notes = fresh({label for label, _ in read.footnotes}, {label for label, _ in there.footnotes})
    for label, new in notes.items():
        for found in re.finditer(rf"\[\^({re.escape(label)})\]", read.bare):
            if read.plain[found.start()] == " " == read.raw[found.start()]:  # it is a mark, not text that looks so
                edits.append((*found.span(1), new))
    here, known = _addresses(read), _addresses(there)
    clashing = fresh({name for name in here if known.get(name, here[name]) != here[name]}, {*known, *here})
    links = {name: new.lower() for name, new in clashing.items()}  # what is folded is capital
    for link in read.links:
        if new := links.get(link.name, ""):
            edits.append((link.shown[1], link.whole[1], f"][{new}]"))
    for token in read.tokens:
        if token.type != "definition" or not token.map:
            continue
        start, end = read.starts[token.map[0]], read.starts[token.map[1]]
        if token.meta["id"] in links:
            start = text.index("[", start) + 1
            edits.append((start, start + len(token.meta["label"]), links[token.meta["id"]]))
        elif token.meta["id"] in known:
            edits.append((start, min(end, len(text)), ""))
    return edited(text, edits)


def _addresses(read: Document) -> dict[str, tuple[str, str]]:
    """The names of links that a text defines -> their address and title; the first of several holds."""
    found: dict[str, tuple[str, str]] = {}
    for token in read.tokens:
        if token.type == "definition":
            found.setdefault(token.meta["id"], (str(token.meta["url"]), str(token.meta.get("title", ""))))
    return found
