"""One text before and after -> parts: what is the same, reworded, only reformatted; and the same as runs under marks.

Put together, the parts' old runs are the old leaf and their new runs the new one, exactly, white space included: that
is what makes a redline made of them exact. Beside the marks stand remarks, for who cannot see them, on formats,
directions, links, and where a block moved. They are English, whatever language the text has, and are marked so. What
stands around a text, its blocks, is the business of ``marks``.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Literal, NamedTuple

from inforce.redline.blocks import (
    Attributes,
    Block,
    Format,
    Leaf,
    Run,
    common,
    escape,
    inline_html,
    leaves,
    likeness,
    start_tag,
)
from inforce.redline.differences import Change, changes
from inforce.redline.words import OBJECT, Tokens
from inforce.text import characters

_ENGLISH: Attributes = (("dir", "ltr"), ("lang", "en"))
SAY: Format = ("span", (("class", "redline-say"), *_ENGLISH))
"""Words that are said, for who cannot see the marks."""
SIGN: Format = ("samp", (("class", "redline-say"), *_ENGLISH))
"""What everybody sees of a character that shows nothing, behind it."""

_MOVED = "Moved here:"
_LEFT = '<span lang="en">[Moved from here:</span> <bdi>“{}”</bdi>{}]'
_LEFT_WORDS = 8
"""So many words tell which text has left a place."""
FORMER = {
    "p": "a paragraph",
    "": "running text",
    "ul": "a list without numbers",
    "ol": "a numbered list",
    "td": "a cell",
    "th": "a head cell",
    **{f"h{level}": f"a heading of level {level}" for level in range(1, 7)},
}
_TOLD = (
    ("dir", "text direction", "that of its surroundings"),
    ("lang", "language", "that of its surroundings"),
    ("start", "first number", "1"),
    ("type", "way of numbering", "the usual one"),
    ("value", "number", "the next one"),
    ("reversed", "order of the numbers", "rising"),
)
"""Attributes whose change a reader is told, what they are called, and what holds without them."""
_CALLED = {
    **{"ltr": "left to right", "rtl": "right to left", "auto": "that of its text"},
    **{"": "falling", "none": "as typed"},
}
"""Values of these that a reader would not understand, and what is said instead."""
_DISSOLVED: Format = "del", (("class", "redline-block"),)
_MARKS: dict[str, tuple[tuple[Format, tuple[str, str] | None], ...]] = {
    "reworded": (
        (("del", ()), (" deleted: ", " end of deletion ")),
        (("ins", ()), (" inserted: ", " end of insertion ")),
    ),
    "retyped": (
        (("del", (("class", "redline-format"),)), (" formerly: ", " end of former text ")),
        (("ins", (("class", "redline-format"),)), (" now, no wording change: ", " end of change ")),
    ),
    "dissolved": ((_DISSOLVED, (" deleted: ", " end of deletion ")), (("ins", ()), None)),
    "renumbered": (
        (("del", (("class", "redline-number"),)), (" formerly number ", ", ")),
        (("ins", (("class", "redline-number"),)), (" now number ", ": ")),
    ),
    "respaced": ((("del", (("class", "redline-space"),)), None), (("ins", (("class", "redline-space"),)), None)),
}
"""For each kind of part the marks of its old runs and its new ones, and what is said before and behind each."""

_BY_KIND = {"renumbered": "numbers_changed", "respaced": "spaces_changed"}
_STAYED = 0.5
"""What a text must share with its former self for its number to be one that only follows."""

Kind = Literal["kept", "reworded", "dissolved", "retyped", "renumbered", "reformatted", "respaced"]


@dataclass(frozen=True)
class Part:
    """A part of a text on both sides.

    ``kept`` is the same on both. ``reworded`` has other words, punctuation or images; ``dissolved`` is what an old
    block said that is gone, where it stood in the text that is left. ``retyped`` has the same words in other characters
    (curly quotes, composed accents), ``renumbered`` is the number at the head of a text that stayed, ``reformatted``
    the same text under other formats, ``respaced`` only other white space. ``deleted`` and ``inserted`` count what is
    read out: words and signs like “$”.
    """

    kind: Kind
    old: tuple[Run, ...]
    new: tuple[Run, ...]
    deleted: int = 0
    inserted: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """What it adds to the counts of a redline, by their names."""
        if self.kind == "reformatted" or (self.kind == "retyped" and self.old):
            return {"formats_changed": 1}
        if self.kind in _BY_KIND:
            return {_BY_KIND[self.kind]: 1}
        if self.kind not in ("reworded", "dissolved"):
            return {}
        if self.deleted or self.inserted:
            return {"words_deleted": self.deleted, "words_inserted": self.inserted}
        pictures = all(run.atom is not None or run.text.isspace() for run in (*self.old, *self.new))
        return {"formats_changed" if pictures else "punctuation_changed": 1}


Span = tuple[int, int, int, int]
"""Characters: (old start, old end, new start, new end)."""


def compare(old: Leaf, new: Leaf, follows: bool = False) -> list[Part]:
    """Return the parts from one leaf to another; ``follows`` says that its number only follows others."""
    before, after = old.tokens, new.tokens
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


def _numbers(old: Leaf, new: Leaf) -> tuple[int, int]:
    """How many tokens on each side are the number of a text that, by far, stayed; none where it is the same one."""
    if likeness(old, new) < _STAYED:
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


class _Marked(NamedTuple):
    """Runs under one mark, or under none. ``was`` are the runs that a changed format replaces."""

    mark: Format | None
    runs: tuple[Run, ...]
    say: tuple[str, str] | None = None
    was: tuple[Run, ...] = ()


def under_marks(parts: Iterable[Part]) -> list[Run]:
    """Return parts as runs, each mark a format, with what is said of it."""
    return list(_stacked(_each_its_own([marked for part in parts for marked in _marked(part)])))


def _each_its_own(parts: Sequence[_Marked]) -> list[_Marked]:
    """The same, but no dissolved block goes on in the mark of the one before: those of every second are told apart."""
    found: list[_Marked] = []
    for part in parts:
        if found and part.mark == _DISSOLVED == found[-1].mark:
            part = part._replace(mark=(_DISSOLVED[0], (*_DISSOLVED[1], ("data-redline-next", ""))))
        found.append(part)
    return found


def _marked(part: Part) -> Iterator[_Marked]:
    if part.kind == "kept":
        yield _Marked(None, part.new)
    elif part.kind == "reformatted":
        said = _changed_format(part.old, part.new)
        span: Format = "span", (("class", "redline-format"), ("title", said))
        yield _Marked(span, part.new, (f" {said}: ", " end of format change "), part.old)
    else:
        for runs, (mark, say) in zip((part.old, part.new), _MARKS[part.kind], strict=True):
            if runs:
                yield _Marked(mark, runs, say)


def _stacked(parts: Sequence[_Marked]) -> Iterator[Run]:
    """Parts as runs, each mark a format: inside the formats that it shares with its neighbours, around all others."""
    for place, part in enumerate(parts):
        if part.mark is None:
            yield from part.runs
            continue
        before = parts[place - 1].runs[-1].formats if place else ()
        after = parts[place + 1].runs[0].formats if place + 1 < len(parts) else ()
        depth = max(common(before, part.runs[0].formats), common(after, part.runs[-1].formats))
        for run in (*part.runs, *part.was):
            depth = min(depth, common(run.formats, part.runs[0].formats))
        mark = part.mark
        if part.was:
            inner = [run._replace(formats=run.formats[depth:]) for run in part.was]
            mark = mark[0], tuple(sorted((*mark[1], ("data-redline-was", inline_html(inner)))))
        above = (*part.runs[0].formats[:depth], mark)
        silent = part.say is None or all(run.atom is None and run.text.isspace() for run in part.runs)
        if part.say is not None and not silent:
            yield Run(part.say[0], (*above, SAY))
        for run in part.runs:
            yield from _signed(run._replace(formats=(*above, *run.formats[depth:])))
        if part.say is not None and not silent:
            yield Run(part.say[1], (*above, SAY))


def _signed(run: Run) -> Iterator[Run]:
    """A run under a mark, with a sign behind each character in it that nobody would see."""
    if run.atom is not None or run.text.isascii():
        yield run
        return
    for text, sign in characters.parts(run.text):
        yield run._replace(text=text)
        if sign:
            yield Run(sign, (*run.formats, SIGN))


def say(text: str) -> str:
    """Text that is said, as HTML."""
    return inline_html([Run(text, (SAY,))])


def moved(anchor: str, left: str) -> str:
    """What stands first in a moved block: that it moved, linked with the place that it left. Both are given as ids."""
    given = (("class", "redline-say redline-go"), ("href", f"#{left}"), ("id", anchor), *_ENGLISH)
    return f"{start_tag('a', tuple(sorted(given)))}{_MOVED}</a>"


def left(block: Block, moved: str, more: int) -> str:
    """What stands where a block has left, and ``more`` behind it: its first words, linked with its new place, an id."""
    words = " ".join(leaf.text.replace(OBJECT, " ") for leaf in leaves(block)).split()
    beginning = " ".join(words[:_LEFT_WORDS]) + (" …" if len(words) > _LEFT_WORDS else "")
    link = start_tag("a", (("class", "redline-go"), ("dir", "ltr"), ("href", f"#{moved}")))
    others = f'<span lang="en"> and {more} more</span>' if more else ""
    return f"{link}{_LEFT.format(escape(beginning), others)}</a>"


def retagged(old: Block, new: Block) -> str:
    """What a reader has to know of another start tag, in words; a paragraph and bare text in an item look the same."""
    told = []
    if old.tag != new.tag and {old.tag, new.tag} != {"", "p"}:
        told.append(f"formerly {FORMER[old.tag]}" if old.tag in FORMER else "format changed")
    return ", ".join((*told, *_shifted(dict(old.attributes), dict(new.attributes))))


def _changed_format(old: tuple[Run, ...], new: tuple[Run, ...]) -> str:
    """A change of format in words; of a link, where it led and leads."""
    before, after = _given(old), _given(new)
    one, other = before.get("href", ""), after.get("href", "")
    told = _shifted(before, after)
    if one and other and one != other:
        told.insert(0, f"link changed, from {one} to {other}")
    elif one != other:
        told.insert(0, f"link added, to {other}" if other else f"link removed, it led to {one}")
    return ", ".join((*(told or ("format changed",)), "no wording change"))


def _given(runs: tuple[Run, ...]) -> dict[str, str]:
    """The attributes of the formats that runs stand under; an attribute's different values one after the other."""
    found: dict[str, dict[str, None]] = {}
    for name, value in (each for run in runs for _, given in run.formats for each in given if each[1]):
        found.setdefault(name, {})[value] = None
    return {name: ", ".join(values) for name, values in found.items()}


def _shifted(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """What attributes that a reader is told of say, before and after."""
    told = []
    for name, what, otherwise in _TOLD:
        one, other = before.get(name, otherwise), after.get(name, otherwise)
        if one != other:
            told.append(f"{what} now {_CALLED.get(other, other)}, formerly {_CALLED.get(one, one)}")
    return told
