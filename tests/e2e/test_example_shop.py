"""The example of a shop's server as it is run: uvicorn, nginx, a browser without JavaScript, a receipt at the end."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page

from patience import PATIENCE, eventually
from programs import bound


def inforce(root: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from inforce.adapters.command import main; main()", "-C", root, *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False)


@pytest.fixture
def shop(repo_root: Path, tmp_path: Path, serve: Callable[..., str]) -> Iterator[str]:
    """The shop's address. It polls a manifest of the shipped policies."""
    site, data = tmp_path / "site", tmp_path / "data"
    site.mkdir()
    data.mkdir()
    done = inforce(repo_root, "manifest", "--base-url", "https://policies.example/", "-o", str(site / "m.json"))
    assert done.returncode == 0, done.stderr
    environment = {**os.environ, "MANIFEST_URL": f"{serve(site)}m.json", "SHOP_DATA": str(data)}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        command = bound(sys.executable, "-m", "uvicorn", "--factory", "shop:from_environment")
        server = subprocess.Popen(
            [*command, "--fd", str(listener.fileno()), "--log-level", "warning"],
            cwd=repo_root / "examples" / "fastapi_shop",
            env=environment,
            pass_fds=[listener.fileno()],
        )
    yield address
    server.terminate()
    assert server.wait(timeout=PATIENCE) in (0, -15)
    assert (data / "manifest.cache").is_file()


def await_manifest(address: str, cookies: dict[str, str]) -> None:
    """Until the first poll is through, nothing is known; a shop lets its customers pass meanwhile."""

    def state() -> str:
        return str(httpx.get(f"{address}/review", cookies=cookies, timeout=PATIENCE).json()["state"])

    assert eventually(lambda: state() != "unknown"), "the shop never got its manifest"


def test_a_customer_without_javascript_agrees_and_gets_a_receipt(
    shop: str, repo_root: Path, new_page: Callable[..., Page]
) -> None:
    cookies = {"customer": "ada"}
    await_manifest(shop, cookies)
    page = new_page(java_script_enabled=False, base_url=shop)
    page.context.add_cookies([{"name": "customer", "value": "ada", "url": shop}])
    page.goto("/")
    heading = page.get_by_role("heading", level=2).inner_text()
    page.get_by_role("button", name="I have read this").click()
    assert page.url == f"{shop}/"
    exported = httpx.get(f"{shop}/records", cookies=cookies, timeout=PATIENCE).text
    [record] = json.loads(exported)
    assert record["action"] == "acknowledged"
    told = inforce(repo_root, "verify", "--receipt", "-", given=exported)
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith(f"> {heading}\n>\n> - Acknowledged on {record['at'][:19]}Z")
    assert "# goExW Privacy Policy" in told.stdout


def test_axe_finds_nothing_on_the_form(
    shop: str, new_page: Callable[..., Page], axe: Callable[[Page], list[str]], outside_requests: list[str]
) -> None:
    await_manifest(shop, {"customer": "bob"})
    page = new_page()
    page.context.add_cookies([{"name": "customer", "value": "bob", "url": shop}])
    page.goto(shop)
    assert page.get_by_role("button").count() == 2
    assert axe(page) == []
    assert outside_requests == []
