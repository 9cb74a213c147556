"""The structure of a Markdown text, read once by the parser that renders it: blocks, links, raw HTML, and their places.

Whatever asks what is a heading, what is code or where a link leads asks here, so that no two readers can differ. Lines
count from 1, offsets from 0, in the text with LF line ends.
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Any

import nh3
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from inforce.text import dialect, lists
from inforce.text.inline import Inline, Link, defined, html_links

DEEPEST = 32
"""So many lists, quotes and the like in one another are as many as anybody can read, and more than a page can show."""
MOST = 8_000
"""Elements of a clause's page: a list of two thousand addresses in three columns. Comparing takes time for each."""

_LARGE = 65_536
"""Characters of a text of which only the last few are kept read: a clause is asked of often, a whole history once."""

_CONTAINERS = frozenset(
    ("list_item_open", "blockquote_open", "dd_open", "note_open", "alert_open", "footnote_reference_open")
)
_RUNNING = (
    *(("<!--", "-->"), ("<?", "?>"), ("<![cdata[", "]]>"), ("<!", ">")),
    *((f"<{name}", f"</{name}>") for name in ("pre", "script", "style", "textarea")),
)
"""Raw HTML that goes on over empty lines until it is closed (CommonMark 0.31, HTML blocks, kinds 1 to 5)."""

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
"""Elements of HTML that hold nothing, and have no end tag (HTML, 13.1.2)."""
_STARTED = re.compile(r"<([a-zA-Z][^\s/>]*)")
_TREE_TAG = re.compile(r"<(/?)([^\s/>]+)[^>]*>")
_SHORT_CODE = re.compile(r"`[^`]*`")


@dataclass(frozen=True)
class Heading:
    """A heading: its level from 1, its Markdown without marks and id, the id that it brings, and the lines it takes.

    ``underlined`` are those of ``===`` or ``---``; ``nested`` those within a list, a quote or the like.
    """

    level: int
    text: str
    id: str
    first: int
    last: int
    underlined: bool
    nested: bool


@dataclass(frozen=True, eq=False)
class Document:
    """A text as the parser reads it. ``tokens`` stand in the text's order, ``final`` in that of the page.

    ``brackets`` tell how deep square brackets are nested, and on which line, where that is too deep: no links are read.
    """

    source: str
    tokens: Sequence[Token]
    final: Sequence[Token]
    env: dict[str, Any]
    brackets: tuple[int, int]

    @cached_property
    def html(self) -> str:
        """The text as HTML, not sanitised; as it is written where it is nested too deep. No line ends with a blank."""
        return self._html(self.source, self.final)

    @property
    def too_deep(self) -> bool:
        """Whether lists, quotes, brackets, or elements of any kind, are nested deeper than a page shows."""
        return max(self.depth[0], self.brackets[0]) > DEEPEST or self.nested > DEEPEST

    @property
    def nested(self) -> int:
        """How deep elements stand in one another on the page, as a browser's parser nests them."""
        return self._counted[0]

    @property
    def elements(self) -> int:
        """How many elements the page has."""
        return self._counted[1]

    @cached_property
    def _counted(self) -> tuple[int, int]:
        return _depth(dialect.to_html(self.final, self.env))

    @cached_property
    def heading_html(self) -> str:
        """The HTML within the heading that the text begins with; empty where it begins with none."""
        return dialect.to_html(self.final[1:2], self.env) if self._headed else ""

    @cached_property
    def html_below(self) -> str:
        """As ``html``, without the heading that the text begins with."""
        return self._html(self.source.partition("\n")[2].lstrip("\n"), self.final[3 * self._headed :])

    def _html(self, source: str, tokens: Sequence[Token]) -> str:
        if self.too_deep:
            return f"<pre>{escapeHtml(source)}</pre>"
        return dialect.unblanked(dialect.to_html(tokens, self.env)).strip("\n")

    @property
    def _headed(self) -> bool:
        return bool(self.final) and self.final[0].type == "heading_open"

    @cached_property
    def rows(self) -> Sequence[str]:
        """The lines of the text."""
        return self.source.split("\n")

    @cached_property
    def starts(self) -> Sequence[int]:
        """The offset at which each line begins."""
        return list(accumulate((len(row) + 1 for row in self.rows), initial=0))

    @cached_property
    def depth(self) -> tuple[int, int]:
        """How deep lists, quotes and the like are nested, and the first line on which they are."""
        deepest, line, depth, here = 0, 0, 0, 0
        for token in self.tokens:
            here = token.map[0] + 1 if token.map else here
            if token.type in _CONTAINERS:
                depth += 1
                deepest, line = max((deepest, line), (depth, here), key=lambda found: found[0])
            elif token.type.removesuffix("_close") + "_open" in _CONTAINERS and token.nesting < 0:
                depth -= 1
        return deepest, line

    @cached_property
    def code_lines(self) -> frozenset[int]:
        """The lines that belong to a code block, fenced or indented."""
        return self._lines_of("fence", "code_block")

    @cached_property
    def verbatim_lines(self) -> frozenset[int]:
        """The lines of code blocks and of blocks of raw HTML: no Markdown is read in them."""
        return self._lines_of("fence", "code_block", "html_block")

    def _lines_of(self, *kinds: str) -> frozenset[int]:
        return frozenset(line for _, first, last in self._blocks(*kinds) for line in range(first + 1, last + 1))

    def _blocks(self, *kinds: str) -> Iterator[tuple[Token, int, int]]:
        """The tokens of some kinds, each with the number of lines above it, and of those up to its end."""
        for token in self.tokens:
            if token.type in kinds and token.map:
                first, last = token.map
                yield token, first, last

    @cached_property
    def open_fence(self) -> int:
        """The line of a code fence that is never closed; 0 where every fence closes."""
        for token, first, last in self._blocks("fence"):
            closing = rf"[\s>]*{re.escape(token.markup)}{re.escape(token.markup[0])}*[ \t]*"
            if last - first < 2 or not re.fullmatch(closing, self.rows[last - 1]):
                return first + 1
        return 0

    @cached_property
    def open_html(self) -> tuple[int, str, str]:
        """Raw HTML that runs on to the text's end: its line, what opens it, what would close it; 0 where all closes."""
        for token, first, _ in self._blocks("html_block"):
            written = token.content.lstrip().lower()
            opening, closing = next((each for each in _RUNNING if written.startswith(each[0])), ("", ""))
            if closing not in written[len(opening) :]:
                return first + 1, opening, closing
        return 0, "", ""

    @cached_property
    def headings(self) -> Sequence[Heading]:
        """The headings, in order."""
        found = []
        for place, token in enumerate(self.tokens):
            if token.type == "heading_open" and token.map:
                text, underlined = self.tokens[place + 1].content, token.markup in ("=", "-")
                given, (above, last) = str(token.attrs.get("id", "")), token.map
                found.append(Heading(int(token.tag[1]), text, given, above + 1, last, underlined, token.level > 0))
        return found

    @cached_property
    def bare(self) -> str:
        """The text with code blanked out, blocks and spans; every line keeps its number and its length."""
        return _blanked(self.source, [*self._block_places("fence", "code_block"), *self._inline.places("code_inline")])

    @cached_property
    def bare_rows(self) -> Sequence[str]:
        """The lines of ``bare``."""
        return self.bare.split("\n")

    @cached_property
    def plain(self) -> str:
        """As ``bare``, with raw HTML, links and definitions blanked, too: marks in it that look like links are none."""
        taken = [*self._block_places("html_block", "definition"), *self._inline.places("html_inline", "footnote_ref")]
        taken += [link.whole for link in self.links if link.kind != "html"]
        for label, line in self.footnotes:
            found = re.compile(rf"[\s>]*\[\^{re.escape(label)}\]:").match(self.source, self.starts[line - 1])
            taken += [found.span()] if found else []
        return _blanked(self.bare, taken)

    @cached_property
    def raw(self) -> str:
        """The text with all but raw HTML blanked out."""
        kept = [*self._block_places("html_block"), *self._inline.places("html_inline")]
        return "".join(_spaces(between) + within for between, within in _parted(self.source, kept))

    @cached_property
    def breaks(self) -> frozenset[int]:
        """The lines whose trailing blanks are a hard break."""
        found = set()
        for token in self.inlines:
            for child in token.children or ():
                if child.type == "hardbreak" and token.content.startswith("\n", child.meta["at"][0]):
                    found.add(self._inline.line(token, child.meta["at"][0]))
        return frozenset(found)

    @cached_property
    def inlines(self) -> Sequence[Token]:
        """The stretches of text: paragraphs, headings, cells and terms."""
        return [token for token, _, _ in self._blocks("inline")]

    @cached_property
    def footnotes(self) -> Sequence[tuple[str, int]]:
        """The labels of the footnotes that the text defines, and their lines."""
        return [(token.meta["label"], above + 1) for token, above, _ in self._blocks("footnote_reference_open")]

    @cached_property
    def footnote_uses(self) -> Sequence[tuple[str, int]]:
        """The same of the places that refer to a footnote which is defined."""
        return [
            (child.meta["label"], self._inline.line(token, child.meta["at"][0]))
            for token in self.inlines
            for child in token.children or ()
            if child.type == "footnote_ref"
        ]

    @cached_property
    def definitions(self) -> Sequence[tuple[str, int]]:
        """The names that link definitions define, folded, and their lines."""
        return [(token.meta["id"], above + 1) for token, above, _ in self._blocks("definition")]

    @cached_property
    def links(self) -> Sequence[Link]:
        """Everything that holds an address, in order."""
        found = [*self._inline.links(), *html_links(self.raw)]
        found += (defined(token, self.source, self.starts) for token in self.tokens if token.type == "definition")
        return sorted(found, key=lambda link: link.whole)

    @cached_property
    def _inline(self) -> Inline:
        return Inline(self.source, self.starts, self.tokens)

    def _block_places(self, *kinds: str) -> Iterator[tuple[int, int]]:
        for _, first, last in self._blocks(*kinds):
            yield self.starts[first], self.starts[last] - 1


def read(source: str) -> Document:
    """``source`` as the parser reads it. Never raises, whatever the text."""
    source = source.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    return _whole(source) if len(source) > _LARGE else _read(source)


def blocks(source: str, going_on: lists.GoingOn = ()) -> Document:
    """The blocks alone of ``source`` (LF line ends), below lists with whose marks it may be ``going_on``."""
    return _parsed(source, (0, 0), inline=False, going_on=going_on)


def nested(source: str) -> int:
    """How deep elements stand in one another on the page of a part of a text, which nobody asks of again."""
    return _parsed(source, (0, 0), inline=True).nested


@lru_cache(maxsize=4)
def _whole(source: str) -> Document:
    return _read.__wrapped__(source)


@lru_cache(maxsize=1024)
def _read(source: str) -> Document:
    deep = source.count("[") > DEEPEST and _brackets(source, frozenset())[0] > DEEPEST
    if deep and (brackets := _brackets(source, blocks(source).code_lines))[0] > DEEPEST:
        return _parsed(source, brackets, inline=False)
    return _parsed(source, (0, 0), inline=True)


def _parsed(source: str, brackets: tuple[int, int], *, inline: bool, going_on: lists.GoingOn = ()) -> Document:
    env = lists.below(going_on)
    final = dialect.parser(inline=inline).parse(source, env)
    return Document(source, env["tokens"], final, env, brackets)


def _brackets(text: str, code: Set[int]) -> tuple[int, int]:
    """How deep square brackets are nested in any one paragraph, and the line on which that depth is reached first.

    The parser's time grows with the square of those left open.
    """
    deepest, place, depth = 0, 0, 0
    for number, line in enumerate(text.split("\n"), 1):
        depth = depth if line.strip() and number not in code else 0
        shown = "" if number in code else _SHORT_CODE.sub("", line)
        for mark in re.findall(r"(?<!\\)[\[\]]", shown):
            depth = depth + 1 if mark == "[" else max(depth - 1, 0)
            if depth > deepest:
                deepest, place = depth, number
    return deepest, place


def _depth(html: str) -> tuple[int, int]:
    """How deep elements stand in one another once the HTML parser of a browser has closed what is left open.

    And how many there are; neither is counted of a few.
    """
    if html.count("<") <= DEEPEST:
        return 0, 0
    names = {name.lower() for name in _STARTED.findall(html)} - {"script", "style"}
    deepest = depth = count = 0
    tree = nh3.clean(html, tags=names, attributes={}, link_rel=None)  # written anew, with every end tag that there is
    for tag in _TREE_TAG.finditer(tree):
        depth += 0 if tag[2] in VOID else -1 if tag[1] else 1
        deepest = max(deepest, depth)
        count += not tag[1]
    return deepest, count


def _parted(text: str, places: Iterable[tuple[int, int]]) -> Iterator[tuple[str, str]]:
    """What stands before each of the places, and in it; what two of them share counts for one."""
    end = 0
    for start, stop in sorted(places):
        yield text[end:start], text[max(start, end) : stop]
        end = max(end, stop)
    yield text[end:], ""


def _blanked(text: str, places: Iterable[tuple[int, int]]) -> str:
    return "".join(between + _spaces(within) for between, within in _parted(text, places))


def _spaces(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
