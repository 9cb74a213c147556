"""Three browsers behind one small interface: what a customer does in them, and what a page's script tells.

Firefox and WebKit take WebDriver's commands, each in its own way: WebKitWebDriver over HTTP, Firefox at the socket
that it opens by itself. Chromium is driven by Playwright, as everywhere else in these tests.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

import httpx
from playwright.sync_api import Browser as PlaywrightBrowser
from playwright.sync_api import Page

import programs
from patience import PATIENCE, eventually
from programs import bound


class Browser(ABC):
    """One customer's browser, and the tab in front."""

    keeps_pages = True
    """Whether a page that is left is kept, and comes back as it was. Under Playwright, Chromium loads it anew."""

    @abstractmethod
    def goto(self, address: str) -> None:
        """Load a page in this tab, as far as DOMContentLoaded."""

    @abstractmethod
    def back(self) -> None:
        """Go back to the page before."""

    @abstractmethod
    def run(self, function: str, *given: Any) -> Any:
        """Call a function of JavaScript's in the page and return what it returns, or promises, as JSON."""

    @abstractmethod
    def press(self, words: str) -> None:
        """Click the button with these words."""

    @abstractmethod
    def escape(self) -> None:
        """Press the key Escape."""

    @abstractmethod
    def tab(self) -> Any:
        """Return the tab in front, for `show`."""

    @abstractmethod
    def open_tab(self) -> None:
        """Open another tab in front."""

    @abstractmethod
    def show(self, tab: Any) -> None:
        """Bring a tab to the front."""

    @abstractmethod
    def close_tab(self) -> None:
        """Close the tab in front; none is there then until `show`."""


class Chromium(Browser):
    """A page of Playwright's."""

    keeps_pages = False

    def __init__(self, page: Page) -> None:
        self.page = page

    def goto(self, address: str) -> None:
        self.page.goto(address, wait_until="domcontentloaded")

    def back(self) -> None:
        self.page.go_back(wait_until="commit")

    def run(self, function: str, *given: Any) -> Any:
        return self.page.evaluate(f"(given) => ({function})(...given)", given)

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).click()

    def escape(self) -> None:
        self.page.keyboard.press("Escape")

    def tab(self) -> Any:
        return self.page

    def open_tab(self) -> None:
        self.page = self.page.context.new_page()

    def show(self, tab: Any) -> None:
        self.page = tab
        self.page.bring_to_front()

    def close_tab(self) -> None:
        self.page.close()


class WebDriver(Browser):
    """A browser that takes WebDriver's commands."""

    waits = "eager"
    """As far as DOMContentLoaded."""
    another = "tab"
    """What is in front of the customer's eyes when it is opened: a tab, or only a window."""

    def __init__(self) -> None:
        self.call("NewSession", pageLoadStrategy=self.waits, timeouts={"script": PATIENCE * 1000})
        self.moves = 0

    @abstractmethod
    def call(self, command: str, **parameters: Any) -> Any:
        """Carry out one of WebDriver's commands; raises RuntimeError with the browser's words."""

    def goto(self, address: str) -> None:
        self._move("Navigate", url=address)

    def back(self) -> None:
        self._move("Back")

    def _move(self, command: str, **parameters: Any) -> None:
        self.moves += 1
        self.run("(move) => { window.left = move; }", self.moves)
        self.call(command, **parameters)
        assert eventually(self._there)

    def _there(self) -> bool:
        there = "(move) => window.left !== move && document.readyState !== 'loading'"
        try:
            return bool(self.run(there, self.moves))
        except RuntimeError:  # the page left while it was asked
            return False

    def run(self, function: str, *given: Any) -> Any:
        return self.call("ExecuteScript", script=f"return ({function})(...arguments)", args=given)

    def press(self, words: str) -> None:
        button = f"//button[normalize-space()='{words}']"
        assert eventually(lambda: self.call("FindElements", using="xpath", value=button))
        found = self.call("FindElement", using="xpath", value=button)
        self.call("ElementClick", id=next(iter(found.values())))

    def escape(self) -> None:
        strokes = [{"type": kind, "value": "\ue00c"} for kind in ("keyDown", "keyUp")]
        self.call("PerformActions", actions=[{"type": "key", "id": "keyboard", "actions": strokes}])

    def tab(self) -> Any:
        return self.call("GetWindowHandle")

    def open_tab(self) -> None:
        self.show(self.call("NewWindow", type=self.another)["handle"])

    def show(self, tab: Any) -> None:
        self.call("SwitchToWindow", handle=tab)

    def close_tab(self) -> None:
        self.call("CloseWindow")


class Firefox(WebDriver):
    """Firefox at a socket of its own, where a message is its length, a colon and JSON."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self._read()  # its greeting
        super().__init__()

    def call(self, command: str, **parameters: Any) -> Any:
        message = json.dumps([0, 1, f"WebDriver:{command}", parameters]).encode()
        self.stream.write(b"%d:%s" % (len(message), message))
        self.stream.flush()
        _, _, error, result = self._read()
        if error:
            raise RuntimeError(error["message"])
        return result.get("value", result) if isinstance(result, dict) else result

    def _read(self) -> Any:
        length = b""
        while (byte := self.stream.read(1)) != b":":
            length += byte
        return json.loads(self.stream.read(int(length)))


class WebKit(WebDriver):
    """WebKitGTK's small browser, behind a driver that takes each command at a path."""

    waits = "none"  # its driver never ends waiting for DOMContentLoaded alone, so that `_move` waits
    another = "window"  # its second tab stays hidden
    PATHS: ClassVar = {
        "NewSession": ("POST", ""),
        "Navigate": ("POST", "url"),
        "Back": ("POST", "back"),
        "ExecuteScript": ("POST", "execute/sync"),
        "FindElement": ("POST", "element"),
        "FindElements": ("POST", "elements"),
        "ElementClick": ("POST", "element/{id}/click"),
        "PerformActions": ("POST", "actions"),
        "GetWindowHandle": ("GET", "window"),
        "NewWindow": ("POST", "window/new"),
        "SwitchToWindow": ("POST", "window"),
        "CloseWindow": ("DELETE", "window"),
    }

    def __init__(self, driver: httpx.Client) -> None:
        self.driver, self.session = driver, "session"
        super().__init__()

    def call(self, command: str, **parameters: Any) -> Any:
        method, path = self.PATHS[command]
        if command == "NewSession":
            parameters = {"capabilities": {"alwaysMatch": parameters}}
        address = f"{self.session}/{path.format(**parameters)}".rstrip("/")
        answer = self.driver.request(method, address, json=parameters if method == "POST" else None)
        value = answer.json()["value"]
        if not answer.is_success:
            raise RuntimeError(value["message"])
        if command == "NewSession":
            self.session += f"/{value['sessionId']}"
        return value


@contextmanager
def chromium(browser: PlaywrightBrowser) -> Iterator[Browser]:
    """Playwright's Chromium, with an empty profile."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE * 1000)
    yield Chromium(context.new_page())
    context.close()


FIREFOX_SETTINGS = {
    "marionette.port": 0,
    # No request leaves the machine: whatever is not 127.0.0.1 is asked of a proxy that is not there.
    "network.proxy.type": 1,
    "network.proxy.socks": "127.0.0.1",
    "network.proxy.socks_port": 9,
    "network.proxy.socks_remote_dns": True,
}


@contextmanager
def firefox(folder: Path) -> Iterator[Browser]:
    """Firefox without a window, with a profile in this folder."""
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in FIREFOX_SETTINGS.items()]
    (folder / "user.js").write_text("".join(lines))
    port = folder / "MarionetteActivePort"
    with _running(programs.FIREFOX.path(), "--headless", "--marionette", "--no-remote", "--profile", folder):
        assert eventually(lambda: port.exists() and port.read_text()), "Firefox opens no socket"
        address = ("127.0.0.1", int(port.read_text()))
        with socket.create_connection(address, PATIENCE) as connection, connection.makefile("rwb") as stream:
            yield Firefox(stream)


@contextmanager
def webkit(folder: Path) -> Iterator[Browser]:
    """WebKitGTK's browser, which needs a screen: one that nobody sees."""
    driver = programs.WEBKIT.path()
    with socket.create_server(("127.0.0.1", 0)) as listener:  # it takes no socket and tells no port
        port = listener.getsockname()[1]
    with (
        _screen() as screen,
        _running(driver, f"--port={port}", DISPLAY=screen, XDG_RUNTIME_DIR=str(folder)),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=PATIENCE) as client,
    ):
        assert eventually(lambda: _answers(client)), "WebKit's driver does not answer"
        yield WebKit(client)


@contextmanager
def _screen() -> Iterator[str]:
    read, write = os.pipe()
    with _running(programs.SCREEN.path(), "-displayfd", str(write), "-nolisten", "tcp", pass_fds=[write]):
        os.close(write)
        with os.fdopen(read) as told:
            yield f":{told.readline().strip()}"


def _answers(driver: httpx.Client) -> bool:
    try:
        return driver.get("status").is_success
    except httpx.ConnectError:
        return False


@contextmanager
def _running(*command: str | Path, pass_fds: Sequence[int] = (), **environment: str) -> Iterator[None]:
    process = subprocess.Popen(
        bound(*command),
        env={**os.environ, **environment},
        pass_fds=pass_fds,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)
