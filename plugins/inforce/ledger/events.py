"""What can happen to a document after a version was published -> the event to write, or why it may not happen.

An event is dated with the moment it is made, never ahead. It decides and writes nothing. Events that stand in a ledger
already are judged by ``ledger`` when they are read.
"""

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from inforce.errors import InForceError, fail, meant
from inforce.ledger import files as ledger
from inforce.model import Event, EventKind, Ledger, Policy, Version
from inforce.text import normal as texts


def withdraw(policy: Policy, number: str, reason: str, now: datetime) -> Event:
    """The withdrawal, at ``now``, of the version ``number``, or of the last standing one where that is empty.

    Raises InForceError unless that is the last standing version and takes effect after ``now``.
    """
    _open(policy)
    if not policy.ledger.standing:
        raise _refused(policy, "No version stands, so there is none to withdraw", "Nothing is left to do")
    last = policy.ledger.standing[-1]
    version = version_of(policy, number) if number else last
    if version.number in policy.ledger.withdrawals:
        raise _refused(policy, f"{version.number} is withdrawn already", "Nothing is left to do")
    if version != last:
        what = f"{version.number} is not the last standing version, and only that can be withdrawn: {last.number}"
        raise _refused(policy, what, "Release a version that restores the older text")
    if version.effective <= now:
        since = version.effective.astimezone(zone_of(policy)).isoformat(" ", "minutes")
        what = f"{version.number} took effect on {since}; a version that was in force is never withdrawn"
        cure = "Release a version that restores the older text"
        if version.amends:
            cure += f": inforce draft {policy.document} --from {version.amends}"
        raise _refused(policy, what, cure)
    return _event(policy, EventKind.WITHDRAW, now, reason, version=version.number)


def erratum(policy: Policy, number: str, clause: str, note: str, now: datetime) -> Event:
    """A dated note beside the text of a version, or beside one ``clause`` of it where that is not empty.

    Raises InForceError where there is no such version or clause, or the note is empty.
    """
    version = version_of(policy, number)
    if clause and clause not in version.by_id:
        cure = meant(clause, version.by_id, f"Its clauses: {', '.join(version.by_id)}")
        raise _refused(policy, f"Version {number} has no clause `{clause}`", cure)
    return _event(policy, EventKind.ERRATUM, now, note, version=version.number, clause=clause)


def retire(policy: Policy, reason: str, now: datetime) -> Event:
    """The document's retirement at ``now``: from then on nothing of it is in force, and no version follows.

    Raises InForceError where it is retired already or nothing was ever published.
    """
    _open(policy)
    if not policy.ledger.versions:
        what = "Nothing of it was published, so there is nothing to retire"
        raise _refused(policy, what, f"Delete policy/{policy.document}/ instead")
    return _event(policy, EventKind.RETIRE, now, reason)


def version_of(policy: Policy, number: str) -> Version:
    """The version of that number, a withdrawn one too.

    Raises InForceError, with the numbers that there are, where there is none.
    """
    known = policy.ledger.by_number
    if number in known:
        return known[number]
    if not known:
        raise _refused(policy, f"There is no version {number}: nothing was released yet", "Release a version first")
    raise _refused(policy, f"There is no version {number}", f"The versions are {', '.join(known)}")


def zone_of(policy: Policy) -> tzinfo:
    """The policy's time zone; where only its ledger is at hand, the offset of its last version."""
    if policy.draft:
        return ZoneInfo(policy.draft.settings.timezone)
    offset = policy.ledger.versions[-1].announced.tzinfo if policy.ledger.versions else None
    return offset or ZoneInfo("UTC")


def _open(policy: Policy) -> None:
    if policy.ledger.retirement:
        raise _refused(policy, "The policy is retired", "Nothing but errata can follow a retirement")


def _event(policy: Policy, kind: EventKind, now: datetime, said: str, version: str = "", clause: str = "") -> Event:
    reason = texts.one_line(said)
    if not reason:
        word, option = ("note", "--note") if kind is EventKind.ERRATUM else ("reason", "--reason")
        raise _refused(policy, f"The {word} is empty", f'Say it in a plain sentence for readers: {option} "…"')
    at = now.astimezone(zone_of(policy)).replace(microsecond=0)
    _after(policy.ledger, at)
    n = max((event.n for event in policy.ledger.events), default=0) + 1
    event = Event(policy.document, n, kind, at, policy.ledger.head or "", version, clause, reason)
    return ledger.parse_event(event.path, ledger.compose_event(event))


def _after(published: Ledger, at: datetime) -> None:
    """Refuse a moment before the chain's last entry: this machine's clock is wrong, or the one that wrote the entry."""
    if not published.entries:
        return
    last = published.entries[-1]
    moment = ledger.moment(last)
    if at < moment:
        what = f"It is dated {moment.isoformat()}, later than this machine's clock ({at.isoformat()})"
        raise fail(last.path, 0, "dates", what, "Set the clock")


def _refused(policy: Policy, what: str, cure: str) -> InForceError:
    return fail(f"versions/{policy.document}/", 0, "event", what, cure)
