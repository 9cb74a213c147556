"""Every text that a file had, as git knows it, for an import; and what that history leaves out.

Left out are the commits of side branches, and another file that stood in its place before.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath, PurePosixPath
from unicodedata import normalize

from inforce.adapters.git.log import EVERY_COMMIT, FIRST_PARENTS, FOLLOW, Revision, parse_revisions, path_text
from inforce.adapters.git.repository import SHALLOW, NoHistory, Reader
from inforce.errors import meant
from inforce.importing.encodings import LFS_POINTER

_TEXTS = frozenset((".md", ".markdown", ".mdx", ".html", ".htm", ".xhtml", ".txt", ".old", ".bak", ".orig", ""))
_ALIKE = 0.5
"""The part of the words that a file shares with the one that replaced it under an unlike name."""


def revisions(
    root: Path, path: str, *, start: str = "HEAD", first_parent: bool = False
) -> Iterator[tuple[Revision, bytes]]:
    """Every revision of the file ``path`` (from ``root``) that ``start`` knows, oldest first, with its bytes.

    A deletion is one only where it is the last. The bytes come one by one: of a long history, nobody has to hold them
    all. Where a revision ``lacks`` something that makes it a text with a day, its bytes are empty.
    ``root`` is a clone or a folder in one, bare or not. With ``first_parent`` a merge counts, and not the commits that
    it brought. Raises :class:`NoHistory` where git refuses, in a shallow clone, and where no commit knows such a file.
    """
    reader = Reader(root)
    if reader.read("rev-parse", "--is-shallow-repository").strip() == b"true":
        raise NoHistory(SHALLOW[0], "Run `git fetch --unshallow` there")
    if (commit := reader.commit(start)) is None:
        raise NoHistory(f"No commit here is called {start}", "Name one, as in 4f2a91c^:old/terms.md")
    merges = FIRST_PARENTS if first_parent else EVERY_COMMIT
    found = parse_revisions(reader.read("--literal-pathspecs", *FOLLOW, *merges, commit, "--", path))
    if not found:
        return revisions(root, _otherwise_spelt(reader, path), start=start, first_parent=first_parent)
    if PurePath(found[-1].path).name != PurePath(path).name:
        raise NoHistory(f"{path} is a folder", f"Name the file in it, such as {found[-1].path}")
    return _with_texts(reader, _told_beside(reader, [each for each in found if each.blob or each is found[-1]]))


def _told_beside(reader: Reader, found: Sequence[Revision]) -> list[Revision]:
    """``found``, oldest first, each with the path that it came to later, where another file stood there then."""
    later: list[str] = []
    for each, after in zip(reversed(found), (None, *reversed(found)), strict=False):
        later.append(after.path if after and after.path != each.path else later[-1] if later else "")
    later.reverse()
    moved = [(each.sha, path) for each, path in zip(found, later, strict=True) if path]
    there = reader.existing(moved) if moved else set[tuple[str, str]]()
    return [
        replace(each, beside=path) if (each.sha, path) in there else each
        for each, path in zip(found, later, strict=True)
    ]


def _with_texts(reader: Reader, found: Sequence[Revision]) -> Iterator[tuple[Revision, bytes]]:
    texts = reader.blobs(each.blob for each in found if each.blob and not each.lacks)
    for each in found:
        _, data = ("", b"") if each.lacks else next(texts)
        if data.startswith(LFS_POINTER):
            yield replace(each, lacks="It is a pointer of Git LFS, and the text is elsewhere"), b""
        else:
            yield each, data


def _otherwise_spelt(reader: Reader, path: str) -> str:
    """The file that HEAD has by the name of ``path`` in another Unicode normal form; raises NoHistory without one."""
    names = path_text(reader.read("ls-tree", "-r", "-z", "--name-only", "HEAD")).split("\0")[:-1]
    alike = [name for name in names if name != path and normalize("NFC", name) == normalize("NFC", path)]
    if len(alike) == 1:
        return alike[0]
    if above := next((name for name in names if path.startswith(f"{name}/")), ""):
        raise NoHistory(f"{above} is a submodule here, or a link", f"Give where it leads: --git {reader.root / above}")
    raise NoHistory(f"No commit here knows a file {path}", meant(path, names, "Name it from the folder given"))


@dataclass(frozen=True)
class Beginning:
    """Earlier texts that a file's history does not lead to: ``name`` finds them, from year ``first`` to ``last``."""

    name: str
    path: str
    first: int
    last: int


def side_commits(root: Path, path: str, found: Sequence[Revision]) -> int:
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
    for before, revision in zip((None, *found), found, strict=False):
        path, above = revision.path, f"{revision.sha}^"
        if (before and before.path == path) or reader.commit(above) is None:
            continue
        last = "".join(reader.lines("log", "-1", "--format=%H", "--no-patch", *merges, above, "--", path))
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
