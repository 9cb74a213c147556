"""A comparison of two versions as text for a terminal, as a page and as JSON: clause by clause, marks in the text."""

from collections.abc import Iterable, Iterator
from typing import Any

import click

from inforce.adapters import templates
from inforce.adapters.command import output
from inforce.changes.versions import ClauseRedline, Comparison
from inforce.model import Severity
from inforce.redline import Redline, plain
from inforce.release.proposal import DRAFT


def lines(comparison: Comparison) -> Iterator[str]:
    """The whole redline, changed clauses only, without line ends."""
    yield from heading(comparison)
    for row in comparison.changed:
        yield ""
        yield from clause_lines(row)


def heading(comparison: Comparison) -> Iterator[str]:
    """What is compared, the terms that changed, and how much changed."""
    inserted, deleted = comparison.words
    older, newer = comparison.older, comparison.newer
    yield click.style(f"{newer.title}: {older.number} to {_name(newer.number)}", bold=True)
    for name, old, new in comparison.terms:
        yield f"{name}: {old} becomes {new}"
    changed, all_ = len(comparison.changed), len(newer.clauses)
    words = f"{output.count(inserted, 'word')} inserted, {deleted} deleted"
    moved = f"; {output.count(comparison.moved, 'block')} moved" if comparison.moved else ""
    yield f"{output.count(changed, 'clause')} changed, of {all_}; {words}{moved}"


def clause_lines(row: ClauseRedline) -> Iterator[str]:
    """One changed clause: its id, what changed, what was said of it, and its text, heading included, with marks."""
    yield f"{click.style(row.clause, bold=True)}: {_what(row)}; {_graded(row.severity)}"
    for note in row.notes:
        yield f"Note: {note}"
    for reason in row.reasons:
        yield f"Editorial because: {reason}"
    yield ""
    yield marked(row)


def lineage_hint(rows: Iterable[ClauseRedline]) -> str:
    """What to do if a clause that is gone lives on in a new one; empty where only one of the two happened."""
    rows = list(rows)
    gone = [row.clause for row in rows if "removed" in row.kinds]
    new = [row.clause for row in rows if "added" in row.kinds]
    if not (gone and new):
        return ""
    verbs = f"{', '.join(gone)} {'is' if len(gone) == 1 else 'are'} gone, {', '.join(new)} new"
    return f'{verbs}. If one became the other, say so above the new one: was: ["{gone[0]}"].'


def marked(row: ClauseRedline) -> str:
    """The text of one clause's redline; colours on a terminal, ``{+…+}`` and ``[-…-]`` elsewhere."""
    if row.kinds == ("moved",):
        return "The text is the same; it stands in another place."
    return text(row.redline)


def text(redline: Redline) -> str:
    """The text of any redline, marked as :func:`marked` says."""
    if output.coloured():
        return plain(redline.html, insertion=_inserted, deletion=_deleted).rstrip("\n")
    return bare(redline)


def bare(redline: Redline) -> str:
    """The text with marks that need no colour."""
    return plain(redline.html, insertion="{{+{}+}}".format, deletion="[-{}-]".format).rstrip("\n")


def _inserted(text: str) -> str:
    return click.style(text, fg="green", underline=True)


def _deleted(text: str) -> str:
    return click.style(text, fg="red", strikethrough=True)


def _name(number: str) -> str:
    return "the draft" if number == DRAFT else number


def _what(row: ClauseRedline) -> str:
    return ", ".join(row.kinds) or "changed on the way, and reads again as it did"


def _graded(severity: Severity | None) -> str:
    return "not graded yet" if severity in (None, Severity.UNCLASSIFIED) else str(severity)


def as_html(comparison: Comparison) -> str:
    """The changed clauses as a page that stands alone, as :func:`lines` shows them."""
    title, *told = (click.unstyle(line) for line in heading(comparison))
    sections = [
        (" ".join((f"{row.clause}: {_what(row)}; {_graded(row.severity)}.", *row.notes)), row.redline.html)
        for row in comparison.changed
    ]
    return templates.alone(title, ". ".join(told), sections, comparison.newer.language)


def as_json(comparison: Comparison) -> dict[str, Any]:
    """The redline for programs; ``html`` is what the site publishes."""
    return {
        "document": comparison.newer.document,
        "from": comparison.older.number,
        "to": comparison.newer.number,
        "words_inserted": comparison.words[0],
        "words_deleted": comparison.words[1],
        "clauses": [
            {
                "clause": row.clause,
                "title": row.title,
                "kinds": list(row.kinds),
                "was": [source for source in row.sources if source != row.clause],
                "severity": None if row.severity in (None, Severity.UNCLASSIFIED) else str(row.severity),
                "notes": list(row.notes),
                "editorial_because": list(row.reasons),
                "text": bare(row.redline),
                "html": row.redline.html,
            }
            for row in comparison.changed
        ],
    }
