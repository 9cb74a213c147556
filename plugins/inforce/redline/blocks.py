"""An HTML fragment <-> blocks: leaves that hold text, within containers, and inline text as runs under formats.

What is normalised here is the normal form in which a redline's exactness is proved: white space as a browser folds it,
attributes in order, adjacent equal formats joined. What has no place in a clause is left out: comments, scripts,
custom elements, attributes with names no HTML serialiser writes. A source's own ``ins`` and ``del`` become ``u`` and
``s``, and its ``redline-…`` classes and ``data-redline-…`` attributes go: they would pass for a redline's marks.

Nothing is compared here. Everything is iterative, so nesting is bounded by the parser alone (2,048 levels).
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from typing import Any, NamedTuple

from lxml import etree

from inforce.redline.tokens import Tokens, tokenised

Attributes = tuple[tuple[str, str], ...]
Format = tuple[str, Attributes]
"""An inline element that text stands under: its tag and attributes."""

OBJECT = "\ufffc"
"""What stands in a leaf's text where the page has an element without text (an image, a line break, an empty anchor)."""


def _names(written: str) -> frozenset[str]:
    return frozenset(written.split())


_LEAVES = _names("p h1 h2 h3 h4 h5 h6 pre dt summary caption figcaption legend hr col")
_CONTAINERS = _names(
    "address article aside blockquote center colgroup dd details dialog div dl fieldset figure footer form header "
    "hgroup li main menu nav ol section table tbody td tfoot th thead tr ul"
)
BLOCKS = _LEAVES | _CONTAINERS
VOID = _names("area br col hr img input source track wbr")
_DROPPED = _names(
    "base embed frame frameset head iframe link math meta noembed noframes noscript object param plaintext script "
    "style svg template textarea title xmp"
)
_RENAMED = {"ins": "u", "del": "s"}
_TAG = re.compile(r"[a-z][a-z0-9]*")
_NAME = re.compile(r"[A-Za-z_:][-\w:.]*", re.ASCII)
_SPACE = re.compile(r"[ \t\n\r\f]+")
_UNENCODABLE = re.compile("[\ud800-\udfff]")


class Run(NamedTuple):
    """Text under the same formats, outermost first; or, where ``atom`` is set, one element without text."""

    text: str
    formats: tuple[Format, ...] = ()
    atom: Format | None = None


@dataclass(frozen=True, eq=False)
class Leaf:
    """A block of inline text. ``tag`` is empty for text that stands bare in a container, as in a tight list item.

    ``key`` is equal for two leaves of one reading exactly if they are the same in everything.
    """

    tag: str
    attributes: Attributes
    runs: tuple[Run, ...]
    key: int

    @cached_property
    def text(self) -> str:
        """The leaf's text, white space folded, with ``OBJECT`` for each atom."""
        return "".join(run.text for run in self.runs)

    @cached_property
    def tokens(self) -> Tokens:
        """The tokens of ``text``; an atom's reads as its HTML."""
        atoms = {
            start: inline_html([run._replace(formats=())])
            for start, run in zip(self._starts, self.runs, strict=True)
            if run.atom is not None
        }
        return tokenised(self.text, atoms)

    @cached_property
    def _starts(self) -> list[int]:
        starts, position = [], 0
        for run in self.runs:
            starts.append(position)
            position += len(run.text)
        return starts

    def slice(self, start: int, end: int) -> tuple[Run, ...]:
        """The runs between two offsets (characters) of ``text``."""
        if start >= end:
            return ()
        first, last = bisect_right(self._starts, start) - 1, bisect_right(self._starts, end - 1)
        cut = []
        for place in range(first, last):
            run, begins = self.runs[place], self._starts[place]
            text = run.text[max(0, start - begins) : end - begins]
            cut.append(run if len(text) == len(run.text) else run._replace(text=text))
        return tuple(cut)


@dataclass(frozen=True, eq=False)
class Container:
    """A block that holds blocks: a list, a list item, a table, a row, a cell, a quotation; the root has no tag."""

    tag: str
    attributes: Attributes
    children: tuple["Block", ...] = field(repr=False)
    key: int


Block = Leaf | Container


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

    def read_tree(self, body: Any) -> Container:
        """The blocks of a parsed ``body`` element."""
        blocks = _blocks_within(body)
        frames = [_Frame("", (), keep=False)]
        walk = etree.iterwalk(body, events=("start", "end"))
        for event, element in walk:
            if element is body:
                if event == "start":
                    frames[0].inline.add(body.text)
                continue
            name = element.tag if isinstance(element.tag, str) else ""
            if name in _DROPPED or not name or (self._marks and "redline-say" in element.get("class", "")):
                if event == "start":
                    walk.skip_subtree()
                else:
                    frames[-1].inline.add(element.tail)
            elif name in BLOCKS or element in blocks:
                if event == "start":
                    frames.append(self._frame(element, name in _LEAVES and element not in blocks))
                else:
                    self._close(frames)
                    frames[-1].inline.add(element.tail)
            elif event == "start":
                frames[-1].inline.open(self._format(element), element.text)
            else:
                frames[-1].inline.close(element.tail)
        self._flush(frames[0])
        return self._container(frames[0])

    def _frame(self, element: Any, leaf: bool) -> "_Frame":
        tag, attributes = self._format(element) or ("div", ())
        frame = _Frame(tag, attributes, keep=leaf and tag == "pre", leaf=leaf)
        frame.inline.add(element.text)
        return frame

    def _close(self, frames: list["_Frame"]) -> None:
        frame = frames.pop()
        self._flush(frames[-1])
        if frame.leaf:
            frames[-1].children.append(self._leaf(frame.tag, frame.attributes, frame.inline.finish()))
            return
        self._flush(frame)
        frames[-1].children.append(self._container(frame))

    def _container(self, frame: "_Frame") -> Container:
        children = tuple(frame.children)
        key = self._key(frame.tag, frame.attributes, tuple(child.key for child in children))
        return Container(frame.tag, frame.attributes, children, key)

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
        if not _TAG.fullmatch(tag):
            return None
        return tag, self._attributes(element) if element.attrib else ()

    def _attributes(self, element: Any) -> Attributes:
        kept = []
        for name, value in element.attrib.items():
            if name == "class":
                names = value.split()
                value = " ".join(names if self._marks else [each for each in names if not each.startswith("redline-")])
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
            run = run._replace(text=last.text + run.text)
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
        runs = self._runs
        while not self._keep and runs and runs[-1].atom is None and runs[-1].text[-1] == " ":
            last = runs.pop()
            if last.text != " ":
                runs.append(last._replace(text=last.text[:-1]))
        self._begin()
        return tuple(runs)


class _Frame:
    """A block whose end has not come yet."""

    def __init__(self, tag: str, attributes: Attributes, keep: bool, leaf: bool = False) -> None:
        self.tag = tag
        self.attributes = attributes
        self.leaf = leaf
        self.children: list[Block] = []
        self.inline = _Inline(keep)


def load(html: str) -> Any:
    """The parsed ``body`` of a fragment. Never raises: what cannot be encoded becomes U+FFFD, NUL goes."""
    html = _UNENCODABLE.sub("\ufffd", html).replace("\0", "")
    parser = etree.HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    return etree.fromstring(f"<html><body>{html}</body></html>".encode(), parser).find("body")


def _blocks_within(body: Any) -> set[Any]:
    """The elements that have a block among their descendants."""
    found: set[Any] = set()
    for element in body.iterdescendants(*BLOCKS):
        parent = element.getparent()
        while parent is not None and parent not in found:
            found.add(parent)
            parent = parent.getparent()
    return found


def leaves(block: Block) -> Iterator[Leaf]:
    """Every leaf of a block, in order."""
    pending = [block]
    while pending:
        block = pending.pop()
        if isinstance(block, Leaf):
            yield block
        else:
            pending.extend(reversed(block.children))


def escape(text: str) -> str:
    """Text as HTML."""
    if "&" in text or "<" in text or ">" in text or "\r" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    return text


def start_tag(tag: str, attributes: Attributes) -> str:
    """``<tag name="value">``."""
    if not attributes:
        return f"<{tag}>"
    written = "".join(f' {name}="{escape(value).replace(chr(34), "&quot;")}"' for name, value in attributes)
    return f"<{tag}{written}>"


def inline_html(runs: Iterable[Run], tag: Callable[[Format, tuple[Format, ...]], str] | None = None) -> str:
    """Runs as HTML. ``tag`` writes an element's start tag, given the formats that it stands under."""
    out: list[str] = []
    current: tuple[Format, ...] = ()
    for run in runs:
        if run.formats != current:
            shared = common(current, run.formats)
            out.extend(f"</{name}>" for name, _ in reversed(current[shared:]))
            for depth in range(shared, len(run.formats)):
                each = run.formats[depth]
                out.append(tag(each, run.formats[:depth]) if tag else start_tag(*each))
            current = run.formats
        if run.atom is None:
            out.append(escape(run.text))
        else:
            out.append(tag(run.atom, run.formats) if tag else start_tag(*run.atom))
            if run.atom[0] not in VOID:
                out.append(f"</{run.atom[0]}>")
    out.extend(f"</{name}>" for name, _ in reversed(current))
    return "".join(out)


def common(one: tuple[Format, ...], other: tuple[Format, ...]) -> int:
    """How many formats two stacks share from the outside in."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def block_html(block: Block) -> str:
    """A block as HTML, one line a block within containers."""
    out: list[str] = []
    pending: list[Block | str] = [block]
    while pending:
        each = pending.pop()
        if isinstance(each, str):
            out.append(each)
        elif isinstance(each, Leaf):
            out.append(leaf_html(each.tag, inline_html(each.runs), start_tag(each.tag, each.attributes)))
        else:
            out.append(start_tag(each.tag, each.attributes) if each.tag else "")
            pending.append(f"</{each.tag}>" if each.tag else "")
            pending.extend(separated(each.children))
    return "".join(out)


def separated(children: tuple[Block, ...]) -> Iterator[Block | str]:
    """The children of a container, last first, with a line break between."""
    for place in range(len(children) - 1, -1, -1):
        yield children[place]
        if place:
            yield "\n"


def leaf_html(tag: str, content: str, start: str) -> str:
    """A leaf around its inline HTML, with its start tag as written."""
    if not tag:
        return content
    return start if tag in VOID else f"{start}{content}</{tag}>"
