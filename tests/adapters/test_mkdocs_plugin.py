"""The plugin in real MkDocs builds: the address plan, what the pages say, what is refused."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import jsonschema
import pytest
from lxml import etree, html
from mkdocs.exceptions import Abort

from adapters import projects, repositories
from adapters.sites import AS_OF, build_site, text
from inforce import project as sources
from inforce.adapters import files as disk
from inforce.adapters import mkdocs_plugin, site_settings
from inforce.changes import kinds
from inforce.model import EventKind, Severity
from inforce.publish.publication import Publication

AT = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    projects.two_versions(tmp_path)
    projects.write_site(tmp_path, options=AS_OF)
    return tmp_path


def test_every_address_of_the_plan_is_there(project: Path) -> None:
    site = build_site(project)
    expected = {
        "index.html",
        "privacy/index.html",
        "privacy/versions/index.html",
        "privacy/1.0/index.html",
        "privacy/2.0/index.html",
        "privacy/1.0.md",
        "privacy/2.0.md",
        "privacy/redline/1.0..2.0/index.html",
        "privacy/clauses/preamble/index.html",
        "privacy/clauses/cookies/index.html",
        "privacy/clauses/contact/index.html",
        "privacy/feed.xml",
        "policy-manifest.json",
        "schema/policy-manifest-1.json",
        "storefront/review.js",
        "storefront/client.d.ts",
        "storefront/texts/ar.js",
        "storefront/policy-review.js",
        "storefront/policy-review-dialog.js",
        "storefront/policy-review.js.map",
        "schema/record-1.json",
    }
    present = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert expected <= present
    assert not [name for name in present if "draft" in name]


def test_ledger_files_are_published_byte_for_byte(project: Path) -> None:
    site = build_site(project)
    for number in ("1.0", "2.0"):
        released = (project / f"versions/privacy/{number}.md").read_bytes()
        assert (site / f"privacy/{number}.md").read_bytes() == released
        page = (site / f"privacy/{number}/index.html").read_text(encoding="utf-8")
        assert hashlib.sha256(released).hexdigest() in page


def test_what_the_package_publishes_stands_there_as_it_is_and_the_manifest_is_written_last(project: Path) -> None:
    site = build_site(project)
    scripts = disk.STOREFRONT / "js/src"
    for path in scripts.rglob("*.js"):
        assert (site / "storefront" / path.relative_to(scripts)).read_bytes() == path.read_bytes()
    published = Publication(sources.read({}), datetime.now(UTC)).files(disk.site_files())
    assert [name for name, _ in published][-1] == "policy-manifest.json"


def test_a_sites_own_file_at_a_storefront_address_is_refused(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    (project / "docs/storefront").mkdir()
    (project / "docs/storefront/review.js").write_text("// mine", encoding="utf-8")
    with pytest.raises(Abort):
        build_site(project)
    assert "Its address /storefront/review.js is one that In Force publishes" in caplog.text


def test_the_page_says_what_holds_and_what_comes(project: Path) -> None:
    site = build_site(project)
    current = text(site / "privacy/index.html")
    assert "In force from 2 March 2026, 10:00 (UTC+01:00) until 1 May 2026, when version 2.0 takes effect." in current
    assert "Then: version 2.0 takes effect on 1 May 2026" in current
    assert "We set two cookies" in current
    assert "1. Cookies" in current
    coming = text(site / "privacy/2.0/index.html")
    assert "Version 2.0. In force from 1 May 2026 on. " in coming
    assert "It takes the place of version 1.0: what changes." in coming


def test_a_replaced_version_says_so_first_and_each_clause_leads_to_its_own_page(project: Path) -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    projects.happen(project, EventKind.ERRATUM, at, version="2.0", reason="Read: three.")
    projects.write_site(project, options='as_of: "2026-06-01T00:00:00Z"')
    site = build_site(project)
    page = site / "privacy/1.0/index.html"
    assert text(page).startswith("Shop Privacy, version 1.0 No longer in force.")
    links = html.fromstring(page.read_text(encoding="utf-8")).xpath("//p[contains(@class, 'if-today')]/a/@href")
    assert links == ["../clauses/preamble/", "../clauses/cookies/", "../clauses/contact/"]
    assert "three cookies" in text(site / "privacy/index.html")


def test_a_renamed_and_a_removed_clause_lead_to_what_became_of_them(tmp_path: Path) -> None:
    projects.write_policy(tmp_path)
    projects.publish(tmp_path)
    (tmp_path / "policy/privacy/cookies.md").unlink()
    (tmp_path / "policy/privacy/contact.md").unlink()
    renamed = '---\nwas: ["cookies"]\n---\n' + projects.CLAUSES["cookies"]
    projects.write_policy(tmp_path, {"preamble": projects.CLAUSES["preamble"], "files": renamed})
    projects.publish(tmp_path)
    projects.write_site(tmp_path, options=AS_OF)
    site = build_site(tmp_path)
    page = html.fromstring((site / "privacy/1.0/index.html").read_text(encoding="utf-8"))
    today = page.xpath("//p[contains(@class, 'if-today')]/a/@href")
    assert today == ["../clauses/preamble/", "../clauses/cookies/", "../clauses/contact/"]
    assert "Version 1.1 is without this clause." in text(site / "privacy/clauses/contact/index.html")
    changes = html.fromstring((site / "privacy/redline/1.0..1.1/index.html").read_text(encoding="utf-8"))
    heads = [head.text_content() for head in changes.xpath("//section/p[@class='if-kinds']")]
    assert [", formerly at #cookies" in head for head in heads] == [True, False]


def test_the_manifest_matches_its_schema(project: Path) -> None:
    site = build_site(project)
    schema = json.loads((site / "schema/policy-manifest-1.json").read_bytes())
    manifest = json.loads((site / "policy-manifest.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(manifest)
    assert manifest["base"] == "https://shop.example/"
    assert manifest["serial"] == 2
    own = json.loads((site / "privacy/policy-manifest.json").read_bytes())
    jsonschema.Draft202012Validator(schema).validate(own)
    assert own == {**manifest, "$schema": "../schema/policy-manifest-1.json"}
    for row in manifest["documents"]["privacy"]["versions"]:
        assert (site / row["url"] / "index.html").is_file()
        digest = hashlib.sha256((site / row["text"]).read_bytes()).digest()
        assert row["digest"] == "sha256-" + base64.b64encode(digest).decode()


def test_the_feed_is_atom_and_newest_first(project: Path) -> None:
    site = build_site(project)
    feed = etree.fromstring((site / "privacy/feed.xml").read_bytes())
    atom = {"a": "http://www.w3.org/2005/Atom"}
    assert feed.xpath("//a:entry/a:id/text()", namespaces=atom) == [
        "https://shop.example/privacy/feed.xml#2.0",
        "https://shop.example/privacy/feed.xml#1.0",
    ]
    assert feed.xpath("//a:entry[1]/a:link/@href", namespaces=atom) == ["https://shop.example/privacy/2.0/"]


def test_a_second_build_elsewhere_is_the_same(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    projects.write_site(project, theme="material", options=AS_OF)
    elsewhere = tmp_path_factory.mktemp("another") / "deeper" / "place"
    shutil.copytree(project, elsewhere)
    first, second = build_site(project), build_site(elsewhere)
    names = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(second) for path in second.rglob("*") if path.is_file())
    differing = [str(name) for name in names if (first / name).read_bytes() != (second / name).read_bytes()]
    assert differing == []


def test_only_todays_text_is_searched(project: Path) -> None:
    site = build_site(project)
    entries = json.loads((site / "search/search_index.json").read_bytes())["docs"]
    texts = {entry["location"]: entry["text"] for entry in entries}
    assert "two" in texts["privacy/#cookies"]
    archive = ("privacy/1.0", "privacy/2.0", "privacy/redline", "privacy/clauses", "privacy/versions")
    assert [place for place, words in texts.items() if place.startswith(archive) and words] == []


def test_a_draft_is_published_only_when_told_to(project: Path) -> None:
    projects.edit(project, "contact", "## Contact\n\nRing us.")
    site = build_site(project)
    assert not (site / "privacy/draft").exists()
    assert "Ring us" not in text(site / "privacy/index.html")
    projects.write_site(project, options=f"{AS_OF}, drafts: true")
    site = build_site(project, target="drafts")
    assert "Draft. This text has not been announced" in text(site / "privacy/draft/index.html")
    assert (site / "privacy/redline/1.0..draft/index.html").is_file()
    assert "draft" not in (site / "policy-manifest.json").read_text(encoding="utf-8")


def test_a_policy_never_released_shows_only_its_draft(tmp_path: Path) -> None:
    projects.write_policy(tmp_path)
    projects.write_site(tmp_path, options="drafts: true")
    (tmp_path / "docs/index.md").write_text("# Shop\n", encoding="utf-8")
    site = build_site(tmp_path)
    assert "Draft." in text(site / "privacy/index.html")
    assert json.loads((site / "policy-manifest.json").read_bytes())["documents"] == {}


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("privacy.md", "/privacy/"),
        ("privacy/1.0.md", "/privacy/1.0/"),
        ("policy-manifest.json", "/policy-manifest.json"),
        ("privacy/feed.xml", "/privacy/feed.xml"),
    ],
)
def test_something_in_docs_in_the_way_is_an_error(
    project: Path, name: str, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = project / "docs" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("# Mine\n", encoding="utf-8")
    with pytest.raises(Abort):
        build_site(project)
    assert f"docs/{name}: Its address {address} is one that In Force publishes" in caplog.text


def test_hosts_are_told_about_the_files(project: Path) -> None:
    rules = (build_site(project) / "_headers").read_text(encoding="utf-8")
    assert [line for line in rules.splitlines() if line.startswith("/")] == [
        "/*",
        "/policy-manifest.json",
        "/schema/*",
        "/storefront/*",
        "/vectors/*",
        "/privacy/policy-manifest.json",
        "/privacy/2.0.md",
        "/privacy/timemap.link",
        "/privacy/1.0.md",
    ]


def test_what_a_site_tells_its_host_is_left_alone(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    (project / "docs/_headers").write_text("/*\n  X-Mine: yes\n", encoding="utf-8")
    caplog.set_level("INFO", "inforce")
    site = build_site(project)
    assert (site / "_headers").read_text(encoding="utf-8") == "/*\n  X-Mine: yes\n"
    assert (site / "policy-manifest.json").is_file()
    assert "docs/_headers is published as it is" in caplog.text


def test_what_a_hook_tells_the_host_is_left_alone(project: Path) -> None:
    hook = ["from pathlib import Path", "def on_post_build(config):"]
    hook.append("    Path(config.site_dir, '_headers').write_text('/*')")
    (project / "hook.py").write_text("\n".join(hook), encoding="utf-8")
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("hooks: [hook.py]\n")
    assert (build_site(project) / "_headers").read_text(encoding="utf-8") == "/*"


def test_a_page_whose_place_another_plugin_takes_is_named(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    hook = ["from pathlib import Path", "def on_post_build(config):"]
    hook.append("    Path(config.site_dir, 'privacy/1.0/index.html').write_text('Moved.')")
    hook.append("    Path(config.site_dir, 'privacy/versions/index.html').unlink()")
    hook.append("    page = Path(config.site_dir, 'privacy/2.0/index.html')")
    hook.append("    page.write_text(page.read_text('utf-8').replace('  ', ' '), encoding='utf-8')")
    (project / "hook.py").write_text("\n".join(hook), encoding="utf-8")
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("hooks: [hook.py]\n")
    with pytest.raises(Abort):
        build_site(project)
    named = re.findall("took the place of /([^,]*),", caplog.text)
    assert {*named} == {"privacy/1.0/", "privacy/versions/"}


def test_a_link_to_no_page_is_told_and_stops_no_build(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    (project / "docs/about.md").write_text("# About us", encoding="utf-8")
    projects.edit(project, "contact", "## Contact\n\nSee [us](../about/), or [us](../abuot/) [at home](../).")
    build_site(project)
    told = [record.getMessage() for record in caplog.records if "leads nowhere" in record.getMessage()]
    assert told == [
        "policy/privacy/contact.md:3: The link `../abuot/` leads nowhere: the site has nothing at /abuot. "
        "Did you mean `../about/`?"
    ]


def test_flat_addresses_are_refused(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("use_directory_urls: false\n")
    with pytest.raises(Abort):
        build_site(project)
    assert "mkdocs.yml: use_directory_urls is false" in caplog.text


@pytest.mark.parametrize("value", [AT, AT.isoformat()])
def test_an_instant_may_stand_without_quotes(value: str | datetime) -> None:
    options = mkdocs_plugin.Options()
    options.load_dict({"as_of": value})
    assert options.validate() == ([], [])
    assert site_settings.instant(site_settings.as_written(options.as_of), "mkdocs.yml") == AT


@pytest.mark.parametrize(
    "value",
    [
        *("tomorrow", "2026-04-01", "2026-04-01T00:00:00", "2026-02-30T00:00:00Z"),
        *("2998-01-01T00:00:00Z", "1969-12-31T00:00:00Z"),
    ],
)
def test_an_instant_that_is_none_is_refused(project: Path, value: str, caplog: pytest.LogCaptureFixture) -> None:
    projects.write_site(project, options=f'as_of: "{value}"')
    with pytest.raises(Abort):
        build_site(project)
    assert "mkdocs.yml: `as_of` " in caplog.text


@pytest.mark.parametrize("value", ["99999999999999", "-99999999999999", "1e9", "today", "4294967296", "-1"])
def test_a_time_of_the_build_that_is_none_is_refused(
    project: Path, value: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
    with pytest.raises(Abort):
        build_site(project)
    assert f"SOURCE_DATE_EPOCH is {value!r}, which is no instant" in caplog.text


def test_an_address_that_no_page_can_stand_at_is_refused(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    projects.write_site(project, options=AS_OF, site_url="https://shop.example/?a=b")
    with pytest.raises(Abort):
        build_site(project)
    assert "mkdocs.yml: 'https://shop.example/?a=b' is no address" in caplog.text


def test_without_site_url_a_warning_says_what_is_lost(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    projects.write_site(project, options=AS_OF, site_url="")
    site = build_site(project, strict=False)
    assert "mkdocs.yml: site_url is missing" in caplog.text
    assert "base" not in json.loads((site / "policy-manifest.json").read_bytes())


def test_broken_input_stops_the_build_with_every_place(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    projects.edit(project, "contact", "No heading.")
    projects.edit(project, "cookies", "## Cookies\n\n<script>x</script>")
    with pytest.raises(Abort):
        build_site(project)
    assert "policy/privacy/contact.md:1: A clause begins with its heading" in caplog.text
    assert "policy/privacy/cookies.md:3: <script> is not published" in caplog.text


def test_a_tarball_builds_in_full_and_says_what_is_missing(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "inforce"):
        site = build_site(project)
    assert "In Force leaves out who committed what" in caplog.text
    assert "without the full history of its repository" in text(site / "privacy/versions/index.html")


def test_head_links_and_data(project: Path) -> None:
    site = build_site(project)
    page = html.fromstring((site / "privacy/1.0/index.html").read_text(encoding="utf-8"))
    links = {link.get("rel"): link.get("href") for link in page.xpath("//head/link[@rel]")}
    assert links["version-history"] == "../versions/"
    assert links["latest-version"] == "../"
    assert links["successor-version"] == "../2.0/"
    assert links["privacy-policy"] == "../"
    data = json.loads(page.xpath("//head/script[@type='application/ld+json']")[0].text)
    assert data["version"] == "1.0"
    assert data["temporalCoverage"] == "2026-03-02T09:00:00Z/2026-04-30T22:00:00Z"


def test_text_that_looks_like_markup_stays_text(tmp_path: Path) -> None:
    projects.write_policy(tmp_path)
    projects.publish(tmp_path, summary='</script><script>alert("1")</script> & <b>')
    projects.write_site(tmp_path, options=AS_OF)
    site = build_site(tmp_path)
    for page in site.rglob("privacy/**/index.html"):
        assert "<script>alert" not in page.read_text(encoding="utf-8")


def test_a_withdrawn_version_keeps_its_address_and_says_so(project: Path) -> None:
    at = datetime(2026, 3, 20, tzinfo=UTC)
    projects.happen(project, EventKind.WITHDRAW, at, version="2.0", reason="It named the wrong day.")
    site = build_site(project)
    assert "Withdrawn. Version 2.0 was withdrawn on 20 March 2026" in text(site / "privacy/2.0/index.html")
    assert "What comes next" not in text(site / "privacy/index.html")
    rows = json.loads((site / "policy-manifest.json").read_bytes())["documents"]["privacy"]["versions"]
    assert rows[1]["withdrawn_at"] == "2026-03-20T00:00:00Z"


def test_beyond_the_twelfth_version_changes_are_shown_step_by_step_and_since_each(tmp_path: Path) -> None:
    projects.write_policy(tmp_path)
    for day in range(1, 16):
        projects.edit(tmp_path, "contact", f"## Contact\n\nWrite to us, {'again ' * day}please.")
        projects.publish(tmp_path, at=datetime(2026, 1, day, tzinfo=UTC))
    projects.write_site(tmp_path, options=AS_OF)
    site = build_site(tmp_path)
    pairs = {path.name for path in (site / "privacy/redline").iterdir()}
    assert {name for name in pairs if name.endswith("..1.14")} == {"1.13..1.14"}
    assert len(pairs) == 12 * 11 // 2 + 3
    assert {path.name for path in (site / "privacy/since").iterdir()} == {f"1.{minor}" for minor in range(15)}
    page = html.fromstring((site / "privacy/1.2/index.html").read_text(encoding="utf-8"))
    [link] = page.xpath("//a[.='What has changed since this version']")
    assert link.get("href") == "../since/1.2/"
    told = text(site / "privacy/since/1.2/index.html")
    assert "From version 1.2 to 1.14" in told
    assert "Version 1.14. In force from 15 January 2026" in told
    assert "By 15 January 2026, 01:00 (UTC+01:00) nothing later was announced." in text(
        site / "privacy/since/1.14/index.html"
    )


def test_since_the_version_in_force_nothing_changes_before_what_is_announced(project: Path) -> None:
    site = build_site(project)
    told = text(site / "privacy/since/1.0/index.html")
    assert "Nothing changes before version 2.0 takes effect on" in told
    assert "Version 2.0. In force from 1 May 2026 on." in told
    assert "nothing later was announced" in text(site / "privacy/since/2.0/index.html")


def test_search_engines_are_told_of_texts_and_not_of_what_changed_between_them(project: Path) -> None:
    site = build_site(project)
    places = re.findall("<loc>https://shop.example/(.*?)</loc>", (site / "sitemap.xml").read_text("utf-8"))
    shown = {path.parent.relative_to(site).as_posix() + "/" for path in site.rglob("privacy/**/index.html")}
    changes = {place for place in shown if place.startswith(("privacy/redline/", "privacy/since/", "privacy/compare/"))}
    assert shown - {*places} == changes
    for place in shown:
        hidden = '<meta name="robots" content="noindex, follow">' in (site / place / "index.html").read_text("utf-8")
        assert hidden == (place in changes)


def test_properdocs_builds_the_same_pages(project: Path) -> None:
    projects.write_site(project, theme="material", options=AS_OF)
    command = [sys.executable, "-m", "properdocs", "build", "-q", "-f", "mkdocs.yml", "-d", "proper"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "In force from 2 March 2026" in text(project / "proper/privacy/index.html")


def test_notice_and_material_are_told_apart(tmp_path: Path) -> None:
    projects.write_policy(tmp_path)
    projects.publish(tmp_path)
    projects.edit(tmp_path, "contact", "## Contact\n\nRing us.")
    projects.publish(tmp_path, effective=date(2026, 3, 20), severity=Severity.NOTICE)
    projects.write_site(tmp_path, options=AS_OF)
    site = build_site(tmp_path)
    assert "Worth knowing" in text(site / "privacy/versions/index.html")


def test_a_redline_that_is_not_exact_is_shown_whole_and_named(
    project: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("inforce.redline.resolution.leads_to", lambda *_: False)
    kinds.clause_redline.cache_clear()
    try:
        build_site(project)
    finally:
        kinds.clause_redline.cache_clear()
    assert "Redline privacy 1.0..2.0: no finer one of `cookies` is exact, so it is shown whole" in caplog.text
    assert "This clause is shown whole" in text(project / "site/privacy/redline/1.0..2.0/index.html")


def test_a_theme_overrides_a_template_by_its_name(project: Path) -> None:
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("extra: {}\n")
    settings = (project / "mkdocs.yml").read_text(encoding="utf-8")
    settings = settings.replace("{name: mkdocs}", "{name: mkdocs, custom_dir: theme}")
    (project / "mkdocs.yml").write_text(settings, encoding="utf-8")
    (project / "theme/inforce").mkdir(parents=True)
    (project / "theme/inforce/clause.html").write_text("<p>Our own: {{ title }}</p>", encoding="utf-8")
    site = build_site(project)
    assert "Our own: Cookies" in (site / "privacy/clauses/cookies/index.html").read_text(encoding="utf-8")


def test_a_site_without_policies_is_told_what_to_write(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    projects.write_site(tmp_path)
    (tmp_path / "docs/index.md").write_text("# Shop\n", encoding="utf-8")
    build_site(tmp_path, strict=False)
    assert "There is no policy beside mkdocs.yml" in caplog.text


def test_an_epoch_is_published_in_the_manifest(project: Path) -> None:
    projects.write_site(project, options=f"{AS_OF}, epoch: 2")
    site = build_site(project)
    assert json.loads((site / "policy-manifest.json").read_bytes())["epoch"] == 2


@pytest.mark.parametrize("value", ["-1", "1000001", "true"])
def test_what_is_no_epoch_ends_the_build(project: Path, caplog: pytest.LogCaptureFixture, value: str) -> None:
    projects.write_site(project, options=f"{AS_OF}, epoch: {value}")
    with pytest.raises(Abort):
        build_site(project)
    assert "mkdocs.yml: epoch is" in caplog.text


def test_a_strict_build_ends_where_the_chain_was_computed_anew(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Its digests fit each other; only the branch that says what is published knows better."""
    repository = repositories.TestRepository(project)
    repository.commit({}, "Release")
    repository.git("branch", "published")
    build_site(project)
    shutil.rmtree(project / "versions")
    projects.write_policy(project, {**projects.CLAUSES, "contact": "## Contact\n\nWrite to nobody."})
    projects.publish(project)
    repository.commit({}, "Nothing to see")
    assert sources.read(disk.read(project)).errors == ()
    with pytest.raises(Abort, match="2 warnings in strict mode"):
        build_site(project)
    for number, word in (("1.0", "changed"), ("2.0", "deleted")):
        assert re.search(rf"versions/privacy/{number}\.md: .* {word}", caplog.text), caplog.text
    repository.git("branch", "--force", "published", "HEAD")
    build_site(project)
