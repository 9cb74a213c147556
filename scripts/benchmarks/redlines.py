"""Redlines of real revisions, this project's and others', measured by one method. Writes nothing."""

import gzip
import json
import re
import resource
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import pairwise
from os import getloadavg
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, Literal

import html5lib
import nh3
from benchmarks import peers
from benchmarks.peers import PIECE, Edit
from lxml import html as parser
from markdown import markdown

from inforce.redline import canonical
from inforce.redline.blocks import BLOCKS, escape, leaves
from inforce.redline.order import gaps, least_changes
from inforce.redline.parsing import Reader
from inforce.redline.resolution import accepted, rejected

_EXTENSIONS = ["tables", "footnotes", "def_list", "attr_list", "admonition", "sane_lists", "fenced_code"]
_SMALL = 0.3
"""Marked over minimum is taken over pairs of which at most this part of the words changed."""

_MARKS: dict[str, Literal["+", "-"]] = {"ins": "+", "redline-moved": "+", "del": "-", "redline-gone": "-"}
"""Elements, or their last class, and what they say of the text in them."""


@dataclass(frozen=True)
class Pair:
    """Two revisions as pages and as texts; ``changed`` counts words and ``least`` characters of the shortest edit."""

    old: str
    new: str
    old_text: str
    new_text: str
    changed: int
    least: int
    small: bool


@dataclass
class Tally:
    """What one way to compare made of all pairs. ``valid`` is None for those that know text alone."""

    runs: int = 0
    islands: int = 0
    marked: int = 0
    within_words: int = 0
    exact: int = 0
    valid: int | None = None
    seconds: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Redlines:
    """All tallies by name; ``changed`` words and ``least`` characters of the pairs, ``parsing`` seconds for each."""

    pairs: int
    small: int
    changed: int
    least: int
    parsing: Sequence[float]
    tallies: dict[str, Tally]


def measure(corpus: Path, say: Callable[[str], None]) -> Redlines:
    """Every pair of the corpus, by every way to compare."""
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        pairs = [_pair(json.loads(line)) for line in lines]
    tallies: dict[str, Tally] = {}
    parsing: list[float] = []
    for name, compare in peers.OF_HTML.items():
        say(name)
        tallies[name] = tally = Tally(valid=0)
        for pair in pairs:
            start = _cpu()
            html = compare(pair.old, pair.new)
            tally.seconds.append(_cpu() - start)
            if name == peers.OWN:
                parsing.append(_parsing(pair))
            _count(tally, pair, list(_edits(html)))
            resolved = (
                (accepted(html), rejected(html))
                if name == peers.OWN
                else (_without(html, "del"), _without(html, "ins"))
            )
            tally.exact += resolved == (canonical(pair.new), canonical(pair.old))
            tally.valid = (tally.valid or 0) + _is_valid(html)
    for name, of_text in peers.OF_TEXT.items():
        say(name)
        tallies[name] = tally = Tally()
        for pair in pairs:
            start = _cpu()
            edits = list(of_text(pair.old_text, pair.new_text))
            tally.seconds.append(_cpu() - start)
            _count(tally, pair, edits)
            tally.exact += _side(edits, "-") == _bare(pair.new_text) and _side(edits, "+") == _bare(pair.old_text)
    small = [pair for pair in pairs if pair.small]
    changed, least = sum(pair.changed for pair in pairs), sum(pair.least for pair in small)
    return Redlines(len(pairs), len(small), changed, least, parsing, tallies)


def _pair(row: dict[str, Any]) -> Pair:
    old, new = _rendered(row["old"]), _rendered(row["new"])
    texts = ["\n".join(leaf.text for leaf in leaves(Reader().read(page)) if leaf.text) for page in (old, new)]
    one, other = ([piece for piece in PIECE.findall(text) if not piece.isspace()] for text in texts)
    changed = least = 0
    for i, i_end, j, j_end in gaps(least_changes(one, other), len(one), len(other)):
        pieces = one[i:i_end] + other[j:j_end]
        changed += sum(piece[0].isalnum() for piece in pieces)
        least += sum(map(len, pieces))
    words = sum(piece[0].isalnum() for piece in one + other)
    return Pair(old, new, texts[0], texts[1], changed, least, changed <= _SMALL * words)


def _rendered(source: str) -> str:
    allowed = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}
    page = markdown(source, extensions=_EXTENSIONS)
    tags = nh3.ALLOWED_TAGS - {"ins", "del"}
    return nh3.clean(page, tags=tags, attributes={**allowed, "*": {"id", "class"}}, link_rel=None)


def _edits(html: str) -> Iterator[Edit]:
    """A marked page's text as edits; a block begins with a line break. What moved is deleted once and inserted once."""
    walk = parser.fragment_fromstring(html, create_parent="div")
    for said in walk.xpath('.//*[contains(@class, "redline-say") or contains(@class, "redline-left")]'):
        said.drop_tree()
    for line_break in walk.iter("br"):
        line_break.tail = f"\n{line_break.tail or ''}"
    last = walk
    for moved in walk.xpath('.//*[contains(@class, "redline-moved")]'):
        _show_twice(moved)
    for text in walk.xpath(".//text()"):
        holder = text.getparent().getparent() if text.is_tail else text.getparent()
        above = [holder, *holder.iterancestors()]
        mark = next((found for each in above if (found := _MARKS.get(each.tag) or _MARKS.get(_class(each)))), "=")
        block = next((each for each in above if each.tag in BLOCKS), walk)
        if block is not last:
            yield Edit("=", "\n")
        last = block
        yield Edit(mark, str(text))


def _class(element: Any) -> str:
    return next(iter(element.get("class", "").split()[-1:]), "")


def _show_twice(moved: Any) -> None:
    """Puts the old text of a moved block before it, and leaves the new one."""
    gone = deepcopy(moved)
    gone.tail = None
    gone.set("class", "redline-gone")
    for element, other in ((gone, "ins"), (moved, "del")):
        for mark in element.xpath(f".//{other}"):
            mark.drop_tree()
    moved.addprevious(gone)


def _count(tally: Tally, pair: Pair, edits: Sequence[Edit]) -> None:
    edits = list(_joined(edits))
    for place, edit in enumerate(edits):
        if edit.kind == "=":
            between = 0 < place < len(edits) - 1 and "\n" not in edit.text
            tally.islands += between and 1 <= len(re.findall(r"\w+", edit.text)) <= 2
        else:
            tally.marked += len(_bare(edit.text)) if pair.small else 0
    tally.runs += sum(edit.kind != "=" for edit in _joined(edit for edit in edits if not edit.text.isspace()))
    for gone in "-+":
        side = [edit for edit in edits if edit.kind != gone]
        tally.within_words += sum(
            one.kind != other.kind and _within(one.text, other.text) for one, other in pairwise(side)
        )


def _joined(edits: Iterable[Edit]) -> Iterator[Edit]:
    last: Edit | None = None
    for edit in edits:
        if not edit.text:
            continue
        if last is not None and last.kind == edit.kind:
            last = Edit(edit.kind, last.text + edit.text)
            continue
        if last is not None:
            yield last
        last = edit
    if last is not None:
        yield last


def _within(before: str, after: str) -> bool:
    """Whether a word goes on across the border; scripts without spaces aside."""
    return before[-1].isalnum() and after[0].isalnum() and before[-1] < "\u2e80" and after[0] < "\u2e80"


def _bare(text: str) -> str:
    return "".join(text.split())


def _side(edits: Iterable[Edit], gone: str) -> str:
    return _bare("".join(edit.text for edit in edits if edit.kind != gone))


def _without(html: str, gone: str) -> str:
    """The page without one kind of mark, the other kind taken off."""
    root = parser.fragment_fromstring(html, create_parent="div")
    for mark in root.xpath(f".//{gone}"):
        mark.drop_tree()
    for mark in root.xpath(".//ins|.//del"):
        mark.drop_tag()
    return canonical("".join([escape(root.text or ""), *(parser.tostring(each, encoding="unicode") for each in root)]))


def _is_valid(html: str) -> bool:
    try:
        html5lib.HTMLParser(strict=True).parseFragment(html)
    except html5lib.html5parser.ParseError:
        return False
    return True


def _parsing(pair: Pair) -> float:
    start = _cpu()
    for page in (pair.old, pair.new):
        parser.fragment_fromstring(page, create_parent="div")
    return _cpu() - start


def _cpu() -> float:
    """Seconds of this process and of those that it has started and seen end."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime


def section(found: Redlines | None) -> str:
    """The section of the page."""
    if found is None:
        why = "a quick run, or the corpus of real revisions is not beside this checkout"
        return f"## Redlines beside others\n\nNot measured: {why}."
    rows = "\n".join(f"| {name} | {_cells(found, tally)} |" for name, tally in found.tallies.items())
    return f"""\
## Redlines beside others

{found.pairs} revisions of real policies, one run each, in CPU time. Runs are stretches inserted or deleted, islands
unchanged stretches of one or two words between two of them, both for 100 words of the shortest edit. A run may go on
over the end of a block: so it does for the ways that are given text, where a line break is a character like others.
Marked is the number of marked characters over that of the shortest edit, in the {found.small} pairs of which at most
{_SMALL:.0%} of the words changed; a block that moved counts as deleted and inserted. Within words: runs that begin or
end inside one. Exact: accepting all gives the new page and rejecting all the old one; for the ways that know text
alone, of the text. Valid: to html5lib's strict parser. diff-match-patch in Python gives up, by its own setting, after
1 s for characters and after {peers.LIMIT:.0f} s for words, by the clock on the wall: on a busy machine it marks more.
The load average over the last quarter of an hour was {getloadavg()[2]:.1f}.

| | runs | islands | marked | within words | exact | valid | ms: median | p99 | worst |
|---|---|---|---|---|---|---|---|---|---|
{rows}

{_targets(found, found.tallies[peers.OWN])}"""


def _targets(found: Redlines, own: Tally) -> str:
    """What In Force reaches of what it aims at."""
    runs, islands, marked = _shape(found, own)
    middle, nearly_all, worst = _milliseconds(own)
    parsing = 1000 * median(found.parsing)
    reached = {
        f"runs {runs:.2f}, at most 7.2": runs <= 7.2,
        f"islands {islands:.2f}, at most 0.4": islands <= 0.4,
        f"marked {marked:.3f}, at most 1.12": marked <= 1.12,
        f"within words {own.within_words}, at most 0": not own.within_words,
        f"exact {own.exact} of {found.pairs}, all": own.exact == found.pairs,
        f"valid {own.valid} of {found.pairs}, all": own.valid == found.pairs,
        f"p99 {nearly_all:.0f} ms, at most 60": nearly_all <= 60,
        f"the worst {worst:.0f} ms, at most 200": worst <= 200,
        f"the median {middle:.2f} ms, {middle / parsing:.1f} times the {parsing:.2f} ms that lxml takes to parse both "
        "pages, at most twice": middle <= 2 * parsing,
    }
    lines = (f"- {told}: {'met' if met else '**missed**'}." for told, met in reached.items())
    return "In Force, and its targets:\n\n" + "\n".join(lines)


def _shape(found: Redlines, tally: Tally) -> tuple[float, float, float]:
    """Runs and islands for 100 changed words, and marked characters over the least."""
    return 100 * tally.runs / found.changed, 100 * tally.islands / found.changed, tally.marked / found.least


def _milliseconds(tally: Tally) -> tuple[float, float, float]:
    """Median, 99th percentile, and the longest."""
    times = sorted(1000 * time for time in tally.seconds)
    return median(times), times[min(len(times) - 1, round(0.99 * len(times)))], times[-1]


def _cells(found: Redlines, tally: Tally) -> str:
    valid = "–" if tally.valid is None else f"{tally.valid / found.pairs:.1%}"
    figures = (
        *(f"{each:.2f}" for each in _shape(found, tally)),
        str(tally.within_words),
        f"{tally.exact / found.pairs:.1%}" + (" of text" if tally.valid is None else ""),
        valid,
        *(f"{time:.1f}" for time in _milliseconds(tally)),
    )
    return " | ".join(figures)
