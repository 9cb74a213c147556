"""Words that weigh in a legal text, by language: data for ``changes.editorial`` and ``release.notice``.

A language is one module with one value ``WORDS``. To add one, write that module and name it here.
"""

from collections.abc import Mapping

from inforce.changes.wordlists import en
from inforce.changes.wordlists.parts import Words

__all__ = ["Words", "of"]

_KNOWN: Mapping[str, Words] = {"en": en.WORDS}


def of(language: str) -> Words:
    """The lists for a BCP 47 tag, by its first part; empty ones where nobody has written any."""
    return _KNOWN.get(language.lower().partition("-")[0], Words())
