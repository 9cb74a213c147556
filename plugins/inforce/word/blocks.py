"""What a Word document is made of, both sides at once: paragraphs and tables, each on the old page, the new, or both.

Values only. ``reading`` makes them out of a redline, ``writing`` makes WordprocessingML out of them.
"""

from dataclasses import dataclass
from typing import NamedTuple

from inforce.word.pieces import Piece


class Label(NamedTuple):
    """What stands before a list's item. Items with equal labels are numbered on, from ``start`` (0: a bullet).

    ``form`` is a number format of WordprocessingML (ST_NumberFormat), ``level`` counts from 0.
    """

    list: tuple[int, ...]
    form: str
    level: int
    start: int = 0


class Layout(NamedTuple):
    """How a paragraph stands on one side. ``indent`` counts steps of half an inch, ``align`` is a w:jc value."""

    style: str = "Normal"
    indent: int = 0
    label: Label | None = None
    align: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; a side on which it does not stand has no layout.

    ``anchors`` are the ids that links lead to.
    """

    pieces: tuple[Piece, ...]
    old: Layout | None
    new: Layout | None
    anchors: tuple[str, ...] = ()

    @property
    def tracked(self) -> bool:
        """Whether it stands on one side only."""
        return self.old is None or self.new is None


@dataclass(frozen=True)
class Cell:
    """A cell and how many columns and rows it takes."""

    blocks: tuple["Block", ...]
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Row:
    """A table's row, on the old page, the new one or both."""

    cells: tuple[Cell, ...]
    old: bool
    new: bool
    header: bool = False


@dataclass(frozen=True)
class Table:
    """A table; one that was added or removed has such rows only."""

    rows: tuple[Row, ...]
    indent: int = 0


Block = Paragraph | Table
