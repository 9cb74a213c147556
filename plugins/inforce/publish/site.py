"""What the pages of one policy share: its state at an instant, its addresses, and a version as pages point to it.

No templates, no clock. Every address in a view is relative to its page. Dates are instants with their own offset, as
the ledger writes them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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


def shows_editors(policy: Policy) -> bool:
    """Whether a policy's pages name the people who edited and committed."""
    return policy.draft is not None and policy.draft.settings.show_editors


@dataclass(frozen=True)
class Site:
    """Everything that the pages of one policy are made of.

    ``at`` is the instant that chooses which version stands at the document's own address, and so which one the pages
    since a version lead to first, and nothing else: what a page says holds by the ledger alone, whenever it is read.
    ``base`` is the site's address with a final slash, empty where it is not known. ``titles`` are those of all policies
    of the site by their ids.
    """

    policy: Policy
    at: datetime
    base: str = ""
    provenance: Provenance = field(default_factory=Provenance)
    with_draft: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)

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

    @property
    def shows_editors(self) -> bool:
        """Whether its pages name the people who edited and committed."""
        return shows_editors(self.policy)

    @property
    def contact(self) -> str:
        """Where readers reach whoever publishes the policy; empty where only its ledger is at hand."""
        return self.policy.draft.settings.contact if self.policy.draft else ""

    @cached_property
    def current(self) -> Version | None:
        """The version in force."""
        return timeline.in_force(self.policy.ledger, self.at)

    @cached_property
    def upcoming(self) -> tuple[Version, ...]:
        """The versions that take effect later."""
        return timeline.upcoming(self.policy.ledger, self.at)

    @cached_property
    def draft(self) -> Version | None:
        """The draft in the shape of a version, where it is to be shown and differs from the last standing version.

        Editors ask for it; the public is shown what the policy invites comments on.
        """
        if self.policy.draft is None or not (self.with_draft or self.comments_until):
            return None
        return draft_version(self.policy.draft, self.policy, self.at)

    @cached_property
    def _comments(self) -> tuple[datetime, ...]:
        """When a draft is opened for comment, when the last day of that begins, when it is over; nothing if never."""
        settings = self.policy.draft.settings if self.policy.draft else None
        if settings is None or settings.comments_from is None or settings.comments_until is None:
            return ()
        days = settings.comments_from, settings.comments_until, settings.comments_until + timedelta(days=1)
        return tuple(timeline.midnight(day, settings.zone) for day in days)

    @property
    def comments_from(self) -> datetime | None:
        """The first day, at its beginning, on which the draft is open for comment; None where it is not open."""
        return self._comments[0] if self._comments and self._comments[0] <= self.at < self._comments[2] else None

    @property
    def comments_until(self) -> datetime | None:
        """The last day, at its beginning, on which the draft is open for comment; None where it is not open."""
        return self._comments[1] if self.comments_from else None

    @cached_property
    def changing(self) -> tuple[datetime, ...]:
        """Every instant with which something that is published changes, though nobody has edited or released anything.

        Between two of them only the draft's own pages hang on ``at``.
        """
        ledger = self.policy.ledger
        found = {*(version.effective for version in ledger.versions), *self._comments[::2]}
        return tuple(sorted(found | ({ledger.retired_at} if ledger.retired_at else set())))

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
    def open_periods(self) -> tuple[timeline.Period, ...]:
        """The periods in which a reader of its pages can be."""
        return timeline.open_periods(self.policy.ledger)

    @cached_property
    def released(self) -> frozenset[str]:
        """The ids of every clause that any version has."""
        return frozenset(name for version in self.policy.ledger.versions for name in version.by_id)

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

    @cached_property
    def newest(self) -> Version:
        """The last version that applies, as the ledger has it, at any time; of a ledger where none does, the latest."""
        applying = [period.version for period in timeline.periods(self.policy.ledger) if period.version]
        newest = applying[-1] if applying else self.policy.ledger.latest
        assert newest
        return newest

    def newest_ids(self, version: Version) -> Mapping[str, str]:
        """For each clause of a published version, the id under which the newest version has it, where it does."""
        return lineage.heirs(lineage.between(self.policy.ledger, version, self.newest))

    @cached_property
    def state(self) -> str:
        """What the pages of the archive depend on, as a digest: those of equal states are equal, address by address."""
        draft = self.policy.draft
        told = (self.policy.ledger.head, draft and draft.settings, self.base, self.provenance, self.titles)
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
    ``data`` is JSON-LD, empty where the page has none. ``warnings`` are for whoever builds the site. Of a page with an
    address ``title`` and ``url`` say what it is called and where it stands, ``feed`` leads to the document's feed; each
    is empty where it is not known.
    """

    template: str
    view: Mapping[str, Any]
    headings: tuple[tuple[str, str], ...] = ()
    description: str = ""
    links: tuple[tuple[str, str], ...] = ()
    feed: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    title: str = ""
    url: str = ""


@dataclass(frozen=True)
class VersionView:
    """One version as other pages point to it. ``standing`` is as the ledger's last entry left it.

    ``redline`` leads to what it changed, empty where it has none, ``since`` to what has changed since.
    """

    version: Version
    standing: timeline.Standing
    url: str
    text: str
    redline: str
    since: str
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
    before = ledger.amended_by(shown)
    return VersionView(
        version=shown,
        standing=timeline.standing(ledger, shown, timeline.recorded(ledger)),
        url=relative(page, site.addresses.version(shown.number)),
        text=relative(page, site.addresses.text(shown.number)),
        redline=link(page, site, before, shown),
        since=relative(page, site.addresses.since(shown.number)),
        errata=ledger.errata(shown.number),
        withdrawal=ledger.withdrawals.get(shown.number),
        commit=site.provenance.versions.get(shown.path),
    )


@dataclass(frozen=True)
class Ending:
    """When a document ends or ended, and what takes its place: a title and a link, empty where nothing does.

    ``over`` says that it had ended when the ledger was written.
    """

    at: datetime
    reason: str
    over: bool
    successor: str
    url: str


def ending(site: Site, page: str) -> Ending | None:
    """The end of the document as ``page`` tells it; None where none is known."""
    ledger, event = site.policy.ledger, site.policy.ledger.retirement
    if event is None or ledger.retired_at is None:
        return None
    over = timeline.is_retired(ledger, timeline.recorded(ledger))
    url = relative(page, Addresses(event.replaced_by).current) if event.replaced_by else ""
    return Ending(ledger.retired_at, event.reason, over, site.titles.get(event.replaced_by, event.replaced_by), url)


@dataclass(frozen=True)
class Now:
    """What a script shows between two instants: the number of the version that applies then, and where it stands."""

    since: datetime | None
    until: datetime | None
    number: str
    url: str


def now(site: Site, page: str, clauses: Mapping[str, str] | None = None) -> tuple[Now, ...]:
    """What can be so when ``page`` is read. ``clauses`` are the ids by version of the clause that the page is about."""
    found = []
    for period in site.open_periods:
        number = period.version.number if period.version else ""
        anchor = f"#{clauses[number]}" if clauses and number in clauses else ""
        url = relative(page, f"{site.addresses.version(number)}{anchor}") if number else ""
        found.append(Now(period.since, period.until, number, url))
    return tuple(found)


def around(site: Site, page: str, clauses: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What every page of a policy tells beside its own matter: what can be so ``now``, and the other ``ways``."""
    return {"now": now(site, page, clauses), **ways(site, page)}


def ways(site: Site, page: str) -> dict[str, str]:
    """Where ``page`` leads to beside versions, by the name that templates have for it."""
    addresses = site.addresses
    found = {"current_url": addresses.current, "history": addresses.archive, "on": addresses.on}
    found |= {"compare": addresses.compare, "feed": addresses.feed, "timemap": addresses.timemap}
    return {name: relative(page, address) for name, address in found.items()}


def link(page: str, site: Site, older: Version | None, newer: Version) -> str:
    """The redline of a pair as a link on ``page``; empty where it has none."""
    address = site.redline_address(older, newer) if older else ""
    return relative(page, address) if address else ""


def by_year(found: Iterable[tuple[Version, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Versions and where a page leads for each, for a list of a line a year: (year of announcement, (number, link))."""
    lines: dict[str, list[tuple[str, str]]] = {}
    for version, url in found:
        lines.setdefault(str(version.announced.year), []).append((version.number, url))
    return list(lines.items())


def editors(site: Site, changes: Sequence[VersionChange]) -> tuple[str, ...]:
    """Who changed the clause's file for any of these changes, as git knows it, the latest first, if that is shown."""
    if not site.shows_editors:
        return ()
    return tuple(dict.fromkeys(commit.author for commit in site.provenance.of(reversed(changes))))
