"""What the text of each clause is compared with: that of all clauses that it comes from, and of a split one its share.

So text that only went to another clause is compared with what it became there, and is neither struck nor put in. Who
came from whom is the business of ``lineage``.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from inforce.changes.lineage import Origins
from inforce.draft.definitions import definitions_in
from inforce.model import PREAMBLE, Clause
from inforce.redline.words import is_word, tokenised
from inforce.text import markdown

_CUT = frozenset(("blockquote_open", "bullet_list_open", "ordered_list_open"))
"""Blocks of which each part says what it did when the block is cut between two."""
_MARK = re.compile(r"[#> \n]+|[-+*] +|\d+[.)] +")
"""What stands before the text of a block."""


def families(new: Iterable[Clause], origins: Origins) -> dict[str, tuple[Clause, ...]]:
    """For each old clause by id, those of ``new`` that come from it, in their order; none of one that is gone.

    ``origins`` names for each clause of ``new`` the old ones that it comes from.
    """
    found: dict[str, tuple[Clause, ...]] = {}
    for clause in new:
        for origin in origins.get(clause.id, ()):
            found[origin] = (*found.get(origin, ()), clause)
    return found


def keeper(old: Clause, heirs: tuple[Clause, ...]) -> Clause:
    """Which of ``heirs`` the heading of ``old`` goes to: one that has all of its text, or the same id, or the first.

    Where several have all of its text, all of it goes to this one, and is more text in the others.
    """
    return max(heirs, key=lambda heir: ((heir.heading, heir.body) == (old.heading, old.body), heir.id == old.id))


def inherited(old: Iterable[Clause], heirs: Mapping[str, tuple[Clause, ...]]) -> dict[str, tuple[Clause, ...]]:
    """For each clause by id, those of ``old`` whose text it is compared with; a removed one is compared with itself.

    Each goes to its heir; of one that has several in ``heirs``, each block goes to one of them.
    """
    given: dict[str, tuple[Clause, ...]] = {}
    for clause in old:
        its = heirs.get(clause.id) or (clause,)
        for heir, text in zip(its, shares(clause, its) if len(its) > 1 else (clause,), strict=True):
            given[heir.id] = (*given.get(heir.id, ()), *((text,) if text.text else ()))
    return given


@lru_cache(maxsize=1024)
def shares(old: Clause, heirs: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """What each of ``heirs`` has of the text of ``old``, of which every block goes to one of them.

    A block goes to a clause that has it as it was, as often as it has it, or else to the one that has most of its
    words; the heading to its ``keeper``. A list or quote that was cut goes by its items, where each of these is as it
    was. A share without the heading has an empty one; one of nothing is no text.
    """
    first = last = heirs.index(keeper(old, heirs))
    taken: list[list[str]] = [[] for _ in heirs]
    awaited = [_said(heir)[0].copy() for heir in heirs]
    for block in _blocks(old.body):
        same = _unmarked(block.text)
        found = [2 if n[same] > 0 else _likeness(block.text, heir) for n, heir in zip(awaited, heirs, strict=True)]
        best = max(range(len(heirs)), key=lambda place: (found[place], place == last))
        dealt = _dealt(block.items, awaited, last) if found[best] < 2 else {}
        for place, items in (dealt or {best: [block.text]}).items():
            awaited[place].subtract(map(_unmarked, items if dealt else (block.text, *block.items)))
            taken[place].append("\n".join(items).rstrip())
            last = place
    beside = [each.text for each in definitions_in(markdown.read(old.body))]
    given = []
    for place, texts in enumerate(taken):
        heading = old.text.partition("\n")[0] if place == first else f"## {{#{old.id}}}" if texts else ""
        above = [heading] if heading and old.id != PREAMBLE else []
        given.append(Clause(old.id, "\n\n".join((*above, *texts, *(beside if place == first or texts else ())))))
    return tuple(given)


class _Block(NamedTuple):
    """The Markdown of a block without definitions, and of each item of a list or quote that can be cut in two."""

    text: str
    items: tuple[str, ...]


def _blocks(body: str) -> Iterator[_Block]:
    read = markdown.read(body)
    beside = {row - 1 for each in definitions_in(read) for row in each.rows}

    def text(first: int, end: int) -> str:
        return "\n".join(read.rows[row] for row in range(first, end) if row not in beside)

    starts = [(token, token.map) for token in read.tokens if token.level < 2 and token.nesting >= 0 and token.map]
    outer = accumulate(not token.level for token, _ in starts)
    for _, found in groupby(zip(starts, outer, strict=True), itemgetter(1)):
        (block, (first, end)), *inner = (start for start, _ in found)
        parts = [text(*span) for span in pairwise((*(place for _, (place, _) in inner), end))]
        items = _numbered(parts, [item.info for item, _ in inner]) if block.type in _CUT else []
        items = list(filter(_unmarked, items))
        if whole := text(first, end).strip("\n"):
            yield _Block(whole.rstrip(), tuple(items) if len(items) > 1 else ())


def _numbered(items: Sequence[str], marks: Sequence[str]) -> Sequence[str]:
    """Items of a list with the numbers that a page shows; none where one is wider than what is written for it.

    What belongs to an item is indented by that.
    """
    if not marks or not marks[0].isdecimal():
        return items
    numbers = [str(int(marks[0]) + place) for place in range(len(marks))]
    if list(map(len, numbers)) != list(map(len, marks)):
        return []
    return [item.replace(mark, number, 1) for item, mark, number in zip(items, marks, numbers, strict=True)]


def _dealt(items: Sequence[str], awaited: Sequence[Counter[str]], last: int) -> dict[int, list[str]]:
    """Which heir has which of a block's items as they were; nothing unless all are had, and numbers in one row."""
    left, dealt, rows = [each.copy() for each in awaited], dict[int, list[str]](), 0
    for item in items:
        having = [place for place, each in enumerate(left) if each[_unmarked(item)] > 0]
        if not having:
            return {}
        place = last if last in having else having[0]
        rows += not dealt or place != last
        left[place][_unmarked(item)] -= 1
        dealt.setdefault(place, []).append(item)
        last = place
    return dealt if rows == len(dealt) or not items[0].lstrip()[:1].isdecimal() else {}


def _likeness(text: str, heir: Clause) -> float:
    """The share of a block's words that are in a clause, from 0 to 1."""
    own = _words(text)
    return sum((own & _said(heir)[1]).values()) / max(own.total(), 1)


@lru_cache(maxsize=1024)
def _said(clause: Clause) -> tuple[Counter[str], Counter[str]]:
    """How often a clause has each block, headings without their marks, and each word."""
    blocks = (_unmarked(text) for block in _blocks(clause.body) for text in (block.text, *block.items))
    return Counter((clause.heading, *blocks)), _words(clause.text)


def _unmarked(block: str) -> str:
    mark = _MARK.match(block)
    return block[mark.end() if mark else 0 :].rstrip("> \n")


def _words(text: str) -> Counter[str]:
    return Counter(each for each in tokenised(text, {}).spoken if is_word(each))
