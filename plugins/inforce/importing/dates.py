"""Lines such as “Last updated: 7 August 2015” -> the dates they tell. Only what has one meaning is taken for a date.

``03/04/2020`` is two days, depending on who reads it; ``May 2018`` is none: both are handed back as no date.
"""

import re
from dataclasses import dataclass
from datetime import date

_MONTHS = (
    *("january jan januar januari janvier enero gennaio janeiro", "february feb februar februari février febrero"),
    *("march mar märz maart mars marzo março", "april apr avril abril aprile", "may mai mei mayo maggio maio"),
    *("june jun juni juin junio giugno junho", "july jul juli juillet julio luglio julho"),
    *("august aug augustus août agosto", "september sep sept septembre septiembre settembre setembro"),
    *("october oct oktober okt octobre octubre ottobre outubro", "november nov novembre noviembre novembro"),
    "december dec dezember dez décembre diciembre dicembre dezembro",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_MONTH["fevereiro"] = _MONTH["febbraio"] = 2
_MONTH["desember"] = _MONTH["december"]
_NAME = r"(?P<month>[^\W\d_]{3,10})\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º)?"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_NAME}\s+{_DAY},?\s+{_YEAR}",
        rf"{_DAY}\.?\s+(?:de\s+|of\s+)?{_NAME},?\s+(?:de\s+)?{_YEAR}",
        rf"{_YEAR}[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)(?!\d)",
        rf"{_YEAR}\s*[年년]\s*(?P<month>\d\d?)\s*[月월]\s*(?P<day>\d\d?)\s*[日일]",
        rf"(?P<day>\d\d?)\.\s?(?P<month>\d\d?)\.\s?{_YEAR}",
    )
)

_UPDATED = (
    r"(?:this\s+(?:policy|page|document|version|agreement)\s+(?:was|is)\s+)?"
    r"(?:(?:last|latest|most\s+recently)\s+)?(?:updated?|modified|revised|revision|reviewed|changed|amended|edited)"
    r"|(?:date\s+of\s+(?:last\s+)?(?:revision|update|modification|issue))|version\s+of|dated?"
    r"|(?:zuletzt\s+)?(?:aktualisiert|geändert)|(?:letzte\s+(?:aktualisierung|änderung))|stand"
    r"|(?:dernière\s+(?:mise\s+à\s+jour|modification))|mis\s+à\s+jour|(?:última\s+(?:actualización|atualização))"
    r"|(?:ultimo\s+aggiornamento)|(?:laatst\s+(?:bijgewerkt|gewijzigd))|(?:最近|最后|最後)?(?:更新|修订|修訂)(?:日期|时间|時間)?"
)
_EFFECTIVE = (
    r"(?:(?:this\s+policy|these\s+terms|it)\s+(?:is|are)\s+)?effective|in\s+force|in\s+effect|valid"
    r"|gültig|wirksam|in\s+kraft|en\s+vigueur|entrée\s+en\s+vigueur|date\s+d['’]effet|vigente|vigencia|in\s+vigore"
    r"|geldig|ingangsdatum|生效(?:日期|时间|時間)?"
)
_TAIL = r"(?:\s+(?:date|on|as\s+of|from|since|beginning|starting|am|ab|seit|vom|le|el|desde|dal|op|vanaf|per))*"
_LABEL = re.compile(rf"(?:(?P<effective>{_EFFECTIVE})|(?P<updated>{_UPDATED})){_TAIL}\s*[:：–—-]?\s*", re.IGNORECASE)
_MARKS = re.compile(
    r"</?(?:em|strong|p|i|b|small|span|time|div|center|u)(?:\s[^<>]*)?>|<br\s*/?>|[*_`]+", re.IGNORECASE
)
_PLACEHOLDER = re.compile(r"(?=.*[\d\[<{]|\Z|.*\b(?:TBD|DD|MM|YYYY)\b)[\[({<]{0,2}[\w ,./-]{0,24}[\])}>]{0,2}\Z")


@dataclass(frozen=True)
class DateLine:
    """What a line of dates tells: the day of effect and that of the last change; None where it tells none."""

    effective: date | None = None
    updated: date | None = None


def day_of(text: str) -> date | None:
    """The one day that ``text`` names and nothing but; None where it names none, or could mean several."""
    for pattern in _DATES:
        if (found := pattern.fullmatch(text.strip())) and (day := _day(found)):
            return day
    return None


def _day(found: re.Match[str]) -> date | None:
    name = found["month"].casefold()
    month = int(name) if name.isdecimal() else _MONTH.get(name, 0)
    try:
        return date(int(found["year"]), month, int(found["day"]))
    except ValueError:
        return None


def read_line(line: str) -> DateLine | None:
    """What one line tells where it holds nothing but labels and dates; None for any other line.

    A label whose date is missing, unfinished or ambiguous (“April DD, 2020”) is such a line, too, and tells no date.
    """
    bare = re.sub(r"\\(?=[^\w\s])", "", _MARKS.sub(" ", line))
    rest = " ".join(bare.split()).strip(" .|;()[]")
    days: dict[str, date | None] = {}
    while rest:
        label = _LABEL.match(rest)
        if not label:
            return None
        kind = "effective" if label["effective"] else "updated"
        day, rest = _leading_day(rest[label.end() :])
        if day is None:
            told = re.search(r"[:：]\s*\Z|\A(?:last|latest)\b", label[0], re.IGNORECASE)
            unfinished = not days and told and _PLACEHOLDER.match(rest)
            return DateLine() if unfinished else None
        days.setdefault(kind, day)
        rest = re.sub(r"\A[\s.,;|/()·•–—-]*(?:and\s+|und\s+)?", "", rest)
    return DateLine(days.get("effective"), days.get("updated")) if days else None


def _leading_day(text: str) -> tuple[date | None, str]:
    for pattern in _DATES:
        if (found := pattern.match(text)) and (day := _day(found)):
            return day, text[found.end() :]
    return None, text
