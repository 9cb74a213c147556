"""Numbers that are typed at the head of a text (“3.1”, “(b)”, “Article 3”, “第三条”): what they are, which only follow.

How a number looks says little: a term, a rate, a date and the section of a law look alike. So one follows only where
``Account``, over an edit script, finds that it goes on from the one before it as it did on the old page; and one that
may be a date, a rate or a law (“3. May”, “3.5 EUR”, “Article 6 GDPR”) only where it goes on by one on both pages.
"""

import re
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
    "アイウエオカキクケコ",
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
    r"section|article|art\.|čl\.|part|chapter|clause|annex|appendix|schedule|exhibit"
    r"|abschnitt|artikel|teil|kapitel|ziffer|anlage|anhang|chapitre|titre|annexe"
    r"|sección|artículo|capítulo|cláusula|seção|artigo|anexo|articolo|sezione|allegato|hoofdstuk|afdeling|bijlage"
    r"|artykuł|rozdział|článek|kapitola|статья|раздел|глава|приложение|стаття|розділ|άρθρο|madde|bölüm|điều|pasal|bab"
    r"|المادة|مادة|البند|الفصل|القسم|باب|ماده|فصل|بند|بخش|تبصره|دفعہ|شق|סעיף|פרק|נספח|ข้อ(?:ที่)?|มาตรา|หมวด(?:ที่)?"
    r"|अनुच्छेद|धारा|खंड|अध्याय|ধারা|অনুচ্ছেদ|பிரிவு|មាត្រា|ជំពូក|ប្រការ|ມາດຕາ|ໝວດ|ຂໍ້|အပိုဒ်|ပုဒ်မ|အခန်း"
)
_BEHIND = {"bis": 2, "ter": 3, "quater": 4, "quinquies": 5, "sexies": 6, "septies": 7, "octies": 8, "novies": 9}
_INSERTED = rf"(?:[a-z]|\s?(?:{'|'.join(_BEHIND)}))"
"""What makes another number of one, so that those behind it may stay: “§ 5a”, “Art. 6 bis”, “(1a)”."""
_INSERTED_EAST = rf"[の之의]\s?(?:\d+|{_SPELLED})"
_EAST_ASIAN = rf"(?:第\s?(?:\d+|{_SPELLED})\s?[章节節条條款項项編编]|제\s?\d+\s?[조장절항관편])(?:{_INSERTED_EAST})?"
_FIRST = "(?:er|re|[ºª°ο])"
"""What makes an ordinal of a figure: “Article 1er”, “Artigo 2º”."""
_WITHIN = r"\d+(?:\.\d+)*\([a-z\d]{1,3}\)"
NAMED = (
    rf"(?i:{_NAMES})\s?(?:{_WITHIN}|\d+(?:\.\d+)*(?:{_INSERTED}|{_FIRST})?|[IVXLC]+|[A-Z])(?!\w)"
    rf"|[#№]\s?\d+|§{{1,2}}\s?\d+{_INSERTED}?(?!\w)|\d+[a-z]?\s(?:§|kap\.)|{_EAST_ASIAN}"
)
"""“Section K”, “ARTICLE 5”, “§ 3”, “2 §”, “第 3 条”, with a title behind it or none."""
_LABELLED = r"[^\W\d_]{1,14}\.?\s?\d{1,3}(?:\.\d+)*"
"""“Step 2”, “Q3”, “Nr. 4”: whatever the word is, a full stop, a colon or a dash says that it is a label."""

_SURE = (
    rf"[(](?:\d{{1,2}}{_INSERTED}?|{_SMALL}|[A-Z])[)]|(?:\d{{1,2}}{_INSERTED}?|{_SMALL})[)]|\[\d{{1,2}}\]|\d+(?:\.\d+)+\.|\d+\.\d+(?:\.\d+)+"
    rf"|\d+(?:\.\d+)*\.[a-z]|{_WITHIN}|(?:\d{{1,2}}|[a-z])\.-|\d{{1,2}}(?:{_FIRST}[.)]?|[/:])"
)
_UNSPACED = r"(?=[\u0e00-\u0eff\u3040-\u30ff\u4e00-\u9fff])(?![万亿億兆倍折元円年月日天])"
_CLOSE = (
    rf"[(（](?:\d{{1,2}}|{_SPELLED})[)）]|(?:\d{{1,2}}|{_SPELLED})[、．)）]|[①-⑳¹²³⁴-⁹]"
    rf"|(?:\d{{1,2}}\.|\d+(?:\.\d+)+){_UNSPACED}|第(?:\d+|{_SPELLED})(?=[，、：])|[{''.join(_CASELESS[-2:])}](?=\u3000)"
)
"""What may stand close before its text."""
_DASHED = rf"(?:\d{{1,2}}|[a-z]|{_OF_NO_CASE})\s?[-–—]"
_ON_HEADINGS = rf"[(]?(?:\d+{_INSERTED}?|{_SMALL}|{_CAPITAL})[.):]|\d+(?:\.\d+)*|\.\d{{1,2}}|(?:{_CAPITAL})\s[-–—]"
_ON_TEXTS = rf"\d{{1,2}}{_INSERTED}?\.|\d+\.\d+|(?:{_OF_NO_CASE})\."
_LONGEST = 24
"""A text that is nothing but its number is no longer."""
_MAYBE_ALONE = re.compile(r"\d|[第제]|(?:^|\s)[(]?[A-Z]+[.):]?$")
"""What every such text has, and few others have."""
_DOUBTED = re.compile(r"\D*\d+\D*|\d+\.\d+")
"""What a date, a rate, a term or the section of a law at the head of a text looks like."""


@lru_cache
def _typed(numbered: bool) -> re.Pattern[str]:
    """What is a number at the head of a text, and of one that is a heading or has a typed mark: not compiled before."""
    others = _ON_HEADINGS if numbered else _ON_TEXTS
    return re.compile(
        rf"(?:{NAMED})(?=[.:：]?\s+\S|\s*[(（[【:：–—-])|(?:{_LABELLED})(?=[.:：]\s+\S|\s[–—]\s)"
        rf"|(?:{_DASHED}|{_SURE}|{others})(?=\s+\S)|(?:{_CLOSE})(?=\s*\S)"
    )


@lru_cache
def _alone(numbered: bool) -> re.Pattern[str]:
    """What is nothing but a number, and as a heading or in bold; a year of its own is none."""
    return re.compile(rf"(?:{NAMED})[.:]?|[(]?(?:\d{{1,3}}(?:\.\d+)*|{_CAPITAL})[.):]?" if numbered else NAMED)


@lru_cache
def _parts() -> re.Pattern[str]:
    """What a number is made of."""
    return re.compile(
        rf"(?P<before>(?:(?i:{_NAMES})\s?|[^\W\d_]+\.?\s?(?=\d))?\W*)(?P<path>(?:\d+[.(])*)"
        rf"(?:(?P<behind>\d+(?={_INSERTED}\W*$)|(?:\d+|{_SPELLED})(?=\s?\w[の之의]))\s?(?:\w[の之의]\s?)?)?"
        rf"(?P<last>\d+|{_SPELLED}|\w+?)(?:(?<=\d){_FIRST})?(?P<after>\s?(?:kap|[章节節条條款項项編编조장절항관편])?\W*)"
    )


def at_head(text: str, numbered: bool) -> str:
    """Return the number that a text begins with, as it is typed; empty where it has none of its own.

    “A. Smith” is none on a text that is neither a heading nor an item with a typed mark (``numbered``), “30 days” and
    “3.5 percent” are none on any. A text may be nothing but its number.
    """
    found = _typed(numbered).match(text)
    if not found:
        return text if is_alone(text, numbered) else ""
    title = text[found.end() :].lstrip()[0]
    is_bare = found[0].replace(".", "").isdecimal() and found[0][-1] != "."
    return found[0] if not is_bare or (title.isalpha() and not title.islower()) else ""


def is_alone(text: str, numbered: bool = True) -> bool:
    """Whether a text is nothing but a number."""
    return (
        len(text) <= _LONGEST and _MAYBE_ALONE.search(text) is not None and _alone(numbered).fullmatch(text) is not None
    )


class _Form(NamedTuple):
    """What stands around the last part of a number, on which kind of text."""

    tag: str
    before: str
    path: str
    after: str


class _Page:
    """The numbers of one page, so far in an edit script: of each form the first and the last; and the latest form."""

    def __init__(self) -> None:
        self.first: dict[_Form, str] = {}
        self.last: dict[_Form, str] = {}
        self.latest: _Form | None = None

    def reached(self, tag: str, number: str) -> _Form | None:
        """Note the number of the next text; gives its form, if it has one."""
        self.latest = None
        if number:
            self.latest, value = _read(tag, number)
            self.first.setdefault(self.latest, value)
            self.last[self.latest] = value
        return self.latest

    def steps(self, form: _Form, number: str, its: "_Page", other: _Form) -> list[int]:
        """By how much a number goes on from the last one, for each way to count; 0 where it doesn't.

        Where there was none, it goes on from what stands before the first one of the other page. Behind another text
        than one with such a number, they may begin anew.
        """
        if form in self.last:
            lasts = _values(self.last[form])
        else:
            lasts = tuple([max(value - 1, 0) for value in _values(its.first.get(other, "0"))])
        counted = zip(lasts, _values(number), strict=True)
        return [value - last if value > last else value * (self.latest != form) for last, value in counted]


class Account:
    """The numbers of both pages, so far in an edit script, and of which forms some came or went."""

    def __init__(self) -> None:
        self._renamed: dict[str, str] = {}
        self._shifted: set[_Form | None] = set()
        self._old = _Page()
        self._new = _Page()

    def left(self, tag: str, number: str) -> None:
        """Note a text of the old page that is gone from here, with its number if it has any."""
        self._shifted.add(self._old.reached(tag, number))

    def reached(self, tag: str, number: str, arrived: bool) -> None:
        """Note the next text of the new page, with its number if it has any: whether it ``arrived`` or was there."""
        form = self._new.reached(tag, number)
        if arrived:
            self._shifted.add(form)
        else:
            self._old.reached(tag, number)

    def stayed(self, tag: str, old: str, new: str, arrives: bool) -> bool:
        """Note a text of both pages; return whether its number became another because of what came and went before it.

        That of a text that ``arrives`` from elsewhere follows where it goes on from the last one there.
        """
        follows = bool(old and new and old != new) and self._follows(tag, old, new, arrives)
        form = self._new.reached(tag, new)
        if arrives:
            self._shifted.add(form)
        else:
            self._old.reached(tag, old)
        return follows

    def _follows(self, tag: str, old: str, new: str, arrives: bool) -> bool:
        one, before = _read(tag, old)
        other, after = _read(tag, new)
        is_under_renamed = bool(one.path) and self._renamed.get(one.path) == other.path
        if one != other and (one._replace(path=other.path) != other or not is_under_renamed):
            return False
        steps = self._new.steps(other, after, self._old, one)
        if arrives:
            is_following = 1 in steps
        elif is_under_renamed or not self._shifted.isdisjoint((one, other)):
            is_doubted = tag not in _HEADINGS and bool(_DOUBTED.fullmatch(old) and _DOUBTED.fullmatch(new))
            both = zip(self._old.steps(one, before, self._new, other), steps, strict=True)
            is_following = any(by == its and (by == 1 or (by > 0 and not is_doubted)) for by, its in both)
        else:
            is_following = False
        if is_following:
            self._renamed[f"{one.path}{before}."] = f"{other.path}{after}."
        return is_following


def _read(tag: str, number: str) -> tuple[_Form, str]:
    tag = "" if tag == "p" else tag  # an item of a list with space between its items
    parts = _parts().fullmatch(number)
    if not parts:
        return _Form(tag, number, "", ""), ""
    path = f"{parts['path']}{parts['behind']}." if parts["behind"] else parts["path"]
    return _Form(tag, parts["before"], path, parts["after"]), parts["last"]


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
        _BEHIND.get(last, 0),
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
