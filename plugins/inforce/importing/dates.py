"""A text -> the dates written in it, in whatever language and order, each with the days that it may mean.

Names of months and weekdays are CLDR's, by way of Babel; a text's own language is asked first. In CLDR no language
writes the month first between full stops, and none the day first behind the year: those have one meaning. Numbers
between slashes or hyphens have one where only one of them can be a month; of a year of two digits, the day may be it
as well, and the century is open from 70 on. A legal record never guesses: where two days are possible both are told,
and where none is (``May 2018``, ``31 February 2020``), none.
"""

import re
import unicodedata
from bisect import bisect_left
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
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_CENTURY_OPEN = 70
"""From this short year on, it may be of the last century or of this one."""
_NUMERALS = {**dict(zip("一二三四五六七八九", range(1, 10), strict=True)), **dict.fromkeys("〇零○", 0), "元": 1}
_SHORT = {"sept": 9}
"""What people write for a month, and CLDR does not."""


@dataclass(frozen=True)
class Written:
    """A date at ``start`` to ``end`` of a text, and the ``days`` that it may mean: none where it names no day."""

    start: int
    end: int
    text: str
    days: tuple[date, ...]

    @property
    def compact(self) -> bool:
        """Whether it is but eight digits: a date only where something says so."""
        return self.text.isdecimal()


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
    return " ".join(_lowered(unicodedata.normalize("NFC", name)).replace(".", " ").split())


def _lowered(text: str) -> str:
    """``text`` in small letters, as many as it has, those that capitals share made one; one digit of any script, too.

    A pattern that does not have to look at both cases of a thousand names is many times as fast.
    """
    small = text.lower()
    if len(small) != len(text):
        small = "".join(low if len(low := each.lower()) == 1 else each for each in text)
    return re.sub(r"\d", lambda digit: str(int(digit[0])), small.translate(_ONE_LETTER))


_ONE_LETTER = {ord("ı"): "i", ord("ς"): "σ"}


def _either(names: Iterator[str]) -> str:
    """A pattern of names, the longest first; a full stop may stand behind each part of one."""
    written = (r"\.?\s?".join(map(re.escape, name.split())) for name in sorted(names, key=lambda name: -len(name)))
    return "|".join(written)


_DAY = r"(?<!\d)(?P<{0}>[0-3]?\d)(?!\d)(?:\s?(?:st|nd|rd|th|er|re|ère|º|ª|°|-?[ео]?[ег]о?|일|日)(?![^\W\d_]))?"
_YEAR = r"(?<!\d)(?P<{0}>(?:19|20|25)\d\d)(?!\d)(?:\s?(?:года?|год|року|г|р)(?![^\W\d_])\.?)?"
_GLUE = r"(?:[\s.,،/-]|\b(?:del?|of|di|den|dello|gada|m|d|the|day|năm)\b|d['’]|ที่|ב|ค\.ศ\.|พ\.ศ\.){{0,{0}}}?"
_TIME = r"(?:[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:z|utc|gmt|[+-]\d\d:?\d\d)?)?"

_SHORT_ENDS = r"(?![\d:%]|[.,]\d|\W{1,3}\d{4}(?!\d))"
"""Behind two digits that are a year: no time, no part of a number, no whole year."""
_NUMERAL = r"(?:\d\d?|(?:[二三四五六七八九]?十|廿|卅)[一二三四五六七八九]?|[一二三四五六七八九])"
_CHINESE = (
    r"(?<![\d〇零○一二三四五六七八九十])(?P<y{0}>(?:19|20)\d\d|[一二][〇零○一二三四五六七八九]{{3}})"
    rf"\s*[年년]\s*(?P<m{{0}}>{_NUMERAL})\s*[月월]"
)


@cache
def _month() -> str:
    """Any month's name; a Hebrew one stands behind its preposition without a space."""
    return rf"(?:(?<![^\W\d_])|(?<=\bב))(?P<{{0}}>{_either(iter(_months('')))})(?![^\W\d_])\.?"


@cache
def _names() -> re.Pattern[str]:
    return re.compile(_month().format("name"))


@cache
def _with_names() -> re.Pattern[str]:
    """Every way to write a date, those with a month's name first; a group's last letter tells the ways apart."""
    month = _month()
    glue, far = _GLUE.format(4), _GLUE.format(7)
    day, year = _DAY.format, _YEAR.format
    ways = (
        rf"{day('da')}{far}{month.format('ma')}{far}{year('ya')}{_TIME}",
        rf"{month.format('mb')}{glue}{day('db')}{far}{year('yb')}{_TIME}",
        rf"{year('yc')}{far}{month.format('mc')}{glue}{day('dc')}\.?",
        rf"{year('yk')}{far}{day('dk')}{glue}{month.format('mk')}",
        rf"{day('dl')}[\s./-]{{1,2}}{month.format('ml')}[\s.,/-]{{0,2}}['’]?(?P<yl>\d\d){_SHORT_ENDS}",
        rf"{month.format('mm')}\s?{day('dm')}[\s.,/-]{{0,2}}['’](?P<ym>\d\d){_SHORT_ENDS}",
        _NUMBERS,
        rf"{month.format('mi')}{glue}{year('yi')}",
        _NO_DAY,
    )
    return re.compile("|".join(ways))


_FREE = r"(?<!\d)(?P<{0}>\d\d?)(?!\d)"
_NUMBERS = "|".join(
    (
        rf"(?<![\d.])(?P<yd>(?:19|20)\d\d)(?:\s?(?P<s>[-/.])\s?)(?P<md>\d\d?)\s?(?P=s)\s?(?P<dd>\d\d?)(?!\d){_TIME}",
        rf"{_CHINESE.format('e')}\s*(?P<de>{_NUMERAL})\s*[日일号號]?",
        rf"(?P<era>{'|'.join(_ERAS)})\s*(?P<yf>\d\d{{0,2}}|元|{_NUMERAL})\s*年"
        rf"\s*(?P<mf>{_NUMERAL})\s*月\s*(?P<df>{_NUMERAL})\s*日",
        rf"(?<![\d.]){_FREE.format('dg')}\.\s?(?P<mg>\d\d?)\.\s?(?P<yg>(?:19|20)\d\d)(?!\d)(?:\s?г\.)?",
        r"(?<![\d.])(?P<dh>\d\d)\.(?P<mh>\d\d)\.(?P<yh>\d\d)(?![\d.])",
        rf"(?<![\d./-]){_FREE.format('one')}\s?(?P<t>[-/])(?P<two>\d\d?)\s?(?P=t)(?P<three>(?:19|20)?\d\d)(?![\d/-])",
        r"(?<![\d.,/-])(?P<yn>(?:19|20)\d\d)(?P<mn>0[1-9]|1[0-2])(?P<dn>0[1-9]|[12]\d|3[01])(?![\d/-]|[.,]\d)",
    )
)
_NO_DAY = _CHINESE.format("j")
_OF_NUMBERS = re.compile(f"{_NUMBERS}|{_NO_DAY}")
"""The ways to write a date without a month's name."""


@cache
def _weekdays() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A weekday before a date, and one behind it."""
    locales = [Locale.parse(tag) for tag in LANGUAGES.split()]
    names = {_folded(n) for each in locales for w in ("wide", "abbreviated") for n in each.days["format"][w].values()}
    either = _either(name for name in names if len(name) > 1)
    before = re.compile(rf"(?<![^\W\d_])(?:{either})(?:ที่)?\.?\s?[,،]?\s*(?:den\s+|the\s+|le\s+)?\Z")
    return before, re.compile(rf"[,،]?\s?\(?(?:{either})(?![^\W\d_\u3040-\u9fff])\)?")


_OTHER_MONTHS = r"""
    محرم|صفر|ربيع\s(?:الأول|الآخر|الثاني)|جمادى\s(?:الأولى|الآخرة|الثانية)|رجب|شعبان|رمضان|شوال|ذ[ويا]\s?(?:القعدة|الحجة)
    |muharram|safar|rabi['’ʿ]?(?:\s\S+)?|jumada(?:\s\S+)?|rajab|sha['’ʿ]?ban|ramadh?an|shawwal|dhu[\s’'l-]{1,4}al?-?\S+
    |فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر|آبان|آذر|دی|بهمن|اسفند
"""
_OTHER_CALENDAR = re.compile(
    rf"(?<!\d)\d\d?(?:\s(?:{_OTHER_MONTHS})[\s,،]{{1,2}}1[2-5]\d\d(?!\d)(?:\s?(?:هـ|ه|ah\b|a\.h\.))?"
    r"|[/-]\d\d?[/-]1[2-5]\d\d\s?(?:هـ|ه(?!\w)|ah\b|a\.h\.))",
    re.VERBOSE,
)
"""A date of the Islamic or the Iranian calendar: it is told, and made no day of ours, as tables of months differ."""
_PLAIN = {ord(mark): " " for mark in "\u200e\u200f\u061c\u202f\u00a0\u2007\u2009"} | {ord("‐"): "-", ord("‑"): "-"}
_YEARS = re.compile(r"(?<!\d)(?:\d{4}|\d{8})(?!\d)|\d\d?[./-]\d\d?[./-]\d\d(?!\d)|年|(?P<short>(?<!\d)\d\d(?!\d))")
_FAR = 48
"""Characters of either side of a year, in which its date stands: all else need not be looked at."""


def find(text: str, language: str = "") -> Iterator[Written]:
    """Yield the dates in a text; ``language`` (BCP 47) is asked first what a month's name means."""
    if not _YEARS.search(text):
        return
    plain = _lowered(text.translate(_PLAIN))
    named = [name.start() for name in _names().finditer(plain)]
    before, behind = _weekdays()
    at = 0
    for year in _YEARS.finditer(plain):
        first, last = max(at, year.start() - _FAR), year.end() + _FAR
        near = bisect_left(named, first) < bisect_left(named, last)
        if year.start() < at or (year["short"] and not near):
            continue
        found = (_with_names() if near else _OF_NUMBERS).search(plain, first, last)
        if not (found and found.start() <= year.start() < found.end()):
            found = _OTHER_CALENDAR.search(plain, first, last)
        if not (found and found.start() <= year.start() < found.end()):
            continue
        start, at = found.span()
        if weekday := before.search(plain, max(0, start - _FAR), start):
            start = weekday.start()
        if weekday := behind.match(plain, at):
            at = weekday.end()
        yield Written(start, at, " ".join(text[start:at].split()), _days(found, language))


def _days(found: re.Match[str], language: str) -> tuple[date, ...]:
    parts = {name: value for name, value in found.groupdict().items() if value and name not in "st"}
    if "one" in parts:
        return _readings(parts["one"], parts["two"], parts["three"])
    told = {name[0]: value for name, value in parts.items() if name != "era"}
    if "d" not in told:
        return ()
    day, era = _number_of(told["d"]), parts.get("era")
    years = (_ERAS[era] + _number_of(told["y"]),) if era else _years(told["y"])
    months = _months_of(told["m"], language)
    rows = [(year, month, day) for year in years for month in months]
    if {"yl", "ym"} & parts.keys() and len(told["d"]) == len(told["y"]):
        rows += [(year, month, int(told["y"])) for year in _years(told["d"]) for month in months]
    return tuple(dict.fromkeys(_existing(iter(rows))))


def _years(written: str) -> tuple[int, ...]:
    """The years that a number may mean."""
    year = _number_of(written)
    if year >= 100:
        return (year - _BUDDHIST if year >= 2500 else year,)
    return (1900 + year, 2000 + year) if year >= _CENTURY_OPEN else (2000 + year,)


def _number_of(written: str) -> int:
    """The number that digits or Chinese numerals write."""
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.replace("廿", "二十").replace("卅", "三十").partition("十")
    if ten:
        return 10 * _NUMERALS.get(tens, 1) + _NUMERALS.get(ones, 0)
    return int("".join(str(_NUMERALS[numeral]) for numeral in written))


def _months_of(written: str, language: str) -> tuple[int, ...]:
    """The months that a number or a name may mean."""
    every = _months("").get(_folded(written))
    if not every:
        return (_number_of(written),)
    known = _months(language.partition("-")[0].lower()) if language else {}
    return tuple(sorted(known.get(_folded(written)) or every))


def _readings(one: str, two: str, three: str) -> tuple[date, ...]:
    """The days that three numbers may mean: month first, day first, and with a short year the year first."""
    rows = [row for year in _years(three) for row in ((year, int(one), int(two)), (year, int(two), int(one)))]
    if len(three) == 2:
        rows += [(year, int(two), int(three)) for year in _years(one)]
    return tuple(dict.fromkeys(_existing(iter(rows))))


def _existing(rows: Iterator[tuple[int, int, int]]) -> Iterator[date]:
    for row in rows:
        with suppress(ValueError):
            yield date(*row)
