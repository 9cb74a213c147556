"""What git knows of a project: who brought and changed what, and which versions are published.

The only module that imports GitPython. It runs a few git processes for the whole job, never one a file, and only reads.
What the log says is worked out in ``history``, what the guard demands in ``guard``. What git cannot tell is not
guessed: :class:`NoHistory`, ``Provenance.missing`` and ``Unguarded`` say why, and what to do.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from inforce.adapters.git.guard import (
    BEHIND,
    LEDGER,
    NOT_COMMITTED,
    UNKNOWN_COMMIT,
    Cause,
    Published,
    Unguarded,
    blob_id,
    differing,
    made_by,
    problem,
    working_blobs,
)
from inforce.adapters.git.history import GRAPH, LOG, Entry, History, parse_graph, parse_log, path_text, printable
from inforce.adapters.git.revisions import FOLLOW, Revision, parse
from inforce.errors import Problem, meant
from inforce.model import Commit, Provenance

if TYPE_CHECKING:
    from git import Git

PUBLISHED = "published"
"""The branch that a deployment moves forward to what it publishes."""

_SHALLOW = (
    "This is a shallow clone, which does not hold the history",
    "Set `fetch-depth: 0` in the workflow's checkout step, or run `git fetch --unshallow`",
)


class NoHistory(Exception):  # noqa: N818 - a state that callers go on from, seldom an error
    """Git can't be asked here: ``reason`` and ``cure``, two sentences without a final full stop."""

    def __init__(self, reason: str, cure: str) -> None:
        super().__init__(f"{reason}. {cure}.")
        self.reason = reason
        self.cure = cure


def open_repository(root: Path) -> Repository:
    """The git repository that the project at ``root`` is in, as HEAD is now.

    ``root`` may be the top of a working tree, linked ones too, or a folder below.

    Raises :class:`NoHistory` without git, outside a working tree, before the first commit, where git refuses the
    repository (another user's) and where object ids are SHA-256.
    """
    if "GIT_DIR" in os.environ and "GIT_WORK_TREE" not in os.environ and not (root / ".git").exists():
        # Git would take root for the top of the working tree, whatever it is, and every path would be wrong.
        raise NoHistory("GIT_DIR is set, so that git does not look for this folder's repository", "Unset GIT_DIR")
    reader = _Reader(_client(), root)
    questions = ("--is-inside-work-tree", "--is-shallow-repository", "--show-object-format", "--show-prefix")
    status, answer, error = reader.ask("rev-parse", *questions)
    if status:
        raise _refusal(error)
    inside, shallow, object_format, prefix, *_ = (path_text(line) for line in [*answer.split(b"\n"), b""])
    if inside != "true":
        raise NoHistory("This is a bare repository, without a working tree", "Clone it and work in the clone")
    if object_format != "sha1":
        reason = f"The repository's object ids are {object_format}, and only sha1 is understood"
        raise NoHistory(reason, "Keep the project in a repository made with `git init --object-format=sha1`")
    head = reader.commit("HEAD")
    if head is None:
        raise NoHistory("The repository has no commit yet", "Commit the project")
    return Repository(root, head, shallow == "true", prefix, reader)


def file_history(root: Path, path: str, *, first_parent: bool = False) -> tuple[tuple[Revision, bytes], ...]:
    """Every revision of the file ``path`` (from ``root``) that is a text, oldest first, with its bytes.

    ``root`` is a clone or a folder in one, bare or not. With ``first_parent`` a merge counts, and not the commits that
    it brought. Raises :class:`NoHistory` where git refuses, in a shallow clone, and where HEAD has no such file.
    """
    reader = _Reader(_client(), root)
    status, shallow, error = reader.ask("rev-parse", "--is-shallow-repository")
    if status:
        raise _refusal(error)
    if shallow.strip() == b"true":
        raise NoHistory(_SHALLOW[0], "Run `git fetch --unshallow` there")
    merges = ("--first-parent", "--diff-merges=first-parent") if first_parent else ("--diff-merges=combined",)
    found = parse(reader.read(*FOLLOW, *merges, "--", path))
    if not found:
        files = path_text(reader.read("ls-tree", "-r", "-z", "--name-only", "HEAD")).split("\0")
        raise NoHistory(f"No commit here knows a file {path}", meant(path, files[:-1], "Name it from the folder given"))
    texts = reader.blobs(sorted({each.blob for each in found if each.blob}))
    return tuple((each, texts[each.blob]) for each in found if each.blob)


def _client() -> Git:
    """GitPython's command; importing it already runs git, and fails where there is none."""
    try:
        from git import Git
    except ModuleNotFoundError:
        raise
    except ImportError as error:
        raise _no_git() from error
    return Git()


def _no_git() -> NoHistory:
    return NoHistory("Git can't be run: it is not installed, or not on PATH", "Install git")


def _refusal(error: str) -> NoHistory:
    """What git's own words mean for the reader (they are English: GitPython sets the locale)."""
    words = error.strip().split("\n")[0].removeprefix("fatal: ") or "it says nothing"
    if "dubious ownership" in error or "unsafe repository" in error:
        command = re.search(r"git config --global --add safe\.directory .*", error)
        return NoHistory(f"Git refuses: {words}", f"Run `{command[0] if command else 'git status'}`")
    if "not a git repository" in error:
        return NoHistory("This folder is in no git repository", "Work in a clone, not in a copy of the files")
    return NoHistory(f"Git refuses: {words}", "Run `git status` here and mend what it says")


def _how_to_tell(remote: str | None) -> str:
    """How it can be known what is published, where there is no branch for it here."""
    told = f"Run `git branch {PUBLISHED} COMMIT`, with the commit that was deployed last"
    if remote:
        told = f"Run `git fetch {remote} {PUBLISHED}:refs/remotes/{remote}/{PUBLISHED}`"
    return f"{told}; where nothing was ever deployed, name the branch to compare with: --base REF"


@dataclass(frozen=True)
class _Reader:
    """Runs git in ``root`` and hands back its bytes."""

    git: Git
    root: Path

    def ask(self, *arguments: str, stdin: bytes = b"") -> tuple[int, bytes, str]:
        """Exit status, standard output and standard error of one process; raises NoHistory if git can't be run."""
        from git.exc import GitCommandNotFound

        # Not GitPython's working directory: where that one can't be entered, it silently takes the current one.
        command = [self.git.GIT_PYTHON_GIT_EXECUTABLE or "git", "-C", str(self.root), *arguments]
        with tempfile.TemporaryFile() as file:
            file.write(stdin)
            file.seek(0)
            try:
                return self.git.execute(
                    command, istream=file, with_extended_output=True, with_exceptions=False, stdout_as_string=False,
                    strip_newline_in_stdout=False,
                )  # fmt: skip
            except (OSError, GitCommandNotFound) as error:
                raise _no_git() from error

    def read(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """Standard output of a process that has to succeed; raises NoHistory with git's own words."""
        status, output, error = self.ask(*arguments, stdin=stdin)
        if status:
            raise _refusal(error)
        return output

    def commit(self, name: str) -> str | None:
        """The id of the commit that ``name`` names, None where there is none."""
        status, output, _ = self.ask("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        return None if status else output.decode("ascii").strip()

    def blobs(self, ids: Iterable[str]) -> dict[str, bytes]:
        """Id -> bytes of each of the blobs ``ids``."""
        output = self.read("cat-file", "--batch", stdin="".join(f"{blob}\n" for blob in ids).encode("ascii"))
        blobs: dict[str, bytes] = {}
        start = 0
        while start < len(output):
            end = output.index(b"\n", start)
            blob, kind, *size = output[start:end].decode("ascii").split(" ")
            if kind != "blob":
                raise NoHistory(f"The repository lacks the object {blob}", "Run `git fsck`, and fetch what it misses")
            start = end + 1 + int(size[0]) + 1
            blobs[blob] = output[end + 1 : start - 1]
        return blobs

    def tree(self, commit: str, folder: str) -> dict[str, str]:
        """Path (from the repository's top) -> blob id of each file below ``folder`` in ``commit``."""
        tree: dict[str, str] = {}
        for record in self.read("ls-tree", "-r", "-z", "--full-tree", commit, "--", folder).split(b"\0")[:-1]:
            meta, _, path = record.partition(b"\t")
            tree[path_text(path)] = meta.decode("ascii").split(" ")[2]
        return tree

    def lines(self, *arguments: str) -> list[str]:
        """The lines that a process prints."""
        return path_text(self.read(*arguments)).splitlines()


@dataclass(frozen=True)
class Repository:
    """A project's repository as it was when it was opened. Paths are relative to ``root``, with forward slashes.

    ``head`` is the id of HEAD's commit; ``prefix`` is the project's place below the repository's top, empty or ending
    in a slash; ``shallow`` says that history is cut off. Every method raises :class:`NoHistory` where git fails.
    """

    root: Path
    head: str
    shallow: bool
    prefix: str
    _reader: _Reader

    def provenance(self, documents: Mapping[str, Sequence[str]]) -> Provenance:
        """Who brought each ledger file, and who changed each clause before it; by the rules at the top of ``history``.

        ``documents`` maps a document to its version numbers in chain order. Files that are not committed as they are on
        disk are absent. In a shallow clone nothing is known: the maps are empty, and ``missing`` says so.
        """
        if self.shallow:
            return Provenance(missing="{}. {}.".format(*_SHALLOW))
        history, texts = self._history()
        return history.provenance(documents, working_blobs(self.root), texts)

    def drafted(self, document: str) -> dict[str, Commit]:
        """Clause -> the last commit that changed its text in the draft; only where the draft is as HEAD has it.

        Empty in a shallow clone, which cannot tell.
        """
        if self.shallow:
            return {}
        history, texts = self._history()
        committed = self.committed(f"policy/{document}/")

        def as_committed(clause: str) -> bool:
            path = f"policy/{document}/{clause}.md"
            file = self.root / path
            return (blob_id(file.read_bytes()) if file.is_file() else None) == committed.get(path)

        return {clause: commit for clause, commit in history.latest(document, texts).items() if as_committed(clause)}

    def user(self) -> str:
        """The name that git would put on a commit made here; empty where none is set."""
        status, name, _ = self._reader.ask("config", "--get", "user.name")
        return "" if status else printable(name.strip())

    def _history(self) -> tuple[History, dict[str, bytes]]:
        """The history of policies and versions, and the bytes of every text that a clause's file ever had."""
        folders = (self.head, "--", LEDGER, "policy")
        graph = parse_graph(self._reader.read(*GRAPH, *folders))
        history = History(graph, self._log("--diff-merges=combined", *folders))
        return history, self._reader.blobs(sorted(history.clause_blobs))

    def committed(self, folder: str) -> dict[str, str]:
        """Path -> blob id of each file below ``folder`` (ending in a slash) as HEAD has it; no hidden ones."""
        return self._files(self.head, folder)

    def published(self, base: str | None = None, environment: Mapping[str, str] = os.environ) -> Published | Unguarded:
        """What is published: the branch ``published``, without one the merge base of HEAD with the target branch.

        Of the remote's branch and the local one it is the remote's, unless the local one is ahead of it: a stale branch
        must not lower the guard, and a deployment moves the local one first. The target branch is ``base``, else the
        remote's ``GITHUB_BASE_REF`` of ``environment``, else its HEAD, ``main`` or ``master``. The remote is
        ``origin``, or the only one there is. Nothing is fetched. A ``base`` that a branch ``published`` makes idle
        is handed back as ``unused``.
        """
        remote = self._remote()
        if found := self._publication(remote):
            return replace(self._state(*found), unused=base or "")
        cure = _how_to_tell(remote)
        if self.shallow:
            reason = f"There is no branch {PUBLISHED} here, and this is a shallow clone"
            return Unguarded(reason, f"{cure}. {_SHALLOW[1]}")
        target = base or self._target(remote, environment)
        if target is None:
            return Unguarded(f"There is no branch {PUBLISHED} here, and no remote branch to compare with", cure)
        name = target.removeprefix("refs/remotes/")
        commit = self._reader.commit(target)
        if commit is None:
            return Unguarded(f"There is no branch {PUBLISHED} here, and {name} is no commit here", cure)
        status, output, _ = self._reader.ask("merge-base", self.head, commit)
        if status:
            return Unguarded(f"There is no branch {PUBLISHED} here, and {name} shares no history with HEAD", cure)
        return self._state(f"the merge base with {name}", output.decode("ascii").strip())

    def guard(self, published: Published) -> tuple[Problem, ...]:
        """Each published file that is deleted or changed on disk, with the commit that did it where one did.

        Rules: ``ledger-deleted``, ``ledger-changed``; ``ledger-behind`` where the change is the published branch's own
        and HEAD does not have it yet.
        """
        working = working_blobs(self.root)
        paths = differing(published, working)
        if not paths:
            return ()
        committed = self._ledger(self.head)
        causes = {} if self.shallow else self._causes(published, committed)
        unknown = UNKNOWN_COMMIT if self.shallow else BEHIND
        return tuple(
            problem(
                self.root, path, published, working,
                NOT_COMMITTED if working.get(path) != committed.get(path) else causes.get(path, unknown),
            )
            for path in paths
        )  # fmt: skip

    def _causes(self, published: Published, committed: Mapping[str, str]) -> dict[str, Cause]:
        """Path -> the first commit since ``published`` that made of it what HEAD has.

        Each merge is compared with each parent: one that keeps the wrong side is a cause, too. A path that is absent
        here is one that HEAD has as it was before it was published.
        """
        log = self._log("--diff-merges=separate", f"{published.sha}..{self.head}", "--", LEDGER)
        causes: dict[str, Cause] = {}
        for entry in log:
            for change in entry.changes:
                if change.after == committed.get(change.path):
                    causes.setdefault(change.path, made_by(entry.commit))
        return causes

    def _log(self, *arguments: str) -> tuple[Entry, ...]:
        return parse_log(self._reader.read(*LOG, *arguments), self.prefix)

    def _ledger(self, commit: str) -> dict[str, str]:
        """Path -> blob id of each file below ``versions/`` in ``commit``; hidden files are no part of the ledger."""
        return self._files(commit, f"{LEDGER}/")

    def _files(self, commit: str, folder: str) -> dict[str, str]:
        tree = self._reader.tree(commit, self.prefix + folder)
        files = {path.removeprefix(self.prefix): blob for path, blob in tree.items()}
        return {path: blob for path, blob in files.items() if "/." not in path}

    def _state(self, ref: str, sha: str) -> Published:
        return Published(ref, sha, self._ledger(sha))

    def _remote(self) -> str | None:
        """``origin``, or the only remote; None where there is none, or no telling which."""
        remotes = self._reader.lines("remote")
        if "origin" in remotes:
            return "origin"
        return remotes[0] if len(remotes) == 1 else None

    def _publication(self, remote: str | None) -> tuple[str, str] | None:
        """Name and commit of the branch ``published`` to go by."""
        local = self._reader.commit(f"refs/heads/{PUBLISHED}")
        distant = self._reader.commit(f"refs/remotes/{remote}/{PUBLISHED}") if remote else None
        if local and distant and local != distant:
            status, _, _ = self._reader.ask("merge-base", "--is-ancestor", distant, local)
            return (PUBLISHED, local) if status == 0 else (f"{remote}/{PUBLISHED}", distant)
        if distant:
            return f"{remote}/{PUBLISHED}", distant
        return (PUBLISHED, local) if local else None

    def _target(self, remote: str | None, environment: Mapping[str, str]) -> str | None:
        """The remote branch that HEAD is meant for. One that the environment names is never replaced by another."""
        if remote is None:
            return None
        if branch := environment.get("GITHUB_BASE_REF"):
            return f"refs/remotes/{remote}/{branch}"
        refs = (f"refs/remotes/{remote}/{branch}" for branch in ("HEAD", "main", "master"))
        return next((ref for ref in refs if self._reader.commit(ref)), None)
