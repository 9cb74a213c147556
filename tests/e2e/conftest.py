"""A real browser and a real web server for the tests in this folder, and axe to look at a page.

Chromium and nginx are the system's own (see `programs`). Nothing leaves the machine: the browser resolves no name, and
a request to anything but 127.0.0.1 is refused and listed in `outside_requests`. What a page asks for has to be there:
a test that wants otherwise clears `missing`.

A page's script can be waited for with `expect` or a locator. `wait_for_function` with a string is an eval, which the
Content-Security-Policy of the page forbids as soon as the first look was too early.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, expect, sync_playwright

import programs
from e2e import accessibility
from e2e.patient_pages import STRETCH
from e2e.webserver import WebServer
from patience import PATIENCE

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page is seen for a moment: what its scripts would gain from being optimised takes longer to compile.
    "--js-flags=--no-turbofan --no-maglev",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
FONTS: dict[str, str | float | bool] = {**os.environ, "FONTCONFIG_FILE": str(Path(__file__).with_name("fonts.conf"))}
"""What stands on a screen depends on how wide letters are: the same everywhere, and as wide as those of phones."""
expect.set_options(timeout=PATIENCE * 1000)

NewPage = Callable[..., Page]
Serve = Callable[..., str]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for each test process."""
    chromium = programs.CHROMIUM.path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=CHROMIUM_ARGUMENTS, env=FONTS, timeout=PATIENCE * 1000
        )
        yield browser
        browser.close()


@pytest.fixture
def outside_requests() -> list[str]:
    """The addresses beyond 127.0.0.1 that the test's pages asked for, in order; every one of them was refused."""
    return []


@pytest.fixture
def violations() -> list[str]:
    """What the browser said of all that the test's pages wanted against their Content-Security-Policy."""
    return []


@pytest.fixture
def missing() -> Iterator[list[str]]:
    """What the test's pages asked for beside themselves and did not get, status and address: nothing in the end."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def listeners(
    outside_requests: list[str], violations: list[str], missing: list[str]
) -> dict[str, Callable[[Any], None]]:
    """What notes all that the test's pages say and ask for, by the event that tells it."""

    def note_request(request: Request) -> None:
        if request.url.startswith(("http", "ws")) and urlsplit(request.url).hostname != "127.0.0.1":
            outside_requests.append(request.url)

    def note_violation(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            violations.append(message.text)

    def note_response(response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            missing.append(f"{response.status} {response.url}")

    return {"console": note_violation, "request": note_request, "response": note_response}


def opened(browser: Browser, **options: Any) -> Page:
    """A page in a context of its own."""
    context = browser.new_context(service_workers="block", **options)
    context.set_default_timeout(PATIENCE * 1000)
    context.add_init_script(STRETCH)
    return context.new_page()


@pytest.fixture
def new_page(browser: Browser, listeners: dict[str, Callable[[Any], None]]) -> Iterator[NewPage]:
    """Open a page in a context of its own; options are those of Playwright's `Browser.new_context`."""
    pages = []

    def open_page(**options: Any) -> Page:
        pages.append(page := opened(browser, **options))
        for event, note in listeners.items():
            page.context.on(event, note)
        return page

    yield open_page
    for page in pages:
        page.context.close()


@pytest.fixture(scope="module")
def left() -> Iterator[dict[str, list[Page]]]:
    """The pages that tests of a file have left, by the options that they were opened with."""
    pages: dict[str, list[Page]] = {}
    yield pages
    for page in (page for alike in pages.values() for page in alike):
        page.context.close()


@pytest.fixture
def used_page(
    browser: Browser, left: dict[str, list[Page]], listeners: dict[str, Callable[[Any], None]]
) -> Iterator[NewPage]:
    """The same for tests that only read: such a page as a test of the same file has left, emptied, where there is one.

    Half of what a fresh one takes is a process for it, and a theme's scripts, compiled there. A page whose clock was
    set, or that has scripts of the test's own, is none to be left.
    """
    taken: list[tuple[Page, dict[str, Any]]] = []

    def take_page(**options: Any) -> Page:
        alike = left.get(repr(options))
        page = alike.pop() if alike else opened(browser, **options)
        for event, note in listeners.items():
            page.context.on(event, note)
        taken.append((page, options))
        return page

    yield take_page
    for page, options in taken:
        empty(page, **options)
        for event, note in listeners.items():
            page.context.remove_listener(event, note)
        left.setdefault(repr(options), []).append(page)


def empty(page: Page, **options: Any) -> None:
    """Make a page as if it had just been opened: nothing that a test saw or did in it is left."""
    for other in page.context.pages:
        if other != page:
            other.close()
    page.unroute_all()
    page.context.clear_cookies()
    page.evaluate("() => { try { localStorage.clear(); sessionStorage.clear(); } catch {} }")  # a page may have none
    page.goto("about:blank")
    page.mouse.move(-1, -1)
    page.set_viewport_size(options.get("viewport", {"width": 1280, "height": 720}))
    page.emulate_media(
        media="null",
        color_scheme=options.get("color_scheme", "light"),
        forced_colors=options.get("forced_colors", "none"),
    )


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page with the browser's usual settings."""
    return new_page()


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """`serve(folder)` or `serve(folder, at="/legal/")` → the folder's address, ending in a slash.

    `rules="…"` adds lines of nginx' own, such as headers; `server` replaces all settings (see `webserver`).
    """
    program = programs.NGINX.path()
    servers = []

    def start(folder: Path, at: str = "/", **settings: str) -> str:
        server = WebServer(program, tmp_path_factory.mktemp("nginx"), folder, at, **settings)
        servers.append(server)
        return server.start()

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[str]]:
    """`axe(page)` → what axe finds wrong; see `accessibility.violations`."""
    return accessibility.violations
