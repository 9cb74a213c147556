"""A redline that misstates a side is refused: each of its words, marks, formats and blocks is held by the proofs.

What is spoilt here is right before. Only what would change a side for certain is done to it; what is said of marks in
words (``redline-say``, titles, excerpts of what moved) is on neither side, and nothing here holds it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st

from core.redline.documents import pairs, revisions
from examples import examples
from inforce.redline import canonical, proof, redline
from inforce.redline.resolution import accepted, rejected

_PIECE = re.compile(r"<[^>]*>|[^<\s]+|\s+")
_VOID = ("br", "hr", "img", "col")
_FORMATS = ("strong", "em", "code", "s", "a", "sup")
_HELD = re.compile(r' (?:href|src|alt|start|data-redline-(?:was|layout))="[^"]*"')
_LETTER = re.compile(r"[A-Za-z]")


@dataclass(frozen=True)
class _Piece:
    """A tag, a word or white space of a redline, and the elements that it stands in: their start tags, outermost first.

    ``end`` is where the element ends that a start tag begins; 0 for all else.
    """

    text: str
    within: tuple[str, ...]
    end: int = 0

    @property
    def is_word(self) -> bool:
        """Whether it is a word of a side."""
        return self.text[0] != "<" and not self.text.isspace() and not self.is_aside

    @property
    def is_aside(self) -> bool:
        """Whether it is on neither side."""
        return any("redline-say" in tag or "redline-left" in tag for tag in (*self.within, self.text))

    @property
    def is_kept(self) -> bool:
        """Whether it stands in no mark, nor in a block of one side."""
        marks = ("<ins", "<del", "redline-added", "redline-removed")
        return not any(mark in tag for tag in self.within for mark in marks)

    @property
    def is_old_words_laid_out_anew(self) -> bool:
        """Whether it is of an old layout's words, of which formats and white space are held by that layout alone."""
        return any("redline-relaid" in tag for tag in self.within) and any(tag[:4] == "<del" for tag in self.within)

    @property
    def name(self) -> str:
        """What element a tag is of."""
        return self.text.strip("</>").split(" ")[0] if self.text[0] == "<" else ""


def _read(html: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    opened: list[int] = []
    for text in _PIECE.findall(html):
        if text[:2] == "</":
            start = opened.pop()
            pieces[start] = _Piece(pieces[start].text, pieces[start].within, len(pieces))
        pieces.append(_Piece(text, tuple(pieces[place].text for place in opened)))
        if text[0] == "<" and text[1] != "/" and pieces[-1].name not in _VOID:
            opened.append(len(pieces) - 1)
    return pieces


def _written(pieces: list[_Piece], changed: dict[int, str]) -> str:
    return "".join(changed.get(place, piece.text) for place, piece in enumerate(pieces))


def _words(pieces: list[_Piece]) -> list[int]:
    return [place for place, piece in enumerate(pieces) if piece.is_word]


def _neighbours(pieces: list[_Piece]) -> Iterator[tuple[int, int]]:
    """Words of which the second follows the first, and that make another text the other way round."""
    words = _words(pieces)
    for one, other in pairwise(words):
        if pieces[one].text + pieces[other].text != pieces[other].text + pieces[one].text:
            yield one, other


def _elements(pieces: list[_Piece], names: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where elements of these names begin and end that hold a word."""
    for place, piece in enumerate(pieces):
        holds = piece.end and any(inner.is_word for inner in pieces[place : piece.end])
        if holds and piece.name in names and not piece.is_aside:
            yield place, piece.end


def _without_word(pieces: list[_Piece]) -> Iterator[str]:
    return (_written(pieces, {place: ""}) for place in _words(pieces))


def _word_twice(pieces: list[_Piece]) -> Iterator[str]:
    return (_written(pieces, {place: f"{pieces[place].text} {pieces[place].text}"}) for place in _words(pieces))


def _other_letter(pieces: list[_Piece]) -> Iterator[str]:
    for place in _words(pieces):
        spoilt = _LETTER.sub(lambda found: found[0].swapcase(), pieces[place].text, count=1)
        if spoilt != pieces[place].text and "&" not in spoilt:
            yield _written(pieces, {place: spoilt})


def _words_swapped(pieces: list[_Piece]) -> Iterator[str]:
    for one, other in _neighbours(pieces):
        yield _written(pieces, {one: pieces[other].text, other: pieces[one].text})


def _mark_flipped(pieces: list[_Piece]) -> Iterator[str]:
    for start, end in _elements(pieces, ("ins", "del")):
        other = "ins" if pieces[start].name == "del" else "del"
        yield _written(pieces, {start: f"<{other}{pieces[start].text[4:]}", end: f"</{other}>"})


def _mark_reaching_further(pieces: list[_Piece]) -> Iterator[str]:
    """The word right behind a mark taken into it."""
    for _, end in _elements(pieces, ("ins", "del")):
        behind = pieces[end + 1 : end + 3]
        place = next((end + 1 + by for by, piece in enumerate(behind) if not piece.text.isspace()), 0)
        if place and pieces[place].is_word and pieces[place].is_kept:
            yield _written(pieces, {end: pieces[place].text + "</" + pieces[end].name + ">", place: ""})


def _mark_taken_off(pieces: list[_Piece]) -> Iterator[str]:
    for start, end in _elements(pieces, ("ins", "del")):
        if pieces[start].is_kept:
            yield _written(pieces, {start: "", end: ""})


def _kept_word_marked(pieces: list[_Piece]) -> Iterator[str]:
    for place in _words(pieces):
        if pieces[place].is_kept:
            for start, end in (("ins", "ins"), ("del", "del"), ('span class="redline-say"', "span")):
                yield _written(pieces, {place: f"<{start}>{pieces[place].text}</{end}>"})


def _format_lost(pieces: list[_Piece]) -> Iterator[str]:
    for start, end in _elements(pieces, _FORMATS):
        if not pieces[start].is_old_words_laid_out_anew:
            yield _written(pieces, {start: "", end: ""})


def _attribute_lost(pieces: list[_Piece]) -> Iterator[str]:
    for place, piece in enumerate(pieces):
        if piece.text[0] == "<" and not piece.is_aside and not piece.is_old_words_laid_out_anew:
            for found in _HELD.finditer(piece.text):
                yield _written(pieces, {place: piece.text.replace(found[0], "", 1)})


def _block_class_lost(pieces: list[_Piece]) -> Iterator[str]:
    """What says of a block that one side alone has it."""
    for place, piece in enumerate(pieces):
        spoilt = re.sub(r"redline-(?:added|removed)", "", piece.text)
        if spoilt != piece.text:
            yield _written(pieces, {place: spoilt})


def _space_lost(pieces: list[_Piece]) -> Iterator[str]:
    for one, other in _neighbours(pieces):
        if other == one + 2 and pieces[one + 1].text == " " and not pieces[one].is_old_words_laid_out_anew:
            yield _written(pieces, {one + 1: ""})


def _block_drawn_in(pieces: list[_Piece]) -> Iterator[str]:
    """A block as the last thing in the container before it."""
    for place in range(1, len(pieces) - 2):
        before, space, behind = pieces[place - 1 : place + 2]
        ends = before.text in ("</blockquote>", "</ul>", "</ol>", "</div>")
        if ends and space.text == "\n" and behind.end and not behind.is_aside and behind.name != "div":
            inner = "".join(piece.text for piece in pieces[place + 1 : behind.end + 1])
            changed = dict.fromkeys(range(place, behind.end + 1), "")
            yield _written(pieces, {**changed, place - 1: f"\n{inner}{before.text}"})


def _moves_exchanged(pieces: list[_Piece]) -> Iterator[str]:
    """Two of the places that blocks left, each for the other."""
    left = [place for place, piece in enumerate(pieces) if 'class="redline-left"' in piece.text]
    for one, other in pairwise(left):
        blocks = [_block_of(pieces, re.findall(r'data-redline-move="\d+"', pieces[at].text)[0]) for at in (one, other)]
        if blocks[0] != blocks[1]:
            yield _written(pieces, {one: pieces[other].text, other: pieces[one].text})


def _block_of(pieces: list[_Piece], move: str) -> str:
    """What a block that moved holds."""
    start = next(at for at, piece in enumerate(pieces) if move in piece.text and "redline-left" not in piece.text)
    return "".join(piece.text for piece in pieces[start + 1 : pieces[start].end] if piece.is_word)


_REVISED = (
    (
        """\
<p>We never <em>sell</em> the <a href="/x">data</a> that you give us.</p>
<blockquote>
<p>We keep it for thirty days after that.</p>
</blockquote>
<p>This paragraph goes from here to the end of all of it.</p>
<p>We write to you when something changes in these terms.</p>
<p>And this one goes with it, but not quite so far down.</p>
<ul>
<li>One goes.</li>
</ul>
<p>Ask us anything.</p>""",
        """\
<p>We may <em>sell</em> some of the <a href="/y">data</a> that you give us.</p>
<blockquote>
<p>We keep it for ninety days after that.</p>
</blockquote>
<p>We write to you when something changes in these terms.</p>
<ul>
<li>Two comes.</li>
</ul>
<p>Ask us anything.</p>
<p>And this one goes with it, but not quite so far down.</p>
<p>Nobody said this before.</p>
<p>This paragraph goes from here to the end of all of it.</p>""",
    ),
    (
        "<p>Long ago we said <b>this</b> first. And we said that then, in one paragraph and no other.</p>",
        "<p>Long ago we said this at first.</p>\n<p>And we say that now, in one paragraph and no other.</p>",
    ),
)

_SPOILT: dict[str, Callable[[list[_Piece]], Iterator[str]]] = {
    "a word is left out": _without_word,
    "a word stands twice": _word_twice,
    "a letter is another": _other_letter,
    "two words are swapped": _words_swapped,
    "a mark is the other one": _mark_flipped,
    "a mark goes on over a word that stayed": _mark_reaching_further,
    "a mark is gone": _mark_taken_off,
    "a word that stayed is marked": _kept_word_marked,
    "a format is lost": _format_lost,
    "an attribute is lost": _attribute_lost,
    "a block of one side is of both": _block_class_lost,
    "a space is lost": _space_lost,
    "a block stands in another": _block_drawn_in,
    "two blocks come from each other's places": _moves_exchanged,
}


def _is_right(html: str, old: str, new: str) -> bool:
    is_exact = (rejected(html), accepted(html)) == (canonical(old), canonical(new))
    return is_exact and proof.holds(html, old, new)


@examples(150, suppress_health_check=list(HealthCheck))
@given(pair=st.one_of(revisions(), pairs()), data=st.data())
def test_a_redline_that_misstates_a_side_is_refused(pair: tuple[str, str], data: st.DataObject) -> None:
    html = redline(*pair).html
    assert _is_right(html, *pair)
    pieces = _read(html)
    how = data.draw(
        st.sampled_from([how for how, spoil in _SPOILT.items() if any(True for _ in spoil(pieces))] or [""])
    )
    assume(how)
    spoilt = data.draw(st.sampled_from(list(_SPOILT[how](pieces))))
    assert not _is_right(spoilt, *pair), f"{how}: {spoilt}"


@pytest.mark.parametrize("how", _SPOILT)
def test_each_way_to_misstate_a_side_is_tried_and_refused(how: str) -> None:
    spoilt = [(html, pair) for pair in _REVISED for html in _SPOILT[how](_read(redline(*pair).html))]
    assert spoilt
    assert [html for html, pair in spoilt if _is_right(html, *pair)] == []
