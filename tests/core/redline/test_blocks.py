import pytest

from inforce.redline import canonical
from inforce.redline.blocks import Container, Leaf, Run
from inforce.redline.parsing import Reader


def test_leaves_stand_in_containers_and_bare_text_is_a_leaf_without_a_tag() -> None:
    root = Reader().read("<p>a</p><ul><li>b <em>c</em><ul><li><p>d</p></li></ul></li></ul>")
    paragraph, bullets = root.children
    assert isinstance(paragraph, Leaf)
    assert isinstance(bullets, Container)
    assert paragraph.runs == (Run("a"),)
    item = bullets.children[0]
    assert isinstance(item, Container)
    bare, inner = item.children
    assert isinstance(bare, Leaf)
    assert (bare.tag, bare.runs, inner.tag) == ("", (Run("b "), Run("c", (("em", ()),))), "ul")


def test_blocks_of_one_reader_have_equal_keys_exactly_if_they_are_the_same() -> None:
    reader = Reader()
    one, other, third = (
        reader.read(html) for html in ("<ul><li>a  b</li></ul>", "<ul>\n<li>a b </li>\n</ul>", "<ul><li>a c</li></ul>")
    )
    assert one.key == other.key != third.key


def test_a_slice_keeps_formats_and_atoms() -> None:
    leaf = Reader().read("<p>one <em>two<br>three</em></p>").children[0]
    assert isinstance(leaf, Leaf)
    em = (("em", ()),)
    assert leaf.slice(2, 8) == (Run("e "), Run("two", em), Run("\ufffc", em, ("br", ())))
    assert leaf.slice(3, 3) == ()


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", ""),
        ("  a \n b <b> c</b> ", "a b <b>c</b>"),
        ("<p>a</p>  \n <p>b</p>", "<p>a</p>\n<p>b</p>"),
        ("<p>a\xa0 b</p>", "<p>a\xa0 b</p>"),
        ("<p>a<br> b</p>", "<p>a<br>b</p>"),
        ("<pre><code> a\r\n  b\n</code></pre>", "<pre><code> a\n  b\n</code></pre>"),
        ('<a href="x">a</a><a href="x">b</a>', '<a href="x">ab</a>'),
        ('<p title="b" id="a">x</p>', '<p id="a" title="b">x</p>'),
        ("<p><em></em>x<a id=y></a></p>", '<p>x<a id="y"></a></p>'),
        ('<p>&lt;script&gt;&amp;"</p>', '<p>&lt;script&gt;&amp;"</p>'),
        ("<p>a<!-- b -->c<script>d</script></p>", "<p>ac</p>"),
        ("<p><ins>a</ins><del>b</del></p>", "<p><u>a</u><s>b</s></p>"),
        ('<p class="redline-added x" data-redline-tag="&lt;h1&gt;">a</p>', '<p class="x">a</p>'),
        ("<x-y>a</x-y>", "a"),
        ("a\0b\ud800", "ab\ufffd"),
    ],
)
def test_the_normal_form(html: str, expected: str) -> None:
    assert canonical(html) == expected
    assert canonical(expected) == expected
