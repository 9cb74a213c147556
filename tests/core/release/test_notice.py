"""What a text promises of its own changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.builders import clause
from inforce.model import Clause, Severity
from inforce.release import notice
from inforce.release.notice import Promise

MATERIAL, NOTICE = Severity.MATERIAL, Severity.NOTICE


def promised(text: str, language: str = "en") -> dict[Severity, int]:
    found = notice.of_notice([Clause("preamble", text)], language)
    return {severity: promise.days for severity, promise in found.items()}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("We give 30 days' notice of changes to these terms.", {MATERIAL: 30, NOTICE: 30}),
        ("Two weeks before we change this policy, we tell you.", {MATERIAL: 14, NOTICE: 14}),
        ("Any amendment of this agreement needs thirty (30) days prior notice.", {MATERIAL: 30, NOTICE: 30}),
        ("Significant changes of this policy: 45 days in advance.", {MATERIAL: 45}),
        ("We tell you 14 calendar days ahead of updates to our policies.", {MATERIAL: 14, NOTICE: 14}),
        ("Prices change upon 30 days notice.", {}),
        ("We change this policy. We delete your data within 30 days.", {}),
        ("We may change this policy at any time.", {}),
        ("", {}),
    ],
)
def test_days_of_notice_are_found_where_they_are_of_the_policy(text: str, days: dict[Severity, int]) -> None:
    assert promised(text) == days


def test_the_heading_says_what_a_paragraph_is_about_and_the_longest_counts() -> None:
    text = "- **Material ones** come with 30 days' notice.\n- Others are published 7 days before.\n- Or 5 days before."
    found = notice.of_notice([Clause("changes", f"## Changes to this policy {{#changes}}\n\n{text}")], "en")
    assert found == {MATERIAL: Promise(30, "changes"), NOTICE: Promise(7, "changes")}


PROMISES = {
    "We give 30 days' notice of changes to this policy.": 30,
    "We tell you two weeks before a change takes effect.": 14,
    "Material changes are announced at least 60 days in advance.": 60,
    "You receive ten days' prior written notice by e-mail.": 10,
    "We publish them 7 days before.": 7,
    "No change applies earlier than 45 days before we have told you of it.": 45,
    "We post updates 21 days prior to the date on which they apply.": 21,
    "Customers have 20 days of notice.": 20,
    "We give 33 days' notice to all customers.": 33,
    "We endeavour to tell you 12 days ahead of any update.": 12,
}
OTHER_PERIODS = [
    "If you do not cancel within 160 days of the notice, the change applies.",
    "We keep records of notices for 190 days.",
    "Records are kept for 191 days. Notice is given by e-mail.",
    "You are told 12 months in advance of deletion.",
    "We warn you 170 days before we delete your account.",
    "Objections within 180 days after the notice count.",
    "You have 150 days from our notice to object.",
    "You may terminate the contract on 140 days' notice.",
    "Your subscription renews unless you cancel 130 days before it ends.",
    "We answer within 120 days of your notice.",
    "We charge you 110 days prior to delivery.",
]


@given(st.lists(st.sampled_from([*PROMISES, *OTHER_PERIODS]), unique=True), st.booleans())
def test_a_sentence_promises_the_same_whatever_stands_beside_it(sentences: list[str], apart: bool) -> None:
    text = ("\n\n" if apart else " ").join(sentences)
    found = notice.of_notice([Clause("changes", f"## Changes to this policy {{#changes}}\n\n{text}")], "en")
    days = [PROMISES[sentence] for sentence in sentences if sentence in PROMISES]
    assert found.get(MATERIAL, Promise(0, "")).days == max(days, default=0)


def test_a_language_without_words_promises_nothing_and_is_not_asked() -> None:
    assert promised("Wir ändern diese policy mit 30 days notice.", "de") == {}
    assert not notice.is_read("de")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("We e-mail you when this policy changes.", True),
        ("Changes to these terms are announced here.", True),
        ("This policy may change. Check back regularly.", False),
        ("We announce new products.", False),
    ],
)
def test_whether_a_text_says_how_changes_are_told(text: str, told: bool) -> None:
    assert notice.says_how_changes_are_told([clause("about", text)], "en") is told


@pytest.mark.parametrize(
    ("text", "dated"),
    [
        ("*Last updated: April 8, 2020*", ["last updated april 8 2020"]),
        ("Effective as of 2020-01-02, this applies.", []),
        ("**Effective date**: 1 January 2027", ["effective date 1 january 2027"]),
        ("The law in effect in 2020 applies.", []),
    ],
)
def test_a_text_that_dates_itself(text: str, dated: list[str]) -> None:
    assert list(notice.dates(Clause("preamble", text), "en")) == dated
