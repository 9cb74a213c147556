"""The disk: finds a project, reads its files, none of them through a link, and puts one file in its place.

That is whole or not at all, down to the disk, with the permissions it is to have: it is made beside its place first,
hidden, under a name that the next command finds again. Several at once are the business of ``journal``; these two are
the only modules that touch ``policy/`` and ``versions/``. Reads no content. Also hands out the package's own files:
what pages are dressed with, and what every site publishes as it is.
"""

import contextlib
import errno
import os
import re
import stat
from collections.abc import Iterator, Mapping
from functools import cache, reduce
from operator import or_
from pathlib import Path
from types import MappingProxyType

from inforce.errors import Problem, fail, refuse

DRAFTS, LEDGER = FOLDERS = ("policy", "versions")
"""The folders of a project: what is edited, what was published."""
PACKAGE = Path(__file__).parent.parent
STOREFRONT = next(
    folder for folder in (PACKAGE / "storefront", PACKAGE.parents[1] / "storefront") if (folder / "schema").is_dir()
)
"""A wheel brings the storefront's files inside the package; in a checkout they stand beside it."""
PUBLISHED = (
    ("schema/", "schema", "*.json"),
    ("storefront/", "js/src", "**/*"),
    ("storefront/", "js/dist", "*"),
    ("vectors/", "vectors", "*.json"),
)
"""Address below the site's, the storefront's folder, and which of its files stand there."""


def find_root(start: Path) -> Path:
    """Return the nearest folder from ``start`` upwards that holds ``policy/`` or ``versions/``.

    Raises InForceError where there is none.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        if any((folder / name).is_dir() for name in FOLDERS):
            return folder
    cure = "Run inforce in the folder that holds policy/, or begin one here: inforce new privacy"
    raise fail(str(start), 0, "no-project", "There is no policy/ and no versions/ here or above", cure)


def read(root: Path) -> dict[str, bytes]:
    """Return every file below ``policy/`` and ``versions/`` that is not hidden: path relative to ``root`` -> bytes.

    Raises InForceError for what cannot be read, for names that are not UTF-8, and for whatever is no file or folder of
    the project's own: links, since what they lead to changes unseen; devices and pipes; repositories within.
    """
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    for path in _paths(root, problems):
        name = path.relative_to(root).as_posix()
        if not name.isprintable():  # what UTF-8 cannot decode arrives as lone surrogates
            shown = name.encode("unicode_escape").decode()
            problems.append(Problem(shown, 0, "file-name", "This is not a readable file name", "Rename the file"))
            continue
        try:
            found[name] = regular(path)
        except NotRegularError as error:
            problems.append(Problem(name, 0, error.rule, *_NOT_REGULAR[error.rule]))
        except OSError as error:
            problems.append(_unreadable(name, error))
    refuse(problems)
    return found


class NotRegularError(Exception):
    """No file of its own: ``rule`` is ``link`` for a symbolic link, ``no-file`` for a folder, a device or a pipe."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


_NOT_REGULAR = {
    "link": ("This is a symbolic link, and what it leads to can change unseen", "Put the file itself here"),
    "no-file": ("This is no file, but a device, a pipe or a socket", "Delete it"),
}


def regular(path: Path) -> bytes:
    """Return the bytes of the regular file ``path``, opened without following a link or waiting for anybody.

    Raises :class:`NotRegularError`, and OSError where it cannot be read.
    """
    if stat.S_ISLNK(path.lstat().st_mode):
        raise NotRegularError("link")
    flags = (getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"))
    try:
        handle = os.open(path, reduce(or_, flags, os.O_RDONLY))
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):  # made a link since; a socket
            raise NotRegularError("link" if error.errno == errno.ELOOP else "no-file") from None
        raise
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise NotRegularError("no-file")
        return file.read()


def told_to_git(root: Path, name: str) -> bytes:
    """Return what git reads of the file ``name`` beside ``policy/``, such as ``.gitattributes``; empty without one.

    Raises InForceError for a link, which git takes for no such file.
    """
    try:
        return regular(root / name)
    except FileNotFoundError:
        return b""
    except NotRegularError as error:
        what = "This is a symbolic link, which git does not follow" if error.rule == "link" else "This is no file"
        raise fail(name, 0, error.rule, what, "Put the file itself here") from None


def given(path: Path, name: str, cure: str) -> bytes:
    """Return the bytes of a file that an editor named. Raises InForceError with ``cure`` where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise fail(name, 0, "unreadable", f"It cannot be read ({error.strerror})", cure) from None


def encodable(text: str) -> bool:
    """Return whether UTF-8 can write a text; what came in as other bytes, or in JSON, may be half a character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _paths(root: Path, problems: list[Problem]) -> Iterator[Path]:
    """The files that are not hidden, in order. A folder that cannot be listed is a problem, never an empty one."""

    def unlisted(error: OSError) -> None:
        problems.append(_unreadable(Path(error.filename).relative_to(root).as_posix(), error))

    for top in (root / name for name in FOLDERS if (root / name).is_dir()):
        if top.is_symlink():
            problems.append(Problem(top.name, 0, "link", *_LINKED))
            continue
        for folder, folders, names in os.walk(top, onerror=unlisted):
            place = Path(folder).relative_to(root)
            if ".git" in (*folders, *names):
                problems.append(Problem(place.as_posix(), 0, "submodule", *_SUBMODULE))
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))
            for name in folders:
                if Path(folder, name).is_symlink():
                    problems.append(Problem((place / name).as_posix(), 0, "link", *_LINKED))


_LINKED = ("This link to a folder is not followed", "Put the folder itself here")
_SUBMODULE = (
    "A repository of its own stands here, whose files this project's history does not hold",
    "Keep the files themselves in the project's repository: `git rm --cached` the submodule, and delete its .git",
)


def _unreadable(name: str, error: OSError) -> Problem:
    return Problem(name, 0, "unreadable", f"It cannot be read ({error.strerror})", "Give yourself the right to read it")


_COMMENT = re.compile(rb"/\*.*?\*/\n?", re.DOTALL)


def asset(name: str) -> bytes:
    """Return a file of the package's ``assets``; a style sheet without its comments, which no browser needs."""
    data = (PACKAGE / "assets" / name).read_bytes()
    return _COMMENT.sub(b"", data) if name.endswith(".css") else data


@cache
def site_files() -> Mapping[str, bytes]:
    """Return what every site publishes as it is: address below the site's -> content."""
    found = {}
    for address, name, pattern in PUBLISHED:
        folder = STOREFRONT / name
        for path in sorted(folder.glob(pattern)):
            if path.is_file():
                found[address + path.relative_to(folder).as_posix()] = path.read_bytes()
    return MappingProxyType(found)


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
    except NotRegularError:
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
        return regular(path)
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
        write(beside(path), regular(source))
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
