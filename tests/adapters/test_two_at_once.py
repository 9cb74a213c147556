"""Two commands at once in one project, each a process of its own: one is first, the other says why it was not."""

from __future__ import annotations

import os
from pathlib import Path

from click.testing import CliRunner

from adapters.commands import Terminal, released
from inforce import project as sources
from inforce.adapters.command import main
from inforce.adapters.command.session import Environment
from inforce.ledger.entries import is_entry

ROUNDS = 10
RELEASE = ("release", "privacy", "--summary", "A summary.", "--effective", "today", "--waive-notice", "A test.")
NOTED = ("--severity", "contact=notice", "--note", "contact=Another word.")
ERRATUM = ("erratum", "privacy", "1.0", "--note", "A word is misspelt.")
TOO_LATE = ("Somebody changed it while this command ran, so nothing was written", "there is nothing to release")
"""What the second says: it had read what the first then changed, or read what the first had written."""


def at_once(project: Terminal, *commands: tuple[str, ...]) -> list[tuple[int, str]]:
    """The exit status and the output of each, begun as nearly together as the machine can."""
    gate, opens = os.pipe()
    children = []
    for place, arguments in enumerate(commands):
        child = os.fork()
        if child == 0:
            os.close(opens)
            os.read(gate, 1)  # ends when the other end is closed
            around = Environment(lambda: project.now, terminal=False)
            done = CliRunner().invoke(main, ["--directory", str(project.root), *arguments], obj=around)
            project.root.with_name(str(place)).write_text(done.output, encoding="utf-8")
            os._exit(done.exit_code)
        children.append(child)
    os.close(gate)
    os.close(opens)
    statuses = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    said = [project.root.with_name(str(place)).read_text(encoding="utf-8") for place in range(len(commands))]
    return list(zip(statuses, said, strict=True))


def entries(project: Terminal) -> set[str]:
    """The files of the ledger, which is one chain without a fork."""
    found = project.files()
    assert sources.read(found).errors == ()
    return {path for path in found if is_entry(path)}


def draft(project: Terminal, place: int) -> None:
    project.wait(hours=1)
    project.edit("contact", f"## Contact\n\nCall us, at line {place}. See [cookies](#cookies).")


def test_of_two_releases_one_is_made_and_the_other_says_why_not(tmp_path: Path) -> None:
    project = released(tmp_path / "project")
    for place in range(1, ROUNDS + 1):
        draft(project, place)
        before = entries(project)
        first, second = sorted(at_once(project, (*RELEASE, *NOTED), (*RELEASE, *NOTED)))
        assert first[0] == 0, first
        assert first[1].startswith(f"Released privacy 1.{place}")
        assert second[0] == 1, second
        assert any(words in second[1] for words in TOO_LATE), second
        assert len(second[1].splitlines()) == 1
        assert entries(project) - before == {f"versions/privacy/1.{place}.md"}
    assert TOO_LATE[1] in project.run(*RELEASE, *NOTED, status=1).stderr


def test_a_release_and_an_erratum_never_name_the_same_file_before_them(tmp_path: Path) -> None:
    project = released(tmp_path / "project")
    for place in range(1, ROUNDS + 1):
        draft(project, place)
        before = entries(project)
        done = at_once(project, (*RELEASE, *NOTED), ERRATUM)
        assert 0 in [status for status, _ in done], done
        for status, said in done:
            assert status == 0 or (status == 1 and TOO_LATE[0] in said), done
        assert len(entries(project) - before) == [status for status, _ in done].count(0)
