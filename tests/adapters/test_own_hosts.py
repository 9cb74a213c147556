"""No page of ours loads anything from a foreign host: what a reader of a policy looks at is nobody else's business.

Read from the files of two sites, the shipped one and the one that README tells a company to make, and from the pages
that stand alone. What scripts fetch once they run is watched in a browser, in ``tests/e2e``.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from lxml import html

from adapters import projects
from adapters.commands import announced
from adapters.sites import build_site

LOADING = {
    *("stylesheet", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch", "prerender"),
    *("icon", "apple-touch-icon", "mask-icon", "manifest"),
}
SOURCES = "//*/@src | //@srcset | //@poster | //object/@data | //*[local-name() = 'use']/@href"
IN_STYLE = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")


def loaded_by_page(page: html.HtmlElement) -> Iterator[str]:
    """Every address that a browser fetches for a page without being asked to."""
    for link in page.xpath("//link[@href]"):
        if LOADING & set(link.get("rel", "").lower().split()):
            yield link.get("href")
    for value in page.xpath(SOURCES):
        yield from (each.split()[0] for each in value.split(", ")) if value.attrname == "srcset" else [value]
    for text in page.xpath("//style/text() | //@style"):
        yield from loaded_by_style(text)


def loaded_by_style(text: str) -> Iterator[str]:
    yield from (address or other for address, other in IN_STYLE.findall(text))


def foreign(address: str, host: str) -> bool:
    return urlsplit(address).netloc not in ("", host)


def foreign_loads(site: Path, host: str) -> list[tuple[str, str]]:
    """(file, address) of all that a site's files load from elsewhere than ``host``."""
    found = []
    for path in sorted(site.rglob("*")):
        if path.suffix == ".html":
            addresses = loaded_by_page(html.parse(path).getroot())
        elif path.suffix == ".css":
            addresses = loaded_by_style(path.read_text(encoding="utf-8"))
        else:
            continue
        found += [(path.relative_to(site).as_posix(), each) for each in addresses if foreign(each, host)]
    return found


def example(repo_root: Path) -> str:
    """The ``mkdocs.yml`` that README shows."""
    blocks = re.findall(r"^```yaml\n(.*?)^```$", (repo_root / "README.md").read_text("utf-8"), re.M | re.S)
    [settings] = [block for block in blocks if "site_name:" in block]
    return settings


@pytest.fixture
def company(repo_root: Path, tmp_path: Path) -> Path:
    """What README tells a company to make, with a policy in it."""
    projects.two_versions(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# Our policies\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(example(repo_root), encoding="utf-8")
    return tmp_path


def test_the_site_of_a_company_loads_nothing_foreign(company: Path) -> None:
    site = build_site(company)
    host = urlsplit(yaml.safe_load((company / "mkdocs.yml").read_text("utf-8"))["site_url"]).netloc
    assert (site / "privacy/index.html").is_file()
    assert foreign_loads(site, host) == []


def test_the_shipped_site_loads_nothing_foreign(repo_root: Path, tmp_path: Path) -> None:
    for name in ("docs", "policy", "versions"):
        shutil.copytree(repo_root / name, tmp_path / name)
    shutil.copy(repo_root / "mkdocs.yml", tmp_path)
    assert foreign_loads(build_site(tmp_path), "policies.example") == []


def test_pages_that_stand_alone_load_nothing_foreign(tmp_path: Path) -> None:
    project = announced(tmp_path / "project")
    (tmp_path / "site").mkdir()
    for name, command in {
        "redline": ("redline", "privacy", "1.0", "2.0", "--html"),
        "rehearsal": ("rehearse", "--format", "html"),
    }.items():
        (tmp_path / "site" / f"{name}.html").write_text(project.run(*command).stdout, encoding="utf-8")
    assert foreign_loads(tmp_path / "site", "") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<link rel="preconnect" href="https://fonts.gstatic.com">'),
        ("a.html", '<link rel="stylesheet" href="//fonts.googleapis.com/css">'),
        ("a.html", '<script src="http://unpkg.com/x.js"></script>'),
        ("a.html", '<img srcset="a.png 1x, https://a.example/b.png 2x">'),
        ("a.html", '<p style="background: url(https://a.example/b.png)">'),
        ("a.css", '@import "https://a.example/b.css";'),
        ("a.css", "@font-face { src: url('https://a.example/b.woff2') }"),
    ],
)
def test_what_is_foreign_is_found(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(f"<!doctype html><title>A</title>{text}" if name.endswith("html") else text)
    [(path, address)] = foreign_loads(tmp_path, "b.example")
    assert path == name
    assert urlsplit(address).netloc


def test_what_is_linked_is_not_loaded(tmp_path: Path) -> None:
    text = '<link rel="canonical" href="https://b.example/"><a href="https://a.example/">a</a><img src="/b.png">'
    (tmp_path / "a.html").write_text(f"<!doctype html><title>A</title>{text}", encoding="utf-8")
    assert foreign_loads(tmp_path, "b.example") == []
