"""Whose numbers the clauses bear on built pages: those with which each version was published."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import html

from adapters import projects
from adapters.sites import AS_OF, build_site

ONCE = ["1. Cookies", "2. Contact"]
NUMBERED = {"ours": ["1. 1. Cookies", "2. 2. Contact"], "text": ONCE, "none": ONCE}


@pytest.mark.parametrize(("released", "drafted"), [("ours", "text"), ("text", "ours"), ("none", "ours")])
def test_each_version_keeps_the_numbering_with_which_it_was_published(
    tmp_path: Path, released: str, drafted: str
) -> None:
    clauses = {"preamble": "Hello.", "cookies": "## 1. Cookies\n\nTwo.", "contact": "## 2. Contact\n\nWrite."}
    projects.write_policy(tmp_path, clauses)
    settings = tmp_path / "policy/privacy/policy.yml"
    said = settings.read_text(encoding="utf-8")
    settings.write_text(f'{said}numbering: "{released}"\n', encoding="utf-8")
    projects.publish(tmp_path)
    settings.write_text(f'{said}numbering: "{drafted}"\n', encoding="utf-8")
    projects.write_site(tmp_path, options=f"{AS_OF}, drafts: true")
    site = build_site(tmp_path)

    def headings(page: str) -> list[str]:
        found = html.parse(site / f"privacy/{page}index.html").xpath("//section[@class='if-clause']/h2")
        return [" ".join(heading.text_content().split()).removesuffix(" ¶") for heading in found]

    assert headings("1.0/") == headings("") == NUMBERED[released]
    assert headings("draft/") == NUMBERED[drafted]


def test_a_redline_says_that_the_numbering_is_another(tmp_path: Path) -> None:
    projects.write_policy(tmp_path)
    projects.publish(tmp_path)
    settings = tmp_path / "policy/privacy/policy.yml"
    told = settings.read_text(encoding="utf-8").replace('"Shop Privacy"', '"text"') + 'numbering: "text"\n'
    settings.write_text(told, encoding="utf-8")
    projects.publish(tmp_path, at=datetime(2026, 3, 3, 9, 0, tzinfo=UTC))
    projects.write_site(tmp_path, options=AS_OF)
    page = html.parse(build_site(tmp_path) / "privacy/redline/1.0..1.1/index.html")
    assert [" ".join(each.text_content().split()) for each in page.xpath("//p[@class='if-term']")] == [
        "Title: Shop Privacy text",
        "Numbers of the clauses: counted from 1 as their headings are written",
    ]
