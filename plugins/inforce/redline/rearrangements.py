"""An edit script -> the same script, in which what moved and what only took another layout is shown as that.

Moves: of the blocks that are gone here and new there, first those that read exactly the same have moved, then those
that were reworded a little and resemble each other more than anything else. Cells, rows and captions never move by
themselves, nor does what stands in a link as a whole, and a block leaves only where its parent may hold a paragraph in
its place.

Layouts: a paragraph that was split, or a list that became headings, pairs with nothing, block by block: all of it would
be shown deleted and inserted. Where that marks far too much, or marks words although none changed, those blocks become
one ``Relaid``. It takes in only what belongs together: it is parted wherever what stands before on both sides has no
words behind, and the blocks of an item are judged before those around it. Nothing is relaid in tables, nor beside what
moved within a neighbour.
"""

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from inforce.redline.alignment import Step, compatible, within
from inforce.redline.blocks import Block, Container, leaves, likeness
from inforce.redline.texts import Relaid

_ALIKE = 0.8
_WORDS = 8
"""What a reworded block must share with the one it was (``likeness``), and how many words both must have."""

_CELLS = 20_000
"""Where more blocks × blocks than this are gone and new, only those that read the same are looked for."""

_ITEMS = frozenset(("li", "dt", "dd"))
_TABLE = ("table", "thead", "tbody", "tfoot", "tr", "colgroup")
_STAYING = frozenset((*_TABLE, "td", "th", "col", "hr", "caption", "figcaption", "legend", "summary"))
_STRICT = frozenset((*_TABLE, "ul", "ol", "menu", "dl", "hgroup"))
"""Parents that hold only their own kind of children."""

_TOO_MUCH = 1.3
_FAR_TOO_MUCH = 3.0
_BY = 40
"""More than so many times the marked characters of one stream, and by more than so many characters. The higher figure
holds for blocks whose neighbours did not take another layout; measured on real revisions, see docs/decisions."""

_HOLDERS = frozenset(("", "li", "dd", "blockquote", "div", "section", "article", "aside", "main"))
"""Blocks that may hold a mark around some of theirs."""
_ALONE = frozenset(("kept", "passed", "moved"))
_TOGETHER = frozenset(("br",))
"""Elements without text that are layout themselves; what holds another (an image) is never relaid."""


def with_moves(steps: Iterable[Step]) -> list[Step]:
    """The steps, those of a moved block being ``moved``: without ``new`` where it left, without ``old`` where it is.

    Where it arrives reworded stand the steps from the old block to the new one, the first with the move's number.
    """
    script = list(steps)
    moves = 0
    reworded: dict[int, int] = {}
    for left, arrived in _same(script):
        moves += 1
        for each in (left, arrived):
            script[each] = replace(script[each], kind="moved", move=moves)
    for left, arrived in _similar(script):
        moves += 1
        script[left] = replace(script[left], kind="moved", move=moves)
        reworded[arrived] = left
    return list(_spliced(script, reworded)) if reworded else script


def _spliced(script: Sequence[Step], reworded: dict[int, int]) -> Iterator[Step]:
    for place, step in enumerate(script):
        left = script[reworded[place]] if place in reworded else None
        if left is None or left.old is None or step.new is None:
            yield step
            continue
        first, *others = within(left.old, step.new)
        yield replace(first, move=left.move)
        yield from others


def _same(script: Sequence[Step]) -> Iterator[tuple[int, int]]:
    """Where a block left and where it arrived, unchanged."""
    on_both = {step.old.key for step in script if step.kind == "removed" and step.old}
    on_both &= {step.new.key for step in script if step.kind == "added" and step.new}
    if not on_both:
        return
    arrivals: dict[int, deque[int]] = defaultdict(deque)
    for place in _movable(script, "added", lambda block: block.key in on_both):
        arrivals[_block(script[place]).key].append(place)
    for place in _movable(script, "removed", lambda block: block.key in on_both):
        if waiting := arrivals.get(_block(script[place]).key):
            yield place, waiting.popleft()


def _similar(script: Sequence[Step]) -> Iterator[tuple[int, int]]:
    """Where a block left and where it arrived, reworded: each the other's likeness, before all others."""
    gone, new = (sum(step.kind == kind for step in script) for kind in ("removed", "added"))
    if not gone or not new or gone * new > _CELLS:
        return
    left, arrived = (
        [(place, _block(script[place])) for place in _movable(script, kind, lambda block: block.tag != "")]
        for kind in ("removed", "added")
    )
    ahead: dict[int, list[tuple[float, int]]] = defaultdict(list)
    back: dict[int, list[tuple[float, int]]] = defaultdict(list)
    sizes = {place: _length(block) for place, block in (*left, *arrived)}
    for i, old in left:
        for j, block in arrived:
            alike = old.tag == block.tag and _ALIKE * sizes[i] <= sizes[j] <= sizes[i] / _ALIKE
            if alike and (share := _share(old, block)) >= _ALIKE:
                ahead[i].append((share, j))
                back[j].append((share, i))
    for i, found in ahead.items():
        best = _first(found)
        if best is not None and _first(back[best]) == i:
            yield i, best


def _share(old: Block, new: Block) -> float:
    """How alike two blocks are; 0 for those that cannot have become each other or have too few words."""
    return likeness(old, new) if compatible(old, new) and min(old.size, new.size) >= _WORDS else 0.0


def _first(found: list[tuple[float, int]]) -> int | None:
    """The place of the greatest likeness, if there is one greatest."""
    ordered = sorted(found, reverse=True)
    return None if len(ordered) > 1 and ordered[0][0] == ordered[1][0] else ordered[0][1]


def _movable(script: Sequence[Step], kind: str, wanted: Callable[[Block], bool]) -> list[int]:
    """Where the script adds or removes a block that is wanted and may move."""
    places, parents = [], [""]
    for place, step in enumerate(script):
        if step.kind == "open":
            parents.append(step.new.tag if step.new else "")
        elif step.kind == "close":
            parents.pop()
        elif step.kind == kind and wanted(block := _block(step)):
            at_home = block.tag in _ITEMS or parents[-1] not in _STRICT
            if at_home and block.tag not in _STAYING and not _linked(block, parents) and block.speaks:
                places.append(place)
    return places


def _length(block: Block) -> int:
    return sum(len(leaf.text) for leaf in leaves(block))


def _linked(block: Block, parents: list[str]) -> bool:
    """Whether a link stands around blocks here, so that no link between the two places may stand in it."""
    while isinstance(block, Container) and block.tag != "a" and block.children:
        block = block.children[0]
    return block.tag == "a" or "a" in parents


def _block(step: Step) -> Block:
    block = step.old or step.new
    assert block is not None
    return block


class _Portion(NamedTuple):
    """A block of a level of the page: its first step, what shows it, and how many characters that marks.

    ``uneven`` says that a block with words in it has none on the other side, ``moves`` that something in it moved.
    """

    first: Step
    shown: list[Step | Relaid]
    marked: int
    uneven: bool
    moves: bool

    @property
    def alone(self) -> bool:
        """Whether it is never relaid with its neighbours; a table that became another is compared cell by cell."""
        if self.first.kind == "open":
            return _tag(self.first) == "table"
        return self.moves or self.first.kind in _ALONE


def with_layouts(steps: Iterable[Step]) -> list[Step | Relaid]:
    """The steps, with relaid blocks where those of single blocks would mark far too much."""
    levels: list[_Level] = []
    shown: list[Step | Relaid] = []
    for step in steps:
        if step.kind == "open":
            levels.append(_Level(step, bool(levels) and levels[-1].fixed))
            continue
        part = levels.pop().closed(step) if step.kind == "close" else _single(step)
        if levels:
            levels[-1].take(part)
        else:
            shown.extend(part.shown)
    return shown


class _Level:
    """A block that is open, and what of it has been shown. Within tables and what moved, nothing is relaid."""

    def __init__(self, first: Step, within_fixed: bool) -> None:
        self._first = first
        self._shown: list[Step | Relaid] = [first]
        self._group: list[_Portion] = []
        self._marked = 0
        self._uneven = False
        self.fixed = within_fixed or bool(first.move) or _tag(first) == "table"
        self._judges = not self.fixed and _tag(first) in _HOLDERS
        self._moves = bool(first.move)

    def take(self, part: _Portion) -> None:
        self._moves = self._moves or part.moves
        if part.alone:
            self._end()
            self._add(part)
        else:
            self._group.append(part)

    def closed(self, last: Step) -> _Portion:
        self._end()
        return _Portion(self._first, [*self._shown, last], self._marked, self._uneven, self._moves)

    def _end(self) -> None:
        for group in _tables_apart(self._group):
            for part in _judged(group) if self._judges else group:
                self._add(part)
        self._group = []

    def _add(self, part: _Portion) -> None:
        self._shown.extend(part.shown)
        self._marked += part.marked
        self._uneven = self._uneven or part.uneven


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
    block = part.first.old or part.first.new
    return block is not None and block.tag == "table"


def _single(step: Step) -> _Portion:
    uneven = step.kind in ("removed", "added") and (step.old or step.new or _joined(())).speaks
    return _Portion(step, [step], _marked(step), uneven, bool(step.move))


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
    if found.reworded and not _too_much(marked, found.marked, most):
        return parts
    return [_Portion(parts[0].first, [found], found.marked, uneven=False, moves=False)]


def _worth_a_look(parts: Sequence[_Portion]) -> int:
    """How many characters they mark; 0 where something moved, or another layout can't be why."""
    marked = sum(part.marked for part in parts)
    uneven = any(part.uneven for part in parts) and not any(part.moves for part in parts)
    judged_within = len(parts) == 1 and parts[0].first.kind == "open" and _tag(parts[0].first) in _HOLDERS
    return marked if uneven and not judged_within else 0


def _cut(parts: Sequence[_Portion], found: Relaid) -> Iterator[Sequence[_Portion]]:
    """The parts in groups: parted wherever what is before on one side has nothing in common with what is behind."""
    old, new = found.streams
    start = one = other = 0
    for place, part in enumerate(parts):
        one, other = (
            count + sum(1 for _ in leaves(block)) if block is not None else count
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
    old = [part.first.old for part in parts if part.first.old is not None]
    return _joined(old), _joined(part.first.new for part in parts if part.first.new is not None)


def _joined(blocks: Iterable[Block]) -> Container:
    return Container("", (), tuple(blocks), -1)


def _marked(step: Step) -> int:
    """How many characters a step marks; for reworded leaves, at least."""
    if step.kind == "removed" or step.kind == "added":
        return sum(len(leaf.text) for leaf in leaves(step.old or step.new or _joined(())))
    if step.kind == "changed" and step.old is not None and step.new is not None:
        return _least(step.old, step.new)
    return 0


def _least(old: Block, new: Block) -> int:
    """The characters of the words that only one side has."""
    one, other = old.bag, new.bag
    lost = sum(len(word) * max(0, count - other.get(word, 0)) for word, count in one.items())
    return lost + sum(len(word) * max(0, count - one.get(word, 0)) for word, count in other.items())


def _plain(block: Block) -> bool:
    """Whether there is text, and nothing but text and line breaks."""
    found = list(leaves(block))
    atoms = {run.atom[0] for leaf in found for run in leaf.runs if run.atom is not None}
    return block.speaks and atoms <= _TOGETHER and all(leaf.tag != "col" for leaf in found)
