"""An edit script -> the same script, in which what only took another layout is shown as that.

A paragraph that was split, or a list that became headings, pairs with nothing, block by block: all of it would be shown
deleted and inserted. Where that marks far too much, or marks words although none changed, those blocks become one
``Relaid``: their texts are compared as one, and the words of both sides stand in the new layout, where the old white
space is the old layout's. It takes in only what belongs together: it is parted wherever what stands before on both
sides has no words behind, and the blocks of an item are judged before those around it. Nothing is relaid in tables, nor
beside what moved within a neighbour.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from inforce.redline.alignment import Step
from inforce.redline.blocks import Block, Container, Format, Leaf, Run, leaves, together
from inforce.redline.differences import Change, changes, kept, retyped
from inforce.redline.texts import Kind, Part
from inforce.redline.words import Tokens, is_word

_SPACE = Run(" ")

_TOO_MUCH = 1.3
_FAR_TOO_MUCH = 3.0
_BY = 40
"""More than so many times the marked characters of one stream, and by more than so many characters. The higher figure
holds for blocks whose neighbours did not take another layout; measured on real revisions, see docs/decisions."""

_HOLDERS = frozenset(("", "li", "dd", "blockquote", "div", "section", "article", "aside", "main"))
"""Blocks that may hold a mark around some of theirs."""
_ALONE = frozenset(("kept", "passed", "moved"))


@dataclass(frozen=True)
class Stream:
    """The text of several blocks as one. ``places`` holds each token's leaf and its place among the leaf's tokens."""

    leaves: tuple[Leaf, ...]
    places: tuple[tuple[int, int], ...]
    tokens: Tokens

    def together(self, place: int) -> bool:
        """Whether the token of this place and the one before stand in one leaf."""
        return 0 < place < len(self.places) and self.places[place][0] == self.places[place - 1][0]

    def spaced(self, place: int) -> bool:
        """Whether there is space, or no token, before this place."""
        starts, ends = self.tokens.starts, self.tokens.ends
        return not 0 < place < len(starts) or starts[place] > ends[place - 1]

    def stretches(self, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
        """From one token to another, leaf by leaf: the leaf's number, the characters from and to, how many words."""
        for number, places in groupby(range(start, end), lambda place: self.places[place][0]):
            inner = list(places)
            tokens = self.leaves[number].tokens
            begins, ends = tokens.starts[self.places[inner[0]][1]], tokens.ends[self.places[inner[-1]][1]]
            yield number, begins, ends, self.tokens.words(inner[0], inner[-1] + 1)

    @property
    def formats(self) -> list[tuple[Format, ...]]:
        """What each token stands under, by its first character."""
        found = []
        for number, place in self.places:
            leaf = self.leaves[number]
            found.append(leaf.runs[bisect_right(leaf.starts, leaf.tokens.starts[place]) - 1].formats)
        return found


class _Filled:
    """The new leaves as they fill up, each to a character of its own."""

    def __init__(self, new: Stream) -> None:
        self._new = new
        self._parts: list[list[Part]] = [[] for _ in new.leaves]
        self._ends = [0] * len(new.leaves)

    def add(self, kind: Kind, start: int, end: int) -> None:
        """New text that was there, or that is only in the new text."""
        for number, begins, ends, words in self._new.stretches(start, end):
            self._reach(number, begins)
            runs = self._new.leaves[number].slice(begins, ends)
            self._parts[number].append(Part("kept", runs, runs) if kind == "kept" else Part(kind, (), runs, 0, words))
            self._ends[number] = ends

    def delete(self, kind: Kind, old: Stream, change: Change) -> None:
        """Deleted text before what replaces it; with no such thing, behind the leaf's last word where that ends one.

        What stood close behind a word, as a comma does, stays there, before the space that follows it now.
        """
        i, i_end, j, j_end = change
        places, behind = self._new.places, j == j_end and j > 0 and not self._new.together(j)
        close = self._new.together(j) and not old.spaced(i)
        if behind or close:
            number = places[j - 1][0]
        else:
            number, place = places[j]
            self._reach(number, self._new.leaves[number].tokens.starts[place])
        end = self._ends[number]
        before = end and not self._new.leaves[number].text[end - 1].isspace() and old.spaced(i)
        joined = (close and self._new.spaced(j)) or (j < j_end and self._new.spaced(j_end))
        after = old.spaced(i_end) and not behind and not joined
        cut = [(old.leaves[leaf].slice(begins, ends), words) for leaf, begins, ends, words in old.stretches(i, i_end)]
        for place, (runs, words) in enumerate(cut):
            lead, trail = (before and not place), (after or place < len(cut) - 1)
            given = (*((_SPACE,) if lead else ()), *runs, *((_SPACE,) if trail else ()))
            self._parts[number].append(Part("dissolved" if place else kind, given, (), words, 0))

    def finished(self) -> list[list[Part]]:
        for number, leaf in enumerate(self._new.leaves):
            self._reach(number, len(leaf.text))
        return self._parts

    def _reach(self, number: int, end: int) -> None:
        if between := self._new.leaves[number].slice(self._ends[number], end):
            self._parts[number].append(Part("kept", between, between))
        self._ends[number] = max(self._ends[number], end)


@dataclass(frozen=True)
class Relaid:
    """Blocks that took another layout, and the changes between their texts."""

    old: Container
    new: Container

    def parts(self) -> list[list[Part]]:
        """The content of each leaf of the new blocks, the deleted text of the old ones where it stood in the stream."""
        old, new = self.streams
        filled = _Filled(new)
        place = 0
        for change in self.changes:
            i, i_end, j, j_end = change
            same = old.tokens.spoken[i:i_end] == new.tokens.spoken[j:j_end]
            kind: Kind = "retyped" if same else "reworded"
            filled.add("kept", place, j)
            if i < i_end:
                filled.delete(kind, old, change)
            filled.add(kind, j, j_end)
            place = j_end
        filled.add("kept", place, len(new.places))
        return filled.finished()

    @cached_property
    def streams(self) -> tuple[Stream, Stream]:
        """The old text and the new one."""
        return _stream(self.old), _stream(self.new)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What differs, in places of the streams' tokens: other words, and the same ones in other characters."""
        old, new = self.streams
        found = changes(old.tokens, new.tokens)
        return tuple(sorted((*found, *retyped(old.tokens, new.tokens, found))))

    @cached_property
    def reworded(self) -> bool:
        """Whether some word differs."""
        old, new = (stream.tokens.spoken for stream in self.streams)
        sides = [(old[i:i_end], new[j:j_end]) for i, i_end, j, j_end in self.changes]
        return any(one != other and any(map(is_word, (*one, *other))) for one, other in sides)

    @property
    def reformatted(self) -> bool:
        """Whether words that stayed stand under other formats than before."""
        old, new = (stream.formats for stream in self.streams)
        return any(old[i:i_end] != new[j:j_end] for i, i_end, j, j_end in kept(self.changes, len(old), len(new)))

    @cached_property
    def marked(self) -> int:
        """How many characters differ."""
        one, other = (stream.tokens for stream in self.streams)
        return sum(_size(one, i, i_end) + _size(other, j, j_end) for i, i_end, j, j_end in self.changes)

    def meets(self, i: int, j: int) -> bool:
        """Whether what is before a place of the old text and one of the new stays before what is behind."""
        place = bisect_left(self.changes, i, key=lambda change: change[1])
        if place < len(self.changes) and self.changes[place][0] <= i:
            return self.changes[place][2] <= j <= self.changes[place][3]
        _, i_end, _, j_end = self.changes[place - 1] if place else (0, 0, 0, 0)
        return j - j_end == i - i_end


def _size(tokens: Tokens, start: int, end: int) -> int:
    return tokens.ends[end - 1] - tokens.starts[start] if start < end else 0


def _stream(block: Container) -> Stream:
    found = tuple(leaves(block))
    places: list[tuple[int, int]] = []
    texts: list[str] = []
    starts: list[int] = []
    spoken: list[str] = []
    ends: list[int] = []
    offset = 0
    for number, leaf in enumerate(found):
        tokens, targets = leaf.tokens, _targets(leaf)
        shown = [place for place, text in enumerate(tokens.texts) if not text.startswith("<br")]
        places.extend([(number, place) for place in shown])
        texts.extend([tokens.texts[place] + targets.get(place, "") for place in shown])
        spoken.extend([tokens.spoken[place] for place in shown])
        starts.extend([offset + tokens.starts[place] for place in shown])
        ends.extend([offset + tokens.ends[place] for place in shown])
        offset += len(leaf.text) + 1
    return Stream(found, tuple(places), Tokens(tuple(texts), tuple(spoken), tuple(starts), tuple(ends)))


def _targets(leaf: Leaf) -> dict[int, str]:
    """Where a leaf's links lead, by the places of their tokens: with another target, a token is written otherwise."""
    starts = leaf.tokens.starts
    found: dict[int, str] = {}
    for run, start in zip(leaf.runs, leaf.starts, strict=True):
        links = [given for tag, given in run.formats if tag == "a"]
        if target := "".join(f"\n{value}" for given in links for name, value in given if name == "href"):
            places = range(bisect_left(starts, start), bisect_left(starts, start + len(run.text)))
            found.update(dict.fromkeys(places, target))
    return found


@dataclass
class _Portion:
    """A block of a level of the page: its first step, what shows it, and how many characters that marks.

    ``uneven`` says that a block with words in it has none on the other side, ``moves`` that something in it moved,
    ``fixed`` that nothing in it is relaid. ``waiting`` are the blocks in it that are still to be judged together.
    """

    first: Step
    shown: list[Step | Relaid]
    marked: int = 0
    uneven: bool = False
    moves: bool = False
    fixed: bool = False
    waiting: list["_Portion"] = field(default_factory=list)

    @property
    def alone(self) -> bool:
        """Whether it is never relaid with its neighbours; a table that became another is compared cell by cell."""
        if self.first.kind == "open":
            return _tag(self.first) == "table"
        return self.moves or self.first.kind in _ALONE

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
        self.marked += part.marked
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
    """A step that is a block of its own; of reworded leaves, as many characters are marked at least."""
    marked, uneven = 0, False
    if step.kind in ("removed", "added"):
        marked, uneven = step.block.length, step.block.speaks
    elif step.kind == "changed" and step.old is not None and step.new is not None:
        marked = _least(step.old, step.new)
    return _Portion(step, [step], marked, uneven, bool(step.move))


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
    return [_Portion(parts[0].first, [found], found.marked)]


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
    old = together(part.first.old for part in parts if part.first.old is not None)
    return old, together(part.first.new for part in parts if part.first.new is not None)


def _least(old: Block, new: Block) -> int:
    """The characters of the words that only one side has."""
    return sum(len(word) * times for only in (old.bag - new.bag, new.bag - old.bag) for word, times in only.items())


def _plain(block: Block) -> bool:
    """Whether there is text, and nothing but text and line breaks, which are layout: no image is ever relaid."""
    found = list(leaves(block))
    atoms = {run.atom[0] for leaf in found for run in leaf.runs if run.atom is not None}
    return block.speaks and atoms <= {"br"} and all(leaf.tag != "col" for leaf in found)
