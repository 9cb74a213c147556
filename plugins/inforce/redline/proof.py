"""What a reader sees of a page and of either side of a redline, read by another way than the redline is made.

It shares nothing with the rest of this room, and no parser, so that what one way cannot see shows: a page's text is
what the sanitiser's parser finds in it, a redline's is taken from the tags as they stand, by the standard library, and
what marks mean is told once more (see ``marks``). White space is
left out, because layout folds it; everything else that a page says must be there, in order.
"""

import re
from collections.abc import Iterator
from html import escape, unescape
from html.parser import HTMLParser
from typing import NamedTuple

import nh3

_EMPTY = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))
_UNSHOWN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd]+")
_UNSEEN = {"script", "style", "template", "title"}

Pieces = list["str | Pieces"]


def holds(redline_html: str, old_html: str, new_html: str) -> bool:
    """Whether a redline says all that both pages say: nothing but the new one if accepted, the old one if rejected."""
    reader = _read(redline_html, marks=True)
    sides = (_UNSHOWN.sub("", "".join(_flat(side))) for side in (reader.old, reader.new))
    return tuple(sides) == (text(old_html), text(new_html))


def text(html: str) -> str:
    """What a page says, without white space; what it holds like a redline's marks is text like any other."""
    encodable = html.encode("utf-8", "ignore").decode()  # lone surrogates are shown by nothing
    return _UNSHOWN.sub("", unescape(nh3.clean(encodable, tags=set(), clean_content_tags=_UNSEEN)))


def as_paragraph(html: str) -> str:
    """What a page says as a single paragraph, where nothing else can be shown of it."""
    reader = _read(html, marks=False)
    return f"<p>{escape(' '.join(_flat(reader.new)))}</p>"


def _read(html: str, marks: bool) -> "_Reader":
    reader = _Reader(marks)
    reader.feed(html)
    reader.close()
    return reader


def _flat(pieces: Pieces) -> Iterator[str]:
    pending: Pieces = list(reversed(pieces))
    while pending:
        piece = pending.pop()
        if isinstance(piece, str):
            yield piece
        else:
            pending.extend(reversed(piece))


class _Element(NamedTuple):
    """An element that is open: its name, and where the text within goes on either side; None where it is left out."""

    name: str
    old: Pieces | None
    new: Pieces | None


class _Reader(HTMLParser):
    """The words of both sides; a block that moved is put back where it stood on the old one."""

    def __init__(self, marks: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._marks = marks
        self.old: Pieces = []
        self.new: Pieces = []
        self._open = [_Element("", self.old, self.new)]
        self._moved: dict[str, Pieces] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _EMPTY:
            return
        given = {name: value or "" for name, value in attrs} if self._marks else {}
        classes = given.get("class", "").split()
        _, old, new = self._open[-1]
        if move := given.get("data-redline-move"):
            block = self._moved.setdefault(move, [])
            if "redline-left" in classes:
                if old is not None:
                    old.append(block)
                old = new = None
            else:
                old = block
        if old is not None and "data-redline-was" in given:
            old.append(text(given["data-redline-was"]))
            old = None
        if tag in _UNSEEN or "redline-say" in classes:
            old = new = None
        if (tag == "ins" and self._marks) or "redline-added" in classes:
            old = None
        if (tag == "del" and self._marks) or "redline-removed" in classes:
            new = None
        self._open.append(_Element(tag, old, new))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place].name == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        _, old, new = self._open[-1]
        if old is not None:
            old.append(data)
        if new is not None:
            new.append(data)
