"""Redlines of real revisions, this project's and others', measured by one method."""

import re
import resource
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from os import getloadavg
from statistics import median
from time import process_time
from typing import TypeVar

import html5lib
from lxml import html as parser

import corpus
from benchmarks import edits
from benchmarks.edits import PIECE, Edit
from benchmarks.measuring import met, say, table
from inforce.redline import canonical
from inforce.redline.blocks import escape, leaves
from inforce.redline.order import gaps, least_changes
from inforce.redline.parsing import Reader
from inforce.redline.resolution import accepted, rejected
from inforce.redline.words import OBJECT

_SMALL = 0.3
"""Marked over minimum is taken over pairs of which at most this part of the words changed."""

_T = TypeVar("_T")


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


@dataclass(frozen=True)
class Pairs:
    """All pairs, and what their counts are set against."""

    each: Sequence[Pair]

    @property
    def changed(self) -> int:
        """Words of the shortest edits."""
        return sum(pair.changed for pair in self.each)

    @property
    def least(self) -> int:
        """Characters of the shortest edits of the small ones."""
        return sum(pair.least for pair in self.each if pair.small)


@dataclass
class Tally:
    """What one way to compare made of all pairs. ``valid`` is None for those that know text alone."""

    runs: int = 0
    islands: int = 0
    marked: int = 0
    within_words: int = 0
    replaced: int = 0
    contained: int = 0
    glued: int | None = None
    exact: int = 0
    valid: int | None = None
    seconds: list[float] = field(default_factory=list)

    def count(self, pair: Pair, found: Iterable[Edit]) -> None:
        """Add one pair's edits."""
        joined = edits.joined(found)
        inner = [edit for edit in joined[1:-1] if edit.kind == "=" and "\n" not in edit.text]
        self.islands += sum(1 <= len(re.findall(r"\w+", edit.text)) <= 2 for edit in inner)
        self.marked += sum(len(_bare(edit.text)) for edit in joined if edit.kind != "=" and pair.small)
        self.runs += sum(edit.kind != "=" for edit in edits.joined(e for e in joined if not e.text.isspace()))
        for one, other in pairwise(joined):
            if {one.kind, other.kind} == {"-", "+"}:
                self.replaced += 1
                self.contained += _contains(one.text, other.text) or _contains(other.text, one.text)
        for gone in "-+":
            side = pairwise(edit for edit in joined if edit.kind != gone)
            self.within_words += sum(one.kind != other.kind and _one_word(one.text, other.text) for one, other in side)

    def milliseconds(self) -> tuple[float, float, float]:
        """Median, 99th percentile, and the longest."""
        times = sorted(1000 * time for time in self.seconds)
        return median(times), times[min(len(times) - 1, round(0.99 * len(times)))], times[-1]


COLUMNS: dict[str, Callable[[Tally, Pairs], str]] = {
    "runs": lambda tally, pairs: f"{100 * tally.runs / pairs.changed:.2f}",
    "islands": lambda tally, pairs: f"{100 * tally.islands / pairs.changed:.2f}",
    "marked": lambda tally, pairs: f"{tally.marked / pairs.least:.2f}",
    "contained": lambda tally, _pairs: f"{tally.contained} of {tally.replaced}",
    "glued": lambda tally, _pairs: "–" if tally.glued is None else str(tally.glued),
    "within words": lambda tally, _pairs: str(tally.within_words),
    "exact": lambda tally, pairs: f"{tally.exact / len(pairs.each):.1%}{' of text' if tally.valid is None else ''}",
    "valid": lambda tally, pairs: "–" if tally.valid is None else f"{tally.valid / len(pairs.each):.1%}",
    "ms: median": lambda tally, _pairs: f"{tally.milliseconds()[0]:.1f}",
    "p99": lambda tally, _pairs: f"{tally.milliseconds()[1]:.1f}",
    "worst": lambda tally, _pairs: f"{tally.milliseconds()[2]:.1f}",
}


def section(step: int = 1) -> str:
    """Every pair of the corpus, or one in ``step``, by every way to compare."""
    title = "## Redlines beside others"
    if not corpus.PATH.is_file():
        return f"{title}\n\nNot measured: {corpus.ABSENT}."
    say("Redlines of real revisions")
    pairs = Pairs([_pair(*map(corpus.rendered, each)) for each in corpus.pairs(step)])
    tallies = {name: _of_html(name, pairs) for name in edits.OF_HTML}
    tallies |= {name: _of_text(name, pairs) for name in edits.OF_TEXT}
    rows = ((name, *(cell(tally, pairs) for cell in COLUMNS.values())) for name, tally in tallies.items())
    return f"""\
{title}

{len(pairs.each)} revisions of real policies, one run each, in CPU time. Runs are stretches inserted or deleted, islands
unchanged stretches of one or two words between two of them, both for 100 words of the shortest edit. A run may go on
over the end of a block: so it does for the ways that are given text, where a line break is a character like others.
Marked is the number of marked characters over that of the shortest edit, in the {sum(p.small for p in pairs.each)} \
pairs of which at most
{_SMALL:.0%} of the words changed; a block that moved counts as deleted and inserted. Contained: replacements of which
one side says all that the other says, and more. Glued: deletions that go over the end of an old block. Within words:
runs that begin or end inside one. Exact: accepting all gives the new page and rejecting all the old one; for the ways
that know text alone, of the text. Valid: to html5lib's strict parser. diff-match-patch in Python gives up, by its own
setting, after 1 s by the clock on the wall: on a busy machine it marks more. The load average over the last quarter of
an hour was {getloadavg()[2]:.1f}.

{table(("", *COLUMNS), rows)}

In Force, and its targets:

{_targets(tallies[edits.OWN], pairs)}"""


def _targets(own: Tally, pairs: Pairs) -> str:
    count = len(pairs.each)
    runs, islands = 100 * own.runs / pairs.changed, 100 * own.islands / pairs.changed
    marked = own.marked / pairs.least
    middle, nearly_all, worst = own.milliseconds()
    parsing = 1000 * median(_timed(_parsed, pair)[1] for pair in pairs.each)
    reached: Mapping[str, bool] = {
        f"runs {runs:.2f}, at most 5.6": runs <= 5.6,
        f"islands {islands:.2f}, at most 0.1": islands <= 0.1,
        f"marked {marked:.3f}, at most 1.10": marked <= 1.10,
        f"contained {own.contained} of {own.replaced}, at most 5": own.contained <= 5,
        f"glued {own.glued}, none": not own.glued,
        f"within words {own.within_words}, at most 0": not own.within_words,
        f"exact {own.exact} of {count}, all": own.exact == count,
        f"valid {own.valid} of {count}, all": own.valid == count,
        f"p99 {nearly_all:.0f} ms, at most 60": nearly_all <= 60,
        f"the worst {worst:.0f} ms, at most 200": worst <= 200,
        f"the median {middle:.2f} ms, {middle / parsing:.1f} times the {parsing:.2f} ms that lxml takes to parse both "
        "pages, at most twice": middle <= 2 * parsing,
    }
    return "\n".join(f"- {told}: {met(is_met)}." for told, is_met in reached.items())


def _of_html(name: str, pairs: Pairs) -> Tally:
    say(f"  {name}")
    tally = Tally(valid=0, glued=0)
    for pair in pairs.each:
        html, seconds = _timed(edits.OF_HTML[name], pair.old, pair.new)
        tally.seconds.append(seconds)
        tally.count(pair, edits.of_page(html))
        tally.glued = (tally.glued or 0) + _glued(html, pair)
        new, old = (
            (accepted(html), rejected(html)) if name == edits.OWN else (_without(html, "del"), _without(html, "ins"))
        )
        tally.exact += (old, new) == (canonical(pair.old), canonical(pair.new))
        tally.valid = (tally.valid or 0) + _is_valid(html)
    return tally


def _of_text(name: str, pairs: Pairs) -> Tally:
    say(f"  {name}")
    tally = Tally()
    for pair in pairs.each:
        found, seconds = _timed(edits.OF_TEXT[name], pair.old_text, pair.new_text)
        tally.seconds.append(seconds)
        tally.count(pair, found)
        old, new = (_bare("".join(edit.text for edit in found if edit.kind != gone)) for gone in "+-")
        tally.exact += (old, new) == (_bare(pair.old_text), _bare(pair.new_text))
    return tally


def _pair(old: str, new: str) -> Pair:
    old_text, new_text = (
        "\n".join(leaf.text for leaf in leaves(Reader().read(page)) if leaf.text) for page in (old, new)
    )
    one, other = ([piece for piece in PIECE.findall(text) if not piece.isspace()] for text in (old_text, new_text))
    pieces: list[str] = []
    for i, i_end, j, j_end in gaps(least_changes(one, other), len(one), len(other)):
        pieces += one[i:i_end] + other[j:j_end]
    changed, words = (sum(piece[0].isalnum() for piece in each) for each in (pieces, one + other))
    return Pair(old, new, old_text, new_text, changed, sum(map(len, pieces)), changed <= _SMALL * words)


def _one_word(before: str, after: str) -> bool:
    """Whether a word goes on across the border; scripts without spaces aside."""
    return before[-1].isalnum() and after[0].isalnum() and before[-1] < "\u2e80" and after[0] < "\u2e80"


def _contains(longer: str, shorter: str) -> bool:
    """Whether all that one side of a replacement says stands in the other, in that order."""
    rest = iter(re.findall(r"\w+|[^\w\s]", longer))
    said = re.findall(r"\w+|[^\w\s]", shorter)
    return bool(said) and all(each in rest for each in said)


def _glued(html: str, pair: Pair) -> int:
    """How many deletions hold text of more than one block of the old page."""
    blocks = {_bare(line.replace(OBJECT, "")) for line in pair.old_text.split("\n")}
    page = parser.fragment_fromstring(html, "div")
    for said in page.xpath(".//*[contains(@class, 'redline-say')]"):
        said.drop_tree()
    struck = (_bare("".join(mark.itertext())) for mark in page.iter("del"))
    return sum(not any(text in block for block in blocks) for text in struck)


def _bare(text: str) -> str:
    return "".join(text.split())


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


def _parsed(pair: Pair) -> None:
    for page in (pair.old, pair.new):
        parser.fragment_fromstring(page, create_parent="div")


def _timed(work: Callable[..., _T], *arguments: object) -> tuple[_T, float]:
    """What it gives, and the seconds of this process and of those that it has started and seen end."""
    start = _cpu()
    return work(*arguments), _cpu() - start


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime
