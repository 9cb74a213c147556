"""A source text without what is no text of the policy: front matter, comments, template tags, definitions.

What is taken out leaves empty lines, so that every line keeps its number, and is accounted for: nothing goes silently.
Definitions of links and footnotes are set aside, to be put where they are used.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from inforce.errors import fail
from inforce.text import markdown
from inforce.text import normal as texts


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
    """The remaining ``text``, the front matter's plain keys, the definitions, and what left."""

    text: str
    front: Mapping[str, str]
    definitions: tuple[Definition, ...]
    left: tuple[Left, ...]


_FRONT = re.compile(
    r"(?P<mark>---|\+\+\+)[ \t]*\n"
    r"(?P<yaml>(?:(?:[ \t]*|[ \t]*#.*|[\w-]+[ \t]*[:=].*|[ \t]+\S.*|- .*|\[.*\][ \t]*)\n)+?)(?P=mark)[ \t]*(?=\n|\Z)"
)
"""Every line of it is a key, belongs to one, or is empty: a text that stands between two rules is not taken for it."""
_KEY = re.compile(r"^([A-Za-z][\w-]*)[ \t]*[:=][ \t]*(.+?)[ \t]*$", re.MULTILINE)
_SCRIPT = re.compile(r"^ {0,3}<(script|style|template|noscript|svg)\b(?:.|\n)*?</\1\s*>[ \t]*$", re.M | re.I)
_COMMENT = re.compile(r"^ {0,3}<!--(?:[^-]|-(?!->))*-->[ \t]*$", re.MULTILINE)
_TEMPLATE = re.compile(r"^[ \t]*\{%.*%\}[ \t]*$|^[ \t]*\{\{[<%].*[%>]\}\}[ \t]*$", re.MULTILINE)
_TOC = re.compile(
    r"^[ \t]*(?:\[TOC\]|\[\[_?TOC_?\]\]|[-*+1][. ][ \t]*(?:TOC|toc|Table of contents)[ \t]*\n\{:toc.*\})[ \t]*$", re.M
)
_ATTRIBUTES = re.compile(r"^[ \t]*\{::?[^{}\n]*/?\}[ \t]*$|^[ \t]*\{:[^{}\n]*\}[ \t]*$", re.MULTILINE)
_HEADING_TAG = re.compile(
    r"^[ \t]*<h(?P<level>[1-6])\b(?:[^>\n]*?\sid\s*=\s*[\"']?(?P<id>[\w.-]+))?[^>\n]*>"
    r"[ \t]*(?P<text>.*?)[ \t]*</h(?P=level)>[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_LINK = re.compile(
    r"^ {0,3}\[(?P<name>[^\]\[^][^\]\[]*)\]:[ \t]*(?:\n[ \t]+)?<?\S+>?"
    r"(?:[ \t]*\n?[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$",
    re.MULTILINE,
)
_FOOTNOTE = re.compile(
    r"^ {0,3}\[(?P<name>\^[^\]\s]+)\]:[^\n]*(?:\n(?! {0,3}(?:\[[^\]\n]+\]:|\*\[|#))[ \t]*\S[^\n]*)*"
    r"(?:\n(?:[ \t]*\n)+(?: {4}|\t)[^\n]+(?:\n[ \t]*\S[^\n]*)*)*",  # a further paragraph of it is indented
    re.MULTILINE,
)
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
"""Invisible marks that can make a text read otherwise than it is; no clause may hold one."""


def decode(data: bytes, path: str) -> tuple[str, str]:
    """The text of a file in UTF-8, UTF-16 or, failing those, Windows-1252; and what an editor should know of that.

    Raises InForceError for what is no text, and for conflict marks that nobody has resolved.
    """
    for encoding in ("utf-8-sig", "utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return _usable(data.decode(encoding), path), "" if encoding == "utf-8-sig" else "read as UTF-16"
        except UnicodeDecodeError:
            continue
    if b"\0" in data:
        raise fail(path, 0, "encoding", "This is not a text", "Give the policy's Markdown or HTML")
    return _usable(data.decode("cp1252", "replace"), path), "not UTF-8: read as Windows-1252 (Latin-1)"


def _usable(text: str, path: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    bare = texts.UNUSABLE.sub(lambda found: "\n" if found[0] in "\x0b\x0c" else "", _BIDI.sub("", text))
    return unicodedata.normalize("NFC", texts.decode(bare.encode(), path))


class _Desk:
    """The text while things are taken out of it, and what was taken."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.left: list[Left] = []
        self.code = markdown.read(text).code_lines

    def line(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1

    def found(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """The matches outside code, the last first, so that offsets hold while they are taken out."""
        for match in reversed(list(pattern.finditer(self.text))):
            if self.line(match.start() + len(match[0]) - len(match[0].lstrip())) not in self.code:
                yield match

    def blank(self, match: re.Match[str]) -> None:
        emptied = "\n" * match[0].count("\n")
        self.text = f"{self.text[: match.start()]}{emptied}{self.text[match.end() :]}"

    def take(self, pattern: re.Pattern[str], why: str) -> None:
        for match in self.found(pattern):
            first = self.line(match.start())
            self.left.append(Left(first, first + match[0].count("\n"), why, match[0].strip()))
            self.blank(match)


def clean(text: str) -> Cleaned:
    """``text`` (LF line ends, no byte order mark) without what is none of the policy's words."""
    front: dict[str, str] = {}
    desk = _Desk(text)
    if (opening := _FRONT.match(text)) and _KEY.search(opening["yaml"]):
        front = {key.lower(): value.strip("\"'") for key, value in _KEY.findall(opening["yaml"])}
        last = text.count("\n", 0, opening.end()) + 1
        desk.left.append(Left(1, last, "front matter", opening[0]))
        desk.blank(opening)
        desk.code = markdown.read(desk.text).code_lines
    desk.take(_COMMENT, "comment")
    desk.take(_SCRIPT, "script")
    desk.take(_TOC, "navigation")
    desk.take(_TEMPLATE, "template tag")
    desk.take(_ATTRIBUTES, "attributes")
    definitions = _set_aside(desk)
    desk.text = _HEADING_TAG.sub(_marked, desk.text)
    definitions.sort(key=lambda each: each.line)
    return Cleaned(desk.text, front, tuple(definitions), tuple(sorted(desk.left)))


def _marked(tag: re.Match[str]) -> str:
    """A heading of tags as one of marks, by what links call it before it."""
    name = f'<a id="{tag["id"]}"></a> ' if tag["id"] else ""
    return f"{'#' * int(tag['level'])} {name}{tag['text']}"


def _set_aside(desk: _Desk) -> list[Definition]:
    """The definitions in the text, which goes on without them."""
    definitions = []
    for kind, pattern in (("link", _LINK), ("footnote", _FOOTNOTE)):
        used = footnotes(desk.text)
        matches = list(desk.found(pattern))
        for place, match in enumerate(matches):
            name = match["name"] if kind == "footnote" else " ".join(match["name"].casefold().split())
            again = name in (each["name"] for each in matches[place + 1 :])
            if kind == "footnote" and (again or name not in used):  # nothing leads to it: it is text, and shown
                start = desk.text.index("[", match.start())
                desk.text = f"{desk.text[:start]}\\{desk.text[start:]}"
                continue
            definitions.append(Definition(kind, name, match[0].strip("\n"), desk.line(match.start())))
            desk.blank(match)
    return definitions


def footnotes(text: str, labels: Iterable[str] = ()) -> Set[str]:
    """The names of the footnotes that a text refers to, outside of headings: those that it defines, and ``labels``."""
    read = markdown.read("".join(f"[{label}]: x\n\n" for label in labels) + text)
    headings = {line for heading in read.headings for line in range(heading.first, heading.last + 1)}
    return {f"^{use.label}" for use in read.footnote_uses if use.line not in headings}
