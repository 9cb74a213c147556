"""A comparison of two versions -> its texts in an order that holds both: each old clause where it stood, too.

On the web a clause that moved is shown where it stands now. In Word, where rejecting has to give the old text, it is
deleted from its old place and inserted at its new one; so are clauses that were joined from far apart.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from inforce.changes.versions import ClauseRedline, Comparison
from inforce.model import Clause
from inforce.redline import Redline, redline
from inforce.text.html import render


class Placed(NamedTuple):
    """A clause's text at one place, and the row of the comparison that tells of its change."""

    row: ClauseRedline
    redline: Redline


def placed(comparison: Comparison) -> Iterator[Placed]:
    """The texts: those on the new side follow the new version's order, those on the old side the older one's."""
    older = comparison.older.clauses
    place = {clause.id: index for index, clause in enumerate(older)}
    told = {clause.id: row for row in comparison.clauses for clause in row.before}
    reached = 0
    for row in comparison.clauses:
        if row.after is None:
            continue
        stood = [place[clause.id] for clause in row.before]
        if stood and "moved" not in row.kinds and _follow(stood) and stood[0] >= reached:
            yield from _removed(older[reached : stood[0]], told)
            yield Placed(row, row.redline)
            reached = stood[-1] + 1
        else:
            yield Placed(row, redline("", render(row.after).html))
    yield from _removed(older[reached:], told)


def _follow(places: Sequence[int]) -> bool:
    return list(places) == list(range(places[0], places[0] + len(places)))


def _removed(clauses: Sequence[Clause], told: dict[str, ClauseRedline]) -> Iterator[Placed]:
    for clause in clauses:
        yield Placed(told[clause.id], redline(render(clause).html, ""))
