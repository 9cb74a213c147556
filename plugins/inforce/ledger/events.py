"""What can happen to a document after a version was published: the event to write, or why it may not happen.

What may not happen is told once, for an event in the making, for one that stands in the chain, and for one that is not
published yet. An event is dated with the moment it is made, never ahead. It decides and writes nothing.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, tzinfo

from inforce.errors import InForceError, Problem, fail, meant
from inforce.ledger import files
from inforce.model import Event, EventKind, Ledger, Policy, Version, draft_folder, ledger_folder
from inforce.text import normal as texts

Objection = tuple[str, str]
"""What stands against an event, and what to do instead."""


def objection(before: Ledger, event: Event) -> Objection | None:
    """Why ``event`` may not follow the chain ``before`` it; None where it may."""
    if before.entries and event.at < (last := files.moment(before.entries[-1])):
        what = f"It is dated {event.at.isoformat()}, before {before.entries[-1].path} ({last.isoformat()})"
        return what, "Set the clock of the machine that makes it, and give its command again"
    if before.retirement and event.kind is not EventKind.ERRATUM:
        return "The policy is retired", "Nothing but errata can follow a retirement"
    if event.kind is EventKind.RETIRE:
        return None if before.versions else _nothing_to_retire(before)
    version = before.by_number.get(event.version)
    if version is None:
        return _unknown(before, event.version)
    if event.kind is EventKind.ERRATUM:
        return _against_erratum(version, event.clause)
    return _against_withdrawal(before, version, event.at)


def _nothing_to_retire(before: Ledger) -> Objection:
    cure = f"Delete {draft_folder(before.document)} instead"
    return "Nothing of it was published, so there is nothing to retire", cure


def _unknown(before: Ledger, number: str) -> Objection:
    if not before.versions:
        return f"There is no version {number}: nothing was released yet", "Release a version first"
    return f"There is no version {number}", f"The versions are {', '.join(before.by_number)}"


def _against_erratum(version: Version, clause: str) -> Objection | None:
    if not clause or clause in version.by_id:
        return None
    cure = meant(clause, version.by_id, f"Its clauses: {', '.join(version.by_id)}")
    return f"Version {version.number} has no clause `{clause}`", cure


def _against_withdrawal(before: Ledger, version: Version, at: datetime) -> Objection | None:
    if version.number in before.withdrawals:
        return f"{version.number} is withdrawn already", "Nothing is left to do"
    if version != (last := before.standing[-1]):
        what = f"{version.number} is not the last standing version, and only that can be withdrawn: {last.number}"
        return what, "Release a version that restores the older text"
    if version.effective > at:
        return None
    since = version.effective.isoformat(" ", "minutes")
    what = f"{version.number} took effect on {since}; a version that was in force is never withdrawn"
    cure = "Release a version that restores the older text"
    return what, f"{cure}: inforce draft {before.document} --from {version.amends}" if version.amends else cure


def problems(before: Ledger, event: Event) -> Iterator[Problem]:
    """What is wrong with an event that stands in the ledger behind ``before``."""
    if against := objection(before, event):
        what, cure = against
        yield Problem(event.path, 0, "event", what, f"Delete it, if it is unpublished. {cure}")


def coming_problems(before: Ledger, event: Event, now: datetime) -> Iterator[Problem]:
    """What keeps an event from being published at ``now``: it counts from then on, whenever it was made."""
    if event.at > now:
        what, cure = "An event is never dated ahead", "Delete it and make it again, with the right clock"
        yield Problem(event.path, 0, "event", what, cure)
    elif not objection(before, event) and (against := objection(before, replace(event, at=now))):
        what, cure = against
        yield Problem(event.path, 0, "event", f"{what}, and this is not published yet", f"Delete the event. {cure}")


def withdraw(policy: Policy, number: str, reason: str, now: datetime) -> Event:
    """The withdrawal, at ``now``, of the version ``number``, or of the last standing one where that is empty.

    Raises InForceError unless that is the last standing version and takes effect after ``now``.
    """
    if not policy.ledger.standing and not policy.ledger.retirement and not number:
        raise _refused(policy, ("No version stands, so there is none to withdraw", "Nothing is left to do"))
    number = number or next((version.number for version in policy.ledger.standing[-1:]), "")
    return _event(policy, EventKind.WITHDRAW, now, reason, version=number)


def erratum(policy: Policy, number: str, clause: str, note: str, now: datetime) -> Event:
    """A dated note beside the text of a version, or beside one ``clause`` of it where that is not empty.

    Raises InForceError where there is no such version or clause, or the note is empty.
    """
    return _event(policy, EventKind.ERRATUM, now, note, version=number, clause=clause)


def retire(policy: Policy, reason: str, now: datetime) -> Event:
    """The document's retirement at ``now``: from then on nothing of it is in force, and no version follows.

    Raises InForceError where it is retired already or nothing was ever published.
    """
    return _event(policy, EventKind.RETIRE, now, reason)


def version_of(policy: Policy, number: str) -> Version:
    """The version of that number, a withdrawn one too.

    Raises InForceError, with the numbers that there are, where there is none.
    """
    if version := policy.ledger.by_number.get(number):
        return version
    raise _refused(policy, _unknown(policy.ledger, number))


def zone_of(policy: Policy) -> tzinfo:
    """The policy's time zone; see :attr:`Policy.zone`."""
    return policy.zone


def _event(policy: Policy, kind: EventKind, now: datetime, said: str, version: str = "", clause: str = "") -> Event:
    published = policy.ledger
    n = max((event.n for event in published.events), default=0) + 1
    at = now.astimezone(policy.zone).replace(microsecond=0)
    reason = texts.one_line(said)
    event = Event(policy.document, n, kind, at, published.head or "", version, clause, reason)
    if against := objection(published, event):
        raise _refused(policy, against)
    if not reason:
        word, option = ("note", "--note") if kind is EventKind.ERRATUM else ("reason", "--reason")
        raise _refused(policy, (f"The {word} is empty", f'Say it in a plain sentence for readers: {option} "…"'))
    return files.parse_event(event.path, files.compose_event(event))


def _refused(policy: Policy, against: Objection) -> InForceError:
    return fail(ledger_folder(policy.document), 0, "event", *against)
