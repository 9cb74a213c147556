"""Until when a version is to be accepted, and how long an answer holds: said in a draft, released with the version."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from core import builders
from core.builders import at
from inforce import project as sources
from inforce.errors import InForceError
from inforce.ledger import timeline
from inforce.model import Severity
from inforce.publish import manifest
from inforce.release import again
from inforce.release.proposal import ReleaseOptions

TERMS = builders.policy(requires='"accept"')
MARCH = date(2026, 3, 1)


def refused(files: builders.Files, **options: object) -> list[tuple[str, str, str]]:
    with pytest.raises(InForceError) as caught:
        builders.released(files, "2026-01-01", summary="One.", **options)
    return [(problem.path, problem.rule, problem.what) for problem in caught.value.problems]


def test_a_day_counts_to_its_last_second() -> None:
    files = builders.released(TERMS, "2026-01-01", summary="One.", accept_by=MARCH)
    assert (
        b'\neffective: "2026-01-01T00:00:00+08:00"\naccept_by: "2026-03-01T23:59:59+08:00"\n'
        in files["versions/privacy/1.0.md"]
    )
    [row] = manifest.build(sources.read(files).policies)["documents"]["privacy"]["versions"]
    assert row["accept_by"] == "2026-03-01T15:59:59Z"


def test_the_last_second_of_a_day_is_the_one_before_the_next_day_begins() -> None:
    for name, day in (("Europe/Berlin", date(2026, 3, 29)), ("Africa/Cairo", date(2026, 4, 23)), ("UTC", MARCH)):
        zone = ZoneInfo(name)
        last = timeline.last_second(day, zone)
        assert last + timedelta(seconds=1) == timeline.midnight(day + timedelta(days=1), zone)
        assert last.date() == day


def test_next_yml_says_it_and_the_option_overrules_it() -> None:
    files = {**TERMS, builders.NEXT: b'summary: "One."\naccept_by: "2026-03-01"\n'}
    said = builders.ledger_of(builders.released(files, "2026-01-01")).versions[0]
    asked = builders.ledger_of(
        builders.released(files, "2026-01-01", accept_by=at("2026-02-01T12:00:00+00:00"))
    ).versions[0]
    assert (said.accept_by, asked.accept_by) == (at("2026-03-01T23:59:59+08:00"), at("2026-02-01T12:00:00+00:00"))


@pytest.mark.parametrize("said", ["2026-3-1", "2026-02-30", "soon", "2026-03-01T00:00:00"])
def test_what_is_no_day_is_told_on_its_line(said: str) -> None:
    files = {**TERMS, builders.NEXT: f'summary: "One."\naccept_by: "{said}"\n'.encode()}
    [problem] = sources.read(files).errors
    assert (problem.path, problem.line, problem.rule) == (builders.NEXT, 2, "accept_by")


def test_it_is_not_before_the_day_of_effect() -> None:
    [found] = refused(TERMS, accept_by=MARCH, effective=date(2026, 3, 2))
    assert found[:2] == (builders.NEXT, "accept-by")
    assert "before it takes effect" in found[2]
    builders.released(TERMS, "2026-01-01", summary="One.", accept_by=MARCH, effective=MARCH)


@pytest.mark.parametrize("requires", ["acknowledge", "inform"])
def test_it_is_of_a_version_that_is_to_be_accepted(requires: str) -> None:
    [found] = refused(builders.policy(requires=f'"{requires}"'), accept_by=MARCH)
    assert found[1:] == ("accept-by", f"It is to be accepted by 2026-03-01, and is material and requires {requires}")


@pytest.mark.parametrize("severity", [Severity.EDITORIAL, Severity.NOTICE])
def test_it_is_of_a_material_version(severity: Severity) -> None:
    files = builders.released(TERMS, "2026-01-01", summary="One.")
    files[f"{builders.POLICY}contact.md"] = (
        f'---\nseverity: "{severity}"\nnote: "Else."\n---\n## Contact\n\nWrite elsewhere.\n'.encode()
    )
    [found] = [found for found in refused(files, accept_by=date(2026, 4, 1), effective=MARCH) if "accept" in found[1]]
    assert found[1:] == ("accept-by", f"It is to be accepted by 2026-04-01, and is {severity} and requires accept")


def test_a_period_is_released_with_the_version_and_another_one_is_a_release() -> None:
    files = builders.released(TERMS, "2026-01-01", summary="One.")
    files[builders.SETTINGS] = builders.settings(requires='"accept"', reconfirm_every='"P12M"')
    files = builders.released(files, "2026-01-02", summary="Again every year.")
    first, second = manifest.build(sources.read(files).policies)["documents"]["privacy"]["versions"]
    assert ("reconfirm_every" in first, second["reconfirm_every"]) == (False, "P12M")
    assert b'requires: "accept"\nreconfirm_every: "P12M"\nannounced:' in files["versions/privacy/1.1.md"]


@pytest.mark.parametrize("said", ["12M", "P12", "P0M", "PT24H", "P1M1Y", "P1000D", "p1m", "P", "P1.5M"])
def test_what_is_no_period_is_told(said: str) -> None:
    files = builders.policy(requires='"accept"', reconfirm_every=f'"{said}"')
    [problem] = sources.read(files).errors
    assert (problem.path, problem.rule) == (builders.SETTINGS, "reconfirm_every")


def test_nobody_is_asked_again_for_what_only_informs() -> None:
    [problem] = sources.read(builders.policy(requires='"inform"', reconfirm_every='"P12M"')).errors
    assert problem.rule == "reconfirm_every"


def test_both_are_kept_where_a_version_is_made_again() -> None:
    draft = builders.policy(requires='"accept"', reconfirm_every='"P12M"')
    files = builders.released(draft, "2026-01-01", summary="One.", accept_by=MARCH)
    unpublished = again.choose("privacy", files, "1.0", lambda _: None)
    rest = builders.ledger_of(unpublished.files)
    plain = builders.draft_of(builders.policy())
    [made] = again.in_order(plain, rest, unpublished.formers, ReleaseOptions(), at("2026-01-02"))
    assert (made.accept_by, made.reconfirm_every) == (at("2026-03-01T23:59:59+08:00"), "P12M")


@pytest.mark.parametrize(
    ("period", "words"),
    [("P12M", "12 months"), ("P1Y6M", "1 year, 6 months"), ("P2W", "2 weeks"), ("P1D", "1 day"), ("P0Y1M", "1 month")],
)
def test_a_period_in_words(period: str, words: str) -> None:
    assert timeline.in_words(period) == words
