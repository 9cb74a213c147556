"""The rehearsal as a page, in a browser: for everybody, on a phone, and with nothing loaded from elsewhere."""

from __future__ import annotations

import pytest

from adapters.commands import MORE, released

NOTED = '---\nseverity: "material"\nnote: "One more cookie."\n---\n'


@pytest.fixture
def address(tmp_path, serve) -> str:
    project = released(tmp_path / "project")
    project.edit("cookies", NOTED + MORE)
    project.run("rehearse", "--format", "html", "-o", str(tmp_path / "site" / "index.html"))
    return serve(tmp_path / "site")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong(new_page, axe, address, outside_requests, scheme):
    page = new_page(color_scheme=scheme)
    page.goto(address)
    assert axe(page) == []
    assert outside_requests == []


def test_it_fits_a_phone(new_page, address):
    page = new_page(viewport={"width": 360, "height": 700})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("table").is_visible()
    assert page.locator("ins", has_text="three").first.is_visible()
