"""Histories that nobody thought of, and those that once went wrong."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from world.machine import Histories

EXAMPLES = int(os.environ.get("WORLDS", "0"))
"""How many histories a long run lives through; 0 is the short run, the same every time."""


def test_every_history_keeps_the_record() -> None:
    chosen = settings(
        max_examples=EXAMPLES or 20,
        stateful_step_count=30 if EXAMPLES else 16,
        derandomize=not EXAMPLES,
        deadline=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.target, Phase.shrink],
    )
    run_state_machine_as_test(Histories, settings=chosen)
