"""`inforce draft`: the draft set back to a version's text."""

from __future__ import annotations

import pytest

from adapters.commands import CALL, MORE, Terminal, announced, committed, released
from inforce import project as sources

SETTINGS = "policy/privacy/policy.yml"
LISTED = """\
title: "Shop Privacy" # as the board decided
kind: "privacy-policy"
requires: "acknowledge"
language: "en"
timezone: "Europe/Berlin"
notice_days: {material: "30", notice: "7", editorial: "0"}
contact: "mailto:privacy@shop.example"
clauses:
  - "preamble"
  # what the browser keeps
  - "cookies" # asked by counsel
  - "returns"
"""


@pytest.fixture
def project(tmp_path) -> Terminal:
    return announced(tmp_path)


def text(project: Terminal) -> tuple[tuple[str, ...], bool]:
    """The clauses of the draft, and whether they are those of 1.0."""
    policy = sources.read(project.files()).policy("privacy")
    assert policy is not None
    assert policy.draft is not None
    ids = tuple(clause.id for clause in policy.draft.clauses)
    return ids, policy.draft.clauses == policy.ledger.by_number["1.0"].clauses


def test_the_draft_reads_as_the_version_does(project):
    said = project.run("draft", "privacy", "--from", "1.0").stdout
    assert text(project) == (("preamble", "cookies", "contact"), True)
    assert said.startswith("wrote   policy/privacy/cookies.md\n")
    assert "The draft has the text of 1.0 already" in project.run("draft", "privacy", "--from", "1.0").stdout


def test_order_and_files_follow_and_all_else_stays(project):
    committed(project)
    (project.root / SETTINGS).write_text(LISTED, encoding="utf-8")
    project.edit("returns", '---\nowner: "Bo"\nnote: "New."\n---\n## Returns\n\nIn 14 days.')
    project.edit("cookies", f'---\nowner: "Ada"\nseverity: "notice"\n---\n{MORE}')
    (project.root / "policy/privacy/contact.md").unlink()
    (project.root / "policy/privacy/next.yml").write_text('summary: "S."\n')
    [line] = project.refused("draft", "privacy", "--from", "1.0")
    assert "changes that are neither released nor committed (cookies.md, next.yml, policy.yml" in line
    project.run("draft", "privacy", "--from", "1.0", "--yes")
    assert text(project) == (("preamble", "cookies", "contact"), True)
    files = project.files()
    assert files[SETTINGS].decode() == LISTED.replace('  - "returns"', '  - "contact"')
    assert files["policy/privacy/cookies.md"].startswith(b'---\nowner: "Ada"\n---\n## Cookies\n')
    assert "policy/privacy/returns.md" not in files
    assert "policy/privacy/next.yml" not in files


def test_what_is_committed_may_be_replaced(project):
    project.edit("contact", "## Contact\n\nNobody answers.")
    [line] = project.refused("draft", "privacy", "--from", "1.0")
    assert "neither released nor committed" in line
    committed(project)
    project.run("draft", "privacy", "--from", "1.0")
    assert text(project)[1]


def test_a_fix_while_a_version_is_pending(project):
    """The way around a pending version: withdraw it, bring the draft back, release the fix, release it anew."""
    project.wait(days=1)
    project.run("withdraw", "privacy", "--reason", "A correction comes first.")
    project.run("draft", "privacy", "--from", "1.0")
    told = '---\nseverity: "editorial"\neditorial_because: "As before."\n---\n'
    project.edit("contact", f"{told}## Contact\n\nWrite or call.")
    project.release()
    project.edit("cookies", f'---\nseverity: "material"\nnote: "More."\n---\n{MORE}')
    project.run("release", "privacy", "--summary", "More cookies.", "--effective", "2026-05-01")
    found = project.json("status")["documents"][0]
    assert found["in_force"]["version"] == "1.1"
    assert [coming["version"] for coming in found["upcoming"]] == ["3.0"]
    assert found["problems"] == {"errors": 0, "warnings": 0}


@pytest.mark.parametrize(("number", "told"), [("9.9", "The versions are 1.0, 2.0"), ("draft", "There is no version")])
def test_a_version_that_is_not_there(project, number, told):
    [line] = project.refused("draft", "privacy", "--from", number)
    assert told in line


def test_without_settings_there_is_nothing_to_list_the_clauses_in(project):
    (project.root / SETTINGS).unlink()
    [line] = project.refused("draft", "privacy", "--from", "1.0")
    assert line.startswith(f"{SETTINGS}: error: The draft has no policy.yml")


def test_what_came_later_is_named_where_it_leaves_the_draft(tmp_path):
    project = announced(tmp_path)
    project.run("withdraw", "privacy", "--reason", "Too early.")
    project.run("draft", "privacy", "--from", "1.0", "--yes")
    project.edit("contact", CALL)
    project.wait(hours=1)
    project.release("--severity", "contact=editorial")
    said = project.run("draft", "privacy", "--from", "2.0").stderr
    assert said == "note: What came after 2.0 is not in the draft now: 1.1, which changed contact.\n"


def test_a_rename_that_was_withdrawn_comes_back_with_the_text(tmp_path):
    """The draft still has the text, and not what the clause was called; the command says that again."""
    project = released(tmp_path)
    project.run("clause", "rename", "privacy", "contact", "reach")
    project.wait(hours=1)
    notes = ("--severity", "reach=notice", "--note", "reach=Another name.")
    project.run("release", "privacy", "--summary", "A summary.", "--effective", "2026-05-01", *notes)
    project.wait(hours=1)
    project.run("withdraw", "privacy", "--reason", "Too early.")
    assert b"was:" not in project.files()["policy/privacy/reach.md"]
    project.run("draft", "privacy", "--from", "1.1")
    assert b'was: ["contact"]' in project.files()["policy/privacy/reach.md"]
    project.run("release", "privacy", "--summary", "A summary.", "--effective", "2026-05-02", *notes)
    assert b'    was: ["contact"]' in project.files()["versions/privacy/1.2.md"]


def test_a_damaged_repository_is_told_in_a_line(project: Terminal) -> None:
    repository = committed(project)
    project.edit("cookies", CALL.replace("Contact", "Cookies"))
    tree = repository.git("rev-parse", "HEAD^{tree}")
    (project.root / ".git/objects" / tree[:2] / tree[2:]).unlink()
    [line] = project.refused("draft", "privacy", "--from", "1.0")
    assert line.startswith(".git: error: Git refuses: ")
    assert line.endswith("Run `git status` here and mend what it says.")


@pytest.mark.parametrize(
    "command",
    [
        ("draft", "privacy", "--from", "1.0"),
        ("clause", "rename", "privacy", "cookies", "crumbs"),
        ("clause", "remove", "privacy", "cookies", "--severity", "notice"),
    ],
)
def test_who_became_whom_is_not_guessed_of_a_broken_ledger(project: Terminal, command: tuple[str, ...]) -> None:
    project.edit("contact", CALL)
    options = ("--severity", "contact=notice", "--note", "contact=Call us.", "--effective", "2026-06-01")
    project.run("release", "privacy", "--summary", "A telephone.", *options)
    path = project.root / "versions/privacy/2.0.md"
    path.write_bytes(path.read_bytes().replace(b"three", b"seven"))
    [line] = project.refused(*command)
    assert line.startswith("versions/privacy/2.1.md:12: error: The file before this one is missing or was changed")
