"""The builds of one preview: never a page that a fresh build would not make, and no folder that is not watched."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.structure.pages import Page as MkDocsPage

from adapters import projects
from adapters.sites import AS_OF, build_site
from inforce.adapters import mkdocs_pages, templates
from inforce.adapters.mkdocs_pages import Preview as OnDemand
from inforce.adapters.mkdocs_plugin import InForcePlugin
from inforce.errors import fail
from inforce.model import Severity


class Preview:
    """The builds of one `mkdocs serve`: what the plugin knows lives from each to the next."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.left = OnDemand()

    def build(self, target: str = "site", *, fresh: bool = False) -> None:
        """The next build, or, with ``fresh``, one of another preview."""
        config = load_config(str(self.root / "mkdocs.yml"), site_dir=str(self.root / target))
        plugin = config.plugins["inforce"]
        plugin.on_startup(command="serve", dirty=False)
        if fresh:
            self.left = plugin.preview
        else:
            plugin.preview = self.left
        build(config, serve_url="http://127.0.0.1/")

    def files(self, target: str = "site") -> dict[str, bytes]:
        """What is below the policy's folder now."""
        site = self.root / target
        found = (path for path in site.glob("privacy/**/*") if path.is_file())
        return {path.relative_to(site).as_posix(): path.read_bytes() for path in found}

    def pages(self, target: str = "site", *, fresh: bool = False) -> dict[str, bytes]:
        """What is there once somebody has asked for everything."""
        self.build(target, fresh=fresh)
        for address in (*self.left.addresses, "privacy/no-such/"):
            self.left.lay_out(f"/{address}")
        return self.files(target)


@pytest.fixture
def preview(tmp_path: Path) -> Preview:
    projects.two_versions(tmp_path)
    projects.write_site(tmp_path, options=AS_OF)
    return Preview(tmp_path)


def test_whatever_is_edited_the_next_build_is_as_a_fresh_one(preview: Preview) -> None:
    root, settings = preview.root, (preview.root / "mkdocs.yml").read_text(encoding="utf-8")

    def with_draft() -> None:
        projects.edit(root, "contact", "## Contact\n\nRing us.")

    def with_release() -> None:
        projects.publish(root, effective=projects.ANNOUNCED.replace(year=2027), severity=Severity.NOTICE)

    def with_settings(old: str, new: str) -> None:
        (root / "mkdocs.yml").write_text(settings.replace(old, new), encoding="utf-8")

    first = preview.pages()
    for change in (with_draft, with_release, partial(with_settings, "Shop", "Store")):
        change()
        pages = preview.pages()
        other = Preview(root)
        assert pages == other.pages("fresh", fresh=True)
        assert first.keys() <= pages.keys()
    assert b"Store" in pages["privacy/1.0/index.html"]
    with_settings("2026-04-01", "2027-06-01")
    later = preview.pages()
    assert later == Preview(root).pages("later", fresh=True)
    assert later["privacy/index.html"] != pages["privacy/index.html"]


def test_what_is_asked_for_is_what_a_build_makes(preview: Preview) -> None:
    text = (preview.root / "mkdocs.yml").read_text(encoding="utf-8").replace("inforce: {", "inforce: {drafts: true, ")
    (preview.root / "mkdocs.yml").write_text(text, encoding="utf-8")
    projects.edit(preview.root, "contact", "## Contact\n\nRing us.")
    built = build_site(preview.root, target="built")
    for name, data in preview.pages().items():
        assert data == (built / name).read_bytes(), name


def test_an_edit_lays_out_nothing_of_the_archive(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    preview.build()
    projects.edit(preview.root, "contact", "## Contact\n\nRing us.")
    laid_out: list[str] = []
    render = templates.render

    def watched(content: templates.Content, overrides: tuple[str, ...] = ()) -> str:
        laid_out.append(content.template)
        return render(content, overrides)

    monkeypatch.setattr(templates, "render", watched)
    preview.build()
    assert laid_out == ["version.html"]  # the current page
    assert set(preview.files()) == {"privacy/index.html"}
    preview.left.lay_out("/privacy/draft/")
    preview.left.lay_out("/privacy/draft")
    assert laid_out == ["version.html", "version.html"]
    assert set(preview.files()) == {"privacy/index.html", "privacy/draft/index.html"}


def test_what_cannot_be_laid_out_is_said_and_the_server_goes_on(
    preview: Preview, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    preview.build()
    answered: list[str] = []

    def serve(environ: dict[str, str], _: object) -> str:
        answered.append(environ["PATH_INFO"])
        return "not found"

    def broken(*_: object) -> str:
        raise fail("inforce/version.html", 3, "template", "The template cannot be used", "Mend it")

    monkeypatch.setattr(templates, "render", broken)
    assert preview.left.app(serve)({"PATH_INFO": "/privacy/1.0/"}, None) == "not found"
    assert answered == ["/privacy/1.0/"]
    assert "The template cannot be used" in caplog.text


class Watching:
    """A preview's server that notes what it watches, and can't watch what is not there."""

    def __init__(self) -> None:
        self.paths: list[Path] = []

    def serve_request(self) -> None:
        """What a server answers with."""

    def set_app(self, app: object) -> None:
        """What it is to answer with."""
        self.app = app

    def watch(self, path: str) -> None:
        assert Path(path).is_dir()
        self.paths.append(Path(path))


def serve(root: Path) -> tuple[InForcePlugin, Watching]:
    config = load_config(str(root / "mkdocs.yml"))
    plugin, server = config.plugins["inforce"], Watching()
    plugin.on_startup(command="serve", dirty=False)
    plugin.on_serve(server, config=config, builder=None)
    return plugin, server


def test_a_build_waits_for_a_page_that_is_being_laid_out_and_a_page_for_a_build(
    preview: Preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server answers each request in a thread of its own, and builds in another."""
    preview.build()
    happened, may_end, laying = [], threading.Event(), threading.Event()
    build_page = mkdocs_pages.build._build_page

    def slow(page: MkDocsPage, *rest: Any) -> None:
        laying.set()
        assert may_end.wait(30)
        build_page(page, *rest)
        happened.append(page.url)

    def begin() -> None:
        preview.left.begin()
        happened.append("build")

    monkeypatch.setattr(mkdocs_pages.build, "_build_page", slow)
    asked = [threading.Thread(target=preview.left.lay_out, args=(f"/privacy/{name}/",)) for name in ("1.0", "versions")]
    asked[0].start()
    assert laying.wait(30)
    builds = threading.Thread(target=begin)
    builds.start()
    builds.join(0.2)
    assert not happened
    may_end.set()
    builds.join(30)
    asked[1].start()
    asked[1].join(0.2)
    assert happened == ["privacy/1.0/", "build"]
    preview.left.end()
    asked[1].join(30)
    assert happened == ["privacy/1.0/", "build", "privacy/versions/"]


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
