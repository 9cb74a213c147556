"""The disk: finds a project, reads its files, and writes so that an interruption leaves either nothing or the whole file.

Reads no content. The only module that touches ``policy/`` and ``versions/``.
"""

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from inforce.errors import InForceError, Problem, fail

FOLDERS = ("policy", "versions")


def find_root(start: Path) -> Path:
    """The nearest folder from ``start`` upwards that holds ``policy/`` or ``versions/``.

    Raises InForceError where there is none.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        if any((folder / name).is_dir() for name in FOLDERS):
            return folder
    cure = "Run inforce in the folder that holds policy/, or create policy/<document>/policy.yml"
    raise fail(str(start), 0, "no-project", "There is no policy/ and no versions/ here or above", cure)


def read(root: Path) -> dict[str, bytes]:
    """Every file below ``policy/`` and ``versions/``: path relative to ``root`` -> bytes. Hidden files are left out.

    Raises InForceError for what cannot be read and for symbolic links that lead out of ``root``.
    """
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    for path in (path for folder in FOLDERS for path in sorted((root / folder).rglob("*"))):
        name = path.relative_to(root).as_posix()
        if any(part.startswith(".") for part in path.relative_to(root).parts) or not path.is_file():
            continue
        if not path.resolve().is_relative_to(root.resolve()):
            problems.append(Problem(name, 0, "link", "This link leads out of the project", "Put the file itself here"))
            continue
        try:
            found[name] = path.read_bytes()
        except OSError as error:
            what = f"The file cannot be read ({error.strerror})"
            problems.append(Problem(name, 0, "unreadable", what, "Give yourself the right to read it"))
    if problems:
        raise InForceError(*problems)
    return found


def write(root: Path, files: Mapping[str, bytes | None]) -> None:
    """Write ``files`` (path relative to ``root`` -> bytes, None to delete) in their order, each as a whole or not at all.

    Every file is first written beside its place, so that a full disk or a read-only folder shows before anything is
    moved. Raises InForceError naming the path that cannot be written.
    """
    beside: list[tuple[str, Path]] = []
    try:
        for name, data in files.items():
            with _named(name):
                if data is not None:
                    beside.append((name, _written_beside(root / name, data)))
        for name, temporary in beside:
            with _named(name):
                temporary.replace(root / name)
        for name, data in files.items():
            with _named(name):
                if data is None:
                    (root / name).unlink(missing_ok=True)
    finally:
        for _, temporary in beside:
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _named(name: str):  # type: ignore[no-untyped-def]
    try:
        yield
    except OSError as error:
        cure = "Make the folder writable, or free some space; nothing was half-written"
        raise fail(name, 0, "unwritable", f"The file cannot be written ({error.strerror})", cure) from None


def _written_beside(target: Path, data: bytes) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)
