"""Where pages stand: redlines once published stay, and a link leads from page to page."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import builders
from inforce.ledger.addresses import Addresses, has_redline, redline_pairs, relative
from inforce.model import Ledger


def amending(amended: list[int]) -> Ledger:
    """A ledger in which each version amends the one at that place; 0 is none."""
    numbers = [f"1.{place}" for place in range(1, len(amended) + 1)]
    clauses = [builders.clause("a")]
    versions = (
        builders.version(clauses, number=number, amends=numbers[place - 1] if place else "")
        for number, place in zip(numbers, amended, strict=True)
    )
    return Ledger("privacy", tuple(versions))


@given(st.integers(1, 20).flatmap(lambda count: st.tuples(*(st.integers(0, place) for place in range(count)))))
def test_a_redline_once_published_stays(amended: tuple[int, ...]) -> None:
    """All pairs of the first twelve, neighbours, and what a version amends, wherever that stands."""
    ledger = amending([*amended])
    every = range(1, len(amended) + 1)
    expected = {(a, b) for b in every for a in range(1, b) if b <= 12 or b - a == 1 or amended[b - 1] == a}
    place, version = ledger.sequence, ledger.versions
    pairs = [(place[older.number], place[newer.number]) for older, newer in redline_pairs(ledger)]
    assert sorted(pairs) == sorted(expected)
    assert {(a, b) for a in every for b in every if has_redline(ledger, version[a - 1], version[b - 1])} == expected


def test_every_published_address_is_there_once_and_none_before_the_first_release() -> None:
    assert list(Addresses("privacy").published(Ledger("privacy"))) == []
    found = list(Addresses("privacy").published(builders.ledger_of(builders.shipped())))
    assert len(found) == len(set(found))
    assert {"privacy/versions/", "privacy/2.0.md", "privacy/redline/1.0..2.0/", "privacy/clauses/contact/"} <= {*found}
    assert {"privacy/since/1.0/", "privacy/since/2.0/", "privacy/policy-manifest.json"} <= {*found}


@pytest.mark.parametrize("target", ["privacy/", "privacy/1.0/#contact", "terms/", "privacy/1.0.md", "storefront/a.js"])
@pytest.mark.parametrize("page", ["privacy/", "privacy/1.0/", "privacy/clauses/contact/", "terms/redline/1.0..1.1/"])
def test_a_relative_link_leads_to_its_target(page: str, target: str) -> None:
    assert urljoin(f"https://a.example/{page}", relative(page, target)) == f"https://a.example/{target}"
