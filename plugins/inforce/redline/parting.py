"""Changes -> the same, but parted where both sides hold the end of something and another thing behind it.

That is a reference to a law, which ends where the law is named (“§ 147 AO”), and a Korean particle, which belongs to
the word before it. So a reader compares the one with the one that it became, and the next words with theirs. Which
tokens changed is the business of ``differences``.
"""

from collections.abc import Iterator, Sequence

import regex

from inforce.redline.order import Change
from inforce.redline.words import Tokens, is_word

_SIGNS = frozenset(("§", "Art", "Artikel", "Article"))
"""What a reference to a law begins with."""
_LAW = regex.compile(r"\p{L}*\p{Lu}[\p{L}-]*\p{Lu}[\p{L}-]*")
"""A law by its short name, which has two capitals: “AO”, “BGB”, “DSGVO”, “UrhG”."""
_WITHIN = regex.compile(r"[§.,]|\d+\p{L}?|\p{Ll}|[IVX]+|Abs|Satz|Nr|lit|Buchst|UAbs|Alt|und")
"""What stands between the sign and the law."""
_LONGEST = 16
"""A reference has no more tokens than these."""
_CONJUNCTIONS = frozenset(("및", "또는", "그리고", "혹은"))
_HANGUL = regex.compile(r"\p{Hangul}+")


def parted(found: Sequence[Change], old: Tokens, new: Tokens) -> Iterator[Change]:
    """Yield the changes, those that hold an end on both sides as two."""
    refers = not _SIGNS.isdisjoint(old.texts)
    for i, i_end, j, j_end in found:
        ends = 0, 0
        if i_end - i > 1 and j_end - j > 1:
            ends = _behind_particle(old, i), _behind_particle(new, j)
            if refers and not all(ends):
                ends = _behind_law(old, i, i_end), _behind_law(new, j, j_end)
        if all(ends):
            yield i, ends[0], j, ends[1]
            i, j = ends
        yield i, i_end, j, j_end


def _behind_law(side: Tokens, start: int, end: int) -> int:
    """Where a reference ends that a change begins with or in, and goes on behind; 0 where it does neither."""
    reach = range(start, max(start - _LONGEST, -1), -1)
    place = next((each for each in reach if side.texts[each] in _SIGNS), end)
    while place < end and not _LAW.fullmatch(side.texts[place]):
        if side.texts[place] not in _SIGNS and not _WITHIN.fullmatch(side.texts[place]):
            return 0
        place += 1
    return place + 1 if start <= place < end - 1 else 0


def is_particle(side: Tokens, place: int) -> bool:
    """Whether a token is written together with the Korean word before it."""
    is_close = place > 0 and side.starts[place] == side.ends[place - 1]
    return is_close and all(map(_HANGUL.fullmatch, side.texts[place - 1 : place + 1]))


def _behind_particle(side: Tokens, start: int) -> int:
    """Where a particle ends that a change begins with, or a mark or a conjunction for one; 0 for all else."""
    starts, ends, text = side.starts, side.ends, side.texts[start]
    if not start or not _HANGUL.fullmatch(side.texts[start - 1]) or starts[start + 1] == ends[start]:
        return 0
    is_mark = starts[start] == ends[start - 1] and not is_word(text)
    return start + 1 if is_mark or text in _CONJUNCTIONS or is_particle(side, start) else 0
