"""What the plugin puts into a site: pages whose content comes from a publication, and files published byte for byte.

MkDocs sees them as files in memory that nobody wrote, so other plugins find no path behind them.

A live preview builds what is edited, and lays out a page of the archive when somebody asks for it: an archive of
thousands of pages is the same after an edit, and nearly none of them is looked at. So MkDocs builds all other pages,
and each of these only when its address is asked for, by the steps that MkDocs takes for any page. That is the one place
that reaches into its builder; a build that is no preview makes every page.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mkdocs.commands import build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import AnchorLink, TableOfContents

from inforce.adapters.files import FOLDERS
from inforce.adapters.site_builder import Finisher
from inforce.errors import InForceError
from inforce.publish.publication import Page
from inforce.text.html import ids_in

notes = logging.getLogger("inforce")
"""Outside MkDocs' own loggers: under --strict a warning there would throw away a site in which nothing is wrong."""


_TICK = 10**8
"""The time of a file may lag behind the clock by so many nanoseconds."""
_IN_HEADS = b"og:title"
"""What the head of every page of ours holds, however it was minified."""
_ANGLES = str.maketrans("<>", "‹›")


@lru_cache(maxsize=8192)
def for_chrome(text: str) -> str:
    """Return plain text as a theme may put it anywhere around a page: themes print titles as they are.

    Escaped, so that no quote ends an attribute. Angle brackets become others: a theme that strips tags from a title
    unescapes it, too, and would print them bare. The page itself says the text with its own characters.
    """
    return escape(text.translate(_ANGLES))


class PolicyPage(MkDocsPage):
    """A page whose content comes from a publication instead of Markdown.

    Today's text is there when MkDocs renders pages, so that it is searched and linked to like any other. A page of the
    archive is made when it is written: a site of thousands holds one at a time, and no search index finds text in it.
    """

    def __init__(self, page: Page, file: File, config: MkDocsConfig, *, built: str, finisher: Finisher) -> None:
        super().__init__(for_chrome(page.title), file, config)
        self.source = page
        self.update_date = built
        self.head = ""
        self.headed = False  # until the theme has laid it out, with a head
        self.finisher = finisher

    def render(self, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002
        """What MkDocs calls in place of converting Markdown."""
        self.links_to_anchors = {}
        self.content = ""
        self.toc = TableOfContents([])
        self.meta["draft"] = True  # until on_page_content: mkdocs-rss-plugin opens the file of every page but drafts
        if self.source.searchable:
            self.fill()
        else:
            self.meta["search"] = {"exclude": True}

    @cached_property
    def present_anchor_ids(self) -> set[str]:  # type: ignore[override]
        """The ids that other pages may link to, read when MkDocs asks: few pages of an archive are linked to so."""
        return ids_in(self.finisher.finish(self.source).html)

    def fill(self) -> None:
        """Make the content and its table of contents."""
        try:
            made = self.finisher.finish(self.source)
        except InForceError as error:
            raise PluginError(str(error)) from None
        self.content = made.html
        self.toc = TableOfContents([AnchorLink(for_chrome(title), anchor, 2) for title, anchor in made.headings])
        if self.source.searchable:
            self.present_anchor_ids = ids_in(self.content)  # today's text is what other pages link to
        self.head = made.head
        self.meta["description"] = for_chrome(made.description)
        for warning in made.warnings:
            notes.warning("%s.", warning)


def replaced(pages: Iterable[PolicyPage], since: int) -> Iterator[str]:
    """Yield the addresses of pages in whose place something else was written after an instant (ns), or nothing is."""
    for page in (page for page in pages if page.headed):
        path = Path(page.file.abs_dest_path)
        try:
            if path.stat().st_mtime_ns < since - _TICK or _IN_HEADS in path.read_bytes():
                continue
        except FileNotFoundError:
            pass
        yield page.url


def refuse_sources(found: Files, root: Path) -> None:
    """Raise PluginError where a draft would be published as a page of the site's own: nobody has released it."""
    folders = [root / folder for folder in FOLDERS]
    for file in found.src_uris.values():
        path = file.abs_src_path and file.inclusion.is_included() and Path(file.abs_src_path).resolve()
        if path and any(folder in path.parents for folder in folders):
            place, cure = path.relative_to(root).as_posix(), "Set docs_dir to a folder of its own, or use exclude_docs"
            raise PluginError(f"{place}: It would be published as it is, released or not: docs_dir holds it. {cure}.")


def titles(nav: Any) -> Iterator[tuple[str, str]]:
    """Yield each entry of the nav that has a title of its own: (title, source address)."""
    for entry in nav if isinstance(nav, list) else [nav]:
        for title, inner in entry.items() if isinstance(entry, dict) else ():
            if isinstance(inner, str):
                yield str(title), inner
            else:
                yield from titles(inner)


class PublishedFile(File):
    """A file published byte for byte, whatever its name ends in: others may link to it, nothing renders it."""

    def is_documentation_page(self) -> bool:
        """A ledger file is no page's source, though it is Markdown."""
        return False

    def copy_file(self, dirty: bool = False) -> None:
        """Nothing yet, where MkDocs copies files: this one waits for the pages."""


class Preview:
    """What one `mkdocs serve` has to lay out; waits while a build is under way, and a build waits for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._building = False
        self._pages: dict[str, PolicyPage] = {}
        self._files: dict[str, File] = {}
        self.nav: Navigation | None = None
        self.env: Any = None

    def begin(self) -> None:
        """A build begins: until it has ended, nothing is laid out."""
        if not self._building:  # one that failed before it began may have left it so
            self._lock.acquire()
            self._building = True

    def end(self) -> None:
        """A build has ended, well or not."""
        if self._building:
            self._building = False
            self._lock.release()

    def leave(self, pages: Iterable[PolicyPage], files: Iterable[File], all_files: Files, config: MkDocsConfig) -> None:
        """Leave these to be laid out when they are asked for."""
        self._pages = {page.file.dest_uri: page for page in pages}
        self._files = {file.dest_uri: file for file in files}
        self._all, self._config = all_files, config

    @property
    def addresses(self) -> tuple[str, ...]:
        """The files that were left, below the site's address."""
        return *self._pages, *self._files

    def app(self, serve: Callable[..., Any]) -> Callable[..., Any]:
        """The server's application ``serve``, after what it is to find has been laid out."""

        def answer(environ: Mapping[str, Any], start_response: Any) -> Any:
            path = str(environ["PATH_INFO"]).encode("latin-1").decode("utf-8", "ignore")
            try:
                self.lay_out(path)
            except Exception as error:  # of a theme, or of another plugin: the server answers that nothing is there
                notes.error("%s cannot be shown: %s", path, error)
            return serve(environ, start_response)

        return answer

    def lay_out(self, path: str) -> None:
        """Write what is to stand at a path of the server, if it was left and is not there yet."""
        with self._lock:
            if not (self._pages or self._files):
                return
            mount = urlsplit(self._config.site_url or "/").path
            address = path.removeprefix(mount).lstrip("/")
            page = next((p for name in _names(address) if (p := self._pages.pop(name, None))), None)
            if page and self.nav:
                documents = self._all.documentation_pages(inclusion=InclusionLevel.is_in_serve)
                build._populate_page(page, self._config, self._all)
                build._build_page(page, self._config, documents, self.nav, self.env)
            elif file := self._files.pop(address, None):
                File.copy_file(file)


def _names(address: str) -> tuple[str, ...]:
    """The files that can stand for an address, written with its last slash or without."""
    return address, f"{address.rstrip('/')}/index.html"
