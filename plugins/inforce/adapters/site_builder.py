"""A publication -> a folder of files, by our own layout: no generator, no theme, nothing from another host.

Views and templates are those that the MkDocs plugin shows; here a plain page goes around them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from inforce.adapters import cache, files, output, templates
from inforce.adapters.cache import Cache
from inforce.adapters.finished import SCRIPT, STYLE, Finished, Finisher, Frame
from inforce.adapters.output import Made, Report
from inforce.publish import headers, publication
from inforce.publish.publication import Page, Publication
from inforce.publish.site import Content

SEARCH = "assets/inforce/search.js"


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

    def _files(self, folder: Path) -> Iterator[Made]:
        """Pages first, the manifest last: as they take their places, none leads to what is not there yet."""
        pages, finisher = tuple(self.publication.pages()), Finisher(self.kept)
        around = sha256(repr((cache.made_by(), self._frame)).encode()).hexdigest()
        for page in pages:
            name = finisher.name_of(page) if self.kept.on else ""
            yield Made(f"{page.address}index.html", name and f"{around} {name}", partial(self._page, page, finisher))
        names = [finisher.name_of(page) for page in pages]
        all_pages = sha256(repr((around, names)).encode()).hexdigest() if self.kept.on and all(names) else ""
        if not self.beside:
            yield from (Made(address, all_pages, make) for address, make in self._other_pages(pages))
        yield Made(publication.SEARCH, all_pages, partial(publication.search_index, self.publication))
        yield _bytes(STYLE, files.asset("site.css") + files.asset("inforce.css"))
        yield _bytes(SCRIPT, files.asset("inforce.js"))
        yield _bytes(SEARCH, files.asset("search.js"))
        for address, name, make in finisher.files(self.publication):
            yield Made(address, name if self.kept.on else "", make)
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


def _bytes(address: str, data: bytes) -> Made:
    return Made(address, sha256(data).hexdigest(), lambda: data)
