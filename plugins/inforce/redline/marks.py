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

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import NamedTuple

from inforce.redline import remarks
from inforce.redline.alignment import Step
from inforce.redline.blocks import (
    VOID,
    Attributes,
    Block,
    Container,
    Format,
    Leaf,
    Run,
    common,
    inline_html,
    leaf_html,
    leaves,
    separated,
    start_tag,
)
from inforce.redline.layouts import Relaid
from inforce.redline.parsing import STAND_IN
from inforce.redline.remarks import Siblings
from inforce.redline.resolution import layout
from inforce.redline.texts import Part, compare, one_sided

_SAY = remarks.SAY
_ID = re.compile(r'<[^<>]* id="([^"]*)"')
_ROW = {"ins": " row added: ", "del": " row removed: "}
_CELLS = frozenset(("td", "th"))
_MARKS: dict[str, tuple[tuple[Format, tuple[str, str] | None], ...]] = {
    "reworded": (
        (("del", ()), (" deleted: ", " end of deletion ")),
        (("ins", ()), (" inserted: ", " end of insertion ")),
    ),
    "retyped": (
        (("del", (("class", "redline-format"),)), (" formerly: ", " end of former text ")),
        (("ins", (("class", "redline-format"),)), (" now, no wording change: ", " end of change ")),
    ),
    "respaced": ((("del", (("class", "redline-space"),)), None), (("ins", (("class", "redline-space"),)), None)),
}
"""For each kind of part the marks of its old runs and its new ones, and what is said before and behind each."""
_ROOT_CLASS = {"ins": "redline-added", "del": "redline-removed"}


@dataclass(frozen=True)
class Changes:
    """How much a redline marks, which is the one definition of what changed for a reader.

    ``words_inserted`` and ``words_deleted`` count words, and signs that are read out (“$”, “%”, “§”), as they are
    spoken: another apostrophe, quotation mark or hyphen makes no other word. ``punctuation_changed`` counts the places
    where only punctuation changed, ``formats_changed`` those where nothing that is read did: formats, links, pictures,
    layout, typography. ``blocks_inserted`` and ``blocks_deleted`` count leaf blocks that are wholly so. A moved block
    counts once in ``blocks_moved``, whatever it holds, and of its words only those that it lost or got on the way.
    """

    words_inserted: int = 0
    words_deleted: int = 0
    blocks_inserted: int = 0
    blocks_deleted: int = 0
    blocks_moved: int = 0
    formats_changed: int = 0
    punctuation_changed: int = 0

    @property
    def wording(self) -> bool:
        """Whether a word changed: was inserted or deleted, or moved with its block."""
        return bool(self.words_inserted or self.words_deleted or self.blocks_moved)


class _Marked(NamedTuple):
    """Runs under one mark, or under none. ``was`` are the runs that a changed format replaces."""

    mark: Format | None
    runs: tuple[Run, ...]
    say: tuple[str, str] | None = None
    was: tuple[Run, ...] = ()


_Content = Callable[[Leaf], Sequence[_Marked]]


class Written(NamedTuple):
    """A redline, and the same with ``STAND_IN`` for each passage in it."""

    html: str
    outline: str
    changes: Changes


def write(steps: Iterable[Step | Relaid], prefix: str = "") -> Written:
    """Return the redline of an edit script; ``prefix`` begins the ids of its own anchors."""
    script = list(steps)
    ids = (id_ for step in script if isinstance(step, Step) for id_ in _ID.findall(step.html))
    writer = _Writer(ids, prefix)
    for step in script:
        if isinstance(step, Relaid):
            writer.relaid(step)
        else:
            writer.step(step)
    return writer.result()


class _Writer:
    def __init__(self, ids: Iterable[str], prefix: str) -> None:
        self._out: list[str] = []
        self._passages: list[int] = []
        self._ids = set(map(unescape, ids))
        self._anchors = tuple(f"{prefix}redline-{place}-" for place in ("left", "moved"))
        self._open: list[Siblings] = []
        self._told = ""
        self._counts: Counter[str] = Counter()

    def result(self) -> Written:
        html = "".join(self._out)
        for place in self._passages:
            self._out[place] = STAND_IN
        return Written(html, "".join(self._out), Changes(**self._counts))

    def step(self, step: Step) -> None:
        if step.kind == "close":
            self._open.pop()
            self._told = ""
            if step.new is not None and step.new.tag:
                self._out.append(f"</{step.new.tag}>")
            return
        extra: Attributes = ()
        if self._open:
            if self._open[-1].begun:
                self._out.append("\n")
            extra = self._open[-1].next(step)
        if step.kind == "passed":
            self._passages.append(len(self._out))
            self._out.append(step.html)
        elif step.kind == "moved":
            self._moved(step, extra)
        elif step.old is not None and step.new is not None:
            self._both(step, step.old, step.new, extra)
        elif step.old is not None:
            self._one_sided(step.old, "del", extra)
        elif step.new is not None:
            self._one_sided(step.new, "ins", extra)

    def relaid(self, blocks: Relaid) -> None:
        """Blocks in their new layout, around the words of both sides."""
        if self._open[-1].begun:
            self._out.append("\n")
        self._open[-1].begun = True
        self._counts["formats_changed"] += 1
        told, contents = remarks.relaid(blocks), iter(blocks.parts())
        self._told += remarks.say(f" {told}: ")
        given = (("class", "redline-relaid"), ("data-redline-layout", layout(blocks.old)), _shown(told))
        self._out.append(start_tag("div", given))
        self._block(blocks.new, lambda _: self._marked(next(contents)))
        self._out.append("</div>")

    def _both(self, step: Step, old: Block, new: Block, extra: Attributes) -> None:
        if step.kind == "kept":
            self._block(new, _unmarked, extra)
            return
        if (old.tag, old.attributes) != (new.tag, new.attributes):
            extra = (*extra, ("data-redline-tag", start_tag(old.tag, old.attributes) if old.tag else ""))
            if told := remarks.retagged(old, new):
                extra = (*extra, ("class", "redline-format"), _shown(told))
                self._told += remarks.say(f" {told}: ")
                self._counts["formats_changed"] += 1
        if step.move:
            self._counts["blocks_moved"] += 1
            left, moved = self._places(step)
            self._told += remarks.moved(moved, left)
            extra = (*extra, ("data-redline-move", str(step.move)), ("class", "redline-moved"))
        if isinstance(old, Leaf) and isinstance(new, Leaf):
            self._changed(old, new, extra)
        elif isinstance(old, Container) and isinstance(new, Container):
            if new.tag:
                self._out.append(self._start(new.tag, _with(new.attributes, extra)))
            self._open.append(Siblings(old, new))

    def _changed(self, old: Leaf, new: Leaf, extra: Attributes) -> None:
        parts = self._marked(compare(old, new))
        tag = new.tag
        if old.tag and not new.tag:
            tag, extra = "div", (*extra, ("data-redline-bare", ""))
        self._leaf(tag, _with(new.attributes, extra), parts)

    def _one_sided(self, block: Block, mark: str, extra: Attributes) -> None:
        extra = (*extra, ("class", _ROOT_CLASS[mark]))
        removed = mark == "del"
        self._counts["blocks_deleted" if removed else "blocks_inserted"] += sum(1 for _ in leaves(block))
        said = remarks.say(_ROW[mark]) if block.tag == "tr" else ""
        self._root(block, lambda leaf: self._marked(one_sided(leaf, removed)), extra, said, removed)

    def _moved(self, step: Step, extra: Attributes) -> None:
        extra = (*extra, ("data-redline-move", str(step.move)))
        left, moved = self._places(step)
        if step.old is not None:
            tag = step.old.tag if step.old.tag in ("li", "dt", "dd") else "p"
            extra = _with((("class", "redline-left"), ("id", left)), extra)
            self._out.append(leaf_html(tag, remarks.left(step.old, moved), start_tag(tag, extra)))
        elif step.new is not None:
            self._counts["blocks_moved"] += 1
            extra = (*extra, ("class", "redline-moved"))
            self._root(step.new, _unmarked, extra, remarks.moved(moved, left))

    def _places(self, step: Step) -> tuple[str, str]:
        """The ids of the place that a block left, and of the one where it is."""
        left, moved = self._anchors
        return f"{left}{step.move}", f"{moved}{step.move}"

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
        pending: list[Block | str] = [block]
        while pending:
            each = pending.pop()
            if isinstance(each, str):
                self._out.append(each)
                continue
            attributes = _with(each.attributes, extra) if extra else each.attributes
            extra = ()
            if isinstance(each, Container):
                if each.tag:
                    self._out.append(self._start(each.tag, attributes, removed))
                    pending.append(f"</{each.tag}>")
                if each.tag in _CELLS:
                    self._out.append(said)
                    said = ""
                pending.extend(separated(each.children))
                continue
            self._leaf(each.tag, attributes, content(each), removed, said)
            said = said if each.tag in VOID else ""

    def _leaf(
        self, tag: str, attributes: Attributes, parts: Sequence[_Marked], removed: bool = False, said: str = ""
    ) -> None:
        """A leaf; first in it, what is to be told of the blocks around it, and what is ``said`` of it."""
        content = inline_html(_stacked(parts), self._inline_start)
        content = f"{self._told}{said}{content}"
        self._told = self._told if tag in VOID else ""
        self._out.append(leaf_html(tag, content, self._start(tag, attributes, removed) if tag else ""))

    def _inline_start(self, element: Format, above: tuple[Format, ...]) -> str:
        return self._start(*element, removed=any(tag == "del" for tag, _ in above))

    def _start(self, tag: str, attributes: Attributes, removed: bool = False) -> str:
        """A start tag. An id that is on the page already, could be an anchor's, or is the old page's is only noted."""
        for name, value in attributes:
            if name == "id":
                if removed or value in self._ids or value.startswith(self._anchors):
                    attributes = tuple(("data-redline-id", v) if n == "id" else (n, v) for n, v in attributes)
                else:
                    self._ids.add(value)
        return start_tag(tag, attributes)

    def _marked(self, parts: Iterable[Part]) -> list[_Marked]:
        return [marked for part in parts for marked in self._under_marks(part)]

    def _under_marks(self, part: Part) -> Iterator[_Marked]:
        kind, old, new = part.kind, part.old, part.new
        if kind == "kept":
            yield _Marked(None, new)
            return
        if kind == "reformatted":
            self._counts["formats_changed"] += 1
            said = remarks.changed_format(old, new)
            span: Format = "span", (("class", "redline-format"), ("title", said))
            yield _Marked(span, new, (f" {said}: ", " end of format change "), old)
            return
        if kind == "retyped":
            self._counts["formats_changed"] += bool(old)
        elif kind == "reworded":
            self._counts["words_deleted"] += part.deleted
            self._counts["words_inserted"] += part.inserted
            if not part.deleted and not part.inserted:
                pictures = all(run.atom is not None or run.text.isspace() for run in (*old, *new))
                self._counts["formats_changed" if pictures else "punctuation_changed"] += 1
        for runs, (mark, say) in zip((old, new), _MARKS[kind], strict=True):
            if runs:
                yield _Marked(mark, runs, say)


def _unmarked(leaf: Leaf) -> list[_Marked]:
    return [_Marked(None, leaf.runs)]


def _with(attributes: Attributes, extra: Attributes) -> Attributes:
    """Attributes and more; classes are joined."""
    if not extra:
        return attributes
    merged = dict(attributes)
    for name, value in extra:
        merged[name] = f"{merged[name]} {value}" if name == "class" and name in merged else value
    return tuple(sorted(merged.items()))


def _shown(told: str) -> tuple[str, str]:
    """The attribute that shows what is said of a block."""
    return "data-redline-told", told[0].upper() + told[1:]


def _stacked(parts: Sequence[_Marked]) -> Iterator[Run]:
    """Parts as runs, each mark a format: inside the formats that it shares with its neighbours, around all others."""
    for place, part in enumerate(parts):
        if part.mark is None:
            yield from part.runs
            continue
        before = parts[place - 1].runs[-1].formats if place else ()
        after = parts[place + 1].runs[0].formats if place + 1 < len(parts) else ()
        depth = max(common(before, part.runs[0].formats), common(after, part.runs[-1].formats))
        for run in (*part.runs, *part.was):
            depth = min(depth, common(run.formats, part.runs[0].formats))
        mark = part.mark
        if part.was:
            inner = [run._replace(formats=run.formats[depth:]) for run in part.was]
            mark = mark[0], tuple(sorted((*mark[1], ("data-redline-was", inline_html(inner)))))
        above = (*part.runs[0].formats[:depth], mark)
        silent = part.say is None or all(run.atom is None and run.text.isspace() for run in part.runs)
        if part.say is not None and not silent:
            yield Run(part.say[0], (*above, _SAY))
        for run in part.runs:
            yield run._replace(formats=(*above, *run.formats[depth:]))
        if part.say is not None and not silent:
            yield Run(part.say[1], (*above, _SAY))
