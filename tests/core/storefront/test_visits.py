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


LATE = """
import {createPolicyReview} from '%s';
const row = {version: '1.0', sequence: 1, digest: 'd', requires: 'acknowledge', url: '1/', language: 'en',
  severity: 'material', changes: [], announced_at: '2026-01-01T00:00:00Z', effective_at: '2026-01-01T00:00:00Z'};
const privacy = {redline: {url: '{from}..{to}', all_up_to: 9, window: 5}, versions: [row]};
const text = JSON.stringify({schema_version: 1, serial: 1, documents: {privacy}});
globalThis.fetch = async () => ({ok: true, text: async () => text});
const answer = {id: 'a', action: 'acknowledged', document: 'privacy', version: '1.0', digest: 'd',
  at: '2026-01-02T00:00:00Z'};
globalThis.localStorage = {'policy-answers:c:a': JSON.stringify(answer), getItem(key) { return this[key] ?? null; },
  setItem(key, value) { this[key] = value; }, removeItem(key) { delete this[key]; }};
let stored;
const adding = new Promise((done) => stored = done);
const store = {add: async () => setTimeout(stored), records: () => adding.then(() => [])};
const review = createPolicyReview({documents: 'privacy', customer: 'c', store});
console.log((await review.check()).state);
"""


def test_an_answer_that_is_stored_while_the_store_is_read_is_not_asked_for_again() -> None:
    script = LATE % VISITS.parents[3].joinpath("storefront/js/src/client.js").as_uri()
    command = [programs.NODE.path(), "--input-type=module", "--eval", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "up_to_date\n"
