"""Reading and writing a project on a real disk, and what is left when writing is interrupted at any point."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inforce.adapters import files
from inforce.errors import InForceError

OLD, NEW = b"old\n", b"new and longer\n"
V10, V11, CONTACT = "versions/privacy/1.0.md", "versions/privacy/1.1.md", "policy/privacy/contact.md"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in (V10, CONTACT):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(OLD)
    return tmp_path


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_the_root_is_found_from_below(project: Path) -> None:
    assert files.find_root(project) == project.resolve()
    assert files.find_root(project / "versions" / "privacy") == project.resolve()
    assert files.find_root(project / "not" / "yet") == project.resolve()


def test_without_a_project_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InForceError, match=r"There is no policy/ and no versions/ here or above\. Run inforce in"):
        files.find_root(tmp_path)


def test_reading_gives_every_file_as_bytes_in_order(project: Path) -> None:
    data = bytes(range(256))
    (project / "policy/privacy/image.png").write_bytes(data)
    (project / "policy/privacy/.contact.md.swp").write_bytes(b"x")
    (project / "policy/.old").mkdir()
    (project / "policy/.old/x.md").write_bytes(b"x")
    (project / "README.md").write_bytes(b"x")
    found = files.read(project)
    assert found == {CONTACT: OLD, "policy/privacy/image.png": data, V10: OLD}
    assert list(found) == sorted(found)


def test_a_project_may_lack_one_of_its_folders(tmp_path: Path) -> None:
    assert files.read(tmp_path) == {}
    (tmp_path / "policy" / "privacy").mkdir(parents=True)
    assert files.read(tmp_path) == {}


def link(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def socket_at(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made, contextlib.chdir(path.parent):
        made.bind(path.name)


LINK = "This is a symbolic link, and what it leads to can change unseen"
LINKED_FOLDER = "This link to a folder is not followed"
NO_FILE = "This is no file, but a device, a pipe or a socket"


@pytest.mark.parametrize("folder", ["policy/privacy", "versions/privacy"])
@pytest.mark.parametrize(
    ("name", "make", "what"),
    [
        ("out.md", link("/etc/hostname"), LINK),
        ("same.md", link("contact.md"), LINK),
        ("git.md", link("../../.git/config"), LINK),
        ("gone.md", link("nowhere.md"), LINK),
        ("loop.md", link("loop.md"), LINK),
        ("endless.md", link("/dev/zero"), LINK),
        ("folder", link("../../policy"), LINKED_FOLDER),
        ("pipe.md", os.mkfifo, NO_FILE),
        ("socket.md", socket_at, NO_FILE),
    ],
)
def test_only_files_of_the_project_s_own_are_read_and_nothing_is_waited_for(
    project: Path, folder: str, name: str, make: Callable[[Path], None], what: str
) -> None:
    make(project / folder / name)
    with pytest.raises(InForceError) as caught:
        files.read(project)
    assert [(p.place, p.what) for p in caught.value.problems] == [(f"{folder}/{name}", what)]


def test_a_link_to_a_pipe_and_a_file_that_becomes_a_link_are_not_opened(project: Path) -> None:
    os.mkfifo(project / "pipe")
    (project / "link").symlink_to("pipe")
    with pytest.raises(files.NotRegularError):
        files.regular(project / "link")
    lstat = Path.lstat
    with pytest.MonkeyPatch.context() as patch:  # a link put there between looking and opening
        patch.setattr(Path, "lstat", lambda path: lstat(project / CONTACT) if path.name == "link" else lstat(path))
        with pytest.raises(files.NotRegularError) as caught:
            files.regular(project / "link")
    assert caught.value.rule == "link"


@pytest.mark.parametrize("top", files.FOLDERS)
def test_a_folder_of_the_project_that_is_a_link_or_a_repository_of_its_own(project: Path, top: str) -> None:
    (project / top).rename(project / "elsewhere")
    (project / top).symlink_to("elsewhere")
    with pytest.raises(InForceError, match=f"^{top}: {LINKED_FOLDER}"):
        files.read(project)
    (project / top).unlink()
    (project / "elsewhere").rename(project / top)
    (project / top / ".git").write_bytes(b"gitdir: ../.git/modules/x\n")
    with pytest.raises(InForceError, match=f"^{top}: A repository of its own stands here"):
        files.read(project)


def test_a_file_name_that_is_no_text(project: Path) -> None:
    Path(os.fsdecode(os.fsencode(project / "policy/privacy") + b"/caf\xe9.md")).write_bytes(b"x")
    with pytest.raises(InForceError) as caught:
        files.read(project)
    assert str(caught.value) == r"policy/privacy/caf\udce9.md: This is not a readable file name. Rename the file."


def test_a_folder_or_file_that_cannot_be_read_is_never_an_empty_one(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may read anything, so the refusal is put in by hand."""
    scandir, opened = os.scandir, os.open

    def refusing_folder(path: str) -> Iterator[os.DirEntry[str]]:
        if Path(path).match("versions/privacy"):
            raise PermissionError(errno.EACCES, "Permission denied", os.fspath(path))
        return scandir(path)

    def refusing_file(path: Path, flags: int, *mode: int) -> int:
        if path.name == "contact.md":
            raise PermissionError(errno.EACCES, "Permission denied", os.fspath(path))
        return opened(path, flags, *mode)

    monkeypatch.setattr(os, "scandir", refusing_folder)
    monkeypatch.setattr(os, "open", refusing_file)
    with pytest.raises(InForceError) as caught:
        files.read(project)
    assert str(caught.value).split("\n") == [
        f"{place}: It cannot be read (Permission denied). Give yourself the right to read it."
        for place in (CONTACT, "versions/privacy")
    ]


def test_writing_changes_adds_and_deletes(project: Path) -> None:
    files.write(project, {V11: NEW, CONTACT: None, "policy/terms/a.md": NEW, "policy/terms/gone.md": None})
    assert contents(project) == {"policy/terms/a.md": NEW, V10: OLD, V11: NEW}


def test_a_file_keeps_its_permissions_and_a_new_one_gets_the_usual(project: Path) -> None:
    (project / CONTACT).chmod(0o640)
    before = os.umask(0o027)
    try:
        files.write(project, {CONTACT: NEW, V11: NEW})
    finally:
        assert os.umask(before) == 0o027
    assert stat.S_IMODE((project / CONTACT).stat().st_mode) == 0o640
    assert stat.S_IMODE((project / V11).stat().st_mode) == 0o640
    files.write(project, {CONTACT: OLD})
    assert stat.S_IMODE((project / CONTACT).stat().st_mode) == 0o640


def unwritable(error: pytest.ExceptionInfo[InForceError], place: str) -> None:
    problem = error.value.problems[0]
    assert (problem.place, problem.rule) == (place, "unwritable")
    assert problem.what.startswith("The file cannot be written (")
    assert problem.cure == "Make the folder writable, or free some space; nothing was half-written"


def test_a_file_in_the_folder_s_place(project: Path) -> None:
    (project / "versions/terms").write_bytes(OLD)
    before = contents(project)
    with pytest.raises(InForceError) as caught:
        files.write(project, {CONTACT: NEW, "versions/terms/1.0.md": NEW})
    unwritable(caught, "versions/terms/1.0.md")
    assert contents(project) == before


def test_a_folder_in_the_file_s_place(project: Path) -> None:
    (project / V11).mkdir()
    with pytest.raises(InForceError) as caught:
        files.write(project, {V11: NEW, CONTACT: NEW})
    unwritable(caught, V11)
    assert contents(project) == {CONTACT: OLD, V10: OLD}


def test_a_folder_that_is_not_writable(project: Path) -> None:
    """Even for root: by taking the rights away where that helps, else by the immutable flag of the file system."""
    folder = project / "versions" / "privacy"
    folder.chmod(0o555)
    flagged = False
    if os.geteuid() == 0:
        try:
            done = subprocess.run(["chattr", "+i", str(folder)], capture_output=True, check=False)
            flagged = done.returncode == 0
        except FileNotFoundError:
            flagged = False
        if not flagged:
            folder.chmod(0o755)
            pytest.skip("root may write anywhere, and this file system has no immutable flag")
    try:
        with pytest.raises(InForceError) as caught:
            files.write(project, {CONTACT: NEW, V11: NEW})
        unwritable(caught, V11)
    finally:
        if flagged:
            subprocess.run(["chattr", "-i", str(folder)], check=True)
        folder.chmod(0o755)
    assert contents(project) == {CONTACT: OLD, V10: OLD}


class Interrupted(BaseException):
    """Ctrl-C, a kill, a power cut: no error that code would catch by accident."""


STEPS = [
    (Path, "mkdir"),
    (tempfile, "mkstemp"),
    (os, "fdopen"),
    (os, "fsync"),
    (Path, "chmod"),
    (Path, "replace"),
    (Path, "unlink"),
]
FAILURES = [Interrupted, KeyboardInterrupt, lambda: OSError(errno.ENOSPC, "No space left on device")]


@pytest.mark.parametrize("fail", FAILURES, ids=["interrupted", "keyboard", "disk full"])
@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize(("owner", "step"), STEPS, ids=lambda part: part if isinstance(part, str) else "")
def test_interrupted_at_any_step_each_file_is_whole_and_nothing_else_is_left(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    step: str,
    nth: int,
    fail: Callable[[], BaseException],
) -> None:
    before = contents(project)
    wanted = {V11: NEW, CONTACT: NEW, V10: None}
    works, calls = getattr(owner, step), 0

    def failing(*arguments: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls == nth:
            raise fail()
        return works(*arguments, **named)

    told = InForceError if isinstance(fail(), OSError) else type(fail())
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, failing)
        try:
            files.write(project, wanted)
        except told:
            assert calls >= nth
        else:
            assert calls < nth
    after = contents(project)
    for name, data in wanted.items():
        assert after.pop(name, None) in (before.get(name), data)
    assert after == {}, "a temporary file was left behind"


class HalfWritten:
    """A file that takes a few bytes, and then the disk is full."""

    def __init__(self, handle: int) -> None:
        self.file = os.fdopen(handle, "wb")

    def __enter__(self) -> HalfWritten:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def write(self, data: bytes) -> None:
        self.file.write(data[:3])
        self.file.flush()
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_fills_up_leaves_everything_as_it_was(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(project)
    with monkeypatch.context() as patch:
        opened = os.fdopen
        calls: list[int] = []

        def fdopen(handle: int, *arguments: str) -> object:
            calls.append(handle)
            if len(calls) == 2:
                patch.setattr(os, "fdopen", opened)
                return HalfWritten(handle)
            return opened(handle, *arguments)

        patch.setattr(os, "fdopen", fdopen)
        with pytest.raises(InForceError) as caught:
            files.write(project, {V11: NEW, CONTACT: NEW})
    unwritable(caught, CONTACT)
    assert contents(project) == before


def test_nobody_ever_sees_half_a_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, bytes]] = []
    replace = Path.replace

    def watched(path: Path, target: Path) -> Path:
        seen.append(files.read(project))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", watched)
    files.write(project, {V11: NEW, CONTACT: NEW})
    assert seen == [{CONTACT: OLD, V10: OLD}, {CONTACT: OLD, V10: OLD, V11: NEW}]
