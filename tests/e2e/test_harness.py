"""The browser, the server and axe do what the other end-to-end tests rely on."""

from __future__ import annotations

from pathlib import Path
from urllib.request import urlopen

import pytest

from e2e import accessibility
from e2e.conftest import empty, opened

CLEAN = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Clean</title></head>
<body><main><h1>Déjà vu</h1><p id="script">without</p></main>
<script>document.getElementById("script").textContent = "with"</script></body></html>
"""
FAULTY = CLEAN.replace("<p", '<img src="seal.png"><p')
GREY = "Elements must meet minimum color contrast ratio thresholds"
LINK = "Links must be distinguishable without relying on color"
MANY = CLEAN.replace("<p", "<p>One of many like it.</p>" * 20 + "<p", 1).replace(
    "</main>",
    """<ul style="background: #fff"><li>The <b>first</b> item.</li><li id="last">The <b>last</b> item.</li></ul>
    <p>One of <a href="#a">two links</a>.</p><p id="second">And the <a href="#b">other one</a> of both.</p>
    <div style="position: relative"><p>Here a text is covered.</p><p id="bare">Here it is not.</p>
    <p style="position: absolute; top: 0; margin: 0; width: 100%; background: #fff">Over</p></div></main>""",
)
CURIOUS = CLEAN.replace("<p", '<img alt="" src="http://tracker.example/pixel.png"><p')


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("a site")
    for name, html in {"": CLEAN, "faulty": FAULTY, "curious": CURIOUS, "many": MANY}.items():
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "index.html").write_text(html, encoding="utf-8")
    (folder / "1.0.md").write_bytes("# Déjà\n".encode())
    (folder / "feed.xml").write_text("<feed/>")
    (folder / "404.html").write_text("Nothing stands here")
    return folder


def test_axe_finds_nothing_on_a_clean_page(serve, site, page, axe):
    page.goto(serve(site))
    assert page.get_by_role("heading").inner_text() == "Déjà vu"
    assert axe(page) == []


SEEN = """() => ({
  kept: [localStorage.length, sessionStorage.length, document.cookie],
  screen: [innerWidth, innerHeight, scrollY],
  looks: ['print', '(prefers-color-scheme: dark)', '(forced-colors: active)'].map((look) => matchMedia(look).matches),
  under: document.querySelectorAll(':hover').length,
  script: document.getElementById('script').textContent,
})"""
"""What a test could see of one that was on the page before."""


@pytest.mark.parametrize("options", [{}, {"viewport": {"width": 360, "height": 640}, "color_scheme": "dark"}], ids=str)
def test_a_page_that_a_test_has_left_is_as_one_that_was_just_opened(serve, site, browser, options):
    address, page = serve(site), opened(browser, **options)
    page.goto(address)
    fresh = page.evaluate(SEEN)
    page.set_viewport_size({"width": 500, "height": 100})
    page.emulate_media(media="print", color_scheme="light" if options else "dark", forced_colors="active")
    page.evaluate("""() => {
      localStorage.setItem('a', 'b'); sessionStorage.setItem('a', 'b'); document.cookie = 'a=b'; scrollTo(0, 50);
    }""")
    page.route("**/*", lambda route: route.fulfill(content_type="text/html", body=CLEAN.replace('"with"', '"routed"')))
    page.mouse.move(20, 40)
    page.context.new_page().goto(address)
    page.goto(address)
    assert not any(value == fresh[name] for name, value in page.evaluate(SEEN).items())
    empty(page, **options)
    assert (page.url, page.context.pages) == ("about:blank", [page])
    page.goto(address)
    assert page.evaluate(SEEN) == fresh
    page.context.close()


def test_axe_finds_an_image_without_a_text(serve, site, page, axe, missing):
    address = serve(site)
    page.goto(address + "faulty/")
    assert axe(page) == ["image-alt (critical): Images must have alternative text: img"]
    assert missing == [f"404 {address}faulty/seal.png"]
    missing.clear()


@pytest.mark.parametrize(
    ("style", "told"),
    [
        ("p { color: #000 }", []),
        ("#last { color: #bbb }", [GREY]),
        ("#last b { color: #bbb }", [GREY]),
        ("#last { background: #555 }", [GREY]),
        ("#last { opacity: .3 }", [GREY]),
        ("ul { opacity: .3 }", [GREY]),
        ("p { color: #757575 } p:nth-of-type(12) { background: #eee }", [GREY]),
        ("p { color: #808080; font-size: 30px } p:nth-of-type(12) { font-size: 12px }", [GREY]),
        ("div p:not([style]) { color: #bbb }", [GREY]),
        ("#bare { position: relative; top: 40px; color: #bbb }", [GREY]),
        ("a { color: #000 } #second a { text-decoration: none; color: #111 }", [LINK]),
    ],
)
def test_of_texts_that_look_alike_one_is_judged_and_any_that_does_not(
    style: str, told: list[str], serve, site, page
) -> None:
    """Whatever looks wrong by itself is found among many that do not, as where every text is judged.

    That the page was right before does not hide it.
    """
    page.goto(serve(site) + "many/")
    assert accessibility.violations(page) == []
    page.add_style_tag(content=style)
    for every_text in (True, False):
        found = accessibility.violations(page, every_text=every_text)
        assert list(dict.fromkeys(each.split(": ")[1] for each in found)) == told


@pytest.mark.parametrize("ground", ["#555", "#fff"])
def test_what_looks_right_on_one_page_is_judged_on_another_where_it_lies_on_something_else(
    ground: str, serve, site, page
) -> None:
    """Text at the screen's edge, at its place and then, as the page is longer, over what stands there."""
    page.goto(serve(site))
    bar = "<p style='position: sticky; bottom: 0; margin: 0'>A text at the edge of the screen</p>"
    page.evaluate("bar => document.querySelector('main').insertAdjacentHTML('beforeend', bar)", bar)
    assert accessibility.violations(page) == []
    long = f"<div style='height: 3000px; background: {ground}'></div>"
    page.evaluate("long => document.querySelector('h1').insertAdjacentHTML('afterend', long)", long)
    for every_text in (False, True):
        found = accessibility.violations(page, every_text=every_text)
        assert [each.split(": ")[1] for each in found] == ([GREY] if ground == "#555" else [])


def test_a_ledger_file_is_plain_text_in_utf_8(serve, site):
    with urlopen(serve(site) + "1.0.md") as answer:
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.read() == "# Déjà\n".encode()


def test_a_site_can_stand_below_a_path(serve, site, page):
    address = serve(site, at="/shop/legal/")
    assert page.goto(address + "curious").url == address + "curious/"
    nowhere = page.goto(address + "nowhere/")
    assert (nowhere.status, nowhere.text()) == (404, "Nothing stands here")


def test_a_page_reaches_nothing_outside(serve, site, page, outside_requests):
    page.goto(serve(site) + "curious/")
    assert outside_requests == ["http://tracker.example/pixel.png"]


def test_a_page_can_be_opened_without_scripts(serve, site, new_page):
    address = serve(site)
    texts = []
    for scripts in (True, False):
        page = new_page(java_script_enabled=scripts)
        page.goto(address)
        texts.append(page.locator("#script").inner_text())
    assert texts == ["with", "without"]
