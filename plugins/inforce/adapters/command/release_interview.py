"""What a release still lacks, asked of whoever sits at the terminal: grades, notes, the summary, the day of effect."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import click

from inforce.adapters.command import asking, output, redline_forms
from inforce.adapters.command.options import GRADES, TODAY, Day
from inforce.changes.editorial import Sign
from inforce.changes.versions import ClauseRedline, compare
from inforce.errors import InForceError
from inforce.model import Note, Policy, Severity
from inforce.release import proposal
from inforce.release.proposal import ReleaseOptions, draft_version

_MEANING = {
    Severity.EDITORIAL: "the meaning stays; nobody is told",
    Severity.NOTICE: "worth telling; a banner",
    Severity.MATERIAL: "rights or duties change; everybody is asked to review",
}
_DATED = ("announced", "effective", "notice")


@dataclass(frozen=True)
class PlannedRelease:
    """A release in the making: the policy as it is to be released from, and the instant of the release.

    ``again`` is the number of the version that is made again, empty where none was named, None for a new one.
    """

    policy: Policy
    now: datetime
    again: str | None = None

    def day(self, said: date | str | None) -> date | None:
        """A day as an editor says it, ``today`` taken in the policy's time zone."""
        return self.today if said == TODAY else said  # type: ignore[return-value]

    @property
    def today(self) -> date:
        """The day of the release in the policy's time zone."""
        return self.now.astimezone(self.policy.zone).date()


def complete(planned: PlannedRelease, options: ReleaseOptions) -> Iterator[ReleaseOptions]:
    """``options`` after each answer, until it has all that an editor can add; none where nothing can be released."""
    draft, ledger = planned.policy.draft, planned.policy.ledger
    assert draft
    version = draft_version(draft, planned.policy, planned.now)
    if version is None or ledger.retirement:
        return
    if open_changes := proposal.unclassified(draft, ledger, options):
        rows = {row.clause: row for row in compare(ledger, ledger.standing[-1], version).changed}
        if hint := redline_forms.lineage_hint(rows.values()):
            output.remark("note", hint)
        for change in open_changes:
            note = options.notes.get(change.clause) or Note()
            drafted = draft.notes.get(change.clause, Note())
            known = replace(note, severity=note.severity or drafted.severity, note=note.note or drafted.note)
            asked = _note(rows[change.clause], known)
            options = replace(options, notes={**options.notes, change.clause: asked})
            yield options
            while found := proposal.signs(draft, ledger, options).get(change.clause):
                options = replace(options, notes={**options.notes, change.clause: _doubted(asked, found)})
                yield options
    if not options.summary and not draft.summary:
        click.echo("\nThe summary: one or two plain sentences that tell customers what this version means for them.")
        options = replace(options, summary=asking.sentence("Summary"))
        yield options
    if options.effective is None:
        yield replace(options, effective=_effective(planned, options))


def command(planned: PlannedRelease, options: ReleaseOptions) -> str:
    """The command line that gives all of ``options`` without being asked."""
    words = ["inforce", "release", planned.policy.document]
    for clause, note in options.notes.items():
        words += ["--severity", f"{clause}={note.severity}"] if note.severity else []
        words += ["--note", f"{clause}={note.note}"] if note.note else []
        words += ["--editorial-because", f"{clause}={note.because}"] if note.because else []
    told = {
        "--summary": options.summary,
        "--effective": _said(planned, options.effective),
        "--waive-notice": options.waived,
        "--imported-from": options.imported_from,
        "--announced": _said(planned, options.announced),
    }
    for option, value in told.items():
        words += [option, value] if value else []
    if planned.again is not None:
        words += ["--again", planned.again] if planned.again else ["--again"]
    return shlex.join(words)


def _said(planned: PlannedRelease, day: date | None) -> str:
    """A day as :meth:`PlannedRelease.day` takes it."""
    if day is None:
        return ""
    return TODAY if day == planned.today else day.isoformat()


def _doubted(note: Note, found: Sequence[Sign]) -> Note:
    """A change called editorial against its signs: graded higher, or with the reason why its meaning stays."""
    click.echo("An editorial change leaves the meaning alone, and this one touches")
    for sign in found:
        click.echo(f"  {sign}")
    reason = click.prompt("Why its meaning stays (Enter to grade it anew)", default="", show_default=False).split()
    if reason:
        return replace(note, because=" ".join(reason))
    return _noted(replace(note, severity=_graded()))


def _graded() -> Severity:
    for grade, meaning in _MEANING.items():
        click.echo(f"  {grade:<9}  {meaning}")
    grades = [str(grade) for grade in GRADES]
    return Severity(click.prompt("How much does this change mean", type=click.Choice(grades)))


def _note(row: ClauseRedline, note: Note) -> Note:
    click.echo()
    for line in redline_forms.clause_lines(row):
        click.echo(line)
    click.echo()
    if note.severity is Severity.EDITORIAL:
        return note
    return _noted(replace(note, severity=note.severity or _graded()))


def _noted(note: Note) -> Note:
    """A graded change with what is said of it to readers."""
    if note.note:
        return note
    if note.severity is Severity.MATERIAL:
        return replace(note, note=asking.sentence("What changes for customers, in one sentence"))
    said = click.prompt("A note for readers (Enter for none)", default="", show_default=False)
    return replace(note, note=" ".join(said.split()))


def _effective(planned: PlannedRelease, options: ReleaseOptions) -> date:
    """A day that nothing stands against; asked again until there is one."""
    draft, ledger = planned.policy.draft, planned.policy.ledger
    assert draft
    earliest = proposal.earliest_effective(draft, ledger, options, planned.now)
    offered = TODAY if earliest == planned.today else earliest.isoformat()
    click.echo(f"\nThe earliest possible day of effect is {offered} ({draft.settings.timezone}).")

    def possible(said: date | str) -> date | None:
        day = planned.day(said)
        try:
            proposal.prepare(draft, ledger, replace(options, effective=day), planned.now)
        except InForceError as error:
            if against := [problem for problem in error.problems if problem.rule in _DATED]:
                raise InForceError(*against) from None
        return day

    return asking.until("Takes effect on", possible, default=offered, type=Day())
