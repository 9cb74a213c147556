"""A clause's Markdown -> the HTML that is published, sanitised, with every id made the clause's own.

The extensions are fixed, not taken from a site's settings: a legal text reads the same on every page, in every build
and in the terminal, and what is proved about a redline is proved about what readers get.
"""

import posixpath
import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from urllib.parse import urlsplit

import nh3
from lxml import html as lxml_html

from inforce.model import Clause
from inforce.text import characters, markdown

# Text, lists, tables, links, images and asides. No ins and del: they would pass for a redline's own marks.
_BLOCKS = "p h3 h4 h5 h6 ul ol li dl dt dd table thead tbody tr th td caption blockquote pre hr div"
_INLINES = "a abbr b bdi br cite code dfn em i img kbd mark q s samp small span strong sub sup u var time"
TAGS = frozenset((*_BLOCKS.split(), *_INLINES.split()))
_ATTRIBUTES = {
    "*": {"id", "title", "dir", "lang"},
    "a": {"href"},
    "abbr": {"title"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
_ADMONITIONS = {"admonition", "note", "warning", "tip", "important", "info", "example", "danger", "caution", "footnote"}
_CLASSES = {
    "div": _ADMONITIONS,
    "p": {"admonition-title"},
    "a": {"footnote-ref", "footnote-backref"},
}
INTRODUCTION = "Introduction"
"""What the preamble is called where it needs a name."""
SCHEMES = frozenset(("http", "https", "mailto", "tel"))

_TAG = re.compile(r'<([a-z][a-z0-9]*)((?: [^\s"=<>]+="[^"]*")+)(?=>)')
_ATTRIBUTE = re.compile(r' ([^\s"=<>]+)="([^"]*)"')
_WORD = re.compile(r"\w[\w'’.\-]*\w|\w|[^\w\s]")


@dataclass(frozen=True)
class Rendered:
    """A clause as HTML: its heading's inline HTML (empty for the preamble), the heading as text, and the HTML below it.

    ``ids`` are those that the body defines, prefixed; ``linked`` says whether anything in it depends on the page's
    place.
    """

    heading: str
    title: str
    body: str
    ids: tuple[str, ...]
    linked: bool

    @property
    def name(self) -> str:
        """What the clause is called: its heading as text."""
        return self.title or INTRODUCTION

    @property
    def html(self) -> str:
        """The whole clause as one fragment, its heading an ``h2`` without number or id: what a redline compares."""
        return f"<h2>{self.heading}</h2>\n{self.body}" if self.heading else self.body


@lru_cache(maxsize=8192)
def render(clause: Clause) -> Rendered:
    """The published HTML of one clause. Never raises on any Markdown; what is not allowed is dropped."""
    read = markdown.read(clause.text if clause.heading else clause.body)
    heading = _inline(read.heading_html) if clause.heading else ""
    body, ids = _own_ids(clean(read.html_below if clause.heading else read.html), clause.id)
    linked = bool(re.search(r'\b(?:href|src)="(?![a-z]+:)', body))
    return Rendered(heading, text_of(heading), body, ids, linked)


def document(source: str) -> str:
    """The sanitised HTML of a whole Markdown file, which, unlike a clause, brings its own ``h1`` and ``h2``."""
    return clean(markdown.read(source).html, TAGS | {"h1", "h2"})


def clean(html: str, tags: Set[str] = TAGS) -> str:
    """``html`` with everything outside the allow-list dropped."""
    safe = nh3.clean(
        html,
        tags=set(tags),
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=set(SCHEMES),
        link_rel=None,
        strip_comments=True,
    )
    return _shown(safe)


def _shown(html: str) -> str:
    """``html`` with unusable characters replaced, not dropped: dropping one could join what the sanitiser saw apart.

    Those that turn or hide text, which an old version may hold, are shown as signs.
    """
    return characters.signed(characters.UNUSABLE.sub("\ufffd", html))


def _inline(html: str) -> str:
    """A heading's HTML with its links unwrapped: it is itself a link's target."""
    kept = {"em", "strong", "code", "sub", "sup", "abbr", "bdi"}
    return _shown(nh3.clean(html, tags=kept, attributes={"*": {"dir", "lang"}}).strip())


def text_of(html: str) -> str:
    """The text of an HTML fragment, white space folded."""
    if "<" not in html and "&" not in html:
        return " ".join(html.split())
    return " ".join(_fragment(html).text_content().split())


@lru_cache(maxsize=512)
def words(clause: Clause) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words and marks of a clause's heading and of its body, without any format."""
    rendered = render(clause)
    spaced = re.sub(r"(</(?:p|li|h\d|t[dhr]|d[td]|pre|blockquote|div)>|<br>)", r" \1", rendered.body)
    return tuple(_WORD.findall(rendered.title)), tuple(_WORD.findall(text_of(spaced)))


def _fragment(html: str) -> lxml_html.HtmlElement:
    parser = lxml_html.HTMLParser(huge_tree=True)
    return lxml_html.fragment_fromstring(f"<div>{html}</div>", parser=parser)


def _rewritten(html: str, rewrite: Callable[[str, str, str], str]) -> str:
    """``html`` with each attribute as ``rewrite(tag, name, value)`` gives it; text that looks like one is left alone.

    ``html`` is as a serialiser writes it: no bare ``<`` in text, values in double quotes. It is not parsed and written
    anew, because libxml2 leaves out end tags, and text behind them would change its place.
    """

    def tag(match: re.Match[str]) -> str:
        attributes = _ATTRIBUTE.sub(lambda found: rewrite(match[1], found[1], found[2]), match[2])
        return f"<{match[1]}{attributes}"

    return _TAG.sub(tag, html)


def _own_ids(html: str, clause_id: str) -> tuple[str, tuple[str, ...]]:
    """Every id with the clause's own in front, and links to them likewise: two clauses may both have a footnote 1."""
    own: dict[str, str] = {}

    def identify(_: str, name: str, value: str) -> str:
        if name != "id":
            return f' {name}="{value}"'
        if value in own:
            return ""  # the first one is what a link leads to
        own[value] = f"{clause_id}--{value}"
        return f' id="{own[value]}"'

    def link(tag: str, name: str, value: str) -> str:
        if (tag, name, value[:1]) == ("a", "href", "#") and value[1:] in own:
            return f' href="#{own[value[1:]]}"'
        return f' {name}="{value}"'

    if ' id="' not in html:
        return html, ()
    owned = _rewritten(html, identify)
    return _rewritten(owned, link), tuple(unescape(name) for name in own.values())


def relocate(html: str, up: str, anchors: str = "") -> str:
    """Relative addresses of a clause, written as seen from the document's own address, as seen from another page.

    ``up`` leads from that page to the document's address (``../`` from ``/privacy/1.1/``). ``anchors`` goes in front of
    ``#other-clause`` where the page does not hold the whole text; a clause's own ids (they hold ``--``) are left alone.
    """

    def moved(_: str, name: str, address: str) -> str:
        return f' {name}="{_moved(address, up, anchors) if name in ("href", "src") else address}"'

    return _rewritten(html, moved)


def without_ids(html: str) -> str:
    """A clause's HTML as it may stand often on one page: without ids, and so without links to those of its own."""

    def kept(tag: str, name: str, value: str) -> str:
        own = (tag, name, value[:1]) == ("a", "href", "#") and "--" in value
        return "" if own or name == "id" else f' {name}="{value}"'

    return _rewritten(html, kept)


def with_lost_ids(html: str) -> str:
    """A redline in which removed text has its ids again where the new text has not: links in it still lead there."""
    taken = {
        value for _, attributes in _TAG.findall(html) for name, value in _ATTRIBUTE.findall(attributes) if name == "id"
    }

    def named(_: str, name: str, value: str) -> str:
        if name == "data-redline-id" and value not in taken:
            taken.add(value)
            name = "id"
        return f' {name}="{value}"'

    return _rewritten(html, named)


def _moved(address: str, up: str, anchors: str) -> str:
    if address.startswith("#"):
        return address if "--" in address else f"{anchors}{address}"
    try:
        parts = urlsplit(address)
    except ValueError:  # no address at all, such as //[
        return address
    if parts.scheme or parts.netloc or address.startswith("/"):
        return address
    trailing = "/" if parts.path.endswith("/") else ""
    path = posixpath.normpath(up + parts.path) + trailing if parts.path else up
    return parts._replace(path=path).geturl()
