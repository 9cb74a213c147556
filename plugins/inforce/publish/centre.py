"""What any page of a site can show of all its policies: each as it stands, and everything that was announced.

A page asks for it by a comment, ``<!-- inforce: policies -->`` or ``<!-- inforce: changes -->``. What it says is dated,
and so holds whenever it is read. A policy's feed tells of what was announced, too.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from inforce.ledger import timeline
from inforce.ledger.addresses import relative
from inforce.model import Event, EventKind, Version
from inforce.publish.site import Content, Ending, Now, Site, VersionView, ending, link, now, version_view
from inforce.release.proposal import DRAFT

MARK = re.compile(r"<!--\s*inforce:\s*(?P<name>[^>]*?)\s*-->")
"""A comment that asks for one of ``PARTS``."""


@dataclass(frozen=True)
class PolicyView:
    """One policy as a page shows it beside others: what stands at its address, what comes, what changed last."""

    title: str
    url: str
    history: str
    feed: str
    shown: VersionView
    coming: tuple[tuple[VersionView, str], ...]
    ending: Ending | None
    now: tuple[Now, ...]
    comments_until: datetime | None
    draft_url: str


def policies(sites: Sequence[Site], page: str) -> Content:
    """Every policy of which something was published: in force since, next, last change."""
    return Content("policies.html", {"policies": [_view(site, page) for site in _published(sites)]})


def _published(sites: Sequence[Site]) -> list[Site]:
    return [site for site in sites if site.policy.ledger.versions]


def _view(site: Site, page: str) -> PolicyView:
    shown = site.shown
    assert shown is not None
    open_draft = site.draft if site.comments_until else None
    return PolicyView(
        site.title,
        relative(page, site.addresses.current),
        relative(page, site.addresses.archive),
        relative(page, site.addresses.feed),
        version_view(site, shown, page),
        coming(site, shown, page),
        ending(site, page),
        now(site, page),
        site.comments_until if open_draft else None,
        relative(page, site.addresses.version(DRAFT)) if open_draft else "",
    )


def coming(site: Site, shown: Version, page: str) -> tuple[tuple[VersionView, str], ...]:
    """The versions that apply after ``shown``, as the ledger has it, and where ``page`` leads for what each changes."""
    periods, since = timeline.periods(site.policy.ledger), relative(page, site.addresses.since(shown.number))
    later = [p.version for p in periods if p.version and p.version.effective > shown.effective]
    return tuple((version_view(site, each, page), link(page, site, shown, each) or since) for each in later)


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


def changes(sites: Sequence[Site], page: str) -> Content:
    """Everything that was announced of any policy, newest first."""
    found = [
        (
            each.at.astimezone(site.policy.zone),
            each,
            relative(page, each.address),
            site.policy.ledger.versions[-1].language,
        )
        for site in _published(sites)
        for each in announcements(site)
    ]
    return Content("changes.html", {"changes": sorted(found, key=lambda each: each[0], reverse=True)})


PARTS: Mapping[str, Callable[[Sequence[Site], str], Content]] = {"policies": policies, "changes": changes}
"""What a page can ask for, by the word that asks for it; each takes all sites and the page's address."""
