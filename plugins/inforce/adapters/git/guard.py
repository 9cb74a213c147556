"""The guard: which versions are published, and whether each of them is still as it was, byte for byte.

It compares blob ids of the published commit with the bytes on disk, says what differs, and which commit did it. It only
reads, and fetches nothing. Where git cannot tell what is published, it says so, and never guesses.
"""

import itertools
import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inforce.adapters.files import LEDGER
from inforce.adapters.git.repository import (
    SHALLOW,
    NoHistory,
    Reader,
    Repository,
    blob_id,
    content,
    open_repository,
    working_blobs,
)
from inforce.errors import Level, Problem

PUBLISHED = "published"
"""The branch that a deployment moves forward to what it publishes."""


@dataclass(frozen=True)
class Published:
    """The published state: ``files`` maps each path below ``versions/`` to its git blob id in commit ``sha``.

    ``ref`` names in words where it was found: a branch, or the merge base with one. ``unused`` is the base that was
    asked for, where the branch ``published`` leaves no use for it. ``doubts`` are what is wrong with the branch itself.
    """

    ref: str
    sha: str
    files: Mapping[str, str]
    unused: str = ""
    doubts: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Unguarded:
    """Why it is not known what is published, and how it could be: two sentences without a final full stop."""

    reason: str
    cure: str


NOT_COMMITTED = "in the working tree, not committed"
UNKNOWN_COMMIT = "by a commit that this shallow clone does not show"
LOST_COMMIT = "by a commit that git cannot show here"
BEHIND = ""
"""How a published file came to differ, as it completes "was changed …"; empty where the change is the published
branch's own, which this branch does not have yet."""


def opened(root: Path, base: str | None = None) -> tuple[Repository | None, Published | Unguarded]:
    """Return the repository of the project at ``root``, None without one, and what :func:`find_published` finds."""
    try:
        repository = open_repository(root)
        return repository, find_published(repository, base)
    except NoHistory as missing:
        return None, Unguarded(missing.reason, missing.cure)


def find_published(
    repository: Repository, base: str | None = None, environment: Mapping[str, str] = os.environ
) -> Published | Unguarded:
    """Return what is published: the branch ``published``, without one the merge base of HEAD with the target branch.

    Of the remote's branch and the local one it is the remote's, unless the local one is ahead of it: a stale branch
    must not lower the guard, and a deployment moves the local one first. The target branch is ``base``, else the
    remote's ``GITHUB_BASE_REF`` of ``environment``, else its HEAD, ``main`` or ``master``. The remote is
    ``origin``, or the only one there is. Nothing is fetched. A ``base`` that a branch ``published`` makes idle
    is handed back as ``unused``.
    """
    remote = _remote(repository)
    if found := _publication(repository, remote):
        state = _state(repository, *found)
        return replace(state, unused=base or "", doubts=(*_doubts(repository, remote), *state.doubts))
    missing, cure = f"There is no branch {PUBLISHED} here, and", _how_to_tell(remote)
    if repository.shallow:
        return Unguarded(f"{missing} this is a shallow clone", f"{cure}. {SHALLOW[1]}")
    target = base or _target(repository, remote, environment)
    if target is None:
        return Unguarded(f"{missing} no remote branch to compare with", cure)
    name = target.removeprefix("refs/remotes/")
    commit = repository.reader.commit(target)
    if commit is None:
        return Unguarded(f"{missing} {name} is no commit here", cure)
    status, output, _ = repository.reader.ask("merge-base", repository.head, commit)
    if status:
        return Unguarded(f"{missing} {name} shares no history with HEAD", cure)
    return _state(repository, f"the merge base with {name}", output.decode("ascii").strip())


def violations(repository: Repository | None, published: Published | Unguarded) -> tuple[Problem, ...]:
    """Return a problem for each published file that is deleted or changed on disk, naming the commit that did it.

    None where nobody knows what is published. What is wrong with the branch itself comes first. Rules:
    ``published-symbolic``, ``published-apart``, ``published-back``, ``submodule``; ``ledger-deleted``,
    ``ledger-changed``; ``ledger-behind`` where the change is the published branch's own and HEAD does not have it yet.
    """
    if repository is None or isinstance(published, Unguarded):
        return ()
    working = working_blobs(repository.root)
    paths = sorted(path for path, blob in published.files.items() if working.get(path) != blob)
    if not paths:
        return published.doubts
    causes = _causes(repository, published, working, paths)
    found = (_violation(repository.root, path, published, path in working, causes[path]) for path in paths)
    return (*published.doubts, *found)


def once(touched: tuple[Problem, ...], read: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Return git's findings and those of reading, without the line ends of a file of which git has told."""
    told = {problem.path for problem in touched}
    rest = (problem for problem in read if problem.rule != "line-endings" or problem.path not in told)
    return tuple(dict.fromkeys((*touched, *rest)))


def _causes(
    repository: Repository, published: Published, working: Mapping[str, str], paths: Sequence[str]
) -> dict[str, str]:
    """How each of ``paths`` came to differ. In a damaged repository nobody knows, and it differs all the same."""
    try:
        committed = repository.committed(f"{LEDGER}/")
        commits = {} if repository.shallow else _commits(repository, published, committed)
    except NoHistory:
        return dict.fromkeys(paths, LOST_COMMIT)
    otherwise = UNKNOWN_COMMIT if repository.shallow else BEHIND
    here = [path for path in paths if working.get(path) != committed.get(path)]
    return {path: commits.get(path, otherwise) for path in paths} | dict.fromkeys(here, NOT_COMMITTED)


def _commits(repository: Repository, published: Published, committed: Mapping[str, str]) -> dict[str, str]:
    """Path -> the first commit since ``published`` that made of it what HEAD has.

    Each merge is compared with each parent: one that keeps the wrong side is a cause, too. A path that is absent
    here is one that HEAD has as it was before it was published.
    """
    log = repository.log("--diff-merges=separate", f"{published.sha}..{repository.head}", "--", LEDGER)
    causes: dict[str, str] = {}
    for entry in log:
        commit = entry.commit
        day = f"{commit.committed:%Y-%m-%d}" if commit.committed else "no date"
        by = f"by commit {commit.sha[:12]} ({commit.author or 'no name'}, {day})"
        for change in entry.changes:
            if change.after == committed.get(change.path):
                causes.setdefault(change.path, by)
    return causes


def _remote(repository: Repository) -> str | None:
    """``origin``, or the only remote; None where there is none, or no telling which."""
    remotes = repository.reader.lines("remote")
    if "origin" in remotes:
        return "origin"
    return remotes[0] if len(remotes) == 1 else None


def _publication(repository: Repository, remote: str | None) -> tuple[str, str] | None:
    """Name and commit of the branch ``published`` to go by."""
    local = repository.reader.commit(f"refs/heads/{PUBLISHED}")
    distant = repository.reader.commit(f"refs/remotes/{remote}/{PUBLISHED}") if remote else None
    if distant and (not local or local == distant or _is_apart(repository.reader, distant, local)):
        return f"{remote}/{PUBLISHED}", distant
    return (PUBLISHED, local) if local else None


def _doubts(repository: Repository, remote: str | None) -> Iterator[Problem]:
    """What shows that the branch ``published`` did not only move forward; a shallow clone cannot tell that."""
    reader = repository.reader
    refs = [f"refs/heads/{PUBLISHED}", *([f"refs/remotes/{remote}/{PUBLISHED}"] if remote else [])]
    tips: dict[str, str] = {}
    for line in reader.lines("for-each-ref", "--format=%(refname) %(objectname) %(symref)", *refs):
        ref, sha, symbolic = line.split(" ", 2)
        name = ref.removeprefix("refs/heads/").removeprefix("refs/remotes/")
        if symbolic:
            what = f"The branch {name} is another name of {symbolic}, and moves with it, so that nothing is guarded"
            cure = f"Run `git symbolic-ref --delete {ref}`, then `git update-ref {ref} COMMIT`: the one deployed last"
            yield Problem(PUBLISHED, 0, "published-symbolic", what, cure)
        elif not repository.shallow:
            tips[name] = sha
            before = reader.lines("reflog", "show", "--format=%H", ref)
            request = "".join(f"{line}\n" for line in (*before, f"^{sha}")).encode()
            if lost := reader.read("rev-list", "--max-count=1", "--ignore-missing", "--stdin", stdin=request).decode():
                what = f"The branch {name} was moved back: {lost[:12]} was published, and is not part of it any more"
                cure = f"If it was, run `git update-ref {ref} {lost[:12]}`; git reflog shows who moved it"
                yield Problem(PUBLISHED, 0, "published-back", what, cure, Level.WARNING)
    if len(set(tips.values())) > 1 and all(_is_apart(reader, *pair) for pair in itertools.permutations(tips.values())):
        what = f"The branches {' and '.join(tips)} went apart, though {PUBLISHED} only moves forward"
        yield Problem(PUBLISHED, 0, "published-apart", what, "Find out which one was deployed, and delete the other")


def _is_apart(reader: Reader, older: str, newer: str) -> bool:
    """Whether the commit ``newer`` does not hold ``older``."""
    return reader.ask("merge-base", "--is-ancestor", older, newer)[0] != 0


def _target(repository: Repository, remote: str | None, environment: Mapping[str, str]) -> str | None:
    """The remote branch that HEAD is meant for. One that the environment names is never replaced by another."""
    if remote is None:
        return None
    if branch := environment.get("GITHUB_BASE_REF"):
        return f"refs/remotes/{remote}/{branch}"
    refs = (f"refs/remotes/{remote}/{branch}" for branch in ("HEAD", "main", "master"))
    return next((ref for ref in refs if repository.reader.commit(ref)), None)


def _state(repository: Repository, ref: str, sha: str) -> Published:
    files = repository.files(sha, f"{LEDGER}/")
    if LEDGER not in files:
        return Published(ref, sha, files)
    what = f"{ref} ({sha[:12]}) holds a submodule or a link in place of the folder, so that nothing is guarded"
    problem = Problem(LEDGER, 0, "submodule", what, "Put the files themselves into the project's repository")
    return Published(ref, sha, {}, doubts=(problem,))


def _how_to_tell(remote: str | None) -> str:
    """How it can be known what is published, where there is no branch for it here."""
    told = f"Run `git branch {PUBLISHED} COMMIT`, with the commit that was deployed last"
    if remote:
        told = f"Run `git fetch {remote} {PUBLISHED}:refs/remotes/{remote}/{PUBLISHED}`"
    return f"{told}; where nothing was ever deployed, name the branch to compare with: --base REF"


def _violation(root: Path, path: str, published: Published, exists: bool, cause: str) -> Problem:
    """What to say of a published path that is gone or has other bytes."""
    sha, name = published.sha[:12], shlex.quote(path)
    if cause == BEHIND:
        what = f"The published file of {published.ref} ({sha}) is not in this branch, which is behind"
        return Problem(path, 0, "ledger-behind", what, f"Run `git merge {published.ref}`")
    restore = f"`git checkout {sha} -- {name}`"
    if not exists:
        return Problem(path, 0, "ledger-deleted", f"This published file was deleted {cause}", f"Run {restore}")
    if _line_endings_only(root / path, published.files[path]):
        what = f"This published file differs by line endings only; they were changed {cause}"
        cure = f"Delete it and run {restore}; mend .gitattributes first, where inforce check says so"
        return Problem(path, 0, "ledger-changed", what, cure)
    return Problem(path, 0, "ledger-changed", f"This published file was changed {cause}", f"Run {restore}")


def _line_endings_only(path: Path, blob: str) -> bool:
    lines = (content(path) or b"").replace(b"\r\n", b"\n")
    return blob in (blob_id(lines), blob_id(lines.replace(b"\n", b"\r\n")))
