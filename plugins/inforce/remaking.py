"""An unpublished version that shall be made again: which one it is, and the project as it would be without it.

This mends a stale release, and two releases that were made in parallel and both merged. What is published comes in as
an argument; the new version itself is prepared by ``release``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from inforce import ledger
from inforce.errors import InForceError, Problem, fail
from inforce.ledger import NUMBER
from inforce.model import Event, Version
from inforce.release import Wish

Protection = Callable[[str], Problem | None]
"""Why the ledger file at a path may not be made again; None for one that nobody has seen yet."""


@dataclass(frozen=True)
class Remake:
    """The version to be made again, and the project's files (path -> bytes) without it."""

    former: Version
    files: Mapping[str, bytes]


def choose(document: str, files: Mapping[str, bytes], number: str, protection: Protection) -> Remake:
    """The version ``number``, or, where that is empty, the only unpublished one that nothing follows.

    Raises InForceError where it is published, something follows it in the chain, or it is not clear which one is meant.
    """
    entries = _entries(document, files)
    former = _named(document, files, number) if number else _only(document, entries, protection)
    if objection := protection(former.path):
        raise InForceError(objection)
    if followers := [entry.path for entry in entries if entry.previous == former.digest]:
        what = f"{', '.join(followers)} follows it in the chain, and only the last version can be made again"
        cure = "Delete what follows, if it is unpublished; a version's text stays in the draft and in git"
        raise fail(former.path, 0, "again", what, cure)
    return Remake(former, {path: data for path, data in files.items() if path != former.path})


def renew(wish: Wish, former: Version, now: datetime) -> Wish:
    """``wish`` completed by what was said when ``former`` was made. A day of effect that was "today" is today again."""
    effective = former.effective if former.effective > former.announced else None
    if former.imported_from:
        effective = former.effective
    return replace(
        wish,
        effective=wish.effective or effective or now.astimezone(former.effective.tzinfo).date(),
        announced=wish.announced or (former.announced if former.imported_from else None),
        imported_from=wish.imported_from or former.imported_from,
        waived=wish.waived or former.notice_waived,
        summary=wish.summary,
    )


def _entries(document: str, files: Mapping[str, bytes]) -> list[Version | Event]:
    """Everything of the document's ledger, whether or not the chain reaches it. Raises where a file cannot be read."""
    found: list[Version | Event] = []
    problems: list[Problem] = []
    for path in sorted(files):
        if re.fullmatch(rf"versions/{re.escape(document)}/([^/]+\.md|events/[^/]+\.yml)", path):
            read = ledger.parse if path.endswith(".md") else ledger.parse_event
            try:
                found.append(read(path, files[path]))
            except InForceError as error:
                problems.extend(error.problems)
    if problems:
        raise InForceError(*problems)
    return found


def _named(document: str, files: Mapping[str, bytes], number: str) -> Version:
    path = f"versions/{document}/{number}.md"
    if not NUMBER.match(number):
        raise fail(path, 0, "again", f"{number!r} is not a version number", "Write it as 1.1")
    if path not in files:
        raise fail(path, 0, "again", f"There is no version {number}", f"Look into versions/{document}/")
    return ledger.parse(path, files[path])


def _only(document: str, entries: list[Version | Event], protection: Protection) -> Version:
    followed = {entry.previous for entry in entries}
    last = [entry for entry in entries if isinstance(entry, Version) and entry.digest not in followed]
    if not last:
        cure = f"Release it: inforce release {document}"
        raise fail(f"versions/{document}/", 0, "again", "No version stands at the end of the chain", cure)
    objections = {version.number: protection(version.path) for version in last}
    free = [version for version in last if objections[version.number] is None]
    if not free:
        raise InForceError(*(problem for problem in objections.values() if problem))
    if len(free) > 1:
        numbers = [version.number for version in free]
        what = f"{' and '.join(numbers)} are both unpublished, and one of them comes after the other"
        cure = f"Name the later one: inforce release {document} --again {numbers[-1]}"
        raise fail(f"versions/{document}/", 0, "again", what, cure)
    return free[0]
