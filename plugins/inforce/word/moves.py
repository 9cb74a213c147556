"""A paragraph that moved as it was -> Word's own marks of a move (ECMA-376, part 1, 17.13.5.21 to 17.13.5.28).

Paragraphs of one move that stand behind each other share a range, whose name is the same where they left and where they
arrived. What cannot be marked so is deleted and inserted: a table's rows, which have no such mark; a change without a
time, since a range needs one; and a paragraph with a link or a footnote, of which LibreOffice 7.4 leaves an empty one.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from inforce.word.content import Paragraph

_KINDS = {"del": "moveFrom", "ins": "moveTo", "delText": "t"}
"""What marks text that is deleted or inserted, and what marks it where that is a move."""


def fits(paragraph: Paragraph) -> bool:
    """Return whether a paragraph can be marked as moved."""
    pieces = paragraph.pieces
    linked = any(look and look.link for piece in pieces for look in (piece.old, piece.new))
    return paragraph.tracked and not linked and not any(piece.note for piece in pieces)


def kind(arrived: bool) -> str:
    """Return the mark of a move where its text arrived, or where it left."""
    return _KINDS["ins" if arrived else "del"]


def mark(paragraph: Any) -> None:
    """Make the marks of a paragraph that is wholly deleted, or inserted, those of a move."""
    for element in paragraph.iter("{*}del", "{*}ins", "{*}delText"):
        space, _, name = element.tag.rpartition("}")
        element.tag = f"{space}}}{_KINDS[name]}"


@dataclass
class Names:
    """The names of a document's ranges, given as they are met."""

    _met: Counter[tuple[str, bool]] = field(default_factory=Counter)
    _given: dict[tuple[str, int], str] = field(default_factory=dict)

    def next(self, move: str, arrived: bool) -> str:
        """Return the name of a move's next range on one of its two sides; both have as many."""
        self._met[move, arrived] += 1
        return self._given.setdefault((move, self._met[move, arrived]), f"move{len(self._given) + 1}")
