"""Who became whom between two versions, and what was said of it on the way: the one walk that everybody asks.

A clause is known by its explicit id and by what ``was`` names; nothing is recognised by likeness. The way between two
versions leads along what each amends: back from the older one to where both come from, where it has to, and forward
from there. What is added up is what the storefront adds up for a customer (``docs/help/decision.md``), clause by
clause. It compares no texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

from inforce.model import Change, Clause, Ledger, Severity, Version

Origins = Mapping[str, tuple[str, ...]]
"""The id of each clause of a newer version -> those that it comes from in an older one."""


class VersionChange(NamedTuple):
    """One version's change of one clause, under the id that the clause has there.

    A change that is undone on the way has its grade, and neither note nor reason: these hold in one direction alone.
    """

    version: Version
    change: Change


@dataclass(frozen=True)
class Lineage:
    """One clause of the newer version, or one that is gone by then, as the older version knew it.

    ``clause`` is its id in the newer version; that in the older one if it is ``gone``, which it is where no part of it
    lives on in another. ``origins`` are the ids in the older version that it comes from, the one that it goes on from
    first; empty for a new clause. ``changes`` are those that led from there to here, in the order of the way.
    """

    clause: str
    origins: tuple[str, ...]
    gone: bool = False
    changes: tuple[VersionChange, ...] = ()

    @cached_property
    def severity(self) -> Severity | None:
        """The highest grade that a version on the way gave; None where none changed the clause."""
        return Severity.highest(each.change.severity for each in self.changes) if self.changes else None

    @property
    def notes(self) -> tuple[str, ...]:
        """What customers are told of the changes, each sentence once."""
        return tuple(dict.fromkeys(each.change.note for each in self.changes if each.change.note))

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why changes are editorial although their words say otherwise."""
        return tuple(dict.fromkeys(each.change.because for each in self.changes if each.change.because))

    @cached_property
    def moved(self) -> bool:
        """Whether a version on the way moved it, or brought it back, perhaps to another place."""
        return any({"moved", "added"} & {*each.change.kinds} for each in self.changes)


def origins(clauses: Iterable[Clause], before: Mapping[str, Clause], was: Mapping[str, tuple[str, ...]]) -> Origins:
    """The ids among ``before`` that each of ``clauses`` comes from in a single step: its own, then those in ``was``."""
    named = {clause.id: (clause.id, *was.get(clause.id, ())) for clause in clauses}
    return {name: tuple(dict.fromkeys(origin for origin in ids if origin in before)) for name, ids in named.items()}


def between(ledger: Ledger, older: Version, newer: Version) -> tuple[Lineage, ...]:
    """The lineage of every clause of ``newer`` in its order, then of those of ``older`` that are gone by then.

    Either may be a draft's version that is not in the ledger. Every clause of ``older`` is an origin of some lineage.
    """
    return along(ledger, older, newer).lineages


@dataclass(frozen=True)
class Way:
    """The versions that are applied on the way to ``newer``, in order, and what ``between`` tells of it."""

    newer: Version
    steps: tuple[Version, ...]
    lineages: tuple[Lineage, ...]


def along(ledger: Ledger, older: Version, newer: Version) -> Way:
    """The way from ``older`` to ``newer``; either may be a draft's version that is not in the ledger."""
    back, forward = way(ledger, older, newer)
    walk = _Walk(older)
    for version in back:
        walk.take(_backward(version, ledger.amended_by(version)))
    for version in forward:
        walk.take(_forward(version, ledger.amended_by(version)))
    return Way(newer, forward, walk.arrived(newer))


def onward(ledger: Ledger, older: Version) -> Iterator[Way]:
    """The ways from a version of the ledger to each later one, in chain order; what they share is walked once."""
    known: dict[str | None, tuple[_Walk, tuple[Version, ...]]] = {older.number: (_Walk(older), ())}
    for newer in ledger.versions[ledger.sequence[older.number] :]:
        if newer.amends not in known:
            yield along(ledger, older, newer)  # it comes from another one, before or beside
            continue
        before, steps = known[newer.amends]
        walk, steps = before.copy(), (*steps, newer)
        walk.take(_forward(newer, ledger.amended_by(newer)))
        known[newer.number] = walk, steps
        yield Way(newer, steps, walk.copy().arrived(newer))


def heirs(lineages: Iterable[Lineage]) -> dict[str, str]:
    """The clause that each id of the older version lives on in: under its own id, or else in the first that names it.

    Ids whose clause is gone are left out.
    """
    living = [each for each in lineages if not each.gone]
    found = {each.clause: each.clause for each in living if each.clause in each.origins}
    for each in living:
        for origin in each.origins:
            found.setdefault(origin, each.clause)
    return found


def renamed(ledger: Ledger, older: Version, newer: Version) -> dict[str, tuple[str, ...]]:
    """For each clause of ``newer`` the ids that it has in ``older`` besides its own; nothing of those without such."""
    found = {each.clause: each.origins for each in between(ledger, older, newer) if not each.gone}
    others = {name: tuple(origin for origin in ids if origin != name) for name, ids in found.items()}
    return {name: ids for name, ids in others.items() if ids}


def way(ledger: Ledger, older: Version, newer: Version) -> tuple[tuple[Version, ...], tuple[Version, ...]]:
    """The versions that lead from ``older`` to ``newer``: those to undo, newest first, then those to apply, in order.

    There is something to undo only where ``newer`` does not come from ``older``: where the latter was withdrawn, or
    where the two were given the other way round.
    """
    line = list(_line(ledger, newer, until=older.number))
    if not line or line[-1].amends == older.number:
        return (), tuple(reversed(line))
    forebears = list(_line(ledger, older))
    met = {version.number for version in line} & {version.number for version in forebears}
    forward = tuple(version for version in reversed(line) if version.number not in met)
    return tuple(version for version in forebears if version.number not in met), forward


def _line(ledger: Ledger, version: Version | None, until: str = "") -> Iterator[Version]:
    """``version``, the one that it amends, and so on to the first, or to the one that amends ``until``."""
    while version and version.number != until:
        yield version
        version = ledger.amended_by(version)


def through_time(ledger: Ledger, last: Version, clause: str) -> dict[str, str]:
    """The id of one clause in every version that has it, by the version's number.

    It is the clause that ``last`` has as ``clause``. Where it was merged out of several, the first of them is followed;
    where it was split, what kept its id, or else the first of its parts.
    """
    found: dict[str, str] = {}
    here, version = clause, last
    while here:
        found[version.number] = here
        before = ledger.amended_by(version)
        here = next((name for name in _step_origins(version, before, here)), "")
        version = before or version
    for version in ledger.versions:
        before = ledger.amended_by(version)
        if before and before.number in found and version.number not in found:
            former = found[before.number]
            named = (former, *(change.clause for change in version.changes if former in change.was))
            if heir := next((name for name in named if name in version.by_id), ""):
                found[version.number] = heir
    return found


def _step_origins(version: Version, before: Version | None, clause: str) -> tuple[str, ...]:
    was = {change.clause: change.was for change in version.changes}
    return origins((version.by_id[clause],), before.by_id if before else {}, was)[clause]


@dataclass(frozen=True)
class _Step:
    """What one version does to clauses, as seen in the direction of the walk; clauses not named in it stay.

    ``parents``: for each clause that is touched and stands behind the step, those that it comes from. ``ending``: those
    that end here. ``said``: what the version says of each.
    """

    version: Version
    parents: Origins
    ending: tuple[str, ...]
    said: Mapping[str, Change]


@lru_cache(maxsize=1024)
def _forward(version: Version, amended: Version | None) -> _Step:
    said = {change.clause: change for change in version.changes}
    before = amended.by_id if amended else {}
    touched = version.clauses if amended is None else [version.by_id[name] for name in said if name in version.by_id]
    parents = origins(touched, before, {name: change.was for name, change in said.items()})
    return _Step(version, parents, tuple(name for name in said if name not in version.by_id), said)


def _backward(version: Version, amended: Version | None) -> _Step:
    """The same undone."""
    there = _forward(version, amended)
    parents: dict[str, list[str]] = {name: [] for name in there.ending}
    for name, sources in there.parents.items():
        for source in sources:
            found = parents.setdefault(source, [])
            found.insert(0 if source == name else len(found), name)
    ending = tuple(name for name, sources in there.parents.items() if not sources)
    said = {}
    for name in (*parents, *ending):
        named = dict.fromkeys((name, *parents.get(name, ())))
        if changes := [there.said[each] for each in named if each in there.said]:
            moved = ("moved",) if any("moved" in change.kinds for change in changes) else ()
            said[name] = Change(name, Severity.highest(change.severity for change in changes), kinds=moved)
    return _Step(version, {name: tuple(sources) for name, sources in parents.items()}, ending, said)


class _Walk:
    """The clauses that stand where a walk has come to, and those that were lost on the way."""

    def __init__(self, older: Version) -> None:
        self._standing = {name: Lineage(name, (name,)) for name in older.by_id}
        self._lost: dict[str, Lineage] = {}
        self._order: dict[tuple[str, str], int] = {}

    def copy(self) -> _Walk:
        """Another walk that stands where this one does."""
        other = _Walk.__new__(_Walk)
        other._standing, other._lost, other._order = self._standing.copy(), self._lost.copy(), self._order.copy()
        return other

    def take(self, step: _Step) -> None:
        """Go one version on."""
        for name in step.said:
            self._order[step.version.number, name] = len(self._order)
        named = {*(each for sources in step.parents.values() for each in sources), *step.ending}
        before = {name: self._standing.pop(name) for name in named & self._standing.keys()}
        for name, sources in step.parents.items():
            known = [before[each] for each in sources if each in before]
            if name in self._lost:
                known.append(self._lost.pop(name))  # it was taken out, and its id is back
            self._standing[name] = self._joined(name, known, step)
        for name in step.ending:
            self._lose(self._joined(name, [before[name]] if name in before else [], step))

    def _lose(self, ended: Lineage) -> None:
        for origin in ended.origins:
            known = [self._lost[origin], ended] if origin in self._lost else [ended]
            self._lost[origin] = replace(self._joined(origin, known), origins=(origin,), gone=True)

    def _joined(self, name: str, known: list[Lineage], step: _Step | None = None) -> Lineage:
        """What became of the ``known`` clauses, which are ``name`` from this step on."""
        said = (VersionChange(step.version, step.said[name]),) if step and name in step.said else ()
        if len(known) == 1:
            return Lineage(name, known[0].origins, changes=(*known[0].changes, *said))
        changes = [*(change for each in known for change in each.changes), *said]
        once = {(each.version.number, each.change.clause): each for each in changes}
        found = dict.fromkeys(origin for each in known for origin in each.origins)
        ordered = tuple(once[key] for key in sorted(once, key=self._order.__getitem__))
        return Lineage(name, tuple(found), changes=ordered)

    def arrived(self, newer: Version) -> tuple[Lineage, ...]:
        """Every lineage, in the order of ``newer``, the lost ones last."""
        for name in [name for name in self._standing if name not in newer.by_id]:
            self._lose(self._standing.pop(name))
        living = {name: self._standing.get(name) or Lineage(name, ()) for name in newer.by_id}
        for origin in tuple(self._lost):
            heirs = [name for name, each in living.items() if name == origin or origin in each.origins]
            for heir in heirs:
                living[heir] = self._joined(heir, [living[heir], self._lost[origin]])
            if heirs:
                del self._lost[origin]
        return (*living.values(), *self._lost.values())
