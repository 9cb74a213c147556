"""An edit script -> the same script, in which what only took another layout is shown as that.

A paragraph that was split, or a list that became headings, pairs with nothing, block by block: all of it would be shown
deleted and inserted. Where that marks far too much, or marks words although none changed, those blocks become one
``Relaid`` (see ``streams``). It takes in only what belongs together: it is parted wherever what stands before on both
sides has no words behind, and the blocks of an item are judged before those around it. Nothing is relaid in tables, nor
beside what moved within a neighbour.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from inforce.redline.alignment import Step
from inforce.redline.blocks import NOTES, Block, Container, leaves, together
from inforce.redline.streams import Relaid

_TOO_MUCH = 1.3
_FAR_TOO_MUCH = 2.0
_BY = 8
"""More than so many times the marked characters of one stream, and by more than so many characters. The higher figure
holds for blocks whose neighbours did not take another layout; measured on real revisions, see docs/decisions."""

_HOLDERS = frozenset(("", "li", "dd", "blockquote", "div", "section", "article", "aside", "main"))
"""Blocks that may hold a mark around some of theirs."""
_ALONE = frozenset(("kept", "passed", "moved"))


@dataclass
class _Portion:
    """A block of a level of the page: its first step, and what shows it.

    ``uneven`` says that a block with words in it has none on the other side, ``moves`` that something in it moved,
    ``fixed`` that nothing in it is relaid. ``waiting`` are the blocks in it that are still to be judged together,
    ``judged`` those that were.
    """

    first: Step
    shown: list[Step | Relaid]
    uneven: bool = False
    moves: bool = False
    fixed: bool = False
    waiting: list["_Portion"] = field(default_factory=list)
    judged: list["_Portion"] = field(default_factory=list)

    @cached_property
    def marked(self) -> int:
        """How many characters what shows it marks; of reworded leaves, as many at least. Most are never asked."""
        if isinstance(self.shown[0], Relaid):
            return self.shown[0].marked
        old, new = self.first.old, self.first.new
        if self.first.kind == "changed" and old is not None and new is not None:
            return _least(old, new)
        if self.first.kind in ("removed", "added"):
            return self.first.block.length
        return sum(part.marked for part in self.judged)

    @property
    def alone(self) -> bool:
        """Whether it is never relaid with its neighbours: a table is compared by cells, a footnote with others."""
        if self.first.kind in _ALONE or NOTES in self.first.block.attributes:
            return True
        return _tag(self.first) == "table" if self.first.kind == "open" else self.moves

    def take(self, part: "_Portion") -> None:
        """Go on with the next block in it."""
        self.moves = self.moves or part.moves
        if part.alone:
            self.judge()
            self._show(part)
        else:
            self.waiting.append(part)

    def judge(self) -> None:
        """Show what waits, relaid or not."""
        judges = not self.fixed and _tag(self.first) in _HOLDERS
        for group in _tables_apart(self.waiting):
            for part in _judged(group) if judges else group:
                self._show(part)
        self.waiting = []

    def _show(self, part: "_Portion") -> None:
        self.shown.extend(part.shown)
        self.judged.append(part)
        self.uneven = self.uneven or part.uneven


def with_layouts(steps: Iterable[Step]) -> list[Step | Relaid]:
    """Return the steps, with relaid blocks where those of single blocks would mark far too much."""
    levels: list[_Portion] = []
    shown: list[Step | Relaid] = []
    for step in steps:
        if step.kind == "open":
            fixed = bool(step.move) or _tag(step) == "table" or (bool(levels) and levels[-1].fixed)
            levels.append(_Portion(step, [step], moves=bool(step.move), fixed=fixed))
            continue
        part = levels.pop() if step.kind == "close" else _single(step)
        if step.kind == "close":
            part.judge()
            part.shown.append(step)
        if levels:
            levels[-1].take(part)
        else:
            shown.extend(part.shown)
    return shown


def _tables_apart(parts: Sequence[_Portion]) -> list[Sequence[_Portion]]:
    """The parts in groups: tables of both sides, of other columns than each other, do not read as one text.

    A table that is gone stands right above the one that is new, where only new blocks are between.
    """
    if not {"removed", "added"} <= {part.first.kind for part in parts if _is_table(part)}:
        return [parts]
    groups: list[list[_Portion]] = [[]]
    gone: list[_Portion] = []
    for part in parts:
        table, new = _is_table(part), part.first.kind == "added"
        if gone and (table or not new):
            groups.extend((gone, []))
            gone = []
        if not table:
            groups[-1].append(part)
        elif new:
            groups.extend(([part], []))
        else:
            gone = [part]
    return [*groups, gone]


def _is_table(part: _Portion) -> bool:
    return part.first.kind != "passed" and part.first.block.tag == "table"


def _single(step: Step) -> _Portion:
    """A step that is a block of its own."""
    uneven = step.kind in ("removed", "added") and step.block.speaks
    return _Portion(step, [step], uneven, bool(step.move))


def _tag(step: Step) -> str:
    return step.new.tag if step.new is not None else ""


def _judged(parts: Sequence[_Portion], most: float = 0.0) -> Sequence[_Portion]:
    """The parts themselves, but those that took another layout together in one, relaid.

    Without ``most``, how many times too much is too much, it is found here, and the parts are judged group by group.
    """
    marked = _worth_a_look(parts)
    if not marked:
        return parts
    old, new = _sides(parts)
    least = _least(old, new)
    if not _plain(old) or not _plain(new) or (least and not _too_much(marked, least, most or 1)):
        return parts
    found = Relaid(old, new)
    if not most:
        most = _TOO_MUCH if marked > _TOO_MUCH * found.marked else _FAR_TOO_MUCH
        groups = list(_cut(parts, found))
        if len(groups) > 1:
            return [part for group in groups for part in _judged(group, most)]
    if found.reworded and (not _too_much(marked, found.marked, most) or found.happens):
        return parts
    return [_Portion(parts[0].first, [found])]


def _worth_a_look(parts: Sequence[_Portion]) -> int:
    """How many characters they mark; 0 where something moved, or another layout can't be why."""
    uneven = any(part.uneven for part in parts) and not any(part.moves for part in parts)
    judged_within = len(parts) == 1 and parts[0].first.kind == "open" and _tag(parts[0].first) in _HOLDERS
    return sum(part.marked for part in parts) if uneven and not judged_within else 0


def _cut(parts: Sequence[_Portion], found: Relaid) -> Iterator[Sequence[_Portion]]:
    """The parts in groups: parted wherever what is before on one side has nothing in common with what is behind."""
    old, new = found.streams
    start = one = other = 0
    for place, part in enumerate(parts):
        one, other = (
            count + len(leaves(block)) if block is not None else count
            for count, block in ((one, part.first.old), (other, part.first.new))
        )
        if found.meets(bisect_left(old.places, (one, 0)), bisect_left(new.places, (other, 0))):
            yield parts[start : place + 1]
            start = place + 1
    if start < len(parts):
        yield parts[start:]


def _too_much(marked: int, otherwise: int, most: float) -> bool:
    return marked > most * otherwise and marked > otherwise + _BY


def _sides(parts: Sequence[_Portion]) -> tuple[Container, Container]:
    """The blocks of each side."""
    old = together(part.first.old for part in parts if part.first.old is not None)
    return old, together(part.first.new for part in parts if part.first.new is not None)


def _least(old: Block, new: Block) -> int:
    """The characters of the words that only one side has."""
    sides = (old.bag, new.bag), (new.bag, old.bag)
    found = [
        len(word) * (count - its)
        for one, other in sides
        for word, count in one.items()
        if (its := other.get(word, 0)) < count
    ]
    return sum(found)


def _plain(block: Block) -> bool:
    """Whether there is text, and nothing but text and line breaks, which are layout: no image is ever relaid."""
    found = leaves(block)
    atoms = {run.atom[0] for leaf in found for run in leaf.runs if run.atom is not None}
    return block.speaks and atoms <= {"br"} and all(leaf.tag != "col" for leaf in found)
