"""What publishing the coming version will do: dates, notice, and what each customer sees."""

from __future__ import annotations

from datetime import date

from core import builders
from core.builders import POLICY, Files, at
from inforce import project as sources
from inforce.model import Policy, Severity
from inforce.publish import rehearsal
from inforce.publish.rehearsal import Rehearsal
from inforce.release import proposal
from inforce.release.proposal import ReleaseOptions

NOW = at("2026-05-01T12:00:00+08:00")


def policy(files: Files) -> Policy:
    return sources.read(files).policies[0]


def rehearsed(files: Files, **options: object) -> Rehearsal | None:
    read = policy(files)
    assert read.draft
    return rehearsal.of_draft(read, read.draft, ReleaseOptions(**options), NOW)  # type: ignore[arg-type]


def states(found: Rehearsal) -> dict[str, tuple[str, str]]:
    return {
        seen.agreed.number if seen.agreed else "": (seen.published["state"], seen.effective["state"])
        for seen in found.customers
    }


def test_nothing_is_coming_where_the_draft_changes_nothing() -> None:
    assert rehearsed(builders.shipped()) is None


def test_each_earlier_versions_customers_see_what_the_storefront_decides() -> None:
    files = builders.edited(builders.shipped(), "contact", "## Contact\n\nBox 9.", "notice", "A box now.")
    found = rehearsed(files, summary="A box.")
    assert found is not None
    assert (found.version.number, found.version.severity, found.objections) == ("2.1", Severity.NOTICE, ())
    assert (found.earliest, found.notice) == (date(2026, 5, 8), (7, 7))
    assert states(found) == {
        "2.0": ("upcoming", "notice"),
        "1.1": ("review_required", "review_required"),
        "1.0": ("review_required", "review_required"),
        "": ("initial", "initial"),
    }
    of_20 = found.customers[0]
    assert [row["clause"] for row in of_20.effective["changes"]] == ["contact"]
    assert of_20.effective["version"] == "2.1"


def test_what_takes_effect_before_a_far_day_is_not_skipped() -> None:
    """1.1 is in force and 2.0 announced; whoever agreed to 1.1 is asked about 2.0 long before a 2.1 of a far day."""
    files = builders.edited(builders.shipped(), "contact", "## Contact\n\nBox 9.", "notice", "A box now.")
    read = policy(files)
    coming = read.ledger.standing[-1]
    assert read.draft
    before = coming.announced
    found = rehearsal.of_draft(read, read.draft, ReleaseOptions(effective=date(2099, 1, 1), summary="A box."), before)
    assert found is not None
    of_11 = next(seen for seen in found.customers if seen.agreed and seen.agreed.number == "1.1")
    assert [(when, decided["state"], decided["version"]) for when, decided in of_11.between] == [
        (coming.effective, "review_required", "2.0")
    ]
    assert (of_11.published["state"], of_11.effective["version"]) == ("upcoming", "2.1")


def test_a_change_that_nobody_graded_counts_as_material_and_is_told() -> None:
    files = {**builders.shipped(), f"{POLICY}contact.md": b"## Contact\n\nBox 9.\n"}
    found = rehearsed(files)
    assert found is not None
    assert found.notice[0] == 30
    assert {problem.rule for problem in found.objections} == {"severity-missing", "summary-missing"}
    assert states(found)["2.0"] == ("upcoming", "review_required")


def test_an_editorial_version_is_seen_by_nobody() -> None:
    files = builders.edited(builders.shipped(), "contact", "## Contact\n\nWrite to privacy@policies.example!")
    found = rehearsed(files, summary="A mark.")
    assert found is not None
    assert states(found)["2.0"] == ("up_to_date", "up_to_date")


def test_a_day_that_is_too_early_is_objected_to() -> None:
    files = builders.edited(builders.shipped(), "contact", "## Contact\n\nBox 9.", "notice", "A box now.")
    found = rehearsed(files, summary="A box.", effective=date(2026, 5, 3))
    assert found is not None
    assert [problem.rule for problem in found.objections] == ["notice"]
    assert found.notice == (7, 2)


def test_a_first_version_meets_first_visits_only() -> None:
    found = rehearsed(builders.policy(), summary="One.")
    assert found is not None
    assert (found.compared, found.notice[0]) == (None, 0)
    assert states(found) == {"": ("initial", "initial")}


def test_a_release_that_is_not_published_is_rehearsed_as_it_stands() -> None:
    read = policy(builders.shipped())
    found = rehearsal.of_release(read, read.ledger.versions[-1], at("2026-03-01T01:00:00+08:00"))
    assert found.released
    assert found.version is read.ledger.versions[-1]
    assert states(found) == {
        "1.1": ("upcoming", "review_required"),
        "1.0": ("upcoming", "review_required"),
        "": ("initial", "initial"),
    }


def test_the_rehearsal_shows_what_the_release_then_writes() -> None:
    files = builders.edited(builders.shipped(), "contact", "## Contact\n\nBox 9.", "notice", "A box now.")
    found = rehearsed(files, summary="A box.")
    assert found is not None
    options = ReleaseOptions(summary="A box.", effective=found.earliest)
    assert proposal.prepare(builders.draft_of(files), builders.ledger_of(files), options, NOW) == found.version
