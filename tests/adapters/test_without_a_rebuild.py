"""What stands on a page is true whenever it is read, though nobody built the site again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from core.histories import histories
from core.strategies import ledgers
from examples import examples
from inforce.adapters import templates
from inforce.model import Ledger, Policy
from inforce.publish.publication import pages
from inforce.publish.site import Site

DAYS = st.integers(-1, 40).map(lambda days: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days))
NOW = (
    "not yet",
    " yet",
    "to come",
    "today",
    "currently",
    "at present",
    "is in force",
    "text in force",
    "in force since",
)
"""What is said of the moment at which somebody reads, unless a date stands with it."""


def site(ledger: Ledger, at: datetime) -> dict[str, tuple[str, str]]:
    """Each page of a ledger built at an instant: address -> title, and HTML with what goes into its head."""
    found = {}
    for page in pages(Site(Policy("privacy", None, ledger), at, "https://a.example/")):
        content = page.content()
        found[page.address] = page.title, templates.render(content) + templates.head(content)
    return found


def said(page: str) -> html.HtmlElement:
    """A page as it reads without script, and without the policy's own words."""
    tree = html.fromstring(page)
    for node in tree.xpath("//*[@hidden] | //*[contains(@class, 'if-text')] | //bdi | //script"):
        node.drop_tree()
    return tree


@examples(25)
@given(histories() | ledgers(), DAYS, DAYS)
def test_only_the_choice_of_the_shown_text_hangs_on_the_day_of_a_build(
    ledger: Ledger, one: datetime, other: datetime
) -> None:
    built, again = site(ledger, one), site(ledger, other)
    assert built.keys() == again.keys()
    here, there = (Site(Policy("privacy", None, ledger), at) for at in (one, other))
    chosen = {"privacy/"} if here.shown != there.shown else set()
    if (here.shown, here.upcoming) != (there.shown, there.upcoming):
        chosen |= {f"privacy/since/{version.number}/" for version in ledger.versions}
    assert [address for address in built.keys() - chosen if built[address] != again[address]] == []


@examples(25)
@given(histories() | ledgers(), DAYS)
def test_the_policys_own_address_says_of_a_version_what_its_page_says(ledger: Ledger, at: datetime) -> None:
    built = site(ledger, at)
    own = said(built["privacy/"][1])
    shown = own.xpath("//h1/@data-inforce-version")[0]
    there = said(built[f"privacy/{shown}/"][1])
    told = [tree.xpath("//div[contains(@class, 'if-status')]/p[1]")[0].text_content() for tree in (own, there)]
    assert told[0] == told[1]


@examples(25)
@given(histories() | ledgers(), DAYS)
def test_no_page_speaks_of_now_without_script(ledger: Ledger, at: datetime) -> None:
    for address, (title, page) in site(ledger, at).items():
        words = f"{title} {' '.join(said(page).text_content().split())}".lower()
        assert [each for each in NOW if each in words] == [], (address, words)
