"""Many visits with the real client in JavaScript: no wrong prompt, and no answer lost, invented or put elsewhere.

``VISITS`` says how many, 3,000 unless it is given.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

import programs

VISITS = Path(__file__).with_name("visits.mjs")


def simulate(visits: int, seed: int = 1, fault: str = "") -> dict[str, Any]:
    command = [programs.NODE.path(), VISITS, str(visits), str(seed), fault]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_many_visits_with_lost_writes_wrong_clocks_several_devices_and_sign_ins() -> None:
    found = simulate(int(os.environ.get("VISITS", "3000")))
    assert (found["wrong"], found["lost"]) == ([], [])
    assert min(found["seen"].values()) > 10, found["seen"]


@pytest.mark.parametrize("fault", ["forgets", "anybody", "believes"])
def test_a_shop_that_loses_answers_or_knows_nobody_apart_or_believes_a_clock_is_found_out(
    fault: str,
) -> None:
    assert simulate(3_000, fault=fault)["lost"]
