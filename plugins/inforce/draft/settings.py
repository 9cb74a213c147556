"""``policy.yml`` <-> settings: what each key may hold, told once for the file, for options and for answers.

Among it are the rules: the checks beyond form that a policy can set to off, warn or error. What each rule finds is the
business of ``check.drafts`` and ``release``; why it exists and where it comes from stands in the documentation
("Checks"), under the rule's id. Bytes in, values and problems out. Whether the clauses that are listed fit the files
beside ``policy.yml`` is asked in ``folder``.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from inforce.errors import Level, fail, meant, refuse
from inforce.model import KINDS, LANGUAGE, Numbering, Requirement, Settings, Severity
from inforce.text import characters, normal, yaml
from inforce.text.clauses import GRADES
from inforce.text.yaml import Fields, Text, quoted

_KEYS = (
    *("title", "kind", "requires", "language", "timezone", "notice_days", "contact", "clauses"),
    *("numbering", "reconfirm_every", "checks", "reviewed", "show_editors", "comments_from", "comments_until"),
)
_CONTACT = re.compile(r"(mailto:\S+@\S+|https?://\S+|tel:\S+)\Z")
_MAIL = re.compile(r"[^\s:]+@\S+\Z")
PERIOD = re.compile(r"P(?=.*[1-9])(?:([0-9]{1,3})Y)?(?:([0-9]{1,3})M)?(?:([0-9]{1,3})W)?(?:([0-9]{1,3})D)?\Z")
"""How long an agreement can hold, as ISO 8601 writes it: years, months, weeks, days."""
_PATTERNS = {
    "title": (re.compile(r"\s*\S"), "a title on one line"),
    "language": (LANGUAGE, 'a BCP 47 tag such as "en"'),
    "contact": (_CONTACT, 'an address such as "mailto:privacy@example.com"'),
    "reconfirm_every": (PERIOD, 'a period such as "P12M": years, months, weeks and days, as in "P1Y6M" or "P90D"'),
}
_YES, _NO = "true", "false"
_WORDS: Mapping[str, Collection[str]] = {
    "kind": KINDS,
    "requires": list(Requirement),
    "numbering": list(Numbering),
    "show_editors": (_YES, _NO),
}
_GRADED = GRADES[::-1]
NOTICE_DAYS: Mapping[Severity, int] = MappingProxyType(dict(zip(_GRADED, (30, 7, 0), strict=True)))
"""What a new policy promises until somebody says otherwise."""

LEVELS: Mapping[str, Level | None] = {"off": None, "warn": Level.WARNING, "error": Level.ERROR}
"""What ``policy.yml`` may say of a rule."""

RULES: Mapping[str, Level] = {
    "not-editorial": Level.ERROR,  # an editorial change touches no word on which the meaning turns
    "promised-notice": Level.ERROR,  # the notice given is no shorter than the policy's own text promises
    "dead-link": Level.ERROR,  # links to policies lead to a page and a clause that are there
    "clause-note": Level.WARNING,  # each change in a material version has a note in plain language
    "changes-told": Level.WARNING,  # the text says how customers learn of changes
    "dated-text": Level.WARNING,  # no date of the policy itself stands in its text
    "numbered-twice": Level.WARNING,  # a heading that bears a number gets no other
    "review-age": Level.WARNING,  # somebody has reviewed the policy within twelve months
}
"""Each rule, and its level where a policy says nothing."""


def level(chosen: Mapping[str, Level | None], rule: str) -> Level | None:
    """How much a finding of ``rule`` weighs where a policy chose so; None where the rule is off."""
    return chosen.get(rule, RULES[rule])


def checked(key: str, value: str, path: str, line: int = 0) -> str:
    """Return ``value`` as ``policy.yml`` holds it under ``key``, one of its texts: title, kind, requires, language,
    timezone, contact, numbering, reconfirm_every.

    Raises InForceError at ``path`` and ``line`` (0: no line) for what cannot stand there.
    """
    if key in _WORDS:
        return _word(key, value, _WORDS[key], path, line)
    if key == "timezone":
        return _timezone(value, path, line)
    pattern, wanted = _PATTERNS[key]
    if not pattern.match(value):
        raise fail(path, line, key, f"`{key}` is {value!r}", f"Write {wanted}")
    return normal.one_line(value) if key == "title" else value


def answered(key: str, value: str, path: str) -> str:
    """Return what somebody says in an option or an answer as ``policy.yml`` holds it; a bare mail address will do.

    Raises InForceError like :func:`checked`.
    """
    said = normal.one_line(value)
    if wrong := characters.unshowable(said):
        raise fail(path, 0, key, f"In `{key}`: {wrong[0]}", "Write it anew")
    return checked(key, f"mailto:{said}" if key == "contact" and _MAIL.match(said) else said, path)


def _word(key: str, value: str, words: Collection[str], path: str, line: int) -> str:
    if value not in words:
        raise fail(path, line, key, f"`{key}` is {value!r}", meant(value, words, f"Write {' or '.join(words)}"))
    return value


def _timezone(name: str, path: str, line: int) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        cure = 'Write an IANA name such as "Asia/Shanghai" or "Europe/Berlin"'
        raise fail(path, line, "timezone", f"There is no time zone {name!r}", cure) from None
    return name


def read(data: bytes, path: str) -> tuple[Settings, tuple[Text, ...]]:
    """Return the settings, and the ids of the clauses as they are listed, with their lines.

    Raises InForceError for the first thing that cannot be used.
    """
    fields = yaml.read(normal.decode(data, path), path)
    fields.only(*_KEYS)
    refuse(yaml.hidden(fields))
    listing = fields.texts("clauses")
    if not listing:
        raise fields.wrong("clauses", "clauses", "`clauses` lists no clause", "List the clauses in order")
    settings = Settings(
        title=_text(fields, "title"),
        kind=_text(fields, "kind"),
        requires=Requirement(_text(fields, "requires")),
        language=_text(fields, "language"),
        timezone=_text(fields, "timezone"),
        notice_days=_notice_days(fields.fields("notice_days")),
        contact=_text(fields, "contact"),
        clauses=tuple(dict.fromkeys(entry.value for entry in listing)),
        checks=_checks(fields.fields("checks")),
        reviewed=day(fields, "reviewed"),
        numbering=Numbering(_text(fields, "numbering", Numbering.OURS)),
        show_editors=_text(fields, "show_editors", _NO) == _YES,
        comments_from=day(fields, "comments_from"),
        comments_until=day(fields, "comments_until"),
        reconfirm_every=_text(fields, "reconfirm_every") if "reconfirm_every" in fields else "",
        lines=fields.lines,
    )
    if settings.reconfirm_every and settings.requires is Requirement.INFORM:
        what = "`reconfirm_every` asks customers again, and `requires` asks them for nothing"
        raise fields.wrong("reconfirm_every", "reconfirm_every", what, "Take one of the two out, or change it")
    _comments(settings, fields)
    return settings, listing


def _comments(settings: Settings, fields: Fields) -> None:
    """Raises InForceError unless a draft that is open for comment has its first and its last day."""
    first, last = settings.comments_from, settings.comments_until
    if (first is None) != (last is None):
        said, missing = ("comments_from", "comments_until") if first else ("comments_until", "comments_from")
        raise fields.wrong(said, said, f"`{said}` stands without `{missing}`", f"Write both, or take `{said}` out")
    if first and last and last < first:
        raise fields.wrong(
            "comments_until", "comments_until", "`comments_until` is before `comments_from`", "Correct one"
        )


def _text(fields: Fields, key: str, default: str | None = None) -> str:
    return checked(key, fields.text(key, default), fields.path, fields.line_of(key))


def days(value: str, severity: Severity, path: str, line: int = 0) -> int:
    """Return the days of notice that changes of ``severity`` are given. Raises InForceError unless it is a number."""
    if not re.fullmatch(r"[0-9]{1,4}", value):
        raise fail(path, line, "notice_days", f"`{severity}` is {value!r}", "Write a number of days in quotes")
    return int(value)


def _notice_days(fields: Fields) -> dict[Severity, int]:
    fields.only(*_GRADED)
    return {each: days(fields.text(each), each, fields.path, fields.line_of(each)) for each in _GRADED}


def _checks(fields: Fields) -> dict[str, Level | None]:
    fields.only(*RULES)
    words = {rule: _word(rule, fields.text(rule), LEVELS, fields.path, fields.line_of(rule)) for rule in fields.entries}
    return {rule: LEVELS[word] for rule, word in words.items()}


def day(fields: Fields, key: str) -> date | None:
    """The day that stands under ``key``, None where nothing does. Raises InForceError for what is none."""
    if key not in fields:
        return None
    value = fields.text(key)
    try:
        found = date.fromisoformat(value if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII) else "")
    except ValueError:
        what = f"`{key}` is {value!r}, which is no day"
        raise fields.wrong(key, key, what, 'Write a day such as "2027-01-15"') from None
    if beyond := normal.out_of_reach(found):
        raise fields.wrong(key, key, f"`{key}` {beyond}: {value!r}", "Correct the date")
    return found


def write(settings: Settings) -> bytes:
    """Return ``policy.yml`` of these settings, as :func:`read` takes it."""
    keys = ("title", "kind", "requires", "language", "timezone")
    notice = {str(severity): str(settings.notice_days[severity]) for severity in _GRADED}
    words = {level: word for word, level in LEVELS.items()}
    checks = {rule: words[level] for rule, level in settings.checks.items()}
    lines = [
        *yaml.lines({key: getattr(settings, key) for key in keys}),
        f"notice_days: {_inline(notice)}",
        f"contact: {quoted(settings.contact)}",
        "clauses:",
        *(f"  - {quoted(name)}" for name in settings.clauses),
        *([f"checks: {_inline(checks)}"] if checks else ()),
    ]
    others = {
        "numbering": "" if settings.numbering is Numbering.OURS else settings.numbering,
        "reconfirm_every": settings.reconfirm_every,
        "reviewed": settings.reviewed.isoformat() if settings.reviewed else "",
        "show_editors": _YES if settings.show_editors else "",
        "comments_from": settings.comments_from.isoformat() if settings.comments_from else "",
        "comments_until": settings.comments_until.isoformat() if settings.comments_until else "",
    }
    return ("\n".join((*lines, *yaml.lines(others))) + "\n").encode()


def _inline(entries: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {quoted(value)}" for key, value in entries.items()) + "}"
