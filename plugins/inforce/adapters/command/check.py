"""``inforce check``: everything wrong in drafts and ledgers, for an editor, a program or a pull request.

:func:`find` adds what git and the clock tell to the core's rules; ``rehearse`` shows the same findings.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import click

from inforce.adapters.command import output
from inforce.adapters.command.session import OpenProject, Session
from inforce.adapters.git.guard import Published, Unguarded
from inforce.check import duties, form
from inforce.draft import rules
from inforce.errors import InForceError, Level, Problem, errors
from inforce.release import proposal
from inforce.release.proposal import ReleaseOptions


@click.command(epilog="\b\nExample:\n  inforce check --format github")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="For people, programs, or a GitHub workflow.",
)
@click.option("--form-only", is_flag=True, help="Leave out what policy.yml can turn off: for a deployment.")
@click.pass_obj
def check(session: Session, form: str, form_only: bool) -> None:
    """Check the clauses, the notes and the ledger.

    Ends with 1 where there is an error. What a release of the draft still lacks is no error, and told as a note."""
    project = session.project()
    found = find(project, beyond_form=not form_only)
    if form == "json":
        output.emit({"problems": [output.problem_json(problem) for problem in found.problems], "note": found.note})
    elif form == "github":
        for problem in found.problems:
            click.echo(annotation(problem, found.prefix))
        if found.note:
            click.echo(f"::notice title=inforce::{_data(found.note)}")
    else:
        _tell(project, found.problems, found.note)
    if errors(found.problems):
        raise click.exceptions.Exit(1)


def _tell(project: OpenProject, problems: Sequence[Problem], note: str) -> None:
    output.complain(problems)
    if note:
        output.remark("note", note)
    wrong = len(errors(problems))
    if not wrong:
        for problem in _open(project):
            output.remark("note", f"before a release, {problem.place}: {output.said(problem)}")
    if problems:
        others = output.count(len(problems) - wrong, "warning")
        click.echo(f"{output.count(wrong, 'error')}, {others}.", err=True)
        return
    versions = sum(len(policy.ledger.versions) for policy in project.sources.policies)
    number = len(project.sources.policies)
    policies = f"{number} {'policy' if number == 1 else 'policies'}"
    click.echo(f"Nothing is wrong in {policies} and {output.count(versions, 'version')}.")


def _open(project: OpenProject) -> list[Problem]:
    """What a release of each draft still lacks, the day of effect aside: nothing of that is wrong yet."""
    found: list[Problem] = []
    for policy in project.sources.policies:
        if policy.draft is None:
            continue
        day = proposal.earliest_effective(policy.draft, policy.ledger, ReleaseOptions(), project.now)
        try:
            proposal.prepare(policy.draft, policy.ledger, ReleaseOptions(effective=day), project.now)
        except InForceError as error:
            found += error.problems
    return [problem for problem in found if problem.rule not in ("unchanged", "retired", *rules.RULES)]


def annotation(problem: Problem, prefix: str) -> str:
    """A problem as a workflow command that GitHub shows beside the line.

    ``prefix`` is the project's place in its repository. Escapes as
    https://docs.github.com/actions/reference/workflow-commands-for-github-actions asks of values.
    """
    word = "error" if problem.level is Level.ERROR else "warning"
    place = f"file={_property(prefix + problem.path)}"
    if problem.line:
        place += f",line={problem.line}"
    return f"::{word} {place},title={_property(problem.rule)}::{_data(output.said(problem))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


@dataclass(frozen=True)
class CheckResult:
    """``problems`` in the order of their places; ``note`` says what could not be looked at, empty where all was.

    ``prefix`` is the project's place in its repository, ``published`` what readers already have.
    """

    problems: tuple[Problem, ...]
    note: str
    prefix: str
    published: Published | Unguarded


def find(project: OpenProject, *, beyond_form: bool = True) -> CheckResult:
    """What is wrong in all policies of the project, and in what surrounds them.

    Without ``beyond_form``, only what nobody can turn off.
    """
    repository, published = project.published()
    problems = [*project.sources.problems, *form.attributes_problems(_attributes(project))]
    note = ""
    if isinstance(published, Published):
        for policy in project.sources.policies:
            problems.extend(form.coming_problems(policy, published.files, project.now))
    elif any(policy.ledger.entries for policy in project.sources.policies):
        note = (
            f"The dates of unpublished releases were not checked: {published.reason}. inforce verify says what to do."
        )
    for policy in project.sources.policies if beyond_form else ():
        if not errors(project.problems(f"policy/{policy.document}/", f"versions/{policy.document}/")):
            problems.extend(duties.problems(policy, project.sources.policies, project.now))
    return CheckResult(tuple(sorted(set(problems))), note, repository.prefix if repository else "", published)


def _attributes(project: OpenProject) -> bytes | None:
    path = project.root / ".gitattributes"
    return path.read_bytes() if path.is_file() else None
