"""The texts of a Word document, one after another, are the old version where all is rejected, and the new one else."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import pytest
from hypothesis import given

from core import builders
from core.histories import histories
from core.word.opening import document
from inforce import word
from inforce.changes import versions
from inforce.model import Clause, Ledger
from inforce.text.html import render, text_of


def words(pages: Iterable[str]) -> str:
    return " ".join(text for page in pages if (text := text_of(page.replace("<", " <"))))


def read(clauses: Iterable[Clause]) -> str:
    return words(render(clause).html for clause in clauses)


def holds(compared: versions.Comparison) -> None:
    texts = [each.redline for each in word.placed(compared)]
    assert words(text.rejected() for text in texts) == read(compared.older.clauses)
    assert words(text.accepted() for text in texts) == read(compared.newer.clauses)


@pytest.mark.parametrize("first", [["One.", "Two."], ["One.", "Three."], ["Two."], ["Two.", "Three."]])
def test_a_clause_that_was_split_is_dealt_out_where_it_reads_as_it_did(first: list[str]) -> None:
    texts = ["One.", "Two.", "Three."]
    old = builders.version([builders.clause("a", "\n\n".join(texts)), builders.clause("z")])
    heirs = [("a", first), ("b", [each for each in texts if each not in first])]
    new = builders.version(
        [*(builders.clause(name, "\n\n".join(own)) for name, own in heirs), builders.clause("z")],
        old,
        number="2.0",
        changes=(builders.change("a", "split"), builders.change("b", "split", was=("a",))),
    )
    ledger = Ledger("privacy", (old, new))
    compared = versions.compare(ledger, old, new)
    holds(compared)
    holds(versions.compare(ledger, new, old))
    in_order = [*heirs[0][1], *heirs[1][1]] == texts
    struck = [each.redline.changes.words_deleted for each in word.placed(compared)]
    assert sum(struck) == (0 if in_order else 4)


@pytest.mark.parametrize("items", ["- one\n- two\n- three", "1. one\n2. two\n3. three", "> one\n>\n> two\n>\n> three"])
def test_a_list_that_was_cut_strikes_nothing(items: str) -> None:
    cut = items.index("three") - 2 - items[0].isdigit()
    old = builders.version([builders.clause("a", f"We hold:\n\n{items}\n\nNo more.")])
    halves = items[:cut].rstrip("> \n"), items[cut:]
    texts = builders.clause("a", f"We hold:\n\n{halves[0]}"), builders.clause("b", f"{halves[1]}\n\nNo more.")
    new = builders.version(
        texts, old, number="2.0", changes=(builders.change("a", "split"), builders.change("b", "split", was=("a",)))
    )
    compared = versions.compare(Ledger("privacy", (old, new)), old, new)
    holds(compared)
    redlines = [each.redline for each in word.placed(compared)]
    assert [each.changes.words_deleted for each in redlines] == [0, 0]
    assert word.write(document(*redlines))[1] == ()  # each of them exact: numbers and bullets, too


@given(histories())
def test_the_texts_make_up_both_versions(ledger: Ledger) -> None:
    for one, other in combinations(ledger.versions, 2):
        holds(versions.compare(ledger, one, other))
        holds(versions.compare(ledger, other, one))
