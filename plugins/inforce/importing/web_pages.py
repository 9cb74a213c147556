"""A saved web page -> the Markdown of the policy in it, and what of the page is none of it.

The page's own parts around the text (navigation, banners, footers, forms) are left out and told. Two things are proved:
the words that the Markdown shows are those that the policy's part shows, in order; and with those that are told to have
been left out, they are all of the page, as another parser reads it from the bytes.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from lxml import etree, html

from inforce.errors import InForceError, fail
from inforce.importing import conservation, encodings, markup, page_markdown, source
from inforce.importing.conservation import Stands
from inforce.importing.source import Left
from inforce.text import characters
from inforce.text.html import document

_PAGE = re.compile(
    rb"\A[\s\xef\xbb\xbf]*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_XML = re.compile(r"\A\s*<\?xml[^>]*>")
_ROLES = ("navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog")
_IN_TEXT = "(ancestor::main or ancestor::article or ancestor::section) and (.//h2 or .//h3 or .//h4)"
"""A header that heads a section, and no page."""
_AROUND = " | ".join(
    (
        *("nav", f"header[not(.//h1)][not({_IN_TEXT})]", "footer", "aside", "form", "button", "select", "dialog"),
        *(f"*[@role='{role}'][not(.//h1)]" for role in _ROLES),
    )
)
_WRAPPING = ".//form | .//dialog | .//*[@role='dialog' or @role='alertdialog']"
_ROW = (
    "self::*[self::thead or self::tbody or self::tfoot or self::tr or self::th or self::td or self::caption]"
    "/ancestor::table[1][.//th or not(.//p or .//div or .//ul or .//table)]"
)
_SILENT = "script | style | title"
_HIDDEN = " | ".join(("noscript", "template", "svg", "iframe", "audio", "canvas", "object", "video"))
_REMARK = "msocom"
_REMARKS = " | ".join(
    (
        f"*[starts-with(@class, '{_REMARK}')] | *[contains(@style, 'mso-element:comment')]",
        "a[starts-with(@id, 'cmnt_ref')] | div[p/a[starts-with(@id, 'cmnt')][not(starts-with(@id, 'cmnt_ref'))]]",
    )
)
"""What Word and Google Docs write of reviewers' comments, which stand beside a text."""
_HIDES = "@hidden or re:test(@style, 'display\\s*:\\s*none|visibility\\s*:\\s*hidden', 'i')"
_UNSHOWN = f".//*[{_HIDES}][not(ancestor::*[{_HIDES}])]"
_SAID = 60
"""Characters of a text by which an editor finds it."""
_STYLED_MARKS = re.compile(
    r"(?:counter\([\w-]+|list-style(?:-type)?\s*:\s*(?:lower|upper)-\w+)(?=[^<]*</style)", re.IGNORECASE
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.Z+-]*)?\Z")
_TEXT = ("//main", "//*[@role='main']", "//article")
_NAMED = re.compile(
    r"(?:(?:site|page|main|global|top|primary|secondary)[-_]?)?(?:nav(?:bar|igation)?|menu|header|footer|sidebar|masthead)"
    r"|page-metadata|sharedaddy|sharethis\S*|addthis\S*|comments-area|comment-respond|breadcrumbs?|top-?bar|skip-?(?:link|nav|to)\S*|onetrust-\S*|gdpr-\S*"
    r"|(?:cookie|consent)s?[-_]?(?:banner|bar|consent|popup|modal|dialog|overlay)\S*",
    re.IGNORECASE,
)
"""What sites call, in a class or an id, the parts of a page that stand around its text."""


@dataclass(frozen=True)
class Page:
    """``markdown`` with the page's title and language as front matter; ``left`` is what was around the text.

    ``told`` is what an editor should know of how it was read.
    """

    markdown: bytes
    left: tuple[Left, ...]
    told: tuple[str, ...] = ()


def is_page(data: bytes, path: str) -> bool:
    """Return whether a source is a web page: by its name or its beginning."""
    return path.lower().endswith((".html", ".htm", ".xhtml")) or bool(_PAGE.match(data))


def read(data: bytes, path: str, encoding: str = "") -> Page:
    """Return the policy in a page, in the ``encoding`` that an editor names, or else as the page is found to be.

    Raises InForceError where there is no text, or a word of it could not be kept.
    """
    decoded = encodings.decode(data, path, encoding, page=True)
    try:
        parser = html.HTMLParser(huge_tree=True, encoding="utf-8")
        opening = source.front_matter(decoded.text)  # which the engine of a site read, and no reader saw
        page = html.document_fromstring(_XML.sub("", decoded.text[len(opening) :]).encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise fail(path, 0, "empty", "There is no page in it", "Save the page as HTML once more") from None
    _cleaned(page)
    title = page.findtext(".//title") or ""
    _dropped(page, _SILENT)
    hidden, remarks, around = _dropped(page, _HIDDEN), _dropped(page, _REMARKS), _named_around(page)
    root = _root(page)
    _opened(root)
    front = _front(page, root, title, opening)
    around += [*_dropped(root, _AROUND, "\n"), *_outside(page, root)]
    left = [("front matter", opening), *(("navigation", text) for text in around)]
    left += [("hidden part", text) for text in hidden] + [("reviewer's comment", text) for text in remarks]
    try:
        markdown, numbered = page_markdown.write(root)
    except RecursionError:
        raise fail(path, 0, "depth", "Its parts stand too deep in one another", "Save the text as Markdown") from None
    shown = _shown(numbered)
    words = [word for _, text in left for word in conservation.words(text)]
    _prove(conservation.characters_of(data, decoded.encoding, path), [*shown, *words], path)
    if shown != (before := _seen(root).words):
        _, was, now = conservation.differing(before, shown)
        raise _lost(path, 0, f"“{was}” in the page, here “{now}”")
    told = (*filter(None, (decoded.told,)), *_undecided(root), *_unsure(root, decoded.text))
    return Page(f"{front}{markdown}".encode(), tuple(Left(0, 0, why, text) for why, text in left if text), told)


def _undecided(root: html.HtmlElement) -> Iterator[str]:
    """What an editor is told of changes that are marked in the page itself; see ``markup.undecided``."""
    for element in _found(root, ".//ins | .//del"):
        if text := _text(element):
            yield markup.proposed(text, "inserted" if element.tag == "ins" else "deleted")


def _unsure(root: html.HtmlElement, page: str) -> Iterator[str]:
    """What an editor is told of what no page tells without its style: what readers saw of it, and before it."""
    for element in _found(root, _UNSHOWN):
        if text := _text(element)[:_SAID]:
            yield f"“{text}” is hidden on the page as it was saved, and stays: make sure that readers could see it"
    if items := _found(root, ".//p[contains(@style, 'mso-list:') or starts-with(@class, 'MsoListParagraph')]"):
        yield f"Word's list items ({len(items)}) are paragraphs that begin with their marks: make lists of them"
    if _found(root, ".//ol") and (styled := _STYLED_MARKS.search(page)):
        yield f"the page's style ({styled[0]}) writes marks that stand in no text: compare them with the page"


class _Whole(conservation.Shown):
    """All that a page shows, each part around its text apart."""

    def stands(self, tag: str, given: Mapping[str, str | None]) -> Stands:
        """Return how an element stands: what is called a part of the page stands apart, and is left out as one."""
        names = f"{given.get('class') or ''} {given.get('id') or ''}".split()
        if (given.get("class") or "").startswith(_REMARK) or (given.get("id") or "").startswith("cmnt_ref"):
            return Stands.BESIDE
        around = "role" in given or any(map(_NAMED.fullmatch, names))
        return Stands.APART if around else super().stands(tag, given)


def _prove(page: str, kept: Iterable[str], path: str) -> None:
    """Raise InForceError, naming the line, where the words ``kept`` are not those of the whole page."""
    whole, found = _Whole(page), Counter(kept)
    lost, more = Counter(whole.words) - found, found - Counter(whole.words)
    place = next((place for place, word in enumerate(whole.words) if word in lost), 0)
    words = " ".join(whole.words[max(0, place - 2) : place + 3]) if lost else ""
    if lost or more:
        here = f"here “{' '.join([*more][:3])}”" if more else "neither in the policy nor in what was left out"
        raise _lost(path, whole.line(place) if lost else 0, f"“{words}” in the page, {here}")


def _lost(path: str, line: int, what: str) -> InForceError:
    cure = "Save the text as Markdown, and please report this as a fault of inforce"
    return fail(path, line, "text-lost", f"Its words would not be kept: {what}", cure)


def _named_around(page: html.HtmlElement) -> list[str]:
    """The texts of what is called a part around the text; taken out, unless most of the page stands in it."""
    found, whole = [], len(_text(page))
    for element in _found(page, "//body//*[@class or @id][not(.//h1)]"):
        names = f"{element.get('class', '')} {element.get('id', '')}".split()
        if any(map(_NAMED.fullmatch, names)) and len(_text(element)) * 2 < whole and _is_in(element, page):
            found.append(_told(element))
            _take_out(element)
    return found


def _is_in(element: html.HtmlElement, page: html.HtmlElement) -> bool:
    """Whether an element still stands in the page, and may be around its text whatever it is called.

    A heading's name is an address. A table is a grid of parts on old sites; where it has heads, or cells of mere text,
    its rows are the policy's, and pandoc calls the first of them a header.
    """
    if page not in element.iterancestors() or re.fullmatch(r"h[1-6]|section|d[ltd]", element.tag):
        return False
    return not _found(element, _ROW)


def _root(page: html.HtmlElement) -> html.HtmlElement:
    """The part of a page that holds its text: what is marked as that, or an article that is most of it, or all."""
    body = next(iter(_found(page, "//body")), page)
    for query in _TEXT:
        largest = max(_found(page, query), key=lambda each: len(_text(each)), default=None)
        if largest is not None and len(_text(largest)) * (2 if "article" in query else 20) > len(_text(body)):
            return largest
    return body


def _opened(root: html.HtmlElement) -> None:
    """Takes what holds most of the text, its headings too, for no part around it: some put a whole page into a form."""
    for element in _found(root, _WRAPPING):
        if len(_text(element)) * 2 > len(_text(root)) and _found(element, ".//h1 | .//h2 | .//h3 | .//h4"):
            element.tag = "div"
            element.attrib.pop("role", None)


def _cleaned(page: html.HtmlElement) -> None:
    """Takes out characters that the parser reads and does not write."""
    for element in page.iter():
        for place in ("text", "tail"):
            if characters.UNUSABLE.search(getattr(element, place) or ""):
                setattr(element, place, characters.UNUSABLE.sub("", getattr(element, place)))


def _found(element: html.HtmlElement, query: str) -> list[html.HtmlElement]:
    return cast("list[html.HtmlElement]", element.xpath(query, namespaces=page_markdown.REGULAR))


def _text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _seen(element: html.HtmlElement) -> conservation.Shown:
    return conservation.Shown(etree.tostring(element, encoding="unicode", method="html", with_tail=False))


def _told(element: html.HtmlElement) -> str:
    return " ".join(_seen(element).text.split())


def _dropped(root: html.HtmlElement, query: str, apart: str = "") -> list[str]:
    """The texts of what ``query`` finds below ``root``, which is taken out; see ``_take_out``."""
    found = []
    for element in _found(root, " | ".join(f".//{each}" for each in query.split(" | "))):
        if root in element.iterancestors():  # not within another one, of whose text its own is a part
            found.append(_told(element))
            _take_out(element, apart)
    return found


def _take_out(element: html.HtmlElement, apart: str = "\n") -> None:
    """Take a part out of a page; what stood before and behind it is ``apart`` as it was."""
    element.tail = f"{apart}{element.tail or ''}"
    element.drop_tree()


def _outside(page: html.HtmlElement, root: html.HtmlElement) -> list[str]:
    """The texts of the page that are no part of ``root``, which is taken out of it."""
    if root.getparent() is None:
        return []
    _take_out(root)
    return [" ".join(text.split()) for each in page for text in _pieces(each)]


def _pieces(element: html.HtmlElement) -> Iterator[str]:
    """The text directly in an element with what runs on in it, and that of each block in it."""
    run = element.text or ""
    for each in element:
        text = _seen(each).text if isinstance(each.tag, str) else ""
        if each.tag in markup.BLOCKS:
            yield from (run, text)
            run, text = "", ""
        run = f"{run}{text}{each.tail or ''}"
    yield from (run, element.tail or "")


def _shown(markdown: str) -> list[str]:
    """The words that a reader of the Markdown sees."""
    blocks = (("#" * block.level + " " + block.text).strip() for block in source.blocks(markdown))
    return conservation.Shown(document("\n\n".join(blocks))).words


def _front(page: html.HtmlElement, root: html.HtmlElement, title: str, opening: str) -> str:
    """The page's title and language, the days that it tells to programs, and what stood in its own front matter."""
    known = {"title": " ".join(title.split()), "lang": (page.get("lang") or "").strip()}
    dated = [(meta.get("name") or meta.get("property") or "", meta.get("content")) for meta in _found(page, "//meta")]
    dated += [("time", time.get("datetime")) for time in _found(root, ".//time")]
    known |= {re.sub(r"[^\w-]", "-", name): day for name, day in reversed(dated) if name and _DAY.match(day or "")}
    lines = [*(f"{key}: {value}" for key, value in known.items() if value), *opening.split("\n")[1:-1]]
    return "".join(f"{line}\n" for line in ("---", *lines, "---")) if lines else ""
