"""`inforce show`, `status` and `manifest`: what is in force, and what was."""

from __future__ import annotations

import hashlib
import json

import filelock
import pytest

from adapters.commands import CALL, Terminal, announced, released, terminal
from inforce import model
from inforce.adapters import journal


@pytest.fixture
def project(tmp_path) -> Terminal:
    return announced(tmp_path)


def head(project: Terminal, *arguments: str) -> str:
    """The lines above a version's text."""
    said = project.run("show", "privacy", *arguments).stdout
    return "".join(line for line in said.splitlines(keepends=True) if line.startswith(">"))


def test_the_text_below_the_head_is_the_published_one(project):
    said = project.run("show", "privacy").stdout
    body = said[said.index("\n# Shop Privacy") :].encode()
    shown = project.json("show", "privacy")
    assert (shown["version"], shown["text_digest"]) == ("1.0", model.digest(body))
    data = project.files()["versions/privacy/1.0.md"]
    assert f"> - SHA-256 of versions/privacy/1.0.md: {hashlib.sha256(data).hexdigest()}\n" in said


def test_the_head_says_where_the_version_stands(project):
    assert "> - In force since 2026-03-02 10:00, until 2.0 takes effect on 2026-05-01\n" in head(project)
    assert "> - Not in force yet: takes effect on 2026-05-01\n" in head(project, "--version", "2.0")
    project.wait(days=60)
    replaced = "> - No longer in force: took effect on 2026-03-02 10:00, replaced by 2.0 on 2026-05-01\n"
    assert replaced in head(project, "--version", "1.0")
    assert "> Shop Privacy, version 2.0\n" in head(project)


def test_errata_and_withdrawals_are_in_the_head(project):
    project.wait(days=1)
    project.run("erratum", "privacy", "2.0", "--clause", "cookies", "--note", "Read: 3.")
    project.run("withdraw", "privacy", "--reason", "Too early.")
    shown = head(project, "--version", "2.0")
    assert "> - Erratum on cookies, 2026-03-03 11:00: Read: 3.\n" in shown
    assert "> - Withdrawn on 2026-03-03 11:00, never in force: Too early.\n" in shown


@pytest.mark.parametrize(
    ("on", "version"),
    [
        ("2026-04-30", "1.0"),
        ("2026-05-01", "2.0"),
        ("2026-04-30T21:59:59Z", "1.0"),
        ("2026-04-30T22:00:00Z", "2.0"),
        ("today", "1.0"),
    ],
)
def test_a_day_is_one_of_the_policy_s_time_zone(project, on, version):
    assert project.json("show", "privacy", "--on", on)["version"] == version


def test_a_day_ends_with_its_last_hour_where_that_comes_twice(tmp_path):
    project = released(tmp_path)
    settings = project.root / "policy/privacy/policy.yml"
    settings.write_text(settings.read_text().replace("Europe/Berlin", "Africa/Cairo"))
    project.edit("contact", CALL)
    project.release(
        "--severity", "contact=editorial", "--effective", "2026-10-29T23:30:00+02:00"
    )  # again, by winter time
    assert project.json("show", "privacy", "--on", "2026-10-29")["version"] == "1.1"


def test_a_day_on_which_the_text_changed_is_told(tmp_path):
    project = released(tmp_path)
    project.wait(hours=5)
    project.edit("contact", CALL)
    project.release("--severity", "contact=editorial")
    result = project.run("show", "privacy", "--on", "2026-03-02")
    assert result.stdout.startswith("> Shop Privacy, version 1.1\n")
    assert result.stderr == ""
    project.edit("contact", "## Contact\n\nWrite or call us. See [cookies](#cookies).")
    project.wait(days=1)
    project.release("--severity", "contact=editorial")
    result = project.run("show", "privacy", "--on", "2026-03-03")
    assert result.stderr == "note: 1.1 was in force when that day began; 1.2 took effect at 2026-03-03 15:00.\n"


def test_before_the_first_and_after_the_last_version(project):
    [line] = project.refused("show", "privacy", "--on", "2020-01-01")
    assert "Nothing was in force on 2020-01-01: 1.0 takes effect on 2026-03-02 10:00." in line
    project.wait(days=1)
    project.run("retire", "privacy", "--reason", "R.", "--effective", "today", "--waive-notice", "W.")
    [line] = project.refused("show", "privacy")
    assert "the policy was retired on 2026-03-03 11:00. Every version is still here" in line
    assert project.json("show", "privacy", "--version", "1.0")["status"] == "retired"


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31"])
def test_a_day_out_of_reach_is_no_fault_of_inforce(project, day):
    for arguments in (("show", "privacy", "--on", day), ("release", "privacy", "--effective", day)):
        said = project.run(*arguments, status=2).stderr
        assert "lies outside the years 1900 to 2999" in said


@pytest.mark.parametrize("name", ["policy.yml", "next.yml"])
def test_nor_is_one_that_a_draft_names(project, name):
    key = {"policy.yml": "comments_until", "next.yml": "accept_by"}[name]
    path = project.root / "policy/privacy" / name
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    for day in ("0001-01-01", "9999-12-31"):
        path.write_text(f'{before}{key}: "{day}"\n', encoding="utf-8")
        for arguments in (("check",), ("build",)):
            said = project.run(*arguments, status=1).stderr
            assert f"{name}:{before.count(chr(10)) + 1}: error: `{key}` lies outside the years 1900 to 2999" in said


@pytest.mark.parametrize(("day", "status"), [("1900-01-01", 1), ("2999-12-31", 0)])
def test_the_first_and_the_last_day_can_be_asked_for(project, day, status):
    project.run("show", "privacy", "--on", day, status=status)


def test_one_question_at_a_time(project):
    assert "not both" in project.run("show", "privacy", "--on", "today", "--version", "1.0", status=2).stderr


def test_a_file_that_cannot_be_read_is_named(project):
    path = project.root / "versions/privacy/1.0.md"
    path.write_bytes(path.read_bytes().replace(b"two", b"ten\r\n"))
    lines = project.refused("show", "privacy", "--version", "1.0")
    assert lines[0].startswith("versions/privacy/1.0.md: error: The file differs from the released one by line endings")


def test_status_says_what_is_in_force_and_what_comes(project):
    said = project.run("status").stdout.splitlines()
    assert said == [
        "Shop Privacy (privacy), dates in Europe/Berlin",
        "  In force  1.0, since 2026-03-02 10:00",
        "  Next      2.0 (material) takes effect on 2026-05-01",
        "  Draft     the text of 2.0",
        "  Problems  none",
    ]


def test_status_does_not_wait_for_a_command_that_writes(project, monkeypatch):
    monkeypatch.setattr(journal, "PATIENCE", -1)  # for ever
    said = project.run("status").stdout
    with filelock.FileLock(project.root / journal.FOLDER / "lock", is_singleton=False):
        assert project.run("status").stdout == said


def test_status_of_a_draft(tmp_path):
    project = terminal(tmp_path)
    assert "3 clauses, not released yet" in project.run("status").stdout
    project.release()
    project.edit("contact", CALL)
    project.edit("cookies", "## Cookies\n\n[Bad](javascript:x).")
    said = project.run("status").stdout
    assert "2 clauses changed since 1.0: cookies, contact; not graded yet: cookies, contact" in said
    assert "1 error: see inforce check" in said
    found = project.json("status")["documents"][0]
    assert [change["severity"] for change in found["draft"]] == [None, None]
    (tmp_path / "policy/privacy/policy.yml").write_text("nonsense")
    assert "Draft     cannot be read" in project.run("status").stdout


def test_status_counts_what_a_check_finds(project):
    (project.root / "policy/privacy/contact.md").write_text("## Contact\n\nSee [it](9.9/).\n", encoding="utf-8")
    found = project.run("check", status=1).stderr
    assert "9.9/" in found
    counted = found.strip().splitlines()[-1].rstrip(".").replace(", 0 warnings", "")
    assert f"  Problems  {counted}: see inforce check\n" in project.run("status").stdout


def test_the_manifest_is_the_site_s(project):
    printed = project.run("manifest", "--base-url", "https://policies.example").stdout_bytes
    assert json.loads(printed)["base"] == "https://policies.example/"
    assert {"base", "epoch"} & set(json.loads(project.run("manifest").stdout)) == set()
    assert json.loads(project.run("manifest", "--epoch", "2").stdout)["epoch"] == 2
    for epoch in ("-1", "1000001"):
        project.run("manifest", "--epoch", epoch, status=2)
    project.run("manifest", "--base-url", "https://policies.example/", "-o", "m.json")
    assert (project.root / "m.json").read_bytes() == printed


@pytest.mark.parametrize("command", [("manifest", "--base-url"), ("build", "--site-url")])
@pytest.mark.parametrize(
    "address",
    ["policies.example", "ftp://policies.example/", "https://policies.example/?a=b", "http://[", "https://a b/"],
)
def test_an_address_that_no_page_can_stand_at_is_refused_by_every_command(project, command, address):
    assert "is no address that others can be added to" in project.run(*command, address, status=1).stderr


def test_no_manifest_of_a_broken_ledger(project):
    (project.root / "versions/privacy/1.0.md").unlink()
    lines = project.refused("manifest")
    assert any("versions/privacy/2.0.md" in line for line in lines)


def test_a_broken_ledger_tells_nothing_of_what_is_in_force(project):
    path = project.root / "versions/privacy/1.0.md"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    said = project.run("status").stdout
    assert "In force  not known: the ledger has errors" in said
    assert "Next      not known" in said
    [told] = project.json("status")["documents"]
    assert [name for name, value in told.items() if value is None] == [
        *("in_force", "upcoming", "retired_at", "replaced_by", "draft")
    ]
    for arguments in (("show", "privacy"), ("show", "privacy", "--on", "2026-03-03"), ("redline", "privacy")):
        assert "differs from the released one by line endings" in project.refused(*arguments)[0]
