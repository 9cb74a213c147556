"""What git knows of a project: who brought each version, who changed each clause, every text that a file had.

The only module that runs git: a few processes for the whole job, never one a file, and they only read; :func:`begin`
alone writes, and only where nothing is. A repository may be a stranger's. So git runs in a closed environment
(:data:`CLOSED`): it goes by the folder that it is given, starts no command that a repository's settings name, fetches
nothing, and takes no object for another.
What the log says is worked out in ``log``, what is published in ``guard``. What git cannot tell is not guessed:
:class:`NoHistory` and ``Provenance.missing`` say why, and what to do.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from inforce.adapters.files import DRAFTS, LEDGER, NotRegularError, regular
from inforce.adapters.git.log import (
    EVERY_COMMIT,
    GRAPH,
    LOG,
    Entry,
    History,
    brought,
    parse_graph,
    parse_log,
    path_text,
    printable,
    told,
)
from inforce.draft.folder import clause_path, draft_folder
from inforce.errors import InForceError, Problem, sentences
from inforce.model import Policy
from inforce.publish.provenance import Commit, Provenance

SHALLOW = (
    "This is a shallow clone, which does not hold the history",
    "Set `fetch-depth: 0` in the workflow's checkout step, or run `git fetch --unshallow`",
)
_NO_GIT = ("Git can't be run: it is not installed, or not on PATH", "Install git")
PARTIAL = (
    "This is a partial clone, which does not hold every text",
    "Leave `filter` out of the workflow's checkout step, or run `git fetch --refetch --no-filter`",
)


CLOSED = {
    "GIT_ALLOW_PROTOCOL": ":",  # a list without a name in it: nothing is fetched, by whatever helper
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LANGUAGE": "C",
    "LC_ALL": "C",
}
"""What git's environment holds, whatever the caller's (git(1), gitprotocol-capabilities and git-replace(1))."""
_KEPT = {
    *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CEILING_DIRECTORIES"),
    "GIT_TEST_ASSUME_DIFFERENT_OWNER",
}
"""The user's own settings, and where to stop looking; GIT_DIR, GIT_INDEX_FILE and the like name another repository."""
_SETTINGS = (
    *("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "core.commitGraph=false"),
    *("-c", "core.attributesFile=", "-c", "protocol.allow=never", "-c", "credential.helper="),
)
_PIECE = 1 << 16


class NoHistory(InForceError):  # noqa: N818 - a state that callers go on from, seldom an error
    """Git can't be asked here: ``reason`` and ``cure``, two sentences without a final full stop."""

    def __init__(self, reason: str, cure: str) -> None:
        super().__init__(Problem(".git", 0, "git", reason, cure))
        self.reason = reason
        self.cure = cure

    def __str__(self) -> str:
        return sentences(self.reason, self.cure)


def open_repository(root: Path) -> Repository:
    """The git repository that the project at ``root`` is in, as HEAD is now.

    ``root`` may be the top of a working tree, linked ones too, or a folder below.

    Raises :class:`NoHistory` without git, outside a working tree, before the first commit, where git refuses the
    repository (another user's) and where object ids are SHA-256.
    """
    reader = Reader(root)
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


def begun(root: Path) -> bool:
    """Whether ``root`` is in a git repository, with commits or without. Raises :class:`NoHistory` without git."""
    return Reader(root).ask("rev-parse", "--git-dir")[0] == 0


def begin(root: Path) -> None:
    """Make ``root`` a git repository with the branch ``main``, nothing committed. Raises :class:`NoHistory`."""
    Reader(root).read("-c", "init.defaultBranch=main", "init", "--quiet")


def _environment() -> dict[str, str]:
    """The caller's environment without what would lead git elsewhere."""
    kept = (name for name in os.environ if not name.startswith("GIT_") or name in _KEPT)
    return {name: os.environ[name] for name in kept} | CLOSED


def _refusal(error: str) -> NoHistory:
    """What git's own words mean for the reader (they are English: so the locale is set)."""
    lines = [line for line in error.strip().split("\n") if not line.startswith(("hint:", "warning:"))]
    words = lines[0].removeprefix("fatal: ") if lines and lines[0] else "it says nothing"
    if "dubious ownership" in error or "unsafe repository" in error:
        command = re.search(r"git config --global --add safe\.directory .*", error)
        return NoHistory(f"Git refuses: {words}", f"Run `{command[0] if command else 'git status'}`")
    if "not a git repository" in error:
        return NoHistory("This folder is in no git repository", "Work in a clone, not in a copy of the files")
    if "promisor remote" in error or "lazy fetching disabled" in error:
        return NoHistory(*PARTIAL)
    if "is outside repository" in error:
        return NoHistory("The path leads out of the repository", "Name the file as it stands in the clone")
    return NoHistory(f"Git refuses: {words}", "Run `git status` here and mend what it says")


@dataclass(frozen=True)
class Reader:
    """Runs git in ``root`` and hands back its bytes."""

    root: Path

    def ask(self, *arguments: str, stdin: bytes = b"") -> tuple[int, bytes, str]:
        """Exit status, standard output and standard error of one process; raises NoHistory if git can't be run."""
        command = self._command(*arguments)
        try:
            done = subprocess.run(command, input=stdin, capture_output=True, check=False, env=_environment())
        except OSError as error:
            raise NoHistory(*_NO_GIT) from error
        return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")

    def _command(self, *arguments: str) -> list[str]:
        # Not the process's working directory: where that one can't be entered, git would never say so.
        return ["git", "--no-pager", "-C", str(self.root), *_SETTINGS, *arguments]

    def read(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """Standard output of a process that has to succeed; raises NoHistory with git's own words."""
        status, output, error = self.ask(*arguments, stdin=stdin)
        if status:
            raise _refusal(error)
        return output

    def stream(self, *arguments: str) -> Iterator[bytes]:
        """The same piece by piece, for what may be very long; it raises behind the last one."""
        with self._reading(*arguments) as output:
            yield from iter(partial(output.read, _PIECE), b"")

    @contextmanager
    def _reading(self, *arguments: str, stdin: IO[bytes] | int = subprocess.DEVNULL) -> Iterator[IO[bytes]]:
        command = self._command(*arguments)
        with tempfile.TemporaryFile() as told:  # of two pipes, one could fill up while the other is read
            try:
                git = subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, stderr=told, env=_environment())
            except OSError as error:
                raise NoHistory(*_NO_GIT) from error
            with git:
                yield git.stdout or io.BytesIO()
            if git.returncode:
                told.seek(0)
                raise _refusal(told.read().decode("utf-8", "replace"))

    def commit(self, name: str) -> str | None:
        """The id of the commit that ``name`` names, None where there is none."""
        status, output, _ = self.ask("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        return None if status else output.decode("ascii").strip()

    def blobs(self, ids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Yield each of the blobs ``ids`` and its bytes, in order, by one process; a lost one is an InForceError."""
        with tempfile.TemporaryFile() as asked:
            asked.writelines(f"{blob}\n".encode("ascii") for blob in ids)
            asked.seek(0)
            with self._reading("cat-file", "--batch", "--buffer", stdin=asked) as output:
                while header := output.readline():
                    blob, kind, *size = header.decode("ascii").split()
                    if kind != "blob":
                        cure = "Run `git fsck`, and fetch what it misses"
                        raise NoHistory(f"The repository lacks the object {blob}", cure)
                    data = output.read(int(size[0]))
                    if output.read(1):  # otherwise git ended on the way, and says why
                        yield blob, data

    def existing(self, places: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of ``places`` (commit, path from the repository's top) where a file stands."""
        askable = [(commit, path) for commit, path in places if "\n" not in path]
        asked = "".join(f"{commit}:{path}\n" for commit, path in askable).encode("utf-8", "surrogateescape")
        answers = self.read("cat-file", "--batch-check=%(objecttype)", stdin=asked).split(b"\n")
        return {place for place, answer in zip(askable, answers, strict=False) if answer == b"blob"}

    def tree(self, commit: str, folder: str) -> dict[str, str]:
        """Path (from the repository's top) -> id of each file below ``folder`` in ``commit``; a submodule is one, too.

        ``folder`` may end in a slash; where a file or a submodule stands in its place, it is that one.
        """
        tree: dict[str, str] = {}
        told = self.read("ls-tree", "-r", "-z", "--full-tree", commit, "--", folder.rstrip("/"))
        for record in told.split(b"\0")[:-1]:
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
    reader: Reader

    def provenance(self, documents: Mapping[str, Sequence[str]]) -> Provenance:
        """Who brought each ledger file, and who changed each clause of ``documents`` before it.

        The rules stand at the top of ``log``. ``documents`` maps a document to its version numbers in chain order;
        without any, far less is read. Files that are not committed as they are on disk are absent. In a shallow clone
        nothing is known: the maps are empty, and ``missing`` says so.
        """
        if self.shallow:
            return Provenance(missing=sentences(*SHALLOW))
        if not documents:
            return Provenance(brought(self.log(*EVERY_COMMIT, self.head, "--", LEDGER), working_blobs(self.root)))
        history, texts = self._history()
        return history.provenance(documents, texts)

    def drafted(self, document: str) -> dict[str, Commit]:
        """Clause -> the last commit that changed its text in the draft; only where the draft is as HEAD has it.

        Empty in a shallow clone, which cannot tell.
        """
        if self.shallow:
            return {}
        history, texts = self._history()
        folder = draft_folder(document)
        committed = self.committed(folder)

        def as_committed(clause: str) -> bool:
            path = clause_path(document, clause)
            data = content(self.root / path)
            return (None if data is None else blob_id(data)) == committed.get(path)

        return {clause: commit for clause, commit in history.latest(document, texts).items() if as_committed(clause)}

    def user(self) -> str:
        """The name that git would put on a commit made here; empty where none is set."""
        status, name, _ = self.reader.ask("config", "--get", "user.name")
        return "" if status else printable(name.strip())

    def _history(self) -> tuple[History, dict[str, bytes]]:
        """The history of policies and versions, and what each text says that a clause's file ever had; see ``told``."""
        folders = (self.head, "--", LEDGER, DRAFTS)
        graph = parse_graph(self.reader.stream(*GRAPH, *folders))
        history = History.read(graph, self.log(*EVERY_COMMIT, *folders), working_blobs(self.root))
        return history, {blob: told(text) for blob, text in self.reader.blobs(sorted(history.clause_blobs))}

    def committed(self, folder: str) -> dict[str, str]:
        """Path -> blob id of each file below ``folder`` (ending in a slash) as HEAD has it; no hidden ones."""
        return self.files(self.head, folder)

    def log(self, *arguments: str) -> Iterator[Entry]:
        """What the commits that ``arguments`` of ``git log`` name did, paths relative to ``root``."""
        return parse_log(self.reader.stream(*LOG, *arguments), self.prefix)

    def files(self, commit: str, folder: str) -> dict[str, str]:
        """Path -> blob id of each file below ``folder`` (ending in a slash) in ``commit``; no hidden ones."""
        tree = self.reader.tree(commit, self.prefix + folder)
        files = {path.removeprefix(self.prefix): blob for path, blob in tree.items()}
        return {path: blob for path, blob in files.items() if "/." not in path}


def numbers(policies: Iterable[Policy]) -> dict[str, list[str]]:
    """Return each policy's document with the numbers of its versions, in chain order: what ``provenance`` asks of."""
    return {policy.document: [version.number for version in policy.ledger.versions] for policy in policies}


def provenance(root: Path, documents: Mapping[str, Sequence[str]]) -> Provenance:
    """Return who brought each version of the project at ``root``, and who changed each clause of ``documents``.

    Without git, outside a repository, in a shallow clone: empty, with the reason and the cure in ``missing``.
    """
    try:
        return open_repository(root).provenance(documents)
    except NoHistory as error:
        return Provenance(missing=str(error))


def blob_id(data: bytes) -> str:
    """The id that git gives ``data`` in a SHA-1 repository, with no filter and no line ending conversion applied."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def working_blobs(root: Path) -> dict[str, str]:
    """Path -> blob id of each file below ``root/versions`` as it is on disk.

    As in git, a link is its target's name and a linked folder holds no files: nothing is read from beyond it. Devices
    and pipes are absent.
    """
    top = root / LEDGER
    if top.is_symlink():
        return {}
    paths = (Path(folder, name) for folder, _, names in os.walk(top) for name in names)
    found = ((path.relative_to(root).as_posix(), content(path)) for path in paths)
    return {path: blob_id(data) for path, data in found if data is not None}


def content(path: Path) -> bytes | None:
    """What git keeps of a file on disk: its bytes, or where a link leads; None where there is neither."""
    try:
        return os.fsencode(path.readlink()) if path.is_symlink() else regular(path)
    except (FileNotFoundError, NotRegularError):
        return None
