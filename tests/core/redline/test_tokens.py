import pytest

from inforce.redline.words import is_word, tokenised, typographic


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We keep data.", ["We", "keep", "data", "."]),
        ("don't don’t e-mail 10,000 3.5 a, b", ["don't", "don’t", "e-mail", "10,000", "3.5", "a", ",", "b"]),
        ("see https://x.example/a?b=1, now", ["see", "https://x.example/a?b=1", ",", "now"]),
        ("我们保存。", ["我", "们", "保", "存", "。"]),
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
