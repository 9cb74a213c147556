"""A saved web page -> the Markdown of the policy in it, and what of the page is none of it.

The page's own parts around the text (navigation, header, footer, forms) are left out and told. markdownify writes the
Markdown; that no word of the text was lost on the way is proved on what the result shows.
"""

import copy
import re
from dataclasses import dataclass
from typing import cast

import nh3
from lxml import etree, html
from markdownify import MarkdownConverter

from inforce.errors import fail
from inforce.importing import conservation, source
from inforce.importing.source import Left
from inforce.text import characters
from inforce.text.html import SCHEMES, TAGS, document, text_of

_PAGE = re.compile(
    rb"\A[\s\xef\xbb\xbf]*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_AROUND = "nav | header[not(.//h1)] | footer | aside | form | button | *[@role='navigation'] | *[@role='banner']"
_SILENT = "script | style | noscript | template | svg | iframe"
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.Z+-]*)?\Z")
_TEXT = ("//main", "//*[@role='main']", "//article", "//body")


@dataclass(frozen=True)
class Page:
    """``markdown`` with the page's title and language as front matter; ``left`` is what was around the text."""

    markdown: bytes
    left: tuple[Left, ...]


def is_page(data: bytes, path: str) -> bool:
    """Return whether a source is a web page: by its name or its beginning."""
    return path.lower().endswith((".html", ".htm", ".xhtml")) or bool(_PAGE.match(data))


def read(data: bytes, path: str) -> Page:
    """Return the policy in a page. Raises InForceError where there is no text, or a word of it could not be kept."""
    try:
        page = html.document_fromstring(data, parser=html.HTMLParser(huge_tree=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise fail(path, 0, "empty", "There is no page in it", "Save the page as HTML once more") from None
    _cleaned(page)
    root = next((each for query in _TEXT for each in _found(page, query) if _text(each)), page)
    _dropped(page, _SILENT)
    front = _front(page, root)
    around = [*_dropped(root, _AROUND), *_outside(page, root)]
    left = tuple(Left(0, 0, "navigation", text) for text in around if text)
    markdown = _markdown(root)
    if _shown(markdown) != conservation.letters(_text(root)):
        what = "Its words would not be kept in Markdown"
        cure = "Save the text as Markdown, and please report this as a fault of inforce"
        raise fail(path, 0, "text-lost", what, cure)
    return Page(f"{front}{markdown}".encode(), left)


def _cleaned(page: html.HtmlElement) -> None:
    """Takes out characters that the parser reads and does not write."""
    for element in page.iter():
        for place in ("text", "tail"):
            if characters.UNUSABLE.search(getattr(element, place) or ""):
                setattr(element, place, characters.UNUSABLE.sub("", getattr(element, place)))


def _found(element: html.HtmlElement, query: str) -> list[html.HtmlElement]:
    return cast("list[html.HtmlElement]", element.xpath(query))


def _text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _dropped(root: html.HtmlElement, query: str) -> list[str]:
    """The texts of what ``query`` finds below ``root``, which is taken out."""
    found = []
    for element in _found(root, " | ".join(f".//{each}" for each in query.split(" | "))):
        if element.getparent() is not None:
            found.append(_text(element))
            element.drop_tree()
    return found


def _outside(page: html.HtmlElement, root: html.HtmlElement) -> list[str]:
    """The texts of the page's body that are no part of ``root``, which is taken out of it."""
    if root.tag in ("body", "html"):
        return []
    root.drop_tree()
    return [_text(element) for element in _found(page, "//body/*")]


def _markdown(root: html.HtmlElement) -> str:
    root = copy.deepcopy(root)
    for heading in _found(root, " | ".join(f".//h{level}" for level in range(1, 7))):
        given = (heading.get("id"), *(a.get("name") or a.get("id") for a in heading.iter("a")))
        names = [name for name in given if name and re.fullmatch(r"[\w.-]+", name)]
        heading.text = (heading.text or "") + "".join(f"\ue000{name}\ue001" for name in names)
    written = etree.tostring(root, encoding="unicode", method="html")
    safe = nh3.clean(written, tags=set(TAGS | {"h1", "h2"}), link_rel=None, url_schemes=set(SCHEMES))
    converter = MarkdownConverter(heading_style="atx", bullets="-", autolinks=False, escape_misc=True)
    markdown = str(converter.convert(safe)).strip() + "\n"
    backslash = "\\"  # which the converter puts before a name's hyphens and the like
    return re.sub("\ue000(.*?)\ue001", lambda name: f'<a name="{name[1].replace(backslash, "")}"></a>', markdown)


def _shown(markdown: str) -> str:
    """The letters and digits that a reader of the Markdown sees."""
    blocks = (("#" * block.level + " " + block.text).strip() for block in source.blocks(markdown))
    return conservation.letters(text_of(document("\n\n".join(blocks))))


def _front(page: html.HtmlElement, root: html.HtmlElement) -> str:
    """The page's title and language, and the days that it tells to programs."""
    title = " ".join((page.findtext(".//title") or "").split())
    known = {"title": title, "lang": (page.get("lang") or "").strip()}
    dated = [(meta.get("name") or meta.get("property") or "", meta.get("content")) for meta in _found(page, "//meta")]
    dated += [("time", time.get("datetime")) for time in _found(root, ".//time")]
    known |= {re.sub(r"[^\w-]", "-", name): day for name, day in reversed(dated) if name and _DAY.match(day or "")}
    lines = [f"{key}: {value}" for key, value in known.items() if value]
    return "".join(f"{line}\n" for line in ("---", *lines, "---")) if lines else ""
