"""What a folder of policies needs beside them: what git has to know, a repository, and workflows that run anywhere.

Files that are there are completed by a line or left as they are, never written over.
"""

from collections.abc import Mapping
from pathlib import Path

import click

from inforce.adapters import files, workflows
from inforce.adapters.command import output
from inforce.adapters.command.session import OpenProject, Session
from inforce.adapters.git import repository as git
from inforce.check import form as checks

_TOLD_TO_GIT = {
    ".gitattributes": (checks.GITATTRIBUTES, "what keeps the ledger's bytes in a checkout"),
    ".gitignore": (("site/", ".cache/"), "what a build makes"),
}


def write(root: Path, made: Mapping[str, bytes]) -> tuple[str, ...]:
    """Write ``made`` (path -> bytes) and what git has to be told, all or nothing, with a line for each file.

    Returns the names of the latter: those that lacked a line.
    """
    told = {name: files.with_lines(root / name, lines) for name, (lines, _) in _TOLD_TO_GIT.items()}
    lacked = {name: data for name, data in told.items() if data is not None}
    completed = {name for name in lacked if (root / name).exists()}
    files.write(root, {**made, **lacked})
    for name in sorted((*made, *lacked)):
        click.echo(f"added   {name}: {_TOLD_TO_GIT[name][1]}" if name in completed else f"wrote   {name}")
    return tuple(lacked)


def repository(session: Session, root: Path) -> None:
    """Offer somebody at the terminal to make ``root`` a git repository, where it is in none."""
    try:
        if not session.terminal or git.begun(root):
            return
        if click.confirm("There is no git repository here. Begin one?", default=True):
            git.begin(root)
            click.echo("begun   a git repository, branch main")
    except git.NoHistory as reason:
        output.remark("note", str(reason))


def write_workflows(project: OpenProject) -> None:
    """Write the workflows and the requirements that they install, each with a line; what is there stays as it is."""
    root = project.root
    timezones = [policy.draft.settings.timezone for policy in project.sources.policies if policy.draft]
    for name, data in workflows.files(timezones).items():
        if (root / name).exists():
            click.echo(f"kept    {name}")
            continue
        files.write(root, {name: data})
        click.echo(f"wrote   {name}")
    lacking = workflows.lacking((root / workflows.REQUIREMENTS).read_text(encoding="utf-8"))
    if lacking:
        output.remark("note", f"The workflows need {' and '.join(lacking)} in {workflows.REQUIREMENTS}: add it there.")
