"""Policies -> the site's pages as values: the address plan, and for each page the content that is made when asked for.

A site of thousands of pages holds one content at a time. What a page shows is the business of ``views``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from inforce.ledger.addresses import redline_pairs
from inforce.model import Version
from inforce.publish import manifest, views
from inforce.publish.policy import Site
from inforce.publish.views import Content
from inforce.release.proposal import DRAFT


@dataclass(frozen=True)
class Page:
    """One page at ``address``, a directory below the site's address with a final slash.

    ``searchable`` pages belong into the search index: today's text does, the archive does not. Where ``state`` is the
    same in two builds of one process, so is the content; empty where nothing is promised.
    """

    address: str
    title: str
    content: Callable[[], Content]
    searchable: bool = False
    state: str = ""


def pages(site: Site) -> Iterator[Page]:
    """Every page of one policy, the current one first. A policy that was never released has none but its draft's."""
    if site.shown:
        yield Page(site.addresses.current, site.title, partial(views.current, site), searchable=True)
    for page in _archive(site):
        yield replace(page, state=site.state)
    if site.draft:
        address, title = site.addresses.version(site.draft.number), f"{site.draft.title}, draft"
        yield Page(address, title, partial(views.version, site, site.draft))
        if site.shown and site.shown.number != DRAFT:
            yield _redline(site, site.current or site.shown, site.draft)


def _archive(site: Site) -> Iterator[Page]:
    """What the ledger alone holds: it changes with a release, not with an edit."""
    if site.policy.ledger.versions:
        title = f"All versions of {site.title}"
        yield Page(site.addresses.archive, title, partial(views.history, site))
    for version in site.policy.ledger.versions:
        title = f"{version.title}, version {version.number}"
        yield Page(site.addresses.version(version.number), title, partial(views.version, site, version))
    for older, newer in redline_pairs(site.policy.ledger):
        yield _redline(site, older, newer)
    for clause, title in _clauses(site):
        yield Page(site.addresses.clause(clause), f"{title}: history", partial(views.clause, site, clause))


def _redline(site: Site, older: Version, newer: Version) -> Page:
    title = f"{newer.title}: changes from {older.number} to {newer.number}"
    return Page(site.redline_address(older, newer), title, partial(views.redline, site, older, newer))


def _clauses(site: Site) -> Iterator[tuple[str, str]]:
    """Every clause that any version holds or held: its id and what it was last called."""
    seen = set()
    for version in reversed(site.policy.ledger.versions):
        for clause in version.clauses:
            if clause.id not in seen:
                seen.add(clause.id)
                yield clause.id, manifest.clause_title(site.policy, version, clause.id)
