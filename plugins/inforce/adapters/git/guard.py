"""The guard's rules: what is published below ``versions/`` stays as it is, byte for byte.

It compares blob ids of a published commit with the bytes on disk and says what differs. Which commit is the published
one, and who changed what, is the business of ``git``; nothing here starts a process.
"""

import hashlib
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from inforce.errors import Problem
from inforce.model import Commit

LEDGER = "versions"
"""The folder below the project's root whose published files are protected."""


@dataclass(frozen=True)
class Published:
    """The published state: ``files`` maps each path below ``versions/`` to its git blob id in commit ``sha``.

    ``ref`` names in words where it was found: a branch, or the merge base with one. ``unused`` is the base that was
    asked for, where the branch ``published`` leaves no use for it.
    """

    ref: str
    sha: str
    files: Mapping[str, str]
    unused: str = ""


@dataclass(frozen=True)
class Unguarded:
    """Why it is not known what is published, and how it could be: two sentences without a final full stop."""

    reason: str
    cure: str


@dataclass(frozen=True)
class Cause:
    """How a published file came to differ: ``by`` completes "was changed …"; ``behind`` says that the change is the
    published branch's own, which this branch does not have yet."""

    by: str = ""
    behind: bool = False


NOT_COMMITTED = Cause("in the working tree, not committed")
UNKNOWN_COMMIT = Cause("by a commit that this shallow clone does not show")
BEHIND = Cause(behind=True)


def made_by(commit: Commit) -> Cause:
    """The cause that is ``commit``."""
    return Cause(f"by commit {commit.sha[:12]} ({commit.author or 'no name'}, {commit.committed:%Y-%m-%d})")


def blob_id(data: bytes) -> str:
    """The id that git gives ``data`` in a SHA-1 repository, with no filter and no line ending conversion applied."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def working_blobs(root: Path) -> dict[str, str]:
    """Path -> blob id of each file below ``root/versions`` as it is on disk.

    As in git, a link is its target's name and a linked folder holds no files: nothing is read from beyond it.
    """
    top = root / LEDGER
    if top.is_symlink():
        return {}
    found = (Path(folder, name) for folder, _, names in os.walk(top) for name in names)
    return {path.relative_to(root).as_posix(): blob_id(_content(path)) for path in found}


def _content(path: Path) -> bytes:
    return os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()


def differing(published: Published, working: Mapping[str, str]) -> tuple[str, ...]:
    """The published paths that are gone from ``working`` or have other bytes there, sorted."""
    return tuple(sorted(path for path, blob in published.files.items() if working.get(path) != blob))


def problem(root: Path, path: str, published: Published, working: Mapping[str, str], cause: Cause) -> Problem:
    """What to say of one of the :func:`differing` paths."""
    sha, name = published.sha[:12], shlex.quote(path)
    if cause.behind:
        what = f"The published file of {published.ref} ({sha}) is not in this branch, which is behind"
        return Problem(path, 0, "ledger-behind", what, f"Run `git merge {published.ref}`")
    restore = f"`git checkout {sha} -- {name}`"
    if path not in working:
        return Problem(path, 0, "ledger-deleted", f"This published file was deleted {cause.by}", f"Run {restore}")
    if _line_endings_only(root / path, published.files[path]):
        what = f"This published file differs by line endings only; they were changed {cause.by}"
        cure = f"Delete it and run {restore}; mend .gitattributes first, where inforce check says so"
        return Problem(path, 0, "ledger-changed", what, cure)
    return Problem(path, 0, "ledger-changed", f"This published file was changed {cause.by}", f"Run {restore}")


def _line_endings_only(path: Path, blob: str) -> bool:
    lines = _content(path).replace(b"\r\n", b"\n")
    return blob in (blob_id(lines), blob_id(lines.replace(b"\n", b"\r\n")))
