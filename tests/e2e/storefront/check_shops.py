"""Shops as Next and Vue make them, of the npm package as it is packed. `make shops` alone runs this.

Each is built for production, drawn on a server and taken over by the browser, which must find what the server wrote.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import programs
from e2e.storefront import npm
from e2e.storefront.manifests import history, manifest
from patience import PATIENCE

SHOPS = Path(__file__).parent / "shops"
LIBRARIES = SHOPS / "node_modules"
MANIFEST = json.dumps(manifest(privacy=history("privacy", "material", "material")))
ENVIRONMENT = os.environ | {"NEXT_TELEMETRY_DISABLED": "1", "NODE_ENV": "production"}


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shops, each with the frameworks and the packed package."""
    if not LIBRARIES.is_dir():
        programs.absent("The frameworks are missing. `make shops` installs them.")
    folder = tmp_path_factory.mktemp("made") / "shops"
    shutil.copytree(SHOPS, folder, symlinks=True)
    (folder / "node_modules/inforce-client").mkdir()
    unpack = ["tar", "-xzf", npm.packed(folder), "-C", folder / "node_modules/inforce-client", "--strip-components=1"]
    subprocess.run(unpack, check=True)
    return folder


def run(folder: Path, *command: str) -> str:
    """What a program of the frameworks says; it must be content."""
    program, *arguments = command
    libraries = next(each for each in (folder / "node_modules", folder.parent / "node_modules") if each.is_dir())
    call = [programs.NODE.path(), libraries / program, *arguments]
    done = subprocess.run(call, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def accepts(page: Page, address: str) -> None:
    """Visit as a new customer, answer, come back; the browser has nothing to say of it."""
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.goto(address)
    dialog = page.get_by_role("dialog", name="Please read our policies")
    expect(dialog).to_contain_text("Version 1.1")
    expect(page.locator("#state")).to_have_text("initial")
    assert not page.get_by_text("Close my account").is_visible()
    dialog.get_by_role("button", name="I have read this").click()
    expect(dialog).to_have_count(0)
    page.reload()
    expect(page.locator("#state")).to_have_text("up_to_date")
    assert [line for line in said if "favicon" not in line] == []


@pytest.fixture
def next_address(shops: Path, serve: Callable[..., str], tmp_path: Path) -> Iterator[str]:
    """A Next server; its process ends when it is told to."""
    (tmp_path / "policy-manifest.json").write_text(MANIFEST, encoding="utf-8")
    shop = shops / "next"
    (shop / "public").mkdir()
    (shop / "public/policy-manifest.json").write_text(MANIFEST, encoding="utf-8")
    run(shop, "next/dist/bin/next", "build")
    command = [programs.NODE.path(), shops / "node_modules/next/dist/bin/next", "start", "-H", "127.0.0.1", "-p", "0"]
    environment = ENVIRONMENT | {"MANIFEST": f"{serve(tmp_path)}policy-manifest.json"}
    with subprocess.Popen(command, cwd=shop, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        lines = (re.search(r"http://127\.0\.0\.1:\d+", line) for line in server.stdout)
        found = next(filter(None, lines), None)
        assert found, "it did not start"
        yield found[0]
        server.send_signal(signal.SIGTERM)
        server.wait(PATIENCE)


def test_next_decides_on_the_server_and_asks_in_the_browser(next_address: str, page: Page) -> None:
    page.goto(next_address)
    expect(page.locator("#server")).to_contain_text(re.compile(r"^initial http://127\.0\.0\.1:\d+/privacy/1\.1/$"))
    accepts(page, next_address)


def test_vue_takes_over_what_its_server_wrote(shops: Path, serve: Callable[..., str], page: Page) -> None:
    shop = shops / "vue"
    run(shop, "vite/bin/vite.js", "build", "--logLevel", "error")
    run(shop, "vite/bin/vite.js", "build", "--ssr", "server.ts", "--outDir", "server", "--logLevel", "error")
    drawn = subprocess.run(  # it ends by itself
        [programs.NODE.path(), "server/server.js"], cwd=shop, capture_output=True, text=True, check=True
    ).stdout.strip()
    assert '<policy-review hidden manifest="/policy-manifest.json" documents="privacy">' in drawn
    index = shop / "dist/index.html"
    index.write_text(index.read_text(encoding="utf-8").replace("<!--server-->", drawn), encoding="utf-8")
    (shop / "dist/policy-manifest.json").write_text(MANIFEST, encoding="utf-8")
    accepts(page, serve(shop / "dist"))


@pytest.mark.parametrize("framework", ["react", "preact", "vue"])
def test_an_attribute_of_a_wrong_type_is_found_in_jsx(shops: Path, framework: str) -> None:
    run(shops, "typescript/bin/tsc", "--project", f"types/{framework}")
