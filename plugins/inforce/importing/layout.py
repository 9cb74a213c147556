"""Anybody's Markdown -> its top-level blocks, each in the layout that this project renders as its author meant it.

markdown-it reads the structure as CommonMark has it (lists that follow a line directly, two blanks of indent, fences
and headings in quotes); what is written here is what Python-Markdown takes for the same. Words are never touched.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_LONGEST_HEADING = 120
"""Characters: what is longer above a line of hyphens is a paragraph above a rule."""
_LOOSE_HEADING = re.compile(r"^( {0,3}#{2,6})(?=[^\s#])", re.MULTILINE)
_RULE = "***"
"""Not hyphens: below a line they underline it, and at a file's beginning they open front matter."""
_MARK = re.compile(r"^(\s*)(?=#|-+\s*$|=+\s*$|`{3,}[^`]*$|~{3})")
"""What would make a heading, a rule or code of a line that is none."""
_NAMELESS = re.compile(r"\{[:#.][^{}]*\}|<[^<>]*>")
"""Attributes and tags: a heading of nothing else, and of punctuation, names nothing."""
_CODE = re.compile(r"```|~~~|^(?: {4}|[ ]{0,3}\t)", re.MULTILINE)
_ALIGNED = {"left": ":---", "right": "---:", "center": ":---:"}


@dataclass(frozen=True)
class Block:
    """One top-level block. ``kind`` is heading, paragraph or other; ``level`` is a heading's, else 0.

    ``text`` is its Markdown, a heading's without marks. ``first`` and ``last`` are its lines, from 1.
    """

    kind: str
    text: str
    first: int
    last: int
    level: int = 0


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    # References stay where they are: who uses what is worked out clause by clause.
    return MarkdownIt("commonmark").enable("table").disable(["inline", "reference"])


def code_lines(text: str) -> Set[int]:
    """The lines, from 1, that belong to code, fenced or indented."""
    found: set[int] = set()
    if not _CODE.search(text):
        return found
    for token in _parser().parse(text):
        if token.type in ("fence", "code_block") and token.map:
            found.update(range(token.map[0] + 1, token.map[1] + 1))
    return found


def blocks(text: str) -> tuple[Block, ...]:
    """The top-level blocks of ``text``, in order; a fence that is never closed ends with the text."""
    text = _LOOSE_HEADING.sub(r"\1 ", text)
    tokens = _parser().parse(text)
    found: list[Block] = []
    place = 0
    while place < len(tokens):
        end = _end(tokens, place)
        found.extend(block for block in _block(tokens[place:end]) if block.text.strip())
        place = end
    return tuple(found)


def _end(tokens: Sequence[Token], place: int) -> int:
    """Where the block that begins at ``place`` ends."""
    depth = 0
    for index in range(place, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index + 1
    return len(tokens)


def _block(tokens: Sequence[Token]) -> list[Block]:
    first, last = tokens[0].map or (0, 0)
    kind, level = {"heading_open": "heading", "paragraph_open": "paragraph"}.get(tokens[0].type, "other"), 0
    if kind == "heading":
        if _underlined_paragraph(tokens):
            rule = Block("other", _RULE, last, last)
            return [Block("paragraph", _paragraph(tokens[1].content), first + 1, last - 1), rule]
        if not re.search(r"[^\W_]", _NAMELESS.sub("", tokens[1].content)):
            shown = re.sub(r"\A(?=[^\w\s])", r"\\", _paragraph(tokens[1].content))
            return [Block("paragraph", shown, first + 1, last)]
        shown = re.sub(r"(?: #+)+\Z", "", " ".join(tokens[1].content.split()))
        return [Block(kind, shown, first + 1, last, int(tokens[0].tag[1]))]
    return [Block(kind, "\n".join(_written(tokens)), first + 1, last, level)]


def _underlined_paragraph(tokens: Sequence[Token]) -> bool:
    content = tokens[1].content
    return tokens[0].markup == "-" and ("\n" in content or len(content) > _LONGEST_HEADING)


def _written(tokens: Sequence[Token]) -> list[str]:
    """The lines of one block, without indent."""
    opening = tokens[0]
    if opening.type == "paragraph_open":
        return _paragraph(tokens[1].content).split("\n")
    if opening.type == "heading_open":  # in a list or a quote: no clause can begin there
        if _underlined_paragraph(tokens):
            return [*_paragraph(tokens[1].content).split("\n"), "", _RULE]
        return [f"{'#' * max(3, int(opening.tag[1]))} {' '.join(tokens[1].content.split())}"]
    if opening.type in ("fence", "code_block"):
        return _code(opening)
    if opening.type == "hr":
        return [_RULE]
    if opening.type == "blockquote_open":
        return [f"> {line}".rstrip() for line in _joined(tokens[1:-1], loose=True)]
    if opening.type in ("bullet_list_open", "ordered_list_open"):
        return _list(tokens)
    if opening.type == "table_open":
        return _table(tokens)
    lines = opening.content.rstrip("\n").split("\n")  # HTML as it stands, in which no code begins
    return [re.sub(r"^( {0,3})(?=`{3}|~{3})", r"\1\\", line) for line in lines]


def _paragraph(content: str) -> str:
    """A paragraph's lines: a hard break is ``<br>``, and nothing in it looks like a heading."""
    lines = [line.lstrip(" ") if line[:4].strip() else line for line in content.split("\n")]
    broken = [re.sub(r"(?<!\\)\\$| {2,}$", "<br>", line) for line in lines[:-1]]
    return "\n".join(_MARK.sub(r"\1\\", line).rstrip() for line in (*broken, lines[-1]))


def _code(token: Token) -> list[str]:
    content = token.content.rstrip("\n").split("\n")
    marks = max((len(found) for line in content for found in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, marks + 1)
    told = " ".join(token.info.split())
    if re.fullmatch(r"[\w#.+-]*", told):
        return [fence + told, *content, fence]
    return [fence, told, *content, fence]  # more than the name of a language: a reader may want it


def _joined(tokens: Sequence[Token], *, loose: bool) -> list[str]:
    """The blocks within a container, an empty line between them where it is loose or one of them needs it."""
    lines: list[str] = []
    place = 0
    while place < len(tokens):
        end = _end(tokens, place)
        tight = not loose and tokens[place].type in ("bullet_list_open", "ordered_list_open", "paragraph_open")
        if lines and not tight:
            lines.append("")
        lines.extend(_written(tokens[place:end]))
        place = end
    return lines


def _list(tokens: Sequence[Token]) -> list[str]:
    """A list with four blanks of indent below its items: what Python-Markdown asks for."""
    lines: list[str] = []
    paragraphs = [t for t in tokens if t.type == "paragraph_open" and t.level == tokens[0].level + 2]
    loose = any(not paragraph.hidden for paragraph in paragraphs)
    place = 1
    while place < len(tokens) - 1:
        end = _end(tokens, place)
        mark = f"{tokens[place].info}." if tokens[0].type == "ordered_list_open" else "-"
        inner = _joined(tokens[place + 1 : end - 1], loose=loose)
        if loose and lines:
            lines.append("")
        lines.append(f"{mark} {inner[0] if inner else ''}".rstrip())
        lines.extend(f"    {line}" if line else "" for line in inner[1:])
        place = end
    return lines


def _table(tokens: Sequence[Token]) -> list[str]:
    rows: list[list[str]] = []
    marks: list[str] = []
    for index, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append(tokens[index + 1].content.replace("|", "\\|"))
            if token.type == "th_open":
                align = str(token.attrs.get("style", "")).rpartition(":")[2]
                marks.append(_ALIGNED.get(align, "---"))
    return [f"| {' | '.join(row)} |" for row in (rows[0], marks, *rows[1:])]
