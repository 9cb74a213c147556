"""Whatever encoding a text lies in, its characters are read, or somebody is asked; none is taken for another."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inforce.errors import InForceError
from inforce.importing import encodings, web_pages

TEXTS = {
    "windows-1252": "§ 3 Für Käufer: 5 € – naïve",
    "iso-8859-1": "§ 3 Für Käufer",
    "windows-1251": "Мы храним данные",
    "windows-1253": "Φυλάμε τα δεδομένα σας",
    "windows-1255": "אנחנו שומרים",
    "windows-1256": "نحتفظ بالبيانات",
    "shift_jis": "個人情報の取扱い",
    "euc-jp": "個人情報の取扱い",
    "iso-2022-jp": "個人情報の取扱い",
    "gb2312": "我们保管数据",
    "gb18030": "我们保管数据，㐀",
    "big5": "我們保管資料",
    "euc-kr": "개인정보를 보관합니다",
    "utf-8": "§ 3 Für Käufer 数据 данные",
}


def page(text: str, declared: str = "") -> str:
    return f"<html><head>{f'<meta charset={declared}>' if declared else ''}</head><body><p>{text}</p></body></html>"


def body(data: bytes, encoding: str = "") -> str:
    return web_pages.read(data, "old.html", encoding).markdown.decode().strip()


@pytest.mark.parametrize("name", TEXTS)
def test_a_page_is_read_as_it_declares(name: str) -> None:
    found = web_pages.read(page(TEXTS[name], name).encode(name), "old.html")
    assert (found.markdown.decode().strip(), found.told) == (TEXTS[name], ())


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_read_as_an_editor_says(name: str) -> None:
    assert encodings.decode(TEXTS[name].encode(name), "old.md", name).text == TEXTS[name]


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1))
def test_utf_8_is_utf_8_whatever_is_declared(text: str) -> None:
    plain = encodings.decode(text.encode(), "old.md").text
    for declared in ("", "iso-8859-1", "shift_jis", "utf-8"):
        data = page("x", declared).replace("x", "§ " + text.replace("<", "").replace("&", "")).encode()
        assert "§" in encodings.decode(data, "old.html", page=True).text
    assert encodings.decode(text.encode("utf-8-sig"), "old.md").text == plain


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_wide_characters_are_found_with_a_mark_and_without(codec: str) -> None:
    assert body(page("Für Käufer, und was sie sonst noch wissen sollen").encode(codec)).startswith("Für Käufer")


def test_utf_8_in_a_page_that_declares_something_else_is_told() -> None:
    found = web_pages.read(page("§ 3", "iso-8859-1").encode(), "old.html")
    assert (found.markdown, found.told) == (b"\xc2\xa7 3\n", ("read as UTF-8, which it is, though it declares cp1252",))


def test_what_is_neither_utf_8_nor_declared_is_western_and_told() -> None:
    found = encodings.decode("Für Käufer".encode("cp1252"), "old.md")
    assert (found.text, found.told) == ("Für Käufer", "not UTF-8: read as Windows-1252 (Latin-1)")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (page("\nDaten für Käufer, schön größer", "windows-1251").encode("cp1252"), 2),
        (page("Für Käufer", "shift_jis").encode("cp1252"), 1),
        (page("Мы храним ваши данные").encode("cp1251"), 1),
        (page("個人情報の取扱い").encode("cp932"), 1),
    ],
)
def test_a_text_that_nobody_wrote_is_asked_about(data: bytes, line: int) -> None:
    with pytest.raises(InForceError) as caught:
        web_pages.read(data, "old.html")
    [problem] = caught.value.problems
    assert (problem.rule, problem.line) == ("encoding", line)
    assert "--encoding" in problem.cure


@pytest.mark.parametrize("name", ["latin-1", "euc_jp", "iso2022_jp", "ISO8859-2", "EUC-KR", "cp1251", "shift_jis"])
def test_an_encoding_may_go_by_the_name_that_python_has_for_it(name: str) -> None:
    assert "é".encode(encodings.known(name), "ignore") == "é".encode(name, "ignore")


@pytest.mark.parametrize(
    "name", ["rot13", "idna", "punycode", "unicode_escape", "undefined", "base64", "a\0b", "", "é"]
)
def test_what_is_no_encoding_of_texts_is_none(name: str) -> None:
    with pytest.raises(InForceError, match="There is no encoding"):
        encodings.known(name)


def test_a_text_that_switches_its_alphabet_is_not_taken_for_utf_8() -> None:
    with pytest.raises(InForceError, match="it is no text that anybody wrote"):
        encodings.decode("# 規約\n\n当社\n".encode("iso2022_jp"), "a.md")


def test_a_word_document_is_none_of_the_texts_and_told_how_to_become_one() -> None:
    with zipfile.ZipFile(document := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", "<w:document><w:body><w:p><w:r><w:t>We keep it.</w:t></w:r></w:p></w:body>")
    with pytest.raises(InForceError, match=r"as a Word document, .* Save it as a web page or as Markdown"):
        encodings.decode(document.getvalue(), "privacy.docx")


def test_an_encoding_that_nobody_knows_is_refused() -> None:
    with pytest.raises(InForceError, match="There is no encoding 'x-mine'"):
        encodings.decode(b"x", "old.md", "x-mine")


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("euc-jp", "プライバシーの取扱い、最終更新日"),
        ("cp1250", "Przechowujemy je tutaj: źródło, łąka, żółw"),
        ("mac-roman", "Für Käufer, die Rückgabe möchten, und größere"),
    ],
)
def test_a_text_of_another_alphabet_is_asked_about_where_western_europe_writes_no_such_words(
    codec: str, text: str
) -> None:
    with pytest.raises(InForceError, match="it is no text that anybody wrote"):
        encodings.decode(text.encode(codec), "old.md")


@pytest.mark.parametrize(
    "text",
    [
        "¿Qué guardamos? ¿Cuándo? ¡Más! Nº 1, 2ª edición, 3º",
        "20 m², 30 m³, ½ l, ¼ kg¹, ²See, ¹Note, «¾», 10 ±2 µm, §3¶4, a´ la",
        "À l’œuvre, ÉTÉ, Été, naïve, Straße, ÜBER, Ärger, LaTeX, São Tomé, Ærø, Þór, ÞAÐ",
    ],
)
def test_what_western_europe_writes_is_read(text: str) -> None:
    assert encodings.decode(f"{text} – {text}".encode("cp1252"), "old.md").text == f"{text} – {text}"
