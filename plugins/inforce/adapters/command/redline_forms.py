"""A redline in the forms that a command prints or writes: text for a terminal, JSON, a page, a Word document.

In Word a clause's change is by the author of the last commit that changed its text, at the time of that commit. What is
not committed yet is by git's user, without a time. Where git tells nothing, changes are by In Force, at the instant
when the newer version was announced.
"""

import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import click

from inforce import word
from inforce.adapters import files, templates
from inforce.adapters.command import terminal
from inforce.adapters.command.opened import OpenProject
from inforce.adapters.git import repository
from inforce.changes.kinds import said_of
from inforce.changes.versions import ClauseRedline, Comparison
from inforce.model import Policy, Severity, Version
from inforce.publish.provenance import Commit
from inforce.redline import Changes, Redline, plain, redline
from inforce.release.proposal import DRAFT
from inforce.text.normal import count_of


def lines(comparison: Comparison) -> Iterator[str]:
    """Return the whole redline, changed clauses only, line by line without line ends."""
    yield from heading(comparison)
    for row in comparison.changed:
        yield ""
        yield from clause_lines(row)


def heading(comparison: Comparison) -> Iterator[str]:
    """Return what is compared, the terms that changed, and how much changed, line by line."""
    total = comparison.total
    older, newer = comparison.older, comparison.newer
    yield click.style(f"{newer.title}: {older.number} to {_name(newer.number)}", bold=True)
    for name, old, new in comparison.terms:
        yield f"{name}: {old or 'nothing'} becomes {new or 'nothing'}"
    changed, all_ = len(comparison.changed), len(newer.clauses)
    yield f"{count_of(changed, 'clause')} changed, of {all_}; {counted(total)}"


def clause_lines(row: ClauseRedline) -> Iterator[str]:
    """Return one changed clause, line by line: id, what changed, what was said of it, the text with marks."""
    yield f"{click.style(row.clause, bold=True)}: {_what(row)}; {_graded(row.severity)}"
    for note in row.notes:
        yield f"Note: {note}"
    for reason in row.reasons:
        yield f"Editorial because: {reason}"
    yield ""
    yield marked(row)


def lineage_hint(rows: Iterable[ClauseRedline]) -> str:
    """Return what to do if a clause that is gone lives on in a new one; empty where there is no such pair."""
    rows = list(rows)
    gone = [row.clause for row in rows if "removed" in row.kinds]
    new = [row.clause for row in rows if "added" in row.kinds]
    if not (gone and new):
        return ""
    verbs = f"{', '.join(gone)} {'is' if len(gone) == 1 else 'are'} gone, {', '.join(new)} new"
    return f'{verbs}. If one became the other, say so above the new one: was: ["{gone[0]}"].'


def marked(row: ClauseRedline) -> str:
    """Return the text of one clause's redline; colours on a terminal, ``{+…+}`` and ``[-…-]`` elsewhere."""
    if row.kinds == ("moved",):
        return "The text is the same; it stands in another place."
    if row.kinds == ("formatted",) and row.redline.changes == Changes():
        return "The text is the same; its address is another."
    return text(row.redline)


def text(redline: Redline) -> str:
    """Return the text of any redline, marked as :func:`marked` says."""
    if terminal.coloured():
        inserted = partial(click.style, fg="green", underline=True)
        deleted = partial(click.style, fg="red", strikethrough=True)
        return plain(redline.html, insertion=inserted, deletion=deleted).rstrip("\n")
    return bare(redline)


def bare(redline: Redline) -> str:
    """Return the text with marks that need no colour."""
    return plain(redline.html, insertion="{{+{}+}}".format, deletion="[-{}-]".format).rstrip("\n")


def _name(number: str) -> str:
    return "the draft" if number == DRAFT else number


def counted(changes: Changes) -> str:
    """Return how much changed, in one line: words first, then what changed beside them."""
    words = f"{count_of(changes.words_inserted, 'word')} inserted, {changes.words_deleted} deleted"
    return "; ".join((words if changes.wording else "no word changed", *changes.besides))


def _what(row: ClauseRedline) -> str:
    told = said_of(row.kinds) or "changed on the way, and reads again as it did"
    return f"{told}, formerly {' and '.join(row.was)}" if row.was else told


def _graded(severity: Severity | None) -> str:
    return terminal.graded(severity) or "not graded yet"


def as_html(comparison: Comparison, layout: str = "inline") -> str:
    """Return the changed clauses as a page that stands alone, as :func:`lines` shows them, or ``side-by-side``.

    A clause goes by its heading there; one that has none is named.
    """
    title, *told = (click.unstyle(line) for line in heading(comparison))
    named = [(row, "" if row.title else f"{row.clause}: ") for row in comparison.changed]
    sections = [
        (" ".join((f"{name}{_what(row)}; {_graded(row.severity)}.", *row.notes)), row.redline.html)
        for row, name in named
    ]
    return templates.alone(title, ". ".join(told), sections, comparison.newer.language, layout)


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Return the redline for programs; ``html`` is what the site publishes."""
    return {
        "document": comparison.newer.document,
        "from": comparison.older.number,
        "to": comparison.newer.number,
        **asdict(comparison.total),
        "clauses": [
            {
                "clause": row.clause,
                "title": row.title,
                "kinds": list(row.kinds),
                "was": list(row.was),
                "severity": terminal.graded(row.severity),
                "notes": list(row.notes),
                "editorial_because": list(row.reasons),
                "text": bare(row.redline),
                "html": row.redline.html,
            }
            for row in comparison.changed
        ],
    }


_NOBODY = "In Force"
_UNDATED = datetime.min.replace(tzinfo=UTC)
"""Who made a change where it is not known who did."""


def write_files_docx(target: Path, older: str, newer: str, found: Redline) -> None:
    """Write the redline of two Markdown files to ``target``; nothing is known of who changed them, and when."""
    text = word.Text(found, word.Author(_NOBODY), newer)
    right_to_left = _runs_left(bare(found))
    _write(target, word.Document(newer, f"{older} → {newer}", (text,), right_to_left=right_to_left))


def _runs_left(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left, as browsers and Word judge a text."""
    directions = (unicodedata.bidirectional(character) for character in text)
    return next((each for each in directions if each in ("L", "R", "AL")), "L") != "L"


def write_docx(target: Path, project: OpenProject, policy: Policy, found: Comparison) -> None:
    """Write the redline of two versions, unchanged clauses included, to ``target``."""
    authors = _Authors(project, policy, found)
    older, newer = found.older, found.newer
    texts = [word.Text(redline(_front(older), _front(newer)), authors.version(), front=True, comment=newer.summary)]
    for each in word.placed(found):
        only_left = each.row.after is not None and not each.redline.accepted()
        comment = "" if only_left else _comment(each.row)
        author = authors.clause(each.row)
        texts.append(word.Text(each.redline, author, each.row.clause, comment=comment, move=each.move))
    footer = f"{newer.title}, {older.number} → {newer.number}"
    right_to_left = templates.direction(newer.language) == "rtl"
    at = None if newer.number == DRAFT else newer.announced
    _write(target, word.Document(newer.title, footer, tuple(texts), newer.language, right_to_left, at))


def _comment(row: ClauseRedline) -> str:
    """What is said of a clause's change, a paragraph a line: how it is graded, the notes, why it is editorial."""
    return "\n".join((f"{_what(row)}; {_graded(row.severity)}", *row.said)) if row.changed else ""


def _write(target: Path, document: word.Document) -> None:
    parts, whole = word.write(document)
    files.put(target, packed(parts))
    click.echo(f"Wrote {target.name}.")
    for name in whole:
        terminal.remark(
            "warning", f"{name} is shown whole, deleted and inserted: finer changes were not exact in Word."
        )


def _front(version: Version) -> str:
    """What stands above the clauses: the title, the number, the day of effect."""
    day = templates.day(version.effective)
    stands = "Draft" if version.number == DRAFT else f"Version {version.number}, effective {day}"
    return f"<h1>{escape(version.title)}</h1>\n<p>{escape(stands)}</p>"


def _draft_authors(root: Path, document: str) -> tuple[str, Mapping[str, Commit]]:
    """Git's user, maybe empty, and clause -> the commit that changed it last; nothing where git cannot tell."""
    try:
        found = repository.open_repository(root)
        return found.user(), found.drafted(document)
    except repository.NoHistory:
        return "", {}


class _Authors:
    """Who made the changes of a comparison."""

    def __init__(self, project: OpenProject, policy: Policy, found: Comparison) -> None:
        self._found = found
        self._known = repository.provenance(project.root, repository.numbers([policy]))
        drafted = found.newer.number == DRAFT
        self._drafted = _draft_authors(project.root, policy.document) if drafted else None

    def version(self) -> word.Author:
        """Who brought the newer version."""
        return self._by(self._known.versions.get(self._found.newer.path))

    def clause(self, row: ClauseRedline) -> word.Author:
        """Who changed a clause last on the way."""
        changes = row.lineage.changes
        if self._drafted and any(version == self._found.newer for version, _ in changes):
            return self._by(self._drafted[1].get(row.clause))
        return self._by(max(self._known.of(changes), key=lambda commit: commit.committed or _UNDATED, default=None))

    def _by(self, commit: Commit | None) -> word.Author:
        if commit:
            return word.Author(commit.author, commit.committed)
        if self._drafted:
            return word.Author(self._drafted[0] or _NOBODY)
        return word.Author(_NOBODY, self._found.newer.announced)


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return one zip file of ``parts`` (path -> bytes), the same bytes on every machine and at every hour.

    The entries stand in the order given, under the first day that the format knows, and uncompressed: what a compressor
    makes of a text differs from one of its versions to the next.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 0  # otherwise it names the system that this runs on
            archive.writestr(entry, data)
    return buffer.getvalue()
