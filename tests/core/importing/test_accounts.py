"""Every date is used or answered for; and what may never have been in force is asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.importing.histories import FIRST, NOW, imported, monthly, snapshot
from inforce.importing.accounts import Doubtful, accounts, doubtful, unclear
from inforce.importing.histories import Folding, Snapshot, candidates

LONG = "Everything that we keep is kept for ten years, and shown to nobody at all."


def text(body: str, dated: str = "", title: str = "Terms") -> str:
    return f"# {title}\n\n{dated}\n\n## Data\n\n{body}\n\n## Law\n\nGerman law, 1 May 2001.\n\nAnd none else.\n"


def answered(*snapshots: Snapshot) -> list[tuple[str, str, str, str]]:
    made = imported(list(snapshots)).made
    return [(each.version, each.told.text, each.effective.isoformat(), each.why) for each in accounts(made)]


def test_each_date_is_used_or_answered_for() -> None:
    ahead = FIRST + timedelta(days=90)
    rows = answered(
        snapshot(text("One.", "Last updated: 1 December 2019. Effective: 1 January 2020"), short="a"),
        snapshot(text("Two.", "Effective: May 2020"), FIRST + timedelta(days=40), "b"),
        snapshot(text("Three.", f"Effective: {ahead}"), FIRST + timedelta(days=50), "c"),
        snapshot(text("Four.", f"Effective: {ahead}"), FIRST + timedelta(days=200), "d"),
        snapshot(text("Five.", "Effective: 03/04/2021"), FIRST + timedelta(days=300), "e"),
        snapshot(text("Six.", "Effective: 2033-01-01"), FIRST + timedelta(days=400), "f"),
    )
    assert [row for row in rows if row[1] != "1 May 2001"] == [
        ("1.0", "1 December 2019", "2020-01-01", "used: announced on that day"),
        ("1.0", "1 January 2020", "2020-01-01", "used"),
        ("1.1", "May 2020", "2020-02-10", "it names no day"),
        ("1.2", "2020-03-31", "2020-03-31", "used"),
        ("1.3", "2020-03-31", "2020-07-19", "it stayed as it was while the words changed"),
        ("1.4", "03/04/2021", "2020-10-27", "it has several meanings, and none is guessed"),
        ("1.5", "2033-01-01", "2021-02-04", "it lies more than a year after the text came"),
    ]
    assert sum(row[1:] == ("1 May 2001", row[2], "not said of this text; it stays in it") for row in rows) == 6


def test_a_date_with_two_meanings_is_unclear_until_an_editor_says_which() -> None:
    one = snapshot(text("One.", "Effective: 03/04/2020"), short="a")
    two = snapshot(text("Two.", "Effective: 03/04/2020"), FIRST + timedelta(days=140), "b")
    first, second = candidates([one, two], Folding(), NOW.date())
    [told] = unclear(first, None)
    assert told.days == (date(2020, 3, 4), date(2020, 4, 3))
    assert unclear(second, first) == ()
    [given, _] = candidates([one, two], Folding(), NOW.date(), {"a": date(2020, 4, 3)})
    assert unclear(given, None) == ()


def doubts(*texts: str, kept: tuple[str, ...] = ()) -> list[Doubtful]:
    return list(doubtful(candidates(monthly(texts), Folding(), NOW.date()), kept))


@pytest.mark.parametrize(("name", "subject", "said"), [
    ("_drafts/privacy.md at 3f2a", "Add it", "stood among drafts (_drafts/privacy.md)"),
    ("legal/privacy-DRAFT.md at 3f2a", "Add it", "stood among drafts (legal/privacy-DRAFT.md)"),
    ("privacy.md at 3f2a", "DRAFT UPDATE of privacy", "came as a draft (“DRAFT UPDATE of privacy”)"),
    ("privacy.md at 3f2a", "Entwurf der Erklärung", "came as a draft (“Entwurf der Erklärung”)"),
    ("aircraft/drafting.md at 3f2a", "Add it", ""),
])  # fmt: skip
def test_a_text_that_stood_or_came_as_a_draft_is_doubtful(name: str, subject: str, said: str) -> None:
    first, last = monthly(["# T\n\nWe keep data.", "# T\n\nWe keep all data."])
    history = [replace(first, origin=replace(first.origin, name=name, subject=subject)), last]
    found = list(doubtful(candidates(history, Folding(), NOW.date())))
    assert [each.why for each in found] == ([said] if said else [])


def test_drafts_stubs_and_what_returns_are_doubtful() -> None:
    [draft] = doubts(text(LONG), text(f"{LONG} Or so.", title="DRAFT UPDATE of terms"))
    assert (draft.short, draft.leave) == ("t1", ("t1",))
    [hidden] = doubts(text(LONG), f"---\ndraft: true\n---\n{text(f'{LONG} So.')}")
    assert hidden.why == "is marked as unpublished (draft: true)"
    [stub] = doubts(text(LONG * 5), "# Terms\n\nTo come.\n", text(LONG * 6))
    assert "shorter than a third of its neighbours" in stub.why
    [back] = doubts(text(LONG), text(f"{LONG} We sell it."), text(f"{LONG} We rent it."), text(LONG))
    assert (back.short, back.leave) == ("t3", ("t1", "t2"))


def test_what_an_editor_keeps_and_what_is_like_its_neighbours_is_in_no_doubt() -> None:
    assert doubts(text(LONG), text(f"{LONG} Or so."), text(f"{LONG} Or not.")) == []
    assert doubts(text(LONG), text(f"{LONG} Or so.", title="Draft of terms"), kept=("t1",)) == []


def test_a_stale_day_in_a_sentence_is_told_of_the_version_that_shows_it() -> None:
    sentence = "These terms are effective as of 1 January 2020 and replace all others."
    history = [
        text(LONG, sentence),
        text(f"{LONG} So we do.", sentence),
        text(f"{LONG} So we all do.", "Updated: 1 May 2020"),
    ]
    told = answered(*monthly(history))
    stale = [version for version, date, _, why in told if "readers still find it" in why]
    assert stale == ["1.1"]
