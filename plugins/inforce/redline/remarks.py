"""What a redline adds to a text beside its marks: remarks in words, and numbers for a list's items.

Remarks tell of what changed beside the words: formats, directions, links, and where a block moved. They are English,
whatever language the text has, and are marked so. An item that stays keeps the number that it has on its own page,
although the redline shows items of both pages in one list. Where all this stands is the business of ``marks``.
"""

from bisect import bisect_right
from itertools import accumulate

from inforce.redline.alignment import Step
from inforce.redline.blocks import (
    Attributes,
    Block,
    Format,
    Leaf,
    Run,
    escape,
    inline_html,
    integer,
    leaves,
    start_tag,
)
from inforce.redline.layouts import Relaid, Stream
from inforce.redline.words import OBJECT

_ENGLISH: Attributes = (("dir", "ltr"), ("lang", "en"))
SAY: Format = ("span", (("class", "redline-say"), *_ENGLISH))
"""Words that are said, for who cannot see the marks."""

_NOTHING = Leaf("", (), (), -1)
_MOVED = "Moved here:"
_LEFT = '<span lang="en">[Moved from here:</span> <bdi>“{}”</bdi>]'
_LEFT_WORDS = 8
"""So many words tell which text has left a place."""
_FORMER = {
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
)
"""Attributes whose change a reader is told, what they are called, and what holds without them."""
_DIRECTIONS = {"ltr": "left to right", "rtl": "right to left", "auto": "that of its text"}


def say(text: str) -> str:
    """Text that is said, as HTML."""
    return inline_html([Run(text, (SAY,))])


def moved(anchor: str, left: str) -> str:
    """What stands first in a moved block: that it moved, linked with the place that it left. Both are given as ids."""
    given = (("class", "redline-say redline-go"), ("href", f"#{left}"), ("id", anchor), *_ENGLISH)
    return f"{start_tag('a', tuple(sorted(given)))}{_MOVED}</a>"


def left(block: Block, moved: str) -> str:
    """What stands where a block has left: its first words, linked with its new place, which is given as an id."""
    words = " ".join(leaf.text.replace(OBJECT, " ") for leaf in leaves(block)).split()
    beginning = " ".join(words[:_LEFT_WORDS]) + (" …" if len(words) > _LEFT_WORDS else "")
    link = start_tag("a", (("class", "redline-go"), ("dir", "ltr"), ("href", f"#{moved}")))
    return f"{link}{_LEFT.format(escape(beginning))}</a>"


def retagged(old: Block, new: Block) -> str:
    """What a reader has to know of another start tag, in words; a paragraph and bare text in an item look the same."""
    told = []
    if old.tag != new.tag and {old.tag, new.tag} != {"", "p"}:
        told.append(f"formerly {_FORMER[old.tag]}" if old.tag in _FORMER else "format changed")
    return ", ".join((*told, *_shifted(dict(old.attributes), dict(new.attributes))))


def relaid(blocks: Relaid) -> str:
    """What became of blocks that took another layout: paragraphs split or joined are called so."""
    before, after = ([block.tag for block in side.children] for side in (blocks.old, blocks.new))
    if {*before, *after} == {"p"} and len(before) != len(after):
        told = f"paragraph{'s'[: len(before) > 1]} {'split' if len(before) < len(after) else 'joined'}"
    elif len(before) == 1 and before[0] in _FORMER and before != after:
        told = f"laid out anew, formerly {_FORMER[before[0]]}"
    else:
        told = "laid out anew"
    return f"{told}, partly in another format" if _reformatted(blocks) else told


def _reformatted(blocks: Relaid) -> bool:
    """Whether words that stayed stand under other formats than before."""
    old, new = map(_formats, blocks.streams)
    i = j = 0
    for i_end, i_next, j_end, j_next in (*blocks.changes, (len(old), 0, len(new), 0)):
        if old[i:i_end] != new[j:j_end]:
            return True
        i, j = i_next, j_next
    return False


def _formats(stream: Stream) -> list[tuple[Format, ...]]:
    """What each token stands under, by its first character."""
    under = []
    for leaf in stream.leaves:
        ends = list(accumulate(len(run.text) for run in leaf.runs))
        under.append([leaf.runs[bisect_right(ends, start)].formats for start in leaf.tokens.starts])
    return [under[leaf][token] for leaf, token in stream.places]


def changed_format(old: tuple[Run, ...], new: tuple[Run, ...]) -> str:
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
            told.append(f"{what} now {_DIRECTIONS.get(other, other)}, formerly {_DIRECTIONS.get(one, one)}")
    return told


class Siblings:
    """The children of a container as they are written: whether one was, and the numbers of an ordered list's items."""

    def __init__(self, old: Block, new: Block) -> None:
        self.begun = False
        self._numbered = new.tag == "ol" and not any(name == "reversed" for name, _ in new.attributes)
        self._old = _number(old, "start", 1) if old.tag == "ol" else None
        self._new = self._shown = _number(new, "start", 1)

    def next(self, step: Step) -> Attributes:
        """Begins the next child; gives the attributes that keep its number what it is on its own page."""
        self.begun = True
        if not self._numbered or (step.new or step.old or _NOTHING).tag != "li":
            return ()
        number = self._shown
        if step.old is not None and self._old is not None and not (step.move and step.new):
            number = _number(step.old, "value", self._old)
            self._old = number + 1
        if step.new is not None:
            number = _number(step.new, "value", self._new)
            self._new = number + 1
        given = any(name == "value" for name, _ in (step.new or step.old or _NOTHING).attributes)
        shown, self._shown = self._shown, number + 1
        return () if given or number == shown else (("data-redline-value", ""), ("value", str(number)))


def _number(block: Block, name: str, otherwise: int) -> int:
    return integer(dict(block.attributes).get(name), otherwise)
