"""A real browser and a real web server for the tests in this folder, and axe to look at a page.

Chromium and nginx are the system's own (`make test` installs them where it may). Without them these tests are
skipped, except under CI=true, where that is a failure. Nothing leaves the machine: the browser resolves no name, and
a request to anything but 127.0.0.1 is refused and listed in `outside_requests`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, sync_playwright

from e2e.webserver import WebServer

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]

NewPage = Callable[..., Page]
Serve = Callable[..., str]


def find_program(names: list[str], package: str) -> str:
    """The path of the first program found; without one the test is skipped, and under CI=true it fails."""
    search_path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])
    for name in names:
        if found := shutil.which(name, path=search_path):
            return found
    reason = f"{names[0]} is missing. On Debian: sudo apt-get install {package}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for each test process."""
    chromium = find_program(["chromium", "chromium-browser", "google-chrome"], "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def outside_requests() -> list[str]:
    """The addresses beyond 127.0.0.1 that the test's pages asked for, in order; every one of them was refused."""
    return []


@pytest.fixture
def new_page(browser: Browser, outside_requests: list[str]) -> Iterator[NewPage]:
    """Open a page in a context of its own; options are those of Playwright's `Browser.new_context`."""
    contexts = []

    def keep_inside(route: Route) -> None:
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            outside_requests.append(route.request.url)
            route.abort()

    def open_page(**options: Any) -> Page:
        context = browser.new_context(service_workers="block", **options)
        contexts.append(context)
        context.route("**/*", keep_inside)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page with the browser's usual settings."""
    return new_page()


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """`serve(folder)` or `serve(folder, at="/legal/")` → the folder's address, ending in a slash.

    `rules="…"` adds lines of nginx' own, such as headers; `server` replaces all settings (see `webserver`).
    """
    program = find_program(["nginx"], "nginx-light")
    servers = []

    def start(folder: Path, at: str = "/", **settings: str) -> str:
        server = WebServer(program, tmp_path_factory.mktemp("nginx"), folder, at, **settings)
        servers.append(server)
        return server.start()

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """`axe(page)` → what axe finds wrong, one line an element: rule, impact, help, where."""

    def find_violations(page: Page) -> list[str]:
        violations = Axe().run(page).response["violations"]
        return [
            f"{rule['id']} ({rule['impact']}): {rule['help']}: {' '.join(map(str, node['target']))}"
            for rule in violations
            for node in rule["nodes"]
        ]

    return find_violations
