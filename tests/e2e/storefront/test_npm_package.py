"""The npm package as it is packed: in a plain Node, and in a shop that React draws and Vite bundles."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import programs
from e2e.storefront import npm
from e2e.storefront.manifests import history, manifest

MANIFEST = manifest(privacy=history("privacy", "material", "material"))
LIBRARIES = ("@types", "react", "react-dom", "scheduler", "csstype", "vite")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the package as `npm pack` gives it."""
    folder = tmp_path_factory.mktemp("shop")
    return npm.install(npm.packed(folder), folder)


def run_node(folder: Path, script: str) -> str:
    command = [programs.NODE.path(), "--input-type=module", "-e", script]
    return subprocess.run(command, check=True, cwd=folder, capture_output=True, text=True).stdout.strip()


def test_a_server_imports_all_of_the_package(installed: Path) -> None:
    """There is no document, no HTMLElement and no localStorage: nothing may need them before it is used."""
    package = json.loads((installed / "node_modules/inforce-client/package.json").read_text(encoding="utf-8"))
    names = [name for name, entry in package["exports"].items() if "*" not in name and "default" in entry]
    assert set(names) == {".", "./element", "./dialog", "./review", "./copies"}
    wanted = [f"await import('inforce-client{name[1:]}')" for name in names]
    assert (
        run_node(installed, f"{'; '.join(wanted)}; await import('inforce-client/texts/de'); console.log('all')")
        == "all"
    )
    assert {"README.md", "dist", "src"} <= {path.name for path in (installed / "node_modules/inforce-client").iterdir()}


def test_on_a_server_addresses_are_absolute_and_nothing_keeps_the_process(installed: Path) -> None:
    manifest_url = "https://policies.example/policy-manifest.json"
    script = f"""
      import {{createPolicyReview}} from 'inforce-client';
      import {{readFileSync}} from 'node:fs';
      const manifest = {json.dumps(MANIFEST)};
      globalThis.fetch = async () => new Response(JSON.stringify(manifest));
      const store = {{records: () => [], add: () => {{}}}};
      const review = createPolicyReview({{manifestUrl: '{manifest_url}', documents: 'privacy', store}});
      await review.check();
      const timers = process.getActiveResourcesInfo().filter((each) => each === 'Timeout');
      console.log(JSON.stringify([review.result.state, review.details('privacy').url, timers.length]));
    """
    assert json.loads(run_node(installed, script)) == ["initial", "https://policies.example/privacy/1.1/", 0]


def test_a_shop_of_react_and_vite_asks(installed: Path, serve: Callable[..., str], page: Page, tmp_path: Path) -> None:
    """Its types hold in JSX, and the dialog is a file of its own that is loaded only to ask."""
    shop = shutil.copytree(Path(__file__).parent / "vite", tmp_path / "shop")
    shutil.copytree(installed / "node_modules", shop / "node_modules")
    for name in LIBRARIES:
        (shop / "node_modules" / name).symlink_to(npm.PACKAGE / "node_modules" / name)
    checked = subprocess.run([programs.TSC.path(), "--project", shop], capture_output=True, text=True, check=False)
    assert (checked.stdout, checked.returncode) == ("", 0)
    build = [programs.NODE.path(), "node_modules/vite/bin/vite.js", "build", "--logLevel", "error"]
    subprocess.run(build, check=True, cwd=shop)
    (shop / "dist/policy-manifest.json").write_text(json.dumps(MANIFEST), encoding="utf-8")
    address, loaded = serve(shop / "dist"), []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(address)
    dialog = page.get_by_role("dialog", name="Bitte lesen Sie unsere Bestimmungen")
    expect(dialog).to_contain_text("Version 1.1")
    expect(page.locator("#state")).to_have_text("initial")
    assert not page.get_by_text("Close my account").is_visible()
    dialog.get_by_role("button", name="Ich habe das gelesen").click()
    expect(dialog).to_have_count(0)
    loaded.clear()
    page.reload()
    expect(page.locator("#state")).to_have_text("up_to_date")
    assert not [url for url in loaded if "dialog" in url]
