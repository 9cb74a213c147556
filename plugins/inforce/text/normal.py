"""Bytes to text, and the one normal form in which a release writes text.

Normal form: Unicode NFC, LF, no trailing blanks (a hard break is ``<br>``), so that editors' and hooks' tidying changes
nothing. Knows fenced code, because nothing inside a fence is a heading, a tag or a link. Knows no Markdown beyond that.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from inforce.errors import fail

UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 (section 2.2) cannot hold, and DEL: no feed, page or printout could show them."""

# As Python-Markdown reads fences: at the line's start, at most one word or {…} behind the marks, closed by equal marks.
_FENCE = re.compile(r"(?P<fence>`{3,}|~{3,})[ \t]*(?:\{[^\n]*\}|\.?[\w#.+-]*)[ \t]*\Z")
_CONFLICT = re.compile(r"^(<{7}|>{7})( |$)", re.MULTILINE)
_MERGE = "Keep one side, or join both, and delete the marks; of a file below versions/ take one side as a whole"
_CODE_SPAN = re.compile(r"(?<![\\`])(`+)(?!`)((?:[^\n]|\n(?![ \t]*\n))+?)(?<!`)\1(?!`)")


def decode(data: bytes, path: str) -> str:
    """The text of a UTF-8 file, with LF line ends and without a byte order mark.

    Raises InForceError, naming the line, for bytes that are not UTF-8, for :data:`UNUSABLE` characters, NUL among them,
    and for the marks of a merge that nobody has finished.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        line = before.count(b"\n") + 1
        raise fail(path, line, "encoding", "This is not UTF-8 text", "Save the file as UTF-8") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if unusable := UNUSABLE.search(text):
        line = text.count("\n", 0, unusable.start()) + 1
        raise fail(path, line, "control-character", f"The text holds {named(unusable[0])}", "Delete it")
    if conflict := _CONFLICT.search(text):
        line = text.count("\n", 0, conflict.start()) + 1
        raise fail(path, line, "conflict", "Git's conflict marks stand here: two branches changed this", _MERGE)
    return text


def named(character: str) -> str:
    """An :data:`UNUSABLE` character as a message names it."""
    return "a NUL byte" if character == "\0" else f"the control character U+{ord(character):04X}"


def lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """Each line of ``text`` with its number from 1, and whether it belongs to a fenced code block."""
    fence = ""
    for number, line in enumerate(text.split("\n"), 1):
        if fence:
            yield number, line, True
            if line.rstrip(" \t") == fence:
                fence = ""
        elif opening := _FENCE.match(line):
            fence = opening["fence"]
            yield number, line, True
        else:
            yield number, line, False


def open_fence(text: str) -> int:
    """The line of a code fence that is never closed; 0 where every fence closes."""
    opened, fence = 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        if fence:
            if line.rstrip(" \t") == fence:
                opened, fence = 0, ""
        elif opening := _FENCE.match(line):
            opened, fence = number, opening["fence"]
    return opened


def one_line(text: str) -> str:
    """``text`` in Unicode NFC, with each run of white space as one space and none at either end."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def listed(parts: Iterable[str], most: int) -> str:
    """``one, two and three``, or the first ``most`` and how many more there are."""
    known = list(parts)
    if len(known) > most:
        known = [*known[:most], f"{len(known) - most} more"]
    return " and ".join(filter(None, (", ".join(known[:-1]), known[-1] if known else "")))


def first_difference(one: str, other: str) -> int:
    """The first line, from 1, in which two texts differ; 0 where they are the same."""
    if one == other:
        return 0
    pairs = zip_longest(one.split("\n"), other.split("\n"))
    return next(number for number, (left, right) in enumerate(pairs, 1) if left != right)


def without_code(text: str) -> str:
    """``text`` with fenced code and code spans blanked out; every line keeps its number and its length."""
    kept = "\n".join(" " * len(line) if code else line for _, line, code in lines(text))
    return _CODE_SPAN.sub(lambda span: re.sub(r"[^\n]", " ", span[0]), kept)


def brackets(text: str) -> tuple[int, int]:
    """How deep square brackets are nested in any one paragraph, and the line on which that depth is reached first."""
    deepest, place, depth = 0, 0, 0
    for number, line in enumerate(text.split("\n"), 1):
        depth = depth if line.strip() else 0
        for mark in re.findall(r"(?<!\\)[\[\]]", line):
            depth = depth + 1 if mark == "[" else max(depth - 1, 0)
            if depth > deepest:
                deepest, place = depth, number
    return deepest, place


def normalise(text: str) -> str:
    """``text`` in the normal form of the ledger, without empty lines at either end."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    numbered = list(lines(text))
    result = []
    for index, (_, line, code) in enumerate(numbered):
        bare = line.rstrip(" \t")
        followed = index + 1 < len(numbered) and numbered[index + 1][1].strip()
        hard_break = not code and bare and line.endswith("  ") and followed
        result.append(bare + "<br>" if hard_break else bare)
    return "\n".join(result).strip("\n")
