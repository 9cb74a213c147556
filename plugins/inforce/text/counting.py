"""What a browser writes before an item of a numbered list: ``3``, ``c``, ``C``, ``iii``, ``III``.

The one place that tells it, for texts without such lists: a redline in a terminal, a policy imported from a page. Marks
that are typed are told in ``lists``.
"""

from string import ascii_lowercase

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_MOST_ROMAN = 3999


def counted(number: int, kind: str = "1") -> str:
    """Return a number as a list of that type (``1``, ``a``, ``A``, ``i``, ``I``) writes it; digits beyond letters."""
    if kind in ("a", "A") and number > 0:
        found = _letters(number)
    elif kind in ("i", "I") and 0 < number <= _MOST_ROMAN:
        found = _roman(number)
    else:
        return str(number)
    return found.upper() if kind.isupper() else found


def _letters(number: int) -> str:
    found = ""
    while number:
        number, place = divmod(number - 1, len(ascii_lowercase))
        found = ascii_lowercase[place] + found
    return found


def _roman(number: int) -> str:
    found = ""
    for value, letters in _ROMAN:
        found += letters * (number // value)
        number %= value
    return found
