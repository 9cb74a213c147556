"""Ways to compare two pages, each brought to one form: edits, in reading order.

Most tools know text alone: they are given a page's text, a block a line. Nothing is measured here.
"""

import difflib
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, Literal, NamedTuple

from diff_match_patch import diff_match_patch
from lxml import html as parser
from lxml.html.diff import htmldiff

from inforce.redline import redline
from inforce.redline.blocks import BLOCKS

Kind = Literal["+", "-", "="]


class Edit(NamedTuple):
    """Text that only the new page has (``+``), only the old one (``-``), or both."""

    kind: Kind
    text: str


PIECE = re.compile(r"\w+|\s+|[^\w\s]")

_MARKS: dict[str, Kind] = {"ins": "+", "redline-moved": "+", "del": "-", "redline-gone": "-"}
"""Elements, or their last class, and what they say of the text in them."""


def of_page(html: str) -> Iterator[Edit]:
    """A marked page's text as edits; a block begins with a line break. What moved is deleted once and inserted once."""
    walk = parser.fragment_fromstring(html, create_parent="div")
    for said in walk.xpath('.//*[contains(@class, "redline-say") or contains(@class, "redline-left")]'):
        said.drop_tree()
    for line_break in walk.iter("br"):
        line_break.tail = f"\n{line_break.tail or ''}"
    for moved in walk.xpath('.//*[contains(@class, "redline-moved")]'):
        _show_twice(moved)
    last = walk
    for text in walk.xpath(".//text()"):
        holder = text.getparent().getparent() if text.is_tail else text.getparent()
        above = [holder, *holder.iterancestors()]
        mark: Kind = next((found for each in above if (found := _MARKS.get(each.tag) or _MARKS.get(_class(each)))), "=")
        block = next((each for each in above if each.tag in BLOCKS), walk)
        if block is not last:
            yield Edit("=", "\n")
        last = block
        yield Edit(mark, str(text))


def _class(element: Any) -> str:
    return next(iter(element.get("class", "").split()[-1:]), "")


def _show_twice(moved: Any) -> None:
    """Puts the old text of a moved block before it, and leaves the new one."""
    gone = deepcopy(moved)
    gone.tail = None
    gone.set("class", "redline-gone")
    for element, other in ((gone, "ins"), (moved, "del")):
        for mark in element.xpath(f".//{other}"):
            mark.drop_tree()
    moved.addprevious(gone)


def joined(edits: Iterable[Edit]) -> list[Edit]:
    """Neighbours of one kind made one, and empty ones left out."""
    found: list[Edit] = []
    for edit in edits:
        if found and found[-1].kind == edit.kind:
            found[-1] = Edit(edit.kind, found[-1].text + edit.text)
        elif edit.text:
            found.append(edit)
    return found


def _characters(old: str, new: str) -> list[Edit]:
    engine = diff_match_patch()
    found = engine.diff_main(old, new)
    engine.diff_cleanupSemantic(found)
    kinds: dict[int, Kind] = {1: "+", -1: "-", 0: "="}
    return [Edit(kinds[kind], text) for kind, text in found]


def _difflib(old: str, new: str) -> list[Edit]:
    edits = []
    one, other = PIECE.findall(old), PIECE.findall(new)
    for kind, i, i_end, j, j_end in difflib.SequenceMatcher(None, one, other).get_opcodes():
        if kind == "equal":
            edits.append(Edit("=", "".join(one[i:i_end])))
        else:
            edits += [Edit("-", "".join(one[i:i_end])), Edit("+", "".join(other[j:j_end]))]
    return edits


def _git(old: str, new: str) -> list[Edit]:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("old", old), ("new", new)):
            Path(folder, name).write_text(text, encoding="utf-8")
        command = ["git", "diff", "--no-index", "--no-color", "--word-diff=porcelain", "-U1000000", "old", "new"]
        out = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout
    kinds: dict[str, Kind] = {"+": "+", "-": "-", " ": "="}
    lines = (line for line in out.split("\n@@", 1)[-1].split("\n")[1:] if line)
    return [Edit("=", "\n") if line[0] == "~" else Edit(kinds[line[0]], line[1:]) for line in lines if line[0] != "\\"]


OWN = "In Force"
OF_HTML: dict[str, Callable[[str, str], str]] = {
    OWN: lambda old, new: redline(old, new).html,
    "lxml htmldiff": htmldiff,
}
"""Given two pages; they give a page with ``ins`` and ``del``."""
OF_TEXT: dict[str, Callable[[str, str], list[Edit]]] = {
    "diff-match-patch, characters": _characters,
    "difflib, words": _difflib,
    "git diff --word-diff": _git,
}
"""Given two texts."""
