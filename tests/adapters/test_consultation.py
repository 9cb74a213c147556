"""A draft is public while the policy invites comments on it, and at no other time."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from adapters import projects
from adapters.sites import build_site, text
from inforce.draft import settings
from inforce.errors import InForceError

SECRET = "zq1x"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    projects.write_policy(tmp_path)
    projects.publish(tmp_path)
    projects.edit(tmp_path, "cookies", f'---\nnote: "Also {SECRET}."\n---\n## Cookies\n\nWe set {SECRET} cookies.')
    (tmp_path / "policy/privacy/next.yml").write_text(f'summary: "In short {SECRET}."\n', encoding="utf-8")
    return tmp_path


def site_of(project: Path, at: str, until: str = "") -> Path:
    """The site as of an instant, comments invited until a day, or not at all."""
    path = project / "policy/privacy/policy.yml"
    if until:
        path.write_text(
            f'{path.read_text(encoding="utf-8")}comments_from: "2026-03-20"\ncomments_until: "{until}"\n',
            encoding="utf-8",
        )
    projects.write_site(project, options=f'as_of: "{at}"')
    return build_site(project)


def holding(site: Path) -> set[str]:
    """The files that hold a word which was never released."""
    return {
        path.relative_to(site).as_posix()
        for path in site.rglob("*")
        if path.is_file() and SECRET.encode() in path.read_bytes()
    }


DRAFTED = {"privacy/draft/index.html", "privacy/redline/1.0..draft/index.html"}


@pytest.mark.parametrize(
    ("until", "at", "pages"),
    [
        ("", "2026-04-01T00:00:00Z", set()),
        ("2026-04-10", "2026-03-19T22:59:59Z", set()),
        ("2026-04-10", "2026-03-19T23:00:00Z", DRAFTED),
        ("2026-04-10", "2026-04-10T21:59:59Z", DRAFTED),  # midnight of the next day in Berlin
        ("2026-04-10", "2026-04-10T22:00:00Z", set()),
    ],
)
def test_a_draft_is_public_until_its_day_ends(project: Path, until: str, at: str, pages: set[str]) -> None:
    assert holding(site_of(project, at, until)) == pages


def test_it_says_until_when_and_how_to_comment(project: Path) -> None:
    site = site_of(project, "2026-04-01T00:00:00Z", "2026-04-10")
    told = "You can comment on it until 10 April 2026: privacy@shop.example."
    for page in ("privacy", "privacy/draft", "privacy/redline/1.0..draft"):
        assert told in text(site / page / "index.html"), page
    assert "shown to editors" not in text(site / "privacy/index.html")
    assert "/draft" not in (site / "sitemap.xml").read_text(encoding="utf-8")
    assert 'content="noindex' in (site / "privacy/draft/index.html").read_text(encoding="utf-8")


def test_what_is_not_drafted_is_not_open_for_comment(tmp_path: Path) -> None:
    projects.write_policy(tmp_path)
    projects.publish(tmp_path)
    site = site_of(tmp_path, "2026-04-01T00:00:00Z", "2026-04-10")
    assert not (site / "privacy/draft").exists()
    assert "comment" not in text(site / "privacy/index.html")


def entries(site: Path) -> list[tuple[str, ...]]:
    """The feed's entries: title, link, and when it was updated."""
    feed = etree.fromstring((site / "privacy/feed.xml").read_bytes())
    rows = feed.iter("{*}entry")
    return [(row.findtext("{*}title"), row.find("{*}link").get("href"), row.findtext("{*}updated")) for row in rows]


@pytest.mark.parametrize(
    ("at", "shown"), [("2026-03-19T22:59:59Z", False), ("2026-04-01T00:00:00Z", True), ("2026-04-10T22:00:00Z", False)]
)
def test_the_feed_announces_it_while_its_page_is_there(project: Path, at: str, shown: bool) -> None:
    site = site_of(project, at, "2026-04-10")
    title = "Shop Privacy, draft, open for comment until 10 April 2026"
    [*first, version] = entries(site)
    assert version[0].startswith("Shop Privacy, version 1.0")
    assert first == ([(title, f"{projects.ADDRESS}privacy/draft/", "2026-03-19T23:00:00+00:00")] if shown else [])
    assert (site / "privacy/draft/index.html").exists() is shown


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ('comments_until: "2026-04-10"', "`comments_until` stands without `comments_from`"),
        ('comments_from: "2026-04-10"', "`comments_from` stands without `comments_until`"),
        ('comments_from: "2026-04-10"\ncomments_until: "2026-04-09"', "`comments_until` is before `comments_from`"),
    ],
)
def test_it_has_a_first_and_a_last_day(project: Path, days: str, told: str) -> None:
    path = project / "policy/privacy/policy.yml"
    data = f"{path.read_text(encoding='utf-8')}{days}\n".encode()
    with pytest.raises(InForceError, match=told):
        settings.read(data, "policy/privacy/policy.yml")
