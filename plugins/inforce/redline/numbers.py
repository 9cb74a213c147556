"""Numbers that are typed at the head of a text (“3.1”, “(b)”, “§ 3”): what they are, and which of them only follow.

How a number looks says little: a term, a rate, a date and the section of a law look alike. So one follows only where
``Account``, over an edit script, finds before it what came or went and explains the change, number by number.
"""

import re
from collections import Counter
from collections.abc import Iterator
from string import ascii_lowercase
from typing import NamedTuple

_BEHIND_Z = "|".join(2 * letter for letter in ascii_lowercase)
"""What letters are called that go on behind “z”."""
_ON_HEADINGS = rf"[(]?(?:\d+|[A-Za-z]|{_BEHIND_Z}|{_BEHIND_Z.upper()}|[ivxlcIVXLC]+)[.):]|\d+(?:\.\d+)+"
_ON_TEXTS = (
    rf"[(](?:\d{{1,2}}|[a-z]|{_BEHIND_Z}|[ivxlc]+)[)]|(?:[a-z]|{_BEHIND_Z}|[ivxlc]+)[)]"
    r"|\d+(?:\.\d+)*\.\d+\.|\d+\.\d+(?:\.\d+)+|§§? ?\d+[a-z]?\.?"
)
_NUMBERS = {
    True: re.compile(rf"(?:{_ON_HEADINGS}|{_ON_TEXTS})(?=\s+\S)"),
    False: re.compile(rf"(?:{_ON_TEXTS})(?=\s+\S)"),
}
_PARTS = re.compile(r"(?P<before>\W*(?:\d+\.)*)(?P<last>\w+)(?P<after>\W*)")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def at_head(text: str, numbered: bool) -> str:
    """Return the number that a text begins with, as it is typed; empty where it has none of its own.

    “30 days”, “3.5 percent”, “3. May” and “A. Smith” are none on a text that is neither a heading nor an item with a
    typed mark (``numbered``).
    """
    found = _NUMBERS[numbered].match(text)
    if not found:
        return ""
    title = text[found.end() :].lstrip()[0]
    return found[0] if not found[0][-1].isdigit() or (title.isalpha() and not title.islower()) else ""


class _Form(NamedTuple):
    """What stands around the last part of a number, on which kind of text."""

    tag: str
    before: str
    after: str


class Account:
    """How far the numbers of each form have shifted, so far in an edit script."""

    def __init__(self) -> None:
        self._shift: Counter[_Form] = Counter()
        self._renamed: dict[str, str] = {}
        self._last: dict[_Form, str] = {}

    def left(self, tag: str, number: str) -> None:
        """Note a text of the old page that is gone from here with its number, if it has any."""
        if number:
            self._shift[_read(tag, number)[0]] -= 1

    def reached(self, tag: str, number: str, arrived: bool) -> None:
        """Note the next text of the new page, with its number if it has any: whether it ``arrived`` or was there."""
        if number:
            form, self._last[form] = _read(tag, number)
            self._shift[form] += arrived

    def follows(self, tag: str, old: str, new: str, arrives: bool) -> bool:
        """Whether a number became another because of what came and went before it, and of nothing else.

        That of a text that ``arrives`` from elsewhere follows where it goes on from the last one there.
        """
        one, before = _read(tag, old)
        other, after = _read(tag, new)
        is_under_renamed = bool(one.before) and self._renamed.get(one.before) == other.before
        if one.after != other.after or not (is_under_renamed or one.before == other.before):
            return False
        shift, last = self._shift[other], self._last.get(other, "0")
        values = [each for each in zip(*map(_values, (last, before, after)), strict=True) if each[1] and each[2]]
        if arrives:
            is_following = any(its == reached + 1 for reached, _, its in values)
        else:
            is_following = bool(shift or is_under_renamed) and any(its - value == shift for _, value, its in values)
        if is_following:
            self._renamed[f"{one.before}{before}."] = f"{other.before}{after}."
        return is_following


def _read(tag: str, number: str) -> tuple[_Form, str]:
    parts = _PARTS.fullmatch(number)
    return (_Form(tag, parts["before"], parts["after"]), parts["last"]) if parts else (_Form(tag, number, ""), "")


def _values(last: str) -> Iterator[int]:
    """What the last part of a number counts as: in digits, in letters, in Roman digits; 0 where it is none of these."""
    yield int(last) if last.isdecimal() else 0
    lettered = last.isalpha() and last.isascii() and last in (last[0], 2 * last[0])
    yield ord(last[0]) + len(ascii_lowercase) * (len(last) - 1) if lettered else 0
    digits = [_ROMAN.get(letter, 0) for letter in last.lower()]
    pairs = zip(digits, [*digits[1:], 0], strict=True)
    yield sum(-digit if digit < following else digit for digit, following in pairs) if all(digits) else 0
