"""A redline as a Word document with tracked changes: accepting all gives the new text, rejecting all the old one.

Both are tried on every text as it is written, by our own reading of WordprocessingML: style, numbers, tables, formats
and footnotes have to be those of the new page and of the old one. Where one fails, the text is shown whole, deleted and
inserted, as on the web. Neither files nor clocks are touched; the same redlines give the same bytes.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, NamedTuple

from lxml import etree

from inforce.changes.versions import ClauseRedline, Comparison
from inforce.model import Clause
from inforce.redline import Redline, redline
from inforce.redline.parsing import load
from inforce.text.html import render
from inforce.word.content import Block, Paragraph
from inforce.word.elements import Author, Parts, R, named
from inforce.word.from_html import Body, notes_fit, read
from inforce.word.package import Document, Text, package
from inforce.word.positions import BULLET
from inforce.word.writing import SPACER, commented, elements, without_spare

__all__ = ["Author", "Document", "Placed", "Text", "placed", "write"]

_GONE = {True: {named("del"), named("moveFrom")}, False: {named("ins"), named("moveTo")}}
"""What is not there once every change is accepted, or rejected."""
_AROUND = frozenset(("blockquote", "ol", "ul"))
"""What Word has no element for: between two halves of a list, the second of which counts on, nothing is there."""
Normal = tuple[Any, ...]


def write(document: Document) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return the files that a .docx packs, path -> bytes, and the anchors of texts that are shown whole here only.

    Packing them is the caller's business. Never raises, whatever the redlines hold.
    """
    parts = Parts(anchors=_anchors(document.texts))
    body: list[Any] = []
    whole = []
    for place, text in enumerate(document.texts):
        shown = _exact(text)
        if shown is None:
            shown = _whole(text)
            whole.append(text.anchor)
        shown = _moving(_anchored(shown, text.anchor), text.move, place)
        written = elements(shown, text.author, parts)
        body.extend(commented(written, text.author, text.comment, parts))
    return package(without_spare(body), parts, document), tuple(whole)


def _anchors(texts: Iterable[Text]) -> dict[str, str]:
    """A bookmark's name for each id that a link in the texts leads to. Word's names are short, and not any text."""
    targets = (link[1:] for text in texts for link in load(text.redline.html).xpath(".//a/@href[starts-with(., '#')]"))
    return {target: f"place{number}" for number, target in enumerate(dict.fromkeys(targets), 1)}


def _anchored(body: Body, anchor: str) -> Body:
    first, *others = body.blocks or (None,)
    if not isinstance(first, Paragraph):
        return body
    return replace(body, blocks=(replace(first, anchors=(anchor, *first.anchors)), *others))


def _moving(body: Body, move: str, place: int) -> Body:
    """A text whose moves are named as in no other text, but for the ``move`` that all of it is part of."""

    def named(block: Block) -> Block:
        if not isinstance(block, Paragraph) or not (move or block.move):
            return block
        return replace(block, move=move or f"{place} {block.move}")

    return replace(body, blocks=tuple(map(named, body.blocks)))


def _exact(text: Text) -> Body | None:
    """The text with its changes as fine as is exact; None where none of them give both pages."""
    new, old = text.redline.accepted(), text.redline.rejected()
    notes = notes_fit(new) and notes_fit(old)
    pages = [_normal(read(page, front=text.front, notes=notes), True, text.author) for page in (old, new)]
    for fine in (True, False) if "redline-relaid" in text.redline.html else (True,):
        shown = read(text.redline.html, front=text.front, notes=notes, fine=fine)
        if [_normal(shown, accept, text.author) for accept in (False, True)] == pages:
            return shown
    return None


def _normal(body: Body, accept: bool, author: Author) -> Normal:
    parts = Parts()
    return resolved(elements(body, author, parts), Surroundings.of(parts), accept)


def _whole(text: Text) -> Body:
    new, old = text.redline.accepted(), text.redline.rejected()
    html = f"{redline(old, '').html}\n{redline('', new).html}"
    return read(html, front=text.front, notes=notes_fit(new) and notes_fit(old))


class Placed(NamedTuple):
    """A clause's text at one place, and the row of the comparison that tells of its change.

    ``move`` is what the two places of a clause have in common that moved as it was; empty for others.
    """

    row: ClauseRedline
    redline: Redline
    move: str = ""


def placed(comparison: Comparison) -> Iterator[Placed]:
    """Yield a comparison's texts in an order that holds both versions: each old clause where it stood, too.

    On the web a clause that moved is shown where it stands now. In Word, where rejecting has to give the old text, it
    stands at both places, at each of them whole; so do clauses that were joined from far apart, or whose text was dealt
    out to several.
    """
    pieces = list(_pieces(comparison))
    place = {id(piece): index for index, (piece, _) in enumerate(pieces)}
    reached = 0
    for row in comparison.clauses:
        if row.after is None:
            continue
        stood = [place.get(id(piece), -1) for piece in row.before]
        together = bool(stood) and stood == [*range(stood[0], stood[0] + len(stood))]
        if together and "moved" not in row.kinds and stood[0] >= reached:
            yield from _removed(pieces[reached : stood[0]])
            yield Placed(row, row.redline)
            reached = stood[-1] + 1
        else:
            yield Placed(row, redline("", render(row.after).html), _move(row) if -1 not in stood else "")
    yield from _removed(pieces[reached:])


def _pieces(comparison: Comparison) -> Iterator[tuple[Clause, ClauseRedline]]:
    """The old text in its order, each piece with the row that tells of it.

    The pieces are clauses; of one that was split they are what each row has of it, where these make it up as it was.
    """
    found: dict[str, list[tuple[Clause, ClauseRedline]]] = {}
    for row in comparison.clauses:
        for piece in row.before:
            found.setdefault(piece.id, []).append((piece, row))
    for clause in comparison.older.clauses:
        parts = found[clause.id]
        as_it_was = _elements(piece for piece, _ in parts) == _elements([clause])
        yield from parts if as_it_was else [(clause, parts[0][1])]


def _elements(texts: Iterable[Clause]) -> list[tuple[Any, ...]]:
    """What the texts have of a page, one below the other."""
    page = load("\n".join(render(text).html for text in texts))
    found = (each for each in page.iter() if each.tag not in _AROUND)
    return [(each.tag, *each.items(), (each.text or "").strip(), (each.tail or "").strip()) for each in found]


def _removed(pieces: Iterable[tuple[Clause, ClauseRedline]]) -> Iterator[Placed]:
    for piece, row in pieces:
        known = any(piece is each for each in row.before)
        yield Placed(row, redline(render(piece).html, ""), _move(row) if known else "")


def _move(row: ClauseRedline) -> str:
    """The name of the move of a clause that stands at two places, if it is the same at both."""
    same = row.after is not None and [render(clause).html for clause in row.before] == [render(row.after).html]
    return row.clause if same else ""


@dataclass(frozen=True)
class Surroundings:
    """What elements refer to: list number -> (format, start), relationship id -> address, note id -> its elements."""

    lists: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, list[Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, parts: Parts) -> "Surroundings":
        """Return those of elements that were just written."""
        return cls(
            {str(number): (label.form, label.start) for number, label in enumerate(parts.lists, 1)},
            {relation: address for address, relation in parts.links.items()},
            {str(number): note for number, note in enumerate(parts.notes, 1)},
        )


def resolved(story: Iterable[Any], surroundings: Surroundings, accept: bool) -> Normal:
    """Return what a story (a body, a cell, a note) says with every change accepted or rejected, in normal form.

    That is: paragraphs with style, number and runs, tables with rows and cells. Empty paragraphs do not count.
    """
    return _Reading(surroundings, accept).story(deepcopy(list(story)))


class _Reading:
    """Our own reading of ECMA-376 (part 1, 17.13.5), apart from what writes it.

    An inserted run goes when it is rejected, a deleted one when it is accepted; so does a table row, and so does a
    paragraph's mark, which joins the paragraph to the next one, whose properties stay; former properties come back when
    their change is rejected.
    """

    def __init__(self, surroundings: Surroundings, accept: bool) -> None:
        self._known = surroundings
        self._accept = accept
        self._numbers: dict[str, int] = {}

    def story(self, elements: list[Any]) -> Normal:
        return tuple(self._blocks(self._joined(elements)))

    def _joined(self, elements: list[Any]) -> Iterator[Any]:
        """The paragraphs and tables that stay, those joined whose mark went."""
        held: list[Any] = []
        elements = [element for element in elements if element.tag in (named("p"), named("tbl"))]
        for place, element in enumerate(elements):
            if element.tag == named("tbl"):
                yield element
            else:
                self._settle(element)
                content = [*held, *(child for child in element if child.tag != named("pPr"))]
                after = elements[place + 1].tag if place + 1 < len(elements) else ""
                if self._gone(element.find(f"{named('pPr')}/{named('rPr')}")) and (after == named("p") or not content):
                    held = content
                    continue
                held = []
                properties = element.find(named("pPr"))
                element[:] = [*([] if properties is None else [properties]), *content]
                yield element

    def _gone(self, properties: Any) -> bool:
        """Whether a mark or row with these properties is not there any more."""
        return properties is not None and any(child.tag in _GONE[self._accept] for child in properties)

    def _settle(self, paragraph: Any) -> None:
        """Accepts or rejects what is tracked inside a paragraph, its mark aside."""
        for change in list(paragraph.iter(*_GONE[True], *_GONE[False])):
            above = change.getparent()
            if above.tag != named("rPr"):
                place = above.index(change)
                above[place : place + 1] = [] if change.tag in _GONE[self._accept] else list(change)
        for name in ("pPrChange", "rPrChange"):
            for change in list(paragraph.iter(named(name))):
                properties, former = change.getparent(), change[0]
                properties.remove(change)
                if not self._accept:
                    mark = [child for child in properties if child.tag == named("rPr")]
                    properties[:] = [*former, *mark]

    def _blocks(self, elements: Iterable[Any]) -> Iterator[Normal]:
        for element in elements:
            if element.tag == named("p"):
                yield from self._paragraph(element)
            else:
                rows = [row for row in element.iterchildren(named("tr")) if not self._gone(row.find(named("trPr")))]
                if rows:
                    cells = (row.iterchildren(named("tc")) for row in rows)
                    yield "table", tuple(tuple(self._cell(cell) for cell in row) for row in cells)

    def _cell(self, cell: Any) -> Normal:
        spans = tuple(_value(cell.find(f"{named('tcPr')}/{named(name)}")) for name in ("gridSpan", "vMerge"))
        return spans, self.story([child for child in cell if child.tag != named("tcPr")])

    def _paragraph(self, element: Any) -> Iterator[Normal]:
        properties = element.find(named("pPr"))
        if properties is None:
            properties = etree.Element(named("pPr"))
        style, align = (_value(properties.find(named(name))) for name in ("pStyle", "jc"))
        indent = properties.find(named("ind"))
        runs = tuple(_merged(self._runs(element, "")))
        label = self._label(properties.find(named("numPr")))
        spare = style == SPACER and "".join(str(text) for text, *_ in runs).isspace()
        if label or (runs and not spare) or style == "Rule":
            steps = () if indent is None else tuple(sorted(indent.items()))
            yield "paragraph", style, steps, label, align, runs

    def _label(self, properties: Any) -> Normal:
        if properties is None:
            return ()
        level, number = (_value(child) for child in properties)
        form, start = self._known.lists[number]
        if form == BULLET:
            return BULLET, level
        self._numbers[number] = self._numbers.get(number, start - 1) + 1
        return form, level, self._numbers[number]

    def _runs(self, holder: Any, link: str) -> Iterator[tuple[Any, Normal, str]]:
        for child in holder:
            if child.tag == named("hyperlink"):
                relation = child.get(f"{{{R}}}id")
                target = self._known.links[relation] if relation else f"#{child.get(named('anchor'))}"
                yield from self._runs(child, target)
            elif child.tag == named("r"):
                properties = child.find(named("rPr"))
                look = () if properties is None else tuple((each.tag, _value(each)) for each in properties)
                for each in child:
                    yield from ((content, look, link) for content in self._content(each))

    def _content(self, element: Any) -> Iterator[Any]:
        name = etree.QName(element).localname
        if name in ("t", "delText"):
            yield element.text or ""
        elif name in ("br", "tab"):
            yield {"br": "\n", "tab": "\t"}[name]
        elif name == "footnoteReference":
            yield ("note", self.story(deepcopy(self._known.notes[element.get(named("id"))])))


def _value(element: Any) -> str:
    return "" if element is None else element.get(named("val"), "")


def _merged(runs: Iterable[tuple[Any, Normal, str]]) -> Iterator[tuple[Any, Normal, str]]:
    """Runs that look the same, joined: how text is cut into them means nothing."""
    standing = (run for run in runs if run[0] != "")
    for (text, look, link), group in groupby(standing, key=lambda run: (isinstance(run[0], str), *run[1:])):
        if text:
            yield "".join(run[0] for run in group), look, link
        else:
            yield from group
