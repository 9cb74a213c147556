"""A source file -> its text, without what is no text of the policy, and the top-level blocks of it.

Front matter, comments, template tags and the like are taken out; each leaves empty lines, so that every line keeps its
number, and is accounted for: nothing goes silently. Definitions of links and footnotes are set aside, to be put where
they are used. Blocks stand as they are written, but for what no clause may hold: headings come without marks, those in
lists and quotes as sub-headings; a fence is closed, a paragraph that was underlined stands above a rule. Words are
never touched. What the blocks are to a policy is told by ``reading``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache

from markdown_it.token import Token

from inforce.text import markdown, stretches
from inforce.text.dialect import ATTRIBUTES
from inforce.text.markdown import Document


@dataclass(frozen=True, order=True)
class Left:
    """Lines ``first`` to ``last`` of the source that are in no clause, and ``why``; ``text`` as it stood there."""

    first: int
    last: int
    why: str
    text: str


@dataclass(frozen=True)
class Definition:
    """A link's or a footnote's definition; ``name`` is what uses write, a link's folded.

    ``kind`` is link or footnote; ``text`` its Markdown, ``line`` where it stood.
    """

    kind: str
    name: str
    text: str
    line: int


@dataclass(frozen=True)
class Cleaned:
    """The remaining ``text``, the front matter's plain keys, the definitions, and what left.

    The language stands under ``lang``, whichever of its two keys names it.
    """

    text: str
    front: Mapping[str, str]
    definitions: tuple[Definition, ...]
    left: tuple[Left, ...]


@dataclass(frozen=True)
class Block:
    """One top-level block. ``kind`` is heading, paragraph or other; ``level`` is a heading's, else 0.

    ``text`` is its Markdown, a heading's without marks. ``first`` and ``last`` are its lines, from 1.
    """

    kind: str
    text: str
    first: int
    last: int
    level: int = 0


_FRONT = re.compile(
    r"(?P<mark>---|\+\+\+)[ \t]*\n(?![ \t]*\n)"
    r"(?P<yaml>(?:(?:[ \t]*|[ \t]*#.*|[\w-]+[ \t]*[:=].*|[ \t]+\S.*|- .*|\[.*\][ \t]*)\n)+?)"
    r"(?:(?P=mark)|\.\.\.)[ \t]*(?=\n|\Z)"
)
"""Every line of it is a key, belongs to one, or is empty, and the first is not: a text that stands between two rules is
not taken for it."""
_ANY_KEY = re.compile(r"^[\w-]+[ \t]*[:=]", re.MULTILINE)
_KEY = re.compile(
    r"^(?P<key>[A-Za-z][\w-]*)[ \t]*[:=][ \t]*(?:[>|][-+]?[ \t]*\n(?P<below>(?:[ \t]+\S.*\n)+)"
    r"|(?P<quote>[\"'])(?P<quoted>.*)(?P=quote)[ \t]*(?:#.*)?$|(?P<plain>.+?)(?:[ \t]+#.*|[ \t]*)$)",
    re.MULTILINE,
)
_SCRIPT = re.compile(r"^ {0,3}<(script|style|template|noscript|svg)\b(?:.|\n)*?</\1\s*>[ \t]*$", re.M | re.I)
_COMMENT = re.compile(r"^ {0,3}<!--(?:[^-]|-(?!->))*-->[ \t]*$", re.MULTILINE)
_OWN_COMMENT = re.compile(
    r"^[ \t]*\{/\*(?:[^*]|\*(?!/\}))*+\*/\}[ \t]*$|^\{::comment\}(?:[^{]|\{(?!:/))*+\{:/(?:comment)?\}[ \t]*$"
    r"|^ {0,3}\[(?://|comment|_)\]:[ \t]*(?:#|<>)[ \t]+(?:\([^()\n]*\)|\"[^\"\n]*\"|'[^'\n]*')[ \t]*$",
    re.MULTILINE,
)
"""Comments of MDX and kramdown, and a definition of nothing that is none but by its title."""
_MODULE = re.compile(
    r"^import[ \t]++(?:[\w${}*,][\w${}*, \t]*[ \t]from[ \t]+)?(?:'[^'\n]+'|\"[^\"\n]+\");?[ \t]*$"
    r"|^export[ \t]+(?:const|let|var|function|default)\b[^\n]*[=({][^\n]*$",
    re.MULTILINE,
)
"""What a page of MDX begins with: the components that it shows, none of it read by anybody."""
_TEMPLATE = re.compile(r"^[ \t]*(?:(?:\{%(?:(?!%\}).)*%\}|\{\{[<%](?:(?!\}\}).)*[%>]\}\})[ \t]*)+$", re.MULTILINE)
"""A line of tags alone: what stands between two of them is text."""
_TOC = re.compile(
    r"^[ \t]*(?:\[TOC\]|\[\[_?TOC_?\]\]|[-*+1][. ][ \t]*(?:TOC|toc|Table of contents)[ \t]*\n\{:toc.*\})[ \t]*$", re.M
)
_ATTRIBUTES = re.compile(rf"^[ \t]*{ATTRIBUTES}[ \t]*$", re.MULTILINE)
_HEADING_TAG = re.compile(
    r"^[ \t]*<h(?P<level>[1-6])\b(?:[^>\n]*?\sid\s*=\s*[\"']?(?P<id>[\w.-]+))?[^>\n]*>"
    r"\s*(?P<text>(?:(?!</?h[1-6]\b)(?:.|\n(?![ \t]*\n)))*?)\s*</h(?P=level)>[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_LINK = re.compile(
    r"^ {0,3}\[(?P<name>[^\]\[^][^\]\[]*)\]:[ \t]*(?:\n[ \t]+)?(?:<[^<>\n]*>|\S+)"
    r"(?:[ \t]*\n?[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$",
    re.MULTILINE,
)
_FOOTNOTE = re.compile(
    r"^ {0,3}\[(?P<name>\^[^\]\s]+)\]:[^\n]*(?:\n(?! {0,3}(?:\[[^\]\n]+\]:|\*\[|#))[ \t]*\S[^\n]*)*"
    r"(?:\n(?:[ \t]*\n)+(?: {4}|\t)[^\n]+(?:\n[ \t]*\S[^\n]*)*)*",  # a further paragraph of it is indented
    re.MULTILINE,
)
_LONGEST_HEADING = 120
"""Characters: what is longer above a line of hyphens is a paragraph above a rule."""
_LOOSE_HEADING = re.compile(r"^( {0,3}#{2,6})(?=[^\s#])", re.MULTILINE)
_RULE = "***"
"""Not hyphens: below a line they underline it, and at a file's beginning they open front matter."""
_NAMELESS = re.compile(rf"{ATTRIBUTES}|<[^<>]*>")
"""Attributes and tags: a heading of nothing else, and of punctuation, names nothing."""


def _code(read: Document) -> Set[int]:
    return read.code_lines


class _Text:
    """A text while things are taken out of it, and what was taken."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.left: list[Left] = []
        self._source = text

    @cached_property
    def _code(self) -> Set[int]:
        """The lines of code, asked for where something is found: most texts have nothing to take out."""
        read = stretches.told(self._source, _code)
        return {above + line for above, lines in read for line in lines}

    def line(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1

    def found(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """The matches outside code, the last first, so that offsets hold while they are taken out."""
        for match in reversed(list(pattern.finditer(self.text))):
            if self.line(match.start() + len(match[0]) - len(match[0].lstrip())) not in self._code:
                yield match

    def put(self, start: int, end: int, written: str) -> None:
        self.text = f"{self.text[:start]}{written}{self.text[end:]}"

    def blank(self, match: re.Match[str]) -> None:
        self.put(*match.span(), "\n" * match[0].count("\n"))

    def take(self, pattern: re.Pattern[str], why: str, *marks: str) -> None:
        """Take out what ``pattern`` matches, which holds one of ``marks``: most texts hold none."""
        for match in self.found(pattern) if any(mark in self.text for mark in marks) else ():
            first = self.line(match.start())
            self.left.append(Left(first, first + match[0].count("\n"), why, match[0].strip()))
            self.blank(match)


def clean(text: str) -> Cleaned:
    """Return ``text`` (LF line ends, no byte order mark) without what is none of the policy's words."""
    front: dict[str, str] = {}
    left: list[Left] = []
    if opening := front_matter(text):
        front = {each["key"].lower(): _value(each) for each in _KEY.finditer(opening)}
        front |= {"lang": front["language"]} if "language" in front and "lang" not in front else {}
        rows = opening.count("\n")
        left.append(Left(1, rows + 1, "front matter", opening))
        text = "\n" * rows + text[len(opening) :]
    rest = _Text(text)
    rest.take(_COMMENT, "comment", "<!--")
    rest.take(_OWN_COMMENT, "comment", "{/*", "{::", "]: #", "]: <")
    rest.take(_MODULE, "script", "port ")
    rest.take(_SCRIPT, "script", "</")
    rest.take(_TOC, "navigation", "")
    rest.take(_TEMPLATE, "template tag", "{")
    rest.take(_ATTRIBUTES, "attributes", "{")
    definitions = sorted(_set_aside(rest), key=lambda each: each.line)
    return Cleaned(_HEADING_TAG.sub(_marked, rest.text), front, tuple(definitions), tuple(sorted(left + rest.left)))


def _value(key: re.Match[str]) -> str:
    return " ".join((key["below"] or key["quoted"] or key["plain"] or "").split())


def front_matter(text: str) -> str:
    """Return the front matter that a text begins with, its marks included; empty where it has none."""
    opening = _FRONT.match(text)
    return opening[0] if opening and _ANY_KEY.search(opening["yaml"]) else ""


def _marked(tag: re.Match[str]) -> str:
    """A heading of tags as one of marks, by what links call it before it."""
    name = f'<a id="{tag["id"]}"></a> ' if tag["id"] else ""
    return f"{'#' * int(tag['level'])} {name}{' '.join(tag['text'].split())}" + "\n" * tag[0].count("\n")


def _set_aside(rest: _Text) -> Iterator[Definition]:
    """The definitions in the text, which goes on without them."""
    for kind, pattern in (("link", _LINK), ("footnote", _FOOTNOTE)):
        matches = list(rest.found(pattern)) if "]:" in rest.text else []
        used = footnotes(rest.text) if matches and kind == "footnote" else ()
        for place, match in enumerate(matches):
            name = match["name"] if kind == "footnote" else " ".join(match["name"].casefold().split())
            again = name in (each["name"] for each in matches[place + 1 :])
            if kind == "footnote" and (again or name not in used):  # nothing leads to it: it is text, and shown
                start = rest.text.index("[", match.start())
                rest.put(start, start, "\\")
                continue
            yield Definition(kind, name, match[0].strip("\n"), rest.line(match.start()))
            rest.blank(match)


def footnotes(text: str, labels: Iterable[str] = ()) -> Set[str]:
    """Return the names of the footnotes that a text refers to, headings aside: of those it defines, or ``labels``."""
    if "[^" not in text:
        return frozenset()
    text = _LOOSE_HEADING.sub(r"\1 ", text)
    defined = (name for _, names in stretches.told(text, _defined_footnotes) for name in names)
    known = frozenset((*labels, *defined))
    return {name for stretch in stretches.of(text) if "[^" in stretch for name in _footnotes(stretch, known)}


def _defined_footnotes(read: Document) -> Set[str]:
    return frozenset(f"^{label}" for label, _ in read.footnotes)


@lru_cache(maxsize=4096)
def _footnotes(stretch: str, labels: Set[str]) -> Set[str]:
    read = markdown.read("".join(f"[{label}]: x\n\n" for label in sorted(labels)) + stretch)
    headings = {line for heading in read.headings for line in range(heading.first, heading.last + 1)}
    return frozenset(f"^{label}" for label, line in read.footnote_uses if line not in headings)


def blocks(text: str) -> tuple[Block, ...]:
    """Return the top-level blocks of ``text``, in order; a fence that is never closed ends with the text."""
    read = stretches.told(_LOOSE_HEADING.sub(r"\1 ", text), _blocks)
    return tuple(
        Block(each.kind, each.text, above + each.first, above + each.last, each.level)
        for above, found in read
        for each in found
    )


def _blocks(read: Document) -> tuple[Block, ...]:
    rows = _lowered(read)
    if read.open_fence:
        fence = next(t for t in read.tokens if t.type == "fence" and t.map and t.map[0] + 1 == read.open_fence)
        opened = rows[read.open_fence - 1]
        rows[(fence.map or [0, len(rows)])[1] - 1] += f"\n{' ' * (len(opened) - len(opened.lstrip(' ')))}{fence.markup}"
    found: list[Block] = []
    depth = 0
    for place, token in enumerate(read.tokens):
        if depth == 0 and token.map:
            found.extend(block for block in _block(read.tokens[place : place + 2], rows) if block.text.strip())
        depth += token.nesting
    return tuple(found)


def _lowered(read: Document) -> list[str]:
    """The lines of a text, headings in its lists and quotes made sub-headings: no clause can begin there."""
    rows = list(read.rows)
    for heading in read.headings:
        if not heading.nested:
            continue
        row = rows[heading.first - 1]
        if not heading.underlined:
            rows[heading.first - 1] = re.sub(r"(?<!#)#{1,2}(?=\s|\Z)", "###", row, count=1)
        elif "\n" not in heading.text and len(heading.text) <= _LONGEST_HEADING:
            at = row.rfind(heading.text)
            rows[heading.first - 1] = f"{row[:at]}### {row[at:]}"
            rows[heading.last - 1] = re.sub(r"[=-]+[ \t]*\Z", "", rows[heading.last - 1])
    return rows


def _block(tokens: Sequence[Token], rows: Sequence[str]) -> Iterator[Block]:
    """The block that begins with the first of ``tokens``; two where a long paragraph was underlined."""
    opened = tokens[0]
    first, last = opened.map or (0, 0)
    while last > first and not rows[last - 1].strip():  # what a list ends with above a heading, and not above the end
        last -= 1
    kind, text, level = "other", "\n".join(rows[first:last]).rstrip(), 0
    if opened.type == "paragraph_open":
        kind, text = "paragraph", text.strip()
    elif opened.type == "hr":
        text = _RULE
    elif opened.type == "heading_open":
        content = tokens[1].content
        if opened.markup == "-" and ("\n" in content or len(content) > _LONGEST_HEADING):
            yield Block("paragraph", "\n".join(rows[first : last - 1]).strip(), first + 1, last - 1)
            first, text = last - 1, _RULE
        elif not re.search(r"[^\W_]", _NAMELESS.sub("", content)):
            kind, text = "paragraph", re.sub(r"\A(?=[^\w\s<])", r"\\", content)
        else:
            given = str(opened.attrs.get("id", ""))
            kind, level = "heading", int(opened.tag[1])
            text = re.sub(r"(?: #+)+\Z", "", " ".join(content.split())) + (f" {{#{given}}}" if given else "")
    yield Block(kind, text, first + 1, last, level)
