"""The site of `inforce build` in a browser: for everybody, under the policy that it asks for, and its search."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from adapters.commands import announced
from adapters.sites import content_security
from e2e.accessibility import dress
from e2e.conftest import NewPage, Serve

PAGES = ("", "privacy/", "privacy/1.0/", "privacy/redline/1.0..2.0/", "privacy/since/1.0/", "privacy/on/", "404.html")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("own")
    announced(root).run("build", "--site-name", "Shop", "--site-url", "https://shop.example/")
    return root / "site"


@pytest.fixture(scope="module")
def site(folder: Path, serve: Serve) -> str:
    return serve(folder, rules=f'add_header Content-Security-Policy "{content_security(folder)}" always;')


@pytest.fixture
def new_page(used_page: NewPage) -> NewPage:
    """These tests only read."""
    return used_page


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_nothing_is_too_wide_and_it_does_nothing_that_it_forbids(
    path: str, site: str, page: Page, axe: Callable[..., list[str]], violations: list[str]
) -> None:
    """On a phone, on a wide screen, and by night."""
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(site + path)
    expect(page.get_by_role("search")).to_be_visible()  # its scripts ran
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 800})
    assert axe(page, colours=False) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    dress(page, color_scheme="dark")
    assert axe(page, colours=True) == []
    assert violations == []


def test_the_search_finds_a_clause_by_its_words(
    site: str, page: Page, violations: list[str], axe: Callable[[Page], list[str]]
) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{site}privacy/1.0/")
    page.get_by_role("searchbox").fill("Basket COOKIES")
    found = page.get_by_role("region", name="What was found")
    expect(found.get_by_role("status")).to_have_text("1 clause found.")
    expect(found.get_by_role("listitem")).to_contain_text("one for the basket")
    assert violations == []
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    found.get_by_role("link").click()
    expect(page).to_have_url(f"{site}privacy/#cookies")


def test_without_script_there_is_no_search(site: str, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{site}privacy/")
    expect(page.get_by_role("searchbox")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_keyboard_goes_straight_to_the_text(site: str, page: Page) -> None:
    page.goto(f"{site}privacy/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_paper_has_the_text_alone(site: str, page: Page) -> None:
    page.goto(f"{site}privacy/")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text("We set two cookies.")
