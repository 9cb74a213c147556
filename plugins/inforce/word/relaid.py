"""Paragraphs in a new layout, around the words of both sides -> the same with the marks of both layouts.

In Word a paragraph's end is a character that can be inserted or deleted, so a paragraph that was split has an inserted
end in its middle, and one that was joined a deleted one. Where both sides have an end, it is one with both properties.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from inforce.word.blocks import Block, Layout, Paragraph
from inforce.word.pieces import Look, Piece, joined


class _Old(NamedTuple):
    """One visible character of the old layout: its look, the spaces before it, and what ends behind it."""

    look: Look | None
    spaces: tuple[Piece, ...]
    end: Layout | None = None


def merged(old: Sequence[Block], new: Sequence[Block]) -> list[Block] | None:
    """The paragraphs ``new``, whose pieces hold the words of both sides, ended where the layout ``old`` ends them, too.

    The pieces of ``old`` hold digits: so many characters. None where one of the two has a table, or they do not fit.
    """
    layout = [block for block in old if isinstance(block, Paragraph)]
    words = [block for block in new if isinstance(block, Paragraph)]
    if len(layout) < len(old) or len(words) < len(new):
        return None
    characters = [character for block in layout for character in _characters(block)]
    writer = _Writer(characters)
    for block in words:
        for piece in block.pieces:
            for text in piece.text or ("",):
                writer.put(piece._replace(text=text))
        writer.end(block)
    return writer.blocks if writer.complete else None


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


class _Writer:
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
        self._pieces = []
        self._ended = None

    def _space(self, spaces: tuple[Piece, ...]) -> None:
        """The spaces that stand before a character on the old side: the new side's, or ones that are deleted."""
        before = self._pieces[len(self._pieces) - len(spaces) :]
        if [piece.text for piece in before] == [piece.text for piece in spaces] and not any(p.old for p in before):
            self._pieces[len(self._pieces) - len(spaces) :] = [
                one._replace(old=other.old) for one, other in zip(before, spaces, strict=True)
            ]
        else:
            self._pieces.extend(spaces)
