"""What a redline looks like, mark by mark."""

import os
import re
import subprocess
import sys

import pytest

from core.redline.documents import assert_honest
from inforce.redline import Changes, Redline, canonical, redline
from inforce.text import markdown


def made(old: str, new: str) -> Redline:
    result = redline(old, new)
    assert not result.whole
    assert_honest(old, new, result)
    return result


def bare(html: str) -> str:
    """The redline without what it says in words."""
    return re.sub(r'<span class="redline-say"[^>]*>[^<]*</span>', "", html)


def test_words_are_marked_within_their_block() -> None:
    result = made("<p>We keep data for 30 days.</p>", "<p>We keep data for at most 40 days.</p>")
    assert bare(result.html) == "<p>We keep data for <del>30</del><ins>at most 40</ins> days.</p>"
    assert result.changes == Changes(words_inserted=3, words_deleted=1)
    assert result.changes.wording


def test_marks_are_said_in_words_with_spaces_around_and_no_aria_label() -> None:
    html = made("<p>a b</p>", "<p>a c</p>").html
    said = '<span class="redline-say" dir="ltr" lang="en"> {} </span>'
    assert f"<del>{said.format('deleted:')}b{said.format('end of deletion')}</del>" in html
    assert f"<ins>{said.format('inserted:')}c{said.format('end of insertion')}</ins>" in html
    assert "aria-" not in html


def test_an_added_block_is_marked_on_its_root_and_inside() -> None:
    result = made("<p>a</p>", "<p>a</p><ul><li>b<ul><li>c</li></ul></li></ul>")
    added = '<ul class="redline-added"><li><ins>b</ins>\n<ul><li><ins>c</ins></li></ul></li></ul>'
    assert bare(result.html) == f"<p>a</p>\n{added}"
    assert result.changes == Changes(words_inserted=2, blocks_inserted=2)


def test_a_removed_block_keeps_its_id_off_the_page() -> None:
    result = made('<h3 id="x">Gone for good</h3><p>a</p>', '<p>a</p><h3 id="x">Something else</h3>')
    assert result.html.count(' id="x"') == 1
    assert 'data-redline-id="x"' in result.html


def test_a_link_with_another_target_stands_once_and_tells_both() -> None:
    result = made('<p>See <a href="/x">this page</a> now.</p>', '<p>See <a href="/y">this page</a> now.</p>')
    assert result.html.count("this page</a>") == 1
    assert "link changed, from /x to /y, no wording change" in result.html
    assert result.changes == Changes(formats_changed=1)
    assert not result.changes.wording


def test_marks_within_a_link_leave_it_one_link() -> None:
    result = made('<p><a href="/x">our old terms of use</a></p>', '<p><a href="/x">our new terms of use</a></p>')
    assert bare(result.html) == '<p><a href="/x">our <del>old</del><ins>new</ins> terms of use</a></p>'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<p>a <b>bold</b> word</p>", "<p>a bold word</p>"),
        ("<p>it's “so”</p>", '<p>it’s "so"</p>'),
        ("<p>caf\u00e9</p>", "<p>cafe\u0301</p>"),
        ("<p>a b</p>", "<p>a\u00a0b</p>"),
        ("<p>Title</p>", "<h4>Title</h4>"),
        ("<p>One thing. Another thing.</p>", "<p>One thing.</p><p>Another thing.</p>"),
        ("<ul><li>a</li></ul>", "<ul><li><p>a</p></li></ul>"),
        ("<ul><li>a</li><li>b</li></ul>", "<ol><li>a</li><li>b</li></ol>"),
        ("<p>a<br>b</p>", "<p>a b</p>"),
        ("<p>a, b</p>", "<p>a b</p>"),
    ],
)
def test_a_page_that_reads_the_same_has_no_wording_change(old: str, new: str) -> None:
    result = made(old, new)
    assert not result.changes.wording
    assert "redline" in result.html


@pytest.mark.parametrize(("old", "new"), [("<p>a b</p>", "<p>b a</p>"), ("<p>may be</p>", "<p>maybe</p>")])
def test_other_words_or_another_order_is_a_wording_change(old: str, new: str) -> None:
    assert made(old, new).changes.wording


def test_a_removed_item_renumbers_none_that_stays() -> None:
    old = "<ol><li>first thing</li><li>second goes</li><li>third thing</li><li>fourth thing</li></ol>"
    new = "<ol><li>first thing</li><li>third thing</li><li>fourth thing</li></ol>"
    assert bare(made(old, new).html) == (
        "<ol><li>first thing</li>\n"
        '<li class="redline-removed"><del>second goes</del></li>\n'
        '<li data-redline-value="" value="2">third thing</li>\n'
        "<li>fourth thing</li></ol>"
    )


def test_a_lists_own_numbers_are_left_alone() -> None:
    old = '<ol start="5"><li>first thing</li><li value="9">second thing</li><li>third thing</li></ol>'
    new = '<ol start="5"><li value="9">second thing</li><li>third thing</li></ol>'
    assert bare(made(old, new).html) == (
        '<ol start="5"><li class="redline-removed"><del>first thing</del></li>\n'
        '<li value="9">second thing</li>\n<li>third thing</li></ol>'
    )


def test_an_image_is_replaced_as_a_whole() -> None:
    result = made('<p>a <img alt="x" src="/1.png"></p>', '<p>a <img alt="x" src="/2.png"></p>')
    assert bare(result.html) == ('<p>a <del><img alt="x" src="/1.png"></del><ins><img alt="x" src="/2.png"></ins></p>')


def test_preformatted_text_keeps_every_space() -> None:
    result = made("<pre><code>a\n  b\n</code></pre>", "<pre><code>a\n    b\nc\n</code></pre>")
    assert "a\n    b\nc" in result.accepted()


@pytest.mark.parametrize(
    ("old", "new", "deleted", "inserted"),
    [
        ("我们保存数据三十天。", "我们保存数据四十天。", "三十", "四十"),
        ("हम डेटा रखते हैं", "हम डेटा मिटाते हैं", "रखते", "मिटाते"),
        ("نحفظ بياناتك ثلاثين يوما", "نحفظ بياناتك أربعين يوما", "ثلاثين", "أربعين"),
        ("ok 👩‍👩‍👧 fine", "ok 👩‍👩‍👦 fine", "👩‍👩‍👧", "👩‍👩‍👦"),
        ("an 𠀀 b", "an 𠀁 b", "𠀀", "𠀁"),
    ],
)
def test_scripts(old: str, new: str, deleted: str, inserted: str) -> None:
    html = bare(made(f"<p>{old}</p>", f"<p>{new}</p>").html)
    assert f"<del>{deleted}</del><ins>{inserted}</ins>" in html


def test_a_sources_own_marks_cannot_pass_for_the_redlines() -> None:
    forged = '<p class="redline-removed">a <ins>b</ins> <span class="redline-say">c</span></p>'
    result = made(forged, forged.replace("a", "x y z"))
    assert result.rejected() == "<p>a <u>b</u> <span>c</span></p>"


def test_where_the_finer_redline_is_not_exact_everything_is_shown_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inforce.redline.alignment.script", lambda *_: iter(()))
    result = redline("<p>a b</p>", "<p>a c</p>")
    assert result.whole
    assert_honest("<p>a b</p>", "<p>a c</p>", result)
    assert (
        bare(result.html)
        == '<p class="redline-removed"><del>a b</del></p>\n<p class="redline-added"><ins>a c</ins></p>'
    )


def test_the_same_bytes_for_any_hash_seed() -> None:
    program = (
        "from inforce.redline import redline;"
        "old = ''.join(f'<p>clause {n} of {n % 7} and {n % 5} <em>words</em></p>' for n in range(60));"
        "new = ''.join(f'<p>clause {n} of {n % 5} or {n % 3} words</p>' for n in range(0, 66, 2));"
        "import sys; sys.stdout.write(redline(old, new).html)"
    )
    outputs = set()
    for seed in "0", "1", "4242":
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
        outputs.add(run.stdout)
    assert len(outputs) == 1
    assert b"<ins>" in outputs.pop()


def test_accepting_and_rejecting_give_the_normal_form() -> None:
    old, new = "<ul>\n<li>a  b</li></ul>", "<ul><li>a c</li></ul>"
    result = made(old, new)
    assert (result.rejected(), result.accepted()) == (canonical(old), canonical(new))


def test_formats_that_held_only_an_insertion_go_with_it() -> None:
    for new in (
        '<p><b><i><sup id="n">a</sup></i></b> <b><i><sup id="m">&lt;<u><a id="x"></a></u></sup></i></b></p>',
        '<p><sup id="q"><q><small>a&lt;<u><a id="x"></a></u></small></q></sup></p>',
    ):
        assert made("<p>a</p>", new).rejected() == canonical("<p>a</p>")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('<p dir="ltr">a</p>', '<p dir="rtl">a</p>', "text direction now right to left, formerly left to right"),
        ("<p>a</p>", '<p lang="de">a</p>', "language now de, formerly that of its surroundings"),
        ('<ul dir="rtl"><li>a</li></ul>', "<ul><li>a</li></ul>", "text direction now that of"),
        ("<ul><li>a</li></ul>", "<ol><li>a</li></ol>", "formerly a list without numbers"),
        ("<ol><li>a</li></ol>", '<ol start="4"><li>a</li></ol>', "first number now 4, formerly 1"),
        ("<h3>a</h3>", "<p>a</p>", "formerly a heading of level 3"),
        ('<p>a <b dir="ltr">b</b></p>', '<p>a <b dir="rtl">b</b></p>', "text direction now right to left"),
    ],
)
def test_a_change_of_a_start_tag_alone_is_told_once(old: str, new: str, told: str) -> None:
    result = made(old, new)
    assert result.html.count(f'<span class="redline-say" dir="ltr" lang="en"> {told}') == 1
    assert result.changes == Changes(formats_changed=1)
    assert not result.changes.wording


@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize(
    "text", ["We keep it. Use it well!", "Wir “nutzen” 30% davon 5′ sehr, gern.", "私 は それ を 持つ よ"]
)
def test_a_footnote_that_is_referred_to_anew_strikes_no_word(text: str, place: int) -> None:
    """Its number stands right behind a word, and is no part of it; the way back from a footnote is no word at all."""
    old = markdown.read(f"{text}\n").html
    words = text.split()
    noted = " ".join((*words[:place], f"{words[place]}[^1]", *words[place + 1 :]))
    new = markdown.read(f"{noted}\n\n[^1]: A note.\n").html
    result = made(old, new)
    assert (result.changes.words_inserted, result.changes.words_deleted) == (3, 0)
    assert "<del" not in result.html
