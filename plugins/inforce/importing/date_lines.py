"""A line of a text -> the dates in it, and what each is said to be: the day of effect, of the last change, or neither.

A *line of dates* holds nothing but dates and the words around them (“Version 1.2, effective November 1, 2023”); any
other line is text, and tells at most what stands next to a date in it (“These terms take effect on 1 June 2026 and …”).
The words are in ``date_words``; which day becomes the version's is the business of ``dating``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

from inforce.importing import date_words, dates
from inforce.importing.dates import Written


class Role(StrEnum):
    """What a text says of a date. ``DATED`` stands alone, ``MADE`` is the first text's, ``MENTIONED`` all else."""

    EFFECTIVE = "effective"
    UPDATED = "updated"
    DATED = "dated"
    MADE = "made"
    MENTIONED = "mentioned"


@dataclass(frozen=True)
class StatedDate:
    """A date that a text tells, as it is written, and the days that it may mean: none where it names no day.

    ``gone``: its line has left the text. ``line`` counts from 1.
    """

    role: Role
    text: str
    days: tuple[date, ...]
    line: int = 0
    gone: bool = True

    @property
    def day(self) -> date | None:
        """The day, where it can be but one."""
        return self.days[0] if len(self.days) == 1 else None


@dataclass(frozen=True)
class DateLine:
    """What dates tell of a text together: the day of effect and that of the last change; None where they tell none."""

    effective: date | None = None
    updated: date | None = None


def together(told: Sequence[StatedDate]) -> DateLine:
    """Return what all of ``told`` say: of each sort the first that can be but one day."""

    def first(*roles: Role) -> date | None:
        return next((each.day for role in roles for each in told if each.role is role and each.day), None)

    return DateLine(first(Role.EFFECTIVE), first(Role.UPDATED, Role.DATED, Role.MADE))


def unclear(told: Sequence[StatedDate]) -> tuple[StatedDate, ...]:
    """Return the dates with several meanings that would tell something which no other one tells."""
    known = together(told)
    wanted = {Role.EFFECTIVE: known.effective is None, Role.MENTIONED: False}
    return tuple(each for each in told if len(each.days) > 1 and wanted.get(each.role, known.updated is None))


_MACHINE = re.compile(r"\bdatetime\s*=\s*[\"']?(?P<day>\d{4}-\d\d-\d\d)", re.IGNORECASE)
_MARKS = re.compile(r"<[^<>]*>|\{:[^{}]*\}|[*_`~|>#]+|^\s*[-+•]\s", re.MULTILINE)
_APART = re.compile(r"[|;·•:：]")
_PLACEHOLDER = re.compile(
    r"(?=.*[\d\[<{年…]|.*_{2}|\Z|.*\b(?:TBD|DD|MM|YYYY)\b)[\[({<]{0,2}[\w ,./…-]{0,24}[\])}>]{0,2}\Z"
)
_ASKS = re.compile(r"[:：]\s*\Z|\A\W*(?:last|latest)\b", re.IGNORECASE)
_NEAR = 24
"""Characters behind a date in which the words stand that say what it is, where none stand before it."""


@lru_cache(maxsize=32768)
def read_line(line: str, language: str = "") -> tuple[StatedDate, ...] | None:
    """Return what a line tells where it holds nothing but dates and the words around them; None for any other line.

    A line that promises a date and gives an unfinished one (“Last updated: April DD, 2020”) tells one without a day.
    """
    bare = _bare(line)
    found = list(dates.find(bare, language))
    if not found:
        return _by_machine(line, bare) or _unfinished(bare)
    rest, at = "", 0
    for each in found:
        rest, at = f"{rest}{bare[at : each.start]} ; ", each.end
    labelled = date_words.LABEL.search(rest + bare[at:])
    if re.search(r"\w", date_words.without(rest + bare[at:], alone=not labelled)):
        return None
    if not labelled and (len(found) > 1 or found[0].compact):
        return None
    told = _roles(bare, found, lone=Role.DATED)
    return tuple(_confirmed(each, _machine(line)) for each in told)


@lru_cache(maxsize=32768)
def read_passage(text: str, language: str = "") -> tuple[StatedDate, ...]:
    """Return the dates within a text, each with what the words next to it say."""
    bare = _MARKS.sub(lambda mark: re.sub(r"[^\n]", " ", mark[0]), text)  # of the same length: lines are counted in it
    found = list(dates.find(bare, language))
    said = zip(found, _roles(bare, found, lone=Role.MENTIONED), strict=True)
    return tuple(
        replace(told, line=bare.count("\n", 0, each.start), gone=False)
        for each, told in said
        if not (each.compact and told.role is Role.MENTIONED)
    )


@lru_cache(maxsize=32768)
def read_value(text: str, language: str = "") -> tuple[StatedDate, ...]:
    """Return the dates in what stands behind a key, which says what they are."""
    return tuple(StatedDate(Role.DATED, each.text, each.days) for each in dates.find(_bare(text), language))


@lru_cache(maxsize=32768)
def read_machine(text: str) -> tuple[StatedDate, ...]:
    """Return the days that attributes tell to programs: ``datetime="2025-11-05"``."""
    return tuple(StatedDate(Role.DATED, day.isoformat(), (day,)) for day in _machine(text))


def is_label(text: str) -> bool:
    """Return whether a text is nothing but the words before a date, such as the heading “Last updated”."""
    bare = _bare(text)
    return bool(date_words.LABEL.search(bare)) and not re.search(r"\w", date_words.without(bare))


def label_role(text: str) -> Role:
    """Return what the words before a date say that it is."""
    return _said(_bare(text)) or Role.UPDATED


def confirmed(told: Sequence[StatedDate]) -> tuple[StatedDate, ...]:
    """Return ``told``; where one of several meanings is a day that a program is told, it has that one."""
    days = tuple(each.day for each in told if each.day and each.text == each.day.isoformat())
    return tuple(_confirmed(each, days) for each in told)


def _confirmed(told: StatedDate, days: Sequence[date]) -> StatedDate:
    meant = set(told.days) & set(days)
    return replace(told, days=tuple(meant)) if len(told.days) > 1 and len(meant) == 1 else told


def _machine(text: str) -> tuple[date, ...]:
    found = (day for each in _MACHINE.finditer(text) for day in dates.find(each["day"]))
    return tuple(dict.fromkeys(day for each in found for day in each.days))


def _bare(line: str) -> str:
    shown = re.sub(r"\\(?=[^\w\s])", "", _MARKS.sub(" ", line))
    return " ".join(shown.split())


def _unfinished(bare: str) -> tuple[StatedDate, ...] | None:
    bare = bare.lstrip("([ ")
    label = date_words.LABEL.match(bare)
    if not label:
        return None
    asked, colon, _ = bare.partition("：" if "：" in bare else ":")
    asks = colon and not re.search(r"\w", date_words.without(asked))  # “Effective date: [DATE]”
    rest = bare[len(asked) if asks else label.end() :].lstrip(" :：")
    opened, rest = bare[: len(bare) - len(rest)], rest.strip(" .")
    if not _ASKS.search(opened) or not _PLACEHOLDER.match(rest):
        return None
    role = Role.EFFECTIVE if label.lastgroup == "effective" else Role.UPDATED
    return (StatedDate(role, rest or bare, ()),)


def _by_machine(line: str, bare: str) -> tuple[StatedDate, ...] | None:
    """A label without a date that a reader sees, and with one that a program does."""
    if not (days := _machine(line)) or not is_label(bare):
        return None
    return tuple(StatedDate(label_role(bare), day.isoformat(), (day,)) for day in days)


def _roles(bare: str, found: Sequence[Written], lone: Role) -> list[StatedDate]:
    """The dates with what the words before them say, or else those behind them."""
    told: list[StatedDate] = []
    used = 0
    for place, each in enumerate(found):
        until = found[place + 1].start if place + 1 < len(found) else len(bare)
        before, behind = bare[used : each.start], bare[each.end : until]
        used = each.end
        role = _said(before) if lone is Role.DATED else _said_near(before)
        if role is None and (label := _label_behind(behind)):
            role, used = Role(label.lastgroup or lone), each.end + label.end()
        if role is None and told and not told[-1].days:  # the same day, by another calendar
            role = told[-1].role
        if role is None and lone is Role.DATED and date_words.SINCE.search(before):
            role = Role.EFFECTIVE
        told.append(StatedDate(role or lone, each.text, each.days))
    return told


def _said(before: str) -> Role | None:
    """What the words before a date say: those of its own part of the line first."""
    parts = [part for part in _APART.split(before) if part.strip()]
    for part in (*reversed(parts[-1:]), before):
        labels = [label.lastgroup for label in date_words.LABEL.finditer(part)]
        if labels:
            return Role.EFFECTIVE if "effective" in labels and part is not before else Role(labels[-1] or "dated")
    return None


def _said_near(before: str) -> Role | None:
    """What the words right before a date in a sentence say, with nothing between them but a preposition."""
    near = re.split(r"[.!?。]\s|\n\s*\n", before)[-1]
    labels = list(date_words.LABEL.finditer(near))
    if not labels or re.search(r"\w", date_words.without(near[labels[-1].end() :], alone=True)):
        return None
    said = labels[-1]
    loose = said.lastgroup == "updated" and " " not in said[0] and said[0].isascii()  # “the law changed on …”
    return None if loose or date_words.ANOTHER.search(near) else Role(said.lastgroup or "dated")


def _label_behind(behind: str) -> re.Match[str] | None:
    label = date_words.LABEL.search(behind[:_NEAR])
    between = behind[: label.start()] if label else ""
    apart = not label or _APART.search(behind[label.start() : label.end() + 2]) or _APART.search(between)
    return None if apart or re.search(r"\w", date_words.without(between, alone=True)) else label
