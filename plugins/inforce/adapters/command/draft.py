"""``inforce draft``: the draft set back to the text of a version."""

import click

from inforce.adapters.command import output, publication
from inforce.adapters.command.project import Project
from inforce.adapters.command.surroundings import Session
from inforce.changes import lineage
from inforce.draft import restoring
from inforce.errors import fail
from inforce.ledger import events
from inforce.model import Policy, Version


@click.command(epilog="\b\nExample:\n  inforce draft privacy --from 1.1")
@click.argument("document", metavar="DOC")
@click.option("--from", "number", required=True, metavar="VERSION", help="Whose text the draft shall have.")
@click.option("--yes", is_flag=True, help="Even where the draft holds changes that are kept nowhere else.")
@click.pass_obj
def draft(session: Session, document: str, number: str, yes: bool) -> None:
    """Set the draft back to the text of a version.

    The clauses in policy/DOC/ and their order become those of VERSION; notes on coming changes and next.yml go. Title,
    kind and everything else in policy.yml stay as they are.
    """
    project = session.project()
    policy = project.policy(document)
    version = events.version_of(policy, number)
    known = lineage.renamed(policy.ledger, policy.ledger.standing[-1], version) if policy.ledger.standing else {}
    changes = restoring.restore(project.files, version, known)
    if not changes:
        click.echo(f"The draft has the text of {number} already.")
        return
    if not yes:
        _keep(project, policy)
    project.write(changes)
    for path, data in sorted(changes.items()):
        click.echo(f"{'deleted' if data is None else 'wrote  '} {path}")
    _later(policy, version)
    click.echo(f"The draft of {document} now has the text of {number}. Next: edit it, then inforce redline {document}.")


def _later(policy: Policy, version: Version) -> None:
    """Say what the versions that came after this one had changed: the draft has none of that now."""
    place = policy.ledger.sequence
    later = [other for other in policy.ledger.standing if place[other.number] > place[version.number]]
    if names := list(dict.fromkeys(change.clause for other in later for change in other.changes)):
        numbers = ", ".join(other.number for other in later)
        what = f"What came after {version.number} is not in the draft now: {numbers}, which changed {', '.join(names)}."
        output.remark("note", what)


def _keep(project: Project, policy: Policy) -> None:
    """Refuse to overwrite what is neither in the ledger nor in a commit."""
    if restoring.is_released(policy):
        return
    folder = f"policy/{policy.document}/"
    own = {path: data for path, data in project.files.items() if path.startswith(folder)}
    unsaved = publication.uncommitted(project, own)
    if unsaved:
        names = ", ".join(path.removeprefix(folder) for path in unsaved[:3])
        more = f" and {output.count(len(unsaved) - 3, 'other file')}" if len(unsaved) > 3 else ""
        what = f"The draft has changes that are neither released nor committed ({names}{more})"
        raise fail(folder, 0, "draft-unsaved", what, "Commit them first, or give --yes to lose them")
