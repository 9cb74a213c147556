"""A page that is kept comes back only while it would be made the same again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core import builders
from core.histories import histories
from core.strategies import START, ledgers
from inforce.adapters import templates
from inforce.ledger import timeline
from inforce.model import Draft, Ledger, Policy
from inforce.publish.publication import Page, pages
from inforce.publish.site import Site

_DRAFTS = st.none() | st.builds(
    lambda texts, more: builders.draft_of(builders.policy(texts, **more)),
    st.sampled_from([builders.TEXTS, {"preamble": "Another text.\n"}]),
    st.sampled_from(
        [
            {},
            {"show_editors": '"true"'},
            {"comments_from": '"2025-12-01"', "comments_until": '"2026-01-09"'},
            {"contact": '"tel:1"'},
        ]
    ),
)


def laid_out(ledger: Ledger, draft: Draft | None, at: datetime, with_draft: bool) -> Mapping[tuple[str, str], Page]:
    site = Site(Policy("privacy", draft, ledger), at, "https://policies.example/", with_draft=with_draft)
    return {(page.address, page.state): page for page in pages(site) if page.state}


def shown(page: Page) -> tuple[str, str]:
    content = page.content()
    return templates.render(content), templates.head(content, listed=page.listed)


@given(ledgers() | histories(), _DRAFTS, _DRAFTS, st.data())
def test_pages_of_one_state_are_one_page(
    ledger: Ledger, draft: Draft | None, other: Draft | None, data: st.DataObject
) -> None:
    turns = sorted({period.since for period in timeline.periods(ledger) if period.since} | {START})
    instants = st.sampled_from(turns).flatmap(
        lambda turn: st.integers(-40, 40).map(lambda days: turn + timedelta(days=days))
    )
    one = laid_out(ledger, draft, data.draw(instants), data.draw(st.booleans()))
    two = laid_out(ledger, other, data.draw(instants), data.draw(st.booleans()))
    for place in one.keys() & two.keys():
        assert shown(one[place]) == shown(two[place]), place
