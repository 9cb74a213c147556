"""Every date that was read is used or answered for: what the texts say, what the ledger will say, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from inforce.importing import date_lines
from inforce.importing.date_lines import Role, Told
from inforce.importing.histories import AHEAD, BUMPED, Candidate, Made, Snapshot


@dataclass(frozen=True)
class Account:
    """A date of a version's text: ``told``, from ``snapshot``; ``effective`` is what the ledger says, ``why`` so."""

    version: str
    snapshot: Snapshot
    told: Told
    effective: date
    why: str


def accounts(made: Sequence[Made]) -> Iterator[Account]:
    """Yield an account of every date in the texts of every version, oldest first; of the same words one a version."""
    previous: Candidate | None = None
    for each in made:
        candidate, seen = each.candidate, set[tuple[Role, str]]()
        for snapshot in (candidate.snapshot, *reversed(candidate.folded)):
            for told in snapshot.reading.told:
                if (told.role, told.text) not in seen:
                    seen.add((told.role, told.text))
                    why = _why(told, snapshot, candidate, previous)
                    yield Account(each.version.number, snapshot, told, candidate.effective, why)
        previous = candidate


def unclear(candidate: Candidate, previous: Candidate | None) -> tuple[Told, ...]:
    """Return the dates with several meanings on which a version's day depends; none where an editor gave the day.

    Those that the version before had, too, tell of another text.
    """
    if candidate.why == "option":
        return ()
    before = {told.text for told in previous.snapshot.reading.told} if previous else set()
    return tuple(told for told in date_lines.unclear(candidate.snapshot.reading.told) if told.text not in before)


def _why(told: Told, snapshot: Snapshot, candidate: Candidate, previous: Candidate | None) -> str:
    if told.role is Role.MENTIONED:
        return "not said of this text; it is in no clause" if told.gone else "not said of this text; it stays in it"
    if not told.days:
        return "it names no day"
    given = candidate.why == "option"
    if told.day is None:
        return "it has several meanings; you said which" if given else "it has several meanings, and none is guessed"
    if told.day == candidate.effective:
        return "used"
    if told.day == candidate.announced and told.role is not Role.EFFECTIVE:
        return "used: announced on that day"
    why = "you gave another day" if given else _unused(told.day, snapshot, candidate, previous)
    return why if told.gone or snapshot is not candidate.snapshot else f"{why}; readers still find it in the text"


def _unused(day: date, snapshot: Snapshot, candidate: Candidate, previous: Candidate | None) -> str:
    dates = snapshot.reading.dates
    came = (*candidate.folded, candidate.snapshot)[0].origin.day
    if day not in (dates.effective, dates.updated):
        return "another line of the text is believed"
    if previous and dates == previous.snapshot.reading.dates:
        return "it stayed as it was while the words changed"
    if previous and day < previous.effective:
        return "the version before took effect later"
    if came and day - came > AHEAD:
        return "it lies more than a year after the text came"
    if came and snapshot.origin.day and snapshot.origin.day - came > BUMPED:
        return "it was brought up to date long after the words"
    return "a later date of the text counts"
