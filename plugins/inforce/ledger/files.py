"""Version and event files <-> values; their digests and the chain that they form.

Bytes in, values out. What is read is exactly what a release writes: a file that would be written differently is
refused, because a legal record never guesses. Whether published files were touched since is a question for git
(adapters).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from inforce import model
from inforce.draft import files as drafts
from inforce.errors import InForceError, Problem, fail
from inforce.model import Change, Event, EventKind, Ledger, Requirement, Severity, Version
from inforce.text import clauses as clause_text
from inforce.text import normal as texts
from inforce.text import yaml as frontmatter
from inforce.text.yaml import Fields, quoted, quoted_list

FORMAT = "1"
NUMBER = re.compile(r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\Z")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?\Z", re.ASCII)
_YEARS = range(1900, 3000)  # far from where a date in another time zone would leave the calendar
_VERSION_PATH = re.compile(r"versions/(?P<document>[^/]+)/(?P<name>[^/]+)\.md\Z")
_EVENT_PATH = re.compile(r"versions/(?P<document>[^/]+)/events/(?P<name>[^/]+)\.yml\Z")
_RESTORE = "Bring back the file as it was released (git log -- versions tells its commit)"

_KEYS = (
    *("format", "document", "version", "title", "language", "kind", "requires", "announced", "effective"),
    *("severity", "previous", "amends", "summary", "changes", "notice_waived", "imported_from"),
)
_OPTIONAL = frozenset(("previous", "amends", "changes", "notice_waived", "imported_from"))


def number_of(text: str) -> tuple[int, int]:
    """The (major, minor) of a version number such as ``1.10``."""
    major, minor = text.split(".")
    return int(major), int(minor)


def moment(entry: Version | Event) -> datetime:
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
    if found.year not in _YEARS:
        what = f"`{key}` lies outside the years {_YEARS[0]} to {_YEARS[-1]}: {text!r}"
        raise fail(path, line, "instant", what, "Correct the date")
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
        "announced": version.announced.isoformat(),
        "effective": version.effective.isoformat(),
        "severity": version.severity,
        "previous": version.previous or "",
        "amends": version.amends or "",
        "summary": version.summary,
    }
    front = [f"{key}: {quoted(value)}" for key, value in values.items() if value or key not in _OPTIONAL]
    if version.changes:
        front.append("changes:")
        front.extend(line for change in version.changes for line in _change_lines(change))
    extras = {"notice_waived": version.notice_waived, "imported_from": version.imported_from}
    front.extend(f"{key}: {quoted(value)}" for key, value in extras.items() if value)
    return ("---\n" + "\n".join(front) + "\n---\n" + clause_text.compose(version.title, version.clauses)).encode()


def _change_lines(change: Change) -> list[str]:
    found = [f"  {change.clause}:", f"    severity: {quoted(change.severity)}"]
    if change.note:
        found.append(f"    note: {quoted(change.note)}")
    if change.because:
        found.append(f"    editorial_because: {quoted(change.because)}")
    found.append(f"    kinds: {quoted_list(change.kinds)}")
    if change.was:
        found.append(f"    was: {quoted_list(change.was)}")
    return found


def parse(path: str, data: bytes) -> Version:
    """The version in a ledger file at ``versions/<document>/<number>.md``.

    Raises InForceError where the bytes are not those that :func:`compose` would write of it.
    """
    place = _VERSION_PATH.match(path)
    if not place or not NUMBER.match(place["name"]):
        raise fail(path, 0, "ledger-path", "A version is versions/<document>/<major>.<minor>.md", "Move or delete it")
    if b"\r\n" in data:
        raise fail(path, 0, "line-endings", "The file differs from the released one by line endings", _LINE_ENDINGS)
    fields, body, before = frontmatter.split(texts.decode(data, path), path)
    if fields is None:
        raise fail(path, 1, "front-matter", "The file has no front matter", _RESTORE)
    fields.only(*_KEYS)
    if (told := fields.text("format")) != FORMAT:
        cure = "Update In Force to a release that knows it"
        raise fail(path, fields.line_of("format"), "format", f"Format {told!r} is not known here", cure)
    _agrees(fields, "document", place["document"])
    _agrees(fields, "version", place["name"])
    version = _version(fields, body, before, data)
    if compose(version) != data:
        line = texts.first_difference(compose(version).decode(), data.decode())
        raise fail(path, line, "ledger-form", "The file is not as a release writes it, byte for byte", _RESTORE)
    return version


def line_of(version: Version, key: str) -> int:
    """The line of a version's file on which ``key`` stands; 0 where it has none."""
    written = compose(version).decode().split("\n---\n", 1)[0].split("\n")
    return next((number for number, line in enumerate(written, 1) if line.startswith(f"{key}:")), 0)


_LINE_ENDINGS = "Delete it and run `git checkout -- versions`; mend .gitattributes first, where inforce check says so"


def _agrees(fields: Fields, key: str, expected: str) -> None:
    if fields.text(key) != expected:
        what = f"`{key}` says {fields.text(key)!r}, the file's place says {expected!r}"
        raise fail(fields.path, fields.line_of(key), "ledger-path", what, "Move the file back to where it was released")


def _version(fields: Fields, body: str, before: int, data: bytes) -> Version:
    requires, severity = _word(fields, "requires", Requirement), _word(fields, "severity", Severity)
    dates = {
        key: instant(fields.text(key), fields.path, fields.line_of(key), key) for key in ("announced", "effective")
    }
    title = fields.text("title")
    return Version(
        document=fields.text("document"),
        number=fields.text("version"),
        title=title,
        language=_matching(fields, "language", drafts.LANGUAGE),
        kind=_word(fields, "kind", drafts.KINDS),
        requires=Requirement(requires),
        announced=dates["announced"],
        effective=dates["effective"],
        severity=Severity(severity),
        previous=fields.text("previous", "") or None,
        amends=fields.text("amends", "") or None,
        summary=fields.text("summary"),
        changes=_changes(fields.fields("changes")),
        clauses=clause_text.decompose(title, body, fields.path, before),
        notice_waived=fields.text("notice_waived", ""),
        imported_from=fields.text("imported_from", ""),
        digest=model.digest(data),
        text_digest=model.digest(body.encode()),
    )


def _matching(fields: Fields, key: str, pattern: re.Pattern[str]) -> str:
    value = fields.text(key)
    if not pattern.match(value):
        raise fail(fields.path, fields.line_of(key), key, f"`{key}` is {value!r}", _RESTORE)
    return value


def _word(fields: Fields, key: str, words: Iterable[str]) -> str:
    word = fields.text(key)
    if word not in list(words):
        raise fail(
            fields.path, fields.line_of(key), key, f"`{word}` is not known for `{key}`", f"Write {', '.join(words)}"
        )
    return word


def _changes(fields: Fields) -> tuple[Change, ...]:
    found = []
    for name in fields.entries:
        change = fields.fields(name)
        change.only("severity", "note", "editorial_because", "kinds", "was")
        severity = Severity(_word(change, "severity", Severity))
        kinds = tuple(kind.value for kind in change.texts("kinds"))
        was = tuple(old.value for old in change.texts("was"))
        note, because = change.text("note", ""), change.text("editorial_because", "")
        found.append(Change(name, severity, note, kinds, was, because))
    return tuple(found)


_EVENT_KEYS = {EventKind.WITHDRAW: ("version",), EventKind.ERRATUM: ("version", "clause"), EventKind.RETIRE: ()}


def compose_event(event: Event) -> bytes:
    """The bytes of an event's ledger file."""
    values = {
        "event": event.kind,
        "at": event.at.isoformat(),
        "previous": event.previous,
        "version": event.version,
        "clause": event.clause,
        "reason": event.reason,
    }
    return "".join(f"{key}: {quoted(value)}\n" for key, value in values.items() if value).encode()


def parse_event(path: str, data: bytes) -> Event:
    """The event in a ledger file at ``versions/<document>/events/<n>.yml``; raises InForceError like :func:`parse`."""
    place = _EVENT_PATH.match(path)
    if not place or not re.fullmatch(r"[1-9][0-9]{0,8}", place["name"]):
        raise fail(path, 0, "ledger-path", "An event is versions/<document>/events/<n>.yml", "Move or delete it")
    if b"\r\n" in data:
        raise fail(path, 0, "line-endings", "The file differs from the released one by line endings", _LINE_ENDINGS)
    fields = frontmatter.read(texts.decode(data, path), path)
    kind = EventKind(_word(fields, "event", EventKind))
    fields.only("event", "at", "previous", *_EVENT_KEYS[kind], "reason")
    event = Event(
        document=place["document"],
        n=int(place["name"]),
        kind=kind,
        at=instant(fields.text("at"), path, fields.line_of("at"), "at"),
        previous=fields.text("previous"),
        version=fields.text("version", ""),
        clause=fields.text("clause", ""),
        reason=fields.text("reason"),
        digest=model.digest(data),
    )
    if compose_event(event) != data:
        line = texts.first_difference(compose_event(event).decode(), data.decode())
        raise fail(path, line, "ledger-form", "The file is not as the command writes it, byte for byte", _RESTORE)
    return event


def read(document: str, files: Mapping[str, bytes]) -> tuple[Ledger, tuple[Problem, ...]]:
    """The ledger of one document out of its files (path -> bytes), in chain order, with everything wrong in it.

    Files that cannot be read, or that the chain does not reach, are left out of the ledger and named in the problems.
    """
    entries: list[Version | Event] = []
    problems: list[Problem] = []
    for path in sorted(files):
        try:
            entries.append(parse(path, files[path]) if path.endswith(".md") else parse_event(path, files[path]))
        except InForceError as error:
            problems.extend(error.problems)
    chain, broken = _chain(entries, sorted({problem.path for problem in problems}))
    problems.extend(broken)
    ledger = Ledger(document, tuple(chain))
    for position, entry in enumerate(chain):
        if isinstance(entry, Event):
            problems.extend(_event_problems(Ledger(document, tuple(chain[:position])), entry))
    return ledger, tuple(problems)


def _chain(
    entries: Sequence[Version | Event], unreadable: Sequence[str]
) -> tuple[list[Version | Event], list[Problem]]:
    """The entries from the first one on, each named by its successor; and where that order breaks."""
    followers: dict[str | None, list[Version | Event]] = {}
    for entry in entries:
        followers.setdefault(entry.previous, []).append(entry)
    problems = [_fork(found) for found in followers.values() if len(found) > 1]
    known = {entry.digest for entry in entries}
    orphans = [entry for entry in entries if entry.previous is not None and entry.previous not in known]
    problems.extend(_orphan(entry, entries, unreadable) for entry in orphans)
    chain: list[Version | Event] = []
    following = followers.get(None, [])
    while len(following) == 1:
        chain.append(following[0])
        following = followers.get(following[0].digest, [])
    return chain, problems


def _fork(found: Sequence[Version | Event]) -> Problem:
    names = " and ".join(entry.path.rpartition("/")[2] for entry in found)
    what = f"{names} both follow the same file" if found[0].previous else f"{names} both claim to be the first"
    return Problem(found[-1].path, 0, "chain-fork", f"{what}: they were made in parallel", _fork_cure(found))


def _fork_cure(found: Sequence[Version | Event]) -> str:
    """Naming one that can be made again by the command; an event has nothing to be made again but its few words."""
    versions = [entry for entry in found if isinstance(entry, Version)]
    if not versions:
        return "Keep the published one, delete the other and give its command again"
    again = f"inforce release {versions[-1].document} --again {versions[-1].number}"
    if len(found) > len(versions):
        return f"Make the version again: {again}; or, if it is published, delete the event and give its command again"
    return f"Keep the published one and make the other again, for example: {again}"


def _orphan(entry: Version | Event, entries: Sequence[Version | Event], unreadable: Sequence[str]) -> Problem:
    followed = {other.previous for other in entries}
    loose = [e for e in entries if e is not entry and e.digest not in followed and moment(e) <= moment(entry)]
    likely = f" (most likely {max(loose, key=moment).path})" if loose else ""
    if unreadable:
        likely = f" ({', '.join(unreadable)} cannot be read)"
    what = f"The file before this one is missing or was changed{likely}: none here has the digest {entry.previous}"
    line = line_of(entry, "previous") if isinstance(entry, Version) else 3
    return Problem(entry.path, line, "chain", what, f"{_RESTORE}; inforce verify names the commit that changed it")


def _event_problems(before: Ledger, event: Event) -> list[Problem]:
    """What an event may not say, given the chain before it."""

    def problem(what: str, cure: str) -> list[Problem]:
        return [Problem(event.path, 0, "event", what, cure)]

    if before.retirement and event.kind is not EventKind.ERRATUM:
        return problem("The policy was retired before", "Delete the event, if it is unpublished")
    if event.kind is EventKind.RETIRE:
        return []
    version = before.by_number.get(event.version)
    if version is None:
        return problem(
            f"It names version {event.version!r}, which is not before it in the chain", "Name a version that is"
        )
    if event.kind is EventKind.ERRATUM:
        if event.clause and event.clause not in version.by_id:
            return problem(f"Version {event.version} has no clause `{event.clause}`", "Name a clause of that version")
        return []
    if version not in before.standing[-1:]:
        return problem(
            "Only the last standing version can be withdrawn", "Release a version that restores the older text"
        )
    if event.at >= version.effective:
        return problem(
            "A version that has taken effect is never withdrawn", "Release a version that restores the older text"
        )
    return []
