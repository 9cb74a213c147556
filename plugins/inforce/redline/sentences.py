"""Where sentences end, and which changes are shown as one for the sentence that they stand in.

Where by far more of a sentence changed than stayed, it is shown whole, old and new; where only a word or two of it
stay beside its end, to there. Which tokens changed is the business of ``differences``. A sentence ends at its mark, in
every script, but not at the full stop of an abbreviation or of a day's number: those are known that stand in policies.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from inforce.redline.order import Change, Pair, kept
from inforce.redline.words import Tokens, is_object, is_word

ITEM = 2
"""As many words, at most, are an item of an enumeration: more are a phrase, and what parts phrases parts no items."""

_FEW = 8
"""Two words with what stands around them, quotation marks, brackets and full stops, are no more tokens than these."""

PHRASE = 5
"""More words than these, in a row, say something by themselves: they stay unmarked beside a longer change."""

# fmt: off
_ABBREVIATED = frozenset((
    "art", "abs", "nr", "no", "tel", "sec", "ziff", "kap", "vgl", "ca", "bzw", "inkl", "mr", "mrs", "ms", "dr", "prof",
    "st", "str", "inc", "ltd", "co", "corp", "sp", "ul", "al", "ст", "стр", "ул", "руб",
))
_MONTHS = frozenset((
    "Januar", "Jänner", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
))
# fmt: on
"""What is written with a full stop that ends no sentence, and what stands behind the number of a day that has one."""

_SPACED = frozenset(".!?…؟")
STOPS = _SPACED | frozenset("。！？।॥۔။។։።")
"""What ends a sentence; of ``_SPACED``, only what has a space behind it."""

_SHORT = max(map(len, _ABBREVIATED))

_SENTENCE = 3
"""What ``boundary`` says of the place between two sentences."""

_REWRITTEN = 0.57
_STAYED = 0.6
_DIFFERS = 0.4
"""A sentence of whose words at least the first part would be marked is shown whole, old and new: confetti reads as an
error. But not where more than the second part of its shorter side stays, whatever was put before or behind it, nor
where less than the third differs, and the rest would only be taken in."""


def rewritten(found: list[Change], differing: list[Change], old: Tokens, new: Tokens) -> list[Change]:
    """Several changes of one sentence made one where by far more of it changed than stayed.

    What it begins or ends with stays outside where it is long enough to say something by itself, or is a label.
    """
    if len(found) < 2:
        return found
    whole: list[Change] = []
    for within, (i, i_end, j, j_end) in _by_sentence(found, old, new):
        gone, come = changed_words(within, old, new)
        one, other = old.words(i, i_end), new.words(j, j_end)
        is_whole = gone and come and gone + come >= _REWRITTEN * (one + other)
        is_whole = is_whole and one - gone <= _STAYED * min(one, other)
        least = differing[
            bisect_left(differing, i, key=itemgetter(0)) : bisect_right(differing, i_end, key=itemgetter(0))
        ]
        is_whole = is_whole and sum(changed_words(least, old, new)) >= _DIFFERS * (one + other)
        if len(within) < 2 or not is_whole or any(map(is_object, (*old.texts[i:i_end], *new.texts[j:j_end]))):
            whole += within
            continue
        first, last = within[0], within[-1]
        if old.words(i, first[0]) > PHRASE or (i < first[0] and old.texts[first[0] - 1] in ":："):
            i, j = first[0], first[2]
        if old.words(last[1], i_end) > PHRASE:
            i_end, j_end = last[1], last[3]
        whole.append((i, i_end, j, j_end))
    return whole


def to_sentences(found: list[Change], old: Tokens, new: Tokens) -> list[Change]:
    """Replacements, each with the word or two of its own sentence that stay between it and one in the next."""
    taken = found[:1]
    for change in found[1:]:
        (i, i_end, j, j_end), (i_next, _, j_next, _) = last, _ = taken[-1], change
        borders: list[int] = []
        if i_next - i_end <= _FEW and old.words(i_end, i_next) <= ITEM:
            places = zip(range(i_end, i_next + 1), range(j_end, j_next + 1), strict=True)
            borders = [place for place, its in places if ends(old, place) and ends(new, its)]
        if borders:
            start, end = borders[0], borders[-1]
            while start > i_end and not is_word(old.texts[start - 1]):
                start -= 1
            if _outweighs(last, old, new, old.words(i_end, start)):
                taken[-1] = i, start, j, j_end + start - i_end
            if _outweighs(change, old, new, old.words(end, i_next)):
                change = end, change[1], j_next + end - i_next, change[3]
        taken.append(change)
    return taken


def _outweighs(change: Change, old: Tokens, new: Tokens, words: int) -> bool:
    """Whether a change strikes words and says others for them, more than so many."""
    gone, come = old.words(*change[:2]), new.words(*change[2:])
    return bool(gone and come) and 0 < words < max(gone, come)


def changed_words(found: Iterable[Change], old: Tokens, new: Tokens) -> Pair:
    """How many words are gone, and how many have come."""
    sides = [(old.words(i, i_end), new.words(j, j_end)) for i, i_end, j, j_end in found]
    return sum(gone for gone, _ in sides), sum(come for _, come in sides)


def _by_sentence(found: list[Change], old: Tokens, new: Tokens) -> Iterator[tuple[list[Change], Change]]:
    """Yield the changes between which no sentence ends, and the sentences that they stand in as one change."""
    (i, i_end, j, _), *behind = kept(found, len(old.texts), len(new.texts))
    last = _end(old, i, new, j, range(i_end - i, -1, -1))
    within = list[Change]()
    for change, (i, i_end, j, _) in zip(found, behind, strict=True):
        within.append(change)
        length = i_end - i
        first = _end(old, i, new, j, range(length + 1))
        if last and first:
            yield within, (last[0], first[0], last[1], first[1])
            last, within = _end(old, i, new, j, range(length, -1, -1)), []


def _end(old: Tokens, i: int, new: Tokens, j: int, places: Iterable[int]) -> Pair | None:
    """The first of these places, counted from a place on each side, where a sentence ends on both."""
    return next(((i + by, j + by) for by in places if ends(old, i + by) and ends(new, j + by)), None)


def ends_within(side: Tokens, start: int, end: int) -> bool:
    """Whether a sentence ends between two places: what is said behind it is no part of what is said before."""
    return any(ends(side, place) for place in range(start + 1, end))


def ends(side: Tokens, place: int) -> bool:
    """Whether a sentence ends, or the text begins, before a place."""
    if 0 < place < len(side.texts) and side.texts[place - 1].isalnum():  # a word, as mostly
        return False
    return boundary(side, place) >= _SENTENCE


def boundary(side: Tokens, place: int) -> int:
    """How good a place is for a change to begin or end: 4 at the leaf's ends, 0 within what is written together."""
    if place in (0, len(side.texts)):
        return 4
    before, spaced = side.texts[place - 1], side.ends[place - 1] < side.starts[place]
    if (before in STOPS and (spaced or before not in _SPACED)) or before.startswith("<br"):
        return 1 if before == "." and abbreviates(side.texts, place) else 3
    if (before in ",;:)—–،؛" and spaced) or before in "、，；：）၊":
        return 2
    return 1 if spaced else 0


def abbreviates(texts: Sequence[str], place: int) -> bool:
    """Whether the full stop before a place ends a word or the number of a day, and no sentence."""
    if place < 2:
        return False
    before, behind = texts[place - 2], texts[place]
    if behind[0].islower() or (before.isdecimal() and behind in _MONTHS):
        return True
    return len(before) <= _SHORT and before.isalpha() and (len(before) == 1 or before.casefold() in _ABBREVIATED)
