"""A long text -> the stretches of it, each of which the parser reads by itself as it reads it where it stands.

A heading at a line's beginning ends whatever stands above it, but code and raw HTML that are still open. So of a text
that was read already, and in which a paragraph has changed since, one stretch is read. Blocks alone are told of: what a
link or a footnote means can stand in another stretch.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, TypeVar

from inforce.text import lists, markdown
from inforce.text.markdown import Document

_HEADING = re.compile(r"^#{1,6}(?=[ \t]|$)", re.MULTILINE)
_NOT_PLAIN = re.compile(r"^(?:[ \t>*+\-.()\d\[\]^:]|[a-zA-Z]{1,7}[.)])*(?:`{3}|~{3}|<)", re.MULTILINE)
"""A line that may begin code or raw HTML, in which a line like a heading is none. Most stretches have no such line."""

Answer = TypeVar("Answer")


def told(source: str, tell: Callable[[Document], Answer]) -> Iterator[tuple[int, Answer]]:
    """Yield how many lines stand above each stretch of ``source``, and what ``tell`` says of its blocks.

    ``tell`` is asked once of equal stretches: it has to be a function of a module, and what it says must not change.
    """
    going_on: dict[str, int] = {}
    above = 0
    for text in of(source):
        known = tuple(sorted(mark for mark in going_on.items() if mark[0] in text))
        found, after = _told(tell, text, known)
        for mark, _ in known:
            del going_on[mark]
        going_on.update(after)
        yield above, found
        above += text.count("\n") + 1


@lru_cache(maxsize=16384)
def _told(tell: Callable[[Document], Any], text: str, known: lists.GoingOn) -> tuple[Any, lists.GoingOn]:
    read = markdown.blocks(text, known)
    return tell(read), lists.going_on(read.env)


def of(source: str) -> Iterator[str]:
    """Yield the stretches of ``source`` (LF line ends), which joined by line ends are the whole."""
    start, step = 0, 1
    ends = [found.start() - 1 for found in _HEADING.finditer(source) if found.start()]
    ends.append(len(source))
    place = 0
    while place < len(ends):
        text = source[start : ends[place]]
        if place + 1 < len(ends) and _runs_on(text):
            place, step = min(place + step, len(ends) - 1), 2 * step  # so no text is read more often than its doubles
            continue
        yield text
        start, place, step = ends[place] + 1, place + 1, 1


@lru_cache(maxsize=4096)
def _runs_on(text: str) -> bool:
    """Whether a line below ``text`` would be code or raw HTML."""
    return bool(_NOT_PLAIN.search(text)) and text.count("\n") + 2 in verbatim(f"{text}\n#")


@lru_cache(maxsize=4096)
def verbatim(text: str) -> frozenset[int]:
    """Return the lines of a stretch that are code or raw HTML; it is asked of the same ones again and again."""
    return markdown.blocks(text).verbatim_lines
