"""What makes a version wrong: asked alike of a release in the making, of one that readers do not have yet, and of a
published one.

Each rule is told once, of a version and the chain before it. A release in the making is told where the draft says the
thing, a version of the ledger on which line of its file. What the clock and the settings say (notice, a date ahead) is
asked of nothing that readers have.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from inforce.changes import kinds
from inforce.changes.versions import TERMS
from inforce.draft.folder import draft_folder, next_path, place_of
from inforce.errors import Problem
from inforce.ledger import chain, timeline
from inforce.ledger.entries import clause_line, line_of, moment, number_of
from inforce.model import (
    Change,
    Clause,
    ClauseFile,
    Draft,
    Event,
    EventKind,
    Ledger,
    Policy,
    Requirement,
    Settings,
    Severity,
    Version,
)
from inforce.release import notice
from inforce.text import characters, unsafe
from inforce.text.html import as_drafted

FRESH = timedelta(days=1)
"""A release is announced when it is made: so soon its file reaches readers, or is dated anew."""

HOPELESS = frozenset(("unchanged", "retired"))
"""Rules that say that there is nothing to release, whatever an editor adds."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a version. ``key`` is the one of its front matter, ``clause`` is set where it is about one.

    ``cure`` is for a release in the making. A version of the ledger is made again, or deleted where that cannot help.
    """

    rule: str
    key: str
    what: str
    cure: str = ""
    clause: str = ""


def of_release(draft: Draft, before: Ledger, version: Version, now: datetime) -> list[Problem]:
    """Every reason against releasing ``version``, which was made of ``draft``, at ``now``; each where the draft has it.

    Where nothing could be released at all, that alone.
    """
    found = [*faults(before, version)]
    if not any(fault.rule in HOPELESS for fault in found):
        found += [*faults_at(before, version, draft.settings, now), *_hidden(version)]
    return [Problem(*_place(draft, fault), fault.rule, fault.what, fault.cure) for fault in found]


def of_ledger(ledger: Ledger) -> Iterator[Problem]:
    """Whether each version is what a release could have made of the chain before it, and shows all that it says."""
    for position, entry in enumerate(ledger.entries):
        if isinstance(entry, Version):
            before = Ledger(ledger.document, ledger.entries[:position])
            yield from (_in_ledger(entry, fault) for fault in faults(before, entry))
            yield from _in_text(entry, "nesting")


def of_coming(policy: Policy, published: Collection[str], now: datetime) -> Iterator[Problem]:
    """What keeps the unpublished part of a ledger from being published at ``now``.

    ``published`` are the ledger paths that readers already have. A version made more than a day ago must be dated anew;
    the notice that it gives counts from today.
    """
    stale = ""  # the first of a run: made again, it takes along those behind it
    for position, entry in enumerate(policy.ledger.entries):
        before = Ledger(policy.document, policy.ledger.entries[:position])
        if entry.path in published:
            continue
        if isinstance(entry, Event):
            stale = ""
            yield from chain.coming_problems(before, entry, now)
            yield from of_retirement(policy, before, entry, now)
            continue
        yield from (_in_ledger(entry, fault) for fault in (*_kinds(before, entry), *_hidden(entry)))
        yield from _in_text(entry, "hidden-character", "comment", "small", "picture")
        if entry.imported_from or entry.number in policy.ledger.withdrawals:
            continue
        if now - entry.announced > FRESH:
            stale = stale or entry.number
            yield _stale(entry, stale)
        else:
            settings = policy.draft.settings if policy.draft else None
            yield from (_in_ledger(entry, fault) for fault in faults_at(before, entry, settings, now))


def of_retirement(policy: Policy, before: Ledger, event: Event, now: datetime) -> Iterator[Problem]:
    """Whether a retirement, made behind the chain ``before`` and published at ``now``, gives the notice that is due.

    The end of a policy is told as early as a material change. Other events need no notice.
    """
    if policy.draft is None or event.kind is not EventKind.RETIRE or event.notice_waived:
        return
    effective = max(event.effective or now, now)
    if short := notice.missing_of_end(policy.draft.settings, before.amended, effective, now):
        yield Problem(event.path, line_of(event, "effective"), "notice", *short)


def _hidden(version: Version) -> Iterator[Fault]:
    """Characters that hide or turn what a version says beside its text; of the draft's own each file is told already.

    Not asked of what readers have: its pages show a sign in their place.
    """
    said = {"title": version.title, "summary": version.summary, "notice_waived": version.notice_waived}
    for key, value in said.items():
        for _, what, cure in characters.find(value):
            yield Fault("hidden-character", key, what, cure)
    for change in version.changes:
        for _, what, cure in characters.find(f"{change.note} {change.because}"):
            yield Fault("hidden-character", "changes", what, cure, change.clause)


def _in_text(version: Version, *wanted: str) -> Iterator[Problem]:
    """What of some rules the clauses of a version break, on the lines of its file."""
    for clause in version.clauses:
        for problem in _found_in(clause):
            if problem.rule in wanted:
                line = clause_line(version, clause.id) + problem.line
                yield replace(problem, path=version.path, line=line, cure=_again(version))


@lru_cache(maxsize=16384)
def _found_in(clause: Clause) -> tuple[Problem, ...]:
    """What is found in a clause, whichever versions it stands in, as its page reads it: so it is parsed once."""
    return unsafe.find(ClauseFile("", "", as_drafted(clause), clause, None, ()))


def _place(draft: Draft, fault: Fault) -> tuple[str, int]:
    if fault.clause:
        return place_of(draft, fault.clause)
    in_next = fault.key in ("summary", "accept_by")
    return (next_path if in_next else draft_folder)(draft.document), 0


def _in_ledger(version: Version, fault: Fault) -> Problem:
    cure = _again(version)
    if fault.rule in HOPELESS:
        cure = "Delete it, if it is unpublished"
    elif fault.key == "effective":
        cure = f"{cure} --effective …"
    return Problem(version.path, line_of(version, fault.key), fault.rule, fault.what, cure)


def _again(version: Version) -> str:
    return f"Make it again while it is unpublished: inforce release {version.document} --again {version.number}"


def _stale(version: Version, first: str) -> Problem:
    what = f"It was made on {version.announced.date()} and is not published yet"
    which = "it anew" if first == version.number else f"{first} anew, and this one with it"
    cure = f"Date {which}: inforce release {version.document} --again {first}"
    return Problem(version.path, 0, "stale", what, cure)


def faults(before: Ledger, version: Version) -> Iterator[Fault]:
    """What is wrong with ``version`` behind the chain ``before``, whatever the clock says."""
    amended = before.amended
    if timeline.is_retired(before, version.announced):
        what, cure = f"{version.document} was retired", "A retired policy has no further version"
        yield Fault("retired", "announced", what, cure)
        return
    if amended and not version.changes and version.clauses == amended.clauses and same_terms(version, amended):
        what, cure = f"The text is that of {amended.number}", "Change a clause first; there is nothing to release"
        yield Fault("unchanged", "version", what, cure)
        return
    for change in version.changes:
        yield from _change_faults(version, change)
    if not version.summary.strip():
        cure = "Write summary in next.yml, or give --summary: one or two plain sentences for customers"
        yield Fault("summary-missing", "summary", "The version has no summary", cure)
    yield from _link_faults(before, amended, version)
    yield from _date_faults(before, amended, version)


def same_terms(one: Settings | Version, other: Settings | Version) -> bool:
    """Whether title, kind, what is asked of a customer and the clauses' numbering are the same on both sides."""
    return all(getattr(one, term) == getattr(other, term) for term in TERMS)


def severity_of(amended: Version | None, changes: Iterable[Change]) -> Severity:
    """The severity of a version: the highest of its changes; material where it amends nothing."""
    return Severity.highest(change.severity for change in changes) if amended else Severity.MATERIAL


def next_number(before: Ledger, severity: Severity) -> str:
    """The number after the last standing version's: a material version raises the major, any other the minor.

    Numbers once taken, by a withdrawn version too, are skipped. The first version is 1.0.
    """
    major, minor = number_of(before.amended.number) if before.amended else (0, 0)
    raises_major = severity is Severity.MATERIAL or not before.amended
    while True:
        major, minor = (major + 1, 0) if raises_major else (major, minor + 1)
        if f"{major}.{minor}" not in before.by_number:
            return f"{major}.{minor}"


def _change_faults(version: Version, change: Change) -> Iterator[Fault]:
    """What is wrong with what is said of one change."""
    name = change.clause
    if change.severity is Severity.UNCLASSIFIED and not version.imported_from:
        what = f"Nobody has said how much the change of `{name}` means ({kinds.said_of(change.kinds)})"
        cure = 'Write severity: "editorial", "notice" or "material" in its front matter'
        if "removed" in change.kinds:
            cure = "Write it in next.yml under changes, with its severity and a note"
        yield Fault("severity-missing", "changes", what, cure, name)
    elif change.because and change.severity is not Severity.EDITORIAL:
        what = f"A reason says why `{name}` is editorial, and it is graded {change.severity}"
        yield Fault("editorial-because", "changes", what, "Take one of the two out", name)
    elif change.severity is Severity.MATERIAL and not change.note.strip():
        what = f"The material change of `{name}` has no note for customers"
        yield Fault("note-missing", "changes", what, 'Write note: "…", one plain sentence', name)


def _link_faults(before: Ledger, amended: Version | None, version: Version) -> Iterator[Fault]:
    """What does not fit between a version and the one that it amends; a release makes none of this itself."""
    if version.amends != (amended.number if amended else None):
        expected = amended.number if amended else "nothing"
        what = f"It amends {version.amends or 'nothing'}, the last standing version before it is {expected}"
        yield Fault("amends", "amends", what)
    if (due := next_number(before, version.severity)) != version.number:
        what = f"Its number disagrees with its severity: with severity {version.severity} it is {due}"
        yield Fault("number", "version", what)
    if version.severity is not severity_of(amended, version.changes):
        yield Fault("severity", "severity", "Its severity is not the highest of its changes")
    if version.imported_from and any(not other.imported_from for other in before.versions):
        cure = "Leave --imported-from out: what is imported stands before what was released here"
        yield Fault("imported", "imported_from", "A version that was released here comes before this import", cure)
    if amended and (names := kinds.agree(amended.clauses, version.clauses, *_told(version))):
        yield _untold(amended, names)


def _told(version: Version) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """The kinds of each change that a version tells of, and what its clause was."""
    changes = version.changes
    return {each.clause: each.kinds for each in changes}, {each.clause: each.was for each in changes}


def _untold(amended: Version, names: Collection[str]) -> Fault:
    what = f"Its `changes` do not say what changed against {amended.number} ({', '.join(names)})"
    return Fault("changes", "changes", what)


def _kinds(before: Ledger, version: Version) -> Iterator[Fault]:
    """Whether the kinds of change told by a version are what its words say, too.

    Asked while it is unpublished only: how finely words are told apart may get better, a published version may not.
    """
    if before.amended is None:
        return
    told, was = _told(version)
    compared = kinds.compare(before.amended.clauses, version.clauses, was)
    found = {change.clause: change.kinds for change in compared}
    if found != told:
        yield _untold(before.amended, sorted(name for name in found if found[name] != told.get(name)))


def _date_faults(before: Ledger, amended: Version | None, version: Version) -> Iterator[Fault]:
    """Dates that are not in the order of the chain."""
    announced, effective = version.announced, version.effective
    if before.entries and announced < (latest := moment(before.entries[-1])):
        what = f"It is announced ({_day(announced)}) before {before.entries[-1].path} is ({_day(latest)})"
        yield Fault("announced", "announced", what, "Choose a later --announced, or set this machine's clock")
    if effective < announced:
        what = f"It takes effect ({_day(effective)}) before it is announced ({_day(announced)})"
        yield Fault("effective", "effective", what, "Choose a later --effective")
    if version.accept_by:
        yield from _deadline_faults(version, version.accept_by)
    if amended and effective < amended.effective:
        cure = f"Choose {max(timeline.first_day(amended.effective), announced.date())} or later"
        if amended.effective > announced:
            cure = f"{cure}, or withdraw {amended.number} first"
        what = f"It takes effect before {amended.number} does ({_day(amended.effective)})"
        yield Fault("effective", "effective", what, cure)
    if before.retired_at and timeline.is_retired(before, effective):
        what = f"The policy ends on {_day(before.retired_at)}, before it would take effect"
        cure = f"Choose an earlier day, or withdraw the end first: inforce retire {version.document} --withdraw"
        yield Fault("effective", "effective", what, cure)


def _deadline_faults(version: Version, due: datetime) -> Iterator[Fault]:
    """What is wrong with the day by which a version asks to be accepted."""
    if version.requires is not Requirement.ACCEPT or version.severity in (Severity.EDITORIAL, Severity.NOTICE):
        asked = "of a material version that requires acceptance"
        what = f"It is to be accepted by {_day(due)}, and is {version.severity} and requires {version.requires}"
        yield Fault("accept-by", "accept_by", what, f"Leave --accept-by out, in next.yml too: it is {asked}")
    elif due < version.effective:
        what = f"It is to be accepted by {_day(due)}, before it takes effect ({_day(version.effective)})"
        yield Fault("accept-by", "accept_by", what, "Choose a later --accept-by")


def faults_at(before: Ledger, version: Version, settings: Settings | None, now: datetime) -> Iterator[Fault]:
    """What is wrong with publishing ``version`` at ``now``: a date ahead, too little notice.

    ``settings`` are the draft's; without them nobody knows how much notice is due.
    """
    if version.announced > now:
        what = f"It is announced ahead, on {_day(version.announced)}"
        yield Fault("announced", "announced", what, "Choose a day that is past")
        return
    # How much notice is due is not known before every change is graded.
    graded = version.severity is not Severity.UNCLASSIFIED and version.effective >= version.announced
    if settings and graded and (short := notice.missing(settings, before.amended, version, now)):
        yield Fault("notice", "effective", *short)


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
