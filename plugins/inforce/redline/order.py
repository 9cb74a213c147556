"""What two sequences have in common, in order.

``anchors`` pairs the elements that occur once on each side, in the longest chain that keeps their order, and does so
again within the gaps, a bounded number of times. It does not promise the most pairs; ``least_changes`` does, and takes
time that grows with the number of changes. Nothing depends on time or on hash order: diff-match-patch runs without its
clock, on private characters that stand for the elements. What is shown of a difference between two texts is told in
``differences``.
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence

from diff_match_patch import diff_match_patch

Pair = tuple[int, int]
"""Places of two equal elements: (in old, in new)."""

Change = tuple[int, int, int, int]
"""What is gone and what is new in one place: (old start, old end, new start, new end)."""

_ROUNDS = 8
_SURROGATES = range(0xD800, 0xE000)


def anchors(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    """Return places (in old, in new) of equal elements, rising on both sides: those that part the sequences best."""
    pairs: list[Pair] = []
    pending = [(0, len(old), 0, len(new), _ROUNDS)]
    while pending:
        i, i_end, j, j_end, rounds = pending.pop()
        while i < i_end and j < j_end and old[i] == new[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        while i < i_end and j < j_end and old[i_end - 1] == new[j_end - 1]:
            i_end, j_end = i_end - 1, j_end - 1
            pairs.append((i_end, j_end))
        if i == i_end or j == j_end or not rounds or i_end - i == j_end - j == 1:
            continue
        unique = _unique_pairs(old, i, i_end, new, j, j_end)
        chain = [unique[place] for place in longest_rising([second for _, second in unique])]
        if not chain:
            continue
        pairs.extend(chain)
        for i_next, j_next in [*chain, (i_end, j_end)]:
            pending.append((i, i_next, j, j_next, rounds - 1))
            i, j = i_next + 1, j_next + 1
    return sorted(pairs)


def gaps(pairs: Sequence[Pair], old_length: int, new_length: int) -> list[Change]:
    """Return what lies before, between and behind pairs: (old start, old end, new start, new end), no empty ones."""
    found, i, j = [], 0, 0
    for i_next, j_next in [*pairs, (old_length, new_length)]:
        if i < i_next or j < j_next:
            found.append((i, i_next, j, j_next))
        i, j = i_next + 1, j_next + 1
    return found


def kept(found: Sequence[Change], old_length: int, new_length: int) -> Iterator[Change]:
    """Yield what stays before, between and behind changes, as long on either side, and perhaps empty."""
    i = j = 0
    for i_next, i_end, j_next, j_end in (*found, (old_length, 0, new_length, 0)):
        yield i, i_next, j, j_next
        i, j = i_end, j_end


def _unique_pairs(
    old: Sequence[Hashable], i: int, i_end: int, new: Sequence[Hashable], j: int, j_end: int
) -> list[Pair]:
    once = _once(new, j, j_end)
    return [(place, once[each]) for each, place in _once(old, i, i_end).items() if each in once]


def _once(elements: Sequence[Hashable], start: int, end: int) -> dict[Hashable, int]:
    """Element -> place, for those that occur once, in order."""
    places: dict[Hashable, int] = {}
    for place, each in enumerate(elements[start:end], start):
        places[each] = -1 if each in places else place
    return {each: place for each, place in places.items() if place >= 0}


def longest_rising(values: Sequence[int]) -> list[int]:
    """Return the places of a longest chain of rising values; the values are all different."""
    tops: list[int] = []
    tails: list[int] = []
    before: list[int] = []
    for place, value in enumerate(values):
        pile = bisect_left(tops, value)
        before.append(tails[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [value]
        tails[pile : pile + 1] = [place]
    chain = []
    place = tails[-1] if tails else -1
    while place >= 0:
        chain.append(place)
        place = before[place]
    return chain[::-1]


def least_changes(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Return the places (in old, in new) of a longest common subsequence."""
    private: dict[str, str] = {}
    one, other = ("".join(private.setdefault(each, _private(len(private))) for each in side) for side in (old, new))
    engine = diff_match_patch()
    engine.Diff_Timeout = 0
    pairs: list[Pair] = []
    i = j = 0
    for operation, text in engine.diff_main(one, other, False):
        if operation == engine.DIFF_EQUAL:
            pairs.extend((i + k, j + k) for k in range(len(text)))
        i += len(text) * (operation != engine.DIFF_INSERT)
        j += len(text) * (operation != engine.DIFF_DELETE)
    return pairs


def _private(number: int) -> str:
    """The character that stands for the token of this number; the surrogates are not characters."""
    return chr(number if number < _SURROGATES.start else number + len(_SURROGATES))
