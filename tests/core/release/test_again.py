"""A run of unpublished versions made again: dated anew and chained anew, every text and every word on it kept."""

from __future__ import annotations

import pytest

from core import builders
from core.builders import at
from inforce import project as sources
from inforce.errors import InForceError, Problem
from inforce.ledger import entries as ledger
from inforce.model import Numbering
from inforce.release import again
from inforce.release.proposal import ReleaseOptions

NUMBERS = ("1.0", "1.1", "2.0")
LATER = at("2026-03-02")


def nobody_knows(path: str) -> Problem | None:
    """Nothing is published."""
    del path


@pytest.mark.parametrize("first", NUMBERS)
def test_a_run_keeps_its_texts_and_what_was_said_of_them(first: str) -> None:
    files = builders.shipped()
    before = builders.ledger_of(files).by_number
    unpublished = again.choose("privacy", files, first, nobody_knows)
    assert tuple(version.number for version in unpublished.formers) == NUMBERS[NUMBERS.index(first) :]
    rest = builders.ledger_of(unpublished.files)
    draft = builders.draft_of(builders.policy())
    made = again.in_order(draft, rest, unpublished.formers, ReleaseOptions(), LATER)
    after = {**unpublished.files, **{version.path: ledger.compose(version) for version in made}}
    assert sources.read(after).errors == ()
    assert tuple(builders.ledger_of(after).by_number) == NUMBERS
    for version in made:
        old = before[version.number]
        assert version.announced == LATER
        assert (version.clauses, version.changes, version.summary) == (old.clauses, old.changes, old.summary)
    assert made[-1].effective == before["2.0"].effective


def test_a_run_keeps_whose_numbers_its_versions_bear() -> None:
    files = builders.released(builders.policy(numbering='"text"'), "2026-01-01", summary="One.")
    unpublished = again.choose("privacy", files, "1.0", nobody_knows)
    rest = builders.ledger_of(unpublished.files)
    [made] = again.in_order(builders.draft_of(builders.policy()), rest, unpublished.formers, ReleaseOptions(), LATER)
    assert made.numbering is Numbering.TEXT


def test_one_published_version_stops_the_run() -> None:
    files = builders.shipped()

    def published(path: str) -> Problem | None:
        return Problem(path, 0, "again", "It is published", "Release") if path.endswith("/1.1.md") else None

    with pytest.raises(InForceError, match=r"1\.1\.md: It is published"):
        again.choose("privacy", files, "1.0", published)
    with pytest.raises(InForceError, match="is published"):
        again.choose("privacy", files, "1.1", published)
    assert [version.number for version in again.choose("privacy", files, "", published).formers] == ["2.0"]


def test_the_unpublished_ones_are_told_in_order() -> None:
    with pytest.raises(InForceError, match=r"1\.0, 1\.1 and 2\.0 are unpublished.*Give --again 1\.0"):
        again.choose("privacy", builders.shipped(), "", nobody_knows)
