"""Unpublished versions that are to be made again: which ones, the project without them, and a run of them in order.

This mends stale releases, and two releases that were made in parallel and both merged. The last version is made again
from the draft, by ``release``; one that others follow is made again from its own text, and so are those others. What is
published comes in as an argument.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from inforce.errors import InForceError, Problem, fail, refuse
from inforce.ledger import chain
from inforce.ledger.entries import NUMBER, Entry
from inforce.model import Draft, Ledger, Note, Severity, Version, ledger_folder
from inforce.release import proposal
from inforce.release.proposal import AS_DRAFTED, ReleaseOptions

Protection = Callable[[str], Problem | None]
"""Why the ledger file at a path may not be made again; None for one that nobody has seen yet."""


@dataclass(frozen=True)
class Unpublished:
    """Versions to be made again, in the order of the chain, and the project's files (path -> bytes) without them.

    Several are the version that was named and all that follow it.
    """

    formers: tuple[Version, ...]
    files: Mapping[str, bytes]


def choose(document: str, files: Mapping[str, bytes], number: str, protection: Protection) -> Unpublished:
    """The version ``number`` with what follows it, or, where that is empty, the only unpublished one.

    Raises InForceError where one of them is published, where an event or more than one file follows, or where it is not
    clear which one is meant.
    """
    entries = _entries(document, files)
    first = _named(document, entries, number) if number else _only(document, entries, protection)
    formers = _run(first, entries)
    for former in formers:
        if objection := protection(former.path):
            raise InForceError(objection)
    taken = {former.path for former in formers}
    return Unpublished(formers, {path: data for path, data in files.items() if path not in taken})


def _run(first: Version, entries: list[Entry]) -> tuple[Version, ...]:
    """``first`` and what follows it. Raises where that is no plain run of versions, which can keep their own texts."""
    formers = [first]
    cure = "Delete what follows, if it is unpublished; a version's text stays in the draft and in git"
    while followers := [entry for entry in entries if entry.previous == formers[-1].digest]:
        names = " and ".join(entry.path for entry in followers)
        if len(followers) > 1 or not isinstance(followers[0], Version):
            raise fail(first.path, 0, "again", f"{names} follows {formers[-1].number} in the chain", cure)
        formers.append(followers[0])
    beside = [entry.path for entry in entries if entry.previous == first.previous and entry != first]
    if beside and len(formers) > 1:
        what = f"{beside[0]} was made beside it, and the texts of {first.number} and what follows know nothing of that"
        raise fail(first.path, 0, "again", what, cure)
    return tuple(formers)


def in_order(
    draft: Draft, published: Ledger, formers: tuple[Version, ...], options: ReleaseOptions, now: datetime
) -> tuple[Version, ...]:
    """Each of ``formers`` made again at ``now`` from its own text and notes, one behind the other.

    ``published`` is the ledger without them; ``options`` is for the first. The calendar and the days of notice are
    those of ``draft``. Raises InForceError, naming the version, with everything that stands against one of them.
    """
    made: list[Version] = []
    for former in formers:
        before = Ledger(published.document, (*published.entries, *made))
        said = renew(options if former is formers[0] else AS_DRAFTED, former, now)
        try:
            made.append(proposal.prepare(_drafted(draft, former), before, said, now))
        except InForceError as error:
            raise InForceError(*(_named_in(former, formers, problem) for problem in error.problems)) from None
    return tuple(made)


def _drafted(draft: Draft, former: Version) -> Draft:
    """The draft as it was when ``former`` was released."""
    settings = proposal.settings_released(draft.settings, former)
    return Draft(draft.document, settings, former.clauses, notes_of(former), former.summary)


def with_notes(draft: Draft, former: Version) -> Draft:
    """The draft with what was said of a version that is made again from it, where the draft says nothing itself."""
    return replace(draft, notes={**notes_of(former), **draft.notes}, summary=draft.summary or former.summary)


def notes_of(version: Version) -> dict[str, Note]:
    """What an editor said of each change of ``version``, by clause."""
    found = {}
    for change in version.changes:
        severity = None if change.severity is Severity.UNCLASSIFIED else change.severity
        found[change.clause] = Note(severity, change.note, change.was, change.because)
    return found


def _named_in(former: Version, formers: tuple[Version, ...], problem: Problem) -> Problem:
    cure = problem.cure
    if former is not formers[0]:
        cure += f". Mend {former.number} first: inforce release {former.document} --again {former.number} --effective …"
    return replace(problem, path=former.path, line=0, cure=cure)


def renew(options: ReleaseOptions, former: Version, now: datetime) -> ReleaseOptions:
    """``options`` completed by what was said when ``former`` was made. An effect "today" stays "today"."""
    effective = former.effective if former.effective > former.announced else None
    if former.imported_from:
        effective = former.effective
    return replace(
        options,
        effective=options.effective or effective or now.astimezone(former.effective.tzinfo).date(),
        announced=options.announced or (former.announced if former.imported_from else None),
        accept_by=options.accept_by or former.accept_by,
        imported_from=options.imported_from or former.imported_from,
        waived=options.waived or former.notice_waived,
    )


def _entries(document: str, files: Mapping[str, bytes]) -> list[Entry]:
    """Everything of the document's ledger, whether or not the chain reaches it. Raises where a file cannot be read."""
    found, problems = chain.read_entries(document, files)
    refuse(problems)
    return found


def _named(document: str, entries: list[Entry], number: str) -> Version:
    folder = ledger_folder(document)
    if not NUMBER.match(number):
        raise fail(f"{folder}{number}.md", 0, "again", f"{number!r} is not a version number", "Write it as 1.1")
    named = (entry for entry in entries if isinstance(entry, Version) and entry.number == number)
    if version := next(named, None):
        return version
    raise fail(f"{folder}{number}.md", 0, "again", f"There is no version {number}", f"Look into {folder}")


def _only(document: str, entries: list[Entry], protection: Protection) -> Version:
    followed = {entry.previous for entry in entries}
    last = [entry for entry in entries if isinstance(entry, Version) and entry.digest not in followed]
    if not last:
        cure = f"Release it: inforce release {document}"
        raise fail(ledger_folder(document), 0, "again", "No version stands at the end of the chain", cure)
    objections = {version.number: protection(version.path) for version in last}
    free = [version for version in last if objections[version.number] is None]
    if not free:
        raise InForceError(*(problem for problem in objections.values() if problem))
    if len(free) > 1:
        numbers = [version.number for version in free]
        what = f"{' and '.join(numbers)} are both unpublished, and one of them comes after the other"
        cure = f"Name the later one: inforce release {document} --again {numbers[-1]}"
        raise fail(ledger_folder(document), 0, "again", what, cure)
    if waiting := _waiting(free[0], entries, protection):
        numbers = [version.number for version in waiting]
        what = f"{', '.join(numbers)} and {free[0].number} are unpublished, one behind the other"
        cure = f"Give --again {numbers[0]} to make all of them again, --again {free[0].number} for the last alone"
        raise fail(ledger_folder(document), 0, "again", what, cure)
    return free[0]


def _waiting(last: Version, entries: list[Entry], protection: Protection) -> list[Version]:
    """The unpublished versions right before ``last``, in the order of the chain."""
    found: list[Version] = []
    previous = last.previous
    while before := [e for e in entries if isinstance(e, Version) and e.digest == previous and not protection(e.path)]:
        found.insert(0, before[0])
        previous = before[0].previous
    return found
