"""A clause's Markdown -> the HTML that is published, sanitised, with every id made the clause's own.

The extensions are fixed, not taken from a site's settings: a legal text reads the same on every page, in every build
and in the terminal, and what is proved about a redline is proved about what readers get.
"""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import markdown
import nh3
from lxml import html as lxml_html

from inforce import texts
from inforce.model import Clause

_EXTENSIONS = ("tables", "footnotes", "def_list", "attr_list", "admonition", "sane_lists", "fenced_code", "abbr")
_SETTINGS = {"tables": {"use_align_attribute": True}, "footnotes": {"BACKLINK_TITLE": "Back to the text"}}

# Text, lists, tables, links, images and asides. No ins and del: they would pass for a redline's own marks.
_BLOCKS = "p h3 h4 h5 h6 ul ol li dl dt dd table thead tbody tr th td caption blockquote pre hr div"
_INLINES = "a abbr b bdi bdo br cite code dfn em i img kbd mark q s samp small span strong sub sup u var time"
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
SCHEMES = frozenset(("http", "https", "mailto", "tel"))

_REFERENCE = re.compile(
    r"(?<!\\)(?:\[(?P<text>[^\]\[]+)\]\[(?P<name>[^\]\[]*)\]|\[(?P<foot>\^[^\]\s]+)\](?!:)"
    r"|(?<!\])\[(?P<alone>[^\]\[^][^\]\[]*)\](?![\[(:]))"  # [name] means a link only where something defines it
)
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
    def html(self) -> str:
        """The whole clause as one fragment, its heading an ``h2`` without number or id: what a redline compares."""
        return f"<h2>{self.heading}</h2>\n{self.body}" if self.heading else self.body


@lru_cache(maxsize=8192)
def render(clause: Clause) -> Rendered:
    """The published HTML of one clause. Never raises on any Markdown; what is not allowed is dropped."""
    heading = _inline(clause.heading) if clause.heading else ""
    body, ids = _own_ids(clean(to_html(clause.body)), clause.id)
    linked = bool(re.search(r'\b(?:href|src)="(?![a-z]+:)', body))
    return Rendered(heading, text_of(heading), body, ids, linked)


@lru_cache(maxsize=1)
def _converter() -> markdown.Markdown:
    return markdown.Markdown(extensions=list(_EXTENSIONS), extension_configs=_SETTINGS, output_format="html")


def to_html(source: str) -> str:
    """Markdown to HTML as it comes, before sanitising. Text nested too deep to convert is shown as it was written."""
    converter = _converter()
    converter.reset()
    try:
        return converter.convert(source)
    except RecursionError:
        _converter.cache_clear()  # it was left in the middle of a list or quote
        return f"<pre>{nh3.clean_text(source)}</pre>"


def clean(html: str) -> str:
    """``html`` with everything outside the allow-list dropped."""
    safe = nh3.clean(
        html,
        tags=set(TAGS),
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=set(SCHEMES),
        link_rel=None,
        strip_comments=True,
    )
    return _shown(safe)


def _shown(html: str) -> str:
    """``html`` with unusable characters replaced, not dropped: dropping one could join what the sanitiser saw apart."""
    return texts.UNUSABLE.sub("\ufffd", html)


def _inline(source: str) -> str:
    """One line of Markdown as inline HTML. Links are unwrapped: a heading is itself a link's target."""
    html = nh3.clean(
        to_html(source), tags={"em", "strong", "code", "sub", "sup", "abbr", "bdi"}, attributes={"*": {"dir", "lang"}}
    )
    return _shown(html.strip())


def text_of(html: str) -> str:
    """The text of an HTML fragment, white space folded."""
    if "<" not in html and "&" not in html:
        return " ".join(html.split())
    return " ".join(_fragment(html).text_content().split())


def words(clause: Clause) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words and marks of a clause's heading and of its body, without any format."""
    rendered = render(clause)
    spaced = re.sub(r"(</(?:p|li|h\d|t[dhr]|d[td]|pre|blockquote|div)>|<br>)", r" \1", rendered.body)
    return tuple(_WORD.findall(rendered.title)), tuple(_WORD.findall(text_of(spaced)))


def _fragment(html: str) -> lxml_html.HtmlElement:
    parser = lxml_html.HTMLParser(huge_tree=True)
    return lxml_html.fragment_fromstring(f"<div>{html}</div>", parser=parser)


def _serialised(element: lxml_html.HtmlElement) -> str:
    whole = lxml_html.tostring(element, encoding="unicode")
    return whole[len("<div>") : -len("</div>")]


def _own_ids(html: str, clause_id: str) -> tuple[str, tuple[str, ...]]:
    """Every id with the clause's own in front, and links to them likewise: two clauses may both have a footnote 1."""
    if ' id="' not in html:
        return html, ()
    root = _fragment(html)
    own = {}
    for element in root.iter():
        if (name := element.get("id")) in own:
            del element.attrib["id"]  # the first one is what a link leads to
        elif name is not None:
            own[name] = f"{clause_id}--{name}"
            element.set("id", own[name])
    for link in root.iter("a"):
        target = link.get("href", "")
        if target.startswith("#") and target[1:] in own:
            link.set("href", "#" + own[target[1:]])
    return _serialised(root), tuple(own.values())


def relocate(html: str, up: str, anchors: str = "") -> str:
    """Relative addresses of a clause, written as seen from the document's own address, as seen from another page.

    ``up`` leads from that page to the document's address (``../`` from ``/privacy/1.1/``). ``anchors`` goes in front of
    ``#other-clause`` where the page does not hold the whole text; a clause's own ids (they hold ``--``) are left alone.
    """

    def moved(match: re.Match[str]) -> str:
        attribute, address = match[1], match[2]
        if address.startswith("#"):
            return match[0] if "--" in address else f'{attribute}="{anchors}{address}"'
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or address.startswith("/"):
            return match[0]
        trailing = "/" if parts.path.endswith("/") else ""
        path = posixpath.normpath(up + parts.path) + trailing if parts.path else up
        return f'{attribute}="{parts._replace(path=path).geturl()}"'

    return re.sub(r'\b(href|src)="([^"]*)"', moved, html)


def undefined_references(sources: Sequence[tuple[str, str]]) -> list[tuple[str, int, str, str]]:
    """References and footnotes that a clause uses and does not define itself.

    ``sources`` are (clause id, Markdown). Gives (clause id, line, the reference as written, the clause that defines it
    or an empty string).
    """
    definition = re.compile(r"^ {0,3}\[(\^?[^\]\n]+)\]:", re.MULTILINE)
    defined: dict[str, str] = {}
    bare = [(name, texts.without_code(source)) for name, source in sources]
    own = {name: {key.casefold() for key in definition.findall(text)} for name, text in bare}
    for name, keys in own.items():
        defined.update(dict.fromkeys(keys, name))
    found = []
    for name, text in bare:
        for match in _REFERENCE.finditer(text):
            key = (match["alone"] or match["foot"] or match["name"] or match["text"]).casefold()
            if key not in own[name] and (not match["alone"] or key in defined):
                found.append((name, text.count("\n", 0, match.start()) + 1, match[0], defined.get(key, "")))
    return found
