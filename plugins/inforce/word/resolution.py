"""WordprocessingML with tracked changes -> what it says once every change is accepted, or every change rejected.

Our own reading of ECMA-376 (part 1, 17.13.5), apart from what writes it: an inserted run goes when it is rejected, a
deleted one when it is accepted; so does a table row, and so does a paragraph's mark, which joins the paragraph to the
next one, whose properties stay; former properties come back when their change is rejected. Outcomes are compared in a
normal form: paragraphs with style, number and runs, tables with rows and cells. Empty paragraphs do not count.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from inforce.word.writing import SPACER, Parts, R, W

_GONE = {True: "del", False: "ins"}
_BULLET = "bullet"
Normal = tuple[Any, ...]


def _w(name: str) -> str:
    return f"{{{W}}}{name}"


@dataclass(frozen=True)
class Surroundings:
    """What elements refer to: list number -> (format, start), relationship id -> address, note id -> its elements."""

    lists: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, list[Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, parts: Parts) -> "Surroundings":
        """Those of elements that were just written."""
        return cls(
            {str(number): (label.form, label.start) for number, label in enumerate(parts.lists, 1)},
            {f"link{number}": address for address, number in parts.links.items()},
            {str(number): note for number, note in enumerate(parts.notes, 1)},
        )


def resolved(story: Iterable[Any], surroundings: Surroundings, accept: bool) -> Normal:
    """What a story (a body, a cell, a note) says with every change accepted or rejected, in normal form."""
    return _Reading(surroundings, accept).story(deepcopy(list(story)))


class _Reading:
    def __init__(self, surroundings: Surroundings, accept: bool) -> None:
        self._known = surroundings
        self._accept = accept
        self._numbers: dict[str, int] = {}

    def story(self, elements: list[Any]) -> Normal:
        return tuple(self._blocks(self._joined(elements)))

    def _joined(self, elements: list[Any]) -> Iterator[Any]:
        """The paragraphs and tables that stay, those joined whose mark went."""
        held: list[Any] = []
        for place, element in enumerate(elements):
            if element.tag == _w("tbl"):
                yield element
            elif element.tag == _w("p"):
                self._settle(element)
                content = [*held, *(child for child in element if child.tag != _w("pPr"))]
                after = elements[place + 1].tag if place + 1 < len(elements) else ""
                if self._gone(element.find(f"{_w('pPr')}/{_w('rPr')}")) and (after == _w("p") or not content):
                    held = content
                    continue
                held = []
                properties = element.find(_w("pPr"))
                element[:] = [*([] if properties is None else [properties]), *content]
                yield element

    def _gone(self, properties: Any) -> bool:
        """Whether a mark or row with these properties is not there any more."""
        return properties is not None and properties.find(_w(_GONE[self._accept])) is not None

    def _settle(self, paragraph: Any) -> None:
        """Accepts or rejects what is tracked inside a paragraph, its mark aside."""
        for change in list(paragraph.iter(_w("ins"), _w("del"))):
            above = change.getparent()
            if above.tag != _w("rPr"):
                place = above.index(change)
                above[place : place + 1] = [] if change.tag == _w(_GONE[self._accept]) else list(change)
        for name in ("pPrChange", "rPrChange"):
            for change in list(paragraph.iter(_w(name))):
                properties, former = change.getparent(), change[0]
                properties.remove(change)
                if not self._accept:
                    mark = [child for child in properties if child.tag == _w("rPr")]
                    properties[:] = [*former, *mark]

    def _blocks(self, elements: Iterable[Any]) -> Iterator[Normal]:
        for element in elements:
            if element.tag == _w("p"):
                yield from self._paragraph(element)
            else:
                rows = [row for row in element.iterchildren(_w("tr")) if not self._gone(row.find(_w("trPr")))]
                if rows:
                    yield "table", tuple(tuple(self._cell(cell) for cell in row.iterchildren(_w("tc"))) for row in rows)

    def _cell(self, cell: Any) -> Normal:
        spans = tuple(_value(cell.find(f"{_w('tcPr')}/{_w(name)}")) for name in ("gridSpan", "vMerge"))
        return spans, self.story([child for child in cell if child.tag != _w("tcPr")])

    def _paragraph(self, element: Any) -> Iterator[Normal]:
        properties = element.find(_w("pPr"))
        if properties is None:
            properties = etree.Element(_w("pPr"))
        style, align = (_value(properties.find(_w(name))) for name in ("pStyle", "jc"))
        indent = properties.find(_w("ind"))
        runs = tuple(_merged(self._runs(element, "")))
        label = self._label(properties.find(_w("numPr")))
        spare = style == SPACER and "".join(str(text) for text, *_ in runs).isspace()
        if label or (runs and not spare) or style == "Rule":
            yield "paragraph", style, "" if indent is None else indent.get(_w("left")), label, align, runs

    def _label(self, properties: Any) -> Normal:
        if properties is None:
            return ()
        level, number = (_value(child) for child in properties)
        form, start = self._known.lists[number]
        if form == _BULLET:
            return _BULLET, level
        self._numbers[number] = self._numbers.get(number, start - 1) + 1
        return form, level, self._numbers[number]

    def _runs(self, holder: Any, link: str) -> Iterator[tuple[Any, Normal, str]]:
        for child in holder:
            if child.tag == _w("hyperlink"):
                relation = child.get(f"{{{R}}}id")
                yield from self._runs(child, self._known.links[relation] if relation else f"#{child.get(_w('anchor'))}")
            elif child.tag == _w("r"):
                properties = child.find(_w("rPr"))
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
            yield ("note", self.story(deepcopy(self._known.notes[element.get(_w("id"))])))


def _value(element: Any) -> str:
    return "" if element is None else element.get(_w("val"), "")


def _merged(runs: Iterable[tuple[Any, Normal, str]]) -> Iterator[tuple[Any, Normal, str]]:
    """Runs that look the same, joined: how text is cut into them means nothing."""
    last: tuple[Any, Normal, str] | None = None
    for run in runs:
        if run[0] == "":
            continue
        if last and isinstance(last[0], str) and isinstance(run[0], str) and last[1:] == run[1:]:
            last = last[0] + run[0], *last[1:]
            continue
        if last:
            yield last
        last = run
    if last:
        yield last
