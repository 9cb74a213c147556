"""An edit script -> the same script, in which blocks that only took another layout are compared as one text.

A paragraph that was split, or a list that became headings, pairs with nothing, block by block: all of it would be shown
deleted and inserted. Where that marks far too much, the blocks between two unchanged ones become one ``Relaid``:
their words are compared as one stream, whatever blocks they stand in, and shown in the new layout.

How the old layout is kept is the business of ``markup``. Only blocks at the top of a page are joined.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from inforce.redline.alignment import Step
from inforce.redline.blocks import Block, Container, Leaf, Run, leaves
from inforce.redline.tokens import Tokens, is_word
from inforce.redline.words import Change, changes

_TOO_MUCH = 1.3
_BY = 100
"""More than so many times the marked characters of one stream, and by more than so many characters; measured on real
revisions, see docs/decisions."""

_SPACE = Run(" ")
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
    """A part of a leaf in the new layout; ``words`` counts those of a deleted or inserted one."""

    kind: Literal["kept", "deleted", "inserted"]
    runs: tuple[Run, ...]
    words: int = 0


class _Written:
    """The new leaves as they fill up, each to a character of its own."""

    def __init__(self, new: Stream) -> None:
        self._new = new
        self._pieces: list[list[Piece]] = [[] for _ in new.leaves]
        self._ends = [0] * len(new.leaves)

    def add(self, kind: Literal["kept", "inserted"], start: int, end: int) -> None:
        for runs in self._new.runs(start, end):
            number, place = self._new.places[start]
            tokens = self._new.leaves[number].tokens
            self._reach(number, tokens.starts[place])
            count = 0
            while start < end and self._new.places[start][0] == number:
                count += is_word(self._new.tokens.texts[start])
                place, start = self._new.places[start][1], start + 1
            self._pieces[number].append(Piece(kind, runs, count))
            self._ends[number] = tokens.ends[place]

    def delete(self, old: Stream, change: Change) -> None:
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
        self._pieces[number].append(Piece("deleted", tuple(runs), sum(map(is_word, old.tokens.texts[i:i_end]))))

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
            written.add("kept", place, j)
            if i < i_end:
                written.delete(old, change)
            written.add("inserted", j, j_end)
            place = j_end
        written.add("kept", place, len(new.places))
        return written.finished()

    @cached_property
    def streams(self) -> tuple[Stream, Stream]:
        """The old text and the new one."""
        return _stream(self.old), _stream(self.new)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What differs, in places of the streams' tokens."""
        old, new = self.streams
        return tuple(changes(old.tokens, new.tokens))


def with_layouts(steps: Iterable[Step]) -> Iterator[Step | Relaid]:
    """The steps, with relaid blocks where those of single blocks would mark far too much."""
    pending: list[Step] = []
    depth, table = 0, False
    for step in steps:
        depth -= step.kind == "close"
        if depth == 1:  # a table that became another is compared cell by cell
            table = step.kind in ("open", "close") and step.new is not None and step.new.tag == "table"
        alone = step.kind in ("kept", "passed") or (step.move and step.kind != "open")
        if depth < 1 or table or (depth == 1 and alone):
            yield from _judged(pending)
            pending = []
            yield step
        else:
            pending.append(step)
        depth += step.kind == "open"


def _judged(steps: Sequence[Step]) -> Sequence[Step | Relaid]:
    """The steps themselves, or one relaid layout that takes their place."""
    moved, kinds = any(step.move for step in steps), {step.kind for step in steps}
    if moved or not kinds & {"removed", "added"} or (marked := sum(map(_marked, steps))) <= _BY:
        return steps
    old, new = _joined(_tops(steps, "old")), _joined(_tops(steps, "new"))
    if not _plain(old) or not _plain(new):
        return steps
    if not _too_much(marked, _least(old, new)):
        return steps
    found = Relaid(old, new)
    one, other = (stream.tokens for stream in found.streams)
    streamed = sum(_size(one, i, i_end) + _size(other, j, j_end) for i, i_end, j, j_end in found.changes)
    return [found] if _too_much(marked, streamed) else steps


def _too_much(marked: int, otherwise: int) -> bool:
    return marked > _TOO_MUCH * otherwise and marked > otherwise + _BY


def _tops(steps: Sequence[Step], side: str) -> Iterator[Block]:
    """The blocks on one side, without those inside others."""
    depth = 0
    for step in steps:
        depth -= step.kind == "close"
        block = getattr(step, side)
        if depth == 0 and step.kind != "close" and block is not None:
            yield block
        depth += step.kind == "open"


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
    words = any(is_word(text) for leaf in found for text in leaf.tokens.texts)
    return words and atoms <= _TOGETHER and all(leaf.tag != "col" for leaf in found)


def _stream(block: Block) -> Stream:
    found = tuple(leaves(block))
    places: list[tuple[int, int]] = []
    texts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    offset = 0
    for number, leaf in enumerate(found):
        tokens, spoken = leaf.tokens, _with_targets(leaf)
        shown = [place for place, text in enumerate(tokens.texts) if not text.startswith("<br")]
        places.extend([(number, place) for place in shown])
        texts.extend([spoken[place] for place in shown])
        starts.extend([offset + tokens.starts[place] for place in shown])
        ends.extend([offset + tokens.ends[place] for place in shown])
        offset += len(leaf.text) + 1
    return Stream(found, tuple(places), Tokens(tuple(texts), tuple(starts), tuple(ends)))


def _with_targets(leaf: Leaf) -> Sequence[str]:
    """A leaf's tokens, those of a link with where it leads, so that another target is another word."""
    tokens, start = leaf.tokens, 0
    texts = list(tokens.texts)
    for run in leaf.runs:
        end = start + len(run.text)
        links = [given for tag, given in run.formats if tag == "a"]
        if target := "".join(f"\n{value}" for given in links for name, value in given if name == "href"):
            for place in range(bisect_left(tokens.starts, start), bisect_left(tokens.starts, end)):
                texts[place] += target
        start = end
    return texts
