"""What the pages of one policy share: its state at an instant, its addresses, and a version as pages point to it.

No templates, no clock. Every address in a view is relative to its page. Dates are instants with their own offset, as
the ledger writes them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from inforce import model
from inforce.changes import lineage
from inforce.changes.lineage import VersionChange
from inforce.ledger import timeline
from inforce.ledger.addresses import Addresses, has_redline, relative
from inforce.model import Event, Policy, Version
from inforce.publish.provenance import Commit, Provenance
from inforce.release.proposal import DRAFT, draft_version


@dataclass(frozen=True)
class Site:
    """Everything that the pages of one policy are made of.

    ``at`` is the instant whose state the pages show; ``base`` the site's address with a final slash, empty where it is
    not known.
    """

    policy: Policy
    at: datetime
    base: str = ""
    provenance: Provenance = field(default_factory=Provenance)
    with_draft: bool = False

    @property
    def name(self) -> str:
        """The document's id."""
        return self.policy.document

    @property
    def title(self) -> str:
        """What readers are told that the document is called: as the text at its own address calls itself."""
        return self.shown.title if self.shown else self.policy.published_title

    @cached_property
    def addresses(self) -> Addresses:
        """Where its pages stand."""
        return Addresses(self.name)

    @cached_property
    def current(self) -> Version | None:
        """The version in force."""
        return timeline.in_force(self.policy.ledger, self.at)

    @cached_property
    def upcoming(self) -> tuple[Version, ...]:
        """The versions to come."""
        return timeline.upcoming(self.policy.ledger, self.at)

    @cached_property
    def draft(self) -> Version | None:
        """The draft in the shape of a version, where it is asked for and differs from the last standing version."""
        if not self.with_draft or self.policy.draft is None:
            return None
        return draft_version(self.policy.draft, self.policy, self.at)

    @cached_property
    def shown(self) -> Version | None:
        """What the document's own address shows: the version in force, or else the next, the last, the draft.

        The last is the last that was in force. Where every version was withdrawn it is the last of them: the address
        was published, so it stays.
        """
        ledger = self.policy.ledger
        been = [v for v in ledger.standing if not timeline.standing(ledger, v, self.at).never_in_force]
        last = been or ledger.standing or ledger.versions
        return self.current or next(iter(self.upcoming), last[-1] if last else self.draft)

    @cached_property
    def changed_in(self) -> Mapping[str, Mapping[str, Version]]:
        """For each version's number, the version in which each of its clauses last changed."""
        known: dict[str, dict[str, Version]] = {}
        drafted = (self.draft,) if self.draft else ()
        for version in (*self.policy.ledger.versions, *drafted):
            before = known.get(version.amends or "", {})
            told = {change.clause for change in version.changes}
            known[version.number] = {
                name: version if name in told else before.get(name, version) for name in version.by_id
            }
        return known

    def todays_ids(self, version: Version) -> Mapping[str, str]:
        """For each clause of a published version, the id under which the text in force has it, where it does."""
        if self.current is None:
            return {}
        return lineage.heirs(lineage.between(self.policy.ledger, version, self.current))

    @cached_property
    def state(self) -> str:
        """What the pages of the archive depend on, as a digest: those of equal states are equal, address by address."""
        draft = self.policy.draft
        numbers = [version.number for version in (self.current, *self.upcoming) if version]
        told = (self.policy.ledger.head, numbers, draft and draft.settings, self.base, self.provenance)
        return model.digest(repr(told).encode())

    def redline_address(self, older: Version, newer: Version) -> str:
        """The address of the pair's redline; empty where it has none."""
        drafted = newer.number == DRAFT != older.number and older == (self.current or self.shown)
        if drafted or has_redline(self.policy.ledger, older, newer):
            return self.addresses.redline(older.number, newer.number)
        return ""


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
