"""A folder that is published: what was made for it is put in place whole, and nothing that others put there is touched.

``.inforce-files`` in the folder says which files are ours, with the digest of each and of what it was made from: a file
that is as it would be made again stays as it is. All others are made beside first; only when every one of them is there
do they take their places, in the order in which they were given. What a file says is known to nobody here; how each was
left is told, so that it is seen later whether somebody came after.
"""

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from inforce.adapters.cache import own_folder
from inforce.errors import fail

LIST = ".inforce-files"
PATIENCE = 60.0
"""Seconds for which a build waits for another one."""
_STAGE = ".inforce-new"
OWN = (LIST, _STAGE)
"""What stands beside the files: the list of them, and, where a build was killed, what that one had made ready."""


@dataclass(frozen=True)
class OutputFile:
    """One file of the site: its address, a digest of what it is made from (empty where unknown), how it is made."""

    address: str
    origin: str
    make: Callable[[], bytes]


@dataclass(frozen=True)
class Report:
    """How many files there are, how many of them were written, how many of ours went.

    ``left`` is how each of them, and of ``OWN``, stood when it was last looked at or put there; empty where that would
    not tell later whether it is as it would be made. See ``how``.
    """

    files: int
    written: int
    removed: int
    left: Mapping[str, Sequence[int]] = field(default_factory=dict)


def put(folder: Path, files: Iterator[OutputFile]) -> Report:
    """Make ``folder`` hold ``files``, and none of ours beside. Raises InForceError for a file that is not ours,
    and where one cannot be written: the next build then takes it up.

    A folder that is not there yet appears when it is complete; one that is there stays the one that it is, be it a link
    or a disk of its own. Of two builds into one folder the second waits.
    """
    with _alone(folder):
        try:
            return _put(folder, files)
        except OSError as error:  # it may name a file that nobody knows, or none
            what = f"The site cannot be written ({error.strerror})"
            cure = "Make the folder writable, or free some space, and build again"
            raise fail(str(folder), 0, "unwritable", what, cure) from None


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder against another build of the same user. Raises InForceError where that takes too long."""
    import filelock

    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    try:
        lock = filelock.FileLock(own_folder() / f"{name}.lock", timeout=PATIENCE)
        lock.acquire()
    except filelock.Timeout:
        what, cure = "Another build is writing it", "Wait until that has ended, and build again"
        raise fail(str(folder), 0, "busy", what, cure) from None
    except (OSError, RuntimeError):  # nobody's home, or none that can be written
        yield
        return
    try:
        yield
    finally:
        lock.release()


def _put(folder: Path, files: Iterator[OutputFile]) -> Report:
    if os.path.lexists(folder):
        return _laid(folder, files)
    beside = folder.with_name(f".{folder.name}.inforce")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        report = _laid(beside, files)
        beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return report


def is_ours(folder: Path, address: str) -> bool:
    """Whether a file in ``folder`` was put there by us."""
    return address in _ours(folder)


def how(path: Path) -> list[int]:
    """How a file stands: kind and rights, size, when it and what is known of it changed (ns); nothing of none."""
    try:
        told = path.lstat()
    except OSError:
        return []
    return [told.st_mode, told.st_size, told.st_mtime_ns, told.st_ctime_ns]


def _laid(folder: Path, files: Iterator[OutputFile]) -> Report:
    if not folder.is_dir():
        raise fail(str(folder), 0, "no-folder", "This is no folder", "Name another one")
    before, stage = _ours(folder), folder / _STAGE
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir()
    try:
        after: dict[str, tuple[str, str]] = {}
        left: dict[str, Sequence[int]] = {}
        fresh: list[str] = []
        for file in files:
            path = folder / file.address
            left[file.address] = how(path)  # before it is read: so a change that comes then is seen
            known = before.get(file.address)
            if known and file.origin and known[0] == file.origin and _digest(path) == known[1]:
                after[file.address] = known
                continue
            data = file.make()
            after[file.address] = file.origin, hashlib.sha256(data).hexdigest()
            present = _digest(path)
            if present != after[file.address][1]:
                _refuse_theirs(folder, file.address, known, present)
                (stage / str(len(fresh))).write_bytes(data)
                fresh.append(file.address)
        _tell(folder, _either(before, after))  # whoever is killed leaves nothing that would pass for somebody else's
        for place, address in enumerate(fresh):
            (folder / address).parent.mkdir(parents=True, exist_ok=True)
            (stage / str(place)).replace(folder / address)
            left[address] = how(folder / address)
        removed = [address for address in before if address not in after]
        for address in removed:
            _remove(folder, address, before[address][1])
        _tell(folder, after)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    left |= {name: how(folder / name) for name in OWN}
    promised = all(origin for origin, _ in after.values()) and _finely(left)
    return Report(len(after), len(fresh), len(removed), left if promised else {})


def _finely(left: Mapping[str, Sequence[int]]) -> bool:
    """Whether the disk tells times by less than a second: on others, such as FAT, a change can have the same time."""
    return any(told[-1] % 1_000_000_000 for told in left.values() if told)


def _either(
    before: Mapping[str, tuple[str, str]], after: Mapping[str, tuple[str, str]]
) -> Mapping[str, tuple[str, str]]:
    """The files of a build that may be killed: at an address stands what did before, or what is to stand there."""
    found = dict(before)
    for address, (origin, digest) in after.items():
        former = before.get(address, ("", digest))[1]
        found[address] = origin, digest if former == digest else f"{former} {digest}"
    return found


def _refuse_theirs(folder: Path, address: str, known: tuple[str, str] | None, present: str) -> None:
    """An error where something stands that we did not put there, or where the way leads out of the folder."""
    linked = next((each for each in Path(address).parents if (folder / each).is_symlink() and str(each) != "."), None)
    if linked:
        raise fail(str(folder / linked), 0, "link", "This is a link, and its files stand elsewhere", _CURE)
    if present and known is None:
        what = "It is there already, and inforce did not write it"
        raise fail(str(folder / address), 0, "not-ours", what, _CURE)


_CURE = "Move it away, or build into another folder"


def _ours(folder: Path) -> dict[str, tuple[str, str]]:
    """The files that we put into ``folder``: address -> (digest of its origin, digest); none where nobody knows."""
    try:
        told = json.loads((folder / LIST).read_bytes())
        found = {str(address): (str(origin), str(digest)) for address, (origin, digest) in told.items()}
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        return {}

    @cache
    def linked(above: str) -> bool:
        return (folder / above).is_symlink() or (above != "" and linked(above.rpartition("/")[0]))

    return {address: known for address, known in found.items() if _within(address, linked)}


def _within(address: str, linked: Callable[[str], bool]) -> bool:
    """Whether an address stands for a file of the folder itself, wherever the list has it from."""
    path = Path(address)
    parts = () if path.is_absolute() or "\0" in address else path.parts
    own = bool(parts) and ".." not in parts and parts[0] not in (LIST, _STAGE)
    return own and not linked(address.rpartition("/")[0])


def _tell(folder: Path, ours: Mapping[str, tuple[str, str]]) -> None:
    beside = folder / _STAGE / "list"
    beside.write_text(json.dumps(ours, separators=(",", ":")), encoding="utf-8")
    beside.replace(folder / LIST)


def _digest(path: Path) -> str:
    """The digest of what stands at a path, a link's target's name; empty where nothing does."""
    try:
        return hashlib.sha256(os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
    except OSError:
        return "no file"


def _remove(folder: Path, address: str, digest: str) -> None:
    """Delete a file that is as we left it, or a killed build of ours, and the folders that it leaves empty."""
    path = folder / address
    if _digest(path) not in digest.split():
        return
    path.unlink()
    for above in path.parents:
        if above == folder or any(above.iterdir()):
            return
        above.rmdir()
