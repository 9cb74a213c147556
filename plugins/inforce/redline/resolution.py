"""A redline -> the page that it leads to, or the page that it comes from, out of its HTML alone.

What each mark means is told in ``markup``. Every change is accepted, or every change rejected; the page comes out in
the normal form of ``blocks``.
"""

import re
from collections.abc import Callable
from copy import deepcopy
from itertools import islice
from typing import Any

from lxml import etree

from inforce.redline.blocks import BLOCKS, Block, Reader, block_html, load

_NEITHER = frozenset(("redline-say", "redline-filler"))
_DROPPED, _UNWRAPPED = "redline-dropped", "redline-unwrapped"


def accepted(redline_html: str) -> str:
    """The new page."""
    return _resolved(redline_html, accept=True)


def rejected(redline_html: str) -> str:
    """The old page."""
    return _resolved(redline_html, accept=False)


def _resolved(html: str, accept: bool) -> str:
    body = load(html)
    goes, gone = ("del", "redline-removed") if accept else ("ins", "redline-added")
    parents = []
    for element in list(body.iterdescendants("*")):
        classes = element.get("class", "").split()
        if element.tag == goes or gone in classes or not _NEITHER.isdisjoint(classes):
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
    _move(body, accept)
    for element in body.xpath(".//*[@data-redline-layout]"):
        _relay(element, accept)
    etree.strip_elements(body, _DROPPED, with_tail=False)
    etree.strip_tags(body, _UNWRAPPED)
    return block_html(Reader().read_tree(body))


def _move(body: Any, accept: bool) -> None:
    """Puts each moved block where it stands on this side."""
    arrived = {}
    for element in body.xpath(".//*[@data-redline-move]"):
        if "redline-left" not in element.get("class").split():
            arrived[element.get("data-redline-move")] = element
    for element in body.xpath(".//*[@data-redline-move]"):
        if "redline-left" not in element.get("class").split():
            continue
        if not accept:
            block = arrived[element.get("data-redline-move")]
            back = deepcopy(block)
            back.tail = None
            element.addprevious(back)
            block.tag = _DROPPED
        element.tag = _DROPPED


def layout(block: Block) -> str:
    """Blocks as HTML with a number for each word: how many characters it has."""
    body = load(block_html(block))
    _rewrite(body, re.compile(r"\S+"), lambda found: str(len(found[0])))
    return block_html(Reader().read_tree(body))


def _relay(element: Any, accept: bool) -> None:
    """Takes relaid blocks out of their mark, or puts the old words back into the old layout."""
    if not accept:
        text = "".join(element.xpath(f".//text()[not(ancestor::{_DROPPED})]"))
        characters = iter(re.sub(r"\s+", "", text))
        old = load(element.get("data-redline-layout"))
        _rewrite(old, re.compile(r"\d+"), lambda found: "".join(islice(characters, int(found[0]))))
        element.text = old.text
        element[:] = list(old)
    element.tag = _UNWRAPPED


def _rewrite(body: Any, pattern: re.Pattern[str], change: Callable[[re.Match[str]], str]) -> None:
    """Every text of a tree changed, in the order of the page."""
    for text in body.xpath(".//text()"):
        holder, changed = text.getparent(), pattern.sub(change, text)
        if text.is_tail:
            holder.tail = changed
        else:
            holder.text = changed


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
