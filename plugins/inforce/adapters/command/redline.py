"""``inforce redline``: what changed between two versions, what the draft would change, or how two files differ.

Two files are compared without any policy: no clauses, no versions, no grades, and no front matter, which is no part of
what is read.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from inforce.adapters import files, templates
from inforce.adapters.command import redline_forms, terminal
from inforce.adapters.command.session import Session
from inforce.adapters.command.terminal import examples
from inforce.errors import errors, fail
from inforce.importing.source import front_matter
from inforce.ledger.entries import NUMBER
from inforce.redline import Changes, Redline
from inforce.redline import redline as redline_of
from inforce.release.proposal import DRAFT
from inforce.text import html, normal, unsafe
from inforce.text.normal import count_of

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    epilog=examples(
        "redline privacy 1.0 1.1",
        "redline OLD.md NEW.md --html > redline.html",
        "redline privacy --docx redline.docx",
    )
)
@click.argument("document", metavar="[DOC]", default="")
@click.argument("older", metavar="[FROM]", default="")
@click.argument("newer", metavar="[TO]", default="")
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), help="text unless told otherwise.")
@click.option("--text", is_flag=True, help="The same as --format text.")
@click.option("--html", is_flag=True, help="A page that stands alone, for a browser or a printer.")
@click.option(
    "--layout",
    type=click.Choice(["inline", "side-by-side"]),
    default="inline",
    help="Of the page of --html: one text with marks, or old beside new, block by block.",
)
@click.option("--docx", type=_FILE, metavar="FILE", help="Write a Word document with tracked changes instead.")
@click.pass_obj
def redline(
    session: Session, /, document: str, older: str, newer: str, docx: Path | None, layout: str, **forms: Any
) -> None:
    """Show what changed, clause by clause.

    FROM and TO are version numbers; TO may be the word draft. Without them: the draft against the version in force, or,
    where the draft changes nothing, the last two versions. DOC can be left out where there is one policy.

    OLD.md and NEW.md, two Markdown files from anywhere, are compared as they are, in a project or not.

    In Word a clause's change is by the author of the last commit that changed it, at that time; what is not committed
    yet, by git's user.name, without a time; where git tells nothing, by In Force, when the version was announced.
    """  # fmt: skip
    flags = {"text": forms["text"], "html": forms["html"], "docx": docx}
    chosen = {forms["form"] or "", *(form for form, given in flags.items() if given)} - {""}
    if len(chosen) > 1:
        raise click.UsageError(f"One form at a time, not {' and '.join(sorted(chosen))}.")
    (form,) = chosen or {"text"}
    if layout != "inline" and form != "html":
        raise click.UsageError("--layout is one of the page of --html.")
    docx = docx and session.directory / docx
    if _are_files(document, older, newer):
        _show_files(session.directory, document, older, form, docx, layout)
    else:
        _show_versions(session, document, older, newer, form, docx, layout)


def _show_versions(
    session: Session, document: str, older: str, newer: str, form: str, docx: Path | None, layout: str
) -> None:
    project = session.project()
    if document == DRAFT or NUMBER.match(document):
        if newer:
            raise click.UsageError("The policy's name comes first: inforce redline DOC FROM TO.")
        document, older, newer = "", document, older
    policy = project.policy(document) if document else project.only()
    found = project.compare(policy.document, older, newer, project.now)
    if form == "json":
        terminal.emit(redline_forms.as_json(found))
        return
    if docx:
        redline_forms.write_docx(docx, project, policy, found)
    elif form == "html":
        terminal.document(redline_forms.as_html(found, layout))
    else:
        for line in redline_forms.lines(found):
            click.echo(line)
    if found.newer.number == DRAFT and (hint := redline_forms.lineage_hint(found.changed)):
        terminal.remark("note", hint)
    if wrong := errors(project.problems_of(policy)):
        stand = f"{count_of(len(wrong), 'error')} {'stands' if len(wrong) == 1 else 'stand'}"
        terminal.remark("note", f"{stand} against a release; see inforce check.")


_SUFFIXES = (".md", ".markdown")


def _are_files(*arguments: str) -> bool:
    """Whether the arguments name two files. Raises click.UsageError where only some of them do."""
    given = [argument for argument in arguments if argument]
    files = [argument for argument in given if argument.lower().endswith(_SUFFIXES)]
    if files and (len(files) != 2 or len(given) != 2):
        raise click.UsageError("Two files, the older first: inforce redline OLD.md NEW.md")
    return bool(files)


def _show_files(directory: Path, older: str, newer: str, form: str, docx: Path | None, layout: str) -> None:
    """The redline of two files, named from ``directory``: printed as text, json or html, or written to ``docx``.

    Raises InForceError, naming file and line, for what cannot be read and what is not UTF-8 text.
    """
    read = {name: files.given(directory / name, name, "Name a Markdown file") for name in (older, newer)}
    sources = [(name, normal.decode(read[name], name, normal.LARGEST_TEXT)) for name in (older, newer)]
    for name, source in sources:
        for line, what, cure in unsafe.too_deep(source):
            raise fail(name, line, "nesting", what, cure)
    found = redline_of(*(html.document(_text(*source)) for source in sources))
    if form == "json":
        terminal.emit(_as_json(older, newer, found))
    elif docx:
        redline_forms.write_files_docx(docx, older, newer, found)
    elif form == "html":
        page = templates.alone(f"{older} to {newer}", _counted(found), [(_kind(found), found.html)], layout=layout)
        terminal.document(page + "\n")
    else:
        click.echo(click.style(f"{older} to {newer}", bold=True))
        click.echo(f"{_counted(found)}\n\n{redline_forms.text(found)}")
    if found.whole:
        terminal.remark("warning", f"{newer} is shown whole, deleted and inserted: a finer redline was not exact.")


def _text(name: str, source: str) -> str:
    """What is compared of a file; what is left out is said."""
    if front := front_matter(source):
        last = front.count("\n") + 1
        terminal.remark("note", f"{name}: the front matter, up to line {last}, is not compared.")
    return source.removeprefix(front)


def _counted(found: Redline) -> str:
    changes = found.changes
    if changes == Changes():
        return "Nothing changed"
    told = redline_forms.counted(changes)
    return told[0].upper() + told[1:]


def _kind(found: Redline) -> str:
    return "Shown whole, deleted and inserted" if found.whole else ""


def _as_json(older: str, newer: str, found: Redline) -> dict[str, Any]:
    return {
        "from": older,
        "to": newer,
        "wording_changed": found.changes.wording,
        **asdict(found.changes),
        "whole": found.whole,
        "text": redline_forms.bare(found),
        "html": found.html,
    }
