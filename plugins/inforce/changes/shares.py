"""A clause that was split -> which of the clauses that came from it has which of its blocks.

So text that only went to another clause is compared with what it became there, and is neither struck nor put in. Who
came from whom is the business of ``lineage``.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from inforce.model import PREAMBLE, Clause
from inforce.text import markdown

_WORD = re.compile(r"\w+")
_BESIDE = frozenset(("definition", "footnote_reference_open"))
"""Blocks that say something where another refers to them, and nothing where none does."""


@lru_cache(maxsize=1024)
def shares(old: Clause, heirs: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """What each of ``heirs`` has of the text of ``old``, of which every block goes to one of them.

    A block goes to a clause that has it as it was, or else to the one that has most of its words; the heading to the
    clause of the same id, or the first. A share without the heading has an empty one; one of nothing is no text.
    """
    first = last = next((place for place, heir in enumerate(heirs) if heir.id == old.id), 0)
    taken: list[list[str]] = [[] for _ in heirs]
    blocks = list(_blocks(old.body))
    for text in (text for text, is_beside in blocks if not is_beside):
        found = [_likeness(text, heir) for heir in heirs]
        last = max(range(len(heirs)), key=lambda place: (found[place], place == last))
        taken[last].append(text)
    beside = [text for text, is_beside in blocks if is_beside]
    given = []
    for place, texts in enumerate(taken):
        heading = old.text.partition("\n")[0] if place == first else f"## {{#{old.id}}}" if texts else ""
        above = [heading] if heading and old.id != PREAMBLE else []
        given.append(Clause(old.id, "\n\n".join((*above, *texts, *(beside if texts else ())))))
    return tuple(given)


def _blocks(body: str) -> Iterator[tuple[str, bool]]:
    """The Markdown of each block, and whether it only stands beside the text."""
    read = markdown.read(body)
    for token in read.tokens:
        if not token.level and token.nesting >= 0 and token.map:
            yield "\n".join(read.rows[slice(*token.map)]).rstrip(), token.type in _BESIDE


def _likeness(text: str, heir: Clause) -> float:
    """The share of a block's words that are in a clause, from 0 to 1; 2 where it is one of the clause's blocks."""
    blocks, words = _said(heir)
    if text.lstrip("# ") in blocks:
        return 2
    own = Counter(_WORD.findall(text.casefold()))
    return sum((own & words).values()) / max(own.total(), 1)


@lru_cache(maxsize=1024)
def _said(clause: Clause) -> tuple[frozenset[str], Counter[str]]:
    """The blocks of a clause, headings without their marks, and how often it has each word."""
    blocks = (text.lstrip("# ") for text, _ in _blocks(clause.body))
    return frozenset((clause.heading, *blocks)), Counter(_WORD.findall(clause.text.casefold()))
