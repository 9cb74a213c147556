"""``inforce rehearse``: what publishing the coming version will do, before anybody sees it.

As text for a terminal, as Markdown for a pull request's comment, and as a page that stands alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from pathlib import Path
from typing import Any

import click

from inforce.adapters import files, templates
from inforce.adapters.command import output, redline_forms
from inforce.adapters.command.check import CheckResult, find
from inforce.adapters.command.options import TODAY, Day
from inforce.adapters.command.session import OpenProject, Session
from inforce.adapters.git.guard import Published
from inforce.changes.versions import ClauseRedline
from inforce.errors import Level, Problem, errors
from inforce.ledger import timeline
from inforce.model import Policy, Severity, Version
from inforce.publish import rehearsal
from inforce.publish.rehearsal import CustomerDecisions, Rehearsal
from inforce.redline import plain
from inforce.release.proposal import ReleaseOptions

MARK = "<!-- inforce rehearse -->"
"""By this line a workflow finds its own comment again."""
APART = 12
"""So many of the latest versions have a line of their own for their customers."""
LONGEST = 60_000
"""Characters of Markdown; GitHub takes 65,536 in a comment."""

_NOTHING = "Nothing is coming: the draft changes nothing, and every release is published"
_UNREADABLE = "It cannot be rehearsed while the errors below stand"
_ASKED = {"accept": "accept", "acknowledge": "confirm having read", "inform": "do nothing about"}
_MARKDOWN = re.compile(r"([\\`*_\[\]|~<>&])|^([#+-])|^(\d+)(?=[.)])")
_CALLING = re.compile(r"(?<!\w)([@#])(?=\w)")
_EXAMPLES = """\b
Examples:
  inforce rehearse privacy --effective 2027-03-01
  inforce rehearse --format html -o rehearsal.html"""


@dataclass(frozen=True)
class PolicyRehearsal:
    """One policy: its rehearsal (None where nothing is coming or it cannot be read) and what the checks say of it."""

    policy: Policy
    rehearsal: Rehearsal | None
    problems: tuple[Problem, ...]

    @property
    def title(self) -> str:
        """What is rehearsed."""
        if not self.rehearsal:
            return self.policy.title
        version = self.rehearsal.version
        return f"{version.title}: {f'{version.amends} to ' if version.amends else ''}{version.number}"

    @property
    def lacking(self) -> tuple[Problem, ...]:
        """What a release still lacks, beside what the checks say."""
        objections = self.rehearsal.objections if self.rehearsal else ()
        return tuple(problem for problem in objections if problem not in self.problems)

    @property
    def why_not(self) -> str:
        """Why there is no rehearsal; empty where there is one."""
        if self.rehearsal:
            return ""
        return _UNREADABLE if any(problem.level is Level.ERROR for problem in self.problems) else _NOTHING


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
    """Show what the coming version will do.

    Nothing is released or published. Shown are its dates and notice, each clause's change and severity, what the
    customers of each earlier version will see, what the checks say, and the redline. The coming version is the draft,
    or, where it changes nothing, a release that is not published yet. Without DOC: every policy that has one.
    """
    project = session.project()
    found = find(project)
    each = (_one(project, policy, found, effective, bool(document)) for policy in project.policies(document))
    rehearsed = [one for one in each if one]
    page = {"text": text, "markdown": markdown, "html": html}[form](rehearsed, project.now)
    if target is None or str(target) == "-":
        click.echo(page, nl=False)
        return
    files.write(session.directory, {str(target): click.unstyle(page).encode()})
    click.echo(f"Wrote {target}: {output.count(len(rehearsed), 'rehearsal')}.", err=True)


def _one(
    project: OpenProject, policy: Policy, found: CheckResult, effective: date | str | None, named: bool
) -> PolicyRehearsal | None:
    """The rehearsal of one policy; None where nothing is coming and nobody asked for it by name."""
    folders = (f"policy/{policy.document}/", f"versions/{policy.document}/")
    problems = found.of(policy.document).problems
    if errors(project.sources.below(*folders)):
        return PolicyRehearsal(policy, None, problems)
    rehearsed = _rehearsed(project, policy, found, effective)
    return PolicyRehearsal(policy, rehearsed, problems) if rehearsed or named else None


def _rehearsed(
    project: OpenProject, policy: Policy, found: CheckResult, effective: date | str | None
) -> Rehearsal | None:
    if policy.draft and not policy.ledger.retirement:
        today = project.now.astimezone(policy.zone).date()
        options = ReleaseOptions(effective=today if effective == TODAY else effective)  # type: ignore[arg-type]
        if drafted := rehearsal.of_draft(policy, policy.draft, options, project.now):
            return drafted
    coming = [version for version in policy.ledger.standing[-1:] if _is_coming(project, policy, version, found)]
    return rehearsal.of_release(policy, coming[0], project.now) if coming else None


def _is_coming(project: OpenProject, policy: Policy, version: Version, found: CheckResult) -> bool:
    """Whether a release is not published yet, or, where nobody knows, not in force yet."""
    if isinstance(found.published, Published):
        return version.path not in found.published.files
    return version in timeline.upcoming(policy.ledger, project.now)


def facts(policy: Policy, shown: Rehearsal) -> Iterator[tuple[str, str]]:
    """The version in a few lines: (what, how it is)."""
    version, (due, given) = shown.version, shown.notice
    yield "Severity", _severity(version.severity)
    made = "released" if shown.released else "if it is released now"
    yield "Announced", f"{output.when(version.announced, policy)}, {made} ({output.zone(policy)})"
    day = output.when(version.effective, policy)
    first = ", the earliest possible day" if day == str(shown.earliest) else f"; {shown.earliest} is the earliest day"
    yield "Takes effect", f"{day}{'' if shown.released else first}"
    waived = f"; waived: {version.notice_waived}" if version.notice_waived else ""
    yield "Notice", f"{output.count(due, 'day')} due, {given} given{waived}"
    yield "Customers are to", f"{_ASKED[version.requires]} it"
    yield "Summary", version.summary or "none yet"


def said(decided: dict[str, Any], *, with_changes: bool = True) -> str:
    """One decision in words, with the words of the table behind."""
    version, state = decided["version"], decided["state"]
    words = {
        "review_required": f"is asked to review {version}",
        "initial": f"is asked to {_ASKED.get(decided['requires'] or '', 'look at')} {version}",
        "notice": f"sees a notice of {version}",
        "upcoming": f"sees an announcement of {version}",
        "up_to_date": "sees nothing",
        "not_applicable": "sees nothing",
    }[state]
    changes = ", ".join(f"{row['title']} ({row['severity']})" for row in decided["changes"] or ())
    shown = f": {changes}" if changes and with_changes and state in ("review_required", "notice") else ""
    return f"{words}{shown} [{state}, {decided['reason']}]"


def who(policy: Policy, customer: CustomerDecisions) -> str:
    """Whose decision it is."""
    if customer.agreed is None:
        return "nobody yet: a first visit"
    return f"{customer.agreed.number}, in force since {output.when(customer.agreed.effective, policy)}"


def rows(policy: Policy, shown: Rehearsal) -> list[tuple[str, str, str]]:
    """(who, from publication on, from the day of effect on) for each kind of customer.

    Those of versions long past stand together where they see the same, their changes left out.
    """
    past = [customer for customer in shown.customers if customer.agreed]
    first = [customer for customer in shown.customers if not customer.agreed]
    alone = [(who(policy, customer), said(customer.published), said(customer.effective)) for customer in past[:APART]]
    together: dict[tuple[str, str], list[str]] = {}
    for customer in past[APART:]:
        decided = (said(customer.published, with_changes=False), said(customer.effective, with_changes=False))
        together.setdefault(decided, []).append(customer.agreed.number if customer.agreed else "")
    for decided, numbers in together.items():
        alone.append((f"{output.count(len(numbers), 'version')} from {numbers[-1]} to {numbers[0]}", *decided))
    return alone + [(who(policy, customer), said(customer.published), said(customer.effective)) for customer in first]


def _severity(severity: Severity | None) -> str:
    return "not graded yet, so it counts as material" if severity in (None, Severity.UNCLASSIFIED) else str(severity)


def changed(shown: Rehearsal) -> tuple[ClauseRedline, ...]:
    """The clauses that differ."""
    return shown.compared.changed if shown.compared else ()


def text(rehearsed: Sequence[PolicyRehearsal], _now: datetime) -> str:
    """For a terminal."""
    return "\n".join(line for each in rehearsed for line in _lines(each)) + "\n" if rehearsed else f"{_NOTHING}.\n"


def _lines(one: PolicyRehearsal) -> Iterator[str]:
    yield click.style(one.title, bold=True)
    if one.rehearsal:
        policy, shown = one.policy, one.rehearsal
        yield from (f"  {name:<16}  {value}" for name, value in facts(policy, shown))
        yield ""
        yield click.style("What customers will see, by the version that they agreed to last", bold=True)
        for name, published, effective in rows(policy, shown):
            yield f"  {name}"
            yield f"    at once       {published}"
            yield f"    {output.when(shown.version.effective, policy)[:10]:<12}  {effective}"
        yield ""
        if shown.compared:
            yield from redline_forms.lines(shown.compared)
            yield ""
    else:
        yield f"  {one.why_not}."
    yield click.style("Checks", bold=True)
    yield from (f"  {output.line(problem)}" for problem in one.problems)
    yield from (f"  before a release: {problem.place}: {output.said(problem)}" for problem in one.lacking)
    if not (one.problems or one.lacking):
        yield "  Nothing is wrong."


def markdown(rehearsed: Sequence[PolicyRehearsal], now: datetime) -> str:
    """For a pull request's comment; what does not fit into one is left out, and said to be."""
    parts = [MARK, "## What this change will do", ""]
    if not rehearsed:
        parts.append(f"{_NOTHING}.")
    redlines: list[str] = []
    for each in rehearsed:
        parts.extend(_summary(each))
        redlines.extend(_redlines(each))
    found = "\n".join((*parts, "")) + f"\n<sub>Rehearsed at {now:%Y-%m-%d %H:%M} UTC. Nothing is published.</sub>\n"
    for place, section in enumerate(redlines):
        if len(found) + len(section) > LONGEST:
            left = output.count(len(redlines) - place, "redline")
            return found + f"\n{left} did not fit here: `inforce rehearse --format html` has them all.\n"
        found += section
    return found


def _summary(one: PolicyRehearsal) -> Iterator[str]:
    yield f"### {_plain(one.title)}\n"
    if one.rehearsal:
        policy, shown = one.policy, one.rehearsal
        yield "| | |\n|---|---|"
        yield from (f"| {name} | {_plain(value)} |" for name, value in facts(policy, shown))
        if changed(shown):
            yield "\n| Clause | What happens | Severity | Note |\n|---|---|---|---|"
            for row in changed(shown):
                noted = " ".join((*row.notes, *(f"Editorial because: {reason}" for reason in row.reasons)))
                cells = (row.title or "Introduction", ", ".join(row.kinds), _severity(row.severity), noted)
                yield f"| {' | '.join(map(_plain, cells))} |"
        day = output.when(shown.version.effective, policy)
        yield f"\n| Customers who agreed to | see at once | and from {_plain(day)} |\n|---|---|---|"
        yield from (f"| {' | '.join(map(_plain, row))} |" for row in rows(policy, shown))
    else:
        yield f"{one.why_not}."
    yield ""
    signs = {Level.ERROR: "**error**", Level.WARNING: "warning"}
    for problem in one.problems:
        yield f"- {signs[problem.level]}: {_plain(problem.place)}: {_plain(output.said(problem))}"
    for problem in one.lacking:
        yield f"- before a release: {_plain(problem.place)}: {_plain(output.said(problem))}"
    if not (one.problems or one.lacking):
        yield "The checks find nothing wrong."
    yield ""


def _redlines(one: PolicyRehearsal) -> Iterator[str]:
    for row in changed(one.rehearsal) if one.rehearsal else ():
        lines = plain(row.redline.html, insertion="\ue000{}\ue001".format, deletion="\ue002{}\ue003".format).split("\n")
        marks = str.maketrans({"\ue000": "<ins>", "\ue001": "</ins>", "\ue002": "<del>", "\ue003": "</del>"})
        body = "\n>\n".join(f"> {_plain(line.strip()).translate(marks)}" for line in lines if line.strip())
        title = escape(row.title or "Introduction")
        yield f"\n<details><summary>Redline: {title}</summary>\n\n{body}\n\n</details>\n"


def _plain(text: str) -> str:
    """A text as Markdown that shows it as it is; a word joiner keeps a name from being called, a number from a link."""
    folded = _CALLING.sub("\\1\u2060", " ".join(text.split()))
    return _MARKDOWN.sub(lambda found: f"{found[3]}\\" if found[3] else f"\\{found[0]}", folded)


def html(rehearsed: Sequence[PolicyRehearsal], now: datetime) -> str:
    """A page that stands alone."""
    sections = [
        {
            "title": each.title,
            "why_not": each.why_not,
            "facts": list(facts(each.policy, each.rehearsal)) if each.rehearsal else [],
            "day": output.when(each.rehearsal.version.effective, each.policy) if each.rehearsal else "",
            "rows": rows(each.policy, each.rehearsal) if each.rehearsal else [],
            "problems": [(problem.level, problem.place, output.said(problem)) for problem in each.problems],
            "lacking": [("before a release", problem.place, output.said(problem)) for problem in each.lacking],
            "clauses": changed(each.rehearsal) if each.rehearsal else (),
        }
        for each in rehearsed
    ]
    return templates.rehearsal(sections, now, f"{_NOTHING}.") + "\n"
