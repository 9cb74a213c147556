"""Input that nobody should publish: it must neither raise nor stall, and still be exact."""

import pytest
from lxml import etree

from inforce.redline import canonical, redline

DEEP = 500


def assert_exact(old: str, new: str) -> None:
    result = redline(old, new)
    assert canonical(result.accepted()) == canonical(new)
    assert canonical(result.rejected()) == canonical(old)
    assert not result.whole


@pytest.mark.long
@pytest.mark.parametrize("tag", ["div", "blockquote", "b", "ins", "del", "span", "ul><li", "table><tr><td"])
def test_nesting(tag: str) -> None:
    start = f"<{tag}>" * DEEP
    assert_exact(start + "one two three", start + "one two four")


@pytest.mark.long
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x" * 1_000_000, "x" * 1_000_000 + "y"),
        ("same " * 100_000, "same " * 100_001),
        ("same " * 50_000 + "old " + "same " * 50_000, "new " + "same " * 100_000 + "end"),
        ("http://(" * 5_000, "http://)" * 5_000),
        ("\u0301" * 20_000, "\u0302" * 20_000),
    ],
    ids=["a word of 1 MB", "equal words", "equal words around changes", "addresses", "marks"],
)
def test_length(old: str, new: str) -> None:
    assert_exact(f"<p>{old}</p>", f"<p>{new}</p>")


@pytest.mark.long
def test_very_many_blocks() -> None:
    assert_exact("<p>same</p>" * 20_000, "<p>same</p>" * 19_999 + "<p>other</p>")


def test_very_many_atoms_and_formats() -> None:
    assert_exact("<p>" + "<br>" * 2_000, "<p>" + "<br>" * 1_900 + '<img src="x">' * 50)
    assert_exact("<p>" + "<b>a</b> <i>b</i> " * 1_000, "<p>" + "<i>a</i> <b>b</b> " * 1_000)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<p><b>one <i>two", "<p><b>one <i>three <table><tr><td>x"),
        ("a\0b\x01\x0b\ud800\x85\u2028<p title='\0\ud800'>", "<p>\x1f\x7f &#13; &#0; &#xD800; \ufffc x"),
        ('<p 1x=2 "q=3 a<b=c>a</p><fo-o>bar</fo-o>', '<p "q=4>a<redline-dropped>z</redline-dropped>'),
        ('<p title="a&quot;><script>">x</p>', "<p title='a\"><b>'>y</p>"),
    ],
    ids=["unclosed", "control characters", "names", "quotes"],
)
def test_rubbish(old: str, new: str) -> None:
    assert_exact(old, new)


def test_nothing_comes_out_unescaped() -> None:
    old = "<p>&lt;script&gt;alert(1)&lt;/script&gt; <b title='&lt;img onerror=x&gt;'>b</b></p><script>alert(2)</script>"
    new = "<p>&lt;img src=x onerror=alert(3)&gt; b</p>"
    html = redline(old, new).html
    body = etree.fromstring(f"<html><body>{html}</body></html>", etree.HTMLParser()).find("body")
    assert {element.tag for element in body.iter()} <= {"body", "p", "ins", "del", "span", "b"}
