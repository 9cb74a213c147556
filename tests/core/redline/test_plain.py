import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from inforce.redline import plain, redline
from inforce.text.lists import counted


def shown(old: str, new: str) -> list[str]:
    html = redline(old, new).html
    text = plain(html, insertion=lambda run: f"{{+{run}+}}", deletion=lambda run: f"[-{run}-]")
    return text.splitlines()


def test_a_block_a_line_with_marked_runs() -> None:
    old = "<h3>Data</h3><p>We keep it for 30 days.</p>"
    assert shown(old, "<h3>Data</h3><p>We keep it for 40 days.</p><p>New.</p>") == [
        "### Data",
        "We keep it for [-30-]{+40+} days.",
        "{+New.+}",
    ]


def test_lists_have_bullets_numbers_and_depth() -> None:
    page = "<ul><li>a<ol start='3'><li>b</li><li>c</li></ol></li><li><p>d</p><p>e</p></li></ul>"
    assert shown(page, page) == ["- a", "  3. b", "  4. c", "- d", "  e"]


@examples(100)
@given(
    form=st.sampled_from(["", "1", "a", "A", "i", "I"]),
    start=st.one_of(st.none(), st.integers(-2, 60)),
    given_value=st.one_of(st.none(), st.integers(-2, 60)),
    falls=st.booleans(),
    count=st.integers(1, 30),
)
def test_items_are_marked_as_on_a_page(
    form: str, start: int | None, given_value: int | None, falls: bool, count: int
) -> None:
    attributes = (f' type="{form}"' if form else "") + (f' start="{start}"' if start is not None else "")
    value = f' value="{given_value}"' if given_value is not None else ""
    items = "".join(f"<li{value if place == 1 else ''}>x</li>" for place in range(count))
    page = f"<ol{' reversed' if falls else ''}{attributes}>{items}</ol>"
    expected, number = [], (count if falls else 1) if start is None else start
    for place in range(count):
        number = given_value if place == 1 and given_value is not None else number
        expected.append(f"{_as_a_browser_counts(number, form)}. x")
        number += -1 if falls else 1
    assert shown(page, page) == expected


def _as_a_browser_counts(number: int, form: str) -> str:
    """A list's marker by the rules of CSS: alphabetic and additive counters, decimal beyond their ranges."""
    letters = ["", *(chr(97 + place) for place in range(26)), *(f"a{chr(97 + place)}" for place in range(26))]
    letters += [f"b{chr(97 + place)}" for place in range(26)]
    ones = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"]
    tens = ["", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc"]
    if number < 1 or form not in ("a", "A", "i", "I"):
        return str(number)
    found = letters[number] if form in "aA" else tens[number // 10] + ones[number % 10]
    return found.upper() if form in "AI" else found


@pytest.mark.parametrize(
    ("number", "form", "mark"),
    [(702, "a", "zz"), (703, "A", "AAA"), (1994, "I", "MCMXCIV"), (3999, "i", "mmmcmxcix"), (4000, "i", "4000")],
)
def test_long_lists_count_on(number: int, form: str, mark: str) -> None:
    assert counted(number, form) == mark


def test_a_removed_item_renumbers_none_that_stays() -> None:
    old, new = "<ol><li>first</li><li>second</li><li>third</li></ol>", "<ol><li>first</li><li>third</li></ol>"
    assert shown(old, new) == ["1. first", "2. [-second-]", "2. third"]


def test_rows_quotations_definitions_and_rules() -> None:
    page = (
        "<table><tr><th>A</th><th>B</th></tr><tr><td>c</td><td></td></tr></table><blockquote><p>q</p></blockquote>"
        "<dl><dt>t</dt><dd>d</dd></dl><hr><pre><code>x\n  y\n</code></pre>"
    )
    assert shown(page, page) == ["A | B", "c |", "> q", "t", "    d", "---", "x", "  y"]


def test_breaks_images_and_escapes() -> None:
    page = '<p>a<br>b <img alt="logo" src="/l.png"> &lt;x&gt;</p>'
    assert shown("", page) == ["{+a+}", "{+b logo <x>+}"]


def test_nothing_to_show() -> None:
    assert shown("", "") == []


def test_what_moved_is_told_at_both_places() -> None:
    old, new = (
        "<ol><li>first</li><li>second</li><li>third</li></ol>",
        "<ol><li>third</li><li>first</li><li>second</li></ol>",
    )
    assert shown(old, new) == ["[Moved here:]", "1. third", "2. first", "3. second", "3. [Moved from here: “third”]"]
    assert shown("<p>One two.</p><hr><p>a</p><p>b</p>", "<hr><p>a</p><p>b</p><p>One two.</p>") == [
        "[Moved from here: “One two.”]",
        "---",
        "a",
        "b",
        "[Moved here:]",
        "One two.",
    ]


def test_where_a_link_leads_now_and_what_became_of_a_layout_is_told() -> None:
    assert shown('<p>See <a href="/x">this</a>, too.</p>', '<p>See <a href="/y">this</a>, too.</p>') == [
        "See this [link changed, from /x to /y], too."
    ]
    assert shown("<p>See this, too.</p>", '<p>See <a href="/y">this</a>, too.</p>') == [
        "See this [link added, to /y], too."
    ]
    assert shown("<p>See <b>this</b>, too.</p>", "<p>See this, too.</p>") == ["See this, too."]
    assert shown("<h3>Data we keep</h3>", "<p>Data we keep</p>") == ["[Formerly a heading of level 3:]", "Data we keep"]
    assert shown("<p>One thing. Another thing.</p>", "<p>One thing.</p><p>Another thing.</p>") == [
        "[Paragraph split:]",
        "One thing.",
        "Another thing.",
    ]
