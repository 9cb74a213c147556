"""What any page of a site can show of all its policies: each as it stands, and everything that was announced.

A page asks for it by a comment, ``<!-- inforce: policies -->`` or ``<!-- inforce: changes -->``. What it says is dated,
and so holds whenever it is read.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from inforce.ledger import timeline
from inforce.ledger.addresses import relative
from inforce.model import Version
from inforce.publish.announcements import announcements
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
        tuple((version_view(site, each, page), _changes(site, shown, each, page)) for each in later(site, shown)),
        ending(site, page),
        now(site, page),
        site.comments_until if open_draft else None,
        relative(page, site.addresses.version(DRAFT)) if open_draft else "",
    )


def later(site: Site, shown: Version) -> tuple[Version, ...]:
    """The versions that apply after ``shown``, as the ledger has it."""
    periods = timeline.periods(site.policy.ledger)
    return tuple(p.version for p in periods if p.version and p.version.effective > shown.effective)


def _changes(site: Site, shown: Version, coming: Version, page: str) -> str:
    return link(page, site, shown, coming) or relative(page, site.addresses.since(shown.number))


@dataclass(frozen=True)
class ChangeView:
    """One announcement, dated in its policy's time zone."""

    at: datetime
    title: str
    about: str
    text: str
    url: str
    language: str


def changes(sites: Sequence[Site], page: str) -> Content:
    """Everything that was announced of any policy, newest first."""
    found = [
        ChangeView(
            _local(each.at, site.policy.zone),
            each.document,
            each.about,
            each.text,
            relative(page, each.address),
            language,
        )
        for site in _published(sites)
        for language in (site.policy.ledger.versions[-1].language,)
        for each in announcements(site)
    ]
    return Content("changes.html", {"changes": sorted(found, key=lambda each: each.at, reverse=True)})


def _local(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone)


PARTS: Mapping[str, Callable[[Sequence[Site], str], Content]] = {"policies": policies, "changes": changes}
"""What a page can ask for, by the word that asks for it; each takes all sites and the page's address."""
