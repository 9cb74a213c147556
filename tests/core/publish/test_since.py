"""What changed since a version: a page for each, up to the version in force and through what is announced."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from core import builders
from core.histories import histories
from core.strategies import START, ledgers
from inforce import project as sources
from inforce.adapters import templates
from inforce.ledger import timeline
from inforce.ledger.addresses import TOGETHER
from inforce.model import Change, Ledger, Policy, Severity, Version
from inforce.publish import manifest
from inforce.publish.publication import Publication, pages
from inforce.publish.redlines import since_page
from inforce.publish.site import Site
from inforce_client.review import prepare, review_state

instants = st.integers(-2, 30 * 24).map(lambda hours: START + timedelta(hours=hours))


def agreed(version: Version) -> dict[str, Any]:
    """The record of a customer who accepted a version."""
    return {
        "id": "1", "document": "privacy", "version": version.number, "digest": version.digest,
        "action": "accepted", "at": manifest.utc(version.announced),
    }  # fmt: skip


def named(told: dict[str, Any], ledger: Ledger) -> Iterator[str]:
    """Every address of a redline that a shop gives to any customer, whenever anything takes effect."""
    prepared = prepare(told)
    for at in sorted({version.effective for version in ledger.versions}):
        for version in ledger.versions:
            yield from review_state(prepared, "privacy", [agreed(version)], at)["redline"] or ()


@given(ledgers(max_size=20) | histories(max_size=9), instants)
def test_no_redline_that_a_shop_names_is_missing(ledger: Ledger, at: datetime) -> None:
    """Nor one that a shop names which knows nothing of pages since a version."""
    policy = Policy("privacy", None, ledger)
    published = {page.address for page in pages(Site(policy, at))}
    told = manifest.build([policy])
    older = deepcopy(told)
    del older["documents"]["privacy"]["redline"]["since"]
    assert {*named(told, ledger), *named(older, ledger)} <= published
    assert {f"privacy/since/{version.number}/" for version in ledger.versions} <= published


@given(ledgers() | histories(), instants)
def test_a_page_since_a_version_leads_to_what_is_in_force_and_through_what_is_announced(
    ledger: Ledger, at: datetime
) -> None:
    """Each step begins where the one before it ended, and none leads back, unless the version was withdrawn."""
    site = Site(Policy("privacy", None, ledger), at)
    for version in ledger.versions:
        pairs = [pair.compared for pair in since_page(site, version).view["pairs"]]
        stops = [version, *(pair.newer for pair in pairs)]
        assert [pair.older for pair in pairs] == stops[:-1]
        current, coming = timeline.in_force(ledger, at), timeline.upcoming(ledger, at)
        ahead = [each for each in (current, *coming) if each]
        if version.number not in ledger.withdrawals:
            ahead = [each for each in ahead if ledger.sequence[each.number] > ledger.sequence[version.number]]
        if ahead or current:
            assert stops[1:] == ahead


def test_what_a_page_since_a_version_says_is_true_on_any_later_day() -> None:
    """Laid out before a version takes effect and after, it says the same of each step."""
    before, after = (
        Publication(sources.read(builders.shipped()), datetime(2026, month, 15, tzinfo=UTC)) for month in (3, 4)
    )
    early, late = (
        next(page.content().view for page in each.pages() if page.address == "privacy/since/1.0/")
        for each in (before, after)
    )
    assert [pair.compared.newer.number for pair in early["pairs"]] == ["1.1", "2.0"]
    assert [pair.compared.newer.number for pair in late["pairs"]] == ["2.0"]
    assert early["pairs"][0].newer.standing.until == late["pairs"][0].newer.version.effective


@pytest.mark.parametrize("count", [29, 30, 31, 40])
def test_of_many_versions_on_the_way_the_last_say_what_they_said(count: int) -> None:
    """The others are counted, and the page leads to where they say it."""
    made: list[Version] = []
    for place in range(count + 1):
        clause, before = builders.clause("a", f"Text {place}."), made[-1] if made else None
        told = (Change("a", Severity.NOTICE, f"Note {place}.", ("modified",)),) if before else ()
        number, summary = f"{place + 1}.0", f"Summary {place}."
        made.append(builders.version([clause], before, number=number, summary=summary, changes=told))
    site = Site(Policy("privacy", None, Ledger("privacy", tuple(made))), START + timedelta(days=999))
    page = html.fromstring(templates.render(since_page(site, made[0])))
    [folded] = page.xpath("//details[@class='if-steps']")
    assert folded.xpath("string(summary)") == f"What {count} versions said of it"
    said = [each.text_content().split(": ")[1] for each in folded.xpath("p[@class='if-summary']")]
    assert said == [f"Summary {place}." for place in range(1, count + 1)][-TOGETHER:]
    assert folded.xpath("p/a/@href") == (["../../versions/"] if count > TOGETHER else [])
    notes = page.xpath("//ul[@class='if-changes']/li/bdi/text()")
    assert notes == [f"Note {place}." for place in range(1, count + 1)]
