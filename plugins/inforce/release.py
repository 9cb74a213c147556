"""A draft and a ledger -> the next version: its number, dates, changes and severity, or everything that stands against it.

It decides and writes nothing: the command asks for what is missing and puts the files in place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from inforce import amendments, drafts, ledger, timeline
from inforce.amendments import ClauseChange
from inforce.errors import InForceError, Problem
from inforce.model import Change, Draft, Ledger, Note, Severity, Version


@dataclass(frozen=True)
class Wish:
    """What an editor says beside the draft.

    ``effective`` and ``announced`` are days (midnight in the policy's time zone) or instants; None is the moment of
    release. ``announced`` is for imports alone. ``notes`` complete and overrule those of the draft.
    """

    effective: date | datetime | None = None
    announced: date | datetime | None = None
    imported_from: str = ""
    summary: str = ""
    waived: str = ""
    notes: Mapping[str, Note] = field(default_factory=dict)


def pending_changes(draft: Draft, published: Ledger) -> tuple[ClauseChange, ...]:
    """What the draft changes against the last standing version; nothing where there is none."""
    if not published.standing:
        return ()
    was = {name: note.was for name, note in draft.notes.items()}
    return amendments.compare(published.standing[-1].clauses, draft.clauses, was)


def unclassified(draft: Draft, published: Ledger, wish: Wish) -> tuple[ClauseChange, ...]:
    """The changes that nobody has graded yet, or that are material and have no note."""
    found = []
    for change in pending_changes(draft, published):
        note = _note(draft, wish, change.clause)
        if note.severity is None or (note.severity is Severity.MATERIAL and not note.note):
            found.append(change)
    return tuple(found)


def _note(draft: Draft, wish: Wish, clause: str) -> Note:
    drafted, wished = draft.notes.get(clause, Note()), wish.notes.get(clause, Note())
    return Note(wished.severity or drafted.severity, wished.note or drafted.note, wished.was or drafted.was)


def prepare(draft: Draft, published: Ledger, wish: Wish, now: datetime) -> Version:
    """The version that a release at ``now`` would publish.

    Raises InForceError with every reason against it: unchanged text, an ungraded change, a material one without a note,
    no summary, a date before its predecessor's, an unmet notice period.
    """
    zone = ZoneInfo(draft.settings.timezone)
    moment = now.astimezone(zone).replace(microsecond=0)
    amended = published.standing[-1] if published.standing else None
    changes = _changes(draft, published, wish)
    severity = _severity(changes, amended)
    announced = _instant(wish.announced, draft, moment)
    version = Version(
        document=draft.document,
        number=next_number(published, severity),
        title=draft.settings.title,
        language=draft.settings.language,
        kind=draft.settings.kind,
        requires=draft.settings.requires,
        announced=announced,
        effective=_instant(wish.effective, draft, moment),
        severity=severity,
        previous=published.head,
        amends=amended.number if amended else None,
        summary=wish.summary or draft.summary,
        changes=changes,
        clauses=draft.clauses,
        notice_waived=wish.waived,
        imported_from=wish.imported_from,
    )
    if problems := _objections(draft, published, version, wish):
        raise InForceError(*problems)
    return ledger.parse(version.path, ledger.compose(version))


def _instant(wished: date | datetime | None, draft: Draft, moment: datetime) -> datetime:
    if wished is None:
        return moment
    if isinstance(wished, datetime):
        return wished
    if wished == moment.date():
        return moment
    return timeline.midnight(wished, draft.settings.timezone)


def _changes(draft: Draft, published: Ledger, wish: Wish) -> tuple[Change, ...]:
    found = []
    for change in pending_changes(draft, published):
        note = _note(draft, wish, change.clause)
        known = {clause.id for clause in published.standing[-1].clauses}
        was = tuple(name for name in note.was if name in known)
        found.append(Change(change.clause, note.severity or Severity.UNCLASSIFIED, note.note, change.kinds, was))
    return tuple(found)


def _severity(changes: tuple[Change, ...], amended: Version | None) -> Severity:
    if amended is None:
        return Severity.MATERIAL
    return Severity.highest(change.severity for change in changes)


def next_number(published: Ledger, severity: Severity) -> str:
    """The number after the last standing version's: a material version raises the major, any other the minor.

    Numbers once taken, by a withdrawn version too, are skipped. The first version is 1.0.
    """
    major, minor = ledger.number_of(published.standing[-1].number) if published.standing else (0, 0)
    raises_major = severity is Severity.MATERIAL or not published.standing
    while True:
        major, minor = (major + 1, 0) if raises_major else (major, minor + 1)
        if f"{major}.{minor}" not in published.by_number:
            return f"{major}.{minor}"


def _objections(draft: Draft, published: Ledger, version: Version, wish: Wish) -> list[Problem]:
    base = drafts.folder(draft.document)
    problems = _note_objections(draft, version, wish)
    if not version.summary:
        cure = "Write summary in next.yml, or give --summary: one or two plain sentences for customers"
        problems.append(Problem(f"{base}next.yml", 0, "summary-missing", "The version has no summary", cure))
    if published.standing and not version.changes and not settings_changed(draft, published.standing[-1]):
        what = f"The text is that of {published.standing[-1].number}"
        problems.append(Problem(base, 0, "unchanged", what, "Change a clause first; there is nothing to release"))
    if published.retirement:
        cure = "A retired policy has no further version"
        problems.append(Problem(base, 0, "retired", f"{draft.document} was retired", cure))
    return problems + _date_objections(draft, published, version, wish)


def settings_changed(draft: Draft, amended: Version) -> bool:
    """Whether what the version asks of a customer, its kind or its title differs: reason enough for a release."""
    settings = draft.settings
    return (settings.title, settings.kind, settings.requires) != (amended.title, amended.kind, amended.requires)


def _note_objections(draft: Draft, version: Version, wish: Wish) -> list[Problem]:
    problems = []
    for change in version.changes:
        removed = "removed" in change.kinds
        path = drafts.folder(draft.document) + ("next.yml" if removed else f"{change.clause}.md")
        line = 0 if removed else 1
        if change.severity is Severity.UNCLASSIFIED and not wish.imported_from:
            what = f"Nobody has said how much the change of `{change.clause}` means ({', '.join(change.kinds)})"
            cure = 'Write severity: "editorial", "notice" or "material" in its front matter'
            if removed:
                cure = "Write it in next.yml under changes, with its severity and a note"
            problems.append(Problem(path, line, "severity-missing", what, cure))
        elif change.severity is Severity.MATERIAL and not change.note:
            what = f"The material change of `{change.clause}` has no note for customers"
            problems.append(Problem(path, line, "note-missing", what, 'Write note: "…", one plain sentence'))
    return problems


def _date_objections(draft: Draft, published: Ledger, version: Version, wish: Wish) -> list[Problem]:
    base = drafts.folder(draft.document)
    problems = []

    def object_to(rule: str, what: str, cure: str) -> None:
        problems.append(Problem(base, 0, rule, what, cure))

    if wish.announced is not None and not wish.imported_from:
        object_to(
            "announced", "Only an import looks back: `announced` is the moment of release", "Leave --announced out"
        )
    if version.effective < version.announced:
        what = f"It would take effect ({_day(version.effective)}) before it is announced ({_day(version.announced)})"
        object_to("effective", what, "Choose a later --effective")
    if published.standing and version.effective < published.standing[-1].effective:
        before = published.standing[-1]
        what = f"It would take effect before {before.number} does ({_day(before.effective)})"
        object_to("effective", what, f"Choose {_day(before.effective)} or later, or withdraw {before.number} first")
    if short := notice_missing(draft, version, version.announced):
        object_to("notice", *short)
    return problems


def notice_missing(draft: Draft, version: Version, published: datetime) -> tuple[str, str] | None:
    """What is wrong, and the cure, where fewer days lie between ``published`` and the day of effect than are due.

    The first version and imports need no notice; a waiver states its reason in the version. Days are whole calendar
    days in the policy's time zone.
    """
    if version.amends is None or version.imported_from or version.notice_waived:
        return None
    severity = Severity.MATERIAL if version.severity is Severity.UNCLASSIFIED else version.severity
    due = draft.settings.notice_days[severity]
    zone = draft.settings.timezone
    given = timeline.notice_given(published, version.effective, zone)
    if given >= due:
        return None
    first = timeline.earliest(published, due, zone)
    what = f"A {severity} change needs {due} days of notice and would get {max(given, 0)}"
    return what, f"Choose {first} or later, or give --waive-notice with a reason that customers will read"


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def again(draft: Draft, published: Ledger, former: Version) -> tuple[Ledger, Draft]:
    """The ledger without an unpublished version that is made again, and the draft with that version's notes as a start.

    Raises InForceError where something in the chain follows ``former``: the last one is remade first.
    """
    followers = [entry for entry in published.entries if entry.previous == former.digest]
    if followers:
        what = f"{followers[0].path} follows it in the chain"
        raise InForceError(Problem(former.path, 0, "again", what, "Make the last version again first"))
    remaining = Ledger(published.document, tuple(entry for entry in published.entries if entry != former))
    kept = {
        change.clause: Note(
            None if change.severity is Severity.UNCLASSIFIED else change.severity, change.note, change.was
        )
        for change in former.changes
    }
    merged = {**kept, **draft.notes}
    return remaining, replace(draft, notes=merged, summary=draft.summary or former.summary)
