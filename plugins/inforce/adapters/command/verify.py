"""``inforce verify``: is the ledger what was published? The chain, every digest, and git's memory of each file.

Standard output has a line for each file as ``sha256sum`` prints and checks it; all else goes to standard error. With
``--receipt`` the question is another one, and ``receipt`` answers it.
"""

import hashlib
from typing import Any

import click

from inforce.adapters.command import output, publication, receipt
from inforce.adapters.command.project import Project
from inforce.adapters.command.surroundings import Session
from inforce.adapters.git.guard import Published, Unguarded
from inforce.errors import Problem, errors, fail

LEDGER = "versions/"


_EXAMPLES = """\b
Examples:
  inforce verify | sha256sum --check
  inforce verify --receipt record.json"""


@click.command(epilog=_EXAMPLES)
@click.option("--base", metavar="REF", help="The branch to compare with, where there is none named published.")
@click.option("--receipt", "record", metavar="FILE", help="Say which text this customer's record names; - reads it.")
@output.format_option
@click.pass_obj
def verify(session: Session, base: str | None, record: str | None, form: str) -> None:
    """Verify the chain, the digests, and what git knows of them.

    Ends with 1 where anything is wrong. Where git cannot tell what is published, that is a warning, unless --base is
    given. With --receipt, verify a record, or a list of them, in JSON: which text of which version was agreed to.
    """
    if record is not None:
        if base:
            raise click.UsageError("Give --base or --receipt, not both.")
        receipt.verify(session, record, form)
        return
    project = session.project()
    repository, published = publication.look(project, base)
    if base and isinstance(published, Unguarded):
        raise fail(f"--base {base}", 0, "base", f"What is published cannot be told: {published.reason}", published.cure)
    touched = repository.guard(published) if repository and isinstance(published, Published) else ()
    problems = _once(touched, project.problems(LEDGER))
    if isinstance(published, Published) and published.unused:
        output.remark("note", f"--base {published.unused} was not needed: {published.ref} says what is published.")
    digests = _digests(project)
    if form == "json":
        output.emit(_json(digests, problems, published))
    else:
        for path, digest in digests.items():
            click.echo(f"{digest}  {path}")
        output.complain(problems)
        _tell(digests, problems, published)
    if errors(problems):
        raise click.exceptions.Exit(1)


def _once(touched: tuple[Problem, ...], read: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Git's findings and those of reading, without the line ends of a file of which git has told."""
    told = {problem.path for problem in touched}
    rest = (problem for problem in read if problem.rule != "line-endings" or problem.path not in told)
    return tuple(dict.fromkeys((*touched, *rest)))


def _digests(project: Project) -> dict[str, str]:
    """Path -> SHA-256 in hexadecimal: each document's files in the order of its chain, then those outside of it."""
    chained = [entry.path for policy in project.sources.policies for entry in policy.ledger.entries]
    rest = [path for path in project.files if path.startswith(LEDGER)]
    return {path: hashlib.sha256(project.files[path]).hexdigest() for path in dict.fromkeys((*chained, *rest))}


def _tell(digests: dict[str, str], problems: tuple[Problem, ...], published: Published | Unguarded) -> None:
    if not digests and not problems:
        click.echo("Nothing was released yet, so there is nothing to verify.", err=True)
        return
    if not errors(problems):
        files = output.count(len(digests), "file")
        click.echo(f"The chain holds: {files}, each as the next one names it.", err=True)
    if isinstance(published, Unguarded):
        what = "Whether anything published was changed is not known"
        output.remark("warning", f"{what}: {published.reason}. {published.cure}.")
    elif not errors(problems):
        place = f"{published.ref} ({published.sha[:12]})"
        files = output.count(len(published.files), "published file")
        click.echo(f"Nothing published was touched: {files} as in {place}.", err=True)


def _json(digests: dict[str, str], problems: tuple[Problem, ...], published: Published | Unguarded) -> dict[str, Any]:
    return {
        "files": [{"path": path, "sha256": digest} for path, digest in digests.items()],
        "problems": [output.problem_json(problem) for problem in problems],
        "published": {"ref": published.ref, "commit": published.sha} if isinstance(published, Published) else None,
        "unguarded": f"{published.reason}. {published.cure}." if isinstance(published, Unguarded) else "",
    }
