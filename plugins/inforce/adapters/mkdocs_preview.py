"""A live preview that builds what is edited, and lays out a page of the archive when somebody asks for it.

An archive of thousands of pages is the same after an edit, and nearly none of them is looked at. So MkDocs builds all
other pages, and each of these only when its address is asked for, by the steps that MkDocs takes for any page. This is
the one place that reaches into its builder; a build that is no preview makes every page.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from mkdocs.commands import build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation

from inforce.adapters.mkdocs_pages import PolicyPage

notes = logging.getLogger("inforce")


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
