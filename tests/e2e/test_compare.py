"""Any two versions compared in a real browser, under the site's own Content-Security-Policy and Trusted Types."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Locator, Page, expect

from adapters import projects
from adapters.sites import build_site, content_security
from inforce.model import Severity
from inforce_client.review import prepare, review_state

VERSIONS = 15
THEME = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ page.title }}</title>'
    '<meta name="viewport" content="width=device-width">'
    '{% for file in config.extra_css %}<link rel="stylesheet" href="{{ file | url }}">{% endfor %}</head>'
    "<body><main>{{ page.content }}</main>"
    '{% for file in config.extra_javascript %}<script src="{{ file | url }}"></script>{% endfor %}</body></html>'
)
"""No script but ours, so that Trusted Types can be asked of all."""

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1.0 on 2 March 2026 and a version a day; 1.7 is withdrawn by none, and each changes cookies or contact."""
    root = tmp_path_factory.mktemp("compare")
    projects.write_policy(root)
    projects.publish(root)
    for place in range(1, VERSIONS):
        clause = "contact" if place % 3 == 0 else "cookies"
        see = " See [contact](#contact)." if clause == "cookies" else ""
        projects.edit(root, clause, f"## {clause.title()}\n\nWe have {place} <b>&amp;</b> more.{see}")
        at = projects.ANNOUNCED + timedelta(days=place)
        projects.publish(root, at=at, severity=Severity.NOTICE, summary=f"Now {place}.")
    projects.write_site(root, options='as_of: "2026-04-01T00:00:00Z"')
    (root / "theme").mkdir()
    (root / "theme/main.html").write_text(THEME, encoding="utf-8")
    lines = (root / "mkdocs.yml").read_text(encoding="utf-8")
    (root / "mkdocs.yml").write_text(lines.replace("{name: mkdocs}", "{name: null, custom_dir: theme}"), "utf-8")
    return build_site(root)


@pytest.fixture(scope="session")
def address(serve: Callable[..., str], site: Path) -> str:
    allowed = f"{content_security(site)}; require-trusted-types-for 'script'; trusted-types 'none'"
    return serve(site, rules=f'add_header Content-Security-Policy "{allowed}";')


@pytest.fixture
def new_page(used_page: NewPage) -> NewPage:
    """These tests only read."""
    return used_page


def told(composed: Locator) -> dict[str, tuple[str, list[str]]]:
    """For each clause of a list of changes its grade and its notes."""
    rows = {}
    for row in composed.locator(".if-changes > li").all():
        clause = (row.locator("a").first.get_attribute("href") or "").removeprefix("#")
        notes = row.locator(".if-severity ~ bdi").all_text_contents()
        rows[clause] = (row.locator(".if-severity").text_content() or "", notes)
    return rows


@pytest.mark.parametrize(("older", "newer"), [("1.0", "1.14"), ("1.2", "1.13"), ("1.11", "1.13"), ("1.3", "1.4")])
def test_any_pair_is_composed_as_a_shop_tells_it(
    older: str, newer: str, page: Page, address: str, site: Path, violations: list[str]
) -> None:
    page.goto(f"{address}privacy/compare/?from={older}&to={newer}")
    composed = page.locator(".if-composed")
    expect(composed.locator("h2").first).to_have_text(f"From version {older} to {newer}")
    manifest = json.loads((site / "privacy/policy-manifest.json").read_bytes())
    document = manifest["documents"]["privacy"]
    numbers = [row["version"] for row in document["versions"]]
    document["versions"] = document["versions"][: numbers.index(newer) + 1]
    row = document["versions"][numbers.index(older)]
    record = {
        "id": "1", "document": "privacy", "version": older, "digest": row["digest"],
        "action": "accepted", "at": row["announced_at"],
    }  # fmt: skip
    shop = review_state(prepare(manifest), "privacy", [record], datetime(2026, 4, 1, tzinfo=UTC))["changes"]
    assert told(composed) == {each["clause"]: ("Worth knowing", each["notes"]) for each in shop}
    between = [row["summary"] for row in document["versions"][numbers.index(older) + 1 :]]
    assert composed.locator(".if-summary bdi, .if-short").all_text_contents() == between
    clauses = page.request.get(f"{address}privacy/{newer}/").text()
    every = html.fromstring(clauses).xpath("//section[contains(@class, 'if-clause')]/descendant-or-self::*[@id][1]/@id")
    shown = composed.locator(".if-text .if-clause").evaluate_all("all => all.map((each) => each.id)")
    assert [each for each in shown if each in every] == every, "the whole text, in its order"
    assert {*shown} == {*every, *told(composed)}
    for link in composed.locator(".if-changes a, .if-text a[href]").all():
        href = link.get_attribute("href") or ""
        if href.startswith("#"):
            assert page.locator(f"[id='{href[1:]}']").count() == 1
        else:
            assert page.request.get(page.evaluate("(href) => new URL(href, location.href).href", href)).ok
    assert violations == []


def test_versions_are_chosen_by_number_or_by_day(page: Page, address: str) -> None:
    page.goto(f"{address}privacy/compare/")
    form, heading = page.locator("form[data-inforce-compare]"), page.locator(".if-composed h2").first
    expect(form).to_be_visible()
    expect(heading).to_be_hidden()
    form.locator("select[name=from]").select_option("1.2")
    expect(heading).to_have_text("From version 1.2 to 1.14")
    form.locator("input[name=to-day]").fill("2026-03-14")
    expect(heading).to_have_text("From version 1.2 to 1.12")
    assert page.url.endswith("?from=1.2&to=2026-03-14")
    page.reload()
    expect(heading).to_have_text("From version 1.2 to 1.12")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=1.14&to=1.2", "Below: from version 1.2 to 1.14."),
        ("from=1.2&to=1.2", "Both are version 1.2."),
        ("from=9.9&to=1.2", "No such version was published"),
        ("from=1999-01-01&to=1.2", "none was in force on that day"),
        ("from=%3Cb%3E&to=1.2", "No such version"),
    ],
)
def test_what_is_asked_is_answered(query: str, said: str, page: Page, address: str, violations: list[str]) -> None:
    page.goto(f"{address}privacy/compare/?{query}")
    expect(page.locator(".if-compare > [role=status]")).to_contain_text(said)
    assert violations == []


def test_where_the_pieces_are_not_there_it_leads_to_what_is(
    new_page: NewPage, address: str, missing: list[str]
) -> None:
    page = new_page()
    page.route("**/compare/1.2.html", lambda route: route.fulfill(status=404, body="gone"))
    page.goto(f"{address}privacy/compare/?from=1.2&to=1.14")
    link = page.locator(".if-compare > [role=status] a")
    expect(link).to_have_attribute("href", "../since/1.2/")
    assert [each.partition(" ")[0] for each in missing] == ["404"]
    missing.clear()


def test_a_composed_pair_stands_side_by_side_as_on_its_page(new_page: NewPage, address: str) -> None:
    page = new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{address}privacy/redline/1.13..1.14/")
    written = page.locator(".if-beside").all_text_contents()
    page.goto(f"{address}privacy/compare/?from=1.13&to=1.14")
    one, two = page.locator(".if-composed .if-inline").first, page.locator(".if-composed .if-beside")
    expect(one).to_be_visible()
    page.get_by_text("View", exact=True).click()
    page.get_by_label("Side by side").check()
    expect(two.first).to_be_visible()
    expect(one).to_be_hidden()
    assert [each.split() for each in two.all_text_contents()] == [each.split() for each in written]


def test_without_script_a_table_leads_to_every_page_of_changes(new_page: NewPage, address: str) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{address}privacy/compare/?from=1.2&to=1.14")
    expect(page.locator("form[data-inforce-compare]")).to_be_hidden()
    rows = page.locator("tr[data-inforce-version]")
    expect(rows).to_have_count(VERSIONS)
    assert page.locator("a[data-inforce-from]").count() == 66 + VERSIONS - 12
    assert page.locator("a[data-inforce-since]").count() == VERSIONS - 1
    for link in page.locator("table a").all():
        href = link.get_attribute("href") or ""
        assert page.request.get(f"{address}privacy/compare/{href}").ok, href


@pytest.mark.parametrize("width", [360, 1280])
def test_it_is_accessible_and_no_wider_than_the_screen(
    width: int, new_page: NewPage, address: str, axe: Callable[[Page], list[str]]
) -> None:
    page = new_page(viewport={"width": width, "height": 800})
    page.goto(f"{address}privacy/compare/?from=1.2&to=1.13")
    expect(page.locator(".if-composed h2").first).to_be_visible()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
