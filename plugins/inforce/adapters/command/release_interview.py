"""What a release still lacks, asked of whoever sits at the terminal: grades, notes, the summary, the day of effect."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import click

from inforce.adapters.command import redline_forms, terminal
from inforce.changes.editorial import Sign
from inforce.changes.versions import ClauseRedline, compare
from inforce.errors import InForceError, refuse
from inforce.ledger import timeline
from inforce.model import Draft, Ledger, Note, Policy, Severity, Version
from inforce.project import Project, Release
from inforce.release import proposal
from inforce.release.proposal import ReleaseOptions, draft_version
from inforce.text import normal

_MEANING = {
    Severity.EDITORIAL: "the meaning stays; nobody is told",
    Severity.NOTICE: "worth telling; a banner",
    Severity.MATERIAL: "rights or duties change; everybody is asked to review",
}
_DATED = ("announced", "effective", "notice")


@dataclass(frozen=True)
class PlannedRelease:
    """A release in the making: the project and the policy to release from, and the instant of the release.

    ``again`` is the number of the version that is made again, empty where none was named, None for a new one;
    ``formers`` are that version and what follows it, which the project is without. ``only`` are the clauses to which
    the draft was cut down, as they were named.
    """

    project: Project
    policy: Policy
    draft: Draft
    formers: tuple[Version, ...]
    now: datetime
    again: str | None = None
    only: str = ""

    @property
    def ledger(self) -> Ledger:
        """What was released before."""
        return self.policy.ledger

    @property
    def today(self) -> date:
        """The day of the release in the policy's time zone."""
        return timeline.day_of(self.now, self.policy.zone)

    def release(self, options: ReleaseOptions) -> Release:
        """Return what a release with these options makes. Raises InForceError with all that stands against it."""
        return self.project.release(self.policy.document, options, self.now, self.formers)


def complete(planned: PlannedRelease, options: ReleaseOptions) -> Iterator[ReleaseOptions]:
    """Yield ``options`` after each answer, until it has all that an editor can add; none where there is no release."""
    draft, ledger = planned.draft, planned.ledger
    version = draft_version(draft, planned.policy, planned.now)
    if version is None or timeline.is_retired(ledger, planned.now):
        return
    if open_changes := proposal.unclassified(draft, ledger, options):
        rows = {row.clause: row for row in compare(ledger, ledger.standing[-1], version).changed}
        if hint := redline_forms.lineage_hint(rows.values()):
            terminal.remark("note", hint)
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
        options = replace(options, summary=terminal.sentence("Summary"))
        yield options
    if options.effective is None:
        yield replace(options, effective=_effective(planned, options))


def command(planned: PlannedRelease, options: ReleaseOptions) -> str:
    """Return the command line that gives all of ``options`` without being asked."""
    told: list[tuple[str, str | bool]] = []
    for clause, note in options.notes.items():
        said = {"--severity": note.severity, "--note": note.note, "--editorial-because": note.because}
        told += [(option, f"{clause}={value}") for option, value in said.items() if value]
    told += [
        ("--summary", options.summary),
        ("--effective", terminal.written(options.effective, planned.today)),
        ("--accept-by", terminal.written(options.accept_by, planned.today)),
        ("--waive-notice", options.waived),
        ("--imported-from", options.imported_from),
        ("--announced", terminal.written(options.announced, planned.today)),
        ("--only", planned.only),
        ("--again", planned.again is not None and (planned.again or True)),
    ]
    return terminal.command_line(("release", planned.policy.document), told)


def _doubted(note: Note, found: Sequence[Sign]) -> Note:
    """A change called editorial against its signs: graded higher, or with the reason why its meaning stays."""
    click.echo("An editorial change leaves the meaning alone, and this one touches")
    for sign in found:
        click.echo(f"  {sign}")
    reason = click.prompt("Why its meaning stays (Enter to grade it anew)", default="", show_default=False)
    if said := normal.one_line(reason):
        return replace(note, because=said)
    return _noted(replace(note, severity=_graded()))


def _graded() -> Severity:
    for grade, meaning in _MEANING.items():
        click.echo(f"  {grade:<9}  {meaning}")
    return Severity(click.prompt("How much does this change mean", type=click.Choice([*map(str, _MEANING)])))


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
        return replace(note, note=terminal.sentence("What changes for customers, in one sentence"))
    said = click.prompt("A note for readers (Enter for none)", default="", show_default=False)
    return replace(note, note=normal.one_line(said))


def _effective(planned: PlannedRelease, options: ReleaseOptions) -> date:
    """A day that nothing stands against; asked again until there is one."""
    earliest = proposal.earliest_effective(planned.draft, planned.ledger, options, planned.now)
    offered = terminal.written(earliest, planned.today)
    click.echo(f"\nThe earliest possible day of effect is {offered} ({planned.draft.settings.timezone}).")

    def possible(said: date | str) -> date | None:
        day = terminal.dated(said, planned.today)
        try:
            planned.release(replace(options, effective=day))
        except InForceError as error:
            refuse(problem for problem in error.problems if problem.rule in _DATED)
        return day

    return terminal.until("Takes effect on", possible, default=offered, type=terminal.DAY)
