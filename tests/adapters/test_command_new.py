"""`inforce new` and `inforce workflows`: what is asked until it is answered; what is written, offered, left alone."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from adapters.commands import ATTRIBUTES, IGNORED, Terminal, released
from adapters.repositories import run
from inforce import __version__
from inforce.adapters.command import session
from inforce.adapters.command.new import workflow_files

BEGIN = ("new", "privacy", "--title", "Privacy", "--contact", "mailto:a@b.example", "--text", "Hello.")
ANSWERS = ["Privacy", "privacy@shop.example", "", "How we treat your data.", "n", "n"]
"""Title, contact, time zone, opening; no repository, no workflows."""


def written(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def test_from_an_empty_folder_to_a_first_version(tmp_path):
    empty = Terminal(tmp_path)
    said = empty.run(*BEGIN).stdout
    assert [line for line in said.splitlines() if line.startswith("wrote")] == [
        "wrote   .gitattributes",
        "wrote   .gitignore",
        "wrote   policy/privacy/policy.yml",
        "wrote   policy/privacy/preamble.md",
    ]
    assert (tmp_path / ".gitattributes").read_text() == ATTRIBUTES
    assert (tmp_path / ".gitignore").read_text() == IGNORED
    empty.run("clause", "add", "privacy", "rights", "--heading", "Your rights", "--text", "Ask us.")
    told = empty.run("check").stderr
    assert "warning (changes-told): The text does not say how customers learn of changes." in told
    assert told.endswith("0 errors, 1 warning.\n")
    assert "Released privacy 1.0" in empty.release().stdout


@pytest.mark.parametrize("name", [".gitattributes", ".gitignore"])
def test_what_git_does_not_follow_is_not_read_either(tmp_path, name):
    """Git reads no link of these names (gitattributes(5), gitignore(5)): what it leads to keeps nobody's bytes."""
    (tmp_path / "shared").write_text(ATTRIBUTES + IGNORED)
    (tmp_path / name).symlink_to("shared")
    empty = Terminal(tmp_path)
    [line] = empty.run(*BEGIN, status=1).stderr.splitlines()
    assert line == f"{name}: error: This is a symbolic link, which git does not follow. Put the file itself here."
    assert written(tmp_path) == sorted([name, "shared"])


def test_the_terminal_is_asked_and_others_are_told_all_that_is_missing(tmp_path):
    empty = Terminal(tmp_path)
    assert [line.rpartition("Give ")[2] for line in empty.run("new", "terms", status=1).stderr.splitlines()] == [
        "--title.",
        "--contact.",
        "--text.",
    ]
    empty.run("new", "terms", answers="\n".join(ANSWERS) + "\n")
    settings = (tmp_path / "policy/terms/policy.yml").read_text()
    assert 'kind: "terms-of-service"\nrequires: "accept"\n' in settings
    assert 'contact: "mailto:privacy@shop.example"' in settings
    assert 'timezone: "UTC"' in settings


WRONG = {"contact": "me", "timezone": "Europe/Berln", "text": "## A heading"}


@pytest.mark.parametrize("place", range(4))
def test_a_wrong_answer_is_asked_again_and_the_others_are_kept(tmp_path, place):
    wrong = [" ", *WRONG.values()][place]
    answers = [*ANSWERS[:place], wrong, *ANSWERS[place:]]
    said = Terminal(tmp_path).run("new", "privacy", answers="\n".join(answers) + "\n").output
    assert said.count("error:") == 1
    assert said.count("What readers call it") == (2 if place == 0 else 1)
    settings = (tmp_path / "policy/privacy/policy.yml").read_text()
    assert 'title: "Privacy"' in settings
    assert (tmp_path / "policy/privacy/preamble.md").read_text() == "How we treat your data.\n"


def test_who_breaks_off_gets_the_answers_back_as_options(tmp_path):
    said = Terminal(tmp_path).run("new", "privacy", answers="Our privacy\nprivacy@shop.example\n", status=1).output
    assert "--title 'Our privacy'" in said
    assert "--contact mailto:privacy@shop.example" in said
    assert written(tmp_path) == []


def test_options_that_cannot_be_are_all_told_before_anything_is_asked(tmp_path):
    wrong = ("--contact", "me", "--timezone", "Europe/Berln", "--language", "in English")
    said = Terminal(tmp_path).run("new", "privacy", *wrong, answers="", status=1).output
    assert [line.partition(": ")[0] for line in sorted(said.splitlines())] == ["--contact", "--language", "--timezone"]
    assert written(tmp_path) == []


def test_what_cannot_be_published_is_not_written(tmp_path):
    said = Terminal(tmp_path).run(*BEGIN[:-1], "<script>x</script>", status=1).stderr
    assert "<script>" in said
    assert written(tmp_path) == []


def test_lines_are_added_to_what_git_is_told_and_nothing_is_replaced(tmp_path):
    (tmp_path / ".gitattributes").write_text("*.png binary")
    (tmp_path / ".gitignore").write_text("/site/\n.cache/\n.*.inforce\n")
    said = Terminal(tmp_path).run(*BEGIN).stdout
    assert (tmp_path / ".gitattributes").read_text() == f"*.png binary\n{ATTRIBUTES}"
    assert (tmp_path / ".gitignore").read_text() == "/site/\n.cache/\n.*.inforce\n"
    assert "added   .gitattributes: what keeps the ledger's bytes in a checkout" in said
    assert ".gitignore" not in said


def test_what_is_there_is_not_begun_again(tmp_path):
    [line] = released(tmp_path).refused(*BEGIN)
    assert "There is a policy `privacy` already" in line
    assert "There is a policy" in Terminal(tmp_path).run("new", "privacy", answers="", status=1).output


def test_a_repository_is_offered_where_there_is_none(tmp_path):
    answers = "\n".join([*ANSWERS[:-2], "y", "n"]) + "\n"
    assert "begun   a git repository" in Terminal(tmp_path).run("new", "privacy", answers=answers).stdout
    assert run(tmp_path, "symbolic-ref", "--short", "HEAD") == "main"
    more = "\n".join([*ANSWERS[:-2], "n"]) + "\n"
    assert "no git repository" not in Terminal(tmp_path).run("new", "terms", answers=more).output


def test_workflows_are_offered_and_never_written_over(tmp_path):
    empty = Terminal(tmp_path)
    (tmp_path / "requirements.txt").write_text("# ours\nmkdocs-material>=9\n")
    said = empty.run("new", "privacy", answers="\n".join([*ANSWERS[:-1], "y"]) + "\n").output
    names = ["event", "publish", "pull-request", "refresh", "rehearse", "release"]
    assert [line for line in said.splitlines() if line.startswith(("wrote   .github", "kept"))] == [
        *(f"wrote   .github/workflows/{name}.yml" for name in names),
        "kept    requirements.txt",
    ]
    assert f"note: The workflows need inforce=={__version__} in requirements.txt: add it there." in said
    assert (tmp_path / "requirements.txt").read_text() == "# ours\nmkdocs-material>=9\n"
    (tmp_path / ".github/workflows/release.yml").write_text("ours\n")
    said = empty.run("workflows").output
    assert sum(line.startswith("kept") for line in said.splitlines()) == 8
    assert (tmp_path / ".github/workflows/release.yml").read_text() == "ours\n"


@pytest.mark.parametrize("begun", [False, True])
def test_workflows_ask_for_the_site_that_they_build(tmp_path, begun):
    if begun:
        (tmp_path / "mkdocs.yml").write_text("site_name: Ours\n")
    said = Terminal(tmp_path).run("new", "privacy", answers="\n".join([*ANSWERS[:-1], "y"]) + "\n").output
    assert ("There is no mkdocs.yml, by which the workflows build the site." in said) is not begun


@pytest.mark.parametrize(
    "zones",
    [("UTC",), ("Asia/Shanghai",), ("Europe/Berlin",), ("America/St_Johns",), ("Asia/Kolkata", "Australia/Lord_Howe")],
)
def test_the_site_is_published_soon_after_midnight_whatever_the_season(zones):
    publish = yaml.load(workflow_files(zones)[".github/workflows/publish.yml"], Loader=yaml.BaseLoader)
    crons = [entry["cron"].split() for entry in publish["on"]["schedule"]]
    assert len(crons) == len(zones)
    for zone, (minute, hour, *rest) in zip(sorted(zones), crons, strict=True):
        assert rest == ["*", "*", "*"]
        for month in range(1, 13):
            there = datetime(2027, month, 15, int(hour), int(minute), tzinfo=UTC).astimezone(ZoneInfo(zone))
            assert there.hour * 60 + there.minute in (7, 37, 67)


def test_the_machines_time_zone_is_suggested(tmp_path, monkeypatch):
    link = tmp_path / "localtime"
    monkeypatch.delenv("TZ", raising=False)
    assert session._timezone(link) == "UTC"
    link.symlink_to("/usr/share/zoneinfo/Europe/Berlin")
    assert session._timezone(link) == "Europe/Berlin"
    monkeypatch.setenv("TZ", ":Asia/Shanghai")
    assert session._timezone(link) == "Asia/Shanghai"
    monkeypatch.setenv("TZ", "CST-8 or so")
    assert session._timezone(link) == "UTC"


def test_at_a_real_terminal(tmp_path):
    """The command as a new user types it: a terminal of its own, the machine's clock and zone."""
    ours, theirs = pty.openpty()
    command = [str(Path(sys.prefix) / "bin" / "inforce"), "new", "privacy"]
    environment = {**os.environ, "TZ": "Europe/Berlin", "TERM": "dumb"}
    with subprocess.Popen(
        command, cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, close_fds=True
    ) as process:
        os.close(theirs)
        os.write(ours, ("\n".join([*ANSWERS[:1], "not an address", *ANSWERS[1:-2], "y", "y"]) + "\n").encode())
        said = b""
        while True:
            try:
                said += os.read(ours, 4096)
            except OSError:
                break
        assert process.wait() == 0, said
    os.close(ours)
    assert b"[Europe/Berlin]" in said
    assert 'timezone: "Europe/Berlin"' in (tmp_path / "policy/privacy/policy.yml").read_text()
    assert (tmp_path / ".git").is_dir()
    assert '"7 23 * * *" # soon after midnight in Berlin' in (tmp_path / ".github/workflows/publish.yml").read_text()


def test_what_customers_do_is_named_as_policy_yml_names_it(tmp_path):
    terminal = Terminal(tmp_path)
    given = ("--title", "Terms", "--contact", "legal@shop.example", "--text", "These are our terms.")
    assert terminal.run("new", "terms", "--requires", "accept", *given).exit_code == 0
    assert 'requires: "accept"' in (tmp_path / "policy/terms/policy.yml").read_text(encoding="utf-8")
