"""What stands within paragraphs, headings and cells: links and other pieces, and where in the text they are written.

The parser tells places within a paragraph alone; here they become offsets in the whole text.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import accumulate, pairwise

from markdown_it.common.utils import isStrSpace, normalizeReference, unescapeAll
from markdown_it.helpers import parseLinkDestination
from markdown_it.token import Token

_HREF = re.compile(r"""\b(?:href|src)\s*=\s*(?:"(?P<a>[^"]*)"|'(?P<b>[^']*)'|(?P<c>[^\s"'=<>`]+))""", re.IGNORECASE)

Edit = tuple[int, int, str]
"""From where to where a text changes, and what stands there then."""


@dataclass(frozen=True)
class Link:
    """A link, or what else holds an address. ``kind`` is link, image, auto, reference, definition, or html.

    ``address`` is what it means, entities and escapes read. ``start`` and ``end`` enclose the address as it is written
    (nothing where a reference names it); ``whole`` all of the link, and ``shown`` its text, brackets left out. ``name``
    is that by which ``[text][name]``, ``[name][]`` or ``[name]`` refers to a definition, folded; else it is empty.
    """

    kind: str
    address: str
    line: int
    start: int
    end: int
    whole: tuple[int, int]
    shown: tuple[int, int] = (0, 0)
    name: str = ""


@dataclass(frozen=True)
class _Origins:
    """Of each line of an inline token: its offset in the content, its blanks, and where what is behind them stands.

    In a ``cell`` each bar was written with a backslash.
    """

    begins: Sequence[int]
    blanks: Sequence[int]
    places: Sequence[int]
    cell: bool


@dataclass(frozen=True, eq=False)
class Inline:
    """The inline ``tokens`` of a text, whose lines begin at ``starts``."""

    source: str
    starts: Sequence[int]
    tokens: Sequence[Token]

    def links(self) -> Iterator[Link]:
        """The links and pictures, in order."""
        for token, child in self._children("link_open", "image"):
            yield self._link(token, child)

    def places(self, *kinds: str) -> Iterator[tuple[int, int]]:
        """From where to where the pieces of some kinds reach."""
        for token, child in self._children(*kinds):
            start, end = child.meta["at"]
            yield self._offset(token, start), self._offset(token, end - 1) + 1

    def line(self, token: Token, offset: int) -> int:
        """The line of what stands at ``offset`` of an inline token's content."""
        return (token.map or [0])[0] + bisect_right(self._origins[id(token)].begins, offset)

    def _children(self, *kinds: str) -> Iterator[tuple[Token, Token]]:
        for token in self.tokens:
            if token.type == "inline" and token.map:
                yield from (
                    (token, child) for child in token.children or () if child.type in kinds and "at" in child.meta
                )

    def _link(self, token: Token, child: Token) -> Link:
        (start, end), label, content = child.meta["at"], child.meta.get("label", -1), token.content
        line, place = self.line(token, start), partial(self._offset, token)
        kind, attribute = ("image", "src") if child.type == "image" else ("link", "href")
        address, whole = str(child.attrs.get(attribute, "")), (place(start), place(end - 1) + 1)
        if child.markup == "autolink" or label < 0:
            return Link("auto", address, line, *whole, whole, whole)
        shown = (place(start + (kind == "image")) + 1, place(label))
        if end <= label + 1 or content[label + 1] != "(":
            named = content[label + 2 : end - 1] or content[start + 1 + (kind == "image") : label]
            kind = "reference" if kind == "link" else kind
            return Link(kind, address, line, 0, 0, whole, shown, str(normalizeReference(named)))
        begin, stop = _destination(content, label + 2)
        return Link(
            kind, address, line, place(begin), place(stop - 1) + 1 if stop > begin else place(begin), whole, shown
        )

    def _offset(self, token: Token, offset: int) -> int:
        """Where in the text the character at ``offset`` of an inline token's content stands."""
        origins = self._origins[id(token)]
        line = bisect_right(origins.begins, offset) - 1
        column = max(offset - origins.begins[line] - origins.blanks[line], 0)
        return origins.places[line] + column + (token.content.count("|", 0, offset) if origins.cell else 0)

    @cached_property
    def _origins(self) -> Mapping[int, _Origins]:
        found: dict[int, _Origins] = {}
        ends: dict[int, int] = {}
        for before, token in pairwise(self.tokens):
            if token.type != "inline" or not token.map:
                continue
            cell = before.type in ("th_open", "td_open")
            rows = token.content.split("\n")
            places = []
            for number, row in enumerate(rows, token.map[0]):
                start, end = self.starts[number], self.starts[number + 1]
                shown = row.strip(" \t").replace("|", "\\|") if cell else row.strip(" \t")
                find = self.source.find if cell else self.source.rfind
                place = max(find(shown, max(start, ends.get(number, 0)) if cell else start, end), start)
                ends[number] = place + len(shown)
                places.append(place)
            begins = list(accumulate((len(row) + 1 for row in rows[:-1]), initial=0))
            blanks = [len(row) - len(row.lstrip(" \t")) for row in rows]
            found[id(token)] = _Origins(begins, blanks, places, cell)
        return found


def defined(token: Token, source: str, starts: Sequence[int]) -> Link:
    """A link's definition."""
    first, last = token.map or (0, 1)
    begin = starts[first]
    opened = source.find(f"[{token.meta['label']}]:", begin)
    start = opened + len(token.meta["label"]) + 3 if opened >= 0 else begin
    gap = re.compile(r"[\s>]*").match(source, start)
    start, end = _destination(source, gap.end() if gap else start)
    whole = (begin, starts[last] - 1)
    return Link("definition", str(token.meta["url"]), first + 1, start, end, whole)


def edited(text: str, edits: Iterable[Edit]) -> str:
    """``text`` with ``edits``, none of which overlap."""
    for start, end, written in sorted(edits, reverse=True):
        text = f"{text[:start]}{written}{text[end:]}"
    return text


def html_links(raw: str) -> Iterator[Link]:
    """The addresses in raw HTML; ``raw`` is a text with all else blanked out."""
    for found in _HREF.finditer(raw):
        name = next(name for name in "abc" if found[name] is not None)
        line = raw.count("\n", 0, found.start()) + 1
        span = found.span(name)
        yield Link("html", unescapeAll(found[name]), line, *span, span)


def _destination(content: str, start: int) -> tuple[int, int]:
    """From where to where an inline link's address reaches, angle brackets left out."""
    while start < len(content) and (isStrSpace(content[start]) or content[start] == "\n"):
        start += 1
    found = parseLinkDestination(content, start, len(content))
    if not found.ok:
        return start, start
    bracket = content.startswith("<", start)
    return start + bracket, found.pos - bracket
