"""Characters that hide, or make a text read otherwise than it is: which of them may stand where, and their signs.

One table for all of the project. Its base are Unicode's properties Default_Ignorable_Code_Point and Bidi_Control, and
control and private characters: they hold all of the Trojan Source list (CVE-2021-42574; UTS #55), tag characters, and
what else of that kind UTR #36 and UTS #39 warn of. What a language needs may stand where it needs it: joiners by the
CONTEXTJ rules of RFC 5892 (appendix A), widened as by UAX #31 (2.3). Letters that look like others are not looked at.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import category, name

import regex

UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 (section 2.2) cannot hold, and DEL: no feed, page or printout could show them."""

NEVER = regex.compile(
    "[\x80-\x9f\u202a-\u202e\u206a-\u206f\ufdd0-\ufdef\ufff9-\ufffb\ue000-\uf8ff\u2028\u2029"
    r"\U000e0000-\U000e007f\U000f0000-\U0010fffd\p{Noncharacter_Code_Point}]"
)
"""No honest policy needs them: C1 and line controls, overrides, embeddings, notes between lines, tags, private use."""

_HIDDEN = regex.compile(
    NEVER.pattern[:-1]
    + r"\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u2800]"  # the last: a blank that is no blank
)
_JOINS = r"\p{Joining_Type=T}{0,8}"
_VIRAMA = r"(?<=\p{Canonical_Combining_Class=Virama}\p{M}{0,8})"
_CURSIVE = r"(?<=[\p{Joining_Type=L}\p{Joining_Type=D}]\p{Joining_Type=T}{0,8})"
_EMOJI = regex.compile(
    r"(?<=\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]{0,2})\u200d(?=\p{Extended_Pictographic})"
    r"|(?<=\p{Emoji})[\ufe0e\ufe0f]"
)
_FITTING = regex.compile(
    "|".join(
        (
            rf"(?:{_VIRAMA}|{_CURSIVE}(?={_JOINS}.{_JOINS}[\p{{Joining_Type=R}}\p{{Joining_Type=D}}]))\u200c",
            rf"(?:{_VIRAMA}|{_CURSIVE}|(?<=\p{{L}}\p{{M}}{{0,8}})(?=.\p{{Canonical_Combining_Class=Virama}}))\u200d",
            _EMOJI.pattern,
            r"(?<=[\p{S}\p{Lo}\p{Po}])[\ufe00-\ufe0f]",
            r"(?<=\p{Han})[\U000e0100-\U000e01ef]",
            r"(?<=\p{Mongolian})[\u180b-\u180f]",
            r"(?<=\p{L}\p{M}{0,8})\u00ad(?=\p{L})",
            r"\u200b(?=\p{Line_Break=SA})|(?<=\p{Line_Break=SA})\u200b|(?<=\p{Tibetan})\u200b",
        )
    ),
    regex.DOTALL,
)
"""A hidden character in the one place where a script needs it; direction is asked of the whole line."""

_DIRECTIONS = frozenset("\u200e\u200f\u061c\u2066\u2067\u2068\u2069")
_RIGHT_TO_LEFT = regex.compile(r"[[\p{Bidi_Class=R}\p{Bidi_Class=AL}]&&\p{L}]", regex.VERSION1)
_CURE = 'Delete it; for direction use <bdi> or dir="rtl"'


def find(text: str) -> Iterator[tuple[int, str, str]]:
    """Hidden characters that may not stand where they stand, each once a line: the line from 1, what, the cure."""
    if text.isascii():
        return
    for number, line in enumerate(text.split("\n"), 1):
        for place in {line[place]: place for place in _misplaced(line)}.values():
            character = named(line[place])
            if NEVER.match(line, place):
                yield number, f"Here stands {character}, which can hide words or turn them round", _CURE
            elif line[place] in _DIRECTIONS:
                yield number, f"The invisible {character} has no right-to-left text, or no partner, in its line", _CURE
            else:
                yield number, f"The invisible {character} stands where no script needs it", "Delete it"


def unshowable(text: str) -> tuple[str, str] | None:
    """What is wrong with the first character that no page can show, or that hides something, and the cure."""
    if unusable := UNUSABLE.search(text):
        return f"{named(unusable[0])} cannot stand on a page", "Delete it"
    return next(((what, cure) for _, what, cure in find(text)), None)


def without_misplaced(text: str) -> str:
    """``text`` without the hidden characters that :func:`find` tells."""
    return (
        text if text.isascii() or not _HIDDEN.search("".join(set(text))) else "\n".join(map(_cleaned, text.split("\n")))
    )


def _cleaned(line: str) -> str:
    while places := set(_misplaced(line)):  # what is left may have stood where it did only because of what went
        line = "".join(character for place, character in enumerate(line) if place not in places)
    return line


def _misplaced(line: str) -> Iterator[int]:
    """Where the hidden characters of a line stand that may not."""
    if line.isascii():
        return
    alone: frozenset[int] | None = None
    for match in _HIDDEN.finditer(line):
        place = match.start()
        if match[0] in _DIRECTIONS:
            alone = alone if alone is not None else _unpartnered(line)
            if place in alone:
                yield place
        elif NEVER.match(line, place) or not _FITTING.match(line, place):
            yield place


def _unpartnered(line: str) -> frozenset[int]:
    """Where isolates stand that the line leaves open, or closes twice; all marks of direction where it needs none."""
    if not _RIGHT_TO_LEFT.search(line):
        return frozenset(place for place, character in enumerate(line) if character in _DIRECTIONS)
    opened: list[int] = []
    alone = []
    for place, character in enumerate(line):
        if character in "\u2066\u2067\u2068":
            opened.append(place)
        elif character == "\u2069":
            alone += [] if opened else [place]
            del opened[-1:]
    return frozenset((*alone, *opened))


def named(character: str) -> str:
    """A character as a message names it: ``U+202E RIGHT-TO-LEFT OVERRIDE``."""
    if character == "\0":
        return "a NUL byte"
    kinds = {"Cc": "CONTROL CHARACTER", "Co": "PRIVATE USE", "Cs": "SURROGATE"}
    known = name(character, kinds.get(category(character), "UNASSIGNED CHARACTER"))
    return f"U+{ord(character):04X} {known}"


@lru_cache(maxsize=256)
def sign(character: str) -> str:
    """What is shown for a character that shows nothing: ``[U+200D ZERO WIDTH JOINER]``."""
    return f"[{named(character)}]"


def signed(text: str) -> str:
    """``text`` with a sign in the place of each character that may never stand in one."""
    return text if text.isascii() else NEVER.sub(lambda found: sign(found[0]), text)


def parts(text: str, every: bool = True) -> Iterator[tuple[str, str]]:
    """``text`` in pieces, each with the sign of the hidden character that ends it, or an empty one.

    What belongs to an emoji can be seen: it is another one without. Without ``every``, no sign is given either for
    what stands where its script needs it: Persian has such a joiner in every second word.
    """
    fitting = _EMOJI if every else _FITTING
    end = 0
    for match in _HIDDEN.finditer("" if text.isascii() else text):
        if fitting.match(text, match.start()) and not NEVER.match(match[0]):
            continue
        yield text[end : match.end()], sign(match[0])
        end = match.end()
    if end < len(text) or not text:
        yield text[end:], ""
