"""The proof over words: none is joined to another or parted, whatever a page or a text holds; nothing is refused."""

from __future__ import annotations

import re
from dataclasses import replace

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.importing.histories import Imported, imported, snapshot
from inforce.errors import InForceError
from inforce.importing import markup, page_markdown, reading, web_pages
from inforce.importing.conservation import Shown
from inforce.importing.histories import share
from inforce.text import html as rendering

INLINE = (
    "a href=/x",
    "abbr",
    "b",
    "code",
    "del",
    "em",
    "font",
    "i",
    "ins",
    "mark",
    "s",
    "small",
    "span",
    "strong",
    "u",
)
BLOCKS = ("address", "article", "center", "div", "figure", "section", "blockquote", "fieldset")
OF_LINES = ("h2", "h3", "p", "pre")
LISTS = {"ul": "li", "ol": "li", "dl": "dd", "table": "tr><td"}
ENDS = ("", "", " ", "\n", "&nbsp;", "<br>", ".", ", ", "<wbr>", "<!-- x -->", "<img src=x alt=Logo>")

_word = st.sampled_from(["We", "keep", "your", "data", "for", "ten", "years", "§", "(a)", "1.", "5 %", "«so»", "数据"])
_text = st.lists(st.builds("{}{}".format, _word, st.sampled_from(ENDS)), min_size=1, max_size=4).map("".join)


def _closed(tag: str) -> str:
    return "".join(f"</{each.split()[0]}>" for each in reversed(tag.split("><")))


def _within(tags: st.SearchStrategy[str], inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda tag, held: f"<{tag}>{held}{_closed(tag)}", tags, inner)


def _joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(inner, min_size=1, max_size=4).map("".join)


_line = st.recursive(_text, lambda inner: _joined(_within(st.sampled_from(INLINE), inner) | _text), max_leaves=6)
_parts = st.recursive(
    _line,
    lambda inner: _joined(
        _within(st.sampled_from(BLOCKS), inner)
        | _within(st.sampled_from([f"{outer}><{item}" for outer, item in LISTS.items()]), inner)
        | _within(st.sampled_from(OF_LINES), _line)
        | _line
    ),
    max_leaves=12,
)
HEAD, END = "<html><body><main><h1>Terms</h1><p>1 May 2020</p><p>So.</p>", "</main></body></html>"
pages = _parts.map(f"{HEAD}{{}}{END}".format)


def brought_in(page: str) -> Imported:
    """A page, imported as the command imports it."""
    found = web_pages.read(page.encode(), "old.html")
    text = snapshot(found.markdown.decode())
    whole = replace(text.reading, left=(*found.left, *text.reading.left))
    return imported([replace(text, data=share(found.markdown), reading=whole)])


def shown(html: str) -> list[str]:
    """The words of HTML, by a tree: not as the proof reads them."""
    tree = lxml.html.fragment_fromstring(html, create_parent="div")
    for picture in tree.iter("img"):
        picture.tail = f"{picture.get('alt')}{picture.tail or ''}"
    for element in tree.iterdescendants():
        if element.tag in markup.BLOCKS:
            element.text, element.tail = f"\n{element.text or ''}", f"\n{element.tail or ''}"
    words = [re.sub(r"[\W_]+", "", each) for each in tree.text_content().split()]
    return [word for word in words if word]


@given(pages)
def test_what_a_page_shows_is_what_is_published_word_by_word(page: str) -> None:
    """No page of those is refused; a list's numbers are no words of it, and a date or a title is accounted for."""
    inner = page.removeprefix(HEAD).removesuffix(END)
    clauses = brought_in(page).made[0].version.clauses
    assert [word for each in clauses for word in shown(rendering.render(each).html)] == ["So", *shown(inner)]


@pytest.mark.parametrize(("fault", "page"), [
    ("_led_out", "<p>We keep <b>data&nbsp;</b>we have.</p>"),
    ("_begun", "<p>We keep<b> data</b>, we have.</p>"),
    ("_parted", "<ul><li>We keep<ul><li>data</li></ul>we have.</li></ul>"),
])  # fmt: skip
def test_a_page_whose_words_an_import_would_join_is_refused(
    monkeypatch: pytest.MonkeyPatch, fault: str, page: str
) -> None:
    def joins(element: lxml.html.HtmlElement) -> None:
        for each in (element, *element):
            each.text, each.tail = (each.text or "").strip(), (each.tail or "").strip()

    web_pages.read(f"<html><body>\n{page}".encode(), "old.html")
    monkeypatch.setattr(page_markdown, fault, joins)
    with pytest.raises(InForceError, match=r"old\.html:2: Its words would not be kept: “.*” in the page, here “"):
        web_pages.read(f"<html><body>\n{page}".encode(), "old.html")


@pytest.mark.parametrize(
    "text",
    [
        "We keep data.<div>We have it.</div>",
        "We keep <section>data</section><section>we</section> have.",
        "<header>We keep</header>data",
        "We keep<form>data</form>",
        "We keep<div>**data**</div>",
    ],
)
def test_a_text_whose_words_an_import_would_join_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    whole = f"# Terms\n\n## Data\n\nSo.\n\n{text}\n"
    [made] = imported([snapshot(whole)]).made
    published = shown(rendering.render(made.version.clauses[0]).body)
    assert published == shown(f"<p>So.</p>{text}")
    monkeypatch.setattr(markup, "_kept_apart", lambda *_, **__: "")
    markup.publishable.cache_clear()
    reading._safe_text.cache_clear()
    with pytest.raises(InForceError, match=r"text\.md:7: Its words would not be kept: “.*” in the source, here “"):
        imported([snapshot(whole)])
    markup.publishable.cache_clear()
    reading._safe_text.cache_clear()


def test_a_word_that_is_shown_and_was_not_is_told_with_its_line() -> None:
    [made] = imported([snapshot("# Terms\n\n## Data\n\nWe keep it.\n\n<!gone Hidden>\n\nSo.\n")]).made
    told = "“keep it So” is shown as “keep it gone Hidden So”: make sure that it says what readers saw"
    assert (9, told) in made.notes


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("one<b>two</b>three", "onetwothree"),
        ("one<p>two</p>three", "one two three"),
        ("one<br>two<br/>three", "one two three"),
        ("<table><tr><td>one<td>two</table>three", "one two three"),
        ("one&nbsp;two&#8203;x", "one twox"),
        ("one</div>two</p>three", "onetwo three"),
        ("one<span style='display: block'>two</span>three", "one two three"),
        ("one<script>x</script>two<style>y</style><title>z</title>", "onetwo"),
        ("one<svg><text>x</text></svg>two<noscript>y</noscript>", "onetwo x y"),
        ("one<!-- x --><!doctype x><![if y]>two", "onetwo"),
        ("one<my-part>two</my-part>", "onetwo"),
        ("a § (b) &amp; c-d", "a b cd"),
    ],
)
def test_words_are_parted_where_a_browser_parts_them(html: str, words: str) -> None:
    assert Shown(html).words == words.split()


def test_a_note_that_a_loose_heading_refers_to_is_lost_nowhere() -> None:
    [made] = imported([snapshot("## A\n\nx\n\n##See it[^1]\n\n[^1]: The note.\n\ny\n")]).made
    assert [each.body for each in made.version.clauses] == ["x", "\\[^1]: The note.\n\ny"]
