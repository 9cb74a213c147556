"""A redline as a Word document with tracked changes: accepting all gives the new text, rejecting all the old one.

Both are tried on every text as it is written, by our own reading of WordprocessingML: style, numbers, tables, formats
and footnotes have to be those of the new page and of the old one. Where one fails, the text is shown whole, deleted and
inserted, as on the web. Neither files nor clocks are touched; the same redlines give the same bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from inforce.changes.versions import ClauseRedline, Comparison
from inforce.model import Clause
from inforce.redline import Redline, redline
from inforce.redline.parsing import load
from inforce.text.html import render
from inforce.word.content import Paragraph
from inforce.word.from_html import Body, notes_fit, read
from inforce.word.package import package
from inforce.word.resolution import Normal, Surroundings, resolved
from inforce.word.writing import Author, Parts, elements, without_spare

__all__ = ["Author", "Document", "Placed", "Text", "placed", "write"]


@dataclass(frozen=True)
class Text:
    """A part of a document and who changed it: a clause, or a whole Markdown file.

    ``anchor`` is what links to it name. ``front`` is for the document's title and what stands below it.
    """

    redline: Redline
    author: Author
    anchor: str = ""
    front: bool = False


@dataclass(frozen=True)
class Document:
    """What becomes a file. ``language`` is BCP 47, empty where it is not known; ``at`` the day that the file names."""

    title: str
    footer: str
    texts: tuple[Text, ...]
    language: str = ""
    right_to_left: bool = False
    at: datetime | None = None


def write(document: Document) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return the files that a .docx packs, path -> bytes, and the anchors of texts that are shown whole here only.

    Packing them is the caller's business; ``adapters.packing`` does it. Never raises, whatever the redlines hold.
    """
    parts = Parts(anchors=_anchors(document.texts))
    body: list[Any] = []
    whole = []
    for text in document.texts:
        shown = _exact(text)
        if shown is None:
            shown = _whole(text)
            whole.append(text.anchor)
        body.extend(elements(_anchored(shown, text.anchor), text.author, parts))
    files = package(
        without_spare(body), parts, title=document.title, footer=document.footer, language=document.language,
        right_to_left=document.right_to_left, at=document.at,
    )  # fmt: skip
    return files, tuple(whole)


def _anchors(texts: Iterable[Text]) -> dict[str, str]:
    """A bookmark's name for each id that a link in the texts leads to. Word's names are short, and not any text."""
    targets = (link[1:] for text in texts for link in load(text.redline.html).xpath(".//a/@href[starts-with(., '#')]"))
    return {target: f"place{number}" for number, target in enumerate(dict.fromkeys(targets), 1)}


def _anchored(body: Body, anchor: str) -> Body:
    first, *others = body.blocks or (None,)
    if not isinstance(first, Paragraph):
        return body
    return replace(body, blocks=(replace(first, anchors=(anchor, *first.anchors)), *others))


def _exact(text: Text) -> Body | None:
    """The text with its changes as fine as is exact; None where none of them give both pages."""
    new, old = text.redline.accepted(), text.redline.rejected()
    notes = notes_fit(new) and notes_fit(old)
    pages = [_normal(read(page, front=text.front, notes=notes), True) for page in (old, new)]
    for fine in (True, False) if "redline-relaid" in text.redline.html else (True,):
        shown = read(text.redline.html, front=text.front, notes=notes, fine=fine)
        if [_normal(shown, accept) for accept in (False, True)] == pages:
            return shown
    return None


def _normal(body: Body, accept: bool) -> Normal:
    parts = Parts()
    return resolved(elements(body, Author(""), parts), Surroundings.of(parts), accept)


def _whole(text: Text) -> Body:
    new, old = text.redline.accepted(), text.redline.rejected()
    html = f"{redline(old, '').html}\n{redline('', new).html}"
    return read(html, front=text.front, notes=notes_fit(new) and notes_fit(old))


class Placed(NamedTuple):
    """A clause's text at one place, and the row of the comparison that tells of its change."""

    row: ClauseRedline
    redline: Redline


def placed(comparison: Comparison) -> Iterator[Placed]:
    """Yield a comparison's texts in an order that holds both versions: each old clause where it stood, too.

    On the web a clause that moved is shown where it stands now. In Word, where rejecting has to give the old text, it
    is deleted from its old place and inserted at its new one; so are clauses that were joined from far apart.
    """
    older = comparison.older.clauses
    place = {clause.id: index for index, clause in enumerate(older)}
    told = {clause.id: row for row in comparison.clauses for clause in row.before}
    reached = 0
    for row in comparison.clauses:
        if row.after is None:
            continue
        stood = [place[clause.id] for clause in row.before]
        if stood and "moved" not in row.kinds and _follow(stood) and stood[0] >= reached:
            yield from _removed(older[reached : stood[0]], told)
            yield Placed(row, row.redline)
            reached = stood[-1] + 1
        else:
            yield Placed(row, redline("", render(row.after).html))
    yield from _removed(older[reached:], told)


def _follow(places: Sequence[int]) -> bool:
    return list(places) == list(range(places[0], places[0] + len(places)))


def _removed(clauses: Sequence[Clause], told: dict[str, ClauseRedline]) -> Iterator[Placed]:
    for clause in clauses:
        yield Placed(told[clause.id], redline(render(clause).html, ""))
