"""References and footnotes of clauses that lead to nothing, or to another clause: each clause is read on its own."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from markdown_it.common.utils import normalizeReference

from inforce.text import markdown

_WRITTEN = re.compile(
    r"(?<!\\)(?:\[(?P<text>[^\]\[]+)\]\[(?P<name>[^\]\[]*)\]|\[\^(?P<foot>[^\]\s]+)\](?!:)"
    r"|(?<!\])\[(?P<alone>[^\]\[^][^\]\[]*)\](?![\[(:]))"  # [name] means a link only where something defines it
)

Undefined = tuple[str, int, str, str]
"""Clause id, line, the reference as written, the clause that defines it or an empty string."""


def undefined(sources: Sequence[tuple[str, str]]) -> list[Undefined]:
    """What clauses refer to and do not define themselves. ``sources`` are (clause id, Markdown)."""
    defined: dict[str, str] = {}
    for name, source in sources:
        read = markdown.read(source)
        defined.update(dict.fromkeys((label for label, _ in read.definitions), name))
        defined.update(dict.fromkeys((f"^{note.label}" for note in read.footnotes), name))
    found = []
    for name, source in sources:
        plain = markdown.read(source).plain if "[" in source else ""
        for match in _WRITTEN.finditer(plain):
            key = f"^{match['foot']}" if match["foot"] else _folded(match["alone"] or match["name"] or match["text"])
            if not match["alone"] or key in defined:
                line = plain.count("\n", 0, match.start()) + 1
                found.append((name, line, match[0], defined.get(key, "")))
    return found


def _folded(name: str) -> str:
    return str(normalizeReference(name))


def amiss(source: str) -> Iterator[tuple[int, str, str]]:
    """Footnotes that readers would not see, or not as they are meant: (line, what is wrong, the cure)."""
    read = markdown.read(source)
    used = {use.label for use in read.footnote_uses}
    counted = Counter(note.label for note in read.footnotes)
    for note in read.footnotes:
        if counted[note.label] > 1:
            yield note.line, f"The footnote [^{note.label}] is defined more than once", "Give each its own name"
        elif note.label not in used:
            cure = f"Write [^{note.label}] where it belongs, or take the note out"
            yield note.line, f"Nothing refers to the footnote [^{note.label}], so nobody would see it", cure
    headings = {heading.first for heading in read.headings}
    for use in read.footnote_uses:
        if use.line in headings:
            yield use.line, "A heading carries no footnote", "Refer to it in the text below"
