"""Built pages, read with ``html.parser`` alone: what they link to, the clauses on them, and a redline's two sides.

It shares no code with what it proves. How the marks of a redline are taken out again is written from their description.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html.parser import HTMLParser
from itertools import dropwhile, takewhile
from urllib.parse import urljoin

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
BLOCKS = frozenset(
    (
        *("p", "div", "ul", "ol", "li", "table", "thead", "tbody", "tr", "td", "th", "caption", "figure", "pre", "hr"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "dl", "dt", "dd"),
    )
)
_UNSAID = frozenset(("redline-say", "redline-step", "redline-filler"))
_SAME_WORDS = frozenset(("redline-format", "redline-space"))
"""Classes of marks of which the redline itself says that no word changed."""
_OURS = frozenset(("if-today", "if-meta", "if-number", "headerlink", "if-erratum", "if-kinds", "if-beside"))
"""Classes of what a page adds to a clause's text."""


@dataclass
class Node:
    """An element: its tag, its attributes, and what is in it."""

    tag: str
    attributes: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    @cached_property
    def classes(self) -> frozenset[str]:
        """Its classes."""
        return frozenset(self.attributes.get("class", "").split())

    def all(self) -> Iterator[Node]:
        """This element and all in it, in the order of the page."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [child for child in reversed(node.children) if isinstance(child, Node)]

    @property
    def text(self) -> str:
        """All text in it, as it stands."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self.open = [self.root]
        self.misnested: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or tag not in [node.tag for node in self.open]:
            self.misnested.append(f"</{tag}>")
            return
        while self.open[-1].tag != tag:
            self.misnested.append(f"<{self.open.pop().tag}>")
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


@dataclass(frozen=True)
class Page:
    """A page: its elements, their ids, where it links to, and tags that are not closed where they should be."""

    root: Node
    ids: tuple[str, ...]
    links: tuple[str, ...]
    misnested: tuple[str, ...]


@lru_cache(maxsize=1000)
def read(html: str) -> Page:
    """A page, or a fragment of one."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    misnested = (*builder.misnested, *(f"<{node.tag}>" for node in builder.open[1:]))
    nodes = list(builder.root.all())
    ids = tuple(node.attributes["id"] for node in nodes if "id" in node.attributes)
    links = tuple(node.attributes[name] for node in nodes for name in ("href", "src") if name in node.attributes)
    return Page(builder.root, ids, links, misnested)


# A clause as a stream of what it shows

Stream = tuple[str, ...]
"""Tags of blocks, and characters with their formats, in the order of the page; white space is one blank or none."""


def clauses(page: Page) -> dict[str, Node]:
    """The elements with a clause on the page of a version or of a redline, by the clause's id."""
    found = {}
    for node in page.root.all():
        if "if-clause" in node.classes:
            holder = node if "id" in node.attributes else next(each for each in node.all() if each.tag == "h2")
            found[holder.attributes["id"]] = node
    return found


def shown(clause: Node, address: str) -> Stream:
    """What a version's page at ``address`` shows of a clause, without what the page adds."""
    return _stream(_bare(clause), address)


def side(clause: Node, address: str, *, accept: bool) -> Stream:
    """What a redline's clause becomes where every change is accepted, or rejected."""
    arrived = {
        node.attributes["data-redline-move"]: node
        for node in clause.all()
        if "data-redline-move" in node.attributes and "redline-left" not in node.classes
    }
    return _stream([each for child in _bare(clause) for each in _resolved(child, accept, arrived)], address)


def marked(node: Node) -> str:
    """The text that a redline marks as inserted or deleted words, without white space and what is only said."""
    if (_UNSAID | _SAME_WORDS | {"redline-left"}) & node.classes:
        return ""
    if node.tag in ("ins", "del") or {"redline-added", "redline-removed"} & node.classes:
        return re.sub(r"\s+", "", _said(node))
    return "".join(marked(child) for child in node.children if isinstance(child, Node))


def _said(node: Node) -> str:
    if _UNSAID & node.classes:
        return ""
    return "".join(child if isinstance(child, str) else _said(child) for child in node.children)


def _bare(clause: Node) -> list[Node | str]:
    """What is in a clause's element, apart from what the page adds; the summary of a folded one is its heading.

    Paragraphs that are folded within it stand where they stood, and their summary says nothing of the text.
    """
    kept: list[Node | str] = []
    for child in clause.children:
        if isinstance(child, str):
            kept.append(child)
        elif child.tag == "details" and "if-same" in child.classes:
            folded = [each for each in child.children if not (isinstance(each, Node) and each.tag == "summary")]
            kept += _bare(Node("", {}, folded))
        elif child.tag == "summary":
            heading = next(each for each in child.all() if each.tag == "h2")
            own = Node("h2", {}, [each for each in heading.children if not (isinstance(each, Node) and _added(each))])
            kept += [own] if own.text.strip() else []
        elif "if-inline" in child.classes:
            kept += _bare(child)
        elif not _added(child):
            kept.append(Node(child.tag, child.attributes, _bare(child)))
    return kept


def _added(node: Node) -> bool:
    placeholder = node.tag == "span" and node.text == "Introduction" and node.attributes.get("lang") == "en"
    return bool(_OURS & node.classes) or placeholder


def _resolved(node: Node | str, accept: bool, arrived: dict[str, Node], *, moving: bool = False) -> list[Node | str]:
    """What of an element stands on one side of a redline."""
    if isinstance(node, str):
        return [node]
    given, classes = node.attributes, node.classes
    goes, gone = ("del", "redline-removed") if accept else ("ins", "redline-added")
    if _UNSAID & classes or node.tag == goes or gone in classes:
        return []
    if "data-redline-move" in given and not moving:
        left = "redline-left" in classes
        if left:
            return [] if accept else _resolved(arrived[given["data-redline-move"]], accept, arrived, moving=True)
        if not accept:
            return []
    inner = [each for child in node.children for each in _resolved(child, accept, arrived)]
    if node.tag in ("ins", "del"):
        return inner
    if "data-redline-was" in given:
        return inner if accept else list(read(given["data-redline-was"]).root.children)
    if "data-redline-layout" in given:
        return inner if accept else _relaid(given["data-redline-layout"], Node("", {}, inner).text)
    former = given.get("data-redline-tag")
    if not accept and former:
        start = next(each for each in read(former).root.children if isinstance(each, Node))
        return [Node(start.tag, start.attributes, inner)]
    if "data-redline-bare" in given or (not accept and former == ""):
        return inner
    return [Node(node.tag, given, inner)]


def _relaid(layout: str, text: str) -> list[Node | str]:
    """A former layout, in which each number stands for so many characters of the text."""
    characters = iter(re.sub(r"\s+", "", text))

    def filled(node: Node) -> Node:
        children: list[Node | str] = []
        for child in node.children:
            if isinstance(child, Node):
                children.append(filled(child))
            else:
                children.append(re.sub(r"\d+", lambda n: "".join(next(characters) for _ in range(int(n[0]))), child))
        return Node(node.tag, node.attributes, children)

    return filled(read(layout).root).children


def _stream(nodes: list[Node | str], address: str) -> Stream:
    out: list[str] = []
    for node in nodes:
        _flow(node, (), address, out)
    return tuple(_folded(out))


def _flow(node: Node | str, formats: tuple[str, ...], address: str, out: list[str]) -> None:
    if isinstance(node, str):
        mark = f"|{' '.join(sorted(set(formats)))}" if formats else ""
        out += [" " if char.isspace() else f"{char}{mark}" for char in node]
    elif node.tag in BLOCKS:
        out.append(f"<{_label(node, address)}>")
        for child in node.children:
            _flow(child, formats, address, out)
        out.append(f"</{node.tag}>")
    elif node.tag in VOID:
        out.append(f"<{_label(node, address)}/>")
    else:
        inner = (*formats, _label(node, address)) if node.tag not in ("span", "section") else formats
        for child in node.children:
            _flow(child, inner, address, out)


def _label(node: Node, address: str) -> str:
    """An element as it counts: without ids, and without what a redline wrote on it; links as addresses."""
    given = dict(node.attributes)
    if "data-redline-value" in given:
        given.pop("value", None)
    given.pop("id", None)
    kept = {name: value for name, value in given.items() if not name.startswith("data-redline")}
    for name in ("href", "src"):
        if name in kept and not kept[name].startswith("#"):
            kept[name] = urljoin(address, kept[name])
    names = sorted(each for each in node.classes if not each.startswith("redline-"))
    kept.pop("class", None)
    if names:
        kept["class"] = ".".join(names)
    return " ".join((node.tag, *(f"{name}={value}" for name, value in sorted(kept.items()))))


def _folded(out: list[str]) -> Iterator[str]:
    """White space folded: none at the edge of a block, one blank elsewhere."""
    edge, waiting = True, False
    for each in out:
        if each == " ":
            waiting = not edge
            continue
        block = each.startswith("<") and len(each) > 1 and not each.endswith("/>")
        if waiting and not block:
            yield " "
        waiting, edge = False, block or each.startswith("<br")
        yield each


def unlike(rejected: Mapping[str, Stream], before: Mapping[str, Stream]) -> Iterator[str]:
    """What keeps clauses of which all changes are rejected from being the old ones, each block of which is in one.

    A clause that was split has its blocks in several, and one that was merged goes on in another, in its order always.
    A footnote to which two parts refer is in both.
    """
    known = {name: _blocks(text) for name, text in before.items()}
    left = Counter(block for blocks in known.values() for block in blocks)
    notes = {block for block in left if block[0].startswith("<li")}
    for name, text in rejected.items():
        own = _blocks(text)
        if strange := [block for block in Counter(own) - left if block not in notes]:
            yield f"rejecting {name} gives {', '.join(map(readable, strange))}, not in the old text, or not so often"
        elif len(parts := _parts(own, known)) != len(own):
            yield f"rejecting {name} gives {', '.join(map(readable, own[len(parts) :]))} in another order"
        left.subtract(own)
    if gone := [readable(block) for block, count in left.items() if count > 0]:
        yield f"rejecting everything does not give {', '.join(gone)}"


def _parts(own: Sequence[Stream], known: Mapping[str, Sequence[Stream]]) -> list[Stream]:
    """As many of the blocks as follow from each of the old clauses in its own order, one clause behind the other."""
    found: list[Stream] = []
    while rest := own[len(found) :]:
        longest: list[Stream] = []
        for blocks in known.values():
            places = iter(blocks)
            taken = list(takewhile(lambda block, places=places: block in places, rest))
            longest = max(longest, taken, key=len)
        if not longest:
            break
        found += longest
    return found


def _blocks(text: Stream) -> list[Stream]:
    """The blocks of a text; each of the footnotes at its end is one."""
    found: list[Stream] = []
    begin = depth = 0
    for place, each in enumerate(text):
        if each == "<div class=footnote>" and not depth:
            inner = text[place + 1 : -1]
            return [*found, *_blocks(tuple(dropwhile(lambda it: it.startswith("<hr") or it == "<ol>", inner))[:-1])]
        is_tag = len(each) > 1 and each.startswith("<") and not each.endswith("/>")
        depth += (-1 if each.startswith("</") else 1) if is_tag else 0
        if not depth:
            found.append(text[begin : place + 1])
            begin = place + 1
    return found


def readable(stream: Stream) -> str:
    """A stream as a message shows it."""
    return "".join(each if each.startswith("<") else each[0] for each in stream)
