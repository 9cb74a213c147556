"""A draft is public while the policy invites comments on it, and at no other time."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters import projects
from adapters.sites import build_site, text

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
        path.write_text(f'{path.read_text(encoding="utf-8")}comments_until: "{until}"\n', encoding="utf-8")
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
