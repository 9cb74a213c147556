"""What a file's history leaves out: the commits of side branches, and another file that stood in its place before."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from inforce.adapters.git.log import EVERY_COMMIT, FIRST_PARENTS, FOLLOW, Revision, parse_revisions, path_text
from inforce.adapters.git.repository import Reader

_TEXTS = frozenset((".md", ".markdown", ".mdx", ".html", ".htm", ".xhtml", ".txt", ".old", ".bak", ".orig", ""))
_ALIKE = 0.5
"""The part of the words that a file shares with the one that replaced it under an unlike name."""


@dataclass(frozen=True)
class Beginning:
    """Earlier texts that a file's history does not lead to: ``name`` finds them, from year ``first`` to ``last``."""

    name: str
    path: str
    first: int
    last: int


def beside(root: Path, path: str, found: Sequence[Revision]) -> int:
    """Return how many commits changed ``path`` on side branches, whose first parents have only ``found``."""
    reader = Reader(root)
    if not reader.read("rev-list", "--merges", "--max-count=1", "HEAD"):
        return 0
    every = parse_revisions(reader.read(*FOLLOW, *EVERY_COMMIT, "HEAD", "--", path))
    return len({each.sha for each in every} - {each.sha for each in found})


def beginnings(
    root: Path, found: Sequence[Revision], known: Sequence[str] = (), *, first_parent: bool = False
) -> tuple[Beginning, ...]:
    """Return the files that the one of the revisions ``found`` (oldest first) replaced; not those ``known`` by name.

    Such a file was deleted by the commit that added it, or stood at one of its paths before it came there.
    """
    reader = Reader(root)
    shas = {each.sha for each in found}
    merges = FIRST_PARENTS if first_parent else EVERY_COMMIT
    replaced = (each for revision in found if revision.added for each in _replaced(reader, revision))
    every = (*replaced, *_same_path(reader, found, shas, merges))
    told = (_told(reader, name, path, shas, merges) for name, path in dict(every).items() if name not in known)
    return tuple(sorted(filter(None, told), key=lambda each: each.first))


def _replaced(reader: Reader, added: Revision) -> Iterator[tuple[str, str]]:
    """The files that the commit deleted which added a text: those alike in name or words, or the only one."""
    parent = reader.commit(f"{added.sha}^")
    if parent is None or added.blob is None:
        return
    deleted = ("diff-tree", "-r", "-z", "--no-renames", "--diff-filter=D", "--name-only", parent, added.sha)
    paths = path_text(reader.read(*deleted)).split("\0")[:-1]
    texts = [path for path in paths if PurePosixPath(path).suffix.lower() in _TEXTS]
    words = _words(reader.read("cat-file", "blob", added.blob))
    for path in texts:
        old = _words(reader.read("cat-file", "blob", f"{parent}:{path}"))
        shared = sum((old & words).values()) / max(1, min(sum(old.values()), sum(words.values())))
        if len(texts) == 1 or _stem(path) & _stem(added.path) or shared > _ALIKE:
            gone = reader.ask("cat-file", "-e", f"HEAD:{path}")[0]
            yield (path if gone else f"{parent[:9]}:{path}"), path


def _same_path(
    reader: Reader, found: Sequence[Revision], shas: set[str], merges: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """What stood at a path of the file before the file came there, or came back."""
    moved = (
        each for before, each in zip((None, *found), found, strict=False) if not before or before.path != each.path
    )
    for path, revision in ((each.path, each) for each in moved):
        if reader.commit(f"{revision.sha}^") is None:
            continue
        last = (
            reader.read("log", "-1", "--format=%H", "--no-patch", *merges, f"{revision.sha}^", "--", path)
            .decode("ascii")
            .strip()
        )
        if not last or last in shas:
            continue
        there = reader.ask("cat-file", "-e", f"{last}:{path}")[0] == 0
        commit = last if there else reader.commit(f"{last}^")
        if commit:
            yield f"{commit[:9]}:{path}", path


def _told(reader: Reader, name: str, path: str, shas: set[str], merges: Sequence[str]) -> Beginning | None:
    start = name.rpartition(":")[0] or "HEAD"
    revisions = parse_revisions(reader.read(*FOLLOW, *merges, start, "--", path))
    years = [each.authored.year for each in revisions if each.authored and each.blob and each.sha not in shas]
    return Beginning(name, path, min(years), max(years)) if years else None


def _stem(path: str) -> set[str]:
    name = PurePosixPath(path)
    words = set(re.findall(r"[^\W\d_]{3,}", f"{name.parent.name} {name.name.partition('.')[0]}".lower()))
    return words - {"index", "the", "and", "old", "new", "pages", "legal", "content", "docs", "site", "policy"}


def _words(data: bytes) -> Counter[str]:
    return Counter(re.findall(r"[^\W\d_]{4,}", data.decode("utf-8", "replace").lower()))
