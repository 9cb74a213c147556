"""Blocks that moved: their text once, at the new place, and a word about it at the old one."""

import re
from itertools import permutations

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.redline.documents import assert_honest
from examples import examples
from inforce.redline import Changes, Redline, redline
from inforce.text.html import document


def made(old: str, new: str) -> Redline:
    result = redline(old, new)
    assert not result.whole
    assert_honest(old, new, result)
    return result


def test_a_moved_paragraph_stands_once_and_its_old_place_says_so() -> None:
    words = "We never sell what you tell us, to anybody at all."
    result = made(f"<p>{words}</p><p>a</p><p>b</p>", f"<p>a</p><p>b</p><p>{words}</p>")
    assert result.html.count("to anybody at all.") == 1
    assert "[Moved from here:</span> <bdi>“We never sell what you tell us, to …”</bdi>]</a></p>" in result.html
    assert "<ins>" not in result.html
    assert "<del>" not in result.html
    assert result.changes == Changes(blocks_moved=1)
    assert result.changes.wording


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<ul><li>x</li><li>a</li><li>b</li></ul>", "<ul><li>a</li><li>b</li><li>x</li></ul>"),
        (
            "<ul><li><p>x</p><p>y</p></li><li>a</li><li>b</li></ul>",
            "<ul><li>a</li><li>b</li><li><p>x</p><p>y</p></li></ul>",
        ),
        ("<dl><dt>x</dt><dd>y</dd><dt>a</dt><dd>b</dd></dl>", "<dl><dt>a</dt><dd>b</dd><dt>x</dt><dd>y</dd></dl>"),
        ("<blockquote><p>x</p></blockquote><p>a</p><p>b</p>", "<p>a</p><p>b</p><blockquote><p>x</p></blockquote>"),
        ('<h3 id="i">x</h3><p>a</p><p>b</p>', '<p>a</p><p>b</p><h3 id="i">x</h3>'),
        ("<pre>x\n y</pre><p>a</p><p>b</p>", "<p>a</p><p>b</p><pre>x\n y</pre>"),
        ("bare<p>a</p><p>b</p>", "<p>a</p><p>b</p>bare"),
        ('<p class="k">x</p><p>a</p><p>b</p>', '<p>a</p><p>b</p><p class="k">x</p>'),
    ],
)
def test_whatever_moves_is_exact_both_ways(old: str, new: str) -> None:
    assert made(old, new).changes.blocks_moved >= 1


def test_twins_move_one_by_one() -> None:
    result = made("<p>x</p><p>x</p><h3>a</h3><p>b</p>", "<h3>a</h3><p>b</p><p>x</p><p>x</p>")
    assert result.changes == Changes(blocks_moved=2)


def test_from_one_list_to_another() -> None:
    one, other = "<h3>One</h3><ul><li>{}</li><li>b</li></ul>", "<h3>Two</h3><ul><li>c</li><li>{}</li></ul>"
    result = made(
        one.format("x") + other.replace("<li>{}</li>", ""), one.replace("<li>{}</li>", "") + other.format("x")
    )
    assert result.changes == Changes(blocks_moved=1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<hr><p>a</p><p>b</p>", "<p>a</p><p>b</p><hr>"),
        ('<p><img src="x.png"></p><p>a</p><p>b</p>', '<p>a</p><p>b</p><p><img src="x.png"></p>'),
        (
            "<table><tr><td>x</td></tr><tr><td>a</td></tr><tr><td>b</td></tr></table>",
            "<table><tr><td>a</td></tr><tr><td>b</td></tr><tr><td>x</td></tr></table>",
        ),
    ],
)
def test_what_has_no_words_or_no_place_of_its_own_does_not_move(old: str, new: str) -> None:
    result = made(old, new)
    assert result.changes.blocks_moved == 0


TABLE = (
    "<table><thead><tr><th>Purpose</th><th>Kept for</th></tr></thead><tbody>"
    "<tr><td>Orders and invoices</td><td>ten years</td></tr><tr><td>Letters</td><td>{} years</td></tr></tbody></table>"
)


@pytest.mark.parametrize("way", [1, -1])
@pytest.mark.parametrize("later", ["two", "three"])
@pytest.mark.parametrize("holder", ["{}", "<blockquote>{}</blockquote>", "<ul><li>{}</li></ul>"])
def test_a_table_moves_as_other_blocks_do(holder: str, later: str, way: int) -> None:
    others = "<p>First.</p><p>Second.</p><h3>Third</h3>"
    table, reworded = TABLE.format("two"), TABLE.format(later)
    result = made(*[holder.format(page) for page in (table + others, others + reworded)][::way])
    changed = int(table != reworded)
    assert result.changes == Changes(words_inserted=changed, words_deleted=changed, blocks_moved=1)
    html5lib.HTMLParser(strict=True).parseFragment(result.html)


def test_a_table_goes_along_with_the_heading_above_it() -> None:
    table, others = TABLE.format("two"), "<p>First.</p><p>Second.</p><h3>Third</h3><p>Fourth.</p>"
    html = made(f"<h3>How long</h3>{table}{others}", f"{others}<h3>How long</h3>{table}").html
    assert html.count("Moved here:") == 1
    assert '“How long”</bdi><span lang="en"> and 1 more' in html


def test_both_places_lead_to_each_other() -> None:
    words = "We never sell what you tell us, to anybody at all."
    html = redline(f"<p>{words}</p><p>a</p><p>b</p>", f"<p>a</p><p>b</p><p>{words}</p>", "data--").html
    assert 'id="data--redline-left-1"><a class="redline-go" dir="ltr" href="#data--redline-moved-1">' in html
    assert 'href="#data--redline-left-1" id="data--redline-moved-1" lang="en">Moved here:</a>We never' in html


def test_an_id_of_the_text_is_never_an_anchors() -> None:
    page = '<p>a</p><h3 id="redline-left-1">b</h3><p id="redline-moved-1">c</p>'
    html = made(f"<p>x</p>{page}", f"{page}<p>x</p>").html
    for anchor in ("left", "moved"):
        assert html.count(f' id="redline-{anchor}-1"') == 1


SALE = "We never sell what you tell us, to anybody at all, for any price."
STAYING = "<p>First stays here.</p><p>Last stays here.</p>"


def test_a_block_that_moved_and_was_reworded_a_little_stands_once_with_its_changes_marked() -> None:
    result = made(f"<p>{SALE}</p>{STAYING}", f"{STAYING}<p>{SALE.replace('sell', 'lend')}</p>")
    assert result.changes == Changes(words_inserted=1, words_deleted=1, blocks_moved=1)
    shown = re.sub(r'<(span|a) class="redline-(say|go)[^>]*>[^<]*</(span|a)>', "", result.html)
    assert 'lang="en">Moved here:</a>We never' in result.html
    assert shown.endswith(
        '<p class="redline-moved" data-redline-move="1">We never <del>sell</del><ins>lend</ins> what you tell us, '
        "to anybody at all, for any price.</p>"
    )
    assert result.html.startswith('<p class="redline-left" data-redline-move="1" id="redline-left-1"><a')
    assert "“We never sell" in result.html


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<ol><li>{}</li><li>a</li><li>b</li></ol>", "<ol><li>a</li><li>b</li><li>{}</li></ol>"),
        ("<ol><li><p>{}</p></li><li>a</li><li>b</li></ol>", "<ol><li>a</li><li>b</li><li><p>{}</p><p>c</p></li></ol>"),
        ('<ol><li value="7">{}</li><li>a</li><li>b</li></ol>', '<ol start="3"><li>a</li><li>b</li><li>{}</li></ol>'),
        ('<p id="i" class="k">{}</p><p>a</p><p>b</p>', '<p>a</p><p>b</p><p id="j">{}</p>'),
        ("<h3>{}</h3><p>a</p><p>b</p>", '<p>a</p><p>b</p><h3 id="i">{}</h3>'),
        ("<ul><li>{}</li><li>x</li></ul><p>a</p><p>b</p>", "<p>a</p><p>b</p><ul><li>{}</li><li>x</li></ul>"),
        ("<dl><dt>{}</dt><dd>y</dd><dt>a</dt><dd>b</dd></dl>", "<dl><dt>a</dt><dd>b</dd><dt>{}</dt><dd>y</dd></dl>"),
        ("<pre>{}\n x</pre><p>a</p><p>b</p>", "<p>a</p><p>b</p><pre>{}\n  x</pre>"),
    ],
)
def test_whatever_moves_reworded_is_exact_both_ways(old: str, new: str) -> None:
    result = made(old.format(SALE), new.format(SALE.replace("anybody", "<b>anyone</b>")))
    assert result.changes.blocks_moved >= 1
    assert result.html.count("for any price.") == 1


def test_of_two_likenesses_neither_is_taken() -> None:
    twins = f"<p>{SALE.replace('sell', 'lend')}</p><p>{SALE.replace('sell', 'give')}</p>"
    assert made(f"<p>{SALE}</p>{STAYING}", f"{STAYING}{twins}").changes.blocks_moved == 0


def test_what_is_short_or_much_reworded_does_not_move() -> None:
    much = SALE.replace("to anybody at all, for any price", "ever")
    for before, after in ("We never sell it.", "We never lend it."), (SALE, much):
        assert made(f"<p>{before}</p>{STAYING}", f"{STAYING}<p>{after}</p>").changes.blocks_moved == 0


_FORMS = (
    "<p>{}</p>",
    "<ul><li>{}</li></ul>",
    "<blockquote><p>{}</p></blockquote>",
    "<h3>{}</h3>",
    "<ol><li>{}</li><li>x</li></ol>",
)


@examples(150)
@given(st.data())
def test_blocks_in_any_order_each_reworded_or_not(data: st.DataObject) -> None:
    blocks = [
        (data.draw(st.sampled_from(_FORMS)), f"{name} holds what nobody but {name} told us and goes by rule {number}")
        for number, name in enumerate(["Alpha", "Beta", "Gamma", "Delta", "Epsilon"])
    ]
    order = data.draw(st.permutations(blocks))
    words = st.sampled_from(["goes", "nobody", "told us", "rule"])
    other = st.sampled_from(["comes", "", "<b>told</b> us", "<br>", "one two"])
    changed = [form.format(text.replace(data.draw(words), data.draw(other))) for form, text in order]
    made("\n".join(form.format(text) for form, text in blocks), "\n".join(changed))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<a href="/x"><p>x</p><p>a</p><p>b</p></a>', '<a href="/x"><p>a</p><p>b</p><p>x</p></a>'),
        ('<a href="/x"><p>x</p></a><p>a</p><p>b</p>', '<p>a</p><p>b</p><a href="/x"><p>x</p></a>'),
    ],
)
def test_no_link_is_put_into_a_link(old: str, new: str) -> None:
    assert made(old, new).changes.blocks_moved == 0


def test_what_was_rewritten_in_a_section_that_moved_went_with_it() -> None:
    stays = "<h3>Term</h3><p>It runs for a year and ends by itself.</p><p>Nobody has to tell anybody about it.</p>"
    fees = "<h3>{}</h3><p>You pay within {} days, in GBP or EUR.</p><p>Late payments cost what the law says.</p>"
    old, new = fees.format("Fees", "30 or 60") + stays, stays + fees.format("Fees due", "45 or 90")
    result = redline(old, new)
    assert not result.whole
    assert result.changes.blocks_moved == 3
    assert (result.changes.words_deleted, result.changes.words_inserted) == (2, 3)


_FEES = (
    "<h3>{}Fees</h3>\n"
    "<p>You pay {}, in advance, by card or by {}, and you find each {} in your account.</p>\n"
    "<p>If a payment fails we try again after {} days and after {} days before we {} your account.</p>\n"
    "<ul>\n<li>Cards are charged on the first day of a month.</li>\n<li>Debits are drawn on the {} day.</li>\n</ul>"
)


@pytest.mark.parametrize("number", ["", "1. "])
def test_a_section_that_moved_and_was_reworded_is_one(number: str) -> None:
    old = _FEES.format(number, "monthly", "direct debit", "invoice", "three", "seven", "pause", "third")
    new = _FEES.format(number and "3. ", "yearly", "invoice", "receipt", "five", "ten", "close", "fifth")
    stays = (
        "<h3>Data</h3>\n<p>We keep what the law tells us to keep, and nothing else, for as long as it says so.</p>\n"
        "<h3>Term</h3>\n<p>This agreement runs for a year and goes on for another unless one of us ends it in time.</p>"
    )
    result = made(f"{old}\n{stays}", f"{stays}\n{new}")
    assert result.changes.blocks_moved == 4
    assert (result.changes.blocks_inserted, result.changes.blocks_deleted) == (0, 0)
    assert result.html.count("Moved here:") == result.html.count("Moved from here:") == 1
    assert "and 3 more" in result.html
    assert result.html.count("redline-moved redline-next") == 3


_SECTIONS = {
    "Fees of ours": "You pay us by the month for all of it.",
    "Data of yours": "We sell nothing of it to anybody at all.",
    "Law of Bonn": "The law of Bonn applies to all that we do.",
    "Ends of terms": "Either of us may end it by the end of a month.",
}


@pytest.mark.parametrize("form", ["### {}. {}\n\n{}", "- ({}) {}: {}", "({}) {}: {}", "### {}. {}\n\n- (a) so\n\n{}"])
@pytest.mark.parametrize(("moves", "to"), list(permutations(range(4), 2)))
def test_a_section_that_moved_has_the_number_of_its_new_place_and_no_other_word(form: str, moves: int, to: int) -> None:
    titles = [*_SECTIONS]
    order = [place for place in range(4) if place != moves]
    order.insert(to, moves)
    old, new = (
        "\n\n".join(form.format(place, titles[title], _SECTIONS[titles[title]]) for place, title in enumerate(of, 1))
        for of in (range(4), order)
    )
    found = redline(*map(document, (old, new))).changes
    assert (found.words_inserted, found.words_deleted) == (0, 0)
    assert found.numbers_changed == sum(place != title for place, title in enumerate(order))


def test_a_section_that_moved_to_a_number_that_its_place_does_not_give_it_has_another_word() -> None:
    one, other, more = (f"{title}\n\n{said}\n\n" for title, said in list(_SECTIONS.items())[:3])
    old = f"### 1. {one}### 2. {other}### 3. {more}"
    found = redline(document(old), document(f"### 1. {other}### 2. {more}### 9. {one}")).changes
    assert (found.words_inserted, found.words_deleted, found.numbers_changed) == (1, 1, 2)


@pytest.mark.parametrize("item", ["", "- "])
def test_two_texts_that_changed_places_moved_and_are_no_rewritten_ones(item: str) -> None:
    one = f"{item}We keep the data that you give us for as long as you have an account with us, and then delete it."
    other = f"{item}You may ask us at any time which data we have of you, and we answer within a month of the day."
    between = f"{item}Cookies are set by no one, and read by no one, on any page of ours."
    changes = redline(*(document(f"{a}\n\n{between}\n\n{b}") for a, b in ((one, other), (other, one)))).changes
    assert (changes.words_deleted, changes.words_inserted, changes.blocks_moved) == (0, 0, 2)
