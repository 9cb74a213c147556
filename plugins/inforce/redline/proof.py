"""What a reader sees of a page and of either side of a redline, read by another way than the redline is made.

It shares nothing with the rest of this room, and no parser, so that what one way cannot see shows: a page's text is
what the sanitiser's parser finds in it; a redline, which is written in one way alone (see ``marks``), is cut at its
tags, and what marks mean is told once more. Anything written otherwise is read as text that no page has, so it fails.
White space is left out, because layout folds it; everything else that a page says must be there, in order.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape

import nh3

_EMPTY = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))
_UNSHOWN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd]+")
_UNSEEN = {"script", "style", "template", "title"}
_TEXT = nh3.Cleaner(tags=set(), clean_content_tags=_UNSEEN)
_GIVEN = r"(?: [-\w:.]++=\"[^\"<>]*+\")*+"
_TAME = re.compile(
    r"(?:[^<]++|</?(?:[abipsu]|h[1-6r]|[bt]r|[duo]l|d[dt]|t[dh]|su[bp]|li|em|strong|code|pre|span|div|blockquote|img"
    rf"|abbr|bdi|samp|table|thead|tbody|tfoot|ins|del){_GIVEN}>)*+"
)
"""Elements that leave the text around them where it is and as it is, however they are nested."""
_PLAIN = re.compile(
    rf"<(p|li|h[1-6]|d[dt]){_GIVEN}>(?:[^<]++|<([abisu]|em|code|strong|su[bp]|span){_GIVEN}>[^<]*+</\2>|<br>)*+</\1>"
)
"""A whole block that a line of text could stand for."""
_STAND_IN = "⌗"
_SHORT = 40
"""A line of so few characters is as soon read, and may stand in several places."""

Pieces = list["str | Pieces"]
"""Text in pieces; a piece that is a list is a block that moved, as it stood before."""


def holds(redline_html: str, old_html: str, new_html: str) -> bool:
    """Whether a redline says all that both pages say: nothing but the new one if accepted, the old one if rejected."""
    pages = redline_html, old_html, new_html
    return agree(*_shortened(*pages)) or agree(*pages)


def agree(redline_html: str, old_html: str, new_html: str) -> bool:
    """The same, of pages that are read from beginning to end."""
    sides = (_shown("".join(_flat(side))) for side in _sides(redline_html, marks=True))
    return tuple(sides) == (text(old_html), text(new_html))


def _shortened(*pages: str) -> Iterable[str]:
    """The pages with a stand-in for each line that all of them have, if each is read as the same wherever it stands.

    Most of a policy stays from version to version; it need not be read three times to be seen to be the same.
    """
    redline, old, new = lines = [page.split("\n") for page in pages]
    same = set(old).intersection(new, redline)
    short = [line for line in same if len(line) > _SHORT and _is_plain(line)]
    others = {*redline, *old, *new}.difference(short)
    if any(_STAND_IN in page for page in pages) or not all(map(_TAME.fullmatch, others)):
        return pages
    written = {line: f"{_STAND_IN}{number}{_STAND_IN}" for number, line in enumerate(short)}
    return ["\n".join([written.get(line, line) for line in page]) for page in lines]


@lru_cache(maxsize=4096)
def _is_plain(line: str) -> bool:
    return "redline-" not in line and _PLAIN.fullmatch(line) is not None


def text(html: str) -> str:
    """What a page says, without white space; what it holds like a redline's marks is text like any other."""
    encodable = html.encode("utf-8", "ignore").decode()  # lone surrogates are shown by nothing
    return _shown(unescape(_TEXT.clean(encodable)))


def _shown(text: str) -> str:
    dense = text.replace(" ", "").replace("\n", "")
    return dense if dense.isprintable() and "\ufffd" not in dense else _UNSHOWN.sub("", dense)


def as_paragraph(html: str) -> str:
    """What a page says as a single paragraph, where nothing else can be shown of it."""
    _, said = _sides(html, marks=False)
    return f"<p>{escape(' '.join(_flat(said)))}</p>"


def _flat(pieces: Pieces) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, str):
            yield piece
        else:
            yield from _flat(piece)


@dataclass
class _Element:
    """An element with marks that is open: its name, and where the text within goes on either side; None: nowhere.

    ``holds_no_mark`` says that no other mark is written in it. ``within`` counts the open elements of that name,
    itself among them.
    """

    name: str
    old: Pieces | None
    new: Pieces | None
    holds_no_mark: bool = False
    within: int = 1


def _sides(html: str, marks: bool) -> tuple[Pieces, Pieces]:
    """The words of both sides; a block that moved is put back where it stood on the old one."""
    old, new, moved = Pieces(), Pieces(), dict[str, Pieces]()
    opened = [_Element(" ", old, new)]  # no tag is called so
    for piece in f">{html}".split("<"):
        tag, _, said = piece.partition(">")
        inner, name = opened[-1], tag.partition(" ")[0]
        if name in _UNSEEN or (marks and ("redline-" in tag or name in ("ins", "del"))):
            if inner.holds_no_mark and name in ("ins", "del"):
                said = f"<{tag}>{said}"
            if name not in _EMPTY:
                opened.append(_marked(_Element(name, inner.old, inner.new), _attributes(tag), moved))
        elif name == inner.name:
            inner.within += 1
        elif name[1:] == inner.name and name[:1] == "/":
            inner.within -= 1
            del opened[len(opened) - (not inner.within) :]
        if said:
            said = unescape(said) if "&" in said else said
            for side in (opened[-1].old, opened[-1].new):
                if side is not None:
                    side.append(said)
    return old, new


@lru_cache(maxsize=256)
def _attributes(tag: str) -> Mapping[str, str]:
    """The attributes in a tag, each in double quotes."""
    _, _, written = tag.partition(" ")
    parts = written.split('"')
    return {name.strip(" ="): unescape(value) for name, value in zip(parts[::2], parts[1::2], strict=False)}


def _marked(element: _Element, given: Mapping[str, str], moved: dict[str, Pieces]) -> _Element:
    """An element with marks on it, or one that is a mark; ``moved`` are the blocks that moved, by their numbers."""
    old, new = element.old, element.new
    classes = given.get("class", "").split()
    if move := given.get("data-redline-move"):
        block = moved.setdefault(move, [])
        if "redline-left" in classes:
            if old is not None:
                old.append(block)
            old = new = None
        else:
            old = block
    holds_no_mark = element.name in ("ins", "del") or "data-redline-was" in given
    if old is not None and "data-redline-was" in given:
        old.append(text(given["data-redline-was"]))
        old = None
    if element.name in _UNSEEN or "redline-say" in classes:
        old = new = None
    if element.name == "ins" or "redline-added" in classes:
        old = None
    if element.name == "del" or "redline-removed" in classes:
        new = None
    return _Element(element.name, old, new, holds_no_mark)
