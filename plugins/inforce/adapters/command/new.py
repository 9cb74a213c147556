"""``inforce new`` and ``inforce workflows``: what a policy begins with, and what a folder of policies needs beside it.

That is what git has to know, a repository, and workflows on GitHub with what they install: they run in any repository,
for what they need comes with pip, pinned. Files that are there are completed by a line or left as they are, never
written over.
"""

import importlib.metadata
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from inforce import __version__, project
from inforce.adapters import files
from inforce.adapters.command import opened, terminal
from inforce.adapters.command.opened import OpenProject
from inforce.adapters.command.session import Session
from inforce.adapters.command.terminal import examples
from inforce.adapters.git import repository as git
from inforce.check import drafts
from inforce.draft import editing, folder, guesses, settings
from inforce.errors import Problem, errors, refuse
from inforce.model import KINDS, PREAMBLE, Requirement, Settings
from inforce.text import normal

_QUESTIONS = {
    "title": "What readers call it",
    "contact": "Where readers write to (a mail address, https: or tel:)",
    "timezone": "Whose calendar its dates follow, an IANA time zone",
    "text": "Its opening: whom it concerns, and what it is about",
}
_MISSING = {
    "title": "It has no title",
    "contact": "It has no address that readers can write to",
    "text": "It has no opening",
}
_TOLD_TO_GIT = {
    ".gitattributes": (drafts.GITATTRIBUTES, "what keeps the ledger's bytes in a checkout"),
    ".gitignore": (("site/", ".cache/", ".*.inforce"), "what a build makes and an interrupted command leaves"),
}
WORKFLOWS = ".github/workflows/"
PRE_COMMIT = ".pre-commit-config.yaml"
_REQUIREMENTS = "requirements.txt"
_THEME = "mkdocs-material"
_SITE = "mkdocs.yml"
_DAILY = '    - cron: "7 0 * * *" # soon after midnight in UTC\n'
"""The line of the shipped workflow that is written anew for a policy's time zone."""


@click.command(
    epilog=examples('new privacy --title Privacy --contact privacy@example.com --text "How we treat your data."')
)
@terminal.document_argument
@click.option("--title", default="", help="What readers call it.")
@click.option("--kind", type=click.Choice(KINDS), help="Guessed from DOC unless given.")
@click.option(
    "--requires", type=click.Choice([str(each) for each in Requirement]), help="What customers do; by the kind."
)
@click.option("--language", default="en", show_default=True, help="A BCP 47 tag.")
@click.option("--timezone", default="", help="Whose calendar dates mean, such as Europe/Berlin; UTC unless given.")
@click.option("--contact", default="", help="Where readers write to: a mail, https: or tel: address.")
@click.option("--text", default="", help="The opening: whom the policy concerns, and what it is about.")
@click.pass_obj
def new(session: Session, /, document: str, **options: str | None) -> None:
    """Begin a policy: its settings, its opening, and what git has to know.

    On a terminal, what is missing is asked for, and a git repository and workflows are offered where there are none.
    Then add clauses, and release a first version.
    """
    beside = session.project(begun=False)
    editing.unused(beside.files, document)
    kind = options["kind"] or guesses.kind(document.replace("-", " "))
    requires = options["requires"] or str(guesses.requires(kind))
    said = {**options, "kind": kind, "requires": requires}
    given = terminal.all_fit(_fit, {name: (value or "").strip() for name, value in said.items()})
    try:
        begun = _complete(session, document, given)
    except click.Abort:
        told = ((f"--{name}", value) for name, value in given.items())
        terminal.nothing_written(terminal.command_line(("new", document), told))
        raise
    write(beside.root, begun)
    _offer(session, beside.root)
    click.echo(f'Next: inforce clause add {document} your-rights --heading "Your rights", and so on; then')
    click.echo(f"inforce release {document} --effective today")


def _fit(name: str, value: str) -> str:
    return normal.one_line(value) if name == "text" else settings.answered(name, value, f"--{name}")


def _complete(session: Session, document: str, given: dict[str, str]) -> dict[str, bytes]:
    """The policy's files. What is missing is asked for, and put into ``given`` answer by answer.

    Raises InForceError with all that is missing where nobody is there, and for an opening that can't be published.
    """
    if not session.terminal:
        given["timezone"] = given["timezone"] or "UTC"
        path = folder.settings_path(document)
        missing = ((what, f"Give --{name}") for name, what in _MISSING.items() if not given[name])
        refuse(Problem(path, 0, "option-missing", *each) for each in missing)
    for name in ("title", "contact", "timezone"):
        offered = session.environment.timezone if name == "timezone" else None
        given[name] = given[name] or terminal.until(_QUESTIONS[name], partial(_fit, name), default=offered)
    if given["text"]:
        return _begun(document, given, given["text"])
    return terminal.until(_QUESTIONS["text"], partial(_begun, document, given))


def _begun(document: str, given: Mapping[str, str], text: str) -> dict[str, bytes]:
    """The policy's files. Raises InForceError with what is wrong in them, before anything is written."""
    said: dict[str, Any] = {name: value for name, value in given.items() if name != "text"}
    said["requires"] = Requirement(given["requires"])
    chosen = Settings(**said, notice_days=settings.NOTICE_DAYS, clauses=(PREAMBLE,))
    begun = editing.begin(document, chosen, _fit("text", text))
    refuse(errors(project.read(begun).problems))
    return begun


def write(root: Path, policy: Mapping[str, bytes], new: Sequence[str] = ()) -> tuple[str, ...]:
    """Write a policy (path -> bytes) and what git has to be told, all or nothing, with a line for each file.

    Of the folders ``new``, none may be there yet, and their files have no lines.

    Return the names of the latter: those that lacked a line.
    """
    known = {name: files.told_to_git(root, name) for name in _TOLD_TO_GIT}
    told = {name: _with_lines(known[name], lines) for name, (lines, _) in _TOLD_TO_GIT.items()}
    lacked = {name: data for name, data in told.items() if data != known[name]}
    opened.write(root, project.Changed(policy, lacked), new=new)
    for name in sorted((*(() if new else policy), *lacked)):
        click.echo(f"added   {name}: {_TOLD_TO_GIT[name][1]}" if known.get(name) else f"wrote   {name}")
    return tuple(lacked)


def _with_lines(present: bytes, lines: Sequence[str]) -> bytes:
    """A text file's bytes with those of ``lines`` added that it lacks."""
    missing = drafts.lacking(present, lines)
    end = b"\n" if missing and present and not present.endswith(b"\n") else b""
    return present + end + "".join(f"{line}\n" for line in missing).encode()


def _offer(session: Session, root: Path) -> None:
    """A repository and workflows, to somebody at the terminal, where there are none."""
    if not session.terminal:
        return
    try:
        if not git.begun(root) and click.confirm("There is no git repository here. Begin one?", default=True):
            git.begin(root)
            click.echo("begun   a git repository, branch main")
    except git.NoHistory as reason:
        terminal.remark("note", str(reason))
    question = "Write workflows for GitHub: checks, forms to release a version, publishing to Pages?"
    if not (root / WORKFLOWS).exists() and click.confirm(question, default=False):
        _write_workflows(session.project())


@click.command(epilog=examples("workflows"))
@click.pass_obj
def workflows(session: Session) -> None:
    """Write workflows for GitHub: checks, the rehearsal as a comment, forms, publishing.

    They run in any repository. Files that are there stay as they are; requirements.txt pins what they install, and
    .pre-commit-config.yaml has the same checks for a clone.
    """
    _write_workflows(session.project())


def _write_workflows(beside: OpenProject) -> None:
    """Write the workflows and the requirements that they install, each with a line; what is there stays as it is."""
    timezones = [policy.draft.settings.timezone for policy in beside.policies if policy.draft]
    for name, data in workflow_files(timezones).items():
        if (beside.root / name).exists():
            click.echo(f"kept    {name}")
            continue
        opened.write(beside.root, {name: data})
        click.echo(f"wrote   {name}")
    lines = (beside.root / _REQUIREMENTS).read_text(encoding="utf-8").splitlines()
    named = {re.split(r"[^A-Za-z0-9_.-]", line.strip(), maxsplit=1)[0].lower() for line in lines}
    if lacking := [line for name, line in _requirements().items() if name not in named]:
        terminal.remark("note", f"The workflows need {' and '.join(lacking)} in {_REQUIREMENTS}: add it there.")
    if not (beside.root / _SITE).exists():
        cure = "Write it, and docs/index.md, as the README of In Force shows"
        terminal.remark("note", f"There is no {_SITE}, by which the workflows build the site. {cure}.")


def workflow_files(timezones: Iterable[str]) -> dict[str, bytes]:
    """Return path -> bytes of the workflows, of the requirements that they install, and of the settings of pre-commit.

    The site is published daily, soon after midnight in each of ``timezones`` (IANA names).
    """
    daily = "".join(_daily(timezone) for timezone in sorted(set(timezones)))
    found = {
        f"{WORKFLOWS}{path.name}": path.read_text(encoding="utf-8").replace(_DAILY, daily or _DAILY)
        for path in sorted((files.PACKAGE / "assets" / "workflows").glob("*.yml"))
    }
    requirements = _requirements()
    hooks = files.asset("pre-commit-config.yaml").decode()
    found[PRE_COMMIT] = hooks.replace("[inforce]", f'["{requirements["inforce"]}"]')
    found[_REQUIREMENTS] = "".join(f"{line}\n" for line in requirements.values())
    return {name: text.encode() for name, text in found.items()}


def _requirements() -> dict[str, str]:
    """Package -> its line: pinned to what is installed here, or in the range that is known to work."""
    try:
        theme = f"{_THEME}=={importlib.metadata.version(_THEME)}"
    except importlib.metadata.PackageNotFoundError:
        known = (each.partition(";")[0].strip() for each in importlib.metadata.requires("inforce") or ())
        theme = next(each for each in known if each.startswith(_THEME))
    return {"inforce": f"inforce=={__version__}", _THEME: theme}


def _daily(timezone: str) -> str:
    """The schedule of a day that begins in ``timezone``: a line for GitHub, whose clock is UTC.

    Where summer time moves midnight, the later of the two instants: an hour late for a part of the year, never early.
    """
    zone = ZoneInfo(timezone)
    offsets = [datetime(2027, month, 1, tzinfo=zone).utcoffset() or timedelta() for month in range(1, 13)]
    after = (datetime(2027, 1, 2, 0, 7, tzinfo=UTC) - min(offsets)).time()
    city = timezone.rpartition("/")[2].replace("_", " ")
    return f'    - cron: "{after.minute} {after.hour} * * *" # soon after midnight in {city}\n'
