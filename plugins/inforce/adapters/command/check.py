"""``inforce check``: everything wrong in drafts and ledgers, for an editor, a program or a pull request.

:func:`find` adds what git and the clock tell to the core's rules; ``rehearse`` shows the same findings.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import click

from inforce.adapters import files
from inforce.adapters.command import terminal
from inforce.adapters.command.opened import OpenProject
from inforce.adapters.command.session import Session
from inforce.adapters.command.terminal import examples
from inforce.adapters.git.guard import PUBLISHED, Published, Unguarded, once, violations
from inforce.check import drafts
from inforce.draft import settings
from inforce.draft.folder import draft_folder
from inforce.errors import InForceError, Level, Problem, errors
from inforce.model import Policy, ledger_folder
from inforce.release import proposal, rules
from inforce.release.proposal import AS_DRAFTED, ReleaseOptions
from inforce.text.normal import count_of


@dataclass(frozen=True)
class CheckResult:
    """``problems`` in the order of their places; ``note`` says what could not be looked at, empty where all was.

    ``prefix`` is the project's place in its repository, ``published`` what readers already have.
    """

    problems: tuple[Problem, ...]
    note: str
    prefix: str
    published: Published | Unguarded

    def of(self, document: str) -> "CheckResult":
        """Return what concerns one policy, and all policies alike."""
        places = (draft_folder(document), ledger_folder(document), ".gitattributes", PUBLISHED)
        return replace(self, problems=tuple(problem for problem in self.problems if problem.path.startswith(places)))


@click.command(epilog=examples("check privacy", "check --format github"))
@terminal.any_document_argument
@terminal.format_option("text", "json", "github", told="For people, programs, or a GitHub workflow.")
@click.option("--form-only", is_flag=True, help="Leave out what policy.yml can turn off: for a deployment.")
@click.pass_obj
def check(session: Session, document: str, form: str, form_only: bool) -> None:
    """Check the clauses, the notes and the ledger.

    Ends with 1 where there is an error. What a release of the draft still lacks is no error, and told as a note.
    Without DOC: of every policy.
    """
    project = session.project()
    policies = project.chosen(document)
    found = find(project, beyond_form=not form_only)
    if document:
        found = found.of(document)
    if form == "json":
        terminal.emit({"problems": [terminal.problem_json(problem) for problem in found.problems], "note": found.note})
    elif form == "github":
        for problem in found.problems:
            click.echo(annotation(problem, found.prefix))
        if found.note:
            click.echo(f"::notice title=inforce::{_data(found.note)}")
    else:
        _tell(project, policies, found)
    if errors(found.problems):
        raise click.exceptions.Exit(1)


def _tell(project: OpenProject, policies: Sequence[Policy], found: CheckResult) -> None:
    problems = found.problems
    terminal.complain(problems)
    if found.note:
        terminal.remark("note", found.note)
    wrong = len(errors(problems))
    if not wrong:
        for problem in _open(policies, project.now):
            terminal.remark("note", f"before a release, {problem.place}: {problem.said}")
    if problems:
        others = count_of(len(problems) - wrong, "warning")
        click.echo(f"{count_of(wrong, 'error')}, {others}.", err=True)
        return
    versions = sum(len(policy.ledger.versions) for policy in policies)
    checked = count_of(len(policies), "policy", "policies")
    click.echo(f"Nothing is wrong in {checked} and {count_of(versions, 'version')}.")


def _open(policies: Sequence[Policy], now: datetime) -> list[Problem]:
    """What a release of each draft still lacks, the day of effect aside: nothing of that is wrong yet."""
    found: list[Problem] = []
    for policy in policies:
        if policy.draft is None:
            continue
        day = proposal.earliest_effective(policy.draft, policy.ledger, AS_DRAFTED, now)
        try:
            proposal.prepare(policy.draft, policy.ledger, ReleaseOptions(effective=day), now)
        except InForceError as error:
            found += error.problems
    return [problem for problem in found if problem.rule not in {*rules.HOPELESS, *settings.RULES}]


def annotation(problem: Problem, prefix: str) -> str:
    """Return a problem as a workflow command that GitHub shows beside the line.

    ``prefix`` is the project's place in its repository. Escapes as
    https://docs.github.com/actions/reference/workflow-commands-for-github-actions asks of values.
    """
    word = "error" if problem.level is Level.ERROR else "warning"
    place = f"file={_property(prefix + problem.path)}"
    if problem.line:
        place += f",line={problem.line}"
    return f"::{word} {place},title={_property(problem.rule)}::{_data(problem.said)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def find(project: OpenProject, *, beyond_form: bool = True) -> CheckResult:
    """Return what is wrong in all policies of the project, in what surrounds them, and with what is published.

    Without ``beyond_form``, only what nobody can turn off.
    """
    repository, published = project.published()
    note, known = "", published.files if isinstance(published, Published) else None
    if isinstance(published, Unguarded) and any(policy.ledger.entries for policy in project.policies):
        note = (
            f"The dates of unpublished releases were not checked: {published.reason}. inforce verify says what to do."
        )
    found = once(violations(repository, published), project.check(project.now, known, beyond_form=beyond_form))
    try:
        found += tuple(drafts.attributes_problems(files.told_to_git(project.root, ".gitattributes")))
    except InForceError as error:
        found += error.problems
    return CheckResult(tuple(sorted({*found})), note, repository.prefix if repository else "", published)
