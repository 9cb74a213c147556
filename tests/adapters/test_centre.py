"""A page that asks for them shows every policy as it stands, and everything that was announced."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from mkdocs.exceptions import Abort

from adapters import projects
from adapters.commands import Terminal
from adapters.sites import AS_OF, build_site, tree

BOTH = "# Shop\n\n<!-- inforce: policies -->\n\n## News\n\n<!-- inforce: changes -->\n\n`<!-- inforce: changes -->`\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    projects.two_versions(tmp_path)
    other = (tmp_path / "versions/privacy/1.0.md").read_text(encoding="utf-8").replace('"privacy"', '"terms"')
    (tmp_path / "versions/terms").mkdir()
    (tmp_path / "versions/terms/1.0.md").write_text(other.replace("Shop Privacy", "Shop & Terms"), encoding="utf-8")
    projects.write_site(tmp_path, options=AS_OF)
    return tmp_path


def said(page: Any, part: str) -> list[str]:
    """The texts of the blocks, or items, of a part of a page."""
    found = page.xpath(f"//div[contains(@class, 'if-centre')]//{part}")
    return [" ".join(each.text_content().split()) for each in found]


@pytest.mark.parametrize(("name", "up"), [("index.md", ""), ("about/terms-of-use.md", "../../")])
def test_a_page_shows_every_policy_and_every_announcement(project: Path, name: str, up: str) -> None:
    path = project / "docs" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(BOTH, encoding="utf-8")
    site = build_site(project)
    page = tree(site / name.removesuffix("index.md").replace(".md", "/") / "index.html")
    privacy, terms = said(page, "section")
    assert "Shop Privacy Version 1.0. In force from 2 March 2026, 10:00 (UTC+01:00) until 1 May 2026" in privacy
    assert "Then: version 2.0 takes effect on 1 May 2026. A summary. See what changes." in privacy
    assert "Last change" not in privacy
    assert terms.startswith("Shop & Terms Version 1.0.")
    titles = ["Shop Privacy, version 2.0", "Shop Privacy, version 1.0", "Shop & Terms, version 1.0"]
    rows = said(page, "ul/li")
    assert sorted(title in row for row in rows for title in titles) == [False] * 6 + [True] * 3
    assert "version 1.0" in rows[-1]
    links = page.xpath("//div[contains(@class, 'if-centre')]//a/@href")
    assert links
    assert all(link.startswith(f"{up}privacy/") or link.startswith(f"{up}terms/") for link in links)
    assert page.xpath("//code[contains(., 'inforce: changes')]")


def test_what_there_is_not_is_named_with_its_page(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    (project / "docs/index.md").write_text("# Shop\n\n<!-- inforce: polcies -->\n", encoding="utf-8")
    with pytest.raises(Abort):
        build_site(project)
    told = "docs/index.md: <!-- inforce: polcies --> asks for what there is not. Did you mean `policies`?\n"
    assert told in caplog.text


@pytest.fixture(params=["MkDocs", "ours"])
def site(request: pytest.FixtureRequest, project: Path) -> Path:
    """The site as either layout builds it."""
    if request.param == "MkDocs":
        return build_site(project)
    Terminal(project).run("build", "--output", str(project / "ours"))
    return project / "ours"


def test_every_page_of_a_document_says_what_it_is_and_leads_to_the_feed(site: Path) -> None:
    for file in sorted((site / "privacy").rglob("index.html")):
        page, address = tree(file), file.parent.relative_to(site).as_posix() + "/"
        meta = {each.get("property"): each.get("content") for each in page.xpath("//head/meta[@property]")}
        assert meta["og:url"] == f"https://shop.example/{address}", address
        assert meta["og:type"] == "article"
        assert meta["og:title"]
        assert meta["og:description"]
        assert "A summary." not in meta["og:description"], address
        [canonical] = page.xpath("//head/link[@rel='canonical']/@href")
        assert canonical == meta["og:url"]
        [feed] = page.xpath("//head/link[@type='application/atom+xml']/@href")
        assert (file.parent / feed).resolve() == site / "privacy/feed.xml"


THING = {"name", "url", "description"}
WORK = THING | {"version", "inLanguage", "datePublished", "abstract", "encoding", "temporalCoverage"}
PROPERTIES = {
    "DigitalDocument": WORK,
    "MediaObject": WORK | {"contentUrl", "encodingFormat", "sha256", "uploadDate"},
}
"""What schema.org says (version 29) that these types have: DigitalDocument and MediaObject are CreativeWorks, which are
Things. ``sha256`` and ``contentUrl`` are a MediaObject's alone; ``encoding`` leads to one."""


def assert_typed(data: dict[str, Any]) -> None:
    """Every property is one of the object's type."""
    own = {key for key in data if not key.startswith("@")}
    assert own <= PROPERTIES[data["@type"]], own - PROPERTIES[data["@type"]]
    for value in data.values():
        if isinstance(value, dict):
            assert_typed(value)


def test_what_machines_are_told_is_of_schema_orgs_types(site: Path) -> None:
    for name in ("privacy", "privacy/1.0", "privacy/2.0"):
        [script] = tree(site / name / "index.html").xpath("//head/script[@type='application/ld+json']/text()")
        data = json.loads(script)
        assert (data["@context"], data["@type"]) == ("https://schema.org", "DigitalDocument")
        assert_typed(data)
        text = data["encoding"]["contentUrl"].removeprefix("https://shop.example/")
        assert (site / text).is_file()
