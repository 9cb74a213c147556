"""WordprocessingML's elements, and what is theirs: who made a change, what they refer to, and Word's marks of a move.

Marks of a move are those of ECMA-376, part 1, 17.13.5.21 to 17.13.5.28. Paragraphs of one move that stand behind each
other share a range, whose name is the same where they left and where they arrived. What cannot be marked so is deleted
and inserted: a table's rows, which have no such mark; a change without a time, since a range needs one; and a paragraph
with a link or a footnote, of which LibreOffice 7.4 leaves an empty one. What is written with them is told in
``writing``.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from inforce.text.characters import UNUSABLE
from inforce.word.content import Label, Paragraph

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_NAMESPACES = {"w": W, "r": R}
_KINDS = {"del": "moveFrom", "ins": "moveTo", "delText": "t"}
"""What marks text that is deleted or inserted, and what marks it where that is a move."""


@dataclass(frozen=True)
class Author:
    """Who made a change, and when; None where that is not known, as for a draft."""

    name: str
    at: datetime | None = None

    @property
    def signature(self) -> dict[str, str]:
        """The attributes of what is theirs."""
        dated = {"date": stamp(self.at)} if self.at else {}
        return {"author": UNUSABLE.sub("\ufffd", self.name), **dated}


@dataclass
class Names:
    """The names of a document's ranges, given as they are met."""

    _met: Counter[tuple[str, bool]] = field(default_factory=Counter)
    _given: dict[tuple[str, int], str] = field(default_factory=dict)

    def next(self, move: str, arrived: bool) -> str:
        """Return the name of a move's next range on one of its two sides; both have as many."""
        self._met[move, arrived] += 1
        return self._given.setdefault((move, self._met[move, arrived]), f"move{len(self._given) + 1}")


@dataclass
class Parts:
    """What elements refer to outside their own place, gathered while they are written. All numbers count from 1."""

    lists: list[Label] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    """Addresses, and the ids by which the package refers to them."""
    notes: list[list[Any]] = field(default_factory=list)
    comments: list[Any] = field(default_factory=list)
    anchors: dict[str, str] = field(default_factory=dict)
    """The ids that links in the document lead to, and the bookmarks that stand for them."""
    placed: set[str] = field(default_factory=set)
    moves: Names = field(default_factory=Names)
    marks: int = 0

    def mark(self) -> str:
        """An id for the next change or bookmark: each has its own in the whole document."""
        self.marks += 1
        return str(self.marks)


def named(tag: str) -> str:
    """Return the full name of WordprocessingML's ``tag``."""
    return f"{{{W}}}{tag}"


def w(tag: str, *children: Any, text: str | None = None, relation: str = "", **values: str) -> Any:
    """Return an element of WordprocessingML with its attributes; ``relation`` is the id of what it refers to."""
    element = etree.Element(named(tag), {named(name): value for name, value in values.items()}, _NAMESPACES)
    if relation:
        element.set(f"{{{R}}}id", relation)
    element.text = text
    element.extend(child for child in children if child is not None)
    return element


def words(text: str, *, deleted: bool = False) -> Any:
    """Return a run's text with its blanks."""
    element = w("delText" if deleted else "t", text=UNUSABLE.sub("\ufffd", text))
    element.set(_SPACE, "preserve")
    return element


def stamp(at: datetime) -> str:
    """Return an instant as Word writes it, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def can_move(paragraph: Paragraph) -> bool:
    """Return whether a paragraph can be marked as moved."""
    pieces = paragraph.pieces
    linked = any(look and look.link for piece in pieces for look in (piece.old, piece.new))
    return paragraph.tracked and not linked and not any(piece.note for piece in pieces)


def move_kind(arrived: bool) -> str:
    """Return the mark of a move where its text arrived, or where it left."""
    return _KINDS["ins" if arrived else "del"]


def mark_move(paragraph: Any) -> None:
    """Make the marks of a paragraph that is wholly deleted, or inserted, those of a move."""
    for element in paragraph.iter("{*}del", "{*}ins", "{*}delText"):
        space, _, name = element.tag.rpartition("}")
        element.tag = f"{space}}}{_KINDS[name]}"
