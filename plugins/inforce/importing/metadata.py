"""What a text tells of the policy that it is: its dates, its kind, its language, where a reader writes.

Of lines such as “Last updated: 7 August 2015” only what has one meaning is taken for a date: ``03/04/2020`` is two
days, depending on who reads it, and ``May 2018`` is none. All else are guesses, to be confirmed: nothing here decides,
an editor's word always wins, and what is taken without one is told.
"""

import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from inforce.model import Requirement

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

_PRIVACY = re.compile(
    r"privacy|datenschutz|confidentialité|privacidad|privacidade|données|data protection|隐私|隱私", re.I
)
_TERMS = re.compile(
    r"terms|conditions|nutzungsbedingungen|\bagb\b|agreement|términos|condizioni|voorwaarden|条款|條款", re.I
)
_COMMON = {
    "en": "the of and to in is you that we your",
    "de": "der die das und ist nicht wir sie ihre mit",
    "fr": "le les des et est que nous vous votre dans",
    "es": "el los las y que para usted nosotros sus con",
    "it": "il gli della che per noi sono vostri con nel",
    "nl": "het een van en dat wij uw voor zijn niet",
    "pt": "os das que para você nós não seus com uma",
}
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")


@dataclass(frozen=True)
class DateLine:
    """What a line of dates tells: the day of effect and that of the last change; None where it tells none."""

    effective: date | None = None
    updated: date | None = None

    def completed(self, other: "DateLine") -> "DateLine":
        """Return both together; where both tell a day, this one is believed."""
        return DateLine(self.effective or other.effective, self.updated or other.updated)


def read_line(line: str) -> DateLine | None:
    """Return what one line tells where it holds nothing but labels and dates; None for any other line.

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
    for found in filter(None, (pattern.match(text) for pattern in _DATES)):
        name = found["month"].casefold()
        month = int(name) if name.isdecimal() else _MONTH.get(name, 0)
        with suppress(ValueError):
            return date(int(found["year"]), month, int(found["day"])), text[found.end() :]
    return None, text


def kind(title: str) -> str:
    """Return the kind of policy that a title names."""
    if _PRIVACY.search(title):
        return "privacy-policy"
    return "terms-of-service" if _TERMS.search(title) else "policy"


def requires(kind: str) -> Requirement:
    """Return what customers are asked to do: terms are accepted, a notice is acknowledged, anything else is told."""
    known = {"terms-of-service": Requirement.ACCEPT, "privacy-policy": Requirement.ACKNOWLEDGE}
    return known.get(kind, Requirement.INFORM)


def language(text: str) -> str:
    """Return the language that a text is most likely in, as a BCP 47 tag; empty where nothing tells."""
    letters = sum(character.isalpha() for character in text)
    for tag, script in _SCRIPTS:
        if len(script.findall(text)) * 5 > letters > 0:
            return tag
    words = Counter(re.findall(r"[^\W\d_]+", text.casefold()))
    found = {tag: sum(words[word] for word in common.split()) for tag, common in _COMMON.items()}
    first, second, *_ = sorted(found, key=lambda tag: -found[tag])
    return first if found[first] > 2 * found[second] else ""


def contact(text: str) -> str:
    """Return the mail address that a text names most often; empty where it names none."""
    addresses = Counter(address.lower() for address in _MAIL.findall(text))
    return f"mailto:{addresses.most_common(1)[0][0]}" if addresses else ""
