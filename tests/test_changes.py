"""The change notes: towncrier understands each name, and each note is a sentence or two for users."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

NOTES = Path(__file__).resolve().parent.parent / "docs" / "changes"
EXPLAINED = "docs/changes/README.md says how a change note is named and written"


def gathered(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "next", "--dir", root]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def wrong(note: Path) -> str:
    """What is wrong with a note; empty where nothing is."""
    text = note.read_text(encoding="utf-8")
    if not re.fullmatch(r"\+[a-z0-9-]+\.[a-z]+\.md", note.name):
        return "its name is not +what-it-is-about.TYPE.md"
    if not text.strip():
        return "it is empty"
    if any(line.startswith(("#", "- ", "* ", "---")) for line in text.splitlines()):
        return "it has a heading, a list or front matter"
    return "" if text.endswith(".\n") else "it does not end with a full stop"


def notes(folder: Path = NOTES) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name != "README.md")


def test_every_note_is_in_the_changes_to_come(repo_root):
    done = gathered(repo_root)
    assert done.returncode == 0, f"{done.stderr}{EXPLAINED}."
    said = " ".join(done.stdout.split())
    missing = [note.name for note in notes() if " ".join(note.read_text(encoding="utf-8").split()) not in said]
    assert missing == []


@pytest.mark.parametrize("note", notes(), ids=lambda note: note.name)
def test_a_note_is_a_sentence_or_two(note):
    assert wrong(note) == "", EXPLAINED


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("columns.changed.md", "A table is compared.\n", "its name is not"),
        ("+columns.changed.txt", "A table is compared.\n", "its name is not"),
        ("+columns.changed.md", " \n", "is empty"),
        ("+columns.changed.md", "## Columns\n\nA table is compared.\n", "has a heading"),
        ("+columns.changed.md", "A table is compared", "full stop"),
        ("+columns.changed.md", "A table is compared.\n", ""),
    ],
)
def test_a_malformed_note_is_told(tmp_path, name, text, told):
    note = tmp_path / name
    note.write_text(text, encoding="utf-8")
    assert told in wrong(note)
    assert bool(told) == bool(wrong(note))


@pytest.mark.parametrize("name", ["columns.md", "+columns.better.md"])
def test_a_name_that_towncrier_does_not_understand_is_refused(repo_root, tmp_path, name):
    (tmp_path / "docs/changes").mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_bytes((repo_root / "pyproject.toml").read_bytes())
    (tmp_path / "docs/changes" / name).write_text("A table is compared.\n", encoding="utf-8")
    done = gathered(tmp_path)
    assert done.returncode == 1
    assert name in done.stderr + done.stdout
