"""``inforce check``: everything wrong in drafts and ledgers, for an editor, a program or a pull request."""

import click

from inforce import checks, release, rules
from inforce.adapters.command import output, publication
from inforce.adapters.command.project import Project
from inforce.adapters.command.surroundings import Session
from inforce.adapters.guard import Published
from inforce.errors import InForceError, Level, Problem, errors
from inforce.release import Wish


@click.command(epilog="\b\nExample:\n  inforce check --format github")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="For people, programs, or a GitHub workflow.",
)
@click.pass_obj
def check(session: Session, form: str) -> None:
    """Check the clauses, the notes and the ledger.

    Ends with 1 where there is an error. What a release of the draft still lacks is no error, and told as a note."""
    project = session.project()
    repository, published = publication.look(project)
    problems = [*project.sources.problems, *checks.attributes_problems(_attributes(project))]
    note = ""
    if isinstance(published, Published):
        for policy in project.sources.policies:
            problems.extend(checks.coming_problems(policy, published.files, project.now))
    elif any(policy.ledger.entries for policy in project.sources.policies):
        note = (
            f"The dates of unpublished releases were not checked: {published.reason}. inforce verify says what to do."
        )
    for policy in project.sources.policies:
        if policy.draft:
            problems.extend(release.doubts(policy.draft, policy.ledger, Wish()))
    problems = sorted(set(problems))
    if form == "json":
        output.emit({"problems": [output.problem_json(problem) for problem in problems], "note": note})
    elif form == "github":
        for problem in problems:
            click.echo(annotation(problem, repository.prefix if repository else ""))
        if note:
            click.echo(f"::notice title=inforce::{_data(note)}")
    else:
        _tell(project, problems, note)
    if errors(problems):
        raise click.exceptions.Exit(1)


def _attributes(project: Project) -> bytes | None:
    path = project.root / ".gitattributes"
    return path.read_bytes() if path.is_file() else None


def _tell(project: Project, problems: list[Problem], note: str) -> None:
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


def _open(project: Project) -> list[Problem]:
    """What a release of each draft still lacks, the day of effect aside: nothing of that is wrong yet."""
    found: list[Problem] = []
    for policy in project.sources.policies:
        if policy.draft is None:
            continue
        day = release.earliest_effective(policy.draft, policy.ledger, Wish(), project.now)
        try:
            release.prepare(policy.draft, policy.ledger, Wish(effective=day), project.now)
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
