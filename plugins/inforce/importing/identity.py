"""Which clause of a text is which clause of the text before it: ids that hold through a whole history.

DESIGN, section 2, “Clause changes between two versions”: the id that an author gave; the heading without its number,
and its occurrence; then the body by multiset word Dice, taken from 0.65 on, offered for confirmation from 0.45. Splits
and merges are told by runs of words: single words of a long clause are in any other.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from inforce.importing import naming
from inforce.importing.reading import Section, plain
from inforce.model import PREAMBLE

SURE = 0.65
DOUBTFUL = 0.45
_RUN = 3
"""Words of a run that tells where a text comes from."""
_TELLING = 12
"""Words that a text has at least before likeness says anything of where it comes from."""


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
    """What an editor said: pairs (old id, new id) that are one clause, and pairs that are two."""

    same: frozenset[tuple[str, str]] = frozenset()
    apart: frozenset[tuple[str, str]] = frozenset()


@dataclass
class _Known:
    """A clause as it stood when it was last seen."""

    section: Section
    key: tuple[str, int]
    seen: int


def follow(
    history: Sequence[Sequence[Section]], answers: Answers | None = None, language: str = "en"
) -> tuple[tuple[Named, ...], tuple[Doubt, ...]]:
    """The ids of each text's sections, the oldest text first, and the pairs that nobody has answered for."""
    tracker = _Tracker(answers or Answers(), language)
    named = tuple(tracker.take(number, sections) for number, sections in enumerate(history))
    return named, tuple(tracker.doubts)


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
        _by_heading(keys, sections, before, ids)
        self._by_body(number, sections, before, ids)
        _by_heading(keys, sections, gone, ids)
        self._by_body(number, sections, gone, ids, ask=False)
        for place, section in enumerate(sections):
            if place not in ids:
                ids[place] = self._new(section, place, ids)
        was = _lineage(sections, ids, before)
        for place, section in enumerate(sections):
            self.known[ids[place]] = _Known(section, keys[place], number)
        return Named(tuple(ids[place] for place in range(len(sections))), was)

    def _new(self, section: Section, place: int, ids: Mapping[int, str]) -> str:
        taken = {*self.known, *ids.values()}
        return naming.clause_id(plain(section.heading), place + 1, taken, self._language)

    def _by_given(self, sections: Sequence[Section], ids: dict[int, str]) -> None:
        """By the id that the author wrote behind the heading."""
        for place, section in enumerate(sections):
            name = naming.slug(section.given) if section.given else ""
            if name and place not in ids and name not in ids.values():
                found = naming.clause_id(name, place + 1, set(ids.values()))
                ids[place] = found

    def _by_body(
        self, number: int, sections: Sequence[Section], before: Mapping[str, _Known], ids: dict[int, str], *,
        ask: bool = True,
    ) -> None:  # fmt: skip
        """By likeness of the bodies, the likest pairs first; what nobody can tell is asked."""
        used = set(ids.values())
        open_places = [place for place in range(len(sections)) if place not in ids]
        pairs = [
            (likeness(before[name].section, sections[place]), place, name)
            for place in open_places
            for name in before
            if name not in used and name != PREAMBLE
        ]
        asked: set[str | int] = set()
        for like, place, name in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
            if place in ids or name in ids.values() or like < DOUBTFUL:
                continue
            section, former = sections[place], before[name].section
            offered = (name, self._new(section, place, ids))
            if offered in self._answers.apart:
                continue
            if (
                like >= SURE
                or offered in self._answers.same
                or max(held(section, former), held(former, section)) >= SURE
            ):
                ids[place] = name
            elif ask and not asked & {place, name} and not _stood_elsewhere(section, ids, before):
                asked |= {place, name}
                self.doubts.append(
                    Doubt(*offered, round(like, 2), number, plain(former.heading), plain(section.heading))
                )


def _keys(sections: Sequence[Section]) -> list[tuple[str, int]]:
    """Each heading without its number, folded, and how many with the same stand before it."""
    seen: Counter[str] = Counter()
    found = []
    for section in sections:
        key = " ".join(naming.without_number(plain(section.heading)).casefold().split())
        found.append((key, seen[key]))
        seen[key] += 1
    return found


def _by_heading(
    keys: Sequence[tuple[str, int]], sections: Sequence[Section], before: Mapping[str, _Known], ids: dict[int, str]
) -> None:
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
            if len(names) != len(places):
                _likest(places, names, sections, before, ids)
                continue
        ids.update(zip(places, names, strict=False))


def _likest(
    places: list[int], names: list[str], sections: Sequence[Section], before: Mapping[str, _Known], ids: dict[int, str]
) -> None:
    """Pair repeated headings of which one came or went: by body, then in order."""
    pairs = [(likeness(before[name].section, sections[place]), place, name) for place in places for name in names]
    for _, place, name in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
        if place not in ids and name not in ids.values():
            ids[place] = name


def likeness(one: Section, other: Section) -> float:
    """Multiset word Dice of the bodies, 0 to 1; texts too short to tell are like only where they are equal."""
    left, right = _words(one), _words(other)
    if min(len(left), len(right)) < _TELLING:
        return float(bool(left) and left == right)
    common = sum((Counter(left) & Counter(right)).values())
    return 2 * common / (len(left) + len(right))


def _words(section: Section) -> list[str]:
    return [word.casefold() for word in section.words[1] if word[0].isalnum()]


def _runs(section: Section) -> Counter[tuple[str, ...]]:
    """The runs of words of a section, its heading's among them: a sub-heading can become one."""
    words = [word.casefold() for part in section.words for word in part if word[0].isalnum()]
    return Counter(tuple(words[place : place + _RUN]) for place in range(len(words) - _RUN + 1))


def held(section: Section, other: Section) -> float:
    """The share of a section's runs of words that stand in another one, too; 0 for what is too short to tell."""
    runs = _runs(section)
    total = sum(runs.values())
    return sum((runs & _runs(other)).values()) / total if total >= _TELLING else 0.0


def _stood_elsewhere(section: Section, ids: Mapping[int, str], before: Mapping[str, _Known]) -> bool:
    """Whether most of a section stood in an old clause that goes on: it was split off, and there is no doubt."""
    going_on = set(ids.values())
    return any(held(section, known.section) >= SURE for name, known in before.items() if name in going_on)


def _lineage(
    sections: Sequence[Section], ids: Mapping[int, str], before: Mapping[str, _Known]
) -> dict[str, tuple[str, ...]]:
    """For each clause the others that its text comes from: what was split off, and what was merged into it."""
    now = {ids[place]: section for place, section in enumerate(sections)}
    found: dict[str, list[str]] = {}
    for name, source in _splits(now, before):
        found.setdefault(name, []).append(source)
    for name, source in _merges(now, before):
        if source not in found.get(name, []):
            found.setdefault(name, []).append(source)
    return {name: tuple(sources) for name, sources in found.items()}


def _splits(now: Mapping[str, Section], before: Mapping[str, _Known]) -> Iterator[tuple[str, str]]:
    """(New clause, the old one that most of it stood in, beside what the old one kept)."""
    for name, section in now.items():
        if name in before:
            continue
        best = _source(section, {old: _without(known.section, now.get(old)) for old, known in before.items()})
        if best:
            yield name, best


def _merges(now: Mapping[str, Section], before: Mapping[str, _Known]) -> Iterator[tuple[str, str]]:
    """(Clause, an old one that is gone and most of which stands in it now, beside what it had)."""
    for name, known in before.items():
        if name in now:
            continue
        grown = {new: _without(section, before[new].section if new in before else None) for new, section in now.items()}
        best = _source(known.section, grown)
        if best:
            yield best, name


def _without(section: Section, other: Section | None) -> Counter[tuple[str, ...]]:
    return _runs(section) - (_runs(other) if other else Counter())


def _source(section: Section, pools: Mapping[str, Counter[tuple[str, ...]]]) -> str:
    """The pool that holds most of the section's runs, where it holds enough of them; empty where none does."""
    runs = _runs(section)
    total = sum(runs.values())
    if total < _TELLING:
        return ""
    shares = {name: sum((runs & pool).values()) / total for name, pool in pools.items()}
    best = max(shares, key=lambda name: shares[name], default="")
    return best if best and shares[best] >= SURE else ""
