"""Rewrites the tags of HTML one by one, and leaves all else as it is written. Sanitises nothing."""

from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

Attributes = list[tuple[str, str | None]]
"""A tag's attributes in their order: (name, value)."""


class Tags(HTMLParser):
    """Rewrites tags of HTML, which is sanitised afterwards; all that stands between them stays as it is written."""

    def __init__(self, rewrite: Callable[[str, Attributes], tuple[str, Attributes]]) -> None:
        super().__init__(convert_charrefs=False)
        self._rewrite = rewrite
        self._out: list[str] = []

    def rewritten(self, html: str) -> str:
        """``html`` with its tags rewritten."""
        self.feed(html)
        self.close()
        return "".join(self._out)

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """A start tag."""
        name, attributes = self._rewrite(tag, attrs)
        written = "".join(f' {key}="{escape(value or "")}"' for key, value in attributes)
        self._out.append(f"<{name}{written}>")

    def handle_endtag(self, tag: str) -> None:
        """An end tag."""
        self._out.append(f"</{self._rewrite(tag, [])[0]}>")

    def handle_data(self, data: str) -> None:
        """Text."""
        self._out.append(data)

    def handle_entityref(self, name: str) -> None:
        """A character by its name."""
        self._out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """A character by its number."""
        self._out.append(f"&#{name};")
