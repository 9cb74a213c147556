"""``inforce status``: where each policy stands now, what comes next, and what its draft would change."""

from typing import Any

import click

from inforce.adapters.command import output
from inforce.adapters.command.project import Project
from inforce.adapters.command.surroundings import Session
from inforce.errors import errors
from inforce.ledger import timeline
from inforce.model import Change, Policy, Severity
from inforce.release import proposal
from inforce.release.proposal import ReleaseOptions


@click.command(epilog="\b\nExample:\n  inforce status --format json")
@output.format_option
@click.pass_obj
def status(session: Session, form: str) -> None:
    """Show what is in force, what comes next, what the draft changes."""
    project = session.project()
    if form == "json":
        output.emit({"documents": [_json(project, policy) for policy in project.sources.policies]})
        return
    if not project.sources.policies:
        output.remark("note", "There is no policy here yet. Create policy/<document>/policy.yml.")
    for policy in project.sources.policies:
        _print(project, policy)


def _changes(policy: Policy) -> tuple[Change, ...]:
    if policy.draft is None:
        return ()
    return proposal.graded_changes(policy.draft, policy.ledger, ReleaseOptions())


def _print(project: Project, policy: Policy) -> None:
    title = click.style(policy.title, bold=True)
    click.echo(f"{title} ({policy.document}), dates in {output.zone(policy)}")
    for label, text in (
        ("In force", _in_force(project, policy)),
        ("Next", _next(project, policy)),
        ("Draft", _draft(project, policy)),
        ("Problems", _problems(project, policy)),
    ):
        click.echo(f"  {label:<9} {text}")


def _unsound(project: Project, policy: Policy) -> bool:
    """Whether the ledger has errors: then nobody knows what is in force."""
    return bool(errors(project.problems(f"versions/{policy.document}/")))


def _in_force(project: Project, policy: Policy) -> str:
    if _unsound(project, policy):
        return "not known: the ledger has errors"
    if version := timeline.in_force(policy.ledger, project.now):
        return f"{version.number}, since {output.when(version.effective, policy)}"
    retirement = policy.ledger.retirement
    if retirement and retirement.at <= project.now:
        return f"nothing: retired on {output.when(retirement.at, policy)}"
    return "nothing yet"


def _next(project: Project, policy: Policy) -> str:
    if _unsound(project, policy):
        return "not known"
    coming = timeline.upcoming(policy.ledger, project.now)
    found = [f"{v.number} ({v.severity}) takes effect on {output.when(v.effective, policy)}" for v in coming]
    return "; ".join(found) or "nothing announced"


def _draft(project: Project, policy: Policy) -> str:
    draft, standing = policy.draft, policy.ledger.standing
    if draft is None:
        return "cannot be read" if project.problems(f"policy/{policy.document}/") else "none"
    if _unsound(project, policy):
        return output.count(len(draft.clauses), "clause")
    if not standing:
        return f"{output.count(len(draft.clauses), 'clause')}, not released yet"
    changes = _changes(policy)
    if not changes:
        if proposal.settings_changed(draft, standing[-1]):
            return f"differs from {standing[-1].number} in policy.yml only"
        return f"the text of {standing[-1].number}"
    ungraded = [change.clause for change in changes if change.severity is Severity.UNCLASSIFIED]
    names = ", ".join(change.clause for change in changes)
    text = f"{output.count(len(changes), 'clause')} changed since {standing[-1].number}: {names}"
    return f"{text}; not graded yet: {', '.join(ungraded)}" if ungraded else text


def _problems(project: Project, policy: Policy) -> str:
    found = project.problems(*_folders(policy))
    wrong = len(errors(found))
    warnings = len(found) - wrong
    if not found:
        return "none"
    counts = (output.count(wrong, "error") if wrong else "", output.count(warnings, "warning") if warnings else "")
    return f"{', '.join(filter(None, counts))}: see inforce check"


def _folders(policy: Policy) -> tuple[str, str]:
    return f"policy/{policy.document}/", f"versions/{policy.document}/"


def _json(project: Project, policy: Policy) -> dict[str, Any]:
    current = None if _unsound(project, policy) else timeline.in_force(policy.ledger, project.now)
    found = project.problems(*_folders(policy))
    retirement = policy.ledger.retirement
    return {
        "document": policy.document,
        "title": policy.title,
        "timezone": output.zone(policy),
        "sound": not _unsound(project, policy),
        "in_force": {"version": current.number, "since": output.instant(current.effective)} if current else None,
        "upcoming": [
            {"version": v.number, "severity": str(v.severity), "effective_at": output.instant(v.effective)}
            for v in timeline.upcoming(policy.ledger, project.now)
        ],
        "retired_at": output.instant(retirement.at) if retirement else None,
        "draft": [
            {"clause": c.clause, "kinds": list(c.kinds), "severity": _severity(c), "note": c.note}
            for c in _changes(policy)
        ]
        if policy.draft
        else None,
        "problems": {"errors": len(errors(found)), "warnings": len(found) - len(errors(found))},
    }


def _severity(change: Change) -> str | None:
    return None if change.severity is Severity.UNCLASSIFIED else str(change.severity)
