"""A clause's Markdown -> the HTML that is published, sanitised, with every id made the clause's own.

Nothing stands between the sanitiser and a page, and no pattern is laid over HTML. What it gave is ``Sanitised``; pages
print no other text as it is. What becomes of it on another page is told in ``rewriting``.

The extensions are fixed, not taken from a site's settings: a legal text reads the same on every page, in every build
and in the terminal, and what is proved about a redline is proved about what readers get.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence, Set
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

import nh3
from lxml import html as lxml_html

from inforce.model import Clause
from inforce.text import characters, markdown

# Text, lists, tables, links, images and asides. No ins and del: they would pass for a redline's own marks.
_BLOCKS = "p h3 h4 h5 h6 ul ol li dl dt dd table thead tbody tr th td caption blockquote pre hr div"
_INLINES = "a abbr b bdi br cite code dfn em i img kbd mark q s samp small span strong sub sup u var time"
TAGS = frozenset((*_BLOCKS.split(), *_INLINES.split()))
ATTRIBUTES = {
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
_VALUES = {"li": {"type": {"none"}}}
"""An item that says its own mark shows no other."""
_CLASSES = {
    "div": _ADMONITIONS,
    "p": {"admonition-title"},
    "a": {"footnote-ref", "footnote-backref"},
}
INTRODUCTION = "Introduction"
"""What the preamble is called where it needs a name."""
MARKS = frozenset(
    f"redline-{mark}"
    for mark in (
        *("added", "block", "format", "from", "go", "left", "moved", "next", "number", "relaid", "removed", "say"),
        *("space", "step"),
    )
)
"""The classes of a redline's marks; see ``redline.marks``, which writes them and ``data-redline-…`` attributes, and
``redline.reach``, which links them."""
SCHEMES = frozenset(("http", "https", "mailto", "tel"))

_MARKED = TAGS | {"h1", "h2", "ins", "del", "details", "summary"}
_MARKED_CLASSES = {tag: MARKS | _CLASSES.get(tag, set()) for tag in _MARKED} | {"details": {"if-same"}}
_SCROLLED = {tag: {"tabindex": "0"} for tag in ("table", "pre")}
_HEADING = nh3.Cleaner(tags={"em", "strong", "code", "sub", "sup", "abbr", "bdi"}, attributes={"*": {"dir", "lang"}})
_TEXT = nh3.Cleaner(tags=set(), clean_content_tags=set(), strip_comments=True)
_ENDS = ("br", *(tag for tag in _BLOCKS.split() if tag not in ("ul", "ol", "dl", "hr")))
"""Elements behind which a word ends."""
_RUN = frozenset(("", "text/javascript", "application/javascript", "module", "importmap"))
"""Types of scripts that run, or say what others load."""
_NOTES = '<div class="footnote">\n<hr>\n<ol>\n', "\n</ol>\n</div>"
"""What stands around the footnotes at the end of a text."""
_SCHEME = re.compile(r"[a-z]+:")
_WORD = re.compile(r"\w[\w'’.\-]*\w|\w|[^\w\s]")


Rewrite = Callable[[str, str, str], str | None]
"""(tag, attribute, its value as text) -> the value to publish; None leaves the attribute out."""


class Sanitised(str):
    """HTML as the sanitiser gave it."""

    __slots__ = ()


@dataclass(frozen=True)
class Rendered:
    """A clause as HTML: its heading's inline HTML (empty for the preamble), the heading as text, and the HTML below it.

    ``ids`` are those that the body defines, prefixed; ``links`` the addresses that its links lead to, ids prefixed
    likewise; ``linked`` says whether anything in it depends on the page's place.
    """

    heading: Sanitised
    title: str
    body: Sanitised
    ids: tuple[str, ...]
    links: tuple[str, ...]
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
    read = markdown.read(as_drafted(clause))
    heading = _inline(read.heading_html) if clause.heading else Sanitised()
    body, ids, addresses = _own(read.html_below if clause.heading else read.html, clause.id)
    links = tuple(address for name, address in addresses if name == "href")
    linked = any(not _SCHEME.match(address) for _, address in addresses)
    return Rendered(heading, text_of(heading), body, ids, links, linked)


def together(clauses: Sequence[Clause]) -> str:
    """The texts of clauses as one, with the footnotes of all in one list at its end, as they stand once it is one."""
    if len(clauses) == 1:
        return render(clauses[0]).html
    texts, notes = [], []
    for html in (render(clause).html for clause in clauses):
        text, opening, items = html.rpartition(_NOTES[0])
        listed = bool(opening) and items.endswith(_NOTES[1])
        texts.append(text.removesuffix("\n") if listed else html)
        notes += [items.removesuffix(_NOTES[1])] if listed else []
    return "\n".join((*texts, *(["\n".join(notes).join(_NOTES)] if notes else ())))


def name_of(clause: Clause) -> str:
    """What the clause is called, as ``render`` tells it; a heading that refers to nothing is read by itself."""
    if "[" in clause.heading or not clause.heading:
        return render(clause).name
    return text_of(_inline(markdown.read(as_drafted(clause).partition("\n")[0]).heading_html)) or INTRODUCTION


def as_drafted(clause: Clause) -> str:
    """A clause's Markdown as most often in the draft's file, which was read already; it makes the same page."""
    if clause.heading.endswith(("}", "#")):  # without the id behind them, they would be no text
        return clause.text
    return f"## {clause.heading}\n\n{clause.body}" if clause.heading else clause.body


def document(source: str) -> Sanitised:
    """The sanitised HTML of a whole Markdown file, which, unlike a clause, brings its own ``h1`` and ``h2``.

    Its characters are composed, as a release composes those of a clause: one letter written in two ways is no change.
    """
    return clean(markdown.read(unicodedata.normalize("NFC", source)).html, TAGS | {"h1", "h2"})


def is_published(tag: str, name: str, value: str) -> bool:
    """Whether an attribute of a clause's raw HTML reaches its page, whatever becomes of the address that it holds."""
    if name == "class":
        return set(value.split()) <= _CLASSES.get(tag, set())
    known = ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set())
    return name in known or value in _VALUES.get(tag, {}).get(name, ())


def ends_in_tag(html: str) -> bool:
    """Whether the sanitiser would take what follows ``html`` for a part of its last tag, and leave it out."""
    return not _TEXT.clean(f"{html}x").endswith("x")


def clean(html: str, tags: Set[str] = TAGS, rewrite: Rewrite | None = None) -> Sanitised:
    """``html`` with everything outside the allow-list dropped, and each attribute that stays as ``rewrite`` gives it.

    The sanitiser looks at addresses before ``rewrite`` does: it must give none a scheme.
    """
    return _published(html, frozenset(tags), rewrite)


def marked(html: str, rewrite: Rewrite | None = None, scrolled: bool = False) -> Sanitised:
    """The same for a redline, whose marks stay; what can be wider than a phone is in the keyboard's reach if asked."""
    return _published(html, _MARKED, rewrite, scrolled)


def _published(html: str, tags: Set[str], rewrite: Rewrite | None, scrolled: bool = False) -> Sanitised:
    """What the sanitiser leaves: nothing is published that was not through this."""
    if rewrite:
        _REWRITE.set(rewrite)
    return Sanitised(_shown(_cleaner(tags, rewrite is not None, scrolled).clean(html)))


_REWRITE: ContextVar[Rewrite] = ContextVar("_REWRITE")
"""What becomes of the attributes of the HTML that is being cleaned."""


@lru_cache
def _cleaner(tags: Set[str], rewriting: bool, scrolled: bool) -> nh3.Cleaner:
    """To make one takes longer than to clean a paragraph, so there is none for each rewrite."""
    return nh3.Cleaner(
        tags=set(tags),
        allowed_classes=_MARKED_CLASSES if tags is _MARKED else _CLASSES,
        generic_attribute_prefixes={"data-redline-"} if tags is _MARKED else None,
        set_tag_attribute_values=_SCROLLED if scrolled else {},
        attributes=ATTRIBUTES,
        attribute_filter=_rewritten if rewriting else None,
        url_schemes=set(SCHEMES),
        link_rel=None,
        strip_comments=True,
        tag_attribute_values=_VALUES,
    )


def _rewritten(tag: str, name: str, value: str) -> str | None:
    """A value, its unusable characters replaced as they will be, as the rewrite at hand gives it."""
    return _REWRITE.get()(tag, name, _shown(value))


def _shown(html: str) -> str:
    """``html`` with unusable characters replaced, not dropped: dropping one could join what the sanitiser saw apart.

    Those that turn or hide text, which an old version may hold, are shown as signs.
    """
    return characters.signed(characters.UNUSABLE.sub("\ufffd", html))


def _inline(html: str) -> Sanitised:
    """A heading's HTML with its links unwrapped: it is itself a link's target."""
    return Sanitised(_shown(_HEADING.clean(html).strip()))


def text_of(html: str) -> str:
    """The text of an HTML fragment, white space folded."""
    if "<" not in html and "&" not in html:
        return " ".join(html.split())
    return " ".join(fragment(html).text_content().split())


@lru_cache(maxsize=512)
def words(clause: Clause) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words and marks of a clause's heading and of its body, without any format; equal ones are one string."""
    rendered = render(clause)
    body = fragment(rendered.body)
    for element in body.iter(*_ENDS):
        element.tail = f" {element.tail or ''}"
    parts = (rendered.title, " ".join(body.text_content().split()))
    heading, below = (tuple(map(_held, _WORD.findall(part))) for part in parts)
    return heading, below


@lru_cache(maxsize=1 << 15)
def _held(word: str) -> str:
    return word


def fragment(html: str) -> lxml_html.HtmlElement:
    """A fragment's elements, in one of their own."""
    return lxml_html.fragment_fromstring(html, create_parent="div", parser=lxml_html.HTMLParser(huge_tree=True))


def ids_in(html: str) -> set[str]:
    """The ids that a page's content defines."""
    return set(map(str, fragment(html).xpath(".//@id")))  # what lxml gives keeps its tree


def links_in(html: str) -> list[str]:
    """Where the links of a fragment lead, in order."""
    return list(map(str, fragment(html).xpath(".//a/@href")))


def brought(page: str) -> Iterator[tuple[str, str]]:
    """What a whole page brings, chrome and all: (element, address), or ("", text) for a script that stands in it.

    Data in a ``script`` of another type is no script.
    """
    parser = lxml_html.HTMLParser(huge_tree=True, encoding="utf-8")
    tree = lxml_html.document_fromstring(page.strip().encode() or b"<html>", parser=parser)
    for element in tree.iter("script", "link", "img", "iframe", "source", "video", "audio"):
        address = element.get("href" if element.tag == "link" else "src", "")
        if element.tag == "script" and not address and element.get("type", "") in _RUN:
            yield "", element.text or ""
        elif address and (element.tag != "link" or "stylesheet" in element.get("rel", "").split()):
            yield element.tag, address


def _own(html: str, clause_id: str) -> tuple[Sanitised, tuple[str, ...], Sequence[tuple[str, str]]]:
    """Sanitised HTML, every id with the clause's own in front, and links to them likewise; the ids; the addresses.

    Two clauses may both have a footnote 1. An address is (``href`` or ``src``, address).
    """
    own: dict[str, str] = {}
    addresses: list[tuple[str, str]] = []

    def identify(_: str, name: str, value: str) -> str | None:
        if name in ("href", "src"):
            addresses.append((name, value))
        if name != "id":
            return value
        if value in own:
            return None  # the first one is what a link leads to
        own[value] = f"{clause_id}--{value}"
        return own[value]

    def link(_: str, name: str, value: str) -> str | None:
        leads = name == "href" and value[:1] == "#" and value[1:] in names
        return identify("", name, f"#{names[value[1:]]}" if leads else value)

    body, names = _published(html, TAGS, identify), own.copy()
    if any(name == "href" and value[:1] == "#" and value[1:] in own for name, value in addresses):
        own.clear()
        addresses.clear()
        body = _published(html, TAGS, link)
    return body, tuple(own.values()), addresses
