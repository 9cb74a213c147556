"""The items of an enumeration within a sentence: what parts them, and which changes around them leave them alone.

An item stays where others came or went beside it, whatever becomes of the comma, the conjunction or the letter that
belongs to it. Which tokens changed is the business of ``differences``.
"""

import re
from collections.abc import Sequence

from inforce.redline.order import Change
from inforce.redline.words import Tokens

_JOINT = 2
"""As many tokens, at most, part two items: “, and”."""

_LONGEST = 8
"""An item of more tokens is none that is looked for in what was added."""

DIVIDERS = frozenset(",;/&、，；・،؛၊")
# fmt: off
_CONJUNCTIONS = frozenset((
    "and", "or", "nor", "und", "oder", "sowie", "et", "ou", "y", "e", "и", "или", "либо", "та", "або", "і", "ve",
    "veya", "och", "eller", "og", "nebo", "oraz", "lub", "albo", "ili", "și", "sau", "és", "vagy", "ja", "tai", "και",
    "ή", "và", "hoặc", "dan", "atau", "或", "和", "及", "与", "與", "と", "や", "また", "または", "و", "أو", "یا",
    "או", "및", "또는", "과", "와", "และ", "หรือ", "ແລະ", "ຫຼື", "និង", "ឬ", "နှင့်", "और", "या", "तथा", "एवं", "व",
    "अथवा", "এবং", "ও", "বা", "اور", "ir", "arba", "vai", "või", "eða", "dhe", "ose",
))
# fmt: on
"""What parts the items of an enumeration, in the languages that the corpus and the word lists know; not what is an
article or a preposition in another of them, like “of” and “a”."""

LETTER = re.compile(r"[^\W_]|[ivx]+")
"""What an item within a sentence has before a bracket: “(b)”, “iii)”."""


def items_first(found: list[Change], old: Tokens, new: Tokens) -> list[Change]:
    """Changes in which an item stays rather than the conjunction beside it, as one that was the last stays before more.

    So “a, and b” that became “a, b, and c” lost its “and” before “b”, and not “b” behind its “and”.
    """
    items: list[Change] = []
    for change in found:
        if items and items[-1][0] == items[-1][1]:
            items[-1], change = _item_first(items[-1], change, old, new)
        elif items and items[-1][2] == items[-1][3]:
            items[-1], change = map(_mirrored, _item_first(_mirrored(items[-1]), _mirrored(change), new, old))
        items.append(change)
    return items


def _item_first(added: Change, changed: Change, old: Tokens, new: Tokens) -> tuple[Change, Change]:
    """Something that was added and the change behind a conjunction, so that what became another item stays, if it is
    what was added or a part of it: all of it, though it begins as the other does (“his name and his age”).

    Behind a comma, any word may be the conjunction.
    """
    i, _, j, j_end = added
    k, k_end, _, m_end = changed
    for first in range(i + 1, min(i + _JOINT, k) + 1):
        length = k_end - first
        is_joint = parts_items(old.texts[i:first])
        if length > _LONGEST or not old.words(k, k_end) or not (is_joint or first == i + 1):
            continue
        for start in range(j if is_joint else j + 1, j_end - length + 1):
            is_item = is_joint or new.texts[start - 1] in DIVIDERS
            if is_item and old.spoken[first:k_end] == new.spoken[start : start + length]:
                return (i, first, j, start), (k_end, k_end, start + length, m_end)
    return added, changed


def _mirrored(change: Change) -> Change:
    """The change the other way round."""
    return *change[2:], *change[:2]


def parts_items(between: Sequence[str]) -> bool:
    """Whether an island is nothing but a comma or a conjunction, as between the items of an enumeration."""
    return 0 < len(between) <= _JOINT and all(each in DIVIDERS or joins(each) for each in between)


def joins(text: str) -> bool:
    """Whether it is a conjunction; a small “i” is one in Polish, and the English pronoun is never small."""
    return text.casefold() in _CONJUNCTIONS or text == "i"


def grew(joint: Change, other: Change, old: Tokens, new: Tokens) -> bool:
    """Whether a comma came for a conjunction, or went for one, as items beside one that stays came or went.

    Whatever the language, a word is one that stood where the comma is, and stands between other items now.
    """
    i, i_end, j, j_end = joint
    if max(i_end - i, j_end - j) > _JOINT or (other[0] < other[1] and other[2] < other[3]):
        return False
    sides = [side for side in (old.texts[i:i_end], new.texts[j:j_end]) if side]
    words = [each for side in sides for each in side if each not in DIVIDERS]
    elsewhere = (*old.texts[other[0] : other[1]], *new.texts[other[2] : other[3]])
    if len(sides) == 2 and len(words) == 1 and words[0] in elsewhere:
        return True
    return bool(words) and all(map(parts_items, sides))


def are_relettered(one: Change, other: Change, old: Tokens, new: Tokens) -> bool:
    """Whether items within a sentence have other letters, “(c)” for “(b)”, because one came or went before them."""
    first, second = (_is_letter(*each, old, new) for each in (one, other))
    one_sided = [0 in (i_end - i, j_end - j) for i, i_end, j, j_end in (one, other)]
    return (first and (second or one_sided[1])) or (second and one_sided[0])


def _is_letter(i: int, i_end: int, j: int, j_end: int, old: Tokens, new: Tokens) -> bool:
    """Whether one letter or figure before a bracket became another one."""
    if i_end - i != 1 or j_end - j != 1:
        return False
    sides = old.texts[i : i_end + 1], new.texts[j : j_end + 1]
    return all(side[-1] == ")" and LETTER.fullmatch(side[0].lower()) for side in sides)
