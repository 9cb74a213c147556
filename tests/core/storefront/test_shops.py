"""Many visits with all that goes wrong around a shop: no wrong prompt, and no answer lost, invented or put elsewhere.

``VISITS`` says how many, 10,000 unless it is given.
"""

from __future__ import annotations

import os

import pytest

from core.shops import simulate
from inforce_client import review


@pytest.mark.long
def test_many_visits_with_lost_writes_forks_wrong_clocks_merges_and_restored_backups() -> None:
    wrong, lost, seen = simulate(int(os.environ.get("VISITS", "10000")))
    assert (wrong, lost) == ([], [])
    assert min(seen.values()) > 10, seen


@pytest.mark.long
@pytest.mark.parametrize("heard", ["nothing of clocks", "only that nothing is answered after it came"])
def test_a_decision_that_believes_every_clock_is_found_out(heard: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def believed(stamped: int, sent: int | None, received: int | None) -> int:  # noqa: ARG001
        return stamped if heard == "nothing of clocks" or received is None else min(stamped, received)

    monkeypatch.setattr(review, "_righted", believed)
    wrong, lost, _ = simulate(1_000)
    assert wrong
    assert lost
