"""What counts as a change of words, and that a redline's marks, its counts and its headline agree on it."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from core.redline.documents import block, pairs
from inforce.redline import Changes, redline
from inforce.redline.blocks import leaves
from inforce.redline.parsing import Reader
from inforce.redline.words import is_word

_SILENT = ("redline-say", "redline-left", "redline-format", "redline-space")
_SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def marks_a_word(redline_html: str) -> bool:
    """Whether a word stands under a mark that says that it was inserted, deleted or moved."""
    body = etree.fromstring(f"<html><body>{redline_html}</body></html>", etree.HTMLParser(encoding="utf-8"))
    for text in body.xpath(".//text()"):
        holder = text.getparent().getparent() if text.is_tail else text.getparent()
        above = [holder, *holder.iterancestors()]
        classes = {name for element in above for name in element.get("class", "").split()}
        marked = "redline-moved" in classes or any(element.tag in ("ins", "del") for element in above)
        if marked and classes.isdisjoint(_SILENT) and any(is_word(each) for each in text if not each.isspace()):
            return True
    return False


def spoken(html: str) -> list[str]:
    """The words of a page, as they are read out, one after the other."""
    found = [token for leaf in leaves(Reader().read(html)) for token in leaf.tokens.spoken]
    return [token for token in found if is_word(token)]


def with_other_typography_and_punctuation(html: str) -> str:
    """The page with the same words in the same blocks."""
    text = html.replace("it’s", "it”s").replace("it's", "it’s").replace("it”s", "it's").replace(". ", "; ")
    return re.sub(r", (?=\w)", " ", text)


@_SETTINGS
@given(pairs())
def test_a_redline_marks_a_word_exactly_if_a_word_changed(pair: tuple[str, str]) -> None:
    result = redline(*pair)
    assert marks_a_word(result.html) == result.wording_changed


@_SETTINGS
@given(pairs())
def test_no_changed_word_is_called_unchanged(pair: tuple[str, str]) -> None:
    old, new = pair
    assert redline(old, new).wording_changed or spoken(old) == spoken(new)


@_SETTINGS
@given(st.lists(block, min_size=1, max_size=5, unique=True).map("\n".join))
def test_the_same_words_in_the_same_blocks_are_no_change_of_words(old: str) -> None:
    new = with_other_typography_and_punctuation(old)
    assert spoken(old) == spoken(new)
    result = redline(old, new)
    assert not result.wording_changed
    assert not marks_a_word(result.html)


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("<p>We don't.</p>", "<p>We don’t.</p>", Changes(formats_changed=1)),
        ("<p>well-known</p>", "<p>well\u2011known</p>", Changes(formats_changed=1)),
        ("<p>caf\u00e9</p>", "<p>cafe\u0301</p>", Changes(formats_changed=1)),
        ("<p>names addresses and mails</p>", "<p>names, addresses, and mails</p>", Changes(punctuation_changed=2)),
        ("<p>We don't know</p>", "<p>We don’t, know</p>", Changes(formats_changed=1, punctuation_changed=1)),
        ("<p>a , b</p>", "<p>, a b</p>", Changes(punctuation_changed=2)),
        ("<p>a b c</p>", '<p>a b <img alt="x" src="/x.png"> c</p>', Changes(formats_changed=1)),
        ("<p>$5 a month</p>", "<p>€5 a month</p>", Changes(words_inserted=1, words_deleted=1)),
        ("<p>5% of it</p>", "<p>5 of it</p>", Changes(words_deleted=1)),
        ("<p>It may be so</p>", "<p>It maybe so</p>", Changes(words_inserted=1, words_deleted=2)),
        ("<p>One. Two.</p>", "<p>One.</p><p>Two.</p>", Changes(formats_changed=1)),
        ("<p>It's one. Two.</p>", "<p>It’s one</p><p>Two.</p>", Changes(formats_changed=2, punctuation_changed=1)),
        (
            '<p>See <a href="/x">this</a>. And that.</p>',
            '<p>See <a href="/y">this</a>.</p><p>And that.</p>',
            Changes(formats_changed=2),
        ),
    ],
)
def test_what_counts_as_what(old: str, new: str, changes: Changes) -> None:
    result = redline(old, new)
    assert not result.whole
    assert result.changes == changes
    assert redline(new, old).wording_changed == result.wording_changed == changes.wording == marks_a_word(result.html)
