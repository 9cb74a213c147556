"""Text -> words and other tokens: what a redline compares, and never cuts.

Tokens are addresses, words, and any other character as a reader sees it (an emoji sequence is one). White space is
between tokens, never part of one. Words are Unicode's letters, digits and marks: without the marks, Hindi, Bengali and
Arabic words would fall apart. Where a script writes no spaces, ICU's dictionaries know the words; a Korean word and
the particle behind it are two.

A number is one token with the signs that make it another number: “-5”, “.5”, “5′”, “1/2”, “9:30”, “10–20”. Feet and
inches may be typed with straight marks, where these close no quotation. From a figure to another is one, too: “5%–10%”,
“€5/€10”, “§5–§7”.

Every token is known as it is written and as it is spoken: another quotation mark or hyphen is spoken alike, and so are
small letters and capitals, full-width letters and narrow ones, and the digits of any script. Nothing is compared here;
which tokens were deleted and inserted is the business of ``differences``.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Literal, NamedTuple

import regex

from inforce.text.characters import NEVER

OBJECT = "\ufffc"
"""What stands in a text where the page has an element without text (an image, a line break, an empty anchor)."""

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\u30fc\uff70"
"""Scripts without spaces, and the sign that makes a kana long, which is of no script."""
_MAY_BREAK = "\u200b"
"""What stands in such scripts where a line may break, and nobody sees."""
_OF_UNSPACED = regex.compile(f"[{_UNSPACED}]")
_PART = rf"[[\p{{L}}\p{{N}}\p{{M}}_]--[{_UNSPACED}①-⑳]]+"
_SIGNED = r"(?:(?<![\w.…)\]%′″’”])[-.\u2010-\u2013\u2212](?=\d))?"
"""What makes the number behind it another one: a minus sign, the point of a decimal without a whole part."""
_PRIMED = r"(?:(?<=\d)[\u2032-\u2034\u2057]+)?"
_DIGITS = r"\d+(?:[.,]\d+)*"
_BETWEEN = r"[-/:\u2010-\u2014\u2212]"
_RANGE = rf"(?<![\w.])[$€£¥§]?{_DIGITS}(?:[%‰°]?{_BETWEEN}[$€£¥§]|[%‰°]{_BETWEEN}){_DIGITS}[%‰]?(?!\w)"
"""Two figures with what they are of, and what stands between them without a space."""
_WITHIN = r"['’@\-\u2010\u2011]|\.(?![A-Z])|(?<![a-z])\.|(?<=\d)[,/:\u2012\u2013](?=\d)"
"""What goes on with a word; a full stop between a small letter and a capital ends a sentence without a space behind."""
_GERSHAYIM = r"(?<=\p{Hebrew})[\"”\u05f3\u05f4](?=\p{Hebrew})"
"""What stands within a Hebrew abbreviation, and is often typed as a quotation mark: בע״מ, דוא"ל."""
_SIMPLE = re.compile(r"[\x00-\x1b\x20-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2122\ufffc]*")
"""Characters that stand for themselves: no marks, no joiners, no script without spaces."""
_SIMPLE_TOKEN = re.compile(
    rf"""([A-Za-z]++(?=[\s,;)])
    | https?://[^\s<>"“”\[\]\ufffc]*[\w/=&\#-]
    | {_RANGE}
    | {_SIGNED}\w+(?:(?:{_WITHIN}|\u00ad+)\w+)*{_PRIMED}
    | [^\s])""",
    re.VERBOSE,
)
"""The same tokens in such text, found by a faster engine; splits it into them and what is between.

Most are letters before a space or a comma: no other alternative finds more of them, and none finds them as soon.
"""
_OF_KOREAN = regex.compile(r"\p{Hangul}")
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ׳‚‹›", "'"),
        **dict.fromkeys("“”״„«»", '"'),
        **dict.fromkeys("\u2010\u2011", "-"),
        **dict.fromkeys(f"\u00ad\u200c{_MAY_BREAK}", ""),
    }
)
_IN_NUMBERS = str.maketrans({"\u2012": "-", "\u2013": "-", "\u2212": "-", "\u2032": "'", "\u2033": '"'})
_MAYBE_PRIME = re.compile(r"\d['\"’”]")
_OPENED_BY = {"'": "'", '"': '"', "’": "‘", "”": "“"}
"""What may stand for a prime, and what opens the quotation that it closes where it doesn't."""
_FORMS = str.maketrans({"٪": "%", "٫": ".", "٬": ","})
BACK = "↩"
"""What leads from a footnote back to the text: a sign of the page's, and no word of the policy's."""
NOTE = "\nnote"
"""What is behind the number, in a token, by which a text refers to a footnote that is the same on both sides."""
_READ_OUT = frozenset("%‰&§٪％＆")
"""Punctuation to Unicode, and words to a reader, like all that Unicode calls symbols: “$”, “€”, “+”."""


class Tokens(NamedTuple):
    """Tokens of one text: how each is written and spoken, and where it starts and ends in the text (characters)."""

    texts: tuple[str, ...]
    spoken: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def behind(self, place: int) -> "Tokens":
        """Return the tokens from a place on."""
        return Tokens(self.texts[place:], self.spoken[place:], self.starts[place:], self.ends[place:])

    def words(self, start: int = 0, end: int | None = None) -> int:
        """Return how many words, and signs that are read out, stand between two places."""
        return sum(map(is_word, self.texts[start:end])) if start != end else 0


def tokenised(text: str, objects: Mapping[int, str]) -> Tokens:
    """Return the tokens of ``text``; ``objects`` says what to take for the U+FFFC at an offset."""
    if _SIMPLE.fullmatch(text):
        pieces = _SIMPLE_TOKEN.split(text)
        borders = tuple(accumulate(map(len, pieces)))
        texts, starts, ends = tuple(pieces[1::2]), borders[:-1:2], borders[1::2]
    else:
        texts, starts, ends = _cut(text, [span for match in _token().finditer(text) for span in _words_of(match)])
    if _MAYBE_PRIME.search(text):
        texts, starts, ends = _cut(text, _with_primes(text, zip(starts, ends, strict=True)))
    if not texts:
        return Tokens((), (), (), ())
    if objects:
        texts = tuple([objects.get(start, each) for start, each in zip(starts, texts, strict=True)])
        return Tokens(texts, tuple([each if is_object(each) else spoken(each) for each in texts]), starts, ends)
    if text.isascii():
        return Tokens(texts, tuple("\n".join(texts).lower().split("\n")), starts, ends)
    return Tokens(texts, tuple(map(spoken, texts)), starts, ends)


def parted(text: str, objects: Mapping[int, str], places: Iterable[int]) -> Tokens:
    """Return the tokens of ``text`` where a word ends at each of these offsets, whatever stands behind it."""
    texts: list[str] = []
    said: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in pairwise((0, *places, len(text))):
        found = tokenised(text[start:end], {at - start: each for at, each in objects.items() if start <= at < end})
        texts.extend(found.texts)
        said.extend(found.spoken)
        starts.extend(start + each for each in found.starts)
        ends.extend(start + each for each in found.ends)
    return Tokens(tuple(texts), tuple(said), tuple(starts), tuple(ends))


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...]]:
    """What stands in a text at these places, where each begins, and where it ends."""
    starts, ends = zip(*spans, strict=True) if spans else ((), ())
    return tuple([text[start:end] for start, end in spans]), starts, ends


def _with_primes(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The tokens, a straight mark behind a digit as part of the number unless it ends a quotation."""
    found: list[tuple[int, int]] = []
    opened: set[str] = set()
    for start, end in spans:
        mark, before = text[start:end], text[start - 1 : start]
        if mark in _OPENED_BY and _OPENED_BY[mark] in opened:
            opened.discard(_OPENED_BY[mark])
        elif mark in _OPENED_BY and before.isdecimal():
            found[-1] = found[-1][0], end
            continue
        elif mark in _OPENED_BY.values() and not before.isalnum():
            opened.add(mark)
        found.append((start, end))
    return found


@lru_cache
def _token() -> regex.Pattern[str]:
    """A token of any text. It takes long to compile, and most commands read no text that needs it."""
    return regex.compile(
        rf"""https?://[^\s<>"“”\[\]\ufffc]*[\p{{L}}\p{{N}}/_=&\#-]
        | {_RANGE}
        | (?P<unspaced>[{_UNSPACED}][{_UNSPACED}\p{{M}}{_MAY_BREAK}]*)
        | {_SIGNED}{_PART}(?:(?:{_WITHIN}|{_GERSHAYIM}|[\u00ad\u200c\u200d]+){_PART})*{_PRIMED}
        | \ufffc | \p{{GCB=Prepend}} | (?!\s)\X""",
        regex.VERSION1 | regex.VERBOSE,
    )


@lru_cache
def _korean() -> regex.Pattern[str]:
    """A word of two syllables or more, and one of the particles that most often stand behind one."""
    return regex.compile(
        r"(?P<word>\p{Hangul}{2,}?)(?P<particle>에서는|에게는|으로는|에서|에게|으로|까지|부터|[은는이가을를에의와과도로만])"
    )


def _words_of(match: regex.Match[str]) -> Iterator[tuple[int, int]]:
    """Where the words of one stretch that is written together begin and end."""
    start, end = match.span()
    if match["unspaced"]:
        for begins, ends in _dictionary_words(match[0]):
            yield start + begins, start + ends
    elif korean := _korean().fullmatch(match[0]):
        yield start, start + korean.end("word")
        yield start + korean.end("word"), end
    else:
        yield start, end


@lru_cache(maxsize=4096)
def _dictionary_words(unspaced: str) -> tuple[tuple[int, int], ...]:
    """Where each word of a stretch without spaces begins and ends; the dictionary follows the script.

    It does not follow where a line may break: many write that nowhere, others between words, or within them.
    """
    from icu4py.breakers import WordBreaker  # only those who need it wait until the dictionaries are loaded

    lengths = map(len, WordBreaker(unspaced.replace(_MAY_BREAK, ""), "en"))
    words = pairwise(accumulate(lengths, initial=0))
    if _MAY_BREAK not in unspaced:
        return tuple(words)
    shown = [place for place, character in enumerate(unspaced) if character != _MAY_BREAK]
    return tuple((shown[start], shown[end - 1] + 1) for start, end in words)


@lru_cache(maxsize=4096)
def dense_words(token: str) -> int:
    """Return how many words of English a word says in a script that is written more densely; 0 for all others.

    One for each character where no spaces are written, and two for a Korean word, which has its particle behind it.
    """
    if token.isascii():
        return 0
    return len(token) if _OF_UNSPACED.match(token) else 2 * (len(token) > 1 and _OF_KOREAN.match(token) is not None)


@lru_cache(maxsize=65536)
def is_word(token: str) -> bool:
    """Whether a reader would call it a word, so that a change of it is a change of words.

    It begins with a letter, a digit or a mark (an address does, too), is a number with its sign, or is a sign that is
    read out (“$”, “%”, “§”) or that turns words round (U+202E). Everything else is punctuation (Unicode's category P),
    or stands for an element without text.
    """
    first = token[0]
    if first.isalnum() or first == "_" or first in _READ_OUT:
        return True
    if is_object(token) or token == BACK:
        return False
    category = unicodedata.category(first)
    is_read_out = category[0] == "M" or (category in ("Sc", "Sm", "So") and first != OBJECT)
    return is_read_out or token[1:2].isdecimal() or NEVER.match(first) is not None


def is_object(token: str) -> bool:
    """Whether it stands for an element without text, and so is that element's HTML."""
    return len(token) > 1 and token[0] == "<" and token[-1] == ">"


def typographic(token: str) -> str:
    """Return the token without its typography: straight quotes, plain hyphens, composed characters, nothing unseen.

    Unseen are a soft hyphen, what keeps letters of Persian apart that belong to one word, and where Khmer may break.
    """
    if token.isascii():
        return token
    plain = unicodedata.normalize("NFC", token).translate(_PLAIN) or token
    return plain.translate(_IN_NUMBERS) if len(plain) > 1 else plain


@lru_cache(maxsize=65536)
def spoken(token: str) -> str:
    """Return the token as it is spoken: without its typography, in small letters, narrow ones, and ASCII's digits."""
    if token.isascii():
        return token.lower()
    return typographic("".join(map(_usual, token)).translate(_FORMS)).lower()


@lru_cache(maxsize=4096)
def _usual(character: str) -> str:
    """The usual form of a character that is only wide, only narrow, or a digit of another script."""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    width, _, usual = unicodedata.decomposition(character).partition(" ")
    return chr(int(usual, 16)) if width in ("<wide>", "<narrow>") else character


def respelled(old: str, new: str) -> Literal["retyped", "recased", "reformed", "renumbered"]:
    """Return how two tokens differ that are spoken alike: in typography, capitals, the form of digits, or a number."""
    if old.endswith(NOTE) and new.endswith(NOTE):
        return "renumbered"
    one, other = typographic(old), typographic(new)
    if one == other:
        return "retyped"
    return "recased" if one.lower() == other.lower() else "reformed"
