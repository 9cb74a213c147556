"""What a release refuses, and what keeps an unpublished version from readers: the place, what is wrong, the cure."""

from __future__ import annotations

import pytest

from core import builders
from core.builders import NEXT, POLICY, Files, assert_told, at
from inforce import project as sources
from inforce.check import drafts as checks
from inforce.errors import InForceError
from inforce.model import EventKind, Severity
from inforce.release import proposal, rules
from inforce.release.proposal import ReleaseOptions

CONTACT = f"{POLICY}contact.md"
V10, V11, V20 = (f"versions/privacy/{number}.md" for number in ("1.0", "1.1", "2.0"))


@pytest.fixture(scope="module")
def shipped() -> Files:
    return builders.shipped()


# What a release refuses.


def test_a_release_says_everything_that_stands_against_it(shipped: Files) -> None:
    files = builders.edited(shipped, "contact", "## Contact\n\nBox 9.", "material")
    files = {**files, f"{POLICY}purpose.md": b"## Purpose\n\nNone.\n"}
    with pytest.raises(InForceError) as caught:
        proposal.prepare(
            builders.draft_of(files),
            builders.ledger_of(files),
            ReleaseOptions(effective=at("2026-03-15")),
            at("2026-03-10"),
        )
    problems = caught.value.problems
    assert_told(problems, f"{CONTACT}:1", "The material change of `contact` has no note", 'Write note: "…"')
    assert_told(problems, f"{POLICY}purpose.md:1", "Nobody has said how much", 'Write severity: "editorial"')
    assert_told(problems, NEXT, "no summary", "Write summary in next.yml")
    assert_told(problems, POLICY, "It takes effect before 2.0 does (2026-04-01)", "Choose 2026-04-01 or later")
    assert_told(problems, POLICY, "needs 30 days of notice and would get 5", "Choose 2026-04-09 or later")


@pytest.mark.parametrize(
    ("options", "what", "cure"),
    [
        (ReleaseOptions(effective=at("2026-02-28")), "before it is announced", "Choose a later --effective"),
        (ReleaseOptions(announced=at("2026-02-28")), "Only an import looks back", "Leave --announced out"),
        (
            ReleaseOptions(announced=at("2026-12-01"), imported_from="paper"),
            "announced ahead",
            "Choose a day that is past",
        ),
        (
            ReleaseOptions(announced=at("2025-12-01"), imported_from="paper"),
            "before versions/privacy/2.0.md is",
            "later --announc",
        ),
        (
            ReleaseOptions(notes={"contcat": builders.note(Severity.NOTICE)}),
            "there is no change of it",
            "Did you mean `contact`",
        ),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_a_wish_that_cannot_be(options: ReleaseOptions, what: str, cure: str, shipped: Files) -> None:
    files = builders.edited(shipped, "contact", "## Contact\n\nBox 9.")
    with pytest.raises(InForceError) as caught:
        proposal.prepare(builders.draft_of(files), builders.ledger_of(files), options, at("2026-04-10"))
    assert_told(caught.value.problems, POLICY, what, cure)


def test_unchanged_text_is_refused_unless_what_it_asks_changed(shipped: Files) -> None:
    with pytest.raises(InForceError) as caught:
        builders.released(shipped, "2026-04-10", summary="Nothing.")
    assert_told(caught.value.problems, POLICY, "The text is that of 2.0", "Change a clause first")
    accepted = {**shipped, builders.SETTINGS: builders.settings(requires='"accept"')}
    assert "versions/privacy/2.1.md" in builders.released(accepted, "2026-04-10", summary="Please accept.")


def test_nothing_is_released_after_a_retirement(shipped: Files) -> None:
    files = builders.happened(shipped, EventKind.RETIRE, "2026-05-01")
    files = builders.edited(files, "contact", "## Contact\n\nBox 9.")
    with pytest.raises(InForceError) as caught:
        builders.released(files, "2026-05-02", summary="Too late.")
    assert_told(caught.value.problems, POLICY, "privacy was retired", "has no further version")


# What an unpublished version must not be when it reaches readers.


def test_a_stale_release_is_dated_anew(shipped: Files) -> None:
    policy = sources.read(shipped).policies[0]
    published = {V10, V11}
    assert list(rules.of_coming(policy, published, at("2026-03-01T23:00:00+08:00"))) == []
    late = tuple(rules.of_coming(policy, published, at("2026-03-03")))
    assert_told(late, V20, "It was made on 2026-03-01 and is not published yet", "release privacy --again 2.0")
    early = tuple(rules.of_coming(policy, published, at("2026-02-28")))
    assert_told(early, f"{V20}:9", "It is announced ahead, on 2026-03-01", "inforce release privacy --again 2.0")
    row = tuple(rules.of_coming(policy, {V10}, at("2026-03-03")))
    assert_told(row, V11, "was made on 2026-02-01", "Date it anew: inforce release privacy --again 1.1")
    assert_told(row, V20, "was made on", "Date 1.1 anew, and this one with it: inforce release privacy --again 1.1")


def test_notice_counts_from_the_day_of_publication() -> None:
    files = builders.released(builders.policy(), "2026-01-01", summary="One.")
    files = builders.edited(files, "contact", "## Contact\n\nBox 9.", "material", "Moved.")
    files = builders.released(files, "2026-03-01T23:00:00+08:00", summary="Moved.", effective=at("2026-03-31"))
    policy = sources.read(files).policies[0]
    problems = tuple(rules.of_coming(policy, {V10}, at("2026-03-02T01:00:00+08:00")))
    assert_told(problems, f"{V20}:10", "needs 30 days of notice and would get 29", "--effective")


def test_where_no_notice_is_due_midnight_may_pass_before_publication() -> None:
    files = builders.released(builders.policy(), "2026-01-01", summary="One.")
    files = builders.edited(files, "contact", "## Contact\n\nWrite to privacy@policies.example, please.")
    files = builders.released(files, "2026-03-01T23:50:00+08:00", summary="Politer.")
    policy = sources.read(files).policies[0]
    assert list(rules.of_coming(policy, {V10}, at("2026-03-02T00:10:00+08:00"))) == []


def test_an_import_after_a_release_is_refused(shipped: Files) -> None:
    draft = builders.draft_of(builders.edited(shipped, "contact", "## Contact\n\nBox 9."))
    ledger = builders.ledger_of(shipped)
    options = ReleaseOptions(
        summary="Old.", imported_from="A drawer", announced=at("2026-04-02"), effective=at("2026-04-02")
    )
    with pytest.raises(InForceError) as caught:
        proposal.prepare(draft, ledger, options, at("2026-05-01"))
    assert_told(
        caught.value.problems, POLICY, "A version that was released here comes before", "Leave --imported-from out"
    )


def test_a_withdrawal_that_reaches_readers_too_late(shipped: Files) -> None:
    files = builders.happened(shipped, EventKind.WITHDRAW, "2026-03-31", version="2.0")
    policy = sources.read(files).policies[0]
    published = {V10, V11, V20}
    assert list(rules.of_coming(policy, published, at("2026-03-31T23:59:59+08:00"))) == []
    problems = tuple(rules.of_coming(policy, published, at("2026-04-01")))
    assert_told(problems, "versions/privacy/events/1.yml", "2.0 took effect on 2026-04-01", "Delete the event")


@pytest.mark.parametrize("data", [b"", b"versions/** -text\npolicy/**/*.md text eol=lf\npolicy/**/*.yml text eol=lf\n"])
def test_missing_git_attributes(data: bytes) -> None:
    problems = tuple(checks.attributes_problems(data))
    assert_told(problems, ".gitattributes", "`versions/** -text -filter -ident` is missing", "can change digests")


@pytest.mark.parametrize("before", ["", "/"])
def test_git_attributes_may_begin_at_the_root_as_those_of_a_new_policy_may(before: str) -> None:
    told = "".join(f"{before}{line}\n" for line in checks.GITATTRIBUTES).encode()
    assert list(checks.attributes_problems(told)) == []
