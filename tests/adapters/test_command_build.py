"""`inforce build`: a site without a generator, a folder in which nothing of others is touched, and what is kept."""

from __future__ import annotations

import base64
import contextlib
import errno
import gzip
import hashlib
import hmac
import json
import os
import re
import shutil
import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import html5lib
import pytest
from lxml import etree
from mkdocs.exceptions import Abort

from adapters import sites
from adapters.commands import MORE, Terminal, announced, committed
from adapters.projects import ADDRESS, write_policy, write_site
from adapters.sites import content, published
from inforce import project as sources
from inforce.adapters import cache, files, output, site_builder, site_settings
from inforce.changes import kinds
from inforce.errors import InForceError
from inforce.ledger.addresses import Addresses
from inforce.publish.publication import Publication
from inforce.publish.site import Content
from inforce.redline import Redline, redline
from inforce.text import clauses
from inforce.text.html import brought

AS_OF = "2026-03-20T00:00:00+01:00"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    root = tmp_path / "project"
    root.mkdir()
    found = announced(root)
    write_policy(root, document="terms")
    found.edit("contact", "## Contact\n\nSee [cookies](#cookies), or [the terms](../terms/#contact).\n\n- a\n  - b\n")
    write_site(root, options=f'as_of: "{AS_OF}"')
    return found


def test_every_page_and_file_of_the_publication_stands(project: Terminal) -> None:
    project.run("build")
    read = files.read(project.root)
    publication = Publication(sources.read(read), site_settings.instant(AS_OF, "--as-of"), ADDRESS)
    site = project.root / "site"
    for page in publication.pages():
        assert (site / page.address / "index.html").is_file(), page.address
    for address, data in publication.files(files.site_files()):
        assert address == "_headers" or (site / address).read_bytes() == data, address
    ledger = publication.policies[0].ledger
    for address in Addresses("privacy").published(ledger):
        assert (site / address).exists(), address
    assert (site / "privacy/1.0.txt").read_bytes() == (site / "privacy/1.0.md").read_bytes()


def test_every_page_is_valid_and_brings_nothing_from_elsewhere(project: Terminal) -> None:
    project.run("build", "--drafts")
    for page in sites.pages(project.root / "site"):
        text = page.read_text("utf-8")
        html5lib.HTMLParser(strict=True).parse(text)
        ids = sites.tree(page).xpath("//@id")
        assert len(ids) == len(set(ids)), page
        assert [told for element, told in brought(text) if not element or "://" in told] == []


def test_no_clause_can_have_an_id_of_the_page_around_it(project: Terminal) -> None:
    """A clause may be called anything, such as `contents` or `verify`: what leads there is not to end elsewhere."""
    project.run("build", "--drafts")
    found = sources.read(project.files())
    known = {clause.id for policy in found.policies for version in policy.ledger.versions for clause in version.clauses}
    for page in sites.pages(project.root / "site"):
        ids = {*sites.tree(page).xpath("//@id")}
        possible = {name for name in ids if clauses.ID.match(name)}
        assert possible <= known or not ids & known, page


def test_every_link_leads_somewhere(project: Terminal) -> None:
    project.run("build", "--drafts")
    found = list(sites.links(project.root / "site"))
    assert [each for each in found if each[2]] == []
    assert len(found) > 100


def test_home_search_sitemap_and_the_page_for_what_is_not_there(project: Terminal) -> None:
    project.run("build")
    site = project.root / "site"
    home = (site / "index.html").read_text("utf-8")
    assert "<strong>Version 1.0.</strong>" in home
    assert "<h2>Announced</h2>" in home
    assert "version 2.0 takes effect on" in (site / "index.html").read_text("utf-8")
    assert "We set two cookies." in (site / "assets/inforce/search.json").read_text("utf-8")
    listed = etree.fromstring((site / "sitemap.xml").read_bytes()).xpath("//*[local-name()='loc']/text()")
    assert ADDRESS in listed
    assert f"{ADDRESS}privacy/1.0/" in listed
    assert not [address for address in listed if "/redline/" in address]
    assert 'content="noindex, follow"' in (site / "404.html").read_text("utf-8")
    assert "style-src 'self';" in (site / "_headers").read_text("utf-8")


def test_the_style_sheet_is_small(project: Terminal) -> None:
    project.run("build")
    style = (project.root / "site/assets/inforce/inforce.css").read_bytes()
    assert len(gzip.compress(style, mtime=0)) <= 6 * 1024
    assert b"url(" not in style
    assert b"@import" not in style


SETTINGS = """\
site_name: The Shop
site_url: https://a.example/legal
theme: {custom: !!python/name:a.b ''}
plugins:
  - search
  - inforce:
      epoch: 3
      drafts: true
      as_of: !ENV [SHOP_AS_OF, '2026-06-01T00:00:00Z']
"""


def test_it_goes_by_the_settings_of_mkdocs_and_by_its_options(
    project: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project.root / "mkdocs.yml").write_text(SETTINGS, encoding="utf-8")
    settings = site_settings.read(project.root)
    assert settings == site_settings.SiteSettings(
        "The Shop", "https://a.example/legal/", "", "2026-06-01T00:00:00Z", drafts=True, epoch=3
    )
    (project.root / "mkdocs.yml").rename(project.root / "properdocs.yml")
    assert site_settings.read(project.root) == replace(settings, file="properdocs.yml")
    monkeypatch.setenv("SHOP_AS_OF", AS_OF)
    assert site_settings.read(project.root).as_of == AS_OF
    project.run("build", "--site-name", "Another", "--site-url", "https://b.example")
    page = (project.root / "site/privacy/index.html").read_text("utf-8")
    assert '<link rel="canonical" href="https://b.example/privacy/">' in page
    assert "<bdi>Another</bdi>" in page
    assert (project.root / "site/privacy/draft/index.html").is_file()


def test_the_environment_says_what_mkdocs_takes_it_to_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = "plugins: [{inforce: {drafts: !ENV [SHOP_DRAFTS, false], epoch: !ENV [NOBODYS, SHOP_EPOCH, 0]}}]\n"
    (tmp_path / "mkdocs.yml").write_text(told, encoding="utf-8")
    assert site_settings.read(tmp_path) == site_settings.SiteSettings(drafts=False, epoch=0)
    monkeypatch.setenv("SHOP_DRAFTS", "true")
    monkeypatch.setenv("SHOP_EPOCH", "3")
    assert site_settings.read(tmp_path) == site_settings.SiteSettings(drafts=True, epoch=3)


@pytest.mark.parametrize("wrong", ["site_url: shop\n", 'site_name: "\\0"\n', "drafts: 3", "epoch: -1", "as_of: soon"])
def test_what_is_wrong_is_told_of_the_file_that_says_it(project: Terminal, wrong: str) -> None:
    (project.root / "mkdocs.yml").unlink()
    text = wrong if wrong.startswith("site") else f"plugins: [inforce: {{{wrong}}}]\n"
    (project.root / "properdocs.yml").write_text(text, encoding="utf-8")
    [line] = project.run("build", status=1).stderr.splitlines()
    assert line.startswith("properdocs.yml: ")


def test_a_file_whose_line_ends_changed_is_told_once(project: Terminal, caplog: pytest.LogCaptureFixture) -> None:
    committed(project).git("branch", "published")
    path = project.root / "versions/privacy/1.0.md"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    lines = project.run("build", status=1).stderr.splitlines()
    [told] = [line for line in lines if line.startswith("versions/privacy/1.0.md")]
    assert "This published file differs by line endings only" in told
    with pytest.raises(Abort):
        sites.build_site(project.root)
    assert caplog.text.count("versions/privacy/1.0.md:") == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [", "This is no YAML that can be read"),
        ("plugins:\n  - inforce: {as_of: soon}\n", "`as_of` is not an RFC 3339 instant: 'soon'"),
        ("plugins:\n  - inforce: {epoch: -1}\n", "epoch is -1"),
        ("plugins:\n  - inforce: {epoch: []}\n", "epoch is []"),
        ("plugins:\n  - inforce: {drafts: 'yes'}\n", "drafts is 'yes'"),
        ("plugins:\n  - inforce: {as_of: 2026-13-45}\n", "This is no YAML that can be read"),
        ("plugins:\n  - inforce: {as_of: '9999-12-31T23:59:59-12:00'}\n", "`as_of` lies outside the years"),
        ("plugins:\n  - inforce: {as_of: '0001-01-01T00:00:00+14:00'}\n", "`as_of` lies outside the years"),
        ("plugins:\n  - inforce: {as_of: !ENV [3, x]}\n", "`as_of` is not an RFC 3339 instant: 'x'"),
        ("plugins:\n  - inforce: {as_of: '2026-W14-3T00:00:00Z'}\n", "`as_of` is not an RFC 3339 instant"),
        ("[" * 2000, "This is no YAML that can be read"),
        ("site_url: shop.example\n", "'shop.example' is no address"),
        ("site_url: 'javascript:alert(1)'\n", "is no address"),
        ("site_url: 'https://a.example/?b'\n", "is no address"),
        ("site_url: 'https://[a/'\n", "is no address"),
        ('site_name: "\\ud800"\n', "U+D800"),
        ('site_name: "\\0"\n', "NUL"),
        ('copyright: "a\\u202eb"\n', "U+202E"),
    ],
)
def test_settings_that_cannot_be_used_are_a_line(project: Terminal, text: str, told: str) -> None:
    (project.root / "mkdocs.yml").write_text(text, encoding="utf-8")
    [line] = project.run("build", status=1).stderr.splitlines()
    assert line.startswith("mkdocs.yml")
    assert told in line


def test_an_instant_needs_no_quotes(project: Terminal) -> None:
    (project.root / "mkdocs.yml").write_text(
        "plugins:\n  - inforce: {as_of: 2026-06-01T08:00:00+08:00}\n", encoding="utf-8"
    )
    told = site_settings.read(project.root)
    assert site_settings.instant(told.as_of, told.file) == datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "words",
    [
        ("--site-url", "nonsense"),
        ("--site-url", "https://a b/"),
        ("--as-of", "9999-12-31T23:59:59-12:00"),
        ("--as-of", "2026-01-01"),
        ("--into", "nowhere"),
        ("-o", "mkdocs.yml"),
        ("-o", "x" * 300),
    ],
)
def test_options_that_cannot_be_used_are_a_line(project: Terminal, words: Sequence[str]) -> None:
    before = content(project.root)
    [*_, line] = project.run("build", *words, status=1).stderr.splitlines()
    assert "a fault of inforce itself" not in line
    after = {name: data for name, data in content(project.root).items() if not name.startswith(".cache/")}
    assert after == before


def test_a_second_build_writes_nothing_and_an_edit_only_what_it_changed(project: Terminal) -> None:
    assert ", 0 written." not in project.run("build", "--drafts").stdout
    site = project.root / "site"
    before = {name: (site / name).stat().st_ino for name in content(site) if name != output.LIST}
    assert ", 0 written." in project.run("build", "--drafts").stdout
    project.edit("cookies", MORE.replace("three", "four"))
    project.run("build", "--drafts")
    after = {name: (site / name).stat().st_ino for name in content(site) if name != output.LIST}
    changed = {name for name, number in after.items() if before.get(name) != number}
    assert "privacy/draft/index.html" in changed
    assert "privacy/1.0/index.html" not in changed


def test_without_the_cache_the_bytes_are_the_same(project: Terminal) -> None:
    committed(project)
    project.run("build", "-o", "first")
    project.run("build", "-o", "second")
    project.run("build", "-o", "third", "--no-cache")
    first = published(project.root / "first")
    assert len(first) > 50
    assert published(project.root / "second") == first
    assert published(project.root / "third") == first


def test_a_site_that_was_built_before_is_as_one_that_never_was(project: Terminal) -> None:
    """After whatever happens, no file stands there that would not be made so again."""

    def same(*options: str) -> None:
        shutil.rmtree(project.root / "fresh", ignore_errors=True)
        project.run("build", "-o", "again", *options)
        project.run("build", "-o", "fresh", "--no-cache", *options)
        assert published(project.root / "again") == published(project.root / "fresh")

    def settings(document: str, old: str, new: str) -> None:
        path = project.root / f"policy/{document}/policy.yml"
        assert old in path.read_text(encoding="utf-8")
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    same("--drafts")
    same("--as-of", "2026-06-01T00:00:00Z")
    same("--as-of", "2026-06-01T00:00:00Z", "--site-name", "Others & we")
    same("--site-url", "https://elsewhere.example/legal/")
    project.run("erratum", "privacy", "1.0", "--note", "A comma was missing.", "--yes")
    same()
    project.run("withdraw", "privacy", "2.0", "--reason", "It named the wrong day.")
    settings("privacy", "contact: ", 'show_editors: "true"\ncontact: ')
    committed(project)
    same()
    project.edit("cookies", MORE.replace("three", "five"))
    graded = ("--severity", "cookies=notice", "--note", "cookies=Five.")
    project.release(*graded, "--severity", "contact=notice", "--note", "contact=More.", "--waive-notice", "A test.")
    project.run("release", "terms", "--summary", "The first one.", "--effective", "today")
    same()
    project.run("retire", "terms", "--reason", "It is over.", "--effective", "2026-05-01")
    same()


def test_mkdocs_builds_the_same_bytes_with_the_cache_and_without_and_elsewhere(
    project: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")  # of what the theme says of the build
    (project.root / "docs/index.md").write_text("# Shop\n\n[1.0](privacy/1.0/index.md#cookies)\n", encoding="utf-8")
    first = content(sites.build_site(project.root, target="first"))
    assert (project.root / cache.FOLDER / "kept.db").is_file()
    with monkeypatch.context() as patched:
        patched.setattr(site_builder.templates, "render", None)  # nothing has to be laid out
        second = content(sites.build_site(project.root, target="second"))
    monkeypatch.setenv("INFORCE_NO_CACHE", "1")
    elsewhere = shutil.copytree(project.root, tmp_path / "another" / "place, deeper")
    third = content(sites.build_site(elsewhere, target="third"))
    assert len(first) > 50
    assert second == first
    assert third == first


def test_what_was_finished_comes_back_from_the_cache(project: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    project.run("build", "-o", "first")

    def made_again() -> str:
        raise AssertionError("It was to be kept.")

    render = site_builder.templates.render

    def rendered(content: Content, *more: Sequence[str]) -> str:
        return render(content, *more) if content.template in ("home.html", "missing.html") else made_again()

    monkeypatch.setattr(site_builder.templates, "render", rendered)
    project.run("build", "-o", "second")
    assert published(project.root / "second") == published(project.root / "first")


def test_a_redline_is_made_once_however_often_its_pages_are(project: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, ...]] = []

    def counted(*texts: str) -> Redline:
        made.append(texts)
        return redline(*texts)

    def built(folder: str, *options: str) -> set[tuple[str, ...]]:
        kinds.clause_redline.cache_clear()  # as another process would
        kinds._wording.cache_clear()
        made.clear()
        project.run("build", "-o", folder, *options)
        return {*made}

    monkeypatch.setattr(kinds, "redline", counted)
    before = built("first")
    assert before
    for _ in range(5):
        assert not built("first"), "nobody asks for a redline whose pages are there, and yet it stays"
    project.edit("cookies", MORE.replace("three", "five"))
    graded = ("--severity", "cookies=notice", "--note", "cookies=Five.", "--severity", "contact=notice")
    graded = (*graded, "--note", "contact=More.", "--effective", "2026-06-01")
    project.run("release", "privacy", "--summary", "Five.", *graded)
    after = built("first")
    assert after
    assert not after & before
    assert built("second", "--no-cache") > after
    assert published(project.root / "first") == published(project.root / "second")


def test_without_the_cache_a_page_is_made_anew_where_one_stands(project: Terminal) -> None:
    project.run("build")
    page = project.root / "site/privacy/1.0/index.html"
    made = page.read_bytes()
    page.write_bytes(made + b"<!-- another's -->")
    listed = json.loads((project.root / "site" / output.LIST).read_bytes())
    listed["privacy/1.0/index.html"][1] = hashlib.sha256(page.read_bytes()).hexdigest()
    (project.root / "site" / output.LIST).write_text(json.dumps(listed), encoding="utf-8")
    project.run("build", "--no-cache")
    assert page.read_bytes() == made


def _swap(kept: Path, value: object, key: bytes = bytes(32)) -> None:
    """Have every value of a cache be another one, under the seal of somebody else's key."""
    with sqlite3.connect(kept) as database:
        for (name,) in database.execute("SELECT name FROM kept").fetchall():
            data = value if isinstance(value, bytes) else b""
            seal = hmac.digest(key, name.encode() + b"\0" + data, "sha256")
            database.execute("UPDATE kept SET value = ?, seal = ? WHERE name = ?", (value, seal, name))
    database.close()


HOSTILE = zlib.compress(b'["", [], "", []]\n<script>alert(1)</script>')


@pytest.mark.parametrize(
    "spoilt",
    ["damaged", "foreign", "another", "unreadable", "cut", HOSTILE, zlib.compress(b"{"), b"", "text", 10**15, None],
)
def test_a_cache_that_is_not_as_it_was_left_is_passed_over(project: Terminal, spoilt: object) -> None:
    project.run("build", "-o", "first")
    kept = project.root / cache.FOLDER / "kept.db"
    if spoilt == "damaged":  # every value says another thing by now, under its old name
        with sqlite3.connect(kept) as database:
            [(value,), *_] = database.execute("SELECT value FROM kept").fetchall()
            database.execute("UPDATE kept SET value = ?", (value,))
        database.close()
    elif spoilt == "another":
        kept.unlink()
        with sqlite3.connect(kept) as database:
            database.execute("CREATE TABLE kept (name TEXT)")
        database.close()
    elif spoilt == "foreign":
        kept.write_bytes(b"SQLite format 3\0" + b"rubbish" * 1000)
    elif spoilt == "cut":
        kept.write_bytes(kept.read_bytes()[: kept.stat().st_size // 2])
    elif spoilt == "unreadable":
        kept.unlink()
        kept.mkdir()
    else:
        _swap(kept, spoilt)
    project.run("build", "-o", "second")
    assert published(project.root / "second") == published(project.root / "first")
    if spoilt != "unreadable":  # and it is of use again, for the next build or the one after that
        project.run("build", "-o", "third")
        with contextlib.closing(cache.Cache(project.root)) as again:
            assert again.sound()


def test_what_somebody_else_kept_is_nothing(project: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with contextlib.closing(cache.Cache(project.root)) as kept:
        kept.put("a", b"b")
    with contextlib.closing(cache.Cache(project.root)) as kept:
        assert kept.get("a") == b"b"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))
    with contextlib.closing(cache.Cache(project.root)) as kept:
        assert kept.get("a") is None


@pytest.mark.parametrize("name", [".cache", ".cache/inforce", ".cache/inforce/kept.db", ".cache/inforce/.gitignore"])
def test_nothing_is_kept_through_a_link(project: Terminal, tmp_path: Path, name: str) -> None:
    theirs = tmp_path / "theirs"
    if name.rpartition("/")[2] in ("kept.db", ".gitignore"):
        with sqlite3.connect(theirs) as database:
            database.execute("CREATE TABLE precious (a)")
        database.close()
    else:
        theirs.mkdir()
    before = theirs.read_bytes() if theirs.is_file() else b""
    (project.root / name).parent.mkdir(parents=True, exist_ok=True)
    (project.root / name).symlink_to(theirs)
    project.run("build")
    assert theirs.read_bytes() == before if theirs.is_file() else not list(theirs.iterdir())


def test_nobody_waits_twice_for_another_build(project: Terminal) -> None:
    with contextlib.closing(cache.Cache(project.root)) as kept:
        kept.put("a", b"b")
        with contextlib.closing(cache.Cache(project.root)) as second:
            second.put("c", b"d")
            assert second.get("a") is None
    with contextlib.closing(cache.Cache(project.root)) as kept:
        assert kept.get("a") == b"b"
        assert kept.get("c") is None


def test_a_ledger_that_was_sound_is_read_again_when_a_byte_of_it_changes(project: Terminal) -> None:
    project.run("build")
    path = project.root / "versions/privacy/1.0.md"
    path.write_bytes(path.read_bytes().replace(b"two", b"few"))
    assert "versions/privacy/2.0.md" in project.run("build", status=1).stderr


def test_the_cache_is_no_business_of_git(project: Terminal) -> None:
    repository = committed(project)
    project.run("build", "-o", "../elsewhere")
    assert repository.git("status", "--short").strip() == ""


def test_the_code_that_made_a_page_is_part_of_its_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = cache.made_by()
    shutil.copytree(files.PACKAGE, tmp_path / "inforce", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(files, "PACKAGE", tmp_path / "inforce")
    cache.made_by.cache_clear()
    assert cache.made_by() == before
    cache.made_by.cache_clear()
    page = tmp_path / "inforce/templates/inforce/_clause.html"
    page.write_text(page.read_text("utf-8") + " ", encoding="utf-8")
    assert cache.made_by() != before
    cache.made_by.cache_clear()


def test_the_chain_can_be_followed_from_the_site_alone(project: Terminal) -> None:
    project.run("erratum", "privacy", "1.0", "--note", "A comma was missing.", "--yes")
    project.run("withdraw", "privacy", "2.0", "--reason", "It named the wrong day.")
    project.run("build")
    site = project.root / "site"
    named = {}
    for path in (*site.glob("privacy/*.md"), *site.glob("privacy/events/*")):
        data = path.read_bytes()
        before = re.search(rb'^previous: "(.*)"$', data, re.MULTILINE)
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        named[f"sha256-{digest}"] = path.name, before[1].decode() if before else ""
    followed = []
    link = json.loads((site / "policy-manifest.json").read_bytes())["documents"]["privacy"]["head"]
    while link:
        name, link = named[link]
        followed.append(name)
    assert followed == ["2.yml", "1.yml", "2.0.md", "1.0.md"]


def test_what_is_not_published_any_more_goes(project: Terminal) -> None:
    project.run("build", "--drafts")
    site = project.root / "site"
    (site / "theirs.html").write_text("theirs", encoding="utf-8")
    assert (site / "privacy/draft/index.html").is_file()
    project.run("build")
    assert not (site / "privacy/draft").exists()
    assert (site / "theirs.html").read_text("utf-8") == "theirs"


def test_a_build_that_fails_leaves_the_site_as_it_was(project: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    project.run("build")
    before = content(project.root / "site")

    def broken(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device", "site/privacy/index.html")

    monkeypatch.setattr(site_builder.templates, "whole", broken)
    project.run("build", "--drafts", "--site-name", "Another", status=1)
    assert content(project.root / "site") == before
    project.run("build", "-o", "new", "--no-cache", status=1)
    assert not (project.root / "new").exists()
    assert not list(project.root.glob(".new*"))


@pytest.mark.parametrize("empty", ["folder", "link", "here"])
def test_an_empty_folder_stays_the_one_that_it_is(
    project: Terminal, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be a link, a disk of its own, or where somebody works; a build that fails leaves it empty."""
    folder = project.root / "real"
    folder.mkdir()
    (project.root / "link").symlink_to("real")
    known, target = folder.stat().st_ino, {"folder": "real", "link": "link", "here": "."}[empty]
    monkeypatch.chdir(folder)
    where = Terminal(Path() if empty == "here" else project.root, project.now)
    with monkeypatch.context() as broken:
        broken.setattr(site_builder.templates, "whole", lambda **_: 1 // 0)
        where.run("build", "-o", target, "--no-cache", status=1)
    assert not list(folder.iterdir())
    where.run("build", "-o", target)
    assert folder.stat().st_ino == known
    assert (folder / "policy-manifest.json").is_file()


@pytest.mark.parametrize("nth", range(1, 6))
def test_what_a_killed_build_left_goes_when_it_is_not_published_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    """As a draft's page does, that was to be replaced."""

    def built(*made: tuple[str, bytes]) -> output.Report:
        return output.put(
            tmp_path / "site", iter([output.OutputFile(name, str(data), lambda d=data: d) for name, data in made])
        )

    replace, calls = Path.replace, iter(range(1, 99))

    def killed(path: Path, target: Path) -> Path:
        if next(calls) == nth:
            raise KeyboardInterrupt
        return replace(path, target)

    built(("a", b"1"), ("draft", b"1"))
    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", killed)
        with contextlib.suppress(KeyboardInterrupt):
            built(("a", b"2"), ("draft", b"2"), ("new", b"2"))
    built(("a", b"3"))
    assert published(tmp_path / "site") == {"a": b"3"}


def test_it_lays_policies_into_another_site_and_touches_nothing_of_it(project: Terminal) -> None:
    theirs = project.root / "dist"
    theirs.mkdir()
    for name in ("index.html", "404.html", "sitemap.xml", "_headers", "robots.txt"):
        (theirs / name).write_text(f"their {name}", encoding="utf-8")
    project.run("build", "--into", "dist")
    assert {name for name, data in content(theirs).items() if data.startswith(b"their ")} == {
        *("index.html", "404.html", "sitemap.xml", "_headers", "robots.txt")
    }
    assert (theirs / "privacy/1.0.txt").is_file()
    assert (theirs / "policy-manifest.json").is_file()
    project.run("build", "--into", "dist")


LINKED = (
    "[a](../abuot/) [b](../about/) [c](../help) [d](../faq/?x#y) [e](../) [f](../../far/) [g](../%s/) [h](../a%%00/)"
)
"""Of a clause, to the rest of the site; the last but one has a name that no disk takes."""


def test_links_to_the_rest_of_a_site_are_looked_for_in_what_was_built(project: Terminal) -> None:
    project.edit("contact", f"## Contact\n\n{LINKED % ('n' * 300)}\n")
    for name in ("index.html", "about/index.html", "help.html", "faq/index.html"):
        page = project.root / "dist" / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text("theirs", encoding="utf-8")
    told = project.run("build", "--into", "dist").stderr
    assert re.findall(r"(\S+): warning \(dead-link\): The link `(.{,13}).* leads nowhere", told) == [
        *(("policy/privacy/contact.md:3", written) for written in ("../abuot/`", "../nnnnnnnnnn", "../a%00/`"))
    ]
    assert "the site has nothing at /abuot. Did you mean `../about/`?" in told
    alone = [project.run("build").stderr.count("leads nowhere") for _ in range(2)]
    assert alone == [6, 6]  # of a site of policies alone, its home page stands


def test_a_file_that_is_not_ours_is_never_overwritten(project: Terminal) -> None:
    theirs = project.root / "dist/privacy/index.html"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("theirs", encoding="utf-8")
    before = content(project.root / "dist")
    for words in (("--into", "dist"), ("-o", "dist")):
        [*_, line] = project.run("build", *words, status=1).stderr.splitlines()
        assert "privacy/index.html: error: It is there already, and inforce did not write it." in line
        assert content(project.root / "dist") == before


def test_nothing_is_written_through_a_link(project: Terminal, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (project.root / "dist").mkdir()
    (project.root / "dist/privacy").symlink_to(elsewhere)
    [*_, line] = project.run("build", "--into", "dist", status=1).stderr.splitlines()
    assert "This is a link" in line
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("folder", [".", "policy", "versions", "versions/privacy", "policy/new"])
def test_a_site_never_stands_among_the_policies(project: Terminal, folder: str) -> None:
    before = content(project.root)
    [*_, line] = project.run("build", "--into", folder, status=1).stderr.splitlines()
    assert "The policies themselves stand here" in line
    assert content(project.root) == before


def test_of_two_builds_into_one_folder_the_second_waits(project: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "PATIENCE", 0.0)
    told: list[str] = []

    def meanwhile() -> bytes:
        told.extend(project.run("build", status=1).stderr.splitlines())
        return b"ours"

    for _ in range(2):
        output.put(project.root / "site", iter([output.OutputFile("a", "", meanwhile)]))
        assert told[-1].endswith(
            "site: error: Another build is writing it. Wait until that has ended, and build again."
        )
    assert (project.root / "site/a").read_bytes() == b"ours"
    project.run("build")


def test_a_list_of_files_that_says_nothing_counts_as_none(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / output.LIST).write_text("[1]", encoding="utf-8")
    (folder / "a").write_text("theirs", encoding="utf-8")
    made = output.OutputFile("a", "", lambda: b"ours")
    with pytest.raises(InForceError, match="not write it"):
        output.put(folder, iter([made]))
    digest = hashlib.sha256(b"theirs").hexdigest()
    assert hashlib.sha256((folder / "a").read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("address", ["../theirs", "linked/theirs", "a/../../theirs", "{absolute}", ".", "", "a\0b"])
def test_a_list_that_leads_out_of_the_folder_leads_nowhere(tmp_path: Path, address: str) -> None:
    folder, theirs = tmp_path / "site", tmp_path / "theirs"
    (folder / "a").mkdir(parents=True)
    (folder / "linked").symlink_to(tmp_path)
    theirs.write_text("theirs", encoding="utf-8")
    listed = {address.format(absolute=theirs): ["", hashlib.sha256(b"theirs").hexdigest()]}
    (folder / output.LIST).write_text(json.dumps(listed), encoding="utf-8")
    output.put(folder, iter([output.OutputFile("b", "", lambda: b"ours")]))
    assert theirs.read_text("utf-8") == "theirs"
    assert (folder / "b").read_bytes() == b"ours"


def test_one_of_two_folders_is_named(project: Terminal) -> None:
    assert "Give --output or --into, not both." in project.run("build", "-o", "a", "--into", "b", status=2).stderr


CALLS = ("mkdir", "write_bytes", "write_text", "replace", "rename")
"""What a build asks of the system when it writes a site: each may fail, and not every failure names a file."""


@pytest.mark.parametrize("call", CALLS)
def test_a_site_that_cannot_be_written_is_a_line_and_the_next_build_makes_it(
    project: Terminal, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    asked = getattr(Path, call)

    def full(path: Path, *told: object, **named: object) -> object:
        if ".inforce-new" in path.parts or ".site.inforce" in path.parts:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return asked(path, *told, **named)

    site, cure = project.root / "site", "Make the folder writable, or free some space, and build again."
    standing = () if call == "rename" else ("--drafts",)  # a folder that stands is not put into its place
    for options in ((), standing) if standing else ((),):
        with monkeypatch.context() as patched:
            patched.setattr(Path, call, full)
            refused = project.run("build", *options, status=1).stderr
        assert f"{site}: error: The site cannot be written (No space left on device). {cure}\n" in refused
        project.run("build", *options)
        project.run("build", *options, "-o", "fresh", "--no-cache")
        assert published(site) == published(project.root / "fresh")
        assert not (project.root / ".site.inforce").exists()
