from inforce.redline import plain, redline


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
