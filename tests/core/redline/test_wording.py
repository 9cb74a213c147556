"""What counts as a change of words, and that a redline's marks, its counts and its headline agree on it."""

import re

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from lxml import etree

from core.redline.documents import block, pairs
from examples import examples
from inforce.redline import Changes, redline
from inforce.redline.blocks import leaves
from inforce.redline.parsing import Reader
from inforce.redline.words import is_word, tokenised

_SILENT = ("redline-say", "redline-left", "redline-format", "redline-space")
_COUNTED = ("case", "form", "number")
_SETTINGS = examples(100, deadline=None, suppress_health_check=list(HealthCheck))


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


def recounted(redline_html: str) -> Changes:
    """What the marks of a redline add up to: words, and places of other capitals, digits and numbers at the head."""
    body = etree.fromstring(f"<html><body>{redline_html}</body></html>", etree.HTMLParser(encoding="utf-8"))
    for said in body.xpath(".//*[contains(@class, 'redline-say')]"):
        said.text = None
        said[:] = []
    for element in body.iter("br", "img"):
        element.tail = f"\ufffc{element.tail or ''}"
    words = {"ins": 0, "del": 0}
    for mark in body.iter("ins", "del"):
        if not re.search("redline-(case|format|number|space)", mark.get("class", "")):
            words[mark.tag] += tokenised("".join(mark.itertext()), {}).words()
    case, forms, numbers = (len(body.xpath(f".//ins[contains(@class, 'redline-{x}')]")) for x in _COUNTED)
    return Changes(words["ins"], words["del"], case_changed=case, forms_changed=forms, numbers_changed=numbers)


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
def test_a_redline_marks_a_word_exactly_if_a_word_changed_and_counts_what_it_marks(pair: tuple[str, str]) -> None:
    old, new = pair
    result = redline(old, new)
    assert marks_a_word(result.html) == result.changes.wording
    assert result.changes.wording or spoken(old) == spoken(new)
    counts = result.changes
    assert recounted(result.html) == Changes(
        counts.words_inserted,
        counts.words_deleted,
        case_changed=counts.case_changed,
        forms_changed=counts.forms_changed,
        numbers_changed=counts.numbers_changed,
    )


@_SETTINGS
@given(st.lists(block, min_size=1, max_size=5, unique=True).map("\n".join))
def test_the_same_words_in_the_same_blocks_are_no_change_of_words(old: str) -> None:
    new = with_other_typography_and_punctuation(old)
    assert spoken(old) == spoken(new)
    result = redline(old, new)
    assert not result.changes.wording
    assert not marks_a_word(result.html)


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("<p>We don't.</p>", "<p>We don’t.</p>", Changes(formats_changed=1)),
        ('<p>Der "Dienst" ist</p>', "<p>Der „Dienst“ ist</p>", Changes(formats_changed=1)),
        ("<p>le “Service” est</p>", "<p>le « Service » est</p>", Changes(formats_changed=1)),
        ("<p>well-known</p>", "<p>well\u2011known</p>", Changes(formats_changed=1)),
        ("<p>caf\u00e9</p>", "<p>cafe\u0301</p>", Changes(formats_changed=1)),
        ("<p>names addresses and mails</p>", "<p>names, addresses, and mails</p>", Changes(punctuation_changed=2)),
        ("<p>We don't know</p>", "<p>We don’t, know</p>", Changes(formats_changed=1, punctuation_changed=1)),
        ("<p>a , b</p>", "<p>, a b</p>", Changes(punctuation_changed=2)),
        ("<p>a b c</p>", '<p>a b <img alt="x" src="/x.png"> c</p>', Changes(formats_changed=1)),
        ("<p>$5 a month</p>", "<p>€5 a month</p>", Changes(words_inserted=1, words_deleted=1)),
        ("<p>5% of it</p>", "<p>5 of it</p>", Changes(words_deleted=1)),
        ("<p>It may be so</p>", "<p>It maybe so</p>", Changes(words_inserted=1, words_deleted=2)),
        ("<p>the Data we hold</p>", "<p>the data we hold</p>", Changes(case_changed=1)),
        ("<p>WE HOLD DATA</p>", "<p>We hold data</p>", Changes(case_changed=1)),
        ("<p>We may ask</p>", "<p>Now we may ask</p>", Changes(words_inserted=2, words_deleted=1)),
        ("<p>within １０ days</p>", "<p>within 10 days</p>", Changes(forms_changed=1)),
        ("<p>خلال ١٠ أيام</p>", "<p>خلال 10 أيام</p>", Changes(forms_changed=1)),
        ("<p>5′ of it</p>", "<p>5″ of it</p>", Changes(words_inserted=1, words_deleted=1)),
        ("<p>5' of it</p>", '<p>5" of it</p>', Changes(words_inserted=1, words_deleted=1)),
        ("<p>5' 3\" of it</p>", "<p>5′ 3″ of it</p>", Changes(formats_changed=1)),
        ("<p>users' own 5' of it</p>", "<p>users' own 5\" of it</p>", Changes(words_inserted=1, words_deleted=1)),
        ("<p>it says '5' and '6'</p>", '<p>it says "5" and "6"</p>', Changes(punctuation_changed=4)),
        ("<p>it says “at most 5” here</p>", "<p>it says at most 5 here</p>", Changes(punctuation_changed=2)),
        ("<p>5%-10% of it</p>", "<p>5%/10% of it</p>", Changes(words_inserted=1, words_deleted=1)),
        ("<p>5%-10% of it</p>", "<p>5%–10% of it</p>", Changes(formats_changed=1)),
        ("<p>5%-10% of it</p>", "<p>5% 10% of it</p>", Changes(words_inserted=4, words_deleted=1)),
        ("<p>for €5-€10 or so</p>", "<p>for €5/€10 or so</p>", Changes(words_inserted=1, words_deleted=1)),
        ("<p>see §5–§7 of it</p>", "<p>see §5/§7 of it</p>", Changes(words_inserted=1, words_deleted=1)),
        ("<p>in 2019: 5 users</p>", "<p>in 2019, 5 users</p>", Changes(punctuation_changed=1)),
        ("<p>at -5 % of it</p>", "<p>at 5 % of it</p>", Changes(words_inserted=1, words_deleted=1)),
        ("<p>at -5 % of it</p>", "<p>at \u22125 % of it</p>", Changes(formats_changed=1)),
        ("<p>at .5 percent</p>", "<p>at 5 percent</p>", Changes(words_inserted=1, words_deleted=1)),
        ("<p>for 1/2 year</p>", "<p>for 1 2 year</p>", Changes(words_inserted=2, words_deleted=1)),
        ("<p>10–20 days</p>", "<p>10-20 days</p>", Changes(formats_changed=1)),
        ("<p>we read it</p>", "<p>we \u202e read it</p>", Changes(words_inserted=1)),
        ("<p>10<sup>2</sup> days</p>", "<p>102 days</p>", Changes(words_inserted=1, words_deleted=1)),
        ("<p>We do <s>not</s> sell</p>", "<p>We do not sell</p>", Changes(words_inserted=1, words_deleted=1)),
        ("<p>on the 1<sup>st</sup> of May</p>", "<p>on the 1st of May</p>", Changes(formats_changed=1)),
        ("<p>a third party of us</p>", "<p>a third-party of us</p>", Changes(punctuation_changed=1)),
        ("<p>the rules.By you</p>", "<p>the rules. By you</p>", Changes(spaces_changed=1)),
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
    assert redline(new, old).changes.wording == result.changes.wording == changes.wording == marks_a_word(result.html)


def test_what_changed_beside_words_is_named_by_its_kind() -> None:
    found = redline("<p>Data, at １０ of us</p>", "<p>data at 10 of us</p>").changes
    assert found.besides == (
        "case only: 1 place",
        "form of digits or letters only: 1 place",
        "punctuation only: 1 place",
    )


def test_what_only_joins_words_is_marked_without_them() -> None:
    html = redline("<p>our third party tools</p>", "<p>our third-party tools</p>").html
    marks = [" ".join(mark.itertext()) for mark in etree.HTML(html).iter("ins", "del")]
    assert not any("third" in mark or "party" in mark for mark in marks)
