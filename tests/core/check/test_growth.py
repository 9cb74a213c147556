"""Whatever is repeated in a clause, twice as much of it takes twice the work: nobody can make a check stand still.

Work is counted in calls, not in seconds, so that no machine is too slow for it.
"""

from __future__ import annotations

import cProfile
import sys

import pytest

from core import builders
from core.builders import POLICY, assert_told
from inforce import project
from inforce.text import markdown, normal

PUMPED = [
    *(
        "|a|\n|-|\n",
        "|a|\n|-|\n\n",
        "|a",
        "Term\n: x\n",
        ": x\n",
        "a  \n",
        "a\\\n",
        "a\n\n",
        "a\n",
        "- [ ] a\n",
        "- a\n",
    ),
    *(
        "- a\n  - b\n",
        "1. a\n",
        "(a) b\n",
        "### a\n",
        "!!! note\n",
        "> [!NOTE]\n> a\n\n",
        "---\n",
        "=\n",
        "```\n",
        "> a\n",
    ),
    *("<div>", "<small>", "<p>", "<b>", "<b>\n\n", "<a\n", "<a ", '<a href="', "<a href=x>a</a>", "<!--", "<![CDATA["),
    *("<http://a", "http://a.b ", "www.a.b ", "xmpp:a ", "xmpp:a@b ", "mailto:a@b.c ", "a@b.", "a@b.c ", "[^", "[^1]"),
    *("[a](", "[a](b)", "[a][b]", "[a]: b\n", "[^a]: b\n", "*[a]: b", "*[a]: b\n", "{: .b}", "**a", "_a_", "~~a", "`a"),
    *("a\u200d", "\u200d", "\u2066", "a\u00ad", "&amp;", "&", "a. b ", 'a." ', ")", ".)", "in: a, b "),
]
SIZE, LINES = 1_000, 300
HONEST = builders.released(builders.policy(), "2026-01-01", summary="The first one.")


def work(pumped: str, times: int) -> int:
    """How many calls it takes to check a draft in which a clause was written anew, with that in it so often."""
    files = builders.edited(HONEST, "contact", f"## Contact\n\n{pumped * times}\n")
    profile = cProfile.Profile()
    with profile:
        project.read(files).check(builders.at("2026-01-02"), ())
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.long
@pytest.mark.parametrize("pumped", PUMPED)
def test_twice_as_much_takes_twice_the_work(pumped: str) -> None:
    most = min(SIZE // len(pumped), LINES // max(pumped.count("\n"), 1)) // 4 * 4  # an odd fence stays open
    base = work(pumped, 5)  # what a check takes anyway, and words are known from here on
    assert work(pumped, most) - base < 2.4 * (work(pumped, most // 2) - base) + base


def test_what_grows_with_the_square_is_seen() -> None:
    def square(times: int) -> int:
        return work("a ", times * times // 100)

    base = square(100)
    assert square(400) - base > 2.4 * (square(200) - base)


def test_an_address_without_end_is_looked_for_in_its_scheme_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    pattern = sys.modules["mdit_py_plugins.gfm_autolink.index"]
    search = pattern._PROTO_RE.search

    class Watched:
        def search(self, text: str) -> object:
            seen.append(len(text))
            return search(text)

    monkeypatch.setattr(pattern, "_PROTO_RE", Watched())
    assert markdown.read("We write. " * 50 + "mailto:a@b.example " + "xmpp:a@b " * 50).links
    assert seen
    assert max(seen) <= len("mailto")


@pytest.mark.parametrize(("text", "line"), [("a\n" * 2_001, ":2001"), ("<b>a</b>" * 8_001, "")])
def test_a_clause_has_so_many_lines_and_elements(text: str, line: str) -> None:
    files = builders.policy({**builders.TEXTS, "contact": f"## Contact\n\n{text}"})
    assert_told(project.read(files).problems, f"{POLICY}contact.md{line}", "are the most that", "Divide it")


def test_as_many_lines_as_are_read_are_fine() -> None:
    body = "## Contact\n\n" + "a\n" * (normal.LONGEST - 3) + "a"
    assert not builders.problems(builders.policy({**builders.TEXTS, "contact": body}))
