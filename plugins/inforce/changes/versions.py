"""Two versions of a document -> its redline, clause by clause, with each change's kinds and what was said of it.

How one clause's text is compared is the business of ``redline``; what changed between two lists of clauses, of
``kinds``; who became whom and what was said on the way, of ``lineage``. Every old clause's text appears exactly once,
so rejecting all changes gives the old document.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from inforce.changes import lineage
from inforce.changes.kinds import clause_redline, compare_along
from inforce.changes.lineage import Lineage
from inforce.changes.shares import families, inherited
from inforce.model import Clause, Ledger, Severity, Version
from inforce.redline import Changes, Redline
from inforce.text.html import render


@dataclass(frozen=True)
class ClauseRedline:
    """One clause between two versions.

    ``title`` is the heading as text (of the new version, or of the old one if removed), empty for the preamble.
    ``kinds`` say what differs between the two texts: nothing in a clause that was changed on the way and reads again as
    it did. ``before`` are the old clauses whose text it is compared with; ``after`` is None for a removed one.
    """

    clause: str
    title: str
    kinds: tuple[str, ...]
    lineage: Lineage
    before: tuple[Clause, ...]
    after: Clause | None

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids in the older version that it comes from."""
        return self.lineage.origins

    @property
    def was(self) -> tuple[str, ...]:
        """Those of them that are not its own id."""
        return tuple(source for source in self.sources if source != self.clause)

    @property
    def severity(self) -> Severity | None:
        """The highest grade of a change on the way; None where nobody graded one."""
        return self.lineage.severity

    @property
    def notes(self) -> tuple[str, ...]:
        """What customers are told of the changes on the way."""
        return self.lineage.notes

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why changes are editorial although their words say otherwise."""
        return self.lineage.reasons

    @property
    def said(self) -> tuple[str, ...]:
        """Both, for people."""
        return (*self.notes, *(f"Editorial because: {reason}" for reason in self.reasons))

    @property
    def changed(self) -> bool:
        """Whether the clause differs, or a version on the way changed it."""
        return bool(self.kinds or self.lineage.changes)

    @cached_property
    def redline(self) -> Redline:
        """What changed in the text; made when asked for, because nobody asks it of an unchanged clause."""
        return clause_redline(self.before, self.after)

    @cached_property
    def relaid(self) -> bool:
        """Whether it holds text that only took another layout, so that its words are shown in the new one."""
        return "redline-relaid" in self.redline.html


TERMS = ("title", "kind", "requires", "reconfirm_every", "numbering")
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
        """The clauses that differ, or were changed on the way: those that a customer is told of."""
        return tuple(clause for clause in self.clauses if clause.changed)

    @cached_property
    def heirs(self) -> Mapping[str, tuple[str, ...]]:
        """For each clause of the older version, those of the newer one that come from it, none where none does."""
        found: dict[str, tuple[str, ...]] = dict.fromkeys(self.older.by_id, ())
        for row in self.clauses:
            for source in row.sources if row.after else ():
                found[source] = (*found[source], row.clause)
        return found

    @cached_property
    def total(self) -> Changes:
        """How much changed, over all clauses."""
        return sum((clause.redline.changes for clause in self.changed), Changes())

    @cached_property
    def relaid(self) -> bool:
        """Whether a clause holds text that only took another layout."""
        return any(clause.relaid for clause in self.changed)


def compare(ledger: Ledger, older: Version, newer: Version) -> Comparison:
    """The redline from ``older`` to ``newer``. Either may be a draft's version that is not in the ledger."""
    return _compared(older, lineage.along(ledger, older, newer), {})


def compare_onward(ledger: Ledger, older: Version) -> Iterator[Comparison]:
    """The redlines from a version of the ledger to each later one, in chain order; rows that are the same are one."""
    known: _Known = {}
    return (_compared(older, way, known) for way in lineage.onward(ledger, older))


_Known = dict[tuple[int, int, tuple[str, ...]], ClauseRedline]
"""Rows made so far, by the identities of their lineage and of what they lead to, which each of them keeps; by kinds."""


def _compared(older: Version, way: lineage.Way, known: _Known) -> Comparison:
    newer = way.newer
    living = {each.clause: each for each in way.lineages if not each.gone}
    origins = {name: each.origins for name, each in living.items()}
    moved = [name for name, each in living.items() if each.moved]
    found = {
        c.clause: c.kinds for c in compare_along(older.clauses, newer.clauses, origins, moved) if c.clause in living
    }
    given = inherited(older.clauses, families(newer.clauses, origins))

    def row(told: Lineage, kinds: tuple[str, ...], before: tuple[Clause, ...], after: Clause | None) -> ClauseRedline:
        made = known.get((id(told), id(after), kinds))
        if made is None or made.before != before:
            title = render(after or before[0]).title
            made = known[id(told), id(after), kinds] = ClauseRedline(told.clause, title, kinds, told, before, after)
        return made

    rows = [row(living[c.id], found.get(c.id, ()), given.get(c.id, ()), c) for c in newer.clauses]
    for gone in (each for each in way.lineages if each.gone):
        rows.insert(_place(gone, older, rows), row(gone, ("removed",), (older.by_id[gone.clause],), None))
    return Comparison(older, newer, way.steps, tuple(rows))


def redline_of(ledger: Ledger, older: Version, newer: Version, name: str) -> Redline:
    """The redline of the clause ``name`` alone; one of the two versions has it."""
    origins = {each.clause: each.origins for each in lineage.between(ledger, older, newer) if not each.gone}
    given = inherited(older.clauses, families(newer.clauses, origins))
    return clause_redline(given.get(name, ()), newer.by_id.get(name))


def _place(gone: Lineage, older: Version, rows: Sequence[ClauseRedline]) -> int:
    """Where a removed clause is shown: after the clause that stood before it."""
    order = list(older.by_id)
    for name in reversed(order[: order.index(gone.clause)]):
        for place, row in enumerate(rows):
            if name in row.sources:
                return place + 1
    return 0
