"""A publication's pages laid out, by whatever layout goes around them, and kept from one build to the next; and a site.

The plugin puts what is laid out here into a theme. :class:`Builder` puts a plain page around it and writes a folder of
files: no generator, no theme, nothing from another host.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from inforce.adapters import cache, files, output, templates
from inforce.adapters.cache import Cache, digest_of
from inforce.adapters.output import OutputFile, Report
from inforce.ledger.addresses import relative
from inforce.publish import headers, publication
from inforce.publish.compare import fragments
from inforce.publish.publication import Page, Publication
from inforce.publish.site import Content, Site

STYLE, SCRIPT, SEARCH = (f"assets/inforce/{name}" for name in ("inforce.css", "inforce.js", "search.js"))
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
        self._made_by = digest_of(cache.made_by(), [(path.name, path.read_bytes()) for path in theirs])

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
        return digest_of(self._made_by, *told)


@dataclass(frozen=True)
class Builder:
    """Builds ``publication`` as a site called ``name``; ``beside`` another site, its policies' pages alone.

    The other one keeps its home page, its page for what is not found, its sitemap, and ``_headers`` if it has them.
    """

    publication: Publication
    name: str
    copyright: str = ""
    beside: bool = False
    kept: Cache = field(default_factory=lambda: Cache(None))
    warn: Callable[[str], object] = lambda _: None

    def into(self, folder: Path) -> Report:
        """Write the site. Raises InForceError where something else stands in its place."""
        return output.put(folder, self._files(folder))

    @cached_property
    def _frame(self) -> Frame:
        policies = publication.navigation(self.publication)
        return Frame(self.name, self.copyright, policies, self.publication.base)

    def _files(self, folder: Path) -> Iterator[OutputFile]:
        """Pages first, the manifest last: as they take their places, none leads to what is not there yet."""
        pages, finisher = tuple(self.publication.pages()), Finisher(self.kept)
        around = digest_of(cache.made_by(), self._frame)
        for page in pages:
            name = finisher.name_of(page) if self.kept.on else ""
            yield OutputFile(
                f"{page.address}index.html", name and f"{around} {name}", partial(self._page, page, finisher)
            )
        names = [finisher.name_of(page) for page in pages]
        all_pages = digest_of(around, names) if self.kept.on and all(names) else ""
        if not self.beside:
            yield from (OutputFile(address, all_pages, make) for address, make in self._other_pages(pages))
        yield OutputFile(publication.SEARCH, all_pages, partial(publication.search_index, self.publication))
        yield _bytes(STYLE, files.asset("site.css") + files.asset("inforce.css"))
        yield _bytes(SCRIPT, files.asset("inforce.js"))
        yield _bytes(SEARCH, files.asset("search.js"))
        for address, name, make in finisher.files(self.publication):
            yield OutputFile(address, name if self.kept.on else "", make)
        for address, data in self.publication.files(files.site_files()):
            if address != headers.PATH:
                yield _bytes(address, data)
            elif not self.beside:
                yield _bytes(address, headers.encode(self.publication.policies, self.publication.base, headers.OWN))
            elif not (folder / headers.PATH).exists() or output.is_ours(folder, headers.PATH):
                yield _bytes(address, data)

    def _page(self, page: Page, finisher: Finisher) -> bytes:
        laid = finisher.finish(page)
        for warning in laid.warnings:
            self.warn(f"{warning}.")
        return self._frame.around(page.title, page.address, laid)

    def _other_pages(self, pages: tuple[Page, ...]) -> Iterator[tuple[str, Callable[[], bytes]]]:
        """What a site has beside its policies' pages, by address: it hangs on nothing that these do not hang on."""
        yield publication.HOME, self._home
        yield publication.MISSING, self._missing
        if self.publication.base:
            yield publication.SITEMAP, partial(publication.sitemap, pages, self.publication.base)

    def _home(self) -> bytes:
        home = publication.home(self.publication, self.name)
        return self._frame.around(self.name, "", Finished(templates.render(home), "", (), home.description, ()))

    def _missing(self) -> bytes:
        root = urlsplit(self.publication.base).path or "/"
        content = Content("missing.html", {"home": root})
        laid = Finished(templates.render(content), templates.head(content, listed=False), (), "", ())
        return self._frame.around("Not found", "", laid, root)


def _bytes(address: str, data: bytes) -> OutputFile:
    return OutputFile(address, sha256(data).hexdigest(), lambda: data)
