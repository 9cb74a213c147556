"""What a ledger means at an instant: in force, upcoming, replaced, withdrawn. Pure; the instant is an argument."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from datetime import timezone as FixedOffset  # noqa: N812
from enum import StrEnum

from inforce.draft.settings import PERIOD
from inforce.ledger.entries import moment
from inforce.model import Ledger, Version
from inforce.text.normal import count_of


class Status(StrEnum):
    """Where a version stands at an instant."""

    UPCOMING = "upcoming"
    IN_FORCE = "in force"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    RETIRED = "retired"


@dataclass(frozen=True)
class Standing:
    """Where one version stands at an instant.

    ``until`` is when the next standing version takes (or took) effect, or the document's retirement; None where nothing
    ends it. ``by`` is the number of that next version, empty where there is none.
    """

    status: Status
    since: datetime
    until: datetime | None
    by: str = ""

    @property
    def never_in_force(self) -> bool:
        """Whether a withdrawal, a retirement or the next version came before it could take effect."""
        return self.until is not None and self.until <= self.since


@dataclass(frozen=True)
class Period:
    """From ``since`` on and before ``until``, ``version`` applied, or, where it is None, nothing did.

    None stands for no beginning, and for no end that is known.
    """

    since: datetime | None
    until: datetime | None
    version: Version | None


def periods(ledger: Ledger) -> tuple[Period, ...]:
    """All time, in order, by which version applied; none where nothing was published."""
    end = ledger.retired_at
    begun = {v.effective: v for v in ledger.standing if end is None or v.effective < end}
    starts: list[tuple[datetime | None, Version | None]] = [(None, None)]
    starts += [(version.effective, version) for version in begun.values()]
    if end and begun:
        starts.append((end, None))
    ends = (*(since for since, _ in starts[1:]), None)
    found = tuple(Period(since, until, version) for (since, version), until in zip(starts, ends, strict=True))
    return found if begun else ()


def recorded(ledger: Ledger) -> datetime:
    """When the last entry was made: whoever reads the ledger reads it later, so what was over by then stays so."""
    return moment(ledger.entries[-1]) if ledger.entries else datetime.min.replace(tzinfo=UTC)


def open_periods(ledger: Ledger) -> tuple[Period, ...]:
    """The periods in which a reader of this ledger can be: all others were over when it was recorded."""
    since = recorded(ledger)
    return tuple(period for period in periods(ledger) if period.until is None or period.until > since)


def is_retired(ledger: Ledger, at: datetime) -> bool:
    """Whether the document has ended by ``at``."""
    return ledger.retired_at is not None and ledger.retired_at <= at


def in_force(ledger: Ledger, at: datetime) -> Version | None:
    """The last standing version with ``effective`` <= ``at``; None before the first, and from a retirement on."""
    if is_retired(ledger, at):
        return None
    return next((version for version in reversed(ledger.standing) if version.effective <= at), None)


def upcoming(ledger: Ledger, at: datetime) -> tuple[Version, ...]:
    """The standing versions that take effect after ``at``, in chain order; none after the document's end."""
    end = ledger.retired_at
    return tuple(v for v in ledger.standing if v.effective > at and (end is None or v.effective < end))


def neighbours(ledger: Ledger, version: Version) -> tuple[Version | None, Version | None]:
    """The standing versions before and after a standing one; (None, None) for one that was withdrawn."""
    place = ledger.standing_place.get(version.number)
    if place is None:
        return None, None
    before = ledger.standing[place - 1] if place else None
    after = ledger.standing[place + 1] if place + 1 < len(ledger.standing) else None
    return before, after


def standing(ledger: Ledger, version: Version, at: datetime) -> Standing:
    """Where ``version`` stands at ``at``. A version withdrawn by any event of the ledger counts as withdrawn."""
    if withdrawal := ledger.withdrawals.get(version.number):
        return Standing(Status.WITHDRAWN, version.effective, withdrawal.at)
    _, following = neighbours(ledger, version)
    until, by = (following.effective, following.number) if following else (None, "")
    if ledger.retired_at and (until is None or ledger.retired_at < until):
        until, by = ledger.retired_at, ""
    if until is not None and until <= at:
        return Standing(Status.REPLACED if by else Status.RETIRED, version.effective, until, by)
    status = Status.UPCOMING if version.effective > at else Status.IN_FORCE
    return Standing(status, version.effective, until, by)


def is_over(ledger: Ledger, version: Version) -> bool:
    """Whether a version is not in force for any reader of this ledger: whatever the day."""
    now = standing(ledger, version, recorded(ledger))
    return now.never_in_force or now.status not in (Status.UPCOMING, Status.IN_FORCE)


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The day of an instant in a time zone."""
    return moment.astimezone(zone).date()


def midnight(day: date, zone: tzinfo) -> datetime:
    """The instant at which ``day`` begins in a time zone, with that zone's offset on that day.

    Where a zone skips midnight on that day (a change to summer time), the first instant after the gap.
    """
    return local(datetime.combine(day, time(), zone).astimezone(UTC), zone)


def last_second(day: date, zone: tzinfo) -> datetime:
    """The last whole second of ``day`` in a time zone: until then, what is due on a day is in time."""
    return local(midnight(day + timedelta(days=1), zone) - timedelta(seconds=1), zone)


def in_words(period: str) -> str:
    """A period such as ``P1Y6M`` in words: ``1 year, 6 months``."""
    found = PERIOD.match(period)
    parts = zip(found.groups() if found else (), ("year", "month", "week", "day"), strict=False)
    return ", ".join(count_of(int(n), unit) for n, unit in parts if n and int(n))


def first_day(moment: datetime, zone: tzinfo | None = None) -> date:
    """The first day that does not begin before ``moment``, in a time zone, or else by its own offset."""
    zone = zone or moment.tzinfo or UTC
    day = day_of(moment, zone)
    return day if midnight(day, zone) >= moment else day + timedelta(days=1)


def local(moment: datetime, zone: tzinfo) -> datetime:
    """The same instant with the offset that a time zone has at it, as a release writes it.

    The offset is fixed: two datetimes of one ZoneInfo compare by their clocks, wrongly where an hour comes twice. RFC
    3339 knows no seconds of an offset, which Liberia had until 1972: the clock stays, the instant gives way.
    """
    there = moment.astimezone(zone)
    minutes = round((there.utcoffset() or timedelta()) / timedelta(minutes=1))
    return there.replace(tzinfo=FixedOffset(timedelta(minutes=minutes)))


def notice_given(published: datetime, effective: datetime, zone: tzinfo) -> int:
    """Whole calendar days in a time zone from the day of publication to the day of effect; negative looking back."""
    return (day_of(effective, zone) - day_of(published, zone)).days


def earliest(published: datetime, days: int, zone: tzinfo) -> date:
    """The first day of effect that gives ``days`` of notice from ``published`` on."""
    return day_of(published, zone) + timedelta(days=days)
