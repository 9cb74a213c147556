"""What a ledger means at an instant: in force, upcoming, replaced, withdrawn. Pure; the instant is an argument."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from inforce.model import Ledger, Status, Version


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


def in_force(ledger: Ledger, at: datetime) -> Version | None:
    """The last standing version with ``effective`` <= ``at``; None before the first, and from a retirement on."""
    if ledger.retirement and ledger.retirement.at <= at:
        return None
    return next((version for version in reversed(ledger.standing) if version.effective <= at), None)


def upcoming(ledger: Ledger, at: datetime) -> tuple[Version, ...]:
    """The standing versions that take effect after ``at``, in chain order; none once the document is retired."""
    if ledger.retirement and ledger.retirement.at <= at:
        return ()
    return tuple(version for version in ledger.standing if version.effective > at)


def standing(ledger: Ledger, version: Version, at: datetime) -> Standing:
    """Where ``version`` stands at ``at``. A version withdrawn by any event of the ledger counts as withdrawn."""
    if withdrawal := ledger.withdrawals.get(version.number):
        return Standing(Status.WITHDRAWN, version.effective, withdrawal.at)
    place = ledger.standing.index(version)
    following = ledger.standing[place + 1] if place + 1 < len(ledger.standing) else None
    until, by = (following.effective, following.number) if following else (None, "")
    retirement = ledger.retirement
    if retirement and (until is None or retirement.at < until):
        until, by = retirement.at, ""
    if until is not None and until <= at:
        return Standing(Status.REPLACED if by else Status.RETIRED, version.effective, until, by)
    status = Status.UPCOMING if version.effective > at else Status.IN_FORCE
    return Standing(status, version.effective, until, by)


def midnight(day: date, timezone: str) -> datetime:
    """The instant at which ``day`` begins in ``timezone`` (an IANA name), with that zone's offset on that day.

    Where a zone skips midnight on that day (a change to summer time), the first instant after the gap.
    """
    zone = ZoneInfo(timezone)
    begins = datetime.combine(day, time(), zone)
    there_and_back = begins.astimezone(ZoneInfo("UTC")).astimezone(zone)
    return there_and_back if there_and_back.utcoffset() != begins.utcoffset() else begins


def notice_given(published: datetime, effective: datetime, timezone: str) -> int:
    """Whole calendar days in ``timezone`` from the day of publication to the day of effect; negative looking back."""
    zone = ZoneInfo(timezone)
    return (effective.astimezone(zone).date() - published.astimezone(zone).date()).days


def earliest(published: datetime, days: int, timezone: str) -> date:
    """The first day of effect that gives ``days`` of notice from ``published`` on."""
    return published.astimezone(ZoneInfo(timezone)).date() + timedelta(days=days)
