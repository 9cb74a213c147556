"""What a site of policies alone has beside their pages: a home page, what its search finds, a sitemap.

For ``inforce build``, which needs no generator; a site that MkDocs builds brings its own. Frozen values and bytes, no
templates: every address is below the site's.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from inforce.ledger import timeline
from inforce.ledger.addresses import Addresses
from inforce.model import Version
from inforce.publish.publication import Page, Publication
from inforce.publish.site import Content, Site
from inforce.text.html import render, text_of

HOME, MISSING, SITEMAP = "index.html", "404.html", "sitemap.xml"
SEARCH = "assets/inforce/search.json"


@dataclass(frozen=True)
class PolicyLine:
    """One policy on the home page, as its own page shows it. ``coming`` are the versions that apply after that."""

    title: str
    shown: Version
    over: bool
    url: str
    history: str
    coming: tuple[Version, ...]


def home(publication: Publication, name: str) -> Content:
    """The home page of a site called ``name``: every policy that has a page, with what holds and what comes next."""
    lines = []
    for policy in publication.policies:
        site = Site(policy, publication.at, publication.base, with_draft=publication.drafts)
        if site.shown:
            ended = timeline.is_over(policy.ledger, site.shown) if policy.ledger.versions else False
            addresses = Addresses(policy.document)
            lines.append(PolicyLine(site.title, site.shown, ended, addresses.current, addresses.archive, site.upcoming))
    summary = "What is in force, since when, and what changed."
    return Content("home.html", {"name": name, "policies": lines}, description=summary)


def navigation(publication: Publication) -> tuple[tuple[str, str], ...]:
    """The policies that have a page: (title, address)."""
    sites = (Site(each, publication.at, with_draft=publication.drafts) for each in publication.policies)
    return tuple((site.title, site.addresses.current) for site in sites if site.shown)


def search_index(publication: Publication) -> bytes:
    """The texts that stand at the policies' own addresses, clause by clause, as JSON for the site's script.

    Each row is the policy's title, the clause's heading, its text, its address and the text's language.
    """
    rows = []
    for policy in publication.policies:
        site = Site(policy, publication.at, with_draft=publication.drafts)
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
