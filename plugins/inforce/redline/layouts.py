"""An edit script -> the same script, in which blocks that only took another layout are compared as one text.

A paragraph that was split, or a list that became headings, pairs with nothing, block by block: all of it would be shown
deleted and inserted. Where that marks far too much, or marks words although none changed, those blocks become one
``Relaid``: their words are compared as one stream, whatever blocks they stand in, and shown in the new layout. It takes
in only what belongs together: it is parted wherever what stands before on both sides has no words behind, and the
blocks of an item are judged before those around it. Nothing is relaid in tables, nor beside what moved within a
neighbour.

How the old layout is kept is the business of ``markup``.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from inforce.redline.alignment import Step
from inforce.redline.blocks import Block, Container, Leaf, Run, leaves
from inforce.redline.tokens import Tokens, is_word
from inforce.redline.words import Change, changes, has_words, retyped

_TOO_MUCH = 1.3
_FAR_TOO_MUCH = 3.0
_BY = 40
"""More than so many times the marked characters of one stream, and by more than so many characters. The higher figure
holds for blocks whose neighbours did not take another layout; measured on real revisions, see docs/decisions."""

_SPACE = Run(" ")
_HOLDERS = frozenset(("", "li", "dd", "blockquote", "div", "section", "article", "aside", "main"))
"""Blocks that may hold a mark around some of theirs."""
_ALONE = frozenset(("kept", "passed", "moved"))
_TOGETHER = frozenset(("br",))
"""Elements without text that are layout themselves; what holds another (an image) is never relaid."""


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

    def runs(self, start: int, end: int) -> Iterator[tuple[Run, ...]]:
        """The content from one token to another, leaf by leaf."""
        while start < end:
            leaf, first = self.places[start]
            stop = start
            while stop < end and self.places[stop][0] == leaf:
                stop += 1
            tokens = self.leaves[leaf].tokens
            yield self.leaves[leaf].slice(tokens.starts[first], tokens.ends[self.places[stop - 1][1]])
            start = stop


class Piece(NamedTuple):
    """A part of a leaf in the new layout; ``words`` counts those of a deleted or inserted one.

    ``retyped`` says that what was deleted and what was inserted are the same words in other characters.
    """

    kind: Literal["kept", "deleted", "inserted"]
    runs: tuple[Run, ...]
    words: int = 0
    retyped: bool = False


class _Written:
    """The new leaves as they fill up, each to a character of its own."""

    def __init__(self, new: Stream) -> None:
        self._new = new
        self._pieces: list[list[Piece]] = [[] for _ in new.leaves]
        self._ends = [0] * len(new.leaves)

    def add(self, kind: Literal["kept", "inserted"], start: int, end: int, retyped: bool = False) -> None:
        for runs in self._new.runs(start, end):
            number, place = self._new.places[start]
            tokens = self._new.leaves[number].tokens
            self._reach(number, tokens.starts[place])
            count = 0
            while start < end and self._new.places[start][0] == number:
                count += is_word(self._new.tokens.texts[start])
                place, start = self._new.places[start][1], start + 1
            self._pieces[number].append(Piece(kind, runs, count, retyped))
            self._ends[number] = tokens.ends[place]

    def delete(self, old: Stream, change: Change, retyped: bool) -> None:
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
        runs = [run for each in old.runs(i, i_end) for run in (*each, _SPACE)][:-1]
        runs = [*([_SPACE] if before else ()), *runs, *([_SPACE] if after else ())]
        count = sum(map(is_word, old.tokens.texts[i:i_end]))
        self._pieces[number].append(Piece("deleted", tuple(runs), count, retyped))

    def finished(self) -> list[list[Piece]]:
        for number, leaf in enumerate(self._new.leaves):
            self._reach(number, len(leaf.text))
        return self._pieces

    def _reach(self, number: int, end: int) -> None:
        if between := self._new.leaves[number].slice(self._ends[number], end):
            self._pieces[number].append(Piece("kept", between))
        self._ends[number] = max(self._ends[number], end)


@dataclass(frozen=True)
class Relaid:
    """Blocks that took another layout, and the changes between their texts."""

    old: Container
    new: Container

    def pieces(self) -> list[list[Piece]]:
        """The content of each leaf of the new blocks, the deleted text of the old ones where it stood in the stream."""
        old, new = self.streams
        written = _Written(new)
        place = 0
        for change in self.changes:
            i, i_end, j, j_end = change
            same = old.tokens.spoken[i:i_end] == new.tokens.spoken[j:j_end]
            written.add("kept", place, j)
            if i < i_end:
                written.delete(old, change, same)
            written.add("inserted", j, j_end, same)
            place = j_end
        written.add("kept", place, len(new.places))
        return written.finished()

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
        old, new = (stream.tokens for stream in self.streams)
        return any(
            (has_words(old, i, i_end) or has_words(new, j, j_end)) and old.spoken[i:i_end] != new.spoken[j:j_end]
            for i, i_end, j, j_end in self.changes
        )

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


class _Part(NamedTuple):
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
        self._group: list[_Part] = []
        self._marked = 0
        self._uneven = False
        self.fixed = within_fixed or bool(first.move) or _tag(first) == "table"
        self._judges = not self.fixed and _tag(first) in _HOLDERS
        self._moves = bool(first.move)

    def take(self, part: _Part) -> None:
        self._moves = self._moves or part.moves
        if part.alone:
            self._end()
            self._add(part)
        else:
            self._group.append(part)

    def closed(self, last: Step) -> _Part:
        self._end()
        return _Part(self._first, [*self._shown, last], self._marked, self._uneven, self._moves)

    def _end(self) -> None:
        for part in _judged(self._group) if self._judges else self._group:
            self._add(part)
        self._group = []

    def _add(self, part: _Part) -> None:
        self._shown.extend(part.shown)
        self._marked += part.marked
        self._uneven = self._uneven or part.uneven


def _single(step: Step) -> _Part:
    uneven = step.kind in ("removed", "added") and _speaks(step.old or step.new or _joined(()))
    return _Part(step, [step], _marked(step), uneven, bool(step.move))


def _tag(step: Step) -> str:
    return step.new.tag if step.new is not None else ""


def _judged(parts: Sequence[_Part]) -> Iterable[_Part]:
    """The parts themselves, but those that took another layout together in one, relaid."""
    marked = _worth_a_look(parts)
    if not marked:
        return parts
    old, new = _sides(parts)
    if not _plain(old) or not _plain(new) or ((least := _least(old, new)) and marked <= least + _BY):
        return parts
    found = Relaid(old, new)
    most = _TOO_MUCH if marked > _TOO_MUCH * found.marked else _FAR_TOO_MUCH
    groups = list(_cut(parts, found))
    if len(groups) == 1:
        return _relaid(parts, found, most)
    return [part for group in groups for part in _judged_alone(group, most)]


def _worth_a_look(parts: Sequence[_Part]) -> int:
    """How many characters they mark; 0 where something moved, or another layout can't be why.

    Nor do tables of other columns read as one text.
    """
    marked = sum(part.marked for part in parts)
    uneven = any(part.uneven for part in parts) and not any(part.moves for part in parts)
    judged_within = len(parts) == 1 and parts[0].first.kind == "open" and _tag(parts[0].first) in _HOLDERS
    sides = zip(*((part.first.old, part.first.new) for part in parts), strict=True)
    other_columns = all(any(block is not None and block.tag == "table" for block in side) for side in sides)
    return marked if uneven and not judged_within and not other_columns else 0


def _cut(parts: Sequence[_Part], found: Relaid) -> Iterator[Sequence[_Part]]:
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


def _judged_alone(parts: Sequence[_Part], most: float) -> Sequence[_Part]:
    """The parts of one group, judged by themselves."""
    marked = _worth_a_look(parts)
    if not marked:
        return parts
    old, new = _sides(parts)
    if not _plain(old) or not _plain(new) or ((least := _least(old, new)) and not _too_much(marked, least, most)):
        return parts
    return _relaid(parts, Relaid(old, new), most)


def _relaid(parts: Sequence[_Part], found: Relaid, most: float) -> Sequence[_Part]:
    """The parts themselves, or the one relaid layout that takes their place."""
    if found.reworded and not _too_much(sum(part.marked for part in parts), found.marked, most):
        return parts
    return [_Part(parts[0].first, [found], found.marked, uneven=False, moves=False)]


def _too_much(marked: int, otherwise: int, most: float) -> bool:
    return marked > most * otherwise and marked > otherwise + _BY


def _sides(parts: Sequence[_Part]) -> tuple[Container, Container]:
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


def _size(tokens: Tokens, start: int, end: int) -> int:
    return tokens.ends[end - 1] - tokens.starts[start] if start < end else 0


def _plain(block: Block) -> bool:
    """Whether there is text, and nothing but text and line breaks."""
    found = list(leaves(block))
    atoms = {run.atom[0] for leaf in found for run in leaf.runs if run.atom is not None}
    return _speaks(block) and atoms <= _TOGETHER and all(leaf.tag != "col" for leaf in found)


def _speaks(block: Block) -> bool:
    return any(has_words(leaf.tokens, 0, len(leaf.tokens.texts)) for leaf in leaves(block))


def _stream(block: Block) -> Stream:
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
    tokens, start = leaf.tokens, 0
    found: dict[int, str] = {}
    for run in leaf.runs:
        end = start + len(run.text)
        links = [given for tag, given in run.formats if tag == "a"]
        if target := "".join(f"\n{value}" for given in links for name, value in given if name == "href"):
            for place in range(bisect_left(tokens.starts, start), bisect_left(tokens.starts, end)):
                found[place] = target
        start = end
    return found
