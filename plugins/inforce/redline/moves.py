"""An edit script -> the same script, in which a block that is gone here and new there has moved.

First those that read exactly the same are taken for moved, then those that were reworded a little and resemble each
other more than anything else. Cells, rows and captions never move by themselves, nor does what stands in a link as a
whole, and a block leaves only where its parent may hold a paragraph in its place.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from inforce.redline.alignment import Step, compatible, within
from inforce.redline.blocks import Block, Container, leaves
from inforce.redline.tokens import is_word

_ALIKE = 0.8
_WORDS = 8
"""What a reworded block must share with the one it was (multiset word Dice), and how many words both must have."""

_CELLS = 20_000
"""Where more blocks × blocks than this are gone and new, only those that read the same are looked for."""

_ITEMS = frozenset(("li", "dt", "dd"))
_TABLE = ("table", "thead", "tbody", "tfoot", "tr", "colgroup")
_STAYING = frozenset((*_TABLE, "td", "th", "col", "hr", "caption", "figcaption", "legend", "summary"))
_STRICT = frozenset((*_TABLE, "ul", "ol", "menu", "dl", "hgroup"))
"""Parents that hold only their own kind of children."""


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
            if alike and (likeness := _likeness(old, block)) >= _ALIKE:
                ahead[i].append((likeness, j))
                back[j].append((likeness, i))
    for i, found in ahead.items():
        best = _first(found)
        if best is not None and _first(back[best]) == i:
            yield i, best


def _likeness(old: Block, new: Block) -> float:
    """Multiset word Dice; 0 for blocks that cannot have become each other or have too few words."""
    one, other = old.bag, new.bag
    if not compatible(old, new):
        return 0.0
    if min(one.total(), other.total()) < _WORDS:
        return 0.0
    return 2 * (one & other).total() / (one.total() + other.total())


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
            if (
                at_home
                and block.tag not in _STAYING
                and not _linked(block, parents)
                and any(is_word(text) for leaf in leaves(block) for text in leaf.tokens.texts)
            ):
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
