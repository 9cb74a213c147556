"""`inforce new` and `inforce clause`: what is asked, written, said, and refused."""

from __future__ import annotations

import pytest

from adapters.commands import Terminal, released

BEGIN = ("new", "privacy", "--title", "Privacy", "--contact", "mailto:a@b.example", "--text", "Hello.")


@pytest.fixture
def project(tmp_path) -> Terminal:
    return released(tmp_path)


def test_from_an_empty_folder_to_a_first_version(tmp_path):
    empty = Terminal(tmp_path)
    said = empty.run(*BEGIN).stdout
    assert [line for line in said.splitlines() if line.startswith("wrote")] == [
        "wrote   .gitattributes",
        "wrote   policy/privacy/policy.yml",
        "wrote   policy/privacy/preamble.md",
    ]
    empty.run("clause", "add", "privacy", "rights", "--heading", "Your rights", "--text", "Ask us.")
    told = empty.run("check").stderr
    assert "warning: The text does not say how customers learn of changes." in told
    assert told.endswith("0 errors, 1 warning.\n")
    assert "Released privacy 1.0" in empty.release().stdout


def test_the_terminal_is_asked_and_others_are_told_all_that_is_missing(tmp_path):
    empty = Terminal(tmp_path)
    assert [line.rpartition("Give ")[2] for line in empty.run("new", "terms", status=1).stderr.splitlines()] == [
        "--title.",
        "--contact.",
        "--text.",
    ]
    empty.run("new", "terms", answers="Terms\nmailto:a@b.example\nHello.\n")
    settings = (tmp_path / "policy/terms/policy.yml").read_text()
    assert 'kind: "terms-of-service"\nrequires: "accept"\n' in settings


def test_nothing_is_written_of_a_policy_that_would_not_be_sound(tmp_path):
    empty = Terminal(tmp_path)
    said = empty.run(*BEGIN, "--timezone", "Europe/Berln", status=1).stderr
    assert "There is no time zone 'Europe/Berln'" in said
    assert list(tmp_path.iterdir()) == []


def test_gitattributes_are_completed_not_replaced(tmp_path):
    (tmp_path / ".gitattributes").write_text("*.png binary")
    said = Terminal(tmp_path).run(*BEGIN).stderr
    told = (tmp_path / ".gitattributes").read_text()
    assert told == "*.png binary\nversions/** -text -filter -ident\npolicy/** text eol=lf\n"
    assert "Lines were added to .gitattributes" in said


def test_what_is_there_is_not_begun_again(project):
    [line] = project.refused(*BEGIN)
    assert "There is a policy `privacy` already" in line


def test_a_renamed_clause_and_its_links_in_one_go(project):
    said = project.run("clause", "rename", "privacy", "cookies", "files").stdout
    assert said.splitlines()[:-1] == [
        "wrote   policy/privacy/contact.md",
        "deleted policy/privacy/cookies.md",
        "wrote   policy/privacy/files.md",
        "wrote   policy/privacy/policy.yml",
    ]
    changes = {row["clause"]: row["kinds"] for row in project.json("status")["documents"][0]["draft"]}
    assert changes == {"files": ["formatted"], "contact": ["formatted"]}
    assert "Nothing is wrong" in project.run("check").stdout


def test_a_clause_to_which_links_lead_is_not_removed(project):
    [line] = project.refused("clause", "remove", "privacy", "cookies")
    assert line.startswith("policy/privacy/contact.md:3: error: `#cookies` leads nowhere")


def test_move_split_merge_and_remove(project):
    project.run("clause", "move", "privacy", "contact", "--before", "cookies")
    project.run("clause", "split", "privacy", "cookies", "uses", "--at", "5", "--heading", "Uses")
    project.run("clause", "merge", "privacy", "uses", "cookies")
    project.run("clause", "remove", "privacy", "contact", "--severity", "notice", "--note", "Gone.")
    assert project.files()["policy/privacy/next.yml"] == (
        b'changes:\n  contact:\n    severity: "notice"\n    note: "Gone."\n'
    )
    assert project.json("status")["documents"][0]["problems"] == {"errors": 0, "warnings": 0}


def test_the_terminal_is_asked_for_heading_and_text(project):
    project.run("clause", "add", "privacy", "rights", answers="Your rights\nAsk us.\n")
    assert project.files()["policy/privacy/rights.md"] == b"## Your rights\n\nAsk us.\n"
    lines = project.refused("clause", "add", "privacy", "more", "--heading", "More")
    assert lines == ["policy/privacy/more.md: error: Its first paragraph is not given. Give --text."]


def test_an_id_of_former_times_is_mentioned(project):
    project.run("clause", "rename", "privacy", "cookies", "files")
    project.release("--severity", "files=notice", "--severity", "contact=editorial", "--waive-notice", "A test.")
    add = ("clause", "add", "privacy", "cookies", "--heading", "Biscuits", "--text", "We bake.")
    assert "1.0 had a clause `cookies`, too" in project.run(*add).stderr


def test_two_places_are_one_too_many(project):
    project.run("clause", "move", "privacy", "contact", "--before", "cookies", "--after", "preamble", status=2)
