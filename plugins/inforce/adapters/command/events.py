"""``inforce withdraw``, ``erratum`` and ``retire``: what happens to a document after a version was published.

Each puts one event into the ledger. On a terminal, what is missing is asked for, and what cannot be undone is told
before it is done; a script says everything in options. What stands against an event is told by ``ledger.chain`` and
``release.rules``.
"""

from collections.abc import Callable
from datetime import date, datetime

import click

from inforce.adapters.command import terminal
from inforce.adapters.command.opened import OpenProject
from inforce.adapters.command.session import Session
from inforce.adapters.command.terminal import examples
from inforce.errors import fail, refuse
from inforce.ledger import chain, entries, timeline
from inforce.model import Event, Policy, ledger_folder
from inforce.release import notice, rules

_reason = click.option("--reason", help="Why, in a sentence that readers will see.")


@click.command(epilog=examples('withdraw privacy 2.0 --reason "The date was announced too early."'))
@terminal.document_argument
@click.argument("version", default="")
@_reason
@terminal.yes_option
@click.pass_obj
def withdraw(session: Session, document: str, version: str, reason: str | None, yes: bool) -> None:
    """Withdraw an announced version before it takes effect.

    Only the last version that stands can be withdrawn; without VERSION it is that one. It keeps its address, marked as
    withdrawn, and never comes into force.
    """
    project, policy = session.policy(document)

    def made(said: str) -> Event:
        return chain.withdraw(policy, version, said, project.now)

    event = _said(session, "reason", reason, "Why it is withdrawn", made)
    gone = f"{document} {event.version} keeps its address, marked as withdrawn, and never takes effect"
    _write(session, project, event, yes, f"A withdrawal cannot be taken back: {gone}.")
    current = timeline.in_force(policy.ledger, project.now)
    click.echo(f"Withdrew {document} {event.version}; it will not take effect.")
    click.echo(f"In force stays {current.number}." if current else "Nothing is in force.")
    _wrote(event, policy)


@click.command(epilog=examples('erratum privacy 1.0 --clause registration --note "Read: mobile number."'))
@terminal.document_argument
@click.argument("version")
@click.option("--clause", default="", metavar="ID", help="The clause it is about.")
@click.option("--note", help="What to read instead, in a sentence for readers.")
@terminal.yes_option
@click.pass_obj
def erratum(session: Session, document: str, version: str, clause: str, note: str | None, yes: bool) -> None:
    """Put a dated note beside the text of a published version.

    The text itself stays as it was published, and nobody is asked anything. To change what is in force, release a
    version.
    """
    project, policy = session.policy(document)

    def made(said: str) -> Event:
        return chain.erratum(policy, version, clause, said, project.now)

    event = _said(session, "note", note, "What to read instead", made)
    told = "A note cannot be taken back: it stands beside the text for ever, and the text stays as it is."
    _write(session, project, event, yes, told)
    place = f"{document} {version}, {clause}" if clause else f"{document} {version}"
    click.echo(f"Noted an erratum beside {place}.")
    _wrote(event, policy)


@click.command(
    epilog=examples(
        'retire terms --effective 2027-06-30 --replaced-by terms-2 --reason "New terms take its place."',
        'retire terms --withdraw --reason "The old terms stay."',
    )
)
@terminal.document_argument
@click.option(
    "--effective", type=terminal.DAY, help="When it ends: 2027-06-30, today (at once), or an RFC 3339 instant."
)
@_reason
@click.option("--replaced-by", default="", metavar="DOC", help="The policy that takes its place.")
@terminal.waive_option
@click.option("--withdraw", "withdrawn", is_flag=True, help="Take an announced end back, before its day.")
@terminal.yes_option
@click.pass_obj
def retire(
    session: Session,
    document: str,
    effective: date | str | None,
    reason: str | None,
    replaced_by: str,
    waived: str,
    withdrawn: bool,
    yes: bool,
) -> None:
    """Announce the day on which a policy ends; from then on nothing of it is in force.

    Readers get as much notice as of a material change. Every published version keeps its address. Until that day it can
    be taken back: --withdraw. After it, nothing but an erratum can follow.
    """
    project, policy = session.policy(document)
    if withdrawn:
        if effective or replaced_by or waived:
            raise click.UsageError("With --withdraw, give --reason alone.")
        _go_on(session, project, policy, reason, yes)
        return
    day = effective or _day(session, project, policy, waived)
    at = _instant(policy, day, project.now)

    def made(said: str) -> Event:
        end = chain.retire(policy, said, project.now, at, replaced_by=replaced_by, waived=waived)
        refuse(rules.of_retirement(policy, policy.ledger, end, project.now))
        return end

    if not replaced_by and session.terminal and not yes:
        replaced_by = _successor(project, policy)
    event = _said(session, "reason", reason, "Why it ends", made)
    back = "From then on it cannot be taken back" if at else "This cannot be taken back"
    ends = f"{document} ends {_ends(event, policy)}. {back}: no version can follow, only errata."
    _write(session, project, event, yes, ends)
    told = "Announced that {} ends on {} ({})." if at else "Retired {} as of {} ({})."
    click.echo(told.format(document, terminal.when(at or event.at, policy), policy.zone))
    coming = timeline.upcoming(policy.ledger, project.now)
    for version in (each for each in coming if each.effective >= (at or event.at)):
        click.echo(f"{version.number}, announced for {terminal.when(version.effective, policy)}, will not take effect.")
    if at:
        click.echo(f"Until then it can be taken back: inforce retire {document} --withdraw")
    _wrote(event, policy)


def _go_on(session: Session, project: OpenProject, policy: Policy, reason: str | None, yes: bool) -> None:
    def made(said: str) -> Event:
        return chain.withdraw_retirement(policy, said, project.now)

    event = _said(session, "reason", reason, "Why it goes on", made)
    _write(session, project, event, yes, f"{policy.document} goes on; it can be retired again.")
    click.echo(f"Withdrew the end of {policy.document}; it stays in force.")
    _wrote(event, policy)


def _ends(event: Event, policy: Policy) -> str:
    by = f", replaced by {event.replaced_by}" if event.replaced_by else ""
    return (f"on {terminal.when(event.effective, policy)}" if event.effective else "at once") + by


def _day(session: Session, project: OpenProject, policy: Policy, waived: str) -> date | str:
    """Return the day on which it ends, asked for; the earliest one is offered."""
    today = timeline.day_of(project.now, policy.zone)
    settings = policy.draft.settings if policy.draft and not waived else None
    earliest = notice.earliest_end(settings, policy.ledger.amended, project.now) if settings else today
    offered = terminal.written(earliest, today)
    if not session.terminal:
        cure = f"Give --effective; {offered} is the earliest possible day"
        raise fail(ledger_folder(policy.document), 0, "effective-missing", "No day is given on which it ends", cure)
    click.echo(f"The earliest possible day is {offered} ({policy.zone}).")
    return terminal.until("Ends on", lambda said: said, default=offered, type=terminal.DAY)


def _instant(policy: Policy, day: date | str, now: datetime) -> datetime | None:
    """Return when the day of the end begins; None where it ends at once."""
    if isinstance(day, datetime):
        return day
    if isinstance(day, str) or day == timeline.day_of(now, policy.zone):
        return None
    return timeline.midnight(day, policy.zone)


def _successor(project: OpenProject, policy: Policy) -> str:
    """Return the policy that takes its place, asked for where there is another."""
    others = [each.document for each in project.policies if each.ledger.versions and each is not policy]
    if not others:
        return ""
    told = ", ".join(others)
    return str(click.prompt(f"Replaced by (Enter for none; {told})", default="", show_default=False)).strip()


def _said(session: Session, word: str, said: str | None, question: str, made: Callable[[str], Event]) -> Event:
    """Return the event of what is said; asked for where it is missing, once nothing else stands against the event."""
    if said is None and not session.terminal:
        raise click.UsageError(f"Missing option '--{word}'.")
    if said is None:
        made("…")
        said = terminal.sentence(f"{question}, in a sentence that readers will see")
    return made(said)


def _write(session: Session, project: OpenProject, event: Event, yes: bool, told: str) -> None:
    """Put the event into the ledger, once somebody at the terminal was ``told`` what that means, and agrees."""
    if session.terminal and not yes:
        click.echo(told)
        terminal.confirmed("Go ahead?")
    project.write({event.path: entries.compose_event(event)})


def _wrote(event: Event, policy: Policy) -> None:
    click.echo(f"Wrote {event.path}, dated {terminal.when(event.at, policy)}.")
    click.echo("Next: commit it and publish it. Until it is published, deleting the file undoes it.")
