"""Published HTML -> the same on another page, or once more on its own: where its addresses lead, which ids it has.

Whatever is changed in HTML is changed on the sanitiser's own tree, or before it is sanitised once more.
"""

import posixpath
from collections.abc import Callable
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from urllib.parse import SplitResult, urlsplit

from inforce.text.html import Rewrite, Sanitised, clean, ids_in, marked

Attributes = list[tuple[str, str | None]]
"""A tag's attributes in their order: (name, value)."""


def parsed(address: str) -> SplitResult | None:
    """The parts of an address; None of what is none at all, such as ``//[``."""
    try:
        return urlsplit(address)
    except ValueError:
        return None


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


def moved(up: str, anchors: str = "") -> Rewrite:
    """Have relative addresses of a clause, written as seen from the document's own address, lead there from elsewhere.

    ``up`` leads from that page to the document's address (``../`` from ``/privacy/1.1/``). ``anchors`` goes in front of
    ``#other-clause`` where the page does not hold the whole text; a clause's own ids (they hold ``--``) are left alone.
    """
    return lambda _, name, value: _moved(value, up, anchors) if name in ("href", "src") else value


def prefixed(prefix: str, lead: Rewrite) -> Rewrite:
    """``lead``, and then ``prefix`` in front of ids and of links to them: so two texts can stand on one page.

    The top of the page is that of all texts on it.
    """

    def kept(tag: str, name: str, value: str) -> str | None:
        led = lead(tag, name, value)
        if led in (None, "#", "#top") or not (name == "id" or (name == "href" and led.startswith("#"))):
            return led
        return f"{prefix}{led}" if name == "id" else f"#{prefix}{led[1:]}"

    return kept


@lru_cache(maxsize=2048)
def elsewhere(html: str, up: str, anchors: str = "") -> Sanitised:
    """Sanitised HTML with its addresses ``moved``: most clauses are the same on hundreds of pages."""
    return clean(html, rewrite=moved(up, anchors))


def quoted(html: str, up: str, anchors: str) -> Sanitised:
    """A redline as it may stand often on one page, below a heading of that page, its addresses ``moved``.

    It has no ids, so what moved is not linked with the place that it left, and its headings are one level deeper.
    """
    return once_more(Tags(_deeper).rewritten(html), moved(up, anchors))


def once_more(html: str, lead: Rewrite | None = None) -> Sanitised:
    """A redline, or a part of one, that stands on its page already: without ids, and so without links to its own.

    Other attributes are as ``lead`` gives them.
    """
    return marked(html, _without_ids(lead))


def _without_ids(lead: Rewrite | None) -> Rewrite:
    def kept(tag: str, name: str, value: str) -> str | None:
        own = (tag, name, value[:1]) == ("a", "href", "#") and "--" in value
        if own or name == "id":
            return None
        return lead(tag, name, value) if lead else value

    return kept


@lru_cache(maxsize=512)
def with_lost_ids(html: str, up: str) -> Sanitised:
    """A redline, its addresses ``moved``, whose removed text has its ids again where the new text has none of these."""
    if "data-redline-id" not in html:
        return marked(html, moved(up))
    taken = ids_in(html)

    def named(tag: str, attributes: Attributes) -> tuple[str, Attributes]:
        kept = []
        for name, value in attributes:
            lost = name == "data-redline-id" and value not in taken
            kept.append(("id" if lost else name, value))
            taken.update((value or "",) if lost else ())
        return tag, kept

    return marked(Tags(named).rewritten(html), moved(up))


def _deeper(tag: str, attributes: Attributes) -> tuple[str, Attributes]:
    return (f"h{int(tag[1]) + 1}" if tag in ("h2", "h3", "h4", "h5") else tag), attributes


def _moved(address: str, up: str, anchors: str) -> str:
    if address.startswith("#"):
        return address if "--" in address else f"{anchors}{address}"
    parts = parsed(address)
    if not parts or parts.scheme or parts.netloc or address.startswith("/"):
        return address
    trailing = "/" if parts.path.endswith("/") else ""
    path = posixpath.normpath(up + parts.path) + trailing if parts.path else up
    if ":" in path.partition("/")[0]:
        path = f"./{path}"  # what stands before it is no scheme
    return parts._replace(path=path).geturl()
