"""What a policy's own text says of its changes: how customers learn of them, and how many days ahead.

Read by words (``wordlists``), paragraph by paragraph, below the clause's heading. A text in a language without lists
says nothing here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from inforce.changes import wordlists
from inforce.changes.wordlists import Words
from inforce.model import Clause, Severity
from inforce.redline.blocks import leaves
from inforce.redline.parsing import Reader
from inforce.redline.words import is_word, tokenised, typographic
from inforce.text.html import render

_UNITS = {"day": 1, "week": 7, "month": 30}
"""Days in each unit; a month is counted short, since a stricter reading would be a guess."""


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


def is_read(language: str) -> bool:
    """Whether there are words by which a text in this language can be read here."""
    return bool(wordlists.of(language).tells)


def says_how_changes_are_told(clauses: Sequence[Clause], language: str) -> bool:
    """Whether some paragraph speaks of a change of the policy, and of telling somebody."""
    words = wordlists.of(language)
    return any(_begins(paragraph, words.tells) for clause in clauses for paragraph in _about_changes(clause, words))


def dates(clause: Clause, language: str) -> Iterator[str]:
    """The paragraphs of a clause that date the text, such as "Last updated: 8 April 2020"."""
    words = wordlists.of(language)
    for paragraph in _paragraphs(clause):
        opening = tuple(paragraph[:2])
        if opening in words.dated and any(word.isdigit() and len(word) == 4 for word in paragraph[:8]):
            yield " ".join(paragraph[:8])


@lru_cache(maxsize=4096)
def _notices(clause: Clause, language: str) -> tuple[tuple[int, bool], ...]:
    """(days, whether for material changes alone) of each promise in a clause."""
    words = wordlists.of(language)
    return tuple(
        (days, _begins(paragraph, words.weighs))
        for paragraph in _about_changes(clause, words)
        for days in _days(paragraph, words)
    )


def _days(paragraph: Sequence[str], words: Words) -> Iterator[int]:
    """Each number of days, weeks or months that is followed by a word that makes it a notice."""
    for place, word in enumerate(paragraph):
        unit = _UNITS.get(words.dates.get(word.removesuffix("'"), ""), 0)
        before = [each for each in paragraph[max(0, place - 3) : place] if _number(each, words.numbers)]
        behind = paragraph[place + 1 : place + 4]
        told = any(tuple(behind[i : i + len(each)]) == each for each in words.ahead for i in range(len(behind)))
        if unit and before and told:
            yield unit * _number(before[-1], words.numbers)


def _number(word: str, numbers: Mapping[str, str]) -> int:
    meant = numbers.get(word, word)
    return int(meant) if meant.isascii() and meant.isdigit() and len(meant) < 4 else 0


def _about_changes(clause: Clause, words: Words) -> Iterator[Sequence[str]]:
    """The paragraphs that, with their heading, speak of changing this policy."""
    heading = _spoken(render(clause).title)
    for paragraph in _paragraphs(clause):
        around = (*heading, *paragraph)
        if _begins(around, words.policies) and _begins(around, words.amends):
            yield paragraph


def _begins(spoken: Sequence[str], beginnings: tuple[str, ...]) -> bool:
    return bool(beginnings) and any(word.startswith(beginnings) for word in spoken)


@lru_cache(maxsize=4096)
def _paragraphs(clause: Clause) -> tuple[tuple[str, ...], ...]:
    return tuple(_spoken(leaf.text) for leaf in leaves(Reader().read(render(clause).body)))


def _spoken(text: str) -> tuple[str, ...]:
    return tuple(typographic(each).casefold() for each in tokenised(text, {}).texts if is_word(each))
