"""Of a clause that was split each block goes to one of those that came from it, and what stayed is no change."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import builders
from inforce.changes import kinds
from inforce.changes.shares import shares
from inforce.model import PREAMBLE, Clause
from inforce.redline import Changes

BLOCKS = st.lists(
    st.sampled_from(
        [
            "We hold your name.",
            "We sell books.",
            "- one\n- two",
            "| a |\n|---|\n| b |",
            "See [us] there.[^n]",
            "    code",
        ]
    ),
    min_size=1,
    max_size=4,
)
"""Some of them twice."""
BESIDE = "[us]: https://shop.example\n\n[^n]: A note."


def written(name: str, *blocks: str) -> Clause:
    """A clause that defines what it refers to."""
    text = "\n\n".join(blocks)
    return builders.clause(name, f"{text}\n\n{BESIDE}" if "[us]" in text else text)


def bodies(found: tuple[Clause, ...]) -> list[str]:
    return [share.body for share in found]


@given(BLOCKS, st.data())
def test_a_pure_split_changes_no_word(blocks: list[str], data: st.DataObject) -> None:
    """Cut anywhere, the second part being titled anew or by a sub-heading that it had."""
    at = data.draw(st.integers(1, len(blocks)))
    titled = data.draw(st.booleans())
    before = [*blocks[:at], *(["### Part"] if titled else []), "What was behind.", *blocks[at:]]
    heirs = written("a", *blocks[:at]), written("part", "What was behind.", *blocks[at:])
    old = written("a", *before)
    found = {each.clause: each.kinds for each in kinds.compare([old], heirs, {"part": ("a",)})}
    assert found == {"a": ("formatted", "split"), "part": ("formatted" if titled else "retitled", "split")}
    changes = [
        kinds.clause_redline((share,), heir).changes for share, heir in zip(shares(old, heirs), heirs, strict=True)
    ]
    assert [(each.words_inserted, each.words_deleted) for each in changes] == [(0, 0), (0 if titled else 1, 0)]


MARKS = {"bullets": "- {}", "numbers": "{n}. {}", "quote": "> {}"}
"""Of typed marks, `(a)`, no list begins with the second."""


@given(
    st.lists(st.sampled_from(["your name", "an address", "**all** of it", "what\n  you paid"]), min_size=2, max_size=5),
    st.sampled_from(sorted(MARKS)),
    st.booleans(),
    st.data(),
)
def test_a_pure_split_within_a_list_changes_no_word(
    items: list[str], kind: str, loose: bool, data: st.DataObject
) -> None:
    """Cut between two items of any kind of list, or two paragraphs of a quote; numbers go on, or begin anew."""
    at = data.draw(st.integers(1, len(items) - 1))
    between = "\n>\n" if kind == "quote" else "\n\n" if loose else "\n"

    def part(texts: list[str], begun: int) -> str:
        marked = enumerate(texts, begun)
        return between.join(MARKS[kind].format(each, n=n + 1) for n, each in marked)

    again = kind == "numbers" and data.draw(st.booleans())
    first, second = f"We hold:\n\n{part(items[:at], 0)}", f"{part(items[at:], at)}\n\nNo more."
    old = builders.clause("a", f"We hold:\n\n{part(items, 0)}\n\nNo more.")
    other = f"{part(items[at:], 0)}\n\nNo more." if again else second
    heirs = builders.clause("a", first), Clause("b", f"{old.text.partition(' {')[0]} {{#b}}\n\n{other}")
    found = shares(old, heirs)
    assert [body.replace("\n>\n\n", "\n\n").removesuffix("\n>") for body in bodies(found)] == [first, second]
    for share, heir in zip(found, heirs, strict=True):
        words = kinds.clause_redline((share,), heir).changes
        assert (words.words_inserted, words.words_deleted) == (0 if heir is heirs[0] else 1, 0)


@pytest.mark.parametrize(
    ("old", "one", "other", "found"),
    [
        ("- one\n- two\n- three", "- one\n- three", "Else.\n\n- two", ["- one\n- three", "- two"]),
        ("> one\n>\n> two", "> one", "> two", ["> one\n>", "> two"]),
        ("- one\n- two\n- three", "- one", "- two\n- four", ["- one\n- two\n- three", ""]),
        ("1. one\n2. two\n3. three", "1. one\n2. three", "1. two", ["1. one\n2. two\n3. three", ""]),
        ("1. one\n1. two", "1. one", "1. two", ["1. one", "2. two"]),
        ("9. one\n9. two", "9. one", "9. two", ["9. one\n9. two", ""]),
    ],
)
def test_a_list_is_cut_only_where_each_item_is_as_it_was_and_keeps_its_number(
    old: str, one: str, other: str, found: list[str]
) -> None:
    assert bodies(shares(builders.clause("a", old), (builders.clause("a", one), builders.clause("b", other)))) == found


@given(BLOCKS, BLOCKS, BLOCKS)
def test_each_block_goes_to_one(old: list[str], one: list[str], other: list[str]) -> None:
    for source in (written("a", *old), written(PREAMBLE, *old)):
        found = shares(source, (written("b", *one), written("c", *other)))
        texts = [block for body in bodies(found) for block in body.replace(BESIDE, "").split("\n\n") if block.strip()]
        assert sorted(map(str.strip, texts)) == sorted(map(str.strip, old))
        assert [bool(re.match("## A", share.text)) for share in found] == [source.id == "a", False]


def test_a_reworded_block_goes_where_most_of_its_words_went() -> None:
    old = builders.clause("a", "Write to us at any time.\n\nCall us on Monday from nine to five.")
    heirs = builders.clause("a", "Write at any time."), builders.clause("b", "Call us on Tuesday from nine to six.")
    assert bodies(shares(old, heirs)) == ["Write to us at any time.", "Call us on Monday from nine to five."]
    old = builders.clause("a", "当社は氏名を収集します。\n\nお問い合わせは月曜日に受け付けます。")
    heirs = (
        builders.clause("a", "当社は氏名と住所を収集します。"),
        builders.clause("b", "お問い合わせは火曜日に受け付けます。"),
    )
    assert bodies(shares(old, heirs)) == ["当社は氏名を収集します。", "お問い合わせは月曜日に受け付けます。"]


def test_what_two_have_goes_to_the_one_that_has_what_stands_before_it() -> None:
    old = builders.clause("a", "One thing.\n\nNote this.\n\nAnother one.")
    heirs = builders.clause("a", "One thing.\n\nNote this."), builders.clause("b", "Note this.\n\nAnother one.")
    assert bodies(shares(old, heirs)) == ["One thing.\n\nNote this.", "Another one."]
    old = builders.clause("a", "One thing.\n\nNote this.\n\nNote this.\n\nAnother one.")
    assert bodies(shares(old, heirs)) == ["One thing.\n\nNote this.", "Note this.\n\nAnother one."]


def test_a_heading_that_refers_to_a_definition_keeps_it() -> None:
    heading = "## See [us] {#a}"
    old = Clause("a", f"{heading}\n\nWe sell books.\n\n{BESIDE}")
    heirs = Clause("a", f"{heading}\n\nNew.\n\n{BESIDE}"), builders.clause("b", "We sell books.")
    assert kinds.clause_redline((shares(old, heirs)[0],), heirs[0]).changes == Changes(
        words_inserted=1, blocks_inserted=1
    )


@pytest.mark.parametrize("cut", [None, "> One."])
def test_what_is_defined_in_a_quote_is_at_hand_in_every_part(cut: str | None) -> None:
    quote = "> One.\n>\n> [us]: https://shop.example\n>\n> Two."
    old = builders.clause("a", f"{quote}\n\nSee [us].")
    rest = "> Two.\n\nSee [us]." if cut else "See [us]."
    heirs = builders.clause("a", cut or quote), Clause("b", f"## A {{#b}}\n\n{rest}\n\n[us]: https://shop.example")
    found = [kinds.clause_redline((share,), heir) for share, heir in zip(shares(old, heirs), heirs, strict=True)]
    assert [each.changes for each in found] == [Changes(), Changes(words_inserted=1, blocks_inserted=1)]
    assert "redline" not in found[0].html


def test_what_is_nothing_but_definitions_goes_to_the_first() -> None:
    old, heirs = Clause(PREAMBLE, BESIDE), (builders.clause("a"), builders.clause("b"))
    assert bodies(shares(old, heirs)) == [BESIDE, ""]


@given(st.integers(2, 4), st.booleans())
def test_what_stands_twice_by_now_is_new_in_all_but_one(copies: int, own: bool) -> None:
    """Kinds, counts and marks say the same of it, and so does what looks at a published version."""
    old = builders.clause("a", "We sell books.")
    names = ["a", "b", "c", "d"][not own :][:copies]
    heirs = tuple(Clause(name, f"## A {{#{name}}}\n\nWe sell books.") for name in names)
    was = {name: ("a",) for name in names if name != "a"}
    found = {each.clause: each.kinds for each in kinds.compare([old], heirs, was)}
    assert found == {name: ("split",) if name == names[0] else ("modified", "retitled", "split") for name in names}
    counted = [
        kinds.clause_redline((share,) if share.text else (), heir).changes.words_inserted
        for heir, share in zip(heirs, shares(old, heirs), strict=True)
    ]
    assert counted == [0, *[4] * (len(names) - 1)]
    assert kinds.agree([old], heirs, found, was) == []


def test_what_went_on_as_it_was_under_another_id_has_all_of_the_text() -> None:
    old, more = builders.clause("a", "We sell books."), builders.clause("a", "We sell books.\n\nAnd maps.")
    for heirs in (
        (Clause("b", "## A {#b}\n\nWe sell books."), more),
        (more, Clause("b", "## A {#b}\n\nWe sell books.")),
    ):
        found = {each.clause: each.kinds for each in kinds.compare([old], heirs, {"b": ("a",)})}
        for heir, share in zip(heirs, shares(old, heirs), strict=True):
            changes = kinds.clause_redline((share,) if share.text else (), heir).changes
            assert bool(changes.wording) == bool({"modified", "retitled"} & {*found[heir.id]})
