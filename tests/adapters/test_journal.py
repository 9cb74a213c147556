"""Changing a project: killed or failing at every call, two at once, and what the next command makes of it."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import filelock
import pytest

from inforce.adapters import files, journal
from inforce.errors import InForceError

OLD, NEW = b"old\n", b"new and longer\n"
V10, V11, CONTACT = "versions/privacy/1.0.md", "versions/privacy/1.1.md", "policy/privacy/contact.md"
TERMS = "policy/terms/a.md"
BEFORE = {V10: OLD, CONTACT: OLD, "policy/privacy/gone.md": OLD}
CHANGE: Mapping[str, bytes | None] = {V11: NEW, CONTACT: NEW, TERMS: NEW, "policy/privacy/gone.md": None}
AFTER = {V10: OLD, V11: NEW, CONTACT: NEW, TERMS: NEW}
CALLS = ("open", "write", "fsync", "close", "mkdir", "rmdir", "link", "replace", "rename", "unlink", "chmod")
"""What touches the disk; everything in the journal that does is one of these functions of os, or reads."""


def begun(root: Path) -> Path:
    for name, data in BEFORE.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return begun(tmp_path / "project")


def contents(root: Path) -> dict[str, bytes]:
    """Every file but the journal's own, and every folder that holds none."""
    found = {path.relative_to(root).as_posix(): path for path in sorted(root.rglob("*"))}
    return {
        name: path.read_bytes() if path.is_file() else b"folder"
        for name, path in found.items()
        if not name.startswith(journal.FOLDER) and (path.is_file() or not any(path.iterdir()))
    }


def interfere(nth: int, act: Callable[[], None], *, half: bool = False) -> Callable[[], int]:
    """From now on, ``act`` at the ``nth`` call of os that touches the disk; what is returned counts them."""
    calls = 0

    def watched(name: str, works: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            nonlocal calls
            calls += 1
            if calls == nth:
                if half and name == "write":
                    os.pwrite(arguments[0], bytes(arguments[1])[:3], 0)  # type: ignore[arg-type, call-overload]
                act()
            return works(*arguments, **named)

        return call

    for name in CALLS:
        setattr(os, name, watched(name, getattr(os, name)))
    return lambda: calls


def in_a_process(work: Callable[[], None]) -> int:
    """Do it in a process of its own, which may be killed; its exit status."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            work()
        except InForceError:
            os._exit(1)
        except BaseException:
            os._exit(3)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill() -> None:
    os.kill(os.getpid(), 9)


def fails() -> None:
    raise OSError(errno.EIO, "Input/output error")


def number_of_calls(root: Path) -> int:
    counted = root.parent / "counted"

    def count() -> None:
        written = Path.write_text
        calls = interfere(0, kill)
        journal.write(root, CHANGE)
        total = calls()
        written(counted, str(total))

    assert in_a_process(count) == 0
    return int(counted.read_text())


def killed(root: Path, nth: int, half: bool) -> None:
    def work() -> None:
        interfere(nth, kill, half=half)
        journal.write(root, CHANGE)

    assert in_a_process(work) == -9


@pytest.mark.parametrize("half", [False, True], ids=["before", "half written"])
def test_killed_at_any_call_the_next_command_finds_the_old_tree_or_the_new_one(tmp_path: Path, half: bool) -> None:
    total = number_of_calls(begun(tmp_path / "count"))
    assert total > 50
    finished = 0
    for nth in range(1, total + 1):
        root = begun(tmp_path / str(nth))
        killed(root, nth, half)
        read, told = journal.read(root)
        assert read in (BEFORE, AFTER), nth
        assert contents(root) == read, nth
        finished += bool(told)
        assert not told or told.startswith("A command that was interrupted is finished now: versions/privacy/1.1.md, ")
        assert journal.read(root) == (read, "")
        journal.write(root, CHANGE if read == BEFORE else {V10: NEW})
        assert contents(root) == (AFTER if read == BEFORE else {**AFTER, V10: NEW})
        assert {path.name for path in (root / journal.FOLDER).iterdir()} == {".gitignore", "lock"}
    assert finished > 20


def test_killed_while_it_recovers_the_one_after_recovers(tmp_path: Path) -> None:
    total = number_of_calls(begun(tmp_path / "count"))
    for nth in range(1, total // 2):
        root = begun(tmp_path / str(nth))
        killed(root, total * 2 // 3, half=False)

        def recover(root: Path = root, nth: int = nth) -> None:
            interfere(nth, kill)
            journal.read(root)

        assert in_a_process(recover) in (-9, 0)
        assert journal.read(root)[0] == AFTER
        assert contents(root) == AFTER


def test_failing_at_any_call_it_is_told_truly(tmp_path: Path) -> None:
    """Status 1 means that nothing was written, 0 that all was."""
    total = number_of_calls(begun(tmp_path / "count"))
    for nth in range(1, total + 1):
        root = begun(tmp_path / str(nth))

        def work(root: Path = root, nth: int = nth) -> None:
            interfere(nth, fails)
            journal.write(root, CHANGE)

        status = in_a_process(work)
        assert status in (0, 1), nth
        assert journal.read(root)[0] == (BEFORE if status else AFTER), nth
        assert contents(root) == (BEFORE if status else AFTER), nth


def test_killed_while_it_puts_back_what_was(tmp_path: Path) -> None:
    total = number_of_calls(begun(tmp_path / "count"))
    for later in range(1, 30):
        root = begun(tmp_path / str(later))

        def work(root: Path = root, later: int = later) -> None:
            interfere(total * 2 // 3, fails)
            interfere(total * 2 // 3 + later, kill)
            journal.write(root, CHANGE)

        assert in_a_process(work) in (-9, 1)
        assert journal.read(root)[0] in (BEFORE, AFTER)
        assert contents(root) in (BEFORE, AFTER)


def test_what_stood_there_before_is_put_back_and_said(project: Path) -> None:
    def work() -> None:
        calls = interfere(0, kill)
        replaced = Path.replace

        def replace(path: Path, target: Path) -> Path:
            if target.name == "contact.md":
                fails()
            if target == project / journal.UNDO:
                replaced(path, target)
                kill()
            return replaced(path, target)

        Path.replace = replace  # type: ignore[method-assign]
        journal.write(project, CHANGE)
        assert calls()

    assert in_a_process(work) == -9
    assert (project / V11).exists()
    assert journal.read(project) == (BEFORE, f"A command that failed is undone now: {', '.join(CHANGE)}")


def refused(work: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(InForceError) as caught:
        work()
    return caught.value.problems[0].place, caught.value.problems[0].rule


def interrupted(project: Path) -> None:
    """After the journal was written, before anything else."""

    def work() -> None:
        journal._forward = lambda *_: kill()
        journal.write(project, CHANGE)

    assert in_a_process(work) == -9
    assert contents(project) == BEFORE


def test_what_an_editor_changed_since_is_never_written_over(project: Path) -> None:
    interrupted(project)
    (project / CONTACT).write_bytes(b"My own words.\n")
    assert refused(lambda: journal.read(project)) == (CONTACT, "journal")
    assert contents(project)[CONTACT] == b"My own words.\n"
    (project / CONTACT).write_bytes(OLD)
    assert journal.read(project)[0] == AFTER


@pytest.mark.parametrize("damage", ["copied", "outside", "no journal"])
def test_a_journal_that_was_not_written_here_is_not_followed(project: Path, damage: str) -> None:
    interrupted(project)
    place = project / journal.REDO / journal.LIST
    told = json.loads(place.read_bytes())
    if damage == "copied":
        told["folder"] = [1, 2]
    if damage == "outside":
        told["steps"][0]["path"] = "../outside.md"
    place.write_bytes(b"[" if damage == "no journal" else json.dumps(told).encode())
    assert refused(lambda: journal.read(project)) == (journal.REDO, "journal")
    assert refused(lambda: journal.write(project, CHANGE)) == (journal.REDO, "journal")
    assert contents(project) == BEFORE
    assert not (project.parent / "outside.md").exists()


def test_the_second_of_two_is_told_and_nothing_is_lost(project: Path) -> None:
    known = files.read(project)
    journal.write(project, {V11: NEW}, known)
    assert refused(lambda: journal.write(project, {V11: b"mine\n"}, known)) == (V11, "changed-meanwhile")
    assert refused(lambda: journal.write(project, {"versions/privacy/2.0.md": NEW}, known))[1] == "changed-meanwhile"
    assert files.read(project) == {**BEFORE, V11: NEW}


def test_many_at_once(project: Path) -> None:
    """Each tries to add the next number of what it has read, until it did; every one is there in the end."""
    program = (
        "import pathlib, sys\nfrom inforce.adapters import journal\nfrom inforce.errors import InForceError\n"
        "root = pathlib.Path(sys.argv[1])\n"
        "while True:\n"
        "    known, _ = journal.read(root)\n"
        "    try: journal.write(root, {f'versions/privacy/{len(known)}.9.md': sys.argv[2].encode()}, known); break\n"
        "    except InForceError as error: assert error.problems[0].rule == 'changed-meanwhile', error\n"
    )
    command = [sys.executable, "-c", program, str(project)]
    started = [subprocess.Popen([*command, str(number)]) for number in range(6)]
    assert [process.wait() for process in started] == [0] * 6
    written = {path: data for path, data in files.read(project).items() if path.endswith(".9.md")}
    assert sorted(written.values()) == [b"%d" % number for number in range(6)]


def test_one_that_does_not_end_is_told_of(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal.write(project, {V11: NEW})
    monkeypatch.setattr(journal, "PATIENCE", 0)
    with filelock.FileLock(project / journal.FOLDER / "lock", is_singleton=False):
        assert refused(lambda: journal.write(project, {V10: NEW})) == (".inforce/lock", "locked")
    journal.write(project, {V10: NEW})


@pytest.mark.parametrize("name", [journal.REDO, journal.UNDO, ""])
def test_whoever_reads_does_not_wait_for_one_that_writes(
    project: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What comes of the change under way is read, and nothing is touched."""
    interrupted(project)
    (project / journal.REDO).rename(project / (name or "elsewhere"))
    monkeypatch.setattr(journal, "PATIENCE", -1)  # for ever
    with filelock.FileLock(project / journal.FOLDER / "lock", is_singleton=False):
        assert journal.read(project) == (AFTER if name == journal.REDO else BEFORE, "")
        shutil.rmtree(project / "elsewhere", ignore_errors=True)
        assert contents(project) == BEFORE


def test_whoever_reads_beside_many_changes_sees_each_whole(project: Path) -> None:
    back = {V11: None, CONTACT: OLD, TERMS: None, "policy/privacy/gone.md": OLD}
    journal.write(project, {V10: OLD})

    def work() -> None:
        for _ in range(20):
            journal.write(project, CHANGE)
            journal.write(project, back)

    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    seen = 0
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        assert journal.read(project)[0] in (BEFORE, AFTER)
        seen += 1
    assert seen
    assert files.read(project) == BEFORE


@pytest.mark.parametrize(
    ("name", "place", "cure"),
    [
        (".inforce", ".inforce", "Delete it; the next command makes it anew"),
        (".inforce/.gitignore/", ".inforce", "Delete it; the next command makes it anew"),
        (".inforce/lock/", ".inforce", "Delete it; the next command makes it anew"),
        (".inforce/redo/", ".inforce/redo", "Look with git status whether all files are as they should be; delete it"),
        (".inforce/redo", ".inforce/redo", "Look with git status whether all files are as they should be; delete it"),
        ("versions/privacy/.1.1.md.inforce/", "versions/privacy/.1.1.md.inforce", "Delete it"),
    ],
)
def test_what_stands_in_a_file_s_place_is_named_with_its_cure(project: Path, name: str, place: str, cure: str) -> None:
    """A name with a slash at its end is a folder, any other a file."""
    (project / name).parent.mkdir(exist_ok=True)
    if name.endswith("/"):
        (project / name).mkdir()
    else:
        (project / name).write_bytes(b"")
    with pytest.raises(InForceError) as caught:
        journal.write(project, CHANGE)
    [problem] = caught.value.problems
    assert (problem.place, problem.cure) == (place, cure)
    assert {path: data for path, data in contents(project).items() if data != b"folder"} == BEFORE


def test_what_may_not_be_read_or_locked_is_told_as_that(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it can't be locked, it can be read; a journal that can't be read is not said to be a stranger's."""
    interrupted(project)

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(filelock.FileLock, "acquire", denied)
        assert journal.read(project) == (AFTER, "")
        assert refused(lambda: journal.write(project, CHANGE)) == (".inforce/lock", "unlockable")
    regular = files.regular
    with monkeypatch.context() as patch:
        patch.setattr(files, "regular", lambda path: denied() if path.parent.name == "redo" else regular(path))
        assert refused(lambda: journal.read(project)) == (journal.REDO, "unreadable")
        assert refused(lambda: journal.write(project, CHANGE)) == (journal.REDO, "unreadable")
    assert journal.read(project)[0] == AFTER


def test_a_file_that_another_program_makes_meanwhile_stays(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forward = journal._forward

    def meanwhile(root: Path, change: object) -> None:
        staged = files.stage

        def stage(path: Path, source: Path) -> None:
            staged(path, source)
            if path == root / V11:
                path.write_bytes(b"another's\n")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(files, "stage", stage)
            forward(root, change)  # type: ignore[arg-type]

    monkeypatch.setattr(journal, "_forward", meanwhile)
    assert refused(lambda: journal.write(project, CHANGE)) == (V11, "unwritable")
    assert contents(project) == {**BEFORE, V11: b"another's\n"}


def test_without_hard_links(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", unsupported)
    journal.write(project, CHANGE)
    assert contents(project) == AFTER


def test_new_folders_are_all_new(project: Path) -> None:
    assert refused(lambda: journal.write(project, {TERMS: NEW}, new=["policy/terms", "versions/privacy"])) == (
        "versions/privacy",
        "taken",
    )
    assert contents(project) == BEFORE


class Composed(Mapping[str, bytes | None]):
    """Many files, none of which is made before it is asked for."""

    def __getitem__(self, path: str) -> bytes:
        return path.encode() * 10_000

    def __iter__(self) -> Iterator[str]:
        return (f"versions/privacy/1.{number}.md" for number in range(100))

    def __len__(self) -> int:
        return 100


def test_of_many_files_no_more_than_one_is_held(project: Path) -> None:
    """As far as they are made one at a time: a history that is imported is long."""
    journal.write(project, {V10: OLD})  # all that is made once is there
    tracemalloc.start()
    journal.write(project, Composed())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * len(Composed()["versions/privacy/1.99.md"])
    assert files.read(project) == {**BEFORE, **Composed()}


def test_git_sees_nothing_of_it(project: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(project)], check=True)
    journal.write(project, CHANGE)
    shown = subprocess.run(["git", "-C", str(project), "status", "--short"], check=True, capture_output=True, text=True)
    assert shown.stdout == "?? policy/\n?? versions/\n"


@pytest.mark.parametrize("name", [".inforce", ".inforce/.gitignore", ".inforce/lock"])
def test_links_that_a_stranger_put_there_are_not_followed(project: Path, tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).symlink_to(outside if name == ".inforce" else outside / "new")
    with pytest.raises(InForceError, match="no folder that inforce made"):
        journal.write(project, CHANGE)
    assert list(outside.iterdir()) == []


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0o027)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_a_file_keeps_its_permissions_and_a_new_one_gets_the_usual(project: Path) -> None:
    (project / CONTACT).chmod(0o600)
    journal.write(project, CHANGE)
    modes = [stat.S_IMODE((project / name).stat().st_mode) for name in (CONTACT, V11)]
    assert modes == [0o600, 0o640]


def test_a_folder_in_a_file_s_place_and_a_file_in_a_folder_s(project: Path) -> None:
    (project / V11).mkdir()
    (project / "policy/terms").write_bytes(OLD)
    before = contents(project)
    assert refused(lambda: journal.write(project, {CONTACT: NEW, V11: NEW})) == (V11, "unwritable")
    assert refused(lambda: journal.write(project, {CONTACT: NEW, TERMS: NEW})) == (TERMS, "unwritable")
    assert contents(project) == before


def test_a_report_is_whole_or_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files.put(tmp_path / "new" / "report.html", NEW)
    assert contents(tmp_path) == {"new/report.html": NEW}
    monkeypatch.setattr(Path, "replace", lambda *_: fails())
    assert refused(lambda: files.put(tmp_path / "new" / "report.html", OLD)) == ("report.html", "unwritable")
    assert (tmp_path / "new" / "report.html").read_bytes() == NEW
