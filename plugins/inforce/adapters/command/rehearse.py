"""``inforce rehearse``: what publishing the coming version will do, before anybody sees it."""

from datetime import date
from pathlib import Path

import click

from inforce.adapters import files
from inforce.adapters.command import findings, output, rehearsals
from inforce.adapters.command.findings import Findings
from inforce.adapters.command.parameters import TODAY, Day
from inforce.adapters.command.project import Project
from inforce.adapters.command.rehearsals import Told
from inforce.adapters.command.surroundings import Session
from inforce.adapters.git.guard import Published
from inforce.errors import errors
from inforce.ledger import timeline
from inforce.ledger.events import zone_of
from inforce.model import Policy, Version
from inforce.publish import rehearsal
from inforce.publish.rehearsal import Rehearsal
from inforce.release.proposal import ReleaseOptions

_EXAMPLES = """\b
Examples:
  inforce rehearse privacy --effective 2027-03-01
  inforce rehearse --format html -o rehearsal.html"""


@click.command(epilog=_EXAMPLES)
@click.argument("document", metavar="[DOC]", default="")
@click.option("--effective", type=Day(), help="The day of effect; otherwise the earliest one that is possible.")
@click.option(
    *("--format", "form"),
    type=click.Choice(["text", "markdown", "html"]),
    default="text",
    show_default=True,
    help="For a terminal, a pull request's comment, or a page to send round.",
)
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), help="Write to this file instead.")
@click.pass_obj
def rehearse(session: Session, document: str, effective: date | str | None, form: str, target: Path | None) -> None:
    """Show what the coming version will do; nothing is written or published.

    Its dates and notice, each clause's change and severity, what the customers of each earlier version will see, what
    the checks say, and the redline. The coming version is the draft, or, where it changes nothing, a release that is
    not published yet. Without DOC: every policy that has one.
    """
    project = session.project()
    policies = [project.policy(document)] if document else list(project.sources.policies)
    found = findings.gather(project)
    told = [each for policy in policies if (each := _told(project, policy, found, effective, bool(document)))]
    text = {"text": rehearsals.text, "markdown": rehearsals.markdown, "html": rehearsals.html}[form](told, project.now)
    if target is None or str(target) == "-":
        click.echo(text, nl=False)
        return
    files.write(session.directory, {str(target): click.unstyle(text).encode()})
    click.echo(f"Wrote {target}: {output.count(len(told), 'rehearsal')}.", err=True)


def _told(project: Project, policy: Policy, found: Findings, effective: date | str | None, named: bool) -> Told | None:
    """What there is to tell of one policy; None where nothing is coming and nobody asked for it by name."""
    folders = (f"policy/{policy.document}/", f"versions/{policy.document}/")
    problems = tuple(problem for problem in found.problems if problem.path.startswith((*folders, ".gitattributes")))
    if errors(project.problems(*folders)):
        return Told(policy, None, problems)
    rehearsed = _rehearsed(project, policy, found, effective)
    return Told(policy, rehearsed, problems) if rehearsed or named else None


def _rehearsed(project: Project, policy: Policy, found: Findings, effective: date | str | None) -> Rehearsal | None:
    if policy.draft and not policy.ledger.retirement:
        today = project.now.astimezone(zone_of(policy)).date()
        options = ReleaseOptions(effective=today if effective == TODAY else effective)  # type: ignore[arg-type]
        if drafted := rehearsal.of_draft(policy, policy.draft, options, project.now):
            return drafted
    coming = [version for version in policy.ledger.standing[-1:] if _is_coming(project, policy, version, found)]
    return rehearsal.of_release(policy, coming[0], project.now) if coming else None


def _is_coming(project: Project, policy: Policy, version: Version, found: Findings) -> bool:
    """Whether a release is not published yet, or, where nobody knows, not in force yet."""
    if isinstance(found.published, Published):
        return version.path not in found.published.files
    return version in timeline.upcoming(policy.ledger, project.now)
