"""Which blocks of an edit script moved, gone in one place and new in another; and which numbers only follow that.

First those that read exactly the same have moved, then those that were reworded a little and resemble each other more
than anything else, then the blocks of a section that does so as a whole, then those that stood beside one that moved,
stand beside it again, and are as alike as blocks that are paired where they stand.

Cells and captions never move by themselves, nor does what stands in a link as a whole, and a block leaves only where
its parent may hold a paragraph in its place.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from inforce.redline.alignment import ALIKE, CELLS_LOOKED_AT, Step, children, compatible, head, is_number, through
from inforce.redline.blocks import (
    HEADINGS,
    NOTES,
    ROW_GROUPS,
    Block,
    Container,
    Leaf,
    leaves,
    likeness,
    number,
    together,
)
from inforce.redline.numbers import Account
from inforce.redline.parsing import Reader

_MOVED_ALIKE = 0.8
_MOVED_WORDS = 8
"""What a block that moved and was reworded must share with the one it was, and how many words both must have."""

_SECTION_ALIKE = 0.6
"""What a section that moved and was reworded must share with the one it was, all in all."""

_ITEMS = frozenset(("li", "dt", "dd"))
_OF_TABLES = (*ROW_GROUPS, "table", "tr", "colgroup")
_STAYING = ROW_GROUPS | {"colgroup", "td", "th", "col", "hr", "caption", "figcaption", "legend", "summary"}
_STRICT = frozenset((*_OF_TABLES, "ul", "ol", "menu", "dl", "hgroup"))
"""Parents that hold only their own kind of children."""


def with_moves(steps: Iterable[Step]) -> list[Step]:
    """Return the steps, those of a moved block ``moved``: without ``new`` where it left, without ``old`` where it is.

    Where it arrives reworded stand the steps from the old block to the new one, the first with the move's number.
    """
    script = list(steps)
    same = list(_same(script, lambda block: None if is_number(block) else block.key))
    for place in (place for both in same for place in both):
        script[place] = replace(script[place], kind="moved")
    reworded = list(_same(script, lambda block: block.said if isinstance(block.said, tuple) else None))
    reworded += _rows(script)
    reworded += _similar(script, reworded)
    reworded += _in_sections(script, reworded)
    reworded += _beside(script, (*same, *reworded))
    arrivals: dict[int, list[Step]] = {}
    for move, (left, arrived) in enumerate(sorted((*same, *reworded)), 1):
        old, new = script[left].old, script[arrived].new
        script[left] = replace(script[left], kind="moved", move=move)
        if script[arrived].kind == "moved":
            script[arrived] = replace(script[arrived], move=move)
        else:
            first, *others = through([(old, new)])
            arrivals[arrived] = [replace(first, move=move), *others]
    return [each for place, step in enumerate(script) for each in arrivals.get(place, (step,))] if arrivals else script


def _same(script: Sequence[Step], says: Callable[[Block], Hashable | None]) -> Iterator[tuple[int, int]]:
    """Where a block left and where it arrived that says the same, if it says anything."""
    sides = ({says(step.block) for step in script if step.kind == kind} for kind in ("removed", "added"))
    on_both = set.intersection(*sides) - {None}
    if not on_both:
        return
    arrivals: dict[Hashable, deque[int]] = defaultdict(deque)
    for place in _movable(script, "added", lambda block: says(block) in on_both):
        arrivals[says(script[place].block)].append(place)
    for place in _movable(script, "removed", lambda block: says(block) in on_both):
        if waiting := arrivals.get(says(script[place].block)):
            yield place, waiting.popleft()


def _rows(script: Sequence[Step]) -> Iterator[tuple[int, int]]:
    """Where a row left and where it arrived in the same table that is about the same thing, by its first cell."""
    places: dict[tuple[int, int], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    table = 0
    for place, step in enumerate(script):
        if step.kind == "open" and step.block.tag == "table":
            table = place
        elif step.kind in ("removed", "added") and (about := head(step.block)) is not None:
            places[table, about][step.kind == "added"].append(place)
    for left, arrived in places.values():
        if len(left) == len(arrived) == 1 and compatible(script[left[0]].block, script[arrived[0]].block):
            yield left[0], arrived[0]


def _similar(script: Sequence[Step], moved: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Where a block left and where it arrived, reworded: each the other's likeness, before all others.

    Footnotes have fewer like them: what became of a half of them is where they are.
    """
    gone, new = (sum(step.kind == kind for step in script) for kind in ("removed", "added"))
    if not gone or not new or gone * new > CELLS_LOOKED_AT:
        return
    known = {place for both in moved for place in both}
    left, arrived = (
        {place: script[place].block for place in _movable(script, kind, lambda block: block.tag != "")}
        for kind in ("removed", "added")
    )
    for least, of_notes in ((_MOVED_ALIKE, False), (ALIKE, True)):
        gone_from, new_at = (
            {place: block for place, block in side.items() if place not in known and (not of_notes or _is_note(block))}
            for side in (left, arrived)
        )
        found = list(_each_other_s(gone_from, new_at, least))
        known.update(place for both in found for place in both)
        yield from found


def _is_note(block: Block) -> bool:
    return NOTES in block.attributes


def _each_other_s(left: Mapping[int, Block], arrived: Mapping[int, Block], least: float) -> Iterator[tuple[int, int]]:
    """The places of blocks that are as alike as that, and each more like the other than anything else."""
    ahead: dict[int, list[tuple[float, int]]] = defaultdict(list)
    back: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for i, old in left.items():
        for j, block in arrived.items():
            near = old.tag == block.tag and least * old.length <= block.length <= old.length / least
            if near and (share := _share(old, block)) >= least:
                ahead[i].append((share, j))
                back[j].append((share, i))
    for i, found in ahead.items():
        best = _first(found)
        if best is not None and _first(back[best]) == i:
            yield i, best


def _in_sections(script: Sequence[Step], moved: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Where the blocks of a section left and where they arrived, of one that was reworded but is alike as a whole."""
    known = {place for both in moved for place in both}
    left, arrived = (
        _sections(script, set(_movable(script, kind, lambda block: block.tag != "")) - known)
        for kind in ("removed", "added")
    )
    if len(left) * len(arrived) > CELLS_LOOKED_AT:
        return
    one, other = ({place: together(section) for place, section in side.items()} for side in (left, arrived))
    for i, j in _each_other_s(one, other, _SECTION_ALIKE):
        old, new = ({id(block): at + by for by, block in enumerate(side[at])} for side, at in ((left, i), (arrived, j)))
        for before, after in children(one[i], other[j]):
            if before is not None and after is not None and before.tag == after.tag:
                yield old[id(before)], new[id(after)]


def _sections(script: Sequence[Step], places: set[int]) -> dict[int, list[Block]]:
    """The blocks at these places from one heading to the next, by where the heading stands."""
    found: dict[int, list[Block]] = {}
    start = last = -1
    for place in sorted(places):
        block = script[place].block
        if block.tag in HEADINGS:
            start = place
            found[start] = []
        elif place != last + 1:
            start = -1
        if start >= 0:
            found[start].append(block)
        last = place
    return found


def _beside(script: Sequence[Step], moved: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Where a block left and where it arrived that went with a neighbour: of a section, some was rewritten."""
    if not moved:
        return
    left, arrived = (set(_movable(script, kind, lambda block: block.tag != "")) for kind in ("removed", "added"))
    left.difference_update(place for place, _ in moved)
    arrived.difference_update(place for _, place in moved)
    for by in (1, -1):
        for place, its in moved:
            i, j = place + by, its + by
            while i in left and j in arrived and _went_along(script[i].block, script[j].block, by < 0):
                left.discard(i)
                arrived.discard(j)
                yield i, j
                i, j = i + by, j + by


def _went_along(old: Block, new: Block, above: bool) -> bool:
    """Whether a block became another one, beside one that moved: a number alone does, ``above`` its text."""
    if is_number(old) or is_number(new):
        return above and is_number(old) and is_number(new)
    return old.tag == new.tag and compatible(old, new) and likeness(old, new) >= ALIKE


def _share(old: Block, new: Block) -> float:
    """How alike two blocks are; 0 for those that cannot have become each other or have too few words."""
    return likeness(old, new) if compatible(old, new) and min(old.size, new.size) >= _MOVED_WORDS else 0.0


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
        elif step.kind == kind and wanted(block := step.block):
            at_home = block.tag in _ITEMS or block.tag == "tr" or parents[-1] not in _STRICT
            if at_home and block.tag not in _STAYING and not _linked(block, parents) and block.speaks:
                places.append(place)
    return places


def _linked(block: Block, parents: list[str]) -> bool:
    """Whether a link stands around blocks here, so that no link between the two places may stand in it."""
    while isinstance(block, Container) and block.tag != "a" and block.children:
        block = block.children[0]
    return block.tag == "a" or "a" in parents


def with_numbers(steps: Sequence[Step]) -> Iterator[Step]:
    """Yield the steps; those of texts whose number only follows what came and went before them say so."""
    account = Account()
    reads_all = any(map(_is_renumbered, steps))
    notes = tuple(_notes(steps))
    depth = 0  # within a block that arrives reworded, and leaves elsewhere
    for step in steps:
        old, new = step.old, step.new
        if step.kind in ("open", "close"):
            depth += (step.kind == "open") - (step.kind == "close") if depth or step.move else 0
        elif isinstance(old, Leaf) and isinstance(new, Leaf):
            arrives = bool(depth or step.move)
            if account.stayed(new.tag, old.number, new.number, arrives):
                step = replace(step, follows=True)
            step = replace(step, notes=notes) if notes else step
        elif step.kind != "passed":
            for leaf in leaves(step.block):
                if new is None:
                    account.left(leaf.tag, leaf.number)
                else:
                    account.reached(leaf.tag, leaf.number, arrived=old is None)
        elif reads_all:
            for leaf in leaves(Reader().read(step.html)):
                account.reached(leaf.tag, leaf.number, arrived=False)
        yield step


def _is_renumbered(step: Step) -> bool:
    """Whether it is a text with another number than before: only the numbers before it say whether that follows."""
    if not step.old or not step.new or not (step.move or step.kind == "changed"):
        return False
    return number(step.old) != number(step.new)


def _notes(steps: Iterable[Step]) -> Iterator[tuple[str, str]]:
    """The links to the items of footnotes that have another label than before, old and new."""
    for step in steps:
        if step.old and step.new and step.new.tag == "li" and step.old.attributes != step.new.attributes:
            before, after = (dict(block.attributes).get("id") for block in (step.old, step.new))
            if before and after and before != after:
                yield f"#{before}", f"#{after}"
