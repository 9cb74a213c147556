"""Lists with typed marks: which lines are items, what a page shows of them, and what is told of the others."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.redline.documents import assert_honest
from examples import examples
from inforce.redline import plain, redline
from inforce.text import unsafe
from inforce.text.clauses import read_clause
from inforce.text.html import clean, document, text_of
from inforce.text.markdown import read

KINDS = {
    "(a)": ["(a)", "(b)", "(c)", "(d)"],
    "a.": ["a.", "b.", "c.", "d."],
    "a)": ["a)", "b)", "c)", "d)"],
    "A.": ["A. ", "B. ", "C. ", "D. "],
    "(A)": ["(A)", "(B)", "(C)", "(D)"],
    "i.": ["i.", "ii.", "iii.", "iv."],
    "(i)": ["(i)", "(ii)", "(iii)", "(iv)"],
    "I.": ["I. ", "II.", "III.", "IV."],
    "(1)": ["(1)", "(2)", "(3)", "(4)"],
    "1.1": ["1.1", "1.2", "1.3", "1.4"],
    "2.1.": ["2.1.", "2.2.", "2.3.", "2.4."],
}
WORDS = ["Data", "You", "Keep it", "Thirty *days*", "See [this](x)", "The address, until then"]


def items(html: str) -> list[str]:
    """The first words of each item on a page."""
    return [
        " ".join(text_of(item).split()[:2]) for item in re.findall(r'<li type="none">(.*?)(?=<li|</li)', html, re.S)
    ]


@st.composite
def lists(draw: st.DrawFn, deep: int = 2) -> str:
    """A list of one kind, tight or loose, with others in it."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    rows = []
    for mark in KINDS[kind][: draw(st.integers(1, 4))]:
        rows.append(f"{mark} {draw(st.sampled_from(WORDS))}")
        blanks = " " * draw(st.integers(3, 4))
        if deep and draw(st.integers(0, 3)) == 0:
            inner = draw(lists(deep - 1)).replace("\n", f"\n{blanks}")
            rows += ["", f"{blanks}{inner}", ""]
        elif draw(st.booleans()):
            rows += draw(st.sampled_from([[""], [f"{blanks}and more"], ["", f"{blanks}A second paragraph", ""]]))
    return "\n".join(row if row.strip() else "" for row in rows)


texts = st.lists(st.one_of(lists(), st.sampled_from(WORDS)), min_size=1, max_size=4).map("\n\n".join)
"""Texts with such lists, as an editor writes them."""
soup = st.lists(
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["", "", "  ", "    "]),
        st.sampled_from(["", "", *(mark for kind in KINDS.values() for mark in kind[:3])]),
        st.sampled_from(["", " word", " Word and", "  Two blanks"]),
    ),
    max_size=9,
).map("\n".join)
"""Lines of marks and words in any order."""


@given(lists())
def test_each_item_is_one_with_its_mark_as_it_is_typed(text: str) -> None:
    written = re.findall(r"^ *([(\w.)]+) +\S", re.sub(r"^ *(and|A) .*", "", text, flags=re.M), re.M)
    html = document(text)
    assert [item.split()[0] for item in items(html)] == written
    assert html.count("<li") == len(written)
    assert unsafe.find(read_clause("preamble", text.encode(), "")) == ()


@given(soup)
def test_no_word_is_lost_or_moved(text: str) -> None:
    assert text_of(document(text)).split() == text.split()


@given(soup)
def test_no_item_runs_into_a_paragraph_unsaid(text: str) -> None:
    found = unsafe.find(read_clause("preamble", f"\n{text}".encode(), "a.md"))
    shown = re.sub(r"<pre>.*?</pre>", "", document(text), flags=re.S)
    silent = re.findall(r"\n(?:\([aAi1]\)|[ai][.)]|1\.1) Word", shown)
    assert len([each for each in found if each.rule == "run-on"]) >= len(silent)
    lines = text.split("\n")
    for problem in found:
        lines[problem.line - 2] = re.sub(r"(?=[(.)])", r"\\", lines[problem.line - 2], count=1)
    mended = "\n".join(lines)
    assert unsafe.find(read_clause("preamble", f"\n{mended}".encode(), "a.md")) == ()
    assert text_of(document(mended)) == text_of(document(text))


@examples(60)
@given(texts, texts)
def test_a_redline_of_such_lists_is_exact(old: str, new: str) -> None:
    result = redline(document(old), document(new))
    assert not result.whole
    assert_honest(document(old), document(new), result)


@given(texts)
def test_plain_text_has_the_marks_of_the_page(text: str) -> None:
    html = document(text)
    assert plain(html, insertion=str, deletion=str).split() == text_of(html).split()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("g) x\nh) y", []),
        ("(a) x\n(b) y\n(c) z\n\nflush\n\n(d) w", ["(a) x", "(b) y", "(c) z", "(d) w"]),
        ("i. x\nii. y", ["i. x", "ii. y"]),
        ("A. Smith said", []),
        ("A.  Smith", ["A. Smith"]),
        ("(c) 2026 Example Ltd", []),
        ("i. e. so", []),
        ("2.4 GHz", []),
        ("1.1 million", []),
        ("1.1 Terms\n1.2 More\n\n2.1 Other", ["1.1 Terms", "1.2 More", "2.1 Other"]),
        ("(a) (i) x\n\n    (ii) y", ["(a)", "(i) x", "(ii) y"]),
        ("(y) x\n\n(z) x", []),
        ("1. x\n\n   (a) y\n   (b) z\n2. w", ["(a) y", "(b) z"]),
        ("> (a) x\n> (b) y", ["(a) x", "(b) y"]),
        ("\\(a) x", []),
        ("(a) x\n\n(c) y", ["(a) x"]),
        (
            "(iii) x\n\n(i) x\n\n   (a) three blanks are enough\n   (b) y\n\n   A paragraph",
            ["(i) x", "(a) three", "(b) y"],
        ),
        ("```\n(a) x\n```", []),
        ("    (a) x", []),
    ],
)
def test_what_begins_a_list(text: str, shown: list[str]) -> None:
    assert items(document(text)) == shown


@pytest.mark.parametrize("following", ["(ii)", "(j)"])
def test_i_behind_a_list_that_ends_with_h_is_what_the_next_item_beside_it_says(following: str) -> None:
    text = "".join(f"({letter}) X\n" for letter in "abcdefgh") + "\nBetween.\n\n(i) I\n"
    assert items(document(f"{text}{following} Y"))[-2:] == ["(i) I", f"{following} Y"]
    assert items(document(f"{text}\n    (j) within\n    (ii) within\n\n{following} Y"))[-1] == f"{following} Y"


def test_i_after_h_is_a_letter_and_a_roman_number_within() -> None:
    within = "\n    (i) R\n    (ii) S\n\n"
    text = "".join(f"({letter}) X\n" for letter in "abcdefgh") + within + "(i) I\n" + within + "(j) J\n"
    assert items(document(text))[-6:] == ["(i) R", "(ii) S", "(i) I", "(i) R", "(ii) S", "(j) J"]
    assert document(text).count("<ol") == 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("You must not:\n(a) copy\n(b) sell", [(3, "(a)"), (4, "(b)")]),
        ("(a) x\n    (i) y\n(b) z", [(3, "(i)")]),
        ("(a) x\n    (b) y", [(3, "(b)")]),
        ("A. x\nB. y", [(3, "B.")]),
        ("1.1 you\n1.2 may", [(3, "1.2")]),
        ("(a)\n(b) x", [(3, "(b)")]),
        ("(a) x\n> y\n(b) z", [(4, "(b)")]),
        ("as in\n(c) of the law", []),
        ("by\nA. Smith", []),
        ("Either<br>\n(a) this or<br>\n(b) that", []),
        ("see\n\\(a) there", []),
    ],
)
def test_what_runs_on_is_told_with_its_line(text: str, told: list[tuple[int, str]]) -> None:
    found = unsafe.find(read_clause("preamble", f"\n{text}".encode(), "a.md"))
    assert [(each.line, each.what.split("`")[1]) for each in found] == told
    assert {each.rule for each in found} <= {"run-on"}


def test_the_cure_says_both_ways() -> None:
    [told] = unsafe.find(read_clause("preamble", b"A. x\nB. y", "a.md"))
    assert str(told) == (
        "a.md:2: `B.` looks like an item's mark, and runs into the paragraph above. For an item, leave an empty line "
        "above it and two blanks behind it; for text, write `B\\.`."
    )


def test_an_item_that_came_gives_the_others_numbers_that_only_follow() -> None:
    for kind in KINDS.values():
        rows = ["Your name, as long as you are here", "Your address, until it has arrived", "Your cards, for ten years"]
        old = "\n".join(f"{mark} {row}" for mark, row in zip(kind, rows, strict=False))
        rows.insert(1, "Nothing else that you may have")
        new = "\n".join(f"{mark} {row}" for mark, row in zip(kind, rows, strict=False))
        changes = redline(document(old), document(new)).changes
        assert (changes.numbers_changed, changes.words_deleted) == (2, 0), kind


def test_an_item_hides_no_number_but_by_its_own_mark() -> None:
    assert clean('<ol><li type="none" value="3">a</li><li type="a">b</li></ol>') == (
        '<ol><li type="none" value="3">a</li><li>b</li></ol>'
    )


def test_links_in_an_item_keep_their_places() -> None:
    text = "(iii) x\n\n(i) [a](b)\n(ii) c\n    [d](e)"
    assert [text[link.start : link.end] for link in read(text).links] == ["b", "e"]
