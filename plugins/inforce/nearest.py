"""The known name that somebody who misspelt it, or wrote only its beginning, most likely meant."""

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """The one of ``known`` most like ``word``; empty where none is."""
    names = list(known)
    begun = [name for name in names if word and name.startswith(word)]
    return next(iter([*begun, *difflib.get_close_matches(word, names, 1)]), "")


def meant(word: str, known: Iterable[str], otherwise: str) -> str:
    """The cure for a misspelt ``word``: the nearest name as a question, or ``otherwise`` where none is near."""
    near = nearest(word, known)
    return f"Did you mean `{near}`?" if near else otherwise
