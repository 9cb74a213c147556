"""Text -> words and other tokens, and which of them were deleted and inserted: whole ones, never parts of one.

Tokens are addresses, words, single characters of scripts written without spaces, and any other character as a reader
sees it (an emoji sequence is one). White space is between tokens, never part of one, and not compared here. Words are
Unicode's letters, digits and marks: without the marks, Hindi, Bengali and Arabic words would fall apart.

Tokens are compared as they are spoken, so another quotation mark or hyphen is no change here. Where both sides say the
same words in the same order, no word is in a change: only punctuation, and what stands for images and line breaks.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import regex

from inforce.redline.order import Pair, anchors, gaps, least_changes

OBJECT = "\ufffc"
"""What stands in a text where the page has an element without text (an image, a line break, an empty anchor)."""

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_PART = rf"[[\p{{L}}\p{{N}}\p{{M}}_]--[{_UNSPACED}]]+"
_TOKEN = regex.compile(
    rf"""https?://[^\s<>"“”]*[\p{{L}}\p{{N}}/_=&\#-]
    | [{_UNSPACED}]\p{{M}}*
    | {_PART}(?:(?:['’.\-\u2010\u2011]|(?<=\d),(?=\d)|[\u00ad\u200c\u200d]+){_PART})*
    | \ufffc | \p{{GCB=Prepend}} | (?!\s)\X""",
    regex.VERSION1 | regex.VERBOSE,
)
_SIMPLE = re.compile(r"[\x00-\x1b\x20-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2122\ufffc]*")
"""Characters that stand for themselves: no marks, no joiners, no script without spaces."""
_SIMPLE_TOKEN = re.compile(
    r"""https?://[^\s<>"“”]*[\w/=&\#-]
    | \w+(?:(?:['’.\-\u2010\u2011]|(?<=\d),(?=\d)|\u00ad+)\w+)*
    | [^\s]""",
    re.VERBOSE,
)
"""The same tokens in such text, found by a faster engine."""
_PLAIN = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "\u2010": "-", "\u2011": "-", "\u00ad": ""})
_READ_OUT = frozenset("%‰&§")
"""Punctuation to Unicode, and words to a reader, like all that Unicode calls symbols: “$”, “€”, “+”."""
_GAP_CELLS = 4_000_000
"""A gap of more tokens × tokens than this is shown deleted and inserted: the least changes could take minutes."""

_ISLAND = 40
"""An island of more tokens is never small, whatever they are."""

Change = tuple[int, int, int, int]
"""Tokens deleted and inserted in one place: (old start, old end, new start, new end)."""


class Tokens(NamedTuple):
    """Tokens of one text: how each is written and spoken, and where it starts and ends in the text (characters)."""

    texts: tuple[str, ...]
    spoken: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def tokenised(text: str, objects: Mapping[int, str]) -> Tokens:
    """The tokens of ``text``; ``objects`` says what to take for the U+FFFC at an offset."""
    pattern = _SIMPLE_TOKEN if _SIMPLE.fullmatch(text) else _TOKEN
    spans = [match.span() for match in pattern.finditer(text)]
    if not spans:
        return Tokens((), (), (), ())
    starts, ends = zip(*spans, strict=True)
    texts = tuple([text[start:end] for start, end in spans])
    if objects:
        texts = tuple([objects.get(start, each) for start, each in zip(starts, texts, strict=True)])
    spoken = texts if text.isascii() else tuple([each if is_object(each) else typographic(each) for each in texts])
    return Tokens(texts, spoken, starts, ends)


def is_word(token: str) -> bool:
    """Whether a reader would call it a word, so that a change of it is a change of words.

    It begins with a letter, a digit or a mark (an address does, too), or is a sign that is read out (“$”, “%”, “§”).
    Everything else is punctuation (Unicode's category P), or stands for an element without text.
    """
    first = token[0]
    if first.isalnum() or first == "_" or first in _READ_OUT:
        return True
    category = unicodedata.category(first)
    return category[0] == "M" or (category in ("Sc", "Sm", "So") and first != OBJECT and not is_object(token))


def is_object(token: str) -> bool:
    """Whether it stands for an element without text, and so is that element's HTML."""
    return len(token) > 1 and token[0] == "<" and token[-1] == ">"


def typographic(token: str) -> str:
    """The token as it is spoken: straight quotes, plain hyphens, composed characters, no soft hyphens."""
    if token.isascii():
        return token
    return unicodedata.normalize("NFC", token).translate(_PLAIN) or token


def changes(old: Tokens, new: Tokens) -> list[Change]:
    """What to show as changed between two leaves: few and legible changes rather than the least marked text."""
    return _joined(_slid(_swallowed(_differences(old, new), old, new), old, new))


def retyped(old: Tokens, new: Tokens, found: Sequence[Change]) -> list[Change]:
    """Where, beside the changes that were found, the same tokens are written otherwise."""
    places: list[Change] = []
    i = j = 0
    for i_next, i_end, j_next, j_end in (*found, (len(old.texts), 0, len(new.texts), 0)):
        pairs = zip(range(i, i_next), range(j, j_next), strict=True)
        places.extend((a, a + 1, b, b + 1) for a, b in pairs if old.texts[a] != new.texts[b])
        i, j = i_end, j_end
    return _joined(places)


def has_words(side: Tokens, start: int, end: int) -> bool:
    """Whether something that is read out stands between two places."""
    return any(map(is_word, side.spoken[start:end]))


def _differences(old: Tokens, new: Tokens) -> list[Change]:
    found: list[Change] = []
    pairs = _same_words(old, new) or anchors(old.spoken, new.spoken)
    for i, i_end, j, j_end in gaps(pairs, len(old.spoken), len(new.spoken)):
        found.extend(_gap_differences(old.spoken, i, i_end, new.spoken, j, j_end))
    return _joined(found)


def _same_words(old: Tokens, new: Tokens) -> list[Pair]:
    """The places of all words, if both sides say the same ones in the same order."""
    one, other = ([place for place, text in enumerate(side.spoken) if is_word(text)] for side in (old, new))
    same = len(one) == len(other) and all(old.spoken[i] == new.spoken[j] for i, j in zip(one, other, strict=True))
    return list(zip(one, other, strict=True)) if same else []


def _gap_differences(old: Sequence[str], i: int, i_end: int, new: Sequence[str], j: int, j_end: int) -> list[Change]:
    """The least changes in one gap, found over those tokens that both sides have."""
    shared = set(old[i:i_end]) & set(new[j:j_end])
    old_places = [place for place in range(i, i_end) if old[place] in shared]
    new_places = [place for place in range(j, j_end) if new[place] in shared]
    if not shared:
        return [(i, i_end, j, j_end)]
    one, other = [old[place] for place in old_places], [new[place] for place in new_places]
    matched = least_changes(one, other) if len(one) * len(other) <= _GAP_CELLS else []
    pairs = [(old_places[a] - i, new_places[b] - j) for a, b in matched]
    return [(i + a, i + b, j + c, j + d) for a, b, c, d in gaps(pairs, i_end - i, j_end - j)]


def _joined(found: list[Change]) -> list[Change]:
    """Changes that touch made one."""
    joined: list[Change] = []
    for change in found:
        if joined and joined[-1][1] == change[0] and joined[-1][3] == change[2]:
            change = (joined[-1][0], change[1], joined.pop()[2], change[3])
        joined.append(change)
    return joined


def _swallowed(found: list[Change], old: Tokens, new: Tokens) -> list[Change]:
    """Unchanged islands too small to help a reader made part of the changes around them."""
    merged: list[tuple[Change, int, int]] = []
    for change in found:
        deleted, inserted = _words(old, change[0], change[1]), _words(new, change[2], change[3])
        while merged:
            last, *before = merged[-1]
            if change[0] - last[1] > _ISLAND:
                break
            island = _words(old, last[1], change[0])
            left, right = max(before), max(deleted, inserted)
            if island > min(left, right, 3) and not (island <= 2 and left + right >= 4):
                break
            if any(map(is_object, old.texts[last[1] : change[0]])):
                break
            merged.pop()
            change = (last[0], change[1], last[2], change[3])
            deleted, inserted = deleted + island + before[0], inserted + island + before[1]
        merged.append((change, deleted, inserted))
    return [change for change, _, _ in merged]


def _words(side: Tokens, start: int, end: int) -> int:
    return sum(map(is_word, side.texts[start:end]))


def _slid(found: list[Change], old: Tokens, new: Tokens) -> list[Change]:
    """One-sided changes moved, where the text allows, to where a sentence or a clause begins and ends."""
    slid: list[Change] = []
    for place, change in enumerate(found):
        i, i_end, j, j_end = change
        if (i == i_end) == (j == j_end):
            slid.append(change)
            continue
        side, start, end = (new, j, j_end) if i == i_end else (old, i, i_end)
        floor = i - slid[-1][1] if slid else i
        room = (found[place + 1][0] if place + 1 < len(found) else len(old.texts)) - i_end
        by = _best_slide(side, start, end, floor, room)
        slid.append((i + by, i_end + by, j + by, j_end + by))
    return slid


def _best_slide(side: Tokens, start: int, end: int, back: int, ahead: int) -> int:
    texts = side.texts
    low = 0
    while low < back and texts[start - low - 1] == texts[end - low - 1]:
        low += 1
    high = 0
    while high < ahead and texts[start + high] == texts[end + high]:
        high += 1
    return max(range(-low, high + 1), key=lambda by: (_boundary(side, start + by) + _boundary(side, end + by), by))


def _boundary(side: Tokens, place: int) -> int:
    """How good a place is for a change to begin or end: 4 at the leaf's ends, 0 within what is written together."""
    if place in (0, len(side.texts)):
        return 4
    before, spaced = side.texts[place - 1], side.ends[place - 1] < side.starts[place]
    if (before in ".!?…" and spaced) or before in "。！？।۔" or before.startswith("<br"):
        return 3
    if (before in ",;:)—–" and spaced) or before in "、，；：）":
        return 2
    return 1 if spaced else 0
