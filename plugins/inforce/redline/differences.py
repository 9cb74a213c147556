"""Which tokens of two texts to show as deleted and inserted: what differs, made legible.

Tokens are compared as they are spoken, so another quotation mark or hyphen is no change here. Where both sides say the
same words in the same order, no word is in a change: only punctuation, and what stands for images and line breaks.
``changes`` is eight steps, each on its own: what differs, moved to where it is whole sentences, small islands swallowed
(again in the end), sentences that were written anew made one change, one-sided changes slid to where a sentence begins,
words beside them that got or lost capitals taken in, what is left of a sentence beside its end, and what touches
joined, but where ``parting`` parts it.
How two sequences are compared is told in ``order``.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import starmap, zip_longest
from operator import ne

from inforce.redline.enumerations import DIVIDERS, LETTER, are_relettered, grew, items_first, joins, parts_items
from inforce.redline.order import Change, Pair, anchors, gaps, least_changes
from inforce.redline.parting import is_particle, parted
from inforce.redline.sentences import ITEM, PHRASE, boundary, changed_words, ends, ends_within, rewritten, to_sentences
from inforce.redline.words import Tokens, dense_words, is_object, is_word, respelled

_GAP_CELLS = 4_000_000
"""A gap of more tokens × tokens than this is shown deleted and inserted: the least changes could take minutes."""

_ISLAND = 40
"""An island of more tokens is never small, whatever they are."""

_YEAR = 4
"""A year has as many digits."""

_BRACKETS = dict(zip("([{【「『", ")]}】」』", strict=True))
_CLOSED = {close: opened for opened, close in _BRACKETS.items()}
_EITHER = frozenset((*_BRACKETS, *_CLOSED))

_LEAST, _LEAST_DENSE = 3, 6
"""So many changed words, at least, take in one or two between them; more where each word says as much as two."""


def changes(old: Tokens, new: Tokens, behind: Pair = (0, 0)) -> list[Change]:
    """Return what to show as changed between two texts: few and legible changes rather than the least marked text.

    ``behind`` is how many tokens at the head of each are not compared.
    """
    i, j = behind
    if i or j:
        return [(a + i, b + i, c + j, d + j) for a, b, c, d in changes(old.behind(i), new.behind(j))]
    differing = _slid(items_first(_differences(old, new), old, new), old, new, whole=True)
    found = rewritten(_swallowed(differing, old, new), differing, old, new)
    found = _swallowed(_with_capitals(_slid(found, old, new), old, new), old, new)
    return list(
        parted(_joined([_with_brackets(change, old, new) for change in to_sentences(found, old, new)]), old, new)
    )


def _differences(old: Tokens, new: Tokens) -> list[Change]:
    pairs = _same_words(old, new) or anchors(old.spoken, _landmarks(new.spoken))
    between = gaps(pairs, len(old.spoken), len(new.spoken))
    return _joined([each for gap in between for each in _gap_differences(old, new, gap)])


def _landmarks(spoken: Sequence[str]) -> Sequence[str]:
    """The words, but something else for a figure and an item's letter: elsewhere the same one says another thing."""
    if ")" not in spoken and not any(map(str.isdecimal, spoken)):
        return spoken
    behind = (*spoken[1:], "")
    return [
        f"{word}\n" if word.isdecimal() or (mark == ")" and LETTER.fullmatch(word)) else word
        for word, mark in zip(spoken, behind, strict=False)
    ]


def _same_words(old: Tokens, new: Tokens) -> list[Pair]:
    """The places of all words, if both sides say the same ones in the same order."""
    if any(starmap(ne, zip_longest(filter(is_word, old.spoken), filter(is_word, new.spoken)))):
        return []
    one, other = ([place for place, text in enumerate(side.spoken) if is_word(text)] for side in (old, new))
    return list(zip(one, other, strict=True))


def _gap_differences(before: Tokens, after: Tokens, gap: Change) -> list[Change]:
    """The least changes in one gap, found over those tokens that both sides have."""
    i, i_end, j, j_end = gap
    old, new = before.spoken, after.spoken
    shared = set(old[i:i_end]) & set(new[j:j_end])
    if not shared:
        return [gap]
    old_places = [place for place in range(i, i_end) if old[place] in shared]
    new_places = [place for place in range(j, j_end) if new[place] in shared]
    one, other = [old[place] for place in old_places], [new[place] for place in new_places]
    matched = least_changes(one, other) if len(one) * len(other) <= _GAP_CELLS else []
    pairs = [(old_places[a] - i, new_places[b] - j) for a, b in matched]
    pairs = _alike(pairs, before.texts[i:i_end], after.texts[j:j_end])
    return [(i + a, i + b, j + c, j + d) for a, b, c, d in gaps(pairs, i_end - i, j_end - j)]


def _alike(pairs: list[Pair], old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """The pairs, but a word with the one that is written as it is, where there is one before the next pair."""
    found: list[Pair] = []
    for place, (i, j) in enumerate(pairs):
        if old[i] != new[j]:
            (i_end, j_end), (i_start, j_start) = (
                pairs[place + 1] if place + 1 < len(pairs) else (len(old), len(new)),
                found[-1] if found else (-1, -1),
            )
            if old[i] in (others := new[j_start + 1 : j_end]):
                j = j_start + 1 + others.index(old[i])
            elif new[j] in (others := old[i_start + 1 : i_end]):
                i = i_start + 1 + others.index(new[j])
        found.append((i, j))
    return found


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
    if len(found) < 2:
        return found
    merged: list[tuple[Change, int, int]] = []
    for change in found:
        deleted, inserted = _units(old, *change[:2]), _units(new, *change[2:])
        while merged:
            last, *before = merged[-1]
            if change[0] - last[1] > _ISLAND or _is_one_sided(last, change):
                break
            between = old.texts[last[1] : change[0]]
            island, dense = _units(old, last[1], change[0]), sum(map(dense_words, between))
            left, right = max(before), max(deleted, inserted)
            least = _LEAST_DENSE if dense else _LEAST
            if max(island, dense) > min(left, right, PHRASE) and not (
                max(island, dense) <= 2 and left + right >= least
            ):
                break
            if dense > 1 and not all((*changed_words([last], old, new), *changed_words([change], old, new))):
                break
            if any(map(is_object, between)) or ends_within(old, last[1], change[0]):
                break
            borders = (last[1], last[3]), (change[0], change[2])
            is_between = island or (left and right)  # but “).” becomes “.)”
            if is_between and any(ends(old, i) and ends(new, j) for i, j in borders):
                break
            are_items = max(left, right) <= ITEM and parts_items(between) and not _is_year(change, old, new)
            if are_items or grew(last, change, old, new) or grew(change, last, old, new):
                break
            if _are_figures(last, change, old, new) or are_relettered(last, change, old, new):
                break
            merged.pop()
            change = (last[0], change[1], last[2], change[3])
            deleted, inserted = deleted + before[0], inserted + before[1]
        merged.append((change, deleted, inserted))
    return [change for change, _, _ in merged]


def _units(side: Tokens, start: int, end: int) -> int:
    """How many words stand between two places, Korean ones with their particles."""
    if all(map(str.isascii, side.texts[start:end])):  # nothing Korean, as mostly
        return side.words(start, end)
    return side.words(start, end) - sum(is_particle(side, place) for place in range(start + 1, end))


def _is_one_sided(one: Change, other: Change) -> bool:
    """Whether both only insert or both only delete: what stands between them would be struck for nothing."""
    return (one[0] == one[1] and other[0] == other[1]) or (one[2] == one[3] and other[2] == other[3])


def _are_figures(one: Change, other: Change, old: Tokens, new: Tokens) -> bool:
    """Whether one figure became another in both places: “30 of 60 days” and “45 of 90 days” differ twice."""
    return all(
        end - start == 1 and any(map(str.isdecimal, side.texts[start]))
        for i, i_end, j, j_end in (one, other)
        for side, start, end in ((old, i, i_end), (new, j, j_end))
    )


def _is_year(change: Change, old: Tokens, new: Tokens) -> bool:
    """Whether one year became another: with the day before its comma it is one date."""
    i, i_end, j, j_end = change
    years = (*old.texts[i:i_end], *new.texts[j:j_end])
    return len(years) == 2 and i < i_end and all(len(each) == _YEAR and each.isdecimal() for each in years)


def _slid(found: list[Change], old: Tokens, new: Tokens, whole: bool = False) -> list[Change]:
    """One-sided changes moved, where the text allows, to where a sentence or a clause begins and ends.

    With ``whole``, only those that are whole sentences there.
    """
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
        if not whole or (ends(side, start + by) and ends(side, end + by)):
            change = i + by, i_end + by, j + by, j_end + by
        slid.append(change)
    return slid


def _with_capitals(found: list[Change], old: Tokens, new: Tokens) -> list[Change]:
    """Changes, each with the words beside it that only got or lost capitals (“We do” becomes “Then we do”).

    A replacement reaches over a word or two for them: “[-our Terms of Service-]{+the terms of service+}”.
    """
    taken: list[Change] = []
    for place, (i, i_end, j, j_end) in enumerate(found):
        back = taken[-1][1] if taken else 0
        ahead = found[place + 1][0] if place + 1 < len(found) else len(old.texts)
        gone, come = old.words(i, i_end), new.words(j, j_end)
        reach = (1 + ITEM if gone and come else 1) if gone or come else 0
        while by := _recased(old, new, ((i - by, j - by) for by in range(1, min(reach, i - back) + 1))):
            i, j = i - by, j - by
        while by := _recased(old, new, ((i_end + by, j_end + by) for by in range(min(reach, ahead - i_end)))):
            i_end, j_end = i_end + by, j_end + by
        taken.append((i, i_end, j, j_end))
    return taken


def _with_brackets(change: Change, old: Tokens, new: Tokens) -> Change:
    """A replacement that opens brackets on both sides, or closes some, with the other ones, right beside it.

    So “thirty (30)” becomes “sixty (60)” with no half of its brackets outside the marks.
    """
    i, i_end, j, j_end = change
    if _EITHER.isdisjoint(old.spoken[i:i_end]) or _EITHER.isdisjoint(new.spoken[j:j_end]):
        return change
    for opened in _left_open(old.spoken[i:i_end], new.spoken[j:j_end], _BRACKETS):
        if not old.spoken[i_end : i_end + 1] == new.spoken[j_end : j_end + 1] == (_BRACKETS[opened],):
            break
        i_end, j_end = i_end + 1, j_end + 1
    for closed in _left_open(old.spoken[i:i_end][::-1], new.spoken[j:j_end][::-1], _CLOSED):
        if not i or not j or not old.spoken[i - 1] == new.spoken[j - 1] == _CLOSED[closed]:
            break
        i, j = i - 1, j - 1
    return i, i_end, j, j_end


def _left_open(old: Sequence[str], new: Sequence[str], pairs: Mapping[str, str]) -> list[str]:
    """The brackets, the last one first, that stay open on both sides; none where these differ."""
    sides: tuple[list[str], list[str]] = [], []
    for opened, texts in zip(sides, (old, new), strict=True):
        for text in texts:
            if text in pairs:
                opened.append(text)
            elif opened and text == pairs[opened[-1]]:
                opened.pop()
    return sides[0][::-1] if sides[0] == sides[1] else []


def _recased(old: Tokens, new: Tokens, places: Iterable[Pair]) -> int:
    """How many tokens it is to the first of these that got or lost capitals, within a sentence; 0 where none did."""
    for count, (i, j) in enumerate(places, 1):
        if old.texts[i] != new.texts[j] and respelled(old.texts[i], new.texts[j]) == "recased":
            return count
        if not is_word(old.texts[i]):
            break
    return 0


def _best_slide(side: Tokens, start: int, end: int, back: int, ahead: int) -> int:
    texts = side.texts
    low = 0
    while low < back and texts[start - low - 1] == texts[end - low - 1]:
        low += 1
    high = 0
    while high < ahead and texts[start + high] == texts[end + high]:
        high += 1
    return max(range(-low, high + 1), key=lambda by: (*_worth(side, start + by, end + by), by))


def _worth(side: Tokens, start: int, end: int) -> tuple[int, bool]:
    """How well a change reads between two places: by its borders, then by a conjunction at the first or the last."""
    before = max(boundary(side, start), ITEM if side.texts[start] in DIVIDERS else 0)
    borders = before + boundary(side, end)
    return borders, any(map(joins, (side.texts[start], side.texts[end - 1])))
