"""A clause's HTML: safe whatever the Markdown, its ids its own, the same every time."""

from __future__ import annotations

import html as html_entities
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import builders
from core.strategies import anything, clause_lists
from inforce.errors import InForceError
from inforce.model import PREAMBLE, Clause
from inforce.text import clauses, rewriting, unsafe
from inforce.text import html as rendering
from inforce.text.html import SCHEMES, TAGS, render

ALLOWED_ATTRIBUTES = {
    *("id", "title", "dir", "lang", "href", "src", "alt", "width", "height", "start", "type", "reversed", "value"),
    *("align", "colspan", "rowspan", "scope", "datetime", "class"),
}


class Published(HTMLParser):
    """What a browser gets to see: tags, attributes and addresses."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.extend((name, value or "") for name, value in attrs)
        if tag not in ("br", "hr", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def of(self, *names: str) -> list[str]:
        return [value for name, value in self.attributes if name in names]


def scheme(address: str) -> str:
    """What a browser takes for the scheme (WHATWG URL): tabs and line breaks are dropped, and controls in front."""
    seen = "".join(character for character in address if character not in "\t\n\r").lstrip("".join(map(chr, range(33))))
    head = seen.partition(":")[0]
    return head.lower() if ":" in seen and head.isascii() and head.replace("+", "").isalnum() else ""


@given(st.just("a"), anything)
def test_anything_is_rendered_safely(name: str, body: str) -> None:
    rendered = render(builders.clause(name, body))
    published = Published(rendered.html)
    assert published.open == []
    assert set(published.tags) <= TAGS | {"h2"}
    assert {attribute for attribute, _ in published.attributes} <= ALLOWED_ATTRIBUTES
    assert all(scheme(address) in {*SCHEMES, ""} for address in published.of("href", "src"))
    assert not {"ins", "del", "script", "iframe", "style"} & set(published.tags)


@given(anything)
def test_every_id_is_the_clause_s_own(body: str) -> None:
    rendered = render(builders.clause("contact", body))
    ids = Published(rendered.body).of("id")
    assert all(name.startswith("contact--") for name in ids)
    assert tuple(ids) == rendered.ids
    assert len(set(ids)) == len(ids)
    assert Published(rendered.heading).of("id") == []


@given(anything, anything)
def test_rendering_does_not_depend_on_what_was_rendered_before(body: str, other: str) -> None:
    clause = builders.clause("a", body)
    once = render.__wrapped__(clause)
    render.__wrapped__(builders.clause("b", other))
    assert render.__wrapped__(clause) == once


@pytest.mark.parametrize("body", ["- " * 3000 + "x", "> " * 3000 + "x", "[[" * 800, "<b>" * 20_000 + "<p id=x>"])
def test_monstrous_nesting_is_rendered_and_leaves_nothing_behind(body: str) -> None:
    clause = builders.clause("a", "Text.\n\n- one\n\nText.")
    before = render.__wrapped__(clause)
    assert Published(render.__wrapped__(builders.clause("b", body)).html).open == []
    assert render.__wrapped__(clause) == before


@given(clause_lists())
def test_headings_and_words(clauses: tuple[Clause, ...]) -> None:
    for clause in clauses:
        rendered = render(clause)
        assert bool(rendered.heading) == bool(clause.heading) or rendered.heading == ""
        assert "\n" not in rendered.title
        title, words = rendering.words(clause)
        assert all(word.strip() == word and word for word in (*title, *words))


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("### Sub {#purpose}", '<h3 id="a--purpose">Sub</h3>'),
        ("<p id=purpose>x</p>", '<p id="a--purpose">x</p>'),
        ("### S {#s}\n\n[s](#s) [p](#purpose)", '<a href="#a--s">s</a> <a href="#purpose">p</a>'),
        ("x[^1]\n\n[^1]: n", '<sup id="a--fnref:1"><a class="footnote-ref" href="#a--fn:1">1</a></sup>'),
        ("<script>alert(1)</script>x", "x"),
        ("<a href='java&#115;cript:x' onclick='x'>b</a>", "<a>b</a>"),
        ("[b](java&#x09;script:x)", "<a>b</a>"),
        ("<ins>a</ins> <del>b</del>", "a b"),
        ("<b class='x' style='y'>a</b>", "<b>a</b>"),
        ("&#1;", "\ufffd"),
        ("<p id='&#1;'>x</p>", '<p id="a--\ufffd">x</p>'),
        ("| a |\n|:-:|\n| b |", '<td align="center">b</td>'),
    ],
)
def test_what_is_published_of(body: str, html: str) -> None:
    assert html in render(builders.clause("a", body)).body


@pytest.mark.parametrize("heading", ["1. Who we are", "12. Law", "- Law", "+ Law", "§ 4 Law", "3) Law", "1.2 Law"])
def test_a_heading_shows_its_number(heading: str) -> None:
    assert render(Clause("law", f"## {heading} {{#law}}\n\nText.")).title == heading


def test_a_heading_is_one_line_without_links() -> None:
    clause = Clause("a", "## [Our *data*](https://policies.example/) & <b>more</b> {#a}\n\nText.")
    rendered = render(clause)
    assert rendered.heading == "Our <em>data</em> &amp; more"
    assert rendered.title == "Our data & more"
    assert rendered.html.startswith("<h2>Our <em>data</em> &amp; more</h2>\n<p>")
    assert render(Clause(PREAMBLE, "Hello.")).html == "<p>Hello.</p>"


@pytest.mark.parametrize(
    ("body", "linked"),
    [("x", False), ("[a](https://policies.example/)", False), ("[a](../terms/)", True), ("[a](#b)", True)],
)
def test_whether_a_clause_depends_on_its_page(body: str, linked: bool) -> None:
    assert render(builders.clause("a", body)).linked is linked


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("../terms/", "../../terms/"),
        ("1.0/", "../1.0/"),
        ("image.png", "../image.png"),
        ("./", "../"),
        ("", ".."),
        ("?a=b#c", "../?a=b#c"),
        ("https://policies.example/", "https://policies.example/"),
        ("mailto:a@policies.example", "mailto:a@policies.example"),
        ("/root", "/root"),
        ("//host/a", "//host/a"),
        ("#contact", "../#contact"),
        ("#a--b", "#a--b"),
    ],
)
def test_addresses_seen_from_another_page(address: str, seen: str) -> None:
    html = f'<a href="{address}">x</a> <img src="{address}">'
    moved = rendering.clean(html, rewrite=rewriting.moved("../", "../"))
    assert [value.rstrip("/") for value in Published(moved).of("href", "src")] == [seen.rstrip("/")] * 2


@pytest.mark.parametrize(
    "address", ["x/../javascript:alert(1)", "./javascript:alert(1)", "%6a/..//javascript:alert(1)"]
)
@pytest.mark.parametrize("up", ["", "./", "../"])
def test_no_address_gets_a_scheme_from_another_page(address: str, up: str) -> None:
    moved = rendering.clean(f'<a href="{address}">x</a>', rewrite=rewriting.moved(up))
    assert [scheme(found) for found in Published(moved).of("href")] == [""]


def test_text_that_looks_like_an_attribute_is_left_alone() -> None:
    body = 'Write href="x" and id="y" and <p title="a id=" id="z">src="q"</p>.'
    rendered = render(builders.clause("a", body))
    assert rendered.ids == ("a--z",)
    assert 'Write href="x" and id="y" and' in rendered.body
    moved = rendering.clean(rendered.body, rewrite=rewriting.moved("../", "../"))
    assert moved == rendered.body


def test_giving_ids_changes_nothing_else() -> None:
    body = "<p></p>tail <span></span>x\n\n- \n\n<p id='a'>y</p>"
    plain = render(builders.clause("a", body.replace(" id='a'", ""))).body
    assert render(builders.clause("a", body)).body == plain.replace("<p>y", '<p id="a--a">y')


@given(anything)
def test_addresses_are_all_that_moving_a_clause_changes(body: str) -> None:
    rendered = render(builders.clause("a", body)).body
    moved = rendering.clean(rendered, rewrite=rewriting.moved("../", "https://policies.example/privacy/"))
    here, there = Published(rendered), Published(moved)
    assert here.tags == there.tags
    assert rendering.text_of(rendered) == rendering.text_of(moved)
    assert [pair for pair in here.attributes if pair[0] not in ("href", "src")] == [
        pair for pair in there.attributes if pair[0] not in ("href", "src")
    ]


@given(anything)
def test_hazards_are_found_in_anything(text: str) -> None:
    try:
        file = clauses.read_clause("a", text.encode(), "a.md")
    except InForceError:
        return
    for problem in unsafe.find(file):
        assert 1 <= problem.line <= text.count("\n") + text.count("\r") + 1


@given(
    st.sampled_from(["[a]({})", "![a]({})", "<a href='{}'>a</a>", "[a]: {}\n\n[a]", "[a](<{}>)"]),
    st.lists(st.sampled_from(["plain", "upper", "decimal", "hex", "tab", "newline"]), min_size=10, max_size=10),
)
def test_no_disguise_of_a_script_s_address_escapes_the_check(form: str, ways: list[str]) -> None:
    disguises = {
        "plain": str,
        "upper": str.upper,
        "decimal": lambda letter: f"&#{ord(letter)};",
        "hex": lambda letter: f"&#x{ord(letter):X};",
        "tab": lambda letter: letter + "&Tab;",
        "newline": lambda letter: letter + "&NewLine;",
    }
    word = "".join(disguises[way](letter) for letter, way in zip("javascript", ways, strict=True))
    markdown = form.format(f"{word}:alert(1)")
    found = unsafe.find(clauses.read_clause("a", f"## A\n\n{markdown}\n".encode(), "a.md"))
    assert any(problem.rule == "link-scheme" and problem.line == 3 for problem in found), found
    published = Published(render(builders.clause("a", markdown)).body)
    assert all("script" not in html_entities.unescape(address).casefold() for address in published.of("href", "src"))


def test_what_a_page_brings() -> None:
    page = """<!doctype html><title>a</title><script>run()</script><script type="application/json">{"a": 1}</script>
<script src="a.js" type="module"></script><link rel="icon" href="b.png"><link rel="preload stylesheet" href="c.css">
<p title="<script>no()</script>">&lt;script&gt;no()<img src="//host/d.png"></p><iframe src="e/"></iframe>"""
    found = list(rendering.brought(page))
    assert found == [("", "run()"), ("script", "a.js"), ("link", "c.css"), ("img", "//host/d.png"), ("iframe", "e/")]
    assert list(rendering.brought("")) == []


def test_ids_and_links_are_read_off_the_tree() -> None:
    html = '<p id="a" title="x id=">y id="b" and href="#c"</p><a href="d?e=1&amp;f=2">g</a>'
    assert rendering.ids_in(html) == {"a"}
    assert rendering.links_in(html) == ["d?e=1&f=2"]
    assert render(builders.clause("a", 'See href="#nowhere" and [b](../c/).')).links == ("../c/",)
