"""Finished pages kept between two builds of a live preview, so that an edit shows soon in a site of many versions.

A page is kept as long as two things stay the same: what its content depends on (its state), and what the theme puts
around it (the chrome, known by how the theme lays out a page of its own). It knows neither MkDocs nor templates.
"""

import zlib

from inforce.model import digest


class Kept:
    """Pages by address, as they were written. Compressed: a few thousand of them fit into some tens of megabytes."""

    def __init__(self) -> None:
        self._chrome = ""
        self._pages: dict[str, tuple[str, bytes]] = {}

    def surround(self, sample: str) -> None:
        """Tell how the theme lays out a page now; whatever was kept under another chrome is forgotten."""
        if (chrome := digest(sample.encode())) != self._chrome:
            self._chrome = chrome
            self._pages.clear()

    def get(self, address: str, state: str) -> str:
        """The finished page at ``address`` if it was kept in this state; empty otherwise."""
        kept = self._pages.get(address)
        return zlib.decompress(kept[1]).decode() if kept and kept[0] == state else ""

    def put(self, address: str, state: str, page: str) -> None:
        """Keep a finished page, unless it is not known what surrounds it."""
        if self._chrome:
            self._pages[address] = state, zlib.compress(page.encode(), 1)
