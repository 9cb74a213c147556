"""Two versions' clauses -> typed changes, clause by clause, with lineage.

Identity is the explicit id and what a ``was`` names; nothing is recognised by likeness here. A clause is compared by
the words that a reader sees, so a changed link target or a bold word is ``formatted``, not ``modified``.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from inforce.model import Clause, Ledger
from inforce.text.html import words

KINDS = ("added", "formatted", "merged", "modified", "moved", "removed", "retitled", "split")
"""Everything that can happen to a clause between two versions."""
_WORDING = frozenset(("formatted", "modified", "retitled"))


@dataclass(frozen=True)
class ClauseChange:
    """What became of one clause: its id now (or its last one, if removed), the sorted kinds, the ids it came from."""

    clause: str
    kinds: tuple[str, ...]
    sources: tuple[str, ...]


def compare(
    old: Sequence[Clause], new: Sequence[Clause], was: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[ClauseChange, ...]:
    """The changed clauses in the new order, then the removed ones in the old order.

    ``was`` maps a clause of ``new`` to the ids it had in ``old``, besides its own. Ids that ``old`` does not have are
    ignored.
    """
    return _compare(old, new, was or {}, _differences)


def agree(
    old: Sequence[Clause],
    new: Sequence[Clause],
    told: Mapping[str, tuple[str, ...]],
    was: Mapping[str, tuple[str, ...]],
) -> list[str]:
    """The clauses, by id and sorted, whose ``told`` kinds cannot be what became of them between ``old`` and ``new``.

    Renders nothing: that a clause's text differs is seen, whether in its words or its format is believed. So it is
    fast, and what was true of a published version does not depend on the Markdown library of the day.
    """
    found = {change.clause: change.kinds for change in _compare(old, new, was, _text_differs)}
    folded = {
        name: tuple(sorted({"formatted" if kind in _WORDING else kind for kind in kinds}))
        for name, kinds in told.items()
    }
    return sorted(name for name in {*found, *folded} if found.get(name) != folded.get(name))


def _compare(
    old: Sequence[Clause],
    new: Sequence[Clause],
    was: Mapping[str, tuple[str, ...]],
    differences: Callable[[Clause, Clause], set[str]],
) -> tuple[ClauseChange, ...]:
    before = {clause.id: clause for clause in old}
    sources = {clause.id: _sources(clause.id, before, was.get(clause.id, ())) for clause in new}
    heirs: dict[str, list[str]] = {}
    for name, origins in sources.items():
        for origin in origins:
            heirs.setdefault(origin, []).append(name)
    moved = _moved([origins[0] for origins in sources.values() if origins], list(before))
    changes = []
    for clause in new:
        origins = sources[clause.id]
        kinds = _kinds(clause, [before[origin] for origin in origins], heirs, differences)
        if origins and origins[0] in moved and heirs[origins[0]][0] == clause.id:
            kinds.add("moved")
        if kinds:
            changes.append(ClauseChange(clause.id, tuple(sorted(kinds)), origins))
    gone = (name for name in before if name not in heirs)
    return (*changes, *(ClauseChange(name, ("removed",), (name,)) for name in gone))


def _sources(name: str, before: Mapping[str, Clause], was: tuple[str, ...]) -> tuple[str, ...]:
    named = (name, *was)
    return tuple(dict.fromkeys(origin for origin in named if origin in before))


def _kinds(
    clause: Clause,
    origins: list[Clause],
    heirs: Mapping[str, list[str]],
    differences: Callable[[Clause, Clause], set[str]],
) -> set[str]:
    if not origins:
        return {"added"}
    kinds = set()
    if len(origins) > 1:
        kinds.add("merged")
    if any(len(heirs[origin.id]) > 1 for origin in origins):
        kinds.add("split")
    kinds |= differences(origins[0], clause)
    if not kinds and origins[0].id != clause.id:
        kinds.add("formatted")  # nothing but its address changed
    return kinds


def _differences(old: Clause, new: Clause) -> set[str]:
    if (old.heading, old.body) == (new.heading, new.body):
        return set()
    (old_title, old_words), (new_title, new_words) = words(old), words(new)
    kinds = set()
    if old_title != new_title:
        kinds.add("retitled")
    if old_words != new_words:
        kinds.add("modified")
    return kinds or {"formatted"}


def _text_differs(old: Clause, new: Clause) -> set[str]:
    return {"formatted"} if (old.heading, old.body) != (new.heading, new.body) else set()


def _moved(order: Iterable[str], before: Sequence[str]) -> frozenset[str]:
    """The fewest clauses whose move explains the new order: those outside the longest run that kept its order."""
    place = {name: index for index, name in enumerate(before)}
    kept = list(dict.fromkeys(order))
    tails: list[int] = []
    lengths = []
    for name in kept:
        length = bisect_left(tails, place[name])
        tails[length : length + 1] = [place[name]]
        lengths.append(length)
    staying = set()
    wanted = len(tails) - 1
    for name, length in zip(reversed(kept), reversed(lengths), strict=True):
        if length == wanted:
            staying.add(name)
            wanted -= 1
    return frozenset(kept) - staying


def lineage(ledger: Ledger, older: str, newer: str) -> dict[str, tuple[str, ...]]:
    """For each clause of version ``newer``, the ids it had in version ``older`` as the versions between name them.

    The way leads from each version to the one that it amends; where ``older`` is not on it, no lineage is known.
    """
    steps = []
    version = ledger.by_number[newer]
    while version.number != older:
        if not version.amends:
            return {}
        steps.append({change.clause: change.was for change in version.changes if change.was})
        version = ledger.by_number[version.amends]
    names: dict[str, tuple[str, ...]] = {}
    for step in reversed(steps):
        carried = {new: _origins(was, names) for new, was in step.items()}
        names = {**names, **carried}
    return names


def _origins(was: tuple[str, ...], names: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in was:
        found.update(dict.fromkeys((name, *names.get(name, ()))))
    return tuple(found)
