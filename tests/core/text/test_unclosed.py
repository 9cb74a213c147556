"""Tags that nothing closes are no tags, and nobody looks for their end again and again."""

from __future__ import annotations

import re

import pytest

from inforce.text import unsafe
from inforce.text.clauses import read_clause


@pytest.mark.parametrize("pumped", ["<p ", "<div\n", "<li a=", '<p>\n<p "', "</p ", "<!--", "<![a", "<td/"])
def test_only_what_can_be_a_tag_is_read_as_one(pumped: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fed: list[str] = []
    monkeypatch.setattr(unsafe._Tags, "feed", lambda _, text: fed.append(text))
    unsafe.find(read_clause("a", f"## A\n\n{pumped * 8}".encode(), "a.md"))
    [text] = fed
    assert not re.search("<[a-z/!?]", text[text.rfind(">") + 1 :])
