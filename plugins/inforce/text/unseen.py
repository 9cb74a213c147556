"""Words of a clause's file that its page does not show: anybody can read them in the version's file, few ever will.

Words that are there to be read, such as a note to which nothing refers, are errors. What other programs write beside
the words, and an import keeps, is told and refused nowhere: rule ``unseen``, a warning.
"""

import html
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator

from markdown_it.rules_block.table import escapedSplit

from inforce.text import normal
from inforce.text.html import is_published
from inforce.text.markdown import Document

Finding = tuple[int, str, str, str]
"""Line, rule, what is wrong, the cure."""

RULE = "unseen"
"""The rule of what is only told; ``unsafe`` tells by it of raw HTML."""
_ID = re.compile(r"""<[a-zA-Z][^<>]*?\sid\s*=\s*["']?([^\s"'<>]+)""", re.IGNORECASE)
_MARKUP = re.compile(r"<!--.*?(?:-->|$)|</?[a-zA-Z][\w-]*(?:\s[^<>]*)?>")


def find(read: Document) -> Iterator[Finding]:
    """Everything in a clause's text that its page leaves out."""
    for look in (_comments, _silent_heading, _footnotes, _definitions, _ids, _cells, _asides, _empty_links):
        yield from look(read)


def _comments(read: Document) -> Iterator[Finding]:
    for line, row in enumerate(read.raw.split("\n"), 1):
        if not re.search(r"<[!?]", row):
            continue
        what = "A comment is on no page, and everybody can read it in the version's file"
        yield line, "comment", what, "Delete it; what only you shall read belongs elsewhere, such as the commit"


def _silent_heading(read: Document) -> Iterator[Finding]:
    """A heading of nothing but tags, comments and blanks."""
    heading = next((each for each in read.headings if each.level == 2), None)
    if heading and heading.text.strip() and not html.unescape(_MARKUP.sub("", heading.text)).strip():
        yield heading.first, "no-heading", "The heading shows no word", "Write what the clause is about"


def _footnotes(read: Document) -> Iterator[Finding]:
    """Footnotes that readers would not see, or not as they are meant."""
    used = {label for label, _ in read.footnote_uses}
    counted = Counter(label for label, _ in read.footnotes)
    for label, line in read.footnotes:
        if counted[label] > 1:
            yield line, "reference", f"The footnote [^{label}] is defined more than once", "Give each its own name"
        elif label not in used:
            what = f"Nothing refers to the footnote [^{label}], so nobody would see it"
            yield line, "reference", what, f"Write [^{label}] where it belongs, or take the note out"
    headings = {heading.first for heading in read.headings}
    for _, line in read.footnote_uses:
        if line in headings:
            yield line, "reference", "A heading carries no footnote", "Refer to it in the text below"


def _definitions(read: Document) -> Iterator[Finding]:
    """Definitions of links to which no link leads."""
    used = {link.name for link in read.links}
    seen: set[str] = set()
    for token in read.tokens:
        if token.type != "definition" or not token.map:
            continue
        name, line = token.meta["label"], token.map[0] + 1
        if token.meta["id"] in seen:
            yield line, RULE, f"[{name}]: is defined more than once, and the first counts", "Keep one of them"
        elif token.meta["id"] not in used:
            what = f"No link uses the definition [{name}]:, so nobody would see it"
            yield line, RULE, what, f"Write [{name}] where it belongs, or take the definition out"
        seen.add(token.meta["id"])


def given_ids(read: Document) -> Iterator[tuple[str, int, int]]:
    """The ids that an editor gave to headings and in tags, each with its line, and where in the text it begins."""
    for heading in read.headings:
        if heading.id:
            start, end = read.starts[heading.first - 1], read.starts[heading.last]
            yield heading.id, heading.first, read.source.rindex(f"#{heading.id}", start, end) + 1
    for found in _ID.finditer(read.raw):
        yield found[1], bisect_right(read.starts, found.start(1)), found.start(1)


def _ids(read: Document) -> Iterator[Finding]:
    """Ids that are given a second time."""
    seen: set[str] = set()
    for name, line, _ in sorted(given_ids(read), key=lambda each: each[2]):
        if name in seen:
            what = f"The id {name} stands here twice, and links lead to the first"
            yield line, RULE, what, "Give this one another id"
        seen.add(name)


def _cells(read: Document) -> Iterator[Finding]:
    """Cells beyond those of a table's head."""
    columns = 0
    for token in read.tokens:
        columns = 0 if token.type == "table_open" else columns + (token.type == "th_open")
        if token.type != "tr_open" or not columns or not token.map:
            continue
        row = escapedSplit(read.rows[token.map[0]].lstrip(" \t>").rstrip())
        cells = row[not row[0].strip() :]
        if lost := [cell.strip() for cell in cells[columns:] if cell.strip()]:
            what = f"The table's head has {normal.count_of(columns, 'cell')}, and no page shows {', '.join(lost)!r}"
            yield token.map[0] + 1, RULE, what, "Give the head as many cells, or write \\| for a bar that is text"


def _asides(read: Document) -> Iterator[Finding]:
    """What stands behind the marks of code or of a note, and names no kind of note."""
    for place, token in enumerate(read.tokens):
        mark, words = token.markup, token.info.strip() if token.type == "fence" else ""
        if token.type == "note_open":
            title = read.tokens[place + 2].content if read.tokens[place + 1].type == "note_title_open" else ""
            kinds = [kind for kind in str(token.attrs["class"]).split() if not is_published("div", "class", kind)]
            mark, words = "!!!", " ".join(kind for kind in kinds if kind.capitalize() != title)
        if words and token.map:
            what = f"No page shows {words!r}, which stands behind {mark}"
            yield token.map[0] + 1, RULE, what, "Delete it, or say it in the text"


def _empty_links(read: Document) -> Iterator[Finding]:
    for link in read.links:
        if link.kind in ("link", "reference") and not read.source[slice(*link.shown)].strip():
            yield link.line, RULE, f"The link to {link.address} shows no word", "Write in the brackets where it leads"
