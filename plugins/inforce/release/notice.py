"""Notice of a change: how many days the settings and the policy's own text promise, are due, and are missing.

The text is read by words (``wordlists``), sentence by sentence, below the clause's heading. A text in a language
without lists promises nothing here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache

from inforce.changes import wordlists
from inforce.changes.wordlists import Words
from inforce.draft.settings import level
from inforce.errors import Level
from inforce.ledger import timeline
from inforce.model import Clause, Settings, Severity, Version
from inforce.redline.blocks import leaves
from inforce.redline.parsing import Reader
from inforce.redline.words import is_word, tokenised, typographic
from inforce.text.html import render

Missing = tuple[str, str]
"""What is wrong with the notice that a version gives, and the cure."""

_UNITS = {"day": 1, "week": 7, "month": 30}
"""Days in each unit; a month is counted short, since a stricter reading would be a guess."""


_NEAR, _FAR = 3, 8
"""In so many words behind a period stands what makes it a notice, and in so many more what it is a notice of."""


@dataclass(frozen=True)
class Promise:
    """So many days of notice, promised in a clause."""

    days: int
    clause: str


def of_notice(clauses: Sequence[Clause], language: str) -> dict[Severity, Promise]:
    """The longest notice that a text promises of a material change, and of one worth telling.

    A promise about material (significant, important …) changes holds for those alone; any other holds for both.
    """
    found: dict[Severity, Promise] = {}
    for clause in clauses:
        for days, weighty in _notices(clause, language):
            for severity in (Severity.MATERIAL,) if weighty else (Severity.MATERIAL, Severity.NOTICE):
                if severity not in found or found[severity].days < days:
                    found[severity] = Promise(days, clause.id)
    return found


def due(settings: Settings, amended: Version | None, severity: Severity) -> int:
    """The whole calendar days of notice that are due of a change; what nobody graded counts as material.

    The stricter of ``policy.yml`` and what the text that is amended promises, unless the policy turns that rule off.
    """
    severity = Severity.MATERIAL if severity is Severity.UNCLASSIFIED else severity
    days = settings.notice_days[severity]
    if amended is None or level(settings.checks, "promised-notice") is not Level.ERROR:
        return days
    promised = of_notice(amended.clauses, amended.language).get(severity)
    return max(days, promised.days) if promised else days


def missing(settings: Settings, amended: Version | None, version: Version, published: datetime) -> Missing | None:
    """What is wrong where fewer days lie between ``published`` and the day of effect than are due; None otherwise.

    The first version and imports need no notice; a waiver states its reason in the version. Days are whole calendar
    days in the policy's time zone. Where none are due, the day of publication may even be later than that of effect: a
    version for "today" that is published after midnight.
    """
    days = due(settings, amended, version.severity)
    if not days or version.amends is None or version.imported_from or version.notice_waived:
        return None
    article = "An" if version.severity[0] in "aeiou" else "A"
    return _short(f"{article} {version.severity} change", days, published, version.effective, settings.zone)


def missing_of_end(
    settings: Settings, amended: Version | None, effective: datetime, published: datetime
) -> Missing | None:
    """What is wrong where a policy ends sooner than a material change could take effect; None where it does not."""
    days = due(settings, amended, Severity.MATERIAL)
    return _short("The end of a policy", days, published, effective, settings.zone)


def earliest_end(settings: Settings, amended: Version | None, published: datetime) -> date:
    """The first day on which a policy can end with the notice that is due."""
    return timeline.earliest(published, due(settings, amended, Severity.MATERIAL), settings.zone)


def _short(what: str, days: int, published: datetime, effective: datetime, zone: tzinfo) -> Missing | None:
    given = timeline.notice_given(published, effective, zone)
    if given >= days:
        return None
    first = timeline.earliest(published, days, zone)
    told = f"{what} needs {days} days of notice and would get {max(given, 0)}"
    return told, f"Choose {first} or later, or give --waive-notice with a reason that customers will read"


def is_read(language: str) -> bool:
    """Whether there are words by which a text in this language can be read here."""
    return bool(wordlists.of(language).tells)


def says_how_changes_are_told(clauses: Sequence[Clause], language: str) -> bool:
    """Whether some paragraph speaks of a change of the policy, and of telling somebody."""
    words = wordlists.of(language)
    return any(
        _begins(_flat(paragraph), words.tells) for clause in clauses for paragraph in _about_changes(clause, words)
    )


def dates(clause: Clause, language: str) -> Iterator[str]:
    """The paragraphs of a clause that date the text, such as "Last updated: 8 April 2020"."""
    words = wordlists.of(language)
    for paragraph in map(_flat, _paragraphs(clause, words)):
        opening = tuple(paragraph[:2])
        if opening in words.dated and any(word.isdigit() and len(word) == 4 for word in paragraph[:8]):
            yield " ".join(paragraph[:8])


@lru_cache(maxsize=4096)
def _notices(clause: Clause, language: str) -> tuple[tuple[int, bool], ...]:
    """(days, whether for material changes alone) of each promise in a clause."""
    words = wordlists.of(language)
    return tuple(
        (days, _begins(_flat(paragraph), words.weighs))
        for paragraph in _about_changes(clause, words)
        for sentence in paragraph
        for days in _days(sentence, words)
    )


def _days(sentence: Sequence[str], words: Words) -> Iterator[int]:
    """Each number of days, weeks or months of a sentence that is the notice of a change."""
    if _begins(sentence, words.others) and not _begins(sentence, words.amends):
        return  # how long something is kept, or when a contract can be ended
    for place, word in enumerate(sentence):
        unit = _UNITS.get(words.dates.get(word.removesuffix("'"), ""), 0)
        before = [each for each in sentence[max(0, place - 3) : place] if _number(each, words.numbers)]
        if unit and before and _is_ahead(sentence[place + 1 :], words):
            yield unit * _number(before[-1], words.numbers)


def _is_ahead(behind: Sequence[str], words: Words) -> bool:
    """Whether what stands behind a period makes it one that lies ahead of a change.

    A period that runs from a notice does not, nor one that lies ahead of something else.
    """
    for start in range(min(len(behind), _NEAR)):
        if behind[start] in words.since:
            return False
        for phrase in sorted(words.ahead, key=len, reverse=True):
            if tuple(behind[start : start + len(phrase)]) == phrase:
                return _is_of_a_change(behind[start + len(phrase) :], phrase, words)
    return False


def _is_of_a_change(behind: Sequence[str], phrase: tuple[str, ...], words: Words) -> bool:
    """Whether what follows a word such as "notice" or "before" is a change of the policy, or nothing in particular."""
    while behind and any(behind[0] in each for each in words.ahead):
        phrase, behind = (behind[0],), behind[1:]
    what = behind[:_FAR]
    if not what or (phrase not in words.leads and what[0] not in words.links):
        return True
    return _begins(what, words.amends) or (_begins(what, words.applies) and not _begins(what, words.others))


def _number(word: str, numbers: Mapping[str, str]) -> int:
    meant = numbers.get(word, word)
    return int(meant) if meant.isascii() and meant.isdigit() and len(meant) < 4 else 0


def _about_changes(clause: Clause, words: Words) -> Iterator[Sequence[Sequence[str]]]:
    """The paragraphs, as sentences, that with their heading speak of changing this policy."""
    heading = _flat(_sentences(render(clause).title, words))
    for paragraph in _paragraphs(clause, words):
        around = (*heading, *_flat(paragraph))
        if _begins(around, words.policies) and _begins(around, words.amends):
            yield paragraph


def _begins(spoken: Sequence[str], beginnings: tuple[str, ...]) -> bool:
    return bool(beginnings) and any(word.startswith(beginnings) for word in spoken)


@lru_cache(maxsize=4096)
def _paragraphs(clause: Clause, words: Words) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """The words of a clause's text: paragraphs of sentences."""
    return tuple(_sentences(leaf.text, words) for leaf in leaves(Reader().read(render(clause).body)))


def _sentences(text: str, words: Words) -> tuple[tuple[str, ...], ...]:
    """The words of each sentence, in lower case."""
    tokens = tokenised(text, {}).texts
    found = (tokens[start:end] for start, end in wordlists.sentences(tokens, words))
    spoken = (tuple(typographic(token).casefold() for token in sentence if is_word(token)) for sentence in found)
    return tuple(filter(None, spoken))


def _flat(paragraph: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return tuple(word for sentence in paragraph for word in sentence)
