"""The builds of one preview: never a page that a fresh build would not make, and no folder that is not watched."""

from __future__ import annotations

from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from adapters import projects
from adapters.sites import AS_OF
from inforce.adapters import templates
from inforce.adapters.mkdocs_pages import Kept
from inforce.adapters.mkdocs_plugin import InForcePlugin
from inforce.model import Severity


def test_a_page_is_kept_in_its_state_and_its_chrome() -> None:
    kept = Kept()
    kept.put("a/", "one", "before any chrome is known")
    assert kept.get("a/", "one") == ""
    kept.surround("blue")
    kept.put("a/", "one", "déjà vu")
    assert kept.get("a/", "one") == "déjà vu"
    assert kept.get("a/", "two") == ""
    assert kept.get("b/", "one") == ""
    kept.surround("blue")
    assert kept.get("a/", "one") == "déjà vu"
    kept.surround("red")
    assert kept.get("a/", "one") == ""


class Preview:
    """The builds of one `mkdocs serve`: the plugin's memory lives from each to the next."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.kept: Kept | None = None

    def build(self, target: str = "site") -> dict[str, bytes]:
        """The policy's pages of the next build, or, into another folder, of a preview's first."""
        config = load_config(str(self.root / "mkdocs.yml"), site_dir=str(self.root / target))
        plugin = config.plugins["inforce"]
        plugin.on_startup(command="serve", dirty=False)
        if target == "site":
            self.kept = plugin.kept = self.kept or plugin.kept
        build(config, serve_url="http://127.0.0.1/")
        site = self.root / target
        return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.glob("privacy/**/*.html")}


@pytest.fixture
def preview(tmp_path: Path) -> Preview:
    projects.two_versions(tmp_path)
    projects.write_site(tmp_path, options=AS_OF)
    return Preview(tmp_path)


def test_whatever_is_edited_the_next_build_is_as_a_fresh_one(preview: Preview) -> None:
    root = preview.root
    assert preview.build() == preview.build()
    projects.edit(root, "contact", "## Contact\n\nRing us.")
    assert preview.build() == preview.build("with a draft")
    projects.publish(root, effective=projects.ANNOUNCED.replace(year=2027), severity=Severity.NOTICE)
    assert preview.build() == preview.build("with a release")
    settings = (root / "mkdocs.yml").read_text(encoding="utf-8")
    (root / "mkdocs.yml").write_text(settings.replace("Shop", "Store"), encoding="utf-8")
    pages = preview.build()
    assert pages == preview.build("with another name")
    assert b"Store" in pages["privacy/1.0/index.html"]
    told = pages["privacy/index.html"]
    (root / "mkdocs.yml").write_text(settings.replace("2026-04-01", "2027-06-01"), encoding="utf-8")
    pages = preview.build()
    assert pages == preview.build("on another day")
    assert pages["privacy/index.html"] != told


def test_an_edit_lays_out_nothing_of_the_archive_again(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    preview.build()
    projects.edit(preview.root, "contact", "## Contact\n\nRing us.")
    laid_out: list[str] = []
    render = templates.render

    def watched(content: templates.Content, overrides: tuple[str, ...] = ()) -> str:
        laid_out.append(content.template)
        return render(content, overrides)

    monkeypatch.setattr(templates, "render", watched)
    preview.build()
    assert sorted(laid_out) == ["redline.html", "version.html", "version.html"]  # the current page and the draft's two


class Watching:
    """A preview's server that notes what it watches, and can't watch what is not there."""

    def __init__(self) -> None:
        self.paths: list[Path] = []

    def watch(self, path: str) -> None:
        assert Path(path).is_dir()
        self.paths.append(Path(path))


def serve(root: Path) -> tuple[InForcePlugin, Watching]:
    config = load_config(str(root / "mkdocs.yml"))
    plugin, server = config.plugins["inforce"], Watching()
    plugin.on_startup(command="serve", dirty=False)
    plugin.on_serve(server, config=config, builder=None)
    return plugin, server


def test_a_folder_that_is_not_there_yet_is_watched_too_and_goes_again_if_it_stays_empty(tmp_path: Path) -> None:
    projects.write_policy(tmp_path)
    projects.write_site(tmp_path)
    plugin, server = serve(tmp_path)
    assert server.paths == [tmp_path / "policy", tmp_path / "versions"]
    plugin.on_shutdown()
    assert not (tmp_path / "versions").exists()
    plugin, _ = serve(tmp_path)
    projects.publish(tmp_path)
    plugin.on_shutdown()
    assert (tmp_path / "versions/privacy/1.0.md").is_file()
    assert (tmp_path / "policy").is_dir()


def test_where_a_folder_cannot_be_made_it_is_said_and_the_rest_is_watched(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    projects.write_policy(tmp_path)
    projects.write_site(tmp_path)
    (tmp_path / "versions").write_text("a file", encoding="utf-8")
    _, server = serve(tmp_path)
    assert server.paths == [tmp_path / "policy"]
    assert "versions/ is not watched (File exists). Start mkdocs serve again once the folder is there." in caplog.text
