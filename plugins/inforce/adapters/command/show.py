"""``inforce show``: one version's text as it was published, with its dates and digests above it."""

from datetime import date, datetime, timedelta

import click

from inforce import model
from inforce.adapters.command import output
from inforce.adapters.command.parameters import TODAY, Day
from inforce.adapters.command.project import Project
from inforce.adapters.command.surroundings import Session
from inforce.errors import fail
from inforce.ledger import events, timeline
from inforce.model import Policy, Status, Version
from inforce.text import clauses


@click.command(epilog="\b\nExample:\n  inforce show privacy --on 2016-03-01")
@click.argument("document", metavar="DOC")
@click.option("--on", "on", type=Day(), help="The version in force on that day, in the policy's time zone.")
@click.option("--version", "number", metavar="NUMBER", help="The version of that number.")
@output.format_option
@click.pass_obj
def show(session: Session, document: str, on: date | str | None, number: str | None, form: str) -> None:
    """Print a version's text; without an option, that in force now."""
    if on is not None and number is not None:
        raise click.UsageError("Give --on or --version, not both.")
    project = session.project()
    policy = project.policy(document)
    if number is None:
        project.sound(f"versions/{document}/")
        version = _in_force(project, policy, TODAY if on is None else on)
    elif number not in policy.ledger.by_number and f"versions/{document}/{number}.md" in project.files:
        project.sound(f"versions/{document}/")
        version = events.version_of(policy, number)
    else:
        version = events.version_of(policy, number)
    if form == "json":
        output.emit(_json(project, policy, version))
        return
    for line in _head(project, policy, version):
        click.echo(f"> {line}".rstrip())
    click.echo(clauses.compose(version.title, version.clauses), nl=False)


def _in_force(project: Project, policy: Policy, on: date | str) -> Version:
    """The version in force at an instant, or on a day as a whole: at its end, with a word on what ended during it."""
    at = project.now
    if isinstance(on, datetime):
        at = on
    elif isinstance(on, date):
        begins, at = _span(policy, on)
        first, last = timeline.in_force(policy.ledger, begins), timeline.in_force(policy.ledger, at)
        if first and first != last:
            output.remark("note", f"{first.number} was in force when that day began; {_changed(policy, last, at)}.")
    if version := timeline.in_force(policy.ledger, at):
        return version
    moment = on.isoformat() if isinstance(on, date) and not isinstance(on, datetime) else output.when(at, policy)
    raise fail(f"versions/{policy.document}/", 0, "nothing-in-force", *_nothing(policy, at, moment))


def _span(policy: Policy, day: date) -> tuple[datetime, datetime]:
    """The first and the last instant of a day in the policy's time zone."""
    zone = events.zone_of(policy)
    begins = datetime(day.year, day.month, day.day, tzinfo=zone)
    following = day + timedelta(days=1)
    ends = datetime(following.year, following.month, following.day, tzinfo=zone)
    return begins, ends - timedelta(microseconds=1)


def _changed(policy: Policy, last: Version | None, at: datetime) -> str:
    if last:
        return f"{last.number} took effect at {output.when(last.effective, policy)}"
    retirement = policy.ledger.retirement
    return f"the policy was retired at {output.when(retirement.at if retirement else at, policy)}"


def _nothing(policy: Policy, at: datetime, moment: str) -> tuple[str, str]:
    ledger = policy.ledger
    if ledger.retirement and ledger.retirement.at <= at:
        retired = output.when(ledger.retirement.at, policy)
        what = f"Nothing was in force on {moment}: the policy was retired on {retired}"
        return what, f"Every version is still here: --version {ledger.standing[-1].number}"
    if not ledger.standing:
        return "No version of it was released yet", f"Release one: inforce release {policy.document}"
    first = ledger.standing[0]
    what = f"Nothing was in force on {moment}: {first.number} takes effect on {output.when(first.effective, policy)}"
    return what, f"Choose a later day, or --version {first.number}"


def _head(project: Project, policy: Policy, version: Version) -> list[str]:
    """What the text is, as lines of Markdown."""
    lines = [
        f"{version.title}, version {version.number}",
        "",
        f"- Dates in {output.zone(policy)}; announced {output.when(version.announced, policy)}",
        f"- {_standing(project, policy, version)}",
        f"- Severity: {version.severity}. {version.summary}",
    ]
    if version.notice_waived:
        lines.append(f"- Notice period waived: {version.notice_waived}")
    if version.imported_from:
        lines.append(f"- Imported from: {version.imported_from}")
    for event in policy.ledger.errata(version.number):
        place = f" on {event.clause}" if event.clause else ""
        lines.append(f"- Erratum{place}, {output.when(event.at, policy)}: {event.reason}")
    lines.append(f"- SHA-256 of {version.path}: {model.hexadecimal(version.digest)}")
    return lines


def _standing(project: Project, policy: Policy, version: Version) -> str:
    standing = timeline.standing(policy.ledger, version, project.now)
    since = output.when(standing.since, policy)
    until = output.when(standing.until, policy) if standing.until else ""
    if standing.status is Status.WITHDRAWN:
        reason = policy.ledger.withdrawals[version.number].reason
        return f"Withdrawn on {until}, never in force: {reason}"
    if standing.status is Status.UPCOMING:
        return f"Not in force yet: takes effect on {since}"
    if standing.status is Status.IN_FORCE:
        return f"In force since {since}" + (f", until {standing.by} takes effect on {until}" if until else "")
    if standing.status is Status.RETIRED:
        return f"No longer in force: took effect on {since}, retired on {until}"
    return f"No longer in force: took effect on {since}, replaced by {standing.by} on {until}"


def _json(project: Project, policy: Policy, version: Version) -> dict[str, object]:
    standing = timeline.standing(policy.ledger, version, project.now)
    return {
        "document": version.document,
        "version": version.number,
        "title": version.title,
        "language": version.language,
        "status": str(standing.status),
        "announced_at": output.instant(version.announced),
        "effective_at": output.instant(version.effective),
        "until": output.instant(standing.until),
        "severity": str(version.severity),
        "requires": str(version.requires),
        "summary": version.summary,
        "digest": version.digest,
        "text_digest": version.text_digest,
        "errata": [
            {"clause": event.clause, "note": event.reason, "at": output.instant(event.at)}
            for event in policy.ledger.errata(version.number)
        ],
        "clauses": [{"id": c.id, "heading": c.heading, "text": c.text, "digest": c.digest} for c in version.clauses],
    }
