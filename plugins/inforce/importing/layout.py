"""Anybody's Markdown -> its top-level blocks, each as it stands, but for what no clause may hold.

Headings come without marks, those in lists and quotes as sub-headings; a fence is closed, a paragraph that was
underlined stands above a rule. Words are never touched.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from inforce.text import markdown
from inforce.text.markdown import Document

_LONGEST_HEADING = 120
"""Characters: what is longer above a line of hyphens is a paragraph above a rule."""
_LOOSE_HEADING = re.compile(r"^( {0,3}#{2,6})(?=[^\s#])", re.MULTILINE)
_RULE = "***"
"""Not hyphens: below a line they underline it, and at a file's beginning they open front matter."""
_NAMELESS = re.compile(r"\{[:#.][^{}]*\}|<[^<>]*>")
"""Attributes and tags: a heading of nothing else, and of punctuation, names nothing."""


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


def blocks(text: str) -> tuple[Block, ...]:
    """The top-level blocks of ``text``, in order; a fence that is never closed ends with the text."""
    read = markdown.read(_LOOSE_HEADING.sub(r"\1 ", text))
    rows = _lowered(read)
    if read.open_fence:
        fence = next(t for t in read.tokens if t.type == "fence" and t.map and t.map[0] + 1 == read.open_fence)
        rows[(fence.map or [0, len(rows)])[1] - 1] += f"\n{' ' * _indent(rows[read.open_fence - 1])}{fence.markup}"
    found: list[Block] = []
    depth = 0
    for place, token in enumerate(read.tokens):
        if depth == 0 and token.map:
            found.extend(block for block in _block(read.tokens[place : place + 2], rows) if block.text.strip())
        depth += token.nesting
    return tuple(found)


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip(" "))


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


def _block(tokens: Sequence[Token], rows: Sequence[str]) -> list[Block]:
    first, last = tokens[0].map or (0, 0)
    text = "\n".join(rows[first:last]).rstrip()
    if tokens[0].type == "paragraph_open":
        return [Block("paragraph", text.strip(), first + 1, last)]
    if tokens[0].type == "hr":
        return [Block("other", _RULE, first + 1, last)]
    if tokens[0].type != "heading_open":
        return [Block("other", text, first + 1, last)]
    content = tokens[1].content
    if tokens[0].markup == "-" and ("\n" in content or len(content) > _LONGEST_HEADING):
        return [
            Block("paragraph", "\n".join(rows[first : last - 1]).strip(), first + 1, last - 1),
            Block("other", _RULE, last, last),
        ]
    given = str(tokens[0].attrs.get("id", ""))
    if not re.search(r"[^\W_]", _NAMELESS.sub("", content)):
        shown = re.sub(r"\A(?=[^\w\s])", r"\\", content)
        return [Block("paragraph", shown, first + 1, last)]
    shown = re.sub(r"(?: #+)+\Z", "", " ".join(content.split())) + (f" {{#{given}}}" if given else "")
    return [Block("heading", shown, first + 1, last, int(tokens[0].tag[1]))]
