"""What the marks of a redline's HTML add up to, counted by somebody who knows nothing of how it was made.

The page is read by the standard library's parser and words are found by patterns of this file: nothing of the redline's
own code is used, so a headline that says what the page does not show is found out. Scripts without spaces are not read.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

import regex

_TEXTS = frozenset(re.findall(r"\w+", "p h1 h2 h3 h4 h5 h6 pre dt summary caption figcaption legend hr col"))
_HOLDERS = frozenset(
    re.findall(r"\w+", "li dd td th blockquote div ul ol dl table thead tbody tfoot tr section article")
)
_VOID = frozenset(re.findall(r"\w+", "br hr img col input area source wbr"))
_ASIDE = frozenset(("redline-say", "redline-left", "redline-go"))
_JOINED = r"['’@\-‐‑\u00ad\u200d]|\.(?![A-Z])|(?<![a-z])\.|(?<=\d)[,/:‒–](?=\d)"
_PART = r"[\w\p{M}]+"
_WORD = regex.compile(
    rf"https?://[^\s<>\"“”\[\]]*[\w/=&#-]|[-−–]?{_PART}(?:(?:{_JOINED}){_PART})*[′″]?|[%‰&§]|[^\w\s]\ufe0f?"
)
"""A word is written together, over apostrophes, hyphens and points; figures over what makes one number of them, too."""
_READ = frozenset(("Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "No", "Sc", "Sm", "So", "Mn", "Mc"))
_COUNTED = {
    "redline-case": "case_changed",
    "redline-form": "forms_changed",
    "redline-number": "numbers_changed",
    "redline-format": "formats_changed",
    "redline-space": "spaces_changed",
}
"""What the class of a mark counts as; those that mean more stand before others."""


@dataclass
class _Place:
    """A deletion, an insertion, or one right behind the other."""

    classes: set[str]
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What it counts as."""
        for name, counted in _COUNTED.items():
            if name in self.classes:
                return counted
        if any(map(words, self.texts.values())):
            return "words"
        return "punctuation_changed" if any(map(str.strip, self.texts.values())) else "formats_changed"


class _Marks(HTMLParser):
    """Reads marks as a reader meets them, leaving out what is only said of them."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()
        self.places: list[_Place] = []
        self._stack: list[tuple[str, set[str]]] = []
        self._open: _Place | None = None
        self._last: _Place | None = None
        self._bare = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = set(given.get("class", "").split())
        self._stack.append((tag, classes))
        self._border(tag)
        if not self._aside:
            told = "data-redline-told" in given or ("data-redline-was" in given and "class" in given)
            self.counts["formats_changed"] += told
            self.counts["blocks_moved"] += "redline-moved" in classes
            self._leaf(tag in _TEXTS)
            if tag in ("ins", "del"):
                self._begin(tag, classes)
            elif tag in ("img", "br") or "footnote-ref" in classes:
                self._text(" ", is_shown=True)
        if tag in _VOID:
            self._stack.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ins", "del") and not self._aside:
            self._last, self._open = self._open, None
        self._stack.pop()
        self._border(tag)

    def handle_data(self, data: str) -> None:
        if not self._aside:
            self._text(data, is_shown=bool(data.strip()))

    def _text(self, text: str, is_shown: bool) -> None:
        """Text, in a mark or in none; what has none above it but a list or a cell is a text by itself."""
        holder = next((tag for tag, _ in reversed(self._stack) if tag in _TEXTS | _HOLDERS), "")
        if is_shown:
            self._leaf(holder in _HOLDERS and not self._bare)
            self._bare = True
        mark = next((tag for tag, _ in self._stack if tag in ("ins", "del")), None)
        if mark is None or self._open is None:
            self._last = None
        else:
            self._open.texts[mark] += text

    def _leaf(self, is_one: bool) -> None:
        """Count a text that only one side has."""
        classes = set[str]().union(*(each for _, each in self._stack))
        self.counts["blocks_inserted"] += is_one and "redline-added" in classes
        self.counts["blocks_deleted"] += is_one and "redline-removed" in classes

    @property
    def _aside(self) -> bool:
        return any(_ASIDE & classes for _, classes in self._stack)

    def _border(self, tag: str) -> None:
        """A deletion before a block's border and an insertion behind it are two places."""
        if tag in _TEXTS | _HOLDERS:
            self._last, self._bare = None, False

    def _begin(self, tag: str, classes: set[str]) -> None:
        place = self._last
        if place is None or tag == "del" or "ins" in place.texts or classes != place.classes:
            place = _Place(classes)
            self.places.append(place)
        place.texts.setdefault(tag, "")
        self._open = place


def recounted(redline_html: str) -> dict[str, int]:
    """Return how much is marked, by the names that a redline counts it under; nothing of what there is none of."""
    read = _Marks()
    read.feed(redline_html)
    found = read.counts
    for place in read.places:
        if place.kind == "words":
            found["words_deleted"] += words(place.texts.get("del", ""))
            found["words_inserted"] += words(place.texts.get("ins", ""))
        else:
            found[place.kind] += 1
    return {name: count for name, count in found.items() if count}


def words(text: str) -> int:
    """Return how many words, and signs that are read out, are in a text."""
    return sum(map(_is_read_out, _WORD.findall(text.replace("↩", ""))))


def _is_read_out(found: str) -> bool:
    """Whether it is more than punctuation: Unicode calls letters L, figures N, and signs like “$” and “+” S."""
    return found[0] in "%‰&§" or any(unicodedata.category(each) in _READ for each in found)
