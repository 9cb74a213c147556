"""What a git log says: who brought each version, who changed each clause before it, every text that one file had.

Bytes of ``git log`` in, values out. Running git is the business of ``repository``; nothing here starts a process.

The two rules:

- A ledger file was *brought* by the first commit in HEAD's history that itself (compared with every parent) gave the
  path the bytes that it has now. First means parents before children, otherwise by the committer's clock. So neither a
  merge nor an edit that was put right later takes a version away from who released it.
- A clause was *changed* for a version by the commits that the version's commit can reach and the commit of the version
  before cannot (git's ``before..after``) whose text of the clause, without its front matter, is unlike that of every
  parent. So taking the notes out at a release is no change, and a merge counts only where it resolved a conflict anew.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import blake2b
from heapq import heapify, heappop, heappush
from itertools import islice
from sys import intern

from inforce.model import draft_folder, version_path
from inforce.publish.provenance import Commit, Provenance
from inforce.text import characters

GRAPH = ("rev-list", "--full-history", "--simplify-merges", "--parents", "--date-order", "--reverse")
"""The arguments of git whose output :func:`parse_graph` reads; merges of other folders alone are left out."""

_FORMAT = "--format=%H%x00%aN%x00%cN%x00%at%x00%ct%x00%s"
_HEADER = 6  # its fields

LOG = (
    "log", "--full-history", "--date-order", "--reverse", "--root", "--raw", "-z", "--no-abbrev", "--no-renames",
    "--no-relative", "--no-ext-diff", "--no-textconv", "--no-show-signature", "--encoding=UTF-8",
    _FORMAT,
)  # fmt: skip
"""The arguments of git whose output :func:`parse_log` reads; no setting of the user changes it. Parents come first."""

FOLLOW = (
    "log", "--follow", "--topo-order", "--root", "--raw", "-z", "--no-abbrev", "--find-renames", "--no-relative",
    "--no-ext-diff", "--no-textconv", "--no-show-signature", "--encoding=UTF-8", _FORMAT,
)  # fmt: skip
"""The arguments of git whose output :func:`parse_revisions` reads. The newest commit comes first."""
FIRST_PARENTS = ("--first-parent", "--diff-merges=first-parent")
"""What merges made of a branch, and not the commits that they brought."""
EVERY_COMMIT = ("--diff-merges=combined",)

_LAST = int(datetime(9999, 12, 30, tzinfo=UTC).timestamp())
_ABSENT = re.compile("0+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CLAUSE = re.compile(draft_folder("(?P<document>[^/]+)") + r"(?P<clause>[^/]+)\.md")
_FRONT_MATTER = re.compile(rb"\A---[ \t]*\n(?:.*?\n)??---[ \t]*(?:\n|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Change:
    """What a commit made of a path: blob ids in each parent and after it, None where the path is absent.

    ``mode`` is what git calls the path's kind after it: 100644 is a file, 120000 a link, 160000 a submodule.
    """

    path: str
    before: tuple[str | None, ...]
    after: str | None
    mode: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One commit of the log and the paths that it changed; ``authored`` is when its change was made, in UTC.

    It is None where the commit names no instant that a calendar has.
    """

    commit: Commit
    authored: datetime | None
    changes: tuple[Change, ...]


def parse_graph(output: bytes) -> dict[str, tuple[str, ...]]:
    """Commit -> its parents, from the output of :data:`GRAPH`; parents come first."""
    lines = (line.split(" ") for line in output.decode("ascii").splitlines())
    return {sha: tuple(parents) for sha, *parents in lines}


def parse_log(log: bytes, prefix: str) -> tuple[Entry, ...]:
    """The entries of a log made with :data:`LOG`; paths lose ``prefix``, the project's place in its repository."""
    return tuple(_entries(log, prefix))


def _entries(log: bytes, prefix: str) -> Iterator[Entry]:
    tokens = _fields(log)
    header: list[bytes] = []
    changes: list[Change] = []
    for field in tokens:
        token = field.lstrip(b"\n")
        if token.startswith(b":"):
            path = next(tokens)
            if token.split(b" ")[-1][:1] in b"RC" and not token.startswith(b"::"):
                path = next(tokens)  # the old name stands before the new one
            changes.append(_change(token, path, prefix))
        elif token:
            if header:
                yield _entry(header, changes)
            header, changes = [token, *islice(tokens, _HEADER - 1)], []
    if header:
        yield _entry(header, changes)


def _fields(log: bytes) -> Iterator[bytes]:
    """What stands between its zeros, one after the other: a long history has millions."""
    start = 0
    while (end := log.find(b"\0", start)) >= 0:
        yield log[start:end]
        start = end + 1
    yield log[start:]


def _change(meta: bytes, path: bytes, prefix: str) -> Change:
    """One record: a colon for each parent, that many modes and one more, as many blob ids, the status (git-diff(1))."""
    fields = meta.decode("ascii").split(" ")
    parents = len(fields[0]) - len(fields[0].lstrip(":"))
    blobs = [None if _ABSENT.fullmatch(blob) else blob for blob in fields[parents + 1 : 2 * parents + 2]]
    return Change(intern(path_text(path).removeprefix(prefix)), tuple(blobs[:-1]), blobs[-1], fields[parents])


def _entry(header: Sequence[bytes], changes: Sequence[Change]) -> Entry:
    sha, author, committer, *instants, subject = (printable(field) for field in header)
    author, committer = intern(author), intern(committer)
    authored, committed = (_instant(told) for told in instants)
    return Entry(Commit(sha, author, committer, committed, subject), authored, tuple(changes))


def _instant(told: str) -> datetime | None:
    """Seconds since 1970 as an instant in UTC; None for what no calendar has, in whatever zone."""
    seconds = int(told) if re.fullmatch("[0-9]{1,12}", told) else _LAST
    return datetime.fromtimestamp(seconds, UTC) if seconds < _LAST else None


def printable(field: bytes) -> str:
    """A field as it can be printed anywhere: control characters become U+FFFD, signs stand for those that turn text."""
    return characters.signed(_CONTROL.sub("\ufffd", field.decode("utf-8", "replace")))


def path_text(path: bytes) -> str:
    """A path of git's as Python names files: bytes that are not UTF-8 survive the way there and back."""
    return path.decode("utf-8", "surrogateescape")


@dataclass(frozen=True)
class History:
    """The commits that touched the project's policies and versions.

    ``graph`` maps the id of each to its parents' (parents come first), as git simplifies the history of these folders;
    ``entries`` are what the commits changed, against the parents that they really have.
    """

    graph: Mapping[str, tuple[str, ...]]
    entries: tuple[Entry, ...]

    @cached_property
    def clause_blobs(self) -> frozenset[str]:
        """The ids of every text that a clause's file ever had."""
        changes = (change for entry in self.entries for change in entry.changes if _CLAUSE.fullmatch(change.path))
        return frozenset(blob for change in changes for blob in (*change.before, change.after) if blob)

    def provenance(
        self, documents: Mapping[str, Sequence[str]], present: Mapping[str, str], texts: Mapping[str, bytes]
    ) -> Provenance:
        """Who brought the ledger files of ``present`` (path -> blob id) and changed the clauses of ``documents``.

        ``documents`` maps a document to its version numbers in chain order; ``texts`` has what ``told`` gives of every
        one of ``clause_blobs``. What no commit ever brought is absent from the answer.
        """
        versions = self._brought(present)
        changed = self._changed(texts)
        edits: dict[tuple[str, str], list[Commit]] = {}
        for document, numbers in documents.items():
            paths = [version_path(document, number) for number in numbers]
            for before, path in zip([None, *paths], paths, strict=False):
                if path in versions and (before is None or before in versions):
                    for sha in self._between(before and versions[before].sha, versions[path].sha):
                        for clause, commit in changed.get((sha, document), ()):
                            edits.setdefault((path, clause), []).append(commit)
        return Provenance(versions, {key: tuple(commits) for key, commits in edits.items()})

    def latest(self, document: str, texts: Mapping[str, bytes]) -> dict[str, Commit]:
        """Clause -> the last commit that changed its text, by the rule above; ``texts`` as in :meth:`provenance`."""
        changed = self._changed(texts)
        return {clause: commit for (_, name), found in changed.items() if name == document for clause, commit in found}

    def _brought(self, present: Mapping[str, str]) -> dict[str, Commit]:
        """The commit that brought each path."""
        brought: dict[str, Commit] = {}
        for entry in self.entries:
            for change in entry.changes:
                if change.after and present.get(change.path) == change.after:
                    brought.setdefault(change.path, entry.commit)
        return brought

    def _changed(self, texts: Mapping[str, bytes]) -> dict[tuple[str, str], list[tuple[str, Commit]]]:
        """(commit's id, document) -> the clauses whose text it changed, with the commit."""
        changed: dict[tuple[str, str], list[tuple[str, Commit]]] = {}
        for entry in self.entries:
            for change in entry.changes:
                if not (clause := _CLAUSE.fullmatch(change.path)):
                    continue
                after, *before = (blob and texts[blob] for blob in (change.after, *change.before))
                if after not in before:
                    key = entry.commit.sha, clause["document"]
                    changed.setdefault(key, []).append((clause["clause"], entry.commit))
        return changed

    def _between(self, before: str | None, sha: str) -> Iterator[str]:
        """The commits that ``sha`` can reach and ``before``, if any, cannot; newest first."""
        hidden = {self._places[before]} if before else set()
        queued = {self._places[sha], *hidden}
        pending = [-place for place in queued]
        heapify(pending)
        shown = len(queued - hidden)
        while shown:  # what is queued otherwise can only hide what it reaches
            place = -heappop(pending)
            queued.discard(place)
            if place not in hidden:
                shown -= 1
                yield self._order[place]
            for above in map(self._places.__getitem__, self.graph[self._order[place]]):
                if place in hidden and above not in hidden:
                    hidden.add(above)
                    shown -= above in queued
                if above not in queued:
                    queued.add(above)
                    heappush(pending, -above)
                    shown += above not in hidden

    @cached_property
    def _order(self) -> tuple[str, ...]:
        return tuple(self.graph)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        """The commits' places in the graph: those of a commit's parents are lower than its own."""
        return {sha: place for place, sha in enumerate(self.graph)}


def told(text: bytes) -> bytes:
    """A digest of what a clause's file says: front matter, line endings and blank lines around it are no part of it."""
    body = _FRONT_MATTER.sub(b"", text.replace(b"\r\n", b"\n")).strip(b"\n")
    return blake2b(body, digest_size=20).digest()


@dataclass(frozen=True)
class Revision:
    """A commit that changed the file: its ``path`` there, the id of its text (None where it was deleted).

    ``authored`` is when the change was made, not when it was merged; an instant in UTC. ``lacks`` says why it is no
    text with a day, in a sentence without a full stop; empty where it is one. ``added``: no file became it.
    ``beside`` is the path that it came to later, where another file stood there then.
    """

    sha: str
    authored: datetime | None
    subject: str
    path: str
    blob: str | None
    lacks: str = ""
    added: bool = False
    beside: str = ""


def parse_revisions(log: bytes) -> tuple[Revision, ...]:
    """Return the revisions of a log made with :data:`FOLLOW`, oldest first. Most merges are none."""
    changed = [(entry, entry.changes[0]) for entry in parse_log(log, "") if entry.changes]
    return tuple(
        Revision(
            entry.commit.sha, entry.authored, entry.commit.subject, change.path, change.after, _lacking(entry, change),
            not any(change.before),
        )
        for entry, change in reversed(changed)
    )  # fmt: skip


def _lacking(entry: Entry, change: Change) -> str:
    if not change.mode.startswith("100"):
        return "It is a link or a submodule there, no file"
    return "" if entry.authored else "The commit names no date that a calendar has"
