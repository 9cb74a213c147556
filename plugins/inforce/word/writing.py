"""Paragraphs and tables -> WordprocessingML (ECMA-376, part 1, section 17), changes tracked.

What stands on one side only is inserted or deleted: its text, the mark that ends its paragraph, its table row. What
looks otherwise than before carries its former properties. Gives elements; the package around them is ``package``.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import quote

from inforce.text.rewriting import parsed
from inforce.word.content import (
    BREAK,
    NO_BREAK_SPACE,
    Block,
    Cell,
    Label,
    Layout,
    Look,
    Paragraph,
    Piece,
    Row,
    Table,
    tabbed,
)
from inforce.word.elements import Author, Parts, can_move, mark_move, move_kind, named, w, words
from inforce.word.from_html import Body

_STEP = 720
"""Half an inch in twentieths of a point, by which a paragraph is indented."""
_DEEPEST = 8
"""Steps beyond this are not shown: the text would leave the page."""
_HANGING = 360
"""How far a bullet or number stands out; a typed mark, which may be wide, stands out by a step."""
_LOOKS: tuple[tuple[str, str, dict[str, str]], ...] = (
    *(("bold", "b", {}), ("bold", "bCs", {}), ("italic", "i", {}), ("italic", "iCs", {}), ("strike", "strike", {})),
    *(("small", "sz", {"val": "18"}), ("mark", "highlight", {"val": "yellow"}), ("underline", "u", {"val": "single"})),
)
"""A character format, and an element that it is written as, in the order of the schema."""
_WIDTH = 9026
"""What A4 leaves between margins of an inch, in twentieths of a point."""
SPACER = "Spacer"
"""The style of the paragraphs that a table, or a tracked mark with nothing after it, needs behind it.

They hold a no-break space: LibreOffice 7.4 gives an empty paragraph the style and number of the one that is taken out
before it.
"""


def elements(body: Body, author: Author, parts: Parts) -> list[Any]:
    """Return the body of a text, its changes made by ``author``."""
    return _Writer(body, author, parts).story(body.blocks)


def commented(body: list[Any], author: Author, said: str, parts: Parts) -> list[Any]:
    """Return the elements of a text with a comment at its first paragraph; ``said`` is a paragraph a line."""
    first = next((element for element in body if element.tag == named("p")), None)
    if not said or first is None:
        return body
    number = str(len(parts.comments))
    paragraphs = [w("p", w("r", words(line))) for line in said.split("\n")]
    parts.comments.append(w("comment", *paragraphs, id=number, **author.signature, initials=""))
    first.insert(_begins(first), w("commentRangeStart", id=number))
    first.extend((w("commentRangeEnd", id=number), w("r", w("commentReference", id=number))))
    return body


def without_spare(body: Sequence[Any]) -> list[Any]:
    """Return a body without those spacers that a paragraph of the next text makes needless."""
    kept: list[Any] = []
    for place, element in enumerate(body):
        around = {each.tag for each in (*kept[-1:], *body[place + 1 : place + 2])}
        if not (_is_spacer(element) and kept and around == {named("p")} and place + 1 < len(body)):
            kept.append(element)
    return kept


class _Writer:
    def __init__(self, body: Body, author: Author, parts: Parts) -> None:
        self._body = body
        self._author = author
        self._parts = parts
        self._lists: dict[Label, int] = {}
        self._moving = ""

    def story(self, blocks: Sequence[Block], cell: bool = False) -> list[Any]:
        """Blocks one below another, with the spacers that they need. A story is never without a paragraph's end."""
        out: list[Any] = []
        alike = cell and len({(isinstance(each, Paragraph), _state(each)) for each in blocks}) == 1
        for place, block in enumerate(blocks):
            after = blocks[place + 1] if place + 1 < len(blocks) else None
            if isinstance(block, Table):
                out.extend((self._table(block), _spacer()))
                continue
            last_alike = alike and after is None
            out.append(self._paragraph(block, untracked=last_alike))
            if self._moves(block):
                around = blocks[place - 1] if place else None, after
                out.extend(self._range(out[-1], block, *(self._moves(each) == block.move for each in around)))
            if block.tracked and not isinstance(after, Paragraph) and not last_alike:
                out.append(_spacer())
        return out or ([_spacer()] if cell else [])

    def _moves(self, block: Block | None) -> str:
        """The move that a paragraph is marked as part of; empty where it can't be."""
        return block.move if isinstance(block, Paragraph) and can_move(block) and self._author.at else ""

    def _range(self, paragraph: Any, block: Paragraph, begun: bool, goes_on: bool) -> Iterator[Any]:
        """Marks a paragraph as moved, the move's range begun in its first one; gives what ends it behind its last."""
        arrived = block.new is not None
        mark_move(paragraph)
        if not begun:
            self._moving = self._parts.mark()
            start = self._change(f"{move_kind(arrived)}RangeStart")
            start.set(named("id"), self._moving)
            start.set(named("name"), self._parts.moves.next(block.move, arrived))
            paragraph.insert(1, start)
        if not goes_on:
            yield w(f"{move_kind(arrived)}RangeEnd", id=self._moving)

    def _paragraph(self, block: Paragraph, untracked: bool) -> Any:
        side = block.new or block.old or Layout()
        properties = self._layout(side)
        if block.tracked and not untracked:
            properties.append(w("rPr", self._change("del" if block.new is None else "ins")))
        if block.old and block.new and block.old != block.new:
            properties.append(self._change("pPrChange", self._layout(block.old)))
        marks = [mark for name in block.anchors for mark in self._bookmark(name)]
        return w("p", properties if len(properties) else None, *marks, *self._runs(tabbed(block)))

    def _layout(self, layout: Layout) -> Any:
        """Paragraph properties, in the order of the schema."""
        properties = w("pPr")
        if layout.style != "Normal":
            properties.append(w("pStyle", val=layout.style))
        if layout.label:
            level = w("ilvl", val=str(min(layout.label.level, 8)))
            properties.append(w("numPr", level, w("numId", val=str(self._list(layout.label)))))
        if layout.indent:
            hangs = _HANGING if layout.label else _STEP if layout.marked else 0
            hanging = {"hanging": str(hangs)} if hangs else {}
            properties.append(w("ind", left=str(_indent(layout.indent)), **hanging))
        if layout.align:
            properties.append(w("jc", val=layout.align))
        return properties

    def _list(self, label: Label) -> int:
        if label not in self._lists:
            self._parts.lists.append(label)
            self._lists[label] = len(self._parts.lists)
        return self._lists[label]

    def _bookmark(self, name: str) -> Iterator[Any]:
        if name in self._parts.anchors and name not in self._parts.placed:
            self._parts.placed.add(name)
            mark = self._parts.mark()
            yield w("bookmarkStart", id=mark, name=self._parts.anchors[name])
            yield w("bookmarkEnd", id=mark)

    def _runs(self, pieces: Iterable[Piece]) -> Iterator[Any]:
        """Runs, those of one link and one change together."""
        for link, linked in groupby(pieces, key=lambda piece: (piece.new or piece.old or Look()).link):
            held: list[Any] = []
            for there, group in groupby(linked, key=lambda piece: piece.there):
                runs = [run for piece in group for run in self._run(piece, deleted=not there[1])]
                held.extend(runs if all(there) else [self._change("ins" if there[1] else "del", *runs)])
            target = self._target(link)
            if target is not None:
                target.extend(held)
            yield from held if target is None else [target]

    def _target(self, link: str) -> Any:
        """The element of a link, None where there is nothing that Word could open."""
        if link.startswith("#"):
            name = self._parts.anchors.get(link[1:])
            return w("hyperlink", anchor=name, history="1") if name else None
        address = written_address(link)
        if not address:
            return None
        relation = self._parts.links.setdefault(address, f"link{len(self._parts.links) + 1}")
        return w("hyperlink", history="1", relation=relation)

    def _run(self, piece: Piece, deleted: bool) -> Iterator[Any]:
        look = piece.new or piece.old or Look()
        properties = self._look(look)
        if piece.old and piece.new and piece.old != piece.new:
            properties.append(self._change("rPrChange", self._look(piece.old)))
        if piece.note:
            yield w("r", w("rPr", w("rStyle", val="FootnoteReference")), self._note(piece.note))
            return
        run = w("r", properties if len(properties) else None)
        for text in _lines(piece.text):
            run.append(w("br") if text == BREAK else w("tab") if text == "\t" else words(text, deleted=deleted))
        yield run

    def _look(self, look: Look) -> Any:
        """Run properties, in the order of the schema."""
        properties = w("rPr")
        style = "Code" if "code" in look.formats else "Hyperlink" if look.link else ""
        if style:
            properties.append(w("rStyle", val=style))
        for name, tag, given in _LOOKS:
            if name in look.formats:
                properties.append(w(tag, **given))
        for name, value in (("sub", "subscript"), ("sup", "superscript")):
            if name in look.formats:
                properties.append(w("vertAlign", val=value))
                break
        if look.language:
            properties.append(w("lang", val=look.language))
        return properties

    def _note(self, name: str) -> Any:
        content = self.story(self._body.notes[name], cell=True)
        first = content[0]
        mark = w("r", w("rPr", w("rStyle", val="FootnoteReference")), w("footnoteRef"))
        gap = w("r", words(" "))
        first[_begins(first) : _begins(first)] = [mark, gap]
        self._parts.notes.append(content)
        return w("footnoteReference", id=str(len(self._parts.notes)))

    def _table(self, table: Table) -> Any:
        rows = list(_grid(table.rows))
        columns = max((sum(cell.columns for cell, _ in row) for row in rows), default=1) or 1
        width = (_WIDTH - _indent(table.indent)) // columns
        properties = w("tblPr", w("tblStyle", val="TableGrid"), w("tblW", w=str(width * columns), type="dxa"))
        if table.indent:
            properties.append(w("tblInd", w=str(_indent(table.indent)), type="dxa"))
        properties.append(w("tblLayout", type="fixed"))
        grid = w("tblGrid", *(w("gridCol", w=str(width)) for _ in range(columns)))
        written = (self._row(row, cells, columns, width) for row, cells in zip(table.rows, rows, strict=True))
        return w("tbl", properties, grid, *written)

    def _row(self, row: Row, cells: list[tuple[Cell, str]], columns: int, width: int) -> Any:
        properties = w("trPr", w("cantSplit"), w("tblHeader") if row.header else None)
        missing = columns - sum(cell.columns for cell, _ in cells)
        if missing:
            properties.insert(0, w("gridAfter", val=str(missing)))
        if row.old != row.new:
            properties.append(self._change("del" if row.old else "ins"))
        return w("tr", properties, *(self._cell(cell, merge, width) for cell, merge in cells))

    def _cell(self, cell: Cell, merge: str, width: int) -> Any:
        properties = w("tcPr", w("tcW", w=str(width * cell.columns), type="dxa"))
        if cell.columns > 1:
            properties.append(w("gridSpan", val=str(cell.columns)))
        if merge:
            properties.append(w("vMerge", val=merge))
        return w("tc", properties, *self.story(cell.blocks, cell=True))

    def _change(self, kind: str, *content: Any) -> Any:
        return w(kind, *content, id=self._parts.mark(), **self._author.signature)


def written_address(link: str) -> str:
    """Return an address as a package may name it (RFC 3986), empty where it is none."""
    return quote(link, safe="%:/?#[]@!$&'()*+,;=~-._") if parsed(link) else ""


def _state(block: Block) -> tuple[bool, bool]:
    return (True, True) if isinstance(block, Table) else (block.old is not None, block.new is not None)


def _indent(steps: int) -> int:
    return _STEP * min(steps, _DEEPEST)


def _spacer() -> Any:
    return w("p", w("pPr", w("pStyle", val=SPACER)), w("r", words(NO_BREAK_SPACE)))


def _begins(paragraph: Any) -> int:
    """Where a paragraph's content begins, behind its properties."""
    return int(len(paragraph) > 0 and paragraph[0].tag == named("pPr"))


def _is_spacer(element: Any) -> bool:
    style = element.find(f"{named('pPr')}/{named('pStyle')}")
    return style is not None and style.get(named("val")) == SPACER


def _lines(text: str) -> Iterator[str]:
    """Text in stretches, each line break and tab one of its own."""
    return (stretch for stretch in re.split(f"([{BREAK}\t])", text) if stretch)


def _grid(rows: Sequence[Row]) -> Iterator[list[tuple[Cell, str]]]:
    """The cells of each row with their w:vMerge: a cell over several rows is continued in each by an empty one."""
    over: dict[int, tuple[int, int]] = {}
    for row in rows:
        cells: list[tuple[Cell, str]] = []
        column = 0
        pending = list(row.cells)
        while pending or column in over:
            if column in over:
                columns, left = over.pop(column)
                cells.append((Cell((), columns), "continue"))
                if left > 1:
                    over[column] = columns, left - 1
            else:
                cell = pending.pop(0)
                columns = cell.columns
                cells.append((cell, "restart" if cell.rows > 1 else ""))
                if cell.rows > 1:
                    over[column] = columns, cell.rows - 1
            column += columns
        yield cells
