"""Who became whom, on histories that nobody thought of, against the storefront's own sum of changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

from hypothesis import given

from core import builders
from core.histories import histories
from inforce.changes import lineage, versions
from inforce.changes.kinds import compare
from inforce.model import Clause, Ledger, Policy, Version
from inforce.publish import manifest
from inforce_client import review


def pairs(ledger: Ledger) -> Iterator[tuple[Version, Version]]:
    yield from combinations(ledger.standing, 2)


def told_to_customers(ledger: Ledger, older: Version, newer: Version) -> dict[str, tuple[str, list[str]]]:
    """What the storefront tells of a pair: grade and notes of each clause, the newer version being the last."""
    last = ledger.entries.index(newer)
    until = [entry for entry in ledger.entries if ledger.entries.index(entry) <= last or not isinstance(entry, Version)]
    document = manifest.build([Policy("privacy", None, Ledger("privacy", tuple(until)))])
    record: dict[str, Any] = {
        "id": "1", "action": "acknowledged", "document": "privacy", "version": older.number, "digest": older.digest,
        "sequence": ledger.sequence[older.number], "language": "en", "manifest_serial": 1,
        "at": manifest.utc(older.effective),
    }  # fmt: skip
    found = review.review_state(document, "privacy", [record], newer.effective)
    return {row["clause"]: (row["severity"], row["notes"]) for row in found["changes"] or ()}


@given(histories())
def test_a_redline_tells_what_customers_are_told(ledger: Ledger) -> None:
    for older, newer in pairs(ledger):
        compared = versions.compare(ledger, older, newer)
        told = {row.clause: (str(row.severity), list(row.notes)) for row in compared.changed}
        assert told == told_to_customers(ledger, older, newer), (older.number, newer.number)


def lines(clauses: Iterable[Clause]) -> list[tuple[str, str]]:
    """The lines of clauses, each by its clause; what is left of one that was split may have an empty heading."""
    found = ((clause.id, line) for clause in clauses for line in clause.text.split("\n") if line.strip())
    return sorted(each for each in found if not each[1].startswith("## {#"))


@given(histories())
def test_every_old_line_is_compared_once_and_every_new_one_stands_once(ledger: Ledger) -> None:
    for older, newer in combinations(ledger.versions, 2):
        for one, other in ((older, newer), (newer, older)):
            rows = versions.compare(ledger, one, other).clauses
            assert lines(clause for row in rows for clause in row.before) == lines(one.clauses)
            assert [row.clause for row in rows if row.after] == list(other.by_id)
            assert len({row.clause for row in rows}) == len(rows)


@given(histories())
def test_an_heir_is_there_and_is_told_to_come_from_what_it_inherits(ledger: Ledger) -> None:
    for older, newer in combinations(ledger.versions, 2):
        found = lineage.between(ledger, older, newer)
        for origin, heir in lineage.heirs(found).items():
            assert origin in older.by_id
            assert heir in newer.by_id
        for each in found:
            assert set(each.origins) <= set(older.by_id)
            assert each.gone == (each.clause not in newer.by_id)


@given(histories())
def test_a_clause_through_time_has_an_id_that_the_version_has(ledger: Ledger) -> None:
    for last in ledger.versions:
        for clause in last.by_id:
            found = lineage.through_time(ledger, last, clause)
            assert found[last.number] == clause
            assert all(name in ledger.by_number[number].by_id for number, name in found.items())


def ledger_of(*steps: tuple[str, dict[str, tuple[str, ...]]]) -> Ledger:
    """Versions 1.0, 2.0, … of clauses with one letter each; what each came from, its own id left out."""
    made: list[Version] = []
    for number, (names, was) in enumerate(steps, 1):
        amended = made[-1] if made else None
        clauses = tuple(Clause(name, f"## X {{#{name}}}\n\nText.") for name in names)
        found = compare(amended.clauses, clauses, was) if amended else ()
        changes = tuple(builders.change(c.clause, *c.kinds, was=was.get(c.clause, ())) for c in found)
        made.append(builders.version(clauses, amended, number=f"{number}.0", changes=changes))
    return Ledger("privacy", tuple(made))


def origins(ledger: Ledger, older: str, newer: str) -> dict[str, tuple[str, ...]]:
    found = lineage.between(ledger, ledger.by_number[older], ledger.by_number[newer])
    return {each.clause: each.origins for each in found}


def test_ids_change_hands_over_several_versions() -> None:
    """a became b in 2.0, b and c became d in 3.0, and 4.0 said nothing of it."""
    ledger = ledger_of(("ac", {}), ("bc", {"b": ("a",)}), ("d", {"d": ("b", "c")}), ("d", {}))
    assert origins(ledger, "1.0", "2.0") == {"b": ("a",), "c": ("c",)}
    assert origins(ledger, "2.0", "4.0") == {"d": ("b", "c")}
    assert origins(ledger, "1.0", "4.0") == {"d": ("a", "c")}
    assert origins(ledger, "4.0", "1.0") == {"a": ("d",), "c": ("d",)}


def test_a_renamed_clause_that_is_removed_later_has_no_heir() -> None:
    ledger = ledger_of(("ax", {}), ("bx", {"b": ("a",)}), ("x", {}))
    found = lineage.between(ledger, ledger.by_number["1.0"], ledger.by_number["3.0"])
    assert lineage.heirs(found) == {"x": "x"}
    assert [(each.clause, each.origins) for each in found if each.gone] == [("a", ("a",))]


def test_the_way_leads_around_a_withdrawn_version() -> None:
    one = builders.version((builders.clause("a"),), number="1.0")
    renamed = (builders.change("b", "formatted", was=("a",)),)
    two = builders.version((builders.clause("b"),), one, number="2.0", changes=renamed)
    again = (builders.change("c", "formatted", was=("a",)),)
    three = builders.version((builders.clause("c"),), two, number="3.0", amends="1.0", changes=again)
    ledger = Ledger("privacy", (one, two, three))
    assert origins(ledger, "1.0", "3.0") == {"c": ("a",)}
    assert origins(ledger, "2.0", "3.0") == {"c": ("b",)}
