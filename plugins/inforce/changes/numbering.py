"""The numbers that clauses' headings are written with, and so whose numbers a policy should say that it bears."""

import re
from collections.abc import Mapping, Sequence

from inforce.model import PREAMBLE, Clause, Numbering
from inforce.redline.numbers import at_head
from inforce.text.html import render

_NAMED = re.compile(
    r"(?:section|article|art\.|part|chapter|clause|annex|appendix|schedule"
    r"|abschnitt|artikel|teil|kapitel|ziffer|anlage|anhang|chapitre|titre|annexe"
    r"|sección|artículo|capítulo|cláusula|seção|artigo|anexo|articolo|sezione|hoofdstuk|afdeling)"
    r"\s(?:\d+[a-z]?|[A-Z]|[IVXLC]+)\b|§{1,2}\s?\d+[a-z]?\b|第\s?[\d〇一二三四五六七八九十百]+\s?[章节節条條款項项編编]",
    re.IGNORECASE,
)
"""“Section K”, “ARTICLE 5”, “§ 3”, “第 3 条”, with a title behind it or none."""


def of_heading(heading: str, place: int) -> str:
    """Return the number that a heading is written with, as it stands there; empty where it has none.

    ``heading`` is text without marks. A bare number is one where it says the clause's ``place``, from 1 (“3 Fees”), and
    none elsewhere (“30 days to cancel”).
    """
    named = _NAMED.match(heading)
    first = heading.partition(" ")[0]
    return at_head(f"{heading} A", True) or (named[0] if named else first if first == str(place) else "")


def borne(clauses: Sequence[Clause]) -> Mapping[str, tuple[int, str]]:
    """Return, for each clause whose heading is written with a number, its place from 1 and that number."""
    headed = [clause for clause in clauses if clause.id != PREAMBLE]
    found = {clause.id: (place, of_heading(render(clause).title, place)) for place, clause in enumerate(headed, 1)}
    return {name: each for name, each in found.items() if each[1]}


def guessed(clauses: Sequence[Clause]) -> Numbering:
    """Return whose numbers a text from elsewhere seems to bear: its own, where half of its headings have some."""
    headed = sum(clause.id != PREAMBLE for clause in clauses)
    return Numbering.TEXT if headed and 2 * len(borne(clauses)) >= headed else Numbering.OURS
