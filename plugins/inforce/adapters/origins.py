"""Where the texts of an existing policy lie: a file, dated files, a git repository -> snapshots, oldest first.

Reads files and asks ``git``; how a text is read, and what becomes of it, is the business of ``importing``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from inforce.adapters.git import repository as git
from inforce.adapters.git.revisions import Revision
from inforce.errors import InForceError, Problem, fail, meant
from inforce.importing import reading, web_pages
from inforce.importing.histories import Origin, Snapshot

_DATED = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?:\d{6})?(?!\d)")
_SHORT = 9
"""Characters of a commit's id: enough to find it, few enough to read."""


@dataclass(frozen=True)
class Source:
    """One text that was found, not yet read."""

    origin: Origin
    path: str
    data: bytes


@dataclass(frozen=True)
class Found:
    """The texts of a history, oldest first, and what else lay there: (name, why it is left out)."""

    sources: tuple[Source, ...]
    left_out: tuple[Problem, ...] = ()


def of_file(path: Path, name: str) -> Found:
    """A single text with no history. Raises InForceError where it cannot be read."""
    return Found((Source(Origin(path.name, path.name, None), name, _bytes(path, name)),))


def of_folder(folder: Path, name: str) -> Found:
    """The files of a folder that have a day in their names. Raises InForceError where there is none."""
    sources, left = [], []
    for path in sorted(folder.iterdir()):
        place = f"{name.rstrip('/')}/{path.name}"
        if path.name.startswith(".") or not path.is_file():
            continue
        day = _day(path.name)
        if day is None:
            cure = "Name it 2018-05-25.md, by the day on which it took effect"
            left.append(Problem(place, 0, "left-out", "Its name holds no day", cure))
        else:
            sources.append(Source(Origin(path.name, path.name, day), place, _bytes(path, place)))
    if not sources:
        cure = "Name each file by its day, as in 2018-05-25.md"
        raise fail(name, 0, "no-snapshots", "No file in this folder has a day in its name", cure)
    return Found(tuple(sorted(sources, key=lambda each: (each.origin.day or date.min, each.path))), tuple(left))


def of_git(repository: Path, path: str, zone: ZoneInfo, *, first_parent: bool = False) -> Found:
    """Every text that ``path`` had in a repository, renames followed; a commit came on the day it was authored.

    Raises InForceError where git cannot tell.
    """
    try:
        history = git.file_history(repository, path, first_parent=first_parent)
    except git.NoHistory as error:
        raise fail(str(repository), 0, "git", error.reason, error.cure) from None
    return Found(tuple(Source(_origin(each, zone), each.path, data) for each, data in history))


def _origin(revision: Revision, zone: ZoneInfo) -> Origin:
    short = revision.sha[:_SHORT]
    day = revision.authored.astimezone(zone).date()
    return Origin(f"{revision.path} at {revision.sha[:12]}", short, day, revision.subject)


def choose(found: Found, left_out: tuple[str, ...]) -> Found:
    """``found`` without the texts that an editor leaves out, by commit or by file name."""
    sources = list(found.sources)
    for name in left_out:
        short = named(name, [each.origin.short for each in sources], "--leave-out")
        sources = [each for each in sources if each.origin.short != short]
    return replace(found, sources=tuple(sources))


def named(name: str, known: Sequence[str], option: str) -> str:
    """The one of the ``known`` short names that an editor means by ``name``: by itself, a part of it, or a whole id.

    Raises InForceError where it is none of them, or could be several.
    """
    found = [name] if name in known else [each for each in known if each.startswith(name) or name.startswith(each)]
    if len(found) != 1:
        what = f"{name} could be several of the texts" if found else f"{name} is in none of the texts"
        raise fail(f"{option} {name}", 0, "text", what, meant(name, known, "Name it as --dry-run does"))
    return found[0]


def read(found: Found) -> Iterator[Snapshot | Problem]:
    """Each text, read; a text of a longer history that cannot be read is a problem, and left out."""
    for source in found.sources:
        try:
            yield _read(source)
        except InForceError as error:
            if len(found.sources) == 1:
                raise
            problem = error.problems[0]
            yield replace(problem, path=source.origin.name)


def _read(source: Source) -> Snapshot:
    """One text; a web page's as the Markdown of the policy in it."""
    if not web_pages.is_page(source.data, source.path):
        return Snapshot(source.origin, source.data, reading.read(source.data, source.path))
    page = web_pages.read(source.data, source.path)
    found = reading.read(page.markdown, source.path)
    kept = (each for each in found.left if each.why != "front matter")
    return Snapshot(source.origin, page.markdown, replace(found, left=(*page.left, *kept)))


def _day(name: str) -> date | None:
    for match in _DATED.finditer(name):
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            continue
    return None


def _bytes(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise fail(name, 0, "unreadable", f"It cannot be read ({error.strerror})", "Give another file") from None
