"""A long text, read stretch by stretch: the same as read in one."""

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from core import strategies
from inforce.text import markdown, stretches
from inforce.text.markdown import Document

_LINES = st.sampled_from((
    *("# One", "## Two {#two}", "###", "####### no", "#no", " # in", "words", "", "", "", "    four", "      six"),
    *("===", "---", "```", "~~~", "````", "<!-- a", "-->", "<pre>", "</pre>", "<div>", "</div>", "<script>"),
    *("</script>", "<?", "?>", "- item", "  - ```", "1. one", "> # quote", "> ```", "(a) first", "(b) next"),
    *("   (c) third", "   more", "i. one", "<div", "data='", "'>", "[x"),
    *("[a]: x", "[^a]: note", ": what", "| a | b |", "|---|---|", "!!! note", "<https://a.example>", "`a", "``` `` #"),
))  # fmt: skip
texts = st.lists(_LINES, max_size=24).map("\n".join)


def _lines(read: Document) -> tuple[tuple[str, str, int, int, int], ...]:
    """The blocks of a text, whatever they are: type, tag, depth, and the lines with something in them."""
    found = []
    for token in read.tokens:
        if token.map:
            first, last = token.map
            while last > first and not read.rows[last - 1].strip():
                last -= 1
            found.append((token.type, token.content.rstrip("\n"), token.level, first, last))
    return tuple(found)


def _kinds(read: Document) -> tuple[str, ...]:
    return tuple(token.type for token in read.tokens)


@given(texts | strategies.markdown)
def test_stretches_joined_are_the_text(text: str) -> None:
    assert "\n".join(stretches.of(text)) == text


@example("(a) one\n# A\n(b) two\n\n   more\n# B\n(c) three\n# C\n(b) no\n")
@example("```\n# A\n# B\n# C\n# D\n```\n# E\n```\n# F")
@example("term\n: what\n\n# A\n: more")
@example(": what\n: what\n\n  # A\n\n: what")
@example("- ```\n# A\nwords")
@example("<!-- a\n# B\n\n# C\n-->\n# D\n\nwords")
@given(texts | strategies.markdown)
def test_a_text_is_read_in_stretches_as_it_is_in_one(text: str) -> None:
    text = text.replace("\r", "")
    whole = markdown.blocks(text)
    told = list(stretches.told(text, _lines))
    assert [(*each[:3], above + each[3], above + each[4]) for above, lines in told for each in lines] == list(
        _lines(whole)
    )
    assert sum((kinds for _, kinds in stretches.told(text, _kinds)), ()) == _kinds(whole)


@example("term\n: what\n# A\n: more")
@given(texts)
def test_a_heading_of_a_preview_is_a_heading(text: str) -> None:
    """Whatever our own marks make of the lines around it; those with a line below are refused."""
    previewed = MarkdownIt("commonmark").enable("table").parse(text)
    marked = {token.map[0] + 1 for token in previewed if token.markup.startswith("#") and token.map}
    assert marked <= {heading.first for heading in markdown.blocks(text).headings}
