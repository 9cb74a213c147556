"""What a release is told to do helps: who follows a cure is not told the same again, nor told what cannot be done."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import builders
from core.builders import POLICY, at
from inforce.errors import InForceError, Problem
from inforce.ledger import chain
from inforce.model import Policy
from inforce.release import proposal
from inforce.release.proposal import ReleaseOptions

FILES = builders.edited(builders.shipped(), "contact", "## Contact\n\nBox 9.", "notice", "Moved.")
DRAFT, LEDGER = builders.draft_of(FILES), builders.ledger_of(FILES)


def against(day: date, now: str) -> list[Problem]:
    """What stands against a release at ``now`` that takes effect on ``day``."""
    try:
        proposal.prepare(DRAFT, LEDGER, ReleaseOptions(effective=day, summary="Moved."), at(now))
    except InForceError as error:
        return list(error.problems)
    return []


DAYS = st.dates(date(2025, 12, 1), date(2026, 6, 1))
MOMENTS = st.dates(date(2026, 3, 2), date(2026, 6, 1)).map(lambda day: f"{day}T11:30:00+08:00")


@given(DAYS, MOMENTS)
def test_the_day_that_a_cure_names_is_not_refused_for_the_same_reason(day: date, now: str) -> None:
    for problem in against(day, now):
        if named := re.match(r"Choose (\d{4}-\d\d-\d\d) or later", problem.cure):
            again = against(date.fromisoformat(named[1]), now)
            assert problem.rule not in [other.rule for other in again], (problem, again)


@given(DAYS, MOMENTS)
def test_no_cure_names_a_withdrawal_that_would_be_refused(day: date, now: str) -> None:
    for problem in against(day, now):
        if named := re.search(r"withdraw (\d+\.\d+) first", problem.cure):
            assert chain.withdraw(Policy("privacy", DRAFT, LEDGER), named[1], "A test.", at(now))


@pytest.mark.parametrize("day", [date.min, date(1, 1, 2), date(1899, 12, 31), date(3000, 1, 1), date.max])
def test_a_day_out_of_reach_is_told_of_the_draft_and_of_no_file_that_is_not_there(day: date) -> None:
    problems = against(day, "2026-04-10")
    assert [(problem.path, problem.rule) for problem in problems] == [(POLICY, "effective")]
    assert "outside the years 1900 to 2999" in problems[0].what


@given(st.dates())
def test_any_day_has_an_answer(day: date) -> None:
    for problem in against(day, "2026-04-10"):
        assert problem.path.startswith(POLICY)


@given(st.integers(0, 3))
def test_the_first_day_is_not_before_what_is_amended_by_the_clock_either(hours: int) -> None:
    """2.0 takes effect in the middle of a day: that day is too early unless it is today."""
    files = builders.released(builders.policy(), "2026-01-01", summary="One.")
    files = builders.edited(files, "contact", "## Contact\n\nBox 8.", "notice", "Moved.")
    noon = at("2026-02-01T12:00:00+08:00") + timedelta(hours=hours)
    files = builders.released(files, "2026-01-02", summary="Two.", effective=noon)
    files = builders.edited(files, "contact", "## Contact\n\nBox 9.", "notice", "Moved.")
    draft, ledger = builders.draft_of(files), builders.ledger_of(files)
    options = ReleaseOptions(effective=date(2026, 2, 1), summary="Three.", waived="A test.")
    with pytest.raises(InForceError) as refused:
        proposal.prepare(draft, ledger, options, at("2026-01-03"))
    [problem] = refused.value.problems
    assert problem.cure.startswith("Choose 2026-02-02 or later, or withdraw 1.1 first")
