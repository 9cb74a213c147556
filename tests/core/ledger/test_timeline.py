"""What a ledger means at an instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import builders
from core.builders import at
from core.strategies import PLAIN, ledgers, moments
from inforce.ledger import timeline
from inforce.ledger.timeline import Status
from inforce.model import Event, EventKind, Ledger

zones = st.sampled_from(sorted(available_timezones() - {"localtime"}))
days = st.dates(date(1973, 1, 1), date(2090, 12, 31))  # no zone has had seconds in its offset since Liberia in 1972


@given(ledgers(), moments)
def test_at_each_instant_one_version_is_in_force(ledger: Ledger, moment: datetime) -> None:
    standing = ledger.standing
    statuses = [timeline.standing(ledger, version, moment).status for version in standing]
    begun = bool(standing) and standing[0].effective <= moment
    retired = ledger.retired_at is not None and ledger.retired_at <= moment
    in_force = [v for v, status in zip(standing, statuses, strict=True) if status is Status.IN_FORCE]
    assert in_force == ([timeline.in_force(ledger, moment)] if begun and not retired else [])
    assert (timeline.in_force(ledger, moment) is not None) == (begun and not retired)


@given(ledgers(), moments)
def test_before_it_replaced_and_after_it_upcoming(ledger: Ledger, moment: datetime) -> None:
    order = [Status.REPLACED, Status.IN_FORCE, Status.UPCOMING]
    if ledger.retired_at and ledger.retired_at <= moment:
        order = [Status.REPLACED, Status.RETIRED]
    statuses = [order.index(timeline.standing(ledger, version, moment).status) for version in ledger.standing]
    assert statuses == sorted(statuses)
    upcoming = timeline.upcoming(ledger, moment)
    assert [v.number for v in upcoming] == [
        v.number
        for v in ledger.standing
        if timeline.standing(ledger, v, moment).status is Status.UPCOMING
        and (ledger.retired_at is None or v.effective < ledger.retired_at)
    ]


@given(ledgers(), moments)
def test_until_and_by_name_what_comes_after(ledger: Ledger, moment: datetime) -> None:
    for version in ledger.standing:
        standing = timeline.standing(ledger, version, moment)
        before, after = timeline.neighbours(ledger, version)
        assert standing.since == version.effective
        assert standing.by in ("", after.number if after else "")
        assert (standing.until is None) == (after is None and ledger.retirement is None)
        if standing.by and after:
            assert standing.until == after.effective
        assert before is None or before.effective <= version.effective
    for number in ledger.withdrawals:
        standing = timeline.standing(ledger, ledger.by_number[number], moment)
        assert (standing.status, standing.until) == (Status.WITHDRAWN, ledger.withdrawals[number].at)
        assert timeline.neighbours(ledger, ledger.by_number[number]) == (None, None)


@given(ledgers())
def test_a_version_takes_effect_at_its_instant_and_not_before(ledger: Ledger) -> None:
    for version in ledger.standing:
        if ledger.retired_at and ledger.retired_at <= version.effective:
            continue
        assert version in timeline.upcoming(ledger, version.effective - timedelta(microseconds=1))
        assert version not in timeline.upcoming(ledger, version.effective)


def test_nothing_is_in_force_in_an_empty_ledger() -> None:
    empty = Ledger("privacy")
    assert timeline.in_force(empty, at("2026-01-01")) is None
    assert timeline.upcoming(empty, at("2026-01-01")) == ()


def test_a_retired_policy_has_nothing_in_force() -> None:
    version = builders.version(PLAIN)
    ledger = Ledger("privacy", (version, Event("privacy", 1, EventKind.RETIRE, at("2026-06-01"), version.digest)))
    assert timeline.in_force(ledger, at("2026-05-31")) == version
    assert timeline.standing(ledger, version, at("2026-05-31")).until == at("2026-06-01")
    assert timeline.in_force(ledger, at("2026-06-01")) is None
    assert timeline.standing(ledger, version, at("2026-06-01")).status is Status.RETIRED


def test_an_announced_end_counts_from_its_day_on_and_can_be_taken_back_before() -> None:
    version = builders.version(PLAIN)
    told = Event("privacy", 1, EventKind.RETIRE, at("2026-03-01"), version.digest, effective=at("2026-06-01"))
    ledger = Ledger("privacy", (version, told))
    assert timeline.in_force(ledger, at("2026-05-31")) == version
    assert timeline.in_force(ledger, at("2026-06-01")) is None
    goes_on = Ledger("privacy", (*ledger.entries, Event("privacy", 2, EventKind.WITHDRAW, at("2026-04-01"), "")))
    assert (goes_on.retirement, goes_on.withdrawals) == (None, {})
    assert timeline.in_force(goes_on, at("2026-06-01")) == version


@given(days, zones)
def test_midnight_is_the_first_instant_of_its_day(day: date, zone: str) -> None:
    midnight = timeline.midnight(day, ZoneInfo(zone))
    before = (midnight.astimezone(UTC) - timedelta(seconds=1)).astimezone(ZoneInfo(zone))
    assert midnight.utcoffset() == midnight.astimezone(UTC).astimezone(ZoneInfo(zone)).utcoffset()
    assert before.date() < day
    assert midnight.date() >= day


@pytest.mark.parametrize(
    ("day", "zone", "instant"),
    [
        ("2027-01-15", "Asia/Shanghai", "2027-01-14T16:00:00+00:00"),
        ("2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00+00:00"),
        ("2026-03-30", "Europe/Berlin", "2026-03-29T22:00:00+00:00"),
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00+00:00"),  # the clock went from 00:00 to 01:00
        ("2025-11-02", "America/Havana", "2025-11-02T04:00:00+00:00"),  # 00:00 came twice: the first counts
        ("2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00+00:00"),  # a day that Samoa left out
    ],
)
def test_midnight_where_clocks_change(day: str, zone: str, instant: str) -> None:
    assert timeline.midnight(date.fromisoformat(day), ZoneInfo(zone)) == datetime.fromisoformat(instant)


@given(moments, st.integers(0, 400), zones)
def test_the_earliest_day_gives_just_the_notice(published: datetime, notice: int, name: str) -> None:
    zone = ZoneInfo(name)
    first = timeline.earliest(published, notice, zone)
    assert timeline.notice_given(published, timeline.midnight(first, zone), zone) >= notice
    eve = timeline.midnight(first, zone) - timedelta(seconds=1)
    assert timeline.notice_given(published, eve.astimezone(UTC) - timedelta(hours=2), zone) < notice


def test_notice_counts_calendar_days_not_hours() -> None:
    late, early = at("2026-03-01T23:59:00+08:00"), at("2026-03-02T00:01:00+08:00")
    assert timeline.notice_given(late, early, ZoneInfo("Asia/Shanghai")) == 1
    assert timeline.notice_given(late, early, UTC) == 0
    assert timeline.notice_given(early, late, ZoneInfo("Asia/Shanghai")) == -1
