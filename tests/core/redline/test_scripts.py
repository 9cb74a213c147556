"""Every script: what is marked is what a reader of it would call a word, and never a part of one."""

import re

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as parser

from core.redline.documents import assert_honest
from inforce.redline import redline

SENTENCES = (
    "ကျွန်ုပ်တို့သည် သင်၏ကိုယ်ရေးအချက်အလက်များကို တစ်နှစ်သိမ်းဆည်းပါသည်။",
    "ພວກເຮົາເກັບຂໍ້ມູນສ່ວນຕົວຂອງທ່ານໄວ້ໜຶ່ງປີ",
    "យើងរក្សាទុកព័ត៌មានផ្ទាល់ខ្លួនរបស់អ្នករយៈពេលមួយឆ្នាំ",
    "เราเก็บข้อมูลส่วนบุคคลของคุณไว้หนึ่งปี",
    "हम आपका डेटा तीन वर्ष तक रखते हैं",
    "تُحفظ البيانات لدى مُلتزِم",
    "👩‍👩‍👧 🇩🇪🇫🇷 e\u0301te\u0301",
)
SYLLABLE = regex.compile(
    r"[\u0e40-\u0e44\u0ec0-\u0ec4]?(?:\p{L}[\p{M}\u0e30-\u0e33\u0eb0-\u0eb3]*\p{M}?(?:[\u17d2\u1039]\p{L}\p{M}*)*|\X)"
)
"""A vowel that is written before its consonant, the consonant, what is stacked below it, and the signs on it."""


def marked(old: str, new: str) -> tuple[list[str], list[str]]:
    """What is deleted and what is inserted between two paragraphs, without the hints."""
    before, after = f"<p>{old}</p>", f"<p>{new}</p>"
    result = redline(before, after)
    assert not result.whole
    assert_honest(before, after, result)
    page = parser.fragment_fromstring(re.sub(r'<span class="redline-say"[^>]*>[^<]*</span>', "", result.html))
    return tuple([mark.text_content() for mark in page.iter(tag)] for tag in ("del", "ins"))


@pytest.mark.parametrize(
    ("old", "new", "deleted", "inserted"),
    [
        pytest.param("我们保存您的信息三十天。", "我们保存您的信息六十天。", ["三十"], ["六十"], id="Chinese"),
        pytest.param("個人情報を三年間保存します。", "個人情報を五年間保存します。", ["三"], ["五"], id="Japanese"),
        pytest.param("เราเก็บข้อมูลสามปี", "เราเก็บข้อมูลห้าปี", ["สาม"], ["ห้า"], id="Thai"),
        pytest.param("نحتفظ ببياناتك لمدة شهر واحد.", "نحتفظ ببياناتك لمدة عام واحد.", ["شهر"], ["عام"], id="Arabic"),
        pytest.param("أنت مُلزَم بالشروط.", "أنت مُلتزِم بالشروط.", ["مُلزَم"], ["مُلتزِم"], id="Arabic with vowel marks"),
        pytest.param("אנו שומרים את המידע שנה אחת.", "אנו שומרים את המידע חודש אחת.", ["שנה"], ["חודש"], id="Hebrew"),
        pytest.param("हम आपका डेटा तीन वर्ष रखते हैं।", "हम आपका डेटा पाँच वर्ष रखते हैं।", ["तीन"], ["पाँच"], id="Hindi"),
        pytest.param("আমরা তথ্য তিন বছর রাখি।", "আমরা তথ্য পাঁচ বছর রাখি।", ["তিন"], ["পাঁচ"], id="Bengali"),
        pytest.param("Call 👩‍👩‍👧 now", "Call 👩‍👩‍👦 now", ["👩‍👩‍👧"], ["👩‍👩‍👦"], id="joined emoji"),
        pytest.param("Wave 👋🏽 here", "Wave 👋🏿 here", ["👋🏽"], ["👋🏿"], id="emoji with a skin colour"),
        pytest.param("Flag 🇩🇪 of us", "Flag 🇩🇰 of us", ["🇩🇪"], ["🇩🇰"], id="flags share half of their characters"),
        pytest.param("Law 𠮷𠮶 applies", "Law 𠮷𡃁 applies", ["𠮶"], ["𡃁"], id="beyond the basic plane"),
        pytest.param("in 2\u00a0years", "in 3\u00a0years", ["2"], ["3"], id="a non-breaking space stays"),
        pytest.param(
            "per\u00adsonal data",
            "per\u00adsonnel data",
            ["per\u00adsonal"],
            ["per\u00adsonnel"],
            id="soft hyphen",
        ),
        pytest.param(
            "per\u00adsonal data",
            "personal data",
            ["per\u00ad[U+00AD SOFT HYPHEN]sonal"],
            ["personal"],
            id="a soft hyphen that is all that differs",
        ),
        pytest.param("ما آن را", "ما آن را می\u200cدانیم", [], [" می\u200cدانیم"], id="joiners that Persian needs"),
        pytest.param(
            "we pay", "we pay nev\u200ber", [], [" nev\u200b[U+200B ZERO WIDTH SPACE]er"], id="what no script needs"
        ),
        pytest.param(
            "យើង\u200bរក្សា\u200bទុក។",
            "យើង\u200bរក្សា\u200bទុក\u200bឈ្មោះ។",
            [],
            ["\u200bឈ្មោះ"],
            id="Khmer that may break",
        ),
    ],
)
def test_the_least_that_reads_as_a_word_is_marked(old: str, new: str, deleted: list[str], inserted: list[str]) -> None:
    assert marked(old, new) == (deleted, inserted)


@given(st.sampled_from(SENTENCES), st.sampled_from(SENTENCES), st.data())
def test_no_mark_begins_or_ends_within_a_syllable(old: str, other: str, data: st.DataObject) -> None:
    """Any syllables of one sentence in any place of the other, which the dictionaries may never have seen so."""
    parts, its = SYLLABLE.findall(old), SYLLABLE.findall(other)
    at, end = sorted(data.draw(st.tuples(*[st.integers(0, len(parts))] * 2)))
    new = "".join((*parts[:at], *data.draw(st.lists(st.sampled_from(its), max_size=6)), *parts[end:]))
    html = re.sub(
        r'<(span|samp) class="redline-say"[^>]*>[^<]*</(span|samp)>', "", redline(f"<p>{old}</p>", f"<p>{new}</p>").html
    )
    for gone in "del", "ins":
        text = re.sub(rf"<{gone}[^>]*>[^<]*</{gone}>", "", html)
        pieces = [piece for piece in re.split("<[^>]*>", text) if piece]
        whole = "".join(pieces)
        borders = {0, *(match.end() for match in regex.finditer(r"\X", whole))}
        ends = {len("".join(pieces[:count])) for count in range(len(pieces))}
        assert ends <= borders
        assert not any(regex.match(r"[\u0e30-\u0e3a\u0e45-\u0e4e\p{M}]", whole[place:]) for place in ends - {0})
        assert not any(whole[place - 1] in "เแโใไເແໂໃໄ\u17d2\u1039" for place in ends - {0})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("caf\u00e9 r\u00e9sum\u00e9", "cafe\u0301 re\u0301sume\u0301", id="composed and decomposed"),
        pytest.param('the "customer\'s" data', "the “customer’s” data", id="straight and curly quotes"),
        pytest.param("personal data", "per\u00adsonal data", id="a soft hyphen more"),
        pytest.param('דוא"ל, בע"מ', "דוא״ל, בע״מ", id="gershayim typed and set"),
        pytest.param("می‌داریم", "میداریم", id="letters of a Persian word kept apart"),
        pytest.param("داده‌ها را", "داده ها را", id="parts of a Persian word with a space between"),
        pytest.param("30 days", "30\u00a0days", id="a space that does not break"),
        pytest.param("យើងរក្សាទុកឈ្មោះ។", "យើង\u200bរក្សា\u200bទុក\u200bឈ្មោះ។", id="where Khmer may break"),
        pytest.param("เราเก็บที่อยู่ของคุณ", "เรา\u200bเก็บ\u200bที่อยู่\u200bของคุณ\u200b", id="where Thai may break"),
    ],
)
def test_another_spelling_of_the_same_words_is_no_change_of_wording(old: str, new: str) -> None:
    result = redline(f"<p>{old}</p>", f"<p>{new}</p>")
    assert_honest(f"<p>{old}</p>", f"<p>{new}</p>", result)
    assert not result.changes.wording
    assert (result.changes.words_inserted, result.changes.words_deleted) == (0, 0)


def test_directions_stay_and_a_changed_one_is_exact() -> None:
    old = '<p dir="rtl">اكتب إلى <bdi>shop@example.org</bdi> اليوم.</p><p dir="rtl">نعم</p>'
    new = '<p dir="rtl">اكتب إلى <bdi>help@example.org</bdi> اليوم.</p><p dir="auto">نعم</p>'
    result = redline(old, new)
    assert_honest(old, new, result)
    assert result.html.count('dir="rtl"') == 1
    assert result.html.count("<bdi>") >= 1
    assert 'data-redline-tag="&lt;p dir=&quot;rtl&quot;&gt;"' in result.html
    assert "text direction now that of its text, formerly right to left" in result.html
