"""`inforce clause`: what is asked, written, said, and refused."""

from __future__ import annotations

import pytest

from adapters.commands import Terminal, released, terminal


@pytest.fixture
def project(tmp_path) -> Terminal:
    return released(tmp_path)


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


@pytest.mark.parametrize(
    "act",
    [
        ("add", "rights", "--heading", "Your rights", "--text", "Ask us."),
        ("rename", "cookies", "files"),
        ("move", "contact", "--before", "cookies"),
        ("split", "cookies", "uses", "--at", "5", "--heading", "Uses"),
        ("merge", "contact", "cookies"),
        ("remove", "contact"),
    ],
)
@pytest.mark.parametrize("begun", [terminal, released])
def test_what_is_said_to_come_next_can_be_done(tmp_path, begun, act):
    """Before a first release nothing can be compared, and nobody asks what a change means."""
    project = begun(tmp_path)
    said = project.run("clause", act[0], "privacy", *act[1:]).stdout.splitlines()[-1]
    *_, command = said.removesuffix(".").partition(", then inforce ")
    project.run(*command.split())
    assert "customers" not in said or begun is released


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


def test_a_text_of_several_blocks_stays_as_it_is_written(project):
    text = "We keep:\n\n1. orders\n2. messages\n\nAnd no more."
    project.run("clause", "add", "privacy", "rights", "--heading", "Your  rights", "--text", f"{text}\n")
    assert project.files()["policy/privacy/rights.md"].decode() == f"## Your rights\n\n{text}\n"


def test_an_id_of_former_times_is_mentioned(project):
    project.run("clause", "rename", "privacy", "cookies", "files")
    project.release("--severity", "files=notice", "--severity", "contact=editorial", "--waive-notice", "A test.")
    add = ("clause", "add", "privacy", "cookies", "--heading", "Biscuits", "--text", "We bake.")
    assert "1.0 had a clause `cookies`, too" in project.run(*add).stderr


def test_two_places_are_one_too_many(project):
    project.run("clause", "move", "privacy", "contact", "--before", "cookies", "--after", "preamble", status=2)
