"""Histories that nobody thought of, and those that once went wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from world import pages
from world.history import World
from world.looks import LONG, look, proof
from world.machine import Histories, fail

KNOWN = sorted((Path(__file__).parent / "histories").glob("*.txt"))

QUIET = """
2026-03-02 09:00  inforce release privacy --summary First. --effective today
2026-03-02 10:00  write policy/privacy/contact.md '## Contact\\n\\nWrite to us, or call.\\n'
2026-03-02 10:00  inforce clause rename privacy cookies crumbs
2026-03-02 11:00  inforce release privacy --summary Second. --effective 2026-05-01 --severity contact=material \
 --note contact=Shorter. --severity crumbs=notice --note 'crumbs=Another name.'
2026-03-02 12:00  inforce erratum privacy 1.0 --clause contact --note 'Read: cookies.'
2026-03-03 12:00  inforce clause add privacy data --heading Data --text 'We keep what you buy.'
2026-03-03 12:00  inforce release privacy --summary Third. --effective 2026-06-01 --severity data=notice --note data=N.
"""
"""What no fault was ever found in: the looks do not cry wolf."""


def test_every_history_keeps_the_record() -> None:
    chosen = settings(
        max_examples=LONG or 6,
        stateful_step_count=40 if LONG else 8,
        derandomize=not LONG,
        database=None,
        deadline=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Histories, settings=chosen)


@pytest.mark.parametrize("history", KNOWN, ids=[path.stem for path in KNOWN])
def test_what_once_went_wrong_does_not_again(history: Path, tmp_path: Path) -> None:
    world = World(tmp_path)
    world.live(history.read_text(encoding="utf-8"))
    assert world.inforce("check", step=False).exit_code == 0, "where the check is red, nothing is looked at"
    fail(world, look(world))


def test_a_quiet_history_has_no_faults(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.live(QUIET)
    assert world.inforce("check", step=False).exit_code == 0
    assert look(world) == []


OLD = '<section class="if-clause"><h2 id="a"><span class="if-number">1.</span> A</h2><p>We keep one.</p></section>'
NEW = OLD.replace("one", "<b>two</b>")
MARKED = '<section class="if-clause" id="a"><h2>A</h2><p>We keep <del>one</del><ins><b>two</b></ins>.</p></section>'


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        (OLD, NEW, 0),
        (OLD.replace("one", "on"), NEW, 2),
        (OLD, NEW.replace("two", "Two"), 1),
        (OLD, NEW.replace("<b>two</b>", "two"), 1),
        (OLD, NEW.replace('"a"', '"b"'), 2),
    ],
)
def test_the_proof_of_a_redline_can_fail(old: str, new: str, faults: int) -> None:
    read = (pages.read(html) for html in (MARKED, old, new))
    marked, before, after = read
    assert len(list(proof(marked, "r/", before, "o/", after, "n/"))) == faults
