"""Dated texts, oldest first -> the versions that they become: what is folded into one, and when each took effect.

A text that changed no word, or that came or took effect on the day of the one before, belongs to the same version; the
last text of a version is the version's. A date that the text tells of itself wins over the day on which it came, unless
it was left as it stood while the text changed, or is no day that could follow the version before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from inforce.importing.reading import Reading

_AHEAD = timedelta(days=366)
"""How far after the day on which a text came its own date may lie: notice is given in weeks, not in years."""
_BUMPED = timedelta(days=31)
"""How long after its words a text's own date may be brought up to date and still tell of them."""


@dataclass(frozen=True)
class Origin:
    """Where one text comes from: ``name`` for readers (a file, a commit), ``short`` for a table, and who says why.

    ``day`` is when it came, in the policy's time zone; None where nothing tells.
    """

    name: str
    short: str
    day: date | None
    subject: str = ""


@dataclass(frozen=True)
class Snapshot:
    """One text of the history as it was read."""

    origin: Origin
    data: bytes
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


def candidates(
    snapshots: Sequence[Snapshot], folding: Folding, today: date, told: Mapping[str, date] | None = None
) -> tuple[Candidate, ...]:
    """The versions that ``snapshots``, oldest first, become, dated in order.

    ``told`` maps an origin's short name to the day of effect that an editor gave. Where nothing tells a day, it is
    ``today``, and ``why`` says so.
    """
    found: list[Candidate] = []
    for group in _groups(snapshots, folding):
        candidate = _dated(group, found[-1] if found else None, today, told or {})
        if folding.day and found and found[-1].effective == candidate.effective and candidate.why != "option":
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
        if len(groups) > 1 and folding.words and _reads_alike(groups[-2][-1], groups[-1][-1]):
            groups[-2:] = [(*groups[-2], *groups[-1])]  # the words changed, and changed back on the same day
    return groups


def _reads_alike(one: Snapshot, other: Snapshot) -> bool:
    return one.reading.title == other.reading.title and one.reading.words == other.reading.words


def _joins(group: tuple[Snapshot, ...], snapshot: Snapshot, folding: Folding) -> bool:
    if _texts(group[-1].reading) == _texts(snapshot.reading):
        return True
    if folding.day and snapshot.origin.day is not None and snapshot.origin.day == group[0].origin.day:
        return True
    return folding.words and _reads_alike(group[-1], snapshot)


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
    """The day of effect that a text tells of itself; None where it tells none that can be believed.

    A line that stayed the same while the words changed, or that was changed long after them, tells of another text.
    """
    came = group[0].origin.day
    for snapshot in reversed(group):
        dates = snapshot.reading.dates
        day = max(filter(None, (dates.effective, dates.updated)), default=None)
        late = came and snapshot.origin.day and snapshot.origin.day - came > _BUMPED
        if day is None or late or (came and day - came > _AHEAD):
            continue
        if previous is None or (dates != previous.snapshot.reading.dates and day >= previous.effective):
            return day
    return None
