"""Inline content of both sides at once: what stands on the old page, the new one, or both, and how it looks there.

White space is folded for each side on its own, as a browser folds it on that side's page: a space that two deleted
words leave doubled belongs to the old text alone. Knows neither HTML nor Word.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

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
            text = text if self._pieces else text.removeprefix(BREAK)
            self._put(text, old, new)
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

    def again(self, piece: Piece) -> None:
        """One character or note that another flow, a :class:`Tape`, took down."""
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


class Tape(Flow):
    """Takes content down as it comes, nothing folded."""

    def characters(self) -> list[Piece]:
        """What was taken down so far, character by character."""
        return [piece._replace(text=each) for piece in self._pieces for each in piece.text or ("",)]

    def _space(self, old: Look | None, new: Look | None) -> None:
        self._put(" ", old, new)


def joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Pieces with the equal ones joined, and what leads elsewhere than before in two."""
    standing = (piece for piece in pieces if any(piece.there) and (piece.text or piece.note))
    return _joined(_links_apart(standing))


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


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    texts: list[str] = []
    last: Piece | None = None
    for piece in pieces:
        if last is not None and not (last.note or piece.note) and last[1:] == piece[1:]:
            texts.append(piece.text)
            continue
        if last is not None:
            yield last._replace(text="".join(texts))
        last, texts = piece, [piece.text]
    if last is not None:
        yield last._replace(text="".join(texts))
