"""Blocks -> HTML: leaves that hold text, within containers, and inline text as runs under formats.

How blocks are read is in ``parsing``; nothing is compared here. Everything is iterative, so nesting is bounded by the
parser alone (2,048 levels).
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import accumulate, chain
from typing import NamedTuple

from inforce.redline.numbers import at_head
from inforce.redline.words import Tokens, is_object, is_word, parted, tokenised

Attributes = tuple[tuple[str, str], ...]
Format = tuple[str, Attributes]
"""An inline element that text stands under: its tag and attributes."""


def names(written: str) -> frozenset[str]:
    """Names of elements, written with spaces between."""
    return frozenset(written.split())


ROW_GROUPS = names("thead tbody tfoot")
LEAVES = names("p h1 h2 h3 h4 h5 h6 pre dt summary caption figcaption legend hr col")
_CONTAINERS = names(
    "address article aside blockquote center colgroup dd details dialog div dl fieldset figure footer form header "
    "hgroup li main menu nav ol section table tbody td tfoot th thead tr ul"
)
BLOCKS = LEAVES | _CONTAINERS
HEADINGS = names("h1 h2 h3 h4 h5 h6")
_BOLD = names("strong b")
_READ_OTHERWISE = names("s strike sub sup")
"""Formats under which text says something else: what is struck does not hold, and 10² is not 102."""
_INTEGER = re.compile(r"\s*([+-]?\d{1,9})\s*", re.ASCII)
REFERENCE = ("class", "footnote-ref")
"""What a link has that leads to a footnote."""
NOTES = ("class", "footnote")
"""What a block has that holds the footnotes of a text."""
MARKED = ("type", "none")
"""What an item has whose mark is part of its text."""
VOID = names("area br col hr img input source track wbr")


class Run(NamedTuple):
    """Text under the same formats, outermost first; or, where ``atom`` is set, one element without text."""

    text: str
    formats: tuple[Format, ...] = ()
    atom: Format | None = None


class _Worded:
    """What a block says: its words, wherever in it they stand."""

    tag: str
    key: int

    @cached_property
    def bag(self) -> Mapping[str, int]:
        """How often each word occurs in it, as it is spoken; without any word, each other token."""
        found = Counter(chain.from_iterable([leaf.tokens.spoken for leaf in leaves(self)]))
        words = {text: found[text] for text in filter(is_word, found)}
        return words or found

    @cached_property
    def each(self) -> frozenset[str]:
        """The words of ``bag`` as a set, those that occur again with how often they did before."""
        if len(self.bag) == self.size:
            return frozenset(self.bag)
        again = [f"{word}\n{times}" for word, count in self.bag.items() if count > 1 for times in range(1, count)]
        return frozenset((*self.bag, *again))

    @cached_property
    def length(self) -> int:
        """How many characters of text are in it."""
        return sum([len(leaf.text) for leaf in leaves(self)])

    @cached_property
    def size(self) -> int:
        """How many words, or tokens, are in ``bag``."""
        return sum(self.bag.values())

    @cached_property
    def speaks(self) -> bool:
        """Whether a word is in it: a letter and a figure always are in one, so mostly the first character tells."""
        return any(any(map(str.isalnum, leaf.text)) for leaf in leaves(self)) or any(map(is_word, self.bag))

    @cached_property
    def said(self) -> Hashable:
        """What it says behind the number that it begins with: in that it is the same, whatever was put before it."""
        first, *others = leaves(self) or (None,)
        mark = first.number if first else ""
        if not first or not mark or (mark == first.text) != bool(others) or (others and self.tag != "tr"):
            return self.key
        return self.tag, first.text[len(mark) :].strip(), *(leaf.text for leaf in others)

    @cached_property
    def of_number(self) -> frozenset[str]:
        """The words of the number that it begins with, as they are spoken."""
        first = leaves(self)[:1]
        length = len(first[0].number) if first else 0
        if not length:
            return frozenset()
        tokens = first[0].tokens
        return frozenset(filter(is_word, tokens.spoken[: bisect_left(tokens.starts, length)]))


@dataclass(frozen=True, eq=False)
class Leaf(_Worded):
    """A block of inline text. ``tag`` is empty for text that stands bare in a container, as in a tight list item.

    ``key`` is equal for two leaves of one reading exactly if they are the same in everything. ``marked`` says that it
    begins with the mark of an item that has no other.
    """

    tag: str
    attributes: Attributes
    runs: tuple[Run, ...]
    key: int
    marked: bool = False

    @cached_property
    def text(self) -> str:
        """The leaf's text, white space folded, with ``OBJECT`` for each atom."""
        return "".join([run.text for run in self.runs])

    @cached_property
    def tokens(self) -> Tokens:
        """The tokens of ``text``; an atom's reads as its HTML."""
        if self.bare:
            return tokenised(self.text, {})
        atoms = {
            start: inline_html([run._replace(formats=())])
            for start, run in zip(self.starts, self.runs, strict=True)
            if run.atom is not None
        }
        found = parted(self.text, atoms, self.references) if self.references else tokenised(self.text, atoms)
        said = self._said_otherwise(found)
        if not said:
            return found
        texts, spoken = (
            tuple([each + said.get(place, "") for place, each in enumerate(side)])
            for side in (found.texts, found.spoken)
        )
        return found._replace(texts=texts, spoken=spoken)

    @property
    def bare(self) -> bool:
        """Whether it is nothing but text, without formats."""
        return len(self.runs) == 1 and not self.runs[0].formats and self.runs[0].atom is None

    @cached_property
    def references(self) -> dict[int, str]:
        """Where a footnote's number begins that is referred to, and the link: it is no part of the word before it."""
        if self.bare:
            return {}
        return {
            start: dict(given).get("href", "")
            for start, run in zip(self.starts, self.runs, strict=True)
            for tag, given in run.formats
            if tag == "a" and REFERENCE in given
        }

    def _said_otherwise(self, tokens: Tokens) -> dict[int, str]:
        """For each token of which a format changes what it says: under which formats each of its characters stands.

        Letters that are only raised or lowered, as in “1st” and “TM”, say the same.
        """
        found: dict[int, list[str]] = {}
        for run, start in zip(self.runs, self.starts, strict=True):
            formats = [tag for tag, _ in run.formats if tag in _READ_OTHERWISE]
            if not formats:
                continue
            is_raised = formats[0][:2] == "su" == formats[-1][:2]
            end = start + len(run.text)
            for place in range(bisect_right(tokens.ends, start), bisect_left(tokens.starts, end)):
                if is_object(tokens.texts[place]):
                    continue
                begins, ends = tokens.starts[place], tokens.ends[place]
                inner = slice(max(start, begins) - begins, min(end, ends) - begins)
                if is_raised and tokens.texts[place][inner].isalpha():  # 1st is the same word, raised or not
                    continue
                characters = found.setdefault(place, [""] * (ends - begins))
                characters[inner] = [" ".join(formats)] * len(characters[inner])
        return {place: "\n" + ",".join(characters) for place, characters in found.items()}

    @cached_property
    def starts(self) -> list[int]:
        """Where in ``text`` each of the runs starts."""
        return list(accumulate((len(run.text) for run in self.runs[:-1]), initial=0))[: len(self.runs)]

    @cached_property
    def number(self) -> str:
        """The number that it begins with, as it is typed (“3.1”, “(b)”, “§ 3”); empty where it has none of its own."""
        is_bold = bool(self.runs) and any(tag in _BOLD for tag, _ in self.runs[0].formats)
        return at_head(self.text, self.marked or self.tag in HEADINGS or is_bold)

    def slice(self, start: int, end: int) -> tuple[Run, ...]:
        """The runs between two offsets (characters) of ``text``."""
        if start >= end:
            return ()
        if len(self.runs) == 1 and self.runs[0].atom is None:
            only = self.runs[0]
            return (only if not start and end >= len(only.text) else Run(only.text[start:end], only.formats),)
        first, last = bisect_right(self.starts, start) - 1, bisect_right(self.starts, end - 1)
        cut = []
        for place in range(first, last):
            run, begins = self.runs[place], self.starts[place]
            text = run.text[max(0, start - begins) : end - begins]
            cut.append(run if len(text) == len(run.text) else Run(text, run.formats, run.atom))
        return tuple(cut)


@dataclass(frozen=True, eq=False)
class Container(_Worded):
    """A block that holds blocks: a list, a list item, a table, a row, a cell, a quotation; the root has no tag.

    ``heads`` are, for a table and what rows are in it, the texts of its first row, one a column; none where cells span
    several, where rows have not as many, or where two columns are called alike.
    """

    tag: str
    attributes: Attributes
    children: tuple["Block", ...] = field(repr=False)
    key: int
    heads: tuple[str, ...] = ()

    @cached_property
    def within(self) -> tuple[Leaf, ...]:
        """Every leaf in it, in order."""
        found: list[Leaf] = []
        pending: list[Block] = [*self.children[::-1]]
        while pending:
            block = pending.pop()
            if isinstance(block, Leaf):
                found.append(block)
            else:
                pending.extend(block.children[::-1])
        return tuple(found)


Block = Leaf | Container


def with_mark(item: Container) -> Container:
    """Return an item whose first text knows that it begins with the item's mark."""
    first, *others = item.children or (None,)
    if MARKED not in item.attributes or not isinstance(first, Leaf):
        return item
    return replace(item, children=(replace(first, marked=True), *others))


def together(blocks: Iterable[Block]) -> Container:
    """Return blocks as one, to be looked at together; its key says nothing."""
    return Container("", (), tuple(blocks), -1)


def leaves(block: _Worded) -> tuple[Leaf, ...]:
    """Return every leaf of a block, in order."""
    return block.within if isinstance(block, Container) else (block,) if isinstance(block, Leaf) else ()


def likeness(old: Block, new: Block) -> float:
    """Return the share of their words that two blocks have in common, from 0 to 1 (Dice's coefficient of multisets).

    The numbers that they begin with are left out: in the same place of another list everything has another one.
    """
    one, other = old.of_number, new.of_number
    both = old.size + new.size - len(one) - len(other)
    shared = len(old.each & new.each) - len(one & other)
    return 2 * shared / both if both > 0 else 0.0


def number(block: Block) -> str:
    """Return the number that a block begins with, empty where it has none of its own."""
    while not isinstance(block, Leaf):
        if not block.children:
            return ""
        block = block.children[0]
    return block.number


def integer(written: str | None, otherwise: int) -> int:
    """Return a number that an attribute holds, read as a browser reads it, or ``otherwise`` where there is none."""
    match = _INTEGER.fullmatch(written or "")
    return int(match[1]) if match else otherwise


def escape(text: str) -> str:
    """Return text as HTML."""
    if "&" in text or "<" in text or ">" in text or "\r" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    return text


@lru_cache(maxsize=1024)
def start_tag(tag: str, attributes: Attributes) -> str:
    """Return ``<tag name="value">``."""
    if not attributes:
        return f"<{tag}>"
    written = "".join(f' {name}="{escape(value).replace(chr(34), "&quot;")}"' for name, value in attributes)
    return f"<{tag}{written}>"


def inline_html(
    runs: Iterable[Run],
    tag: Callable[[Format, tuple[Format, ...]], str] | None = None,
    text: Callable[[str], str] = escape,
) -> str:
    """Return runs as HTML. ``tag`` writes a start tag, given the formats it stands under; ``text`` writes text."""
    out: list[str] = []
    current: tuple[Format, ...] = ()
    for written, formats, atom in runs:
        if formats != current:
            shared = common(current, formats)
            out.extend([f"</{name}>" for name, _ in reversed(current[shared:])])
            for depth in range(shared, len(formats)):
                each = formats[depth]
                out.append(tag(each, formats[:depth]) if tag else start_tag(*each))
            current = formats
        if atom is None:
            out.append(text(written))
        else:
            out.append(tag(atom, formats) if tag else start_tag(*atom))
            if atom[0] not in VOID:
                out.append(f"</{atom[0]}>")
    out.extend([f"</{name}>" for name, _ in reversed(current)])
    return "".join(out)


def common(one: tuple[Format, ...], other: tuple[Format, ...]) -> int:
    """Return how many formats two stacks share from the outside in."""
    count = 0
    for each, its in zip(one, other, strict=False):
        if each != its:
            break
        count += 1
    return count


def block_html(block: Block, text: Callable[[str], str] = escape) -> str:
    """Return a block as HTML, one line a block within containers; ``text`` writes its text."""
    out: list[str] = []
    for each in pieces(block):
        if isinstance(each, str):
            out.append(each)
        elif isinstance(each, Leaf):
            out.append(leaf_html(each.tag, inline_html(each.runs, text=text), start_tag(each.tag, each.attributes)))
        elif each.tag:
            out.append(start_tag(each.tag, each.attributes))
    return "".join(out)


def pieces(block: Block) -> Iterator[Block | str]:
    """Yield the blocks in a block as they begin, itself first, and, as HTML, what ends them and stands between."""
    pending: list[Block | str] = [block]
    while pending:
        each = pending.pop()
        yield each
        if isinstance(each, Container):
            if each.tag:
                pending.append(f"</{each.tag}>")
            for place in range(len(each.children) - 1, -1, -1):
                pending.append(each.children[place])
                if place:
                    pending.append("\n")


def leaf_html(tag: str, content: str, start: str) -> str:
    """Return a leaf around its inline HTML, with its start tag as written."""
    if not tag:
        return content
    return start if tag in VOID else f"{start}{content}</{tag}>"
