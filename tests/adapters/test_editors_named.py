"""Who edited is named on no page, unless the policy says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters import projects
from adapters.repositories import ADA, TestRepository
from adapters.sites import AS_OF, build_site
from inforce.model import Severity

SAID_BY = ("privacy/versions/index.html", "privacy/clauses/cookies/index.html", "privacy/redline/1.0..2.0/index.html")


def named(site: Path, names: set[str]) -> set[str]:
    """Every published file that holds one of these names."""
    files = {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    return {file for file, data in files.items() if any(name.encode() in data for name in names)}


@pytest.mark.parametrize("shown", [None, "false", "true"])
def test_no_file_names_an_editor_unless_the_policy_says_so(tmp_path: Path, shown: str | None) -> None:
    projects.write_policy(tmp_path)
    settings = tmp_path / "policy/privacy/policy.yml"
    if shown:
        settings.write_text(f'{settings.read_text(encoding="utf-8")}show_editors: "{shown}"\n', encoding="utf-8")
    projects.publish(tmp_path)
    repository = TestRepository(tmp_path)
    repository.commit({})
    projects.edit(tmp_path, "cookies", "## Cookies\n\nWe set three cookies.")
    repository.commit({})
    projects.publish(tmp_path, at=projects.ANNOUNCED, severity=Severity.MATERIAL)
    repository.commit({})
    projects.write_site(tmp_path, options=AS_OF)
    site = build_site(tmp_path)
    names = {ADA.partition(" <")[0], *repository.git("log", "--format=%an%n%cn").splitlines()}
    [piece] = site.glob("privacy/compare/wordings/*.html")
    more = {"privacy/since/1.0/index.html", piece.relative_to(site).as_posix()}
    assert named(site, names) == (set(SAID_BY) | more if shown == "true" else set())
    assert "Committed" in (site / "privacy/versions/index.html").read_text(encoding="utf-8")
