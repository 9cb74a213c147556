"""An edit script -> the redline as HTML, with what it marks counted.

The marks: ``ins`` and ``del`` stand inside leaf blocks. A block that is wholly added or removed has the class
``redline-added`` or ``redline-removed`` on its root, too. A block that moved stands once, as ``redline-moved``, at its
new place, with marks where it was reworded on the way; at the old one, ``redline-left`` with the same number in
``data-redline-move`` says so in its stead. Blocks in another layout than before stand in ``div.redline-relaid``, the
words of both sides in the new layout; ``data-redline-layout`` holds the old one, a number standing for so many
characters of the old words. Text under other formats than before stands once, in ``span.redline-format``, with its
former HTML in ``data-redline-was``. ``span.redline-say`` says the marks in words, for who cannot see them. On blocks,
``data-redline-tag`` holds the former start tag (empty: none), ``data-redline-bare`` marks an element that only carries
a mark and stands in neither page, and ``data-redline-value`` a list number given so that removed items do not renumber
those that stay. ``data-redline-id`` is an ``id`` that stands elsewhere on the page or belongs to the old one. How the
marks are taken out again is in ``resolution``.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from inforce.redline.alignment import Step, columns
from inforce.redline.blocks import (
    VOID,
    Attributes,
    Block,
    Format,
    Leaf,
    Run,
    inline_html,
    integer,
    leaf_html,
    leaves,
    pieces,
    start_tag,
)
from inforce.redline.remarks import FORMER, left, moved, retagged, say, under_marks
from inforce.redline.resolution import layout
from inforce.redline.sections import STAND_IN
from inforce.redline.streams import Relaid
from inforce.redline.texts import Part, compare, one_sided

_Content = Callable[[Leaf], Iterable[Run]]


class Written(NamedTuple):
    """A redline, the same with ``STAND_IN`` for each passage, and how much it marks, by the names of ``Changes``."""

    html: str
    outline: str
    counts: Mapping[str, int]


def write(steps: Iterable[Step | Relaid], prefix: str = "") -> Written:
    """Return the redline of an edit script; ``prefix`` begins the ids of its own anchors."""
    script = list(steps)
    ids = (id_ for step in script if isinstance(step, Step) for id_ in step.ids)
    writer = _Writer(ids, prefix, _together(script))
    for step in script:
        if isinstance(step, Relaid):
            writer.relaid(step)
        else:
            writer.step(step)
    return writer.result()


class _Writer:
    def __init__(self, ids: Iterable[str], prefix: str, together: Mapping[int, int]) -> None:
        self._together = together
        self._out: list[str] = []
        self._passages: list[int] = []
        self._ids = set(ids)
        self._anchors = tuple(f"{prefix}redline-{place}-" for place in ("moved", "left"))
        self._open: list[_Siblings] = []
        self._told = ""
        self._counts: Counter[str] = Counter()

    def result(self) -> Written:
        html = "".join(self._out)
        for place in self._passages:
            self._out[place] = STAND_IN
        return Written(html, "".join(self._out), self._counts)

    def step(self, step: Step) -> None:
        if step.kind == "close":
            self._open.pop()
            self._told = ""
            if step.new is not None and step.new.tag:
                self._out.append(f"</{step.new.tag}>")
            return
        extra: Attributes = ()
        if self._open:
            self._separate()
            extra = self._open[-1].next(step)
        if step.kind == "passed":
            self._passages.append(len(self._out))
            self._out.append(step.html)
        elif step.kind == "moved":
            self._moved(step, extra)
        elif step.old is not None and step.new is not None:
            self._both(step, step.old, step.new, extra)
        else:
            self._one_sided(step, extra)

    def relaid(self, blocks: Relaid) -> None:
        """Blocks in their new layout, around the words of both sides."""
        self._separate()
        contents = iter(blocks.parts())
        shown = self._tell(_laid_out(blocks))
        given = (("class", "redline-relaid"), ("data-redline-layout", layout(blocks.old)), shown)
        self._out.append(start_tag("div", given))
        self._block(blocks.new, lambda _: self._marked(next(contents)))
        self._out.append("</div>")

    def _separate(self) -> None:
        """A line break between the children of a block."""
        if self._open[-1].begun:
            self._out.append("\n")
        self._open[-1].begun = True

    def _tell(self, told: str) -> tuple[str, str]:
        """Has it said before the next text; gives the attribute that shows it."""
        self._counts["formats_changed"] += 1
        self._told += say(f" {told}: ")
        return "data-redline-told", told[0].upper() + told[1:]

    def _both(self, step: Step, old: Block, new: Block, extra: Attributes) -> None:
        if step.kind == "kept":
            self._block(new, lambda leaf: leaf.runs, extra)
            return
        if (old.tag, old.attributes) != (new.tag, new.attributes):
            extra = (*extra, ("data-redline-tag", start_tag(old.tag, old.attributes) if old.tag else ""))
            if told := retagged(old, new):
                extra = (*extra, ("class", "redline-format"), self._tell(told))
        if step.move:
            self._counts["blocks_moved"] += 1
            is_first = step.move in self._together
            self._told += moved(*self._places(step)) if is_first else ""
            shown = "redline-moved" if is_first else "redline-moved redline-next"
            extra = (*extra, ("data-redline-move", str(step.move)), ("class", shown))
        if isinstance(old, Leaf) and isinstance(new, Leaf):
            bare: Attributes = (("data-redline-bare", ""),) if old.tag and not new.tag else ()
            tag = "div" if bare else new.tag
            self._leaf(
                tag,
                _with(new.attributes, (*extra, *bare)),
                self._marked(compare(old, new, step.follows, dict(step.notes))),
            )
            return
        if new.tag:
            self._out.append(self._start(new.tag, _with(new.attributes, extra)))
        self._open.append(_Siblings(old, new))

    def _one_sided(self, step: Step, extra: Attributes) -> None:
        """A block that is ``added`` or ``removed``, as its class says, too."""
        block, removed = step.block, step.kind == "removed"
        self._counts["blocks_deleted" if removed else "blocks_inserted"] += len(leaves(block))
        extra = (*extra, ("class", f"redline-{step.kind}"))
        said = say(f" row {step.kind}: ") if block.tag == "tr" else ""
        self._root(block, lambda leaf: self._marked(one_sided(leaf, removed)), extra, said, removed)

    def _moved(self, step: Step, extra: Attributes) -> None:
        """A block where it left or arrived. Of blocks that moved together the first speaks for all."""
        extra = (*extra, ("data-redline-move", str(step.move)))
        here, former = self._places(step)
        more = self._together.get(step.move)
        if step.old is not None:
            shown = left(step.old, here, more) if more is not None else ""
            extra = _with(extra, (("class", "redline-left"), *((("id", former),) if shown else ())))
            if step.old.tag == "tr":
                shown = f'<td colspan="{max(columns(step.old), 1)}">{shown}</td>'
            tag = step.old.tag if step.old.tag in ("li", "dt", "dd", "tr") else "p"
            self._out.append(leaf_html(tag, shown, start_tag(tag, extra)))
        else:
            self._counts["blocks_moved"] += 1
            extra = (*extra, ("class", "redline-moved" if more is not None else "redline-moved redline-next"))
            self._root(step.block, lambda leaf: leaf.runs, extra, moved(here, former) if more is not None else "")

    def _places(self, step: Step) -> tuple[str, str]:
        """The ids of the place where a block is, and of the one that it left."""
        here, former = self._anchors
        return f"{here}{step.move}", f"{former}{step.move}"

    def _root(self, block: Block, content: _Content, extra: Attributes, said: str, removed: bool = False) -> None:
        """A block with ``extra`` attributes on its root; bare text gets a root that stands in neither page."""
        if block.tag:
            self._block(block, content, extra, said, removed)
        else:
            self._out.append(start_tag("div", _with((("data-redline-bare", ""),), extra)))
            self._block(block, content, (), said, removed)
            self._out.append("</div>")

    def _block(
        self, block: Block, content: _Content, extra: Attributes = (), said: str = "", removed: bool = False
    ) -> None:
        """A block with everything in it, the content of its leaves as ``content`` gives it.

        ``extra`` attributes go on its root; ``said``, HTML, goes before its first text, or into its first cell.
        """
        for each in pieces(block):
            if isinstance(each, str):
                self._out.append(each)
                continue
            attributes, extra = _with(each.attributes, extra), ()
            if isinstance(each, Leaf):
                self._leaf(each.tag, attributes, content(each), removed, said)
                said = said if each.tag in VOID else ""
            elif each.tag:
                self._out.append(self._start(each.tag, attributes, removed))
                if each.tag in ("td", "th"):
                    self._out.append(said)
                    said = ""

    def _leaf(
        self, tag: str, attributes: Attributes, runs: Iterable[Run], removed: bool = False, said: str = ""
    ) -> None:
        """A leaf; first in it, what is to be told of the blocks around it, and what is ``said`` of it."""
        content = f"{self._told}{said}{inline_html(runs, self._inline_start)}"
        self._told = self._told if tag in VOID else ""
        self._out.append(leaf_html(tag, content, self._start(tag, attributes, removed) if tag else ""))

    def _inline_start(self, element: Format, above: tuple[Format, ...]) -> str:
        if _id(element[1]) is None:
            return start_tag(*element)
        return self._start(*element, removed=any(tag == "del" for tag, _ in above))

    def _start(self, tag: str, attributes: Attributes, removed: bool = False) -> str:
        """A start tag. An id that is on the page already, could be an anchor's, or is the old page's is only noted."""
        id_ = _id(attributes)
        if id_ is not None and (removed or id_ in self._ids or id_.startswith(self._anchors)):
            attributes = tuple(("data-redline-id" if name == "id" else name, value) for name, value in attributes)
        elif id_ is not None:
            self._ids.add(id_)
        return start_tag(tag, attributes)

    def _marked(self, parts: Sequence[Part]) -> list[Run]:
        """The runs under their marks, which are counted."""
        for part in parts:
            for name, count in part.counts.items():
                self._counts[name] += count
        return under_marks(parts)


@lru_cache(maxsize=1024)
def _id(attributes: Attributes) -> str | None:
    return dict(attributes).get("id")


def _together(script: Sequence[Step | Relaid]) -> dict[int, int]:
    """How many moved blocks left behind another and arrived behind it, too, by the number of the first of them."""
    behind = [set[int](), set[int]()]
    levels = [(0, False)]
    for step in script:
        if isinstance(step, Step) and step.kind == "close":
            levels.pop()
            continue
        move, has_left = (step.move, step.new is None) if isinstance(step, Step) else (0, False)
        if move > 1 and levels[-1] == (move - 1, has_left):
            behind[has_left].add(move)
        levels[-1] = move, has_left
        if isinstance(step, Step) and step.kind == "open":
            levels.append((0, False))
    first = 0
    found: dict[int, int] = {}
    for move in sorted({step.move for step in script if isinstance(step, Step) and step.move}):
        if move in behind[0] and move in behind[1]:
            found[first] += 1
        else:
            first = move
            found[first] = 0
    return found


def _with(attributes: Attributes, extra: Attributes) -> Attributes:
    """Attributes and more; classes are joined."""
    if not extra:
        return attributes
    merged = dict(attributes)
    for name, value in extra:
        merged[name] = f"{merged[name]} {value}" if name == "class" and name in merged else value
    return tuple(sorted(merged.items()))


def _laid_out(blocks: Relaid) -> str:
    """What became of blocks that took another layout: paragraphs split or joined are called so."""
    before, after = ([block.tag for block in side.children] for side in (blocks.old, blocks.new))
    told = "laid out anew"
    if {*before, *after} == {"p"} and len(before) != len(after):
        told = f"paragraph{'s'[: len(before) > 1]} {'split' if len(before) < len(after) else 'joined'}"
    elif len(before) == 1 and before[0] in FORMER and before != after:
        told = f"laid out anew, formerly {FORMER[before[0]]}"
    return f"{told}, partly in another format" if blocks.reformatted else told


class _Siblings:
    """The children of a container as they are written: whether one was, and the numbers of an ordered list's items."""

    def __init__(self, old: Block, new: Block) -> None:
        self.begun = False
        self._numbered = new.tag == "ol" and "reversed" not in dict(new.attributes)
        self._old = _number(old, "start", 1) if old.tag == "ol" else None
        self._new = self._shown = _number(new, "start", 1)

    def next(self, step: Step) -> Attributes:
        """The attributes that keep the next child's number what it is on its own page."""
        if not self._numbered or step.block.tag != "li":
            return ()
        number = self._shown
        if step.old is not None and self._old is not None and not (step.move and step.new):
            number = _number(step.old, "value", self._old)
            self._old = number + 1
        if step.new is not None:
            number = _number(step.new, "value", self._new)
            self._new = number + 1
        given = "value" in dict(step.block.attributes)
        shown, self._shown = self._shown, number + 1
        return () if given or number == shown else (("data-redline-value", ""), ("value", str(number)))


def _number(block: Block, name: str, otherwise: int) -> int:
    return integer(dict(block.attributes).get(name), otherwise)
