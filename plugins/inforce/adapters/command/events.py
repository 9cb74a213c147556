"""``inforce withdraw``, ``erratum`` and ``retire``: what happens to a document after a version was published."""

import click

from inforce.adapters.command import output
from inforce.adapters.command.session import OpenProject, Session
from inforce.ledger import chain, timeline
from inforce.ledger import entries as ledger
from inforce.model import Event, Policy


@click.command(epilog='\b\nExample:\n  inforce withdraw privacy 2.0 --reason "The date was announced too early."')
@click.argument("document", metavar="DOC")
@click.argument("version", default="")
@click.option("--reason", required=True, help="Why, in a sentence that readers will see.")
@click.pass_obj
def withdraw(session: Session, document: str, version: str, reason: str) -> None:
    """Withdraw an announced version before it takes effect.

    Only the last version that stands can be withdrawn; without VERSION it is that one. It keeps its address, marked as
    withdrawn, and never comes into force.
    """
    project, policy = _open(session, document)
    event = chain.withdraw(policy, version, reason, project.now)
    _write(project, event)
    current = timeline.in_force(policy.ledger, project.now)
    click.echo(f"Withdrew {document} {event.version}; it will not take effect.")
    click.echo(f"In force stays {current.number}." if current else "Nothing is in force.")
    _next(event, policy)


@click.command(epilog='\b\nExample:\n  inforce erratum privacy 1.0 --clause registration --note "Read: mobile number."')
@click.argument("document", metavar="DOC")
@click.argument("version")
@click.option("--clause", default="", metavar="ID", help="The clause it is about.")
@click.option("--note", required=True, help="What to read instead, in a sentence for readers.")
@click.pass_obj
def erratum(session: Session, document: str, version: str, clause: str, note: str) -> None:
    """Put a dated note beside the text of a published version.

    The text itself stays as it was published, and nobody is asked anything. To change what is in force, release a
    version.
    """
    project, policy = _open(session, document)
    event = chain.erratum(policy, version, clause, note, project.now)
    _write(project, event)
    place = f"{document} {version}, {clause}" if clause else f"{document} {version}"
    click.echo(f"Noted an erratum beside {place}.")
    _next(event, policy)


@click.command(epilog='\b\nExample:\n  inforce retire privacy --reason "The shop has closed."')
@click.argument("document", metavar="DOC")
@click.option("--reason", required=True, help="Why, in a sentence that readers will see.")
@click.pass_obj
def retire(session: Session, document: str, reason: str) -> None:
    """Retire a policy as of now; nothing of it is in force any more.

    No version can follow, and no event but an erratum. Every published version keeps its address.
    """
    project, policy = _open(session, document)
    event = chain.retire(policy, reason, project.now)
    coming = timeline.upcoming(policy.ledger, project.now)
    _write(project, event)
    click.echo(f"Retired {document} as of {output.when(event.at, policy)} ({output.zone(policy)}).")
    for version in coming:
        click.echo(f"{version.number}, announced for {output.when(version.effective, policy)}, will not take effect.")
    _next(event, policy)


def _open(session: Session, document: str) -> tuple[OpenProject, Policy]:
    project = session.project()
    policy = project.policy(document)
    project.sound(f"versions/{document}/")
    return project, policy


def _write(project: OpenProject, event: Event) -> None:
    project.write({event.path: ledger.compose_event(event)})


def _next(event: Event, policy: Policy) -> None:
    click.echo(f"Wrote {event.path}, dated {output.when(event.at, policy)}.")
    click.echo("Next: commit it and publish it. Until it is published, deleting the file undoes it.")
