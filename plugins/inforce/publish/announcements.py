"""A policy -> everything that was announced of it: for its feed, and for pages that list it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from inforce.ledger.addresses import Addresses
from inforce.model import Event, EventKind, Policy


@dataclass(frozen=True)
class Announcement:
    """One entry of a feed. ``address`` is below the site's; ``name`` is unique within the document, for ever."""

    name: str
    title: str
    text: str
    address: str
    at: datetime


def announcements(policy: Policy) -> tuple[Announcement, ...]:
    """Everything that was announced of ``policy``, newest first."""
    return tuple(reversed(list(_in_order(policy))))


def _in_order(policy: Policy) -> Iterator[Announcement]:
    addresses = Addresses(policy.document)
    for entry in policy.ledger.entries:
        if isinstance(entry, Event):
            about = _about(entry)
            address = addresses.version(entry.version) if entry.version else addresses.archive
            name = f"event-{entry.n}"
            told = policy.ledger.by_number[entry.version].title if entry.version else policy.published_title
            yield Announcement(name, f"{told}: {about}", entry.reason, address, entry.at)
            continue
        title = f"{entry.title}, version {entry.number}, effective {_day(entry.effective)}"
        yield Announcement(entry.number, title, entry.summary, addresses.version(entry.number), entry.announced)


def _about(event: Event) -> str:
    """What an event says of its document."""
    if event.version:
        return f"version {event.version}, {'withdrawn' if event.kind is EventKind.WITHDRAW else 'erratum'}"
    if event.kind is EventKind.WITHDRAW:
        return "does not end"
    return f"ends on {_day(event.effective)}" if event.effective else "retired"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
