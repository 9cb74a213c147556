"""What the plugin puts into a site: pages whose content comes from a publication, and files published byte for byte.

MkDocs sees them as files in memory that nobody wrote, so other plugins find no path behind them.
"""

import logging
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from html import escape
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import AnchorLink, TableOfContents

from inforce.adapters.finished import Finisher
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


class PublishedFile(File):
    """A file published byte for byte, whatever its name ends in: others may link to it, nothing renders it."""

    def is_documentation_page(self) -> bool:
        """A ledger file is no page's source, though it is Markdown."""
        return False

    def copy_file(self, dirty: bool = False) -> None:
        """Nothing yet, where MkDocs copies files: this one waits for the pages."""
