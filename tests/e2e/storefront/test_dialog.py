"""The dialog as customers meet it: what it says, what each answer stores, and that everybody can use it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from adapters import projects
from adapters.sites import build_site
from e2e.patient_pages import set_clock
from e2e.storefront.manifests import Json, change, history, manifest, record, version
from e2e.storefront.shop import Host, Shop

NOTE = "You have 30 days, <b>not</b> 14. <img src=x onerror=alert(1)>"
CHANGES = [
    change("returns", "material", note=NOTE),
    change("liability", "notice", ("added",), note="Long: Donaudampfschifffahrtselektrizitätenhauptbetriebswerk."),
    change("spelling", "editorial", note="A comma."),
]
PRIVACY = history("privacy", "material", "material")
TERMS = history("terms", "material", "material", requires="accept")
TERMS["versions"][1]["changes"] = CHANGES
BOTH = manifest(privacy=PRIVACY, terms=TERMS)
COMING = version("terms", 2, requires="accept", effective_at="2026-12-24T00:00:00Z", changes=CHANGES)
UPCOMING = history("terms", "material", requires="accept")
UPCOMING["versions"].append(COMING)
LOOKS: dict[str, tuple[str, dict[str, Any]]] = {
    "light": ("en", {}),
    "dark": ("de", {"color_scheme": "dark"}),
    "phone": ("de", {"viewport": {"width": 320, "height": 640}}),
    "phone, right to left": ("ar", {"viewport": {"width": 320, "height": 640}}),
    "400 %": ("de", {"viewport": {"width": 320, "height": 256}}),
    "forced colours": ("ar", {"forced_colors": "active"}),
}


def know(shop: Shop, *documents: str) -> None:
    """The customer agreed to 1.0 of these documents before."""
    whole = shop.host.folder.joinpath("policy-manifest.json").read_text(encoding="utf-8")
    old = {"privacy": history("privacy", "material"), "terms": history("terms", "material", requires="accept")}
    shop.host.publish(manifest(serial=0, **{name: old[name] for name in documents}))
    shop.start(documents=str(list(documents)))
    shop.call("check()")
    shop.call("accept()")
    shop.host.publish(whole)
    shop.visit()


def press(dialog: Locator, words: str) -> None:
    dialog.get_by_role("button", name=words, exact=True).click()


def answers(shop: Shop) -> list[tuple[str, str, str]]:
    return [(each["document"], each["version"], each["action"]) for each in shop.records()]


def buttons(dialog: Locator) -> list[str]:
    return dialog.get_by_role("button").all_inner_texts()


def test_one_line_of_html_asks_once(shop: Shop, host: Host) -> None:
    host.publish(BOTH)
    shop.visit(path="en.html")
    dialog = shop.page.get_by_role("dialog", name="Please read our policies")
    expect(dialog).to_be_visible()
    assert not dialog.get_by_text("Summary of terms 1.1").is_visible()  # it tells of a change
    assert not shop.page.get_by_text("Close my account").is_visible()
    press(dialog, "Accept")
    expect(dialog).to_have_count(0)
    assert sorted(answers(shop)) == [("privacy", "1.1", "acknowledged"), ("terms", "1.1", "accepted")]
    assert [each["surface"] for each in shop.records()] == ["account"] * 2
    shop.visit(path="en.html")
    assert shop.page.evaluate("document.querySelector('policy-review').ready.then(() => true)")
    expect(shop.page.get_by_role("dialog")).to_have_count(0)


def test_a_published_site_asks_in_a_shop_that_copies_nothing(
    page: Page, serve: Callable[..., str], tmp_path: Path
) -> None:
    policies, shop = tmp_path / "policies", tmp_path / "shop"
    projects.two_versions(policies)
    projects.write_site(policies, site_url="")
    address = serve(build_site(policies, strict=False), rules="add_header Access-Control-Allow-Origin *;")
    shop.mkdir()
    (shop / "index.html").write_text(
        f'''<!doctype html><html lang="de"><title>Shop</title><link rel="icon" href="data:,">
        <script async src="{address}storefront/policy-review.js"></script>
        <policy-review documents="privacy"></policy-review>'''
    )
    set_clock(page, "2026-06-01T00:00:00Z")
    page.goto(serve(shop))
    dialog = page.get_by_role("dialog", name="Bitte lesen Sie unsere Bestimmungen")
    link = dialog.get_by_role("link", name="Alles lesen: Shop Privacy 2.0").get_attribute("href")
    assert link == f"{address}privacy/2.0/"
    press(dialog, "Ich habe das gelesen")
    expect(dialog).to_have_count(0)
    entries = page.evaluate("Object.entries(localStorage)")
    [text] = [text for key, text in entries if key.startswith("policy-review:")]
    file = (policies / "versions/privacy/2.0.md").read_bytes()
    assert json.loads(text)["digest"] == f"sha256-{base64.b64encode(hashlib.sha256(file).digest()).decode()}"


def test_it_says_what_changed_since_this_customers_version(shop: Shop, host: Host) -> None:
    host.publish(BOTH)
    know(shop, "terms")
    dialog = shop.asks(documents="terms")
    expect(dialog.get_by_role("heading", name="Our policies have changed")).to_be_visible()
    assert "Version 1.1, in force since 29 January 2026" in dialog.inner_text()
    assert dialog.get_by_role("heading", name="What is different from version 1.0").is_visible()
    assert dialog.get_by_text("Summary of terms 1.1").is_visible()
    assert dialog.get_by_text("Returns (changed)").is_visible()
    assert dialog.get_by_text(NOTE).is_visible()
    assert not dialog.get_by_text("A comma.").is_visible()
    dialog.get_by_text("Small corrections: 1").click()
    assert dialog.get_by_text("A comma.").is_visible()
    redline = dialog.get_by_role("link", name="See every changed word")
    assert redline.get_attribute("href") == f"{host.address}terms/redline/1.0..1.1/"
    assert dialog.locator("img, b").count() == 0


def test_a_policy_is_read_and_terms_are_accepted(shop: Shop, host: Host) -> None:
    host.publish(BOTH)
    assert buttons(shop.asks(documents="privacy")) == ["I have read this", "Later"]
    shop.visit()
    assert buttons(shop.asks(documents="terms")) == ["Accept", "Do not accept"]
    shop.visit()
    dialog = shop.asks(documents="privacy terms")
    assert buttons(dialog) == ["Accept", "Do not accept"]
    assert "you accept Shop Terms, and you have read Shop Privacy" in dialog.inner_text()


def test_the_answers_are_equal_and_none_is_chosen_beforehand(shop: Shop, host: Host) -> None:
    host.publish(BOTH)
    dialog = shop.asks(documents="terms")
    yes, no = (button.bounding_box() for button in dialog.get_by_role("button").all())
    assert yes is not None
    assert no is not None
    assert (yes["y"], yes["width"], yes["height"]) == (no["y"], no["width"], no["height"])
    look = """all => all.map(each => ['color', 'background', 'border', 'font'].map(
      name => getComputedStyle(each)[name]).join())"""
    assert len(set(dialog.get_by_role("button").evaluate_all(look))) == 1
    assert shop.page.evaluate("document.activeElement.tagName") == "H2"


def test_who_declines_is_shown_ways_on_and_not_asked_again(shop: Shop, host: Host) -> None:
    host.publish(BOTH)
    dialog = shop.asks(documents="terms")
    press(dialog, "Do not accept")
    expect(dialog.get_by_role("heading", name="You have not accepted")).to_be_focused()
    links = {link.inner_text(): link.get_attribute("href") for link in dialog.get_by_role("link").all()}
    assert links == {
        "Close my account": "/account/close",
        "Write to us": "mailto:privacy@shop.example",
        "Read all of it: Shop Terms 1.1": f"{host.address}terms/1.1/",
    }
    press(dialog, "Close")
    expect(dialog).to_have_count(0)
    shop.visit()
    expect(shop.asks(documents="terms")).to_have_count(0)
    assert answers(shop) == [("terms", "1.1", "declined")]
    shop.page.evaluate("element.open()")
    press(dialog, "Accept")
    expect(dialog).to_have_count(0)
    assert [action for _, _, action in answers(shop)] == ["declined", "accepted"]


def test_who_declines_may_accept_after_all(shop: Shop, host: Host) -> None:
    host.publish(BOTH)
    dialog = shop.asks(documents="terms")
    press(dialog, "Do not accept")
    press(dialog, "Accept after all")
    expect(dialog).to_have_count(0)
    shop.visit()
    expect(shop.asks(documents="terms")).to_have_count(0)
    assert shop.call("decide()")["reason"] == "current"


def test_declining_terms_leaves_the_policy_for_later(shop: Shop, host: Host) -> None:
    host.publish(BOTH)
    press(shop.asks(documents="privacy terms"), "Do not accept")
    assert sorted(answers(shop)) == [("privacy", "1.1", "dismissed"), ("terms", "1.1", "declined")]


def test_terms_that_are_announced_can_be_accepted_early_or_put_off(shop: Shop, host: Host) -> None:
    host.publish(manifest(terms=UPCOMING))
    know(shop, "terms")
    dialog = shop.asks(documents="terms")
    assert buttons(dialog) == ["Accept", "Later"]
    assert "Version 1.1 takes effect on 24 December 2026" in dialog.inner_text()
    press(dialog, "Later")
    expect(dialog).to_have_count(0)
    assert answers(shop)[1:] == [("terms", "1.1", "dismissed")]


@pytest.mark.parametrize("touched", [False, True])
def test_escape_means_later_and_gives_the_focus_back(shop: Shop, host: Host, touched: bool) -> None:
    host.publish(BOTH)
    shop.page.get_by_role("button", name="Pay").focus()
    dialog = shop.asks(documents="terms")
    if touched:
        dialog.get_by_role("heading", name="Shop Terms").click()
    shop.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert shop.page.evaluate("document.activeElement.textContent") == "Pay"
    assert answers(shop) == [("terms", "1.1", "dismissed")]
    assert shop.records()[0]["until"] is not None


def test_an_element_that_leaves_the_page_takes_its_dialog_along(shop: Shop, host: Host) -> None:
    host.publish(BOTH)
    dialog = shop.asks(documents="terms")
    expect(dialog).to_be_visible()
    shop.page.evaluate("element.remove()")
    expect(dialog).to_have_count(0)
    assert answers(shop) == []


def test_an_answer_in_another_tab_closes_the_dialog(shop: Shop, host: Host) -> None:
    host.publish(BOTH)
    other = shop.second_tab()
    waiting = shop.asks(other, documents="privacy terms")
    expect(waiting.get_by_role("heading", name="Shop Privacy")).to_be_visible()
    press(shop.asks(documents="privacy"), "I have read this")
    expect(waiting.get_by_role("heading", name="Shop Privacy")).to_have_count(0)
    expect(waiting.get_by_role("heading", name="Shop Terms")).to_be_visible()
    shop.visit()
    press(shop.asks(documents="terms"), "Accept")
    expect(waiting).to_have_count(0)
    assert sorted(answers(shop)) == [("privacy", "1.1", "acknowledged"), ("terms", "1.1", "accepted")]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "(changed, new heading and split)"),
        ("de", "(geändert, neue Überschrift und aufgeteilt)"),
        ("ar", "(معدّل وعنوان جديد ومقسّم)"),
    ],
)
def test_what_became_of_a_clause_is_listed_as_its_language_lists(
    shop: Shop, host: Host, language: str, words: str
) -> None:
    policy = history("privacy", "material", "material")
    policy["versions"][1]["changes"] = [change("returns", "material", kinds=("modified", "retitled", "split"))]
    host.publish(manifest(privacy=policy))
    know(shop, "privacy")
    expect(shop.asks(language=language).get_by_text(words)).to_be_visible()


AHEAD = "2026-11-24T00:00:00Z", "2027-01-14T16:00:00Z"
"""When a version that is still to come was announced, and when it takes effect."""


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_and_everything_is_in_reach(
    new_shop: Callable[..., Shop], host: Host, axe: Callable[[Page], list[str]], look: str
) -> None:
    host.publish(BOTH)
    language, options = LOOKS[look]
    shop = new_shop(**options)
    know(shop, "privacy", "terms")
    dialog = shop.asks(documents="privacy terms", language=language)
    expect(dialog).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    for view in ("asking", "declined"):
        assert axe(shop.page) == [], view
        assert dialog.evaluate("each => each.scrollWidth <= each.clientWidth")
        box = dialog.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= shop.page.viewport_size["width"]  # type: ignore[index]
        heights = dialog.locator("a, button, summary").evaluate_all("all => all.map(each => each.offsetHeight)")
        assert min(heights) >= 44
        assert shop.page.evaluate("document.getAnimations().length") == 0
        if view == "asking":
            dialog.get_by_role("button").nth(1).click()


def test_what_a_theme_says_of_every_element_leaves_the_dialog_legible(
    shop: Shop, host: Host, axe: Callable[[Page], list[str]]
) -> None:
    """Pale words for a dark page that names no color-scheme, room for pages of their own, a reset of all there is."""
    host.publish(BOTH)
    know(shop, "privacy", "terms")
    shop.page.evaluate(
        """async () => {
          const theme = new CSSStyleSheet();
          theme.replaceSync(`
            * { margin: 0; padding: 0; border: 0; font-weight: inherit; }
            body { background: #111; color: #eee; font-family: serif; }
            h2, h3, h4, p, ul, li, strong, section, summary, a, button { color: #eee; text-transform: uppercase; }
            section, div { min-height: 100vh; padding: 80px 0; opacity: 0.9; }
            p, button { background: #222; max-width: 10em; height: 10px; overflow: hidden; }`);
          document.adoptedStyleSheets = [theme];
        }"""
    )
    dialog = shop.asks(documents="privacy terms")
    expect(dialog).to_be_visible()
    assert axe(shop.page) == []
    themed = """all => all.filter((each) => {
      const {opacity, minHeight, paddingBottom, maxWidth, textTransform} = getComputedStyle(each);
      return opacity < 1 || parseInt(minHeight) > 100 || paddingBottom === '80px' || maxWidth !== 'none'
        || textTransform !== 'none'; }).map((each) => each.localName)"""
    assert dialog.locator("*").evaluate_all(themed) == []
    assert dialog.evaluate("each => getComputedStyle(each).fontFamily") == "serif"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_word_is_too_long_for_a_narrow_page(new_shop: Callable[..., Shop], host: Host, language: str) -> None:
    """Whichever word of a manifest it is, and whatever the dialog says at the time."""
    word = "Datenschutzgrundverordnungsdurchführungsbestimmungen" * 2
    found: dict[str, Json] = {}
    for name, requires in (("privacy", "acknowledge"), ("terms", "accept")):
        made = history(name, "material", "material", "material", requires=requires, summary=word)
        made["versions"][1]["changes"] = [change("one", "editorial", note=word, title=word)]
        made["versions"][2]["changes"] = [change("two", note=word, title=word)]
        made["versions"][2] |= {"announced_at": AHEAD[0], "effective_at": AHEAD[1]}
        found[name] = made | {"title": word}
    host.publish(manifest(**found))
    shop = new_shop(viewport={"width": 320, "height": 640})
    shop.visit()
    for action, (name, made) in zip(("acknowledged", "accepted"), found.items(), strict=True):
        known = record(made["versions"][0], action, name)
        shop.page.evaluate("each => localStorage.setItem(`policy-review:${each.id}`, JSON.stringify(each))", known)
    dialog = shop.asks(documents="privacy terms", language=language)
    expect(dialog.locator("details")).to_have_count(2)
    for view in ("asking", "declined"):
        dialog.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
        assert dialog.evaluate("each => each.scrollWidth <= each.clientWidth"), view
        dialog.get_by_role("button").nth(1).click()


def test_the_keyboard_reaches_every_answer_in_sight(new_shop: Callable[..., Shop], host: Host) -> None:
    host.publish(BOTH)
    shop = new_shop(viewport={"width": 360, "height": 640})
    know(shop, "terms")
    dialog = shop.asks(documents="terms")
    reached = []
    for _ in range(5):
        shop.page.keyboard.press("Tab")
        focused = shop.page.locator(":focus")
        reached.append(focused.inner_text())
        covered = """each => { const {left, top, width, height} = each.getBoundingClientRect();
          return !each.contains(document.elementFromPoint(left + width / 2, top + height / 2)); }"""
        assert not focused.evaluate(covered), reached[-1]
    assert reached[0].startswith("Small corrections")
    assert reached[-2:] == ["Accept", "Do not accept"]
    assert dialog.is_visible()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de-AT", "Bitte lesen Sie unsere Bestimmungen"),
        ("ar", "يُرجى قراءة سياساتنا"),
        ("fr", "Please read our policies"),
    ],
)
def test_it_speaks_three_languages_and_otherwise_english(shop: Shop, host: Host, language: str, words: str) -> None:
    host.publish(BOTH)
    expect(shop.asks(language=language).get_by_role("heading", name=words)).to_be_visible()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Please answer by 15 December 2026 at 23:59 CET."),
        ("de", "Bitte antworten Sie bis 15. Dezember 2026 um 23:59 MEZ."),
        ("ar", "يُرجى الرد في موعد أقصاه"),
    ],
)
def test_it_says_until_when_an_answer_is_asked_for(
    new_shop: Callable[..., Shop], host: Host, language: str, words: str
) -> None:
    due = version("terms", 2, requires="accept", accept_by="2026-12-15T22:59:59Z")
    terms = history("terms", "material", requires="accept")
    host.publish(manifest(terms=terms | {"versions": [*terms["versions"], due]}))
    shop = new_shop(timezone_id="Europe/Berlin")
    know(shop, "terms")
    expect(shop.asks(documents="terms", language=language).get_by_text(words)).to_be_visible()
    dialog = shop.page.get_by_role("dialog")
    shop.page.clock.set_fixed_time("2026-12-15T22:59:59Z")
    shop.page.evaluate("element.ask()")
    expect(dialog.get_by_text(words)).to_have_count(0)
    expect(dialog.get_by_role("heading", name="Shop Terms")).to_be_visible()
    shop.visit(at="2026-12-15T22:59:59Z")
    late = shop.asks(documents="terms", language=language)
    expect(late.get_by_role("heading", name="Shop Terms")).to_be_visible()
    expect(late.get_by_text(words)).to_have_count(0)


@pytest.mark.parametrize(
    ("zone", "words"),
    [("Asia/Shanghai", "on 15 January 2027. Until"), ("Europe/Berlin", "on 14 January 2027 at 17:00 CET. Until")],
)
def test_a_day_stands_alone_only_where_it_begins_then(
    new_shop: Callable[..., Shop], host: Host, zone: str, words: str
) -> None:
    ahead = version("privacy", 2, announced_at=AHEAD[0], effective_at=AHEAD[1])
    host.publish(manifest(privacy=history("privacy", "material") | {"versions": [version("privacy", 1), ahead]}))
    expect(new_shop(timezone_id=zone).asks().get_by_text(words)).to_be_visible()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Please confirm our policies once more"),
        ("de", "Bitte bestätigen Sie unsere Bestimmungen noch einmal"),
        ("ar", "يُرجى تأكيد سياساتنا من جديد"),
    ],
)
def test_it_asks_to_confirm_once_more(shop: Shop, host: Host, language: str, words: str) -> None:
    host.publish(manifest(privacy=history("privacy", "material", reconfirm_every="P1M")))
    press(shop.asks(), "I have read this")
    shop.visit(at="2027-01-02T00:00:00Z")
    dialog = shop.asks(language=language)
    expect(dialog.get_by_role("heading", name=words)).to_be_visible()
    expect(dialog.get_by_text("Summary of privacy 1.0.")).to_have_count(0)
    dialog.get_by_role("button").first.click()
    expect(dialog).to_have_count(0)
    assert [each["version"] for each in shop.records()] == ["1.0", "1.0"]
    shop.visit(at="2027-01-03T00:00:00Z")
    expect(shop.asks()).to_have_count(0)


def test_a_shop_has_its_own_words_and_its_own_store(shop: Shop, host: Host) -> None:
    host.publish(BOTH)
    shop.start("store: {records: () => [], add: (record) => { window.kept = record; }}", documents="['terms']")
    shop.call("check()")
    shop.page.evaluate(
        """async () => {
          const [{openDialog}, {default: english}] = await Promise.all([
            import('/storefront/dialog.js'), import('/storefront/texts/en.js')]);
          openDialog(review, {texts: {...english, accept: 'Yes, I accept these terms'}});
        }"""
    )
    press(shop.page.get_by_role("dialog"), "Yes, I accept these terms")
    assert shop.page.evaluate("kept.action") == "accepted"
    assert shop.records() == []


def test_nothing_is_shown_while_the_host_is_down(shop: Shop, host: Host) -> None:
    host.turn("gone", True)
    expect(shop.asks(documents="terms")).to_have_count(0)
    shop.page.get_by_role("button", name="Pay").click()


def test_a_hostile_manifest_stays_text(shop: Shop, host: Host) -> None:
    hostile: Json = history("terms", "material", "material", requires="accept", summary=NOTE, url="javascript:alert(1)")
    hostile |= {"title": NOTE, "contact": "javascript:alert(1)"}
    hostile["versions"][0] = history("terms", "material", requires="accept")["versions"][0]
    hostile["versions"][1]["changes"] = [change("returns", title=NOTE, note=NOTE, kinds=("<i>",))]
    host.publish(manifest(terms=hostile))
    know(shop, "terms")
    dialog = shop.asks(documents="terms")
    press(dialog, "Do not accept")
    hrefs = dialog.get_by_role("link").evaluate_all("all => all.map(each => each.href)")
    assert [href for href in hrefs if "script" in href] == []
    assert shop.page.locator("dialog :is(b, i, img)").count() == 0
