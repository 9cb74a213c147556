"""What a Word document is made of, both sides at once: paragraphs, tables and text, on the old page, the new, or both.

White space is folded for each side on its own, as a browser folds it on that side's page: a space that two deleted
words leave doubled belongs to the old text alone. ``merged`` gives paragraphs in a new layout the ends that the old one
has: in Word a paragraph's end is a character, so a paragraph that was split has an inserted end in its middle, and one
that was joined a deleted one; where both sides have an end, it is one with both properties.

Knows neither HTML nor Word: ``from_html`` makes these values out of a redline, ``writing`` makes WordprocessingML out
of them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from inforce.text.lists import at_head

BREAK = "\n"
"""A line break within a paragraph; elsewhere white space comes folded."""
_SPACES = frozenset(" \t\n\r\f")
_STRETCH = re.compile(r"[ \t\n\r\f]+|[^ \t\n\r\f]+")
NO_BREAK_SPACE = "\u00a0"


class Look(NamedTuple):
    """How text looks: names of character formats, the address it leads to, its language where that is its own."""

    formats: frozenset[str] = frozenset()
    link: str = ""
    language: str = ""


class Piece(NamedTuple):
    """Text, or a reference to the note of that id, with its look on each side; None where it does not stand there."""

    text: str
    old: Look | None
    new: Look | None
    note: str = ""

    @property
    def there(self) -> tuple[bool, bool]:
        """Whether it stands on the old side, and on the new one."""
        return self.old is not None, self.new is not None


class Label(NamedTuple):
    """What stands before a list's item. Items with equal labels are numbered on, from ``start`` (0: a bullet).

    ``form`` is a number format of WordprocessingML (ST_NumberFormat), ``level`` counts from 0. ``written`` is a number
    that Word would write otherwise than a page does, as it stands; empty for all others.
    """

    list: tuple[int, ...]
    form: str
    level: int
    start: int = 0
    written: str = ""


class Layout(NamedTuple):
    """How a paragraph stands on one side. ``indent`` counts steps of half an inch, ``align`` is a w:jc value.

    ``marked`` is the first of an item whose mark is typed: part of the paragraph's text, with a tab behind it.
    """

    style: str = "Normal"
    indent: int = 0
    label: Label | None = None
    align: str = ""
    marked: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; a side on which it does not stand has no layout.

    ``anchors`` are the ids that links lead to. ``move`` is the same where it left and where it arrived, for one that
    moved as it was; empty for others.
    """

    pieces: tuple[Piece, ...]
    old: Layout | None
    new: Layout | None
    anchors: tuple[str, ...] = ()
    move: str = ""

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


class Flow:
    """Collects inline content. ``keep`` is for preformatted text, whose white space is not folded."""

    def __init__(self, keep: bool = False) -> None:
        self.keep = keep
        self._pieces: list[Piece] = []
        self._spaced = [True, True]

    def add(self, text: str | None, old: Look | None, new: Look | None) -> None:
        """Text as it stands in HTML."""
        if self.keep:
            text = (text or "").replace("\r\n", BREAK).replace("\r", BREAK)
            self._put(text if self._pieces else text.removeprefix(BREAK), old, new)
            return
        for stretch in _STRETCH.findall(text or ""):
            if stretch[0] in _SPACES:
                self._space(old, new)
            else:
                self._put(stretch, old, new)

    def line_break(self, old: Look | None, new: Look | None) -> None:
        """A line break; white space after it goes."""
        self._put(BREAK, old, new)
        self._spaced = [self._spaced[0] or old is not None, self._spaced[1] or new is not None]

    def note(self, name: str, old: Look | None, new: Look | None) -> None:
        """A reference to a note."""
        self._put("", old, new, name)

    def replay(self, piece: Piece) -> None:
        """One character or note that another flow, a :class:`Recording`, took down."""
        if piece.text == " " and not self.keep:
            self._space(piece.old, piece.new)
        elif piece.text == BREAK:
            self.line_break(piece.old, piece.new)
        else:
            self._put(*piece)

    def trim(self) -> None:
        """Drops no-break spaces at the end so far: they parted the text from something that is not shown."""
        if self._pieces:
            last = self._pieces.pop()
            self._pieces.append(last._replace(text=last.text.rstrip(NO_BREAK_SPACE)))

    def finish(self) -> tuple[Piece, ...]:
        """The content, without white space at either side's ends, equals joined."""
        self._end(0)
        self._end(1)
        return tuple(joined(self._pieces))

    def _put(self, text: str, old: Look | None, new: Look | None, note: str = "") -> None:
        if (text or note) and (old is not None or new is not None):
            self._pieces.append(Piece(text, old, new, note))
            self._spaced = [self._spaced[0] and old is None, self._spaced[1] and new is None]

    def _space(self, old: Look | None, new: Look | None) -> None:
        old, new = None if self._spaced[0] else old, None if self._spaced[1] else new
        if old is not None or new is not None:
            self._pieces.append(Piece(" ", old, new))
            self._spaced = [self._spaced[0] or old is not None, self._spaced[1] or new is not None]

    def _end(self, side: int) -> None:
        """Takes what a browser does not show off one side's end: a space, the last line's end in preformatted text."""
        last = BREAK if self.keep else " "
        for place in range(len(self._pieces) - 1, -1, -1):
            piece = self._pieces[place]
            if piece.there[side]:
                if piece.text.endswith(last):
                    elsewhere = Piece(last, piece.old if side else None, None if side else piece.new)
                    self._pieces[place : place + 1] = [piece._replace(text=piece.text[:-1]), elsewhere]
                return


class Recording(Flow):
    """Takes content down as it comes, nothing folded."""

    def characters(self) -> list[Piece]:
        """What was taken down so far, character by character."""
        return [piece._replace(text=each) for piece in self._pieces for each in piece.text or ("",)]

    def _space(self, old: Look | None, new: Look | None) -> None:
        self._put(" ", old, new)


def tabbed(paragraph: Paragraph) -> tuple[Piece, ...]:
    """Return a paragraph's pieces, with a tab for the blank behind the mark that is typed at its head, side by side."""
    layouts = enumerate((paragraph.old, paragraph.new))
    gaps = [_gap(paragraph.pieces, side) if layout and layout.marked else -1 for side, layout in layouts]
    pieces = list(paragraph.pieces)
    for place in sorted({*gaps} - {-1}, reverse=True):
        piece = pieces[place]
        mark, _, text = piece.text.partition(" ")
        old, new = (place == gap for gap in gaps)
        tab = Piece("\t", piece.old if old else None, piece.new if new else None)
        blank = Piece(" ", None if old else piece.old, None if new else piece.new)
        pieces[place : place + 1] = piece._replace(text=mark), tab, blank, piece._replace(text=text)
    return tuple(joined(pieces))


def _gap(pieces: Sequence[Piece], side: int) -> int:
    """Which piece has the blank behind the mark that is typed at the head of one side; -1 where there is none."""
    there = [place for place, piece in enumerate(pieces) if piece.there[side]]
    if not at_head("".join(pieces[place].text for place in there)):
        return -1
    return next((place for place in there if " " in pieces[place].text), -1)


def joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield pieces with the equal ones joined, and what leads elsewhere than before in two."""
    standing = (piece for piece in pieces if any(piece.there) and (piece.text or piece.note))
    for (old, new, note), group in groupby(_links_apart(standing), key=lambda piece: piece[1:]):
        if note:
            yield from group
        else:
            yield Piece("".join(piece.text for piece in group), old, new)


def _links_apart(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """What leads elsewhere than before is deleted and inserted: Word tracks no change of an address."""
    inserted: list[Piece] = []
    for piece in pieces:
        if piece.old is not None and piece.new is not None and piece.old.link != piece.new.link:
            yield piece._replace(new=None)
            inserted.append(piece._replace(old=None))
        else:
            yield from inserted
            inserted.clear()
            yield piece
    yield from inserted


class _Old(NamedTuple):
    """One visible character of the old layout: its look, the spaces before it, and what ends behind it."""

    look: Look | None
    spaces: tuple[Piece, ...]
    end: Layout | None = None


def merged(old: Sequence[Block], new: Sequence[Block]) -> list[Block] | None:
    """Return the paragraphs ``new``, which hold the words of both sides, ended where the layout ``old`` ends them, too.

    The pieces of ``old`` hold digits: so many characters. None where one of the two has a table, or they do not fit.
    """
    layout = [block for block in old if isinstance(block, Paragraph)]
    words = [block for block in new if isinstance(block, Paragraph)]
    if len(layout) < len(old) or len(words) < len(new):
        return None
    characters = [character for block in layout for character in _characters(block)]
    merger = _Merger(characters)
    for block in words:
        for piece in block.pieces:
            for text in piece.text or ("",):
                merger.put(piece._replace(text=text))
        merger.end(block)
    return merger.blocks if merger.complete else None


def _characters(block: Paragraph) -> list[_Old]:
    """The visible characters of a paragraph of the old layout."""
    found: list[_Old] = []
    spaces: list[Piece] = []
    for piece in block.pieces:
        for stretch in re.findall(r"\s|\S+", piece.text):
            if stretch.isspace():
                spaces.append(piece._replace(text=stretch))
                continue
            for _ in range(int(stretch)):
                found.append(_Old(piece.old, tuple(spaces)))
                spaces = []
    if found:
        found[-1] = found[-1]._replace(end=block.old)
    return found


class _Merger:
    def __init__(self, old: list[_Old]) -> None:
        self.blocks: list[Block] = []
        self._old = old
        self._next = 0
        self._pieces: list[Piece] = []
        self._ended: Layout | None = None

    @property
    def complete(self) -> bool:
        """Whether all characters of the old layout were found, and the last paragraph ended on both sides."""
        return self._next == len(self._old) and self._ended is None

    def put(self, piece: Piece) -> None:
        """One character; what spaces the old side has is the old layout's to say."""
        if piece.text.isspace():
            if piece.new is not None:
                self._pieces.append(piece._replace(old=None))
            return
        if piece.old is None or piece.note:
            self._pieces.append(piece)
            return
        if self._next >= len(self._old):
            self._next = len(self._old) + 1
            return
        known = self._old[self._next]
        self._next += 1
        if self._ended is not None:
            self._close(self._ended, None, ())
        self._space(known.spaces)
        self._pieces.append(piece._replace(old=known.look))
        self._ended = known.end

    def end(self, block: Paragraph) -> None:
        """The new layout ends a paragraph; so does the old one, if nothing old came since it did."""
        self._close(self._ended, block.new, block.anchors)

    def _close(self, old: Layout | None, new: Layout | None, anchors: tuple[str, ...]) -> None:
        self.blocks.append(Paragraph(tuple(joined(self._pieces)), old, new, anchors))
        self._pieces, self._ended = [], None

    def _space(self, spaces: tuple[Piece, ...]) -> None:
        """The spaces that stand before a character on the old side: the new side's, or ones that are deleted."""
        before = self._pieces[len(self._pieces) - len(spaces) :]
        if [piece.text for piece in before] == [piece.text for piece in spaces] and not any(p.old for p in before):
            self._pieces[len(self._pieces) - len(spaces) :] = [
                one._replace(old=other.old) for one, other in zip(before, spaces, strict=True)
            ]
        else:
            self._pieces.extend(spaces)
