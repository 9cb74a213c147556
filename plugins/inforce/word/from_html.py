"""A redline's HTML -> paragraphs and tables for Word, both sides at once.

Rests on the marks that ``redline.marks`` documents, and on nothing else of how a redline is made. A block that moved
is shown where it stood and where it stands. Footnotes are a numbered list at a clause's end there, with links there and
back; in Word each stands at the foot of the page that refers to it, numbered by Word. Whether the outcome is exact is
judged by ``word`` itself, not here.
"""

import re
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from inforce.redline.blocks import BLOCKS
from inforce.redline.parsing import holders, load
from inforce.redline.resolution import accepted, rejected
from inforce.word.content import Block, Cell, Flow, Look, Paragraph, Recording, Row, Table, merged
from inforce.word.positions import Position, inline, sides

_MOST_COLUMNS = 63
"""Word's limit for a table (ECMA-376 leaves it open; Word refuses more)."""

_DEEPEST_TABLE = 8
"""Tables within tables beyond this are shown as the paragraphs that they hold."""


_REFERENCES = ".//a[contains(concat(' ', @class, ' '), ' footnote-ref ')]"
_LISTS = ".//div[contains(concat(' ', @class, ' '), ' footnote ')]"
_CHANGES: Callable[[Any], Any] = etree.XPath(
    "descendant-or-self::*[self::ins or self::del or @data-redline-was or @data-redline-tag or @data-redline-layout"
    " or contains(@class, 'redline-added') or contains(@class, 'redline-removed')]"
)
"""What is marked in an element beside that it moved."""


@dataclass(frozen=True)
class Body:
    """A document's blocks in order, and the blocks of the notes that its pieces refer to, by the notes' ids."""

    blocks: tuple[Block, ...]
    notes: dict[str, tuple[Block, ...]]


def read(html: str, *, front: bool = False, notes: bool = True, fine: bool = True) -> Body:
    """Return the blocks of a redline, or of a page without marks: then every block stands on both sides.

    ``front`` is for a document's title and what stands below it. With ``notes`` footnotes become Word's own; see
    ``notes_fit`` for where they can. Without ``fine`` a new layout is shown whole beside the old one.
    """
    body = load(html)
    reader = _Reader(body, _Notes(body) if notes else None, fine)
    start = Position.of("Subtitle" if front else "Normal")
    frame = _Frame(body, start, start)
    reader.walk(body, frame)
    return Body(tuple(frame.blocks), reader.written)


@dataclass
class _Frame:
    """An element whose end has not come yet, and where its content goes."""

    element: Any
    old: Position | None
    new: Position | None
    blocks: list[Block] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    flow: Flow = field(default_factory=Flow)
    tables: int = 0
    """How many tables it stands in."""
    own: bool = True
    """Whether it has a flow of its own: an inline element takes part in its block's."""
    move: str = ""
    """The number of the move that it takes part in, as it was before."""

    @property
    def looks(self) -> tuple[Look | None, Look | None]:
        return self.old and self.old.look, self.new and self.new.look

    def add(self, text: str | None) -> None:
        self.flow.add(text, *self.looks)


class _Notes:
    """The footnotes of a redline, by their ids on either side."""

    def __init__(self, body: Any) -> None:
        self._lists = set(body.xpath(_LISTS))
        self._old: dict[str, Any] = {}
        self._new: dict[str, Any] = {}
        for item in (item for each in self._lists for item in each.iterdescendants("li")):
            name = item.get("id") or item.get("data-redline-id")
            classes = item.get("class", "").split()
            former = item.get("data-redline-tag")
            if name and "redline-removed" not in classes:
                self._new[name] = item
            name = load(former)[0].get("id") if former else name
            if name and "redline-added" not in classes:
                self._old[name] = item

    def listed(self, element: Any) -> bool:
        """Whether an element is a list of footnotes."""
        return element in self._lists

    def of(self, element: Any) -> tuple[Any, Any]:
        """What a reference leads to on the old side and on the new one; None where it leads to no footnote."""
        if element.tag != "a" or "footnote-ref" not in element.get("class", "").split():
            return None, None
        return self._old.get(_name(element)), self._new.get(_name(element))


class _Reader:
    def __init__(self, body: Any, notes: _Notes | None, fine: bool) -> None:
        self.written: dict[str, tuple[Block, ...]] = {}
        self._notes = notes
        self._fine = fine
        self._anchors: list[str] = []
        self._lists = 0
        self._arrived = {
            element.get("data-redline-move"): element
            for element in body.xpath(".//*[@data-redline-move]")
            if not _has(element, "redline-left")
        }

    def walk(self, root: Any, frame: _Frame) -> None:
        """Everything in ``root``, into ``frame``."""
        frames = [frame]
        within = holders(root)
        frame.add(root.text)
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if element is root:
                continue
            if event == "start":
                if self._apart(element, frames[-1]):
                    walk.skip_subtree()
                else:
                    frames.append(self._opened(element, frames[-1], element in within or element.tag in BLOCKS))
                    frames[-1].add(element.text)
                continue
            if frames[-1].element is element:
                self._closed(frames.pop(), frames[-1])
            frames[-1].add(element.tail)
        if frame.own:
            self._flush(frame)

    def _opened(self, element: Any, above: _Frame, block: bool) -> _Frame:
        if name := element.get("id") or element.get("data-redline-id"):
            self._anchors.append(name)
        if not block:
            old, new = inline(element, above.old, above.new)
            frame = replace(above, element=element, old=old, new=new, own=False)
            if element.tag == "q":
                frame.add("“")
            return frame
        self._flush(above)
        self._lists += 1
        old, new = sides(element, above.old, above.new, self._lists)
        move = above.move or _moved(element)
        if element.tag in ("ol", "ul", "table"):
            self._number_alone(above, above.old if old else None, above.new if new else None)
        flow = Flow(element.tag == "pre")
        frame = replace(above, element=element, old=old, new=new, flow=flow, own=True, move=move)
        if element.tag == "table":
            frame.tables += 1
        if frame.tables <= _DEEPEST_TABLE:
            frame.rows = [] if element.tag == "table" else above.rows
            frame.cells = [] if element.tag == "tr" else above.cells
            frame.blocks = [] if element.tag in ("td", "th") else above.blocks
        return frame

    def _number_alone(self, frame: _Frame, old: Position | None, new: Position | None) -> None:
        """An item that begins with a list or a table has its number on a line of its own, so that it is counted."""
        old, new = (
            each if each and each.item and each.item.label and not each.item.used else None for each in (old, new)
        )
        if old or new:
            move = "" if frame.tables else frame.move
            frame.blocks.append(Paragraph((), old and old.paragraph(), new and new.paragraph(), move=move))

    def _closed(self, frame: _Frame, above: _Frame) -> None:
        tag, element = frame.element.tag, frame.element
        if not frame.own:
            if tag == "q":
                frame.add("”")
            return
        self._flush(frame, empty=tag == "hr")
        if frame.tables > _DEEPEST_TABLE:
            return
        if tag in ("td", "th"):
            spans = (_span(element, name) for name in ("colspan", "rowspan"))
            above.cells.append(Cell(tuple(frame.blocks), *spans))
        elif tag == "tr":
            header = element.getparent().tag == "thead"
            above.rows.append(Row(tuple(frame.cells), frame.old is not None, frame.new is not None, header))
        elif tag == "table" and frame.rows:
            layout = (above.new or above.old or Position.of("")).layout
            above.blocks.append(Table(tuple(frame.rows), layout.indent))

    def _flush(self, frame: _Frame, empty: bool = False) -> None:
        """Inline content becomes a paragraph."""
        pieces = frame.flow.finish()
        frame.flow = Flow(frame.flow.keep)
        if not (pieces or empty) or (frame.old is None and frame.new is None):
            return
        layouts = frame.old and frame.old.paragraph(), frame.new and frame.new.paragraph()
        anchors, self._anchors = tuple(self._anchors), []
        frame.blocks.append(Paragraph(pieces, *layouts, anchors, "" if frame.tables else frame.move))

    def _apart(self, element: Any, above: _Frame) -> bool:
        """Reads an element that means something of its own; says whether it is one."""
        if _has(element, "redline-say") or (self._notes and self._notes.listed(element)):
            return True
        if _has(element, "footnote-backref"):
            above.flow.trim()
        elif element.tag == "br":
            above.flow.line_break(*above.looks)
        elif element.tag == "img":
            self._picture(element, above)
        elif _has(element, "redline-left"):
            self._left(element, above)
        elif _has(element, "redline-relaid"):
            self._relaid(element, above)
        elif "data-redline-was" in element.attrib:
            self._reformatted(element, above)
        else:
            return self._noted(element, above)
        return True

    def _picture(self, element: Any, above: _Frame) -> None:
        """What a picture is described as, with a link to it: pictures are not in a policy's folder."""
        looks = (look and look._replace(link=look.link or element.get("src", "")) for look in above.looks)
        above.flow.add(element.get("alt"), *looks)

    def _left(self, element: Any, above: _Frame) -> None:
        """The block that left this place."""
        self._flush(above)
        block = deepcopy(self._arrived[element.get("data-redline-move")])
        block.tail = None
        block.set("class", " ".join(name for name in block.get("class").split() if name != "redline-moved"))
        root = etree.Element("div")
        root.append(block)
        self.walk(root, replace(above, new=None, flow=Flow(), move=_moved(block)))

    def _relaid(self, element: Any, above: _Frame) -> None:
        """Blocks in a new layout: word by word, or else the old ones whole, and then the new ones."""
        self._flush(above)
        if self._fine and above.old is not None:
            old, new = (replace(above, blocks=[], flow=Flow()) for _ in range(2))
            old.new, new.old = None, Position.of("Normal")
            self.walk(load(element.get("data-redline-layout")), old)
            self.walk(element, new)
            if (blocks := merged(old.blocks, new.blocks)) is not None:
                above.blocks.extend(blocks)
                return
        html = etree.tostring(element, method="html", encoding="unicode", with_tail=False)
        self.walk(load(rejected(html)), replace(above, new=None, flow=Flow()))
        self.walk(load(accepted(html)), replace(above, old=None, flow=Flow()))

    def _reformatted(self, element: Any, above: _Frame) -> None:
        """Text under other formats than before: once, with both looks, or else deleted and inserted."""
        was = load(f"<span>{element.get('data-redline-was')}</span>")[0]
        recorded = Recording(above.flow.keep), Recording(above.flow.keep)
        self.walk(was, replace(above, new=None, flow=recorded[0], own=False))
        self.walk(element, replace(above, old=None, flow=recorded[1], own=False))
        before, after = (each.characters() for each in recorded)
        if not (before or after):
            above.flow.trim()  # the way back from a footnote, now another one
        if [(piece.text, piece.note) for piece in before] == [(piece.text, piece.note) for piece in after]:
            before, after = [], [one._replace(new=other.new) for one, other in zip(before, after, strict=True)]
        for piece in (*before, *after):
            above.flow.replay(piece)

    def _noted(self, element: Any, above: _Frame) -> bool:
        """A reference to a footnote, which is read as it is on the reference's side; says whether there is one."""
        old, new = self._notes.of(element) if self._notes else (None, None)
        if old is new and above.old is not None and above.new is not None:
            references = [(old, True, True)]
        else:
            references = [(old, above.old is not None, False), (new, False, above.new is not None)]
        there = [reference for reference in references if reference[0] is not None and any(reference[1:])]
        for item, *on in there:
            before, after = (Position.of("FootnoteText") if here else None for here in on)
            frame = _Frame(item, before, after)
            self.walk(item, frame)
            name = str(len(self.written) + 1)
            self.written[name] = tuple(frame.blocks)
            above.flow.note(name, *(Look() if here else None for here in on))
        return bool(there)


def notes_fit(html: str) -> bool:
    """Return whether each footnote of a page is referred to once, from the text, and each reference leads to one.

    Otherwise the list stays where it is on the page: Word's footnotes have one reference each.
    """
    body = load(html)
    lists = body.xpath(_LISTS)
    within = [reference for each in lists for reference in each.xpath(_REFERENCES)]
    references = Counter(_name(reference) for reference in body.xpath(_REFERENCES))
    items = [item for each in lists for item in each.xpath("./ol/li")]
    return not within and references == Counter(item.get("id") for item in items)


def _moved(element: Any) -> str:
    """The number of the move by which an element came, or left, without any other change; empty where none did."""
    number = element.get("data-redline-move", "")
    return number if number and not _CHANGES(element) else ""


def _name(reference: Any) -> str:
    return str(reference.get("href", "")).removeprefix("#")


def _has(element: Any, name: str) -> bool:
    return name in element.get("class", "").split()


def _span(element: Any, name: str) -> int:
    written = element.get(name, "")
    return int(written) if re.fullmatch(r"[1-9]\d?", written) and int(written) <= _MOST_COLUMNS else 1
