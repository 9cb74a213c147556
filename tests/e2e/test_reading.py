"""A reader of long policies: dozens of versions, or a hundred clauses, on a phone and elsewhere, in both layouts.

Every kind of page is looked at as readers see it, and a reader's tasks are counted in taps from the policy's address.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import html5lib
import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from adapters import projects
from adapters.commands import Terminal
from adapters.sites import build_site, links
from e2e.accessibility import EVERY_TEXT, dress
from e2e.webserver import NOTHING_TO_SEARCH
from inforce.model import EventKind, Severity
from inforce.publish import compare

NewPage = Callable[..., Page]
SHIPPED = Path(__file__).resolve().parents[2] / "docs"
PHONE: ViewportSize = {"width": 360, "height": 640}
WIDE: ViewportSize = {"width": 1280, "height": 800}
ENLARGED: ViewportSize = {"width": 640, "height": 400}
"""A wide screen at 200 %."""
REDLINES = {
    "long": [
        *("privacy/redline/1.38..1.39/", "privacy/redline/1.0..1.11/", "privacy/redline/1.39..draft/"),
        *("privacy/since/1.3/", "privacy/since/1.38/", "privacy/compare/?from=1.18&to=1.35", "terms/since/1.0/"),
    ],
    "broad": ["privacy/redline/1.0..1.2/", "privacy/since/1.0/", "privacy/compare/?from=1.0&to=1.2"],
}
SEEN = """mark => {
  const {left, top} = mark.getClientRects()[0], shown = document.elementFromPoint(left + 2, top + 2);
  return mark.contains(shown) || shown.contains(mark);
}"""
LEVELS = "[...document.querySelectorAll('main :is(h1, h2, h3, h4, h5, h6)')].filter((each) => each.checkVisibility())"
LEVELS = f"{LEVELS}.map((each) => +each.tagName[1])"
KINDS = {
    "long": [
        *("", "privacy/", "privacy/versions/", "privacy/versions/2026/", "privacy/on/", "privacy/on/2026/"),
        *("privacy/1/", "privacy/1.7/", "privacy/redline/1.38..1.39/", "privacy/since/1.3/", "privacy/draft/"),
        *("privacy/redline/1.39..draft/", "privacy/clauses/clause-3/", "privacy/compare/"),
        *("privacy/compare/?from=1.18&to=1.35", "terms/2.0/", "terms/since/1.0/", "returns/", "404.html"),
    ],
    "broad": ["privacy/", "privacy/redline/1.0..1.2/"],
}
"""One page of each kind, of a policy of 40 versions; and those that grow with the text, of one of 100 clauses.

Beside the long one stand terms, of which a version is announced, and a policy that was retired.
"""
THEMED = (
    *("privacy/on/2026/", "privacy/draft/", "privacy/redline/1.39..draft/", "privacy/since/1.3/", "terms/2.0/"),
    *("terms/since/1.0/", "returns/", "404.html"),
)
"""The kinds that axe sees in a theme here; it sees the others there in the shipped site."""
LONGER = {"long": ["privacy/versions/2026/"], "broad": KINDS["broad"]}
"""Those that are as others are, with more rows or clauses."""


def clause(place: int, told: str = "as it always did") -> str:
    """A clause with a sub-heading and some paragraphs, two of which tell something."""
    body = [f"Paragraph {number} of clause {place} stays as it was." for number in range(1, 9)]
    body.insert(6, f"What clause {place} says of this is said {told}.")
    body.insert(1, f"It is said {told}, for instance.")
    return "\n\n".join((f"## Clause number {place}", *body[:4], f"### Part of {place}", *body[4:]))


def written(root: Path, clauses: int, versions: int) -> dict[str, Path]:
    """Both sites of a policy each of whose versions changes a clause, a day after the one before it, by layout."""
    texts = {f"clause-{place}": clause(place) for place in range(1, clauses + 1)}
    projects.write_policy(root, texts)
    projects.publish(root)
    for version in range(1, versions):
        place = version % clauses + 1
        projects.edit(root, f"clause-{place}", clause(place, f"in the words of version {version}"))
        at = projects.ANNOUNCED + timedelta(days=version)
        projects.publish(root, at=at, severity=Severity.NOTICE, summary=f"Version {version} in short.")
    projects.edit(root, "clause-2", clause(2, "in the words of a draft"))
    settings = root / "policy/privacy/policy.yml"
    settings.write_text(
        f"{settings.read_text(encoding='utf-8')}comments_from: 2026-05-01\ncomments_until: 2026-07-01\n",
        encoding="utf-8",
    )
    write_others(root)
    projects.write_site(root, theme="material", options='as_of: "2026-06-01T00:00:00Z"')
    for name in (".overrides", "assets"):  # what the shipped site mends in its theme
        shutil.copytree(SHIPPED / name, root / "docs" / name)
    settings = (root / "mkdocs.yml").read_text(encoding="utf-8")
    settings = settings.replace("{name: material}", "{name: material, custom_dir: docs/.overrides, font: false}")
    (root / "mkdocs.yml").write_text(f"{settings}extra_css: [assets/site.css]\n", encoding="utf-8")
    (root / "docs/index.md").write_text("# Shop\n\n<!-- inforce: policies -->\n", encoding="utf-8")
    Terminal(root).run("build", "--output", str(root / "ours"))
    return {"MkDocs": build_site(root), "ours": root / "ours"}


def write_others(root: Path) -> None:
    """Terms, of which a version is announced, and a policy that was retired."""
    for document in "terms", "returns":
        projects.write_policy(root, document=document)
        settings = root / f"policy/{document}/policy.yml"
        settings.write_text(settings.read_text("utf-8").replace("Shop Privacy", document.capitalize()), "utf-8")
        projects.publish(root, document=document)
    projects.edit(root, "contact", "## Contact\n\nCall us.", "terms")
    projects.publish(root, document="terms", effective=date(2026, 9, 1), severity=Severity.MATERIAL)
    at = datetime(2026, 5, 1, tzinfo=UTC)
    projects.happen(root, EventKind.RETIRE, at, "returns", reason="Nothing is sent back any more.")


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Path]]:
    """The folders of all sites, by policy and layout. So few versions can be compared as if there were hundreds."""
    shapes = {"long": (8, 40), "broad": (100, 3)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compare, "NEWEST", 26)
        return {name: written(tmp_path_factory.mktemp(name), *shape) for name, shape in shapes.items()}


@pytest.fixture(scope="session", params=("MkDocs", "ours"))
def layout(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def sites(layout: str, serve: Callable[..., str], folders: dict[str, dict[str, Path]]) -> dict[str, str]:
    """The addresses of the sites of one layout, by policy."""
    return {name: serve(found[layout], rules=NOTHING_TO_SEARCH) for name, found in folders.items()}


@pytest.fixture
def new_page(used_page: NewPage) -> NewPage:
    """These tests only read."""
    return used_page


def test_every_page_is_valid_and_every_link_leads_somewhere(layout: str, folders: dict[str, dict[str, Path]]) -> None:
    site = folders["long"][layout]
    assert [each for each in links(site) if each[2]] == []
    for kind in KINDS["long"] if layout == "ours" else ():  # a theme's own mark-up is not ours to judge
        page = site / kind.partition("?")[0]
        text = (page / "index.html" if page.is_dir() else page).read_text(encoding="utf-8")
        html5lib.HTMLParser(strict=True).parse(text)


def see_that_it_can_be_read(page: Page, size: ViewportSize, kind: str) -> None:
    """Nothing is wider than the screen, and the headings lead on by one level."""
    page.set_viewport_size(size)
    width, levels = page.evaluate(f"[document.documentElement.scrollWidth, {LEVELS}]")
    assert width <= size["width"], (kind, size)
    assert levels[0] == 1, kind
    assert all(after - before <= 1 for before, after in pairwise(levels)), (kind, levels)


def see_that_it_can_be_printed(page: Page, kind: str) -> None:
    """Nothing is folded, and nothing of the screen is left."""
    page.emulate_media(media="print")
    assert page.locator(".if-screen:visible, .if-marks:visible, .redline-step:visible").count() == 0, kind
    for folded in page.locator("details:is(.if-same, .if-list)").all()[:3]:
        assert folded.locator(":scope > :not(summary)").last.is_visible(), kind
    page.emulate_media(media="screen")


def test_each_kind_of_page_can_be_read_and_printed_and_axe_finds_nothing(
    layout: str, sites: dict[str, str], new_page: NewPage, axe: Callable[..., list[str]]
) -> None:
    """A page is opened once, on a phone, then turned and dressed as a reader may: redlines in forced colours, too.

    Colours of a theme, in which the shipped site is seen, are looked at on redlines alone. Every night axe looks at
    all pages, and at redlines that have the same kinds of marks as these.
    """
    page, themed = new_page(viewport=PHONE, device_scale_factor=2), layout == "MkDocs"
    alike = [("long", kind) for kind in REDLINES["long"] if EVERY_TEXT and kind not in KINDS["long"]]
    for policy, kind in [*((name, kind) for name in KINDS for kind in KINDS[name]), *alike]:
        assert page.goto(sites[policy] + kind).ok, kind
        see_that_it_can_be_read(page, PHONE, kind)
        looked_at = EVERY_TEXT or (kind in THEMED if themed else kind not in LONGER[policy])
        if looked_at:
            assert axe(page, colours=False if themed else None) == [], kind
        if kind in REDLINES["long"]:
            dress(page, forced_colors="active")
            assert axe(page, colours=True) == [], kind
            dress(page, forced_colors="none")
        see_that_it_can_be_read(page, ENLARGED, kind)
        see_that_it_can_be_read(page, WIDE, kind)
        see_that_it_can_be_printed(page, kind)
        if kind in REDLINES["long"] if themed else looked_at:
            dress(page, color_scheme="dark")
            assert axe(page, colours=True) == [], kind
            dress(page, color_scheme="light")
        page.set_viewport_size(PHONE)


def test_without_script_each_kind_of_page_can_be_read(sites: dict[str, str], new_page: NewPage) -> None:
    page = new_page(viewport=PHONE, java_script_enabled=False)
    for kind in (f"{sites[name]}{kind}" for name in KINDS for kind in KINDS[name]):
        assert page.goto(kind).ok, kind
        see_that_it_can_be_read(page, PHONE, kind)


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("kind", ["privacy/", "privacy/1.1/", "privacy/redline/1.0..1.2/", "privacy/since/1.0/"])
def test_contents_are_in_reach_on_a_phone_wherever_the_reader_is(
    kind: str, script: bool, sites: dict[str, str], new_page: NewPage
) -> None:
    page = new_page(viewport=PHONE, java_script_enabled=script)
    page.goto(sites["broad"] + kind)
    contents = page.locator(".if-contents > summary")
    if script:
        page.mouse.wheel(0, 4000)
        page.wait_for_timeout(200)
    expect(contents).to_be_in_viewport()
    contents.click()
    page.locator("details.if-contents a[href='#clause-60']").click()
    expect(page.locator("#clause-60")).to_be_in_viewport()
    if script:
        expect(contents).to_be_in_viewport()
        box, bar = page.locator("#clause-60").bounding_box(), contents.bounding_box()
        assert box is not None
        assert bar is not None
        above = box["y"] + 24 <= bar["y"]
        assert above or box["y"] >= bar["y"] + bar["height"] - 1, "the bar hides the heading"


@pytest.mark.parametrize("kind", ["privacy/", "privacy/redline/1.0..1.2/"])
@pytest.mark.parametrize("layout", ["MkDocs"], indirect=True)
def test_the_theme_marks_what_was_jumped_to(kind: str, sites: dict[str, str], new_page: NewPage) -> None:
    page = new_page(viewport=WIDE)
    page.goto(sites["broad"] + kind)
    for place in (5, 40, 70):
        link = page.locator(f".md-sidebar--secondary a[href='#clause-{place}']")
        link.click()
        expect(link).to_have_class(re.compile("md-nav__link--active"))


@pytest.mark.parametrize("script", [True, False])
def test_the_first_change_stands_on_the_first_screen(script: bool, sites: dict[str, str], new_page: NewPage) -> None:
    """On a phone and on a wide screen nothing lies over it, and everything that made room for it is a tap away."""
    page = new_page(viewport=PHONE, java_script_enabled=script)
    for name, kinds in REDLINES.items():
        for kind in kinds if script else [each for each in kinds if "?" not in each]:
            page.goto(sites[name] + kind)
            folded, listed = page.locator(".if-list > summary").first, page.locator(".if-list .if-changes a").first
            for size in (WIDE, PHONE):
                page.set_viewport_size(size)
                mark = page.locator(".if-text :is(ins, del)").first
                expect(mark).to_be_in_viewport()
                assert mark.evaluate(SEEN), kind
                expect(folded).to_be_visible()
            expect(listed).to_be_hidden()
            folded.click()
            expect(listed).to_be_visible()


def test_a_redline_leads_from_mark_to_mark(sites: dict[str, str], new_page: NewPage) -> None:
    page = new_page(viewport=PHONE)
    page.goto(sites["long"] + "privacy/since/1.3/")
    first = page.get_by_role("button", name="Next change")
    expect(first).to_be_in_viewport()
    first.click()
    status = page.locator("[data-inforce-marks] [role=status]")
    expect(status).to_have_text("1 of 16")
    expect(page.locator("[data-inforce-here]")).to_be_in_viewport()
    first.click()
    expect(status).to_have_text("2 of 16")
    page.get_by_role("button", name="Previous change").click()
    expect(status).to_have_text("1 of 16")


@pytest.mark.parametrize("script", [True, False])
def test_what_stays_within_a_long_clause_is_folded_and_opens(
    script: bool, sites: dict[str, str], new_page: NewPage
) -> None:
    page = new_page(viewport=PHONE, java_script_enabled=script)
    page.goto(sites["long"] + "privacy/redline/1.38..1.39/")
    folded = page.locator(".if-clause--changed details.if-same").first
    expect(folded.locator("summary")).to_have_text("3 paragraphs without changes")
    expect(folded.locator("p").first).to_be_hidden()
    folded.locator("summary").click()
    expect(folded.locator("p").first).to_be_visible()


def test_without_script_links_lead_to_each_mark_and_from_mark_to_mark(sites: dict[str, str], new_page: NewPage) -> None:
    page = new_page(viewport=PHONE, java_script_enabled=False)
    page.goto(sites["broad"] + "privacy/redline/1.0..1.2/")
    page.locator(".if-list > summary").click()
    changed = [page.locator(f"#clause-{place}--change-{number}") for place in (2, 3) for number in (1, 2)]
    listed = page.locator(".if-leads a")
    expect(listed).to_have_count(len(changed))
    for link, mark in zip(listed.all(), changed, strict=True):
        link.click()
        expect(mark).to_be_in_viewport()
    page.locator("#clause-3").locator(".redline-step").get_by_role("link", name="Previous").click()
    expect(changed[2]).to_be_in_viewport()
    page.locator("#clause-3").locator(".redline-step").get_by_role("link", name="Next").click()
    expect(changed[3]).to_be_in_viewport()


def test_of_many_versions_any_day_is_found(sites: dict[str, str], new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{sites['long']}privacy/on/?date=2026-03-04")
    said = page.locator("form [role=status]")
    expect(said).to_contain_text("Version 1.2, what has changed since (from 4 March 2026")
    said.get_by_role("link", name="Version 1.2", exact=True).click()
    expect(page.locator("h1")).to_contain_text("version 1.2")
    page.goto(f"{sites['long']}privacy/on/")
    page.locator("input[type=date]").fill("1999-01-01")
    expect(said).to_contain_text("1999-01-01: None: nothing was in force (from the beginning until 2 March 2026")


def test_of_many_versions_those_that_are_not_composed_are_told_of(sites: dict[str, str], new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{sites['long']}privacy/compare/?from=1.12&to=1.39")
    said = page.locator(".if-compare > [role=status]")
    expect(said).to_contain_text("This page compares the newest versions.")
    said.get_by_role("link", name="what has changed since version 1.12").click()
    expect(page.locator("h1")).to_contain_text("what has changed since version 1.12")
    page.goto(f"{sites['long']}privacy/compare/?from=2026-03-14&to=1.39")
    said.get_by_role("link", name="which version applied on 2026-03-14").click()
    expect(page.locator("form [role=status]")).to_contain_text(
        "Version 1.12, what has changed since (from 14 March 2026"
    )


def test_what_many_versions_said_is_folded(sites: dict[str, str], new_page: NewPage) -> None:
    page = new_page(viewport=PHONE)
    page.goto(sites["long"] + "privacy/since/1.3/")
    expect(page.locator(".if-steps > summary")).to_have_text("What 36 versions said of it")
    expect(page.locator(".if-steps .if-summary").first).to_be_hidden()
    page.goto(sites["long"] + "privacy/compare/?from=1.18&to=1.35")
    expect(page.locator(".if-composed .if-steps > summary")).to_have_text("What 17 versions said of it")


def test_any_two_wordings_of_a_clause_stand_side_by_side(sites: dict[str, str], new_page: NewPage) -> None:
    page = new_page(viewport=WIDE)
    page.goto(sites["long"] + "privacy/clauses/clause-3/")
    page.locator("select[name=left]").select_option("1.18")
    page.locator("select[name=right]").select_option("1.34")
    columns = page.locator(".if-wordings > div")
    expect(columns).to_have_count(2)
    expect(columns.nth(0)).to_contain_text("in the words of version 18.")
    expect(columns.nth(1)).to_contain_text("in the words of version 34.")
    page.get_by_role("link", name="Their redline").click()
    expect(page.locator(".if-composed h2").first).to_have_text("From version 1.18 to 1.34")


class Reader:
    """Somebody with a phone, at the policy's address, whose taps are counted. Scrolling is free."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.taps = page, 0
        page.goto(f"{address}privacy/")

    def tap(self, target: Locator) -> None:
        """Tap what can be seen."""
        expect(target).to_be_visible()
        target.click()
        self.taps += 1


@pytest.fixture(params=[True, False], ids=["with script", "without"])
def reader(request: pytest.FixtureRequest, sites: dict[str, str], new_page: NewPage) -> Reader:
    return Reader(new_page(viewport=PHONE, java_script_enabled=request.param), sites["long"])


def test_what_applied_on_a_day_is_found_in_three_taps(reader: Reader) -> None:
    reader.tap(reader.page.get_by_role("link", name="On another day"))
    reader.tap(reader.page.get_by_role("link", name="2026", exact=True))
    begins = reader.page.locator("td:first-child time[datetime^='2026-03-09']")
    row = reader.page.locator(".if-periods tr", has=begins)
    reader.tap(row.get_by_role("link", name="Version 1.7", exact=True))
    expect(reader.page.locator("h1")).to_contain_text("version 1.7")
    assert reader.taps <= 3


def test_what_changed_since_mine_is_found_in_two_taps(reader: Reader) -> None:
    """Of the newest twelve the policy's own page says it; of any other, the list of all."""
    reader.tap(reader.page.get_by_role("link", name="Compare", exact=True))
    reader.tap(reader.page.get_by_role("link", name="What has changed since version 1.3", exact=True))
    expect(reader.page.locator("h1")).to_contain_text("what has changed since version 1.3")
    assert reader.taps <= 2


def test_a_message_when_it_changes_is_two_taps_away(reader: Reader) -> None:
    link = reader.page.get_by_role("link", name="Subscribe")
    expect(link).to_be_visible()
    feed = reader.page.request.get(link.evaluate("each => each.href"))
    assert feed.ok
    assert b"<feed" in feed.body()


def test_what_a_clause_says_and_said_before_is_found_in_two_taps(reader: Reader) -> None:
    reader.tap(reader.page.get_by_role("link", name="History of this clause: Clause number 7"))
    expect(reader.page.locator("h1")).to_contain_text("Clause number 7")
    expect(reader.page.locator("#text ~ .if-text").first).to_contain_text("in the words of version 38.")
    expect(reader.page.locator(".if-step del").first).to_contain_text("30")
    assert reader.taps <= 2


def test_a_copy_is_kept_in_two_taps(reader: Reader) -> None:
    with reader.page.expect_download() as kept:
        reader.tap(reader.page.get_by_role("link", name="A copy to keep"))
    assert kept.value.suggested_filename == "privacy-1.39.txt"
    assert reader.taps <= 2
