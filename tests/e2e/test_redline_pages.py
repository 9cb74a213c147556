"""Redlines as readers get them, with all that can be marked: on a site and alone, from left to right and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from playwright.sync_api import Page

from adapters import projects
from adapters.commands import Terminal
from adapters.sites import AS_OF, build_site
from e2e.accessibility import dress
from e2e.arabic import SAID, WIDTHS
from e2e.webserver import NOTHING_TO_SEARCH
from inforce.model import Severity

NewPage = Callable[..., Page]
REDLINE = "privacy/redline/1.0..2.0/"
LONG = (
    "We keep the data that you give us for as long as you have an account with the shop. After that we delete it "
    "within {} days, but for what the law makes us keep: the invoices, and the proof that you agreed."
)
ASK = (
    "You may ask us at any time what we hold about you, and we shall answer within a month of your question. Where we "
    "refuse, we say why, and to whom you can turn instead."
)
NEVER = "We never sell what you tell us, to anybody at all."
OLD = f"""## Data

{NEVER}

{LONG.format("thirty")} {ASK}

| Data | Why |
|---|---|
| your address for mail | to write to you |
| your name | to greet you |

We lock. See [our shop](https://shop.example/a).

We bolt."""
NEW = f"""## Data

{LONG.format("forty")}

{ASK}

| Data | Why |
|---|---|
| your address for mail | to write to you for a year |
| a telephone number | so that somebody can ring until you tell us to stop |

We lock. See [our shop](https://shop.example/b).

We bolt.

{NEVER}"""
WAYS = """## Contact

We answer:

(a) by mail;

(b) by post.

| Way | Fee | When |
|---|--:|---|
| Cash on delivery | 2 € | within 14 days |"""
MORE_WAYS = """## Contact

We answer:

(a) by mail;

(b) by telephone;

(c) by post.

| Way | Fee | When |
|---|--:|---|
| Cash on delivery | 3 € | within 10 days |
| PayPal | 1 € | at once |"""
ARABIC = {
    "## Data": "## البيانات",
    NEVER: "لا نبيع أبدا ما تخبرنا به لأي أحد على الإطلاق.",
    "We bolt.": "نغلق نوافذنا.",
}


def arabic(text: str) -> str:
    for english, other in ARABIC.items():
        text = text.replace(english, other)
    return text


@pytest.fixture(scope="module")
def site(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A site with a redline in English, and one from right to left; beside it, pages that stand alone."""
    root = tmp_path_factory.mktemp("redlines")
    for document, spelled in ("privacy", str), ("arabic", arabic):
        order = {"preamble": "", "data": "", **projects.CLAUSES}
        clauses = {**order, "data": spelled(OLD)}
        projects.write_policy(root, clauses, document)
        settings = root / f"policy/{document}/policy.yml"
        if document == "arabic":
            settings.write_text(settings.read_text("utf-8").replace('language: "en"', 'language: "ar"'), "utf-8")
        projects.publish(root, document=document)
        projects.edit(root, "data", spelled(NEW), document)
        projects.edit(root, "contact", "## Contact\n\nRing us. See [cookies](#cookies).", document)
        projects.publish(root, document=document, effective=date(2026, 5, 1), severity=Severity.MATERIAL)
    projects.write_policy(root, {"contact": WAYS}, "ways")
    projects.publish(root, document="ways")
    projects.edit(root, "contact", MORE_WAYS, "ways")
    projects.publish(root, document="ways", effective=date(2026, 5, 1), severity=Severity.MATERIAL)
    projects.write_site(root, theme="material", options=AS_OF)
    (root / "docs/index.md").write_text("# Shop\n", encoding="utf-8")
    build_site(root)
    for name, spelled in ("alone", str), ("alone-arabic", arabic):
        (root / "OLD.md").write_text(spelled(OLD), encoding="utf-8")
        (root / "NEW.md").write_text(spelled(NEW), encoding="utf-8")
        page = Terminal(root).run("redline", "OLD.md", "NEW.md", "--html").stdout
        (root / f"site/{name}.html").write_text(page, encoding="utf-8")
    page = Terminal(root).run("redline", "OLD.md", "NEW.md", "--html", "--layout", "side-by-side").stdout
    (root / "site/beside-arabic.html").write_text(page, encoding="utf-8")
    return serve(root / "site", rules=NOTHING_TO_SEARCH)


@pytest.fixture
def new_page(used_page: NewPage) -> NewPage:
    """These tests only read."""
    return used_page


@pytest.mark.parametrize("path", [REDLINE, f"arabic/{REDLINE[8:]}", "alone.html", "alone-arabic.html"])
def test_axe_finds_nothing_and_nothing_is_too_wide(
    path: str, site: str, page: Page, axe: Callable[..., list[str]]
) -> None:
    """By day and by night, in colours that a reader forces on it, and on a phone."""

    def seen(colours: bool | None = None) -> list[str]:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        # What is the theme's own is for the site to mend.
        return [each for each in axe(page, colours=colours) if ".md-" not in each]

    page.goto(site + path)
    assert seen() == []
    for looks in ({"color_scheme": "dark"}, {"color_scheme": "light", "forced_colors": "active"}):
        dress(page, **looks)
        assert seen(colours=True) == [], looks
    dress(page, forced_colors="none")
    page.set_viewport_size({"width": 360, "height": 740})
    assert seen(colours=False) == []


@pytest.mark.parametrize("path", ["alone.html", "alone-arabic.html"])
def test_a_table_that_is_wider_than_the_page_scrolls_by_keyboard(
    path: str, site: str, new_page: NewPage, axe: Callable[[Page], list[str]]
) -> None:
    page = new_page(viewport={"width": 180, "height": 740})
    page.goto(site + path)
    table = page.locator("table").first
    assert table.evaluate("table => table.scrollWidth > table.clientWidth")
    assert axe(page) == []
    table.focus()
    assert page.evaluate("document.activeElement.tagName") == "TABLE"


def test_every_unchanged_clause_opens_at_once_without_javascript(site: str, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(site + REDLINE)
    unchanged = page.get_by_text("We set two cookies.")
    assert not unchanged.is_visible()
    page.get_by_text("View", exact=True).click()
    page.get_by_label("Open").check()
    assert unchanged.is_visible()
    assert page.get_by_text("This shop explains").is_visible()
    page.get_by_label("Left out").check()
    assert not unchanged.is_visible()
    page.get_by_label("Folded").check()
    assert page.locator(".if-clause--unchanged > summary").first.is_visible()


def test_links_to_the_next_change_leave_the_text_its_place(site: str, new_page: NewPage) -> None:
    """On a phone without scripts: items in a line with one another, no link over another, no word cut in pieces."""
    page = new_page(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page.goto(f"{site}ways/{REDLINE[8:]}")
    assert page.locator(".if-policy").evaluate("all => all.scrollWidth <= all.clientWidth")
    items = page.locator("#contact .if-inline li[type=none]")
    assert items.count() == 3
    hanging = "all => all.map((each) => getComputedStyle(each).textIndent)"
    assert len(set(items.locator("p").evaluate_all(hanging))) == 1
    heights = "all => all.map((each) => each.getClientRects().length)"
    assert set(page.locator("#contact .if-inline td ins").evaluate_all(heights)) == {1}
    letters = """all => all.map((each) => {
      const range = document.createRange();
      range.selectNodeContents(each);
      const { left, top, right, bottom } = range.getBoundingClientRect();
      return [left, top, right, bottom];
    })"""
    seen = page.locator(".redline-step a").evaluate_all(letters)
    assert len(seen) > 4
    for (left, top, right, bottom), (x, y, end, foot) in combinations(seen, 2):
        assert not (x < right and left < end and y < bottom and top < foot)


def test_from_change_to_change_by_keyboard(site: str, page: Page) -> None:
    page.goto(site + REDLINE)
    here = "document.activeElement.textContent"
    told = []
    for _ in range(12):
        page.keyboard.press("Alt+ArrowDown")
        told.append(page.evaluate(here))
    assert "Moved from here" in told[0]
    assert "Paragraph split" in page.evaluate("document.querySelector('.redline-relaid').dataset.redlineTold")
    assert any("a telephone number" in each for each in told)
    assert "Ring" in told[-1]
    assert len(set(told)) > 6
    page.keyboard.press("Alt+ArrowUp")
    assert page.evaluate(here) == told[told.index(told[-1]) - 1]
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0


def test_what_moved_and_its_old_place_lead_to_each_other(site: str, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    for path in REDLINE, "alone.html":
        page.goto(site + path)
        page.get_by_role("link", name="Moved from here").click()
        moved = page.locator(":target")
        assert NEVER in moved.locator("xpath=..").inner_text()
        moved.click()
        assert "Moved from here" in page.locator(":target").inner_text()


def test_rows_and_links_are_told_on_screen_and_on_paper(site: str, page: Page) -> None:
    page.goto(site + "alone.html")
    before = "element => getComputedStyle(element, '::before').content"
    for place, told in (
        ("tr.redline-added > :first-child", "Row added"),
        ("tr.redline-removed > :first-child", "Row removed"),
        (".redline-relaid", "Paragraph split"),
    ):
        for media in "screen", "print":
            page.emulate_media(media=media)
            assert page.locator(place).first.evaluate(before) == f'"{told}" / ""', (place, media)
    after = "element => getComputedStyle(element, '::after').content"
    link = page.locator(".redline-format").first
    assert "link changed, from https://shop.example/a to https://shop.example/b" in link.evaluate(after)
    page.emulate_media(media="screen")
    assert "(link changed)" in link.evaluate(after)


def test_a_page_that_stands_alone_runs_as_its_text_does(site: str, page: Page) -> None:
    page.goto(site + "alone-arabic.html")
    direction = "element => getComputedStyle(element).direction"
    assert page.locator(".if-text").evaluate(direction) == "rtl"
    assert page.locator("h1").evaluate(direction) == "ltr"
    assert page.locator(".redline-left a").evaluate(direction) == "ltr"
    page.goto(site + "alone.html")
    assert page.locator(".if-text").evaluate(direction) == "ltr"


def test_a_number_in_arabic_is_not_parted_by_the_one_that_it_was(tmp_path: Path, page: Page) -> None:
    sections = ["## {}. الرسوم\n\nتدفع شهريا مقدما.", "## {}. الضرائب\n\nالأسعار لا تشمل الضرائب."]
    for name, each in ("OLD.md", sections[1:]), ("NEW.md", sections):
        text = "\n\n".join(section.format(place) for place, section in enumerate(each, 1))
        (tmp_path / name).write_text(text, encoding="utf-8")
    page.set_content(Terminal(tmp_path).run("redline", "OLD.md", "NEW.md", "--html").stdout)
    for mark in page.locator(".redline-number").all():
        assert mark.evaluate("mark => mark.getClientRects().length") == 1


def test_old_above_new_says_which_is_which_where_two_columns_have_no_room(
    site: str, new_page: NewPage, axe: Callable[[Page], list[str]]
) -> None:
    said = "cell => [cell.textContent.trim() === '', getComputedStyle(cell, '::before').content]"
    for width, told in (360, ['"Before"', '"Now"']), (1280, ["none", "none"]):
        page = new_page(viewport={"width": width, "height": 740})
        page.goto(f"{site}beside-arabic.html")
        changed = page.locator(".if-beside > div:not(.if-kept, .if-kept + div)")
        cells = [cell.evaluate(said) for cell in changed.all()]
        assert cells
        assert all(content == ("none" if empty else told[place % 2]) for place, (empty, content) in enumerate(cells))
        assert axe(page) == []


def test_old_above_new_says_what_stayed_once(site: str, new_page: NewPage) -> None:
    page = new_page(viewport={"width": 360, "height": 740})
    page.goto(f"{site}beside-arabic.html")
    kept = page.locator(".if-beside > .if-kept")
    assert kept.count() > 0
    for place in range(kept.count()):
        again = kept.nth(place).locator("xpath=following-sibling::div[1]")
        assert (kept.nth(place).is_visible(), again.is_visible()) == (False, True)
        assert again.evaluate("cell => getComputedStyle(cell, '::before').content") == "none"


def test_what_moved_side_by_side_has_its_bar_whole(site: str, new_page: NewPage) -> None:
    page = new_page(viewport={"width": 1280, "height": 740})
    page.goto(f"{site}beside-arabic.html")
    styles = (
        "all => all.map((each) => [getComputedStyle(each).outlineStyle, getComputedStyle(each).borderInlineStartStyle])"
    )
    found = page.locator(".if-beside .redline-moved").evaluate_all(styles)
    assert found
    assert all(each == ["none", "dashed"] for each in found)


def test_arabic_letters_keep_their_shape_at_the_border_of_a_mark(site: str, new_page: NewPage) -> None:
    """Chromium and Firefox join letters across a mark that has no room around it; no mark of ours cuts a word."""
    page = new_page()
    page.goto(f"{site}alone-arabic.html")
    plain, *marked, apart = page.evaluate(
        WIDTHS, ["بيت", "ب<ins>يت</ins>", "بي<del>ت</del>", f"ب<ins>{SAID}ي</ins>ت", "ب ي ت"]
    )
    assert marked == [pytest.approx(plain, abs=0.5)] * 3
    assert apart > plain + 1
