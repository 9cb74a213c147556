"""Two texts -> parts: their whole content cut into what is the same, what is reworded, what is only reformatted.

Put together, the parts' old runs are the old leaf and their new runs the new one, exactly, white space included: that
is what makes a redline made of them exact.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Literal

from inforce.redline.blocks import Leaf, Run
from inforce.redline.differences import Change, changes
from inforce.redline.words import Tokens

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
