"""Decoding, the normal form, and what counts as code."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.strategies import anything, markdown
from inforce.errors import InForceError, Problem
from inforce.text import normal as texts


@given(anything)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = texts.normalise(text)
    assert texts.normalise(once) == once


@given(markdown)
def test_the_normal_form(text: str) -> None:
    normal = texts.normalise(text)
    assert unicodedata.is_normalized("NFC", normal)
    assert "\r" not in normal
    assert not any(line.endswith((" ", "\t")) for line in normal.split("\n"))
    assert not normal.startswith("\n")
    assert not normal.endswith("\n")


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("a  \nb", "a<br>\nb"),
        ("a  \n\nb", "a\n\nb"),
        ("a  ", "a"),
        ("a \nb", "a\nb"),
        ("```\na  \nb\n```", "```\na\nb\n```"),
        ("\n\na\r\nb\rc\n\n", "a\nb\nc"),
        ("e\u0301", "\u00e9"),
    ],
)
def test_what_the_normal_form_makes_of(text: str, normal: str) -> None:
    assert texts.normalise(text) == normal


@given(st.binary(max_size=60))
def test_decoding_gives_text_or_says_where_it_fails(data: bytes) -> None:
    problems: tuple[Problem, ...] = ()
    text = ""
    try:
        text = texts.decode(data, "a.md")
    except InForceError as error:
        problems = error.problems
    assert "\r" not in text
    assert "\0" not in text
    assert [problem.path for problem in problems] == ["a.md"] * len(problems)
    assert all(1 <= problem.line <= data.count(b"\n") + data.count(b"\r") + 1 for problem in problems)


@given(markdown)
def test_blanking_code_moves_nothing(text: str) -> None:
    text = texts.normalise(text)
    bare = texts.without_code(text)
    assert [len(line) for line in bare.split("\n")] == [len(line) for line in text.split("\n")]
    assert all(new in (old, " ") for old, new in zip(text, bare, strict=True))


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("a `b` c", "a     c"),
        ("a ``b`c`` d", "a         d"),
        ("a \\`b\\` c", "a \\`b\\` c"),
        ("a ` b\n\nc ` d", "a ` b\n\nc ` d"),
        ("a `b\nc` d", "a   \n   d"),
        ("```\nx\n```\ny", "   \n \n   \ny"),
        ("``` two words\nx\n```", "``` two words\nx\n   "),
        ("~~~\n```\n~~~\ny", "   \n   \n   \ny"),
        ("````\n```\n````\ny", "    \n   \n    \ny"),
    ],
)
def test_what_is_code(text: str, bare: str) -> None:
    assert texts.without_code(text) == bare


@given(markdown)
def test_a_text_has_an_open_fence_when_its_last_line_is_code_that_closes_nothing(text: str) -> None:
    text = texts.normalise(text)
    opened = texts.open_fence(text)
    assert 0 <= opened <= text.count("\n") + 1
    closed = [code for _, _, code in texts.lines(text + "\n\nend")][-1] is False
    assert closed == (opened == 0)


@given(markdown)
def test_one_line(text: str) -> None:
    line = texts.one_line(text)
    assert texts.one_line(line) == line
    assert len(line.splitlines()) <= 1


@given(markdown, markdown)
def test_the_first_difference(one: str, other: str) -> None:
    line = texts.first_difference(one, other)
    assert (line == 0) == (one == other)
    if line:
        left, right = one.split("\n"), other.split("\n")
        assert left[: line - 1] == right[: line - 1]
        assert left[line - 1 : line] != right[line - 1 : line]
