"""``inforce release``: makes a new version from the draft, and puts it into the ledger.

What a release still lacks is asked of whoever sits at the terminal: grades, notes, the summary, the day of effect. What
happens to a document after a version was published is told by ``events``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import click

from inforce import model
from inforce.adapters.command import redline_forms, terminal
from inforce.adapters.command.opened import OpenProject
from inforce.adapters.command.session import Session
from inforce.adapters.command.terminal import GRADED, NOTED, examples
from inforce.changes.editorial import Sign
from inforce.changes.kinds import said_of
from inforce.changes.versions import ClauseRedline, compare
from inforce.draft.folder import draft_folder
from inforce.errors import InForceError, Problem, refuse
from inforce.ledger import entries, timeline
from inforce.model import Draft, Ledger, Note, Policy, Severity, Version, ledger_folder
from inforce.project import Project, Release
from inforce.release import again as former_versions
from inforce.release import proposal, rules
from inforce.release.proposal import ReleaseOptions, draft_version
from inforce.text import normal

_MEANING = {
    Severity.EDITORIAL: "the meaning stays; nobody is told",
    Severity.NOTICE: "worth telling; a banner",
    Severity.MATERIAL: "rights or duties change; everybody is asked to review",
}
_DATED = ("announced", "effective", "notice")


@dataclass(frozen=True)
class _PlannedRelease:
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


@click.command(epilog=examples('release privacy --effective today --summary "We corrected two spellings."'))
@terminal.document_argument
@click.option("--effective", type=terminal.DAY, help="When it takes effect: 2027-01-15, today, or an RFC 3339 instant.")
@click.option("--summary", default="", help="What it means for customers; otherwise next.yml says it.")
@click.option("--severity", "grades", type=GRADED, multiple=True, help="Grade a clause's change; may be repeated.")
@click.option("--note", "notes", type=NOTED, multiple=True, help="A clause's note for readers; may be repeated.")
@click.option(
    *("--editorial-because", "reasons"),
    type=NOTED,
    multiple=True,
    help="Why a change is editorial although its words say otherwise; may be repeated.",
)
@click.option(
    "--accept-by", type=terminal.DAY, help="Until when an acceptance is asked for: the last day, or an instant."
)
@terminal.waive_option
@click.option("--imported-from", default="", metavar="TEXT", help="Where an older version was published before.")
@click.option("--announced", type=terminal.DAY, help="When an imported version was announced.")
@click.option(
    *("--again", "again"),
    type=terminal.NUMBERED,
    is_flag=False,
    flag_value="",
    help="Make the last version, or NUMBER and what follows it, again, while it is unpublished.",
)
@click.option(
    "--only", metavar="CLAUSE,…", default="", help="Release the changes of these clauses; others stay in the draft."
)
@click.option("--dry-run", is_flag=True, help="Show the file and the redline; write nothing.")
@terminal.yes_option
@click.pass_obj
def release(
    session: Session, /, document: str, again: str | None, only: str, dry_run: bool, yes: bool, **given: Any
) -> None:
    """Release the draft of DOC as a new version.

    Severity and note of each changed clause come from the clauses' front matter and next.yml, or from the options; on a
    terminal, what is missing is asked for. The new version is one file in versions/DOC/.
    """
    project = session.project()
    planned = _planned(project, document, again, only)
    options, made = _made(session, planned, _options(planned, given))
    if len(made.versions) == 1:
        terminal.complain(proposal.doubts(planned.draft, planned.ledger, options))
    if dry_run:
        _preview(planned, made)
        resume = _command(planned, options) if session.terminal else ""
        terminal.nothing_written(resume, terminal.DRY_RUN)
    elif yes or not session.terminal or _confirmed(planned, options, made):
        project.write(made.changes)
        _report(planned, made)


def _planned(project: OpenProject, document: str, again: str | None, only: str) -> _PlannedRelease:
    """What is to be released, without the versions that are made again; nothing may be wrong with the rest.

    A single one is made from the draft, which then has that version's notes as a start.
    """
    rest: Project = project
    formers: tuple[Version, ...] = ()
    if again is not None:
        rest, formers = project.made_again(document, again, project.protection())
    rest.sound(draft_folder(document), ledger_folder(document))
    if chosen := tuple(filter(None, map(str.strip, only.split(",")))):
        rest = rest.with_part(document, chosen)
    policy = rest.policy(document)
    return _PlannedRelease(rest, policy, rest.draft(policy), formers, project.now, again, only)


def _options(planned: _PlannedRelease, given: dict[str, Any]) -> ReleaseOptions:
    """What the options say, as the core takes it."""
    said: dict[str, Any] = {name: normal.one_line(given[name]) for name in ("summary", "waived", "imported_from")}
    said |= {name: terminal.dated(given[name], planned.today) for name in ("effective", "announced", "accept_by")}
    grades, notes, reasons = (dict(given[name]) for name in ("grades", "notes", "reasons"))
    noted = {
        clause: Note(grades.get(clause), notes.get(clause, ""), because=reasons.get(clause, ""))
        for clause in (*grades, *notes, *reasons)
    }
    return ReleaseOptions(**said, notes=noted)


def _made(session: Session, planned: _PlannedRelease, options: ReleaseOptions) -> tuple[ReleaseOptions, Release]:
    """What was said of the release, and what it makes: several former versions anew, or the draft's own.

    On a terminal, what is missing is asked for. Whoever breaks off, or is refused, gets the answers back as options.
    """
    if len(planned.formers) > 1:
        return options, planned.release(options)
    for former in planned.formers:
        options = former_versions.renew(options, former, planned.now)
    said = options
    try:
        if session.terminal:
            for answered in _complete(planned, options):
                said = answered
        return said, _released(planned, said)
    except (click.Abort, InForceError) as stopped:
        if isinstance(stopped, click.Abort) or said != options:
            terminal.nothing_written(_command(planned, said) if said != options else "")
        raise


def _released(planned: _PlannedRelease, options: ReleaseOptions) -> Release:
    """The new version, or everything that is missing at once, the day of effect included."""
    if options.effective is not None:
        return planned.release(options)
    earliest = proposal.earliest_effective(planned.draft, planned.ledger, options, planned.now)
    graded = proposal.severity_of(planned.draft, planned.ledger, options) is not Severity.UNCLASSIFIED
    day = terminal.written(earliest, planned.today)
    sure = "is the earliest possible day" if graded else "is early enough, whatever the ungraded changes are"
    cure, folder = f"Give --effective; {day} {sure}", draft_folder(planned.policy.document)
    missing = Problem(folder, 0, "effective-missing", "No day of effect is given", cure)
    try:
        planned.release(replace(options, effective=earliest))
    except InForceError as error:
        hopeless = any(problem.rule in rules.HOPELESS for problem in error.problems)
        raise InForceError(*error.problems, *(() if hopeless else (missing,))) from None
    raise InForceError(missing)


def _confirmed(planned: _PlannedRelease, options: ReleaseOptions, made: Release) -> bool:
    """Whether to go ahead; a no ends the command."""
    for version in made.versions:
        _overview(planned.policy, version)
    question = "Release it?" if len(made.versions) == 1 else "Release them?"
    return terminal.confirmed(question, _command(planned, options))


def _preview(planned: _PlannedRelease, made: Release) -> None:
    """The redline and the file of each version."""
    published = planned.ledger
    for version in made.versions:
        if version is not made.versions[0]:
            click.echo()
        if version.amends:
            for line in redline_forms.lines(compare(published, published.standing[-1], version)):
                click.echo(line)
        else:
            click.echo("The first version: there is nothing to compare it with.")
        click.echo(f"\n{click.style(version.path, bold=True)} would be:\n")
        click.echo(entries.compose(version).decode(), nl=False)
        published = replace(published, entries=(*published.entries, version))


def _overview(policy: Policy, version: Version) -> None:
    click.echo(f"\n{click.style(f'{version.title}, version {version.number}', bold=True)} ({version.severity})")
    click.echo(f"  announced  {terminal.when(version.announced, policy)} ({policy.zone})")
    click.echo(f"  effective  {terminal.when(version.effective, policy)}")
    if version.accept_by:
        click.echo(f"  accept by  {terminal.when(version.accept_by, policy)}")
    click.echo(f"  summary    {version.summary}")
    for change in version.changes:
        note = f": {change.note}" if change.note else ""
        click.echo(f"  {change.clause} ({said_of(change.kinds)}; {change.severity}){note}")


def _report(planned: _PlannedRelease, made: Release) -> None:
    policy, versions, first = planned.policy, made.versions, made.versions[0]
    for version in versions:
        begins = "in force since" if version.effective <= planned.now else "takes effect on"
        day = f"{begins} {terminal.when(version.effective, policy)} ({policy.zone}){terminal.due(version, policy)}"
        click.echo(f"Released {version.document} {version.number} ({version.severity}); {day}.")
    terminal.wrote(made.changes, "  ")
    for version in versions:
        click.echo(f"SHA-256 {model.hexadecimal(version.digest)}  {version.path}")
    click.echo("Next: commit these files and open a pull request, for example:")
    folders = " ".join(name(first.document).rstrip("/") for name in (draft_folder, ledger_folder))
    numbers = ", ".join(version.number for version in versions)
    click.echo(f'  git add {folders} && git commit -m "Release {first.document} {numbers}"')
    if not first.imported_from:
        limit = terminal.when(first.announced + rules.FRESH, policy)
        again = f"--again {first.number}" if len(versions) > 1 else "--again"
        click.echo(f"Publish it by {limit}; later than that, first: inforce release {first.document} {again}")


def _complete(planned: _PlannedRelease, options: ReleaseOptions) -> Iterator[ReleaseOptions]:
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


def _command(planned: _PlannedRelease, options: ReleaseOptions) -> str:
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


def _effective(planned: _PlannedRelease, options: ReleaseOptions) -> date:
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
