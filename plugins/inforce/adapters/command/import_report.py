"""What an import found, for people and for programs: versions, dates, doubts, what left the text, what to look at.

The table goes to standard output, all else beside it; nothing is asked here.
"""

import shlex
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

import click

from inforce.adapters.command import terminal
from inforce.adapters.command.import_request import SourceTexts
from inforce.adapters.git.file_history import Beginning
from inforce.errors import Problem
from inforce.importing.accounts import Doubtful, accounts
from inforce.importing.date_lines import Role
from inforce.importing.histories import ImportedVersion, Snapshot
from inforce.importing.identity import Doubt
from inforce.model import Clause, Version
from inforce.text import normal
from inforce.text.html import words
from inforce.text.normal import count_of


@dataclass(frozen=True)
class Findings:
    """The versions and where they come from; ``unread`` is left out, ``never`` may never have been in force.

    ``doubts`` are clauses that were taken for two, ``suggested`` the ids that nobody confirmed, with their headings,
    ``taken`` the options that nobody gave.
    """

    made: Sequence[ImportedVersion]
    texts: SourceTexts
    unread: Sequence[Problem]
    never: Sequence[Doubtful]
    doubts: Sequence[Doubt]
    suggested: Sequence[tuple[str, str]]
    taken: Sequence[str]


def show(found: Findings) -> None:
    """Print the table on standard output; what to know and to look at beside it, on standard error."""
    if beside := found.texts.beside:
        left = f"{count_of(beside, 'commit')} of side branches {'is' if beside == 1 else 'are'} left out"
        click.echo(f"What merges made of the branch: {left} (--all-commits takes all)")
    for row in _table(found.made):
        click.echo(row)
    for heading, lines in (
        ("Dates in the texts", _dates(found.made)),
        ("In no clause, because it is none of the policy's text", _left(found.made)),
        ("To look at", _notes(found.made)),
        ("Kept as versions, though they may never have been in force", map(_never, found.never)),
        ("Taken for two clauses, though they may be one", _open_doubts(found.doubts)),
        ("Earlier texts, not added", map(_earlier, found.texts.beginnings)),
        ("Taken without being asked", [*_readings(found.suggested), *(f"  {each}" for each in found.taken)]),
        ("Texts left out", (f"  {terminal.line(problem)}" for problem in found.unread)),
    ):
        if shown := list(lines):
            click.echo(f"\n{click.style(heading, bold=True)}:", err=True)
            for each in shown:
                click.echo(each, err=True)


def _never(doubt: Doubtful) -> str:
    return f"  {doubt.short} {doubt.why}: {doubt.options}"


def _earlier(beginning: Beginning) -> str:
    return f"  {began(beginning)}: add them with {shlex.join(('--before', beginning.name))}"


_WHY = {"text": "the text's own date", "origin": "", "option": "as given", "order": "its predecessor's date"}
_MOST = 8
"""Findings that are shown before the rest is only counted."""


def _table(made: Sequence[ImportedVersion]) -> Iterator[str]:
    """A line for each version: number, day of effect, where it comes from, words changed; then what is folded in it."""
    yield click.style(f"{'version':<8} {'effective':<10} {'words':>12}  from", bold=True)
    before: Version | None = None
    for each in made:
        version = each.version
        more, less = _changed(before, version)
        count = f"+{more} -{less}" if before else f"{more} words"
        why = _WHY.get(each.candidate.why, "nothing tells its day: taken for today")
        note = f" [{why}]" if why else ""
        day = version.effective.date().isoformat()
        yield f"{version.number:<8} {day:<10} {count:>12}  {named(each.candidate.snapshot)}{note}"
        for folded in each.candidate.folded:
            yield f"{'':<8} {'':<10} {'folded':>12}  {named(folded)}"
        before = version


def named(snapshot: Snapshot) -> str:
    """A text as the table calls it."""
    origin = snapshot.origin
    day = f" {origin.day.isoformat()}" if origin.day and origin.subject else ""
    return " ".join(filter(None, (origin.short + day, textwrap.shorten(origin.subject, 60, placeholder=" …"))))


def _changed(before: Version | None, after: Version) -> tuple[int, int]:
    """How many words came and how many went, wherever they stand."""
    stay = set(before.clauses if before else ()) & set(after.clauses)
    old, new = _words(before, stay), _words(after, stay)
    return sum((new - old).values()), sum((old - new).values())


def _words(version: Version | None, apart: Set[Clause]) -> Counter[str]:
    """The words of a version, those of some clauses apart."""
    found: Counter[str] = Counter()
    for clause in (each for each in (version.clauses if version else ()) if each not in apart):
        for part in words(clause):
            found.update(word for word in part if word[0].isalnum())
    return found


def _left(made: Sequence[ImportedVersion]) -> Iterator[str]:
    """What of the sources is in no clause, by reason: each line once, and how many versions had it."""
    found: dict[str, dict[str, set[str]]] = {}
    for each in made:
        for snapshot in (*each.candidate.folded, each.candidate.snapshot):
            for left in (left for left in snapshot.reading.left if left.why != "title"):
                for row in left.text.split("\n"):
                    if shown := " ".join(row.split()).strip("-+") and " ".join(row.split()):
                        found.setdefault(left.why, {}).setdefault(shown, set()).add(each.version.number)
    for why, rows in found.items():
        for shown, versions in reversed(rows.items()):
            often = f" (in {count_of(len(versions), 'version')})" if len(made) > 1 else ""
            yield f"  {why}: {textwrap.shorten(shown, 90, placeholder=' …')}{often}"


def _dates(made: Sequence[ImportedVersion]) -> Iterator[str]:
    """What the texts say of dates, what the ledger will say, and why; what says nothing of a text once for all."""
    rows: list[tuple[str, str, str, str]] = []
    beside: dict[tuple[str, str], set[str]] = {}
    for each in accounts(made):
        if each.told.role is Role.MENTIONED:
            beside.setdefault((each.told.text, each.why), set()).add(each.version)
        else:
            rows.append((each.version, f"{each.told.role}: {each.told.text}", each.effective.isoformat(), each.why))
    if not (rows or beside):
        return
    width = max((len(text) for _, text, *_ in rows), default=0)
    yield f"  {'version':<8} {'the text says':<{width}}  {'the ledger':<10}  why"
    for version, text, day, why in rows:
        yield f"  {version:<8} {text:<{width}}  {day:<10}  {why}"
    for (text, why), versions in beside.items():
        yield f"  {text} (in {count_of(len(versions), 'version')}): {why}"


def began(beginning: Beginning) -> str:
    """What earlier texts there are, in a line."""
    years = f"{beginning.first} to {beginning.last}" if beginning.first < beginning.last else str(beginning.first)
    return f"{years} stand in {beginning.path}"


def as_json(found: Findings) -> str:
    """Return what was found, for programs: the versions, and every date of their texts."""
    versions = [
        {
            "version": each.version.number,
            "effective": each.candidate.effective.isoformat(),
            "announced": each.candidate.announced.isoformat(),
            "why": each.candidate.why,
            "from": each.candidate.snapshot.origin.name,
            "folded": [snapshot.origin.name for snapshot in each.candidate.folded],
        }
        for each in found.made
    ]
    dates = [
        {
            "version": each.version,
            "from": each.snapshot.origin.name,
            "line": each.told.line,
            "text": each.told.text,
            "role": str(each.told.role),
            "says": [day.isoformat() for day in each.told.days],
            "left_text": each.told.gone,
            "effective": each.effective.isoformat(),
            "why": each.why,
        }
        for each in accounts(found.made)
    ]
    return terminal.as_json({"versions": versions, "imported_dates": dates, "side_commits": found.texts.beside})


def _notes(made: Sequence[ImportedVersion]) -> Iterator[str]:
    """What an editor should look at, each finding once, with the last text that has it."""
    found: dict[str, str] = {}
    for each in made:
        for line, what in each.notes:
            found.pop(what, None)
            found[what] = f"  {each.candidate.snapshot.origin.short}:{line}: {what}"
    newest_first = list(reversed(found.values()))
    yield from newest_first[:_MOST]
    if older := newest_first[_MOST:]:
        yield f"  {count_of(len(older), 'more finding')} in older texts"
    if addresses := list(dict.fromkeys(made[-1].relative)):
        shown = normal.listed(addresses, 3)
        yield f"  links of the last text that lead beside the source: {shown}. Give --base, the address that it had"


def question(doubt: Doubt) -> str:
    """Whether two clauses are one, in a line."""
    return f"“{doubt.old_title}” and “{doubt.new_title}” (alike to {doubt.likeness:.0%})"


def _readings(suggested: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Ids that nobody confirmed, with the option that says another."""
    for name, title in suggested:
        yield f"  --id {name}={name} for “{title}”, as it is read"


def _open_doubts(found: Sequence[Doubt]) -> Iterator[str]:
    """Clauses that may be one and were taken for two, with the options that say so."""
    for each in found:
        yield f"  {question(each)}: --same {each.old}={each.new}, or --apart {each.old}={each.new}"
