"""A site that nobody builds again, read as time goes by: what it says holds, and its script says what is so now."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from adapters import projects
from adapters.commands import Terminal
from adapters.sites import build_site, content_security
from e2e.patient_pages import set_clock
from e2e.webserver import NOTHING_TO_SEARCH
from inforce.model import EventKind, Severity
from patience import eventually

KINDS = [
    "",
    "privacy/",
    "privacy/versions/",
    "privacy/on/",
    "privacy/2/",
    "privacy/1.0/",
    "privacy/2.0/",
    "privacy/2.1/",
    "privacy/redline/1.0..2.0/",
    "privacy/redline/2.0..2.1/",
    "privacy/since/1.0/",
    "privacy/since/2.1/",
    "privacy/clauses/cookies/",
    "privacy/compare/",
]
MOMENTS = [
    ("2026-03-02T09:00:00Z", "1.0"),
    ("2026-04-30T21:59:59Z", "1.0"),
    ("2026-04-30T22:00:00Z", "2.0"),
    ("2026-09-30T21:59:59Z", "2.0"),
    ("2026-09-30T22:00:00Z", "2.1"),
    ("2031-01-01T00:00:00Z", "2.1"),
]
"""Each boundary, from both sides, and the version that is in force."""
NOTES = """() => {
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility());
  return shown(".if-now").map((note) => ({
    said: note.textContent.trim().replace(/\\s+/g, " "),
    leads: note.classList.contains("if-now--own") ? null : note.querySelector("a")?.href.split("#")[0] ?? "nowhere",
    names: shown(".if-status, h1").map(({innerText}) => innerText).join("\\n"),
  }));
}"""
"""What a page says of today, where that leads unless it is of the page itself, and which version the page names."""

NewPage = Callable[..., Page]


def write(root: Path) -> None:
    """2.0 takes effect on 1 May 2026 and 2.1 on 1 October, both announced beside 1.0 on 2 March."""
    projects.two_versions(root)
    projects.edit(root, "cookies", "## Cookies\n\nWe set **four** cookies.")
    projects.publish(root, effective=date(2026, 10, 1), severity=Severity.NOTICE)
    projects.write_site(root, theme="material", options='as_of: "2026-03-03T00:00:00Z"')
    (root / "docs/index.md").write_text("# Shop\n\n<!-- inforce: policies -->\n", encoding="utf-8")


@pytest.fixture(scope="session", params=["MkDocs", "ours"])
def address(request: pytest.FixtureRequest, serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The site as either layout builds it."""
    root = tmp_path_factory.mktemp("once")
    write(root)
    if request.param == "MkDocs":
        site = build_site(root)
    else:
        Terminal(root).run("build")
        site = root / "site"
    allowed = content_security(site)
    return serve(site, rules=f'add_header Content-Security-Policy "{allowed}";{NOTHING_TO_SEARCH}')


@pytest.fixture
def page(used_page: NewPage) -> Page:
    """Where no clock is set, a test only reads."""
    return used_page()


@pytest.fixture
def visits(new_page: NewPage) -> Iterator[Callable[[str], Page]]:
    def at(moment: str) -> Page:
        page = new_page()
        set_clock(page, moment)
        return page

    return at


def see_what_is_in_force(page: Page, address: str, number: str) -> None:
    """The page shown says it once, of itself or with a link to the text."""

    def told() -> bool:
        notes = page.evaluate(NOTES)
        return len(notes) == 1 and any(
            notes[0]["said"] == said and notes[0]["leads"] == leads and (leads or number in notes[0]["names"])
            for said, leads in wanted.items()
        )

    wanted = {
        "This is in force today.": None,
        f"Today version {number} is in force: read it.": f"{address}privacy/{number}/",
    }
    assert eventually(told), (page.evaluate(NOTES), number)


@pytest.mark.parametrize(("moment", "number"), MOMENTS)
def test_a_page_says_what_is_in_force_now(
    moment: str, number: str, address: str, visits: Callable[[str], Page], violations: list[str]
) -> None:
    page = visits(moment)
    page.goto(f"{address}privacy/")
    see_what_is_in_force(page, address, number)
    page.goto(f"{address}privacy/{number}/")  # where it leads
    expect(page.locator("h1")).to_contain_text(f"version {number}")
    expect(page.locator(".if-now:visible")).to_have_text("This is in force today.")
    assert violations == []


def test_each_kind_of_page_says_so_too_and_over_each_boundary_when_it_is_seen_again(
    address: str, visits: Callable[[str], Page], violations: list[str]
) -> None:
    page = visits(MOMENTS[0][0])
    for kind in KINDS:
        page.clock.set_fixed_time(MOMENTS[0][0])
        page.goto(address + kind)
        for moment, number in MOMENTS:
            page.clock.set_fixed_time(moment)
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
            see_what_is_in_force(page, address, number)
    assert violations == []


def test_without_script_every_page_tells_dates_alone(address: str, used_page: NewPage) -> None:
    page = used_page(java_script_enabled=False)
    for kind in KINDS:
        page.goto(address + kind)
        expect(page.locator(".if-now:visible")).to_have_count(0)
        said = page.locator(".if-policy").first.inner_text()
        dated = page.locator(".if-status, .if-version__period, .if-periods").filter(has_text="2026")
        assert dated.count(), kind
        for undated in ("not yet", "Not yet", "today", "Today", "in force since", "is in force"):
            assert undated not in said, (kind, undated)


def test_a_retired_policy_says_so_with_and_without_script(
    serve: Callable[..., str], tmp_path: Path, used_page: NewPage, visits: Callable[[str], Page]
) -> None:
    write(tmp_path)
    projects.happen(tmp_path, EventKind.RETIRE, datetime(2026, 6, 1, tzinfo=UTC), reason="The shop has closed.")
    address = serve(build_site(tmp_path), rules=NOTHING_TO_SEARCH)
    page = visits("2026-06-01T00:00:00Z")
    for kind in KINDS:
        page.goto(address + kind)
        expect(page.locator(".if-now:visible")).to_have_text(
            "Today no version is in force: the policy ended on 1 June 2026."
        )
    page = used_page(java_script_enabled=False)
    page.goto(f"{address}privacy/2.0/")
    expect(page.locator(".if-status").first).to_contain_text("This policy was retired on 1 June 2026")


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2026-05-03", "2026-05-03: Version 2.0, what has changed since (from 1 May 2026 until 1 October 2026)."),
        ("2026-09-30", "2026-09-30: Version 2.0, what has changed since (from 1 May 2026 until 1 October 2026)."),
        ("2031-01-01", "2031-01-01: Version 2.1 (from 1 October 2026 until further notice)."),
        ("2020-01-01", "None: nothing was in force (from the beginning until 2 March 2026, 10:00"),
        ("2026-03-02", "; then Version 1.0, what has changed since (from 2 March 2026, 10:00"),
    ],
)
def test_a_day_leads_to_the_text_that_applied(day: str, told: str, address: str, page: Page) -> None:
    page.goto(f"{address}privacy/on/?date={day}")
    expect(page.get_by_role("status").filter(has_text=day)).to_contain_text(told)
    expect(page.get_by_label("Day")).to_have_value(day)


def test_a_chosen_day_is_told_and_can_be_linked_to(address: str, page: Page) -> None:
    page.goto(f"{address}privacy/")
    page.get_by_role("link", name="On another day").click()
    said = page.locator(".if-day [role=status]")
    expect(said).to_have_text("")
    page.get_by_label("Day").fill("2026-05-03")
    expect(said).to_contain_text("Version 2.0")
    assert page.url == f"{address}privacy/on/?date=2026-05-03"
    said.get_by_role("link", name="Version 2.0", exact=True).click()
    assert page.url == f"{address}privacy/2.0/"
    page.goto(f"{address}privacy/on/?date=nonsense")
    expect(said).to_have_text("")


def test_without_script_a_table_says_which_version_applied(address: str, used_page: NewPage) -> None:
    page = used_page(java_script_enabled=False)
    page.goto(f"{address}privacy/on/?date=2026-05-03")
    expect(page.get_by_label("Day")).not_to_be_visible()
    expect(page.locator(".if-periods tbody tr")).to_have_count(4)
    expect(page.get_by_role("row").filter(has_text="Version 2.0")).to_contain_text("1 May 2026")


def test_what_a_reader_looks_for_first_is_on_a_phones_first_screen(address: str, used_page: NewPage) -> None:
    page = used_page(viewport={"width": 360, "height": 740})
    page.goto(f"{address}privacy/")
    for name in ("Every version", "On another day", "A copy to keep", "Subscribe"):
        box = page.get_by_role("link", name=name, exact=True).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 740


def test_programs_find_each_version_by_its_instant(address: str) -> None:
    with urllib.request.urlopen(f"{address}privacy/timemap.link") as answer:
        links = answer.read().decode()
    assert links == (
        '<https://shop.example/privacy/>; rel="original",\n'
        '<https://shop.example/privacy/timemap.link>; rel="self"; type="application/link-format"; '
        'from="Mon, 02 Mar 2026 09:00:00 GMT"; until="Wed, 30 Sep 2026 22:00:00 GMT",\n'
        '<https://shop.example/privacy/1.0/>; rel="first memento"; datetime="Mon, 02 Mar 2026 09:00:00 GMT",\n'
        '<https://shop.example/privacy/2.0/>; rel="memento"; datetime="Thu, 30 Apr 2026 22:00:00 GMT",\n'
        '<https://shop.example/privacy/2.1/>; rel="last memento"; datetime="Wed, 30 Sep 2026 22:00:00 GMT"\n'
    )
