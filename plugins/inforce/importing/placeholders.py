"""What a template engine would have filled in a source: it stays as it stands, and is told with its line.

What stands there instead, no source tells, so nobody guesses it. Lines of tags alone leave in ``source``.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from inforce.text import markdown, stretches

_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{/\*.*?\*/\}|^[ \t]*;?-+8<-+.*$", re.MULTILINE)
"""Liquid's and Hugo's tags, comments of MDX, and the lines where MkDocs takes in another file."""


_OWN_TITLE = re.compile(r"\{\{-?\s*(?:(?:page|\$?frontmatter|)\.)?title\s*-?\}\}", re.IGNORECASE)
"""Where an engine puts the title that a page's front matter names."""


def without(title: str, own: str, notes: list[tuple[int, str]]) -> str:
    """Return a title that is one; empty, with a note, for what a template would have filled.

    ``own`` is the front matter's title, if any: where a template would have put that one, it is known.
    """
    title = _OWN_TITLE.sub(lambda _: own, title) if own else title
    if not _PLACEHOLDER.search(title):
        return title
    notes.append((1, f"{title} is no title that readers saw: give --title"))
    return ""


def unfilled(text: str) -> Iterator[tuple[int, str]]:
    """Yield the places that a template would have filled: the text that readers had there is not in the source."""
    above = 0
    for stretch in stretches.of(text):
        for line, found in _placeholders(stretch) if _PLACEHOLDER.search(stretch) else ():
            yield above + line, f"{found} is left as it stands: write what readers see there"
        above += stretch.count("\n") + 1


@lru_cache(maxsize=4096)
def _placeholders(stretch: str) -> tuple[tuple[int, str], ...]:
    found = _PLACEHOLDER.finditer(markdown.read(stretch).bare)
    return tuple((stretch.count("\n", 0, each.start()) + 1, each[0]) for each in found)
