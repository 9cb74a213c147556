"""Finding and reading a project on a real disk."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inforce.adapters import files
from inforce.errors import InForceError

OLD = b"old\n"
V10, CONTACT = "versions/privacy/1.0.md", "policy/privacy/contact.md"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in (V10, CONTACT):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(OLD)
    return tmp_path


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
