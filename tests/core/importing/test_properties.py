"""What holds for every text: it imports with every word kept in order, or is refused with a reason that helps."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from core import strategies
from core.importing.histories import imported, monthly, snapshot
from inforce.errors import InForceError, errors
from inforce.importing import conservation
from inforce.ledger import entries as ledger
from inforce.text import clauses

REASONS = {"empty", "conflict", "encoding"}
"""Why a text can be refused."""

_heading = st.builds("\n\n{} {}\n\n".format, st.sampled_from(["#", "##", "###", "####"]), st.sampled_from(
    ["Data", "1. Data", "Your rights", "§ 4", "数据", "Scope {#s}", "*Law*", "On", "[x](#data)"]))  # fmt: skip
_words = st.sampled_from(
    ["We keep data. ", "See [data](#data). ", "A note[^1].\n\n[^1]: The note.\n\n", "*Last updated: 3 May 2018*"]
)
documents = st.lists(_heading | _words | strategies.markdown, max_size=8).map("".join)


def refused(texts: list[str]) -> bool:
    """Whether one of ``texts`` cannot be read, for a reason that its author would understand."""
    try:
        monthly(texts)
    except InForceError as error:
        return {problem.rule for problem in error.problems} <= REASONS
    return False


@given(documents)
def test_a_text_imports_with_every_word_in_order(text: str) -> None:
    assume(not refused([text]))
    found = imported([snapshot(text)])
    assert errors(found.problems) == ()
    [made] = found.made
    conservation.prove(text.encode(), made.candidate.snapshot.reading, made.version.clauses, "")


@example(["We keep data. ", "We keep data. <!---->"])
@given(st.lists(documents, min_size=2, max_size=4))
def test_a_history_imports_whole_or_is_refused(texts: list[str]) -> None:
    assume(not refused(texts))
    found = imported(monthly(texts))
    assert errors(found.problems) == ()
    for each in found.made:
        assert ledger.parse(each.version.path, ledger.compose(each.version)) == each.version
        assert not [name for name in each.version.by_id if clauses.id_problem(name)]
    assert imported(monthly(texts)).files == found.files


@given(strategies.phrases)
def test_letters_are_those_of_the_words(text: str) -> None:
    plain = re.sub(r"[<>&\[\](){}\\]", " ", text)
    assert conservation.letters(f"{plain} a") == conservation.letters(plain) + "a"


@pytest.mark.parametrize(
    "comment", ["<!-- ask Bob -->", "<!---->", "<!-->", "<!-- two\nlines -->", "<!-- <b>x</b> -->"]
)
def test_a_comment_within_a_line_is_neither_published_nor_left_unsaid(comment: str) -> None:
    [made] = imported([snapshot(f"# Terms\n\n## Data\n\nWe keep data {comment} for a year, in `<!-- code -->`.")]).made
    [clause] = [each for each in made.version.clauses if each.heading == "Data"]
    assert clause.body.split() == ["We", "keep", "data", "for", "a", "year,", "in", "`<!--", "code", "-->`."]
    [(_, told)] = made.candidate.snapshot.reading.notes
    assert told.endswith(" ".join(comment.split()))


@pytest.mark.parametrize("given", ["{#who}", "{ #who }", "{: #who .x }", '{ .x #who data-y="1" }', "{ .x }"])
def test_attributes_behind_a_heading_are_no_words_that_an_import_loses(given: str) -> None:
    """MkDocs' own manner has a blank behind the brace."""
    text = f"# Terms\n\n## Who {given}\n\nx\n\n## Law\n\ny\n"
    [made] = imported([snapshot(text)]).made
    conservation.prove(text.encode(), made.candidate.snapshot.reading, made.version.clauses, "")
    assert [each.heading for each in made.version.clauses] == ["Who", "Law"]
