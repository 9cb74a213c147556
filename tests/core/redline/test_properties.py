"""What holds for every pair of pages."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from core.redline.documents import assert_honest, marks_within_words, pairs
from examples import examples
from inforce.redline import canonical, plain, redline


@examples(120, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(pairs())
def test_every_redline_is_exact_valid_and_whole_words(pair: tuple[str, str]) -> None:
    result = redline(*pair)
    assert not result.whole
    assert_honest(*pair, result)


@examples(30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(pairs())
def test_equal_pages_bear_no_mark_and_one_sided_ones_are_wholly_marked(pair: tuple[str, str]) -> None:
    old, new = pair
    same = redline(old, old)
    assert "redline" not in same.html
    assert canonical(same.html) == canonical(old)
    assert not same.changes.wording
    added, removed = redline("", new), redline(old, "")
    assert_honest("", new, added)
    assert_honest(old, "", removed)
    assert added.changes.words_deleted == removed.changes.words_inserted == 0


@examples(30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(pairs())
def test_the_normal_form_is_its_own(pair: tuple[str, str]) -> None:
    for page in pair:
        assert canonical(canonical(page)) == canonical(page)


@examples(150)
@given(st.text(alphabet="<>/\"'=& pbulitdnsa1\0\r\n\t\ud800\u0301中", max_size=60), st.text(max_size=60))
def test_no_string_makes_it_raise(old: str, new: str) -> None:
    result = redline(old, new)
    shown = plain(result.html, insertion=str.upper, deletion=str.lower)
    assert {type(text) for text in (result.accepted(), result.rejected(), shown)} == {str}


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>ab<ins>c</ins></p>", ["b|c"]),
        ("<p><del>a</del><em>b</em></p>", ["a|b"]),
        ("<p><del>a</del><ins>b</ins> c</p>", []),
        ("<p><del>a</del>。我<ins>们</ins></p>", []),
    ],
)
def test_the_check_for_marks_within_words_sees_them(html: str, found: list[str]) -> None:
    assert marks_within_words(html) == found
