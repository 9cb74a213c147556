"""A version's text brought back into the draft: it reads as the version does, and nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import builders
from core.builders import NEXT, POLICY, SETTINGS
from core.strategies import clause_lists
from inforce.changes import lineage
from inforce.draft import folder
from inforce.draft.editing import restore
from inforce.errors import InForceError
from inforce.ledger import entries as ledger
from inforce.model import Clause, Severity
from inforce.release import proposal
from inforce.text import normal as texts
from inforce.text import yaml as frontmatter

NAMES = st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1)
COMMENTED = """\
# who may change this
title: "T"
clauses: # in order
  - "a" # first
  - b

  # counsel asked for it
  - 'c'
# the end
contact: "x"
"""


def applied(files: dict[str, bytes], changes: dict[str, bytes | None]) -> dict[str, bytes]:
    return {path: data for path, data in {**files, **changes}.items() if data is not None}


@given(old=clause_lists(), new=clause_lists())
def test_the_draft_has_exactly_the_version_s_clauses(old: tuple[Clause, ...], new: tuple[Clause, ...]) -> None:
    version = builders.version(new)
    ledger.parse(version.path, ledger.compose(version))
    drafted = {f"{POLICY}{c.id}.md": b"---\nowner: Ada\nnote: N\n---\n" + c.text.encode() for c in old}
    files = {SETTINGS: builders.settings([c.id for c in old]), NEXT: b"summary: S\n", **drafted}
    after = applied(files, restore(files, version, {}))
    assert NEXT not in after
    draft, problems = folder.read("privacy", after)
    assert draft is not None
    assert draft.clauses == version.clauses
    assert not draft.notes
    assert not problems
    assert restore(after, version, {}) == {}


@given(new=NAMES, block=st.booleans())
def test_a_list_is_rewritten_and_read_back(new: list[str], block: bool) -> None:
    lists = 'clauses:\n- "a"\n- b\n' if block else 'clauses: ["a",\n  b]\n'
    text = f"# before\ntitle: 'T'\n{lists}after: x # why\n"
    written = frontmatter.with_list(text, "p.yml", "clauses", new)
    fields = frontmatter.read(written, "p.yml")
    assert [value.value for value in fields.texts("clauses")] == new
    assert written.startswith("# before\ntitle: 'T'\n")
    assert written.endswith("after: x # why\n")


def test_lines_that_stay_keep_their_comments() -> None:
    written = frontmatter.with_list(COMMENTED, "p.yml", "clauses", ["c", "d", "a"])
    head, tail = '# who may change this\ntitle: "T"\nclauses: # in order\n', '# the end\ncontact: "x"\n'
    items = ["", "  # counsel asked for it", "  - 'c'", '  - "d"', '  - "a" # first', ""]
    assert written == head + "\n".join(items) + tail


@pytest.mark.parametrize("text", ["title: T\n", "clauses: a\n", "- a\n"])
def test_without_a_list_there_is_nothing_to_rewrite(text: str) -> None:
    with pytest.raises(InForceError):
        frontmatter.with_list(text, "p.yml", "clauses", ["a"])


def test_a_preamble_that_begins_with_a_rule_is_no_front_matter() -> None:
    version = builders.version([Clause("preamble", "---\n\nText.\n\n---")])
    files = {SETTINGS: builders.settings(["preamble"])}
    written = restore(files, version, {})[f"{POLICY}preamble.md"]
    assert written is not None
    assert frontmatter.split(texts.decode(written, "p"), "p")[0] is None


def test_a_text_from_before_a_rename_is_known_by_what_readers_know_now() -> None:
    files = builders.released(builders.policy(), "2026-01-01", summary="One.")
    texts = {"reach" if name == "contact" else name: text for name, text in builders.TEXTS.items()}
    ledger = {path: data for path, data in files.items() if path.startswith("versions/")}
    files = {**ledger, **builders.policy(texts)}
    notes = {"reach": builders.note(Severity.EDITORIAL, "", "contact")}
    files = builders.released(files, "2026-02-01", summary="Two.", notes=notes)
    published = builders.ledger_of(files)
    first, last = published.versions
    after = applied(files, restore(files, first, lineage.renamed(published, last, first)))
    changes = proposal.pending_changes(builders.draft_of(after), published)
    assert [(change.clause, change.kinds) for change in changes] == [("contact", ("formatted",))]
