"""An edit script -> the same script, in which a table with other columns than before is compared cell by cell.

Block by block, rows pair only with rows of as many cells, so a table that gained a column would be shown deleted and
inserted. Here two tables' columns are paired first, by their heads and by the words below them. Without the columns
that only one side has, the two are compared as any others; then those columns' cells come back, added or removed.

Only plain grids: as many cells in each row, none that spans. How cells and rows are compared is ``alignment``'s.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from inforce.redline.alignment import Step, within
from inforce.redline.blocks import Block, Container

_PARTS = frozenset(("thead", "tbody", "tfoot"))
_CELLS = frozenset(("td", "th"))
_ALIKE = 0.5
"""What two columns without the same head must share to be paired (multiset word Dice)."""
_MOST = 64
"""Tables with more columns are left as they are."""

FILLER = Container("td", (("class", "redline-filler"),), (), -1)
"""A cell that stands in neither page. ``resolution`` drops it."""

Columns = list[tuple[int | None, int | None]]
"""Which old column is which new one, both in order; None where one side has no such column."""


def with_columns(steps: Iterable[Step]) -> list[Step]:
    """The steps, those of tables whose columns changed being the steps of their cells."""
    given, found = list(steps), list[Step]()
    place = 0
    while place < len(given):
        step = given[place]
        if step.kind == "removed" or step.kind == "added":
            end = place
            while end < len(given) and given[end].kind in ("removed", "added"):
                end += 1
            found.extend(_gap(given[place:end]))
        elif step.kind == "open" and (compared := _compared(step.old, step.new)):
            end = _close(given, place)
            found.extend(compared)
        else:
            end = place + 1
            found.append(step)
        place = end
    return found


def _close(steps: Sequence[Step], place: int) -> int:
    """The place after the ``close`` of what opens at ``place``."""
    depth = 0
    while True:
        depth += (steps[place].kind == "open") - (steps[place].kind == "close")
        place += 1
        if not depth:
            return place


def _gap(steps: Sequence[Step]) -> Iterator[Step]:
    """Blocks that only one side has: of their tables, each old one with the first new one that it may have become."""
    old = [step for step in steps if step.kind == "removed"]
    new = [step for step in steps if step.kind == "added"]
    i = j = 0
    for place, one in enumerate(old):
        for at in range(j, len(new)):
            if compared := _compared(one.old, new[at].new):
                yield from old[i:place]
                yield from new[j:at]
                yield from compared
                i, j = place + 1, at + 1
                break
    yield from old[i:]
    yield from new[j:]


def _compared(old: Block | None, new: Block | None) -> list[Step]:
    """The steps from one table to another; none unless both are grids and their columns are not the same ones."""
    before, after = _rows(old), _rows(new)
    if not before or not after or old is None or new is None:
        return []
    columns = _paired(before, after)
    kept = [(i, j) for i, j in columns if i is not None and j is not None]
    if len(kept) == len(columns) or 2 * len(kept) < max(len(before[0].children), len(after[0].children)):
        return []
    keys: dict[object, int] = {}
    one, other = _Narrowed([i for i, _ in kept], keys), _Narrowed([j for _, j in kept], keys)
    narrow = within(one.table(old), other.table(new))
    return list(_widened(narrow, {**one.origins, **other.origins}, columns, (before[0], after[0])))


def _rows(block: Block | None) -> list[Container]:
    """The rows of a plain grid; none where the block is something else."""
    if not isinstance(block, Container) or block.tag != "table":
        return []
    rows = []
    for part in block.children:
        for row in part.children if isinstance(part, Container) and part.tag in _PARTS else (part,):
            if not isinstance(row, Container) or row.tag != "tr":
                return []
            rows.append(row)
    width = len(rows[0].children) if rows else 0
    cells = [cell for row in rows for cell in row.children]
    even = 0 < width <= _MOST and all(len(row.children) == width for row in rows)
    plain = all(cell.tag in _CELLS and not {"colspan", "rowspan"} & dict(cell.attributes).keys() for cell in cells)
    return rows if even and plain else []


def _paired(old: Sequence[Container], new: Sequence[Container]) -> Columns:
    """The columns of two grids in pairs: those that are worth the most together, and as many as are left between."""
    wide, wider = len(old[0].children), len(new[0].children)
    gains = [[_gain(old, i, new, j) for j in range(wider)] for i in range(wide)]
    best = [[0.0] * (wider + 1) for _ in range(wide + 1)]
    for i in reversed(range(wide)):
        for j in reversed(range(wider)):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], gains[i][j] + best[i + 1][j + 1])
    columns: Columns = []
    i = j = i_since = j_since = 0
    while i < wide and j < wider:
        if best[i][j] == gains[i][j] + best[i + 1][j + 1] and gains[i][j]:
            columns.extend((*_between(i_since, i, j_since, j), (i, j)))
            i_since, j_since = i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return [*columns, *_between(i_since, wide, j_since, wider)]


def _between(i: int, i_end: int, j: int, j_end: int) -> Columns:
    """Columns that are like none: reworded ones where both sides have as many, else those removed, then those added."""
    if i_end - i == j_end - j:
        return list(zip(range(i, i_end), range(j, j_end), strict=True))
    return [*((each, None) for each in range(i, i_end)), *((None, each) for each in range(j, j_end))]


def _gain(old: Sequence[Container], i: int, new: Sequence[Container], j: int) -> float:
    """What pairing two columns is worth: how alike their words are, and 1 for the same head."""
    head, other = old[0].children[i], new[0].children[j]
    same_head = bool(head.bag) and head.bag == other.bag
    one = sum((row.children[i].bag for row in old[1:]), head.bag)
    two = sum((row.children[j].bag for row in new[1:]), other.bag)
    alike = 2 * (one & two).total() / ((one.total() + two.total()) or 1)
    return same_head + alike if same_head or alike >= _ALIKE else 0.0


class _Narrowed:
    """A table with some of its columns only. ``origins`` leads from each of its parts to what that was made of."""

    def __init__(self, columns: Sequence[int], keys: dict[object, int]) -> None:
        self.origins: dict[Block, Container] = {}
        self._columns = columns
        self._keys = keys

    def table(self, block: Block) -> Container:
        """A table, or a part or a row of it. Only rows have equal keys: of the rest, each part is opened."""
        assert isinstance(block, Container)
        if block.tag == "tr":
            children: tuple[Block, ...] = tuple(block.children[place] for place in self._columns)
            content: object = (block.attributes, tuple(child.key for child in children))
        else:
            children = tuple(self.table(child) for child in block.children)
            content = block
        key = -2 - self._keys.setdefault(content, len(self._keys))
        narrowed = Container(block.tag, block.attributes, children, key)
        self.origins[narrowed] = block
        return narrowed


def _widened(
    steps: Iterable[Step], origins: dict[Block, Container], columns: Columns, heads: tuple[Block, Block]
) -> Iterator[Step]:
    """The steps of two narrowed tables as those of the whole ones."""
    for step in steps:
        old, new = (origins.get(block) if block else None for block in (step.old, step.new))
        if old is None and new is None:
            continue  # within a row: told as the row opens
        if old is None or new is None:
            yield replace(step, old=_filled(old, [i for i, _ in columns]), new=_filled(new, [j for _, j in columns]))
        elif old.tag != "tr":
            yield replace(step, old=old, new=new)
        elif step.kind != "close":
            yield Step("open", old, new)
            for i, j in columns:
                one = old.children[i] if i is not None else None
                other = new.children[j] if j is not None else None
                yield from _cell(one, other, (new is heads[1]) if one is None else (old is heads[0]))
            yield Step("close", old, new)


def _filled(block: Container | None, columns: Sequence[int | None]) -> Container | None:
    """A row, or a part's rows, with a filler for each column that it lacks: so its cells stay below their heads."""
    if block is None:
        return None
    if block.tag != "tr":
        rows = (_filled(row, columns) for row in block.children if isinstance(row, Container))
        return replace(block, children=tuple(row for row in rows if row))
    return replace(block, children=tuple(FILLER if each is None else block.children[each] for each in columns))


def _cell(old: Block | None, new: Block | None, head: bool) -> Iterator[Step]:
    """The steps of one cell; ``head`` says that it is in the first row."""
    if old is None:
        yield Step("added", None, new, column=head)
    elif new is None:
        yield Step("removed", old, None, column=head)
    elif old.key == new.key:
        yield Step("kept", old, new)
    elif isinstance(old, Container) and isinstance(new, Container):
        yield from within(old, new)
