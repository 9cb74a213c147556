"""What was announced of a policy, for its feed and for pages that list it: versions, events, a draft to comment on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from inforce.model import Event, EventKind
from inforce.publish.site import Site


@dataclass(frozen=True)
class Announcement:
    """One entry of a feed. ``address`` is below the site's; ``name`` is unique within the document, for ever.

    ``document`` is what the policy calls itself there, in its own language; ``about`` is what is told, in ours.
    """

    name: str
    document: str
    about: str
    text: str
    address: str
    at: datetime

    @property
    def title(self) -> str:
        """Both in one line."""
        return f"{self.document}{self.about}"


def announcements(site: Site) -> tuple[Announcement, ...]:
    """Everything that was announced of a site's policy, newest first."""
    found = sorted(_in_order(site), key=lambda each: each.at)
    return tuple(found[::-1])


def _in_order(site: Site) -> Iterator[Announcement]:
    policy, addresses = site.policy, site.addresses
    for entry in policy.ledger.entries:
        if isinstance(entry, Event):
            about = _about(entry)
            address = addresses.version(entry.version) if entry.version else addresses.archive
            name = f"event-{entry.n}"
            told = policy.ledger.by_number[entry.version].title if entry.version else policy.published_title
            yield Announcement(name, told, f": {about}", entry.reason, address, entry.at)
            continue
        about = f", version {entry.number}, effective {_day(entry.effective)}"
        address = addresses.version(entry.number)
        yield Announcement(entry.number, entry.title, about, entry.summary, address, entry.announced)
    if site.draft and site.comments_from and site.comments_until:
        begun, until = site.comments_from, _day(site.comments_until)
        where = site.contact.removeprefix("mailto:").removeprefix("tel:")
        text = f"You can comment on what is proposed until {until}: {where}"
        about, address = f", draft, open for comment until {until}", addresses.version(site.draft.number)
        yield Announcement(f"comments-{begun.date()}", site.draft.title, about, text, address, begun)


def _about(event: Event) -> str:
    """What an event says of its document."""
    if event.version:
        return f"version {event.version}, {'withdrawn' if event.kind is EventKind.WITHDRAW else 'erratum'}"
    if event.kind is EventKind.WITHDRAW:
        return "does not end"
    return f"ends on {_day(event.effective)}" if event.effective else "retired"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
