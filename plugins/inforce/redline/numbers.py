"""Numbers that are typed at the head of a text (“3.1”, “(b)”, “Article 3”, “第三条”): what they are, which only follow.

How a number looks says little: a term, a rate, a date and the section of a law look alike. So one follows only where
``Account``, over an edit script, finds before it what came or went and explains the change, number by number; and one
that looks like a date or a rate (“3. May”, “3.5 EUR”) only where the numbers before it count up to it on both sides.
"""

import re
from collections import Counter
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase
from typing import NamedTuple
from unicodedata import numeric

_CASELESS = (
    "أبجدهوزحطي",
    "أبتثجحخدذر",
    "กขคงจฉชซญฐ",
    "कखगघङचछजझञ",
    "가나다라마바사아자차카타파하",
    "イロハニホヘトチリヌ",
)
_ALPHABETS = ("абвгдежзиклмнопрстуфхцчшщэюя", "αβγδεζηθικλμ", *_CASELESS)
"""Letters of other scripts, in the orders in which they count."""
_HEBREW = dict(zip("אבגדהוזחטיכל", (*range(1, 10), 10, 20, 30), strict=True))
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}

_BEHIND_Z = "|".join(2 * letter for letter in ascii_lowercase)
"""What letters are called that go on behind “z”."""
_SPELLED = "[〇一二三四五六七八九十百]{1,5}"
_OF_NO_CASE = rf"[{''.join(_CASELESS)}]|[{''.join(_HEBREW)}]{{1,2}}"
_OTHER = rf"[{_ALPHABETS[0]}{_ALPHABETS[1]}]|{_OF_NO_CASE}|{_SPELLED}"
_SMALL = rf"[a-z]|{_BEHIND_Z}|[ivxlc]+|{_OTHER}"
_CAPITAL = rf"[A-Z]|{_BEHIND_Z.upper()}|[IVXLC]+"

_NAMES = (
    r"section|article|art\.|part|chapter|clause|annex|appendix|schedule|exhibit"
    r"|abschnitt|artikel|teil|kapitel|ziffer|anlage|anhang|chapitre|titre|annexe"
    r"|sección|artículo|capítulo|cláusula|seção|artigo|anexo|articolo|sezione|allegato|hoofdstuk|afdeling|bijlage"
    r"|artykuł|rozdział|článek|kapitola|статья|раздел|глава|приложение|стаття|розділ|άρθρο|madde|bölüm|điều|pasal|bab"
    r"|المادة|البند|الفصل|القسم|סעיף|פרק|נספח|ข้อ(?:ที่)?|มาตรา|หมวด(?:ที่)?|अनुच्छेद|धारा|खंड"
)
_EAST_ASIAN = rf"第\s?(?:\d+|{_SPELLED})\s?[章节節条條款項项編编]|제\s?\d+\s?[조장절항관편]"
NAMED = rf"(?i:{_NAMES})\s?(?:\d+(?:\.\d+)*[a-z]?|[IVXLC]+|[A-Z])(?!\w)|§{{1,2}}\s?\d+[a-z]?(?!\w)|{_EAST_ASIAN}"
"""“Section K”, “ARTICLE 5”, “§ 3”, “第 3 条”, with a title behind it or none."""

_SURE = rf"[(](?:\d{{1,2}}|{_SMALL})[)]|(?:\d{{1,2}}|{_SMALL})[)]|\d+(?:\.\d+)+\.|\d+\.\d+(?:\.\d+)+"
_CLOSE = rf"（(?:\d{{1,2}}|{_SPELLED})）|(?:\d{{1,2}}|{_SPELLED})[、．]|[①-⑳]"
"""What may stand close before its text."""
_DASHED = rf"(?:\d{{1,2}}|{_OF_NO_CASE})\s?[-–—]"
_ON_HEADINGS = rf"[(]?(?:\d+|{_SMALL}|{_CAPITAL})[.):]|\d+(?:\.\d+)*"
_ON_TEXTS = rf"\d{{1,2}}\.|\d+\.\d+|(?:{_OF_NO_CASE})\."
_DOUBTED = re.compile(r"\d+(?:\.\d*|\s?[-–—])")
"""What a date, a rate or a term at the head of a text looks like."""


@lru_cache
def _typed(numbered: bool) -> re.Pattern[str]:
    """What is a number at the head of a text, and of one that is a heading or has a typed mark: not compiled before."""
    others = _ON_HEADINGS if numbered else _ON_TEXTS
    return re.compile(
        rf"(?:{NAMED})(?=[.:：]?\s+\S|\s*[(（[【:：–—-])|(?:{_DASHED}|{_SURE}|{others})(?=\s+\S)|(?:{_CLOSE})(?=\s*\S)"
    )


@lru_cache
def _parts() -> re.Pattern[str]:
    """What a number is made of."""
    return re.compile(
        rf"(?P<before>(?:(?i:{_NAMES})\s?|[第제]\s?)?\W*)(?P<path>(?:\d+\.)*)(?P<last>\d+|{_SPELLED}|\w+?)"
        r"(?P<after>\s?[章节節条條款項项編编조장절항관편]?\W*)"
    )


def at_head(text: str, numbered: bool) -> str:
    """Return the number that a text begins with, as it is typed; empty where it has none of its own.

    “A. Smith” is none on a text that is neither a heading nor an item with a typed mark (``numbered``), “30 days” and
    “3.5 percent” are none on any.
    """
    found = _typed(numbered).match(text)
    if not found:
        return ""
    title = text[found.end() :].lstrip()[0]
    is_bare = found[0].replace(".", "").isdecimal() and found[0][-1] != "."
    return found[0] if not is_bare or (title.isalpha() and not title.islower()) else ""


class _Form(NamedTuple):
    """What stands around the last part of a number, on which kind of text."""

    tag: str
    before: str
    path: str
    after: str


class Account:
    """How many numbers of each form came and went, so far in an edit script, and the last of each on both pages."""

    def __init__(self) -> None:
        self._came: Counter[_Form] = Counter()
        self._gone: Counter[_Form] = Counter()
        self._renamed: dict[str, str] = {}
        self._old: dict[_Form, str] = {}
        self._new: dict[_Form, str] = {}

    def left(self, tag: str, number: str) -> None:
        """Note a text of the old page that is gone from here with its number, if it has any."""
        if number:
            form, self._old[form] = _read(tag, number)
            self._gone[form] += 1

    def reached(self, tag: str, number: str, arrived: bool) -> None:
        """Note the next text of the new page, with its number if it has any: whether it ``arrived`` or was there."""
        if number:
            form, self._new[form] = _read(tag, number)
            self._came[form] += arrived
            if not arrived:
                self._old[form] = self._new[form]

    def stayed(self, tag: str, old: str, new: str, arrives: bool) -> bool:
        """Note a text of both pages; return whether its number became another because of what came and went before it.

        That of a text that ``arrives`` from elsewhere follows where it goes on from the last one there.
        """
        follows = bool(old and new and old != new) and self._follows(tag, old, new, arrives)
        if new:
            form, self._new[form] = _read(tag, new)
            self._came[form] += arrives
        if old and not arrives:
            form, self._old[form] = _read(tag, old)
        return follows

    def _follows(self, tag: str, old: str, new: str, arrives: bool) -> bool:
        one, before = _read(tag, old)
        other, after = _read(tag, new)
        is_under_renamed = bool(one.path) and self._renamed.get(one.path) == other.path
        if one != other and (one._replace(path=other.path) != other or not is_under_renamed):
            return False
        shift, was, last = self._came[other] - self._gone[one], self._old.get(one, "0"), self._new.get(other, "0")
        values = [each for each in zip(*map(_values, (was, before, last, after)), strict=True) if each[1] and each[3]]
        if arrives:
            is_following = any(its == reached + 1 for _, _, reached, its in values)
        else:
            is_following = bool(shift or is_under_renamed) and any(its - value == shift for _, value, _, its in values)
        if is_following and not arrives and is_doubted(tag, old, new):
            is_following = any(value == above + 1 and its == reached + 1 for above, value, reached, its in values)
        if is_following:
            self._renamed[f"{one.path}{before}."] = f"{other.path}{after}."
        return is_following


def is_doubted(tag: str, *numbers: str) -> bool:
    """Whether numbers on this kind of text look like dates or rates."""
    return tag not in _HEADINGS and all(map(_DOUBTED.fullmatch, numbers))


def _read(tag: str, number: str) -> tuple[_Form, str]:
    parts = _parts().fullmatch(number)
    form = _Form(tag, parts["before"], parts["path"], parts["after"]) if parts else _Form(tag, number, "", "")
    return form, parts["last"] if parts else ""


@lru_cache(maxsize=1024)
def _values(last: str) -> tuple[int, ...]:
    """What the last part of a number counts as: in digits, in letters, and so on; 0 where it is none of these."""
    digits = [_ROMAN.get(letter, 0) for letter in last.lower()]
    pairs = zip(digits, [*digits[1:], 0], strict=True)
    return (
        int(last) if last.isdecimal() else 0,
        sum(-digit if digit < following else digit for digit, following in pairs) if all(digits) else 0,
        0 if last.isascii() else _spelled(last),
        sum(_HEBREW.get(letter, 0) for letter in last),
        *(_lettered(last, letters) for letters in (ascii_lowercase, ascii_uppercase, *_ALPHABETS)),
    )


def _lettered(last: str, letters: str) -> int:
    """The place of a letter in an alphabet, of one that is doubled behind its end; 0 where it is in another."""
    is_of_it = last in (last[0], 2 * last[0]) and last[0] in letters
    return letters.index(last[0]) + 1 + len(letters) * (len(last) - 1) if is_of_it else 0


def _spelled(last: str) -> int:
    """A number in Chinese or Roman signs, or in a circle; 0 where it is none."""
    found = digit = 0
    for sign in last:
        value = int(numeric(sign, 0))
        found += (digit or 1) * value if value in (10, 100) else 0
        digit = 0 if value in (10, 100) else value
    return 0 if last.isdecimal() else found + digit
