"""``inforce new``: the first files of a policy, in a project or where there is none yet."""

import re
from pathlib import Path

import click

from inforce import project as sources
from inforce.adapters import files
from inforce.adapters.command import output
from inforce.adapters.command.session import Session
from inforce.check import form as checks
from inforce.draft import editing
from inforce.draft import files as drafts
from inforce.errors import InForceError, Problem, errors
from inforce.model import Requirement

_QUESTIONS = {
    "--title": "What readers call it",
    "--contact": "Where readers write to (mailto:, https: or tel:)",
    "--text": "Its opening: whom it concerns, and what it is about",
}
_MISSING = {
    "--title": "It has no title",
    "--contact": "It has no address that readers can write to",
    "--text": "It has no opening",
}
_REQUIRES = {"privacy-policy": "acknowledge", "terms-of-service": "accept", "policy": "inform"}
"""What each kind usually asks: terms alone are agreed to; a privacy notice is read."""


_EXAMPLE = """\b
Example:
  inforce new privacy --title Privacy --contact mailto:privacy@example.com --text "How we treat your data." """


@click.command(epilog=_EXAMPLE)
@click.argument("document", metavar="DOC")
@click.option("--title", default="", help="What readers call it.")
@click.option("--kind", type=click.Choice(drafts.KINDS), help="Guessed from DOC unless given.")
@click.option("--requires", type=click.Choice([*Requirement]), help="What customers are asked to do; by the kind.")
@click.option("--language", default="en", show_default=True, help="A BCP 47 tag.")
@click.option("--timezone", default="UTC", show_default=True, help="Whose calendar dates mean, such as Europe/Berlin.")
@click.option("--contact", default="", help="Where readers write to: a mailto:, https: or tel: address.")
@click.option("--text", default="", help="The opening: whom the policy concerns, and what it is about.")
@click.pass_obj
def new(
    session: Session,
    document: str,
    title: str,
    kind: str | None,
    requires: str | None,
    language: str,
    timezone: str,
    contact: str,
    text: str,
) -> None:
    """Begin a policy: its settings, its opening, and what git has to know.

    On a terminal, what is missing is asked for. Then add clauses, and release a first version.
    """
    root = _root(session.directory)
    kind = kind or _kind(document)
    path = f"{drafts.folder(document)}policy.yml"
    said = {"--title": title, "--contact": contact, "--text": text}
    given = {option: " ".join(value.split()) or _asked(session, option) for option, value in said.items()}
    if missing := [option for option, value in given.items() if not value]:
        raise InForceError(*(Problem(path, 0, "option-missing", _MISSING[each], f"Give {each}") for each in missing))
    settings = {"title": given["--title"], "kind": kind, "requires": requires or _REQUIRES[kind]}
    settings |= {"language": language, "timezone": timezone, "contact": given["--contact"]}
    made = editing.begin(files.read(root), document, settings, given["--text"])
    _refuse(made)
    attributes = _attributes(root)
    files.write(root, {**made, **attributes})
    for name in sorted((*made, *attributes)):
        click.echo(f"wrote   {name}")
    click.echo(f'Next: inforce clause add {document} your-rights --heading "Your rights", and so on; then')
    click.echo(f"inforce release {document} --effective today")


def _root(start: Path) -> Path:
    """The project that ``start`` is in, or ``start`` itself."""
    try:
        return files.find_root(start)
    except InForceError:
        return start.resolve()


def _kind(document: str) -> str:
    if re.search(r"privacy|data-protection", document):
        return "privacy-policy"
    return "terms-of-service" if re.search(r"terms|conditions", document) else "policy"


def _asked(session: Session, option: str) -> str:
    """What somebody at the terminal answers; empty where nobody is there."""
    said = ""
    while not said and session.terminal:
        said = " ".join(str(click.prompt(_QUESTIONS[option])).split())
    return said


def _refuse(made: dict[str, bytes]) -> None:
    """Raise InForceError with what is wrong in the settings, before anything is written."""
    if wrong := errors(sources.read(made).problems):
        raise InForceError(*wrong)


def _attributes(root: Path) -> dict[str, bytes]:
    """``.gitattributes`` with the lines that keep the ledger's bytes; nothing where it has them."""
    path = root / ".gitattributes"
    had = path.read_bytes() if path.is_file() else b""
    if not list(checks.attributes_problems(had)):
        return {}
    told = had.decode("utf-8", "replace").split("\n")
    missing = "".join(f"{line}\n" for line in checks.GITATTRIBUTES if line not in told)
    opening = had if not had or had.endswith(b"\n") else had + b"\n"
    if had:
        output.remark("note", "Lines were added to .gitattributes, without which a checkout can change digests.")
    return {".gitattributes": opening + missing.encode()}
