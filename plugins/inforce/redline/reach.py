"""A redline's marks within a reader's reach, without script: each can be linked to, and what stays between them folds.

Nothing is taken from the redline, and no word of it changes: marks get ids, from one to the next there are links, and
runs of blocks without a mark stand in ``details``. Take these out again, and it is the redline that was proved. What
comes of it is sanitised afterwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from lxml import etree
from lxml import html as lxml_html

from inforce.text.html import fragment

LONG, RUN = 5, 3
"""Of a clause with more blocks than ``LONG``, runs of ``RUN`` and more without a mark are folded."""
_WHOLE = frozenset(f"redline-{each}" for each in ("added", "left", "moved", "relaid", "removed"))
"""Marks of whole blocks: what is marked within one belongs to the same change."""
_MARKS = _WHOLE | {"redline-format"}
_BLOCKS = frozenset(("p", "li", "dt", "dd", "tr", "pre", "caption", "h2", "h3", "h4", "h5", "h6"))
"""Blocks that are read as one: however many marks one bears, a reader is led to it once."""
_HOLDERS = frozenset(
    ("p", "li", "dt", "dd", "th", "td", "caption", "pre", "h2", "h3", "h4", "h5", "h6", "div", "blockquote")
)
"""Elements that a link may stand in."""
_ROWS = frozenset(("ul", "ol", "dl", "table", "thead", "tbody", "tr"))
"""Blocks whose links stand in the first of their parts."""
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))


@dataclass(frozen=True)
class Reached:
    """A redline whose marks have ids: one, in ``ids``, for each block that bears any."""

    html: str
    ids: tuple[str, ...]


@lru_cache(maxsize=2048)
def reached(html: str, clause: str) -> Reached:
    """Return the redline of a clause with its marks in reach; ``clause`` begins their ids."""
    body = fragment(html)
    marks = list(_marks(body))
    ids = _named(marks, clause, set(body.xpath(".//@id")))
    for place, mark in enumerate(marks):
        before, after = ids[max(place - 1, 0) : place], ids[place + 1 : place + 2]
        if before or after:
            _lead_on(mark, before, after)
    _fold(body)
    parts = (etree.tostring(each, encoding="unicode", method="html") for each in body)
    return Reached("".join((body.text or "", *parts)), tuple(ids))


def _marks(body: lxml_html.HtmlElement) -> Iterator[lxml_html.HtmlElement]:
    """The first mark of each block that bears any, in order; not that of an empty place, which nobody sees."""
    seen = set()
    for element in body.iterdescendants():
        if not _is_mark(element) or ("redline-left" in _classes(element) and not element.text_content().strip()):
            continue
        above = list(element.iterancestors())
        block = next((each for each in (element, *above) if each.tag in _BLOCKS), element)
        if block not in seen and not any(_classes(each) & _WHOLE for each in above):
            seen.add(block)
            yield element


def _is_mark(element: lxml_html.HtmlElement) -> bool:
    return element.tag in ("ins", "del") or bool(_classes(element) & _MARKS)


def _classes(element: lxml_html.HtmlElement) -> frozenset[str]:
    return frozenset(element.get("class", "").split())


def _named(marks: Sequence[lxml_html.HtmlElement], clause: str, taken: set[str]) -> list[str]:
    """The id of each mark, which it has now: a number behind the clause's name, unless it has one, or had one before.

    By the latter, removed text links to it, and an element has one id.
    """
    found = []
    for number, mark in enumerate(marks, start=1):
        name = f"{clause}--change-{number}"
        while name in taken:
            name += "-"
        former = mark.get("data-redline-id", name)
        mark.set("id", mark.get("id", name if former in taken else former))
        found.append(mark.get("id"))
        taken.add(found[-1])
    return found


def _lead_on(mark: lxml_html.HtmlElement, before: Sequence[str], after: Sequence[str]) -> None:
    """Put links to the marks before and after this one where the block that holds it begins; before one of its own."""
    within = (each for each in mark.iterdescendants() if each.tag in _HOLDERS)
    around = (each for each in (mark, *mark.iterancestors()) if each.tag in _HOLDERS and each.getparent() is not None)
    own = next(within if mark.tag in _ROWS else around, None) if mark.tag != "hr" else None
    steps = lxml_html.Element("span", {"class": "redline-step", "lang": "en", "dir": "ltr"})
    for said, ids in (("Previous", before), ("Next", after)):
        for name in ids:
            link = etree.SubElement(steps, "a", {"href": f"#{name}", "title": f"{said} change"})
            link.text, link.tail = said, " "
    if own is None:
        mark.addprevious(steps)
        return
    held = sum(1 for _ in takewhile(lambda each: "redline-step" in _classes(each), own))
    if held:  # a list's own mark is led to from its first item, too
        steps.tail, own[held - 1].tail = own[held - 1].tail, None
    else:
        steps.tail, own.text = own.text, None
    own.insert(held, steps)


def _fold(body: lxml_html.HtmlElement) -> None:
    """Put runs of blocks that bear no mark into ``details``, headings aside."""
    blocks = list(body)
    runs: list[list[lxml_html.HtmlElement]] = [[]]
    for block in blocks if len(blocks) > LONG else ():
        if block.tag in _HEADINGS or any(map(_is_mark, block.iter())) or (block.tail or "").strip():
            runs.append([])
        else:
            runs[-1].append(block)
    for run in runs:
        if len(run) >= RUN:
            folded = lxml_html.Element("details", {"class": "if-same"})
            summary = etree.SubElement(folded, "summary", {"lang": "en", "dir": "ltr"})
            summary.text = f"{len(run)} paragraphs without changes"
            run[0].addprevious(folded)
            folded.extend(run)
