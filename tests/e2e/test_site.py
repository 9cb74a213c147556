"""The shipped site as readers get it: behind a real server in a subpath, in a real browser, with and without script."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from adapters.sites import content_security
from e2e.accessibility import EVERY_TEXT, dress
from e2e.webserver import NOTHING_TO_SEARCH

PAGES = [
    "",
    "privacy/",
    "privacy/versions/",
    "privacy/on/",
    "privacy/on/?date=2026-11-30",
    "privacy/2/",
    "privacy/1.0/",
    "privacy/2.0/",
    "privacy/redline/1.1..2.0/",
    "privacy/redline/1.0..2.0/",
    "privacy/since/1.0/",
    "privacy/compare/",
    "privacy/compare/?from=1.0&to=2.0",
    "privacy/clauses/amendments/",
    "privacy/clauses/preamble/",
    "help/reading/",
    "help/session/",
    "help/editing/",
    "help/records/",
    "help/importing/",
    "help/checks/",
    "help/storefront/",
    "help/decision/",
    "help/backend/",
    "help/building/",
    "help/serving/",
    "help/auditing/",
    "storefront/",
    "help/formats/",
]
MORE_OF_A_KIND = (
    *("privacy/2.0/", "privacy/redline/1.1..2.0/", "privacy/clauses/preamble/", "help/session/", "help/importing/"),
    *("help/backend/", "help/building/", "help/serving/", "help/auditing/"),
)
"""Pages with nothing that others do not have: every night axe looks at them, too."""
LOOKED_AT_TWICE = (
    *("", "privacy/", "privacy/versions/", "privacy/1.0/", "privacy/redline/1.0..2.0/", "privacy/compare/"),
    *("privacy/clauses/amendments/", "storefront/", "help/checks/"),
)
"""One page of each look: those of the others are made of the same."""
ONE_OF_EACH_DEPTH = ("", "privacy/", "privacy/1.0/", "privacy/redline/1.1..2.0/", "no-such-page")
PHONE: ViewportSize = {"width": 360, "height": 740}
WIDE: ViewportSize = {"width": 1280, "height": 900}
AS_OF = "2026-12-01T00:00:00+08:00"

NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def folder(repo_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped site, built as of 1 December 2026 for a subpath."""
    project = tmp_path_factory.mktemp("shipped")
    for name in ("docs", "policy", "versions"):
        shutil.copytree(repo_root / name, project / name)
    settings = (repo_root / "mkdocs.yml").read_text(encoding="utf-8")
    assert "  - inforce\n" in settings
    settings = settings.replace("  - inforce\n", f'  - inforce: {{as_of: "{AS_OF}"}}\n')
    settings = settings.replace("https://policies.example/", "https://shop.example/legal/")
    (project / "mkdocs.yml").write_text(settings, encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return project / "site"


def served(folder: Path, serve: Callable[..., str], rules: str = "") -> str:
    allowed = content_security(folder)
    return serve(folder, at="/legal/", rules=f'add_header Content-Security-Policy "{allowed}";{rules}')


@pytest.fixture(scope="module")
def site(folder: Path, serve: Callable[..., str]) -> str:
    """The site's address, where nothing is searched."""
    return served(folder, serve, NOTHING_TO_SEARCH)


@pytest.fixture(scope="module")
def searchable(folder: Path, serve: Callable[..., str]) -> str:
    """The site's address, all of it."""
    return served(folder, serve)


@pytest.fixture
def new_page(used_page: NewPage) -> NewPage:
    """These tests only read."""
    return used_page


@pytest.fixture
def faults(page: Page) -> Iterator[list[str]]:
    """What goes wrong in scripts on the page, and which of our files do not come."""
    found: list[str] = []
    listeners: dict[str, Callable[[Any], None]] = {
        "pageerror": lambda error: found.append(str(error)),
        "requestfailed": lambda request: found.append(request.url) if "inforce" in request.url else None,
    }
    for event, note in listeners.items():
        page.on(event, note)
    yield found
    for event, note in listeners.items():
        page.remove_listener(event, note)


def test_axe_finds_nothing_and_nothing_fails_or_is_forbidden(
    site: str, page: Page, axe: Callable[..., list[str]], faults: list[str],
    outside_requests: list[str], violations: list[str],
) -> None:  # fmt: skip
    """By day, a page of each kind; on a phone and by night, too, one of each look.

    A page is opened once, and follows the reader's wish.
    """
    for path in PAGES:
        page.set_viewport_size(WIDE)
        page.goto(site + path)
        if EVERY_TEXT or path not in MORE_OF_A_KIND:
            assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= WIDE["width"], path
        page.set_viewport_size(PHONE)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        if path in LOOKED_AT_TWICE:
            assert axe(page, colours=False) == [], path
            page.set_viewport_size(WIDE)
            page.emulate_media(color_scheme="dark")
            expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
            dress(page, color_scheme="dark")
            assert axe(page, colours=True) == [], path
            page.emulate_media(color_scheme="light")
        assert outside_requests == violations == faults == [], path


@pytest.mark.parametrize("path", ONE_OF_EACH_DEPTH)
def test_the_search_is_found_and_nothing_of_it_fails_or_is_forbidden(
    path: str, searchable: str, page: Page, violations: list[str], faults: list[str]
) -> None:
    page.goto(searchable + path)
    search, found = page.get_by_role("textbox", name="Search"), page.locator(".md-search-result__meta")
    search.focus()
    expect(found).to_have_text("Type to start searching")
    search.press_sequentially("cookies")
    expect(found).to_contain_text("matching documents")
    assert violations == faults == []


def test_markup_that_came_through_would_not_run(site: str, page: Page, violations: list[str]) -> None:
    page.goto(site + "privacy/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x:y onerror=alert(1)>')")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'alert(2)'}))")
    page.reload()  # by then everything was told
    for what in ("inline event handler", "inline script", "loading the image"):
        assert any(what in violation.lower() for violation in violations), what


def test_everything_is_readable_without_javascript(site: str, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(site + "privacy/")
    assert page.locator(".if-status").first.inner_text().startswith("Version 1.1. In force from 23 November 2026")
    page.get_by_role("link", name="See what changes").click()
    folded = page.locator("details.if-clause--unchanged").first
    assert not folded.get_by_text("goExW is a shop run by eCommClouds").is_visible()
    folded.locator("summary").click()
    assert folded.get_by_text("goExW is a shop run by eCommClouds").is_visible()
    assert page.locator("#amendments ins").count() > 0


def test_without_javascript_nothing_is_wider_than_a_phone(site: str, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 360, "height": 740})
    for path in PAGES:
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_wherever_a_line_ends_a_policy_is_no_wider_than_the_screen(site: str, page: Page) -> None:
    """Where the lines of headings end hangs on their words, on the font, and on the width."""
    page.goto(site + "privacy/")
    sizes: list[ViewportSize] = [{"width": width, "height": 740} for width in range(320, 432, 4)]
    for size in sizes:
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], size


def test_a_permanent_link_leads_to_its_clause(site: str, page: Page) -> None:
    page.goto(site + "privacy/1.1/#your-options")
    heading = page.locator("h2#your-options")
    assert "Your options" in heading.inner_text()
    box = heading.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 200


def test_the_ledger_file_is_served_as_text_and_checks(site: str) -> None:
    manifest = json.load(urllib.request.urlopen(site + "policy-manifest.json"))
    row = manifest["documents"]["privacy"]["versions"][0]
    with urllib.request.urlopen(site + row["text"]) as answer:
        data = answer.read()
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    page = urllib.request.urlopen(site + row["url"]).read().decode()
    assert hashlib.sha256(data).hexdigest() in page


def test_marks_survive_print_and_forced_colours(site: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(site + "privacy/redline/1.0..1.1/")
    style = "(element, name) => getComputedStyle(element, name)"
    inserted = page.locator(".if-clause--changed ins").first
    page.emulate_media(media="print")
    assert inserted.evaluate(f"element => ({style})(element, '::before').content") == '"[+"'
    assert page.locator(".redline-say").first.evaluate(f"element => ({style})(element).display") == "none"
    page.emulate_media(media="screen", forced_colors="active")
    assert "underline" in inserted.evaluate(f"element => ({style})(element).textDecorationLine")
    deleted = page.locator(".if-clause--changed del").first
    assert "line-through" in deleted.evaluate(f"element => ({style})(element).textDecorationLine")


@pytest.mark.parametrize("pair", ["redline/1.0..1.1", "redline/1.0..2.0", "redline/1.1..2.0", "since/1.0", "since/1.1"])
def test_the_first_changed_clause_begins_on_a_phones_first_screen(pair: str, site: str, new_page: NewPage) -> None:
    page = new_page(viewport={"width": 360, "height": 640})
    page.goto(f"{site}privacy/{pair}/")
    heading, bar = page.locator(".if-clause--changed h2").first.bounding_box(), page.locator(".if-reach").bounding_box()
    assert heading is not None
    assert bar is not None
    assert heading["y"] + heading["height"] <= bar["y"]


def test_the_bar_at_the_screens_edge_hides_no_link_that_has_the_keyboard(site: str, new_page: NewPage) -> None:
    page = new_page(viewport={"width": 360, "height": 640})
    page.goto(f"{site}privacy/redline/1.0..2.0/")
    for link in page.locator(".if-text a:visible").all()[:8]:
        page.evaluate("scrollTo(0, 0)")
        link.focus()
        box, bar = link.bounding_box(), page.locator(".if-reach").bounding_box()
        assert box is not None
        assert bar is not None
        assert box["y"] + box["height"] <= bar["y"]


def test_a_redline_leads_from_change_to_change(site: str, page: Page) -> None:
    page.goto(site + "privacy/redline/1.0..1.1/")
    changed = page.locator(".if-clause--changed")
    ids = changed.evaluate_all("all => all.map(each => each.id)")
    assert len(ids) > 2
    for place, here in enumerate(ids):
        links = page.locator(f'[id="{here}"] a:has-text("change:")').evaluate_all(
            "all => all.map(each => each.getAttribute('href'))"
        )
        assert links == [f"#{ids[at]}" for at in (place - 1, place + 1) if 0 <= at < len(ids)]


def test_a_redline_without_what_did_not_change_and_with_marks_unsaid(site: str, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(site + "privacy/redline/1.0..1.1/")
    folded = page.locator(".if-clause--unchanged").first
    said = page.locator(".if-clause--changed ins .redline-say").first
    assert folded.is_visible()
    page.get_by_text("View", exact=True).click()
    page.get_by_label("Left out").check()
    assert not folded.is_visible()
    page.emulate_media(media="print")
    assert folded.is_visible()
    page.emulate_media(media="screen")
    hidden = "element => getComputedStyle(element).display === 'none'"
    assert not said.evaluate(hidden)
    page.get_by_label("Leave the marks unsaid by screen readers").check()
    assert said.evaluate(hidden)


def test_old_beside_new_where_there_is_room(site: str, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    page.goto(site + "privacy/redline/1.0..1.1/")
    one, two = page.locator(".if-inline").first, page.locator(".if-beside").first
    assert (one.is_visible(), two.is_visible()) == (True, False)
    page.get_by_text("View", exact=True).click()
    page.get_by_label("Side by side").check()
    assert (one.is_visible(), two.is_visible()) == (False, True)
    page.emulate_media(media="print")
    assert (one.is_visible(), two.is_visible()) == (True, False)
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 360, "height": 740})
    assert (one.is_visible(), two.is_visible()) == (True, False)
    assert not page.get_by_label("Side by side").is_visible()  # it would do nothing


def test_screen_readers_hear_the_marks(site: str, page: Page) -> None:
    page.goto(site + "privacy/redline/1.0..1.1/")
    assert page.locator(".if-clause--changed ins .redline-say").first.inner_text().strip() == "inserted:"
    box = page.locator(".if-clause--changed ins .redline-say").first.bounding_box()
    assert box is not None
    assert box["width"] <= 1


@pytest.mark.parametrize(
    ("agreed", "day", "told", "heading"),
    [
        ("1.0", "2027-02-01", "They are asked to look again.", "Our policies have changed"),
        ("1.0", "2026-12-02", "They are told what is coming.", "Our policies are going to change"),
        ("", "2027-02-01", "They are asked to read it for the first time.", "Please read our policies"),
        ("2.0", "2027-02-01", "They see nothing: all is well.", None),
    ],
)
def test_a_visitor_sees_what_a_customer_would(
    agreed: str, day: str, told: str, heading: str | None, site: str, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    page.goto(f"{site}storefront/")
    page.get_by_label("The customer last agreed to").select_option(agreed)
    page.get_by_label("Today is").fill(day)
    page.get_by_role("button", name="Show what the customer sees").click()
    expect(page.locator("#demo-told")).to_have_text(told)
    dialog = page.get_by_role("dialog", name=heading) if heading else page.locator("dialog.policy-review")
    expect(dialog).to_have_count(1 if heading else 0)
    assert axe(page) == []
    if heading:
        dialog.get_by_role("button", name="I have read this").click()
        expect(page.locator("#demo-told")).to_have_text("They see nothing: all is well.")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('policy-review'))") == []


def test_the_snippets_name_what_this_build_publishes(site: str) -> None:
    with urllib.request.urlopen(f"{site}storefront/") as answer:
        text = html.unescape(re.sub(r"<[^>]+>", "", answer.read().decode()))
    named = dict(re.findall(r'/storefront/([\w./-]+)"(?::| crossorigin\s+integrity=) ?"(sha256-[^"]+)"', text))
    assert set(named) == {"policy-review.js", "policy-review-dialog.js", "texts/de.js", "texts/ar.js"}
    for name, value in named.items():
        with urllib.request.urlopen(f"{site}storefront/{name}") as answer:
            digest = base64.b64encode(hashlib.sha256(answer.read()).digest()).decode()
        assert value == f"sha256-{digest}", name
