"""Two trees of blocks -> an edit script: which block of the old page is which of the new one, in the new page's order.

Blocks are paired level by level: equal ones first, as a chain of landmarks, then in each gap the pairs that are most
alike. Order is kept: a block that moved is removed in one place and added in another, for ``rearrangements`` to find.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from inforce.redline.blocks import Block, Container, Leaf, integer, leaves, likeness
from inforce.redline.differences import anchors, gaps
from inforce.redline.parsing import Gap, Passage, Section

_ALIKE = 0.5
_ALIKE_ALONE = 0.25
"""What one block must share with another to be paired, and one that has no rival (``likeness``)."""

_GAP_CELLS = 20_000
_WINDOW = 8
"""A gap of more blocks × blocks than this is paired greedily, each block with the best of the next so many."""

_TEXT = frozenset(("", "p", "h1", "h2", "h3", "h4", "h5", "h6"))
_LISTS = frozenset(("ul", "ol"))
_CELLS = frozenset(("td", "th"))
_SINGLE = frozenset(("li", "td", "th", "dd"))
_ROW_GROUPS = frozenset(("table", "thead", "tbody", "tfoot"))


@dataclass(frozen=True)
class Step:
    """One step of an edit script.

    ``kept``, ``removed``, ``added``: a whole block. ``changed``: two leaves with other content or another start tag.
    ``open`` … ``close``: two containers, between which the steps of their children stand. ``moved``: a whole block that
    leaves here (no ``new``) or arrives here (no ``old``); both steps have the same ``move``, from 1; one that
    arrives reworded is ``changed`` or ``open`` with that number. ``passed``: a passage that was not read, as ``html``.
    """

    kind: Literal["kept", "removed", "added", "changed", "open", "close", "moved", "passed"]
    old: Block | None = None
    new: Block | None = None
    move: int = 0
    html: str = ""


_PAGE = Container("", (), (), -1)


def script(sections: Iterable[Section]) -> Iterator[Step]:
    """The edit script through two fragments."""
    yield Step("open", _PAGE, _PAGE)
    for section in sections:
        if isinstance(section, Passage):
            yield Step("passed", html=section.html)
        else:
            yield from _between(section)
    yield Step("close", _PAGE, _PAGE)


def within(old: Block, new: Block) -> Iterator[Step]:
    """The edit script from one block to another."""
    return _through([_step(old, new)])


def _between(gap: Gap) -> Iterator[Step]:
    return _through([_step(*pair) for pair in reversed(_children(gap.old, gap.new))])


def _through(pending: list[Step]) -> Iterator[Step]:
    """The steps, last first, and what is in them."""
    while pending:
        step = pending.pop()
        yield step
        if step.kind == "open" and isinstance(step.old, Container) and isinstance(step.new, Container):
            pending.append(Step("close", step.old, step.new))
            pending.extend(reversed([_step(*pair) for pair in _children(step.old, step.new)]))


def whole(sections: Iterable[Section]) -> Iterator[Step]:
    """The script that pairs nothing: in every gap everything removed, everything added."""
    yield Step("open", _PAGE, _PAGE)
    for section in sections:
        if isinstance(section, Passage):
            yield Step("passed", html=section.html)
        else:
            yield from (Step("removed", block) for block in section.old.children)
            yield from (Step("added", None, block) for block in section.new.children)
    yield Step("close", _PAGE, _PAGE)


def _step(old: Block | None, new: Block | None) -> Step:
    if old is None:
        return Step("added", None, new)
    if new is None:
        return Step("removed", old, None)
    if old.key == new.key:
        return Step("kept", old, new)
    return Step("changed" if isinstance(old, Leaf) else "open", old, new)


Paired = tuple[Block | None, Block | None]


def _children(old: Container, new: Container) -> list[Paired]:
    """The children of two paired containers, paired."""
    one, other = old.children, new.children
    if _positional(old, one, other):
        return list(zip(one, other, strict=True))
    pairs = anchors([block.key for block in one], [block.key for block in other])
    for i, i_end, j, j_end in gaps(pairs, len(one), len(other)):
        pairs.extend((i + a, j + b) for a, b in _alike(one[i:i_end], other[j:j_end]))
    paired: list[Paired] = []
    i = j = 0
    for i_next, j_next in [*sorted(pairs), (len(one), len(other))]:
        paired.extend((block, None) for block in one[i:i_next])
        paired.extend((None, block) for block in other[j:j_next])
        if i_next < len(one) and j_next < len(other):
            paired.append((one[i_next], other[j_next]))
        i, j = i_next + 1, j_next + 1
    return paired


def _positional(parent: Container, one: Sequence[Block], other: Sequence[Block]) -> bool:
    """Whether children pair by place: cells of rows, the parts of a table, and what alone fills an item or a cell."""
    if len(one) != len(other):
        return False
    if parent.tag == "tr" or (parent.tag in _SINGLE and len(one) == 1):
        return all(compatible(a, b) for a, b in zip(one, other, strict=True))
    return parent.tag == "table" and all(a.tag == b.tag and compatible(a, b) for a, b in zip(one, other, strict=True))


def compatible(old: Block, new: Block) -> bool:
    """Whether one block may be shown as having become the other."""
    if isinstance(old, Leaf) or isinstance(new, Leaf):
        return type(old) is type(new) and (old.tag == new.tag or {old.tag, new.tag} <= _TEXT)
    if old.tag == "tr" or old.tag in _ROW_GROUPS:
        return old.tag == new.tag and _columns(old) == _columns(new)
    return old.tag == new.tag or {old.tag, new.tag} <= _LISTS or {old.tag, new.tag} <= _CELLS


def _columns(block: Block) -> int:
    """How many columns a table or a part of one has, by its widest row."""
    widest, pending = 0, [block]
    while pending:
        each = pending.pop()
        if isinstance(each, Container) and each.tag == "tr":
            widest = max(widest, sum(_span(cell) for cell in each.children))
        elif isinstance(each, Container) and each.tag in _ROW_GROUPS:
            pending.extend(each.children)
    return widest


def _span(cell: Block) -> int:
    return integer(dict(cell.attributes).get("colspan"), 1)


def _alike(old: Sequence[Block], new: Sequence[Block]) -> list[tuple[int, int]]:
    """The pairs in a gap, by likeness of words."""
    if not old or not new:
        return []
    if len(old) == len(new) == 1 and compatible(old[0], new[0]) and _share_half(old[0], new[0]):
        return [(0, 0)]
    if len(old) == len(new) == 1:
        return [(0, 0)] if _gain(old[0], new[0], _ALIKE_ALONE) else []
    return _greedy(old, new) if len(old) * len(new) > _GAP_CELLS else _best(old, new)


def _share_half(old: Block, new: Block) -> bool:
    """Whether two blocks have half of their characters in equal leaves, so that no words need be counted."""
    one, other = list(leaves(old)), list(leaves(new))
    keys = {leaf.key for leaf in one}
    shared = sum(len(leaf.text) for leaf in other if leaf.key in keys)
    return 4 * shared >= sum(len(leaf.text) for leaf in (*one, *other)) > 0


def _gain(old: Block, new: Block, least: float) -> float:
    """What pairing two blocks is worth: likeness² · (1 + √ shorter length); 0 where they are not alike enough.

    Rows about the same thing, by their first cells, always are.
    """
    if old.key == new.key:
        return 1 + sqrt(old.size)
    if not old.size or not new.size or not compatible(old, new):
        return 0.0
    shorter = min(old.size, new.size)
    same_head = (head := _head(old)) is not None and head == _head(new)
    if 2 * shorter < least * (old.size + new.size) and not same_head:
        return 0.0
    alike = likeness(old, new)
    if same_head:
        alike = max(alike, least)
    return alike * alike * (1 + sqrt(shorter)) if alike >= least else 0.0


def _head(block: Block) -> int | None:
    """What a row is about, by the key of its first cell; none where it has no other or no word is in the first."""
    if not isinstance(block, Container) or block.tag != "tr" or len(block.children) < 2:
        return None
    first = block.children[0]
    return first.key if first.speaks else None


def _best(old: Sequence[Block], new: Sequence[Block]) -> list[tuple[int, int]]:
    """The pairs in order that are worth the most together."""
    gains = [[_gain(one, other, _ALIKE) for other in new] for one in old]
    width = len(new) + 1
    best = [[0.0] * width]
    for row in gains:
        above, current = best[-1], [0.0] * width
        for j, gain in enumerate(row):
            current[j + 1] = max(above[j + 1], current[j], above[j] + gain)
        best.append(current)
    pairs = []
    i, j = len(old), len(new)
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def _greedy(old: Sequence[Block], new: Sequence[Block]) -> list[tuple[int, int]]:
    """Each old block with the best of the next few new ones: not the best whole, but in linear time."""
    pairs, start = [], 0
    for i, one in enumerate(old):
        gains = [(_gain(one, new[j], _ALIKE), -j) for j in range(start, min(start + _WINDOW, len(new)))]
        gain, at = max(gains, default=(0.0, 0))
        if gain:
            pairs.append((i, -at))
            start = 1 - at
    return pairs
