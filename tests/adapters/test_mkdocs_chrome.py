"""What a policy says stays text in the theme's own parts of a page: titles, tables of contents, descriptions."""

from __future__ import annotations

from pathlib import Path

import html5lib
import pytest

from adapters import projects
from adapters.sites import build_site

BREAKOUT = "</title><script>alert(1)</script>"
REFRESH = '0;url=https://elsewhere.example/" http-equiv="refresh'
HEADING = "Head &lt;img src=x onerror=alert(2)&gt; &lt;/title&gt;&lt;script&gt;alert(3)&lt;/script&gt;"


@pytest.mark.parametrize("theme", ["mkdocs", "readthedocs", "material"])
def test_no_words_of_a_policy_become_markup(tmp_path: Path, theme: str) -> None:
    projects.write_policy(tmp_path)
    projects.write_site(tmp_path, theme=theme)
    settings = tmp_path / "policy/privacy/policy.yml"
    text = settings.read_text(encoding="utf-8").replace('"Shop Privacy"', f'"We never sell {BREAKOUT}"')
    assert BREAKOUT in text
    settings.write_text(text, encoding="utf-8")
    clause = tmp_path / "policy/privacy/cookies.md"
    clause.write_text(f"## {HEADING}\n\nWe set two cookies.\n", encoding="utf-8")
    projects.publish(tmp_path, summary=REFRESH)
    pages = sorted(build_site(tmp_path).rglob("privacy/**/index.html"))
    assert len(pages) > 3
    for page in pages:
        tree = html5lib.parse(page.read_text(encoding="utf-8"), namespaceHTMLElements=False)
        scripts = ["".join(script.itertext()) for script in tree.iter("script")]
        assert not [script for script in scripts if script.startswith("alert(")], page
        assert not [element for element in tree.iter() if any(name.startswith("on") for name in element.attrib)], page
        assert not [meta for meta in tree.iter("meta") if meta.get("http-equiv", "").lower() == "refresh"], page
