"""The proof that an import lost no text: the source's letters and digits, in order, are those of the clauses.

It knows nothing of how a source was read. What it leaves out on both sides is what readers do not see as text: tags,
the addresses and titles behind links, attributes, white space; and on the source's side the lines that a reading says
have left.
Definitions may stand elsewhere than they stood, so each is looked for by itself.
"""

import re
import unicodedata
from collections.abc import Sequence
from html import unescape

from inforce.errors import fail
from inforce.importing import source
from inforce.importing.reading import Reading
from inforce.importing.source import Definition
from inforce.model import Clause

_DEFINED = re.compile(r"(?<=\]:)\s*(?:<[^<>\n]*>|\S+)")
"""The address of a link's definition: one to a heading leads to the heading's clause afterwards."""
_UNSEEN = re.compile(
    r"<(script|style|template|noscript|head|svg)\b[^<>\n]*>[^\n]*?</\1\s*>|</?[a-zA-Z][\w-]*(?:\s[^<>]*)?>"
    r"|(?<=\])\(\s*(?:<[^<>\n]*>|(?:\\[()]|[^()\s]|\((?:\\[()]|[^()\s])*\))*)(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?"
    r"|\{[:#.][^{}\n]*\}|[\u202a-\u202e\u2066-\u2069]",
    re.IGNORECASE,
)


def letters(text: str) -> str:
    """Return the letters and digits of a Markdown text that a reader sees, in order."""
    return re.sub(r"[\W_]+", "", _UNSEEN.sub("", unescape(unicodedata.normalize("NFC", text))))


def prove(lines: Sequence[str], reading: Reading, clauses: Sequence[Clause], path: str) -> None:
    """Raise InForceError, naming the line, where a word of the source is neither in a clause nor listed as left.

    ``lines`` are the source's; ``clauses`` the version's that was made of it.
    """
    gone = {line for each in reading.left for line in range(each.first, each.last + 1)}
    kept = "\n".join("" if number in gone else line for number, line in enumerate(lines, 1))
    before = source.clean(kept)
    after = [source.clean(_text(clause)) for clause in clauses]
    old, new = letters(before.text), "".join(letters(each.text) for each in after)
    if old != new:
        same = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
        what = f"Its words would not be kept: “{old[max(0, same - 20) : same + 20]}” in the source, here "
        what += f"“{new[max(0, same - 20) : same + 20]}”"
        cure = "Simplify the Markdown there, or leave this text out (--leave-out); and please report it"
        raise fail(path, _line_at(before.text, same), "text-lost", what, cure)
    kept_definitions = {_defined(each) for found in after for each in found.definitions}
    for each in before.definitions:
        if _defined(each) not in kept_definitions:
            cure = "Please report this as a fault of inforce"
            raise fail(path, each.line, "text-lost", f"The definition of {each.name} would be lost", cure)


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
