"""``inforce release``: from the draft to a new version in the ledger."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import click

from inforce import model
from inforce.adapters.command import output, redline_forms, release_interview
from inforce.adapters.command.options import Day, Grade, Number, Pair
from inforce.adapters.command.release_interview import PlannedRelease
from inforce.adapters.command.session import OpenProject, Session
from inforce.changes.versions import compare
from inforce.errors import InForceError, Problem
from inforce.ledger import entries as ledger
from inforce.model import Note, Policy, Severity, Version, draft_folder
from inforce.project import Changes
from inforce.release import again as remaking
from inforce.release import proposal
from inforce.release.proposal import ReleaseOptions

_EPILOG = '\b\nExample:\n  inforce release privacy --effective today --summary "We corrected two spellings."'


@click.command(epilog=_EPILOG)
@click.argument("document", metavar="DOC")
@click.option("--effective", type=Day(), help="When it takes effect: 2027-01-15, today, or an RFC 3339 instant.")
@click.option("--summary", default="", help="What it means for customers; otherwise next.yml says it.")
@click.option("--severity", "grades", type=Grade(), multiple=True, help="Grade a clause's change; may be repeated.")
@click.option("--note", "notes", type=Pair(), multiple=True, help="A clause's note for readers; may be repeated.")
@click.option(
    *("--editorial-because", "reasons"),
    type=Pair(),
    multiple=True,
    help="Why a change is editorial although its words say otherwise; may be repeated.",
)
@click.option("--waive-notice", "waived", default="", metavar="REASON", help="Why the notice period is not kept.")
@click.option("--imported-from", default="", metavar="TEXT", help="Where an older version was published before.")
@click.option("--announced", type=Day(), help="When an imported version was announced.")
@click.option(
    *("--again", "again"),
    type=Number(),
    is_flag=False,
    flag_value="",
    help="Make the last version, or NUMBER and what follows it, again, while it is unpublished.",
)
@click.option("--dry-run", is_flag=True, help="Show the file and the redline; write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask whether to go ahead.")
@click.pass_obj
def release(
    session: Session,
    document: str,
    effective: date | None,
    summary: str,
    grades: Sequence[tuple[str, str]],
    notes: Sequence[tuple[str, str]],
    reasons: Sequence[tuple[str, str]],
    waived: str,
    imported_from: str,
    announced: date | None,
    again: str | None,
    dry_run: bool,
    yes: bool,
) -> None:
    """Release the draft of DOC as a new version.

    Severity and note of each changed clause come from the clauses' front matter and next.yml, or from the options; on a
    terminal, what is missing is asked for. The new version is one file in versions/DOC/.
    """
    project = session.project()
    formers, policy = _begin(project, document, again)
    planned = PlannedRelease(policy, project.now, again)
    options = ReleaseOptions(
        effective=planned.day(effective),
        announced=planned.day(announced),
        imported_from=_line(imported_from),
        summary=_line(summary),
        waived=_line(waived),
        notes=_notes(grades, notes, reasons),
    )
    options, versions = _versions(session, planned, options, formers)
    assert policy.draft
    changes = project.sources.written(policy.draft, versions, formers)
    if len(versions) == 1 and policy.draft:
        output.complain(proposal.doubts(policy.draft, policy.ledger, options))
    if dry_run:
        _preview(policy, versions)
        click.echo("\nNothing was written: this was a dry run.", err=True)
        if session.terminal:
            _offer(planned, options)
    elif yes or not session.terminal or _confirmed(planned, options, versions):
        project.write(changes)
        _report(planned, versions, changes)


def _versions(
    session: Session, planned: PlannedRelease, options: ReleaseOptions, formers: tuple[Version, ...]
) -> tuple[ReleaseOptions, tuple[Version, ...]]:
    """What was said of the release, and what it makes: several former versions anew, or the draft's own.

    On a terminal, what is missing is asked for. Whoever breaks off, or is refused, gets the answers back as options.
    """
    if len(formers) > 1:
        assert planned.policy.draft
        return options, remaking.in_order(planned.policy.draft, planned.policy.ledger, formers, options, planned.now)
    for former in formers:
        options = remaking.renew(options, former, planned.now)
    said = options
    try:
        if session.terminal:
            for answered in release_interview.complete(planned, options):
                said = answered
        return said, (_prepare(planned, said),)
    except (click.Abort, InForceError) as stopped:
        if isinstance(stopped, click.Abort):
            click.echo("\nNothing was written.", err=True)
        if said != options:
            _offer(planned, said)
        raise


def _confirmed(planned: PlannedRelease, options: ReleaseOptions, versions: Sequence[Version]) -> bool:
    """Whether to go ahead; a no ends the command."""
    for version in versions:
        _overview(planned.policy, version)
    try:
        return click.confirm("Release it?" if len(versions) == 1 else "Release them?", abort=True)
    except click.Abort:
        click.echo("\nNothing was written.", err=True)
        _offer(planned, options)
        raise


def _offer(planned: PlannedRelease, options: ReleaseOptions) -> None:
    click.echo(f"To go on from here:\n  {release_interview.command(planned, options)}", err=True)


def _line(said: str) -> str:
    return " ".join(said.split())


def _notes(
    grades: Sequence[tuple[str, str]], notes: Sequence[tuple[str, str]], reasons: Sequence[tuple[str, str]]
) -> dict[str, Note]:
    graded, noted, because = dict(grades), dict(notes), dict(reasons)
    return {
        clause: Note(
            Severity(graded[clause]) if clause in graded else None,
            noted.get(clause, ""),
            because=because.get(clause, ""),
        )
        for clause in (*graded, *noted, *because)
    }


def _begin(project: OpenProject, document: str, again: str | None) -> tuple[tuple[Version, ...], Policy]:
    """The versions that are made again, if any, and the policy without them; nothing may be wrong with the rest.

    A single one is made from the draft, which then has that version's notes as a start.
    """
    sources, formers = project.sources, tuple[Version, ...]()
    if again is not None:
        sources, formers = sources.made_again(document, again, project.protection())
    sources.sound(draft_folder(document), f"versions/{document}/")
    policy = sources.policy(document)
    sources.draft(policy)
    return formers, policy


def _prepare(planned: PlannedRelease, options: ReleaseOptions) -> Version:
    """The version, or everything that is missing at once, the day of effect included."""
    draft, published = planned.policy.draft, planned.policy.ledger
    assert draft
    if options.effective is not None:
        return proposal.prepare(draft, published, options, planned.now)
    earliest = proposal.earliest_effective(draft, published, options, planned.now)
    graded = proposal.severity_of(draft, published, options) is not Severity.UNCLASSIFIED
    day = "today" if earliest == planned.today else earliest.isoformat()
    sure = "is the earliest possible day" if graded else "is early enough, whatever the ungraded changes are"
    cure = f"Give --effective; {day} {sure}"
    missing = Problem(draft_folder(draft.document), 0, "effective-missing", "No day of effect is given", cure)
    try:
        proposal.prepare(draft, published, replace(options, effective=earliest), planned.now)
    except InForceError as error:
        hopeless = any(problem.rule in ("unchanged", "retired") for problem in error.problems)
        raise InForceError(*error.problems, *(() if hopeless else (missing,))) from None
    raise InForceError(missing)


def _preview(policy: Policy, versions: Sequence[Version]) -> None:
    """The redline and the file of each version, with ``policy`` as it is before them."""
    published = policy.ledger
    for version in versions:
        if version is not versions[0]:
            click.echo()
        if version.amends:
            for line in redline_forms.lines(compare(published, published.standing[-1], version)):
                click.echo(line)
        else:
            click.echo("The first version: there is nothing to compare it with.")
        click.echo(f"\n{click.style(version.path, bold=True)} would be:\n")
        click.echo(ledger.compose(version).decode(), nl=False)
        published = replace(published, entries=(*published.entries, version))


def _overview(policy: Policy, version: Version) -> None:
    click.echo(f"\n{click.style(f'{version.title}, version {version.number}', bold=True)} ({version.severity})")
    click.echo(f"  announced  {output.when(version.announced, policy)} ({output.zone(policy)})")
    click.echo(f"  effective  {output.when(version.effective, policy)}")
    click.echo(f"  summary    {version.summary}")
    for change in version.changes:
        note = f": {change.note}" if change.note else ""
        click.echo(f"  {change.clause} ({', '.join(change.kinds)}; {change.severity}){note}")


def _report(planned: PlannedRelease, versions: Sequence[Version], changes: Changes) -> None:
    policy, now, first = planned.policy, planned.now, versions[0]
    for version in versions:
        begins = "in force since" if version.effective <= now else "takes effect on"
        effective = f"{begins} {output.when(version.effective, policy)} ({output.zone(policy)})"
        click.echo(f"Released {version.document} {version.number} ({version.severity}); {effective}.")
    for path, data in changes.items():
        click.echo(f"  {'deleted' if data is None else 'wrote  '} {path}")
    for version in versions:
        click.echo(f"SHA-256 {model.hexadecimal(version.digest)}  {version.path}")
    click.echo("Next: commit these files and open a pull request, for example:")
    folders = f"policy/{first.document} versions/{first.document}"
    numbers = ", ".join(version.number for version in versions)
    click.echo(f'  git add {folders} && git commit -m "Release {first.document} {numbers}"')
    if not first.imported_from:
        limit = output.when(first.announced + timedelta(days=1), policy)
        again = f"--again {first.number}" if len(versions) > 1 else "--again"
        click.echo(f"Publish it by {limit}; later than that, first: inforce release {first.document} {again}")
