"""Every version on a time line: nothing is lost where there are many, and no page is heavy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

import pytest
from lxml import html

from core import builders
from inforce.adapters import templates
from inforce.ledger.addresses import TOGETHER, Addresses
from inforce.model import Change, Ledger, Policy, Severity, Version
from inforce.publish.publication import pages
from inforce.publish.site import Site

LIGHT = 150_000
"""Bytes of a page's content, at a thousand versions."""
ADDRESSES = Addresses("privacy")


@lru_cache
def ledger(count: int) -> Ledger:
    """A version every nine days, each of which changes a clause."""
    entries: list[Version] = []
    for place in range(count):
        at = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=9 * place)
        before = entries[-1] if entries else None
        severity = Severity.NOTICE if before else Severity.MATERIAL
        changes = (Change("a", severity, "Customers are told of it in a sentence.", ("modified",)),) if before else ()
        clauses = [builders.clause("a", f"Text {place}."), builders.clause("b")]
        dates = {"announced": at, "effective": at, "summary": f"In short, it is the version after {place} others."}
        more = {"number": f"1.{place}", "changes": changes, "severity": severity, **dates}
        entries.append(builders.version(clauses, before, **more))
    return Ledger("privacy", tuple(entries))


def laid_out(count: int) -> dict[str, str]:
    """The policy's own page and those that list its versions, by address."""
    site = Site(Policy("privacy", None, ledger(count)), datetime(2030, 1, 1, tzinfo=UTC))
    listing = (page for page in pages(site) if page.address.startswith(ADDRESSES.archive) or page.searchable)
    return {page.address: templates.render(page.content()) for page in listing}


@pytest.mark.parametrize("count", [1, TOGETHER, TOGETHER + 1, 1000])
def test_every_version_is_in_the_list_or_on_the_page_of_its_year(count: int) -> None:
    found = laid_out(count)
    parsed = {address: html.fromstring(text) for address, text in found.items() if address != ADDRESSES.current}
    listed = parsed.pop(ADDRESSES.archive).xpath("//details/summary/h2/@id")
    newest = [f"version-{version.number}" for version in reversed(ledger(count).versions)]
    assert listed == newest[:TOGETHER]
    by_year = [name for page in reversed(parsed.values()) for name in page.xpath("//details/summary/h2/@id")]
    assert by_year == (newest if count > TOGETHER else [])
    published = {address for address in ADDRESSES.published(ledger(count)) if address.startswith(ADDRESSES.archive)}
    assert published == {*parsed, ADDRESSES.archive}


def test_no_list_is_heavy() -> None:
    weights = {address: len(text.encode()) for address, text in laid_out(1000).items()}
    assert {address: weight for address, weight in weights.items() if weight > LIGHT} == {}


def test_a_line_tells_the_period_the_grade_and_the_summary() -> None:
    [last, *_] = html.fromstring(laid_out(3)[ADDRESSES.archive]).xpath("//details/summary")
    told = " ".join(last.text_content().split())
    assert told == "1.2 19 Jan 2000 – Worth knowing In short, it is the version after 2 others."
