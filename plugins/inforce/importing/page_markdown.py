"""The HTML of a policy -> Markdown that says the same: lists with their marks, merged cells, names that links lead to.

markdownify writes what Markdown has. What it has no form for (merged cells, numbers that jump) stays HTML, which a
clause may hold. That no word is lost on the way is proved by ``web_pages``.
"""

import copy
import re
from collections.abc import Iterator, Set
from itertools import pairwise
from string import ascii_lowercase
from typing import Any

import nh3
from bs4 import Tag
from lxml import etree, html
from markdownify import MarkdownConverter

from inforce.importing import markup
from inforce.importing.conservation import BOX
from inforce.text.html import ATTRIBUTES, SCHEMES, TAGS
from inforce.text.lists import counted
from inforce.text.unsafe import SMALLER

_NAME, _NAME_END = "\ue000", "\ue001"
"""Around a name that links lead to, until the Markdown is written: no text has them."""
_MARK = re.compile("\ue002(.*?)\ue003")
"""An item's mark, which is no word of the page's text."""
_NO_MARK = r"\\&(?!#?\w+;)|\\\+(?=\S)"  # no entity, no bullet
_NEEDLESS = re.compile(_NO_MARK + r"|[^\W\d_]{2},?[^\S\n]+\d{1,9}\\[.)]")
_NEEDLESS_IN_A_LINE = re.compile(_NO_MARK + r"|\d\\[.)]")
"""The backslash that is last but one. A number is an item's where a line begins, and never in a heading or a cell."""
REGULAR = {"re": "http://exslt.org/regular-expressions"}
_INLINES = ("a", "b", "strong", "em", "i", "span", "p")
_MARKED = (
    *("a", "abbr", "b", "cite", "code", "em", "font", "i", "kbd", "label", "mark", "q", "s", "small", "span", "strong"),
    *("sub", "sup", "time", "u", "var"),
)
_APART = (
    *("address", "article", "center", "details", "fieldset", "figcaption", "figure", "footer", "header", "hgroup"),
    *("legend", "main", "optgroup", "option", "section", "summary", "textarea"),
)
"""What a browser shows on lines of its own, and the converter does not know."""
_STYLED = re.compile(r"list-style(?:-type)?\s*:[^;]*?\b((?:lower|upper)-(?:alpha|latin|roman))", re.IGNORECASE)
_KINDS = {"lower-alpha": "a", "lower-latin": "a", "lower-roman": "i"}
_KINDS |= {name.replace("lower", "upper"): kind.upper() for name, kind in _KINDS.items()}
_KNOWN = TAGS | markup.BLOCKS | set(_MARKED)
_DEEPEST = 300
"""Elements in one another that the converter still reads."""
_LINES = ["p", *(f"h{level}" for level in range(1, 7))]
_BLOCKS = [*_LINES, "ul", "ol", "dl", "table", "pre", "blockquote", "div"]


def write(root: html.HtmlElement) -> tuple[str, str]:
    """Return the Markdown of ``root``; and the same with a number for each letter that marks an item."""
    root = copy.deepcopy(root)
    _prepared(root)
    _named(root)
    written = etree.tostring(root, encoding="unicode", method="html", with_tail=False)
    tags = set(TAGS | {"h1", "h2"})
    safe = nh3.clean(written, tags=tags, attributes=dict(ATTRIBUTES), link_rel=None, url_schemes=set(SCHEMES))
    markdown = str(_Converter().convert(safe)).strip() + "\n"
    backslash = "\\"  # which the converter puts before a name's hyphens and the like
    pattern = f"{_NAME}(.*?){_NAME_END}"
    markdown = re.sub(pattern, lambda name: f'<a name="{name[1].replace(backslash, "")}"></a>', markdown)
    return _MARK.sub(r"\1", markdown), _MARK.sub(lambda mark: "1.".rjust(len(mark[1]), "0"), markdown)


def _prepared(root: html.HtmlElement) -> None:
    """Names tags as a clause may, and Word's title as one; takes out of headings the signs that link to themselves."""
    for title in root.xpath(".//p[@class='MsoTitle']"):
        title.tag = "h1"
    for element in root.iter("ins", "del", "strike", "tt"):
        element.tag = markup.INSTEAD[element.tag]
    for element in root.iterdescendants(*_APART):
        element.tag = "div"
    for element in root.xpath(".//*[contains(@style, 'display')]"):
        if element.tag not in markup.BLOCKS and BOX.search(element.get("style")):
            element.tag = "div"
    for listed in root.xpath(".//ol[contains(@style, 'list-style')]"):
        if kind := _STYLED.search(listed.get("style")):
            listed.set("type", _KINDS[kind[1].lower()])
    for inner in root.xpath(".//*[self::ul or self::ol]/*[self::ul or self::ol][preceding-sibling::*[1][self::li]]"):
        inner.getprevious().append(inner)
    for element in [*root.iterdescendants()]:
        if element.tag == "wbr" or not (element.tag in _KNOWN or element.get("id") or callable(element.tag)):
            element.drop_tag()  # lest a blank at the end of it is one within a mark
    for picture in root.xpath(".//code//img | .//pre//img | .//img[starts-with(@src, 'data:')] | .//img[not(@src)]"):
        picture.tail = f"{picture.get('alt') or ''}{picture.tail or ''}"
        picture.drop_tree()
    for indented in root.xpath(".//dl[not(dt)] | .//dl[not(dt)]/dd"):
        indented.tag = "div"
    for inner in root.xpath(".//li//ul | .//li//ol"):
        _parted(inner)
    _mark(root)
    for link in root.xpath(".//*[re:test(name(), '^h[1-6]$')]//a[contains(@href, '#')]", namespaces=REGULAR):
        if not re.search(r"\w", link.text_content()):
            for inner in list(link):
                link.remove(inner)
            link.text = None
            del link.attrib["href"]


def _mark(root: html.HtmlElement) -> None:
    """Gives what is marked the form that Markdown has: one mark of a kind, around words, with no blank at its edges."""
    for element in root.iter("strong", "em"):
        element.tag = "b" if element.tag == "strong" else "i"
    _once(root)
    for again in root.xpath(".//*[self::b or self::i or self::u or self::s or self::a]//br"):
        before = again.getprevious()
        if before is not None and before.tag == "br" and not (before.tail or "").strip():
            again.drop_tag()
    for element in reversed(list(root.iterdescendants(*_MARKED))):
        _led_out(element)
        _begun(element)


def _once(root: html.HtmlElement) -> None:
    """Leaves one mark of a kind: two are none, four tildes code, and what is small twice is unreadable.

    Raises RecursionError for what is too deep.
    """
    within: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            within.pop()
            continue
        again = element.tag in ("a", "b", "i", "s", "u", "code") and element.tag in within
        if again or element.tag == "small" or (element.tag in SMALLER and SMALLER.intersection(within)):
            element.tag = "span"
        within.append(element.tag if element.tag != "a" or "href" in element.attrib else "")
        if len(within) > _DEEPEST:
            raise RecursionError


def _parted(listed: html.HtmlElement) -> None:
    """Makes a paragraph of the text right behind a list in an item, which would else be one with its last item."""
    behind = listed.getnext()
    if not (listed.tail or "").strip() and (behind is None or behind.tag in markup.BLOCKS):
        return
    text = html.Element("p")
    text.text, listed.tail = listed.tail, None
    while behind is not None and (behind.tag == "br" or behind.tag not in markup.BLOCKS):
        text.append(behind)
        behind = listed.getnext()
    listed.addnext(text)


def _led_out(element: html.HtmlElement) -> None:
    """Moves blanks and line breaks at the end of what is marked behind it: no mark of Markdown's ends with one."""
    while True:
        last = element[-1] if len(element) else None
        text = (element.text if last is None else last.tail) or ""
        bare = text.rstrip()
        element.tail = f"{text[len(bare) :]}{element.tail or ''}"
        if last is None:
            element.text = bare
            return
        last.tail = bare
        if bare or last.tag != "br":
            return
        element.addnext(last)  # with an empty tail
        last.tail, element.tail = element.tail, None


def _begun(element: html.HtmlElement) -> None:
    """Moves blanks and line breaks at the beginning of what is marked before it."""
    while True:
        text = element.text or ""
        element.text = text.lstrip()
        before, above = element.getprevious(), element.getparent()
        blank = text[: len(text) - len(element.text)]
        if before is None:
            above.text = f"{above.text or ''}{blank}"
        else:
            before.tail = f"{before.tail or ''}{blank}"
        first = element[0] if len(element) else None
        if element.text or first is None or first.tag != "br":
            return
        element.text, first.tail = first.tail, None
        element.addprevious(first)


def _named(root: html.HtmlElement) -> None:
    """Writes each name that a link leads to, and every heading's, before the next text behind where it is given."""
    wanted = {str(each)[1:] for each in root.xpath(".//a/@href[starts-with(., '#')]")}
    waiting: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start" and isinstance(element.tag, str):
            waiting += _names(element, wanted)
        place = "text" if event == "start" else "tail"
        text = getattr(element, place) or ""
        if text.strip() and waiting and isinstance(element.tag, str):
            blank = len(text) - len(text.lstrip())
            names = "".join(f"{_NAME}{name}{_NAME_END}" for name in dict.fromkeys(waiting))
            setattr(element, place, f"{text[:blank]}{names}{text[blank:]}")
            waiting.clear()


def _names(element: html.HtmlElement, wanted: Set[str]) -> Iterator[str]:
    for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
        known = name in wanted or re.fullmatch("h[1-6]", element.tag)
        if name and known and re.fullmatch(r"[\w.-]+", name):
            yield name


class _Converter(MarkdownConverter):
    """markdownify's, with what Markdown would lose kept."""

    def __init__(self) -> None:
        options: dict[str, Any] = {"heading_style": "atx", "bullets": "-", "autolinks": False, "escape_misc": True}
        options["keep_inline_images_in"] = ["td", "th", *(f"h{level}" for level in range(1, 7)), *_INLINES]
        super().__init__(**options, sub_symbol="<sub>", sup_symbol="<sup>")

    def escape(self, text: str, parent_tags: Set[str]) -> str:
        """A text with a backslash where Markdown would read a mark, and nowhere else: an editor goes on with it."""
        needless = _NEEDLESS_IN_A_LINE if "_inline" in parent_tags else _NEEDLESS
        escaped = str(super().escape(text, parent_tags))  # type: ignore[misc]
        return needless.sub(lambda found: found[0][:-2] + found[0][-1], escaped)

    def convert_u(self, el: Tag, text: str, parent_tags: Set[str]) -> str:  # noqa: ARG002
        """What is underlined, for which Markdown has no form; within code it has none at all."""
        return f"<u>{text}</u>" if text.strip() and "_noformat" not in parent_tags else text

    def convert_table(self, el: Tag, text: str, parent_tags: Set[str]) -> str:
        """A table; as HTML where cells are merged or hold more than a line."""
        cells = el.find_all(["td", "th"])
        merged = any(str(cell.get(name, "1")) != "1" for cell in cells for name in ("colspan", "rowspan"))
        if merged or not all(map(_is_line, cells)):
            return _as_html(el)
        return str(super().convert_table(el, text, parent_tags))  # type: ignore[misc]

    def convert_ol(self, el: Tag, text: str, parent_tags: Set[str]) -> str:
        """A numbered list; as HTML where Markdown would read another one, or none.

        It only counts on; letters begin with the first one, and go no further than the alphabet.
        """
        items = el.find_all("li", recursive=False)
        numbers = [_number(item) for item in items]
        jump = any(later - former != 1 for former, later in pairwise(numbers))
        lettered = str(el.get("type", "")) in ("a", "A", "i", "I")
        jump |= lettered and (numbers[:1] != [1] or len(numbers) > len(ascii_lowercase))
        if numbers and (jump or not all(item.get_text(strip=True) for item in items) or numbers[0] < 0):
            return _as_html(el)
        written = str(super().convert_ol(el, text, parent_tags))  # type: ignore[misc]
        begins = (
            numbers[:1] in ([], [1]) and not lettered
        )  # below a line of text; another one needs an empty line there
        return written if begins or "li" not in parent_tags else f"\n{written}"

    def convert_li(self, el: Tag, text: str, parent_tags: Set[str]) -> str:
        """An item with the mark that readers saw: ``a.``, ``iv.``, ``3.``."""
        text = (text or "").strip()
        kind = str(el.parent.get("type", "")) if el.parent and el.parent.name == "ol" else ""
        if not text or kind not in ("a", "A", "i", "I"):
            return str(super().convert_li(el, text, parent_tags))  # type: ignore[misc]
        mark = f"{counted(_number(el), kind)}."
        shown = f"\ue002{mark}\ue003"
        indent = " " * max(len(mark) + 1, 4)
        first, *rest = text.split("\n")
        rows = [f"{shown}{' ' * (len(indent) - len(mark))}{first}", *(f"{indent}{row}" if row else row for row in rest)]
        return "\n".join(rows) + "\n"


def _is_line(cell: Tag) -> bool:
    """Whether a cell holds nothing but a line of text, be it in a block of its own."""
    blocks = cell.find_all(_BLOCKS)
    return not blocks or (len(blocks) == 1 and blocks[0].name in _LINES and blocks[0].get_text() == cell.get_text())


def _as_html(element: Tag) -> str:
    """An element on one line, so that no list or paragraph around it ends it; a picture in it as a link to it."""
    for picture in element.find_all("img"):
        picture.name, picture.string = "a", str(picture.get("alt") or "")
        picture.attrs = {"href": picture.get("src") or ""}
    written = re.sub(f"{_NAME}.*?{_NAME_END}", "", re.sub(r"\s+", " ", str(element)))
    return f"\n\n{written}\n\n"


def _number(item: Tag) -> int:
    """What an item of a numbered list counts, as a browser counts it."""
    listed = item.parent
    falling = listed is not None and listed.has_attr("reversed")
    items = listed.find_all("li", recursive=False) if listed else [item]
    number = _integer(listed and listed.get("start"), len(items) if falling else 1)
    for each in items:
        number = _integer(each.get("value"), number)
        if each is item:
            break
        number += -1 if falling else 1
    return number


def _integer(given: object, otherwise: int) -> int:
    return int(str(given)) if re.fullmatch(r"\s*-?\d{1,9}\s*", str(given)) else otherwise
