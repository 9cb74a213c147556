"""A page's content laid out, by whatever layout goes around it: made once, and kept from one build to the next."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from inforce.adapters import cache, templates
from inforce.adapters.cache import Cache
from inforce.ledger.addresses import relative
from inforce.publish.compare import fragments
from inforce.publish.publication import Page, Publication
from inforce.publish.site import Site

STYLE, SCRIPT = "assets/inforce/inforce.css", "assets/inforce/inforce.js"
"""Where what pages are dressed with stands, below the site's address."""


@dataclass(frozen=True)
class Finished:
    """One page's HTML, what goes into its head, and what a layout says of it; see ``publish.site.Content``."""

    html: str
    head: str
    headings: tuple[tuple[str, str], ...]
    description: str
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Frame:
    """What stands around every page of a site without a theme; ``policies`` are (title, address), in its header."""

    name: str
    copyright: str
    policies: tuple[tuple[str, str], ...]
    base: str

    def around(self, title: str, page: str, laid: Finished, root: str = "") -> bytes:
        """Return the page at the address ``page`` as HTML; ``root`` leads to the site's own address from there."""
        return templates.whole(
            site=self,
            title=title,
            page=page,
            root=root or relative(page, ""),
            canonical=f"{self.base}{page}" if self.base and not root else "",
            laid=laid,
        ).encode()


class Finisher:
    """Lays pages out with our templates, those of the folders in ``overrides`` before them, and keeps them."""

    def __init__(self, kept: Cache, overrides: Sequence[str] = ()) -> None:
        self._kept = kept
        self.overrides = overrides
        theirs = (path for folder in overrides for path in sorted((Path(folder) / "inforce").glob("*.html")))
        made_by = repr((cache.made_by(), [(path.name, path.read_bytes()) for path in theirs]))
        self._made_by = hashlib.sha256(made_by.encode()).hexdigest()

    def finish(self, page: Page) -> Finished:
        """Return the page laid out. Raises InForceError for a theme's template that cannot be used."""
        name = self.name_of(page)
        if name and (found := self._kept.get(name)):
            beside, _, text = found.decode().partition("\n")
            head, headings, description, warnings = json.loads(beside)
            return Finished(text, head, tuple((t, a) for t, a in headings), description, tuple(warnings))
        content = page.content()
        html = templates.render(content, self.overrides)
        head = templates.head(content, listed=page.listed)
        made = Finished(html, head, content.headings, content.description, content.warnings)
        if name:
            beside = json.dumps((head, made.headings, made.description, made.warnings), ensure_ascii=False)
            self._kept.put(name, f"{beside}\n{html}".encode())
        return made

    def files(self, publication: Publication) -> Iterator[tuple[str, str, Callable[[], bytes]]]:
        """Return what templates make beside the pages: each policy's feed, and what scripts read of it.

        Each is an address, a digest of everything that the file hangs on, and how it is made.
        """
        for site in publication.sites():
            if site.policy.ledger.versions:
                name = self._name("feed", site.name, site.state, site.comments_from, site.draft is not None)
                yield site.addresses.feed, name, partial(templates.atom, site)
        for site in publication.sites():
            yield from self._fragments(site)

    def _fragments(self, site: Site) -> Iterator[tuple[str, str, Callable[[], bytes]]]:
        name = self._name("fragments", site.name, site.state)
        made: dict[str, bytes] = {}

        def make() -> None:
            for address, content in fragments(site):
                made[address] = templates.render(content, self.overrides).encode()
                self._kept.put(f"{name} {address}", made[address])
            self._kept.put(name, json.dumps([*made]).encode())

        def text(address: str) -> bytes:
            if not made and (found := self._kept.get(f"{name} {address}")) is not None:
                return found
            if not made:
                make()  # it was kept, and dropped since
            return made[address]

        if (found := self._kept.get(name)) is None:
            make()
        for address in made or json.loads(found or b"[]"):
            yield address, f"{name} {address}", partial(text, address)

    def name_of(self, page: Page) -> str:
        """A digest of everything that the page hangs on; empty where nothing is promised."""
        return self._name(page.address, page.state, page.listed) if page.state else ""

    def _name(self, *told: object) -> str:
        return hashlib.sha256(repr((self._made_by, *told)).encode()).hexdigest()
