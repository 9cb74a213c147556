"""Where pages stand: redlines once published stay, and a link leads from page to page."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import builders
from inforce.ledger.addresses import Addresses, has_redline, redline_pairs, relative
from inforce.model import Ledger


@given(st.integers(1, 60), st.integers(1, 60))
def test_a_redline_once_published_stays(older: int, newer: int) -> None:
    expected = older < newer and (newer <= 30 or newer - older <= 5)
    assert has_redline(older, newer) == expected


def test_the_pairs_are_those_that_have_a_redline() -> None:
    versions = tuple(builders.version([builders.clause("a")], number=f"1.{place}") for place in range(40))
    ledger = Ledger("privacy", versions)
    place = ledger.sequence
    pairs = {(place[older.number], place[newer.number]) for older, newer in redline_pairs(ledger)}
    assert pairs == {(a, b) for a in range(1, 41) for b in range(1, 41) if has_redline(a, b)}


def test_every_published_address_is_there_once_and_none_before_the_first_release() -> None:
    assert list(Addresses("privacy").published(Ledger("privacy"))) == []
    found = list(Addresses("privacy").published(builders.ledger_of(builders.shipped())))
    assert len(found) == len(set(found))
    assert {"privacy/versions/", "privacy/2.0.md", "privacy/redline/1.0..2.0/", "privacy/clauses/contact/"} <= {*found}


@pytest.mark.parametrize("target", ["privacy/", "privacy/1.0/#contact", "terms/", "privacy/1.0.md", "storefront/a.js"])
@pytest.mark.parametrize("page", ["privacy/", "privacy/1.0/", "privacy/clauses/contact/", "terms/redline/1.0..1.1/"])
def test_a_relative_link_leads_to_its_target(page: str, target: str) -> None:
    assert urljoin(f"https://a.example/{page}", relative(page, target)) == f"https://a.example/{target}"
