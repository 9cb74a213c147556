"""What an editor does to clauses keeps the list, the notes, the lineage and the links right."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import builders
from core.builders import NEXT, POLICY, SETTINGS, Files, problems
from inforce import project as sources
from inforce.changes import lineage
from inforce.draft import editing, folder
from inforce.draft.editing import Changes, DraftEditor
from inforce.draft.settings import NOTICE_DAYS
from inforce.errors import InForceError
from inforce.model import PREAMBLE, Note, Requirement, Settings, Severity
from inforce.release import proposal

LONG = (
    "## Contact\n\nWrite to privacy@policies.example.\n\n"
    "### By post\n\nBox 9.\n\n#### Abroad\n\n```\n### no heading\n```\n"
)


def known(texts: dict[str, str] = builders.TEXTS) -> Files:
    """A policy whose text is published as 1.0."""
    return builders.released(builders.policy(texts), "2026-01-01", summary="One.")


def done(files: Files, act: Callable[[DraftEditor], Changes]) -> Files:
    """``files`` after one act; nothing may be wrong with them."""
    draft, _ = folder.read("privacy", files)
    assert draft
    changes = act(DraftEditor(draft, files, builders.ledger_of(files)))
    after = {path: data for path, data in {**files, **changes}.items() if data is not None}
    assert sources.read(after).errors == ()
    return after


def kinds(files: Files) -> dict[str, tuple[str, ...]]:
    changes = proposal.pending_changes(builders.draft_of(files), builders.ledger_of(files))
    return {change.clause: change.kinds for change in changes}


def was(files: Files, name: str) -> tuple[str, ...]:
    return builders.draft_of(files).notes.get(name, Note()).was


def test_an_added_clause_stands_where_it_was_put() -> None:
    files = done(known(), lambda editor: editing.add(editor, "rights", "Rights", "Ask us.", after="purpose"))
    assert builders.draft_of(files).settings.clauses == ("preamble", "purpose", "rights", "contact")
    assert kinds(files) == {"rights": ("added",)}
    last = done(files, lambda editor: editing.add(editor, "last", "Last", "Bye."))
    assert builders.draft_of(last).settings.clauses[-1] == "last"


def test_a_preamble_comes_first_wherever_it_is_put() -> None:
    texts = {name: text for name, text in builders.TEXTS.items() if name != "preamble"}
    files = done(known(texts), lambda editor: editing.add(editor, "preamble", "", "Hello.", after="contact"))
    assert builders.draft_of(files).settings.clauses[0] == "preamble"


def test_a_renamed_clause_keeps_text_notes_lineage_and_links() -> None:
    texts = {**builders.TEXTS, "purpose": "## Purpose\n\nSee [us](#contact), [x](#contact-2x) and `[us](#contact)`."}
    texts["purpose"] = texts["purpose"].replace("[x](#contact-2x) and ", "")
    files = builders.edited(known(texts), "contact", builders.TEXTS["contact"], "notice", "Another name.")
    files = done(files, lambda editor: editing.rename(editor, "contact", "reach"))
    assert kinds(files) == {"purpose": ("formatted",), "reach": ("formatted",)}
    note = builders.draft_of(files).notes["reach"]
    assert (note.severity, note.note, note.was) == (Severity.NOTICE, "Another name.", ("contact",))
    assert b"[us](#reach) and `[us](#contact)`" in files[f"{POLICY}purpose.md"].replace(b", `", b" and `")
    twice = done(files, lambda editor: editing.rename(editor, "reach", "letters"))
    assert was(twice, "letters") == ("contact",)
    back = done(twice, lambda editor: editing.rename(editor, "letters", "contact"))
    assert was(back, "contact") == ()
    assert kinds(back) == {}


def test_a_clause_that_nobody_has_read_yet_leaves_no_trace() -> None:
    files = done(known(), lambda editor: editing.add(editor, "rights", "Rights", "Ask us."))
    files = done(files, lambda editor: editing.rename(editor, "rights", "claims"))
    assert was(files, "claims") == ()
    files = done(files, lambda editor: editing.remove(editor, "claims", Note(Severity.NOTICE, "Gone.")))
    assert NEXT not in files
    assert kinds(files) == {}


def test_a_moved_clause_is_moved_and_nothing_else() -> None:
    files = done(known(), lambda editor: editing.move(editor, "contact", before="purpose"))
    assert kinds(files) == {"contact": ("moved",)}
    with pytest.raises(InForceError, match="stands there already"):
        done(files, lambda editor: editing.move(editor, "contact", after="preamble"))


def test_a_clause_is_split_at_a_heading_and_the_headings_below_it_rise() -> None:
    files = known({**builders.TEXTS, "contact": LONG})
    files = done(files, lambda editor: editing.split(editor, "contact", "post", "By post"))
    assert files[f"{POLICY}contact.md"] == b"## Contact\n\nWrite to privacy@policies.example.\n"
    text = files[f"{POLICY}post.md"].decode()
    assert text == '---\nwas: ["contact"]\n---\n## By post\n\nBox 9.\n\n### Abroad\n\n```\n### no heading\n```\n'
    assert kinds(files) == {"contact": ("formatted", "split"), "post": ("formatted", "split")}


def test_a_clause_is_split_at_a_line_of_its_file() -> None:
    files = builders.edited(known(), "contact", "## Contact\n\nWrite.\n\nOr call.", "notice", "More ways.")
    files = done(files, lambda editor: editing.split(editor, "contact", "calls", "9", "Calls"))
    assert builders.draft_of(files).notes["contact"].note == "More ways."
    assert files[f"{POLICY}calls.md"].endswith(b"## Calls\n\nOr call.\n")
    assert files[f"{POLICY}contact.md"].endswith(b"## Contact\n\nWrite.\n")


def test_merged_and_split_again_is_as_before() -> None:
    files = done(known(), lambda editor: editing.merge(editor, "contact", "purpose"))
    assert was(files, "purpose") == ("contact",)
    assert kinds(files) == {"purpose": ("formatted", "merged")}
    files = done(files, lambda editor: editing.split(editor, "purpose", "contact", "Contact"))
    assert kinds(files) == {}


def test_links_to_a_merged_clause_follow() -> None:
    texts = {**builders.TEXTS, "preamble": "See [us](#contact)."}
    files = done(known(texts), lambda editor: editing.merge(editor, "contact", "purpose"))
    assert files[f"{POLICY}preamble.md"] == b"See [us](#purpose).\n"


def test_a_removed_clause_is_noted_where_readers_knew_it() -> None:
    files = done(known(), lambda editor: editing.rename(editor, "contact", "reach"))
    files = done(files, lambda editor: editing.remove(editor, "reach", Note(Severity.NOTICE, "Gone.")))
    assert files[NEXT] == b'changes:\n  contact:\n    severity: "notice"\n    note: "Gone."\n'
    assert kinds(files) == {"contact": ("removed",)}
    assert problems(files) == ()


def test_next_yml_keeps_what_it_said() -> None:
    files = {**known(), NEXT: b'summary: "Less."\n'}
    files = done(files, lambda editor: editing.remove(editor, "contact", Note(note="Gone.")))
    files = done(files, lambda editor: editing.remove(editor, "purpose", Note(note="Gone, too.")))
    draft = builders.draft_of(files)
    assert (draft.summary, draft.notes["contact"].note, draft.notes["purpose"].note) == ("Less.", "Gone.", "Gone, too.")


def test_the_other_half_of_a_split_clause_is_not_gone() -> None:
    files = known({**builders.TEXTS, "contact": LONG})
    files = done(files, lambda editor: editing.split(editor, "contact", "post", "By post"))
    files = done(files, lambda editor: editing.remove(editor, "post", Note(Severity.NOTICE, "Gone.")))
    assert NEXT not in files


def test_front_matter_that_is_nobodys_note_stays() -> None:
    files = known()
    files[f"{POLICY}contact.md"] = b'---\n# who\nowner: "Ada"\n---\n## Contact\n\nWrite to privacy@policies.example.\n'
    files = done(files, lambda editor: editing.rename(editor, "contact", "reach"))
    assert files[f"{POLICY}reach.md"].startswith(b'---\nwas: ["contact"]\n# who\nowner: "Ada"\n---\n## Contact\n')


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda editor: editing.add(editor, "contact", "C", "T"), "There is a clause `contact` already"),
        (lambda editor: editing.add(editor, "No", "C", "T"), "`No` is not an id"),
        (lambda editor: editing.add(editor, "on", "C", "T"), "a word that YAML reads"),
        (lambda editor: editing.add(editor, "new", "C", "T", after="purpse"), "Did you mean `purpose`?"),
        (lambda editor: editing.rename(editor, "contcat", "reach"), "Did you mean `contact`?"),
        (lambda editor: editing.rename(editor, "preamble", "opening"), "The preamble has no heading"),
        (lambda editor: editing.move(editor, "preamble", after="purpose"), "`preamble` would not come first"),
        (lambda editor: editing.move(editor, "purpose", after="purpose"), "cannot stand beside itself"),
        (lambda editor: editing.split(editor, "contact", "post", "By pots"), "has no heading 'By pots'"),
        (lambda editor: editing.split(editor, "contact", "post", "99"), "Line 99 is not one within the text"),
        (lambda editor: editing.split(editor, "contact", "post", "1"), "Line 1 is not one within the text"),
        (lambda editor: editing.split(editor, "contact", "post", "3"), "would have no heading"),
        (lambda editor: editing.merge(editor, "contact", "contact"), "cannot be merged with itself"),
    ],
)
def test_what_cannot_be_done_says_why(act: Callable[[DraftEditor], Changes], told: str) -> None:
    with pytest.raises(InForceError, match=told.replace("?", "\\?")):
        done(known(), act)


def test_a_policy_is_begun_and_reads_back() -> None:
    duty = Requirement.ACCEPT
    chosen = Settings("Terms", "terms-of-service", duty, "en", "UTC", NOTICE_DAYS, "mailto:a@b.example", (PREAMBLE,))
    editing.unused({}, "terms")
    files = editing.begin("terms", chosen, "Hello.")
    assert sources.read(files).problems == ()
    with pytest.raises(InForceError, match="There is a policy `terms` already"):
        editing.unused(files, "terms")
    with pytest.raises(InForceError, match="an address that the site needs"):
        editing.unused(files, "versions")


def test_an_id_by_which_readers_know_another_clause_is_not_given_away() -> None:
    files = done(known(), lambda editor: editing.rename(editor, "purpose", "uses"))
    for act in (
        lambda editor: editing.rename(editor, "contact", "purpose"),
        lambda editor: editing.add(editor, "purpose", "Purpose", "Another."),
    ):
        with pytest.raises(InForceError, match="Readers know another clause as `purpose`"):
            done(files, act)
    gone = done(known(), lambda editor: editing.remove(editor, "purpose", Note(Severity.NOTICE, "Gone.")))
    del gone[NEXT]
    back = done(gone, lambda editor: editing.add(editor, "purpose", "Purpose", "Another.", after="preamble"))
    assert kinds(back) == {"purpose": ("modified",)}


IDS = ("purpose", "contact", "rights", "claims", "letters")


@given(st.lists(st.tuples(st.sampled_from(["rename", "move"]), st.sampled_from(IDS), st.sampled_from(IDS)), max_size=8))
def test_whatever_is_renamed_and_moved_keeps_its_words_and_its_lineage(acts: list[tuple[str, str, str]]) -> None:
    """Acts that cannot be done are refused; what remains has every word of before, and readers' ids for its lineage."""
    files = known()
    for act, one, other in acts:
        with contextlib.suppress(InForceError):
            if act == "rename":
                files = done(files, lambda editor, one=one, other=other: editing.rename(editor, one, other))
            else:
                files = done(files, lambda editor, one=one, other=other: editing.move(editor, one, before=other))
    assert {kind for each in kinds(files).values() for kind in each} <= {"formatted", "moved"}
    draft = builders.draft_of(files)
    assert sorted(clause.body for clause in draft.clauses) == sorted(
        clause.body for clause in builders.ledger_of(files).versions[0].clauses
    )


def test_lineage_over_a_release_after_every_act() -> None:
    """Renamed, then released: the next rename names what readers know by then."""
    files = done(known(), lambda editor: editing.rename(editor, "contact", "reach"))
    note = builders.note(Severity.NOTICE, "A name.")
    files = builders.released(files, "2026-02-01", summary="Two.", waived="A test.", notes={"reach": note})
    files = done(files, lambda editor: editing.rename(editor, "reach", "letters"))
    assert was(files, "letters") == ("reach",)
    assert SETTINGS in files
    ledger = builders.ledger_of(files)
    assert lineage.heirs(lineage.between(ledger, *ledger.versions))["contact"] == "reach"
