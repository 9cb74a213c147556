"""The files of one document's ledger -> the chain that they form, where it breaks, and the event that may come next.

Each file names the digest of the one before it. What may not happen to a document is told once, for an event in the
making, for one that stands in the chain, and for one that is not published yet. An event is dated with the moment it is
made, never ahead; a retirement may take effect later. It decides and writes nothing. Whether published files were
touched since is a question for git (adapters); whether a version is one that a release could have made, and a
retirement gives the notice that is due, is asked by ``release``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from inforce.draft.folder import draft_folder
from inforce.errors import InForceError, Problem, fail, gathered, meant
from inforce.ledger import timeline
from inforce.ledger.entries import Entry, compose_event, is_entry, line_of, moment, parse_entry, parse_event
from inforce.model import Event, EventKind, Ledger, Policy, Version, ledger_folder
from inforce.text import characters
from inforce.text.clauses import RESTORE
from inforce.text.normal import one_line

Objection = tuple[str, str]
"""What stands against an event, and what to do instead."""


def read(document: str, files: Mapping[str, bytes]) -> tuple[Ledger, tuple[Problem, ...]]:
    """The ledger of one document out of a project's files (path -> bytes), in chain order, and what is wrong in it.

    Files that cannot be read, or that the chain does not reach, are left out of the ledger and named in the problems.
    """
    entries, problems = read_entries(document, files)
    chain, broken = _chain(entries, sorted({problem.path for problem in problems}))
    problems.extend(broken)
    for position, entry in enumerate(chain):
        if isinstance(entry, Event):
            problems.extend(_event_problems(Ledger(document, tuple(chain[:position])), entry))
    return Ledger(document, tuple(chain)), tuple(problems)


def serial(policies: Iterable[Policy]) -> int:
    """The number of files in all chains: it rises with each of them."""
    return sum(len(policy.ledger.entries) for policy in policies)


def read_entries(document: str, files: Mapping[str, bytes]) -> tuple[list[Entry], list[Problem]]:
    """Every version and event of one document among a project's files, chained or not; and why others aren't read."""
    folder = ledger_folder(document)
    own = sorted(path for path in files if path.startswith(folder) and is_entry(path))
    return gathered(lambda path: parse_entry(path, files[path]), own)


def _chain(entries: Sequence[Entry], unreadable: Sequence[str]) -> tuple[list[Entry], list[Problem]]:
    """The entries from the first one on, each named by its successor; and where that order breaks."""
    followers: dict[str | None, list[Entry]] = {}
    for entry in entries:
        followers.setdefault(entry.previous, []).append(entry)
    problems = [_fork(found) for found in followers.values() if len(found) > 1]
    known = {entry.digest for entry in entries}
    orphans = [entry for entry in entries if entry.previous is not None and entry.previous not in known]
    problems.extend(_orphan(entry, entries, unreadable) for entry in orphans)
    chain: list[Entry] = []
    following = followers.get(None, [])
    while len(following) == 1:
        chain.append(following[0])
        following = followers.get(following[0].digest, [])
    return chain, problems


def _fork(found: Sequence[Entry]) -> Problem:
    names = " and ".join(entry.path.rpartition("/")[2] for entry in found)
    what = f"{names} both follow the same file" if found[0].previous else f"{names} both claim to be the first"
    return Problem(found[-1].path, 0, "chain-fork", f"{what}: they were made in parallel", _fork_cure(found))


def _fork_cure(found: Sequence[Entry]) -> str:
    """Naming one that can be made again by the command; an event has nothing to be made again but its few words."""
    versions = [entry for entry in found if isinstance(entry, Version)]
    if not versions:
        return "Keep the published one, delete the other and give its command again"
    again = f"inforce release {versions[-1].document} --again {versions[-1].number}"
    if len(found) > len(versions):
        return f"Make the version again: {again}; or, if it is published, delete the event and give its command again"
    return f"Keep the published one and make the other again, for example: {again}"


def _orphan(entry: Entry, entries: Sequence[Entry], unreadable: Sequence[str]) -> Problem:
    followed = {other.previous for other in entries}
    loose = [e for e in entries if e is not entry and e.digest not in followed and moment(e) <= moment(entry)]
    likely = f" (most likely {max(loose, key=moment).path})" if loose else ""
    if unreadable:
        likely = f" ({', '.join(unreadable)} cannot be read)"
    what = f"The file before this one is missing or was changed{likely}: none here has the digest {entry.previous}"
    cure = f"{RESTORE}; inforce verify names the commit that changed it"
    return Problem(entry.path, line_of(entry, "previous"), "chain", what, cure)


def objection(before: Ledger, event: Event) -> Objection | None:
    """Why ``event`` may not follow the chain ``before`` it; None where it may."""
    if before.entries and event.at < (last := moment(before.entries[-1])):
        what = f"It is dated {event.at.isoformat()}, before {before.entries[-1].path} ({last.isoformat()})"
        return what, "Set the clock of the machine that makes it, and give its command again"
    if timeline.is_retired(before, event.at) and event.kind is not EventKind.ERRATUM:
        return "The policy is retired", "Nothing but errata can follow a retirement"
    if event.kind is EventKind.RETIRE:
        return _against_retirement(before, event)
    if event.kind is EventKind.WITHDRAW and not event.version:
        return None if before.retirement else ("No retirement is announced", "Nothing is left to do")
    version = before.by_number.get(event.version)
    if version is None:
        return _unknown(before, event.version)
    if event.kind is EventKind.ERRATUM:
        return _against_erratum(version, event.clause)
    return _against_withdrawal(before, version, event.at)


def _against_retirement(before: Ledger, event: Event) -> Objection | None:
    if not before.versions:
        cure = f"Delete {draft_folder(before.document)} instead"
        return "Nothing of it was published, so there is nothing to retire", cure
    if before.retired_at:
        what = f"It ends on {before.retired_at.isoformat(' ', 'minutes')} already"
        return what, f"Withdraw that first: inforce retire {before.document} --withdraw"
    if event.effective and event.effective < event.at:
        return "It ends before that is announced", "Choose a later --effective"
    if event.replaced_by == before.document:
        return "It is said to be replaced by itself", "Name another policy"
    return None


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


def _event_problems(before: Ledger, event: Event) -> Iterator[Problem]:
    """What is wrong with an event that stands in the ledger behind ``before``."""
    if against := objection(before, event):
        what, cure = against
        yield Problem(event.path, 0, "event", what, f"Delete it, if it is unpublished. {cure}")


def coming_problems(before: Ledger, event: Event, now: datetime) -> Iterator[Problem]:
    """What keeps an event from being published at ``now``: it counts from then on, whenever it was made."""
    for key, value in {"reason": event.reason, "notice_waived": event.notice_waived}.items():
        for _, what, cure in characters.find(value):
            yield Problem(event.path, line_of(event, key), "hidden-character", what, f"Delete the event. {cure}")
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
    if not number and policy.ledger.amended is None:
        raise _refused(policy, ("No version stands, so there is none to withdraw", "Nothing is left to do"))
    number = number or policy.ledger.standing[-1].number
    return _event(policy, EventKind.WITHDRAW, now, reason, version=number)


def erratum(policy: Policy, number: str, clause: str, note: str, now: datetime) -> Event:
    """A dated note beside the text of a version, or beside one ``clause`` of it where that is not empty.

    Raises InForceError where there is no such version or clause, or the note is empty.
    """
    return _event(policy, EventKind.ERRATUM, now, note, version=number, clause=clause)


def retire(
    policy: Policy,
    reason: str,
    now: datetime,
    effective: datetime | None = None,
    *,
    replaced_by: str = "",
    waived: str = "",
) -> Event:
    """The document's retirement: from ``effective`` on, or from ``now``, nothing of it is in force.

    Raises InForceError where it is retired already, or to be, or nothing was ever published.
    """
    words = {"replaced_by": replaced_by, "notice_waived": one_line(waived)}
    return _event(policy, EventKind.RETIRE, now, reason, effective=effective, **words)


def withdraw_retirement(policy: Policy, reason: str, now: datetime) -> Event:
    """The withdrawal of the announced retirement; raises InForceError where there is none, or it is past."""
    return _event(policy, EventKind.WITHDRAW, now, reason)


def version_of(policy: Policy, number: str) -> Version:
    """The version of that number, a withdrawn one too.

    Raises InForceError, with the numbers that there are, where there is none.
    """
    if version := policy.ledger.by_number.get(number):
        return version
    raise _refused(policy, _unknown(policy.ledger, number))


def _event(policy: Policy, kind: EventKind, now: datetime, said: str, **told: Any) -> Event:
    published = policy.ledger
    n = max((event.n for event in published.events), default=0) + 1
    at = now.astimezone(policy.zone).replace(microsecond=0)
    reason = one_line(said)
    event = Event(policy.document, n, kind, at, published.head or "", reason=reason, **told)
    if against := objection(published, event):
        raise _refused(policy, against)
    if not reason:
        word, option = ("note", "--note") if kind is EventKind.ERRATUM else ("reason", "--reason")
        raise _refused(policy, (f"The {word} is empty", f'Say it in a plain sentence for readers: {option} "…"'))
    if against := characters.unshowable(f"{reason} {event.notice_waived}"):
        raise _refused(policy, against)
    return parse_event(event.path, compose_event(event))


def _refused(policy: Policy, against: Objection) -> InForceError:
    return fail(ledger_folder(policy.document), 0, "event", *against)
