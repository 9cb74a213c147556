"""What a reader sees of a page and of either side of a redline, read by another way than the redline is made.

It shares nothing with the rest of this room, and no parser, so that what one way cannot see shows: a page's text is
what the sanitiser's parser finds in it; a redline, which is written in one way alone (see ``marks``), is cut at its
tags, and what marks mean is told once more. Anything written otherwise is read as text that no page has, so it fails.
White space is left out, because layout folds it; everything else that a page says must be there, in order.
"""

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import NamedTuple

import nh3

_EMPTY = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd]+")
_UNSEEN = {"script", "style", "template", "title"}

Pieces = list["str | Pieces"]


def holds(redline_html: str, old_html: str, new_html: str) -> bool:
    """Whether a redline says all that both pages say: nothing but the new one if accepted, the old one if rejected."""
    sides = (_shown("".join(_flat(side))) for side in _sides(redline_html, marks=True))
    return tuple(sides) == (text(old_html), text(new_html))


def text(html: str) -> str:
    """What a page says, without white space; what it holds like a redline's marks is text like any other."""
    encodable = html.encode("utf-8", "ignore").decode()  # lone surrogates are shown by nothing
    return _shown(unescape(nh3.clean(encodable, tags=set(), clean_content_tags=_UNSEEN)))


def _shown(text: str) -> str:
    dense = "".join(text.split())
    return dense if dense.isprintable() and "\ufffd" not in dense else _UNSHOWN.sub("", dense)


def as_paragraph(html: str) -> str:
    """What a page says as a single paragraph, where nothing else can be shown of it."""
    _, said = _sides(html, marks=False)
    return f"<p>{escape(' '.join(_flat(said)))}</p>"


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


def _sides(html: str, marks: bool) -> tuple[Pieces, Pieces]:
    """The words of both sides; a block that moved is put back where it stood on the old one."""
    first, *pieces = html.split("<")
    page = _Element("", [unescape(first)], [unescape(first)])
    opened, moved = [page], dict[str, Pieces]()
    for piece in pieces:
        tag, _, said = piece.partition(">")
        name = tag.partition(" ")[0].removesuffix("/")
        if tag[:1] == "/":
            _close(opened, tag[1:])
        elif name not in _EMPTY:
            inner = opened[-1]._replace(name=name)
            if marks and (name in ("ins", "del") or "redline-" in tag):
                inner = _marked(inner, _attributes(tag), moved)
            opened.append(inner if name not in _UNSEEN else _Element(name, None, None))
        if said:
            _, old, new = opened[-1]
            said = unescape(said) if "&" in said else said
            if old is not None:
                old.append(said)
            if new is not None:
                new.append(said)
    return page.old or [], page.new or []


def _close(opened: list[_Element], name: str) -> None:
    for place in range(len(opened) - 1, 0, -1):
        if opened[place].name == name:
            del opened[place:]
            return


def _attributes(tag: str) -> dict[str, str]:
    """The attributes in a tag, each in double quotes."""
    _, _, written = tag.partition(" ")
    parts = written.split('"')
    return {name.strip(" ="): unescape(value) for name, value in zip(parts[::2], parts[1::2], strict=False)}


def _marked(element: _Element, given: dict[str, str], moved: dict[str, Pieces]) -> _Element:
    """An element with marks on it, or one that is a mark; ``moved`` are the blocks that moved, by their numbers."""
    name, old, new = element
    classes = given.get("class", "").split()
    if move := given.get("data-redline-move"):
        block = moved.setdefault(move, [])
        if "redline-left" in classes:
            if old is not None:
                old.append(block)
            old = new = None
        else:
            old = block
    if old is not None and "data-redline-was" in given:
        old.append(text(given["data-redline-was"]))
        old = None
    if "redline-say" in classes:
        old = new = None
    if name == "ins" or "redline-added" in classes:
        old = None
    if name == "del" or "redline-removed" in classes:
        new = None
    return _Element(name, old, new)
