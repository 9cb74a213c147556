from __future__ import annotations

from typing import Any

import pytest

from inforce.redline.differences import changes
from inforce.redline.words import is_word, tokenised, typographic


def shown(old: str, new: str) -> list[tuple[str, str]]:
    one, other = tokenised(old, {}), tokenised(new, {})
    found = changes(one, other)
    return [(" ".join(one.texts[i:i_end]), " ".join(other.texts[j:j_end])) for i, i_end, j, j_end in found]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("kept for 30 days", "kept for 40 days", [("30", "40")]),
        ("same words", "same words", []),
        ("one two", "", [("one two", "")]),
        # an island of one word between two changes of one word is swallowed
        ("we keep all data here", "we store all records here", [("keep all data", "store all records")]),
        # so is one of two words between changes of three, but not between fewer
        ("a b c d", "x y c d w", [("a b c d", "x y c d w")]),
        ("a b c d", "x b c w d", [("a", "x"), ("", "w")]),
        # one of five words is not
        ("a b c d e f g h", "x b c d e f g y", [("a", "x"), ("h", "y")]),
        # a lone comma is
        ("red, green", "blue, white", [("red , green", "blue , white")]),
    ],
)
def test_changes_are_whole_words_without_islands(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert shown(old, new) == expected


def test_what_was_written_anew_on_either_side_of_a_full_stop_is_shown_sentence_by_sentence() -> None:
    old = "The service has a trial of 30 days. If you need more you pay in advance for usage."
    new = "For paid plans we explain the trial length. After that period customers settle invoices."
    assert all(before.count(".") <= 1 and after.count(".") <= 1 for before, after in shown(old, new))
    assert shown(
        "You may limit ad tracking. You can opt out.", "You may limit tracking. For example, you can opt out."
    ) == [
        ("ad", ""),
        ("You", "For example , you"),
    ]
    assert shown("We keep it (not long.) here.", "We keep it (not long). here.") == [(". )", ") .")]


def test_an_inserted_sentence_begins_and_ends_as_a_sentence() -> None:
    old = "We keep data. We delete it."
    new = "We keep data. We keep logs. We delete it."
    assert shown(old, new) == [("", "We keep logs .")]


def test_a_deleted_clause_goes_with_its_own_comma() -> None:
    assert shown("name, address, phone, age", "name, address, age") == [("phone ,", "")]


def test_an_unchanged_line_break_is_never_swallowed() -> None:
    one, other = tokenised("a\ufffcb", {1: "<br>"}), tokenised("x\ufffcy", {1: "<br>"})
    assert changes(one, other) == [(0, 1, 0, 1), (2, 3, 2, 3)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We keep data.", ["We", "keep", "data", "."]),
        ("don't don’t e-mail 10,000 3.5 a, b", ["don't", "don’t", "e-mail", "10,000", "3.5", "a", ",", "b"]),
        ("see https://x.example/a?b=1, now", ["see", "https://x.example/a?b=1", ",", "now"]),
        ('חברה בע"מ, "השירות" ודוא״ל', ["חברה", 'בע"מ', ",", '"', "השירות", '"', "ודוא״ל"]),
        ("我们保存。", ["我们", "保存", "。"]),
        ("电子邮件地址和电话号码", ["电子", "邮件", "地址", "和", "电话", "号码"]),
        ("サーバーの効率を高める", ["サーバー", "の", "効率", "を", "高める"]),
        ("คุณไว้หนึ่งปี", ["คุณ", "ไว้", "หนึ่ง", "ปี"]),
        ("ຂໍ້ມູນສ່ວນຕົວ", ["ຂໍ້ມູນ", "ສ່ວນຕົວ"]),
        ("ព័ត៌មានផ្ទាល់ខ្លួន", ["ព័ត៌មាន", "ផ្ទាល់ខ្លួន"]),
        ("개인정보를 우편으로", ["개인정보", "를", "우편", "으로"]),
        ("2024年に、IP地址", ["2024", "年", "に", "、", "IP", "地址"]),
        ("ที่นี่", ["ที่", "นี่"]),
        ("हम डेटा रखते हैं", ["हम", "डेटा", "रखते", "हैं"]),
        ("تُحفظ البيانات", ["تُحفظ", "البيانات"]),
        ("a👩‍👩‍👧b 🇩🇪🇫🇷", ["a", "👩‍👩‍👧", "b", "🇩🇪", "🇫🇷"]),
        ("soft\u00adhyphen می\u200cخواهم", ["soft\u00adhyphen", "می\u200cخواهم"]),
        ("e\u0301te\u0301", ["e\u0301te\u0301"]),
        ("a\u00a0b\u2003c", ["a", "b", "c"]),
        ("𝒳𠀀x", ["𝒳", "𠀀", "x"]),
        ("snake_case x_", ["snake_case", "x_"]),
        ("", []),
    ],
)
def test_tokens_are_what_a_reader_sees_as_one(text: str, expected: list[str]) -> None:
    found = tokenised(text, {})
    assert list(found.texts) == expected
    assert [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)] == expected


def test_an_object_reads_as_its_html() -> None:
    assert tokenised("a \ufffc \ufffc", {2: "<br>"}).texts == ("a", "<br>", "\ufffc")


def test_words_are_told_from_marks() -> None:
    assert all(map(is_word, ["a", "9", "我", "\u0301x", "_", "https://x"]))
    assert all(map(is_word, ["$", "€", "%", "§", "&", "+", "👩"]))
    assert not any(map(is_word, [".", "—", "(", "@", "<br>", "\ufffc"]))


def test_spoken_alike_is_typographically_equal() -> None:
    assert typographic("it’s") == typographic("it's")
    assert typographic("e\u0301") == typographic("é")
    assert typographic("in\u00adform") == typographic("inform")
    assert typographic("a") != typographic("A")


class _Counted(tuple[str, ...]):
    """Texts of tokens, and how many of them were looked at."""

    seen: int = 0

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        self.seen += len(found) if isinstance(at, slice) else 1
        return found


@pytest.mark.parametrize("shape", ["{} is {} .", "{} {}", "{}, {} and", "{} 3 {}"])
def test_a_text_written_anew_throughout_is_looked_at_a_few_times(shape: str) -> None:
    def looked_at(length: int) -> float:
        """How often each token is, where of every few words one stayed."""
        pages = (" ".join(shape.format(word, place) for place in range(length)) for word in ("one two", "three four"))
        sides = [tokens._replace(texts=_Counted(tokens.texts)) for tokens in (tokenised(page, {}) for page in pages)]
        changes(*sides)
        return sum(side.texts.seen for side in sides) / length

    assert looked_at(2000) <= 2 * looked_at(200)
