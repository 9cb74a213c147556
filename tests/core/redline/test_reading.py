"""What a careful reader of contracts expects of the marks: items, numbers that follow, sentences."""

from __future__ import annotations

import re
from collections.abc import Callable
from string import ascii_lowercase

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from examples import examples
from inforce.redline import redline, side_by_side
from inforce.text.html import document


def marked(old: str, new: str) -> str:
    """Two Markdown texts as a redline, in the marks of a terminal."""
    html = re.sub(r'<span class="redline-say"[^>]*>.*?</span>', "", redline(document(old), document(new)).html)
    html = re.sub(r"<del[^>]*>(.*?)</del>", r"[-\1-]", html, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", "", re.sub(r"<ins[^>]*>(.*?)</ins>", r"{+\1+}", html, flags=re.DOTALL)).strip()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "sold in Austria, Belgium, Canada, Finland, France, Germany",
            "sold in Australia, Austria, Belgium, Canada, Denmark, Estonia, Finland, France, Germany",
            "sold in {+Australia, +}Austria, Belgium, Canada, {+Denmark, Estonia, +}Finland, France, Germany",
        ),
        (
            "We keep names and mails.",
            "We keep your names and your mails.",
            "We keep {+your +}names and {+your +}mails.",
        ),
        ("within 30 or 60 days", "within 45 or 90 days", "within [-30-]{+45+} or [-60-]{+90+} days"),
        ("in 30 of 60 days", "in 45 of 90 days", "in [-30-]{+45+} of [-60-]{+90+} days"),
        (
            "for the use of cookies by us",
            "for the loss of records by us",
            "for the [-use of cookies-]{+loss of records+} by us",
        ),
        (
            "shared with carriers and banks, and with no one else",
            "shared with carriers, banks, insurers and auditors, and with no one else",
            "shared with carriers[- and-]{+,+} banks, {+insurers and auditors, +}and with no one else",
        ),
        (
            "Das gilt bis Mai, wenn du es sagst. Ziffer 3 gilt immer.",
            "Das gilt, wenn du es sagst, bis Juni. Ziffer 4 gilt immer.",
            "Das gilt[- bis Mai-], wenn du es sagst{+, bis Juni+}. Ziffer [-3-]{+4+} gilt immer.",
        ),
        (
            "我们保存您的姓名、地址和电话号码三十天，然后删除。",
            "我们保存您的姓名、电子邮箱和手机号码最多九十天，然后永久删除。",
            "我们保存您的姓名、[-地址-]{+电子邮箱+}和[-电话-]{+手机+}号码[-三十-]{+最多九十+}天，然后{+永久+}删除。",
        ),
        (
            "お客様は商品到着後14日以内に契約を解除できます。",
            "お客様は商品到着後三十日以内に、理由を示すことなく契約を解除することができます。",
            "お客様は商品到着後[-14日-]{+三十日+}以内に{+、理由を示すことなく+}契約を解除{+することが+}できます。",
        ),
        (
            "คุณสามารถยกเลิกคำสั่งซื้อภายในสิบสี่วัน",
            "ลูกค้าสามารถยกเลิกคำสั่งซื้อได้ภายในสามสิบวันนับแต่วันที่ได้รับสินค้า",
            "[-คุณ-]{+ลูกค้า+}สามารถยกเลิกคำสั่งซื้อ{+ได้+}ภายใน[-สิบสี่-]{+สามสิบ+}วัน{+นับแต่วันที่ได้รับสินค้า+}",
        ),
        ("电子邮件地址和电话号码", "电子邮箱和手机号码", "电子[-邮件地址-]{+邮箱+}和[-电话-]{+手机+}号码"),
        (
            "개인정보를 이메일로 보냅니다",
            "개인정보를 우편으로 보냅니다",
            "개인정보를 [-이메일로-]{+우편으로+} 보냅니다",
        ),
    ],
)
def test_items_that_stay_are_not_struck(old: str, new: str, expected: str) -> None:
    assert marked(old, new) == expected


ITEMS = st.lists(
    st.sampled_from(["Austria", "Belgium", "Canada", "Denmark", "Estonia", "France", "Spain"]), min_size=1, unique=True
)


@examples(100)
@given(ITEMS, ITEMS, st.sampled_from([", ", " and ", " or "]))
def test_no_mark_strikes_what_it_inserts_again(old: list[str], new: list[str], divider: str) -> None:
    """An enumeration that only grew has no deletion, one that only shrank no insertion."""
    kept = [item for item in old if item in new]
    both = sorted({*old, *new}, key=(old + new).index)
    assert "[-" not in marked(f"In {divider.join(kept or both)}.", f"In {divider.join(both)}.")
    assert "{+" not in marked(f"In {divider.join(both)}.", f"In {divider.join(kept or both)}.")


_JOINED_BY = st.sampled_from(
    [
        " and ",
        ", and ",
        ", or ",
        " und ",
        " et ",
        " y ",
        " i ",
        " oraz ",
        " и ",
        " και ",
        " ve ",
        " או ",
        " و ",
        " và ",
        " dan ",
        " तथा ",
        " ແລະ ",
        " a ",
        " en ",
        " in ",
    ]
)


@examples(200)
@given(ITEMS, ITEMS, _JOINED_BY, st.sampled_from(["", "card-", "his "]), st.sampled_from(",،၊"))
def test_the_last_item_stays_where_others_come_behind_it(
    old: list[str], more: list[str], joint: str, kind: str, comma: str
) -> None:
    """Its conjunction goes before the new last one: nothing else is struck, nor put in again where they go.

    That holds for conjunctions that other languages have for articles and prepositions, too.
    """

    def enumeration(items: list[str]) -> str:
        named = [kind + item for item in items]
        return f"Sold to {f'{comma} '.join(named[:-1])}{joint if items[1:] else ''}{named[-1]} alone."

    new = [*old, *(item for item in more if item not in old)]
    struck = re.findall(r"\[-(.*?)-\]", marked(enumeration(old), enumeration(new)))
    assert {word for each in struck for word in re.findall(r"\w+", each)} <= set(re.findall(r"\w+", joint))
    put_in = re.findall(r"\{\+(.*?)\+\}", marked(enumeration(new), enumeration(old)))
    assert {word for each in put_in for word in re.findall(r"\w+", each)} <= set(re.findall(r"\w+", joint))


@examples(100)
@given(st.integers(0, 4), st.sampled_from(["abcdef", "123456", ["i", "ii", "iii", "iv", "v", "vi"]]), st.booleans())
def test_items_of_a_sentence_stay_whatever_letters_they_get(place: int, letters: list[str], opens: bool) -> None:
    items = ["names", "home addresses", "mails", "phones of all", "orders"]

    def sentence(items: list[str]) -> str:
        named = [f"{'(' * opens}{letter}) {item}" for letter, item in zip(letters, items, strict=False)]
        return f"We keep {', '.join(named)} for you."

    struck = re.findall(
        r"\[-(.*?)-\]", marked(sentence(items), sentence([*items[:place], "birthdays", *items[place:]]))
    )
    assert {word for each in struck for word in re.findall(r"\w+", each)} <= {*letters}


@pytest.mark.parametrize("figures", [(14, 30, 1, 30, 60, 5), (30, 60, 15, 60, 90, 1), (5, 10, 3, 10, 20, 2)])
@pytest.mark.parametrize(
    "text",
    [
        "within {} days or {} days from day {} of it",
        "תוך {} ימים או {} ימים מיום {} בחודש",
        "{} Tage oder {} Tage ab dem {}. eines Monats",
    ],
)
def test_a_figure_is_compared_with_the_one_in_its_place(text: str, figures: tuple[int, ...]) -> None:
    both = zip(figures[:3], figures[3:], strict=True)
    assert marked(text.format(*figures[:3]), text.format(*figures[3:])) == text.format(
        *(f"[-{one}-]{{+{other}+}}" for one, other in both)
    )


def test_headings_pair_by_what_they_name_and_their_numbers_follow() -> None:
    old = "### 3.1 Fees\n\nYou pay monthly.\n\n### 3.2 Taxes\n"
    new = "### 3.1 Term\n\nIt runs a year.\n\n### 3.2 Fees\n\nYou pay monthly.\n\n### 3.3 Taxes\n"
    assert marked(old, new).split("\n") == [
        "{+3.1 Term+}",
        "{+It runs a year.+}",
        "[-3.1-]{+3.2+} Fees",
        "You pay monthly.",
        "[-3.2-]{+3.3+} Taxes",
    ]
    changes = redline(document(old), document(new)).changes
    assert (changes.words_deleted, changes.numbers_changed) == (0, 2)
    assert "2 numbers follow" in changes.besides
    back = redline(document(new), document(old)).changes
    assert (back.words_inserted, back.numbers_changed) == (0, 2)


@pytest.mark.parametrize("form", ["### {}. {}", "({}) {}", "§ {} {}", "### 3.{} {}", "3.1.{} {}"])
def test_a_section_put_before_others_changes_no_word_of_them(form: str) -> None:
    texts = ["We keep your name for a year.", "We sell nothing to anybody at all.", "You may ask us what we know."]
    old = "\n\n".join(form.format(place, text) for place, text in enumerate(texts, 1))
    new = "\n\n".join(form.format(place, text) for place, text in enumerate(["We are Shop Ltd of Bonn.", *texts], 1))
    changes = redline(document(old), document(new)).changes
    assert (changes.words_deleted, changes.blocks_inserted, changes.numbers_changed) == (0, 1, 3)


@pytest.mark.parametrize("form", ["({})", "{}.", "{})"])
@pytest.mark.parametrize("written", [str, str.upper])
def test_letters_go_on_behind_z(form: str, written: Callable[[str], str]) -> None:
    names = [written(times * letter) for times in (1, 2) for letter in ascii_lowercase][:29]
    old, new = (
        "\n".join(f"{form.format(name)}  What we say of {text}." for name, text in zip(names, texts, strict=False))
        for texts in (range(28), (0, 100, *range(1, 28)))
    )
    changes = redline(document(old), document(new)).changes
    assert (changes.words_deleted, changes.blocks_inserted, changes.numbers_changed) == (0, 1, 27)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("3.5 percent of it is yours.", "4.5 percent of it is yours."),
        ("30 days are enough for us.", "60 days are enough for us."),
        ("### 14 days to cancel\n", "### 30 days to cancel\n"),
        ("A. Smith answers your letters.", "B. Smith answers your letters."),
        ("1.5 EUR a month is the fee.", "2.5 EUR a month is the fee."),
    ],
)
def test_what_only_looks_like_a_number_of_its_own_is_a_word_that_changed(old: str, new: str) -> None:
    changes = redline(document(old), document(new)).changes
    assert (changes.words_deleted, changes.words_inserted, changes.numbers_changed) == (1, 1, 0)


FORMS = ["### {}. {}", "### {}.5 {}", "### ({}) {}", "({}) {}", "§ {} {}", "2.{}.1 {}", "- ({}) {}"]
LINES = ["Days are left", "EUR monthly"]


@examples(100)
@given(
    st.sampled_from(FORMS), st.integers(1, 40), st.integers(1, 40), st.sampled_from(["Days are left", "EUR monthly"])
)
def test_a_number_that_nothing_before_it_explains_is_a_word_that_changed(
    form: str, old: int, new: int, text: str
) -> None:
    """A term, a rate, the section of a law: nothing came or went before it, so it does not follow."""
    assume(old != new)
    changes = redline(*(document(form.format(number, text)) for number in (old, new))).changes
    assert (changes.wording, changes.numbers_changed) == (True, 0)


@pytest.mark.parametrize(
    "names",
    [
        ["Primera.", "Segunda.", "Tercera."],
        ["Part One:", "Part Two:", "Part Three:"],
        ["المادة الأولى:", "المادة الثانية:", "المادة الثالثة:"],
        ["first –", "second –", "third –"],
    ],
)
@pytest.mark.parametrize("place", [0, 1])
def test_a_heading_that_begins_as_another_did_is_another(names: list[str], place: int) -> None:
    """What counts in words follows nothing; but no heading is split for it, nor takes another's place."""

    def page(titles: list[str]) -> str:
        sections = zip(names, titles, strict=False)
        return "\n\n".join(f"## {name} {title}\n\n{title} is told here." for name, title in sections)

    old, new = ["Data", "Fees"], ["Data", "Fees"]
    new.insert(place, "Term")
    found = redline(document(page(old)), document(page(new)))
    changes, changed = found.changes, 2 - place
    assert "redline-relaid" not in found.html
    assert (changes.words_deleted, changes.blocks_inserted, changes.blocks_deleted) == (changed, 2, 0)
    assert all(f"{title}</h2>" in found.html for title in old)


def test_numbers_that_were_exchanged_follow_nothing() -> None:
    changes = redline(document("- (a) pay\n- (b) go\n"), document("- (b) pay\n- (a) go\n")).changes
    assert (changes.wording, changes.numbers_changed) == (True, 0)


def test_a_number_that_shifted_further_than_what_came_before_it_is_a_word() -> None:
    old = "§ 1 We keep your name here.\n\n§ 2 You get 5 of them back.\n"
    new = "§ 1 We are Shop Ltd of Bonn.\n\n§ 2 We keep your name here.\n\n§ 5 You get 5 of them back.\n"
    changes = redline(document(old), document(new)).changes
    assert (changes.words_deleted, changes.numbers_changed) == (1, 1)


def test_numbers_below_a_heading_follow_with_it() -> None:
    old = "### 1. Fees\n\n#### 1.1 Card\n\nNow.\n\n#### 1.2 Bank\n\nSoon.\n"
    new = "### 1. Term\n\nA year.\n\n### 2. Fees\n\n#### 2.1 Card\n\nNow.\n\n#### 2.2 Bank\n\nSoon.\n"
    changes = redline(document(old), document(new)).changes
    assert (changes.words_deleted, changes.numbers_changed) == (0, 3)


@pytest.mark.parametrize("way", [1, -1])
@pytest.mark.parametrize("others", [1, 2, 5])
def test_numbers_follow_a_section_that_moved(others: int, way: int) -> None:
    said = "We tell you in good time before anything of this changes."
    kept = [f"Section {'ABCDE'[place]}" for place in range(others)]
    pages = [
        "\n\n".join(f"## {number}. {title}\n\n{title} says this. {said}" for number, title in enumerate(titles, 1))
        for titles in ([*kept, "Rights of yours"], ["Rights of yours", *kept])
    ]
    changes = redline(*map(document, pages[::way])).changes
    assert changes.numbers_changed == others + 1
    assert changes.words_inserted == changes.words_deleted == 0
    assert changes.blocks_moved == 2


def test_what_is_inserted_goes_with_its_conjunction() -> None:
    assert marked(
        "It was not of a customized nature.", "It was not of downloadable content or of a customized nature."
    ) == ("It was not {+of downloadable content or +}of a customized nature.")
    assert marked("We use our cookies to count.", "We use our cookies and some third-party cookies to count.") == (
        "We use our cookies {+and some third-party cookies +}to count."
    )


def test_a_sentence_that_was_written_anew_is_shown_as_a_sentence() -> None:
    old = "We keep it. We may share your data with partners for their own ads if you agree. Bye."
    new = "We keep it. Partners never get data for ads from us, whatever you agree to elsewhere. Bye."
    assert marked(old, new).startswith(
        "We keep it. [-We may share your data with partners for their own ads if you agree"
    )
    assert marked(old, new).count("[-") == marked(old, new).count("{+") == 1
    assert marked(old, new).endswith(". Bye.")
    small = "We keep it. We must share your data with partners for their offers if you agree. Bye."
    assert marked(old, small) == (
        "We keep it. We [-may-]{+must+} share your data with partners for their [-own ads-]{+offers+} if you agree."
        " Bye."
    )


def test_removed_sections_are_not_glued_into_the_sentence_that_stays() -> None:
    old = (
        "We follow the law and answer each request that courts, police and your government send.\n\n"
        "#### 8.5 Bandwidth\n\nIf you use too much we slow you down.\n\n#### 8.6 Content\n\n"
        "You own all that you put up here and nobody else owns it.\n"
    )
    new = "We follow the law and answer each request. You own all that you put up here and nobody else owns it.\n"
    page = redline(document(old), document(new)).html
    struck = [" ".join(each.split()) for each in re.findall(r"\[-(.*?)-\]", marked(old, new))]
    assert "redline-block" in page
    assert struck[-3:] == ["8.5 Bandwidth", "If you use too much we slow you down.", "8.6 Content"]


def test_a_section_that_moved_has_one_label() -> None:
    one = "### Fees\n\nYou pay by the month for all.\n\nYou pay by card or by bank.\n\n"
    other = "### Data\n\nWe sell nothing to anybody.\n\n### Law\n\nThe law of Bonn applies here.\n\n"
    page = redline(document(one + other), document(other + one))
    assert page.changes.words_deleted == page.changes.words_inserted == 0
    assert page.html.count("Moved here:") == page.html.count("[Moved from here:") == 1
    assert page.html.count(" more</span>") == 1
    assert (page.accepted(), page.rejected()) == (redline_of(other + one), redline_of(one + other))


def redline_of(text: str) -> str:
    """A text as the redline's own normal form has it."""
    return redline(document(text), document(text)).accepted()


def test_rows_of_a_table_that_was_sorted_anew_moved() -> None:
    head, rows = (
        "| What | How long |\n|---|---|\n",
        ["| mail | 2 years |\n", "| name | 1 year |\n", "| phone | 3 years |\n"],
    )
    page = redline(document(head + "".join(rows)), document(head + "".join([*rows[1:], rows[0]])))
    assert (page.changes.words_deleted, page.changes.words_inserted, page.changes.blocks_moved) == (0, 0, 1)
    assert '<tr class="redline-left"' in page.html
    assert "<del" not in page.html


SIDES = [
    ("We keep names.\n\nWe sell nothing.\n", "We keep mails.\n\nWe sell nothing.\n"),
    ("- one\n- two\n- three\n\nEnd.\n", "- one\n- two and a half\n- four\n- three\n\nEnd.\n"),
    (
        "### Fees\n\nYou pay by the month.\n\n### Law\n\nBonn.\n",
        "### Law\n\nBonn.\n\n### Fees\n\nYou pay by the month.\n",
    ),
    ("One. Two.\n\n| a | b |\n|---|---|\n| c | d |\n", "One.\n\nTwo.\n\n| a | b | e |\n|---|---|---|\n| c | d | f |\n"),
]


@pytest.mark.parametrize(("old", "new"), SIDES)
def test_each_side_says_what_its_page_says(old: str, new: str) -> None:
    """Old words on the left and new ones on the right, in order, whatever is marked in them."""
    rows = side_by_side(redline(document(old), document(new)).html)
    for side, text in zip(zip(*rows, strict=True), (old, new), strict=True):
        assert read(" ".join(side)) == read(document(text))
    assert 'id="' not in str(rows)


def read(page: str) -> list[str]:
    """The words that a page shows."""
    page = re.sub(r'<(span|a) class="redline-(?:say|go)[^>]*>.*?</\1>', "", page, flags=re.DOTALL)
    page = re.sub(r"</?(?:ins|del|span|em|strong)\b[^>]*>", "", page)
    return re.sub(r"<[^>]*>", " ", page).split()


@pytest.mark.parametrize(
    ("old", "new", "left", "right"),
    [
        ("<ol><li>L</li><li>M</li></ol>", "<ol><li>L</li><li>N</li><li>M</li></ol>", 'value="2">M', 'value="3">M'),
        ('<ol start="3"><li>a b</li></ol>', '<ol start="7"><li>a b</li></ol>', 'value="3">a b', 'value="7">a b'),
        ("<ul><li>one two</li></ul>", "<ol><li>one two</li></ol>", "<ul><li>one", "<ol "),
        ("<p>We <strong>do</strong> sell</p>", "<p>We do sell</p>", "<strong>do</strong> sell", ">do</span> sell"),
        ("<h3>Fees here</h3>", "<p>Fees here</p>", "<h3>Fees here</h3>", "<p "),
    ],
)
def test_each_side_has_its_own_numbers_and_formats(old: str, new: str, left: str, right: str) -> None:
    one, other = ("".join(side) for side in zip(*side_by_side(redline(old, new).html), strict=True))
    assert left in one
    assert right in re.sub(r'<span class="redline-say"[^>]*>.*?</span>', "", other)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<ol><li value="3">the first</li></ol>', '<ol><li value="30">the first</li></ol>'),
        ("<ol><li>the first</li></ol>", "<ol reversed><li>the first</li></ol>"),
    ],
)
def test_another_number_of_an_item_is_told(old: str, new: str) -> None:
    found = redline(old, new)
    assert found.changes.formats_changed == 1
    assert "data-redline-told" in found.html
