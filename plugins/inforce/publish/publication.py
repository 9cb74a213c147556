"""Policies and an instant -> everything that is published, as values: pages, the entries of feeds, and files.

Pages are for an adapter to lay out, each content made when asked for: a site of thousands of pages holds one at a time.
Files are written as they are: ledger files byte for byte, what the package publishes on every site, what a host is told
about them all, the manifest. The manifest comes last, so that a deployment in this order never announces what is not
there yet. What a page shows is told by ``version`` and ``archive``.

A site of policies alone, which ``inforce build`` makes, has a home page, what its search finds and a sitemap beside
them; one that MkDocs builds brings its own.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from xml.sax.saxutils import escape

from inforce import model
from inforce.errors import InForceError
from inforce.ledger.addresses import Addresses, begun_years, lines, redline_pairs, relative, years
from inforce.model import Policy, Version
from inforce.project import Project
from inforce.publish import centre, headers, manifest
from inforce.publish.archive import clause_page, history_page, line_page, on_page, timemap
from inforce.publish.compare import compare_page
from inforce.publish.provenance import Provenance
from inforce.publish.redlines import redline_page, since_page
from inforce.publish.site import Content, Site
from inforce.publish.version import current_page, version_page
from inforce.release.proposal import DRAFT
from inforce.text.html import render, text_of

HOME_ADDRESS, HOME, MISSING, SITEMAP = "", "index.html", "404.html", "sitemap.xml"
SEARCH = "assets/inforce/search.json"


@dataclass(frozen=True)
class Publication:
    """Everything published of ``sources`` at an instant ``at`` (UTC). Raises InForceError for any error in them.

    ``base`` is the site's address, empty where it is not known; ``epoch`` is the manifest's.
    """

    sources: Project
    at: datetime
    base: str = ""
    provenance: Provenance = field(default_factory=Provenance)
    drafts: bool = False
    epoch: int = 0

    def __post_init__(self) -> None:
        if self.sources.errors:
            raise InForceError(*self.sources.errors)

    @property
    def policies(self) -> tuple[Policy, ...]:
        """The policies that are published."""
        return self.sources.policies

    def pages(self) -> Iterator["Page"]:
        """The pages of all policies."""
        for site in self.sites():
            yield from pages(site)

    def sites(self) -> Iterator[Site]:
        """What the pages of each policy are made of."""
        titles = {policy.document: policy.published_title for policy in self.policies}
        for policy in self.policies:
            yield Site(policy, self.at, self.base, self.provenance, self.drafts, titles)

    def stretch(self) -> tuple[datetime | None, datetime | None]:
        """From when on, and before when, all of it is the same but for drafts; None where no instant is known."""
        instants = [instant for site in self.sites() for instant in site.changing]
        since = max((instant for instant in instants if instant <= self.at), default=None)
        return since, min((instant for instant in instants if instant > self.at), default=None)

    def files(self, assets: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
        """What is written as bytes: (address below the site's, content). ``assets`` are the same on every site."""
        for policy in self.policies:
            for version in policy.ledger.versions:
                addresses, data = Addresses(policy.document), self.sources.files[version.path]
                yield from ((addresses.text(version.number), data), (addresses.plain_text(version.number), data))
            for event in policy.ledger.events:
                yield Addresses(policy.document).event(event.n), self.sources.files[event.path]
            if policy.ledger.versions:
                yield Addresses(policy.document).timemap, timemap(policy, self.base)
        yield from assets.items()
        yield headers.PATH, headers.encode(self.policies, self.base)
        for policy in self.policies:
            if policy.ledger.versions:
                path = Addresses(policy.document).manifest
                yield path, manifest.encode(manifest.build([policy], self.base, self.epoch, path))
        yield manifest.PATH, manifest.encode(manifest.build(self.policies, self.base, self.epoch))


@dataclass(frozen=True)
class Page:
    """One page at ``address``, a directory below the site's address with a final slash.

    ``searchable`` pages belong into the site's search index: today's text does, the archive does not. ``listed`` ones
    belong into search engines' and the sitemap: texts do, what changed between them does not. Where ``state`` is the
    same in two builds of one process, so is the content; empty where nothing is promised.
    """

    address: str
    title: str
    content: Callable[[], Content]
    searchable: bool = False
    listed: bool = True
    state: str = ""


def pages(site: Site) -> Iterator[Page]:
    """Every page of one policy, the current one first. A policy that was never released has none but its draft's."""
    for page in _pages(site):
        yield replace(page, content=partial(_addressed, site, page))


def _addressed(site: Site, page: Page) -> Content:
    """The content of a page with what its head tells of where it stands: title, address, the document's feed."""
    feed = relative(page.address, site.addresses.feed) if site.policy.ledger.versions else ""
    url = f"{site.base}{page.address}" if site.base else ""
    return replace(page.content(), title=page.title, url=url, feed=feed)


def _pages(site: Site) -> Iterator[Page]:
    if site.shown:
        state = "" if site.draft else model.digest(repr((site.state, site.shown.number)).encode())
        yield Page(site.addresses.current, site.title, partial(current_page, site), searchable=True, state=state)
    for page in _archive(site):
        yield replace(page, state=site.state)
    for version in site.policy.ledger.versions:
        yield _since(site, version)
    if site.draft:
        address, title = site.addresses.version(site.draft.number), f"{site.draft.title}, draft"
        yield Page(address, title, partial(version_page, site, site.draft), listed=False)
        if site.shown and site.shown.number != DRAFT:
            yield _redline(site, site.current or site.shown, site.draft)


def _archive(site: Site) -> Iterator[Page]:
    """What the ledger alone holds: it changes with a release, not with an edit."""
    if site.policy.ledger.versions:
        title = site.policy.published_title
        yield Page(site.addresses.archive, f"All versions of {title}", partial(history_page, site))
        for year in years(site.policy.ledger):
            address = site.addresses.year(year)
            yield Page(address, f"Versions of {title} in {year}", partial(history_page, site, year))
        yield Page(site.addresses.on, f"{title}: which version applied when", partial(on_page, site))
        for year in begun_years(site.policy.ledger):
            told = f"{title}: which version applied when, from {year}"
            yield Page(site.addresses.on_year(year), told, partial(on_page, site, year))
        told = f"{title}: compare two versions"
        yield Page(site.addresses.compare, told, partial(compare_page, site), listed=False)
    for major in lines(site.policy.ledger):
        title = f"{site.policy.published_title}, version {major}"
        yield Page(site.addresses.line(major), title, partial(line_page, site, major))
    for version in site.policy.ledger.versions:
        title = f"{version.title}, version {version.number}"
        yield Page(site.addresses.version(version.number), title, partial(version_page, site, version))
    for older, newer in redline_pairs(site.policy.ledger):
        yield _redline(site, older, newer)
    for clause, title in _clauses(site):
        yield Page(site.addresses.clause(clause), f"{title}: history", partial(clause_page, site, clause))


def _since(site: Site, version: Version) -> Page:
    """It hangs on what is in force as well, unlike the rest of the archive."""
    title = f"{version.title}: changes since version {version.number}"
    stops = (site.shown, *site.upcoming)
    state = model.digest(repr((site.state, [each and each.number for each in stops])).encode())
    content = partial(since_page, site, version)
    return Page(site.addresses.since(version.number), title, content, listed=False, state=state)


def _redline(site: Site, older: Version, newer: Version) -> Page:
    title = f"{newer.title}: changes from {older.number} to {newer.number}"
    return Page(site.redline_address(older, newer), title, partial(redline_page, site, older, newer), listed=False)


def _clauses(site: Site) -> Iterator[tuple[str, str]]:
    """Every clause that any version holds or held: its id and what it was last called."""
    seen = set()
    for version in reversed(site.policy.ledger.versions):
        for clause in version.clauses:
            if clause.id not in seen:
                seen.add(clause.id)
                yield clause.id, manifest.clause_title(site.policy, version, clause.id)


def home(publication: Publication, name: str) -> Content:
    """The home page of a site called ``name``: every policy, and everything that was announced."""
    sites = tuple(publication.sites())
    view = {"name": name, **centre.policies(sites, HOME_ADDRESS).view, **centre.changes(sites, HOME_ADDRESS).view}
    return Content("home.html", view, description="What is in force, since when, and what changed.")


def navigation(publication: Publication) -> tuple[tuple[str, str], ...]:
    """The policies that have a page: (title, address)."""
    return tuple((site.title, site.addresses.current) for site in publication.sites() if site.shown)


def search_index(publication: Publication) -> bytes:
    """The texts that stand at the policies' own addresses, clause by clause, as JSON for the site's script.

    Each row is the policy's title, the clause's heading, its text, its address and the text's language.
    """
    rows = []
    for site in publication.sites():
        shown = site.shown
        for clause in shown.clauses if shown else ():
            rendered = render(clause)
            address = f"{site.addresses.current}#{clause.id}"
            rows.append((site.title, rendered.title, text_of(rendered.body), address, shown.language if shown else ""))
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def sitemap(pages: Iterable[Page], base: str) -> bytes:
    """The sitemap of a site at ``base``: its home page and the pages that search engines are to list."""
    addresses: Sequence[str] = ["", *(page.address for page in pages if page.listed)]
    rows = "".join(f"<url><loc>{escape(base + address)}</loc></url>\n" for address in addresses)
    start = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{start}{rows}</urlset>\n".encode()
