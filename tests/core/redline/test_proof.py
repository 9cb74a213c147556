"""A redline says all that both pages say, as somebody reads them who knows nothing of how it was made."""

from __future__ import annotations

import unicodedata

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.redline.documents import pairs
from examples import examples
from inforce.redline import plain, proof, redline

DEEP = "<div>" * 2100 + "{}" + "</div>" * 2100


@pytest.mark.long
@pytest.mark.parametrize("shape", [DEEP, "<p>Same.</p>" + DEEP, "<ul><li>" * 1100 + "{}" + "</li></ul>" * 1100])
def test_words_deeper_than_the_parser_reads_are_shown_whole(shape: str) -> None:
    old, new = (shape.format(words) for words in ("We never sell your data", "We may sell your data to anybody"))
    made = redline(old, new)
    assert made.whole
    assert made.changes.wording
    assert proof.holds(made.html, old, new)
    assert "never" in redline(old, old).html


def test_a_redline_that_leaves_out_a_word_fails() -> None:
    old, new = "<p>We never sell data.</p>", "<p>We may sell data.</p>"
    made = redline(old, new)
    assert proof.holds(made.html, old, new)
    for word in ("never", "may", "We", "sell"):
        assert not proof.holds(made.html.replace(word, "", 1), old, new)
    assert not proof.holds(made.html.replace("<del>", "<ins>").replace("</del>", "</ins>"), old, new)


@examples(50)
@given(pairs())
def test_a_page_says_what_a_browser_s_parser_reads_in_it(pair: tuple[str, str]) -> None:
    html = pair[0]
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    assert proof.text(html) == "".join("".join(tree.itertext()).split())


@pytest.mark.parametrize("character", ["\u00ad", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2068"])
@pytest.mark.parametrize("way", [1, -1])
def test_what_shows_nothing_is_shown_by_its_name(character: str, way: int) -> None:
    old, new = ["<p>we keep it</p>", f"<p>we ke{character}ep it</p>"][::way]
    made = redline(old, new)
    sign = f"[U+{ord(character):04X} {unicodedata.name(character)}]"
    assert sign in made.html
    assert sign in plain(made.html, insertion="{{+{}+}}".format, deletion="[-{}-]".format)
    assert not made.whole
    assert (made.rejected(), made.accepted()) == (old, new)


_LINE = st.sampled_from(
    [
        *(f"<p>We keep the data of whoever asks us {how}.</p>" for how in ("at once", "in time", "by <b>mail</b>")),
        *(f"<li>We give the data of nobody to anybody {how}.</li>" for how in ("else", "at all")),
        '<p>We keep the data of all of you <span class="redline-say">and sell</span> none of it.</p>',
        *("<ul>", "</ul>", "<li>short</li>", "<table><tr><td>", "</td></tr></table>", "text", "</p>", "<p>"),
        *("<textarea>", "</textarea>", "<title>", "<!--", "-->", '<a title="', '">', "<del>", "</ins>", "⌗0⌗"),
        *('<p class="redline-removed">', '<span class="redline-say">', "</span>", '<p data-redline-move="1">'),
    ]
)
_SOURCE = st.lists(_LINE, max_size=7).map("\n".join)


@examples(600)
@given(_SOURCE, _SOURCE, _SOURCE)
def test_what_all_pages_have_is_proved_as_if_it_were_read(marked: str, old: str, new: str) -> None:
    read = proof.agree(marked, old, new)
    assert proof.holds(marked, old, new) == read


@examples(300)
@given(_SOURCE, _SOURCE, st.integers(0, 400))
def test_a_redline_that_lost_a_character_is_proved_as_if_all_were_read(old: str, new: str, place: int) -> None:
    marked = redline(old, new).html
    marked = marked[:place] + marked[place + 1 :]
    assert proof.holds(marked, old, new) == proof.agree(marked, old, new)
