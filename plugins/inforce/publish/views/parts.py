"""What the views of several kinds of page share: the content of a page, and a version as other pages point to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from inforce import model
from inforce.changes.lineage import VersionChange
from inforce.ledger import timeline
from inforce.ledger.addresses import relative
from inforce.model import Commit, Event, Version
from inforce.publish.policy import Site

INTRODUCTION = "Introduction"
"""What the preamble is called where it needs a name."""


@dataclass(frozen=True)
class Content:
    """What a template shows of one page, and what goes into its head.

    ``headings`` are (title, anchor) for the table of contents, ``links`` (link relation, address relative to the page),
    ``feed`` is the address of the feed, ``data`` JSON-LD, both empty where the page has none. ``warnings`` are for
    whoever builds the site.
    """

    template: str
    view: Mapping[str, Any]
    headings: tuple[tuple[str, str], ...] = ()
    description: str = ""
    links: tuple[tuple[str, str], ...] = ()
    feed: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class VersionView:
    """One version as other pages point to it."""

    version: Version
    standing: timeline.Standing
    url: str
    text: str
    redline: str
    errata: tuple[Event, ...]
    withdrawal: Event | None
    commit: Commit | None

    @property
    def hexadecimal(self) -> str:
        """The file's digest as ``sha256sum`` prints it."""
        return model.hexadecimal(self.version.digest)


def version_view(site: Site, shown: Version, page: str) -> VersionView:
    """``shown`` as ``page`` points to it."""
    ledger = site.policy.ledger
    before = ledger.by_number.get(shown.amends or "")
    return VersionView(
        version=shown,
        standing=timeline.standing(ledger, shown, site.at),
        url=relative(page, site.addresses.version(shown.number)),
        text=relative(page, site.addresses.text(shown.number)),
        redline=link(page, site, before, shown),
        errata=ledger.errata(shown.number),
        withdrawal=ledger.withdrawals.get(shown.number),
        commit=site.provenance.versions.get(shown.path),
    )


def link(page: str, site: Site, older: Version | None, newer: Version) -> str:
    """The redline of a pair as a link on ``page``; empty where it has none."""
    address = site.redline_address(older, newer) if older else ""
    return relative(page, address) if address else ""


def editors(site: Site, changes: Sequence[VersionChange]) -> tuple[str, ...]:
    """Who changed the clause's file for any of these changes, as git knows it; the latest first."""
    files = [(v.path, name) for v, change in reversed(changes) for name in (change.clause, *change.was)]
    commits = [commit for file in files for commit in site.provenance.edits.get(file, ())]
    return tuple(dict.fromkeys(commit.author for commit in commits))
