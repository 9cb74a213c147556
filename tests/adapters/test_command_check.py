"""`inforce check`: what is told, where, and how it ends."""

from __future__ import annotations

import pytest

from adapters.commands import CALL, Terminal, announced, committed, released, terminal
from adapters.repositories import TestRepository
from inforce.adapters.command.check import annotation
from inforce.errors import Level, Problem

V10, V20 = "versions/privacy/1.0.md", "versions/privacy/2.0.md"
BAD = "## Contact\n\n[Bad](javascript:x).\n\n<script>x</script>"


@pytest.fixture
def project(tmp_path) -> Terminal:
    return announced(tmp_path)


def test_a_line_for_each_problem_and_1_at_the_end(project):
    project.edit("contact", BAD)
    said = project.run("check", status=1).stderr.splitlines()
    assert said[0].startswith("policy/privacy/contact.md:3: error: ")
    assert said[1].startswith("policy/privacy/contact.md:5: error: ")
    assert said[-1] == "2 errors, 0 warnings."


def test_a_warning_is_no_failure(project):
    project.edit("contact", '---\nnote: "Idle."\n---\n## Contact\n\nWrite to us. See [cookies](#cookies).')
    said = project.run("check").stderr
    assert "policy/privacy/contact.md" in said
    assert "warning: `contact` has a note" in said
    assert said.endswith("0 errors, 1 warning.\n")


def test_linked_gitattributes_are_told_as_that(project):
    (project.root / ".gitattributes").rename(project.root / "shared")
    (project.root / ".gitattributes").symlink_to("shared")
    lines = [line for line in project.run("check", status=1).stderr.splitlines() if line.startswith(".gitattributes")]
    assert lines == [
        ".gitattributes: error: This is a symbolic link, which git does not follow. Put the file itself here."
    ]


def test_gitattributes_are_demanded(project):
    (project.root / ".gitattributes").write_text("* text=auto\n")
    lines = project.run("check", status=1).stderr.splitlines()
    assert lines[0].startswith(".gitattributes: error: The line `policy/**/*.md text eol=lf` is missing")


def test_programs_get_every_part(project):
    project.edit("contact", BAD)
    found = project.json("check", status=1)
    assert found["problems"][0]["path"] == "policy/privacy/contact.md"
    assert found["problems"][0]["line"] == 3
    assert found["problems"][0]["rule"] == "link-scheme"
    assert "no git repository" in found["note"]


def test_what_git_cannot_tell_is_a_note(project):
    result = project.run("check")
    assert result.stderr.count("note: The dates of unpublished releases were not checked") == 1
    assert result.stdout == "Nothing is wrong in 1 policy and 2 versions.\n"


def test_a_release_must_be_published_within_a_day(project):
    repository = TestRepository(project.root)
    repository.commit({V10: None, V20: None}, "Nothing released")
    repository.git("branch", "published")
    fresh = released(project.root)
    fresh.wait(hours=23)
    assert "Nothing is wrong" in fresh.run("check").stdout
    fresh.wait(hours=2)
    assert f"{V10}: error:" in fresh.run("check", status=1).stderr
    repository.commit({}, "Release")
    repository.git("branch", "--force", "published", "HEAD")
    assert "Nothing is wrong" in fresh.run("check").stdout


def test_annotations_name_the_file_as_the_repository_does(tmp_path):
    project = released(tmp_path / "legal: all, of it")
    repository = TestRepository(tmp_path)
    repository.commit({}, "All")
    repository.git("branch", "published")
    project.edit("contact", BAD)
    said = project.run("check", "--format", "github", status=1).stdout.splitlines()
    place = "file=legal%3A all%2C of it/policy/privacy/contact.md,line=3,title=link-scheme"
    assert said[0].startswith(f"::error {place}::A javascript: link is not published.")
    assert len(said) == 2


def test_annotations_are_escaped():
    problem = Problem("a%b.md", 0, "rule", "100 %\r\nof it", "Mend it", Level.WARNING)
    assert annotation(problem, "") == "::warning file=a%25b.md,title=rule::100 %25 of it. Mend it."


def test_what_a_release_still_lacks_is_a_note(project):
    project.edit("contact", CALL)
    result = project.run("check")
    lacks = (
        "note: before a release, policy/privacy/contact.md:1: Nobody has said how much the change of `contact` means"
    )
    assert lacks in result.stderr
    assert "note: before a release, policy/privacy/next.yml: The version has no summary" in result.stderr
    assert result.stdout.startswith("Nothing is wrong")


def test_a_change_hardly_editorial_is_an_error_beside_its_note(tmp_path):
    project = released(tmp_path)
    project.edit("cookies", '---\nseverity: "editorial"\n---\n## Cookies\n\nWe must set **two** cookies.')
    said = project.run("check", status=1).stderr
    assert "policy/privacy/cookies.md:1: error (not-editorial): The change of `cookies`" in said  # so it is turned off
    found = project.json("check", status=1)["problems"]
    assert [(problem["rule"], problem["path"], problem["line"]) for problem in found] == [
        ("not-editorial", "policy/privacy/cookies.md", 1)
    ]
    said = project.run("check", "--format", "github", status=1).stdout
    assert said.startswith("::error file=policy/privacy/cookies.md,line=1,title=not-editorial::The change of `cookies`")


def test_checks_beyond_form_do_not_keep_a_policy_from_being_released(tmp_path):
    project = terminal(tmp_path)
    settings = tmp_path / "policy/privacy/policy.yml"
    settings.write_text(settings.read_text().replace('{changes-told: "off"}', '{changes-told: "error"}'))
    assert "error (changes-told): The text does not say how" in project.run("check", status=1).stderr
    assert "Nothing is wrong" in project.run("check", "--form-only").stdout
    assert "Released privacy 1.0" in project.release().stdout


def test_a_chain_that_was_computed_anew_is_told_wherever_the_branch_is_at_hand(tmp_path):
    """Its digests fit each other; only what is published knows better."""
    project = released(tmp_path)
    repository = committed(project, "Release 1.0")
    repository.git("branch", "published")
    path = tmp_path / "versions/privacy/1.0.md"
    path.write_text(path.read_text(encoding="utf-8").replace("Write to", "Never write to"), encoding="utf-8")
    committed(project, "Nothing to see")
    assert "ledger-changed" in project.run("check", "--format", "json", status=1).stdout
    assert "1.0.md" in project.run("rehearse", "privacy").stdout
    repository.git("branch", "-f", "published", "HEAD")
    assert "ledger-changed" not in project.run("check", "--format", "json").stdout
