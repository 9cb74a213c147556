"""Other ways to compare two pages, each brought to one form: edits, in reading order.

Most of them know text alone: they are given a page's text, a block a line. Nothing is measured here.
"""

import difflib
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import fast_diff_match_patch
from diff_match_patch import diff_match_patch
from lxml.html.diff import htmldiff
from redlines import Redlines

from inforce.redline import redline


class Edit(NamedTuple):
    """Text that only the new page has (``+``), only the old one (``-``), or both."""

    kind: Literal["+", "-", "="]
    text: str


PIECE = re.compile(r"\w+|\s+|[^\w\s]")
LIMIT = 5.0
"""Seconds that diff-match-patch may take over a pair in pure Python; then it gives up and marks what is left."""

_KINDS: dict[object, Literal["+", "-", "="]] = {1: "+", -1: "-", 0: "=", "+": "+", "-": "-", "=": "="}


def _edits(found: Iterable[tuple[object, str]]) -> Iterator[Edit]:
    return (Edit(_KINDS[kind], text) for kind, text in found)


def _characters(old: str, new: str) -> Iterator[Edit]:
    engine = diff_match_patch()
    found = engine.diff_main(old, new)
    engine.diff_cleanupSemantic(found)
    return _edits(found)


def _words(old: str, new: str) -> Iterator[Edit]:
    engine = diff_match_patch()
    engine.Diff_Timeout = LIMIT
    pieces: list[str] = []
    numbers: dict[str, str] = {}

    def coded(text: str) -> str:
        for piece in PIECE.findall(text):
            if piece not in numbers:
                numbers[piece] = chr(0x100 + len(numbers))
                pieces.append(piece)
        return "".join(numbers[piece] for piece in PIECE.findall(text))

    found = engine.diff_main(coded(old), coded(new), False)
    return _edits((kind, "".join(pieces[ord(each) - 0x100] for each in text)) for kind, text in found)


def _fast(old: str, new: str) -> Iterator[Edit]:
    return _edits((kind, text) for kind, text in fast_diff_match_patch.diff(old, new, counts_only=False))


def _difflib(old: str, new: str) -> Iterator[Edit]:
    one, other = PIECE.findall(old), PIECE.findall(new)
    for kind, i, i_end, j, j_end in difflib.SequenceMatcher(None, one, other).get_opcodes():
        if kind == "equal":
            yield Edit("=", "".join(one[i:i_end]))
            continue
        if i < i_end:
            yield Edit("-", "".join(one[i:i_end]))
        if j < j_end:
            yield Edit("+", "".join(other[j:j_end]))


def _redlines(old: str, new: str) -> Iterator[Edit]:
    written = Redlines(old, new, markdown_style="none").output_markdown
    for part in re.split(r"(<del>.*?</del>|<ins>.*?</ins>)", written, flags=re.DOTALL):
        kind = {"<del>": "-", "<ins>": "+"}.get(part[:5], "=")
        if part:
            yield Edit(_KINDS[kind], part[5:-6] if kind != "=" else part)


def _git(old: str, new: str) -> Iterator[Edit]:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("old", old), ("new", new)):
            Path(folder, name).write_text(text, encoding="utf-8")
        command = ["git", "diff", "--no-index", "--no-color", "--word-diff=porcelain", "-U1000000", "old", "new"]
        out = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout
    for line in out.split("\n@@", 1)[-1].split("\n")[1:]:
        if line.startswith("~"):
            yield Edit("=", "\n")
        elif line[:1] in ("+", "-", " "):
            yield Edit("=" if line[0] == " " else _KINDS[line[0]], line[1:])


OF_TEXT: dict[str, Callable[[str, str], Iterator[Edit]]] = {
    "diff-match-patch, characters": _characters,
    "diff-match-patch, words": _words,
    "fast-diff-match-patch": _fast,
    "difflib, words": _difflib,
    "redlines": _redlines,
    "git diff --word-diff": _git,
}
"""Given two texts."""

OWN = "In Force"
OF_HTML: dict[str, Callable[[str, str], str]] = {
    OWN: lambda old, new: redline(old, new).html,
    "lxml htmldiff": htmldiff,
}
"""Given two pages; they give a page with ``ins`` and ``del``."""
