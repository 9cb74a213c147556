"""The marks of a redline in a reader's reach: nothing of the redline is lost, and each of its changes is led to."""

from __future__ import annotations

import re

import html5lib
import pytest
from hypothesis import HealthCheck, example, given
from lxml import html

from core.redline.documents import pairs
from examples import examples
from inforce.redline import redline
from inforce.redline.reach import RUN, reached
from inforce.text.html import marked
from inforce.text.rewriting import with_lost_ids

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
CHANGED = "self::ins or self::del or contains(@class, 'redline-') and not(contains(@class, 'redline-s'))"


def without(page: str) -> str:
    """The redline that a page with marks in reach was made of: as its description says."""
    page = re.sub(r'<span class="redline-step".*?</span>', "", page, flags=re.DOTALL)
    page = re.sub(r'<details class="if-same"><summary.*?</summary>|</details>', "", page, flags=re.DOTALL)
    page = re.sub(r'(data-redline-id="([^"]*)"[^>]*) id="\2"', r"\1", page)
    return re.sub(r' id="c--change-\d+-*"', "", page)


@examples(50, suppress_health_check=SLOW)
@given(pairs())
def test_what_was_proved_is_there_byte_for_byte_and_stays_valid(pair: tuple[str, str]) -> None:
    made = redline(*pair, "c--").html
    page = marked(reached(made, "c").html)
    assert without(page) == marked(made)
    html5lib.HTMLParser(strict=True).parseFragment(page)
    assert marked(page) == page, "a parser would nest it otherwise"


@examples(50, suppress_health_check=SLOW)
@given(pairs())
@example(("", "<p>data</p>\n<hr>"))
@example(("", "<ul>\n<li>\n<p>data</p>\n<hr>\n</li>\n</ul>"))
@example(("<ol>\n<li>data cards</li>\n</ol>", "<ul>\n<li>data</li>\n</ul>"))
def test_each_change_is_led_to_and_leads_on(pair: tuple[str, str]) -> None:
    found = reached(redline(*pair, "c--").html, "c")
    page = html.fragment_fromstring(marked(found.html), create_parent="div")
    ids = list(found.ids)
    assert len(set(ids)) == len(ids)
    assert [each for each in page.xpath("//@id") if each in ids] == ids, "in the order of the page, each once"
    links = page.xpath("//*[@class='redline-step']//a/@href")
    assert links == [f"#{ids[at]}" for k in range(len(ids)) for at in (k - 1, k + 1) if 0 <= at < len(ids)]
    read_as_one = ("p", "li", "dt", "dd", "tr", "pre", "caption", "h2", "h3", "h4", "h5", "h6")
    blocks = f"ancestor-or-self::*[{' or '.join(f'self::{tag}' for tag in read_as_one)}]"
    for mark in page.xpath("//ins | //del"):
        near = [each.get("id") for around in (mark, *mark.xpath(blocks)) for each in around.iter()]
        assert {*near, *mark.xpath("ancestor::*/@id")} & {*ids}
    assert not page.xpath(f"//details//*[{CHANGED}]")


@examples(30, suppress_health_check=SLOW)
@given(pairs())
def test_what_stays_is_folded_in_runs(pair: tuple[str, str]) -> None:
    page = html.fragment_fromstring(marked(reached(redline(*pair, "c--").html, "c").html), create_parent="div")
    for folded in page.xpath("./details"):
        summary, *blocks = folded
        assert len(blocks) >= RUN
        assert summary.text_content() == f"{len(blocks)} paragraphs without changes"
        assert not any(block.tag.startswith("h") and block.tag != "hr" for block in blocks)


NOTE = '{0}<sup id="c--fnref:{1}"><a href="#c--fn:{1}">{1}</a></sup>'
NOTES = f"<p>{NOTE.format('Once', 1)}, {NOTE.format('twice', 2)}.</p>"
NOTED = '<ol><li id="c--fn:1"><p>The first note says so.</p></li>\n{}</ol>'
SECOND = '<li id="{}"><p>Quite another second one.</p></li>'


@pytest.mark.parametrize("name", ["c--fn:2", "c--fn:1", "c--change-1"])
def test_what_was_removed_is_led_to_by_its_change_and_by_what_led_to_it_before(name: str) -> None:
    """A removed note has one id on the page, though a link in removed text and the list of changes both lead there."""
    old, new = NOTES + NOTED.format(SECOND.format(name)), "<p>Once, twice.</p>" + NOTED.format("")
    found = reached(redline(old, new, "c--").html, "c")
    page = html.fragment_fromstring(with_lost_ids(found.html, "../"), create_parent="div")
    present = page.xpath("//@id")
    assert len(set(present)) == len(present)
    assert {*found.ids, *(link[1:] for link in page.xpath("//*[@class='redline-step']/a/@href"))} <= {*present}
    assert name in present
