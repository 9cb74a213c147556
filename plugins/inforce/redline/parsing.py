"""HTML fragments -> blocks, in a normal form.

What is normalised here is the normal form in which a redline's exactness is proved: white space as a browser folds it,
attributes in order, adjacent equal formats joined. What has no place in a clause is left out: comments, scripts,
custom elements, attributes with names no HTML serialiser writes. A source's own ``ins`` and ``del`` become ``u`` and
``s``, and its ``redline-…`` classes and ``data-redline-…`` attributes go: they would pass for a redline's marks.

Nothing is compared or written here, and nothing recurses. How two fragments are cut where
they are the same, so that little is read, is in ``sections``.
"""

import re
from collections.abc import Hashable, Iterable
from dataclasses import replace
from typing import Any

from lxml import etree

from inforce.redline.blocks import (
    BLOCKS,
    LEAVES,
    ROW_GROUPS,
    VOID,
    Attributes,
    Block,
    Container,
    Format,
    Leaf,
    Run,
    leaves,
    names,
    with_mark,
)
from inforce.redline.numbers import is_alone
from inforce.redline.words import OBJECT

_DROPPED = names(
    "base embed frame frameset head iframe link math meta noembed noframes noscript object param plaintext script "
    "style svg template textarea title xmp"
)
_RENAMED = {"ins": "u", "del": "s"}
UNREADABLE = _DROPPED | _RENAMED.keys()
"""Elements that are not read as they stand."""

_NUMBERS = names(
    "no nr # № n° nº num number nummer numéro número numero lp č п/п α/α sıra stt pos s/n 番号 序号 編號 번호 순번 "
    "ลำดับ ลำดับที่ क्र क्रमांक الرقم رقم م מס"
) | {""}
"""What a column of numbers is called in the head of a table: years and amounts may count up as well."""

_TAG = re.compile(r"[a-z][a-z0-9]*")
_NAME = re.compile(r"[A-Za-z_:][-\w:.]*", re.ASCII)
_SPACE = re.compile(r"[ \t\n\r\f]{2,}|[\t\n\r\f]")
_UNENCODABLE = re.compile("[\ud800-\udfff]")


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
                frames[-1].children.append(self._leaf(name, self._attributes(element), _alone(element.text)))
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
        return _with_heads(found) if tag == "table" else with_mark(found) if tag == "li" else found

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
        if not element.attrib:
            return ()
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
            text = " " if text == "\n" else _folded(text)
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


def _with_heads(table: Container) -> Container:
    """A table whose rows know what its columns are called, and the first cell of each that it may be a number."""
    parts = [part for part in table.children if isinstance(part, Container)]
    rows = [row for part in parts for row in (part.children if part.tag in ROW_GROUPS else (part,)) if row.tag == "tr"]
    cells = [row.children if isinstance(row, Container) else () for row in rows]
    heads = tuple(" ".join(leaf.text for leaf in leaves(cell)) for cell in cells[0]) if cells else ()
    spans = any(name in ("colspan", "rowspan") for row in cells for cell in row for name, _ in cell.attributes)
    if spans or len(set(heads)) < len(heads) or any(len(row) != len(heads) for row in cells):
        return table

    def headed(block: Block) -> Block:
        if not isinstance(block, Container) or block.tag not in ("table", "tr", *ROW_GROUPS):
            return block
        if block.tag == "tr":
            return replace(block, children=(_numbered(block.children[0], heads[0]), *block.children[1:]), heads=heads)
        return replace(block, children=tuple(map(headed, block.children)), heads=heads)

    found = headed(table)
    assert isinstance(found, Container)
    return found


def _numbered(cell: Block, head: str) -> Block:
    """The first cell of a row, which knows that its text is the row's number where it can be nothing else."""
    only = leaves(cell)
    if isinstance(cell, Leaf) or len(only) != 1 or not is_alone(only[0].text):
        return cell
    is_number = only[0].text[-1] in ".)" or head.strip(" .:'’").casefold() in _NUMBERS
    return replace(cell, children=(replace(only[0], marked=True),)) if is_number else cell


def holders(body: Any) -> set[Any]:
    """Return the elements that have a block among their descendants."""
    found: set[Any] = set()
    for block in body.iterdescendants():
        if block.tag not in BLOCKS:
            continue
        above = block.getparent()
        while above is not None and above not in found:
            found.add(above)
            above = above.getparent()
    return found


def _folded(text: str) -> str:
    """Text with its white space as a browser shows it."""
    return _SPACE.sub(" ", text) if "  " in text or not text.isprintable() else text


def _alone(text: str | None) -> tuple[Run, ...]:
    """The runs of a block that holds nothing but text."""
    shown = _folded(text).strip(" ") if text else ""
    return (Run(shown),) if shown else ()


def load(html: str) -> Any:
    """Return the parsed ``body`` of a fragment. Never raises: what cannot be encoded becomes U+FFFD, NUL goes."""
    page = f"<html><body>{html}</body></html>".replace("\0", "")
    try:
        encoded = page.encode()
    except UnicodeEncodeError:
        encoded = _UNENCODABLE.sub("\ufffd", page).encode()
    parser = etree.HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    return etree.fromstring(encoded, parser)[0]
