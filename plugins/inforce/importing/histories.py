"""Dated texts, oldest first -> the versions that they become, and the files of them and of the draft.

A text that changed no word, or that came or took effect on the day of the one before, belongs to the same version; the
last text of a version is the version's. A date that the text tells of itself wins over the day on which it came, unless
it was left as it stood while the text changed, or is no day that could follow the version before. Every version is made
by the same rules as a release (``release.proposal``), with every change unclassified. Nothing is written here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from inforce.draft import folder, guesses
from inforce.draft import settings as settings_file
from inforce.errors import InForceError, Problem, errors, refuse
from inforce.importing import conservation, cross_references
from inforce.importing.identity import Named
from inforce.importing.reading import Reading, Section, plain
from inforce.ledger import entries as ledger
from inforce.model import Clause, Draft, Ledger, Note, Settings, Version
from inforce.release import proposal
from inforce.release.proposal import ReleaseOptions
from inforce.text import clauses as clause_text
from inforce.text import unsafe

_AHEAD = timedelta(days=366)
"""How far after the day on which a text came its own date may lie: notice is given in weeks, not in years."""
_BUMPED = timedelta(days=31)
"""How long after its words a text's own date may be brought up to date and still tell of them."""


@dataclass(frozen=True)
class Origin:
    """Where one text comes from: ``name`` for readers (a file, a commit), ``short`` for a table, and who says why.

    ``day`` is when it came, in the policy's time zone; None where nothing tells. ``beside`` is the path of another
    file, in whose place it came only later.
    """

    name: str
    short: str
    day: date | None
    subject: str = ""
    beside: str = ""


@dataclass(frozen=True)
class Shared:
    """The bytes of one text, in lines that other texts hold, too; ``bytes()`` of it makes them one again.

    So a history of hundreds of versions holds little more than its last one.
    """

    lines: tuple[bytes, ...]

    def __bytes__(self) -> bytes:
        return b"".join(self.lines)


def share(data: bytes) -> Shared:
    """Return ``data`` as lines, each of which is the one that is held already, if any."""
    return Shared(tuple(map(_held, data.splitlines(keepends=True))))


@lru_cache(maxsize=1 << 16)
def _held(line: bytes) -> bytes:
    return line


@dataclass(frozen=True)
class Snapshot:
    """One text of the history as it was read."""

    origin: Origin
    data: Shared
    reading: Reading


@dataclass(frozen=True)
class Candidate:
    """A version in the making. ``why`` says where its day of effect comes from: text, origin, option, order
    (it would have been before its predecessor's) or today (nothing tells).

    ``folded`` are the snapshots before the last one that are one version with it, oldest first.
    """

    snapshot: Snapshot
    folded: tuple[Snapshot, ...]
    announced: date
    effective: date
    why: str


@dataclass(frozen=True)
class Folding:
    """What is folded: texts of one ``day``, texts with no word changed (``words``)."""

    day: bool = True
    words: bool = True


@dataclass(frozen=True)
class Terms:
    """What an editor says of the whole import: the document's id, its settings (without clauses), its origin's name.

    ``base`` is the address that the source had, for its relative links; empty where they stay as they are. ``title``
    and ``summary`` are every version's where they are not empty; otherwise the text's own title, and what changed.
    """

    document: str
    settings: Settings
    origin: str
    base: str = ""
    title: str = ""
    summary: str = ""


@dataclass(frozen=True)
class ImportedVersion:
    """One version as it was made, and what an editor should look at in it: (line of the source, what was found)."""

    candidate: Candidate
    version: Version
    notes: tuple[tuple[int, str], ...]
    relative: tuple[str, ...]


def candidates(
    snapshots: Sequence[Snapshot], folding: Folding, today: date, told: Mapping[str, date] | None = None
) -> tuple[Candidate, ...]:
    """Return the versions that ``snapshots``, oldest first, become, dated in order.

    ``told`` maps an origin's short name to the day of effect that an editor gave. Where nothing tells a day, it is
    ``today``, and ``why`` says so.
    """
    found: list[Candidate] = []
    for group in _groups(snapshots, folding):
        candidate = _dated(group, found[-1] if found else None, today, told or {})
        same = found and found[-1].effective == candidate.effective and _alike_placed(found[-1].snapshot, group[0])
        if folding.day and same and candidate.why != "option":
            last = found.pop()
            joined = (*last.folded, last.snapshot, *group)
            candidate = _dated(joined, found[-1] if found else None, today, told or {})
        found.append(candidate)
    return tuple(found)


def _groups(snapshots: Sequence[Snapshot], folding: Folding) -> list[tuple[Snapshot, ...]]:
    groups: list[tuple[Snapshot, ...]] = []
    for snapshot in snapshots:
        if groups and _joins(groups[-1], snapshot, folding):
            groups[-1] = (*groups[-1], snapshot)
        else:
            groups.append((snapshot,))
        back = len(groups) > 1 and groups[-2][-1].reading.words == groups[-1][-1].reading.words
        if back and folding.words and _alike_placed(groups[-2][-1], groups[-1][-1]):
            groups[-2:] = [(*groups[-2], *groups[-1])]  # the words changed, and changed back on the same day
    return groups


def _alike_placed(one: Snapshot, other: Snapshot) -> bool:
    """Whether both stood in their file's place, or beside it: what was written beside took effect later."""
    return one.origin.beside == other.origin.beside


def _joins(group: tuple[Snapshot, ...], snapshot: Snapshot, folding: Folding) -> bool:
    if not _alike_placed(group[-1], snapshot):
        return False
    if _texts(group[-1].reading) == _texts(snapshot.reading):
        return True
    if folding.day and snapshot.origin.day is not None and snapshot.origin.day == group[0].origin.day:
        return True
    return folding.words and group[-1].reading.words == snapshot.reading.words


def _texts(reading: Reading) -> list[str]:
    """All of a text, its layout included."""
    rows = ((section.heading, section.body) for section in reading.sections)
    return [reading.title, *(part for row in rows for part in row), *(each.text for each in reading.definitions)]


def _dated(group: Sequence[Snapshot], previous: Candidate | None, today: date, told: Mapping[str, date]) -> Candidate:
    came = group[0].origin.day
    option = next((told[each.origin.short] for each in reversed(group) if each.origin.short in told), None)
    own = _own_day(group, previous)
    effective, why = (option, "option") if option else (own, "text") if own else (came, "origin")
    if effective is None:
        effective, why = today, "today"
    announced = min(came or effective, effective, today)
    updated = group[-1].reading.dates.updated
    if own and updated and updated < announced:
        announced = updated
    if previous:
        announced = max(announced, previous.announced)
        if effective < max(announced, previous.effective):
            effective, why = max(announced, previous.effective), "order"
    return Candidate(group[-1], tuple(group[:-1]), announced, effective, why)


def _own_day(group: Sequence[Snapshot], previous: Candidate | None) -> date | None:
    """The day of effect that a text tells of itself; None where it tells none that can be believed."""
    for snapshot in reversed(group):
        dates = snapshot.reading.dates
        day = max(filter(None, (dates.effective, dates.updated)), default=None)
        if day and not unbelieved(day, snapshot, group[0].origin.day, previous):
            return day
    return None


def unbelieved(day: date, snapshot: Snapshot, came: date | None, previous: Candidate | None) -> str:
    """Return why a day that a text tells of itself is not the version's, whose first text ``came`` then; else nothing.

    A line that stayed the same while the words changed, or that was changed long after them, tells of another text.
    """
    if previous and snapshot.reading.dates == previous.snapshot.reading.dates:
        return "it stayed as it was while the words changed"
    if previous and day < previous.effective:
        return "the version before took effect later"
    if came and day - came > _AHEAD:
        return "it lies more than a year after the text came"
    if came and snapshot.origin.day and snapshot.origin.day - came > _BUMPED:
        return "it was brought up to date long after the words"
    return ""


def make(
    candidates: Sequence[Candidate], named: Sequence[Named], terms: Terms, now: datetime
) -> Iterator[ImportedVersion]:
    """Yield the versions, oldest first, each proved to hold every word of its source.

    Raises InForceError, behind the last of them, for the texts that no clause can hold: all of them, each with its
    origin and line.
    """
    published = Ledger(terms.document)
    made: ImportedVersion | None = None
    wrong: list[Problem] = []
    for candidate, names in zip(candidates, named, strict=True):
        try:
            clauses, notes, relative = _clauses(candidate, names, terms)
        except InForceError as error:
            wrong += error.problems
            continue
        reading = candidate.snapshot.reading
        title = terms.title or reading.title or terms.settings.title
        settings = replace(terms.settings, title=title, numbering=guesses.numbering(clauses))
        if made and (made.version.clauses, made.version.title) == (clauses, settings.title):
            folded = (*made.candidate.folded, made.candidate.snapshot, *candidate.folded)
            made = replace(made, candidate=replace(made.candidate, snapshot=candidate.snapshot, folded=folded))
            continue
        if made:
            yield made
        was = {name: Note(was=sources) for name, sources in names.was.items()}
        draft = Draft(terms.document, settings, clauses, was)
        version = proposal.prepare(draft, published, _options(candidate, draft, published, terms), now)
        published = Ledger(terms.document, (*published.entries, version))
        made = ImportedVersion(candidate, version, notes, relative)
    refuse(wrong)
    if made:
        yield made


def _options(candidate: Candidate, draft: Draft, published: Ledger, terms: Terms) -> ReleaseOptions:
    place = candidate.snapshot.origin.name
    return ReleaseOptions(
        effective=candidate.effective,
        announced=candidate.announced,
        imported_from=f"{terms.origin}: {place}" if terms.origin else place,
        summary=terms.summary or _summary(draft, published),
    )


_Notes = tuple[cross_references.Note, ...]


def _clauses(candidate: Candidate, names: Named, terms: Terms) -> tuple[tuple[Clause, ...], _Notes, tuple[str, ...]]:
    """The clauses of one text, proved; what an editor should look at; the addresses of files beside it."""
    reading = candidate.snapshot.reading
    sections, notes = cross_references.complete(reading, names.ids, terms.base)
    rows = [_clause(*row, candidate) for row in zip(names.ids, sections, strict=True)]
    clauses = tuple(clause for clause, _ in rows)
    seen = conservation.prove(bytes(candidate.snapshot.data), reading, clauses, candidate.snapshot.origin.name)
    told = (note for _, shown in rows for note in shown)
    return clauses, (*reading.notes, *notes, *told, *seen), cross_references.relative(sections)


def _clause(name: str, section: Section, candidate: Candidate) -> tuple[Clause, _Notes]:
    """One clause as its file would be read, with nothing wrong in it; a line that has something is shown as text."""
    try:
        return _sound(name, folder.clause_file(section.clause(name))), ()
    except InForceError as error:
        shown = section.as_text(error.problems)
        told = tuple((section.line, f"kept as text: {problem.what}") for problem in error.problems)
    try:
        return _sound(name, folder.clause_file(shown.clause(name))), told
    except InForceError as error:
        path = f"{candidate.snapshot.origin.name}, clause {name}"
        raise InForceError(*(replace(problem, path=path) for problem in error.problems)) from None


@lru_cache(maxsize=1024)
def _sound(name: str, text: str) -> Clause:
    """A clause with nothing wrong in it; most texts of a history hold those of the one before."""
    found = clause_text.read_clause(name, text.encode(), name)
    refuse(errors((*found.problems, *unsafe.find(found))))
    return found.clause


def _summary(draft: Draft, published: Ledger) -> str:
    """What changed, said without saying what it means: nobody has graded it yet."""
    if not published.standing:
        return "The first version that was imported."
    changes = proposal.pending_changes(draft, published)
    titles = {clause.id: plain(clause.heading) for clause in (*published.standing[-1].clauses, *draft.clauses)}
    names = [titles[change.clause] or "the introduction" for change in changes]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return f"Imported, not classified yet. Changed: {shown or 'the title'}."


@dataclass(frozen=True, eq=False)
class Files(Mapping[str, bytes]):
    """All that an import writes, path -> bytes: the ``versions``, each composed when it is asked for, and the draft."""

    versions: Mapping[str, Version]
    draft: Mapping[str, bytes]

    def __getitem__(self, path: str) -> bytes:
        return ledger.compose(self.versions[path]) if path in self.versions else self.draft[path]

    def __iter__(self) -> Iterator[str]:
        return iter((*self.versions, *self.draft))

    def __len__(self) -> int:
        return len(self.versions) + len(self.draft)


def files(made: Sequence[ImportedVersion], settings: Settings) -> Files:
    """Return all that an import writes: the versions, the draft of the last one's text."""
    last = made[-1].version
    draft = {folder.settings_path(last.document): settings_file.write(proposal.settings_released(settings, last))}
    for clause in last.clauses:
        draft[folder.clause_path(last.document, clause.id)] = folder.clause_file(clause).encode()
    return Files({each.version.path: each.version for each in made}, draft)
