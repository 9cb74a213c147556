"""The redline of two Markdown files, wherever they come from: as text, as JSON, or as a page that stands alone.

Knows no policy: no clauses, no versions, no grades. Front matter is left out, as it is no part of what is read.
"""

import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from inforce.adapters import templates
from inforce.adapters.command import comparisons, output, word
from inforce.redline import Changes, Redline
from inforce.redline import redline as redline_of
from inforce.text import html as rendering
from inforce.text import normal as texts

_SUFFIXES = (".md", ".markdown")
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?=[\w-]+:(?:[ \t\n]))(?:[^\n]*\S[^\n]*\n)+?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
"""It begins with a key and has no empty line: a text that stands between two rules is not taken for it."""


def named(*arguments: str) -> bool:
    """Whether the arguments name two files. Raises click.UsageError where only some of them do."""
    given = [argument for argument in arguments if argument]
    files = [argument for argument in given if argument.lower().endswith(_SUFFIXES)]
    if files and (len(files) != 2 or len(given) != 2):
        raise click.UsageError("Two files, the older first: inforce redline OLD.md NEW.md")
    return bool(files)


def show(directory: Path, older: str, newer: str, form: str, docx: Path | None = None) -> None:
    """The redline of two files, named from ``directory``: printed as text, json or html, or written to ``docx``.

    Raises InForceError, naming file and line, for what is not UTF-8 text, and OSError for what cannot be read.
    """
    sources = [(name, texts.decode((directory / name).read_bytes(), name)) for name in (older, newer)]
    found = redline_of(*(rendering.document(_text(*source)) for source in sources))
    if form == "json":
        output.emit(_as_json(older, newer, found))
    elif docx:
        word.show_files(docx, older, newer, found)
    elif form == "html":
        page = templates.alone(f"{older} to {newer}", _counted(found), [(_kind(found), found.html)])
        click.echo(page)
    else:
        click.echo(click.style(f"{older} to {newer}", bold=True))
        click.echo(f"{_counted(found)}\n\n{comparisons.text(found)}")
    if found.whole:
        output.remark("warning", f"{newer} is shown whole, deleted and inserted: a finer redline was not exact.")


def _text(name: str, source: str) -> str:
    """What is compared of a file; what is left out is said."""
    front = _FRONT_MATTER.match(source)
    if not front:
        return source
    output.remark("note", f"{name}: the front matter, up to line {front[0].count(chr(10))}, is not compared.")
    return source[front.end() :]


def _counted(found: Redline) -> str:
    changes = found.changes
    if changes == Changes():
        return "Nothing changed"
    if not changes.wording:
        places = [f"{output.count(changes.punctuation_changed, 'place')} of punctuation"] * bool(
            changes.punctuation_changed
        )
        formats = [output.count(changes.formats_changed, "format")] * bool(changes.formats_changed or not places)
        return f"No word changed; {' and '.join(places + formats)} did"
    moved = f"; {output.count(changes.blocks_moved, 'block')} moved" if changes.blocks_moved else ""
    return f"{output.count(changes.words_inserted, 'word')} inserted, {changes.words_deleted} deleted{moved}"


def _kind(found: Redline) -> str:
    return "Shown whole, deleted and inserted" if found.whole else ""


def _as_json(older: str, newer: str, found: Redline) -> dict[str, Any]:
    return {
        "from": older,
        "to": newer,
        "wording_changed": found.wording_changed,
        **asdict(found.changes),
        "whole": found.whole,
        "text": comparisons.bare(found),
        "html": found.html,
    }
