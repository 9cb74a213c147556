"""Several blocks as one text, for those that took another layout: what differs, and the words of both in the new one.

The old white space is the old layout's; which blocks are compared so is the business of ``layouts``.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, compress, groupby, repeat
from operator import itemgetter

from inforce.redline.blocks import Container, Format, Leaf, Run, leaves
from inforce.redline.differences import changes
from inforce.redline.order import Change, Pair, kept
from inforce.redline.texts import Kind, Part, with_between
from inforce.redline.words import Tokens, is_word, respelled

_SPACE = Run(" ")
_SHORT = 10
"""Of no more words than these, two may be alike without having been one."""
_NOTHING = Part("reworded", (), ())


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

    def written(self, place: int) -> str:
        """How a token is written, wherever it leads."""
        number, its = self.places[place]
        return self.leaves[number].tokens.texts[its]

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

    def keep(self, start: int, end: int) -> None:
        """New text that was there."""
        for number, begins, ends, _ in self._new.stretches(start, end):
            runs = self._taken(number, begins, ends)
            self._parts[number].append(Part("kept", runs, runs))

    def respell(self, kind: Kind, old: Stream, change: Change) -> None:
        """The same words, in one leaf on either side, that are written otherwise."""
        i, i_end, j, j_end = change
        was = [old.leaves[number].slice(begins, ends) for number, begins, ends, _ in old.stretches(i, i_end)]
        for (number, begins, ends, _), runs in zip(self._new.stretches(j, j_end), was, strict=True):
            self._parts[number].append(Part(kind, runs, self._taken(number, begins, ends)))

    def insert(self, start: int, end: int) -> None:
        """New words, in one part with deleted ones that they stand right behind."""
        for number, begins, ends, words in self._new.stretches(start, end):
            runs, parts = self._taken(number, begins, ends), self._parts[number]
            gone = parts.pop() if parts and parts[-1].kind == "reworded" and not parts[-1].new else _NOTHING
            parts.append(gone._replace(new=runs, inserted=words))

    def delete(self, old: Stream, change: Change) -> None:
        """Deleted text before what replaces it; with no such thing, behind the leaf's last word where that ends one.

        What stood close behind a word, as a comma does, stays there, before the space that follows it now; punctuation
        does even where the text goes on in another leaf.
        """
        i, i_end, j, j_end = change
        places, behind = self._new.places, j == j_end and j > 0 and not self._new.together(j)
        stays = self._new.together(j) or not old.tokens.words(i, i_end)
        close = j > 0 and stays and not old.spaced(i)
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
            self._parts[number].append(Part("dissolved" if place else "reworded", given, (), words, 0))

    def finished(self) -> list[list[Part]]:
        for number, leaf in enumerate(self._new.leaves):
            self._reach(number, len(leaf.text))
        return self._parts

    def _taken(self, number: int, begins: int, ends: int) -> tuple[Run, ...]:
        """The next runs of a leaf; what stands before them stays."""
        self._reach(number, begins)
        self._ends[number] = ends
        return self._new.leaves[number].slice(begins, ends)

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
        for change, kind in self._found:
            i, i_end, j, j_end = change
            filled.keep(place, j)
            if kind != "reworded":
                filled.respell(kind, old, change)
            else:
                if i < i_end:
                    filled.delete(old, change)
                filled.insert(j, j_end)
            place = j_end
        filled.keep(place, len(new.places))
        return filled.finished()

    @cached_property
    def streams(self) -> tuple[Stream, Stream]:
        """The old text and the new one."""
        return _stream(self.old), _stream(self.new)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What differs, in places of the streams' tokens: other words, and the same ones that are written otherwise."""
        return tuple(change for change, _ in self._found)

    @cached_property
    def _found(self) -> list[tuple[Change, Kind]]:
        old, new = self.streams
        reworded = changes(old.tokens, new.tokens)
        found: list[tuple[Change, Kind]] = [(change, "reworded") for change in reworded]
        for i, i_end, j, j_end in kept(reworded, len(old.places), len(new.places)):
            if old.tokens.texts[i:i_end] == new.tokens.texts[j:j_end]:
                continue
            pairs = zip(range(i, i_end), range(j, j_end), strict=True)
            for _, group in groupby(pairs, lambda pair: (old.places[pair[0]][0], new.places[pair[1]][0])):
                found.extend(self._otherwise(list(group)))
        return sorted(found)

    def _otherwise(self, pairs: list[Pair]) -> Iterator[tuple[Change, Kind]]:
        """What is written otherwise, or leads elsewhere, among tokens of one leaf on either side."""
        texts = [self.streams[0].tokens.texts[i] for i, _ in pairs]
        kinds = with_between([self._kind(*pair) for pair in pairs], texts)
        for kind, group in groupby(zip(kinds, pairs, strict=True), key=itemgetter(0)):
            places = [place for _, place in group]
            (i, j), (i_last, j_last) = places[0], places[-1]
            if kind != "kept":
                yield (i, i_last + 1, j, j_last + 1), kind

    def _kind(self, i: int, j: int) -> Kind:
        old, new = self.streams
        if old.tokens.texts[i] == new.tokens.texts[j]:
            return "kept"
        one, other = old.written(i), new.written(j)
        return respelled(one, other) if one != other else "reformatted"

    @cached_property
    def reworded(self) -> bool:
        """Whether some word differs."""
        old, new = (stream.tokens.texts for stream in self.streams)
        sides = ((*old[i:i_end], *new[j:j_end]) for (i, i_end, j, j_end), kind in self._found if kind == "reworded")
        return any(map(is_word, chain.from_iterable(sides)))

    @property
    def reformatted(self) -> bool:
        """Whether words that stayed stand under other formats than before."""
        old, new = (stream.formats for stream in self.streams)
        return any(old[i:i_end] != new[j:j_end] for i, i_end, j, j_end in kept(self.changes, len(old), len(new)))

    @cached_property
    def marked(self) -> int:
        """How many characters differ."""
        one, other = (stream.tokens for stream in self.streams)
        struck = (change for change, kind in self._found if kind != "reformatted")
        return sum(_size(one, i, i_end) + _size(other, j, j_end) for i, i_end, j, j_end in struck)

    @property
    def happens(self) -> bool:
        """Whether some short texts only happen to begin or end alike: of one, no more than a half is left, but some."""
        old, new = self.streams
        if len(old.leaves) == len(new.leaves) or min(old.tokens.words(), new.tokens.words()) > _SHORT:
            return False
        reworded = [change for change, kind in self._found if kind == "reworded"]
        left = Counter[Leaf]()
        for i, i_end, j, j_end in kept(reworded, len(old.places), len(new.places)):
            for stream, span in ((old, (i, i_end)), (new, (j, j_end))):
                for number, _, _, words in stream.stretches(*span):
                    left[stream.leaves[number]] += words
        return any(0 < 2 * words <= leaf.tokens.words() for leaf, words in left.items())

    def meets(self, i: int, j: int) -> bool:
        """Whether what is before a place of the old text and one of the new stays before what is behind."""
        place = bisect_left(self._found, i, key=lambda found: found[0][1])
        if place < len(self._found) and self._found[place][0][0] <= i:
            return self._found[place][0][2] <= j <= self._found[place][0][3]
        _, i_end, _, j_end = self._found[place - 1][0] if place else (0, 0, 0, 0)
        return j - j_end == i - i_end


def _size(tokens: Tokens, start: int, end: int) -> int:
    return tokens.ends[end - 1] - tokens.starts[start] if start < end else 0


def _stream(block: Container) -> Stream:
    found = leaves(block)
    places: list[tuple[int, int]] = []
    texts: list[str] = []
    starts: list[int] = []
    spoken: list[str] = []
    ends: list[int] = []
    offset = 0
    for number, leaf in enumerate(found):
        shown, tokens = _shown(leaf)
        places.extend(zip(repeat(number), shown))
        texts.extend(tokens.texts)
        spoken.extend(tokens.spoken)
        starts.extend([offset + start for start in tokens.starts])
        ends.extend([offset + end for end in tokens.ends])
        offset += len(leaf.text) + 1
    return Stream(found, tuple(places), Tokens(tuple(texts), tuple(spoken), tuple(starts), tuple(ends)))


def _shown(leaf: Leaf) -> tuple[Sequence[int], Tokens]:
    """The places of a leaf's tokens without its line breaks, and those tokens with where each leads."""
    tokens = leaf.tokens
    places = range(len(tokens.texts))
    if leaf.bare:
        return places, tokens
    targets = _targets(leaf)
    texts = tuple([text + targets.get(place, "") for place, text in enumerate(tokens.texts)])
    shown = [text[:3] != "<br" for text in texts]
    texts, spoken = tuple(compress(texts, shown)), tuple(compress(tokens.spoken, shown))
    starts, ends = tuple(compress(tokens.starts, shown)), tuple(compress(tokens.ends, shown))
    return tuple(compress(places, shown)), Tokens(texts, spoken, starts, ends)


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
