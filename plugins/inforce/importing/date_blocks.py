"""The blocks of a text -> those without its lines of dates, and every date that the text tells, wherever it stands.

Lines at the top and at the end speak of the whole text, and leave it. One between its clauses does where no other line
tells, and all such lines agree; otherwise it belongs to its clause, and stays. So does a sentence, whatever it tells.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from inforce.importing import date_lines, date_words
from inforce.importing.date_lines import Role, StatedDate
from inforce.importing.source import Block, Left

_SPEAKS = frozenset((Role.EFFECTIVE, Role.UPDATED))
_MOST_LINES = 4
"""A list or a table of more lines is the text's own history, not its date."""
_LONGEST = 200
"""Characters of a line of dates that was wrapped."""
_BREAK = re.compile(r"(?:  |\\|<br\s*/?>|[.!?。:：][*_]*)\s*\Z", re.IGNORECASE)
_END = 2
"""The last blocks that are the end of a text."""
_FRONT_KEY = re.compile(r"^(?P<indent>\s*)(?:-\s+)?(?P<key>[\w-]+(?:[ :][\w-]+)*?)\s*[:=]\s*", re.MULTILINE)
_KEY_ROLES = (
    (Role.MENTIONED, re.compile(r"expir|next|until|\bend\b|due", re.IGNORECASE)),
    (Role.EFFECTIVE, re.compile(r"effective|valid|in_?force|vigueur|vigor|gueltig|gültig", re.IGNORECASE)),
    (Role.UPDATED, re.compile(r"upd|mod|revi[se]|change|amend", re.IGNORECASE)),
    (Role.DATED, re.compile(r"date|publi|creat|time|issued", re.IGNORECASE)),
)


@dataclass(frozen=True)
class _Line:
    """A block that is one line of dates, or has one (``part``, a line of it); ``weak``: between the clauses."""

    place: int
    told: tuple[StatedDate, ...]
    weak: bool
    part: int | None = None


def taken(blocks: Sequence[Block], left: list[Left], language: str) -> tuple[list[Block], tuple[StatedDate, ...]]:
    """Return the blocks without lines of dates, which are put to ``left``, and every date in all blocks."""
    lines = list(_lines(blocks, language))
    strong = any(_speaks(each.told) for each in lines if not each.weak)
    weak = {told.days for each in lines if each.weak for told in each.told if told.role in _SPEAKS}
    leaving = {each.place: each for each in lines if not each.weak or (not strong and len(weak) == 1)}
    kept: list[Block] = []
    told: list[StatedDate] = []
    for place, block in enumerate(blocks):
        if place not in leaving:
            kept.append(block)
            continue
        line = leaving[place]
        first, last, text = block.first, block.last, block.text
        if line.part is not None:
            first = last = block.first + line.part
            text = block.text.split("\n")[line.part]
            kept.append(_without(block, line.part))
        left.append(Left(first, last, "date", text))
        told += [replace(each, line=first) for each in line.told]
        _drop_label(kept, blocks[place + 1 :], left)
    return kept, (*told, *_staying(kept, bool(leaving), language))


def _speaks(told: Iterable[StatedDate]) -> bool:
    return any(each.role in _SPEAKS and each.days for each in told)


def _without(block: Block, part: int) -> Block:
    rows = block.text.split("\n")
    text = "\n".join(rows[:part] + rows[part + 1 :]).strip()
    return replace(block, text=text, first=block.first + (part == 0))


def _drop_label(kept: list[Block], after: Sequence[Block], left: list[Left]) -> None:
    """Takes out a heading that was the label of what has just left, and has nothing else below it."""
    below = after[0].kind == "heading" if after else True
    if kept and kept[-1].kind == "heading" and below and date_lines.is_label(kept[-1].text):
        heading = kept.pop()
        left.append(Left(heading.first, heading.last, "date", heading.text))


def _bounds(blocks: Sequence[Block]) -> tuple[int, int]:
    """Where the top of a text ends and where its end begins: headings without text between them count as one."""
    begin = [
        place
        for place, block in enumerate(blocks)
        if block.kind == "heading" and not (place and blocks[place - 1].kind == "heading")
    ]
    return begin[1] if len(begin) > 1 else len(blocks), len(blocks) - _END


def _lines(blocks: Sequence[Block], language: str) -> Iterator[_Line]:
    top, end = _bounds(blocks)
    for place, block in enumerate(blocks):
        weak = top <= place < end
        above = blocks[place - 1].text if place and blocks[place - 1].kind == "heading" else ""
        if found := _whole(block, above, language):
            spoken = _speaks(found) and block.kind == "paragraph" and not block.text.rstrip("*_ ").endswith((":", "："))
            if not weak or (spoken and not date_words.OURS.search(block.text)):  # a sentence of a clause stays
                yield _Line(place, found, weak)
        elif not weak and block.kind == "paragraph" and (part := _part(block, language)):
            yield _Line(place, part[1], weak, part[0])


def _whole(block: Block, above: str, language: str) -> tuple[StatedDate, ...]:
    """What a block of nothing but lines of dates tells, below the heading ``above``; empty for any other one."""
    rows = [row for row in re.split(r"\n|<br\s*/?>", block.text) if re.search(r"\w", re.sub(r"<[^<>]*>", "", row))]
    if not rows or len(rows) > _MOST_LINES:
        return ()
    read = [date_lines.read_line(row, language) for row in rows]
    if not all(read) and block.kind == "paragraph" and len(block.text) < _LONGEST:
        read = [date_lines.read_line(" ".join(rows), language)]
    if not all(read):
        return ()
    told = tuple(each for row in read for each in row or ())
    if block.kind == "heading":
        return told if _speaks(told) and date_words.LABEL.match(block.text.lstrip("*_ ")) else ()
    if len(told) > 1 and not _speaks(told) and any(each.role is Role.DATED for each in told):
        return ()
    role = date_lines.label_role(above) if above and date_lines.is_label(above) else None
    return tuple(replace(each, role=role) if role and each.role is Role.DATED else each for each in told)


def _part(block: Block, language: str) -> tuple[int, tuple[StatedDate, ...]] | None:
    """The line of a paragraph that is one of dates by itself, and what it tells."""
    rows = block.text.split("\n")
    if len(rows) < 2 or len(rows) != block.last - block.first + 1:
        return None
    for part, row in enumerate(rows):
        alone = (not part or _BREAK.search(rows[part - 1])) and (part == len(rows) - 1 or _BREAK.search(row))
        if alone and (found := date_lines.read_line(row, language)) and _speaks(found):
            return part, found
    return None


def _staying(blocks: Sequence[Block], told: bool, language: str) -> tuple[StatedDate, ...]:
    """The dates in what stays; those between the clauses tell of the text where they agree, and it speaks of itself."""
    top, end = _bounds(blocks)
    found: list[tuple[bool, StatedDate]] = []
    for place, block in enumerate(blocks):
        every = [replace(each, line=block.first + each.line) for each in date_lines.read_passage(block.text, language)]
        every += [replace(each, line=block.first, gone=False) for each in date_lines.read_machine(block.text)]
        weak = top <= place < end
        if weak and every and not date_words.OURS.search(block.text):
            every = [replace(each, role=Role.MENTIONED) for each in every]
        found += [(weak, each) for each in every]
    strong = told or any(_speaks((each,)) for weak, each in found if not weak)
    voices = {each.days for weak, each in found if weak and each.role in _SPEAKS}
    mute = strong or len(voices) > 1
    return tuple(replace(each, role=Role.MENTIONED) if weak and mute else each for weak, each in found)


def elsewhere(left: Sequence[Left], language: str) -> Iterator[StatedDate]:
    """Yield the dates in what has left the text for another reason: front matter, attributes, comments, the title."""
    for each in left:
        if each.why == "front matter":
            yield from _front(each, language)
        elif each.why != "date":
            text = re.sub(r"<!--|-->", "", each.text)
            for told in (*date_lines.read_passage(text, language), *date_lines.read_machine(text)):
                known = each.why == "title" or told.role is Role.DATED
                role = told.role if known else Role.MENTIONED
                yield replace(told, role=role, line=each.first + told.line, gone=each.why != "title")


def _front(front: Left, language: str) -> Iterator[StatedDate]:
    """The dates of front matter: what one is, its key tells, or the key that stands above it."""
    above = ""
    for number, row in enumerate(front.text.split("\n")):
        key = _FRONT_KEY.match(row)
        if key and not key["indent"]:
            above = key["key"]
        name = f"{above} {key['key']}" if key else above
        role = next((role for role, pattern in _KEY_ROLES if pattern.search(name)), Role.MENTIONED)
        for told in date_lines.read_value(row[key.end() :] if key else row, language):
            if role is not Role.MENTIONED or not told.text.isdecimal():  # any number of eight digits is one
                yield replace(told, role=role, line=front.first + number)
