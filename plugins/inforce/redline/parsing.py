"""HTML fragments -> blocks; and two of them -> sections: passages that both have, and between them the gaps to compare.

What is normalised here is the normal form in which a redline's exactness is proved: white space as a browser folds it,
attributes in order, adjacent equal formats joined. What has no place in a clause is left out: comments, scripts,
custom elements, attributes with names no HTML serialiser writes. A source's own ``ins`` and ``del`` become ``u`` and
``s``, and its ``redline-…`` classes and ``data-redline-…`` attributes go: they would pass for a redline's marks.

Most of a page stays as it was, and such a passage is not read: it goes into the redline as it stands. That this is
exact rests on three things, all looked at each time. The parser finds each passage and each side of each gap whole:
written out again, what it made of them is what it was given, so no element reaches over a border and nothing was
mended. They begin and end with blocks, so no text runs over a border either. And they hold nothing that a redline's
marks could be taken for, nor anything that reading leaves out, so a passage is read as the same blocks wherever it
stands. Where one of the three fails, both fragments are read as a single gap.

Nothing is compared or written here. Nothing recurses.
"""

import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from inforce.redline.blocks import (
    BLOCKS,
    LEAVES,
    VOID,
    Attributes,
    Block,
    Container,
    Format,
    Leaf,
    Run,
    names,
    with_heads,
    with_mark,
)
from inforce.redline.differences import anchors
from inforce.redline.words import OBJECT

_DROPPED = names(
    "base embed frame frameset head iframe link math meta noembed noframes noscript object param plaintext script "
    "style svg template textarea title xmp"
)
_RENAMED = {"ins": "u", "del": "s"}
_UNREADABLE = _DROPPED | _RENAMED.keys()
"""Elements that are not read as they stand."""

_TAG = re.compile(r"[a-z][a-z0-9]*")
_NAME = re.compile(r"[A-Za-z_:][-\w:.]*", re.ASCII)
_SPACE = re.compile(r"[ \t\n\r\f]{2,}|[\t\n\r\f]")
_UNENCODABLE = re.compile("[\ud800-\udfff]")

_BORDER = re.compile(r"\n(?=<(?:p|h[1-6]|[ou]l|dl|table|blockquote|pre|div|hr)\b)")
_VOID = re.compile(rf"<((?:{'|'.join(sorted(VOID))})\b[^<>]*)>")
_EMPTY = re.compile(r"<(([a-z][a-z0-9]*)[^<>]*)></\2>")
_ANY_TAG = re.compile(r"<([^>]*)>")
_PLAIN = re.compile(r"/?([a-z][a-z0-9]*)(?: [A-Za-z_:][-\w:.]*=\"[^\"<>]*\")*", re.ASCII)


class Reader:
    """Reads fragments so that equal blocks have equal keys, whichever fragment they come from.

    With ``marks`` a redline is read as it stands, its marks being formats and attributes like others, without what it
    says of them in words.
    """

    def __init__(self, marks: bool = False) -> None:
        self._keys: dict[Hashable, int] = {}
        self._marks = marks

    def read(self, html: str) -> Container:
        """The blocks of a fragment."""
        return self.read_tree(load(html))

    def page(self, blocks: Iterable[Block]) -> Container:
        """A fragment of blocks that this reader has read."""
        return self._container("", (), tuple(blocks))

    def read_tree(self, body: Any) -> Container:
        """The blocks within a parsed element."""
        nesting = holders(body)
        frames = [_Frame("", (), leaf=False)]
        frames[0].inline.add(body.text)
        pending = [(body, iter(body), True)]
        flat = 0
        while pending:
            holder, rest, is_block = pending[-1]
            element = next(rest, None)
            if element is None:
                pending.pop()
                flat = 0 if len(pending) < flat else flat
                if pending and is_block:
                    self._close(frames)
                    frames[-1].inline.add(holder.tail)
                elif pending:
                    frames[-1].inline.close(holder.tail)
                continue
            name, inline = element.tag, frames[-1].inline
            said = self._marks and "redline-say" in element.get("class", "")
            if not isinstance(name, str) or name in _DROPPED or said:
                inline.add(element.tail)
                continue
            nested = bool(not flat and len(element) and (name in LEAVES or name not in BLOCKS) and element in nesting)
            leaf = name in LEAVES and not nested
            if name not in BLOCKS and not nested:
                inline.open(self._format(element), element.text)
                if not len(element):
                    inline.close(element.tail)
                    continue
                flat = flat or len(pending) + 1
            elif leaf and not len(element) and name != "pre":
                self._flush(frames[-1])
                frames[-1].children.append(self._leaf(name, self._attributes(element), _folded(element.text)))
                inline.add(element.tail)
                continue
            else:
                frames.append(_Frame(*(self._format(element) or ("div", ())), leaf))
                frames[-1].inline.add(element.text)
                flat = flat or (len(pending) + 1 if leaf else 0)
            pending.append((element, iter(element), name in BLOCKS or nested))
        self._flush(frames[0])
        return self.page(frames[0].children)

    def _close(self, frames: list["_Frame"]) -> None:
        frame = frames.pop()
        self._flush(frames[-1])
        if frame.leaf:
            block: Block = self._leaf(frame.tag, frame.attributes, frame.inline.finish())
        else:
            self._flush(frame)
            block = self._container(frame.tag, frame.attributes, tuple(frame.children))
        frames[-1].children.append(block)

    def _container(self, tag: str, attributes: Attributes, children: tuple[Block, ...]) -> Container:
        key = self._key(tag, attributes, tuple([child.key for child in children]))
        found = Container(tag, attributes, children, key)
        return with_heads(found) if tag == "table" else with_mark(found) if tag == "li" else found

    def _flush(self, frame: "_Frame") -> None:
        """Inline content that stood between blocks becomes a leaf without a tag."""
        if not frame.leaf and (runs := frame.inline.finish()):
            frame.children.append(self._leaf("", (), runs))

    def _leaf(self, tag: str, attributes: Attributes, runs: tuple[Run, ...]) -> Leaf:
        return Leaf(tag, attributes, runs, self._key(tag, attributes, runs))

    def _key(self, *content: Hashable) -> int:
        return self._keys.setdefault(content, len(self._keys))

    def _format(self, element: Any) -> Format | None:
        tag = element.tag if self._marks else _RENAMED.get(element.tag, element.tag)
        return (tag, self._attributes(element)) if _TAG.fullmatch(tag) else None

    def _attributes(self, element: Any) -> Attributes:
        kept = []
        for name, value in element.items():
            if name == "class":
                value = " ".join(each for each in value.split() if self._marks or not each.startswith("redline-"))
                if not value:
                    continue
            if _NAME.fullmatch(name) and (self._marks or not name.startswith("data-redline")):
                kept.append((name, value))
        return tuple(sorted(kept))


class _Inline:
    """Collects inline content, white space folded unless ``keep``."""

    def __init__(self, keep: bool) -> None:
        self._keep = keep
        self._open: list[tuple[Format | None, int]] = []
        self._formats: tuple[Format, ...] = ()
        self._begin()

    def _begin(self) -> None:
        self._runs: list[Run] = []
        self._added = 0
        self._spaced = True

    def add(self, text: str | None) -> None:
        if not text:
            return
        if self._keep:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            text = text if self._runs else text.lstrip("\n")
        else:
            text = " " if text == "\n" else _SPACE.sub(" ", text)
            text = text[1:] if self._spaced and text[0] == " " else text
        if text:
            self._spaced = text[-1] == " "
            self._append(Run(text, self._formats))

    def _append(self, run: Run) -> None:
        last = self._runs[-1] if self._runs else None
        if last is not None and last.atom is None and run.atom is None and last.formats == run.formats:
            run = Run(last.text + run.text, run.formats)
            self._runs.pop()
        self._runs.append(run)
        self._added += 1

    def open(self, element: Format | None, text: str | None) -> None:
        self._open.append((element, self._added))
        if element is not None and element[0] not in VOID:
            self._formats = (*self._formats, element)
        self.add(text)

    def close(self, tail: str | None) -> None:
        element, before = self._open.pop()
        if element is not None:
            if element[0] not in VOID:
                self._formats = self._formats[:-1]
            if self._added == before and (element[1] or element[0] in VOID):
                self._append(Run(OBJECT, self._formats, element))
                self._spaced = element[0] == "br"
        self.add(tail)

    def finish(self) -> tuple[Run, ...]:
        """The runs so far, without white space at the ends; collecting starts anew."""
        if not self._added:
            return ()
        runs = self._runs
        while not self._keep and runs and runs[-1].atom is None and runs[-1].text[-1] == " ":
            last = runs.pop()
            if last.text != " ":
                runs.append(last._replace(text=last.text[:-1]))
        self._begin()
        return tuple(runs)


class _Frame:
    """A block whose end has not come yet."""

    def __init__(self, tag: str, attributes: Attributes, leaf: bool) -> None:
        self.tag, self.attributes, self.leaf = tag, attributes, leaf
        self.children: list[Block] = []
        self.inline = _Inline(keep=leaf and tag == "pre")


def holders(body: Any) -> set[Any]:
    """Return the elements that have a block among their descendants."""
    found: set[Any] = set()
    for block in body.iterdescendants(*BLOCKS):
        above = block.getparent()
        while above is not None and above not in found:
            found.add(above)
            above = above.getparent()
    return found


def _folded(text: str | None) -> tuple[Run, ...]:
    folded = _SPACE.sub(" ", text).strip(" ") if text else ""
    return (Run(folded),) if folded else ()


def load(html: str) -> Any:
    """Return the parsed ``body`` of a fragment. Never raises: what cannot be encoded becomes U+FFFD, NUL goes."""
    page = f"<html><body>{html}</body></html>".replace("\0", "")
    try:
        encoded = page.encode()
    except UnicodeEncodeError:
        encoded = _UNENCODABLE.sub("\ufffd", page).encode()
    parser = etree.HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    return etree.fromstring(encoded, parser)[0]


@dataclass(frozen=True)
class Passage:
    """Blocks that both fragments have, as HTML, and the ids that stand in it."""

    html: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gap:
    """What stands on either side between two passages; a side may be empty."""

    old: Container
    new: Container


Section = Passage | Gap


STAND_IN = '<p class="passage">¶</p>'
"""What stands for a passage where a page is proved or judged without it."""


@dataclass(frozen=True)
class Pages:
    """Two fragments, ``old`` and ``new`` with ``STAND_IN`` for each passage, read by ``reader``."""

    sections: tuple[Section, ...]
    old: Container
    new: Container
    reader: Reader


def read(old_html: str, new_html: str) -> Pages:
    """Return both fragments, in sections."""
    reader = Reader()
    found = _sections(old_html, new_html, reader) or [Gap(reader.read(old_html), reader.read(new_html))]
    passage = reader.read(STAND_IN).children
    sides: tuple[list[Block], list[Block]] = [], []
    for section in found:
        old, new = (passage, passage) if isinstance(section, Passage) else (section.old.children, section.new.children)
        sides[0].extend(old)
        sides[1].extend(new)
    return Pages(tuple(found), reader.page(sides[0]), reader.page(sides[1]), reader)


def _sections(old_html: str, new_html: str, reader: Reader) -> list[Section]:
    """The sections; none where the fragments cannot be cut."""
    texts = list(_texts(_chunks(old_html), _chunks(new_html)))
    sides = _settled(texts)
    found: list[Section] = []
    for text in texts if sides is not None else ():
        if not isinstance(text, str):
            found.append(Gap(reader.read_tree(next(sides)), reader.read_tree(next(sides))))
            continue
        passage = next(sides)
        if not _closed(passage):
            return []
        found.append(Passage(text, tuple(map(str, passage.xpath(".//@id")))))
    return found


def _chunks(html: str) -> list[str]:
    """A fragment cut where a block seems to begin outside all others."""
    chunks: list[str] = []
    pending: list[str] = []
    depth = 0
    html = html.strip(" \n")
    void = _VOID.search(html) is not None
    for part in _BORDER.split(html) if html else ():
        depth += part.count("<") - 2 * part.count("</") - (len(_VOID.findall(part)) if void else 0)
        if pending or depth:
            pending.append(part)
            if depth:
                continue
            part = "\n".join(pending)
            pending.clear()
        chunks.append(part)
    return [*chunks, "\n".join(pending)] if pending else chunks


def _texts(old: list[str], new: list[str]) -> Iterator[str | tuple[str, str]]:
    """What is on both sides, and the two sides of what is not."""
    kept: list[str] = []
    i = j = 0
    for i_next, j_next in [*anchors(old, new), (len(old), len(new))]:
        if i < i_next or j < j_next:
            if kept:
                yield "\n".join(kept)
                kept = []
            yield "\n".join(old[i:i_next]), "\n".join(new[j:j_next])
        kept.extend(old[i_next : i_next + 1])
        i, j = i_next + 1, j_next + 1
    if kept:
        yield "\n".join(kept)


def _settled(texts: list[str | tuple[str, str]]) -> Any:
    """The parsed texts, element by element; None if the parser mended them or reading would leave something out."""
    parts = [part for text in texts for part in ((text,) if isinstance(text, str) else text)]
    html = "".join([f"<div>{part}</div>" for part in parts]).replace("&nbsp;", "\u00a0")
    if not all(map(_readable, set(_ANY_TAG.findall(html)))):
        return None
    body = load(html)
    as_xml = _EMPTY.sub(r"<\1/>", _VOID.sub(r"<\1/>", html))
    whole = len(body) == len(parts) and etree.tostring(body, encoding="unicode") == f"<body>{as_xml}</body>"
    return iter(body) if whole else None


def _readable(tag: str) -> bool:
    found = _PLAIN.fullmatch(tag)
    return found is not None and found[1] not in _UNREADABLE and "redline-" not in tag


def _closed(passage: Any) -> bool:
    """Whether it begins and ends with a block."""
    return (
        len(passage) > 0
        and not (passage.text or "").strip()
        and not (passage[-1].tail or "").strip()
        and passage[0].tag in BLOCKS
        and passage[-1].tag in BLOCKS
    )
