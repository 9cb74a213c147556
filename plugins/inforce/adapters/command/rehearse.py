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

from inforce.adapters import templates
from inforce.adapters.command import redline_forms, terminal
from inforce.adapters.command.check import CheckResult, find
from inforce.adapters.command.opened import OpenProject
from inforce.adapters.command.session import Session
from inforce.adapters.command.terminal import examples
from inforce.adapters.git.guard import Published
from inforce.changes.kinds import said_of
from inforce.changes.versions import ClauseRedline
from inforce.errors import Level, Problem, errors
from inforce.ledger import timeline
from inforce.model import Policy, Severity, Version
from inforce.publish import rehearsal
from inforce.publish.rehearsal import CustomerDecisions, Rehearsal
from inforce.redline import plain
from inforce.release.proposal import ReleaseOptions
from inforce.text.html import INTRODUCTION
from inforce.text.normal import count_of

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

_MARKS = str.maketrans({"\ue000": "<ins>", "\ue001": "</ins>", "\ue002": "<del>", "\ue003": "</del>"})
"""What stands for a redline's marks until its text is escaped."""


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
    def why_not(self) -> str:
        """Why there is no rehearsal; empty where there is one."""
        return "" if self.rehearsal else _UNREADABLE if errors(self.problems) else _NOTHING

    @property
    def day(self) -> str:
        """When the version takes effect, for people."""
        return terminal.when(self.rehearsal.version.effective, self.policy) if self.rehearsal else ""

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The version in a few lines: (what, how it is)."""
        shown, policy = self.rehearsal, self.policy
        if not shown:
            return []
        version, (due, given) = shown.version, shown.notice
        made = "released" if shown.released else "if it is released now"
        early = self.day == str(shown.earliest)
        first = ", the earliest possible day" if early else f"; {shown.earliest} is the earliest day"
        waived = f"; waived: {version.notice_waived}" if version.notice_waived else ""
        return [
            ("Severity", _severity(version.severity)),
            ("Announced", f"{terminal.when(version.announced, policy)}, {made} ({policy.zone})"),
            ("Takes effect", f"{self.day}{'' if shown.released else first}"),
            ("Notice", f"{count_of(due, 'day')} due, {given} given{waived}"),
            ("Customers are to", f"{_ASKED[version.requires]} it"),
            ("Summary", version.summary or "none yet"),
        ]

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """(who, from publication on, from the day of effect on) for each kind of customer.

        Those of versions long past stand together where they see the same, their changes left out.
        """
        customers = self.rehearsal.customers if self.rehearsal else ()
        past = [customer for customer in customers if customer.agreed]
        rows = [_row(self.policy, customer) for customer in past[:APART]]
        together: dict[tuple[str, str], list[str]] = {}
        for customer in past[APART:]:
            decided = _seen(self.policy, customer, with_changes=False)
            together.setdefault(decided, []).append(customer.agreed.number if customer.agreed else "")
        for decided, numbers in together.items():
            rows.append((f"{count_of(len(numbers), 'version')} from {numbers[-1]} to {numbers[0]}", *decided))
        return rows + [_row(self.policy, customer) for customer in customers if not customer.agreed]

    @property
    def clauses(self) -> tuple[ClauseRedline, ...]:
        """The clauses that differ."""
        return self.rehearsal.compared.changed if self.rehearsal and self.rehearsal.compared else ()

    @property
    def findings(self) -> list[tuple[str, str, str]]:
        """(how much it weighs, its place, what is wrong): what the checks say, then what a release still lacks."""
        found = [(str(problem.level), problem) for problem in self.problems]
        objections = self.rehearsal.objections if self.rehearsal else ()
        found += [("before a release", problem) for problem in objections if problem not in self.problems]
        return [(word, problem.place, problem.said) for word, problem in found]


@click.command(epilog=examples("rehearse privacy --effective 2027-03-01", "rehearse --format html -o rehearsal.html"))
@terminal.any_document_argument
@click.option("--effective", type=terminal.DAY, help="The day of effect; otherwise the earliest one that is possible.")
@terminal.format_option(
    "text", "markdown", "html", told="For a terminal, a pull request's comment, or a page to send round."
)
@terminal.target_option
@click.pass_obj
def rehearse(session: Session, document: str, effective: date | str | None, form: str, target: Path | None) -> None:
    """Show what the coming version will do.

    Nothing is released or published. Shown are its dates and notice, each clause's change and severity, what the
    customers of each earlier version will see, what the checks say, and the redline. The coming version is the draft,
    or, where it changes nothing, a release that is not published yet. Without DOC: every policy that has one.
    """
    project = session.project()
    found = find(project)
    each = (_one(project, policy, found, effective, bool(document)) for policy in project.chosen(document))
    rehearsed = [one for one in each if one]
    if document and effective and any(one.rehearsal and one.rehearsal.released for one in rehearsed):
        raise click.UsageError("The coming version is released, its day of effect with it: leave out --effective.")
    page = {"text": text, "markdown": markdown, "html": html}[form](rehearsed, project.now)
    terminal.put(session.directory, target, page, count_of(len(rehearsed), "rehearsal"))


def _one(
    project: OpenProject, policy: Policy, found: CheckResult, effective: date | str | None, named: bool
) -> PolicyRehearsal | None:
    """The rehearsal of one policy; None where nothing is coming and nobody asked for it by name."""
    readable = not errors(project.problems_of(policy))
    rehearsed = _rehearsed(project, policy, found, effective) if readable else None
    problems = found.of(policy.document).problems
    return PolicyRehearsal(policy, rehearsed, problems) if rehearsed or named or not readable else None


def _rehearsed(
    project: OpenProject, policy: Policy, found: CheckResult, effective: date | str | None
) -> Rehearsal | None:
    if policy.draft and not timeline.is_retired(policy.ledger, project.now):
        day = terminal.dated(effective, timeline.day_of(project.now, policy.zone))
        options = ReleaseOptions(effective=day)
        if drafted := rehearsal.of_draft(policy, policy.draft, options, project.now):
            return drafted
    coming = [version for version in policy.ledger.standing[-1:] if _is_coming(project, policy, version, found)]
    return rehearsal.of_release(policy, coming[0], project.now) if coming else None


def _is_coming(project: OpenProject, policy: Policy, version: Version, found: CheckResult) -> bool:
    """Whether a release is not published yet, or, where nobody knows, not in force yet."""
    if isinstance(found.published, Published):
        return version.path not in found.published.files
    return version in timeline.upcoming(policy.ledger, project.now)


def _decided(decided: dict[str, Any], *, with_changes: bool = True) -> str:
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


def _row(policy: Policy, customer: CustomerDecisions) -> tuple[str, str, str]:
    who = "nobody yet: a first visit"
    if customer.agreed:
        who = f"{customer.agreed.number}, in force since {terminal.when(customer.agreed.effective, policy)}"
    return who, *_seen(policy, customer)


def _seen(policy: Policy, customer: CustomerDecisions, *, with_changes: bool = True) -> tuple[str, str]:
    """What the customer sees from publication on, earlier versions taking effect, and from the day of effect on."""
    first, last = (_decided(each, with_changes=with_changes) for each in (customer.published, customer.effective))
    for at, decided in customer.between:
        first += f"; from {terminal.when(at, policy)}: {_decided(decided, with_changes=with_changes)}"
    return first, last


def _severity(severity: Severity | None) -> str:
    return terminal.graded(severity) or "not graded yet, so it counts as material"


def text(rehearsed: Sequence[PolicyRehearsal], _now: datetime) -> str:
    """Return what a terminal shows."""
    return "\n".join(line for each in rehearsed for line in _lines(each)) + "\n" if rehearsed else f"{_NOTHING}.\n"


def _lines(one: PolicyRehearsal) -> Iterator[str]:
    yield click.style(one.title, bold=True)
    if one.rehearsal:
        yield from (f"  {name:<16}  {value}" for name, value in one.facts)
        yield ""
        yield click.style("What customers will see, by the version that they agreed to last", bold=True)
        for name, published, effective in one.rows:
            yield f"  {name}"
            yield f"    at once       {published}"
            yield f"    {one.day[:10]:<12}  {effective}"
        yield ""
        if one.rehearsal.compared:
            yield from redline_forms.lines(one.rehearsal.compared)
            yield ""
    else:
        yield f"  {one.why_not}."
    yield click.style("Checks", bold=True)
    yield from (f"  {terminal.line(problem)}" for problem in one.problems)
    yield from (f"  {': '.join(finding)}" for finding in one.findings[len(one.problems) :])
    if not one.findings:
        yield "  Nothing is wrong."


def markdown(rehearsed: Sequence[PolicyRehearsal], now: datetime) -> str:
    """Return a pull request's comment; what does not fit into one is left out, and said to be."""
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
            left = count_of(len(redlines) - place, "redline")
            return found + f"\n{left} did not fit here: `inforce rehearse --format html` has them all.\n"
        found += section
    return found


def _summary(one: PolicyRehearsal) -> Iterator[str]:
    yield f"### {_plain(one.title)}\n"
    if one.rehearsal:
        yield "| | |\n|---|---|"
        yield from (f"| {name} | {_plain(value)} |" for name, value in one.facts)
        if one.clauses:
            yield "\n| Clause | What happens | Severity | Note |\n|---|---|---|---|"
        for row in one.clauses:
            yield _cells(row.title or INTRODUCTION, said_of(row.kinds), _severity(row.severity), " ".join(row.said))
        yield f"\n| Customers who agreed to | see at once | and from {_plain(one.day)} |\n|---|---|---|"
        yield from (_cells(*row) for row in one.rows)
    else:
        yield f"{one.why_not}."
    yield ""
    for word, place, said in one.findings:
        yield f"- {'**error**' if word == Level.ERROR else word}: {_plain(place)}: {_plain(said)}"
    if not one.findings:
        yield "The checks find nothing wrong."
    yield ""


def _cells(*row: str) -> str:
    return f"| {' | '.join(map(_plain, row))} |"


def _redlines(one: PolicyRehearsal) -> Iterator[str]:
    for row in one.clauses:
        html = row.redline.html.translate(dict.fromkeys(_MARKS, "\ufffd"))  # a text that holds one is no mark
        lines = plain(html, insertion="\ue000{}\ue001".format, deletion="\ue002{}\ue003".format).split("\n")
        body = "\n>\n".join(f"> {_plain(line.strip()).translate(_MARKS)}" for line in lines if line.strip())
        title = escape(_uncalled(row.title or INTRODUCTION))
        yield f"\n<details><summary>Redline: {title}</summary>\n\n{body}\n\n</details>\n"


def _plain(text: str) -> str:
    """A text as Markdown that shows it as it is; a word joiner keeps a name from being called, a number from a link."""
    return _MARKDOWN.sub(lambda found: f"{found[3]}\\" if found[3] else f"\\{found[0]}", _uncalled(text))


def _uncalled(text: str) -> str:
    return _CALLING.sub("\\1\u2060", " ".join(text.split()))


def html(rehearsed: Sequence[PolicyRehearsal], now: datetime) -> str:
    """Return a page that stands alone."""
    return templates.rehearsal(rehearsed, now, f"{_NOTHING}.") + "\n"
