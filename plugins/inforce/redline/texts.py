"""Two texts -> parts: their whole content cut into what is the same, what is reworded, what is only reformatted.

Put together, the parts' old runs are the old leaf and their new runs the new one, exactly, white space included: that
is what makes a redline made of them exact. Blocks that took another layout are compared as one text, ``Relaid``, and
its parts stand in the leaves of the new layout; there, the old white space is the old layout's.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Literal

from inforce.redline.blocks import Container, Leaf, Run, leaves
from inforce.redline.differences import Change, changes, retyped
from inforce.redline.words import Tokens, is_word

_SPACE = Run(" ")

Kind = Literal["kept", "reworded", "retyped", "reformatted", "respaced"]


@dataclass(frozen=True)
class Part:
    """A part of a text on both sides.

    ``kept`` is the same on both. ``reworded`` has other words, punctuation or images, ``retyped`` the same words in
    other characters (curly quotes, composed accents), ``reformatted`` the same text under other formats, ``respaced``
    only other white space. ``deleted`` and ``inserted`` count what is read out: words and signs like “$”.
    """

    kind: Kind
    old: tuple[Run, ...]
    new: tuple[Run, ...]
    deleted: int = 0
    inserted: int = 0


Span = tuple[int, int, int, int]
"""Characters: (old start, old end, new start, new end)."""


def compare(old: Leaf, new: Leaf) -> list[Part]:
    """Return the parts from one leaf to another."""
    before, after = old.tokens, new.tokens
    found: list[Part] = []
    i = j = 0
    at_old = at_new = 0
    for change in [*changes(before, after), None]:
        i_next, j_next = (change[0], change[2]) if change else (len(before.texts), len(after.texts))
        if i < i_next:
            found.extend(_spacing(old, new, (at_old, before.starts[i], at_new, after.starts[j])))
            found.extend(_same_words(old, before, i, i_next, new, after, j))
            at_old, at_new = before.ends[i_next - 1], after.ends[j_next - 1]
        if change is None:
            break
        i, j = change[1], change[3]
        end_old = before.starts[i] if i < len(before.texts) else len(old.text)
        end_new = after.starts[j] if j < len(after.texts) else len(new.text)
        found.extend(_changed(old, before, new, after, change, (at_old, end_old, at_new, end_new)))
        at_old, at_new = end_old, end_new
    found.extend(_spacing(old, new, (at_old, len(old.text), at_new, len(new.text))))
    return found


def one_sided(leaf: Leaf, deleted: bool) -> list[Part]:
    """Return the parts of a leaf that is only on one side."""
    if not leaf.runs:
        return []
    count = leaf.tokens.words()
    return [Part("reworded", leaf.runs, (), count, 0) if deleted else Part("reworded", (), leaf.runs, 0, count)]


def _changed(old: Leaf, before: Tokens, new: Leaf, after: Tokens, change: Change, span: Span) -> Iterator[Part]:
    """A change with the white space around it: what both sides have of that stays outside the marks."""
    i, i_end, j, j_end = change
    a, b, c, d = span
    lead = before.starts[i] if i < i_end else b, after.starts[j] if j < j_end else d
    if a < lead[0] and (space := old.slice(a, lead[0])) == new.slice(c, lead[1]):
        yield Part("kept", space, space)
        a, c = lead
    trail = max(a, before.ends[i_end - 1]) if i < i_end else a, max(c, after.ends[j_end - 1]) if j < j_end else c
    space = old.slice(trail[0], b)
    if not space or space != new.slice(trail[1], d):
        space, trail = (), (b, d)
    counts = before.words(i, i_end), after.words(j, j_end)
    yield Part("reworded", old.slice(a, trail[0]), new.slice(c, trail[1]), *counts)
    if space:
        yield Part("kept", space, space)


def _same_words(old: Leaf, before: Tokens, i: int, i_end: int, new: Leaf, after: Tokens, j: int) -> Iterator[Part]:
    """Tokens that are spoken alike, whose characters, formats and white space may differ."""
    count = i_end - i
    whole_old = old.slice(before.starts[i], before.ends[i_end - 1])
    if whole_old == new.slice(after.starts[j], after.ends[j + count - 1]):
        yield Part("kept", whole_old, whole_old)
        return
    units: list[Span] = []
    for k in range(count):
        if k:
            units.append((before.ends[i + k - 1], before.starts[i + k], after.ends[j + k - 1], after.starts[j + k]))
        units.append((before.starts[i + k], before.ends[i + k], after.starts[j + k], after.ends[j + k]))
    kinds = _kinds(before.texts[i:i_end], after.texts[j : j + count], _alike(old, new, units))
    for kind, group in groupby(zip(kinds, units, strict=True), key=itemgetter(0)):
        spans = [span for _, span in group]
        one, other = old.slice(spans[0][0], spans[-1][1]), new.slice(spans[0][2], spans[-1][3])
        if one or other:
            yield Part(kind, one, other)


def _alike(old: Leaf, new: Leaf, units: Sequence[Span]) -> list[bool]:
    """Which units are the same on both sides; where a half of them is, none of it is looked at one by one."""
    alike = [False] * len(units)
    pending = [(0, len(units))]
    while pending:
        start, end = pending.pop()
        first, last = units[start], units[end - 1]
        if old.slice(first[0], last[1]) == new.slice(first[2], last[3]):
            alike[start:end] = [True] * (end - start)
        elif end - start > 1:
            middle = (start + end) // 2
            pending.extend(((start, middle), (middle, end)))
    return alike


def _kinds(old: Sequence[str], new: Sequence[str], alike: Sequence[bool]) -> list[Kind]:
    """What each unit is, words and the gaps between them by turns. A gap between two changed words goes with them."""
    words: list[Kind] = [
        "kept" if same else "reformatted" if one == other else "retyped"
        for one, other, same in zip(old, new, alike[::2], strict=True)
    ]
    kinds = words[:1]
    for place, same in enumerate(alike[1::2]):
        before, behind = words[place : place + 2]
        if same and before != behind:
            kind: Kind = "kept"
        elif before == behind == "kept":
            kind = "kept" if same else "respaced"
        else:
            kind = before if before != "kept" else behind
        kinds.extend((kind, behind))
    return kinds


def _spacing(old: Leaf, new: Leaf, span: Span) -> Iterator[Part]:
    """White space between words that are the same."""
    one, other = old.slice(*span[:2]), new.slice(*span[2:])
    if one == other:
        if one:
            yield Part("kept", one, other)
    else:
        yield Part("respaced", one, other)


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


class _Filled:
    """The new leaves as they fill up, each to a character of its own."""

    def __init__(self, new: Stream) -> None:
        self._new = new
        self._parts: list[list[Part]] = [[] for _ in new.leaves]
        self._ends = [0] * len(new.leaves)

    def add(self, kind: Kind, start: int, end: int) -> None:
        """New text that was there, or that is only in the new text."""
        for runs in self._new.runs(start, end):
            number, place = self._new.places[start]
            tokens = self._new.leaves[number].tokens
            self._reach(number, tokens.starts[place])
            count = 0
            while start < end and self._new.places[start][0] == number:
                count += is_word(self._new.tokens.texts[start])
                place, start = self._new.places[start][1], start + 1
            kept = kind == "kept"
            self._parts[number].append(Part(kind, runs if kept else (), runs, 0, 0 if kept else count))
            self._ends[number] = tokens.ends[place]

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
        runs = [run for each in old.runs(i, i_end) for run in (*each, _SPACE)][:-1]
        runs = [*([_SPACE] if before else ()), *runs, *([_SPACE] if after else ())]
        self._parts[number].append(Part(kind, tuple(runs), (), old.tokens.words(i, i_end), 0))

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
