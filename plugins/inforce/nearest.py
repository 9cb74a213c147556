"""The known name that somebody who misspelt it, or wrote only its beginning, most likely meant."""

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """The one of ``known`` most like ``word``, whatever its case; empty where none is."""
    names = {name.casefold(): name for name in known}
    folded = word.casefold()
    begun = [name for name in names if folded and name.startswith(folded)]
    return next((names[name] for name in [*begun, *difflib.get_close_matches(folded, names, 1)]), "")


def meant(word: str, known: Iterable[str], otherwise: str) -> str:
    """The cure for a misspelt ``word``: the nearest name as a question, or ``otherwise`` where none is near."""
    near = nearest(word, known)
    return f"Did you mean `{near}`?" if near else otherwise
