"""The proof that an import lost no text: the source's letters and digits, in order, are those of the clauses.

It knows nothing of how a source was read. What it leaves out on both sides is what readers do not see as text: tags,
comments, the addresses and titles behind links, attributes, white space; and on the source's side the lines that a
reading says have left.
Definitions may stand elsewhere than they stood, so each is looked for by itself.
"""

import re
import unicodedata
from collections.abc import Sequence, Set
from functools import lru_cache
from html import unescape

from inforce.errors import fail
from inforce.importing import encodings, source
from inforce.importing.reading import Reading
from inforce.importing.source import Cleaned, Definition
from inforce.model import Clause
from inforce.text import stretches
from inforce.text.unsafe import scheme

_DEFINED = re.compile(r"(?<=\]:)\s*(?:<[^<>\n]*>|\S+)")
"""The address of a link's definition: one to a heading leads to the heading's clause afterwards."""
_UNSEEN = re.compile(
    r"<(script|style|template|noscript|head|svg)\b[^<>\n]*>[^\n]*?</\1\s*>|</?[a-zA-Z][\w-]*(?:\s[^<>]*)?>"
    r"|(?<=\])\(\s*(?:<[^<>\n]*>|(?:\\[()]|[^()\s]|\((?:\\[()]|[^()\s])*\))*)(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?"
    rf"|<!--(?:-?>|[\s\S]*?-->)|{source.ATTRIBUTES}|[\u202a-\u202e\u2066-\u2069]",
    re.IGNORECASE,
)

_REFERENCE = re.compile(r"\]\[(?P<name>[^\]\[]+)\]")


def letters(text: str) -> str:
    """Return the letters and digits of a Markdown text that a reader sees, in order."""
    return re.sub(r"[\W_]+", "", _UNSEEN.sub("", unescape(unicodedata.normalize("NFC", text))))


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


def prove(data: bytes, reading: Reading, clauses: Sequence[Clause], path: str) -> None:
    """Raise InForceError, naming the line, where a word of the source is neither in a clause nor listed as left.

    ``data`` is the source's Markdown; ``clauses`` the version's that was made of it.
    """
    lines = characters_of(data, reading.encoding, path).split("\n")
    gone = {line for each in reading.left for line in range(each.first, each.last + 1)}
    kept = "\n".join("" if number in gone else line for number, line in enumerate(lines, 1))
    before = source.clean(kept)
    after = [_cleaned(_text(clause)) for clause in clauses]
    names = frozenset(each.name for each in before.definitions if each.kind == "link")
    old = "".join(_seen(stretch, names) for stretch in stretches.of(before.text))
    new = "".join(_seen(each.text, names) for each in after)
    if old != new:
        same = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
        what = f"Its words would not be kept: “{old[max(0, same - 20) : same + 20]}” in the source, here "
        what += f"“{new[max(0, same - 20) : same + 20]}”"
        cure = "Simplify the Markdown there, or leave this text out (--leave-out); and please report it"
        raise fail(path, _line_at(before.text, same), "text-lost", what, cure)
    kept_definitions = {_defined(each) for found in after for each in found.definitions}
    for each in before.definitions:
        if _defined(each) not in kept_definitions and not leads_nowhere(each):
            cure = "Please report this as a fault of inforce"
            raise fail(path, each.line, "text-lost", f"The definition of {each.name} would be lost", cure)


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


def _text(clause: Clause) -> str:
    return f"## {clause.heading}\n\n{clause.body}" if clause.heading else clause.body


def _line_at(text: str, offset: int) -> int:
    """The line of ``text`` that holds its letter number ``offset``."""
    seen = 0
    for number, line in enumerate(text.split("\n"), 1):
        seen += len(letters(line))
        if seen > offset:
            return number
    return 0
