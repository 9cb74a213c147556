"""Changes a project on disk: the whole change or none of it, whatever happens on the way, one command at a time.

A change is first written down in the folder ``.inforce/redo``: a list of its files, and beside it what stood there
before and what is to stand there, a file each, so that no more than one of them is ever held. Only then is a file
touched. Whoever is killed leaves that journal, and the next command finishes what it says; where a write failed, the
journal is renamed to ``undo`` first, and everything is put back. It is made, and thrown away, in ``.inforce/aside``,
which says nothing. ``.inforce/lock`` lets one command write at a time. Nobody reads what is half changed, and nobody
waits to read: the journal says what it is to become. The folder is no part of the project: a file in it tells git so.
Reading a project is the business of ``files``; what a change means is known to nobody here.
"""

import contextlib
import json
import os
import shutil
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from inforce.adapters import files
from inforce.errors import InForceError, Problem, fail
from inforce.model import digest

FOLDER = ".inforce"
REDO, UNDO, _ASIDE = f"{FOLDER}/redo", f"{FOLDER}/undo", f"{FOLDER}/aside"
LIST = "steps.json"
"""The list of a journal's files, in its folder."""
PATIENCE = 10.0
"""Seconds that a command waits for another one, which writes for a moment."""


@dataclass(frozen=True)
class _Step:
    """One file of a change: its path and the digests of its bytes before and after, None where it is absent."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class _Journal:
    """A change: its steps in order, the folders that it makes, and the project's folder as the system knows it.

    By the latter, a journal that came with a copy or a clone is never followed. The bytes of step 3 are the files
    ``3.before`` and ``3.after`` beside the list.
    """

    folder: tuple[int, int]
    steps: tuple[_Step, ...]
    made: tuple[str, ...]


def read(root: Path) -> tuple[dict[str, bytes], str]:
    """Return the project's files as :func:`files.read` does, and what was recovered: a sentence, or nothing.

    Of a change under way it gives the outcome, without waiting for it. Raises InForceError, too, where an interrupted
    one can be neither finished nor undone.
    """
    if not _is_used(root):
        found = files.read(root)
        if not _is_used(root):  # nobody began to write meanwhile
            return found, ""
    try:
        with _locked(root, patience=0):
            told = _recover(root)
            return files.read(root), told
    except InForceError as error:
        if error.problems[0].rule not in ("locked", "unlockable"):
            raise
    return _outcome(root), ""


def write(
    root: Path, changes: Mapping[str, bytes | None], known: Mapping[str, bytes] | None = None, new: Sequence[str] = ()
) -> None:
    """Make all of ``changes`` (path relative to ``root`` -> bytes, None to delete), or none of them.

    ``known`` is the project as it was read: if it is another one by now, nothing is written. Nor is it where one of the
    folders ``new`` is there already. A file that is there keeps its permissions. Raises InForceError.
    """
    with _locked(root):
        _recover(root)
        if known is not None and (path := _difference(known, files.read(root))):
            what = "Somebody changed it while this command ran, so nothing was written"
            raise fail(path, 0, "changed-meanwhile", what, "Look at it, and run the command again")
        for name in new:
            if os.path.lexists(root / name):
                raise fail(name, 0, "taken", "It is there already", "Take it away first, or choose another name")
        _carry_out(root, changes)


def _is_used(root: Path) -> bool:
    return os.path.lexists(root / FOLDER / ".gitignore")


def _outcome(root: Path) -> dict[str, bytes]:
    """The project as it is once a change is done that another command has under way, or that nobody here may finish.

    It is read until nothing changes meanwhile.
    """
    known = None
    while (found := _as_it_stands(root)) != known:
        known = found
    if not isinstance(found, dict):
        raise InForceError(*found)
    return found


def _as_it_stands(root: Path) -> dict[str, bytes] | tuple[Problem, ...]:
    """The project as the journal and the files now say, or why that cannot be told: a file may be gone meanwhile."""
    try:
        journal, read = _under_way(root), files.read(root)
    except InForceError as error:
        return error.problems
    for path, data in journal.items():
        if path.startswith(tuple(f"{folder}/" for folder in files.FOLDERS)):
            read.pop(path, None)
            read |= {path: data} if data is not None else {}
    return read


def _under_way(root: Path) -> dict[str, bytes | None]:
    """What the journal says of each file that is to change; nothing where there is no journal."""
    name = _begun(root)
    side = "before" if name == UNDO else "after"
    with contextlib.suppress(FileNotFoundError):  # done meanwhile
        steps = _journal(root, name).steps if name else ()
        return {
            step.path: files.regular(root / name / f"{place}.{side}") if getattr(step, side) else None
            for place, step in enumerate(steps)
        }
    return {}


def _begun(root: Path) -> str:
    """The journal of a change under way, to be undone or to be finished; empty where there is none."""
    return next((name for name in (UNDO, REDO) if os.path.lexists(root / name)), "")


def _difference(known: Mapping[str, bytes], found: Mapping[str, bytes]) -> str:
    """The first path in which they differ; empty where they are the same."""
    return next((path for path in sorted({*known, *found}) if known.get(path) != found.get(path)), "")


@contextlib.contextmanager
def _locked(root: Path, patience: float | None = None) -> Iterator[None]:
    """Be the only one. Raises InForceError where another one does not come to an end, or nothing can be locked here."""
    import filelock  # whoever only reads has no need of it, and it takes as long as a small project

    place = root / FOLDER
    with files.named(FOLDER):
        _own(place)
        lock = filelock.FileLock(place / "lock", timeout=PATIENCE if patience is None else patience)
        try:
            lock.acquire()
        except filelock.Timeout:
            cure = "Wait for it, and run this command again"
            raise fail(f"{FOLDER}/lock", 0, "locked", "Another inforce is writing here", cure) from None
        except OSError as error:
            what = f"It cannot be locked ({error.strerror})"
            raise fail(f"{FOLDER}/lock", 0, "unlockable", what, f"Make {FOLDER} and what is in it writable") from None
    try:
        yield
    finally:
        lock.release()


def _own(place: Path) -> None:
    """Make the folder where there is none. What a stranger's repository put there, links above all, is refused."""
    kinds = {place: stat.S_ISDIR, place / ".gitignore": stat.S_ISREG, place / "lock": stat.S_ISREG}
    if any(os.path.lexists(each) and not is_kind(each.lstat().st_mode) for each, is_kind in kinds.items()):
        what = "This is no folder that inforce made"
        raise fail(FOLDER, 0, "journal-folder", what, "Delete it; the next command makes it anew")
    place.mkdir(exist_ok=True)
    with contextlib.suppress(FileExistsError), (place / ".gitignore").open("xb") as file:
        file.write(b"*\n")


def _written(root: Path, changes: Mapping[str, bytes | None]) -> _Journal:
    """Write the journal of a change, and all that it needs, down to the disk; return it."""
    for path in changes:
        if (beside := files.beside(root / path)).is_dir():
            where = beside.relative_to(root).as_posix()
            raise fail(where, 0, "folder", "A folder stands where a file is made for a moment", "Delete it")
    steps, made = [], dict[str, None]()
    _clear(root)
    with files.named(_ASIDE):
        (aside := root / _ASIDE).mkdir()
    for place, (path, after) in enumerate(changes.items()):
        with files.named(path):
            before = files.content(root / path)
            for side, data in (("before", before), ("after", after)):
                if data is not None:
                    files.write(aside / f"{place}.{side}", data)
            steps.append(_Step(path, _digest(before), _digest(after)))
            if after is not None:
                missing = (each for each in Path(path).parents if not (root / each).is_dir())
                made.update(dict.fromkeys(each.as_posix() for each in missing))
    known = (root / FOLDER).stat()
    journal = _Journal((known.st_dev, known.st_ino), tuple(steps), tuple(sorted(made)))
    with files.named(REDO):
        files.write(aside / LIST, json.dumps(asdict(journal)).encode())
        files.settle(aside)
        aside.rename(root / REDO)
        files.settle(root / FOLDER)
    return journal


def _carry_out(root: Path, changes: Mapping[str, bytes | None]) -> None:
    """Write the journal, do what it says, and put it away; where that fails, put back what was."""
    try:
        _forward(root, _written(root, changes))
        with files.named(REDO):
            _put_away(root, REDO)
    except BaseException as error:
        try:
            _back(root)
        except (OSError, InForceError):
            path = error.problems[0].path if isinstance(error, InForceError) else REDO
            what = "The change was begun, and could be neither finished nor put back"
            cure = "Free some space or mend the disk; the next command goes on"
            raise fail(path, 0, "unwritable", what, cure) from error
        raise


def _forward(root: Path, journal: _Journal) -> None:
    """Make the change from whatever part of it there is. Everything is on the disk before anything is moved."""
    staged: list[_Step] = []
    for place, step in enumerate(journal.steps):
        path = root / step.path
        with files.named(step.path):
            if (found := _digest(files.content(path))) not in (step.before, step.after):
                what = "A command was interrupted before it wrote this file, and somebody has changed it since"
                cure = f"Bring back what stood there, or keep it all as it is: delete {REDO}"
                raise fail(step.path, 0, "journal", what, cure)
            if found == step.after:
                files.beside(path).unlink(missing_ok=True)  # an interrupted command got as far
            elif step.after is not None:
                for folder in (root / name for name in journal.made):
                    if path.is_relative_to(folder) and not folder.is_dir():
                        folder.mkdir()
                        files.settle(folder.parent)
                files.stage(path, root / REDO / f"{place}.after")
                staged.append(step)
    for step in staged:
        with files.named(step.path):
            files.place(root / step.path, over=step.before is not None)
    for step in journal.steps:
        path = root / step.path
        with files.named(step.path):
            if step.after is None and os.path.lexists(path):
                path.unlink()
            if path.parent.is_dir():
                files.settle(path.parent)


def _back(root: Path) -> None:
    """Put back what was, from whatever part of the change there is."""
    if (root / REDO).exists():
        (root / REDO).replace(root / UNDO)
        files.settle(root / FOLDER)
    if not (root / UNDO).exists():
        _clear(root)
        return
    journal = _journal(root, UNDO)
    for place, step in reversed(tuple(enumerate(journal.steps))):
        path = root / step.path
        if not path.parent.is_dir():
            continue
        if _digest(files.content(path)) == step.after != step.before:
            if step.before is None:
                path.unlink()
            else:
                files.stage(path, root / UNDO / f"{place}.before")
                files.place(path, over=True)
        files.beside(path).unlink(missing_ok=True)
        files.settle(path.parent)
    for name in reversed(journal.made):
        if (root / name).is_dir() and not any((root / name).iterdir()):
            (root / name).rmdir()
    _put_away(root, UNDO)


def _recover(root: Path) -> str:
    """Finish what was interrupted, or put it back, and say so; nothing where nothing was. Called under the lock."""
    if not (name := _begun(root)):
        return ""
    journal = _journal(root, name)
    paths = ", ".join(step.path for step in journal.steps)
    if name == REDO:
        try:
            _forward(root, journal)
            with files.named(REDO):
                _put_away(root, REDO)
        except InForceError as error:
            if error.problems[0].rule == "journal":
                raise
        else:
            return f"A command that was interrupted is finished now: {paths}"
    with files.named(name):
        _back(root)
    return f"A command that failed is undone now: {paths}"


def _journal(root: Path, name: str) -> _Journal:
    """The journal of that name. Raises InForceError for one that was not written here."""
    known = (root / FOLDER).stat()
    try:
        told = json.loads(files.regular(root / name / LIST))
        steps = tuple(_Step(**step) for step in told["steps"])
        journal = _Journal((told["folder"][0], told["folder"][1]), steps, tuple(told["made"]))
        inner = all(not Path(step.path).is_absolute() and ".." not in Path(step.path).parts for step in steps)
    except (ValueError, TypeError, LookupError, NotADirectoryError, files.NotRegularError):
        inner = False
    except FileNotFoundError:
        if not os.path.lexists(root / name):
            raise
        inner = False
    except OSError as error:
        what, cure = f"It cannot be read ({error.strerror})", "Make it readable: it says how to finish a command"
        raise fail(name, 0, "unreadable", what, cure) from None
    if not inner or journal.folder != (known.st_dev, known.st_ino):
        what = "It tells of an interrupted command, but it was not written in this folder"
        raise fail(name, 0, "journal", what, "Look with git status whether all files are as they should be; delete it")
    return journal


def _digest(data: bytes | None) -> str | None:
    return None if data is None else digest(data)


def _put_away(root: Path, name: str) -> None:
    """Delete a journal. Should it come back, since the disk did not keep that, following it again changes nothing."""
    _clear(root)
    (root / name).rename(root / _ASIDE)
    with contextlib.suppress(OSError, InForceError):  # what stays is deleted by the next command that writes
        files.settle(root / FOLDER)
        _clear(root)


def _clear(root: Path) -> None:
    """Delete what was laid aside: a journal that is done, or that was never finished."""
    aside = root / _ASIDE
    with files.named(_ASIDE):
        if aside.is_dir() and not aside.is_symlink():
            shutil.rmtree(aside)
        elif os.path.lexists(aside):
            aside.unlink()
