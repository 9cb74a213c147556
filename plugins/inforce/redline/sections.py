"""Two HTML fragments -> sections: passages that both have, and between them the gaps to compare.

Most of a page stays as it was, and such a passage is not read: it goes into the redline as it stands. That this is
exact rests on three things, all looked at each time. The parser finds each passage and each side of each gap whole:
written out again, what it made of them is what it was given, so no element reaches over a border and nothing was
mended. They begin and end with blocks, so no text runs over a border either. And they hold nothing that a redline's
marks could be taken for, nor anything that reading leaves out, so a passage is read as the same blocks wherever it
stands. Where one of the three fails, both fragments are read as a single gap.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree

from inforce.redline.blocks import BLOCKS, VOID, Block, Container
from inforce.redline.numbers import is_alone
from inforce.redline.order import anchors
from inforce.redline.parsing import UNREADABLE, Reader, load

_BORDER = re.compile(r"\n(?=<(?:p|h[1-6]|[ou]l|dl|table|blockquote|pre|div|hr)\b)")
_VOID = re.compile(rf"<((?:{'|'.join(sorted(VOID))})\b[^<>]*)>")
_EMPTY = re.compile(r"<(([a-z][a-z0-9]*)[^<>]*)></\2>")
_ANY_TAG = re.compile(r"<([^>]*)>")
_LEVELS = 6
"""Numbers above each other, as of a chapter, a section and a paragraph, are no more than these."""
_SHORT = 100
"""A heading that is nothing but a number has no more characters, with its tags."""
_PLAIN = re.compile(r"/?([a-z][a-z0-9]*)(?: [A-Za-z_:][-\w:.]*=\"[^\"<>]*\")*", re.ASCII)


@dataclass(frozen=True)
class Passage:
    """Blocks that both fragments have, as HTML, and the ids that stand in it."""

    html: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gap:
    """What stands on either side between two passages; a side may be empty."""

    old: Container
    new: Container


Section = Passage | Gap


STAND_IN = '<p class="passage">¶</p>'
"""What stands for a passage where a page is proved or judged without it."""
_STAND_IN = load(STAND_IN)


@dataclass(frozen=True)
class Pages:
    """Two fragments, ``old`` and ``new`` with ``STAND_IN`` for each passage, read by ``reader``."""

    sections: tuple[Section, ...]
    old: Container
    new: Container
    reader: Reader


def read(old_html: str, new_html: str) -> Pages:
    """Return both fragments, in sections."""
    reader = Reader()
    found = _sections(old_html, new_html, reader) or [Gap(reader.read(old_html), reader.read(new_html))]
    passage = reader.read_tree(_STAND_IN).children if len(found) > 1 else ()
    sides: tuple[list[Block], list[Block]] = [], []
    for section in found:
        old, new = (passage, passage) if isinstance(section, Passage) else (section.old.children, section.new.children)
        sides[0].extend(old)
        sides[1].extend(new)
    return Pages(tuple(found), reader.page(sides[0]), reader.page(sides[1]), reader)


def _sections(old_html: str, new_html: str, reader: Reader) -> list[Section]:
    """The sections; none where the fragments cannot be cut."""
    texts = list(_texts(_chunks(old_html), _chunks(new_html)))
    sides = _settled(texts)
    found: list[Section] = []
    for text in texts if sides is not None else ():
        if not isinstance(text, str):
            found.append(Gap(reader.read_tree(next(sides)), reader.read_tree(next(sides))))
            continue
        passage = next(sides)
        if not _closed(passage):
            return []
        found.append(Passage(text, tuple(map(str, passage.xpath(".//@id"))) if " id=" in text else ()))
    return found


def _chunks(html: str) -> list[str]:
    """A fragment cut where a block seems to begin outside all others."""
    chunks: list[str] = []
    pending: list[str] = []
    depth = 0
    html = html.strip(" \n")
    for part in _BORDER.split(html) if html else ():
        depth += _opened(part)
        if pending or depth:
            pending.append(part)
            if depth:
                continue
            part = "\n".join(pending)
            pending.clear()
        chunks.append(part)
    return [*chunks, "\n".join(pending)] if pending else chunks


@lru_cache(maxsize=4096)
def _opened(part: str) -> int:
    """How many elements it leaves open, or closes if it is negative."""
    return part.count("<") - 2 * part.count("</") - len(_VOID.findall(part))


def _texts(old: list[str], new: list[str]) -> Iterator[str | tuple[str, str]]:
    """What is on both sides, and the two sides of what is not; a number goes with what stands below it."""
    kept: list[str] = []
    i = j = 0
    for i_next, j_next in [*anchors(_with_below(old), _with_below(new)), (len(old), len(new))]:
        if i < i_next or j < j_next:
            if kept:
                yield "\n".join(kept)
                kept = []
            yield "\n".join(old[i:i_next]), "\n".join(new[j:j_next])
        kept.extend(old[i_next : i_next + 1])
        i, j = i_next + 1, j_next + 1
    if kept:
        yield "\n".join(kept)


def _with_below(chunks: list[str]) -> list[str]:
    """The chunks, those that are nothing but a number with what stands below: that is what they are the number of."""
    found = chunks[:]
    above = 0
    for place in range(len(chunks) - 2, -1, -1):
        above = min(above + 1, _LEVELS) if _is_number(chunks[place]) else 0
        if above:
            found[place] = "\n".join(chunks[place : place + above + 1])
    return found


@lru_cache(maxsize=4096)
def _is_number(chunk: str) -> bool:
    return len(chunk) <= _SHORT and chunk.startswith(("<h", "<p><strong>")) and is_alone(_ANY_TAG.sub("", chunk))


def _settled(texts: list[str | tuple[str, str]]) -> Any:
    """The parsed texts, element by element; None if the parser mended them or reading would leave something out."""
    parts = [part for text in texts for part in ((text,) if isinstance(text, str) else text)]
    html = "".join([f"<div>{part}</div>" for part in parts]).replace("&nbsp;", "\u00a0")
    if not all(map(_readable, set(_ANY_TAG.findall(html)))):
        return None
    body = load(html)
    written = etree.tostring(body, encoding="unicode")
    if "/>" in written:
        html = _EMPTY.sub(r"<\1/>", _VOID.sub(r"<\1/>", html))
    return iter(body) if len(body) == len(parts) and written == f"<body>{html}</body>" else None


@lru_cache(maxsize=4096)
def _readable(tag: str) -> bool:
    found = _PLAIN.fullmatch(tag)
    return found is not None and found[1] not in UNREADABLE and "redline-" not in tag


def _closed(passage: Any) -> bool:
    """Whether it begins and ends with a block."""
    return (
        len(passage) > 0
        and not (passage.text or "").strip()
        and not (passage[-1].tail or "").strip()
        and passage[0].tag in BLOCKS
        and passage[-1].tag in BLOCKS
    )
