"""Whose numbers clauses bear: what counts as one in a heading, what is guessed, recorded, told, and never changed."""

from __future__ import annotations

import pytest

from core import builders
from core.builders import POLICY, SETTINGS, Files, at
from core.importing.histories import imported, monthly
from inforce import project as sources
from inforce.changes import versions
from inforce.check import drafts
from inforce.draft import guesses
from inforce.errors import InForceError
from inforce.ledger import entries as ledger
from inforce.model import Numbering, Severity
from inforce.release import proposal
from inforce.release.proposal import ReleaseOptions

NUMBERED = {
    "preamble": "Hello.",
    "definitions": "## 1. Definitions\n\nWords.",
    "user-safety": "---\nowner: me\n---\n\n## 2. User *Safety*\n\nTake care.",
}


def twice(files: Files) -> list[str]:
    read = sources.read(files)
    [policy] = read.policies
    return [
        str(each) for each in drafts.duties(policy, read.policies, at("2026-05-01")) if each.rule == "numbered-twice"
    ]


@pytest.mark.parametrize(
    ("heading", "number"),
    [
        ("2. User Safety", "2."),
        ("A. Definitions", "A."),
        ("IV. Scope", "IV."),
        ("(b) Use", "(b)"),
        ("1.1 Terms", "1.1"),
        ("§ 3 Haftung", "§ 3"),
        ("§ 3", "§ 3"),
        ("Section K", "Section K"),
        ("ARTICLE IX: Law", "ARTICLE IX"),
        ("Artikel 5", "Artikel 5"),
        ("第 3 条", "第 3 条"),
        ("第十二条（目的）", "第十二条"),
        ("3 Fees", "3"),
        ("30 days to cancel", ""),
        ("Section of the law", ""),
        ("Definitions", ""),
        ("A note on cookies", ""),
        ("1.5 million users", ""),
        ("24/7 support", ""),
    ],
)
def test_what_is_a_number_that_a_heading_bears(heading: str, number: str) -> None:
    assert guesses.heading_number(heading, 3) == number


def test_a_heading_that_would_have_two_numbers_is_told_with_its_line_and_a_cure() -> None:
    cure = 'Write numbering: "text" in policy.yml, or take the number out of the heading.'
    said = "the heading bears a number, and gets another"
    assert twice(builders.policy(NUMBERED)) == [
        f"{POLICY}definitions.md:1: The page shows “1. 1. Definitions”: {said}. {cure}",
        f"{POLICY}user-safety.md:5: The page shows “2. 2. User *Safety*”: {said}. {cure}",
    ]


@pytest.mark.parametrize("said", ["text", "none"])
def test_with_numbers_of_the_text_or_none_there_is_nothing_to_tell(said: str) -> None:
    assert twice(builders.policy(NUMBERED, numbering=f'"{said}"')) == []
    assert twice(builders.policy()) == []


def test_no_other_word_is_taken() -> None:
    [problem] = builders.problems(builders.policy(numbering='"theirs"'))
    assert str(problem) == f"{SETTINGS}:9: `numbering` is 'theirs'. Write ours or text or none."


def test_a_version_records_it_where_it_is_not_ours_and_keeps_it() -> None:
    plain = builders.released(builders.policy(NUMBERED), "2026-01-01", summary="One.")
    one = plain["versions/privacy/1.0.md"]
    assert b"\nnumbering:" not in one
    told = builders.released(
        {**plain, SETTINGS: builders.settings(NUMBERED, numbering='"text"')}, "2026-02-01", summary="Two."
    )
    assert told["versions/privacy/1.0.md"] == one
    first, second = builders.ledger_of(told).versions
    assert (first.numbering, second.numbering, second.severity) == (Numbering.OURS, Numbering.TEXT, Severity.EDITORIAL)
    assert b'\nnumbering: "text"\n---\n' in told[second.path]
    assert versions.compare(builders.ledger_of(told), first, second).terms == (("numbering", "ours", "text"),)


def test_the_same_numbering_is_no_reason_for_a_release() -> None:
    files = builders.released(builders.policy(NUMBERED, numbering='"text"'), "2026-01-01", summary="One.")
    with pytest.raises(InForceError, match=r"The text is that of 1\.0"):
        proposal.prepare(
            builders.draft_of(files), builders.ledger_of(files), ReleaseOptions(summary="Two."), at("2026-02-01")
        )


def test_ours_is_written_in_no_version() -> None:
    files = builders.released(builders.policy(), "2026-01-01", summary="One.")
    data = files["versions/privacy/1.0.md"].replace(b"\n---\n\n#", b'\nnumbering: "ours"\n---\n\n#')
    with pytest.raises(InForceError, match="byte for byte"):
        ledger.parse("versions/privacy/1.0.md", data)


def test_an_import_guesses_it_of_each_text() -> None:
    plain, own = "# Terms\n\n## Scope\n\nAll.\n", "# Terms\n\n## 1. Scope\n\nAll.\n\n## 2. Law\n\nOurs.\n"
    found = imported(monthly([plain, own]))
    assert [made.version.numbering for made in found.made] == [Numbering.OURS, Numbering.TEXT]
    assert b'\nnumbering: "text"\n' in found.files["policy/terms/policy.yml"]
    assert b"numbering" not in imported(monthly([own, plain])).files["policy/terms/policy.yml"]
