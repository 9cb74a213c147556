"""What a language's word lists are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Words:
    """One language's words, in lower case; one with a capital is looked up as it is written, and first.

    ``numbers``, ``dates``, ``modals``, ``negations`` and ``scopes`` (how much or how often a thing holds) map a word
    to what it stands for, so that two spellings of one thing are no change (``thirty`` and ``30``, ``days`` and
    ``day``). ``contractions`` maps a word, or an ending that begins with an apostrophe or ``n't``, to the words it is
    short for. ``markers`` are the words, as they follow each other, that begin an enumeration; ``little`` are words
    that name nothing in one; ``abbreviations`` end with a full stop that ends no sentence (the stop left out).

    The rest is for what a policy says of itself, as beginnings of words: ``policies`` is what it calls itself,
    ``amends`` that it changes, ``applies`` that a change takes effect, or words that stand for it, ``tells`` that
    somebody is told, ``weighs`` that a change matters; ``others`` that a period is of something else. ``ahead`` are the
    words, as they follow each other, that make a number of days a notice; those of them in ``leads``, and the words in
    ``links`` behind any, say of what. ``since`` are words between the two that make a period run from a notice.
    ``dated`` begin a line that dates the text.
    """

    numbers: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    modals: Mapping[str, str] = field(default_factory=dict)
    negations: Mapping[str, str] = field(default_factory=dict)
    scopes: Mapping[str, str] = field(default_factory=dict)
    contractions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    markers: tuple[tuple[str, ...], ...] = ()
    little: frozenset[str] = frozenset()
    abbreviations: frozenset[str] = frozenset()
    policies: tuple[str, ...] = ()
    amends: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    weighs: tuple[str, ...] = ()
    applies: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    ahead: frozenset[tuple[str, ...]] = frozenset()
    leads: frozenset[tuple[str, ...]] = frozenset()
    links: frozenset[str] = frozenset()
    since: frozenset[str] = frozenset()
    dated: frozenset[tuple[str, ...]] = frozenset()
