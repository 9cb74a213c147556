"""Where one side of a redline is while its HTML is read: which style, indent and item, and how text looks there.

The two sides are followed apart, because a redline changes tags, too: a paragraph becomes a heading, a bulleted list a
numbered one. List items are numbered as a browser numbers them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from inforce.redline.blocks import MARKED, integer
from inforce.redline.parsing import load
from inforce.text.lists import counted
from inforce.word.content import Label, Layout, Look

_FORMATS = {
    "b": "bold", "strong": "bold", "em": "italic", "i": "italic", "cite": "italic", "dfn": "italic", "var": "italic",
    "u": "underline", "s": "strike", "code": "code", "kbd": "code", "samp": "code", "sub": "sub", "sup": "sup",
    "small": "small", "mark": "mark",
}  # fmt: skip
_FORMS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_ALIKE = {"a": range(1, 28), "i": range(1, 4000)}
"""The numbers that Word writes as a page does in letters and Roman digits: behind “aa” come “bb” there, “ab” here."""
_STYLES = {
    "h1": "Title", "h2": "Heading1", "h3": "Heading2", "h4": "Heading3", "h5": "Heading4", "h6": "Heading5",
    "pre": "Preformatted", "hr": "Rule", "caption": "Caption", "dt": "Term", "blockquote": "Quote", "td": "TableText",
    "th": "TableHeading",
}  # fmt: skip
_ALIGNMENTS = {"left": "left", "right": "right", "center": "center"}
BULLET = "bullet"


@dataclass
class Numbering:
    """A list on one side, as far as it has been read; ``key`` is the same for both sides of one list.

    ``kind`` is the type of an ``ol`` (``1``, ``a``, ``A``, ``i``, ``I``), or ``BULLET``.
    """

    key: int
    kind: str
    level: int
    next: int
    step: int = 1
    group: int = 0
    start: int = 0
    written: str = ""

    def item(self, value: str | None) -> "Item":
        """The next item; ``value`` is the number that it is given, if any."""
        if self.kind == BULLET:
            return Item(Label((self.key,), BULLET, self.level))
        number = integer(value, self.next)
        written = "" if number in _ALIKE.get(self.kind.lower(), (number,)) else counted(number, self.kind)
        if value is not None or self.step < 0 or written or self.written:
            self.group, self.start = self.group + 1, number
        self.next, self.written = number + self.step, written
        form = "decimal" if written else _FORMS[self.kind]
        return Item(Label((self.key, self.group), form, self.level, self.start, written))


@dataclass
class Item:
    """A list item on one side, whose label goes to its first paragraph; none where its mark is typed there."""

    label: Label | None
    used: bool = False


class Position(NamedTuple):
    """A place on one side."""

    layout: Layout
    look: Look = Look()
    numbering: Numbering | None = None
    item: Item | None = None

    @classmethod
    def of(cls, style: str) -> "Position":
        """The top of a text whose paragraphs have that style."""
        return cls(Layout(style))

    def within(self, tag: str, given: Mapping[str, str], key: int, items: int) -> "Position":
        """The place inside a block element. ``key`` is a list's, should it be one, and ``items`` how many it has."""
        position = self.speaking(given)
        classes = given.get("class", "").split()
        if tag in ("ol", "ul"):
            return position._list(tag, given, key, items)
        if tag == "li":
            marked = MARKED in given.items()
            item = position.numbering.item(given.get("value")) if position.numbering and not marked else None
            item = Item(None) if marked else item
            return position._replace(item=item, layout=position._styled("ListParagraph"))
        if tag in _STYLES:
            layout = position._styled(_STYLES[tag])
            if tag in ("td", "th"):
                align = _ALIGNMENTS.get(given.get("align", ""), "")
                return Position(Layout(layout.style, align=align), position.look)
            return position._replace(layout=layout._replace(indent=layout.indent + (tag == "blockquote")))
        if tag == "dd" or "admonition" in classes:
            return position._replace(layout=position.layout._replace(indent=position.layout.indent + 1))
        if "admonition-title" in classes:
            return position._replace(layout=position._styled("Term"))
        return position

    def inside(self, tag: str, given: Mapping[str, str]) -> "Position":
        """The place inside an inline element."""
        look = self.look
        if tag in _FORMATS:
            look = look._replace(formats=look.formats | {_FORMATS[tag]})
        if tag == "a" and given.get("href"):
            look = look._replace(link=given["href"])
        return self._replace(look=look).speaking(given)

    def speaking(self, given: Mapping[str, str]) -> "Position":
        """The same place in an element's own language."""
        language = given.get("lang", "")
        return self._replace(look=self.look._replace(language=language)) if language else self

    def paragraph(self) -> Layout:
        """How the next paragraph here stands; an item's first has its label."""
        if self.item is None or self.item.used:
            return self.layout
        self.item.used = True
        return self.layout._replace(label=self.item.label, marked=self.item.label is None)

    def _styled(self, style: str) -> Layout:
        return self.layout._replace(style=style)

    def _list(self, tag: str, given: Mapping[str, str], key: int, items: int) -> "Position":
        level = self.numbering.level + 1 if self.numbering else 0
        step = -1 if tag == "ol" and "reversed" in given else 1
        first = integer(given.get("start"), items if step < 0 else 1)
        kind = BULLET if tag != "ol" else given["type"] if given.get("type") in _FORMS else "1"
        numbering = Numbering(key, kind, level, first, step, start=first if tag == "ol" else 0)
        layout = self.layout._replace(style="ListParagraph", indent=self.layout.indent + 1)
        return self._replace(numbering=numbering, item=None, layout=layout)


Sides = tuple[Position | None, Position | None]
"""A place on the old side, and on the new one; None on a side where it is not."""


def sides(element: Any, old: Position | None, new: Position | None, key: int) -> Sides:
    """Return the places inside a block element on both sides; None where it, or what it stands in, is not there."""
    classes = element.get("class", "").split()
    if "redline-removed" in classes:
        new = None
    if "redline-added" in classes or "redline-moved" in classes:
        old = None
    former, bare = element.get("data-redline-tag"), "data-redline-bare" in element.attrib
    given = dict(element.attrib)
    if "data-redline-value" in given:
        given.pop("value", None)
    if new is not None and not bare:
        new = new.within(element.tag, given, key, _items(element, "redline-removed", "redline-left"))
    if old is not None:
        items = _items(element, "redline-added", "redline-moved")
        if former:
            start = load(former)[0]
            old = old.within(start.tag, start.attrib, key, items)
        elif former is None and not bare:
            old = old.within(element.tag, given, key, items)
    return old, new


def inline(element: Any, old: Position | None, new: Position | None) -> Sides:
    """Return the places inside an inline element on both sides."""
    if element.tag == "ins":
        return None, new
    if element.tag == "del":
        return old, None
    return old and old.inside(element.tag, element.attrib), new and new.inside(element.tag, element.attrib)


def _items(element: Any, *absent: str) -> int:
    """How many items a list has on one side; those with one of the classes ``absent`` are not there."""
    return sum(not set(absent).intersection(item.get("class", "").split()) for item in element.iterchildren("li"))
