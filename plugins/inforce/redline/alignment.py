"""Two trees of blocks -> an edit script: which block of the old page is which of the new one, in the new page's order.

Blocks are paired level by level: equal ones first, as a chain of landmarks, then in each gap the pairs that are most
alike. Order is kept there: a block that moved is removed in one place and added in another; ``moves`` finds
those.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from math import sqrt
from typing import Literal

from inforce.redline.blocks import HEADINGS, Block, Container, Leaf, integer, leaves, likeness, together
from inforce.redline.numbers import is_alone
from inforce.redline.order import anchors, gaps
from inforce.redline.sections import Gap, Passage, Section

ALIKE = 0.5
_ALIKE_ALONE = 0.25
"""What one block must share with another to be paired, and one that has no rival (``likeness``)."""

_ABOVE_PAIRED = 1.1
"""How much more it is worth to pair two headings above texts that are paired than any others that are as alike."""

CELLS_LOOKED_AT = 20_000
_WINDOW = 8
"""A gap of more blocks × blocks than this is paired greedily, each block with the best of the next so many."""

_TEXT = HEADINGS | {"", "p"}
_TITLES = HEADINGS | {"dt"}
_LISTS = frozenset(("ul", "ol"))
_CELLS = frozenset(("td", "th"))
_SINGLE = _CELLS | {"li", "dd"}
_ROW_GROUPS = frozenset(("table", "thead", "tbody", "tfoot"))


@dataclass(frozen=True)
class Step:
    """One step of an edit script.

    ``kept``, ``removed``, ``added``: a whole block. ``changed``: two leaves with other content or another start tag.
    ``open`` … ``close``: two containers, between which the steps of their children stand. ``moved``: a whole block that
    leaves here (no ``new``) or arrives here (no ``old``); both steps have the same ``move``, from 1; one that
    arrives reworded is ``changed`` or ``open`` with that number. ``passed``: a passage that was not read, as ``html``,
    with the ``ids`` in it.
    """

    kind: Literal["kept", "removed", "added", "changed", "open", "close", "moved", "passed"]
    old: Block | None = None
    new: Block | None = None
    move: int = 0
    follows: bool = False
    html: str = ""
    ids: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def block(self) -> Block:
        """The block that it is about, the new one where it is about two."""
        block = self.new or self.old
        assert block is not None
        return block


Paired = tuple[Block | None, Block | None]
_PAGE = together(())


def script(sections: Iterable[Section]) -> Iterator[Step]:
    """Return the edit script through two fragments, in which nothing has moved."""
    found = list(sections)
    pages = [(gap.old.children, gap.new.children) for gap in found if isinstance(gap, Gap)]
    moved = _moved(*map(chain.from_iterable, zip(*pages, strict=True))) if len(pages) > 1 else frozenset[Hashable]()
    return _page(found, lambda gap: children(gap.old, gap.new, moved))


def whole(sections: Iterable[Section]) -> Iterator[Step]:
    """Return the script that pairs nothing: in every gap everything removed, everything added."""
    return _page(
        sections, lambda gap: [*((block, None) for block in gap.old.children), *((None, b) for b in gap.new.children)]
    )


def _page(sections: Iterable[Section], paired: Callable[[Gap], Iterable[Paired]]) -> Iterator[Step]:
    yield Step("open", _PAGE, _PAGE)
    for section in sections:
        if isinstance(section, Passage):
            yield Step("passed", html=section.html, ids=section.ids)
        else:
            yield from through(paired(section))
    yield Step("close", _PAGE, _PAGE)


def through(pairs: Iterable[Paired]) -> Iterator[Step]:
    """The steps of these pairs, and of what is in them."""
    pending = [_step(*pair) for pair in pairs][::-1]
    while pending:
        step = pending.pop()
        yield step
        if step.kind == "open" and isinstance(step.old, Container) and isinstance(step.new, Container):
            pending.append(Step("close", step.old, step.new))
            pending.extend([_step(*pair) for pair in children(step.old, step.new)][::-1])


def _step(old: Block | None, new: Block | None) -> Step:
    if old is None:
        return Step("added", None, new)
    if new is None:
        return Step("removed", old, None)
    if old.key == new.key:
        return Step("kept", old, new)
    return Step("changed" if isinstance(old, Leaf) else "open", old, new)


def children(old: Container, new: Container, moved: Set[Hashable] = frozenset()) -> list[Paired]:
    """Return the children of two containers, paired where they are alike; none that ``moved``, by what it says."""
    one, other = old.children, new.children
    if _positional(old, one, other):
        return list(zip(one, other, strict=True))
    if old.tag == "tr" and _gained_columns(old, new):
        return _paired(one, other, anchors(old.heads, new.heads))
    if all(alone := (_alone(one), _alone(other))):
        return _with_numbers_above(one, other, alone, moved)
    pairs = anchors([block.key for block in one], [block.key for block in other])
    for i, i_end, j, j_end in gaps(pairs, len(one), len(other)):
        pairs.extend((i + a, j + b) for a, b in anchors(*map(_unnumbered, (one[i:i_end], other[j:j_end]))))
    pairs.sort()
    between = gaps(pairs, len(one), len(other))
    if len(between) > 1 and old.tag != "tr":
        unpaired = [(one[i:i_end], other[j:j_end]) for i, i_end, j, j_end in between]
        moved |= _moved(*map(chain.from_iterable, zip(*unpaired, strict=True))) | _elsewhere(unpaired)
    for i, i_end, j, j_end in between:
        left, right = (
            [place for place in range(*span) if not moved or moved.isdisjoint((side[place].said, head(side[place])))]
            for side, span in ((one, (i, i_end)), (other, (j, j_end)))
        )
        pairs.extend((left[a], right[b]) for a, b in _alike([one[i] for i in left], [other[j] for j in right]))
    return _paired(one, other, sorted(pairs))


def _alone(blocks: Sequence[Block]) -> Set[int]:
    """The places of those that are nothing but a number, above the text that it is the number of."""
    return {place for place, block in enumerate(blocks) if is_number(block)}


def is_number(block: Block) -> bool:
    """Whether a block is nothing but a number, as a heading may be whose text stands below it."""
    return isinstance(block, Leaf) and is_alone(block.text) and block.number == block.text


def _with_numbers_above(
    one: Sequence[Block], other: Sequence[Block], alone: tuple[Set[int], Set[int]], moved: Set[Hashable]
) -> list[Paired]:
    """Blocks paired without the numbers ``alone`` above some of them; these pair as what stands below them does."""
    rest = [
        [place for place in range(len(side)) if place not in numbers]
        for side, numbers in zip((one, other), alone, strict=True)
    ]
    below = [together(side[place] for place in its) for side, its in zip((one, other), rest, strict=True)]
    places = iter(rest[0]), iter(rest[1])
    pairs = []
    for before, after in children(below[0], below[1], moved):
        i, j = (next(its) if block else -1 for block, its in zip((before, after), places, strict=True))
        if before and after:
            pairs.append((i, j))
    for i, j in (*pairs, (len(one), len(other))):
        while i - 1 in alone[0] and j - 1 in alone[1]:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    pairs.sort()
    for i, i_end, j, j_end in gaps(pairs, len(one), len(other)):
        left, right = (
            [place for place in range(*span) if place in its]
            for span, its in zip(((i, i_end), (j, j_end)), alone, strict=True)
        )
        pairs.extend((left[a], right[b]) for a, b in anchors([one[k].key for k in left], [other[k].key for k in right]))
    return _paired(one, other, sorted(pairs))


def _moved(old: Iterable[Block], new: Iterable[Block]) -> Set[Hashable]:
    """What is said once on either side, in whatever place: where it was and is, it became nothing else."""
    before, after = (Counter(block.said for block in side) for side in (old, new))
    return {each for each, count in before.items() if count == after[each] == 1}


def _elsewhere(unpaired: Iterable[tuple[Sequence[Block], Sequence[Block]]]) -> Set[Hashable]:
    """What one row on either side is about, in different places: it became no row about another thing."""
    before, after = defaultdict[Hashable, list[int]](list), defaultdict[Hashable, list[int]](list)
    for place, sides in enumerate(unpaired):
        for found, blocks in zip((before, after), sides, strict=True):
            for block in blocks:
                found[head(block)].append(place)
    once = (about for about, places in before.items() if len(places) == len(after[about]) == 1)
    return {about for about in once if before[about] != after[about]} - {None}


def _paired(one: Sequence[Block], other: Sequence[Block], pairs: Sequence[tuple[int, int]]) -> list[Paired]:
    """All blocks of both sides, those at the places of ``pairs``, which rise, as pairs."""
    paired: list[Paired] = []
    i = j = 0
    for i_next, j_next in [*pairs, (len(one), len(other))]:
        paired.extend((block, None) for block in one[i:i_next])
        paired.extend((None, block) for block in other[j:j_next])
        paired.extend(zip(one[i_next : i_next + 1], other[j_next : j_next + 1], strict=True))
        i, j = i_next + 1, j_next + 1
    return paired


def _unnumbered(blocks: Sequence[Block]) -> list[Hashable]:
    """What blocks say behind the numbers that they begin with.

    A block without a number, or with more than one text in it, is the same as no other.
    """
    return [block.said if isinstance(block.said, tuple) else object() for block in blocks]


def _positional(parent: Container, one: Sequence[Block], other: Sequence[Block]) -> bool:
    """Whether children pair by place: cells of rows, the parts of a table, and what alone fills an item or a cell."""
    by_place = parent.tag in ("table", "tr") or (parent.tag in _SINGLE and len(one) == 1)
    if not by_place or len(one) != len(other):
        return False
    pairs = list(zip(one, other, strict=True))
    return all(compatible(*pair) for pair in pairs) and (parent.tag == "tr" or all(a.tag == b.tag for a, b in pairs))


def compatible(old: Block, new: Block) -> bool:
    """Whether one block may be shown as having become the other."""
    if isinstance(old, Leaf) or isinstance(new, Leaf):
        return type(old) is type(new) and (old.tag == new.tag or {old.tag, new.tag} <= _TEXT)
    if old.tag == "tr" or old.tag in _ROW_GROUPS:
        return old.tag == new.tag and (columns(old) == columns(new) or _gained_columns(old, new))
    return old.tag == new.tag or {old.tag, new.tag} <= _LISTS or {old.tag, new.tag} <= _CELLS


def _gained_columns(old: Container, new: Container) -> bool:
    """Whether one has all columns of the other, by what they are called and in their order, and more."""
    few, many = sorted((old.heads, new.heads), key=len)
    rest = iter(many)
    return 0 < len(few) < len(many) and all(head in rest for head in few)


def columns(block: Block) -> int:
    """How many columns a table or a part of one has, by its widest row."""
    widest, pending = 0, [block]
    while pending:
        each = pending.pop()
        if isinstance(each, Container) and each.tag == "tr":
            widest = max(widest, sum(integer(dict(cell.attributes).get("colspan"), 1) for cell in each.children))
        elif isinstance(each, Container) and each.tag in _ROW_GROUPS:
            pending.extend(each.children)
    return widest


def _alike(old: Sequence[Block], new: Sequence[Block]) -> list[tuple[int, int]]:
    """The pairs in a gap, by likeness of words."""
    if not old or not new:
        return []
    if len(old) == len(new) == 1:
        pair = old[0], new[0]
        is_same = _is_another(*pair) or (compatible(*pair) and _share_half(*pair))
        return [(0, 0)] if is_same or _gain(*pair, _ALIKE_ALONE) else []
    return _greedy(old, new) if len(old) * len(new) > CELLS_LOOKED_AT else _best(old, new)


def _is_another(old: Block, new: Block) -> bool:
    """Whether a block, the only one in its place, became another one, whatever it says: a title, a term, a picture."""
    return old.tag == new.tag and (old.tag in _TITLES or _are_pictures(old, new))


def _are_pictures(old: Block, new: Block) -> bool:
    return compatible(old, new) and not (old.speaks or new.speaks) and bool(old.size and new.size)


def _share_half(old: Block, new: Block) -> bool:
    """Whether two blocks have half of their characters in equal leaves, so that no words need be counted."""
    keys = {leaf.key for leaf in leaves(old)}
    shared = sum(len(leaf.text) for leaf in leaves(new) if leaf.key in keys)
    return 4 * shared >= old.length + new.length > 0


def _gain(old: Block, new: Block, least: float) -> float:
    """What pairing two blocks is worth: likeness² · (1 + √ shorter length); 0 where they are not alike enough.

    Rows about the same thing, by their first cells, always are.
    """
    if old.key == new.key:
        return 1 + sqrt(old.size)
    if not old.size or not new.size or not compatible(old, new):
        return 0.0
    shorter = min(old.size, new.size)
    same_head = (about := head(old)) is not None and about == head(new)
    if 2 * shorter < least * (old.size + new.size) and not same_head:
        return 0.0
    alike = likeness(old, new)
    if same_head:
        alike = max(alike, least)
    return alike * alike * (1 + sqrt(shorter)) if alike >= least else 0.0


def head(block: Block) -> int | None:
    """What a row is about, by the key of its first cell; none where it has no other, or no word is in the first.

    A number is none: the row has another one in another place.
    """
    if not isinstance(block, Container) or block.tag != "tr" or len(block.children) < 2:
        return None
    first = block.children[0]
    return first.key if first.speaks and not all(map(is_number, leaves(first))) else None


def _best(old: Sequence[Block], new: Sequence[Block]) -> list[tuple[int, int]]:
    """The pairs in order that are worth the most together."""
    gains = [[_gain(one, other, ALIKE) for other in new] for one in old]
    if old[-1].tag in HEADINGS:
        gains[-1][-1] *= _ABOVE_PAIRED
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
        gains = [(_gain(one, new[j], ALIKE), -j) for j in range(start, min(start + _WINDOW, len(new)))]
        gain, at = max(gains, default=(0.0, 0))
        if gain:
            pairs.append((i, -at))
            start = 1 - at
    return pairs
