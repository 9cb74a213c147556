"""Parts of a text -> runs under marks, and the remarks beside them, for who cannot see marks.

Remarks tell of formats, directions, links, and where a block moved. They are English, whatever language the text has,
and are marked so. What stands around a text, its blocks, is the business of ``marks``.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from inforce.redline.blocks import Attributes, Block, Format, Run, common, escape, inline_html, leaves, start_tag
from inforce.redline.texts import Part
from inforce.redline.words import BACK, OBJECT
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
    "recased": (
        (("del", (("class", "redline-case"),)), (" formerly: ", " end of former text ")),
        (("ins", (("class", "redline-case"),)), (" now, with other capitals: ", " end of change ")),
    ),
    "reformed": (
        (("del", (("class", "redline-format redline-form"),)), (" formerly: ", " end of former text ")),
        (("ins", (("class", "redline-format redline-form"),)), (" now, no wording change: ", " end of change ")),
    ),
    "dissolved": ((_DISSOLVED, (" deleted: ", " end of deletion ")), (("ins", ()), None)),
    "renumbered": (
        (("del", (("class", "redline-number"),)), (" formerly number ", ", ")),
        (("ins", (("class", "redline-number"),)), (" now number ", ": ")),
    ),
    "respaced": ((("del", (("class", "redline-space"),)), None), (("ins", (("class", "redline-space"),)), None)),
}
"""For each kind of part the marks of its old runs and its new ones, and what is said before and behind each."""
_WRITTEN_OTHERWISE = frozenset(mark for kind in ("retyped", "reformed") for mark, _ in _MARKS[kind])
"""Marks of words whose former characters and present ones may look the same."""


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
    elif part.unseen:
        yield _Marked(("span", ()), part.new, was=part.old)
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
            for text, sign in ((run.text, ""),) if run.atom else signed(run.text, part.mark):
                yield Run(text, (*above, *run.formats[depth:]), run.atom)
                if sign:
                    yield Run(sign, (*above, *run.formats[depth:], SIGN))
        if part.say is not None and not silent:
            yield Run(part.say[1], (*above, SAY))


def signed(text: str, mark: Format) -> Iterator[tuple[str, str]]:
    """Return a marked text in pieces, each with the sign of a character behind it that nobody would see.

    One that the script needs has a sign only where it may be all that differs: Persian has such in every second word.
    """
    return characters.parts(text, every=mark in _WRITTEN_OTHERWISE or not any(map(str.isalnum, text)))


def say(text: str) -> str:
    """Text that is said, as HTML."""
    return inline_html([Run(text, (SAY,))])


def moved(anchor: str, left: str) -> str:
    """What stands first in a moved block: that it moved, linked with the place that it left. Both are given as ids."""
    given = (("class", "redline-say redline-go"), ("href", f"#{left}"), ("id", anchor), *_ENGLISH)
    return f"{start_tag('a', tuple(sorted(given)))}{_MOVED}</a>"


def left(block: Block, moved: str, more: int) -> str:
    """What stands where a block has left, and ``more`` behind it: its first words, linked with its new place, an id."""
    words = " ".join(leaf.text.replace(OBJECT, " ").replace(BACK, " ") for leaf in leaves(block)).split()
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
