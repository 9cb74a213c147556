"""What a clause's Markdown must not carry: scripts, foreign tags, forged marks, addresses that are not published, and
references that lead to nothing, or to another clause. What its page leaves out is told by ``unseen``.

The sanitiser drops most of it anyway; here an editor is told, with file and line, before anything is lost. What leads
to other clauses and pages is the business of ``check.drafts``.
"""

import html
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from html.parser import HTMLParser
from itertools import pairwise

from markdown_it.common.utils import normalizeReference

from inforce.errors import Level, Problem
from inforce.model import ClauseFile
from inforce.text import characters, lists, markdown, normal, unseen
from inforce.text.dialect import ATTRIBUTES
from inforce.text.html import SCHEMES, TAGS, ends_in_tag, is_published
from inforce.text.markdown import Document
from inforce.text.rewriting import parsed
from inforce.text.unseen import Finding

Undefined = tuple[str, int, str, str]
"""Clause id, line, the reference as written, the clause that defines it or an empty string."""

CLOSED_BY_OTHERS = frozenset(("p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody"))
"""HTML lets these stay open."""
_FORGED = frozenset(("ins", "del"))
_SLIPS = (
    (re.compile(r"^\*\[[^\]\n]+\]:", re.M), "An abbreviation is shown", "Write it out where it is used first"),
    (
        re.compile(rf"{ATTRIBUTES}$", re.M),
        "What looks like attributes is shown",
        "Delete them; a sub-heading alone has an {#id}",
    ),
    (re.compile(r"^\[TOC\]$", re.M), "A table of contents is shown", "Delete it: the page has one"),
)
"""What other converters read as marks, and neither a git host's preview nor the page does."""
_DRAWN = (
    (
        re.compile(r"(?<![\w:/\\]):[a-z][a-z0-9_+-]*:(?![\w:/])"),
        "A preview makes a sign of",
        "Write the sign itself, or <span>:</span> for the colon",
    ),
    (
        re.compile(
            r"(?<![\w\\$])\$(?=[^\s$])[^$\n]*(?<=[^\s$\\])\$(?![\w$])|(?<![\\$])\$\$(?!\$)(?:[^$\n]|\n(?!\n))+\$\$"
        ),
        "A preview makes a formula of",
        "Write <span>$</span> for the sign",
    ),
)
"""What a git host's preview draws, and the page shows as it is written."""
_BOX = re.compile(r"\[[ xX]\][ \t]")
_WRITTEN = re.compile(
    r"(?<!\\)(?:\[(?P<text>[^\]\[]+)\]\[(?P<name>[^\]\[]*)\]|\[\^(?P<foot>[^\]\[\s]+)\](?!:)"
    r"|(?<!\])\[(?P<alone>[^\]\[^][^\]\[]*)\](?![\[(:]))"  # [name] means a link only where something defines it
)
SMALLER = frozenset(("small", "sub", "sup", "code", "kbd", "samp"))
"""Each is shown smaller than what it stands in: forty in one another are shown as nothing."""


def find(file: ClauseFile) -> tuple[Problem, ...]:
    """Everything in one clause's file that the published page could not or should not show."""
    read = markdown.read(file.body)
    looks = _tags, _unfinished, _links, _invisible, _slips, _run_on, _nesting, _size, unseen.find
    found = [*_forged(read, file.clause.id), *_unsettled(file.body), *(each for look in looks for each in look(read))]
    return tuple(
        Problem(file.path, line and line + file.before, rule, what, cure, _level(rule))
        for line, rule, what, cure in sorted(found)
    )


def _level(rule: str) -> Level:
    return Level.WARNING if rule == unseen.RULE else Level.ERROR


class _Tags(HTMLParser):
    """Collects the tags of raw HTML in Markdown, and those that stay open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[Finding] = []
        self.open: list[tuple[str, int]] = []
        self.within: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if ":" in tag or "@" in tag:  # an autolink such as <https://example.com>
            return
        line = self.getpos()[0]
        if tag in _FORGED:
            cure = "Write the text as it shall be; the redline marks what changed"
            self.found.append((line, "forged-mark", f"<{tag}> would pass for a redline's own mark", cure))
        elif tag == "bdo":
            self.found.append((line, "html", "<bdo> makes text read otherwise than it is written", "Use <bdi>"))
        elif tag not in TAGS:
            self.found.append((line, "html", f"<{tag}> is not published", "Delete it, or say it in Markdown"))
        if tag == "img":
            self.found.append((line, "picture", *_PICTURE))
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc", "formaction"):
                self.found.append((line, "html", f"The attribute {name} is not published", "Delete it"))
            elif name in ("href", "src") and (wrong := scheme(value or "")):
                self.found.append((line, "link-scheme", f"A {wrong}: link is not published", _SCHEME_CURE))
            elif tag in TAGS and not is_published(tag, name, value or ""):
                self.found.append((line, unseen.RULE, f"No page shows the attribute {name} of <{tag}>", "Delete it"))
        if tag in SMALLER and any(self.within[outer] for outer in SMALLER):
            what = f"<{tag}> in another tag that makes text smaller can be too small to read"
            self.found.append((line, "small", what, "Take one of them out"))
        if tag not in markdown.VOID:
            self.open.append((tag, line))
            self.within[tag] += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in markdown.VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.within[tag]:
            what = f"</{tag}> closes no tag that is written here"
            self.found.append((self.getpos()[0], unseen.RULE, what, _UNOPENED.get(tag, "Delete it")))
        while self.within[tag]:  # what opened behind it ends with it
            ended, _ = self.open.pop()
            self.within[ended] -= 1
            if ended == tag:
                return


_UNOPENED = {
    "br": "Write <br>, for which browsers take it",
    "p": "Delete it, or leave an empty line where the next paragraph begins",
}
"""What to do about the end of a tag that never began, where a page shows something for it."""
_PICTURE = (
    "A picture is no part of a version: its digest covers the text alone, and the picture could change under it",
    "Say it in words, or link to the picture",
)
_SCHEME_CURE = "Link to an http, https, mailto or tel address"


def _tags(read: Document) -> Iterator[Finding]:
    parser = _Tags()
    # HTMLParser fails on <![…], and takes for ever over what nothing closes.
    last, closed = read.raw.rfind(">"), read.raw.rfind("-->")

    def closing(mark: re.Match[str]) -> str:
        fed = mark[0] != "<![" and mark.start() < (closed if mark[0] != "<" else last)
        return mark[0] if fed else f"< {mark[0][1:]}"

    parser.feed(re.sub(r"<!--|<!\[|<[!?]|<", closing, read.raw))
    parser.close()
    yield from parser.found
    for tag, line in parser.open:
        if tag in TAGS and tag not in CLOSED_BY_OTHERS:
            yield line, "open-tag", f"<{tag}> is never closed", f"Close it in this clause with </{tag}>"


def _unfinished(read: Document) -> Iterator[Finding]:
    """Tags of raw HTML without their end: up to the next ``>``, or the end of the page, nothing would be shown."""
    for token in read.tokens:
        if token.type != "html_block" or not token.map or not ends_in_tag(token.content):
            continue
        places = [place.end() for place in re.finditer("<", token.content)]
        first = bisect_left(places, True, key=lambda end: ends_in_tag(token.content[:end] + "a"))
        line = token.map[0] + token.content.count("\n", 0, places[min(first, len(places) - 1)]) + 1
        yield line, "open-tag", "A tag begins here and never ends", "Write > where it ends, or &lt; for a sign"


def scheme(address: str) -> str:
    """The scheme of an address that is not published, with entities and blanks seen through; empty where it is fine."""
    plain = re.sub(r"[\x00-\x20]", "", html.unescape(address))
    parts = parsed(plain)
    if parts is None:
        return "malformed"
    return "" if parts.scheme in SCHEMES else parts.scheme


def _links(read: Document) -> Iterator[Finding]:
    for link in read.links:
        if link.kind != "html" and (wrong := scheme(link.address)):
            yield link.line, "link-scheme", f"A {wrong}: link is not published", _SCHEME_CURE
        if link.kind == "image":
            yield link.line, "picture", *_PICTURE


def _invisible(read: Document) -> Iterator[Finding]:
    """Characters that hide or turn text, written as themselves or, outside code, as entities."""
    rows = []
    for row, bare in zip(read.rows, read.bare_rows, strict=True):
        shown = row
        if "&" in row:  # within code an entity stands for its letters
            shown = html.unescape("".join("+" if (a, b) == ("&", " ") else a for a, b in zip(row, bare, strict=True)))
        rows.append(shown.replace("\n", " "))
    for line, what, cure in dict.fromkeys(characters.find("\n".join(rows))):
        yield line, "hidden-character", what, cure


def _forged(read: Document, clause_id: str) -> Iterator[Finding]:
    """Ids that an editor gives by hand: kept, but always below the clause's own; a clause id is never one of them."""
    for heading in read.headings:
        if heading.level > 2 and "--" in heading.id:
            what = f"The id {heading.id!r} could pass for one of another clause than `{clause_id}`"
            yield heading.first, "forged-id", what, "Choose an id without two hyphens in a row"


def _slips(read: Document) -> Iterator[Finding]:
    """Marks that are none here, and those that only a preview would take for some."""
    for before, token in pairwise(read.tokens):
        if token.type != "inline" or not token.map or before.type == "heading_open":
            continue
        for pattern, what, cure in _SLIPS:
            if (found := pattern.search(token.content)) and not token.content[: found.start()].endswith("\\"):
                line = token.map[0] + token.content.count("\n", 0, found.start()) + 1
                yield line, "preview", f"{what} as it is written", cure
    for opening, (before, token) in zip(read.tokens, pairwise(read.tokens[1:]), strict=False):
        if (
            opening.type == "list_item_open"
            and "mark" not in opening.meta
            and before.type == "paragraph_open"
            and _BOX.match(token.content)
        ):
            what, cure = "A preview makes a box to tick of this, and the page does not", "Write \\[ for the bracket"
            yield (token.map or [0])[0] + 1, "preview", what, cure
    for pattern, what, cure in _DRAWN:
        for drawn in pattern.finditer(read.plain):
            line = read.plain.count("\n", 0, drawn.start()) + 1
            yield line, "preview", f"{what} {normal.one_line(drawn[0])}, and the page does not", cure


def _run_on(read: Document) -> Iterator[Finding]:
    """Lines that an editor may have meant as items, and that the page shows as part of the paragraph above."""
    for line, mark in lists.run_on(read.tokens):
        blanks = " and two blanks behind it" if mark.name.isupper() and mark.after == "." else ""
        cure = f"For an item, leave an empty line above it{blanks}; for text, write `{mark.escaped}`"
        yield line, "run-on", f"`{mark.text}` looks like an item's mark, and runs into the paragraph above", cure


def _nesting(read: Document) -> Iterator[Finding]:
    """Lists, quotes or brackets in one another beyond all sense: nobody can read them, and no page shows them."""
    depth, line = read.brackets
    if depth:
        yield line, "nesting", f"Square brackets are nested {depth} deep here", "Close them, or write \\["
    depth, line = read.depth
    if depth > markdown.DEEPEST:
        what = f"Lists or quotes are nested more than {markdown.DEEPEST} deep here"
        yield line, "nesting", what, "Indent less, or use sub-headings"
    elif read.nested > markdown.DEEPEST and not read.brackets[0]:
        line = _first_too_deep(read.rows)
        what = f"Elements are nested more than {markdown.DEEPEST} deep here, a list and its items counted apart"
        yield line, "nesting", what, "Close the tags, indent less, or use sub-headings"


def _first_too_deep(rows: Sequence[str]) -> int:
    """The line by which elements are nested deeper than a page shows, of a text in which they are."""

    def deep(lines: int) -> bool:
        return markdown.nested("\n".join(rows[:lines])) > markdown.DEEPEST

    high = 1  # of a long text, no more than twice what is needed is read
    while high < len(rows) and not deep(high):
        high *= 2
    return bisect_left(range(len(rows)), True, high // 2 + 1, min(high, len(rows)), key=deep)


def _size(read: Document) -> Iterator[Finding]:
    if read.elements > markdown.MOST:
        what = f"The page would have {read.elements:,} elements, and {markdown.MOST:,} are the most that is compared"
        yield 0, "too-large", what, "Divide it into several clauses"


def too_deep(source: str) -> Iterator[tuple[int, str, str]]:
    """The first place where a text is nested deeper than a page shows: its line, what is wrong, the cure."""
    yield from ((line, what, cure) for line, _, what, cure in _nesting(markdown.read(source)))


def _unsettled(body: str) -> Iterator[Finding]:
    """Blanks at a line's end that a release, which keeps none, could not leave out without changing the page."""
    text = unicodedata.normalize("NFC", body)
    if markdown.read(text).too_deep or not normal.changed(text):
        return
    lines = text.count("\n") + 1  # with all of them settled, the page is another one
    line = bisect_left(range(lines), True, 1, lines, key=partial(normal.changed, text))
    what = "The blanks at this line's end mean something that a release, which keeps none, cannot say otherwise"
    yield line, "normal-form", what, "Delete them; a hard line break is <br>"


def undefined(sources: Sequence[tuple[str, str]]) -> list[Undefined]:
    """What clauses refer to and do not define themselves. ``sources`` are (clause id, Markdown)."""
    defined: dict[str, str] = {}
    for name, source in sources:
        defined.update(dict.fromkeys(_defines(source), name))
    return [
        (name, line, written, defined.get(key, ""))
        for name, source in sources
        for line, written, key, alone in _refers(source)
        if not alone or key in defined
    ]


@lru_cache(maxsize=4096)
def _defines(source: str) -> tuple[str, ...]:
    """The names that a text defines, those of footnotes behind a ``^``."""
    if "]:" not in source:
        return ()
    read = markdown.read(source)
    return (*(label for label, _ in read.definitions), *(f"^{label}" for label, _ in read.footnotes))


@lru_cache(maxsize=4096)
def _refers(source: str) -> tuple[tuple[int, str, str, bool], ...]:
    """What in a text may refer to a definition: its line, as it is written, the name, and whether it is that alone."""
    plain = markdown.read(source).plain if "[" in source else ""
    found = []
    for match in _WRITTEN.finditer(plain):
        written = match["alone"] or match["name"] or match["text"]
        key = f"^{match['foot']}" if match["foot"] else str(normalizeReference(written))
        found.append((plain.count("\n", 0, match.start()) + 1, match[0], key, bool(match["alone"])))
    return tuple(found)
