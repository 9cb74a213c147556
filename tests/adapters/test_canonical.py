"""Each page's address, as search engines are told it: its own, whoever builds the site, and whatever they may list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree, html

from adapters import projects
from adapters.commands import Terminal, announced
from adapters.sites import AS_OF, build_site

UNLISTED = ("privacy/redline/", "privacy/since/", "privacy/compare/", "privacy/draft/")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A policy of two versions, with a draft that is open for comment."""
    project = announced(tmp_path_factory.mktemp("canonical"))
    settings = project.root / "policy/privacy/policy.yml"
    days = 'comments_from: "2026-03-01"\ncomments_until: "2026-06-01"\n'
    settings.write_text(settings.read_text(encoding="utf-8") + days, encoding="utf-8")
    project.edit("contact", "## Contact\n\nWrite, or call.")
    return project.root


@pytest.fixture(scope="module", params=["build", "mkdocs", "readthedocs", "material"])
def site(request: pytest.FixtureRequest, root: Path) -> Path:
    """The site as each of those builds it, who all promise the same addresses."""
    projects.write_site(root, theme="mkdocs" if request.param == "build" else request.param, options=AS_OF)
    if request.param != "build":
        return build_site(root, target=request.param)
    done = Terminal(root)
    done.run("build", "--output", str(root / "own"), "--as-of", "2026-04-01T00:00:00Z")
    return root / "own"


def pages_of(site: Path) -> Iterator[tuple[str, html.HtmlElement]]:
    """(address below the site's, head) of every page."""
    for path in site.rglob("index.html"):
        address = path.parent.relative_to(site).as_posix()
        yield "" if address == "." else f"{address}/", html.fromstring(path.read_bytes()).find("head")


def test_each_page_names_its_own_address(site: Path) -> None:
    found = dict(pages_of(site))
    assert {"", "privacy/", "privacy/1.0/", "privacy/draft/", "privacy/clauses/cookies/"} <= found.keys()
    for address, head in found.items():
        assert head.xpath("link[@rel='canonical']/@href") == [f"{projects.ADDRESS}{address}"], address


def test_search_engines_list_texts_and_nothing_else(site: Path) -> None:
    unlisted = {
        address for address, head in pages_of(site) if head.xpath("meta[@name='robots'][contains(@content, 'noindex')]")
    }
    every = {address for address, _ in pages_of(site)}
    assert unlisted == {address for address in every if address.startswith(UNLISTED)}
    mapped = etree.fromstring((site / "sitemap.xml").read_bytes()).findall("{*}url/{*}loc")
    assert {loc.text for loc in mapped} == {f"{projects.ADDRESS}{address}" for address in every - unlisted}
