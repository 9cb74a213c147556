"""One text before and after -> parts: what is the same, reworded, only reformatted.

Put together, the parts' old runs are the old leaf and their new runs the new one, exactly, white space included: that
is what makes a redline made of them exact. How parts are marked is in ``remarks``.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Literal, NamedTuple

from inforce.redline.blocks import REFERENCE, Attributes, Leaf, Run, likeness
from inforce.redline.differences import changes
from inforce.redline.order import Change
from inforce.redline.sentences import STOPS
from inforce.redline.words import NOTE, Tokens, respelled

_BY_KIND = {
    "reformatted": "formats_changed",
    "retyped": "formats_changed",
    "recased": "case_changed",
    "reformed": "forms_changed",
    "renumbered": "numbers_changed",
    "respaced": "spaces_changed",
}
"""What each kind of part that is no change of words counts as, once."""
_JOINTS = re.compile(r"([\s\-\u2010\u2011\u200c]+)")
"""What joins the words of a compound, or parts them."""
_END = re.compile(r"(?:[\-\u2010\u2011][^\W\d_]+)+")
"""What a compound may have behind its first word."""
_STAYED = 0.5
"""What a text must share with its former self for its number to be one that only follows."""

_BETWEEN = 2
"""So many words, at most, that stay between two that are written otherwise go with them."""

Kind = Literal[
    "kept", "reworded", "dissolved", "retyped", "recased", "reformed", "renumbered", "reformatted", "respaced"
]


class Part(NamedTuple):
    """A part of a text on both sides.

    ``kept`` is the same on both. ``reworded`` has other words, punctuation or images; ``dissolved`` is what an old
    block said that is gone, where it stood in the text that is left. ``retyped`` has the same words in other characters
    (curly quotes, composed accents), ``recased`` in other capitals, ``reformed`` in wide or narrow forms or the digits
    of another script; ``renumbered`` is the number at the head of a text that stayed, ``reformatted``
    the same text under other formats, ``respaced`` only other white space. ``deleted`` and ``inserted`` count what is
    read out: words and signs like “$”.
    """

    kind: Kind
    old: tuple[Run, ...]
    new: tuple[Run, ...]
    deleted: int = 0
    inserted: int = 0

    @property
    def unseen(self) -> bool:
        """Whether only what no reader sees is another: an anchor, or the label by which a footnote is called."""
        return self.kind == "reformatted" and _seen(self.old) == _seen(self.new)

    @property
    def counts(self) -> dict[str, int]:
        """What it adds to the counts of a redline, by their names."""
        if self.kind == "kept" or self.unseen:
            return {}
        if self.kind in _BY_KIND:
            return {_BY_KIND[self.kind]: 1}
        if self.deleted or self.inserted:
            return {"words_deleted": self.deleted, "words_inserted": self.inserted}
        pictures = all(run.atom is not None or run.text.isspace() for run in (*self.old, *self.new))
        return {"formats_changed" if pictures else "punctuation_changed": 1}


def _seen(runs: Sequence[Run]) -> list[tuple[str, list[tuple[str, Attributes]]]]:
    """Runs as a reader sees them, the same whatever anchors are called."""
    return [(run.text, [(tag, _shown(given)) for tag, given in run.formats]) for run in runs]


@lru_cache(maxsize=1024)
def _shown(given: Attributes) -> Attributes:
    unseen = {"id", "href"} if _OF_FOOTNOTES.intersection(given) else {"id"}
    return tuple((name, value) for name, value in given if name not in unseen)


_OF_FOOTNOTES = frozenset((REFERENCE, ("class", "footnote-backref")))
"""What links have that lead to a footnote, and back."""
_WRITTEN_OTHERWISE: tuple[Kind, ...] = ("recased", "retyped", "reformed")

Span = tuple[int, int, int, int]
"""Characters: (old start, old end, new start, new end)."""


def compare(old: Leaf, new: Leaf, follows: bool, notes: Mapping[str, str]) -> list[Part]:
    """Return the parts from one leaf to another.

    ``follows`` says that its number only follows others, ``notes`` where links lead now to footnotes that have another
    label, by where they led.
    """
    before, after = _same_notes(old, new, notes)
    found: list[Part] = []
    i, j = _numbers(old, new) if follows else (0, 0)
    at_old, at_new = (side.ends[place - 1] if place else 0 for side, place in ((before, i), (after, j)))
    if i:
        found.append(Part("renumbered", old.slice(0, at_old), new.slice(0, at_new)))
    for change in [*changes(before, after, (i, j)), None]:
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


def _same_notes(old: Leaf, new: Leaf, notes: Mapping[str, str]) -> tuple[Tokens, Tokens]:
    """The tokens of both, those that refer to the same footnote spoken alike, whatever number it has."""
    one, other = old.references, new.references
    if not one or not other:
        return old.tokens, new.tokens
    led = {start: notes.get(where, where) for start, where in one.items()}
    both = {*led.values()} & {*other.values()}
    return _referring(old.tokens, led, both), _referring(new.tokens, other, both)


def _referring(tokens: Tokens, references: Mapping[int, str], known: Set[str]) -> Tokens:
    texts, spoken = list(tokens.texts), list(tokens.spoken)
    for start, where in references.items():
        place = bisect_left(tokens.starts, start)
        if where in known and place < len(texts):
            texts[place] += NOTE
            spoken[place] = f"0{where}"
    return tokens._replace(texts=tuple(texts), spoken=tuple(spoken)) if known else tokens


def _numbers(old: Leaf, new: Leaf) -> tuple[int, int]:
    """How many tokens on each side are the number of a text that, by far, stayed; none where it is the same one.

    A text that is nothing but its number stayed.
    """
    if likeness(old, new) < _STAYED and (old.number, new.number) != (old.text, new.text):
        return 0, 0
    one, other = (bisect_left(side.tokens.starts, len(side.number)) for side in (old, new))
    return one, other


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
    marked = a, trail[0], c, trail[1]
    if parts := [*_joints(old, new, marked), *_longer(old, new, marked)]:
        yield from parts
    else:
        counts = before.words(i, i_end), after.words(j, j_end)
        yield Part("reworded", old.slice(*marked[:2]), new.slice(*marked[2:]), *counts)
    if space:
        yield Part("kept", space, space)


def _joints(old: Leaf, new: Leaf, span: Span) -> Iterator[Part]:
    """The parts of a change where only what joins the words is another (“third party”, “third-party”); or nothing."""
    a, b, c, d = span
    one, other = _JOINTS.split(old.text[a:b]), _JOINTS.split(new.text[c:d])
    if len(one) < 3 or one[::2] != other[::2] or not all(each.isalpha() for each in one[::2]):
        return
    for place, sides in enumerate(zip(one, other, strict=True)):
        before, after = old.slice(a, a + len(sides[0])), new.slice(c, c + len(sides[1]))
        a, c = a + len(sides[0]), c + len(sides[1])
        if before or after:
            yield Part("kept" if before == after else "reworded" if place % 2 else "reformatted", before, after)


def _longer(old: Leaf, new: Leaf, span: Span) -> Iterator[Part]:
    """The parts of a change where a compound got or lost its end (“user”, “user-agent”); or nothing.

    What it begins with may turn its sense round (“non-exclusive”): that is shown as another word.
    """
    a, b, c, d = span
    length = min(b - a, d - c)
    stays, gone, come = old.slice(a, a + length), old.slice(a + length, b), new.slice(c + length, d)
    ends = old.text[a + length : b] or new.text[c + length : d]
    if stays and stays == new.slice(c, c + length) and not (gone and come) and _END.fullmatch(ends):
        words = len(_JOINTS.split(ends)) // 2
        yield Part("kept", stays, stays)
        yield Part("reworded", gone, come, words if gone else 0, words if come else 0)


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
        "kept" if same else "reformatted" if one == other else respelled(one, other)
        for one, other, same in zip(old, new, alike[::2], strict=True)
    ]
    words = with_between(words, old)
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


def with_between(kinds: list[Kind], texts: Sequence[str]) -> list[Kind]:
    """Return what each token is, but a word or two that stay between two written otherwise are as these are.

    So a title that lost its capitals is marked once, “and” in it too, and so is what stands in quotation marks; and
    where these are other ones, too, in a text that lost its capitals, they go with it.
    """
    for kind in filter({*kinds}.__contains__, _WRITTEN_OTHERWISE):
        other = [place for place, each in enumerate(kinds) if each == kind]
        for one, behind in pairwise(other):
            between = range(one + 1, behind)
            if len(between) <= _BETWEEN and all(_goes_between(kinds[place], kind, texts[place]) for place in between):
                kinds[one:behind] = [kind] * (behind - one)
    return kinds


def _goes_between(kind: Kind, around: Kind, text: str) -> bool:
    """Whether a token of this kind is as those around it are."""
    return (kind == "kept" and text not in STOPS) or (kind == "retyped" and around == "recased")
