"""A text -> the dates written in it, in whatever language and order, each with the days that it may mean.

Names of months and weekdays are CLDR's, by way of Babel; a text's own language is asked first. In CLDR no language
writes the month first between full stops, and none the day first behind the year: those have one meaning. Numbers
between slashes or hyphens have one where only one of them can be a month. A legal record never guesses: where two days
are possible both are told, and where none is (``May 2018``, ``31 February 2020``), none.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache

from babel import Locale

LANGUAGES = """
    en de fr es it pt nl ru ja zh ko ar pl da sv nb fi is cs sk sl hr sr uk bg ro hu el tr et lv lt ca gl he fa hi bn th
    vi id ms en_GB de_AT ar_DZ ar_MA ar_SY
"""
"""The locales whose names are known."""
_BUDDHIST = 543
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
_SHORT = {"sept": 9}
"""What people write for a month, and CLDR does not."""


@dataclass(frozen=True)
class Written:
    """A date at ``start`` to ``end`` of a text, and the ``days`` that it may mean: none where it names no day."""

    start: int
    end: int
    text: str
    days: tuple[date, ...]


@cache
def _months(language: str) -> Mapping[str, frozenset[int]]:
    """The names of months in a language, or in all of them (empty): more than one month where they disagree."""
    found: dict[str, set[int]] = {}
    for tag in LANGUAGES.split():
        if tag.partition("_")[0] == language or not language:
            for names in Locale.parse(tag).months["format"].values():
                for month, name in names.items():
                    found.setdefault(_folded(name), set()).add(month)
    found |= {name: {month} for name, month in _SHORT.items() if name not in found}
    named = (name for name in found if sum(map(str.isalpha, name)) > 1 and not name[0].isdecimal())
    return {name: frozenset(found[name]) for name in named}


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).lower().replace(".", " ").split())


def _either(names: Iterator[str]) -> str:
    """A pattern of names, the longest first; a full stop may stand behind each part of one."""
    written = (r"\.?\s?".join(map(re.escape, name.split())) for name in sorted(names, key=lambda name: -len(name)))
    return "|".join(written)


_DAY = r"(?<!\d)(?P<{0}>[0-3]?\d)(?!\d)(?:\s?(?:st|nd|rd|th|er|re|ère|º|ª|°|-?[ео]?[ег]о?|일|日)(?![^\W\d_]))?"
_YEAR = r"(?<!\d)(?P<{0}>(?:19|20|25)\d\d)(?!\d)(?:\s?(?:года?|год|року|г|р)(?![^\W\d_])\.?)?"
_GLUE = r"(?:[\s.,،/-]|\b(?:del?|of|di|den|dello|gada|m|d|the|day)\b|d['’]|ที่|ב|ค\.ศ\.|พ\.ศ\.){{0,{0}}}?"
_TIME = r"(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)?)?"


@cache
def _pattern() -> re.Pattern[str]:
    """Every way to write a date; a group's last letter tells the ways apart."""
    month = rf"(?<![^\W\d_])(?P<{{0}}>{_either(iter(_months('')))})(?![^\W\d_])\.?"
    # A Hebrew month stands behind its preposition without a space.
    month = month.replace(r"(?<![^\W\d_])", r"(?:(?<![^\W\d_])|(?<=\bב))", 1)
    glue, far = _GLUE.format(4), _GLUE.format(7)
    day, year = _DAY.format, _YEAR.format
    number = r"(?<!\d)(?P<{0}>\d\d?)(?!\d)"
    ways = (
        rf"{day('da')}{far}{month.format('ma')}{far}{year('ya')}",
        rf"{month.format('mb')}{glue}{day('db')}{far}{year('yb')}",
        rf"{year('yc')}{far}{month.format('mc')}{glue}{day('dc')}\.?",
        rf"{year('yk')}{far}{day('dk')}{glue}{month.format('mk')}",
        rf"(?<![\d.])(?P<yd>(?:19|20)\d\d)(?:\s?(?P<s>[-/.])\s?)(?P<md>\d\d?)\s?(?P=s)\s?(?P<dd>\d\d?)(?!\d){_TIME}",
        r"(?<!\d)(?P<ye>(?:19|20)\d\d)\s*[年년]\s*(?P<me>\d\d?)\s*[月월]\s*(?P<de>\d\d?)\s*[日일号號]?",
        rf"(?P<era>{'|'.join(_ERAS)})\s*(?P<yf>\d\d?|元)\s*年\s*(?P<mf>\d\d?)\s*月\s*(?P<df>\d\d?)\s*日",
        rf"(?<![\d.]){number.format('dg')}\.\s?(?P<mg>\d\d?)\.\s?(?P<yg>(?:19|20)\d\d)(?!\d)(?:\s?г\.)?",
        r"(?<![\d.])(?P<dh>\d\d)\.(?P<mh>\d\d)\.(?P<yh>\d\d)(?![\d.])",
        rf"(?<![\d./-]){number.format('one')}\s?(?P<t>[-/])(?P<two>\d\d?)\s?(?P=t)(?P<three>(?:19|20)?\d\d)(?![\d/-])",
        rf"{month.format('mi')}{glue}{year('yi')}",
        r"(?<!\d)(?P<yj>(?:19|20)\d\d)\s*[年년]\s*(?P<mj>\d\d?)\s*[月월]",
    )
    return re.compile("|".join(ways), re.IGNORECASE)


@cache
def _weekdays() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A weekday before a date, and one behind it."""
    locales = [Locale.parse(tag) for tag in LANGUAGES.split()]
    names = {_folded(n) for each in locales for w in ("wide", "abbreviated") for n in each.days["format"][w].values()}
    either = _either(name for name in names if len(name) > 1)
    before = re.compile(rf"(?<![^\W\d_])(?:{either})(?:ที่)?\.?\s?[,،]?\s*(?:den\s+|the\s+|le\s+)?\Z", re.IGNORECASE)
    return before, re.compile(rf"[,،]?\s?\(?(?:{either})(?![^\W\d_\u3040-\u9fff])\)?", re.IGNORECASE)


_PLAIN = {ord(mark): " " for mark in "\u200e\u200f\u061c\u202f\u00a0\u2007\u2009"} | {ord("‐"): "-", ord("‑"): "-"}
_YEARS = re.compile(r"(?<!\d)\d{4}(?!\d)|\d\d?[./-]\d\d?[./-]\d\d(?!\d)|年")
_FAR = 48
"""Characters of either side of a year, in which its date stands: all else need not be looked at."""


def find(text: str, language: str = "") -> Iterator[Written]:
    """Yield the dates in a text; ``language`` (BCP 47) is asked first what a month's name means."""
    if not _YEARS.search(text):
        return
    plain = re.sub(r"\d", lambda digit: str(int(digit[0])), text.translate(_PLAIN))  # one digit of any script stays one
    before, behind = _weekdays()
    at = 0
    for year in _YEARS.finditer(plain):
        found = _pattern().search(plain, max(at, year.start() - _FAR), year.end() + _FAR)
        if not found or not found.start() <= year.start() < found.end():
            continue
        start, at = found.span()
        if named := before.search(plain, max(0, start - _FAR), start):
            start = named.start()
        if named := behind.match(plain, at):
            at = named.end()
        yield Written(start, at, " ".join(text[start:at].split()), _days(found, language))


def _days(found: re.Match[str], language: str) -> tuple[date, ...]:
    parts = {name: value for name, value in found.groupdict().items() if value and name not in "st"}
    if "one" in parts:
        return _readings(parts["one"], parts["two"], parts["three"])
    told = {name[0]: value for name, value in parts.items() if name != "era"}
    if "d" not in told:
        return ()
    year = 1 if told["y"] == "元" else int(told["y"])
    year += _ERAS[parts["era"]] if "era" in parts else -_BUDDHIST if year >= 2500 else 2000 if year < 100 else 0
    months = (int(told["m"]),) if told["m"].isdecimal() else _meant(told["m"], language)
    return tuple(_existing((year, month, int(told["d"])) for month in months))


def _meant(name: str, language: str) -> tuple[int, ...]:
    known = _months(language.partition("-")[0].lower()) if language else {}
    return tuple(sorted(known.get(_folded(name)) or _months("")[_folded(name)]))


def _readings(one: str, two: str, three: str) -> tuple[date, ...]:
    """The days that three numbers may mean: month first, day first, and with a short year the year first."""
    year = int(three) + (2000 if len(three) == 2 else 0)
    rows = [(year, int(one), int(two)), (year, int(two), int(one))]
    if len(three) == 2:
        rows.append((2000 + int(one), int(two), int(three)))
    return tuple(dict.fromkeys(_existing(iter(rows))))


def _existing(rows: Iterator[tuple[int, int, int]]) -> Iterator[date]:
    for row in rows:
        with suppress(ValueError):
            yield date(*row)
