"""Typed numbers of every script: which follow what came or went before them, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from examples import examples
from inforce.redline import redline
from inforce.text.html import document

DIGITS = ("12345", "١٢٣٤٥", "१२३४५")
LETTERS = (
    *("abcde", "абвгд", "αβγδε", "אבגדה", "أبجده", "أبتثج", "กขคงจ", "कखगघङ", "가나다라마", "イロハニホ"),
    ("i", "ii", "iii", "iv", "v"),
)
FORMS = [
    *((form, names) for names in (*DIGITS, *LETTERS) for form in ("## {}. {}", "## {}) {}", "({}) {}", "**{}. {}**")),
    *((form, names) for names in DIGITS for form in ("3.{} {}", "{}\\. {}", "{} – {}", "### {} {}", "## §{} {}")),
    *((form, names) for names in DIGITS for form in ("## Article {} – {}", "**Article {}** {}", "Artikel {}: {}")),
    *(
        (form, names)
        for names in DIGITS
        for form in ("## Статья {}. {}", "## المادة {}: {}", "## ข้อ {} {}", "## Art. {} {}")
    ),
    *(
        (form, digits)
        for form, digits in (
            ("## មាត្រា {} {}", "១២៣៤៥"),
            ("## ມາດຕາ {} {}", "໑໒໓໔໕"),
            ("## အပိုဒ် {} {}", "၁၂၃၄၅"),
            ("## ماده {} {}", "۱۲۳۴۵"),
            ("## دفعہ {} {}", "12345"),
            ("## ধারা {} {}", "১২৩৪৫"),
        )
    ),
    *((form, names) for names in LETTERS[3:10] for form in ("{}. {}", "{}- {}", "- {}) {}")),
    *((form, "１２３４５") for form in ("## {}．{}", "（{}）{}", "## {}、{}", "第{}条（{}）")),
    *((form, "12345") for form in ("第{}条（{}）", "## 第{}条 {}", "## 第 {} 章 {}", "제{}조({})", "{}、{}")),
    *((form, "一二三四五") for form in ("第{}条　{}", "## 第{}章 {}", "{}、{}", "（{}）{}")),
    ("{}{}", "①②③④⑤"),
    *(
        (form, "12345")
        for form in ("Section 9({}) {}", "1({}) {}", "[{}] {}", "{}/ {}", "{}.- {}", "#{} {}", "№ {} {}")
    ),
    *(
        (form, "12345")
        for form in ("{}º {}", "## Artigo {}º – {}", "## Cláusula {}ª. {}", "## Άρθρο {}ο – {}", "{}: {}")
    ),
    *(
        (form, "12345")
        for form in ("## {} § {}", "## {} kap. {}", "## Čl. {} {}", "Nr. {}: {}", "Пункт {}. {}", "pkt {}: {}")
    ),
    *(
        (form, "12345")
        for form in ("## Step {}: {}", "**Q{}. {}**", "{}.我们保留您的数据。{}", "1.{}我们保留您的数据。{}")
    ),
    *((form, "12345") for form in ("{}）{}", "({}){}", "第{}，{}")),
    *((form, "abcde") for form in ("1.{} {}", "3.1({}) {}", "{} – {}", "{}.- {}")),
    ("({}) {}", "ABCDE"),
    ("{}　{}", "アイウエオ"),
    ("{} {}", "¹²³⁴⁵"),
    *((form, ("I", "II", "III", "IV", "V")) for form in ("## {} - {}", "## {} – {}")),
    ("## Article {}. {}", ("I", "II", "III", "IV", "V")),
    *(
        (form, ("5 bis", "5 ter", "5 quater", "5 quinquies", "5 sexies"))
        for form in ("## Art. {} {}", "## Artículo {}. {}", "**Article {}** {}", "## {}. {}", "{}\\. {}", "({}) {}")
    ),
    *(
        (form, ("5a", "5b", "5c", "5d", "5e"))
        for form in ("## § {} {}", "({}) {}", "{}) {}", "{}\\. {}", "## Art. {} {}")
    ),
    *((form, "23456") for form in ("第2条の{}（{}）", "## 第2条の{} {}", "## 第二条之{} {}", "제5조의{}({})")),
    ("第二条の{}　{}", "二三四五六"),
    ("{}条　{}", ("第十九", "第二十", "第二十一", "第二十二", "第二十三")),
]
TEXTS = ["We keep your name for a year.", "We sell nothing to anybody at all.", "You may ask us what we know."]


@pytest.mark.parametrize(("form", "names"), FORMS)
def test_a_text_put_before_others_changes_no_word_of_them(form: str, names: tuple[str, ...]) -> None:
    old, new = (
        "\n\n".join(form.format(name, text) for name, text in zip(names, texts, strict=False))
        for texts in (TEXTS, ["All of us are a Shop of Bonn.", *TEXTS])
    )
    changes = redline(document(old), document(new)).changes
    assert (changes.words_deleted, changes.blocks_inserted, changes.numbers_changed) == (0, 1, 3)
    back = redline(document(new), document(old)).changes
    assert (back.words_inserted, back.blocks_deleted, back.numbers_changed) == (0, 1, 3)


@examples(100)
@given(st.sampled_from(FORMS), st.integers(0, 4), st.integers(0, 4))
def test_a_number_that_nothing_before_it_explains_is_a_word(
    form: tuple[str, tuple[str, ...]], old: int, new: int
) -> None:
    assume(old != new)
    written, names = form
    pages = (document(written.format(names[place], "Days are left.")) for place in (old, new))
    changes = redline(*pages).changes
    assert (changes.wording, changes.numbers_changed) == (True, 0)


@pytest.mark.parametrize("form", ["{}\\. {}", "{} – {}", "**{}. {}**", "3.{} {}"])
def test_dates_and_rates_do_not_count_and_so_do_not_follow(form: str) -> None:
    """What stands before explains by how much it changed, but on neither page do the numbers count up to it."""
    old = [(1, "January is free for all"), (4, "October is free for us")]
    new = [(1, "January is free for all"), (2, "January too for some"), (5, "October is free for us")]
    pages = ("\n\n".join(form.format(number, text) for number, text in side) for side in (old, new))
    changes = redline(*map(document, pages)).changes
    assert (changes.words_deleted, changes.numbers_changed) == (1, 0)


@pytest.mark.parametrize(
    "law", ["Article {} GDPR says so of {}.", "§ {} BGB gilt für {}.", "({}) days are left for {}."]
)
def test_the_section_of_a_law_at_the_head_of_a_text_does_not_follow(law: str) -> None:
    old, new = [(6, "buyers"), (15, "sellers")], [(6, "buyers"), (7, "any guest of ours"), (16, "sellers")]
    pages = ("\n\n".join(law.format(*each) for each in side) for side in (old, new))
    changes = redline(*map(document, pages)).changes
    assert (changes.words_deleted, changes.numbers_changed) == (1, 0)


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ("({}) {}", "123"),
        ("({}) {}", "abc"),
        ("{}\\. {}", "123"),
        ("{}.- {}", "123"),
        ("{}.- {}", "abc"),
        ("{}) {}", "абв"),
    ],
)
def test_each_list_counts_by_itself(form: str, names: str) -> None:
    """What one list lost and another got does not cancel out."""
    lists = [["Pay by card.", "Pay at once.", "Pay in euro."], ["Walk in the wood.", "Shop for food."]]
    changed = [lists[0][1:], ["All is quiet now.", *lists[1]]]
    old, new = (
        "\n\n".join(
            f"## {title}\n\n" + "\n\n".join(map(form.format, names, items))
            for title, items in zip(("Paying", "Going"), side, strict=True)
        )
        for side in (lists, changed)
    )
    changes = redline(document(old), document(new)).changes
    assert (changes.blocks_deleted, changes.blocks_inserted, changes.numbers_changed) == (1, 1, 4)


ALONE = [
    "## Article {}",
    "## 第{}条",
    "## {}",
    "### § {}",
    "## {}.",
    "## Pasal {}",
    "## المادة {}",
    "**Art. {}**",
    "## 제{}조",
]


@examples(150)
@given(st.sampled_from(ALONE), st.integers(0, 3), st.booleans())
def test_a_number_above_a_text_follows_with_it(form: str, place: int, reworded: bool) -> None:
    """A heading that is nothing but its number is paired by what stands below it."""
    texts = [f"{said}\n\n- paid\n- open" for said in SAID[:3]]
    others = [*texts[:place], "All of us are a Shop of Bonn.", *texts[place:]]
    if reworded:
        others = [each.replace("you", "buyers") for each in others]
    old, new = (
        "\n\n".join(f"{form.format(number)}\n\n{text}" for number, text in enumerate(side, 1))
        for side in (texts, others)
    )
    follow = len(texts) - place
    changes = redline(document(old), document(new)).changes
    assert (changes.blocks_inserted, changes.blocks_moved, changes.numbers_changed) == (2, 0, follow)
    back = redline(document(new), document(old)).changes
    assert (back.blocks_deleted, back.blocks_moved, back.numbers_changed) == (2, 0, follow)


@pytest.mark.parametrize("form", ALONE)
def test_a_number_above_a_text_moves_with_it_and_stays_where_its_text_is_another(form: str) -> None:
    def page(*texts: str) -> str:
        return document("\n\n".join(f"{form.format(number)}\n\n{text}" for number, text in enumerate(texts, 1)))

    moved = redline(page(*SAID[:3]), page(SAID[2], *SAID[:2])).changes
    assert (moved.blocks_moved, moved.numbers_changed, moved.words_deleted) == (2, 3, 0)
    other = redline(page(*SAID[:3]), page(SAID[0], "Only we know.", SAID[2])).changes
    assert (other.blocks_deleted, other.blocks_inserted, other.numbers_changed) == (1, 1, 0)


def test_a_title_that_a_number_has_anew_is_its_change() -> None:
    old, new = "## 3.1 Fees\n\nYou pay.\n", "## 3.1 Prices\n\nYou pay.\n"
    changes = redline(document(old), document(new)).changes
    assert (changes.words_deleted, changes.words_inserted, changes.blocks_inserted) == (1, 1, 0)


def test_numbers_below_a_named_one_follow_with_it() -> None:
    old = "## Article 1 – Fees\n\n1.1 You pay by card.\n\n1.2 You pay at once.\n"
    new = "## Article 1 – Term\n\nA year.\n\n## Article 2 – Fees\n\n2.1 You pay by card.\n\n2.2 You pay at once.\n"
    changes = redline(document(old), document(new)).changes
    assert (changes.words_deleted, changes.numbers_changed) == (0, 3)


def test_what_was_put_between_two_numbers_follows_the_one_that_it_stands_behind() -> None:
    old = "## § 5 Fees\n\nYou pay by card.\n\n## § 5a Refunds\n\nYou get it all.\n"
    new = "## § 5 Term\n\nA year.\n\n## § 6 Fees\n\nYou pay by card.\n\n## § 6a Refunds\n\nYou get it all.\n"
    changes = redline(document(old), document(new)).changes
    assert (changes.words_deleted, changes.numbers_changed) == (0, 2)


SAID = [
    "You pay monthly for the plan that you chose on our page.",
    "The contract runs for a year and is renewed by itself after that.",
    "All prices are net and you owe whatever the state asks for.",
    "We give back what you paid for the rest of the running month.",
    "Only judges in Vienna decide on disputes between us and you.",
]


@examples(100)
@given(
    st.sampled_from(
        ["### {0}. Of {2}\n\n{3}", "({1}) {3}", "- ({1}) {3}", "## Article {0} – {3}", "### {0}. {2}\n\n{0}.1 {3}"]
    ),
    st.permutations(range(5)),
)
def test_texts_in_another_order_have_the_numbers_of_their_places(form: str, order: list[int]) -> None:
    names = ["fees", "terms", "taxes", "refunds", "courts"]
    old, new = (
        "\n\n".join(form.format(place, "?abcde"[place], names[each], SAID[each]) for place, each in enumerate(all_, 1))
        for all_ in (range(5), order)
    )
    changes = redline(document(old), document(new)).changes
    others = sum(place != each for place, each in enumerate(order)) * (2 if ".1" in form else 1)
    assert (changes.words_deleted, changes.words_inserted, changes.numbers_changed) == (0, 0, others)
