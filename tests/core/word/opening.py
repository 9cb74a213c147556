"""A Word document's files -> what can be asked of them: what each side says, and which changes are marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from inforce import word
from inforce.redline import Redline, redline
from inforce.redline.parsing import load
from inforce.word import Normal, Surroundings, resolved
from inforce.word.elements import R, W

AUTHOR = word.Author("Ada Editor", datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
_NOTES = ".//*[contains(@class, 'footnote-backref')]"


def document(*redlines: Redline, **more: Any) -> word.Document:
    """A document of some redlines, all by one author."""
    return word.Document("Terms", "Terms, 1.0 → 1.1", tuple(word.Text(each, AUTHOR) for each in redlines), **more)


def written(old: str, new: str) -> dict[str, bytes]:
    """The files of the document that shows what became of a page; none of it may have to be shown whole."""
    files, whole = word.write(document(redline(old, new)))
    assert whole == ()
    return files


def parsed(files: Mapping[str, bytes], name: str) -> Any:
    """One part's root element."""
    return etree.fromstring(files[f"word/{name}.xml"])


def w(name: str) -> str:
    """A name in the namespace of WordprocessingML."""
    return f"{{{W}}}{name}"


def said(files: Mapping[str, bytes], accept: bool) -> Normal:
    """What the document says with every change accepted or rejected, in normal form."""
    story = [child for child in parsed(files, "document")[0] if child.tag != w("sectPr")]
    return resolved(story, _known(files), accept)


def moved(files: Mapping[str, bytes], kind: str) -> dict[str, list[str]]:
    """The paragraphs in each range of a move, by its name; ``kind`` is ``moveFrom`` or ``moveTo``."""
    found: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for element in parsed(files, "document").iter(w("p"), w(f"{kind}RangeStart"), w(f"{kind}RangeEnd")):
        if element.tag == w("p"):
            starts = element.findall(w(f"{kind}RangeStart"))
            names.update({start.get(w("id")): start.get(w("name")) for start in starts})
            for name in names.values():
                found.setdefault(name, []).append("".join(element.itertext(w("t"))))
        elif element.tag == w(f"{kind}RangeEnd"):
            names.pop(element.get(w("id")))
    assert not names
    return found


def text(files: Mapping[str, bytes], accept: bool) -> list[str]:
    """The paragraphs of one side, without notes."""
    return list(lines(said(files, accept)))


def marks(files: Mapping[str, bytes]) -> Iterator[Any]:
    """Everything that says that something changed, in the text and in the notes."""
    names = (
        *("ins", "del", "pPrChange", "rPrChange"),
        *("moveFrom", "moveTo", "moveFromRangeStart", "moveToRangeStart"),
    )
    for part in ("document", "footnotes"):
        yield from parsed(files, part).iter(*map(w, names))


def visible(html: str) -> str:
    """The characters that a page shows, white space aside: a reading that knows nothing of Word."""
    body = load(html)
    for link in body.xpath(_NOTES):
        link.tag = "gone"
    for picture in body.iter("img"):
        picture.text = picture.get("alt")
    etree.strip_elements(body, "gone", with_tail=False)
    return re.sub(r"\s+", "", "".join(body.itertext()))


def _known(files: Mapping[str, bytes]) -> Surroundings:
    numbering, notes = parsed(files, "numbering"), parsed(files, "footnotes")
    formats = {}
    for definition in numbering.iter(w("abstractNum")):
        level = definition.find(w("lvl"))
        form, start = (level.find(w(name)).get(w("val")) for name in ("numFmt", "start"))
        formats[definition.get(w("abstractNumId"))] = form, int(start)
    lists = {each.get(w("numId")): formats[each[0].get(w("val"))] for each in numbering.iter(w("num"))}
    relations = etree.fromstring(files["word/_rels/document.xml.rels"])
    links = {each.get("Id"): each.get("Target") for each in relations if each.get("Type") == f"{R}/hyperlink"}
    return Surroundings(lists, links, {note.get(w("id")): list(note) for note in notes})


def lines(normal: Normal) -> Iterator[str]:
    """The text of a normal form, a paragraph a line; notes are left out."""
    for kind, *content in normal:
        if kind == "paragraph":
            yield "".join(text for text, *_ in content[-1] if isinstance(text, str))
        else:
            for row in content[0]:
                for _, cell in row:
                    yield from lines(cell)
