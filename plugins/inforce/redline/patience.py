"""The backbone of two sequences: elements that occur once on each side, in the longest chain that keeps their order.

Repeated within the gaps between them, a bounded number of times. It pairs nothing that is not equal, and does not
promise the most pairs: what is left between is for a finer method.
"""

from bisect import bisect_left
from collections.abc import Hashable, Sequence

Pair = tuple[int, int]
_ROUNDS = 8


def anchors(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    """Places (in old, in new) of equal elements, rising on both sides."""
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
        if i == i_end or j == j_end or not rounds:
            continue
        chain = _rising(_unique_pairs(old, i, i_end, new, j, j_end))
        if not chain:
            continue
        pairs.extend(chain)
        for i_next, j_next in [*chain, (i_end, j_end)]:
            pending.append((i, i_next, j, j_next, rounds - 1))
            i, j = i_next + 1, j_next + 1
    return sorted(pairs)


def gaps(pairs: Sequence[Pair], old_length: int, new_length: int) -> list[tuple[int, int, int, int]]:
    """What lies before, between and behind pairs: (old start, old end, new start, new end), empty ones left out."""
    found, i, j = [], 0, 0
    for i_next, j_next in [*pairs, (old_length, new_length)]:
        if i < i_next or j < j_next:
            found.append((i, i_next, j, j_next))
        i, j = i_next + 1, j_next + 1
    return found


def _unique_pairs(
    old: Sequence[Hashable], i: int, i_end: int, new: Sequence[Hashable], j: int, j_end: int
) -> list[Pair]:
    once = _once(new, j, j_end)
    return [(place, once[each]) for each, place in _once(old, i, i_end).items() if each in once]


def _once(elements: Sequence[Hashable], start: int, end: int) -> dict[Hashable, int]:
    """Element -> place, for those that occur once, in order."""
    places: dict[Hashable, int] = {}
    repeated = set()
    for place in range(start, end):
        if elements[place] in places:
            repeated.add(elements[place])
        places[elements[place]] = place
    for each in repeated:
        del places[each]
    return places


def _rising(pairs: list[Pair]) -> list[Pair]:
    """The longest chain of pairs (in order of the first place) whose second places rise, too."""
    tops: list[int] = []
    tails: list[int] = []
    before: list[int] = []
    for place, (_, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        before.append(tails[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(j)
            tails.append(place)
        else:
            tops[pile] = j
            tails[pile] = place
    chain = []
    place = tails[-1] if tails else -1
    while place >= 0:
        chain.append(pairs[place])
        place = before[place]
    return chain[::-1]
