"""A source text -> its title, its dates, and its sections, each of which becomes a clause. Every word is accounted for.

Headings are put right: the shallowest level that repeats begins a clause, deeper ones become ``###`` and below. What is
in no section is listed in ``left`` with the reason. Ids are given later, when the whole history is known.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from html import unescape

from inforce.draft import guesses
from inforce.errors import Problem, fail
from inforce.importing import date_blocks, date_lines, encodings, markup, source
from inforce.importing.date_lines import DateLine, StatedDate
from inforce.importing.source import Block, Definition, Left
from inforce.model import PREAMBLE, Clause
from inforce.text import normal
from inforce.text.dialect import ATTRIBUTES
from inforce.text.html import words


@dataclass(frozen=True)
class Section:
    """One future clause: its heading's Markdown (empty for the preamble), the Markdown below, the line it begins on.

    ``anchors`` are the names by which links within the text call it, its own first; ``given`` is an id that the author
    gave the heading.
    """

    heading: str
    body: str
    line: int
    anchors: tuple[str, ...] = ()
    given: str = ""

    def clause(self, name: str) -> Clause:
        """Return the clause that it becomes under that id."""
        return Clause(name, f"## {self.heading} {{#{name}}}\n\n{self.body}" if self.heading else self.body)

    def as_text(self, problems: Iterable[Problem]) -> "Section":
        """Return it with every mark shown as it is written, on the lines of its clause that have ``problems``."""
        above = 2 if self.heading else 0
        rows = self.body.split("\n")
        lines = {problem.line for problem in problems}
        heading = markup.shown(self.heading) if 1 in lines and above else self.heading
        body = "\n".join(markup.shown(row) if place in lines else row for place, row in enumerate(rows, above + 1))
        return replace(self, heading=heading, body=body)

    @cached_property
    def words(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The words and marks that a reader sees: the heading's and the body's."""
        return words(self.clause("section" if self.heading else PREAMBLE))


@dataclass(frozen=True)
class Reading:
    """One source text, read. ``told`` is every date in it; ``notes`` are what to look at: (line, what was found).

    ``encoding`` is the codec that its bytes were read with.
    """

    title: str
    told: tuple[StatedDate, ...]
    sections: tuple[Section, ...]
    definitions: tuple[Definition, ...]
    left: tuple[Left, ...]
    notes: tuple[tuple[int, str], ...]
    front: Mapping[str, str]
    encoding: str

    @property
    def words(self) -> tuple[object, ...]:
        """All that is read: equal where no word changed, whatever the layout."""
        return (self.title, *(section.words for section in self.sections))

    @cached_property
    def dates(self) -> DateLine:
        """The day of effect and that of the last change, as far as the text tells them."""
        return date_lines.together(self.told)


_GIVEN_ID = re.compile(rf"[ \t]*(?={ATTRIBUTES}[ \t]*\Z)(?:[^}}]*?#(?P<id>[\w.-]+))?")
_NAMED = re.compile(
    r"<[a-zA-Z][\w-]*(?=\s)[^<>]*?\s(?:name|id)\s*=\s*[\"']?(?P<id>[^\s\"'<>]+?)[\"']?(?=[\s/>])[^<>]*>"
)
"""A tag that names a place which links may lead to."""
_ANCHOR_TAG = re.compile(r"<(a|span)\s+(?:name|id)\s*=\s*[\"']?[^\s\"'<>]+[\"']?\s*(?:/>|>\s*</\1\s*>)", re.IGNORECASE)
_ABOVE = re.compile(r"(?:\A|\n) {0,3}(?:</?(?:a|span|div|p|section|article)\b[^<>]*>[ \t]*)+\Z", re.IGNORECASE)
"""A last line of tags alone: what it names is what comes next."""
_WRAPPED = re.compile(
    r"<(?P<tag>a|span|font|div|p|center|small|big|u)\b(?![^<>]*\shref\b)[^<>]*>(?P<text>.*?)</(?P=tag)\s*>",
    re.IGNORECASE,
)
"""What says how a heading looks, or names it."""
_BOLD = re.compile(r"(\*\*|__)(?P<text>(?:(?!\1).){1,100}?)\1[:.]?\Z")
_CAPITALS = re.compile(r"(?:\d+(?:\.\d+)*[.)]?[ \t]+)?(?P<words>[^\W\d_][^\n]{1,98}[^\n.,;:])")
_ARCHIVED = re.compile(r"web\.archive\.org|wayback machine|archived (?:on|from)", re.IGNORECASE)
_LINKS_ALONE = re.compile(
    r"(?:[*_|·•<>/\s-]*+(?:\[[^\]\n]*+\]\([^)\n]*+\)|<https?://[^>\s]++>|https?://\S++))++[*_|·•\s]*+\Z"
)
"""Possessive: an address in which others begin could be cut in more ways than anybody can try."""
_BACK = re.compile(r"[*_\s]*\[[^\]\n]*\]\(#(?:top|home)?\)[*_\s]*\Z")
_LOWEST = 99
"""A level that no source has: a heading that was put below another one."""


def read(data: bytes, path: str, language: str = "", encoding: str = "") -> Reading:
    """Return what a Markdown source holds. Raises InForceError where it is no text, or holds no words.

    ``language`` (BCP 47) is that of its dates where the text names none; ``encoding`` is what an editor names, if any.
    """
    decoded = encodings.decode(data, path, encoding)
    cleaned = source.clean(decoded.text)
    blocks = _anchored(source.blocks(cleaned.text))
    left = list(cleaned.left)
    notes = [(1, decoded.told)] if decoded.told else []
    title, blocks = _titled(blocks, cleaned.front, left)
    blocks = _without_navigation(blocks, left, bool(title))
    language = language or cleaned.front.get("lang", "")
    blocks, told = date_blocks.taken(blocks, left, language)
    told = date_lines.confirmed((*told, *date_blocks.elsewhere(left, language)))
    blocks = _headed(blocks, notes)
    sections = [_safe(section, notes, cleaned.text) for section in _sections(blocks)]
    if not any(section.heading or section.body for section in sections):
        raise fail(path, 0, "empty", "There is no text in it", "Give the policy's text")
    titled = {line for each in left if each.why == "title" for line in range(each.first, each.last + 1)}
    notes.extend(each for each in markup.unfilled(cleaned.text) if each[0] not in titled)
    notes.extend(markup.undecided(decoded.text))
    own = plain(cleaned.front.get("title", ""))
    name = markup.filled_title(title or own, own, notes)
    every = tuple(sections), cleaned.definitions, tuple(sorted(left)), tuple(sorted(notes))
    return Reading(name, told, *every, cleaned.front, decoded.encoding)


def plain(markdown: str) -> str:
    """Return the words that a line of Markdown shows."""
    bare = re.sub(r"!?\[([^\]]*)\]\([^)]*\)|<[^<>]*>", lambda found: found[1] or "", markdown)
    shown = re.sub(r"\\([^\w\s])|[*`]|(?<!\w)_|_(?!\w)", lambda found: found[1] or "", bare)
    return " ".join(unescape(shown).split())


def _anchored(blocks: Sequence[Block]) -> list[Block]:
    """``blocks`` with each name that is given on a line of its own above a heading in that heading."""
    found: list[Block] = []
    for block in blocks:
        while block.kind == "heading" and found and found[-1].kind != "heading":
            last = found[-1]
            above = _ABOVE.search(last.text)
            names = [tag["id"] for tag in _NAMED.finditer(above[0])] if above else []
            if not above or not names:
                break
            written = "".join(f'<a id="{name}"></a>' for name in names)
            block = replace(block, text=f"{written} {block.text}", first=last.last)
            found[-1:] = [replace(last, text=rest)] if (rest := last.text[: above.start()].rstrip()) else []
        found.append(block)
    return found


def _titled(blocks: list[Block], front: Mapping[str, str], left: list[Left]) -> tuple[str, list[Block]]:
    """The title, where the first heading is one, and the blocks without it."""
    headings = [block for block in blocks if block.kind == "heading"]
    if not headings:
        return "", blocks
    first, rest = headings[0], headings[1:]
    above = blocks[: blocks.index(first)]
    alone = all(block.level > first.level for block in rest) and (not above or first.level == 1)
    named = plain(first.text).casefold() == front.get("title", "\0").casefold()
    if not ((alone and (rest or first.level == 1)) or named or (first.level == 1 and guesses.is_title(first.text))):
        return "", blocks
    left.append(Left(first.first, first.last, "title", first.text))
    return plain(_own_name(first.text)[0]), [block for block in blocks if block is not first]


def _without_navigation(blocks: list[Block], left: list[Left], titled: bool) -> list[Block]:
    """Without notes about an archive above the title, lines of links alone around it, and “back to top”."""
    kept: list[Block] = []
    title = next((each.first for each in left if each.why == "title"), 0)
    for block in blocks:
        above = bool(title) and block.first < title
        archived = above and _ARCHIVED.search(block.text)
        heads = not any(each.first > title for each in kept) if titled else not kept
        links = heads and block.kind == "paragraph" and _LINKS_ALONE.match(block.text)
        if archived or links or (block.kind == "paragraph" and _BACK.match(block.text)):
            left.append(Left(block.first, block.last, "archive note" if archived else "navigation", block.text))
        else:
            kept.append(block)
    return kept


def _headed(blocks: list[Block], notes: list[tuple[int, str]]) -> list[Block]:
    """Bold lines, or else lines of capitals, as headings, where there are no others and several of those.

    One that is numbered 2.1 stands below those that are numbered 2.
    """
    if any(block.kind == "heading" for block in blocks):
        return blocks
    for sort, said_by in (("bold lines", _bold), ("lines of capitals", _capitals)):
        found = {id(block): said for block in blocks if (said := said_by(block))}
        if len(found) > 1:
            first = next(block.first for block in blocks if id(block) in found)
            notes.append((first, f"{len(found)} {sort} are taken for headings"))
            return [
                replace(block, kind="heading", level=_numbered_level(found[id(block)])) if id(block) in found else block
                for block in blocks
            ]
    return blocks


def _bold(block: Block) -> str:
    """The words of a bold line; empty for any other block."""
    found = _BOLD.match(block.text) if block.kind == "paragraph" else None
    return found["text"] if found and re.search(r"\w", found["text"]) else ""


def _capitals(block: Block) -> str:
    """A line of nothing but capitals and a number, which a list may have been read from; empty for any other block."""
    found = _CAPITALS.fullmatch(block.text)
    return block.text if found and found["words"].isupper() else ""


def _numbered_level(words: str) -> int:
    """How deep a heading stands by its number; without one, as a clause's."""
    found = re.match(r"\W*(\d+(?:\.\d+)*)", words)
    return 2 + (found[1].count(".") if found else 0)


def _sections(blocks: Sequence[Block]) -> list[Section]:
    """The preamble, if there is one, and a section for each heading of the clauses' level or above."""
    blocks = [block for block in blocks if block.kind != "heading" or plain(block.text)]
    levels = [block.level for block in blocks if block.kind == "heading"]
    limit = next((level for level in sorted(set(levels)) if levels.count(level) > 1), min(levels, default=0))
    deeper = sorted(level for level in {*levels} if level > limit)
    below = tuple((level, min(6, 3 + place)) for place, level in enumerate(deeper))
    parts: list[tuple[Block | None, list[Block]]] = [(None, [])]
    for block in blocks:
        if block.kind == "heading" and block.level <= limit:
            parts.append((block, []))
        else:
            parts[-1][1].append(block)
    return [
        replace(_section(_text_of(heading), tuple(map(_text_of, body)), below), line=(heading or body[0]).first)
        for heading, body in _filled(parts)
    ]


_BlockText = tuple[str, str, int]
"""A block wherever it stands: its kind, its text, its level."""


def _text_of(block: Block | None) -> _BlockText:
    return (block.kind, block.text, block.level) if block else ("", "", 0)


def _filled(parts: list[tuple[Block | None, list[Block]]]) -> list[tuple[Block | None, list[Block]]]:
    """The parts, a heading without text taking in the part below it: a clause needs a text.

    A last heading without text becomes a sub-heading at the end of the part above.
    """
    found: list[tuple[Block | None, list[Block]]] = []
    waiting: tuple[Block, list[Block]] | None = None
    for heading, body in parts:
        if not markup.publishable("\n\n".join(block.text for block in body))[0].strip():
            body = []  # nothing but marks
        if waiting and heading:
            waiting[1].extend((replace(heading, level=_LOWEST), *body))
            if body:
                found.append(waiting)
                waiting = None
        elif heading and not body:
            waiting = (heading, [])
        elif heading or body:
            found.append((heading, body))
    if waiting:
        rest = [replace(waiting[0], level=_LOWEST), *waiting[1]]
        found[-1:] = [(found[-1][0], [*found[-1][1], *rest])] if found else [(None, rest)]
    return found


@lru_cache(maxsize=4096)
def _section(heading: _BlockText, body: tuple[_BlockText, ...], depth: tuple[tuple[int, int], ...]) -> Section:
    """A section on no line yet: most of a text are those of the text before it, and one value serves them all."""
    anchors: list[str] = []
    name, given = "", ""
    if heading[0]:
        name, given = _own_name(heading[1])
        tags = [tag["id"] for tag in _NAMED.finditer(name)]
        name = _unwrapped(name)
        anchors += [*slugs(name), *tags, *([given] if given else [])]
    lines = []
    for kind, text, level in body:
        if kind == "heading":
            text, own = _own_name(text)
            anchors += [tag["id"] for tag in _NAMED.finditer(text)]
            text = _unwrapped(text)
            anchors += [*slugs(text), *([own] if own else [])]
            text = f"{'#' * dict(depth).get(level, 3)} {text}"
        lines.append(text)
    joined = "\n\n".join(lines)
    anchors += [tag["id"] for tag in _NAMED.finditer(joined)]
    return Section(name, normal.normalise(_ANCHOR_TAG.sub("", joined)), 0, tuple(dict.fromkeys(anchors)), given)


def _unwrapped(heading: str) -> str:
    """A heading without the tags that only name it or say how it looks."""
    while (bare := _WRAPPED.sub(lambda tag: tag["text"], _ANCHOR_TAG.sub("", heading))) != heading:
        heading = bare
    return heading.strip()


def _own_name(heading: str) -> tuple[str, str]:
    """A heading without the attributes behind it, and the id in them."""
    found = _GIVEN_ID.search(heading)
    return (heading[: found.start()].rstrip(), found["id"] or "") if found else (heading, "")


def slugs(heading: str) -> tuple[str, ...]:
    """Return what GitHub and kramdown call a heading in links."""
    text = plain(heading).casefold()
    github = re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
    kramdown = re.sub(r"^[^a-z]+", "", re.sub(r"[^a-z0-9 -]", "", text)).replace(" ", "-")
    return tuple(dict.fromkeys(name for name in (github, kramdown, re.sub(r"-+", "-", github).strip("-")) if name))


def _safe(section: Section, notes: list[tuple[int, str]], text: str) -> Section:
    """A section that can be published; each line of ``text`` on which it loses marks is noted."""
    heading, body, dropped = _safe_text(section.heading, section.body)
    begin = at = sum(map(len, text.splitlines(keepends=True)[: section.line - 1])) if dropped else 0
    lines: dict[int, list[str]] = {}
    for mark in dict.fromkeys(dropped):
        found = text.find(mark, at) if text.find(mark, at) >= 0 else text.find(mark, begin)
        at = max(at, found)
        lines.setdefault(section.line + text.count("\n", begin, max(found, begin)), []).append(mark)
    for line, marks in lines.items():
        notes.append((line, f"left out, as no reader saw it as text: {', '.join(marks)[:120]}"))
    return replace(section, heading=heading, body=body)


@lru_cache(maxsize=4096)
def _safe_text(heading: str, body: str) -> tuple[str, str, tuple[str, ...]]:
    """A heading and a body that can be published, and the marks that they lost."""
    heading, gone = markup.publishable(heading)
    body, dropped = markup.publishable(body)
    heading = re.sub(r"\{\s+(?=[^{}]*\}\Z)", "{", " ".join(heading.split()))  # which no attributes are
    return heading, normal.normalise(body), (*gone, *dropped)
