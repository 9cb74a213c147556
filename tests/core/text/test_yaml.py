"""The project's YAML: strings only, written so that any YAML reads them back, read without guessing."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.strategies import anything, phrases
from inforce.errors import InForceError
from inforce.text import yaml as frontmatter

_YAML = [
    "a",
    "b",
    ": ",
    "- ",
    "? ",
    "\n",
    "  ",
    "[",
    "]",
    "{",
    "}",
    "&x ",
    "*x",
    "!",
    "!!str ",
    "|",
    ">",
    '"',
    "'",
    "#",
]
yaml_like = st.lists(st.sampled_from([*_YAML, "---\n", "...", "%YAML 1.1\n", "\\x", "\t", "<<: "]), max_size=30).map(
    "".join
)


@given(st.text())
def test_what_is_quoted_reads_back_in_any_yaml(text: str) -> None:
    line = frontmatter.quoted(text)
    assert len(line.splitlines()) == 1
    assert yaml.safe_load(line) == text
    assert yaml.load(line, yaml.SafeLoader) == text


@given(st.lists(phrases, max_size=4).map(tuple))
def test_a_list_reads_back(texts: tuple[str, ...]) -> None:
    fields = frontmatter.read(f"a: {frontmatter.quoted_list(texts)}\n", "a.yml")
    assert tuple(entry.value for entry in fields.texts("a")) == texts


@given(st.text() | anything | yaml_like)
def test_reading_gives_fields_or_says_what_is_wrong(text: str) -> None:
    try:
        lines = [*frontmatter.read(text, "a.yml").lines.values()]
    except InForceError as error:
        lines = [problem.line for problem in error.problems]
    assert all(1 <= line <= text.count("\n") + 1 for line in lines)


@given(st.dictionaries(phrases, phrases, max_size=5))
def test_every_scalar_is_the_string_that_was_written(values: dict[str, str]) -> None:
    lines = [f"{frontmatter.quoted(key)}: {frontmatter.quoted(value)}" for key, value in values.items()]
    fields = frontmatter.read("\n".join(lines), "a.yml", 10)
    assert {key: fields.text(key) for key in fields.entries} == values
    assert [fields.line_of(key) for key in values] == [10 + place for place in range(len(values))]


@given(phrases, anything)
def test_front_matter_and_body_are_told_apart(value: str, body: str) -> None:
    fields, rest, before = frontmatter.split(f"---\na: {frontmatter.quoted(value)}\n---\n{body}", "a.md")
    assert fields is not None
    assert (fields.text("a"), fields.line_of("a"), rest, before) == (value, 2, body, 3)


@pytest.mark.parametrize("word", ["1.10", "no", "on", "2027-01-15", "0x1f", "null", "~", "1_000", "12:30", "=", "<<"])
def test_nothing_is_taken_for_anything_but_text(word: str) -> None:
    assert frontmatter.read(f"a: {word}\n", "a.yml").text("a") == word


def test_lines_are_those_of_an_editor_not_of_yaml() -> None:
    fields = frontmatter.read('a: "x\u2028y\u0085z"\nb: c\n', "a.yml")
    assert fields.line_of("b") == 2


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "---\n", "--- # nothing\n"])
def test_nothing_is_an_empty_mapping(text: str) -> None:
    assert frontmatter.read(text, "a.yml").entries == {}


@pytest.mark.parametrize("depth", [5, 100_000])
@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "a: {b: ", "!x ", "&x "])
def test_no_nesting_is_too_deep_for_a_message(opening: str, depth: int) -> None:
    with pytest.raises(InForceError) as caught:
        frontmatter.read(opening * depth, "a.yml")
    assert str(caught.value).startswith("a.yml:1: ")


def test_a_list_is_rewritten_in_its_place() -> None:
    text = 'a: "1"\nclauses:\n  - one # first\n  - two\nb: "2"\n'
    changed = frontmatter.with_list(text, "a.yml", "clauses", ("two", "three", "one"))
    assert changed == 'a: "1"\nclauses:\n  - two\n  - "three"\n  - one # first\nb: "2"\n'
    assert frontmatter.with_list('a: ["x", y]\n', "a.yml", "a", ("z",)) == 'a: ["z"]\n'


words = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1, max_size=8)


def written_as(cure: str, key: str) -> str:
    """The value that whoever follows a cure writes."""
    return frontmatter.read(cure.removeprefix("Write ") + "\n", "cure").text(key)


@pytest.mark.parametrize("form", ["{0} {m}{1}{m} {2}", "{m}{1}{m} {2}", "{0} {m}{1}{m}", "{0}{m}{1} {2}"])
@given(st.tuples(words, words, words), st.sampled_from("\"'"))
def test_quotes_within_quotes_are_named_and_the_cure_reads_back(form: str, said: tuple[str, ...], mark: str) -> None:
    value = form.format(*said, m=mark)
    with pytest.raises(InForceError) as caught:
        frontmatter.read(f"a: x\nnote: {mark}{value}{mark}\nb: y\n", "a.yml")
    [problem] = caught.value.problems
    assert (problem.line, problem.what) == (2, f"The quotes {mark} within the value end it too early")
    assert written_as(problem.cure, "note") == value


@given(st.tuples(words, words), st.sampled_from("\"'"))
def test_a_value_that_begins_with_a_quoted_word_is_put_into_quotes(said: tuple[str, str], mark: str) -> None:
    with pytest.raises(InForceError) as caught:
        frontmatter.read(f"note: {mark}{said[0]}{mark} {said[1]}\n", "a.yml")
    assert written_as(caught.value.problems[0].cure, "note") == f"{mark}{said[0]}{mark} {said[1]}"


@given(words, words)
def test_a_colon_in_a_value_without_quotes_is_named(one: str, other: str) -> None:
    with pytest.raises(InForceError) as caught:
        frontmatter.read(f"a: x\nnote: {one}: {other}\n", "a.yml")
    [problem] = caught.value.problems
    assert (problem.line, problem.what) == (2, "A colon and a blank stand in a value without quotes")
    assert written_as(problem.cure, "note") == f"{one}: {other}"


@pytest.mark.parametrize("mark", "@`%")
def test_a_mark_that_begins_no_value_is_named(mark: str) -> None:
    with pytest.raises(InForceError) as caught:
        frontmatter.read(f"note: {mark}us\n", "a.yml")
    [problem] = caught.value.problems
    assert problem.what == f"A value without quotes cannot begin with {mark}"
    assert written_as(problem.cure, "note") == f"{mark}us"


@pytest.mark.parametrize("text", ["a: x\n\tb: y\n", "a:\n\tb: y\n", "a: [\n\t@]\n"])
def test_a_tab_is_named(text: str) -> None:
    with pytest.raises(InForceError, match=r"^a\.yml:2: A tab stands here.*Replace it by blanks\.$"):
        frontmatter.read(text, "a.yml")
