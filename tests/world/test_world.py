"""Histories that nobody thought of, and those that once went wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from world.history import World
from world.looks import look
from world.machine import Histories, fail

LONG = int(os.environ.get("WORLDS", "0"))
"""How many histories a long run lives through (``make worlds``); 0 is the short run, the same every time."""
KNOWN = sorted((Path(__file__).parent / "histories").glob("*.txt"))


def test_every_history_keeps_the_record() -> None:
    chosen = settings(
        max_examples=LONG or 24,
        stateful_step_count=40 if LONG else 14,
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
    fail(world, look(world))
