"""``inforce new``: the first files of a policy, in a project or where there is none yet."""

import shlex
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import click

from inforce import project as sources
from inforce.adapters import files
from inforce.adapters.command import asking, scaffold
from inforce.adapters.command.session import OpenProject, Session
from inforce.draft import editing, settings
from inforce.draft import files as drafts
from inforce.errors import InForceError, Problem, errors
from inforce.importing import metadata
from inforce.model import KINDS, PREAMBLE, Requirement, Settings

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


_EXAMPLE = """\b
Example:
  inforce new privacy --title Privacy --contact privacy@example.com --text "How we treat your data." """


@click.command(epilog=_EXAMPLE)
@click.argument("document", metavar="DOC")
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
    root = _root(session.directory)
    editing.unused(files.read(root), document)
    kind = options["kind"] or metadata.kind(document.replace("-", " "))
    requires = options["requires"] or str(metadata.requires(kind))
    given = _given({**options, "kind": kind, "requires": requires})
    try:
        made = _complete(session, document, given)
    except click.Abort:
        click.echo(f"\nNothing was written. To go on from here:\n  {_command(document, given)}", err=True)
        raise
    scaffold.write(root, made)
    _offer(session, root)
    click.echo(f'Next: inforce clause add {document} your-rights --heading "Your rights", and so on; then')
    click.echo(f"inforce release {document} --effective today")


def _root(start: Path) -> Path:
    """The project that ``start`` is in, or ``start`` itself."""
    try:
        return files.find_root(start)
    except InForceError:
        return start.resolve()


def _given(options: Mapping[str, str | None]) -> dict[str, str]:
    """What was given, as ``policy.yml`` holds it. Raises InForceError with all that can't stand there."""
    given, problems = {}, list[Problem]()
    for name, value in options.items():
        try:
            given[name] = _fit(name, value) if value and value.strip() else ""
        except InForceError as error:
            problems.extend(error.problems)
    if problems:
        raise InForceError(*problems)
    return given


def _fit(name: str, value: str) -> str:
    return " ".join(value.split()) if name == "text" else settings.answered(name, value, f"--{name}")


def _complete(session: Session, document: str, given: dict[str, str]) -> dict[str, bytes]:
    """The policy's files. What is missing is asked for, and put into ``given`` answer by answer.

    Raises InForceError with all that is missing where nobody is there, and for an opening that can't be published.
    """
    if not session.terminal:
        given["timezone"] = given["timezone"] or "UTC"
        if missing := [name for name in _MISSING if not given[name]]:
            path = f"{drafts.folder(document)}policy.yml"
            raise InForceError(
                *(Problem(path, 0, "option-missing", _MISSING[name], f"Give --{name}") for name in missing)
            )
    for name in ("title", "contact", "timezone"):
        offered = session.environment.timezone if name == "timezone" else None
        given[name] = given[name] or asking.until(_QUESTIONS[name], partial(_fit, name), default=offered)
    if given["text"]:
        return _begun(document, given, given["text"])
    return asking.until(_QUESTIONS["text"], partial(_begun, document, given))


def _begun(document: str, given: Mapping[str, str], text: str) -> dict[str, bytes]:
    """The policy's files. Raises InForceError with what is wrong in them, before anything is written."""
    chosen = Settings(
        title=given["title"],
        kind=given["kind"],
        requires=Requirement(given["requires"]),
        language=given["language"],
        timezone=given["timezone"],
        notice_days=settings.NOTICE_DAYS,
        contact=given["contact"],
        clauses=(PREAMBLE,),
    )
    made = editing.begin(document, chosen, _fit("text", text))
    if wrong := errors(sources.read(made).problems):
        raise InForceError(*wrong)
    return made


def _command(document: str, given: Mapping[str, str]) -> str:
    """The command line that gives again what was given and answered."""
    told = (word for name, value in given.items() if value for word in (f"--{name}", value))
    return shlex.join(["inforce", "new", document, *told])


def _offer(session: Session, root: Path) -> None:
    """A repository and workflows, to somebody at the terminal, where there are none."""
    scaffold.repository(session, root)
    if session.terminal and not (root / ".github" / "workflows").exists():
        question = "Write workflows for GitHub: checks, forms to release a version, publishing to Pages?"
        if click.confirm(question, default=False):
            scaffold.write_workflows(OpenProject.read(root, session.environment.now()))
