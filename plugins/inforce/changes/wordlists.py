"""Words that weigh in a legal text, by language, and where its sentences end: what ``changes.editorial`` and
``release.notice`` read a text by.

A language is one value of ``Words``. To add one, write it below and name it in ``_KNOWN``.

The English modal verbs and the words that begin an enumeration are those on which contracts and policies turn: who may,
must, shall, will or can do what, and whom or what a list includes. Chosen by reading the revisions of real policies.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from inforce.redline.sentences import STOPS, abbreviates
from inforce.redline.words import typographic


@dataclass(frozen=True, eq=False)
class Words:
    """One language's words, in lower case; one with a capital is looked up as it is written, and first.

    ``numbers``, ``dates``, ``modals``, ``negations`` and ``scopes`` (how much or how often a thing holds) map a word
    to what it stands for, so that two spellings of one thing are no change (``thirty`` and ``30``, ``days`` and
    ``day``). ``contractions`` maps a word, or an ending that begins with an apostrophe or ``n't``, to the words it is
    short for. ``markers`` are the words, as they follow each other, that begin an enumeration; ``little`` are words
    that name nothing in one; ``abbreviations`` end with a full stop that ends no sentence (the stop left out), besides
    those that a redline knows in any language.

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
    ahead: tuple[tuple[str, ...], ...] = ()
    leads: tuple[tuple[str, ...], ...] = ()
    links: frozenset[str] = frozenset()
    since: frozenset[str] = frozenset()
    dated: tuple[tuple[str, ...], ...] = ()


_CLOSERS = frozenset("\"'”’)]»」")


def sentences(tokens: Sequence[str], words: Words) -> Iterator[tuple[int, int]]:
    """Yield where each sentence begins and ends among ``tokens``, which go in order without their blanks.

    One ends where a mark follows no abbreviation, and no small letter follows it.
    """
    ends, following = [len(tokens)], ""
    for place in reversed(range(len(tokens))):
        before = tokens[place - 1].casefold() if place else ""
        short = before in words.abbreviations or (tokens[place] == "." and following and abbreviates(tokens, place + 1))
        if tokens[place] in STOPS and not short and not following[:1].islower():
            ends.append(place + 1)
        following = following if tokens[place] in _CLOSERS else tokens[place]
    return ((start, end) for start, end in pairwise((0, *reversed(ends))) if start < end)


def expanded(word: str, words: Words) -> Iterator[str]:
    """Yield a word in lower case, and what it is short for."""
    plain = typographic(word)
    folded = plain.casefold()
    if folded in words.contractions:
        yield from words.contractions[folded]
        return
    for ending, meant in words.contractions.items():
        if folded.endswith(ending) and ending[0] in "'n" and "'" in ending:
            yield folded.removesuffix(ending)
            yield from meant
            return
    yield folded


def sounded(text: str) -> str:
    """Return a word as it sounds: hyphens, apostrophes and the two ways to write -ise are not heard."""
    return re.sub(r"['\-\u2010\u2011]", "", typographic(text).casefold()).replace("z", "s")


def is_respelled(one: str, other: str) -> bool:
    """Return whether one word is the other respelled: a letter more or less, or two exchanged, and not the first."""
    if one == other or one[0] != other[0]:
        return one == other
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) == 1:
        return any(long[:place] + long[place + 1 :] == short for place in range(1, len(long)))
    return sorted(one) == sorted(other)


def _each(written: str) -> dict[str, str]:
    """Words that stand for themselves."""
    return {word: word for word in written.split()}


def _phrases(written: str) -> tuple[tuple[str, ...], ...]:
    """Words as they follow each other, a comma between one phrase and the next."""
    return tuple(tuple(phrase.split()) for phrase in written.split(", "))


_UNITS = _each(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = _each("twenty thirty forty fifty sixty seventy eighty ninety")
_PERIODS = _each("minute hour day week fortnight month quarter year decade")
_OFTEN = {
    **{"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter"},
    **{"yearly": "year", "annual": "year", "annually": "year"},
}

_ENGLISH = Words(
    numbers={
        **{word: str(number) for number, word in enumerate(_UNITS)},
        **{word: str(number) for number, word in zip(range(20, 100, 10), _TENS, strict=True)},
        **{"hundred": "100", "thousand": "1000", "million": "1000000", "billion": "1000000000"},
        **{"percent": "%", "%": "%", "half": "half", "double": "double", "triple": "triple", "dozen": "12"},
        **{"once": "once", "twice": "twice"},
        **{"$": "$", "€": "€", "£": "£", "¥": "¥", "usd": "$", "eur": "€", "gbp": "£", "cny": "¥", "rmb": "¥"},
        **{"dollar": "$", "dollars": "$", "euro": "€", "euros": "€", "pound": "£", "pounds": "£", "yuan": "¥"},
        **{"cent": "cent", "cents": "cent"},
    },
    dates={
        **_each("january february march april june july august september october november december"),
        "May": "may",  # with its capital: the month, and no modal verb
        **_each("monday tuesday wednesday thursday friday saturday sunday weekend midnight noon"),
        **_PERIODS,
        **{f"{word}s": word for word in _PERIODS},
        **_OFTEN,
        **_each("immediately promptly forthwith indefinitely permanently"),
        **{"immediate": "immediately", "indefinite": "indefinitely"},
    },
    modals=_each("may must shall will can might could should would ought"),
    negations={
        **_each("no not never none nor neither nobody nothing nowhere without unless except"),
        **{"excluding": "except", "excepting": "except"},
    },
    scopes={
        **dict.fromkeys(("all", "every", "each", "entire", "whole", "everyone", "everybody", "everything"), "all"),
        **dict.fromkeys(("some", "certain", "several", "selected"), "some"),
        **dict.fromkeys(("only", "solely", "exclusively", "exclusive", "merely"), "only"),
        **dict.fromkeys(("always", "invariably"), "always"),
        **dict.fromkeys(("usually", "generally", "normally", "typically", "mostly", "mainly", "primarily"), "mostly"),
        **dict.fromkeys(("sometimes", "occasionally", "rarely", "seldom"), "sometimes"),
        **dict.fromkeys(("often", "frequently", "regularly"), "often"),
        **dict.fromkeys(("approximately", "roughly"), "about"),
        **_each("any most many few both half fully partly partially completely entirely least maximum minimum"),
    },
    contractions={
        **{"cannot": ("can", "not"), "won't": ("will", "not"), "can't": ("can", "not"), "shan't": ("shall", "not")},
        **{"n't": ("not",), "'ll": ("will",)},
    },
    markers=_phrases(
        "include, includes, included, including, namely, e.g, i.e, eg, ie, such as, for example, for instance, "
        "in particular, consists of, consist of, limited to, among them"
    ),
    little=frozenset(
        _each(
            "a an the this that these those and or but nor as at by for from in into of on onto per to up upon via "
            "with within is are was were be been being am do does did has have had i we you they he she it us our ours "
            "your yours their theirs them his her hers its which who whom whose what when where how if so than then "
            "there here any all each every both some other others another such same also too just only even like about "
            "over etc example instance include includes including included e.g i.e eg ie namely not limited more"
        )
    ),
    abbreviations=frozenset(_each("e.g i.e eg ie etc llc nos u.s u.k vs cf")),
    policies=("policy", "policies", "terms", "agreement", "statement", "privacy"),
    amends=("chang", "amend", "updat", "modif", "revis", "alter"),
    tells=("notif", "inform", "tell", "announc", "publish", "post", "email", "e-mail", "show", "notice", "alert"),
    weighs=("material", "significant", "substantial", "important", "major"),
    ahead=_phrases("notice, before, ahead, beforehand, prior, prior to, in advance, advance notice"),
    applies=("effect", "force", "appl", "bind", "they", "it", "them", "this", "that", "these", "so", "publi", "post"),
    others=(
        *("cancel", "terminat", "delet", "eras", "object", "renew", "expir", "subscri", "refund", "return", "withdraw"),
        *("ends", "ended", "closing", "answer", "reply", "repli", "respond", "response", "deliver"),
    ),
    leads=_phrases("before, ahead, prior to"),
    links=frozenset(_each("of for")),
    since=frozenset(_each("the this that such our your its their after from since following upon receiving")),
    dated=_phrases(
        "last updated, last revised, last modified, last changed, last amended, effective date, effective as, "
        "effective from, effective since, effective on, updated on, revised on, date of, in effect, version date"
    ),
)

_KNOWN: Mapping[str, Words] = {"en": _ENGLISH}
_NONE = Words()


def of(language: str) -> Words:
    """Return the lists for a BCP 47 tag, by its first part; empty ones where nobody has written any."""
    return _KNOWN.get(language.lower().partition("-")[0], _NONE)
