"""The plugin as a guest in somebody's site: other plugins, themes, settings, links from other pages, other scripts."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, PluginError
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import Files

from adapters import projects
from adapters.sites import AS_OF, build_site, text, tree
from inforce.adapters import templates
from inforce.model import EventKind


def settings(root: Path, text: str) -> None:
    """Add lines to mkdocs.yml."""
    with (root / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write(text)


def hook(root: Path, code: str) -> None:
    """Another plugin, in the form of a hook; hooks come after the plugins."""
    (root / "hook.py").write_text(code, encoding="utf-8")
    settings(root, "hooks: [hook.py]\n")


def home(root: Path, text: str) -> None:
    """What the home page says."""
    (root / "docs/index.md").write_text(text, encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    projects.two_versions(tmp_path)
    projects.write_site(tmp_path, options=AS_OF)
    return tmp_path


def test_a_page_is_called_what_the_nav_calls_it(project: Path) -> None:
    settings(project, "nav:\n- index.md\n- Legal:\n  - Your data: privacy/index.md\n  - 1.0: privacy/1.0/index.md\n")
    site = build_site(project)
    assert "Your data" in tree(site / "index.html").xpath("//a[@href='privacy/']/text()")[0]
    assert tree(site / "privacy/index.html").findtext(".//title") == "Your data - Shop"
    assert tree(site / "privacy/1.0/index.html").findtext(".//title") == "1.0 - Shop"
    assert text(site / "privacy/index.html").startswith("Shop Privacy")


def test_a_page_that_the_nav_gives_no_title_keeps_its_own(project: Path) -> None:
    settings(project, "nav: [index.md, privacy/index.md]\n")
    site = build_site(project)
    assert tree(site / "privacy/index.html").findtext(".//title") == "Shop Privacy - Shop"


@pytest.mark.parametrize(
    "target",
    [
        "privacy/index.md#preamble",
        "privacy/index.md#page.verify",
        "privacy/1.0/index.md#contact",
        "privacy/1.0/index.md#page.about",
        "privacy/redline/1.0..2.0/index.md#cookies",
        "privacy/versions/index.md#version-1.0",
        "privacy/1.0.md",
        "privacy/feed.xml",
        "policy-manifest.json",
    ],
)
def test_a_strict_build_lets_other_pages_link_to_what_is_published(project: Path, target: str) -> None:
    settings(project, "validation: {anchors: warn}\n")
    home(project, f"# Shop\n\n[There]({target})\n")
    site = build_site(project)
    expected = target.replace("index.md", "")
    assert tree(site / "index.html").xpath("//a[text()='There']/@href") == [expected]


@pytest.mark.parametrize("target", ["privacy/index.md#gone", "privacy/1.0/index.md#gone", "privacy/9.0.md"])
def test_a_strict_build_finds_links_to_what_is_not_there(project: Path, target: str) -> None:
    settings(project, "validation: {anchors: warn}\n")
    home(project, f"# Shop\n\n[There]({target})\n")
    with pytest.raises(Abort, match="1 warnings in strict mode"):
        build_site(project)


def test_the_sites_own_style_comes_after_and_may_replace_ours(project: Path) -> None:
    (project / "docs/assets/inforce").mkdir(parents=True)
    (project / "docs/assets/inforce/inforce.css").write_text("/* ours */", encoding="utf-8")
    (project / "docs/mine.css").write_text("/* mine */", encoding="utf-8")
    settings(project, "extra_css: [mine.css]\n")
    site = build_site(project)
    assert (site / "assets/inforce/inforce.css").read_text(encoding="utf-8") == "/* ours */"
    styles = tree(site / "index.html").xpath("//link[@rel='stylesheet']/@href")
    assert styles[-2:] == ["assets/inforce/inforce.css", "mine.css"]


def test_flat_addresses_are_refused_whoever_asks_for_them(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    hook(project, "def on_config(config):\n    config.use_directory_urls = False\n")
    with pytest.raises(Abort):
        build_site(project)
    assert "mkdocs.yml: use_directory_urls is false" in caplog.text


def test_a_plugin_that_claims_an_address_later_is_refused(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    hook(
        project,
        "from mkdocs.structure.files import File\n"
        "def on_files(files, config):\n"
        "    mine = File.generated(config, 'mine.md', content='# Mine')\n"
        "    mine.dest_uri = 'privacy/1.0/index.html'\n"
        "    files.append(mine)\n",
    )
    with pytest.raises(Abort):
        build_site(project)
    assert "mine.md (made by hook.py): Its address /privacy/1.0/ is one that In Force publishes" in caplog.text


def test_a_feed_of_pages_passes_over_pages_that_have_no_file(project: Path) -> None:
    hook(
        project,
        "from pathlib import Path\n"
        "from mkdocs.plugins import event_priority\n"
        "@event_priority(-75)\n"
        "def on_page_content(html, page, config, files):\n"
        "    if page.meta.get('draft') is not True:\n"
        "        Path(page.file.abs_src_path)\n"
        "def on_page_context(context, page, config, nav):\n"
        "    assert 'draft' not in page.meta\n",
    )
    assert "In force from" in text(build_site(project) / "privacy/index.html")


def test_other_plugins_keep_what_they_say_of_a_page_and_see_its_content(project: Path) -> None:
    hook(
        project,
        "def on_page_markdown(markdown, page, config, files):\n"
        "    page.meta['said'] = 'before'\n"
        "def on_post_page(output, page, config):\n"
        "    assert page.content, page\n"
        "    return output.replace('</body>', '<!-- ' + page.meta['said'] + ' --></body>')\n",
    )
    site = build_site(project)
    for address in ("privacy", "privacy/1.0", "privacy/redline/1.0..2.0"):
        assert "<!-- before --></body>" in (site / address / "index.html").read_text(encoding="utf-8")


def test_no_plugin_dates_a_policy_by_the_day_of_the_build(project: Path) -> None:
    """git-revision-date-localized says of whatever is no file that it was edited today, and Material prints it."""
    names = "git_revision_date_localized", "git_revision_date_localized_raw_date", "git_creation_date_localized"
    hook(
        project,
        "def on_page_markdown(markdown, page, config, files):\n"
        f"    page.meta.update(dict.fromkeys({names}, 'edited today'))\n",
    )
    path = project / "mkdocs.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("name: mkdocs", "name: material"), encoding="utf-8")
    site = build_site(project)
    assert "edited today" in (site / "index.html").read_text(encoding="utf-8")
    for address in ("privacy", "privacy/1.0", "privacy/redline/1.0..2.0"):
        assert "edited today" not in (site / address / "index.html").read_text(encoding="utf-8")


def with_plugins(root: Path, plugins: str) -> None:
    """Name the plugins in mkdocs.yml; ``inforce`` keeps its options."""
    path = root / "mkdocs.yml"
    text = path.read_text(encoding="utf-8")
    listing = text[text.index("plugins:") : text.index("site_url:")]
    path.write_text(text.replace(listing, f"plugins: {plugins.replace('INFORCE', f'{{inforce: {{{AS_OF}}}}}')}\n"))


I18N = "{i18n: {languages: [{locale: en, name: English, default: true}, {locale: fr, name: Français}]}}"


@pytest.mark.parametrize("plugins", [f"[INFORCE, {I18N}]", f"[{I18N}, INFORCE]"])
def test_beside_static_i18n_policies_are_built_once_and_every_language_leads_there(project: Path, plugins: str) -> None:
    alone = build_site(project, target="alone")
    with_plugins(project, plugins)
    (project / "docs/index.fr.md").write_text("# Boutique\n\n[Vos données](privacy/index.md#cookies)\n")
    settings(project, "nav: [index.md, Data: privacy/index.md]\n")
    site = build_site(project)
    for path in (path for path in alone.rglob("privacy/**/*") if path.is_file()):
        built = site / path.relative_to(alone)
        assert built.is_file(), path
        assert path.suffix == ".html" or built.read_bytes() == path.read_bytes()
    assert text(site / "privacy/1.0/index.html") == text(alone / "privacy/1.0/index.html")
    assert (site / "policy-manifest.json").read_bytes() == (alone / "policy-manifest.json").read_bytes()
    assert not (site / "fr/privacy").exists()
    assert tree(site / "fr/index.html").xpath("//a[text()='Vos données']/@href") == ["../privacy/#cookies"]
    assert tree(site / "privacy/index.html").xpath("/html/@lang") == ["en"]


def test_a_plugin_that_takes_a_page_out_is_refused_by_its_name(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    hook(project, "def on_files(files, config):\n    files.remove(files.src_uris['privacy/1.0.md'])\n")
    with pytest.raises(Abort):
        build_site(project)
    assert "mkdocs.yml: /privacy/1.0.md was taken out of the site by a plugin: hook.py." in caplog.text


@pytest.mark.parametrize("docs", ["policy", "docs"])
def test_no_draft_is_a_page_of_the_site(project: Path, docs: str, caplog: pytest.LogCaptureFixture) -> None:
    """Under ``docs_dir: policy``, or a link in docs/, every draft was a page, and found by the site's search."""
    (project / "docs/legal").symlink_to(project / "policy/privacy", target_is_directory=True)
    settings(project, f"docs_dir: {docs}\n")
    with pytest.raises(Abort):
        build_site(project)
    assert "policy/privacy/" in caplog.text
    assert "It would be published as it is, released or not: docs_dir holds it. Set docs_dir to" in caplog.text


def test_what_a_site_excludes_may_stand_beside_its_pages(project: Path) -> None:
    (project / "docs/legal").symlink_to(project / "policy/privacy", target_is_directory=True)
    settings(project, "exclude_docs: /legal/\n")
    site = build_site(project)
    assert not (site / "legal").exists()
    assert (site / "privacy/1.0.md").is_file()


def test_a_plugin_that_looks_at_everything_finds_files_in_memory(project: Path) -> None:
    """What plugins of all kinds read of each file and page, told from their source."""
    hook(
        project,
        "seen = set()\n"
        "def look(file):\n"
        "    told = (file.src_uri, file.src_path, file.name, file.dest_uri, file.dest_path, file.url, file.inclusion)\n"
        "    assert all(isinstance(each, str) for each in told[:-1]), told\n"
        "    assert file.abs_dest_path and (file.abs_src_path is None) == (file.generated_by is not None)\n"
        "    assert isinstance(file.content_bytes, bytes)\n"
        "    assert file.is_documentation_page() + file.is_media_file() + file.is_static_page() >= 0\n"
        "def on_files(files, config):\n"
        "    for file in files: look(file)\n"
        "def on_nav(nav, config, files):\n"
        "    for page in nav.pages: look(page.file)\n"
        "def on_pre_page(page, config, files):\n"
        "    look(page.file)\n"
        "    assert page.url is not None and page.canonical_url and page.edit_url is None\n"
        "def on_page_content(html, page, config, files):\n"
        "    assert page.title and isinstance(page.meta, dict) and list(page.toc.items) == list(page.toc)\n"
        "    page.markdown and page.markdown.split()\n"
        "def on_page_context(context, page, config, nav):\n"
        "    assert (page.parent, page.next_page) == (None, None)\n"
        "    seen.add(page.file.src_uri)\n"
        "def on_post_build(config):\n"
        "    assert {'index.md', 'privacy/index.md', 'privacy/1.0/index.md'} <= seen\n",
    )
    build_site(project)


class Opening(BasePlugin):  # type: ignore[type-arg]
    """A plugin that takes every file for one on disk, as mkdocs-ezlinks-plugin does."""

    def on_files(self, files: Files, *, config: MkDocsConfig) -> None:  # noqa: ARG002
        for file in files:
            Path(file.abs_src_path)  # type: ignore[arg-type]


def build_beside(root: Path, name: str) -> Path:
    config = load_config(str(root / "mkdocs.yml"), strict=True)
    config.plugins[name] = Opening()
    build(config)
    return root / "site"


def test_a_plugin_that_needs_files_on_disk_is_let_go_first_where_it_is_known(project: Path) -> None:
    assert "In force from" in text(build_beside(project, "ezlinks") / "privacy/index.html")


def test_a_plugin_that_needs_files_on_disk_is_named_instead_of_its_traceback(project: Path) -> None:
    with pytest.raises(PluginError, match=r"mkdocs.yml: The plugin opening cannot use pages that are no files on disk"):
        build_beside(project, "opening")


def test_a_fault_of_another_plugin_that_has_nothing_to_do_with_policies_stays_its_own(project: Path) -> None:
    hook(project, "def on_page_markdown(markdown, page, config, files):\n    raise KeyError('mine')\n")
    with pytest.raises(KeyError, match="mine"):
        build_site(project)


def test_settings_from_a_stream_belong_to_the_current_folder(project: Path) -> None:
    written = (project / "mkdocs.yml").read_bytes()
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", "-"]
    done = subprocess.run(command, cwd=project, input=written, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert (project / "site/privacy/1.0.md").is_file()


def test_a_site_below_a_path_and_with_names_of_all_kinds(tmp_path: Path) -> None:
    root = tmp_path / "räume & 条款"
    projects.two_versions(root)
    projects.write_site(root, options=AS_OF, site_url="https://shop.example/legal/pages")
    site = build_site(root)
    page = tree(site / "privacy/1.0/index.html")
    assert page.xpath("//link[@rel='canonical']/@href") == ["https://shop.example/legal/pages/privacy/1.0/"]
    manifest = json.loads((site / "policy-manifest.json").read_bytes())
    assert manifest["base"] == "https://shop.example/legal/pages/"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "ltr"),
        ("zh-Hans-CN", "ltr"),
        ("ar", "rtl"),
        ("ar-EG", "rtl"),
        ("AR", "rtl"),
        ("he-Latn", "ltr"),
        ("uz-Arab", "rtl"),
        ("de-1996", "ltr"),
    ],
)
def test_text_runs_as_its_language_is_written(language: str, expected: str) -> None:
    assert templates.direction(language) == expected


def test_an_arabic_policy_runs_from_right_to_left_and_what_is_said_about_it_does_not(tmp_path: Path) -> None:
    projects.write_policy(tmp_path, {"preamble": "تشرح هذه السياسة", "data": "## البيانات\n\nنجمع الاسم."})
    policy = tmp_path / "policy/privacy/policy.yml"
    policy.write_text(policy.read_text(encoding="utf-8").replace('language: "en"', 'language: "ar"'), encoding="utf-8")
    projects.publish(tmp_path)
    projects.edit(tmp_path, "data", "## البيانات\n\nنجمع الاسم والهاتف.")
    projects.publish(tmp_path, effective=date(2026, 5, 1))
    projects.write_site(tmp_path, options=AS_OF)
    home(tmp_path, "# Shop\n")
    site = build_site(tmp_path)
    for address in ("privacy", "privacy/1.0", "privacy/redline/1.0..1.1", "privacy/clauses/data"):
        page = tree(site / address / "index.html")
        assert {(e.get("lang"), e.get("dir")) for e in page.find_class("if-text")} == {("ar", "rtl")}
        around = page.xpath("//article | //*[contains(@class, 'if-text')]//*[@lang]")
        assert {(e.get("lang"), e.get("dir")) for e in around} == {("en", "ltr")}


def test_where_every_version_was_withdrawn_the_address_stays_and_says_so(tmp_path: Path) -> None:
    projects.write_policy(tmp_path)
    projects.publish(tmp_path, effective=date(2026, 5, 1))
    at = datetime(2026, 3, 20, tzinfo=UTC)
    projects.happen(tmp_path, EventKind.WITHDRAW, at, version="1.0", reason="Too early.")
    projects.write_site(tmp_path, options=AS_OF)
    site = build_site(tmp_path)
    assert "Withdrawn. Version 1.0 was withdrawn on 20 March 2026" in text(site / "privacy/index.html")
    projects.edit(tmp_path, "contact", "## Contact\n\nRing us.")
    projects.write_site(tmp_path, options=f"{AS_OF}, drafts: true")
    site = build_site(tmp_path)
    assert "Ring us" in text(site / "privacy/draft/index.html")
    assert "Ring us" in text(site / "privacy/redline/1.0..draft/index.html")


def test_a_first_version_to_come_is_announced_once(tmp_path: Path) -> None:
    projects.write_policy(tmp_path)
    projects.publish(tmp_path, effective=date(2026, 5, 1))
    projects.write_site(tmp_path, options=AS_OF)
    page = build_site(tmp_path) / "privacy/index.html"
    assert "Version 1.0. In force from 1 May 2026 on." in text(page)
    assert "Then:" not in text(page)
    assert tree(page).xpath("//*[@data-inforce-from]")


def test_a_themes_author_sees_an_edited_template_in_the_next_build_of_a_preview(project: Path) -> None:
    path = project / "mkdocs.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("{name: mkdocs}", "{name: mkdocs, custom_dir: theme}"))
    own = project / "theme/inforce/_clause.html"
    own.parent.mkdir(parents=True)
    for words in ("First words", "Other words"):
        own.write_text(f"<p>{words}: {{{{ clause.id }}}}</p>", encoding="utf-8")
        site = build_site(project, command="serve")
        assert f"{words}: cookies" in text(site / "privacy/index.html")
