"""Histories that nobody thought of: ledgers in memory whose clauses were renamed, split, merged, removed, brought back.

They are made of what a release could have written: the changes are those that there are, graded and noted at random.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from core import builders, strategies
from inforce.changes.kinds import compare
from inforce.model import PREAMBLE, Change, Clause, Event, EventKind, Ledger, Policy, Severity, Version

NAMES = (PREAMBLE, *"abcdefgh")
BODIES = ("Text.", "Other text.", "More text.", "**Text.**")
START = datetime(2026, 1, 1, tzinfo=UTC)
GRADES = (Severity.EDITORIAL, Severity.NOTICE, Severity.MATERIAL)

Order = list[tuple[str, str]]
"""(id, body) of each clause, in order."""


@st.composite
def edits(draw: st.DrawFn, before: Order) -> tuple[Order, dict[str, tuple[str, ...]]]:
    """What an editor makes of a list of clauses, and the ids that each had before, besides its own."""
    order, was = list(before), dict[str, tuple[str, ...]]()
    known = [name for name, _ in before]
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(order) - 1))
        name, body = order[place]
        free = [each for each in NAMES if each not in dict(order) and each not in known] or [""]
        new, sources = draw(st.sampled_from(free)), (*was.get(name, ()), *((name,) if name in known else ()))
        deed = draw(st.sampled_from(("modify", "rename", "move", "split", "merge", "remove", "add")))
        if deed == "modify":
            order[place] = (name, draw(st.sampled_from(BODIES)))
        elif deed == "move":
            order.insert(draw(st.integers(0, len(order) - 1)), order.pop(place))
        elif deed == "remove" and len(order) > 1:
            order.pop(place)
            was.pop(name, None)
        elif deed == "merge" and len(order) > 1:
            order.pop(place)
            was.pop(name, None)
            heir = draw(st.sampled_from(order))[0]
            was[heir] = tuple(dict.fromkeys(each for each in (*was.get(heir, ()), *sources) if each != heir))
        elif deed == "add" and new:
            order.insert(place, (new, draw(st.sampled_from(BODIES))))
        elif deed == "rename" and new:
            order[place] = (new, body)
            was[new] = tuple(dict.fromkeys(sources))
            was.pop(name, None)
        elif deed == "split" and new:
            order.insert(place + 1, (new, draw(st.sampled_from(BODIES))))
            was[new] = tuple(dict.fromkeys(sources))
    return preamble_first(order), {name: ids for name, ids in was.items() if ids}


def preamble_first(order: Order) -> Order:
    """Whatever was done to the clauses, a preamble stands above them."""
    return sorted(order, key=lambda each: each[0] != PREAMBLE)


def clauses(order: Order) -> tuple[Clause, ...]:
    """The clauses of a version."""
    return tuple(builders.clause(name, body) for name, body in order)


@st.composite
def histories(draw: st.DrawFn, max_size: int = 7) -> Ledger:
    """Ledgers of up to ``max_size`` versions, some withdrawn, each taking effect days after the one before."""
    entries: list[Version | Event] = []
    orders: dict[str, Order] = {}
    clock = START
    for number in range(1, draw(st.integers(2, max_size)) + 1):
        clock += timedelta(days=1)
        ledger = Ledger("privacy", tuple(entries))
        amended = ledger.standing[-1] if ledger.standing else None
        effective = max(clock, amended.effective if amended else clock) + timedelta(days=draw(st.integers(0, 3)))
        if amended is None:
            names = draw(st.lists(st.sampled_from(NAMES[:4]), min_size=1, unique=True))
            order, was = preamble_first([(name, "Text.") for name in names]), dict[str, tuple[str, ...]]()
        else:
            order, was = draw(edits(orders[amended.number]))
        changes = tuple(graded(draw, number, amended, order, was)) if amended else ()
        dates = {"announced": clock, "effective": effective}
        made = builders.version(clauses(order), amended, number=f"{number}.0", changes=changes, **dates)
        orders[made.number] = order
        entries.append(made)
        if effective > clock and draw(st.integers(0, 4)) == 0:
            entries.append(Event("privacy", number, EventKind.WITHDRAW, clock, "", made.number, reason="A slip."))
    return Ledger("privacy", tuple(entries))


def graded(
    draw: st.DrawFn, number: int, amended: Version, order: Order, was: Mapping[str, tuple[str, ...]]
) -> list[Change]:
    """The changes as a release would write them, with a grade and a note of their own."""
    found = []
    for change in compare(amended.clauses, clauses(order), was):
        note = f"{change.clause} in {number}" if draw(st.booleans()) else ""
        grade = draw(st.sampled_from(GRADES))
        found.append(Change(change.clause, grade, note, change.kinds, was.get(change.clause, ())))
    return found


@st.composite
def publications(draw: st.DrawFn) -> tuple[Policy, ...]:
    """Policies with all that can happen to one, each file with a digest of its own."""
    found = []
    for name in draw(st.sampled_from([("privacy",), ("privacy", "terms")])):
        entries = list(draw(strategies.ledgers() | histories()).entries)
        for place in draw(st.lists(st.integers(1, len(entries)), max_size=3)):
            entries.insert(place, Event(name, 0, EventKind.ERRATUM, START, "", "1.0", reason="A word is misspelt."))
        if not any(getattr(entry, "kind", "") is EventKind.RETIRE for entry in entries) and draw(st.booleans()):
            entries.append(Event(name, 0, EventKind.RETIRE, START, "", reason="The shop is closed."))
            if draw(st.booleans()):
                entries.append(Event(name, 0, EventKind.WITHDRAW, START, "", reason="It goes on."))
        named = (replace(entry, document=name, digest=f"sha256-{name}-{at}") for at, entry in enumerate(entries))
        found.append(Policy(name, None, Ledger(name, tuple(named))))
    return tuple(found)


def cut(policies: Iterable[Policy], ends: Iterable[int]) -> list[Policy]:
    """The policies as they stood when each had only so many files."""
    return [
        replace(each, ledger=Ledger(each.document, each.ledger.entries[:end]))
        for each, end in zip(policies, ends, strict=True)
    ]
