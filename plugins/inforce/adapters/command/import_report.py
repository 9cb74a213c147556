"""What an import found and made, for people: the table of versions, doubts, what left the text, what to look at."""

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import click

from inforce.adapters.command import output
from inforce.errors import Problem
from inforce.importing.histories import Snapshot
from inforce.importing.identity import Doubt
from inforce.importing.versions import Made
from inforce.model import Version
from inforce.text.html import words

_WHY = {"text": "the text's own date", "origin": "", "option": "as given", "order": "its predecessor's date"}
_MOST = 8
"""Lines of one sort before the rest is only counted."""


def show(
    made: Sequence[Made],
    snapshots: Sequence[Snapshot],
    unread: Sequence[Problem],
    doubts: Sequence[Doubt],
    taken: Sequence[str],
) -> None:
    """The table on standard output; what to know and to look at beside it, on standard error."""
    for row in table(made):
        click.echo(row)
    for heading, lines in (
        ("In no clause, because it is none of the policy's text", left(snapshots)),
        ("To look at", notes(made)),
        ("Taken for two clauses, though they may be one", open_doubts(doubts)),
        ("Taken without being asked", (f"  {each}" for each in taken)),
        ("Texts left out", (f"  {output.line(problem)}" for problem in unread)),
    ):
        if shown := list(lines):
            click.echo(f"\n{click.style(heading, bold=True)}:", err=True)
            for each in shown:
                click.echo(each, err=True)


def table(made: Sequence[Made]) -> Iterator[str]:
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
        yield f"{version.number:<8} {day:<10} {count:>12}  {_named(each.candidate.snapshot)}{note}"
        for folded in each.candidate.folded:
            yield f"{'':<8} {'':<10} {'folded':>12}  {_named(folded)}"
        before = version


def _named(snapshot: Snapshot) -> str:
    origin = snapshot.origin
    day = f" {origin.day.isoformat()}" if origin.day and origin.subject else ""
    return " ".join(filter(None, (origin.short + day, textwrap.shorten(origin.subject, 60, placeholder=" …"))))


def _changed(before: Version | None, after: Version) -> tuple[int, int]:
    """How many words came and how many went, wherever they stand."""
    old, new = _words(before), _words(after)
    return sum((new - old).values()), sum((old - new).values())


def _words(version: Version | None) -> Counter[str]:
    found: Counter[str] = Counter()
    for clause in version.clauses if version else ():
        for part in words(clause):
            found.update(word for word in part if word[0].isalnum())
    return found


def left(snapshots: Iterable[Snapshot]) -> Iterator[str]:
    """What of the sources is in no clause, by reason, each text once."""
    found: dict[str, dict[str, None]] = {}
    for snapshot in snapshots:
        for each in (each for each in snapshot.reading.left if each.why != "title"):
            found.setdefault(each.why, {})[" ".join(each.text.split())] = None
    for why, shown in found.items():
        lines = [f"  {why}: {textwrap.shorten(text, 90, placeholder=' …')}" for text in reversed(shown)]
        yield from _capped(lines, why)


def notes(made: Sequence[Made]) -> Iterator[str]:
    """What an editor should look at, each finding once, with the last text that has it."""
    found: dict[str, str] = {}
    for each in made:
        for line, what in each.notes:
            found.pop(what, None)
            found[what] = f"  {each.candidate.snapshot.origin.short}:{line}: {what}"
    yield from _capped(list(reversed(found.values())), "such finding")
    if addresses := list(dict.fromkeys(made[-1].relative)):
        shown = ", ".join(addresses[:3]) + (" …" if len(addresses) > 3 else "")
        links = output.count(len(addresses), "link")
        yield f"  {links} of the last text lead beside the source ({shown}): give --base, the address that it had"


def _capped(lines: list[str], sort: str) -> Iterator[str]:
    yield from lines[:_MOST]
    if len(lines) > _MOST:
        yield f"  {sort}: {len(lines) - _MOST} more in older texts"


def open_doubts(found: Sequence[Doubt]) -> Iterator[str]:
    """Clauses that may be one and were taken for two, with the options that say so."""
    for each in found:
        yield f"  {question(each)}: --same {each.old}={each.new}, or --apart {each.old}={each.new}"


def question(doubt: Doubt) -> str:
    """Whether two clauses are one, in a line."""
    return f"“{doubt.old_title}” and “{doubt.new_title}” (alike to {doubt.likeness:.0%})"
