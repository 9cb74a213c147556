"""The same text in another layout: its words compared as one stream, shown in the new layout, exact both ways."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.redline.documents import assert_honest
from examples import examples
from inforce.redline import Redline, redline

LONG = (
    "We keep the data that you give us for as long as you have an account with the shop. After that we delete it "
    "within thirty days, but for what the law makes us keep: the invoices, and the proof that you agreed."
)


def made(old: str, new: str) -> Redline:
    result = redline(old, new)
    assert not result.whole
    assert_honest(old, new, result)
    return result


def test_a_paragraph_split_into_a_list_marks_its_new_words_alone() -> None:
    first, second = LONG, LONG.replace("data", "records")
    old = f"<p>Intro.</p><p>{first} {second}</p><p>End.</p>"
    new = f"<p>Intro.</p><ul><li>{first}</li><li>{second.replace('thirty', 'forty')}</li></ul><p>End.</p>"
    result = made(old, new)
    assert (result.changes.words_inserted, result.changes.words_deleted) == (1, 1)
    assert result.changes.formats_changed == 1
    said = '<span class="redline-say" dir="ltr" lang="en"> laid out anew, formerly a paragraph: </span>'
    assert result.html.count(said) == 1
    assert 'data-redline-told="Laid out anew, formerly a paragraph"' in result.html
    assert result.html.startswith("<p>Intro.</p>\n<div")
    assert result.html.endswith("</div>\n<p>End.</p>")


def test_only_another_layout_is_no_change_of_wording() -> None:
    result = made(f"<p>{LONG} {LONG.upper()}</p>", f"<h3>{LONG}</h3><blockquote><p>{LONG.upper()}</p></blockquote>")
    assert not result.changes.wording
    assert "<ins" not in result.html
    assert "<del" not in result.html


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("<p>{} {}</p>", "<p>{}</p><p>{}</p>", "paragraph split"),
        ("<p>{}</p><p>{}</p>", "<p>{} {}</p>", "paragraphs joined"),
        ("<ul><li>{}</li><li>{}</li></ul>", "<p>{} {}</p>", "laid out anew, formerly a list without numbers"),
        ("<h3>{}</h3><p>{}</p>", "<p>{} {}</p>", "laid out anew"),
        ("<p>{} <b>{}</b></p>", "<p>{}</p><p>{}</p>", "paragraph split, partly in another format"),
        ("<p>{} <b>{}</b></p>", "<p>{}</p><p><b>{}</b></p>", "paragraph split"),
    ],
)
def test_what_became_of_the_layout_is_said(old: str, new: str, told: str) -> None:
    texts = LONG, LONG.upper()
    assert f'data-redline-told="{told[0].upper()}{told[1:]}">' in made(old.format(*texts), new.format(*texts)).html


def test_another_target_of_a_link_is_shown_and_is_no_change_of_words() -> None:
    old = f'<p>{LONG} <a href="/x">Ask us</a>. {LONG.upper()}</p>'
    new = f'<ul><li>{LONG} <a href="/y">Ask us</a>.</li><li>{LONG.upper()}</li></ul>'
    result = made(old, new)
    assert "redline-relaid" in result.html
    assert "<del" not in result.html
    assert "<ins" not in result.html
    assert 'title="link changed, from /x to /y, no wording change"' in result.html


def test_words_are_never_taken_for_those_of_a_table_beside_them() -> None:
    table = "<table><tr><th>Data</th><th>Why</th></tr><tr><td>mail</td><td>{}</td></tr></table>"
    old = f"<p>{LONG} {LONG.upper()}</p>{table.format('to write')}<p>See the law of the land.</p>"
    new = f"<p>{LONG}</p><p>{LONG.upper()}</p>{table.format('to write often')}<p>See a law of the land.</p>"
    result = made(old, new)
    assert result.html.index("</div>") < result.html.index("<table>")
    assert (result.changes.words_inserted, result.changes.words_deleted) == (2, 1)


def test_a_picture_is_never_relaid() -> None:
    picture = '<img src="x.png" alt="map">'
    result = made(f"<p>{LONG} {picture} {LONG.upper()}</p>", f"<ul><li>{LONG}</li><li>{LONG.upper()}</li></ul>")
    assert "redline-relaid" not in result.html


_WORDS = st.lists(
    st.sampled_from(
        ["we", "keep", "data,", "30", "days.", "数据", "e.g.", "<b>not</b>", "a<br>b", '<a href="/x">us</a>']
    ),
    min_size=1,
    max_size=9,
).map(" ".join)
_FORMS = (
    "<p>{}</p>",
    "<h3>{}</h3>",
    "<ul><li>{}</li></ul>",
    "<blockquote><p>{}</p></blockquote>",
    "{}",
    "<pre>{}</pre>",
)


def test_a_word_deleted_at_the_very_beginning_is_parted_from_the_next() -> None:
    old = f"<p>we keep we {LONG} {LONG.upper()} {LONG.title()}</p>"
    result = made(old, f"<p>keep we</p><p>{LONG.upper()}</p><p>{LONG.title()}</p>")
    assert "redline-relaid" in result.html


def test_a_short_split_is_found_beside_paragraphs_that_are_new() -> None:
    kept, parted = "Below are examples of our cookies.", "Other people may place cookies on their own sites, too."
    new = "".join(f"<p>{word} words that nobody has read here before, whatever.</p>" for word in LONG.split())
    result = made(f"<p>{kept} {parted}</p>", f"<p>{kept} We set few.</p><p>{parted}</p>{new}")
    assert result.html.startswith('<div class="redline-relaid" data-redline-layout="&lt;p&gt;5 3 8 ')
    assert 'data-redline-told="Paragraph split"' in result.html
    assert (result.changes.words_deleted, result.changes.blocks_inserted) == (0, len(LONG.split()))
    assert "redline-added" not in result.html.split("</div>")[0]


def test_reworded_paragraphs_around_a_split_one_are_not_laid_out_anew() -> None:
    one, other = (f"<p>{' '.join(each + sound for each in LONG.split())} {{}}</p>" for sound in ("a", "o"))
    old = f"{one.format('Once.')}<p>{LONG} {LONG.upper()}</p>{other.format('Twice.')}"
    new = f"{one.format('Never.')}<p>{LONG}</p><p>{LONG.upper()}</p>{other.format('Always.')}"
    before, _, after = made(old, new).html.partition('<div class="redline-relaid"')
    assert "Never" in before
    assert "Always" in after.partition("</div>")[2]


def test_another_layout_within_an_item_leaves_the_other_items_alone() -> None:
    item = "<ol><li>First {}.</li><li><p>{}</p><p>End.</p></li><li>Last.</li></ol>"
    result = made(item.format("once", f"{LONG} {LONG.upper()}"), item.format("twice", f"{LONG}</p><p>{LONG.upper()}"))
    assert result.html.startswith("<ol><li>First <del>")
    assert '<li><div class="redline-relaid"' in result.html
    assert "</div>\n<p>End.</p></li>" in result.html


def test_what_moved_out_of_a_list_is_not_lost_where_its_neighbours_took_another_layout() -> None:
    moved = "<li>Whoever asks for a copy of the data gets one in a week.</li>"
    old = f"<p>{LONG} {LONG.upper()}</p><ul>{moved}<li>Stays.</li></ul>"
    result = made(old, f"<p>{LONG}</p><p>{LONG.upper()}</p><ul><li>Stays.</li>{moved}</ul>")
    assert result.changes.blocks_moved == 1


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("our fees, yearly", "our fees (for example) yearly", "our fees<del>,</del> <ins>(for example)</ins> yearly"),
        ("the right to, if we options, (i)", "the right to (i)", "the right to<del>, if we options,</del> (i)"),
        ("keep it current. You pay", "keep it current, then pay", "current<del>. You</del><ins>, then</ins> pay"),
        ("the fees (yearly)", "the fees: yearly", "the fees<del> (</del><ins>:</ins> yearly<del>)</del>"),
    ],
)
def test_punctuation_stays_close_to_the_word_before_it(before: str, after: str, shown: str) -> None:
    result = made(f"<p>{before} {LONG} {LONG.upper()}</p>", f"<p>{after} {LONG}</p><p>{LONG.upper()}</p>")
    assert "redline-relaid" in result.html
    assert shown in re.sub(r'<span class="redline-say"[^>]*>[^<]*</span>', "", result.html)


def test_a_rule_between_blocks_is_layout() -> None:
    old, new = f"<dl><dt>Why</dt><dd>{LONG}</dd></dl>", f"<p>Why</p><p>{LONG}</p>"
    for before, after in (f"{old}<hr>", new), (old, f"<hr>{new}"):
        result = made(before, after)
        assert (result.changes.words_inserted, result.changes.words_deleted) == (0, 0)
    assert re.search(r'<hr>\n<p><span class="redline-say"[^>]*> laid out anew[^<]*: </span>Why</p>', result.html)


_LAYOUTS = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(_FORMS)), min_size=1, max_size=4)


def _laid_out(sentences: list[str], layout: list[tuple[int, str]]) -> str:
    blocks, place = [], 0
    for count, form in layout:
        blocks.append(form.format(" ".join(sentences[place : place + count])))
        place += count
    return "".join([*blocks, f"<p>{' '.join(sentences[place:])}</p>"])


@given(st.lists(_WORDS, min_size=6, max_size=9), _LAYOUTS, _LAYOUTS, st.data())
def test_any_text_in_any_two_layouts(sentences: list[str], one: list, other: list, data: st.DataObject) -> None:
    sentences = [f"{sentence} {LONG[:40]} {number}" for number, sentence in enumerate(sentences)]
    changed = list(sentences)
    changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(_WORDS)
    made(_laid_out(sentences, one), _laid_out(changed, other))


@examples(60)
@given(st.integers(1, 4), st.sampled_from(["keep", "print", "hold"]))
def test_a_short_item_that_left_its_list_is_said_to_be_laid_out_anew(count: int, verb: str) -> None:
    """Whatever else changed beside it: its words are no others."""
    names = ["names", "orders", "addresses", "letters", "telephone calls"][: count + 1]
    items = [f"<li>{name}</li>" for name in names]
    old = f"<ul>{''.join(items)}</ul><p>We sell it all.</p>"
    new = f"<ul>{''.join(items[:-1])}</ul><p>{names[-1]}</p><p>We {verb} it all.</p>"
    changes = redline(old, new).changes
    assert (changes.words_deleted, changes.words_inserted, changes.formats_changed) == (1, 1, 1)


def test_a_short_sentence_that_became_a_paragraph_is_not_struck() -> None:
    old = "<p>We keep it for a year. Then we delete it. You may ask for it.</p>"
    new = "<p>We keep it for a year.</p><p>Then we erase it. You may ask for a copy of it at any time.</p>"
    assert redline(old, new).changes.words_deleted == 1
