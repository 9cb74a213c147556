"""A saved page: the policy is taken with its structure, what stands around it is told, no word is neither."""

from __future__ import annotations

import re

import lxml.html
import pytest

from inforce.errors import InForceError
from inforce.importing import reading, web_pages
from inforce.text.markdown import read as reading_of


def markdown(html: str) -> str:
    return web_pages.read(html.encode(), "old.html").markdown.decode().strip()


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<ol type="a" start="3"><li>x<li>y</ol>', '<ol start="3" type="a"><li>x</li><li>y</li></ol>'),
        ('<ol type="A"><li>x<ol type="i"><li>y<li>z</ol></ol>', "A.  x\n\n    i.  y\n    ii. z"),
        ('<ul><li>x<ol start="4"><li>y</ol></ul>', "- x\n\n  4. y"),
        ('<ol><li>x<li value="5">y</ol>', '<ol><li>x</li><li value="5">y</li></ol>'),
        ("<ol reversed><li>x<li>y</ol>", '<ol reversed=""><li>x</li><li>y</li></ol>'),
        ("<p>m<sup>2</sup>, H<sub>2</sub>O</p>", "m<sup>2</sup>, H<sub>2</sub>O"),
        ("<p>a <del>b</del> <strike>c</strike> <ins>d</ins></p>", "a ~~b~~ ~~c~~ <u>d</u>"),
        ("<p><s><del>a</del></s></p>", "~~a~~"),
        ("<p><del>a <i><strike>b</strike></i></del> c</p>", "~~a *b*~~ c"),
        ('<h2>A<a class="hash-link" href="#a">#</a></h2><p>x</p>', "## A\n\nx"),
        ('<h2><a href="https://a.example/t#a"><i>¶</i></a> A <a href="#b">b</a></h2><p>x</p>', "## A [b](#b)\n\nx"),
        ("<p class=MsoTitle><span>Privacy</span></p><h1>1. Data</h1><p>x</p>", "# Privacy\n\n# 1. Data\n\nx"),
        ("<dl><dt>Term<dd>What it means</dl>", "Term\n:   What it means"),
        (
            "<table><tr><th>a<th colspan=2>b<tr><td>1<td>2<td>3</table>",
            '<table><tbody><tr><th>a</th><th colspan="2">b</th></tr>'
            "<tr><td>1</td><td>2</td><td>3</td></tr></tbody></table>",
        ),
        (
            '<table><tr><th>a<th>b<tr><td><img src="x.png" alt="Logo"><td>2</table>',
            "| a | b |\n| --- | --- |\n| ![Logo](x.png) | 2 |",
        ),
    ],
)
def test_structure_is_kept(html: str, expected: str) -> None:
    assert markdown(f"<html><body><main>{html}</main></body></html>") == expected
    beside = web_pages.read(f"<html><body>Before<main>{html}</main>Beyond</body></html>".encode(), "old.html")
    assert beside.markdown.decode().strip() == expected
    assert [each.text for each in beside.left] == ["Before Beyond"]


@pytest.mark.parametrize("kind", ["1", "a", "A", "i", "I"])
@pytest.mark.parametrize("items", [1, 2, 26, 28])
@pytest.mark.parametrize("start", [1, 2, 3])
def test_a_list_is_one_whatever_it_counts_with(kind: str, items: int, start: int) -> None:
    inner = f'<ol type="i" start="{start}"><li>one</li><li>two</li></ol>'
    rows = "".join(f"<li>item {number}{inner if number == items else ''}</li>" for number in range(1, items + 1))
    written = markdown(f'<html><body><main><ol type="{kind}" start="{start}">{rows}</ol></main></body></html>')
    shown = lxml.html.fromstring(f"<div>{reading_of(written).html}</div>")
    assert len(shown.xpath("//ol")) == 2
    assert len(shown.xpath("//li")) == items + 2
    assert not shown.xpath("//pre")


@pytest.mark.parametrize(
    "before",
    [
        '<a name="who"></a><h2>Who</h2>',
        '<h2 id="who">Who</h2>',
        '<div id="who"><h2>Who</h2></div>',
        '<h2><span id="who">Who</span></h2>',
        '<h2><a name="who">Who</a></h2>',
        '<p id="who"></p><h2>Who</h2>',
    ],
)
def test_a_name_stands_where_its_text_begins(before: str) -> None:
    assert markdown(f'<html><body><p>See <a href="#who">who</a></p>{before}<p>x</p></body></html>') == (
        'See [who](#who)\n\n## <a name="who"></a>Who\n\nx'
    )


@pytest.mark.parametrize(
    "around",
    [
        "<main>{}</main>",
        "<div role=main>{}</div>",
        "<article>{}</article>",
        "<div id=content>{}</div>",
    ],
)
def test_what_stands_around_the_text_is_left_and_told(around: str) -> None:
    text = f"<h1>Terms</h1><h2 id=cookies>Cookies</h2><p>{'We set one. ' * 20}</p>"
    page = (
        "<html><head><title>T</title></head><body><div class='site-header x'>Shop</div><nav>Home</nav>"
        f"<div id='cookie-banner'><h2>Mind cookies</h2></div>{around.format(text)}"
        "<div role=contentinfo>Imprint</div><noscript>Script!</noscript></body></html>"
    )
    found = web_pages.read(page.encode(), "old.html")
    front, _, shown = found.markdown.decode().partition("# Terms\n\n")
    assert front == "---\ntitle: T\n---\n"
    assert shown.startswith('## <a name="cookies"></a>Cookies\n\nWe set one.')
    assert sorted((each.why, each.text) for each in found.left) == [
        ("hidden part", "Script!"),
        *(("navigation", text) for text in ("Home", "Imprint", "Mind cookies", "Shop")),
    ]


MARKED = (
    "a href='/x'",
    "b",
    "strong",
    "em",
    "i",
    "u",
    "s",
    "del",
    "ins",
    "sup",
    "code",
    "span",
    "font",
    "mark",
    "small",
)
BLOCKS = (
    *("p", "div", "section", "article", "figure", "address", "center", "fieldset", "details", "blockquote", "ul><li"),
    *("ol><li", "table><tr><td", "h3", "pre", "dl><dt"),
)


@pytest.mark.parametrize("edge", [" ", "\n", "&nbsp;", "<br>", "<br><br>\n", " <i> </i>", "<i><br></i>"])
@pytest.mark.parametrize("tag", MARKED)
def test_a_blank_or_a_break_at_the_edge_of_a_mark_keeps_words_apart(tag: str, edge: str) -> None:
    end = tag.split()[0]
    for inner in (f"one<{tag}>two{edge}</{end}>three", f"one<{tag}>{edge}two</{end}>three"):
        for page in (f"<p>{inner}</p>", f"<p><b>{inner}</b></p>", f"<ul><li>{inner}</li></ul>"):
            shown = lxml.html.fromstring(f"<div>{reading_of(markdown(f'<html><body>{page}')).html}</div>")
            words = "onetwo three" if f"two{edge}" in inner else "one twothree"
            assert " ".join(shown.text_content().split()) == words, page


@pytest.mark.parametrize("around", ["div", "blockquote", "ul><li", "section", "dl><dd"])
@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_keeps_words_apart(block: str, around: str) -> None:
    closed, ended = ("".join(f"</{each}>" for each in reversed(each.split("><"))) for each in (block, around))
    for behind in ("three", "<b>three</b>"):
        written = markdown(f"<html><body><{around}>one<{block}>two{closed}{behind}{ended}")
        assert re.findall("one|two|three", written) == ["one", "two", "three"]
        assert not re.search("onetwo|two[*]*three", written)


PARTS = (
    *("nav", "header", "footer", "aside", "form", "dialog", "div role=search", "div class=menu", "div class=msocomtxt"),
    *("noscript", "template", "svg"),
)


@pytest.mark.parametrize("whole", ["form", "form id=aspnetForm", "dialog open", "div role=dialog"])
@pytest.mark.parametrize("page", ["{}", "<main>{}</main>"])
def test_what_is_around_all_of_a_text_is_a_part_of_no_page(page: str, whole: str) -> None:
    text = f"<h2>Terms</h2><p>{'We set one. ' * 20}</p><nav>Home</nav><button>Search</button>"
    written = page.format(f"<{whole}>{text}</{whole.split()[0]}>")
    found = web_pages.read(f"<html><body>{written}</body></html>".encode(), "old.html")
    assert found.markdown.decode().strip() == f"## Terms\n\n{('We set one. ' * 20).strip()}"
    assert [each.text for each in found.left] == ["Home", "Search"]
    countries = f"<select>{'<option>Land' * 200}</select>"
    beside = web_pages.read(f"<html><body>{text}<{whole}>{countries}</{whole.split()[0]}>".encode(), "old.html")
    assert "Land" not in beside.markdown.decode()


@pytest.mark.parametrize("part", PARTS[:-4])
@pytest.mark.parametrize("whole", ["<main>{}</main>", "<div>{}</div>"])
def test_words_around_a_part_that_is_left_stay_apart(whole: str, part: str) -> None:
    text = f"{'We set one. ' * 20}It is one.<{part}>Shop</{part.split()[0]}>We keep it."
    assert "one. We keep it." in " ".join(markdown(f"<html><body>{whole.format(text)}</body></html>").split())


@pytest.mark.parametrize("inner", [*PARTS, "iframe"])
@pytest.mark.parametrize("outer", PARTS)
@pytest.mark.parametrize("place", ["<main>{text}</main>{part}", "<main>{text}{part}</main>", "<div>{text}{part}</div>"])
def test_a_part_within_a_part_is_left_once(place: str, outer: str, inner: str) -> None:
    """As the navigation in a footer is, and whatever else a site puts into one another."""
    within = f"<{inner}>Links</{inner.split()[0]}>"
    part = f"<{outer}>Acme {within} Ltd.</{outer.split()[0]}>"
    text = f"<h1>Terms</h1><p>{'We set one. ' * 20}</p>"
    found = web_pages.read(f"<html><body>{place.format(text=text, part=part)}</body></html>".encode(), "old.html")
    shown = found.markdown.decode() + " ".join(each.text for each in found.left)
    assert [shown.count(word) for word in ("Terms", "Acme", "Links", "Ltd.")] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2>1. Data</h2><p>x</p>", "## 1. Data\n\nx"),
        ("<p>Terms &amp; more, AT&amp;T, in 2019. We, +49 30 1</p>", "Terms & more, AT&T, in 2019. We, +49 30 1"),
        ("<table><tr><th>1. a</th></tr><tr><td>2) b</td></tr></table>", "| 1. a |\n| --- |\n| 2) b |"),
        ("<p>1. Data</p>", "1\\. Data"),
        ("<p>in<br>2019. We</p>", "in  \n2019\\. We"),
        ("<p>in\n2019. We</p>", "in\n2019\\. We"),
        ("<p>+ x</p><p>a\n+ b</p>", "\\+ x\n\na\n\\+ b"),
        ("<p>&amp;amp; &amp;#38; &amp;lt</p>", "\\&amp; \\&#38; &lt"),
    ],
)
def test_a_backslash_stands_only_where_a_mark_would_be_read(html: str, expected: str) -> None:
    assert markdown(f"<html><body>{html}</body></html>") == expected
    assert web_pages.read(f"<html><body>{html}</body></html>".encode(), "old.html")


@pytest.mark.parametrize(
    "text",
    [
        '<h2 class="header">Data</h2><p>We keep it.</p>',
        '<h2 id="menu">Data</h2><p>We keep it.</p>',
        '<table><thead><tr class="header"><th>Who</th></tr></thead><tr><td><p>Post</p></td></tr></table>',
        '<table><tr><th class="header">Who</th></tr><tr id="footer"><td>Post</td></tr></table>',
        '<table><tr class="header"><td>Who</td><td>Why</td></tr><tr><td>Post</td><td>Parcels</td></tr></table>',
        '<dl><dt class="header">Order</dt><dd class="top-bar">A wish.</dd></dl>',
    ],
)
def test_no_heading_or_part_of_a_table_is_around_the_text_whatever_it_is_called(text: str) -> None:
    page = f"<html><body><p>{'We tell you. ' * 20}</p>{text}</body></html>"
    assert not web_pages.read(page.encode(), "old.html").left


def test_a_cell_that_holds_a_part_of_an_old_site_is_around_the_text() -> None:
    text = f"<td><p>{'We tell you. ' * 20}</p></td>"
    page = f"<html><body><table><tr><td class='menu'><p>Home</p></td>{text}</tr></table></body></html>"
    assert [each.text for each in web_pages.read(page.encode(), "old.html").left] == ["Home"]


def test_a_word_that_another_parser_finds_and_nobody_kept_refuses_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_pages, "_outside", lambda _page, _root: [])
    with pytest.raises(InForceError, match="neither in the policy nor in what was left out"):
        web_pages.read(b"<html><body><main>Kept</main><p>Lost</p></body></html>", "old.html")


def test_a_page_too_deep_is_refused_in_words() -> None:
    page = f"<html><body>{'<div>' * 2000}<h1>T</h1><p>Deep.</p>"
    with pytest.raises(InForceError, match=r"Its parts stand too deep in one another\. Save the text"):
        web_pages.read(page.encode(), "old.html")


@pytest.mark.parametrize("front", ["---\nlayout: page\ntitle: Terms\n---\n", '+++\ntitle = "Terms"\n+++\n'])
def test_the_front_matter_of_a_page_is_no_text_of_it(front: str) -> None:
    found = web_pages.read(f"{front}<main><p>We keep it.</p></main>".encode(), "terms.html")
    read = reading.read(found.markdown, "terms.html")
    assert (read.title, [section.body for section in read.sections]) == ("Terms", ["We keep it."])
    assert [each.text for each in found.left if each.why == "front matter"] == [front.rstrip("\n")]


def test_what_reviewers_wrote_beside_a_text_is_none_and_their_changes_are_told() -> None:
    page = web_pages.read(
        b"<html><body><div class=WordSection1><h1>Privacy</h1><p>We keep it "
        b'for <del cite="mailto:Jo">ten</del> <ins>six</ins> years.<a class=msocomanchor href="#_msocom_1">[J1]</a></p>'
        b"</div><div style='mso-element:comment-list'><div class=msocomtxt><p>Really?</p></div></div></body></html>",
        "old.html",
    )
    assert page.markdown.decode().strip() == "# Privacy\n\nWe keep it for ~~ten~~ <u>six</u> years."
    assert [(each.why, each.text) for each in page.left] == [
        ("reviewer's comment", "[J1]"),
        ("reviewer's comment", "Really?"),
    ]
    assert page.told == tuple(
        f"{word} is marked as {how}, and stays as it shows: decide whether it was in force"
        for word, how in (("ten", "deleted"), ("six", "inserted"))
    )


@pytest.mark.parametrize("tag", ["b", "div", "span", "ins"])
def test_marks_and_parts_too_deep_in_one_another_are_refused(tag: str) -> None:
    assert markdown(f"<html><body><p>We keep it.</p>{f'<{tag}>' * 200}x").startswith("We keep it.")
    with pytest.raises(InForceError, match="too deep"):
        markdown(f"<html><body><p>We keep it.</p>{f'<{tag}>' * 10_000}x")


TEXT = f"<p>{'We set one. ' * 20}</p>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a<br><select><option>English<option>Deutsch</select>b</p>", "a  \nb"),
        ("<p>a <textarea>b\nc</textarea></p>", "a\n\nb\nc"),
        ("<span style='display:block'>One</span><span style='display:block'>Two</span>", "One\n\nTwo"),
        ("<ol style='list-style-type: lower-alpha'><li>x<li>y</ol>", "a.  x\nb.  y"),
        ("<ol style='list-style: upper-roman inside'><li>x<li>y</ol>", "I.  x\nII. y"),
        ("<ul><li>a</li><ul><li>b</li></ul><li>c</li></ul>", "- a\n  - b\n- c"),
        ("<p>a <img src='data:image/png;base64,AA' alt=Seal> <code>b<img src=x alt=C></code></p>", "a Seal `bC`"),
        ("<p>a <video src=x>No video</video><object>No map</object> b</p>", "a b"),
        ("<section><header><h2>Data</h2></header><p>x</p></section>", "## Data\n\nx"),
        ("<dl><dd>a<dl><dd>b</dl></dl>", "a\n\nb"),
        ("<pre>a <u>b</u> <sup>c</sup></pre>", "```\na b c\n```"),
        ("<table><tr><td colspan=2><small>a<sup>1</sup></small> <img src=x alt=Logo></td></tr></table>",
         '<table><tbody><tr><td colspan="2"><span>a<sup>1</sup></span> <a href="x">Logo</a></td></tr></tbody></table>'),
        ("<!--[if gte mso 9]><xml><w:x>1</w:x></xml><![endif]--><p>a</p><![if !vml]><p>b</p><![endif]>", "a\n\nb"),
        ("<p>a<wbr>b <bdi>c </bdi><a href='/x'>d<a href='/y'>e</a></a></p>", "ab c [d](/x)[e](/y)"),
    ],
)  # fmt: skip
def test_what_pages_are_made_of_is_taken_for_what_it_shows(html: str, expected: str) -> None:
    written = markdown(f"<html><body><main>{TEXT}{html}</main></body></html>")
    assert written.removeprefix(("We set one. " * 20).strip()).strip() == expected


def test_comments_of_a_google_document_are_left_and_told() -> None:
    page = web_pages.read(
        f"<html><body><h1>P</h1>{TEXT}<p>It is<sup><a href='#cmnt1' id=cmnt_ref1>[a]</a></sup> so.</p>"
        "<div class=c9><p><a href='#cmnt_ref1' id=cmnt1>[a]</a><span>Is it?</span></p></div></body></html>".encode(),
        "old.html",
    )
    assert page.markdown.decode().endswith("It is so.\n")
    assert [(each.why, each.text) for each in page.left] == [
        ("reviewer's comment", "[a]"),
        ("reviewer's comment", "[a]Is it?"),
    ]


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ("<p hidden>Not <i hidden>so</i>.</p>", "“Not so.” is hidden on the page as it was saved"),
        ("<p style='color:red; display: none'>Not so.</p>", "“Not so.” is hidden on the page as it was saved"),
        ("<p style='mso-list:l0 level1'><span style='mso-list:Ignore'>a)</span>x</p>", "Word's list items (1) are"),
        ("<p class=MsoListParagraphCxSpFirst>· x</p>", "Word's list items (1) are paragraphs"),
        ("<style>li::before{content:counter(item)}</style><ol><li>x</ol>", "the page's style (counter(item) writes"),
        ("<style>ol {list-style-type: lower-alpha}</style><ol><li>x</ol>", "list-style-type: lower-alpha) writes"),
    ],
)
def test_what_readers_may_not_have_seen_so_is_told(html: str, told: str) -> None:
    page = web_pages.read(f"<html><body><main>{TEXT}{html}</main></body></html>".encode(), "old.html")
    [only] = page.told
    assert told in only
    plain = web_pages.read(f"<html><body><main>{TEXT}<ol><li>x</ol></main></body></html>".encode(), "old.html")
    assert plain.told == ()
