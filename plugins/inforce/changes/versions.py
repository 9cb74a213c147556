"""Two versions of a document -> its redline, clause by clause, with each change's kinds and what was said of it.

How one clause's text is compared is the business of ``redline``; what changed between two lists of clauses, of
``amendments``. Every old clause's text appears exactly once, so rejecting all changes gives the old document.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from inforce.changes import clauses as amendments
from inforce.model import Clause, Ledger, Severity, Version
from inforce.redline import Redline, redline
from inforce.text.html import render


@dataclass(frozen=True)
class ClauseRedline:
    """One clause between two versions. Unchanged ones have no ``kinds``; ``severity`` is None where nobody graded it.

    ``title`` is the heading as text (of the new version, or of the old one if removed), empty for the preamble.
    ``reasons`` say why changes are editorial although their words say otherwise.
    ``before`` are the old clauses whose text it is compared with, ``after`` is None for a removed one.
    """

    clause: str
    title: str
    kinds: tuple[str, ...]
    sources: tuple[str, ...]
    severity: Severity | None
    notes: tuple[str, ...]
    before: tuple[Clause, ...]
    after: Clause | None
    reasons: tuple[str, ...] = ()

    @cached_property
    def redline(self) -> Redline:
        """What changed in the text; made when asked for, because nobody asks it of an unchanged clause."""
        return _clause_redline(self.before, self.after)


TERMS = ("title", "kind", "requires")
"""What a version says of itself beside its clauses, and what a customer would notice."""


@dataclass(frozen=True)
class Comparison:
    """The redline of a whole document: the clauses in the new order, removed ones where they stood.

    ``steps`` are the versions whose summaries and notes lead from ``older`` to ``newer``, oldest first.
    """

    older: Version
    newer: Version
    steps: tuple[Version, ...]
    clauses: tuple[ClauseRedline, ...]

    @cached_property
    def terms(self) -> tuple[tuple[str, str, str], ...]:
        """What differs beside the clauses: (one of TERMS, its old value, its new value)."""
        pairs = ((term, str(getattr(self.older, term)), str(getattr(self.newer, term))) for term in TERMS)
        return tuple(row for row in pairs if row[1] != row[2])

    @cached_property
    def changed(self) -> tuple[ClauseRedline, ...]:
        """The clauses that differ."""
        return tuple(clause for clause in self.clauses if clause.kinds)

    @cached_property
    def words(self) -> tuple[int, int]:
        """How many words were inserted and how many deleted, over all clauses."""
        counts = [clause.redline.changes for clause in self.changed]
        return sum(count.words_inserted for count in counts), sum(count.words_deleted for count in counts)

    @cached_property
    def moved(self) -> int:
        """How many blocks moved within their clauses, their text unchanged."""
        return sum(clause.redline.changes.blocks_moved for clause in self.changed)

    @cached_property
    def relaid(self) -> bool:
        """Whether a clause holds text that only took another layout, so that its words are shown in the new one."""
        return any("redline-relaid" in clause.redline.html for clause in self.changed)


def compare(ledger: Ledger, older: Version, newer: Version) -> Comparison:
    """The redline from ``older`` to ``newer``. Either may be a draft's version that is not in the ledger."""
    steps = tuple(_steps(ledger, older, newer))
    was = _lineage(ledger, older, newer)
    found = {change.clause: change for change in amendments.compare(older.clauses, newer.clauses, was)}
    inherited = _inherited(older, newer, was)
    rows = []
    for clause in newer.clauses:
        change = found.get(clause.id)
        kinds, sources = (change.kinds, change.sources) if change else ((), (clause.id,))
        severity, notes, reasons = _told(steps, clause.id, kinds)
        before, title = tuple(inherited[clause.id]), render(clause).title
        rows.append(ClauseRedline(clause.id, title, kinds, sources, severity, notes, before, clause, reasons))
    for gone in (clause for clause in older.clauses if clause.id in found and "removed" in found[clause.id].kinds):
        severity, notes, reasons = _told(steps, gone.id, kinds := ("removed",))
        title = render(gone).title
        row = ClauseRedline(gone.id, title, kinds, (gone.id,), severity, notes, (gone,), None, reasons)
        rows.insert(_place(gone, older, rows), row)
    return Comparison(older, newer, steps, tuple(rows))


def clause_redline(ledger: Ledger, older: Version, newer: Version, name: str) -> Redline:
    """The redline of the clause ``name`` alone; one of the two versions has it."""
    if name not in newer.by_id:
        return _clause_redline((older.by_id[name],), None)
    before = _inherited(older, newer, _lineage(ledger, older, newer))[name]
    return _clause_redline(tuple(before), newer.by_id[name])


def _place(gone: Clause, older: Version, rows: list[ClauseRedline]) -> int:
    """Where a removed clause is shown: after the clause that stood before it."""
    order = [clause.id for clause in older.clauses]
    for name in reversed(order[: order.index(gone.id)]):
        for place, row in enumerate(rows):
            if name in row.sources or name == row.clause:
                return place + 1
    return 0


def _steps(ledger: Ledger, older: Version, newer: Version) -> Iterator[Version]:
    """The versions after ``older`` up to ``newer``: along what each amends, or in sequence if that leads elsewhere."""
    path = [newer]
    while path[-1].amends and path[-1].amends != older.number:
        path.append(ledger.by_number[path[-1].amends])
    if path[-1].amends == older.number:
        yield from reversed(path)
        return
    place = ledger.sequence
    for version in ledger.standing:
        if place[older.number] < place[version.number] < place.get(newer.number, len(place) + 1):
            yield version
    yield newer


def _lineage(ledger: Ledger, older: Version, newer: Version) -> dict[str, tuple[str, ...]]:
    if newer.number in ledger.by_number:
        return amendments.lineage(ledger, older.number, newer.number)
    extended = Ledger(ledger.document, (*ledger.entries, newer))
    return amendments.lineage(extended, older.number, newer.number)


def _inherited(older: Version, newer: Version, was: dict[str, tuple[str, ...]]) -> dict[str, list[Clause]]:
    """For each new clause the old ones whose text it is compared with; each old clause goes to one heir at most."""
    heir = {clause.id: clause.id for clause in newer.clauses}
    for name in heir.copy():
        for origin in was.get(name, ()):
            heir.setdefault(origin, name)
    given: dict[str, list[Clause]] = {clause.id: [] for clause in newer.clauses}
    for clause in older.clauses:
        if clause.id in heir:
            given[heir[clause.id]].append(clause)
    return given


@lru_cache(maxsize=16384)
def _clause_redline(old: tuple[Clause, ...], new: Clause | None) -> Redline:
    prefix = f"{(new or old[0]).id}--"
    return redline("\n".join(render(clause).html for clause in old), render(new).html if new else "", prefix)


def _told(
    steps: Iterable[Version], clause: str, kinds: tuple[str, ...]
) -> tuple[Severity | None, tuple[str, ...], tuple[str, ...]]:
    """The highest severity, the notes and the reasons, in order, of a clause's changes on the way.

    Nothing for an unchanged one.
    """
    if not kinds:
        return None, (), ()
    changes = [change for version in steps for change in version.changes if clause in (change.clause, *change.was)]
    if not changes:
        return None, (), ()
    notes = dict.fromkeys(change.note for change in changes if change.note)
    reasons = dict.fromkeys(change.because for change in changes if change.because)
    return Severity.highest(change.severity for change in changes), tuple(notes), tuple(reasons)
