"""Bytes to text, and the one normal form in which a release writes text.

Normal form: Unicode NFC, LF, no trailing blanks (a hard break is ``<br>``), so that editors' and hooks' tidying changes
nothing. It keeps the page as it is: where blanks break a line, and where they mean nothing, is asked of the parser.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from itertools import zip_longest

from inforce.errors import fail
from inforce.text import characters, markdown
from inforce.text.markdown import Document

_CONFLICT = re.compile(r"^(<{7}|>{7})( |$)", re.MULTILINE)
_MERGE = "Keep one side, or join both, and delete the marks; of a file below versions/ take one side as a whole"
_CONTROLS = bytes(byte for byte in (*range(0x20), 0x7F) if byte not in b"\t\n\r")
_TRAILING = re.compile(r"[ \t](?=\n|\Z)")


LARGEST = 1_000_000
"""Bytes of a clause, and of any file but a version: ten times what anybody has written."""
LARGEST_TEXT = 5_000_000
"""Bytes of a version, and of a whole text that comes from elsewhere."""


LONGEST = 2_000
"""Lines of a clause's file: four times what anybody has written. Its blocks are what reading and comparing take."""


YEARS = range(1900, 3000)
"""The years in which a date may lie: far from where another time zone would lead out of the calendar."""


def out_of_reach(day: date) -> str:
    """What is wrong with a day that no policy can have, by its year; empty where it can be one."""
    return "" if day.year in YEARS else f"lies outside the years {YEARS[0]} to {YEARS[-1]}"


def bounded(data: bytes, path: str) -> None:
    """Raise InForceError for a clause's file of more lines than ``LONGEST``."""
    if (lines := len(data.splitlines())) > LONGEST:
        what = f"The clause has {lines:,} lines, and {LONGEST:,} are the most that is read"
        raise fail(path, LONGEST + 1, "too-large", what, "Divide it into several clauses")


def decode(data: bytes, path: str, largest: int = LARGEST) -> str:
    """The text of a UTF-8 file, with LF line ends and without a byte order mark.

    Raises InForceError, naming the line, for more bytes than ``largest``, for those that are not UTF-8, for
    ``characters.UNUSABLE``, NUL among them, and for the marks of a merge that nobody has finished.
    """
    if len(data) > largest:
        what = f"The file has {len(data):,} bytes, and {largest:,} are the most that is read"
        raise fail(path, 0, "too-large", what, "Divide it, or take out what is no text of a policy")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        line = before.count(b"\n") + 1
        raise fail(path, line, "encoding", "This is not UTF-8 text", "Save the file as UTF-8") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _suspicious(data) and (unusable := characters.UNUSABLE.search(text)):
        line = text.count("\n", 0, unusable.start()) + 1
        raise fail(path, line, "control-character", f"The text holds {characters.named(unusable[0])}", "Delete it")
    if ("<<<<<<<" in text or ">>>>>>>" in text) and (conflict := _CONFLICT.search(text)):
        line = text.count("\n", 0, conflict.start()) + 1
        raise fail(path, line, "conflict", "Git's conflict marks stand here: two branches changed this", _MERGE)
    return text


def _suspicious(data: bytes) -> bool:
    """Whether UTF-8 holds a byte that only ``characters.UNUSABLE`` have, or few others: seen far sooner than these."""
    return len(data.translate(None, _CONTROLS)) < len(data) or b"\xef\xbf" in data


def one_line(text: str) -> str:
    """``text`` in Unicode NFC, with each run of white space as one space and none at either end."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def count_of(number: int, one: str, many: str = "") -> str:
    """``1 clause``, ``2 clauses``; ``many`` is a plural that is not ``one`` with an s."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


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


def normalise(text: str) -> str:
    """``text`` in the normal form of the ledger, without empty lines at either end."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _settled(text).strip("\n")


def changed(text: str, lines: int | None = None) -> bool:
    """Whether the normal form of ``text``, or of its first ``lines`` alone, makes another page. ``text`` is in NFC."""
    settled = _settled(text, lines)
    return settled != text and markdown.read(settled).html != markdown.read(text).html


def _settled(text: str, lines: int | None = None) -> str:
    """The lines of ``text``, or the first so many, without trailing blanks."""
    if not _TRAILING.search(text):
        return text
    read = markdown.read(text)
    rows = text.split("\n")
    return "\n".join(
        row if lines is not None and number > lines else _settled_row(row, number, read)
        for number, row in enumerate(rows, 1)
    )


def _settled_row(row: str, number: int, read: Document) -> str:
    bare = row.rstrip(" \t")
    if bare == row or not bare or number in read.verbatim_lines:
        return bare
    outside = read.bare_rows[number - 1][: len(bare)]  # of code
    if (len(outside) - len(outside.rstrip("\\"))) % 2:
        bare += "\\"  # it would break the line, or escape what follows
    return bare + "<br>" if number in read.breaks else bare
