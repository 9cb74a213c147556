"""What a clause's change touches that an editorial one does not: the words on which its meaning turns.

A correction of spelling or style leaves alone who may or must do what, how much, how often and how long, what is
excluded, whom or what a list includes, where a link leads, and how many sentences there are. What is compared is what
readers see: the marks of the redline. A word that is taken out and put back in one place counts for nothing, nor do two
spellings of one number. Which words weigh is data (``wordlists``); in a language without lists only figures, links and
sentences are looked at. It finds what can be found by words alone, and cannot tell that a change which touches none of
them is harmless.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import groupby, zip_longest
from typing import NamedTuple

from inforce.changes import lineage, wordlists
from inforce.changes.wordlists import Words
from inforce.draft.guesses import number_before
from inforce.model import Change, Clause, Severity
from inforce.redline import redline
from inforce.redline.blocks import Block, Container, Leaf, Run, leaves
from inforce.redline.parsing import Reader
from inforce.redline.words import is_word, tokenised, typographic
from inforce.text.html import links_in, marked, together


class Kind(StrEnum):
    """What a change can touch, in the order in which it is told."""

    NUMBER = "a number or an amount"
    DATE = "a date or a period"
    NEGATION = "a negation"
    MODAL = "a modal verb"
    SCOPE = "how much or how often it holds"
    CATEGORY = "what a list includes"
    LINK = "where a link leads"
    SENTENCE = "a sentence"


@dataclass(frozen=True)
class Sign:
    """One thing that a change touches: the words that went and those that came, either possibly empty."""

    kind: Kind
    removed: str
    added: str

    def __str__(self) -> str:
        if self.removed and self.added:
            return f"{self.kind} (“{self.removed}” becomes “{self.added}”)"
        return f"{self.kind} (“{self.added}” is new)" if self.added else f"{self.kind} (“{self.removed}” is gone)"


class _Word(NamedTuple):
    """A token of a redline: ``mark`` is ``ins``, ``del``, or empty for what stays."""

    text: str
    mark: str


@dataclass(frozen=True)
class _Passage:
    """One leaf of a redline in which something changed, its headings' numbers left out.

    ``sentences`` are places of words, as either side reads; ``enumerates``: an item of a list of what is included.
    """

    words: tuple[_Word, ...]
    heading: bool
    enumerates: bool
    sentences: Mapping[str, Sequence[tuple[int, ...]]]

    @cached_property
    def whole(self) -> Mapping[str, Sequence[tuple[int, ...]]]:
        """The places of the sentences that are gone, and of those that are new; a heading is none."""
        return {
            side: [each for each in sentences if not self.heading and _is_marked(self.words, each)]
            for side, sentences in self.sentences.items()
        }


_Meant = tuple[str, str]
"""What a word stands for, and how it is written."""

_OPENERS = frozenset("([“‘«「")
_MOST = 0.8
"""A sentence is new or gone where so many of its words are: the few that stay are chance."""
_SHOWN = 60
"""Characters of a sentence by which it is found."""
_NUMBER = re.compile(r"\d[\d.,-]*[^\W\d_]{0,2}")  # 30, 1,000.00, 24h, 29th; not a name that holds a figure
_SIDES = ("del", "ins")


def signs(
    old: Sequence[Clause], new: Sequence[Clause], language: str, renamed: Mapping[str, str] | None = None
) -> tuple[Sign, ...]:
    """What the change from ``old`` to ``new`` touches, each sign once, by kind; nothing where it may be editorial.

    Both are the clauses of one lineage (one clause on each side, most often); either may be empty. ``language`` is a
    BCP 47 tag; ``renamed`` maps former ids of clauses to those of today: a link that follows one leads where it led.
    """
    before, after = (together(side) for side in (old, new))
    if renamed:
        todays = {f"#{former}": f"#{name}" for former, name in renamed.items()}
        before = marked(before, lambda _, name, value: todays.get(value, value) if name == "href" else value)
    return between(before, after, wordlists.of(language))


def doubtful(
    old: Sequence[Clause], new: Sequence[Clause], changes: Sequence[Change], language: str
) -> dict[str, tuple[Sign, ...]]:
    """For each of ``changes`` that is called editorial without a reason, the signs that it is not, where there are any.

    A clause that was split or merged is compared with all that come from the same clauses, so that text which only went
    to another clause counts as neither gone nor new.
    """
    before, after = {clause.id: clause for clause in old}, {clause.id: clause for clause in new}
    was = {change.clause: change.was for change in changes}
    sources = lineage.origins(new, before, was)
    heirs_of = lineage.heirs(lineage.Lineage(name, ids) for name, ids in sources.items())
    renamed = {former: name for former, name in heirs_of.items() if former != name}
    found = {}
    for change in changes:
        if change.severity is not Severity.EDITORIAL or change.because:
            continue
        origins = {*sources.get(change.clause, (change.clause,))}
        heirs = {name for name in after if name == change.clause or origins.intersection(sources[name])}
        origins = origins.union(*(sources[name] for name in heirs))
        sides = [before[name] for name in before if name in origins], [after[name] for name in after if name in heirs]
        if seen := signs(*sides, language, renamed):
            found[change.clause] = seen
    return found


@lru_cache(maxsize=256)
def between(old_html: str, new_html: str, words: Words) -> tuple[Sign, ...]:
    """The same for two sanitised HTML fragments."""
    marked = Reader(marks=True).read(redline(old_html, new_html).html)
    passages = list(_passages(marked, words))
    told = (sign for passage in passages for sign in _word_signs(passage, words))
    found = dict.fromkeys((*_sentence_signs(passages), *told, *_link_signs(old_html, new_html, marked)))
    order = list(Kind)
    return tuple(sorted(found, key=lambda sign: order.index(sign.kind)))


def _passages(root: Container, known: Words) -> Iterator[_Passage]:
    """The leaves of a redline in which something changed; what moved stands where it is now."""
    enumerates = False
    pending: list[tuple[Block, bool]] = [(root, False)]
    while pending:
        block, listed = pending.pop()
        if "redline-left" in dict(block.attributes).get("class", ""):
            continue
        if isinstance(block, Container):
            listed = listed or block.tag == "li"
            pending.extend((child, listed) for child in reversed(block.children))
            continue
        words, heading = tuple(_words(block)), block.tag[:1] == "h"
        if not listed:
            enumerates = bool(words) and words[-1].text == ":" and _after_marker(words, known) is not None
        if heading:
            words = _unnumbered(block, words)
        if any(word.mark for word in words):
            sentences = {side: tuple(_sentences(words, side, known)) for side in _SIDES}
            yield _Passage(words, heading, listed and enumerates, sentences)


def _words(leaf: Leaf) -> Iterator[_Word]:
    for mark, runs in groupby(leaf.runs, key=_mark):
        yield from (_Word(each, mark) for each in tokenised("".join(run.text for run in runs), {}).texts)


def _mark(run: Run) -> str:
    return next((tag for tag, _ in run.formats if tag in _SIDES), "")


def _unnumbered(leaf: Leaf, words: Sequence[_Word]) -> tuple[_Word, ...]:
    """A heading's words without what numbers it, as either side reads."""
    numbering: set[int] = set()
    for side in _SIDES:
        text = "".join(run.text for run in leaf.runs if _mark(run) in ("", side))
        places = [place for place, word in enumerate(words) if word.mark in ("", side)]
        numbering.update(places[: len(tokenised(number_before(text.strip()), {}).texts)])
    return tuple(word for place, word in enumerate(words) if place not in numbering)


def _sentence_signs(passages: Sequence[_Passage]) -> Iterator[Sign]:
    """Sentences that are new or gone. One that stands in another paragraph of the clause now is neither."""
    every = [word for passage in passages for word in passage.words]
    said = {side: _spoken(word for word in every if word.mark == side) for side in _SIDES}
    for passage in passages:
        kind = Kind.CATEGORY if passage.enumerates else Kind.SENTENCE
        gone, come = (
            [each for each in passage.whole[side] if _spoken(passage.words[place] for place in each) not in said[other]]
            for side, other in (_SIDES, _SIDES[::-1])
        )
        for one, other in zip_longest(gone, come, fillvalue=()):
            yield Sign(kind, _quoted(passage.words, one), _quoted(passage.words, other))


def _spoken(words: Iterable[_Word]) -> str:
    return "".join(f" {typographic(word.text)} " for word in words if is_word(word.text))


def _word_signs(passage: _Passage, words: Words) -> Iterator[Sign]:
    """What single words say, outside of sentences that are new or gone as a whole."""
    whole = (sentence for side in _SIDES for sentence in passage.whole[side])
    told = {place for sentence in whole for place in sentence if passage.words[place].mark}
    yield from _hunk_signs([word for place, word in enumerate(passage.words) if place not in told], words)
    yield from _category_signs(passage, told, words)


def _sentences(found: Sequence[_Word], side: str, words: Words) -> Iterator[tuple[int, ...]]:
    """The places of each sentence's words, as one side of the redline reads."""
    places = [place for place, word in enumerate(found) if word.mark in ("", side)]
    ends = wordlists.sentences([found[place].text for place in places], words)
    return (tuple(places[start:end]) for start, end in ends)


def _is_marked(found: Sequence[_Word], sentence: Iterable[int]) -> bool:
    real = [found[place] for place in sentence if is_word(found[place].text)]
    said = any(not word.text.isdigit() for word in real)
    return said and sum(bool(word.mark) for word in real) >= _MOST * len(real)


def _quoted(found: Sequence[_Word], sentence: Iterable[int]) -> str:
    """The beginning of a sentence, as far as one needs to find it."""
    text = ""
    for place in sentence:
        word = found[place].text
        apart = text and text[-1] not in _OPENERS and (is_word(word) or word in _OPENERS)
        text += f" {word}" if apart else word
        if len(text) > _SHOWN:
            return f"{text} …"
    return text


def _hunk_signs(found: Iterable[_Word], words: Words) -> Iterator[Sign]:
    """What the words weigh that were exchanged for each other, between two words that stay."""
    hunk: list[_Word] = []
    for word in (*found, _Word("end", "")):
        if word.mark:
            hunk.append(word)
        elif hunk and is_word(word.text):
            old, new = (_weighty([each.text for each in hunk if each.mark == side], words) for side in _SIDES)
            for kind in old.keys() | new.keys():
                gone, come = old.get(kind, []), new.get(kind, [])
                if [meaning for meaning, _ in gone] != [meaning for meaning, _ in come]:
                    yield Sign(kind, *_shown(gone, come))
            hunk = []


def _shown(gone: list[_Meant], come: list[_Meant]) -> tuple[str, str]:
    """The words that are on one side only; all of them, where nothing but their order differs."""
    sides = (gone, come), (come, gone)
    only = [[word for meaning, word in one if meaning not in dict(other)] for one, other in sides]
    if not any(only):
        only = [[word for _, word in side] for side in (gone, come)]
    return " ".join(only[0]), " ".join(only[1])


def _weighty(said: Iterable[str], words: Words) -> dict[Kind, list[_Meant]]:
    """What words mean, kind by kind, in their order; what is said twice in a row counts once."""
    tables = {
        Kind.NUMBER: words.numbers,
        Kind.DATE: words.dates,
        Kind.NEGATION: words.negations,
        Kind.MODAL: words.modals,
        Kind.SCOPE: words.scopes,
    }
    found: dict[Kind, list[_Meant]] = {}

    def add(kind: Kind, meaning: str, word: str) -> None:
        told = found.setdefault(kind, [])
        if not told or told[-1][0] != meaning:
            told.append((meaning, word))

    for word in said:
        for part in wordlists.expanded(word, words):
            if place := next(((kind, as_) for as_ in (word, part) for kind in tables if as_ in tables[kind]), None):
                add(place[0], tables[place[0]][place[1]], word)
            elif "://" in part:
                add(Kind.LINK, _target(part), word)
            elif _NUMBER.fullmatch(part):
                add(Kind.NUMBER, part.replace(",", ""), word)
    return found


def _category_signs(passage: _Passage, told: set[int], words: Words) -> Iterator[Sign]:
    """What was put into an enumeration, or taken out of it, by what it names."""
    named: dict[str, set[str]] = {side: set() for side in _SIDES}
    marked: dict[str, dict[str, str]] = {side: {} for side in _SIDES}
    for side in _SIDES:
        for place in (place for each in passage.sentences[side] for place in _enumerated(passage, each, words)):
            word = passage.words[place]
            name = wordlists.sounded(word.text)
            named[side].add(name)
            if word.mark and place not in told:
                marked[side][name] = word.text
    removed, added = (
        [text for name, text in marked[side].items() if not any(wordlists.is_respelled(name, n) for n in named[other])]
        for side, other in (_SIDES, _SIDES[::-1])
    )
    if removed or added:
        yield Sign(Kind.CATEGORY, " ".join(removed), " ".join(added))


def _enumerated(passage: _Passage, sentence: Sequence[int], words: Words) -> Iterator[int]:
    """The places of a sentence's words that name something, behind the word that begins an enumeration."""
    start = 0 if passage.enumerates else _after_marker([passage.words[place] for place in sentence], words)
    inside = 0  # an enumeration in brackets ends with them
    for place in sentence[start:] if start is not None else ():
        inside += (passage.words[place].text == "(") - (passage.words[place].text == ")")
        if inside < 0:
            return
        text = typographic(passage.words[place].text).casefold()
        if is_word(text) and text not in words.little and not _weighty([text], words):
            yield place


def _after_marker(found: Sequence[_Word], words: Words) -> int | None:
    """Where the words behind the first marker of an enumeration begin; None where there is none."""
    texts = [word.text.casefold() for word in found]
    for place, text in enumerate(texts):
        for marker in words.markers:
            if text == marker[0] and tuple(texts[place : place + len(marker)]) == marker:
                return place + len(marker)
    return None


def _link_signs(old_html: str, new_html: str, marked: Container) -> Iterator[Sign]:
    """Links that lead elsewhere or are gone, and new ones on new words. One put on words that stay says nothing new."""
    old, new = (Counter(map(_target, links_in(html))) for html in (old_html, new_html))
    formats = (dict(run.formats) for leaf in leaves(marked) for run in leaf.runs)
    said = {_target(dict(each["a"]).get("href", "")) for each in formats if "ins" in each and "a" in each}
    for one, other in zip_longest((old - new).elements(), (new - old).elements(), fillvalue=""):
        if one or other in said:
            yield Sign(Kind.LINK, one, other)


def _target(written: str) -> str:
    """Where a link leads, so that two ways to write the same place are one."""
    target = re.sub(r"^https?://(www\.)?", "", written)
    if target == written:
        target = re.sub(r"^#.*--", "#", re.sub(r"^(\.{0,2}/)+|(/?index)?\.(md|html?)\Z", "", target))
    return target.rstrip("/")
