"""`inforce rehearse`: for a terminal, for a comment, as a page."""

from __future__ import annotations

import pytest
from lxml import html

from adapters.commands import MORE, Terminal, announced, committed, released
from inforce.adapters.command.rehearse import MARK

NOTED = '---\nseverity: "material"\nnote: "One more cookie."\n---\n'


@pytest.fixture
def project(tmp_path) -> Terminal:
    found = released(tmp_path)
    found.edit("cookies", NOTED + MORE)
    return found


def test_a_terminal_gets_dates_customers_redline_and_checks(project):
    said = project.run("rehearse").stdout
    assert said.startswith("Shop Privacy: 1.0 to 2.0\n")
    assert "Takes effect      2026-04-01, the earliest possible day\n" in said
    assert "30 days due, 30 given" in said
    assert "at once       sees an announcement of 2.0 [upcoming, current]" in said
    assert "2026-04-01    is asked to review 2.0: Cookies (material) [review_required, material]" in said
    assert "We set [-two-]{+three+} cookies" in said
    assert "before a release: policy/privacy/next.yml: The version has no summary." in said


def test_nothing_is_written(project):
    before = project.files()
    project.run("rehearse", "privacy", "--effective", "2026-03-05")
    assert project.files() == before


def test_a_comment_has_its_mark_and_shows_text_as_it_is(project):
    project.edit("cookies", NOTED.replace("One", "@ada *One* |") + MORE.replace("three", "<b>x</b> @ada #12 three"))
    said = project.run("rehearse", "--format", "markdown").stdout
    assert said.startswith(f"{MARK}\n")
    assert "| Cookies | modified | material | @\u2060ada \\*One\\* \\| more cookie. |" in said
    assert "<del>two</del><ins>x @\u2060ada #\u206012 three</ins>" in said
    assert "<b>" not in said


def test_a_comment_is_never_longer_than_the_host_takes(project):
    for number in range(8):
        project.edit(
            "contact", NOTED + "## Contact\n\n" + "\n\n".join(f"Word {number} {n} here. " * 8 for n in range(900))
        )
    said = project.run("rehearse", "--format", "markdown").stdout
    assert len(said) < 65_536
    assert "did not fit here" in said


def test_a_page_stands_alone(project):
    project.run("rehearse", "--format", "html", "-o", str(project.root / "out.html"))
    page = html.fromstring((project.root / "out.html").read_text(encoding="utf-8"))
    assert page.xpath("string(//title)") == "Rehearsal: Shop Privacy: 1.0 to 2.0"
    assert page.xpath("//table[@class='if-seen']//tr")
    assert page.xpath("string(//ins[1])").strip()
    assert not page.xpath("//script | //link | //@src")


def test_a_release_that_waits_to_be_published_is_rehearsed(tmp_path):
    project = announced(tmp_path)
    said = project.run("rehearse").stdout
    assert "2026-05-01" in said
    assert "released (Europe/Berlin)" in said
    wished = project.run("rehearse", "privacy", "--effective", "2099-01-01", status=2)
    assert "leave out --effective" in wished.stderr
    repository = committed(project, "Release 2.0")
    repository.git("branch", "published")
    assert project.run("rehearse").stdout == (
        "Nothing is coming: the draft changes nothing, and every release is published.\n"
    )
    assert "Nothing is coming" in project.run("rehearse", "privacy", "--format", "html").stdout


def test_what_cannot_be_read_is_said_with_its_errors(project):
    project.edit("contact", "## Contact\n\n<script>x</script>")
    said = project.run("rehearse", "--format", "markdown").stdout
    assert "It cannot be rehearsed while the errors below stand." in said
    assert "- **error**: policy/privacy/contact.md:3: \\<script\\> is not published" in said


def test_a_version_announced_before_takes_effect_on_the_way_to_a_far_day(tmp_path):
    project = announced(tmp_path)
    project.edit("contact", NOTED + "## Contact\n\nBox 9.")
    said = project.run("rehearse", "privacy", "--effective", "2099-01-01").stdout
    assert "[upcoming, current]; from 2026-05-01: is asked to review 2.0: " in said
    assert "    2099-01-01    is asked to review 3.0: " in said


def test_customers_of_versions_long_past_are_told_together(tmp_path):
    project = released(tmp_path)
    for number in range(1, 16):
        project.wait(hours=1)
        project.edit("contact", f"## Contact\n\nWrite to box {number}. See [cookies](#cookies).")
        project.release("--severity", "contact=editorial", "--editorial-because", "contact=One of our boxes.")
    project.edit("cookies", NOTED + MORE)
    said = project.run("rehearse").stdout
    assert said.count("in force since") == 12
    assert "  4 versions from 1.0 to 1.3\n    at once       sees an announcement of 2.0" in said
    assert "nobody yet: a first visit" in said


def test_a_misspelt_policy_is_named(project):
    [line] = project.refused("rehearse", "privcy")
    assert "Did you mean `privacy`?" in line
