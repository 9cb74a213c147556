"""Generated pages for redline tests, and what every redline of them must keep to."""

import re
from typing import Any

import html5lib
import regex
from hypothesis import strategies as st
from lxml import etree

from inforce.redline import Redline, canonical

BLOCKS = frozenset(
    re.findall(r"\w+", "p h1 h2 h3 h4 h5 h6 pre ul ol li dl dt dd table thead tbody tr td th blockquote div hr")
)
_IN_WORD = regex.compile(r"[\p{L}\p{N}\p{M}_]")
_IN_UNSPACED = regex.compile(r"[\p{Han}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_WORDS = [
    "data",
    "we",
    "keep",
    "thirty",
    "days",
    "the",
    "your",
    "well-known",
    "it’s",
    "it's",
    "रखते",
    "10,000",
    "Data",
    "１０",
    "10",
    "-5",
    "5",
    "5′",
    "—",
    "&amp;",
]
_UNSPACED = ["我们", "保存", "ไทย"]

_gap = st.sampled_from([" ", " ", " ", "", ", ", ". ", "\xa0", "\n"])


def _wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    start = st.sampled_from(["strong", "em", "code", "s", 'a href="/x"', 'a href="/y?a=1&amp;b=2"', 'sup id="n"'])
    return st.builds(lambda tag, text: f"<{tag}>{text}</{tag.split()[0]}>", start, inner)


_word = st.sampled_from([*_WORDS, *_UNSPACED, "<br>", '<img alt="x" src="/i.png">'])
_plain = st.lists(st.tuples(_word, _gap), min_size=1, max_size=8).map(lambda each: "".join(map("".join, each)))
_linkless = st.sampled_from(["strong", "em", "code"])
inline = st.lists(
    st.one_of(
        _plain, _wrapped(_plain), st.builds(lambda tag, text: f"<{tag}>{text}</{tag}>", _linkless, _wrapped(_plain))
    ),
    min_size=1,
    max_size=4,
).map("".join)


def _element(tag: str, content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return content.map(lambda inner: f"<{tag}>{inner}</{tag.split()[0]}>")


def _several(item: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(item, min_size=1, max_size=4).map("\n".join)


def _table(columns: int) -> st.SearchStrategy[str]:
    def row(tag: str) -> st.SearchStrategy[str]:
        return _element("tr", st.lists(_element(tag, _plain), min_size=columns, max_size=columns).map("".join))

    return st.builds(
        lambda head, rows: f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>", row("th"), _several(row("td"))
    )


_mark = st.sampled_from(["(a)", "(b)", "(c)", "a.", "B.", "ii.", "1.1", "1.2"])
_marked = st.builds('<li type="none">{} {}</li>'.format, _mark, inline)


def _nested(block: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    item = st.one_of(
        _element("li", inline),
        _element("li", block),
        _element("li", st.builds("{}\n{}".format, inline, _element("ul", _element("li", inline)))),
    )
    lists = st.one_of(
        _element("ul", _several(item)),
        _element("ol", _several(item)),
        _element('ol start="4"', _several(item)),
        _element("ol", _several(_marked)),
    )
    return st.one_of(lists, _element("blockquote", _several(block)), _element('div class="admonition note"', block))


_simple = st.one_of(
    _element("p", inline),
    st.integers(3, 6).flatmap(lambda level: _element(f"h{level}", _plain)),
    _element("pre", _element("code", _plain.map(lambda text: text.replace("<br>", "\n  ")))),
    _element("dl", _several(st.builds("<dt>{}</dt><dd>{}</dd>".format, _plain, inline))),
    st.integers(1, 3).flatmap(_table),
    st.just("<hr>"),
)
block = st.recursive(_simple, _nested, max_leaves=4)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[str, str]:
    """Two pages that share some of their blocks."""
    pool = draw(st.lists(block, min_size=1, max_size=5))
    page = st.lists(st.one_of(st.sampled_from(pool), block), max_size=5).map("\n".join)
    return draw(page), draw(page)


@st.composite
def revisions(draw: st.DrawFn) -> tuple[str, str]:
    """A page, and the same with some words, links, formats and blocks changed, gone, come or elsewhere."""
    old = new = draw(st.lists(block, min_size=1, max_size=5).map("\n".join))
    for _ in range(draw(st.integers(1, 5))):
        pattern, others = draw(st.sampled_from(_EDITS))
        places = [found.span() for found in re.finditer(pattern, new)]
        if places:
            start, end = draw(st.sampled_from(places))
            new = new[:start] + draw(st.sampled_from(others)).format(new[start:end]) + new[end:]
    lines = new.split("\n")
    place, to = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    if lines[place][:2] in ("<p", "<h") and re.match("</?[phub]", lines[to]):
        lines.insert(to, lines.pop(place))
    return old, "\n".join(lines)


_EDITS = (
    (r"(?<![<&/=\"])\b[a-z]{3,}\b(?![=\"/;.])(?=[^<>]*<)", ("ninety", "", "{} sixty", "sixty {}", "<em>{}</em>")),
    (r"/x|/y\?a=1", ("/z",)),
    (r'(?<= start=")4', ("2",)),
    (r"(?:^|(?<=\n))(?=<(?:p|ul|h)>)", ("<p>We sell it to nobody at all.</p>\n{}",)),
    (r"(?:^|(?<=\n))<p>[^\n]*</p>(?=$|\n)", ("", "<blockquote>{}</blockquote>", "{}\n<p>Your data, well.</p>")),
)
"""What is edited, and what it becomes."""


def assert_honest(old: str, new: str, result: Redline) -> None:
    """Exact both ways, valid, marks inside leaf blocks only, and never within a word."""
    assert canonical(result.accepted()) == canonical(new)
    assert canonical(result.rejected()) == canonical(old)
    html5lib.HTMLParser(strict=True).parseFragment(result.html)
    for mark in _body(result.html).iter("ins", "del"):
        assert not any(inner.tag in BLOCKS for inner in mark.iter())
    assert marks_within_words(result.html) == []


def marks_within_words(redline_html: str) -> list[str]:
    """Where, on either page, a mark begins or ends between two characters of one word."""
    body = etree.fromstring(f"<html><body>{redline_html}</body></html>", etree.HTMLParser(encoding="utf-8")).find(
        "body"
    )
    found = []
    for gone in "del", "ins":
        last, last_mark = "", None
        for event, element in (walk := etree.iterwalk(body, events=("start", "end"))):
            said = "redline-say" in element.get("class", "") or element.tag == gone
            if event == "start" and said:
                walk.skip_subtree()
            if element.tag in BLOCKS or element.tag in ("br", "img") or "footnote-ref" in element.get("class", ""):
                last = ""
            text = element.tail if event == "end" else "" if said else element.text
            holder = element.getparent() if event == "end" else element
            mark = holder is not None and any(each.tag in ("ins", "del") for each in (holder, *holder.iterancestors()))
            if text:
                if mark != last_mark and last and _one_word(last, text[0]):
                    found.append(f"{last}|{text[:10]}")
                last, last_mark = text[-1], mark
    return found


def _body(html: str) -> Any:
    return etree.fromstring(f"<html><body>{html}</body></html>", etree.HTMLParser()).find("body")


def _one_word(before: str, after: str) -> bool:
    within = _IN_WORD.match(before) and _IN_WORD.match(after)
    return bool(within) and not (_IN_UNSPACED.match(before) or _IN_UNSPACED.match(after))
