"""The proof that an import lost no text: the source's letters and digits, in order, are those of the clauses.

And so are the words that either shows as a page, parted where a browser parts them: none is joined to another one.

It knows nothing of how a source was read. What it leaves out on both sides is what readers do not see as text: tags,
comments, the addresses and titles behind links, attributes; and on the source's side the lines that a reading says have
left. Definitions may stand elsewhere than they stood, so each is looked for by itself.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence, Set
from enum import Enum
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser
from itertools import islice

from inforce.errors import InForceError, fail
from inforce.importing import encodings, source
from inforce.importing.markup import BLOCKS
from inforce.importing.reading import Reading
from inforce.importing.source import Cleaned, Definition
from inforce.model import Clause
from inforce.text import html, markdown, stretches
from inforce.text.dialect import ATTRIBUTES
from inforce.text.inline import edited
from inforce.text.unsafe import scheme

_DEFINED = re.compile(r"(?<=\]:)\s*(?:<[^<>\n]*>|\S+)")
"""The address of a link's definition: one to a heading leads to the heading's clause afterwards."""
_UNSEEN = re.compile(
    r"<(script|style|template|noscript|head|svg)\b[^<>\n]*>[^\n]*?</\1\s*>|</?[a-zA-Z][\w-]*(?:\s[^<>]*)?>"
    r"|(?<=\])\(\s*(?:<[^<>\n]*>|(?:\\[()]|[^()\s]|\((?:\\[()]|[^()\s])*\))*)(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?"
    rf"|<!--(?:-?>|[\s\S]*?-->)|{ATTRIBUTES}|[\u202a-\u202e\u2066-\u2069]",
    re.IGNORECASE,
)

_SIGNS = re.compile(r"[\W_]+")
_DECLARATION = re.compile(r"<!--.*?-->|<!(?!--)[^>]*(?:>|\Z)", re.DOTALL)
"""No text, and what the standard library's parser can fail on; in a comment, some look as if they ended it."""
_SILENT = frozenset(("script", "style", "title"))
_ASIDE = frozenset(("audio", "canvas", "iframe", "noscript", "object", "svg", "template", "video"))
"""What stands instead of something else, or in a frame of its own: it parts no words around it."""
_HIDING = "|".join(sorted(_SILENT | _ASIDE))
_HIDDEN = re.compile(rf"<({_HIDING})\b[^<>\n]*>[^\n]*?</\1\s*>|</?(?:{_HIDING})\b[^<>\n]*>", re.IGNORECASE)
"""In a text such an element shows nothing, and one that nothing ends hides nothing of it."""
_PICTURE = re.compile(r"<img\b[^<>]*>")
BOX = re.compile(r"display\s*:\s*(?:block|flex|grid|list-item|table)", re.IGNORECASE)
_ATTRIBUTES = re.compile(ATTRIBUTES)
_NOTE = re.compile(r"\[\^[^\]\s]+\]")
"""A reference to a footnote where it is shown as it is written."""
_REFERENCE = re.compile(r"\]\[(?P<name>[^\]\[]+)\]")


def letters(text: str) -> str:
    """Return the letters and digits of a Markdown text that a reader sees, in order."""
    return _SIGNS.sub("", _UNSEEN.sub("", unescape(unicodedata.normalize("NFC", text))))


def words(text: str) -> list[str]:
    """Return the words of a text as it is shown: what stands between white space, without its signs."""
    return [word for each in text.split() if (word := _SIGNS.sub("", each))]


class Stands(Enum):
    """How an element stands to the words around it: apart from them, beside all text, or as one of them."""

    APART = "\n"
    BESIDE = " "
    WITHIN = ""


class Shown(HTMLParser):
    """The ``words`` that a browser shows of HTML, parted where it parts them; scripts, styles and titles show none.

    Footnotes are left out: they are definitions. What stands beside the text comes last.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self._pieces: list[tuple[int, str]] = []
        self._beside: list[tuple[int, str]] = []
        self._open: dict[str, list[Stands]] = {}
        self._within = 0
        self._until = ""
        self.feed(_DECLARATION.sub(lambda mark: "\n" * mark[0].count("\n"), page))
        self.close()
        self._pieces += [(0, "\n"), *self._beside] if self._beside else []
        self.text = "".join(piece for _, piece in self._pieces)
        self.words = words(self.text)

    def line(self, place: int) -> int:
        """The line of the page on which word number ``place``, from 0, stands."""
        shown = (found.start() for found in re.finditer(r"\S+", self.text) if _SIGNS.sub("", found[0]))
        start = next(islice(shown, place, None))
        at = 0
        for line, piece in self._pieces:
            if at + len(piece) > start:
                return line + piece.count("\n", 0, start - at)
            at += len(piece)
        return 0

    def stands(self, tag: str, given: Mapping[str, str | None]) -> Stands:
        """Return how an element stands to the words around it."""
        if tag in _ASIDE:
            return Stands.BESIDE
        return Stands.APART if tag in BLOCKS or BOX.search(given.get("style") or "") else Stands.WITHIN

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A start tag: what it opens may part words, show none, or stand beside the text."""
        if self._until:
            return
        given = dict(attrs)
        kind = given.get("class")
        if tag in _SILENT or kind in ("footnote", "footnote-ref"):
            self._until = "nothing" if kind == "footnote" else tag  # a clause ends with them
            return
        stands = self.stands(tag, given)
        if tag not in markdown.VOID:
            self._open.setdefault(tag, []).append(stands)
            self._within += stands is Stands.BESIDE
        self._put(given.get("alt") or "" if tag == "img" else stands.value)

    def handle_endtag(self, tag: str) -> None:
        """An end tag; one that ends nothing is none, but a paragraph's and a line break's."""
        if self._until:
            self._until = "" if tag == self._until else self._until
            return
        opened = self._open.get(tag)
        stands = opened.pop() if opened else Stands.APART if tag in ("p", "br") else Stands.WITHIN
        self._put(stands.value)
        self._within -= stands is Stands.BESIDE

    def handle_data(self, data: str) -> None:
        """Text, its entities read."""
        if not self._until:
            self._put(data)

    def _put(self, text: str) -> None:
        (self._beside if self._within else self._pieces).append((self.getpos()[0], text))


def characters_of(data: bytes, codec: str, path: str) -> str:
    """Return the text of a source's bytes, whatever a reading took it for: UTF-8 where they are that, or by ``codec``.

    Lines are counted as a reading counts them.
    """
    try:
        if b"\0" in data or b"\x1b" in data:  # ASCII is no proof of UTF-8 there
            raise UnicodeError
        text = data.decode("utf-8-sig")
    except UnicodeError:
        text = data.decode(codec)
    return encodings.usable(text, path)


def prove(data: bytes, reading: Reading, clauses: Sequence[Clause], path: str) -> tuple[tuple[int, str], ...]:
    """Raise InForceError, naming the line, where a word of the source is neither in a clause nor listed as left.

    ``data`` is the source's Markdown; ``clauses`` the version's that was made of it. Returned is where a page of the
    source would show a word that is not published, or the other way round: (line, what an editor should look at).
    """
    lines = characters_of(data, reading.encoding, path).split("\n")
    gone = {line for each in reading.left for line in range(each.first, each.last + 1)}
    kept = "\n".join("" if number in gone else line for number, line in enumerate(lines, 1))
    before = source.clean(kept)
    after = [_cleaned(html.as_drafted(clause)) for clause in clauses]
    names = frozenset(each.name for each in before.definitions if each.kind == "link")
    texts = [*stretches.of(before.text)]
    old = "".join(_seen(text, names) for text in texts)
    new = "".join(_seen(each.text, names) for each in after)
    if old != new:
        same = _alike(old, new)
        what = f"“{old[max(0, same - 20) : same + 20]}” in the source, here “{new[max(0, same - 20) : same + 20]}”"
        raise _lost(path, _line_at(before.text, same), what)
    kept_definitions = {_defined(each) for found in after for each in found.definitions}
    for each in before.definitions:
        if _defined(each) not in kept_definitions and not leads_nowhere(each):
            cure = "Please report this as a fault of inforce"
            raise fail(path, each.line, "text-lost", f"The definition of {each.name} would be lost", cure)
    return _prove_words(texts, before.definitions, clauses, path)


def _prove_words(
    texts: Sequence[str], definitions: Sequence[Definition], clauses: Sequence[Clause], path: str
) -> tuple[tuple[int, str], ...]:
    """The words in which the page of the source differs from what is published, if any; see ``prove``."""
    links = "".join(f"{each.text}\n\n" for each in definitions if each.kind == "link")
    notes = "".join(f"[{each.name}]: x\n\n" for each in definitions if each.kind == "footnote")
    seen = [_shown(f"{notes if '[^' in text else ''}{links if ']' in text else ''}{text}") for text in texts]
    whole, published = " ".join(filter(None, seen)), " ".join(filter(None, map(_published, clauses)))
    if whole == published:
        return ()
    old, new = whole.split(), published.split()
    same, was, now = differing(old, new)
    line = _line_of(texts, seen, same)
    if "".join(old) == "".join(new):
        raise _lost(path, line, f"“{was}” in the source, here “{now}”")
    return ((line, f"“{was}” is shown as “{now}”: make sure that it says what readers saw"),)


def _lost(path: str, line: int, what: str) -> InForceError:
    cure = "Simplify the Markdown there, or leave this text out (--leave-out); and please report it"
    return fail(path, line, "text-lost", f"Its words would not be kept: {what}", cure)


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How much of both is the same, from their beginning."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(old), len(new)))


def differing(old: Sequence[str], new: Sequence[str]) -> tuple[int, str, str]:
    """Return where words begin to differ, and those around that place on either side."""
    same = _alike(old, new)
    was, now = (" ".join(each[max(0, same - 2) : same + 3]) for each in (old, new))
    return same, was, now


def _line_of(texts: Sequence[str], shown: Sequence[str], place: int) -> int:
    """The line of the stretches ``texts`` on which word number ``place`` of all that they show stands."""
    above = seen = 0
    for text, words_shown in zip(texts, shown, strict=True):
        found = words_shown.split()
        if place < seen + len(found):
            before = found[: place - seen].count(found[place - seen])
            rows = [row for row, line in enumerate(text.split("\n")) for _ in range(line.count(found[place - seen]))]
            return above + 1 + next(iter(rows[before:]), 0)
        above, seen = above + text.count("\n") + 1, seen + len(found)
    return 0


@lru_cache(maxsize=4096)
def _shown(markdown_text: str) -> str:
    """The words that a text of the source shows, a blank between them, but for attributes and what hides within it.

    A picture that is no tag becomes a link of its description; a tag goes, and is told.
    """
    if "<img" in markdown_text:
        tags = _PICTURE.finditer(markdown.read(markdown_text).raw)
        markdown_text = edited(markdown_text, [(*tag.span(), "<wbr>") for tag in tags])
    return _bare(markdown.read(markdown_text).html)


@lru_cache(maxsize=4096)
def _published(clause: Clause) -> str:
    return _bare(html.render(clause).html)


def _bare(shown: str) -> str:
    for pattern in (_HIDDEN, _ATTRIBUTES, _NOTE):
        shown = pattern.sub("", shown)
    return " ".join(Shown(shown).words)


@lru_cache(maxsize=4096)
def _cleaned(text: str) -> Cleaned:
    """What stands in a clause; most of them stand in the next version, too."""
    return source.clean(text)


@lru_cache(maxsize=4096)
def _seen(text: str, names: Set[str]) -> str:
    return letters(_without_names(text, names))


def _without_names(text: str, names: Set[str]) -> str:
    """``text`` without the names of definitions behind what they are of, which no reader sees."""

    def seen(found: re.Match[str]) -> str:
        return "][]" if " ".join(found["name"].casefold().split()) in names else found[0]

    return _REFERENCE.sub(seen, text) if names else text


def leads_nowhere(definition: Definition) -> bool:
    """Whether a link's definition leads to no address that is published, or within the text: its links may go."""
    address = _DEFINED.search(definition.text)
    written = address[0].strip().strip("<>") if address and definition.kind == "link" else ""
    return written.startswith("#") or bool(scheme(written))


def _defined(definition: Definition) -> str:
    """What a reader sees of a definition: all of a footnote, of a link its name and its title."""
    text = definition.text
    return letters(_DEFINED.sub("", text, count=1) if definition.kind == "link" else text)


def _line_at(text: str, offset: int) -> int:
    """The line of ``text`` that holds its letter number ``offset``."""
    seen = 0
    for number, line in enumerate(text.split("\n"), 1):
        seen += len(letters(line))
        if seen > offset:
            return number
    return 0
