"""``inforce status``, ``show`` and ``manifest``: the state of the ledger, for an editor, a reader and a storefront."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from inforce import model
from inforce.adapters import files, site_settings
from inforce.adapters.command import terminal
from inforce.adapters.command.check import CheckResult, find
from inforce.adapters.command.opened import OpenProject
from inforce.adapters.command.session import Session
from inforce.adapters.command.terminal import examples
from inforce.draft.folder import draft_folder
from inforce.errors import Problem, errors, fail
from inforce.ledger import chain, timeline
from inforce.ledger.timeline import Status
from inforce.model import Policy, Severity, Version, ledger_folder, version_path
from inforce.publish import manifest as manifests
from inforce.release import proposal
from inforce.text import clauses
from inforce.text.normal import count_of


@click.command(epilog=examples("status", "status privacy --format json"))
@terminal.any_document_argument
@terminal.text_or_json
@click.pass_obj
def status(session: Session, document: str, form: str) -> None:
    """Show what is in force, what comes next, what the draft changes.

    Without DOC: of every policy.
    """
    project = session.project()
    policies = project.chosen(document)
    found = find(project)
    if form == "json":
        terminal.emit({"documents": [_status_json(project, policy, found) for policy in policies]})
        return
    if not policies:
        terminal.remark("note", "There is no policy here yet. Begin one: inforce new privacy")
    for policy in policies:
        _print(project, policy, found)


def _print(project: OpenProject, policy: Policy, found: CheckResult) -> None:
    title = click.style(policy.title, bold=True)
    click.echo(f"{title} ({policy.document}), dates in {policy.zone}")
    sound = _sound(project, policy)
    for label, text in (
        ("In force", _in_force(project, policy) if sound else "not known: the ledger has errors"),
        ("Next", _next(project, policy) if sound else "not known"),
        ("Draft", _draft(project, policy, sound)),
        ("Problems", _problems(found.of(policy.document).problems)),
    ):
        click.echo(f"  {label:<9} {text}")


def _sound(project: OpenProject, policy: Policy) -> bool:
    """Whether the ledger is without errors: otherwise nobody knows what is in force."""
    return not errors(project.below(ledger_folder(policy.document)))


def _in_force(project: OpenProject, policy: Policy) -> str:
    if version := timeline.in_force(policy.ledger, project.now):
        return f"{version.number}, since {terminal.when(version.effective, policy)}{_asked(policy, version)}"
    if policy.ledger.retired_at and timeline.is_retired(policy.ledger, project.now):
        return f"nothing: retired on {terminal.when(policy.ledger.retired_at, policy)}{_replaced(policy)}"
    return "nothing yet"


def _next(project: OpenProject, policy: Policy) -> str:
    coming = timeline.upcoming(policy.ledger, project.now)
    found = [
        f"{v.number} ({v.severity}) takes effect on {terminal.when(v.effective, policy)}{_asked(policy, v)}"
        for v in coming
    ]
    if policy.ledger.retired_at and not timeline.is_retired(policy.ledger, project.now):
        found.append(f"ends on {terminal.when(policy.ledger.retired_at, policy)}{_replaced(policy)}")
    return "; ".join(found) or "nothing announced"


def _replaced(policy: Policy) -> str:
    event = policy.ledger.retirement
    return f", replaced by {event.replaced_by}" if event and event.replaced_by else ""


def _asked(policy: Policy, version: Version) -> str:
    """Until when customers are asked to accept a version, and when they are asked again."""
    every = f", asked again after {timeline.in_words(version.reconfirm_every)}" if version.reconfirm_every else ""
    return terminal.due(version, policy) + every


def _draft(project: OpenProject, policy: Policy, sound: bool) -> str:
    draft, standing = policy.draft, policy.ledger.standing
    if draft is None:
        return "cannot be read" if project.below(draft_folder(policy.document)) else "none"
    if not sound:
        return count_of(len(draft.clauses), "clause")
    if not standing:
        return f"{count_of(len(draft.clauses), 'clause')}, not released yet"
    changes = proposal.graded_changes(draft, policy.ledger)
    if not changes:
        if proposal.settings_changed(draft, standing[-1]):
            return f"differs from {standing[-1].number} in policy.yml only"
        return f"the text of {standing[-1].number}"
    ungraded = [change.clause for change in changes if change.severity is Severity.UNCLASSIFIED]
    names = ", ".join(change.clause for change in changes)
    text = f"{count_of(len(changes), 'clause')} changed since {standing[-1].number}: {names}"
    return f"{text}; not graded yet: {', '.join(ungraded)}" if ungraded else text


def _problems(found: Sequence[Problem]) -> str:
    wrong = len(errors(found))
    warnings = len(found) - wrong
    if not found:
        return "none"
    counts = (count_of(wrong, "error") if wrong else "", count_of(warnings, "warning") if warnings else "")
    return f"{', '.join(filter(None, counts))}: see inforce check"


def _status_json(project: OpenProject, policy: Policy, checked: CheckResult) -> dict[str, Any]:
    """What :func:`_print` shows, for programs; what an unsound ledger leaves unknown is null."""
    found, sound, known = checked.of(policy.document).problems, _sound(project, policy), _known_json(project, policy)
    return {
        "document": policy.document,
        "title": policy.title,
        "timezone": str(policy.zone),
        "sound": sound,
        **(known if sound else dict.fromkeys(known)),
        "problems": {"errors": len(errors(found)), "warnings": len(found) - len(errors(found))},
    }


def _known_json(project: OpenProject, policy: Policy) -> dict[str, Any]:
    draft, ledger = policy.draft, policy.ledger
    current, changes = timeline.in_force(ledger, project.now), proposal.graded_changes(draft, ledger) if draft else ()
    drafted = [
        {"clause": c.clause, "kinds": list(c.kinds), "severity": terminal.graded(c.severity), "note": c.note}
        for c in changes
    ]
    return {
        "in_force": current
        and {"version": current.number, "since": terminal.utc(current.effective), **_asked_json(current)},
        "upcoming": [
            {"version": v.number, "severity": str(v.severity), "effective_at": terminal.utc(v.effective)}
            | _asked_json(v)
            for v in timeline.upcoming(ledger, project.now)
        ],
        "retired_at": terminal.utc(ledger.retired_at),
        "replaced_by": (ledger.retirement and ledger.retirement.replaced_by) or None,
        "draft": drafted if draft else None,
    }


def _asked_json(version: Version) -> dict[str, Any]:
    return {"accept_by": terminal.utc(version.accept_by), "reconfirm_every": version.reconfirm_every or None}


@click.command(epilog=examples("show privacy --on 2016-03-01"))
@terminal.document_argument
@click.option("--on", "on", type=terminal.DAY, help="The version in force on that day, in the policy's time zone.")
@click.option("--version", "number", metavar="NUMBER", help="The version of that number.")
@terminal.text_or_json
@click.pass_obj
def show(session: Session, document: str, on: date | str | None, number: str | None, form: str) -> None:
    """Print a version's text; without an option, that in force now."""
    if on is not None and number is not None:
        raise click.UsageError("Give --on or --version, not both.")
    project = session.project()
    policy = project.policy(document)
    if number is None or (number not in policy.ledger.by_number and version_path(document, number) in project.files):
        project.sound(ledger_folder(document))
    version = chain.version_of(policy, number) if number is not None else _version_in_force(project, policy, on)
    if form == "json":
        terminal.emit(_version_json(project, policy, version))
        return
    for line in _head(project, policy, version):
        click.echo(f"> {line}".rstrip())
    click.echo(clauses.compose(version.title, version.clauses), nl=False)


def _version_in_force(project: OpenProject, policy: Policy, on: date | str | None) -> Version:
    """The version in force now, at an instant, or at the end of a day, with a word on what ended during it."""
    at = project.now
    if isinstance(on, datetime):
        at = on
    elif isinstance(on, date):
        begins, at = _span(policy, on)
        first, last = timeline.in_force(policy.ledger, begins), timeline.in_force(policy.ledger, at)
        if first and first != last:
            terminal.remark(
                "note", f"{first.number} was in force when that day began; {_what_ended(policy, last, at)}."
            )
    if version := timeline.in_force(policy.ledger, at):
        return version
    moment = on.isoformat() if isinstance(on, date) and not isinstance(on, datetime) else terminal.when(at, policy)
    raise fail(ledger_folder(policy.document), 0, "nothing-in-force", *_nothing(policy, at, moment))


def _span(policy: Policy, day: date) -> tuple[datetime, datetime]:
    """The first and the last instant of a day in the policy's time zone."""
    ends = timeline.midnight(day + timedelta(days=1), policy.zone)
    return timeline.midnight(day, policy.zone), ends - timedelta(microseconds=1)


def _what_ended(policy: Policy, last: Version | None, at: datetime) -> str:
    if last:
        return f"{last.number} took effect at {terminal.when(last.effective, policy)}"
    return f"the policy was retired at {terminal.when(policy.ledger.retired_at or at, policy)}"


def _nothing(policy: Policy, at: datetime, moment: str) -> tuple[str, str]:
    ledger = policy.ledger
    if ledger.retired_at and timeline.is_retired(ledger, at):
        retired = terminal.when(ledger.retired_at, policy)
        what = f"Nothing was in force on {moment}: the policy was retired on {retired}"
        return what, f"Every version is still here: --version {ledger.standing[-1].number}"
    if not ledger.standing:
        return f"No version of {policy.document} was released yet", f"Release one: inforce release {policy.document}"
    first = ledger.standing[0]
    what = f"Nothing was in force on {moment}: {first.number} takes effect on {terminal.when(first.effective, policy)}"
    return what, f"Choose a later day, or --version {first.number}"


def _head(project: OpenProject, policy: Policy, version: Version) -> list[str]:
    """What the text is, as lines of Markdown."""
    lines = [
        f"{version.title}, version {version.number}",
        "",
        f"- Dates in {policy.zone}; announced {terminal.when(version.announced, policy)}",
        f"- {_standing(project, policy, version)}",
        f"- Severity: {version.severity}. {version.summary}",
    ]
    if version.accept_by:
        lines.append(f"- To be accepted by {terminal.when(version.accept_by, policy)}")
    if version.reconfirm_every:
        lines.append(f"- Customers are asked again after {timeline.in_words(version.reconfirm_every)}")
    if version.notice_waived:
        lines.append(f"- Notice period waived: {version.notice_waived}")
    if version.imported_from:
        lines.append(f"- Imported from: {version.imported_from}")
    for event in policy.ledger.errata(version.number):
        place = f" on {event.clause}" if event.clause else ""
        lines.append(f"- Erratum{place}, {terminal.when(event.at, policy)}: {event.reason}")
    lines.append(f"- SHA-256 of {version.path}: {model.hexadecimal(version.digest)}")
    return lines


def _standing(project: OpenProject, policy: Policy, version: Version) -> str:
    standing = timeline.standing(policy.ledger, version, project.now)
    since = terminal.when(standing.since, policy)
    until = terminal.when(standing.until, policy) if standing.until else ""
    if standing.status is Status.WITHDRAWN:
        reason = policy.ledger.withdrawals[version.number].reason
        return f"Withdrawn on {until}, never in force: {reason}"
    if standing.never_in_force:
        ends = f"{standing.by} takes effect then, too" if standing.by else f"the policy ends on {until}"
        return f"Never in force: was to take effect on {since}; {ends}"
    if standing.status is Status.UPCOMING:
        return f"Not in force yet: takes effect on {since}"
    if standing.status is Status.IN_FORCE:
        by = f"until {standing.by} takes effect on {until}" if standing.by else f"until the policy ends on {until}"
        return f"In force since {since}" + (f", {by}" if until else "")
    if standing.status is Status.RETIRED:
        return f"No longer in force: took effect on {since}, retired on {until}"
    return f"No longer in force: took effect on {since}, replaced by {standing.by} on {until}"


def _version_json(project: OpenProject, policy: Policy, version: Version) -> dict[str, object]:
    standing = timeline.standing(policy.ledger, version, project.now)
    return {
        "document": version.document,
        "version": version.number,
        "title": version.title,
        "language": version.language,
        "status": str(standing.status),
        "announced_at": terminal.utc(version.announced),
        "effective_at": terminal.utc(version.effective),
        **_asked_json(version),
        "until": terminal.utc(standing.until),
        "severity": str(version.severity),
        "requires": str(version.requires),
        "summary": version.summary,
        "digest": version.digest,
        "text_digest": version.text_digest,
        "errata": [
            {"clause": event.clause, "note": event.reason, "at": terminal.utc(event.at)}
            for event in policy.ledger.errata(version.number)
        ],
        "clauses": [{"id": c.id, "heading": c.heading, "text": c.text, "digest": c.digest} for c in version.clauses],
    }


@click.command(epilog=examples("manifest --base-url https://policies.example/ -o policy-manifest.json"))
@click.option("--base-url", default="", help="The site's address; without it, links are relative.")
@click.option(
    "--epoch",
    type=click.IntRange(0, manifests.EPOCHS[-1]),
    default=0,
    help="Raised by hand where the serial has to go back.",
)
@terminal.target_option
@click.pass_obj
def manifest(session: Session, base_url: str, epoch: int, target: Path | None) -> None:
    """Print the manifest: every version, its dates and its changes."""
    base = site_settings.address(base_url, "--base-url")
    project = session.project()
    project.sound(f"{files.LEDGER}/")
    data = manifests.encode(manifests.build(project.policies, base, epoch))
    versions = sum(len(policy.ledger.versions) for policy in project.policies)
    terminal.put(session.directory, target, data, f"{count_of(versions, 'version')}, {len(data)} bytes")
