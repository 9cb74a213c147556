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

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import blake2b
from heapq import heapify, heappop, heappush
from itertools import groupby, islice
from sys import intern
from typing import NamedTuple

from inforce.draft.folder import draft_folder
from inforce.model import version_path
from inforce.publish.provenance import Commit, Provenance
from inforce.text import characters, yaml

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
DELETED = "The file was deleted there, or renamed"
EVERY_COMMIT = ("--diff-merges=combined",)

_LAST = int(datetime(9999, 12, 30, tzinfo=UTC).timestamp())
_SKEW = timedelta(days=1)
"""How far two clocks may be apart, both right."""
_ABSENT = re.compile("0+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CLAUSE = re.compile(draft_folder("(?P<document>[^/]+)") + r"(?P<clause>[^/]+)\.md")
_FRONT_MATTER = re.compile(yaml.FRONT_MATTER.pattern.encode(), re.DOTALL)


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


class Graph(NamedTuple):
    """Commits by their ids, parents before children: each one's place, and by places the places of its parents."""

    places: Mapping[str, int]
    parents: Sequence[tuple[int, ...]]


def parse_graph(output: Iterable[bytes]) -> Graph:
    """The graph from the output of :data:`GRAPH`."""
    places: dict[str, int] = {}
    parents: list[tuple[int, ...]] = []
    for sha, *above in (line.decode("ascii").split(" ") for line in _parts(output, b"\n") if line):
        places[intern(sha)] = len(parents)
        parents.append(tuple(map(places.__getitem__, above)))
    return Graph(places, parents)


def parse_log(log: Iterable[bytes], prefix: str) -> Iterator[Entry]:
    """The entries of a log made with :data:`LOG`, given piece by piece, one after the other: there may be very many.

    Paths lose ``prefix``, the project's place in its repository.
    """
    tokens = _parts(log, b"\0")
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


def _parts(output: Iterable[bytes], end: bytes) -> Iterator[bytes]:
    """What stands between its ends, one after the other: a long history has millions."""
    rest = b""
    for piece in output:
        *parts, rest = (rest + piece).split(end)
        yield from parts
    yield rest


def _change(meta: bytes, path: bytes, prefix: str) -> Change:
    """One record: a colon for each parent, that many modes and one more, as many blob ids, the status (git-diff(1))."""
    fields = meta.decode("ascii").split(" ")
    parents = len(fields[0]) - len(fields[0].lstrip(":"))
    blobs = [None if _ABSENT.fullmatch(blob) else intern(blob) for blob in fields[parents + 1 : 2 * parents + 2]]
    return Change(intern(path_text(path).removeprefix(prefix)), tuple(blobs[:-1]), blobs[-1], fields[parents])


def _entry(header: Sequence[bytes], changes: Sequence[Change]) -> Entry:
    sha, author, committer, *instants, subject = (printable(field) for field in header)
    sha, author, committer = intern(sha), intern(author), intern(committer)
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


class ClauseEdit(NamedTuple):
    """What a commit made of a clause's file: the ids of its text after it and in each parent, None for none."""

    commit: Commit
    document: str
    clause: str
    texts: tuple[str | None, ...]


def brought(entries: Iterable[Entry], present: Mapping[str, str]) -> dict[str, Commit]:
    """The commit that brought each ledger file of ``present`` (path -> blob id); what no commit ever did is absent."""
    found: dict[str, Commit] = {}
    for entry in entries:
        for change in entry.changes:
            if change.after and present.get(change.path) == change.after:
                found.setdefault(change.path, entry.commit)
    return found


@dataclass(frozen=True)
class History:
    """The commits that touched the project's policies and versions, and what is asked of them: no more is held.

    ``graph`` is as git simplifies the history of these folders; ``brought`` is of the ledger files, and ``edits`` are
    in the order of the log, against the parents that they really have.
    """

    graph: Graph
    brought: Mapping[str, Commit]
    edits: Sequence[ClauseEdit]

    @staticmethod
    def read(graph: Graph, log: Iterable[Entry], present: Mapping[str, str]) -> History:
        """The history that a log tells; ``present`` as in :func:`brought`."""
        edits: list[ClauseEdit] = []

        def noted() -> Iterator[Entry]:
            for entry in log:
                for change in entry.changes:
                    if clause := _CLAUSE.fullmatch(change.path):
                        names = intern(clause["document"]), intern(clause["clause"])
                        edits.append(ClauseEdit(entry.commit, *names, (change.after, *change.before)))
                yield entry

        return History(graph, brought(noted(), present), edits)

    @cached_property
    def clause_blobs(self) -> frozenset[str]:
        """The ids of every text that a clause's file ever had."""
        return frozenset(blob for edit in self.edits for blob in edit.texts if blob)

    def provenance(self, documents: Mapping[str, Sequence[str]], texts: Mapping[str, bytes]) -> Provenance:
        """Who brought the ledger files, and who changed the clauses of ``documents``.

        ``documents`` maps a document to its version numbers in chain order; ``texts`` has what ``told`` gives of every
        one of ``clause_blobs``. What no commit ever brought is absent from the answer.
        """
        by_commit = groupby(self._changed(texts), lambda edit: edit.commit.sha)
        changed = {sha: tuple(found) for sha, found in by_commit}
        edits: dict[tuple[str, str], list[Commit]] = {}
        for document, numbers in documents.items():
            paths = [version_path(document, number) for number in numbers]
            for before, path in zip([None, *paths], paths, strict=False):
                if path in self.brought and (before is None or before in self.brought):
                    for sha in self._between(before and self.brought[before].sha, self.brought[path].sha):
                        for edit in (each for each in changed.get(sha, ()) if each.document == document):
                            edits.setdefault((path, edit.clause), []).append(edit.commit)
        return Provenance(self.brought, {key: tuple(commits) for key, commits in edits.items()})

    def latest(self, document: str, texts: Mapping[str, bytes]) -> dict[str, Commit]:
        """Clause -> the last commit that changed its text, by the rule above; ``texts`` as in :meth:`provenance`."""
        return {edit.clause: edit.commit for edit in self._changed(texts) if edit.document == document}

    def _changed(self, texts: Mapping[str, bytes]) -> Iterator[ClauseEdit]:
        """Those of the edits that made a text say what it did not say in any parent."""
        for edit in self.edits:
            after, *before = (blob and texts[blob] for blob in edit.texts)
            if after not in before:
                yield edit

    def _between(self, before: str | None, sha: str) -> Iterator[str]:
        """The commits that ``sha`` can reach and ``before``, if any, cannot; newest first."""
        places, parents = self.graph
        hidden = {places[before]} if before else set()
        queued = {places[sha], *hidden}
        pending = [-place for place in queued]
        heapify(pending)
        shown = len(queued - hidden)
        while shown:  # what is queued otherwise can only hide what it reaches
            place = -heappop(pending)
            queued.discard(place)
            if place not in hidden:
                shown -= 1
                yield self._order[place]
            for above in parents[place]:
                if place in hidden and above not in hidden:
                    hidden.add(above)
                    shown -= above in queued
                if above not in queued:
                    queued.add(above)
                    heappush(pending, -above)
                    shown += above not in hidden

    @cached_property
    def _order(self) -> Sequence[str]:
        return list(self.graph.places)


def told(text: bytes) -> bytes:
    """A digest of what a clause's file says: its text, in whatever line ends, without front matter, a byte order mark,
    and blank lines around it.
    """
    body = text.removeprefix(BOM_UTF8).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    front = _FRONT_MATTER.match(body)
    return blake2b(body[front.end() if front else 0 :].strip(b"\n"), digest_size=20).digest()


@dataclass(frozen=True)
class Revision:
    """A commit that changed the file: its ``path`` there, the id of its text (None where it was deleted).

    ``authored`` is when the change was made, not when it was merged; an instant in UTC, by the committer's clock where
    the author's cannot be right. ``lacks`` says why it is no text with a day, in a sentence without a full stop; empty
    where it is one. ``added``: no file became it.
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
    changed = [(entry, entry.changes[0]) for entry in reversed([*parse_log([log], "")]) if entry.changes]
    return tuple(
        Revision(
            entry.commit.sha, authored, entry.commit.subject, change.path, change.after, _lacking(entry, change),
            not any(change.before),
        )
        for (entry, change), authored in zip(changed, _instants([entry for entry, _ in changed]), strict=True)
    )  # fmt: skip


def _instants(entries: Sequence[Entry]) -> Iterator[datetime | None]:
    """When each change was made, the oldest first: days before the one above it, or behind its commit, nobody made it.

    Then its commit tells, unless it was made anew, as by a rebase: then later changes were made before it.
    """
    latest = datetime.min.replace(year=2, tzinfo=UTC)  # from which days can be counted back
    for place, entry in enumerate(entries):
        authored, committed = entry.authored, entry.commit.committed
        if not authored or not committed or latest - _SKEW <= authored <= committed + _SKEW:
            latest = max(latest, authored or latest)
            yield authored
            continue
        later = (each.authored for each in entries[place + 1 :] if each.authored)
        anew = any(max(authored, latest) < each < committed - _SKEW for each in later)
        yield authored if anew and authored <= committed else committed


def _lacking(entry: Entry, change: Change) -> str:
    if change.after is None:
        return DELETED
    if not change.mode.startswith("100"):
        return "It is a link or a submodule there, no file"
    return "" if entry.authored else "The commit names no date that a calendar has"
