"""``inforce clause`` and ``inforce draft``: what an editor does to a draft.

Clauses are added, renamed, moved, split, merged and removed, with list, notes, lineage and links kept right; or the
whole draft is set back to the text of a version.
"""

from collections.abc import Callable, Sequence
from typing import Any

import click

from inforce.adapters.command import terminal
from inforce.adapters.command.opened import OpenProject
from inforce.adapters.command.session import Session
from inforce.adapters.command.terminal import examples
from inforce.changes import lineage
from inforce.draft import editing
from inforce.draft.editing import Changes, DraftEditor
from inforce.draft.folder import draft_folder
from inforce.errors import fail
from inforce.ledger import chain
from inforce.model import PREAMBLE, Ledger, Note, Policy, Severity, Version
from inforce.text import normal
from inforce.text.clauses import GRADES


def _named(command: Callable[..., Any]) -> Callable[..., Any]:
    """The arguments that name a clause."""
    return terminal.document_argument(click.argument("name", metavar="ID")(command))


def _placed(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that name a place in the order."""
    for option, word in (("--after", "behind"), ("--before", "in front of")):
        command = click.option(option, default="", metavar="ID", help=f"Put it {word} this clause.")(command)
    return command


@click.group(epilog=examples("clause rename privacy safeguards security"))
def clause() -> None:
    """Add, rename, move, split, merge or remove a clause of a draft.

    The file, the list in policy.yml, the notes on the coming change, the lineage (was) and the links to the clause
    change together.
    """


@clause.command(epilog=examples('clause add privacy your-rights --heading "Your rights" --text "Ask us for a copy."'))
@_named
@click.option("--heading", default="", help="The clause's heading; the preamble has none.")
@click.option("--text", default="", help="Its text in Markdown, which you can go on with in its file.")
@_placed
@click.pass_obj
def add(session: Session, document: str, name: str, heading: str, text: str, before: str, after: str) -> None:
    """Add a clause, at the end or beside another."""
    project, editor = _open(session, document, before, after)
    editor.free(name)
    if name != PREAMBLE:
        heading = _asked(session, normal.one_line(heading), "Its heading", "--heading", editor.path(name))
    text = _asked(session, text.strip(), "Its first paragraph", "--text", editor.path(name))
    _write(project, editing.add(editor, name, heading, text, before, after))
    _mention_past(editor.published, name)
    go_on = f"go on with its text in {editor.path(name)}"
    _next(editor, go_on, go_on)


@clause.command(epilog=examples("clause rename privacy safeguards security"))
@_named
@click.argument("new", metavar="NEW")
@click.pass_obj
def rename(session: Session, document: str, name: str, new: str) -> None:
    """Give a clause another id, and so another address.

    Its history goes on under the new id, and links to it follow. A heading is changed in the clause's file, and needs
    no new id.
    """
    project, editor = _open(session, document)
    _write(project, editing.rename(editor, name, new))
    _mention_past(editor.published, new)
    _next(editor, "say above it how much that means to customers")


@clause.command(epilog=examples("clause move privacy safeguards --after preamble"))
@_named
@_placed
@click.pass_obj
def move(session: Session, document: str, name: str, before: str, after: str) -> None:
    """Move a clause to another place.

    Behind or in front of another one; without either, to the end.
    """
    project, editor = _open(session, document, before, after)
    _write(project, editing.move(editor, name, before, after))
    _next(editor, "look at it")


@clause.command(epilog=examples('clause split privacy limits-of-protection leaks --at "Reporting a leak"'))
@_named
@click.argument("new", metavar="NEW")
@click.option("--at", required=True, help="Where NEW begins: the text of a sub-heading, or a line of the file.")
@click.option("--heading", default="", help="NEW's heading, where it is not that sub-heading.")
@click.pass_obj
def split(session: Session, document: str, name: str, new: str, at: str, heading: str) -> None:
    """Cut a clause in two.

    The second part becomes the clause NEW behind it.
    """
    project, editor = _open(session, document)
    _write(project, editing.split(editor, name, new, at, heading))
    _mention_past(editor.published, new)
    _next(editor, "say above both how much that means to customers")


@clause.command(epilog=examples("clause merge privacy leaks limits-of-protection"))
@_named
@click.argument("into", metavar="INTO")
@click.pass_obj
def merge(session: Session, document: str, name: str, into: str) -> None:
    """Put a clause at the end of another.

    Its heading goes one level deeper, and links to it follow.
    """
    project, editor = _open(session, document)
    _write(project, editing.merge(editor, name, into))
    _next(editor, "say above it how much that means to customers")


@clause.command(
    epilog=examples('clause remove privacy lucky-draws --severity notice --note "There are none any more."')
)
@_named
@click.option("--severity", type=click.Choice([str(grade) for grade in GRADES]), help="How much it means.")
@click.option("--note", default="", help="What it means for customers, in a sentence; next.yml keeps it.")
@click.pass_obj
def remove(session: Session, document: str, name: str, severity: str | None, note: str) -> None:
    """Remove a clause; links to it have to go first."""
    project, editor = _open(session, document)
    told = Note(Severity(severity) if severity else None, normal.one_line(note))
    _write(project, editing.remove(editor, name, told))
    _next(editor, "note in next.yml what that means for customers" if not severity else "look at it")


def _open(session: Session, document: str, before: str = "", after: str = "") -> tuple[OpenProject, DraftEditor]:
    if before and after:
        raise click.UsageError("Give --before or --after, not both.")
    project, policy = session.policy(document)
    return project, DraftEditor(project.draft(policy), project.files, policy.ledger)


def _asked(session: Session, given: str, question: str, option: str, path: str) -> str:
    """What an option says, or an answer at the terminal."""
    if given:
        return given
    if session.terminal:
        return terminal.sentence(question)
    raise fail(path, 0, "option-missing", f"{question} is not given", f"Give {option}")


def _write(project: OpenProject, changes: Changes) -> None:
    """The files written, each with a line; those that would stay as they are are left alone."""
    wanted = {path: data for path, data in changes.items() if data != project.files.get(path)}
    project.write(wanted)
    terminal.wrote(dict(sorted(wanted.items())))


def _mention_past(published: Ledger, name: str) -> None:
    """An id that an earlier version had: readers will take both clauses for one."""
    had: Sequence[str] = [version.number for version in published.versions if name in version.by_id]
    if had:
        terminal.remark("note", f"{', '.join(had)} had a clause `{name}`, too: its history goes on with this one.")


def _next(editor: DraftEditor, what: str, first: str = "look at it") -> None:
    """What to do now; ``first`` before a first release, when there is nothing to grade or to compare with."""
    what, command = (what, "redline") if editor.published.amended else (first, "check")
    click.echo(f"Next: {what}, then inforce {command} {editor.document}.")


@click.command(epilog=examples("draft privacy --from 1.1"))
@terminal.document_argument
@click.option("--from", "number", required=True, metavar="VERSION", help="Whose text the draft shall have.")
@click.option("--yes", is_flag=True, help="Even where the draft holds changes that are kept nowhere else.")
@click.pass_obj
def draft(session: Session, document: str, number: str, yes: bool) -> None:
    """Set the draft back to the text of a version.

    The clauses in policy/DOC/ and their order become those of VERSION; notes on coming changes and next.yml go. Title,
    kind and everything else in policy.yml stay as they are.
    """
    project, policy = session.policy(document)
    version = chain.version_of(policy, number)
    known = lineage.renamed(policy.ledger, policy.ledger.standing[-1], version) if policy.ledger.standing else {}
    changes = editing.restore(project.files, version, known)
    if not changes:
        click.echo(f"The draft has the text of {number} already.")
        return
    if not yes:
        _keep(project, policy)
    _write(project, changes)
    _later(policy, version)
    click.echo(f"The draft of {document} now has the text of {number}. Next: edit it, then inforce redline {document}.")


def _later(policy: Policy, version: Version) -> None:
    """Say what the versions that came after this one had changed: the draft has none of that now."""
    place = policy.ledger.sequence
    later = [other for other in policy.ledger.standing if place[other.number] > place[version.number]]
    if names := list(dict.fromkeys(change.clause for other in later for change in other.changes)):
        numbers = ", ".join(other.number for other in later)
        what = f"What came after {version.number} is not in the draft now: {numbers}, which changed {', '.join(names)}."
        terminal.remark("note", what)


def _keep(project: OpenProject, policy: Policy) -> None:
    """Refuse to overwrite what is neither in the ledger nor in a commit."""
    if editing.is_released(policy):
        return
    folder = draft_folder(policy.document)
    own = {path: data for path, data in project.files.items() if path.startswith(folder)}
    unsaved = project.uncommitted(own)
    if unsaved:
        names = normal.listed((path.removeprefix(folder) for path in unsaved), 3)
        what = f"The draft has changes that are neither released nor committed ({names})"
        raise fail(folder, 0, "draft-unsaved", what, "Commit them first, or give --yes to lose them")
