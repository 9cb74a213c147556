"""What stands on a page is what the sanitiser gave last: a redline quoted, moved to another page, alone."""

from __future__ import annotations

import html5lib
import pytest
from html5lib.constants import tokenTypes
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from core import builders
from core.redline.documents import pairs
from core.strategies import anything
from core.text.test_html import ALLOWED_ATTRIBUTES, Published, scheme
from examples import examples
from inforce.redline import redline
from inforce.text.html import SCHEMES, TAGS, Sanitised, clean, marked, render, text_of
from inforce.text.rewriting import moved, quoted, with_lost_ids

ELSEWHERE = "https://policies.example/privacy/"
WAYS = {
    "marked": marked,
    "moved": lambda html: marked(html, moved("../", ELSEWHERE)),
    "alone": lambda html: marked(html, scrolled=True),
    "with lost ids": lambda html: with_lost_ids(html, "../"),
    "quoted": lambda html: quoted(html, "../", ELSEWHERE),
}
"""Every way in which a redline comes to stand on a page."""
ATTACKS = [
    '![a](x.png "t id=") A" B" onerror=alert(5) y="z',
    '<b title=" id=">a</b> b" c" onclick=alert(5) d="e <p id="x" title=" id=">f" onclick=alert(5) g="</p>',
    '<p title="</h3><img src=x onerror=alert(5)>">a</p>\n\n### &lt;h3 onclick=alert(5)&gt;',
    "<h3 title='x>y'>a</h3> <h4 title=\"h2 id='b'\">c</h4>",
    'We set a cookie id="abc" for <h2 id="x"> and data-redline-id="abc" for',
    "[a](x/../javascript:alert(5)) ![a](./javascript:alert(5))",
    "<a data-redline-id='x' class='redline-go' onclick='alert(5)' href='#a--b'>a</a>",
]

around = st.tuples(anything, anything)
attacks = st.tuples(st.sampled_from(ATTACKS), st.sampled_from([*ATTACKS, "", "One word."]))


def tokens(html: str) -> list[object]:
    """What a browser's tokeniser makes of it: tags with their attributes, and text, joined."""
    found: list[object] = []
    for token in html5lib._tokenizer.HTMLTokenizer(html):
        if token["type"] == tokenTypes["ParseError"]:
            continue
        if token["type"] in (tokenTypes["StartTag"], tokenTypes["EndTag"]):
            found.append((token["type"], token["name"], sorted(token["data"].items()) if token["data"] else []))
        elif found and isinstance(found[-1], str):
            found[-1] += token["data"]
        else:
            found.append(token["data"])
    return found


def looks_safe(html: str) -> Published:
    assert type(html) is Sanitised
    published = Published(html)
    assert published.open == []
    assert set(published.tags) <= TAGS | {"h2", "ins", "del"}
    names = {name for name, _ in published.attributes if not name.startswith("data-redline-")}
    assert names <= ALLOWED_ATTRIBUTES | {"tabindex"}
    assert all(scheme(address) in {*SCHEMES, ""} for address in published.of("href", "src"))
    return published


@pytest.mark.parametrize("way", WAYS)
@given(around | attacks)
def test_whatever_changes_in_a_redline_s_html_it_is_safe_and_says_the_same(way: str, bodies: tuple[str, str]) -> None:
    html = redline(*(render(builders.clause("a", body)).html for body in bodies)).html
    published = WAYS[way](html)
    before, after = Published(marked(html)), looks_safe(published)
    assert text_of(published) == text_of(html)
    level = {f"h{n}": f"h{n + (way == 'quoted' and n < 6)}" for n in range(2, 7)}
    assert after.tags == [level.get(tag, tag) for tag in before.tags]
    if way == "quoted":
        assert after.of("id") == []
        assert not [address for address in after.of("href") if address.startswith("#")]


@examples(60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(pairs())
def test_the_sanitiser_leaves_every_mark_of_a_redline_as_it_was_proved(pair: tuple[str, str]) -> None:
    html = redline(*map(clean, pair)).html
    assert tokens(marked(html)) == tokens(html)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_words_of_a_clause_go_and_none_become_markup(attack: str) -> None:
    rendered = render(builders.clause("a", attack))
    shown = quoted(redline("<p>Before.</p>", rendered.html).html, "../", ELSEWHERE)
    assert not [name for name, _ in Published(shown).attributes if name.startswith("on")]
    said = text_of(rendered.body).split()
    assert [word for word in text_of(shown).split() if word in said] == said


def test_removed_text_has_its_ids_where_the_new_text_has_not() -> None:
    html = redline('<p id="a--x" title=" id=">One.</p><p id="a--y">Two.</p>', '<p id="a--y">Three.</p>').html
    assert sorted(Published(with_lost_ids(html, "../")).of("id")) == ["a--x", "a--y"]


def test_an_id_in_a_passage_that_stays_is_not_given_twice() -> None:
    same = '<p id="a" title="b id=" lang="en">One.</p>\n<p>Two.</p>'
    html = redline(f"{same}\n<p>Three.</p>", f'{same}\n<p id="a">Four.</p>').html
    assert Published(html).of("id") == ["a"]
