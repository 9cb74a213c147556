"""Decoding, the normal form, and what counts as code."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core.strategies import anything, markdown
from inforce.errors import InForceError, Problem
from inforce.model import PREAMBLE, Clause
from inforce.text import characters, unsafe
from inforce.text import normal as texts
from inforce.text.clauses import read_clause
from inforce.text.html import render

_ENDS = ["", "", " ", "  ", "   ", "\t", " \t", "\\ ", "\\", "\\  ", "**  ", "`  ", "<br>  "]
_LINES = [
    *(
        "word",
        "two words",
        "*a",
        "b*",
        "**a",
        "b**",
        "`a",
        "b`",
        "[a",
        "b](c)",
        "[x][y]",
        "[y]: /z",
        "x[^1]",
        "[^1]: n",
    ),
    *(
        "| a | b |",
        "|---|---|",
        "| c | d |",
        "- a",
        "  - b",
        "1. a",
        "   b",
        "> a",
        "> > b",
        "    code",
        "\tcode",
        "```",
    ),
    *("~~~ text", "### Sub", "### Sub {#s}", "#", "---", "***", "===", "Term", ":   what", "!!! note", '!!! tip "T"'),
    *(
        "(a) a",
        "(b) *b",
        "    (i) c",
        "A.  a",
        "1.1 A",
        "(a)",
        "> [!NOTE]",
        "<div>",
        "</div>",
        "<span",
        "title='a'>",
        "</span>",
        "<pre>",
        "</pre>",
        "<!--",
        "-->",
        "",
        "",
        "    ",
        "  ",
    ),
]
settled = st.lists(st.builds(str.__add__, st.sampled_from(_LINES), st.sampled_from(_ENDS)), max_size=9).map("\n".join)
"""Texts made of hard line ends, tables, definitions, notes, code, headings, lists and HTML, blanks at many ends."""


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


@given(settled)
def test_the_normal_form_keeps_the_page(text: str) -> None:
    normal = texts.normalise(text)
    assume(not texts.changed(text))
    assert render(Clause(PREAMBLE, normal)) == render(Clause(PREAMBLE, text))
    assert [
        problem.rule
        for problem in unsafe.find(read_clause(PREAMBLE, f"\n{text}".encode(), ""))
        if problem.rule == "normal-form"
    ] == []


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(settled)
def test_where_no_normal_form_keeps_the_page_its_line_is_told(text: str) -> None:
    assume(texts.changed(text))
    told = [
        problem
        for problem in unsafe.find(read_clause(PREAMBLE, f"\n{text}".encode(), ""))
        if problem.rule == "normal-form"
    ]
    assert len(told) == 1
    assert text.split("\n")[told[0].line - 2].endswith((" ", "\t"))


@pytest.mark.parametrize(
    "text",
    [
        "a  \nb",
        "*a  \nb*",
        "[a  \nb](c)",
        "a\\  \nb",
        "a\\ \nb",
        "| a | b |  \n|---|---|  \n| c | d |  \ne",
        "[x][y]\n\n[y]: https://policies.example/  \n",
        "## Rights  \n\nText.",
        "### Rights {#rights}  \nText.",
        "a\n\n---  \nb",
        "!!! note  \n    a  \n    b\n\n    c  \n\n    d",
        "Term  \n:   what  \n    more  \n\n    again",
        "    code  \n    more  \n",
        "```  \na  \nb\n```  \n",
        "- a  \n  b\n-  \n  c",
        "> a  \n> b  \n>  \n> c",
        "x[^1]\n\n[^1]:  \n    a  \n    b",
        "<div>  \na  \n</div>",
        "<span  \ntitle='a'>b</span>",
        "![a  \nb](c)",
        "`a  \n b \t\n`",
        "``a\\ \nb`` \\ \nc",
    ],
)
def test_what_trailing_blanks_mean_is_kept(text: str) -> None:
    normal = texts.normalise(text)
    assert not re.search(r"[ \t]$", normal, re.MULTILINE)
    assert render(Clause(PREAMBLE, normal)) == render(Clause(PREAMBLE, text))


@pytest.mark.parametrize(("text", "line"), [("a\n\n**b**\nc **  \nd**", 4), ("a **  \nb**", 1)])
def test_what_has_no_normal_form_is_refused(text: str, line: int) -> None:
    [told] = unsafe.find(read_clause("a", text.encode(), "a.md"))
    assert str(told).startswith(f"a.md:{line}: The blanks at this line's end mean something")
    assert told.cure == "Delete them; a hard line break is <br>"


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


@pytest.mark.parametrize("place", range(3))
def test_a_character_that_no_page_can_hold_is_refused_wherever_it_stands(place: int) -> None:
    for number in (*range(0x300), *range(0xFFF0, 0x10000), 0x1F600):
        text = "".join(("é", chr(number), "\n")[place:] + ("é", chr(number), "\n")[:place])
        if characters.UNUSABLE.search(text):
            with pytest.raises(InForceError, match="The text holds"):
                texts.decode(text.encode(), "a.md")
        else:
            assert texts.decode(text.encode(), "a.md") == text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("mark", ["<" * 7, ">" * 7])
@pytest.mark.parametrize("before", ["", "One.\n", "One.\n\n\n"])
@pytest.mark.parametrize("after", ["", " HEAD", "\n", " main\nTwo.\n"])
def test_a_merge_that_nobody_has_finished_is_refused(mark: str, before: str, after: str) -> None:
    with pytest.raises(InForceError, match="conflict marks") as refused:
        texts.decode(f"{before}{mark}{after}".encode(), "a.md")
    assert refused.value.problems[0].line == before.count("\n") + 1
    assert texts.decode(f"{before}a {mark}{after}".encode(), "a.md")
    assert texts.decode(f"{before}{mark}a\n".encode(), "a.md")
