"""A clause that was split -> which of the clauses that came from it has which of its blocks.

So text that only went to another clause is compared with what it became there, and is neither struck nor put in. Who
came from whom is the business of ``lineage``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from inforce.changes.lineage import Origins
from inforce.model import PREAMBLE, Clause
from inforce.redline.words import is_word, tokenised
from inforce.text import markdown
from inforce.text.dialect import BESIDE


def families(new: Iterable[Clause], origins: Origins) -> dict[str, tuple[Clause, ...]]:
    """For each old clause by id, those of ``new`` that come from it, in their order; none of one that is gone.

    ``origins`` names for each clause of ``new`` the old ones that it comes from.
    """
    found: dict[str, tuple[Clause, ...]] = {}
    for clause in new:
        for origin in origins.get(clause.id, ()):
            found[origin] = (*found.get(origin, ()), clause)
    return found


def inherited(old: Iterable[Clause], heirs: Mapping[str, tuple[Clause, ...]]) -> dict[str, tuple[Clause, ...]]:
    """For each clause by id, those of ``old`` whose text it is compared with; a removed one is compared with itself.

    Each goes to its heir; of one that has several in ``heirs``, each block goes to one of them.
    """
    given: dict[str, tuple[Clause, ...]] = {}
    for clause in old:
        its = heirs.get(clause.id) or (clause,)
        for heir, text in zip(its, shares(clause, its) if len(its) > 1 else (clause,), strict=True):
            given[heir.id] = (*given.get(heir.id, ()), *((text,) if text.text else ()))
    return given


@lru_cache(maxsize=1024)
def shares(old: Clause, heirs: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """What each of ``heirs`` has of the text of ``old``, of which every block goes to one of them.

    A block goes to a clause that has it as it was, as often as it has it, or else to the one that has most of its
    words; the heading to the clause that has all of the text, or the same id, or is the first. A share without the
    heading has an empty one; one of nothing is no text.
    """
    own = [((heir.heading, heir.body) == (old.heading, old.body), heir.id == old.id) for heir in heirs]
    first = last = own.index(max(own))
    taken: list[list[str]] = [[] for _ in heirs]
    awaited = [_said(heir)[0].copy() for heir in heirs]
    blocks = list(_blocks(old.body))
    for text in (text for text, is_beside in blocks if not is_beside):
        same = _unmarked(text)
        found = [2 if left[same] > 0 else _likeness(text, heir) for left, heir in zip(awaited, heirs, strict=True)]
        last = max(range(len(heirs)), key=lambda place: (found[place], place == last))
        awaited[last][same] -= 1
        taken[last].append(text)
    beside = [text for text, is_beside in blocks if is_beside]
    given = []
    for place, texts in enumerate(taken):
        heading = old.text.partition("\n")[0] if place == first else f"## {{#{old.id}}}" if texts else ""
        above = [heading] if heading and old.id != PREAMBLE else []
        given.append(Clause(old.id, "\n\n".join((*above, *texts, *(beside if place == first or texts else ())))))
    return tuple(given)


def _blocks(body: str) -> Iterator[tuple[str, bool]]:
    """The Markdown of each block, and whether it only stands beside the text."""
    read = markdown.read(body)
    for token in read.tokens:
        if not token.level and token.nesting >= 0 and token.map:
            yield "\n".join(read.rows[slice(*token.map)]).rstrip(), token.type in BESIDE


def _likeness(text: str, heir: Clause) -> float:
    """The share of a block's words that are in a clause, from 0 to 1."""
    own = _words(text)
    return sum((own & _said(heir)[1]).values()) / max(own.total(), 1)


@lru_cache(maxsize=1024)
def _said(clause: Clause) -> tuple[Counter[str], Counter[str]]:
    """How often a clause has each block, headings without their marks, and each word."""
    blocks = (_unmarked(text) for text, _ in _blocks(clause.body))
    return Counter((clause.heading, *blocks)), _words(clause.text)


def _unmarked(block: str) -> str:
    return block.lstrip("# ")


def _words(text: str) -> Counter[str]:
    return Counter(each for each in tokenised(text, {}).spoken if is_word(each))
