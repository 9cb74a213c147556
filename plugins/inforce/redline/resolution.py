"""A redline's HTML, read back -> the page that it leads to, the page that it comes from, or both side by side.

What each mark means is told in ``marks``. Every change is accepted, or every change rejected; the page comes out in
the normal form of ``blocks``. As text for a terminal a redline is written in ``lines``.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from itertools import compress, groupby, islice, zip_longest
from typing import Any

from lxml import etree

from inforce.redline.blocks import BLOCKS, Block, Container, block_html, escape, integer
from inforce.redline.parsing import Reader, load

SIDES = {"ins": "redline-added", "del": "redline-removed"}
"""The mark of what only one side has, and the class of a block that only it has."""
_DROPPED, _UNWRAPPED = "redline-dropped", "redline-unwrapped"
_ROW = "data-row"


_MARKED: Callable[[Any], Any] = etree.XPath(
    "descendant::*[self::ins or self::del or contains(@class, 'redline-')"
    " or @*[starts-with(local-name(), 'data-redline')]]"
)
"""The elements that bear a mark, or are one."""
_SAID: Callable[[Any], Any] = etree.XPath(
    "descendant::*[contains(concat(' ', normalize-space(@class), ' '), ' redline-say ')]"
)
"""What is said of marks, which neither side holds."""


def accepted(redline_html: str) -> str:
    """Return the new page, in normal form."""
    return block_html(Reader().read_tree(_resolved(_unsaid(load(redline_html)), accept=True)))


def rejected(redline_html: str) -> str:
    """Return the old page, in normal form."""
    return block_html(Reader().read_tree(_resolved(_unsaid(load(redline_html)), accept=False)))


def leads_to(redline_html: str, old: Container, new: Container, reader: Reader) -> bool:
    """Whether accepting gives one page and rejecting the other; both must be of this reader."""
    body = _unsaid(load(redline_html))
    for accept, expected, tree in (False, old, deepcopy(body)), (True, new, body):
        resolved = _resolved(tree, accept)
        written = str(etree.tostring(resolved, encoding="unicode", method="html"))
        if written == f"<body>{block_html(expected)}</body>":
            continue
        page = reader.read_tree(resolved)
        if page.key != expected.key and block_html(page) != block_html(expected):
            return False
    return True


def _unsaid(body: Any) -> Any:
    """The body without what is said of its marks, which goes once for both sides."""
    _drop(list(_SAID(body)), body)
    etree.strip_elements(body, _DROPPED, with_tail=False)
    return body


def _resolved(body: Any, accept: bool) -> Any:
    goes = "del" if accept else "ins"
    gone, layouts = [], []
    left: dict[str, Any] = {}
    arrived: dict[str, Any] = {}
    for element in _MARKED(body):
        classes = element.get("class", "").split()
        if number := element.get("data-redline-move"):
            (left if "redline-left" in classes else arrived)[number] = element
        if element.get("data-redline-layout") is not None:
            layouts.append(element)
        if element.tag == goes or SIDES[goes] in classes:
            gone.append(element)
        elif element.tag in SIDES:
            element.tag = _UNWRAPPED
        elif element.get("data-redline-was") is not None:
            _reformat(element, accept)
        else:
            _restore(element, accept)
            _declass(element)
    _drop(gone, body)
    for number, element in left.items():
        _move(element, arrived[number], accept)
    for element in layouts:
        _relay(element, accept)
    etree.strip_elements(body, _DROPPED, with_tail=False)
    etree.strip_tags(body, _UNWRAPPED)
    return body


def _drop(elements: Sequence[Any], body: Any) -> None:
    """Marks elements as gone, and the formats that held nothing else."""
    for element in elements:
        if element.tag in BLOCKS and element.tail == "\n":
            element.tail = None
        element.tag = _DROPPED
    for element in elements:
        _prune(element.getparent(), body)


def _move(left: Any, block: Any, accept: bool) -> None:
    """Puts a moved block where it stands on this side."""
    if not accept:
        back = deepcopy(block)
        back.tail = None
        left.addprevious(back)
        block.tag = _DROPPED
    left.tag = _DROPPED


def layout(block: Block) -> str:
    """Blocks as HTML with a number for each word: how many characters it has."""
    return block_html(block, lambda text: escape(re.sub(r"\S+", lambda found: str(len(found[0])), text)))


def _relay(element: Any, accept: bool) -> None:
    """Takes relaid blocks out of their mark, or puts the old words back into the old layout."""
    if not accept:
        text = "".join(element.xpath(f".//text()[not(ancestor::{_DROPPED})]"))
        old = load(element.get("data-redline-layout"))
        _fill(old, iter(re.sub(r"\s+", "", text)))
        element.text = old.text
        element[:] = list(old)
    element.tag = _UNWRAPPED


def _fill(layout: Any, characters: Iterator[str]) -> None:
    """Puts characters where a layout has their numbers, in the order of the page."""
    for text in layout.xpath(".//text()"):
        filled = re.sub(r"\d+", lambda found: "".join(islice(characters, int(found[0]))), text)
        if text.is_tail:
            text.getparent().tail = filled
        else:
            text.getparent().text = filled


def _reformat(element: Any, accept: bool) -> None:
    if not accept:
        was = load(f"<span>{element.get('data-redline-was')}</span>")[0]
        element.text = was.text
        element[:] = list(was)
    element.tag = _UNWRAPPED


def _restore(element: Any, accept: bool) -> None:
    """Takes what ``marks`` wrote on an element that stands on this side off again."""
    given = element.attrib
    if "data-redline-value" in given:
        given.pop("value")
    if "data-redline-id" in given:
        given["id"] = given.pop("data-redline-id")
    former = None if accept else given.get("data-redline-tag")
    if former:
        start = load(former)[0]
        element.tag = start.tag
        given.clear()
        given.update(start.attrib)
    elif former == "" or "data-redline-bare" in given:
        element.tag = _UNWRAPPED


def _declass(element: Any) -> None:
    """Takes the marks' classes off."""
    classes = element.get("class")
    if classes is None or "redline-" not in classes:
        return
    if kept := " ".join(each for each in classes.split() if not each.startswith("redline-")):
        element.set("class", kept)
    else:
        del element.attrib["class"]


def _prune(element: Any, body: Any) -> None:
    """Drops formats that held nothing but what was dropped."""
    while element is not None and element is not body and element.tag not in BLOCKS:
        if element.text or element[0].tail or any(child.tag != _DROPPED or child.tail for child in element):
            return
        element.tag = _DROPPED
        element = element.getparent()


def side_by_side(redline_html: str) -> tuple[tuple[str, str], ...]:
    """Return the redline in rows: what stood, with what went marked, beside what stands, with what came marked.

    A row is a block of the page, or an item of a list in it; one side is empty where the other has a block alone. Both
    sides are made of the one redline that was proved, each with its own formats and numbers; blocks in another layout
    than before stand in the new one on both, and say so. No id stands in them: the redline has them already.
    """
    body = load(redline_html)
    _bring_back(body)
    if (body.text or "").strip() or any((block.tail or "").strip() for block in body):
        body = load(f"<div>{redline_html}</div>")
    count = _number_rows(body)
    old, new = (_side(deepcopy(body), accept) for accept in (False, True))
    rows = [(old.get(str(row), ""), new.get(str(row), "")) for row in range(count)]
    shown: list[tuple[str, str]] = []
    for both, group in groupby(rows, all):
        if both:
            shown.extend(group)
        else:  # what is gone stands beside what came in its place
            gone, came = zip(*group, strict=True)
            shown.extend(zip_longest(filter(None, gone), filter(None, came), fillvalue=""))
    return tuple(shown)


def _bring_back(body: Any) -> None:
    """Put what moved where it left, too, for the old side: a note alone would leave its text out there."""
    moves = body.xpath(".//*[@data-redline-move]")
    are_left = ["redline-left" in each.get("class", "").split() for each in moves]
    arrived = {
        each.get("data-redline-move"): each for each, is_left in zip(moves, are_left, strict=True) if not is_left
    }
    for left in compress(moves, are_left):
        back = deepcopy(arrived[left.get("data-redline-move")])
        is_first = "redline-next" not in back.get("class", "").split()
        back.set("class", "redline-from")
        if is_first:
            back.set("data-redline-told", "Moved from here")
        for link in back.xpath(".//a[contains(@class, 'redline-go')]"):
            link.tag = _DROPPED
        back.tail = left.tail
        left.getparent().replace(left, back)
    for link in body.xpath(".//a[contains(@class, 'redline-go')]"):  # it would lead into the other layout
        link.getparent().set("data-redline-told", "Moved here")
        link.tag = _DROPPED


def _number_rows(body: Any) -> int:
    """Give each block, or each item of a list, its row's number; return how many there are."""
    rows = [row for block in body for row in (block if _has_rows(block) else (block,))]
    for number, row in enumerate(rows):
        row.set(_ROW, str(number))
    return len(rows)


def _has_rows(block: Any) -> bool:
    return block.tag in ("ul", "ol") and len(block) > 0 and all(item.tag == "li" for item in block)


def _side(body: Any, accept: bool) -> dict[str, str]:
    """One side, its own marks left in it, by the rows' numbers."""
    goes = "del" if accept else "ins"
    elsewhere = {SIDES[goes], "redline-from" if accept else "redline-moved"}
    for element in _MARKED(body):
        row, classes = element.get(_ROW), {*element.get("class", "").split()}
        is_of_new = not accept and "redline-say" in classes and not any(True for _ in element.iterancestors("del"))
        if element.tag == goes or elsewhere & classes or is_of_new:
            element.tag = _DROPPED
        elif "data-redline-was" in element.attrib:
            if not accept:
                _reformat(element, accept)
        elif element.tag not in SIDES:
            told = element.get("data-redline-told")
            _restore(element, accept)
            if row and element.tag == _UNWRAPPED:
                element.tag = "div"
            for name, value in ((_ROW, row), ("data-redline-told", told if accept else None)):
                if value is not None:
                    element.set(name, value)
    etree.strip_elements(body, _DROPPED, with_tail=False)
    etree.strip_tags(body, _UNWRAPPED)
    return {row: _written(block) for each in body for row, block in _in_rows(each)}


def _in_rows(block: Any) -> Iterator[tuple[str, Any]]:
    """A block with its row, or a list for each of its items, with the number that the item has on its side."""
    if row := block.get(_ROW):
        yield row, block
        return
    step = -1 if "reversed" in block.attrib else 1
    number = integer(block.get("start"), len(block) if step < 0 else 1)
    for item in list(block):
        number = integer(item.get("value"), number)
        alone = etree.Element(block.tag, {name: value for name, value in block.attrib.items() if name != "start"})
        row = item.get(_ROW, "")
        alone.append(item)
        if block.tag == "ol":
            item.set("value", str(number))
        number += step
        yield row, alone


def _written(block: Any) -> str:
    block.tail = None
    for element in block.iter():
        for name in [name for name in element.attrib if name in ("id", _ROW) or name.startswith("data-redline-")]:
            if name != "data-redline-told":
                del element.attrib[name]
    return str(etree.tostring(block, encoding="unicode", method="html"))
