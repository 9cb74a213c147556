"""A redline -> the page that it leads to, or the page that it comes from, out of its HTML alone.

What each mark means is told in ``markup``. Every change is accepted, or every change rejected; the page comes out in
the normal form of ``blocks``.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import islice
from typing import Any

from lxml import etree

from inforce.redline.blocks import BLOCKS, Block, Container, block_html, escape
from inforce.redline.reading import Reader, load

_DROPPED, _UNWRAPPED = "redline-dropped", "redline-unwrapped"


_MARKED: Callable[[Any], Any] = etree.XPath(
    "descendant::*[self::ins or self::del or contains(@class, 'redline-')"
    " or @*[starts-with(local-name(), 'data-redline')]]"
)
"""The elements that bear a mark, or are one."""


def accepted(redline_html: str) -> str:
    """The new page."""
    return block_html(Reader().read_tree(_resolved(load(redline_html), accept=True)))


def rejected(redline_html: str) -> str:
    """The old page."""
    return block_html(Reader().read_tree(_resolved(load(redline_html), accept=False)))


def leads_to(redline_html: str, old: Container, new: Container, reader: Reader) -> bool:
    """Whether accepting gives one page and rejecting the other; both must be of this reader."""
    body = load(redline_html)
    for accept, expected, tree in (False, old, deepcopy(body)), (True, new, body):
        page = reader.read_tree(_resolved(tree, accept))
        if page.key != expected.key and block_html(page) != block_html(expected):
            return False
    return True


def _resolved(body: Any, accept: bool) -> Any:
    goes, gone = ("del", "redline-removed") if accept else ("ins", "redline-added")
    parents, layouts = [], []
    left: dict[str, Any] = {}
    arrived: dict[str, Any] = {}
    for element in _MARKED(body):
        classes = element.get("class", "").split()
        if number := element.get("data-redline-move"):
            (left if "redline-left" in classes else arrived)[number] = element
        if "data-redline-layout" in element.attrib:
            layouts.append(element)
        if element.tag == goes or gone in classes or "redline-say" in classes:
            parents.append(element.getparent())
            element.tag = _DROPPED
        elif element.tag in ("ins", "del"):
            element.tag = _UNWRAPPED
        elif "data-redline-was" in element.attrib:
            _reformat(element, accept)
        else:
            _restore(element, accept)
    for parent in parents:
        _prune(parent, body)
    for number, element in left.items():
        _move(element, arrived[number], accept)
    for element in layouts:
        _relay(element, accept)
    etree.strip_elements(body, _DROPPED, with_tail=False)
    etree.strip_tags(body, _UNWRAPPED)
    return body


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
    """Takes what markup wrote on an element that stands on this side off again."""
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


def _prune(element: Any, body: Any) -> None:
    """Drops formats that held nothing but what was dropped."""
    while element is not None and element is not body and element.tag not in BLOCKS:
        if element.text or any(child.tag != _DROPPED or child.tail for child in element):
            return
        element.tag = _DROPPED
        element = element.getparent()
