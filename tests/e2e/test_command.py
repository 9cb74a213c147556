"""The command as it is installed, in a process of its own: a policy's way from the first draft to a second version."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.commands import ATTRIBUTES, CALL
from adapters.projects import edit, write_policy
from adapters.repositories import TestRepository

COMMAND = Path(sys.executable).with_name("inforce")


@pytest.fixture
def root(tmp_path) -> Path:
    write_policy(tmp_path)
    (tmp_path / ".gitattributes").write_text(ATTRIBUTES, encoding="utf-8")
    TestRepository(tmp_path).commit({}, "Draft")
    return tmp_path


def inforce(root: Path, *arguments: str, status: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command in ``root``, with nobody at the terminal."""
    done = subprocess.run(
        [COMMAND, *arguments],
        check=False,
        cwd=root,
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_from_a_draft_to_the_second_version(root):
    git = TestRepository(root)
    inforce(root, "release", "privacy", "--summary", "The first one.", "--effective", "today")
    git.commit({}, "Release 1.0")
    git.git("branch", "published")
    edit(root, "contact", CALL)
    assert "[-Write to-]{+Call+} us" in inforce(root, "redline").stdout
    refused = inforce(root, "release", "privacy", status=1)
    assert len(refused.stderr.splitlines()) == 3
    grade = ("--severity", "contact=editorial", "--note", "contact=Call us.", "--summary", "You can call us.")
    inforce(root, "release", "privacy", "--effective", "today", *grade)
    assert "In force  1.1" in inforce(root, "status").stdout
    assert "Nothing is wrong" in inforce(root, "check").stdout
    sums = inforce(root, "verify").stdout
    checked = subprocess.run(["sha256sum", "--check"], cwd=root, input=sums, text=True, capture_output=True, check=True)
    assert checked.stdout == "versions/privacy/1.0.md: OK\nversions/privacy/1.1.md: OK\n"


def test_a_reader_that_stops_early_is_no_fault(root):
    inforce(root, "release", "privacy", "--summary", "The first one.", "--effective", "today")
    process = subprocess.Popen(
        [COMMAND, "show", "privacy"], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.wait() in (0, 1)
    assert process.stderr.read() == ""
    process.stderr.close()


def test_a_narrow_encoding_is_no_fault(root):
    edit(root, "contact", "## Contact\n\nПишите нам. 写信给我们。")
    inforce(root, "release", "privacy", "--summary", "The first one.", "--effective", "today")
    said = inforce(root, "show", "privacy", PYTHONIOENCODING="latin-1").stdout
    assert "\\u5199" in said


def test_colours_stay_out_of_pipes(root):
    assert "\x1b[" not in inforce(root, "check", status=0).stdout
    assert "\x1b[" not in inforce(root, "release", "privacy", status=1).stderr


def test_a_document_is_utf_8_whatever_a_terminal_takes(tmp_path):
    (tmp_path / "old.md").write_text("We say – “now” 我们收集.\n", encoding="utf-8")
    (tmp_path / "new.md").write_text("We say – “soon” 我们收集.\n", encoding="utf-8")
    for form in ("html", "json"):
        said = inforce(
            tmp_path, "redline", "old.md", "new.md", "--format", form, PYTHONIOENCODING="cp1252", PYTHONUTF8="0"
        )
        assert "我们收集" in said.stdout
        assert "soon" in said.stdout
