"""A release of some changed clauses: it changes these alone, and what it leaves out is still to be released."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import fields, replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core import builders
from core.builders import NEXT, POLICY, Files
from core.histories import BODIES, NAMES, clauses, edits
from inforce import project as sources
from inforce.errors import InForceError
from inforce.model import Draft, Ledger, Note, Settings, Severity, Version
from inforce.release import proposal
from inforce.release.proposal import ReleaseOptions, part


@st.composite
def drafts(draw: st.DrawFn) -> tuple[Draft, Ledger]:
    """A draft that an editor made of a version."""
    order = [(name, draw(st.sampled_from(BODIES))) for name in NAMES[:5]]
    ledger = Ledger("privacy", (builders.version(clauses(order)),))
    new, was = draw(edits(order))
    notes = {name: Note(Severity.NOTICE, was=ids) for name, ids in was.items()}
    draft = replace(builders.draft_of(builders.policy()), clauses=clauses(new), notes=notes, files={})
    return draft, ledger


@given(drafts(), st.data())
def test_a_part_changes_what_was_named_and_the_whole_is_a_part(made: tuple[Draft, Ledger], data: st.DataObject) -> None:
    draft, ledger = made
    changed = [change.clause for change in proposal.pending_changes(draft, ledger)]
    assume(changed)
    names = data.draw(st.lists(st.sampled_from(changed), min_size=1, unique=True))
    if set(names) != set(changed):
        with contextlib.suppress(InForceError):
            assert_is_part(draft, ledger, names, part(draft, ledger, names))
        return
    found = part(draft, ledger, names)
    assert_is_part(draft, ledger, names, found)
    assert [each.id for each in found.clauses] == [each.id for each in draft.clauses]


def assert_is_part(draft: Draft, ledger: Ledger, names: Sequence[str], found: Draft) -> None:
    """What was named is as it is drafted, all else as it was released."""
    assert {change.clause for change in proposal.pending_changes(found, ledger)} <= set(names)
    before, drafted, after = (
        {each.id: each.text for each in texts} for texts in (ledger.versions[0].clauses, draft.clauses, found.clauses)
    )
    taken = {name for each in names for name in (each, *draft.notes.get(each, Note()).was)}
    for name in before.keys() | drafted.keys() | after.keys():
        assert after.get(name) == (drafted if name in taken else before).get(name), name


@pytest.fixture
def two_changes() -> Files:
    files = builders.edited(builders.shipped(), "contact", "## Contact\n\nCall us.", "notice", "By phone.")
    return builders.edited(files, "purpose", "## Purpose\n\nWe keep your address.", "material", "We keep it.")


def test_what_is_left_out_stays_in_the_draft(two_changes: Files) -> None:
    project = sources.read({**two_changes, NEXT: b'summary: "Both."\n'})
    chosen = project.with_part("privacy", ("contact",))
    made = chosen.release("privacy", ReleaseOptions(waived="Soon."), builders.at("2026-06-01"))
    [version] = made.versions
    assert [change.clause for change in version.changes] == ["contact"]
    assert version.by_id["purpose"].text == project.policy("privacy").ledger.versions[-1].by_id["purpose"].text
    assert set(made.changes) == {version.path, f"{POLICY}contact.md", NEXT}
    after = project.changed(made.changes)
    rest = after.policy("privacy")
    assert [change.clause for change in proposal.pending_changes(after.draft(rest), rest.ledger)] == ["purpose"]
    assert after.draft(rest).notes["purpose"].note == "We keep it."


@pytest.mark.parametrize(
    ("names", "what", "cure"),
    [
        (("preamble",), "`preamble` does not change", "Changed are: purpose, contact"),
        (("contct",), "`contct` does not change", "Did you mean `contact`?"),
    ],
)
def test_what_cannot_be_released_alone(two_changes: Files, names: tuple[str, ...], what: str, cure: str) -> None:
    with pytest.raises(InForceError) as caught:
        sources.read(two_changes).with_part("privacy", names)
    builders.assert_told(caught.value.problems, POLICY, what, cure)


def test_where_nothing_changes_it_is_said() -> None:
    with pytest.raises(InForceError) as caught:
        sources.read(builders.shipped()).with_part("privacy", ("contact",))
    builders.assert_told(caught.value.problems, POLICY, "`contact` does not change", "Changed are: none")


def test_a_link_to_what_is_left_out_is_told(two_changes: Files) -> None:
    files = builders.edited(two_changes, "contact", "## Contact\n\nSee [this](#appeals).", "notice", "By phone.")
    order = ["preamble", "purpose", "contact", "appeals"]
    files |= {builders.SETTINGS: builders.settings(order), f"{POLICY}appeals.md": b"## Appeals\n\nTo the court.\n"}
    with pytest.raises(InForceError) as caught:
        sources.read(files).with_part("privacy", ("contact",))
    assert any("`#appeals` leads nowhere" in problem.what for problem in caught.value.problems)
    assert sources.read(files).with_part("privacy", ("contact", "appeals"))


def test_a_first_version_has_all_clauses() -> None:
    with pytest.raises(InForceError) as caught:
        sources.read(builders.policy()).with_part("privacy", ("contact",))
    builders.assert_told(caught.value.problems, POLICY, "A first version has all clauses", "Leave --only out")


def test_what_was_not_named_beside_the_clauses_is_as_it_was_released(two_changes: Files) -> None:
    """Each thing that a version has from the settings, so that none is added without a part leaving it out."""
    policy = sources.read(two_changes).policy("privacy")
    assert policy.draft
    released = policy.ledger.versions[-1]
    said = {field.name for field in fields(Settings)} & {field.name for field in fields(Version)} - {"clauses"}
    others = {name: object() for name in said}
    found = part(replace(policy.draft, settings=replace(policy.draft.settings, **others)), policy.ledger, ["contact"])
    assert {name: getattr(found.settings, name) for name in said} == {name: getattr(released, name) for name in said}
