"""A draft, or a part of it, and a ledger -> the next version: its number, dates, changes, severity, or all against it.

It decides and writes nothing: the command asks for what is missing and puts the files in place.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from inforce.changes import editorial, kinds
from inforce.changes.editorial import Sign
from inforce.changes.kinds import ClauseChange
from inforce.changes.versions import TERMS
from inforce.draft import settings
from inforce.draft.folder import draft_folder, place_of
from inforce.errors import InForceError, Level, Problem, errors, fail, meant, refuse
from inforce.ledger import entries, timeline
from inforce.model import PREAMBLE, Change, Draft, Ledger, Note, Policy, Settings, Severity, Version
from inforce.release import notice, rules
from inforce.text import normal

_RELEASED = (*TERMS, "language")
"""What a version takes over from the settings, beside the order of the clauses."""

DRAFT = "draft"
"""Stands where a version's number would: in the draft's address and in that of its redline."""


@dataclass(frozen=True)
class ReleaseOptions:
    """What an editor says beside the draft.

    ``effective`` and ``announced`` are days (midnight in the policy's time zone) or instants; None is the moment of
    release. ``announced`` is for imports alone. ``accept_by`` is a day, which counts to its last second, or an instant;
    None leaves it to the draft. ``notes`` complete and overrule those of the draft.
    """

    effective: date | datetime | None = None
    announced: date | datetime | None = None
    accept_by: date | datetime | None = None
    imported_from: str = ""
    summary: str = ""
    waived: str = ""
    notes: Mapping[str, Note] = field(default_factory=dict)


AS_DRAFTED = ReleaseOptions()
"""An editor says nothing beside the draft."""


def pending_changes(draft: Draft, published: Ledger, options: ReleaseOptions = AS_DRAFTED) -> tuple[ClauseChange, ...]:
    """What the draft changes against the last standing version; nothing where there is none."""
    if not published.amended:
        return ()
    return kinds.compare(published.amended.clauses, draft.clauses, _was(draft, options))


def touched(draft: Draft, published: Ledger) -> frozenset[str]:
    """The clauses that the draft changes, by id: what is quickly told of :func:`pending_changes`."""
    if not published.amended:
        return frozenset()
    return kinds.touched(published.amended.clauses, draft.clauses, _was(draft, AS_DRAFTED))


def _was(draft: Draft, options: ReleaseOptions) -> dict[str, tuple[str, ...]]:
    return {name: _note(draft, options, name).was for name in {**draft.notes, **options.notes}}


def unclassified(draft: Draft, published: Ledger, options: ReleaseOptions) -> tuple[Change, ...]:
    """The changes that nobody has graded yet, that are material and have no note, or that are hardly editorial."""
    doubtful = signs(draft, published, options)
    return tuple(
        change
        for change in graded_changes(draft, published, options)
        if change.severity is Severity.UNCLASSIFIED
        or (change.severity is Severity.MATERIAL and not change.note)
        or change.clause in doubtful
    )


def signs(draft: Draft, published: Ledger, options: ReleaseOptions) -> Mapping[str, Sequence[Sign]]:
    """For each change called editorial, with no reason given, the signs that it is not; nothing of an import.

    Empty where the policy has turned the rule off.
    """
    if not published.amended or options.imported_from or not settings.level(draft.settings.checks, "not-editorial"):
        return {}
    changes = graded_changes(draft, published, options)
    return editorial.doubtful(published.amended.clauses, draft.clauses, changes, draft.settings.language)


def doubts(draft: Draft, published: Ledger, options: ReleaseOptions = AS_DRAFTED) -> list[Problem]:
    """The same as problems, one a clause, of the level that the policy gives the rule."""
    level = settings.level(draft.settings.checks, "not-editorial")
    problems = []
    for name, found in signs(draft, published, options).items():
        what = f"The change of `{name}` is called editorial, but touches {normal.listed(map(str, found), 3)}"
        cure = 'Grade it "notice" or "material", or say why its meaning stays: editorial_because: "…"'
        path, line = place_of(draft, name)
        problems.append(Problem(path, line, "not-editorial", what, cure, level or Level.ERROR))
    return problems


def _note(draft: Draft, options: ReleaseOptions, clause: str) -> Note:
    drafted, said = draft.notes.get(clause, Note()), options.notes.get(clause, Note())
    text = normal.one_line(said.note) or drafted.note
    because = normal.one_line(said.because)
    if not said.severity or said.severity is Severity.EDITORIAL:
        because = because or drafted.because
    return Note(said.severity or drafted.severity, text, said.was or drafted.was, because)


def prepare(draft: Draft, published: Ledger, options: ReleaseOptions, now: datetime) -> Version:
    """The version that a release at ``now`` would publish.

    Raises InForceError with every reason against it: unchanged text, an ungraded change, a material one without a note,
    no summary, a date before its predecessor's, an unmet notice period.
    """
    version = proposed(draft, published, options, now)
    refuse(objections(draft, published, version, options, now))
    return version


def proposed(draft: Draft, published: Ledger, options: ReleaseOptions, now: datetime) -> Version:
    """The version as it would be read from its file, whatever stands against it. The draft's clauses are sound."""
    _reachable(draft, options)
    moment = timeline.local(now, draft.settings.zone).replace(microsecond=0)
    drafted = _as_version(draft, published, options, moment)
    version = replace(
        drafted,
        number=rules.next_number(published, drafted.severity),
        announced=_instant(options.announced, draft, moment),
        effective=_instant(options.effective, draft, moment),
        accept_by=_last_instant(options.accept_by or draft.accept_by, draft),
        notice_waived=normal.one_line(options.waived),
        imported_from=normal.one_line(options.imported_from),
    )
    return entries.parse(version.path, entries.compose(version))


def _as_version(draft: Draft, published: Ledger, options: ReleaseOptions, at: datetime) -> Version:
    """The draft in the shape of a version without a number, its dates those of ``at``."""
    changes = graded_changes(draft, published, options)
    return Version(
        document=draft.document,
        number=DRAFT,
        announced=at,
        effective=at,
        severity=rules.severity_of(published.amended, changes),
        previous=published.head,
        amends=published.amended.number if published.amended else None,
        summary=normal.one_line(options.summary) or draft.summary,
        changes=changes,
        clauses=draft.clauses,
        **{term: getattr(draft.settings, term) for term in _RELEASED},
    )


def settings_released(given: Settings, version: Version) -> Settings:
    """Return the settings with what a version was released with; the rest of them is in no version."""
    released = {term: getattr(version, term) for term in _RELEASED}
    return replace(given, clauses=tuple(version.by_id), **released)


def _reachable(draft: Draft, options: ReleaseOptions) -> None:
    """Raise InForceError for a day so far off that another time zone could lead out of the calendar."""
    said = {"effective": options.effective, "announced": options.announced, "accept-by": options.accept_by}
    beyond = {
        key: f"`{key}` {wrong}: {day}" for key, day in said.items() if day and (wrong := normal.out_of_reach(day))
    }
    base = draft_folder(draft.document)
    refuse(Problem(base, 0, key, what, f"Choose another --{key}") for key, what in beyond.items())


def _instant(said: date | datetime | None, draft: Draft, moment: datetime) -> datetime:
    if said is None:
        return moment
    if isinstance(said, datetime):
        return said
    if said == moment.date():
        return moment
    return timeline.midnight(said, draft.settings.zone)


def _last_instant(said: date | datetime | None, draft: Draft) -> datetime | None:
    if said is None or isinstance(said, datetime):
        return said
    return timeline.last_second(said, draft.settings.zone)


def graded_changes(draft: Draft, published: Ledger, options: ReleaseOptions = AS_DRAFTED) -> tuple[Change, ...]:
    """The draft's changes with what was said of each; ``unclassified`` where nobody has graded one yet."""
    found = []
    known = published.amended.by_id if published.amended else ()
    for change in pending_changes(draft, published, options):
        note = _note(draft, options, change.clause)
        was = tuple(name for name in note.was if name in known)
        severity = note.severity or Severity.UNCLASSIFIED
        found.append(Change(change.clause, severity, note.note, change.kinds, was, note.because))
    return tuple(found)


def severity_of(draft: Draft, published: Ledger, options: ReleaseOptions) -> Severity:
    """What the coming version would be graded: the highest of its changes; material where nothing stands before it."""
    return rules.severity_of(published.amended, graded_changes(draft, published, options))


def earliest_effective(draft: Draft, published: Ledger, options: ReleaseOptions, now: datetime) -> date:
    """The first day on which a release at ``now`` can take effect, its notice given, and not before its predecessor."""
    zone = draft.settings.zone
    if not published.amended:
        return timeline.day_of(now, zone)
    severity = severity_of(draft, published, options)
    excused = options.imported_from or options.waived
    due = 0 if excused else notice.due(draft.settings, published.amended, severity)
    day = timeline.earliest(now, due, zone)
    before = published.amended.effective
    if before <= _instant(day, draft, now.astimezone(zone)):
        return day
    return max(day, timeline.first_day(before, zone))


def objections(
    draft: Draft, published: Ledger, version: Version, options: ReleaseOptions, now: datetime
) -> list[Problem]:
    """Every reason against releasing ``version``, which was proposed with ``options`` at ``now``."""
    found = rules.of_release(draft, published, version, now)
    if any(problem.rule in rules.HOPELESS for problem in found):
        return found
    base = draft_folder(draft.document)
    if options.announced is not None and not options.imported_from:
        what, cure = "Only an import looks back: `announced` is the moment of release", "Leave --announced out"
        found.append(Problem(base, 0, "announced", what, cure))
    return [*found, *_idle_notes(draft, version, options), *errors(doubts(draft, published, options))]


def differs(draft: Draft, published: Ledger, options: ReleaseOptions = AS_DRAFTED) -> bool:
    """Whether there is anything to release: a first version, a change, other terms."""
    amended = published.amended
    if amended is None or settings_changed(draft, amended):
        return True
    return bool(pending_changes(draft, published, options))


def settings_changed(draft: Draft, amended: Version) -> bool:
    """Whether what the version asks of a customer, its kind, its title or whose numbers it bears differs.

    Each is reason enough for a release.
    """
    return not rules.same_terms(draft.settings, amended)


def _idle_notes(draft: Draft, version: Version, options: ReleaseOptions) -> Iterator[Problem]:
    """Notes given beside the draft for clauses that do not change: a slip of the pen, most likely."""
    changed = [change.clause for change in version.changes]
    for name in options.notes:
        if name not in changed:
            cure = meant(name, changed, f"Changed are: {', '.join(changed) or 'none'}")
            what = f"`{name}` is graded or noted, but there is no change of it"
            yield Problem(draft_folder(draft.document), 0, "idle-note", what, cure)


def draft_version(draft: Draft, policy: Policy, at: datetime) -> Version | None:
    """The draft in the shape of a version, its dates those of ``at``; None where it differs from nothing published."""
    return _as_version(draft, policy.ledger, AS_DRAFTED, at) if differs(draft, policy.ledger) else None


def part(draft: Draft, published: Ledger, names: Sequence[str]) -> Draft:
    """The draft with the changes of the clauses ``names`` alone.

    It is a draft like any other, so that a release asks nothing else of it; what is left out stays in the folder. What
    the policy says of itself beside its clauses is as it was last published. Raises InForceError where a name has no
    change, or one that can't be had without another's.
    """
    amended = published.amended
    if amended is None:
        raise _refused(draft, "A first version has all clauses", "Leave --only out")
    changes = {change.clause: change for change in pending_changes(draft, published)}
    for name in names:
        if name not in changes:
            raise _refused(
                draft, f"`{name}` does not change", meant(name, changes, f"Changed are: {', '.join(changes) or 'none'}")
            )
    taken = _sources(draft, names)
    if torn := [name for name in changes if name not in names and _sources(draft, (name,)) & taken]:
        raise _refused(draft, f"Its text is shared with {', '.join(torn)}", "Name these as well")
    moved = [name for name, change in changes.items() if "moved" in change.kinds and name in names]
    order = _order(draft, amended, names, moved)
    own = {clause.id: clause for clause in draft.clauses if clause.id in names}
    found = replace(
        draft,
        settings=replace(settings_released(draft.settings, amended), clauses=tuple(order)),
        clauses=tuple(own.get(name) or amended.by_id[name] for name in order),
        notes={name: note for name, note in draft.notes.items() if name in names},
        files={name: file for name, file in draft.files.items() if name in names},
    )
    if more := [change.clause for change in pending_changes(found, published) if change.clause not in names]:
        raise _refused(draft, f"That would change {', '.join(more)}, too", "Name these as well")
    return found


def _sources(draft: Draft, names: Iterable[str]) -> set[str]:
    """The clauses that hold, or held, the text of ``names``."""
    return {each for name in names for each in (name, *draft.notes.get(name, Note()).was)}


def _order(draft: Draft, amended: Version, names: Sequence[str], moved: Sequence[str]) -> list[str]:
    """The clauses in the order of the amended version; those that came or moved stand as they do in the draft."""
    drafted = [clause.id for clause in draft.clauses]
    gone = {name for name in _sources(draft, names) if name not in drafted}
    order = [name for name in amended.by_id if name not in gone and name not in moved]
    for place, name in enumerate(drafted):
        if name in names and name not in order:
            before = next((each for each in reversed(drafted[:place]) if each in order), "")
            first = 1 if order[:1] == [PREAMBLE] and name != PREAMBLE else 0
            order.insert(order.index(before) + 1 if before else first, name)
    return order


def _refused(draft: Draft, what: str, cure: str) -> InForceError:
    return fail(draft_folder(draft.document), 0, "only", what, cure)
