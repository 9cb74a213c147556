"""The bytes of a source -> its characters, by the evidence that there is: what they are marked as, say, and can be.

In order: a byte order mark; UTF-8, which nothing else is by chance; what an editor says; what a page declares; last
Windows-1252, and told. So an editor says it once for a history of which a part is UTF-8. A text that no one could have
written (half a character, letters of two alphabets in a word) is read by none of them: then an editor has to say how it
was written.
"""

import codecs
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import webencodings

from inforce.errors import fail
from inforce.text import characters, normal

WESTERN = "cp1252"
"""What is tried last: Western Europe's, and what browsers take Latin-1 for."""

_MARKS = (
    *((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32")),
    *((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")),
)
_DECLARED = re.compile(
    rb"<\?xml\s[^>]*?\bencoding\s*=\s*[\"']?(?P<xml>[\w.:-]+)|<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*(?P<meta>[\w.:-]+)",
    re.IGNORECASE,
)
_NO_TEXT = re.compile(
    rb"PK\x03\x04|%PDF-|%!PS|bplist00|\{\\rtf|(?:Return-Path|Received|Delivered-To):"
    rb"|(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?MIME-Version:",
    re.IGNORECASE,
)
"""How files begin that a program shows as a text, and that are none: a zip, a PDF, RTF, an archive, an e-mail."""
LFS_POINTER = b"version https://git-lfs.github.com/spec/"
"""How a file begins that stands for another one in Git LFS (its specification, "The Pointer")."""
_OTHER = re.compile(r"\.(adoc|asciidoc|rst|org|textile|tex|mediawiki|docbook|xml|fodt|json)\Z", re.IGNORECASE)
"""What files are called that are texts, and neither Markdown nor pages."""
_HEAD = 8192
"""Bytes of a page in which it declares how it is written: a browser looks in the first 1024, savers put more there."""
_SWITCH = re.compile(r"\x1b(?:\(|\$\)?)[@-J]")
"""What changes the alphabet in ISO 2022, and stands in no text that was read by that."""
_WORD = re.compile(r"[^\W\d_]+")
_STRANGERS = "[¤¥¦¨¬¯±²³´¶¸¹¼½¾¿]"
_WITHIN = re.compile(
    rf"(?:(?<=[^\W\d_]){_STRANGERS}+|{_STRANGERS}{{2,}})(?=[^\W\d_])|(?<=[a-zA-Z])[ŸŽŠ](?=[a-z])|(?<=[a-z])[À-Þ](?=[a-z])",
)
"""Signs and capitals of Western Europe within a word of small letters, as what other alphabets are taken for."""
_TWO_ALPHABETS = 3
"""Words that nobody writes: so many are no trade name."""


@dataclass(frozen=True)
class Decoded:
    """A source's ``text``, with LF line ends, composed, without what no page can show.

    ``encoding`` is the codec that read it; ``told`` what an editor should know of that, or empty.
    """

    text: str
    encoding: str
    told: str


def decode(data: bytes, path: str, said: str = "", *, page: bool = False) -> Decoded:
    """Return a source's text. ``said`` is the encoding that an editor named; a ``page`` may declare its own.

    Raises InForceError for what is no text, cannot be what it says it is, or has conflict marks that nobody resolved.
    """
    if len(data) > normal.LARGEST_TEXT:  # told before anything is made of it
        normal.decode(data, path, normal.LARGEST_TEXT)
    if data.startswith(LFS_POINTER):
        cure = "Check it out with git lfs, and give that file"
        raise fail(path, 0, "pointer", "Git LFS keeps the text elsewhere: this names it alone", cure)
    if not page and (other := _OTHER.search(path)):
        cure = f"Convert it first, such as by: pandoc {path} -t gfm -o {path[: other.start()]}.md"
        raise fail(path, 0, "markup", f"This is neither Markdown nor a web page, but {other[0].lower()}", cure)
    codec, told = _chosen(data, said, _declared(data) if page else "")
    return Decoded(usable(_strictly(data, codec, path), path), codec, told)


def known(name: str) -> str:
    """Return the codec of an encoding, by any name that the web has for it. Raises InForceError where it has none."""
    if codec := _codec(name):
        return codec
    cure = "Name one such as windows-1252, shift_jis, gb18030 or utf-16le"
    raise fail("--encoding", 0, "encoding", f"There is no encoding {name!r}", cure)


def _codec(name: str) -> str:
    found = webencodings.lookup(name) or _by_python(name)
    if found is None or found.name in ("replacement", "x-user-defined"):
        return ""
    return "gb18030" if found.name == "gbk" else str(found.codec_info.name)  # which has all of it, and more


def _by_python(name: str) -> Any:
    """One of the web's encodings by a name that Python has for it, such as latin-1 or euc_jp."""
    with suppress(LookupError, ValueError):
        known = codecs.lookup(name).name
        names = (known, known.replace("_", "-"), f"cs{known.replace('_', '')}")
        return next(filter(None, map(webencodings.lookup, names)), None)
    return None


def _chosen(data: bytes, said: str, declared: str) -> tuple[str, str]:
    """The codec to read a source with, and what an editor should know of the choice."""
    if marked := next((codec for mark, codec in _MARKS if data.startswith(mark)), ""):
        return marked, "" if marked == "utf-8-sig" else f"read as {marked.upper()}"
    if said and (not _is_utf8(data, known(said)) or b"\0" in data):
        return known(said), ""
    if wide := _wide(data):
        return wide, "read as UTF-16"
    if _is_utf8(data, declared):
        true = declared in ("", "utf-8") or data.isascii()
        return "utf-8", "" if true else f"read as UTF-8, which it is, though it declares {declared}"
    if declared and declared != "utf-8":
        return declared, ""
    wrong = " though it declares that" if declared else ""
    return WESTERN, f"not UTF-8{wrong}: read as Windows-1252 (Latin-1)"


def _is_utf8(data: bytes, declared: str) -> bool:
    """Whether these bytes are UTF-8: nothing else is by chance but ASCII, in which some encodings hide."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return not (declared.startswith("iso2022") and b"\x1b" in data)


def _declared(data: bytes) -> str:
    """The codec of what a page says that it is written in; empty where it says nothing, or nothing that there is."""
    for found in _DECLARED.finditer(data[:_HEAD]):
        if codec := _codec((found["xml"] or found["meta"]).decode("ascii", "replace")):
            return "utf-8" if codec.startswith("utf-16") else codec  # in which nobody could have read the declaration
    return ""


def _wide(data: bytes) -> str:
    """Which UTF-16 a text without a mark is: every second byte of the Latin letters, blanks and tags is nothing."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    if len(data) % 2 or max(even, odd) * 20 < len(data) or min(even, odd) * 10 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _strictly(data: bytes, codec: str, path: str) -> str:
    """``data`` read so. Raises InForceError, naming the line, where nobody can have written what it would be."""
    if (b"\0" in data and not codec.startswith("utf-")) or _NO_TEXT.match(data):
        what = "This is not a text, as a Word document, a PDF and a web archive are none"
        raise fail(path, 0, "encoding", what, "Save it as a web page or as Markdown, and give that")
    try:
        text = data.decode(codec)
        switch = _SWITCH.search(text)
        place = switch.start() if switch else None if codec.startswith("utf-") else _impossible(text)
    except UnicodeDecodeError as error:
        text, place = data[: error.start].decode("latin-1"), error.start
    if place is None:
        return text
    what = f"Read as {codec}, it is no text that anybody wrote"
    cure = "Give --encoding, how it is written (windows-1251, shift_jis, gb18030 …), or save it as UTF-8"
    raise fail(path, text.count("\n", 0, place) + 1, "encoding", what, cure)


def _impossible(text: str) -> int | None:
    """Where a text stops making sense as one: what no keyboard has, or by the third word, letters of two alphabets."""
    if text.isascii():
        return None
    odd = (place for place, each in enumerate(text) if "\x80" <= each < "\xa0" or unicodedata.category(each) == "Cn")
    if (place := next(odd, None)) is not None:
        return place
    strange = [word.start() for word in _WORD.finditer(text) if not word[0].isascii() and _unpronounced(word[0])]
    strange = sorted((*strange, *(sign.start() for sign in _WITHIN.finditer(text))))
    return strange[0] if len(strange) >= _TWO_ALPHABETS else None


def _unpronounced(word: str) -> bool:
    """Whether a word has Latin letters beside Greek, Cyrillic or other ones, or three or more, all of them accented."""
    scripts = [unicodedata.name(letter, "").partition(" ")[0] for letter in word]
    mixed = any({one, two} in _APART for one, two in pairwise(scripts))
    return mixed or (len(word) > 2 and all("\xc0" <= letter <= "\xff" for letter in word))


_APART = [{"LATIN", other} for other in ("CYRILLIC", "GREEK", "HEBREW", "ARABIC", "ARMENIAN", "HALFWIDTH")]


_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def usable(text: str, path: str) -> str:
    """Return ``text`` as every reader of it takes it. Raises InForceError for what is no text, with the line."""
    bare = characters.UNUSABLE.sub("", _LINE_END.sub("\n", text))
    bare = characters.without_misplaced(bare.removeprefix("\ufeff"))
    return unicodedata.normalize("NFC", normal.decode(bare.encode(), path, normal.LARGEST_TEXT))
