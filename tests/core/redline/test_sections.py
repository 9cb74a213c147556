"""What both pages have passes through unread, and only where that is exact."""

import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.redline.documents import assert_honest
from examples import examples
from inforce.redline import canonical, redline
from inforce.redline.sections import Passage, read

KEPT = '<h3 id="a">Your   data</h3>\n<ul>\n<li>one<br>two</li>\n<li><p>x</p>\n<p>y</p></li>\n</ul>\n<hr>'
MORE = KEPT.replace("a", "b")
OLD, NEW = (f"{KEPT}\n<p>We {verb} it.</p>\n{MORE}" for verb in ("keep", "sell"))


def passages(old: str, new: str) -> list[str]:
    return [section.html for section in read(old, new).sections if isinstance(section, Passage)]


def test_passages_stand_in_the_redline_as_they_stand_in_the_source() -> None:
    assert passages(OLD, NEW) == [KEPT, MORE]
    result = redline(OLD, NEW)
    assert_honest(OLD, NEW, result)
    assert result.html.startswith(f"{KEPT}\n<p>We <del>")
    assert result.html.endswith(f"</ins> it.</p>\n{MORE}")


def test_what_is_the_same_alone_needs_no_reading_at_all() -> None:
    assert passages(KEPT, KEPT) == [KEPT]
    assert redline(KEPT, KEPT).html == KEPT


@pytest.mark.parametrize(
    "block",
    [
        pytest.param("<p>a <b>bold</p>", id="mended"),
        pytest.param("<div><p>a</p>", id="unclosed"),
        pytest.param("</div><p>a</p>", id="closed twice"),
        pytest.param("<p>a <ins>b</ins></p>", id="a mark"),
        pytest.param('<p class="redline-removed">a</p>', id="a mark's class"),
        pytest.param('<p data-redline-tag="">a</p>', id="a mark's attribute"),
        pytest.param("<p>a</p><script>b</script>", id="a script"),
        pytest.param("<p>a<x-y>b</x-y></p>", id="a custom element"),
        pytest.param("<p 1x=2>a</p>", id="an attribute that nobody may write"),
        pytest.param("<p>a</p> bare", id="text outside of blocks"),
        pytest.param("<b>a</b>", id="no block"),
    ],
)
def test_what_would_not_read_the_same_anywhere_is_read(block: str) -> None:
    old, new = f"{block}\n<h3>old</h3>", f"{block}\n<h3>new</h3>"
    assert passages(old, new) == []
    result = redline(old, new)
    assert not result.whole
    assert (result.accepted(), result.rejected()) == (canonical(new), canonical(old))


def test_a_gap_never_begins_within_a_list() -> None:
    items = "<ul>\n<li>one\n<p>x</p>\n</li>\n<li>{}\n<p>y</p>\n</li>\n</ul>"
    old, new = f"<p>a</p>\n{items.format('two')}\n<p>b</p>", f"<p>a</p>\n{items.format('three')}\n<p>b</p>"
    assert passages(old, new) == ["<p>a</p>", "<p>b</p>"]
    assert_honest(old, new, redline(old, new))


def test_an_id_of_a_passage_is_not_given_again() -> None:
    old = '<p id="&amp;">gone for good</p>\n<p id="&amp;">stays</p>'
    result = redline(old, '<p id="&amp;">stays</p>')
    assert result.html.count(' id="&amp;"') == 1
    assert result.rejected() == canonical(old)


_PIECES = st.sampled_from(
    [
        *("<p>a</p>", "<p>b</p>", "<p>c d e</p>", "<h3 id='i'>t</h3>", "<ul><li>x</li></ul>", "<ul>\n<li>y", "</ul>"),
        *("</li>", "<p>", "</p>", "<div>", "</div>", "text", " ", "<b>", "</b>", "<a id='x'></a>", "<br>", "<hr>"),
        *("<table><tr><td>z</td></tr></table>", "<tr>", "<pre>\n a\n<p>", "&nbsp;", "&lt;p>", "<!-- c -->"),
        *("<ins>i</ins>", '<p class="redline-added">q</p>', '<p class="passage">¶</p>', "<div>\n<p>w</p>\n</div>"),
    ]
)
_PAGE = st.lists(_PIECES, max_size=8).map("\n".join)


@examples(400)
@given(_PAGE, _PAGE, _PAGE, _PAGE)
def test_a_proof_without_the_passages_holds_with_them(before: str, old: str, new: str, after: str) -> None:
    one, other = "\n".join((before, old, after)), "\n".join((before, new, after))
    result = redline(one, other)
    if not result.whole:
        assert (result.accepted(), result.rejected()) == (canonical(other), canonical(one))
    assert not re.search(r"<(script|!--)", result.html)


@pytest.mark.long
def test_numbers_with_nothing_below_them_take_no_more_memory_each_the_more_there_are() -> None:
    def taken(count: int) -> int:
        pages = ("\n".join(f"<h2>{place % times}</h2>" for place in range(count)) for times in (997, 991))
        old, new = pages
        tracemalloc.start()
        read(old, new)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    taken(8000)  # what is remembered of single tags is in sight now
    assert taken(8000) <= 16 * taken(1000)  # with the square of their number it would be 64 times as much
