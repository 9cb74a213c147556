"""`inforce redline`: what is compared by itself, what is shown."""

from __future__ import annotations

import pytest

from adapters.commands import CALL, Terminal, announced, released, terminal


@pytest.fixture
def project(tmp_path) -> Terminal:
    return announced(tmp_path)


def test_without_a_draft_the_last_two_versions(project):
    said = project.run("redline").stdout
    assert said.splitlines()[:5] == [
        "Shop Privacy: 1.0 to 2.0",
        "1 clause changed, of 3; 1 word inserted, 1 deleted",
        "",
        "cookies: modified; material",
        "Note: One more cookie.",
    ]
    assert "We set [-two-]{+three+} cookies.\n- one for the basket" in said


def test_a_draft_against_what_is_in_force(project):
    project.edit("contact", CALL)
    said = project.run("redline", "privacy").stdout
    assert said.startswith("Shop Privacy: 1.0 to the draft\n2 clauses changed, of 3;")
    assert "contact: modified; not graded yet\n" in said
    assert "cookies: modified; material\n" in said
    project.wait(days=70)
    assert project.run("redline", "privacy").stdout.startswith("Shop Privacy: 2.0 to the draft\n1 clause changed")


@pytest.mark.parametrize(
    ("arguments", "pair"),
    [
        (("privacy", "1.0", "2.0"), ("1.0", "2.0")),
        (("1.0", "2.0"), ("1.0", "2.0")),
        (("privacy", "1.0"), ("1.0", "draft")),
        (("2.0", "draft"), ("2.0", "draft")),
        (("draft",), ("1.0", "draft")),
    ],
)
def test_what_is_named_is_compared(project, arguments, pair):
    project.edit("contact", CALL)
    found = project.json("redline", *arguments)
    assert (found["from"], found["to"]) == pair


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("2.0", "1.0"), "1.0 does not come after 2.0. Name the older one first."),
        (("1.0", "1.0"), "1.0 does not come after 1.0"),
        (("draft", "1.0"), "The draft comes after every version"),
        (("1.0", "draft"), "The draft does not differ from 2.0"),
        (("privacy", "1.7"), "There is no version 1.7. The versions are 1.0, 2.0."),
        (("privcy",), "Did you mean `privacy`?"),
    ],
)
def test_what_cannot_be_compared(project, arguments, told):
    [line] = project.refused("redline", *arguments)
    assert told in line


def test_there_must_be_two(tmp_path):
    project = terminal(tmp_path)
    [line] = project.refused("redline")
    assert "Nothing was released yet" in line
    project.release()
    [line] = project.refused("redline")
    assert "1.0 is the first version, and the draft is the same" in line


def test_settings_that_changed_are_told(tmp_path):
    project = released(tmp_path)
    path = tmp_path / "policy/privacy/policy.yml"
    path.write_text(path.read_text().replace('"acknowledge"', '"accept"'))
    said = project.run("redline").stdout
    assert "requires: acknowledge becomes accept\n0 clauses changed, of 3;" in said


def test_programs_get_text_and_html(project):
    [clause] = project.json("redline", "1.0", "2.0")["clauses"]
    assert (clause["clause"], clause["kinds"], clause["severity"]) == ("cookies", ["modified"], "material")
    assert "[-two-]{+three+}" in clause["text"]
    assert "<ins>" in clause["html"]


def test_colours_are_for_terminals_only(project, monkeypatch):
    monkeypatch.setattr("inforce.adapters.command.redline_forms.output.coloured", lambda: True)
    said = project.run("redline").stdout
    assert "{+" not in said
    assert "twothree" in said  # the runner's stream is no terminal: colours are taken out again


def test_several_policies_must_be_named(project):
    from adapters.projects import write_policy

    write_policy(project.root, document="terms")
    [line] = project.refused("redline")
    assert "Name one of them: privacy, terms" in line


def test_errors_in_the_draft_are_mentioned(project):
    project.edit("contact", "## Contact\n\n[Bad](javascript:x).")
    assert "1 error" in project.run("redline").stderr
