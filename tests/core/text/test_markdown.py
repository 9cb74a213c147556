"""The structure of a text: what is code, where links and headings stand, how deep it goes; and the page of the same."""

from __future__ import annotations

import pytest
from hypothesis import given

from core.strategies import anything, markdown
from inforce.text import normal as texts
from inforce.text import unsafe
from inforce.text.clauses import read_clause
from inforce.text.html import document
from inforce.text.markdown import DEEPEST, read


@given(markdown)
def test_blanking_moves_nothing(text: str) -> None:
    found = read(texts.normalise(text))
    for blanked in (found.bare, found.plain, found.raw):
        assert [len(line) for line in blanked.split("\n")] == [len(line) for line in found.rows]
        assert all(new in (old, " ") for old, new in zip(found.source, blanked, strict=True))


@given(anything)
def test_places_lie_within_the_text(text: str) -> None:
    found = read(text)
    lines = len(found.rows)
    assert all(1 <= heading.first <= heading.last <= lines for heading in found.headings)
    assert found.code_lines | found.verbatim_lines | found.breaks <= set(range(1, lines + 1))
    for link in found.links:
        assert 1 <= link.line <= lines
        assert 0 <= link.start <= link.end <= len(found.source)
        assert link.whole[0] <= link.shown[0] <= link.shown[1] <= link.whole[1] or link.shown == (0, 0)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("a `b` c", "a     c"),
        ("a ``b`c`` d", "a         d"),
        ("a \\`b\\` c", "a \\`b\\` c"),
        ("a ` b\n\nc ` d", "a ` b\n\nc ` d"),
        ("a `b\nc` d", "a   \n   d"),
        ("```\nx\n```\ny", "   \n \n   \ny"),
        ("``` two words\nx\n```", "             \n \n   "),
        ("~~~\n```\n~~~\ny", "   \n   \n   \ny"),
        ("    # x\n\ny", "       \n\ny"),
        ("- a\n\n      # x", "- a\n\n         "),
        ("> ```\n> x\n> ```", "     \n   \n     "),
        ("| `a` | b |\n|---|---|\n| x \\| `y` | `a` |", "|     | b |\n|---|---|\n| x \\|     |     |"),
    ],
)
def test_what_is_code(text: str, bare: str) -> None:
    assert read(text).bare == bare


@pytest.mark.parametrize(
    ("text", "kind", "address", "written", "whole", "shown"),
    [
        ("a [b](c) d", "link", "c", "c", "[b](c)", "b"),
        ('a [b]( <c d> "e" )', "link", "c d", "c d", '[b]( <c d> "e" )', "b"),
        ("[b](x(y)\\)z)", "link", "x(y))z", "x(y)\\)z", "[b](x(y)\\)z)", "b"),
        ("> [b\n> c](#d)", "link", "#d", "#d", "[b\n> c](#d)", "b\n> c"),
        ("- a\n\t[b](#d)", "link", "#d", "#d", "[b](#d)", "b"),
        ("### [b](c) {#e}", "link", "c", "c", "[b](c)", "b"),
        ("| a | [b](c\\|d) |\n|---|---|", "link", "c|d", "c\\|d", "[b](c\\|d)", "b"),
        ("![b](c)", "image", "c", "c", "![b](c)", "b"),
        ("<https://a.example>", "auto", "https://a.example", "<https://a.example>", "<https://a.example>", None),
        ("see www.a.example.", "auto", "http://www.a.example", "www.a.example", "www.a.example", None),
        ("[b]:\n  <c d> 'e'", "definition", "c d", "c d", "[b]:\n  <c d> 'e'", None),
        ("<a href='&#35;c'>b</a>", "html", "#c", "&#35;c", "&#35;c", None),
    ],
)
def test_where_a_link_stands(text: str, kind: str, address: str, written: str, whole: str, shown: str | None) -> None:
    [link] = read(text).links
    assert (link.kind, link.address) == (kind, address)
    assert text[link.start : link.end] == written
    assert text[slice(*link.whole)] == whole
    assert shown is None or text[slice(*link.shown)] == shown


def test_a_reference_has_the_address_of_its_definition() -> None:
    reference, definition = read("[a][b]\n\n[b]: c").links
    assert (reference.kind, reference.address, reference.line) == ("reference", "c", 1)
    assert (definition.kind, definition.address, definition.line) == ("definition", "c", 3)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\n\n```\nb", 3),
        ("```\nb\n```", 0),
        ("````\nb\n```", 1),
        ("> ```\n> b\n> ```", 0),
        ("```\n```", 0),
        ("```", 1),
    ],
)
def test_a_fence_that_is_never_closed(text: str, line: int) -> None:
    assert read(text).open_fence == line


def test_headings_and_where_they_stand() -> None:
    found = read("# A\n\nB\nb\n---\n\n> ### C {#c} ##\n\n```\n# no\n```\n\n    # nor this\n").headings
    assert [(each.level, each.text, each.id, each.first, each.last) for each in found] == [
        (1, "A", "", 1, 1),
        (2, "B\nb", "", 3, 5),
        (3, "C", "c", 7, 7),
    ]
    assert [(each.underlined, each.nested) for each in found] == [(False, False), (True, False), (False, True)]


@pytest.mark.parametrize("mark", ["- ", "> ", "1. ", "+ > "])
def test_what_is_nested_too_deep_is_shown_as_it_is_written_and_refused(mark: str) -> None:
    containers = len(mark) - 1 if mark == "1. " else len(mark) // 2
    fine, deep = (mark * (count // (containers if mark != "1. " else 1)) for count in (DEEPEST // 2 - 1, DEEPEST + 2))
    assert "<p>x" in document(f"{fine}x") or "<li>x" in document(f"{fine}x")
    assert document(f"{deep}x") == f"<pre>{deep.replace('>', '&gt;')}x</pre>"
    told = [
        problem
        for problem in unsafe.find(read_clause("a", f"## A\n\n{deep}x\n".encode(), "a.md"))
        if problem.rule == "nesting"
    ]
    assert [problem.place for problem in told] == ["a.md:3"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("- a\n  - b", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>"),
        ("1. a\n   - b", "<ol>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ol>"),
        ("a:\n- b", "<p>a:</p>\n<ul>\n<li>b</li>\n</ul>"),
        ("- a\n\n  b\n- c", "<ul>\n<li>\n<p>a</p>\n<p>b</p>\n</li>\n<li>\n<p>c</p>\n</li>\n</ul>"),
        ("> [!TIP]\n> a", '<div class="admonition tip">\n<p class="admonition-title">Tip</p>\n<p>a</p>\n</div>'),
        ("!!! tip\n    a", '<div class="admonition tip">\n<p class="admonition-title">Tip</p>\n<p>a</p>\n</div>'),
        ("!!! Attention: all\n    a", "<p>!!! Attention: all\na</p>"),
        ("a\n: b", "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>"),
        ("~~a~~ and ~b~", "<p><s>a</s> and <s>b</s></p>"),
        ("*[HTML]: x", "<p>*[HTML]: x</p>"),
    ],
)
def test_the_page_is_what_a_git_host_shows(text: str, html: str) -> None:
    assert document(text) == html


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a\n*[HTML]: x", 2, "An abbreviation is shown as it is written"),
        ("a\n\nb {: .c}", 3, "What looks like attributes is shown as it is written"),
        ("[TOC]", 1, "A table of contents is shown as it is written"),
        ("- a\n- [ ] b", 2, "A preview makes a box to tick of this, and the page does not"),
        ("a\n:warning: b", 2, "A preview makes a sign of :warning:, and the page does not"),
        ("a\n\nfrom $5 to 6$.", 3, "A preview makes a formula of $5 to 6$, and the page does not"),
        ("a\n\n$$\nb\n$$", 3, "A preview makes a formula of $$ b $$, and the page does not"),
        ("a ![b](c)", 1, "A picture is no part of a version"),
        ("<img src='c'>", 1, "A picture is no part of a version"),
        ("a\n\n[^1]: b", 3, "Nothing refers to the footnote [^1]"),
        ("a[^1]\n\n[^1]: b\n\n[^1]: c", 3, "The footnote [^1] is defined more than once"),
        ("### a[^1]\n\n[^1]: b", 1, "A heading carries no footnote"),
    ],
)
def test_what_a_preview_would_not_tell(text: str, line: int, what: str) -> None:
    told = unsafe.find(read_clause("preamble", text.encode(), "a.md"))
    assert (told[0].line, told[0].what[: len(what)]) == (line, what)


@pytest.mark.parametrize(
    "text",
    [
        "\\*[HTML]: x",
        "`{: .c}`",
        "a [TOC] b",
        "- \\[ ] b",
        "\\![b](c)",
        "    *[HTML]: x",
        "`:warning:`",
        "at 10:30:45 urn:isbn:1",
        "<span>:</span>warning:",
        "US$5 and $6, $7-$8",
        "<span>$</span>5 to 6$",
    ],
)
def test_what_is_none_of_these(text: str) -> None:
    assert unsafe.find(read_clause("preamble", f"\n{text}".encode(), "a.md")) == ()


def test_a_footnote_s_name_is_as_it_is_written() -> None:
    assert unsafe.undefined([("a", "x[^A]\n\n[^a]: y")]) == [("a", 1, "[^A]", "")]
