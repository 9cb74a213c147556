"""``inforce release``: makes a new version from the draft, and puts it into the ledger.

What is still to be asked for it is asked in ``release_interview``. What happens to a document after a version was
published is told by ``events``.
"""

from dataclasses import replace
from typing import Any

import click

from inforce import model
from inforce.adapters.command import redline_forms, release_interview, terminal
from inforce.adapters.command.opened import OpenProject
from inforce.adapters.command.release_interview import PlannedRelease
from inforce.adapters.command.session import Session
from inforce.adapters.command.terminal import GRADED, NOTED, examples
from inforce.changes.versions import compare
from inforce.draft.folder import draft_folder
from inforce.errors import InForceError, Problem
from inforce.ledger import entries
from inforce.model import Note, Policy, Severity, Version, ledger_folder
from inforce.project import Project, Release
from inforce.release import again as former_versions
from inforce.release import proposal, rules
from inforce.release.proposal import ReleaseOptions
from inforce.text import normal


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
        resume = release_interview.command(planned, options) if session.terminal else ""
        terminal.nothing_written(resume, terminal.DRY_RUN)
    elif yes or not session.terminal or _confirmed(planned, options, made):
        project.write(made.changes)
        _report(planned, made)


def _planned(project: OpenProject, document: str, again: str | None, only: str) -> PlannedRelease:
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
    return PlannedRelease(rest, policy, rest.draft(policy), formers, project.now, again, only)


def _options(planned: PlannedRelease, given: dict[str, Any]) -> ReleaseOptions:
    """What the options say, as the core takes it."""
    said: dict[str, Any] = {name: normal.one_line(given[name]) for name in ("summary", "waived", "imported_from")}
    said |= {name: terminal.dated(given[name], planned.today) for name in ("effective", "announced", "accept_by")}
    grades, notes, reasons = (dict(given[name]) for name in ("grades", "notes", "reasons"))
    noted = {
        clause: Note(grades.get(clause), notes.get(clause, ""), because=reasons.get(clause, ""))
        for clause in (*grades, *notes, *reasons)
    }
    return ReleaseOptions(**said, notes=noted)


def _made(session: Session, planned: PlannedRelease, options: ReleaseOptions) -> tuple[ReleaseOptions, Release]:
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
            for answered in release_interview.complete(planned, options):
                said = answered
        return said, _released(planned, said)
    except (click.Abort, InForceError) as stopped:
        if isinstance(stopped, click.Abort) or said != options:
            terminal.nothing_written(release_interview.command(planned, said) if said != options else "")
        raise


def _released(planned: PlannedRelease, options: ReleaseOptions) -> Release:
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


def _confirmed(planned: PlannedRelease, options: ReleaseOptions, made: Release) -> bool:
    """Whether to go ahead; a no ends the command."""
    for version in made.versions:
        _overview(planned.policy, version)
    question = "Release it?" if len(made.versions) == 1 else "Release them?"
    return terminal.confirmed(question, release_interview.command(planned, options))


def _preview(planned: PlannedRelease, made: Release) -> None:
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
        click.echo(f"  {change.clause} ({', '.join(change.kinds)}; {change.severity}){note}")


def _report(planned: PlannedRelease, made: Release) -> None:
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
