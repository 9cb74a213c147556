"""A draft and a ledger -> the next version: its number, dates, changes, severity, or everything that stands against it.

It decides and writes nothing: the command asks for what is missing and puts the files in place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from inforce.changes import clauses as amendments
from inforce.changes import editorial
from inforce.changes.clauses import ClauseChange
from inforce.changes.editorial import Sign
from inforce.draft import files as drafts
from inforce.draft import rules
from inforce.errors import InForceError, Level, Problem, errors, meant
from inforce.ledger import files as ledger
from inforce.ledger import timeline
from inforce.model import Change, Draft, Ledger, Note, Settings, Severity, Version
from inforce.release import notice as promises
from inforce.text import normal as texts


@dataclass(frozen=True)
class ReleaseOptions:
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


def pending_changes(draft: Draft, published: Ledger, options: ReleaseOptions | None = None) -> tuple[ClauseChange, ...]:
    """What the draft changes against the last standing version; nothing where there is none."""
    if not published.standing:
        return ()
    options = options or ReleaseOptions()
    was = {name: _note(draft, options, name).was for name in {**draft.notes, **options.notes}}
    return amendments.compare(published.standing[-1].clauses, draft.clauses, was)


def unclassified(draft: Draft, published: Ledger, options: ReleaseOptions) -> tuple[ClauseChange, ...]:
    """The changes that nobody has graded yet, that are material and have no note, or that are hardly editorial."""
    found = []
    doubtful = signs(draft, published, options)
    for change in pending_changes(draft, published, options):
        note = _note(draft, options, change.clause)
        silent = note.severity is Severity.MATERIAL and not note.note
        if note.severity is None or silent or change.clause in doubtful:
            found.append(change)
    return tuple(found)


def signs(draft: Draft, published: Ledger, options: ReleaseOptions) -> Mapping[str, Sequence[Sign]]:
    """For each change called editorial, with no reason given, the signs that it is not; nothing of an import.

    Empty where the policy has turned the rule off.
    """
    if not published.standing or options.imported_from or not rules.level(draft.settings.checks, "not-editorial"):
        return {}
    changes = graded_changes(draft, published, options)
    return editorial.doubtful(published.standing[-1].clauses, draft.clauses, changes, draft.settings.language)


def doubts(draft: Draft, published: Ledger, options: ReleaseOptions) -> list[Problem]:
    """The same as problems, one a clause, of the level that the policy gives the rule."""
    level = rules.level(draft.settings.checks, "not-editorial")
    problems = []
    for name, found in signs(draft, published, options).items():
        what = f"The change of `{name}` is called editorial, but touches {texts.listed(map(str, found), 3)}"
        cure = 'Grade it "notice" or "material", or say why its meaning stays: editorial_because: "…"'
        path, line = place_of(draft, name)
        problems.append(Problem(path, line, "not-editorial", what, cure, level or Level.ERROR))
    return problems


def place_of(draft: Draft, name: str) -> tuple[str, int]:
    """Where the coming change of a clause is noted: its file's front matter, or ``next.yml`` where the file is gone."""
    gone = all(clause.id != name for clause in draft.clauses)
    return (f"{drafts.folder(draft.document)}next.yml", 0) if gone else (f"{drafts.folder(draft.document)}{name}.md", 1)


def _note(draft: Draft, options: ReleaseOptions, clause: str) -> Note:
    drafted, wished = draft.notes.get(clause, Note()), options.notes.get(clause, Note())
    text = texts.one_line(wished.note) or drafted.note
    because = texts.one_line(wished.because)
    if not wished.severity or wished.severity is Severity.EDITORIAL:
        because = because or drafted.because
    return Note(wished.severity or drafted.severity, text, wished.was or drafted.was, because)


def prepare(draft: Draft, published: Ledger, options: ReleaseOptions, now: datetime) -> Version:
    """The version that a release at ``now`` would publish.

    Raises InForceError with every reason against it: unchanged text, an ungraded change, a material one without a note,
    no summary, a date before its predecessor's, an unmet notice period.
    """
    version = proposed(draft, published, options, now)
    if problems := objections(draft, published, version, options, now):
        raise InForceError(*problems)
    return version


def proposed(draft: Draft, published: Ledger, options: ReleaseOptions, now: datetime) -> Version:
    """The version as it would be read from its file, whatever stands against it. The draft's clauses are sound."""
    moment = timeline.local(now, draft.settings.timezone).replace(microsecond=0)
    amended = _amended(published)
    changes = graded_changes(draft, published, options)
    severity = severity_of(draft, published, options)
    announced = _instant(options.announced, draft, moment)
    version = Version(
        document=draft.document,
        number=next_number(published, severity),
        title=draft.settings.title,
        language=draft.settings.language,
        kind=draft.settings.kind,
        requires=draft.settings.requires,
        announced=announced,
        effective=_instant(options.effective, draft, moment),
        severity=severity,
        previous=published.head,
        amends=amended.number if amended else None,
        summary=texts.one_line(options.summary) or draft.summary,
        changes=changes,
        clauses=draft.clauses,
        notice_waived=texts.one_line(options.waived),
        imported_from=texts.one_line(options.imported_from),
    )
    return ledger.parse(version.path, ledger.compose(version))


def _instant(wished: date | datetime | None, draft: Draft, moment: datetime) -> datetime:
    if wished is None:
        return moment
    if isinstance(wished, datetime):
        return wished
    if wished == moment.date():
        return moment
    return timeline.midnight(wished, draft.settings.timezone)


def graded_changes(draft: Draft, published: Ledger, options: ReleaseOptions) -> tuple[Change, ...]:
    """The draft's changes with what was said of each; ``unclassified`` where nobody has graded one yet."""
    found = []
    for change in pending_changes(draft, published, options):
        note = _note(draft, options, change.clause)
        known = {clause.id for clause in published.standing[-1].clauses}
        was = tuple(name for name in note.was if name in known)
        severity = note.severity or Severity.UNCLASSIFIED
        found.append(Change(change.clause, severity, note.note, change.kinds, was, note.because))
    return tuple(found)


def severity_of(draft: Draft, published: Ledger, options: ReleaseOptions) -> Severity:
    """What the coming version would be graded: the highest of its changes; material where nothing stands before it."""
    if not published.standing:
        return Severity.MATERIAL
    return Severity.highest(change.severity for change in graded_changes(draft, published, options))


def earliest_effective(draft: Draft, published: Ledger, options: ReleaseOptions, now: datetime) -> date:
    """The first day on which a release at ``now`` can take effect, its notice given, and not before its predecessor."""
    zone = ZoneInfo(draft.settings.timezone)
    today = now.astimezone(zone).date()
    if not published.standing:
        return today
    severity = severity_of(draft, published, options)
    excused = options.imported_from or options.waived
    due = 0 if excused else notice_due(draft, published.standing[-1], severity)
    day = timeline.earliest(now, due, draft.settings.timezone)
    before = published.standing[-1].effective
    if before <= _instant(day, draft, now.astimezone(zone)):
        return day
    first = before.astimezone(zone).date()
    whole = timeline.midnight(first, draft.settings.timezone) >= before
    return max(day, first if whole else first + timedelta(days=1))


def notice_due(draft: Draft, amended: Version | None, severity: Severity) -> int:
    """The whole calendar days of notice that are due of a change; what nobody graded counts as material.

    The stricter of ``policy.yml`` and what the text that is amended promises, unless the policy turns that rule off.
    """
    severity = Severity.MATERIAL if severity is Severity.UNCLASSIFIED else severity
    days = draft.settings.notice_days[severity]
    if amended is None or rules.level(draft.settings.checks, "promised-notice") is not Level.ERROR:
        return days
    promised = promises.of_notice(amended.clauses, amended.language).get(severity)
    return max(days, promised.days) if promised else days


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


def objections(
    draft: Draft, published: Ledger, version: Version, options: ReleaseOptions, now: datetime
) -> list[Problem]:
    """Every reason against releasing ``version``, which was proposed with ``options`` at ``now``."""
    base = drafts.folder(draft.document)
    if published.retirement:
        cure = "A retired policy has no further version"
        return [Problem(base, 0, "retired", f"{draft.document} was retired", cure)]
    if published.standing and not version.changes and not settings_changed(draft, published.standing[-1]):
        what = f"The text is that of {published.standing[-1].number}"
        return [Problem(base, 0, "unchanged", what, "Change a clause first; there is nothing to release")]
    problems = [*_note_objections(draft, version, options), *_idle_wishes(draft, version, options)]
    problems.extend(errors(doubts(draft, published, options)))
    if not version.summary:
        cure = "Write summary in next.yml, or give --summary: one or two plain sentences for customers"
        problems.append(Problem(f"{base}next.yml", 0, "summary-missing", "The version has no summary", cure))
    return problems + _date_objections(draft, published, version, options, now)


def settings_changed(draft: Draft, amended: Version) -> bool:
    """Whether what the version asks of a customer, its kind or its title differs: reason enough for a release."""
    return not asks_the_same(draft.settings, amended)


def asks_the_same(one: Settings | Version, other: Settings | Version) -> bool:
    """Whether title, kind and what is asked of a customer are the same on both sides."""
    return (one.title, one.kind, one.requires) == (other.title, other.kind, other.requires)


def _note_objections(draft: Draft, version: Version, options: ReleaseOptions) -> list[Problem]:
    problems = []
    for change in version.changes:
        path, line = place_of(draft, change.clause)
        if change.severity is Severity.UNCLASSIFIED and not options.imported_from:
            what = f"Nobody has said how much the change of `{change.clause}` means ({', '.join(change.kinds)})"
            cure = 'Write severity: "editorial", "notice" or "material" in its front matter'
            if "removed" in change.kinds:
                cure = "Write it in next.yml under changes, with its severity and a note"
            problems.append(Problem(path, line, "severity-missing", what, cure))
        elif change.because and change.severity is not Severity.EDITORIAL:
            what = f"A reason says why `{change.clause}` is editorial, and it is graded {change.severity}"
            problems.append(Problem(path, line, "editorial-because", what, "Take one of the two out"))
        elif change.severity is Severity.MATERIAL and not change.note:
            what = f"The material change of `{change.clause}` has no note for customers"
            problems.append(Problem(path, line, "note-missing", what, 'Write note: "…", one plain sentence'))
    return problems


def _idle_wishes(draft: Draft, version: Version, options: ReleaseOptions) -> list[Problem]:
    """Notes given beside the draft for clauses that do not change: a slip of the pen, most likely."""
    changed = [change.clause for change in version.changes]
    problems = []
    for name in options.notes:
        if name not in changed:
            cure = meant(name, changed, f"Changed are: {', '.join(changed) or 'none'}")
            what = f"`{name}` is graded or noted, but there is no change of it"
            problems.append(Problem(drafts.folder(draft.document), 0, "idle-note", what, cure))
    return problems


def _date_objections(
    draft: Draft, published: Ledger, version: Version, options: ReleaseOptions, now: datetime
) -> list[Problem]:
    base = drafts.folder(draft.document)
    problems = []

    def object_to(rule: str, what: str, cure: str) -> None:
        problems.append(Problem(base, 0, rule, what, cure))

    if options.imported_from and any(not before.imported_from for before in published.versions):
        cure = "Leave --imported-from out: what is imported stands before what was released here"
        object_to("imported", "A version that was released here comes before this import", cure)
    if options.announced is not None and not options.imported_from:
        object_to(
            "announced", "Only an import looks back: `announced` is the moment of release", "Leave --announced out"
        )
    if version.announced > now:
        what = f"It would be announced ahead, on {_day(version.announced)}"
        object_to("announced", what, "Choose a day that is past")
    if published.entries and version.announced < (latest := ledger.moment(published.entries[-1])):
        entry = published.entries[-1].path
        what = f"It would be announced ({_day(version.announced)}) before {entry} is ({_day(latest)})"
        object_to("announced", what, "Choose a later --announced, or set this machine's clock")
    if version.effective < version.announced:
        what = f"It would take effect ({_day(version.effective)}) before it is announced ({_day(version.announced)})"
        object_to("effective", what, "Choose a later --effective")
    if published.standing and version.effective < published.standing[-1].effective:
        before = published.standing[-1]
        what = f"It would take effect before {before.number} does ({_day(before.effective)})"
        object_to("effective", what, f"Choose {_day(before.effective)} or later, or withdraw {before.number} first")
    # How much notice is due is not known before every change is graded.
    graded = version.severity is not Severity.UNCLASSIFIED and version.effective >= version.announced
    if graded and (short := notice_missing(draft, _amended(published), version, version.announced)):
        object_to("notice", *short)
    return problems


def _amended(published: Ledger) -> Version | None:
    return published.standing[-1] if published.standing else None


def notice_missing(
    draft: Draft, amended: Version | None, version: Version, published: datetime
) -> tuple[str, str] | None:
    """What is wrong, and the cure, where fewer days lie between ``published`` and the day of effect than are due.

    The first version and imports need no notice; a waiver states its reason in the version. Days are whole calendar
    days in the policy's time zone. Where none are due, the day of publication may even be later than that of effect: a
    version for "today" that is published after midnight.
    """
    due = notice_due(draft, amended, version.severity)
    if not due or version.amends is None or version.imported_from or version.notice_waived:
        return None
    zone = draft.settings.timezone
    given = timeline.notice_given(published, version.effective, zone)
    if given >= due:
        return None
    first = timeline.earliest(published, due, zone)
    what = f"{_an(version.severity)} change needs {due} days of notice and would get {max(given, 0)}"
    return what, f"Choose {first} or later, or give --waive-notice with a reason that customers will read"


def _an(severity: Severity) -> str:
    return f"{'An' if severity[0] in 'aeiou' else 'A'} {severity}"


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
    merged = {**notes_of(former), **draft.notes}
    return remaining, replace(draft, notes=merged, summary=draft.summary or former.summary)


def notes_of(version: Version) -> dict[str, Note]:
    """What an editor said of each change of ``version``, by clause."""
    found = {}
    for change in version.changes:
        severity = None if change.severity is Severity.UNCLASSIFIED else change.severity
        found[change.clause] = Note(severity, change.note, change.was, change.because)
    return found
