"""Lists whose marks are typed, and stay as they are typed: ``a.``, ``(a)``, ``a)``, ``A.``, ``i.``, ``(i)``, ``I.``,
``(1)`` and ``1.1``.

pandoc's ``fancy_lists``, read more strictly, for nothing is guessed here: such a list begins behind an empty line, with
the first of its marks or with the one that goes on where a list above left off; each item has the very next mark; and a
capital with a full stop has two blanks behind it. So “A. Smith”, “(c) 2026” and “2.4 GHz” are text. A mark is part of
its item's text: what is read, copied, compared and printed is what was typed.

Beside them, what a browser writes before an item of a numbered list (``3``, ``c``, ``iii``), for texts without such
lists: a redline in a terminal, a policy imported from a page.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from string import ascii_lowercase
from typing import Any, NamedTuple

from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.list import markTightParagraphs
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

Series = dict[str, str]
"""Each name of a series -> the next one."""

_WIDEST = 3
"""What stands so far in from its item's mark belongs to the item, however wide the mark is.

Four blanks would be code in the preview of a git host, which knows no item there.
"""
_MARK = re.compile(
    r"(?:(?P<opening>\()(?P<inner>\d{1,3}|[a-z]{1,7}|[A-Z]{1,7})(?P<closing>\))"
    r"|(?P<name>[a-z]{1,7}|[A-Z]{1,7})(?P<end>[.)])(?!(?<=\b\w\.)[ \t]+[a-zA-Z]\.)"  # “i. e.” is none
    r"|(?P<above>(?:\d{1,3}\.)+)(?P<last>\d{1,3})(?P<stop>\.?))"
    r"(?:(?P<gap>[ \t]+)(?=(?P<first>\S))|[ \t]*\Z)"
)
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_MOST_ROMAN = 3999


def counted(number: int, kind: str = "1") -> str:
    """Return a number as a list of that type (``1``, ``a``, ``A``, ``i``, ``I``) writes it; digits beyond letters."""
    if kind in ("a", "A") and number > 0:
        found = _letters(number)
    elif kind in ("i", "I") and 0 < number <= _MOST_ROMAN:
        found = _roman(number)
    else:
        return str(number)
    return found.upper() if kind.isupper() else found


def _letters(number: int) -> str:
    found = ""
    while number:
        number, place = divmod(number - 1, len(ascii_lowercase))
        found = ascii_lowercase[place] + found
    return found


def _roman(number: int) -> str:
    found = ""
    for value, letters in _ROMAN:
        found += letters * (number // value)
        number %= value
    return found


_DOUBLED = (*ascii_lowercase, *(2 * letter for letter in ascii_lowercase))
"""Letters as they are typed: behind “z” comes “aa”, then “bb”; a browser goes on with “ab”."""
_SERIES: Sequence[Series] = tuple(
    dict(pairwise(names))
    for names in (
        map(str, range(1, 1000)),
        *(_DOUBLED, map(str.upper, _DOUBLED)),
        *([counted(number, kind) for number in range(1, 50)] for kind in "iI"),
    )
)


GoingOn = tuple[tuple[str, int], ...]
"""Marks that go on where a list above left off, each with the number of its series."""


class Mark(NamedTuple):
    """A mark at the head of a line: its name in its series, what stands before and behind, its text's place.

    ``sure`` says that it looks like nothing else, with text behind it: no initial of a name, no number with its unit.
    """

    before: str
    name: str
    after: str
    width: int
    sure: bool

    @property
    def text(self) -> str:
        """The mark as it is typed."""
        return f"{self.before}{self.name}{self.after}"

    @property
    def escaped(self) -> str:
        """The same characters as text, which is no mark."""
        return re.sub(r"(?=[(.)])", r"\\", self.text, count=1)

    @property
    def first(self) -> Series | None:
        """The series that it is the first of, if it is the first of one."""
        return next((series for series in _SERIES if self.name == next(iter(series))), None)

    def next(self, series: Series) -> str:
        """The mark that follows it in a series; empty behind the last one."""
        name = series.get(self.name)
        return f"{self.before}{name}{self.after}" if name else ""

    @property
    def all_next(self) -> Iterator[str]:
        """The marks that may follow it, in whatever series."""
        return filter(None, map(self.next, _SERIES))


def at_head(line: str) -> Mark | None:
    """The mark that a line begins with, if it begins with one."""
    found = _MARK.match(line)
    if not found:
        return None
    sure = bool(found["first"])
    if sure and found["name"]:
        sure = found["end"] == ")" or len(found["name"]) > 1 or found["name"].islower() or found["gap"] != " "
    elif sure and found["above"] and not found["stop"]:
        sure = found["first"].isalpha() and not found["first"].islower()
    before, name, after = (
        "".join(filter(None, found.group(*names)))
        for names in (("opening", "above"), ("inner", "name", "last"), ("closing", "end", "stop"))
    )
    return Mark(before, name, after, found.end(), sure)


class _Open(NamedTuple):
    """An item whose end has not come: where its content begins, and the mark that the next one has."""

    indent: int
    awaited: str


class _Known(NamedTuple):
    """What a text's lists tell so far: the items that are open, and the marks that go on where a list left off."""

    open: list[_Open]
    going_on: dict[str, Series]


def below(going_on: GoingOn) -> dict[str, Any]:
    """Return what the parser is told of a text that stands below lists whose marks may be ``going_on`` in it."""
    return {"marks": _Known([], {mark: _SERIES[number] for mark, number in going_on})}


def going_on(env: EnvType) -> GoingOn:
    """Return the marks that may go on below a text, from what the parser told of it."""
    return tuple((mark, _SERIES.index(series)) for mark, series in env["marks"].going_on.items())


def rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The parser's rule for such a list. It ends no paragraph but those of its own items."""
    known = state.env["marks"]
    mark = None if (silent and not known.open) or state.is_code_block(start) else _on(state, start)
    if mark is None:
        return False
    if silent:
        return any(state.sCount[start] < item.indent and mark.text == item.awaited for item in known.open)
    series = _series(state, start, end, mark, known.going_on.get(mark.text))
    if series is None:
        return False
    opening, place = state.push("ordered_list_open", "ol", 1), len(state.tokens) - 1
    outside, state.parentType = state.parentType, "list"
    line, tight, parted = start, True, False
    while mark:
        known.going_on.pop(mark.text, None)
        awaited = mark.next(series)
        known.open.append(_Open(state.sCount[line] + min(mark.width, _WIDEST), awaited))
        tight = _item(state, line, end, mark, known.open[-1].indent) and tight and not parted
        known.open.pop()
        known.going_on[awaited] = series
        line, parted = state.line, state.line - line > 1 and state.isEmpty(state.line - 1)
        mark = _on(state, line) if line < end and 0 <= state.sCount[line] - state.blkIndent < 4 else None
        mark = mark if mark and mark.text == awaited else None
    opening.map, opening.block = [start, line], True
    state.push("ordered_list_close", "ol", -1).block = True
    state.parentType = outside
    if tight:
        markTightParagraphs(state, place)
    return True


def _series(state: StateBlock, start: int, end: int, mark: Mark, going_on: Series | None) -> Series | None:
    """The series of a list's first mark. Behind “(h)”, “(i)” goes on unless the next item says that it is a number."""
    if going_on is None or mark.first is None or going_on is mark.first:
        return mark.first if going_on is None else going_on
    within = state.sCount[start] + min(mark.width, _WIDEST)
    following = (_on(state, line) for line in range(start + 1, end) if state.sCount[line] < within)
    found = {mark.next(series): series for series in (mark.first, going_on)}
    return next((found[each.text] for each in following if each and each.text in found), going_on)


def _on(state: StateBlock, line: int) -> Mark | None:
    found = at_head(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])
    return found if found and found.sure else None


def _item(state: StateBlock, line: int, end: int, mark: Mark, indent: int) -> bool:
    """One item, its mark kept for the page; says whether no empty line stands within."""
    opening = state.push("list_item_open", "li", 1)
    opening.attrs, opening.meta, opening.block = {"type": "none"}, {"mark": mark.text}, True
    row = state.bMarks[line], state.tShift[line], state.sCount[line]
    outside = state.tight, state.listIndent, state.blkIndent
    state.bMarks[line] += state.tShift[line] + mark.width
    state.tShift[line], state.sCount[line] = 0, indent
    state.tight, state.listIndent, state.blkIndent = True, state.blkIndent, indent
    state.md.block.tokenize(state, line, end)
    within = state.tight
    state.bMarks[line], state.tShift[line], state.sCount[line] = row
    state.tight, state.listIndent, state.blkIndent = outside
    opening.map = [line, state.line]
    state.push("list_item_close", "li", -1).block = True
    return within


def shown_item(renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: EnvType) -> str:
    """An item's start, its mark behind it unless a paragraph begins there."""
    html, mark, within = renderer.renderToken(tokens, place, options, env), _mark(tokens[place]), tokens[place + 1]
    return html if within.type == "paragraph_open" and not within.hidden else f"{html}{mark}"


def shown_paragraph(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: EnvType
) -> str:
    """A paragraph's start, behind it the mark of the item that begins with it."""
    html = renderer.renderToken(tokens, place, options, env)
    return html if tokens[place].hidden or not place else f"{html}{_mark(tokens[place - 1])}"


def _mark(token: Token) -> str:
    """An item's mark as it stands before its text; empty where it has none."""
    return f"{token.meta['mark']} " if "mark" in token.meta else ""


def run_on(tokens: Sequence[Token]) -> Iterator[tuple[int, Mark]]:
    """Where lines that look like items run into the paragraph above: their line, from 1, and their mark."""
    awaited: set[str] = set()
    for before, token in pairwise(tokens):
        if "mark" in before.meta and (mark := at_head(f"{before.meta['mark']}  A")):
            awaited.update(mark.all_next)
        if token.type != "inline" or before.type != "paragraph_open" or not token.map:
            continue
        above = "<br>"
        for number, row in enumerate(token.content.split("\n"), token.map[0] + 1):
            mark = at_head(row.lstrip(" \t"))
            runs = not _BROKEN.search(above)
            if mark and runs and (mark.text in awaited or (mark.sure and mark.first)):
                yield number, mark
            awaited.update(mark.all_next if mark else ())
            above = row


_BROKEN = re.compile(r"(?: {2}|\\|<br[ ]?/?>[ \t]*)\Z")
"""A line that another one begins below, whatever it begins with."""
