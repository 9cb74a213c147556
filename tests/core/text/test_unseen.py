"""Words of a clause's file that its page leaves out are told; what it shows is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.strategies import markdown
from inforce.errors import Level
from inforce.text import html, unsafe
from inforce.text.clauses import read_clause

_WORD = "hiddenword"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a\n\n[//]: # (secret)", 3, "No link uses the definition [//]:"),
        ("[a]\n\n[a]: https://a.example\n[b]: https://a.example", 4, "No link uses the definition [b]:"),
        ("[a]\n\n[a]: https://a.example\n[A]: https://b.example", 4, "[A]: is defined more than once"),
        ("a\n\n### A {#s}\n\nb\n\n### B {#s}\n\nc", 7, "The id s stands here twice, and links lead to the first"),
        ("A\nB {#s}\n---\n\n> ### C {#s}\n\nd", 5, "The id s stands here twice, and links lead to the first"),
        ("<b id='s'>a</b>\n<i\nid=s>b</i>", 3, "The id s stands here twice, and links lead to the first"),
        ("> |a|b|\n> |-|-|\n> |1|2|secret|", 3, "The table's head has 2 cells, and no page shows 'secret'"),
        ("- a\n\n  ```secret words\n  b\n  ```", 3, "No page shows 'secret words', which stands behind ```"),
        ('!!! note secret "Words"\n    b', 1, "No page shows 'secret', which stands behind !!!"),
        ("a\n[](https://a.example/secret)", 2, "The link to https://a.example/secret shows no word"),
        ("a\n\n<p class='secret'>b</p>", 3, "No page shows the attribute class of <p>"),
        ("a <b\nsecret>b</b>", 1, "No page shows the attribute secret of <b>"),
        ("a <b>b</b></secret>", 1, "</secret> closes no tag that is written here"),
    ],
)
def test_words_that_no_page_shows_are_told(text: str, line: int, what: str) -> None:
    [told] = unsafe.find(read_clause("preamble", text.encode(), "a.md"))
    assert (told.line, told.level, told.what) == (
        line,
        Level.WARNING,
        told.what if told.what[: len(what)] == what else what,
    )


@pytest.mark.parametrize("around", ["One {}two.", "- a{} b\n- c", "> {}a", "|a|\n|-|\n|b{}c|", "### A{}b", "**a{}b**"])
@pytest.mark.parametrize("tag", sorted({*html.TAGS, "body", "secret"}))
def test_what_ends_a_tag_that_never_began_is_told_with_what_to_write(around: str, tag: str) -> None:
    """Where a page shows something for it, what the cure says shows the same."""

    def page(text: str) -> str:
        return html.render(read_clause("preamble", text.encode(), "a.md").clause).body

    text = around.format(f"</{tag}>")
    [told] = unsafe.find(read_clause("preamble", text.encode(), "a.md"))
    instead = around.format("<br>" if told.cure.startswith("Write <br>") else "")
    assert page(text).count("<br>") == page(instead).count("<br>")


@pytest.mark.parametrize(
    "text",
    [
        "[a], [b][B] and [c][]\n\n[a]: https://a.example/ä\n[b]: <https://b.example> 'T'\n[c]: https://c.example",
        "[a][b\\]]\n\n[b\\]]: https://b.example",
        "> [a\n> b] and [c][d\n> e]\n\n[a b]: https://a.example\n[d e]: https://d.example",
        "|[a\\|b]|\n|-|\n\n[a|b]: https://a.example",
        "|a|b|\n|-|-|\n|1|\n|1|2| |\n|1 \\| 2|3|",
        "- x\n\n  a | b\n  --|--\n  1 | 2",
        "<ol type='a'><li value='2' type='none'>a</li></ol>",
        "```\na\n```",
        "!!! Secret\n    a",
        "> [!NOTE]\n> a",
    ],
)
def test_what_a_page_shows_is_left_alone(text: str) -> None:
    assert unsafe.find(read_clause("preamble", text.encode(), "a.md")) == ()


@given(markdown, st.sampled_from([" ", ""]), markdown)
def test_a_word_is_on_the_page_or_told(before: str, blank: str, after: str) -> None:
    file = read_clause("preamble", f"\n{before}{blank}{_WORD}{blank}{after}".encode(), "a.md")
    if not file.problems and not unsafe.find(file):
        assert _WORD in html.render(file.clause).body
