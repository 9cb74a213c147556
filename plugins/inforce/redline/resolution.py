"""A redline's HTML, read back -> the page that it leads to, the page that it comes from, or text for a terminal.

What each mark means is told in ``marks``. Every change is accepted, or every change rejected; the page comes out in
the normal form of ``blocks``. As plain text a block is a line, list items have their numbers and table rows bars; lines
are not wrapped, and nothing is coloured here: the caller says how an insertion and a deletion look.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import compress, groupby, islice, zip_longest
from typing import Any

from lxml import etree

from inforce.redline.blocks import BLOCKS, MARKED, Block, Container, Leaf, Run, block_html, escape, integer, leaves
from inforce.redline.parsing import Reader, load
from inforce.text import characters

_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
Mark = Callable[[str], str]
_SIDES = {"ins": "redline-added", "del": "redline-removed"}
"""The mark of what only one side has, and the class of a block that only it has."""
_LINE = re.compile(r"\S(?:.*\S)?")
"""A line of a marked text, without the white space around it."""
_BEHIND_MARK = 4
"""How far in stands what belongs to an item that says its own mark."""
_FORMER_SPACE = {("del", (("class", "redline-space"),))}
"""In a text without looks, white space that became other white space would stand there twice."""
_DROPPED, _UNWRAPPED = "redline-dropped", "redline-unwrapped"
_ROW = "data-row"


_MARKED: Callable[[Any], Any] = etree.XPath(
    "descendant::*[self::ins or self::del or contains(@class, 'redline-')"
    " or @*[starts-with(local-name(), 'data-redline')]]"
)
"""The elements that bear a mark, or are one."""


def accepted(redline_html: str) -> str:
    """Return the new page, in normal form."""
    return block_html(Reader().read_tree(_resolved(load(redline_html), accept=True)))


def rejected(redline_html: str) -> str:
    """Return the old page, in normal form."""
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
    goes = "del" if accept else "ins"
    parents, layouts = [], []
    left: dict[str, Any] = {}
    arrived: dict[str, Any] = {}
    for element in _MARKED(body):
        classes = element.get("class", "").split()
        if number := element.get("data-redline-move"):
            (left if "redline-left" in classes else arrived)[number] = element
        if "data-redline-layout" in element.attrib:
            layouts.append(element)
        if element.tag == goes or _SIDES[goes] in classes or "redline-say" in classes:
            parents.append(element.getparent())
            element.tag = _DROPPED
        elif element.tag in _SIDES:
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


def _prune(element: Any, body: Any) -> None:
    """Drops formats that held nothing but what was dropped."""
    while element is not None and element is not body and element.tag not in BLOCKS:
        if element.text or any(child.tag != _DROPPED or child.tail for child in element):
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
    elsewhere = {_SIDES[goes], "redline-from" if accept else "redline-moved"}
    for element in _MARKED(body):
        row, classes = element.get(_ROW), {*element.get("class", "").split()}
        is_of_new = not accept and "redline-say" in classes and not any(True for _ in element.iterancestors("del"))
        if element.tag == goes or elsewhere & classes or is_of_new:
            element.tag = _DROPPED
        elif "data-redline-was" in element.attrib:
            if not accept:
                _reformat(element, accept)
        elif element.tag not in _SIDES:
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


def plain(redline_html: str, *, insertion: Mark, deletion: Mark) -> str:
    """Return the text of a redline, with ``insertion`` and ``deletion`` around what was inserted and deleted.

    Ends with a line break unless there is nothing to show. What marks say of links and layout stands in brackets;
    changes of other formats leave no trace.
    """
    page = _PlainText({"ins": insertion, "del": deletion})
    page.write(Reader(marks=True).read(redline_html))
    return "".join(f"{line}\n" for line in page.lines)


class _PlainText:
    """The lines of a page as they are written."""

    def __init__(self, marks: dict[str, Mark]) -> None:
        self.lines: list[str] = []
        self._marks = marks
        self._margins: list[str] = []
        self._numbers: list[int | None] = []
        self._bullet = ""
        self._hanging = 0

    def write(self, root: Container) -> None:
        pending: list[Block | Callable[[], None]] = [root]
        while pending:
            each = pending.pop()
            if callable(each):
                each()
            elif isinstance(each, Leaf):
                self._leaf(each)
            elif each.tag == "tr":
                self._line(" | ".join(" ".join(self._inline(leaf) for leaf in leaves(cell)) for cell in each.children))
            else:
                pending.append(self._enter(each))
                pending.extend(reversed(each.children))

    def _enter(self, block: Container) -> Callable[[], None]:
        """Begins a container; gives what ends it."""
        self._arrived(block)
        given = dict(block.attributes)
        if block.tag in ("ul", "ol"):
            self._numbers.append(integer(given.get("start"), 1) if block.tag == "ol" else None)
            return self._end_list
        if block.tag == "li" and self._numbers:
            number = self._numbers[-1]
            self._bullet = "" if MARKED in block.attributes else "- "
            if number is not None and self._bullet:
                number = integer(given.get("value"), number)
                self._numbers[-1] = number + 1
                self._bullet = f"{number}. "
            self._hanging = len(self._bullet) or _BEHIND_MARK
            self._margins.append(" " * self._hanging)
        else:
            self._margins.append({"blockquote": "> ", "dd": "    "}.get(block.tag, ""))
        return self._end_block

    def _end_list(self) -> None:
        self._numbers.pop()

    def _end_block(self) -> None:
        self._bullet, self._hanging = "", 0
        self._margins.pop()

    def _arrived(self, block: Block) -> None:
        given = dict(block.attributes)
        if told := given.get("data-redline-told"):
            self._line(f"[{told}:]")
        if given.get("class", "").endswith("redline-moved"):
            self._line("[Moved here:]")

    def _leaf(self, leaf: Leaf) -> None:
        self._arrived(leaf)
        if leaf.tag == "hr":
            given = dict(leaf.attributes).get("class")
            mark = next((self._marks[side] for side, name in _SIDES.items() if name == given), str)
            self._line(mark("---"))
            return
        for line in (_HEADINGS.get(leaf.tag, "") + self._inline(leaf)).split("\n"):
            self._line(line)

    def _line(self, text: str) -> None:
        margin = "".join(self._margins)
        if self._hanging:
            margin = margin[: -self._hanging] + self._bullet
            self._bullet, self._hanging = "", 0
        if text.strip():
            self.lines.append((margin + text).rstrip())

    def _inline(self, leaf: Leaf) -> str:
        written = ""
        shown = (run for run in leaf.runs if not _FORMER_SPACE & {*run.formats})
        for (mark, told), runs in groupby(shown, lambda run: (_mark(run), _told(run))):
            text = "".join(map(_shown, runs))
            written += self._marked(text, mark) if mark else text
            written += f" [{told}]" if told else ""
        return written

    def _marked(self, text: str, mark: str) -> str:
        return _LINE.sub(lambda line: self._marks[mark](line[0]), text)


def _mark(run: Run) -> str:
    return next((tag for tag, _ in run.formats if tag in _SIDES), "")


def _told(run: Run) -> str:
    """What is said of another format that a reader has to know of: where a link leads, which way a text runs."""
    given = next((dict(given) for _, given in run.formats if ("class", "redline-format") in given), {})
    told = given.get("title", "").removesuffix(", no wording change")
    return "" if told == "format changed" else told


def _shown(run: Run) -> str:
    if run.atom is None:
        return "".join(text + sign for text, sign in characters.parts(run.text)) if _mark(run) else run.text
    tag, given = run.atom
    return {"br": "\n", "img": dict(given).get("alt", "")}.get(tag, "")
