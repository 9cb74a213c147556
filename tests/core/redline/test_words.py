import pytest

from inforce.redline.words import _private, changes, tokenised


def shown(old: str, new: str) -> list[tuple[str, str]]:
    one, other = tokenised(old, {}), tokenised(new, {})
    found = changes(one, other)
    return [(" ".join(one.texts[i:i_end]), " ".join(other.texts[j:j_end])) for i, i_end, j, j_end in found]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("kept for 30 days", "kept for 40 days", [("30", "40")]),
        ("same words", "same words", []),
        ("one two", "", [("one two", "")]),
        # an island of one word between two changes of one word is swallowed
        ("we keep all data here", "we store all records here", [("keep all data", "store all records")]),
        # so is one of two words between changes of four, but not between fewer
        ("a b c d e", "x y z d e w", [("a b c d e", "x y z d e w")]),
        ("a b c d", "x y c d w", [("a b", "x y"), ("", "w")]),
        # one of five words is not
        ("a b c d e f g h", "x b c d e f g y", [("a", "x"), ("h", "y")]),
        # a lone comma is
        ("red, green", "blue, white", [("red , green", "blue , white")]),
    ],
)
def test_changes_are_whole_words_without_islands(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert shown(old, new) == expected


def test_an_inserted_sentence_begins_and_ends_as_a_sentence() -> None:
    old = "We keep data. We delete it."
    new = "We keep data. We keep logs. We delete it."
    assert shown(old, new) == [("", "We keep logs .")]


def test_a_deleted_clause_goes_with_its_own_comma() -> None:
    assert shown("name, address, phone, age", "name, address, age") == [("phone ,", "")]


def test_an_unchanged_line_break_is_never_swallowed() -> None:
    one, other = tokenised("a\ufffcb", {1: "<br>"}), tokenised("x\ufffcy", {1: "<br>"})
    assert changes(one, other) == [(0, 1, 0, 1), (2, 3, 2, 3)]


def test_no_token_is_mapped_to_a_surrogate() -> None:
    characters = [_private(number) for number in range(0xD7F0, 0xD810)]
    assert len(set(characters)) == len(characters)
    assert all(character.encode() for character in characters)
