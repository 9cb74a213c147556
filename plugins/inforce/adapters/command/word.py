"""`inforce redline --docx FILE`: the redline as a Word document, its changes by those who made them, as git tells.

A clause's change is by the author of the last commit that changed its text, at the time of that commit. What is not
committed yet is by git's user, without a time. Where git tells nothing, changes are by In Force, at the instant when
the newer version was announced.
"""

from html import escape
from pathlib import Path

import click

from inforce import word
from inforce.adapters import files, templates
from inforce.adapters.command import output
from inforce.adapters.command.project import Project
from inforce.adapters.git import provenance
from inforce.adapters.packing import packed
from inforce.changes.versions import ClauseRedline, Comparison
from inforce.model import Commit, Policy, Version
from inforce.publish.policy import DRAFT
from inforce.redline import Redline, redline

_NOBODY = "In Force"
"""Who made a change where it is not known who did."""


def show_files(target: Path, older: str, newer: str, found: Redline) -> None:
    """Write the redline of two Markdown files to ``target``; nothing is known of who changed them, and when."""
    text = word.Text(found, word.Author(_NOBODY), newer)
    _write(target, word.Document(newer, f"{older} → {newer}", (text,)))


def show_versions(target: Path, project: Project, policy: Policy, found: Comparison) -> None:
    """Write the redline of two versions, unchanged clauses included, to ``target``."""
    authors = _Authors(project, policy, found)
    older, newer = found.older, found.newer
    texts = [word.Text(redline(_front(older), _front(newer)), authors.version(), front=True)]
    texts.extend(word.Text(each.redline, authors.clause(each.row), each.row.clause) for each in word.placed(found))
    footer = f"{newer.title}, {older.number} → {newer.number}"
    right_to_left = templates.direction(newer.language) == "rtl"
    at = None if newer.number == DRAFT else newer.announced
    _write(target, word.Document(newer.title, footer, tuple(texts), newer.language, right_to_left, at))


def _write(target: Path, document: word.Document) -> None:
    parts, whole = word.write(document)
    files.write(target.parent, {target.name: packed(parts)})
    click.echo(f"{target.name} is written.")
    for name in whole:
        output.remark("warning", f"{name} is shown whole, deleted and inserted: finer changes were not exact in Word.")


def _front(version: Version) -> str:
    """What stands above the clauses: the title, the number, the day of effect."""
    day = templates.day(version.effective)
    stands = "Draft" if version.number == DRAFT else f"Version {version.number}, effective {day}"
    return f"<h1>{escape(version.title)}</h1>\n<p>{escape(stands)}</p>"


class _Authors:
    """Who made the changes of a comparison."""

    def __init__(self, project: Project, policy: Policy, found: Comparison) -> None:
        self._found = found
        self._known = provenance.read(project.root, [policy])
        drafted = found.newer.number == DRAFT
        self._drafted = provenance.drafted(project.root, policy.document) if drafted else None

    def version(self) -> word.Author:
        """Who brought the newer version."""
        return self._by(self._known.versions.get(self._found.newer.path))

    def clause(self, row: ClauseRedline) -> word.Author:
        """Who changed a clause last on the way."""
        names = {row.clause, *row.sources}
        if self._drafted and any(change.clause in names for change in self._found.newer.changes):
            return self._by(self._drafted.commits.get(row.clause))
        steps = [step.path for step in self._found.steps]
        commits = [commit for path in steps for name in names for commit in self._known.edits.get((path, name), ())]
        return self._by(max(commits, key=lambda commit: commit.committed, default=None))

    def _by(self, commit: Commit | None) -> word.Author:
        if commit:
            return word.Author(commit.author, commit.committed)
        if self._drafted:
            return word.Author(self._drafted.user or _NOBODY)
        return word.Author(_NOBODY, self._found.newer.announced)
