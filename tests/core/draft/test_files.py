"""The draft as it is edited, and its files once a release has taken the notes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import builders
from core.strategies import markdown, phrases
from inforce.draft import folder
from inforce.errors import InForceError
from inforce.model import Requirement, Severity
from inforce.text import clauses
from inforce.text import normal as texts
from inforce.text import yaml as frontmatter
from inforce.text.yaml import quoted

NOTE_LINES = st.sampled_from(
    [
        ('severity: "notice"\n', "severity"),
        ("note: >\n  folded\n\n  text\n", "note"),
        ('note: "on one line"\n', "note"),
        ("was:\n- a\n- b\n", "was"),
        ('was: ["a",\n  "b"]\n', "was"),
    ]
)
OTHER_LINES = st.tuples(st.sampled_from(["owner", "reviewed", "title"]), phrases).map(
    lambda pair: (f"{pair[0]}: {quoted(pair[1])}\n", pair[0])
) | st.just(("# a comment\ntags:\n- x\n", "tags"))


@given(
    st.lists(NOTE_LINES | OTHER_LINES, unique_by=lambda line: line[1], min_size=1, max_size=5), markdown, st.booleans()
)
def test_taking_notes_out_leaves_all_else(lines: list[tuple[str, str]], body: str, windows: bool) -> None:
    def written(chosen: list[tuple[str, str]]) -> bytes:
        text = f"---\n{''.join(line for line, _ in chosen)}---\n"
        return ((text.replace("\n", "\r\n") if windows else text) + body).encode()

    others = [line for line in lines if line[1] not in clauses.NOTE_KEYS]
    after = folder.without_notes(written(lines), "a.md")
    if others:
        assert after == written(others)
    else:
        assert after.lstrip(b"\r\n") == body.encode().lstrip(b"\r\n")
    fields, rest, _ = frontmatter.split(texts.decode(after, "a.md"), "a.md")
    assert (fields.entries if fields else {}).keys() == {name for _, name in others}
    assert texts.normalise(rest).lstrip("\ufeff") == texts.normalise(body).lstrip("\ufeff")
    assert folder.without_notes(after, "a.md") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("## A\n\nText.\n", "## A\n\nText.\n"),
        ("---\nowner: x\n---\n## A\n", "---\nowner: x\n---\n## A\n"),
        ('---\nseverity: "notice"\n---\n\n## A\n', "## A\n"),
        ("---\nnote: a\n# of the owner\nowner: x\nwas: [b]\n---\nA\n", "---\n# of the owner\nowner: x\n---\nA\n"),
        ('---\nowner: "a\u2028b"\nnote: "c"\n---\nA\u2028B\n', '---\nowner: "a\u2028b"\n---\nA\u2028B\n'),
        ("---\nnote: a\n---\n---\n\nA rule first.\n", "\n---\n\nA rule first.\n"),
    ],
)
def test_a_clause_file_after_its_release(before: str, after: str) -> None:
    assert folder.without_notes(before.encode(), "a.md").decode() == after


def test_front_matter_on_one_line_is_refused_for_its_keys_could_not_be_taken_apart() -> None:
    with pytest.raises(InForceError, match=r"^a\.md:2: This is not a mapping"):
        folder.without_notes(b"---\n{note: a, owner: b}\n---\nA\n", "a.md")


def test_a_draft() -> None:
    files = builders.policy()
    files[f"{builders.POLICY}contact.md"] = (
        b"\xef\xbb\xbf---\r\nowner: legal\r\nseverity: notice\r\nnote: '  New\r\n  address. '\r\n"
        b"was: [write]\r\n---\r\n"
        b"\r\n##   Contact us  ##\r\n\r\nWrite:  \r\nus \r\n\r\n\r\n"
    )
    files[builders.NEXT] = b"summary: |\n  Two\n  lines.\nchanges:\n  old:\n    severity: material\n    note: Gone.\n"
    draft = builders.draft_of(files)
    assert draft.clauses[2].text == "## Contact us {#contact}\n\nWrite:<br>\nus"
    assert draft.notes == {
        "contact": builders.note(Severity.NOTICE, "New address.", "write"),
        "old": builders.note(Severity.MATERIAL, "Gone."),
    }
    assert draft.summary == "Two lines."
    assert draft.settings.requires is Requirement.ACKNOWLEDGE
    assert draft.settings.notice_days == {Severity.MATERIAL: 30, Severity.NOTICE: 7, Severity.EDITORIAL: 0}


def test_a_title_is_written_in_the_normal_form() -> None:
    draft = builders.draft_of(builders.policy(title='" Cafe\u0301  \\n Policy "'))
    assert draft.settings.title == "Caf\u00e9 Policy"


@pytest.mark.parametrize(
    ("line", "title"),
    [("## A", "A"), ("## A ##", "A"), ("## A #1", "A #1"), ("## C\\#", "C\\#"), ("## A \\#", "A \\#")],
)
def test_the_heading_of_a_clause(line: str, title: str) -> None:
    read = clauses.read_clause("a", f"{line}\n\nText.\n".encode(), "a.md")
    assert read.problems == ()
    assert read.clause.heading == title


def test_where_a_note_stands() -> None:
    texts_of = {
        "a": "---\nowner: x\nnote: y\nseverity: notice\n---\n## A\n\nText.",
        "b": "---\nowner: x\n---\n## B\n\nText.",
    }
    files = {**builders.policy(texts_of), builders.NEXT: b"changes:\n  c:\n    note: x\n"}
    notes = builders.draft_of(files).notes
    assert {name: (note.path, note.line) for name, note in notes.items()} == {
        "a": (f"{builders.POLICY}a.md", 3),
        "c": (builders.NEXT, 2),
    }


@given(st.lists(NOTE_LINES | OTHER_LINES, unique_by=lambda line: line[1], max_size=5), markdown, st.booleans())
def test_a_clause_s_file_keeps_its_text_and_where_its_body_begins(
    lines: list[tuple[str, str]], body: str, windows: bool
) -> None:
    front = f"---\n{''.join(line for line, _ in lines)}---\n" if lines else "\n"
    written = front + body
    data = ("\ufeff" + (written.replace("\n", "\r\n") if windows else written)).encode()
    try:
        file = clauses.read_clause("a", data, "a.md")
    except InForceError:
        return
    assert file.text == texts.decode(data, "a.md")
    assert file.text.split("\n")[file.before :] == file.body.split("\n")
    assert bool(file.front) == bool(lines)
