"""What a clause's Markdown must not carry: scripts, foreign tags, forged marks, addresses that are not published.

The sanitiser drops such things anyway; here an editor is told, with file and line, before anything is lost.
"""

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

from inforce.errors import Problem
from inforce.model import ClauseFile
from inforce.text import html as rendering
from inforce.text import normal as texts

Finding = tuple[int, str, str, str]
"""Line, rule, what is wrong, the cure."""

_VOID = frozenset(("br", "hr", "img", "wbr", "input", "meta", "link", "col"))
_CLOSED_BY_OTHERS = frozenset(("p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody"))  # HTML lets these stay open
_FORGED = frozenset(("ins", "del"))
_LINK = re.compile(
    r"\]\(\s*<?((?:[^)>\n]|\n(?!\s*\n))+)"  # [text](address "title"), the address with whatever blanks it hides
    r"|^ {0,3}\[[^\]\n]+\]:\s*<?([^\s>][^>\n]*)"  # [name]: address "title"
    r"|<([a-z][a-z0-9+.-]*:[^>\s]*)>",  # <address>
    re.IGNORECASE | re.MULTILINE,
)
_NESTED = re.compile(r"^(?:[ \t]*(?:>|[-*+][ \t]|\d+[.)][ \t])){20}|^(?: {80}|\t{20})[ \t]*\S", re.MULTILINE)
_MARKUP = re.compile(r"<!--.*?-->|</?[a-zA-Z][\w-]*(?:\s[^>]*)?>")
_FORGED_ID = re.compile(r"\{[^}\n]*#([^\s}]+)[^}\n]*\}")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def find(file: ClauseFile) -> tuple[Problem, ...]:
    """Everything in one clause's file that the published page could not or should not show."""
    clause_id, body = file.clause.id, file.body
    bare = texts.without_code(body)
    found = [*_tags(bare), *_links(bare), *_forged(bare, clause_id), *_depths(bare), *_silent_heading(body)]
    return tuple(Problem(file.path, line + file.before, rule, what, cure) for line, rule, what, cure in sorted(found))


class _Tags(HTMLParser):
    """Collects the tags of raw HTML in Markdown, and those that stay open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[Finding] = []
        self.open: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if ":" in tag or "@" in tag:  # an autolink such as <https://example.com>
            return
        line = self.getpos()[0]
        if tag in _FORGED:
            cure = "Write the text as it shall be; the redline marks what changed"
            self.found.append((line, "forged-mark", f"<{tag}> would pass for a redline's own mark", cure))
        elif tag not in rendering.TAGS:
            self.found.append((line, "html", f"<{tag}> is not published", "Delete it, or say it in Markdown"))
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc", "formaction"):
                self.found.append((line, "html", f"The attribute {name} is not published", "Delete it"))
            elif name in ("href", "src") and (wrong := scheme(value or "")):
                self.found.append((line, "link-scheme", f"A {wrong}: link is not published", _SCHEME_CURE))
        if tag not in _VOID:
            self.open.append((tag, line))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1][0] == tag and tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place][0] == tag:
                del self.open[place:]
                return


_SCHEME_CURE = "Link to an http, https, mailto or tel address"


def _tags(bare: str) -> Iterator[Finding]:
    parser = _Tags()
    parser.feed(re.sub(r"<!\[", "<! [", bare))  # HTMLParser fails on <![…], which is no HTML: it is shown as it stands
    parser.close()
    yield from parser.found
    for tag, line in parser.open:
        if tag in rendering.TAGS and tag not in _CLOSED_BY_OTHERS:
            yield line, "open-tag", f"<{tag}> is never closed", f"Close it in this clause with </{tag}>"
    unclosed = re.search(r"<!--(?!.*?-->)", bare, re.DOTALL)
    if unclosed:
        line = bare.count("\n", 0, unclosed.start()) + 1
        yield line, "open-tag", "This HTML comment is never closed", "Close it with -->"


def scheme(address: str) -> str:
    """The scheme of an address that is not published, with entities and blanks seen through; empty where it is fine."""
    plain = re.sub(r"[\x00-\x20]", "", html.unescape(address))
    try:
        found = urlsplit(plain).scheme
    except ValueError:
        return "malformed"
    return found if found and found not in rendering.SCHEMES else ""


def _links(bare: str) -> Iterator[Finding]:
    for match in _LINK.finditer(bare):
        address = match[1] or match[2] or match[3]
        if wrong := scheme(address):
            line = bare.count("\n", 0, match.start()) + 1
            yield line, "link-scheme", f"A {wrong}: link is not published", _SCHEME_CURE
    for match in _BIDI.finditer(bare):
        line = bare.count("\n", 0, match.start()) + 1
        what = f"The invisible mark U+{ord(match[0]):04X} can make text read otherwise than it is"
        yield line, "bidi-control", what, 'Delete it; use <bdi> or dir="rtl" for direction'


def _forged(bare: str, clause_id: str) -> Iterator[Finding]:
    """Ids that an editor gives by hand: kept, but always below the clause's own; a clause id is never one of them."""
    for match in re.finditer(r"^#{3,6} .*$", bare, re.MULTILINE):
        if (given := _FORGED_ID.search(match[0])) and "--" in given[1]:
            line = bare.count("\n", 0, match.start()) + 1
            what = f"The id {given[1]!r} could pass for one of another clause than `{clause_id}`"
            yield line, "forged-id", what, "Choose an id without two hyphens in a row"


def _silent_heading(body: str) -> Iterator[Finding]:
    """A heading of nothing but tags, comments and blanks, which no reader could see."""
    heading = re.search(r"^##(?!#)(.*)$", body, re.MULTILINE)
    if heading and heading[1].strip() and not html.unescape(_MARKUP.sub("", heading[1])).strip():
        line = body.count("\n", 0, heading.start()) + 1
        yield line, "no-heading", "The heading shows no word", "Write what the clause is about"


def _depths(bare: str) -> Iterator[Finding]:
    """Lists, quotes and brackets in one another beyond all sense: converting them could exhaust stack or patience."""
    for match in _NESTED.finditer(bare):
        line = bare.count("\n", 0, match.start()) + 1
        yield line, "nesting", "Lists or quotes are nested 20 deep here", "Indent less, or use sub-headings"
    depth, line = texts.brackets(bare)
    if depth >= rendering.DEEPEST_BRACKETS:
        yield line, "nesting", f"Square brackets are nested {depth} deep here", "Close them, or write \\["
