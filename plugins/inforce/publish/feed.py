"""What a document's feed tells: each announced version and each event, newest first. Values only."""

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
    addresses, titles = Addresses(policy.document), {EventKind.WITHDRAW: "withdrawn", EventKind.ERRATUM: "erratum"}
    for entry in policy.ledger.entries:
        if isinstance(entry, Event):
            about = f"version {entry.version}, {titles[entry.kind]}" if entry.version else "retired"
            address = addresses.version(entry.version) if entry.version else addresses.archive
            name = f"event-{entry.n}"
            told = policy.ledger.by_number[entry.version].title if entry.version else policy.published_title
            yield Announcement(name, f"{told}: {about}", entry.reason, address, entry.at)
            continue
        day = f"{entry.effective.day} {entry.effective:%B %Y}"
        title = f"{entry.title}, version {entry.number}, effective {day}"
        yield Announcement(entry.number, title, entry.summary, addresses.version(entry.number), entry.announced)
