"""One file put in its place on the disk: whole or not at all, down to the disk, with the permissions it is to have.

A file is made beside its place first, hidden, under a name that the next command finds again. What files mean, and
several at once, are the business of ``journal``.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from inforce.adapters import files
from inforce.errors import fail

_UNLINKABLE = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}
"""How a file system says that it has no hard links, or that a folder is on another one."""


@contextlib.contextmanager
def named(name: str) -> Iterator[None]:
    """Tell of what cannot be written as of the file ``name``: OSError becomes InForceError."""
    try:
        yield
    except OSError as error:
        cure = "Make the folder writable, or free some space; nothing was half-written"
        raise fail(name, 0, "unwritable", f"The file cannot be written ({error.strerror})", cure) from None
    except files.NotRegularError:
        raise fail(name, 0, "link", "No file of the project's own stands here", "Delete it") from None


def put(path: Path, data: bytes) -> None:
    """Write one file that is no part of a project, such as a report, whole or not at all. Raises InForceError."""
    if path.is_dir():
        raise fail(str(path), 0, "folder", "This is a folder", "Name a file, in it or elsewhere")
    with named(path.name):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside(path).unlink(missing_ok=True)
        write(beside(path), data)
        _permit(path)
        place(path, over=True)


def content(path: Path) -> bytes | None:
    """Return a file's bytes, None where there is none."""
    try:
        return files.regular(path)
    except FileNotFoundError:
        return None


def beside(path: Path) -> Path:
    """Return where a file is made before it takes its place."""
    return path.with_name(f".{path.name}.inforce")


def write(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, down to the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def stage(path: Path, source: Path) -> None:
    """Make what the file ``source`` holds ready beside ``path``. It is one file then, where the system can."""
    beside(path).unlink(missing_ok=True)
    try:
        beside(path).hardlink_to(source)
    except OSError as error:
        if error.errno not in _UNLINKABLE:
            raise
        write(beside(path), files.regular(source))
    _permit(path)


def _permit(path: Path) -> None:
    """Give what is made beside ``path`` the permissions of what it is to replace."""
    if path.exists():
        beside(path).chmod(stat.S_IMODE(path.stat().st_mode))


def place(path: Path, *, over: bool) -> None:
    """Move what is ready beside ``path`` there; unless it is to go ``over`` a file, never over another program's."""
    if over:
        beside(path).replace(path)
        return
    try:
        path.hardlink_to(beside(path))
    except OSError as error:
        if error.errno not in _UNLINKABLE or os.path.lexists(path):
            raise
        beside(path).replace(path)
        return
    beside(path).unlink()


def settle(folder: Path) -> None:
    """Bring the names in a folder down to the disk, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
