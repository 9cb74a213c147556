"""Headings -> ids that stay: plain letters, digits and single hyphens, unique in the whole history of a policy.

A Latin heading is transliterated (umlauts as German writes them out, where the policy is German); one of another
script gets the number of its place, ``clause-7``: a transcription would be a guess, and nobody's word.
"""

import re
import unicodedata
from collections.abc import Container

from inforce.model import PREAMBLE
from inforce.text.clauses import id_problem

_LONGEST = 60
"""Characters of an id, cut between words: it stands in addresses that people read out."""
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_LATIN = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_APOSTROPHES = re.compile(r"(?<=\w)['’](?=\w)")
_NUMBERED = re.compile(
    r"""\A\W*?(?:
      (?:section|article|clause|part|art|sec|abschnitt|artikel|ziffer|articolo|artículo|§+|¶)\.?\s*
        (?:\d+(?:\.\d+)*[a-z]?|[ivxlc]+)\b[.):]?
    | \(?(?:\d+(?:\.\d+)*[a-z]?|[ivxlc]+|[a-z])[.):](?:\d+[.)]?)*(?=\s|\Z)
    | \d+(?:\.\d+)*(?=\s|\Z)
    | 第\s*[\d零〇一二三四五六七八九十百]+\s*[条條章节節款项項]
    | [一二三四五六七八九十]+\s*[、.．]
    )\s*[:：.–—-]*\s*""",
    re.VERBOSE | re.IGNORECASE,
)


def without_number(heading: str) -> str:
    """A heading, as plain text, without the number in front of it: ``§ 4 Haftung`` is ``Haftung``."""
    return _NUMBERED.sub("", heading, count=1).strip()


def slug(text: str, language: str = "en") -> str:
    """``text`` in the form of an id; empty where it holds no Latin letter or digit."""
    folded = _APOSTROPHES.sub("", unicodedata.normalize("NFC", text).casefold())
    if language.casefold().split("-")[0] == "de":
        folded = folded.translate(_GERMAN)
    plain = unicodedata.normalize("NFKD", folded.translate(_LATIN)).encode("ascii", "ignore").decode()
    letters = sum(1 for character in folded if character.isalnum())
    if sum(1 for character in plain if character.isalnum()) * 2 < letters:
        return ""  # what is left of another script's heading would not name it
    whole = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return whole if len(whole) <= _LONGEST else whole[: _LONGEST + 1].rpartition("-")[0] or whole[:_LONGEST]


def clause_id(heading: str, place: int, taken: Container[str], language: str = "en") -> str:
    """An id for a clause of that heading (plain text) at ``place`` (from 1) that is not yet ``taken``."""
    name = slug(without_number(heading) or heading, language) or f"clause-{place}"
    if name in (PREAMBLE, "top") or id_problem(name):
        name = f"clause-{name}"
    found, number = name, 2
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found
