"""Records of several lists as one customer's: whoever accepted has accepted, and whoever declined has declined."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vectors import tables

from core.reviewing import manifests, moments, record_lists
from inforce_client import review

Json = dict[str, Any]

CASES = json.loads((Path(review.__file__).parents[2] / "vectors/merges.json").read_text(encoding="utf-8"))["cases"]
START = datetime(2026, 1, 1, tzinfo=UTC)
DECADE = 10 * 365 * 24 * 60
MANIFEST = tables.manifest(privacy="1.0 01-01 requires=accept; 1.1 02-01 notice requires=accept; 2.0 03-01 material")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_vectors(case: Json) -> None:
    assert review.merge(*case["lists"]) == case["expected"]


def test_no_two_cases_have_one_name() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES)


@given(record_lists(), record_lists(), record_lists(), st.randoms(), manifests(), moments())
def test_lists_may_come_in_any_order_again_and_in_parts(
    one: list[Any], two: list[Any], three: list[Any], chance: Any, manifest: Json, now: datetime
) -> None:
    merged = review.merge(one, two, three)
    lists = [one, two, three, two, *([each] for each in one)]
    chance.shuffle(lists)
    again = review.merge(merged, *lists)
    assert [each["id"] for each in again] == [each["id"] for each in merged]
    assert review.review_state(manifest, "privacy", again, now) == review.review_state(manifest, "privacy", merged, now)
    assert review.merge(review.merge(one, two), three) == review.merge(one, review.merge(two, three)) == merged


@given(record_lists(), record_lists())
def test_no_record_is_lost_invented_or_changed(one: list[Any], two: list[Any]) -> None:
    before = copy.deepcopy((one, two))
    merged = review.merge(one, two)
    assert (one, two) == before
    assert all(any(each is given for given in (*one, *two)) for each in merged)
    whole = {each["id"] for each in (*one, *two) if isinstance(each, dict) and "at" in each}
    assert [each["id"] for each in merged] != [] or not whole
    assert {each["id"] for each in merged} == whole
    assert len(merged) == len(whole)


@st.composite
def answers(draw: st.DrawFn) -> tuple[list[Json], list[list[Json]]]:
    """What a customer truly did, and the same as three devices stamped and sent it, their clocks up to a decade off.

    A device sends when it is on line, which may be days later, and says then what time it has.
    """
    off = [draw(st.sampled_from((0, 0, -60, 90, DECADE, -DECADE))) for _ in range(3)]
    true, stamped, minute = [], [[], [], []], 0
    for number in range(draw(st.integers(1, 6))):
        minute += draw(st.integers(20, 30 * 24 * 60))
        device, late = draw(st.integers(0, 2)), draw(st.integers(0, 60 * 24 * 60))
        action = draw(st.sampled_from(("accepted", "declined", "dismissed")))
        version = draw(st.sampled_from(("1.0", "1.1", "2.0")))
        until = draw(st.none() | st.integers(1, 7 * 24 * 60)) if action == "dismissed" else None
        record = tables.record(f"{action} {version} 01-01") | {"id": f"{number}"}

        def at(minutes: int) -> str:
            return (START + timedelta(minutes=minutes)).isoformat()

        true.append(record | {"at": at(minute), "until": None if until is None else at(minute + until)})
        wrong = {
            "at": at(minute + off[device]),
            "until": None if until is None else at(minute + until + off[device]),
            "sent_at": at(minute + late + off[device]),
            "received_at": at(minute + late),
        }
        stamped[device].append(record | wrong)
    return true, stamped


@given(answers(), st.integers(0, 400))
def test_whatever_the_clocks_the_customer_answered_what_they_answered(
    told: tuple[list[Json], list[list[Json]]], days: int
) -> None:
    true, stamped = told
    now = START + timedelta(days=days)
    wanted, found = (review.review_state(MANIFEST, "privacy", each, now) for each in (true, review.merge(*stamped)))
    assert found == wanted
