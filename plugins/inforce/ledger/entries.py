"""One file of the ledger <-> one value: a version or an event, with its digest; and where such files stand.

Bytes in, values out. What is read is exactly what a release writes: a file that would be written differently is
refused, because a legal record never guesses. How files follow each other is told by ``chain``.
"""

import re
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from inforce import model
from inforce.draft.settings import PERIOD
from inforce.errors import fail
from inforce.model import Change, Event, EventKind, Numbering, Requirement, Severity, Version
from inforce.text import clauses as clause_text
from inforce.text import normal, yaml
from inforce.text.clauses import RESTORE
from inforce.text.yaml import Fields, quoted, quoted_list

FORMAT = "1"
NUMBER = re.compile(r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\Z")
_EVENT_NUMBER = re.compile(r"[1-9][0-9]{0,8}\Z")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?\Z", re.ASCII)
_PATH = re.compile(r"versions/(?P<document>[^/]+)/(?:(?P<number>[^/]+)\.md|events/(?P<n>[^/]+)\.yml)\Z")

_KEYS = (
    *("format", "document", "version", "title", "language", "kind", "requires", "reconfirm_every", "announced"),
    *("effective", "accept_by", "severity", "previous", "amends", "summary", "changes", "notice_waived"),
    *("imported_from", "numbering"),
)
_OPTIONAL = frozenset(("reconfirm_every", "accept_by", "previous", "amends"))

Word = TypeVar("Word", bound=StrEnum)

Entry = Version | Event
"""One link of the chain."""


def is_entry(path: str) -> bool:
    """Whether the ledger keeps a version or an event at ``path``, which is relative to the project's root."""
    return bool(_PATH.match(path))


def number_of(text: str) -> tuple[int, int]:
    """The (major, minor) of a version number such as ``1.10``."""
    major, minor = text.split(".")
    return int(major), int(minor)


def moment(entry: Entry) -> datetime:
    """When an entry of the chain was made: a version's announcement, an event's date."""
    return entry.announced if isinstance(entry, Version) else entry.at


def instant(text: str, path: str, line: int, key: str) -> datetime:
    """An RFC 3339 instant with its offset. Raises InForceError for anything else, an impossible day included."""
    match = _INSTANT.match(text)
    if not match:
        cure = 'Write it as "2027-01-15T00:00:00+08:00"'
        raise fail(path, line, "instant", f"`{key}` is not an RFC 3339 instant: {text!r}", cure)
    if not match[2]:
        cure = "Add the offset, for example +08:00: nothing outside the file may move a date"
        raise fail(path, line, "instant", f"`{key}` has no offset from UTC: {text!r}", cure)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise fail(path, line, "instant", f"`{key}` is no day of the calendar: {text!r}", "Correct the date") from None
    if beyond := normal.out_of_reach(found):
        raise fail(path, line, "instant", f"`{key}` {beyond}: {text!r}", "Correct the date")
    return found


def compose(version: Version) -> bytes:
    """The bytes of a version's ledger file."""
    values = {
        "format": FORMAT,
        "document": version.document,
        "version": version.number,
        "title": version.title,
        "language": version.language,
        "kind": version.kind,
        "requires": version.requires,
        "reconfirm_every": version.reconfirm_every,
        "announced": version.announced.isoformat(),
        "effective": version.effective.isoformat(),
        "accept_by": version.accept_by.isoformat() if version.accept_by else "",
        "severity": version.severity,
        "previous": version.previous or "",
        "amends": version.amends or "",
        "summary": version.summary,
    }
    front = [f"{key}: {quoted(value)}" for key, value in values.items() if value or key not in _OPTIONAL]
    if version.changes:
        front.append("changes:")
        front.extend(line for change in version.changes for line in _change_lines(change))
    numbering = "" if version.numbering is Numbering.OURS else version.numbering
    last = {"notice_waived": version.notice_waived, "imported_from": version.imported_from, "numbering": numbering}
    front += yaml.lines(last)
    return ("---\n" + "\n".join(front) + "\n---\n" + clause_text.compose(version.title, version.clauses)).encode()


def _change_lines(change: Change) -> list[str]:
    said = {"severity": change.severity, "note": change.note, "editorial_because": change.because}
    was = [f"    was: {quoted_list(change.was)}"] if change.was else []
    return [f"  {change.clause}:", *yaml.lines(said, "    "), f"    kinds: {quoted_list(change.kinds)}", *was]


def parse(path: str, data: bytes) -> Version:
    """The version in a ledger file at ``versions/<document>/<number>.md``.

    Raises InForceError where the bytes are not those that :func:`compose` would write of it.
    """
    place, text = _placed(path, data, "number", NUMBER, "A version is versions/<document>/<major>.<minor>.md")
    fields, body, before = yaml.split(text, path)
    if fields is None:
        raise fail(path, 1, "front-matter", "The file has no front matter", RESTORE)
    fields.only(*_KEYS)
    if (told := fields.text("format")) != FORMAT:
        cure = "Update In Force to a release that knows it"
        raise fields.wrong("format", "format", f"Format {told!r} is not known here", cure)
    _agrees(fields, "document", place["document"])
    _agrees(fields, "version", place["number"])
    version = _version(fields, body, before, data)
    _same_bytes(path, data, compose(version), "a release")
    return version


def _placed(path: str, data: bytes, part: str, pattern: re.Pattern[str], shape: str) -> tuple[re.Match[str], str]:
    """The parts of a ledger file's path, of which ``part`` has to be like ``pattern``, and the file's text."""
    place = _PATH.match(path)
    if not place or not pattern.match(place[part] or ""):
        raise fail(path, 0, "ledger-path", shape, "Move or delete it")
    if b"\r\n" in data:
        raise fail(path, 0, "line-endings", "The file differs from the released one by line endings", _LINE_ENDINGS)
    largest = normal.LARGEST_TEXT if path.endswith(".md") else normal.LARGEST
    return place, normal.decode(data, path, largest)


def _same_bytes(path: str, data: bytes, written: bytes, writer: str) -> None:
    """Raise InForceError where a file does not hold what would be written of what was read from it."""
    if written != data:
        line = normal.first_difference(written.decode(), data.decode())
        raise fail(path, line, "ledger-form", f"The file is not as {writer} writes it, byte for byte", RESTORE)


def line_of(entry: Entry, key: str) -> int:
    """The line of an entry's file on which ``key`` stands; 0 where it has none."""
    data = compose(entry) if isinstance(entry, Version) else compose_event(entry)
    written = data.decode().split("\n---\n", 1)[0].split("\n")
    return next((number for number, line in enumerate(written, 1) if line.startswith(f"{key}:")), 0)


def clause_line(version: Version, clause: str) -> int:
    """How many lines of a version's file stand above a clause."""
    rows = compose(version).decode().split("\n")
    before = rows.index("---", 1) + 1
    first = version.by_id[clause].text.partition("\n")[0]
    return next((number for number, row in enumerate(rows) if number >= before and row == first), before)


_LINE_ENDINGS = "Delete it and run `git checkout -- versions`; mend .gitattributes first, where inforce check says so"


def _agrees(fields: Fields, key: str, expected: str) -> None:
    if fields.text(key) != expected:
        what = f"`{key}` says {fields.text(key)!r}, the file's place says {expected!r}"
        raise fields.wrong(key, "ledger-path", what, "Move the file back to where it was released")


def _version(fields: Fields, body: str, before: int, data: bytes) -> Version:
    title = fields.text("title")
    return Version(
        document=fields.text("document"),
        number=fields.text("version"),
        title=title,
        language=_fitting(fields, "language", model.LANGUAGE.match),
        kind=_fitting(fields, "kind", model.KINDS.__contains__),
        requires=_word(fields, "requires", Requirement),
        announced=_instant(fields, "announced"),
        effective=_instant(fields, "effective"),
        severity=_word(fields, "severity", Severity),
        previous=fields.text("previous", "") or None,
        amends=fields.text("amends", "") or None,
        summary=fields.text("summary"),
        changes=_changes(fields.fields("changes")),
        clauses=clause_text.decompose(title, body, fields.path, before),
        notice_waived=fields.text("notice_waived", ""),
        imported_from=fields.text("imported_from", ""),
        numbering=_word(fields, "numbering", Numbering, Numbering.OURS),
        accept_by=_instant(fields, "accept_by") if "accept_by" in fields else None,
        reconfirm_every=_fitting(fields, "reconfirm_every", PERIOD.match) if "reconfirm_every" in fields else "",
        digest=model.digest(data),
        text_digest=model.digest(body.encode()),
    )


def _instant(fields: Fields, key: str) -> datetime:
    return instant(fields.text(key), fields.path, fields.line_of(key), key)


def _fitting(fields: Fields, key: str, fits: Callable[[str], object], default: str | None = None) -> str:
    value = fields.text(key, default)
    if not fits(value):
        raise fields.wrong(key, key, f"`{key}` is {value!r}", RESTORE)
    return value


def _word(fields: Fields, key: str, words: type[Word], default: Word | None = None) -> Word:
    return words(_fitting(fields, key, list(words).__contains__, default))


def _changes(fields: Fields) -> tuple[Change, ...]:
    found = []
    for name in fields.entries:
        change = fields.fields(name)
        change.only("severity", "note", "editorial_because", "kinds", "was")
        severity = _word(change, "severity", Severity)
        kinds = tuple(kind.value for kind in change.texts("kinds"))
        was = tuple(old.value for old in change.texts("was"))
        note, because = change.text("note", ""), change.text("editorial_because", "")
        found.append(Change(name, severity, note, kinds, was, because))
    return tuple(found)


_EVENT_KEYS = {
    EventKind.WITHDRAW: ("version",),
    EventKind.ERRATUM: ("version", "clause"),
    EventKind.RETIRE: ("effective", "replaced_by", "notice_waived"),
}


def compose_event(event: Event) -> bytes:
    """The bytes of an event's ledger file."""
    values = {
        "event": event.kind,
        "at": event.at.isoformat(),
        "effective": event.effective.isoformat() if event.effective else "",
        "previous": event.previous,
        "version": event.version,
        "clause": event.clause,
        "replaced_by": event.replaced_by,
        "notice_waived": event.notice_waived,
        "reason": event.reason,
    }
    return "".join(f"{line}\n" for line in yaml.lines(values)).encode()


def parse_event(path: str, data: bytes) -> Event:
    """The event in a ledger file at ``versions/<document>/events/<n>.yml``; raises InForceError like :func:`parse`."""
    place, text = _placed(path, data, "n", _EVENT_NUMBER, "An event is versions/<document>/events/<n>.yml")
    fields = yaml.read(text, path)
    kind = _word(fields, "event", EventKind)
    fields.only("event", "at", "previous", *_EVENT_KEYS[kind], "reason")
    event = Event(
        document=place["document"],
        n=int(place["n"]),
        kind=kind,
        at=_instant(fields, "at"),
        previous=fields.text("previous"),
        version=fields.text("version", ""),
        clause=fields.text("clause", ""),
        reason=fields.text("reason"),
        effective=_instant(fields, "effective") if "effective" in fields else None,
        replaced_by=fields.text("replaced_by", ""),
        notice_waived=fields.text("notice_waived", ""),
        digest=model.digest(data),
    )
    _same_bytes(path, data, compose_event(event), "the command")
    return event


def parse_entry(path: str, data: bytes) -> Entry:
    """The version or the event in a ledger file, by the ending of its name; raises InForceError like :func:`parse`."""
    return parse(path, data) if path.endswith(".md") else parse_event(path, data)
