"""Which clause of a text is which clause of the text before it: ids that hold through a whole history.

An id is made of a heading: plain letters, digits and single hyphens. A Latin heading is transliterated (umlauts as
German writes them out, where the policy is German). One of another script is offered as it is read aloud, and an
editor asked: a transcription is a guess until somebody says that it will do.

A clause is known by the id that an author gave; by its heading without its number, and its occurrence; then by its
body's multiset word Dice, taken from 0.65 on, offered for confirmation from 0.45. Splits and merges are told by runs of
words: single words of a long clause are in any other.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from anyascii import anyascii

from inforce.draft import guesses
from inforce.importing.reading import Section, plain
from inforce.model import PREAMBLE
from inforce.text.clauses import id_problem

SURE = 0.65
DOUBTFUL = 0.45
_RUN = 3
"""Words of a run that tells where a text comes from."""
_TELLING = 12
"""Words that a text has at least before likeness says anything of where it comes from."""
_LONGEST = 60
"""Characters of an id, cut between words: it stands in addresses that people read out."""
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_LATIN = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_APOSTROPHES = re.compile(r"(?<=\w)['’](?=\w)")
_OTHER_NUMBER = re.compile(
    r"(?:¶ ?)?\d+(?:\.\d+)*[a-z]?[.)](?=\s|\Z)|\d+(?:\.\d+){2,}(?=\s|\Z)|¶ ?\d+|[一二三四五六七八九十]+\."
)
"""What a redline is not sure of, and an import may leave out of an id: it stays in the heading."""
_BEHIND_A_NUMBER = " \t\u3000.:：．、–—-"


@dataclass(frozen=True)
class Doubt:
    """Two clauses that may be one: the ``old`` id, the id that the ``new`` one has unless they are, their likeness.

    ``snapshot`` is the place of the new text in the history, from 0; the titles are headings as plain text.
    """

    old: str
    new: str
    likeness: float
    snapshot: int
    old_title: str
    new_title: str


@dataclass(frozen=True)
class Named:
    """One text's sections with their ids, in order, and for each id the others that it had in the text before."""

    ids: tuple[str, ...]
    was: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Answers:
    """What an editor said: pairs (old id, new id) that are one clause, and pairs that are two.

    ``ids`` are pairs (id that was suggested, id that it shall be).
    """

    same: frozenset[tuple[str, str]] = frozenset()
    apart: frozenset[tuple[str, str]] = frozenset()
    ids: frozenset[tuple[str, str]] = frozenset()


_Key = tuple[str, int]
"""A heading without its number, folded, and how many with the same stand before it."""


@dataclass
class _Known:
    """A clause as it stood when it was last seen."""

    section: Section
    key: _Key
    seen: int


_Former = Mapping[str, _Known]
_Runs = Counter[tuple[str, ...]]


def follow(
    history: Sequence[Sequence[Section]], answers: Answers | None = None, language: str = "en"
) -> tuple[tuple[Named, ...], tuple[Doubt, ...]]:
    """Return the ids of each text's sections, the oldest text first, and the pairs that nobody has answered for."""
    tracker = _Tracker(answers or Answers(), language)
    named = tuple(tracker.take(number, sections) for number, sections in enumerate(history))
    return named, tuple(tracker.doubts)


def suggested(
    history: Sequence[Sequence[Section]], named: Sequence[Named], answers: Answers
) -> tuple[tuple[str, str], ...]:
    """Return (id, heading) of each clause whose heading is of another script, unless an editor gave or took the id."""
    confirmed = {said for _, said in answers.ids}
    found: dict[str, str] = {}
    for sections, names in zip(history, named, strict=True):
        for section, name in zip(sections, names.ids, strict=True):
            found.setdefault(name, "" if section.given else plain(section.heading))
    foreign = {name: title for name, title in found.items() if title and not slug(without_number(title) or title)}
    return tuple((name, title) for name, title in foreign.items() if name not in confirmed)


class _Tracker:
    """Goes through the texts and remembers every clause that there ever was: what comes back gets its id back."""

    def __init__(self, answers: Answers, language: str) -> None:
        self.known: dict[str, _Known] = {}
        self.doubts: list[Doubt] = []
        self._answers = answers
        self._language = language

    def take(self, number: int, sections: Sequence[Section]) -> Named:
        keys = _keys(sections)
        before = {name: known for name, known in self.known.items() if known.seen == number - 1}
        gone = {name: known for name, known in self.known.items() if known.seen < number - 1}
        ids: dict[int, str] = {place: PREAMBLE for place, each in enumerate(sections) if not each.heading}
        self._by_given(sections, ids)
        for former in (before, gone):
            _by_heading(keys, sections, former, ids)
            self._by_body(number, sections, former, ids, ask=former is before)
        for place, section in enumerate(sections):
            if place not in ids:
                ids[place] = self._new(section, place, ids)
        was = _lineage(sections, ids, before)
        for place, section in enumerate(sections):
            self.known[ids[place]] = _Known(section, keys[place], number)
        return Named(tuple(ids[place] for place in range(len(sections))), was)

    def _new(self, section: Section, place: int, ids: Mapping[int, str]) -> str:
        taken = {*self.known, *ids.values()}
        found = clause_id(plain(section.heading), place + 1, taken, self._language)
        said = next((said for offered, said in self._answers.ids if offered == found), found)
        return said if said not in taken else found

    def _by_given(self, sections: Sequence[Section], ids: dict[int, str]) -> None:
        """By the id that the author wrote behind the heading."""
        for place, section in enumerate(sections):
            name = slug(section.given) if section.given else ""
            if name and place not in ids and name not in ids.values():
                ids[place] = clause_id(name, place + 1, ids.values())

    def _by_body(
        self, number: int, sections: Sequence[Section], before: _Former, ids: dict[int, str], *, ask: bool
    ) -> None:
        """By likeness of the bodies, the likest pairs first; what nobody can tell is asked."""
        names = [name for name in before if name != PREAMBLE]
        asked: set[str | int] = set()
        for like, place, name in _likest(range(len(sections)), names, sections, before, ids):
            if like < DOUBTFUL:
                break
            section, former = sections[place], before[name].section
            offered = (name, self._new(section, place, ids))
            if offered in self._answers.apart:
                continue
            inside = max(held(section, former), held(former, section))
            if like >= SURE or offered in self._answers.same or inside >= SURE:
                ids[place] = name
            elif ask and not asked & {place, name} and not _stood_elsewhere(section, ids, before):
                asked |= {place, name}
                titles = plain(former.heading), plain(section.heading)
                self.doubts.append(Doubt(*offered, round(like, 2), number, *titles))


def without_number(heading: str) -> str:
    """Return a heading, as plain text, without the number in front of it: ``§ 4 Haftung`` is ``Haftung``.

    Empty where it is nothing but a number.
    """
    other = _OTHER_NUMBER.match(heading)
    number = guesses.number_before(heading) or (other[0] if other else "")
    return heading.removeprefix(number).lstrip(_BEHIND_A_NUMBER).strip()


def slug(text: str, language: str = "en") -> str:
    """Return ``text`` in the form of an id; empty where it holds no Latin letter or digit."""
    folded = _APOSTROPHES.sub("", unicodedata.normalize("NFC", text).casefold())
    if language.casefold().split("-")[0] == "de":
        folded = folded.translate(_GERMAN)
    plain = unicodedata.normalize("NFKD", folded.translate(_LATIN)).encode("ascii", "ignore").decode()
    letters = sum(1 for character in folded if character.isalnum())
    if sum(1 for character in plain if character.isalnum()) * 2 < letters:
        return ""  # what is left of another script's heading would not name it
    whole = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return whole if len(whole) <= _LONGEST else whole[: _LONGEST + 1].rpartition("-")[0] or whole[:_LONGEST]


def clause_id(heading: str, place: int, taken: Container[str], language: str = "en") -> str:
    """Return an id for a clause of that heading (plain text) at ``place`` (from 1) that is not yet ``taken``."""
    words = without_number(heading) or heading
    aloud = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", anyascii(words))  # as it is read, the syllables of Chinese apart
    name = slug(words, language) or slug(aloud) or f"clause-{place}"
    if name in (PREAMBLE, "top") or id_problem(name):
        name = f"clause-{name}"
    found, number = name, 2
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found


def _keys(sections: Sequence[Section]) -> list[_Key]:
    seen: Counter[str] = Counter()
    found = []
    for section in sections:
        key = " ".join(without_number(plain(section.heading)).casefold().split())
        found.append((key, seen[key]))
        seen[key] += 1
    return found


def _by_heading(keys: Sequence[_Key], sections: Sequence[Section], before: _Former, ids: dict[int, str]) -> None:
    """By heading and occurrence; where a heading is repeated, an unchanged body first."""
    groups: dict[str, list[str]] = {}
    for name, known in sorted(before.items(), key=lambda item: item[1].key):
        if known.key[0] and name not in ids.values():
            groups.setdefault(known.key[0], []).append(name)
    for key, names in groups.items():
        places = [place for place, each in enumerate(keys) if each[0] == key and place not in ids]
        if len(names) > 1 or len(places) > 1:
            for place in places.copy():
                body = sections[place].words[1]
                if same := next((name for name in names if before[name].section.words[1] == body), None):
                    ids[place] = same
                    names.remove(same)
                    places.remove(place)
            if len(names) != len(places):  # one came or went
                for _, place, name in _likest(places, names, sections, before, ids):
                    ids[place] = name
                continue
        ids.update(zip(places, names, strict=False))


def _likest(
    places: Iterable[int], names: Iterable[str], sections: Sequence[Section], before: _Former, ids: Mapping[int, str]
) -> Iterator[tuple[float, int, str]]:
    """(Likeness of the bodies, place, former id), the likest first, as long as ``ids`` has neither.

    Most stay as they are: only what is left of them is compared each with each.
    """
    free = [name for name in names if name not in ids.values()]
    open_places = [place for place in places if place not in ids]
    alike: dict[str, list[str]] = {}
    for name in free:
        if _words(section := before[name].section):
            alike.setdefault(section.body, []).append(name)
    same = ((1.0, place, name) for place in open_places for name in alike.get(sections[place].body, ()))
    for pairs in (same, _compared(open_places, free, sections, before, ids)):
        for pair in pairs:
            if pair[1] not in ids and pair[2] not in ids.values():
                yield pair


def _compared(
    places: Sequence[int], names: Sequence[str], sections: Sequence[Section], before: _Former, ids: Mapping[int, str]
) -> Iterator[tuple[float, int, str]]:
    """The pairs of what ``ids`` leaves free once this is asked for, the likest first."""
    taken = set(ids.values())
    pairs = [
        (likeness(before[name].section, sections[place]), place, name)
        for place in places
        for name in names
        if place not in ids and name not in taken
    ]
    yield from sorted(pairs, key=lambda pair: (-pair[0], pair[1]))


@lru_cache(maxsize=32768)
def likeness(one: Section, other: Section) -> float:
    """Return the multiset word Dice of the bodies, 0 to 1; those too short to tell are like only if they are equal."""
    left, right = _words(one), _words(other)
    if min(len(left), len(right)) < _TELLING:
        return float(bool(left) and left == right)
    most, counts = _counted(other), _counted(one)
    common = sum(min(count, most[word]) for word, count in counts.items() if word in most)
    return 2 * common / (len(left) + len(right))


@lru_cache(maxsize=1024)
def _words(section: Section) -> Sequence[str]:
    """The words of a section's body: asked of each pair of sections, which a history has by the thousand."""
    return [word.casefold() for word in section.words[1] if word[0].isalnum()]


@lru_cache(maxsize=1024)
def _counted(section: Section) -> Counter[str]:
    return Counter(_words(section))


@lru_cache(maxsize=1024)
def _runs(section: Section) -> _Runs:
    """The runs of words of a section, its heading's among them: a sub-heading can become one."""
    words = [word.casefold() for part in section.words for word in part if word[0].isalnum()]
    return Counter(tuple(words[place : place + _RUN]) for place in range(len(words) - _RUN + 1))


@lru_cache(maxsize=32768)
def held(section: Section, other: Section) -> float:
    """Return the share of a section's runs of words that stand in another one, too; 0 for what is too short to tell."""
    return _share(_runs(section), _runs(other))


def _share(runs: _Runs, pool: _Runs) -> float:
    total = sum(runs.values())
    return sum((runs & pool).values()) / total if total >= _TELLING else 0.0


def _stood_elsewhere(section: Section, ids: Mapping[int, str], before: _Former) -> bool:
    """Whether most of a section stood in an old clause that goes on: it was split off, and there is no doubt."""
    going_on = set(ids.values())
    return any(held(section, known.section) >= SURE for name, known in before.items() if name in going_on)


def _lineage(sections: Sequence[Section], ids: Mapping[int, str], before: _Former) -> dict[str, tuple[str, ...]]:
    """For each clause the others that its text comes from: what was split off, and what was merged into it."""
    now = {ids[place]: section for place, section in enumerate(sections)}
    then = {name: known.section for name, known in before.items()}
    merged = ((name, source) for source, name in _standing_in(then, now))
    found: dict[str, list[str]] = {}
    for name, source in dict.fromkeys((*_standing_in(now, then), *merged)):
        found.setdefault(name, []).append(source)
    return {name: tuple(sources) for name, sources in found.items()}


def _standing_in(texts: Mapping[str, Section], others: Mapping[str, Section]) -> Iterator[tuple[str, str]]:
    """(A text that is not among the others, the other that most of it stands in, beside what that one has here)."""
    alone = [name for name in texts if name not in others]
    if not alone:
        return
    pools = {name: _runs(other) - (_runs(texts[name]) if name in texts else _Runs()) for name, other in others.items()}
    for name in alone:
        runs = _runs(texts[name])
        shares = {other: _share(runs, pool) for other, pool in pools.items()}
        best = max(shares, key=lambda other: shares[other], default="")
        if best and shares[best] >= SURE:
            yield name, best
