"""What a site of policies alone has beside their pages: a home page, what its search finds, a sitemap.

For ``inforce build``, which needs no generator; a site that MkDocs builds brings its own. Frozen values and bytes, no
templates: every address is below the site's.
"""

import json
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from inforce.publish import centre
from inforce.publish.publication import Page, Publication
from inforce.publish.site import Content
from inforce.text.html import render, text_of

HOME_ADDRESS, HOME, MISSING, SITEMAP = "", "index.html", "404.html", "sitemap.xml"
SEARCH = "assets/inforce/search.json"


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
