from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from inforce.redline.order import anchors, gaps

letters = st.text(alphabet="abcdef", max_size=30)


@given(letters, letters)
def test_pairs_are_equal_and_rise_on_both_sides(old: str, new: str) -> None:
    pairs = anchors(old, new)
    assert all(old[i] == new[j] for i, j in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))


@given(letters, letters)
def test_pairs_and_gaps_make_up_both_sides(old: str, new: str) -> None:
    pairs = anchors(old, new)
    between = gaps(pairs, len(old), len(new))
    assert len(pairs) + sum(b - a for a, b, _, _ in between) == len(old)
    assert len(pairs) + sum(d - c for _, _, c, d in between) == len(new)


def test_what_occurs_once_leads_though_its_surroundings_repeat() -> None:
    assert (1, 4) in anchors("xAx", "yxyxA")


def test_the_longest_chain_wins_over_the_first_element() -> None:
    assert anchors("_zabc.", "-abcz!") == [(2, 1), (3, 2), (4, 3)]
