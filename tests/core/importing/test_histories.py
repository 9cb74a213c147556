"""What is folded into one version, and when each took effect."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.importing.histories import FIRST, NOW, imported, monthly, snapshot
from inforce.importing.histories import Candidate, Folding, candidates
from inforce.model import Severity
from inforce.text.html import render

NEXT = FIRST + timedelta(days=40)


def text(body: str, dated: str = "") -> str:
    return "# Terms\n\n" + (f"*{dated}*\n\n" if dated else "") + f"## Data\n\n{body}\n"


def dated(*snapshots: object, folding: Folding | None = None, told: dict[str, date] | None = None) -> list[Candidate]:
    return list(candidates(snapshots, folding or Folding(), NOW.date(), told))  # type: ignore[arg-type]


def days(found: list[Candidate]) -> list[tuple[date, date, str]]:
    return [(each.announced, each.effective, each.why) for each in found]


def test_texts_of_one_day_are_one_version_with_the_last_text() -> None:
    one, two = snapshot(text("One."), short="a"), snapshot(text("Two."), short="b")
    [found] = dated(one, two)
    assert (found.snapshot, found.folded) == (two, (one,))
    assert len(dated(one, two, folding=Folding(day=False))) == 2


def test_a_text_with_no_word_changed_is_folded_and_keeps_the_first_day() -> None:
    one, two = snapshot(text("One *two*."), short="a"), snapshot(text("One **two**."), NEXT, "b")
    [found] = dated(one, two)
    assert (found.snapshot, found.effective) == (two, FIRST)
    assert len(dated(one, two, folding=Folding(words=False))) == 2


def test_the_very_same_text_is_never_two_versions() -> None:
    texts = [text("One."), text("One.", "Last updated: 9 May 2020")]
    assert len(dated(*monthly(texts), folding=Folding(day=False, words=False))) == 1


def test_words_that_change_and_change_back_on_one_day_leave_no_version() -> None:
    one, two = snapshot(text("One."), short="a"), snapshot(text("Two."), NEXT, "b")
    back = snapshot(text("One."), NEXT, "c")
    [found] = dated(one, two, back)
    assert len(found.folded) == 2


def test_the_texts_own_day_wins_over_the_day_it_came() -> None:
    early = snapshot(text("One.", "Last updated: 1 March 2014"))
    ahead = snapshot(text("Two.", f"Effective: {FIRST + timedelta(days=70)}"), NEXT, "b")
    assert days(dated(early, ahead)) == [
        (date(2014, 3, 1), date(2014, 3, 1), "text"),
        (NEXT, FIRST + timedelta(days=70), "text"),
    ]


def test_announced_and_effective_are_both_taken() -> None:
    found = dated(snapshot(text("One.", "Last updated: 1 March 2019. Effective: 1 April 2019")))
    assert days(found) == [(date(2019, 3, 1), date(2019, 4, 1), "text")]


@pytest.mark.parametrize(
    "line",
    [
        "Last updated: 1 March 2014",  # as in the text before, though the words changed
        "Last updated: 1 March 2013",  # before the version before
        "Last updated: 1 March 2031",  # years ahead
        "Last updated: April DD, 2020",
    ],
)
def test_a_day_that_cannot_be_is_not_believed(line: str) -> None:
    one, two = snapshot(text("One.", "Last updated: 1 March 2014")), snapshot(text("Two.", line), NEXT, "b")
    assert days(dated(one, two))[1] == (NEXT, NEXT, "origin")


def test_a_date_line_brought_up_to_date_soon_after_tells_of_the_words_before_and_a_year_later_does_not() -> None:
    one = snapshot(text("One.", "Last updated: 1 March 2014"))
    two = snapshot(text("Two.", "Last updated: 1 March 2014"), NEXT, "b")
    soon, late = NEXT + timedelta(days=3), NEXT + timedelta(days=400)
    assert dated(one, two, snapshot(text("Two.", f"Last updated: {soon}"), soon, "c"))[1].effective == soon
    assert dated(one, two, snapshot(text("Two.", f"Last updated: {late}"), late, "c"))[1].effective == NEXT


def test_a_clock_that_went_back_takes_no_version_before_its_predecessor() -> None:
    one, two = snapshot(text("One."), NEXT, "a"), snapshot(text("Two."), FIRST, "b")
    assert days(dated(one, two, folding=Folding(day=False))) == [(NEXT, NEXT, "origin"), (NEXT, NEXT, "order")]


def test_an_editor_has_the_last_word_and_today_is_said() -> None:
    assert days(dated(snapshot(text("One."), None), told={"text": FIRST})) == [(FIRST, FIRST, "option")]
    assert days(dated(snapshot(text("One."), None))) == [(NOW.date(), NOW.date(), "today")]


def test_every_change_stays_unclassified_and_the_numbers_follow() -> None:
    found = imported(monthly([text("One."), text("Two."), text("Three.")]))
    versions = [each.version for each in found.made]
    assert [version.number for version in versions] == ["1.0", "1.1", "1.2"]
    assert [version.severity for version in versions] == [Severity.MATERIAL, *[Severity.UNCLASSIFIED] * 2]
    assert versions[1].imported_from == "old: t1.md"
    assert versions[1].summary == "Imported, not classified yet. Changed: Data."
    assert found.problems == ()


def test_lines_that_only_look_like_items_stay_in_their_paragraph() -> None:
    lines = "You must not:\n(a) copy\n(b) sell,\nas in\n1.1 Terms\na. here"
    found = imported(monthly([f"# Terms\n\n## Use\n\n{lines}\n"]))
    assert found.problems == ()
    [clause] = found.made[0].version.clauses
    assert render(clause).body == f"<p>{lines}</p>"
