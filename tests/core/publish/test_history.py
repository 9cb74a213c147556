"""Every version on a time line: nothing is lost where there are many, and no page is heavy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import urljoin

import pytest
from lxml import html

from core import builders
from inforce.adapters import templates
from inforce.ledger import timeline
from inforce.ledger.addresses import TOGETHER, Addresses, begun_years
from inforce.model import Change, Ledger, Policy, Severity, Version
from inforce.publish.archive import days_of, on_page
from inforce.publish.publication import pages
from inforce.publish.site import Site
from inforce.text.html import ids_in, links_in

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


def kinds_of(count: int) -> dict[str, str]:
    """A page of each kind that hangs on how many versions there are, by address."""
    site = Site(Policy("privacy", None, ledger(count)), datetime(2030, 1, 1, tzinfo=UTC))
    at = {ADDRESSES.current, ADDRESSES.archive, ADDRESSES.on, ADDRESSES.compare, ADDRESSES.line("1")}
    at |= {ADDRESSES.year("2005"), ADDRESSES.on_year("2005"), ADDRESSES.clause("a"), ADDRESSES.since("1.0")}
    return {page.address: templates.render(page.content()) for page in pages(site) if page.address in at}


def test_no_page_is_heavy_for_the_number_of_its_versions() -> None:
    weights = {address: len(text.encode()) for address, text in kinds_of(1000).items()}
    assert {address: weight for address, weight in weights.items() if weight > LIGHT} == {}


@pytest.mark.parametrize("count", [TOGETHER, TOGETHER + 1, 150])
def test_what_a_short_page_leaves_out_is_a_link_away(count: int) -> None:
    found = kinds_of(count)
    numbers = {version.number for version in ledger(count).versions}

    def led_to(address: str) -> set[str]:
        return {urljoin(f"/{address}", link).partition("#")[0] for link in links_in(found[address])}

    line = {f"/{ADDRESSES.version(number)}" for number in numbers}
    assert led_to(ADDRESSES.line("1")) >= line
    assert led_to(ADDRESSES.compare) >= {f"/{ADDRESSES.since(number)}" for number in numbers - {f"1.{count - 1}"}}
    shown = {f"version-1.{place}" for place in range(count - TOGETHER, count)}
    pairs = {f"/{ADDRESSES.redline(f'1.{place - 1}', f'1.{place}')}" for place in range(1, count - TOGETHER)}
    assert led_to(ADDRESSES.clause("a")) >= pairs
    assert ids_in(found[ADDRESSES.clause("a")]) >= shown
    first = {f"/{ADDRESSES.redline(f'1.{one}', f'1.{other}')}" for other in range(12) for one in range(other)}
    assert led_to(ADDRESSES.compare) >= first


@pytest.mark.parametrize("count", [TOGETHER, TOGETHER + 1, 150])
def test_every_day_has_its_period_on_the_page_of_its_year(count: int) -> None:
    """The last listed year up to the day's names the page; before the first, that one does."""
    site = Site(Policy("privacy", None, ledger(count)), datetime(2030, 1, 1, tzinfo=UTC))
    years = begun_years(site.policy.ledger)
    assert bool(years) is (count > TOGETHER)
    told = {year: on_page(site, year).view["periods"] for year in years}
    for period in on_page(site).view["periods"] if not years else [row for rows in told.values() for row in rows]:
        for day in (period.first, period.last):
            if day and years:
                listed = [year for year in years if int(year) <= day.year] or years[:1]
                assert period in told[listed[-1]]
    rows = {(row.first, row.last) for rows in told.values() for row in rows}
    assert not years or rows == {days_of(each, UTC) for each in timeline.periods(site.policy.ledger)}


def test_a_line_tells_the_period_the_grade_and_the_summary() -> None:
    [last, *_] = html.fromstring(laid_out(3)[ADDRESSES.archive]).xpath("//details/summary")
    told = " ".join(last.text_content().split())
    assert told == "1.2 19 Jan 2000 – Worth knowing In short, it is the version after 2 others."
