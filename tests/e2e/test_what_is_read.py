"""What a browser shows of a clause is what the proof of a redline read in it, word for word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page

from core.redline.documents import pairs
from examples import examples
from inforce.model import Clause
from inforce.redline import proof
from inforce.text.html import clean, render

SHOWN = """html => {
  const box = document.createElement('div');
  box.innerHTML = html;
  document.body.append(box);
  const text = box.innerText;
  box.remove();
  return text;
}"""
PIECES = st.sampled_from(
    [
        *(
            "a ",
            "never ",
            "sell ",
            "\n",
            "\n\n",
            "- ",
            "1. ",
            "\n(a) ",
            "\n(b) ",
            "> ",
            "## b\n",
            "### c\n",
            "`x` ",
            "**b** ",
            "~~s~~ ",
            "|a|\n|-|\n",
        ),
        *(
            "<b>",
            "</b>",
            "<small>",
            "</small>",
            "<div>",
            "</div>",
            "<ul><li>",
            "</ul>",
            "<table><tr><td>",
            "</table>",
            "<pre>",
        ),
        *(
            "[a](b) ",
            "x[^1] ",
            "\n\n[^1]: note\n",
            "<p hidden>h</p>",
            "<details>d</details>",
            "<bdo dir='rtl'>12</bdo>",
        ),
        *(
            "&lt;b&gt; ",
            "&#x202e;",
            "\u202e",
            "\u200d",
            "<!-- no -->",
            "<script>s</script>",
            "<o:p>o</o:p>",
            "<x{y>",
            "<br>",
        ),
    ]
)


def as_text(page: Page, html: str) -> str:
    return "".join(page.evaluate(SHOWN, html).split())


def test_a_browser_shows_what_the_proof_read_of_every_clause(page: Page) -> None:
    page.goto("about:blank")

    @examples(100)
    @given(st.lists(PIECES, max_size=30).map("".join))
    def of_markdown(text: str) -> None:
        html = render(Clause("contact", f"## Contact {{#contact}}\n\n{text}")).html
        assert as_text(page, html) == proof.text(html)

    @examples(50)
    @given(pairs())
    def of_html(pair: tuple[str, str]) -> None:
        html = clean(pair[0])
        assert as_text(page, html) == proof.text(html)

    of_markdown()
    of_html()


def test_an_item_with_a_typed_mark_shows_no_other_even_without_a_style(page: Page) -> None:
    page.goto("about:blank")
    page.set_content(render(Clause("preamble", "(a) one\n(b) two\n\n1. three")).html)
    shown = page.evaluate("[...document.querySelectorAll('li')].map(item => getComputedStyle(item).listStyleType)")
    assert shown == ["none", "none", "decimal"]
    assert page.locator("ol").first.inner_text() == "(a) one\n(b) two"


@pytest.mark.parametrize("depth", [10, 31, 33, 100, 2100, 5000])
def test_a_browser_shows_what_is_nested_too_deep(page: Page, depth: int) -> None:
    page.goto("about:blank")
    text = "<div>" * depth + "We never sell your data" + "</div>" * depth
    html = render(Clause("contact", f"## Contact {{#contact}}\n\n{text}")).html
    shown = as_text(page, html)
    assert shown == proof.text(html)
    assert "Weneversellyourdata" in shown
