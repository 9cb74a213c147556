from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from inforce.redline.order import _private, anchors, gaps, least_changes, longest_rising

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


@given(st.permutations(range(8)))
def test_the_longest_rising_chain_is_rising_and_as_long_as_any(values: list[int]) -> None:
    chain = longest_rising(values)
    assert all(one < other and values[one] < values[other] for one, other in pairwise(chain))
    longer = combinations(values, len(chain) + 1)
    assert not any(all(one < other for one, other in pairwise(each)) for each in longer)


@given(letters, letters)
def test_least_changes_pairs_equal_elements_in_order_and_as_many_as_there_are(old: str, new: str) -> None:
    pairs = least_changes(old, new)
    assert all(old[i] == new[j] for i, j in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))
    best = [0] * (len(new) + 1)
    for one in old:
        above = best[:]
        for j, other in enumerate(new):
            best[j + 1] = above[j] + 1 if one == other else max(above[j + 1], best[j])
    assert len(pairs) == best[-1]


def test_no_token_is_mapped_to_a_surrogate() -> None:
    characters = [_private(number) for number in range(0xD7F0, 0xD810)]
    assert len(set(characters)) == len(characters)
    assert all(character.encode() for character in characters)
