"""What became of each clause between two versions, against its rules said in another way."""

from __future__ import annotations

from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import builders
from core.histories import histories
from core.strategies import PLAIN
from inforce.changes import kinds as amendments
from inforce.changes import versions
from inforce.changes.kinds import KINDS, ClauseChange
from inforce.model import Clause, Ledger

NAMES = tuple(clause.id for clause in PLAIN)
BODIES = ("Text.", "Other text.", "**Text.**")
orders = st.lists(st.sampled_from(NAMES), unique=True).map(tuple)
sides = st.lists(
    st.builds(builders.clause, st.sampled_from(NAMES), st.sampled_from(BODIES)), unique_by=lambda clause: clause.id
).map(tuple)
lineages = st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from([*NAMES, "x"]), max_size=2).map(tuple))


def clauses(order: tuple[str, ...]) -> tuple[Clause, ...]:
    return tuple(builders.clause(name) for name in order)


def of_kind(changes: tuple[ClauseChange, ...], kind: str) -> set[str]:
    return {change.clause for change in changes if kind in change.kinds}


@given(sides)
def test_nothing_changes_between_a_version_and_itself(side: tuple[Clause, ...]) -> None:
    assert amendments.compare(side, side) == ()


@given(sides, sides)
def test_backwards_what_was_added_is_removed(old: tuple[Clause, ...], new: tuple[Clause, ...]) -> None:
    there, back = amendments.compare(old, new), amendments.compare(new, old)
    assert of_kind(there, "added") == of_kind(back, "removed")
    assert of_kind(there, "removed") == of_kind(back, "added")
    assert len(of_kind(there, "moved")) == len(of_kind(back, "moved"))
    for kind in ("modified", "formatted", "retitled"):
        assert of_kind(there, kind) == of_kind(back, kind)


@given(sides, sides, lineages)
def test_the_changes_rebuild_which_clauses_there_are(
    old: tuple[Clause, ...], new: tuple[Clause, ...], was: dict[str, tuple[str, ...]]
) -> None:
    changes = amendments.compare(old, new, was)
    before, after = [clause.id for clause in old], [clause.id for clause in new]
    used = {origin for name in after for origin in (name, *was.get(name, ())) if origin in before}
    assert of_kind(changes, "added") == {n for n in after if not {n, *was.get(n, ())} & set(before)}
    assert of_kind(changes, "removed") == set(before) - used
    kept = [change.clause for change in changes if "removed" not in change.kinds]
    gone = [change.clause for change in changes if "removed" in change.kinds]
    assert kept == [name for name in after if name in kept]
    assert gone == [name for name in before if name in gone]
    assert [change.clause for change in changes] == kept + gone
    for change in changes:
        assert change.kinds == tuple(sorted(set(change.kinds)))
        assert set(change.kinds) <= set(KINDS)
        assert change.kinds


@given(sides, sides, lineages)
def test_a_true_account_agrees_and_a_false_one_does_not(
    old: tuple[Clause, ...], new: tuple[Clause, ...], was: dict[str, tuple[str, ...]]
) -> None:
    told = {change.clause: change.kinds for change in amendments.compare(old, new, was)}
    assert amendments.agree(old, new, told, was) == []
    for name in told:
        less = {other: kinds for other, kinds in told.items() if other != name}
        assert amendments.agree(old, new, less, was) == [name]
    assert amendments.agree(old, new, {**told, "x": ("modified",)}, was) == ["x"]


def fewest_moves(old: tuple[str, ...], new: tuple[str, ...]) -> int:
    """How many clauses must be taken out so that the rest stands in one order on both sides, by trying all."""
    common = [name for name in new if name in old]
    for count in range(len(common) + 1):
        for taken in combinations(common, count):
            rest = [name for name in common if name not in taken]
            if rest == [name for name in old if name in rest]:
                return count
    raise AssertionError


@given(orders, orders)
def test_no_clause_is_called_moved_that_need_not_be(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    moved = of_kind(amendments.compare(clauses(old), clauses(new)), "moved")
    assert len(moved) == fewest_moves(old, new)
    staying = [name for name in new if name in old and name not in moved]
    assert staying == [name for name in old if name in staying]


def test_the_moved_are_the_fewest_in_every_order_of_five() -> None:
    old = NAMES[:5]
    for new in permutations(old):
        moved = of_kind(amendments.compare(clauses(old), clauses(new)), "moved")
        assert len(moved) == fewest_moves(old, new), new


OLD = builders.clause("a", "One *two* three.")


@pytest.mark.parametrize(
    ("new", "kinds"),
    [
        (builders.clause("a", "One *two* four."), ("modified",)),
        (builders.clause("a", "One **two** three."), ("formatted",)),
        (builders.clause("a", "One [two](https://policies.example/) three."), ("formatted",)),
        (builders.clause("a", "One *two*\nthree."), ("formatted",)),
        (Clause("a", "## B {#a}\n\nOne *two* three."), ("retitled",)),
        (Clause("a", "## B {#a}\n\nOne."), ("modified", "retitled")),
        (Clause("a", "## *A* {#a}\n\nOne *two* three."), ("formatted",)),
        (builders.clause("a", "One *two* three!"), ("formatted",)),
        (builders.clause("a", "One\n\n*two* three."), ("formatted",)),
        (builders.clause("a", "Onetwo three."), ("modified",)),
    ],
)
def test_kinds_of_a_changed_text(new: Clause, kinds: tuple[str, ...]) -> None:
    assert amendments.compare([OLD], [new]) == (ClauseChange("a", kinds),)


def test_a_clause_under_another_id_is_the_same_clause() -> None:
    renamed = Clause("z", "## A {#z}\n\nOne *two* three.")
    assert amendments.compare([OLD], [renamed], {"z": ("a",)}) == (ClauseChange("z", ("formatted",)),)
    assert amendments.compare([OLD], [renamed]) == (
        ClauseChange("z", ("added",)),
        ClauseChange("a", ("removed",)),
    )


def test_clauses_merged_and_split() -> None:
    a, b, c, d = (builders.clause(name) for name in "abcd")
    assert amendments.compare([a, b, c], [a, c], {"a": ("b",)}) == (
        ClauseChange("a", ("merged", "modified")),  # what b said is gone
    )
    assert amendments.compare([a, b], [a, c, d, b], {"c": ("a",), "d": ("a",)}) == (
        ClauseChange("a", ("split",)),
        ClauseChange("c", ("modified", "retitled", "split")),
        ClauseChange("d", ("modified", "retitled", "split")),  # each line of the old text stands in one place: in a
    )


@given(st.lists(st.integers(0, 2), min_size=2, max_size=3))
def test_footnotes_of_clauses_that_became_one_stay(notes: list[int]) -> None:
    """Each is called the same in its own clause, and by a name of its own in the one that all became."""
    old, texts, below = [], [], []
    for place, count in enumerate(notes):
        name, told = "abc"[place], [f"Note {number} of part {place} stands here." for number in range(count)]
        text = f"Part {place} says what it said."
        own = [f"[^{number}]: {note}" for number, note in enumerate(told)]
        old.append(builders.clause(name, "\n\n".join((text + "".join(f"[^{n}]" for n in range(count)), *own))))
        texts.append(text + "".join(f"[^{place}{number}]" for number in range(count)))
        below += [f"[^{place}{number}]: {note}" for number, note in enumerate(told)]
    found = amendments.clause_redline(tuple(old), builders.clause("a", "\n\n".join((*texts, *below)))).changes
    assert (found.words_inserted, found.words_deleted) == (0, len(notes) - 1)  # the headings of those that are no more
    assert found.blocks_moved == 0


@given(histories(), st.data())
def test_kinds_say_that_a_word_changed_where_the_redline_does(ledger: Ledger, data: st.DataObject) -> None:
    """Of clauses that were split and merged, too, over one version or several."""
    older, newer = data.draw(st.lists(st.sampled_from(ledger.versions), min_size=2, max_size=2, unique=True))
    for row in versions.compare(ledger, older, newer).clauses:
        if row.kinds and not {"added", "removed"} & {*row.kinds}:
            assert row.redline.changes.wording == bool({"modified", "retitled"} & {*row.kinds}), row
