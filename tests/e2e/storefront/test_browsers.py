"""The dialog in Chromium, Firefox and WebKit: one set of scenarios, each in a shop of its own.

An own shop is an own origin, and so an empty storage. It has the one line of the documentation and a strict
Content-Security-Policy with Trusted Types; in no scenario may a page break that, or leave an error unhandled.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

import programs
from adapters.commands import Terminal
from e2e.arabic import SAID, WIDTHS
from e2e.patient_pages import STRETCH
from e2e.storefront.browsers import Browser, chromium, firefox, webkit
from e2e.storefront.manifests import NOW, Json, history, manifest, version
from e2e.storefront.shop import ONE_LINE, POLICY, SHOP_RULES, Host
from e2e.webserver import WebServer
from patience import eventually
from programs import REPOSITORY

ONE = manifest(privacy=history("privacy", "material"), terms=history("terms", "material", requires="accept"))
TWO = manifest(privacy=history("privacy", "material", "material"), terms=ONE["documents"]["terms"])
COMING = version("privacy", 2, effective_at="2026-12-24T00:00:00Z", announced_at="2026-11-24T00:00:00Z")
ANNOUNCED = manifest(
    privacy=history("privacy", "material") | {"versions": [version("privacy", 1), COMING]},
    terms=ONE["documents"]["terms"],
)
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
DAY_LATER = "2026-12-02T12:00:01Z"

# Runs before the page's other scripts. Its clock stands; it has no randomUUID, as on plain http elsewhere than here;
# and it is as patient as all our pages.
WATCH = """
window.setClock = (at) => { const instant = Date.parse(at); Date.now = () => instant; };
setClock(new URLSearchParams(location.search).get('at') ?? '%s');
delete Crypto.prototype.randomUUID;
window.faults = [];
addEventListener('error', ({message}) => faults.push(message));
addEventListener('unhandledrejection', ({reason}) => faults.push(String(reason)));
addEventListener('securitypolicyviolation', ({effectiveDirective, blockedURI}) =>
  effectiveDirective === 'img-src' || faults.push(`${effectiveDirective} ${blockedURI}`)); // the browser's own icon
addEventListener('pageshow', ({persisted}) => { window.persisted = persisted; });
window.takesMarkup = () => {
  try { document.createElement('p').innerHTML = '<b>'; return true; } catch { return false; }
};
"""
ASKED = """async () => {
  await customElements.whenDefined('policy-review');
  await document.querySelector('policy-review').ready;
  return document.querySelectorAll('dialog.policy-review').length;
}"""
DIALOG = """() => {
  const dialog = document.querySelector('dialog.policy-review');
  return dialog && {
    heading: dialog.querySelector('h2').textContent,
    buttons: [...dialog.querySelectorAll('button')].map(({textContent}) => textContent),
    text: dialog.textContent,
    open: dialog.open,
    modal: dialog.matches(':modal'),
    corners: getComputedStyle(dialog).borderTopLeftRadius,
    focus: document.activeElement.tagName,
  };
}"""
KEPT_RULES = """
location /free/ {{ add_header Content-Security-Policy "default-src *"; }}
location = /records {{
  if (-f $document_root/gone) {{ return 444; }}
  if (-f $document_root/broken) {{ return 500; }}
  proxy_pass http://127.0.0.1:{port};
}}
"""


class Customer:
    """Somebody with a browser, and a shop to visit."""

    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        self.browser, self.address, self.folder = browser, address, folder

    def visit(self, path: str = "privacy.html", at: str = NOW) -> Json | None:
        """Load a page of the shop; what it asks, None for nothing."""
        self.leave()
        self.browser.goto(f"{self.address}{path}?at={at}")
        assert self.browser.run(ASKED) <= 1
        return self.dialog()

    def leave(self) -> None:
        """Nothing went wrong on the page that is left."""
        assert self.browser.run("() => window.faults ?? []") == []

    def dialog(self) -> Json | None:
        """What the dialog shows now, None where there is none."""
        found: Json | None = self.browser.run(DIALOG)
        return found

    def sees(self, words: str) -> bool:
        """Whether the dialog has these words, in the end."""
        return eventually(lambda: words in (self.dialog() or {"text": ""})["text"])

    def answer(self, words: str) -> None:
        """Press a button, which ends the dialog."""
        self.browser.press(words)
        assert eventually(lambda: self.dialog() is None)

    def answers(self) -> list[tuple[str, str, str]]:
        """What the browser has stored: document, version, action."""
        found = sorted(self.records(), key=lambda each: str(each["at"]))
        return [(each["document"], each["version"], each["action"]) for each in found]

    def records(self) -> list[Json]:
        entries = self.browser.run("() => Object.entries(localStorage)")
        return [json.loads(text) for key, text in entries if key.startswith("policy-review:")]


@pytest.fixture(scope="module", params=["chromium", "firefox", "webkit"])
def browser_of(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Each browser in turn, started once."""
    start: dict[str, Callable[[], AbstractContextManager[Browser]]] = {
        "chromium": lambda: chromium(request.getfixturevalue("browser")),
        "firefox": lambda: firefox(tmp_path_factory.mktemp("firefox")),
        "webkit": lambda: webkit(tmp_path_factory.mktemp("webkit")),
    }
    with start[request.param]() as browser:
        yield browser


@pytest.fixture
def kept() -> Iterator[tuple[int, list[Json]]]:
    """The shop's own server of records: its port, and what reached it."""
    records: list[Json] = []

    class Records(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(json.dumps(records))

        def do_POST(self) -> None:
            records.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self._say("{}")

        def _say(self, text: str) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Records) as server:
        threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        yield server.server_port, records
        server.shutdown()


@pytest.fixture
def customer(browser_of: Browser, host: Host, kept: tuple[int, list[Json]], tmp_path: Path) -> Iterator[Customer]:
    """A new customer of a new shop."""
    folder, prefix = tmp_path / "shop", tmp_path / "nginx"
    prefix.mkdir()
    furnish(folder, host)
    policy = POLICY.format(host=f"'self' {host.address.rstrip('/')}")
    rules = SHOP_RULES.format(policy=policy) + KEPT_RULES.format(port=kept[0])
    server = WebServer(programs.NGINX.path(), prefix, folder, "/", rules=rules)
    first = browser_of.tab()
    customer = Customer(browser_of, server.start(), folder)
    yield customer
    try:
        customer.leave()
    finally:
        if browser_of.tab() != first:
            browser_of.close_tab()
            browser_of.show(first)
        browser_of.goto("about:blank")
        server.stop()


def furnish(folder: Path, host: Host) -> None:
    """Put the shop's pages and the two built files where its server finds them."""
    shutil.copytree(REPOSITORY / "storefront/js/dist", folder / "storefront")
    (folder / "watch.js").write_text(STRETCH + WATCH % NOW)
    page = ONE_LINE.format(manifest=host.manifest_url, language="en")
    page = page.replace("<head>", '<head><link rel="icon" href="data:,"><script src="/watch.js"></script>')
    kept = 'privacy" customer="c-4711" records="/records'
    for name, documents in {"privacy": "privacy", "terms": "terms", "kept": kept}.items():
        text = page.replace('documents="privacy terms"', f'documents="{documents}"')
        (folder / f"{name}.html").write_text(text, encoding="utf-8")


def test_a_first_visit_asks_once_and_stores_what_was_shown(customer: Customer, host: Host) -> None:
    host.publish(ONE)
    shown = customer.visit()
    assert shown is not None
    assert (shown["heading"], shown["buttons"]) == ("Please read our policies", ["I have read this", "Later"])
    assert (shown["modal"], shown["focus"]) == (True, "H2")
    assert shown["corners"] == "8px", "the dialog has no style sheet"
    customer.answer("I have read this")
    [made] = customer.records()
    row = ONE["documents"]["privacy"]["versions"][0]
    assert (made["action"], made["version"], made["digest"]) == ("acknowledged", "1.0", row["digest"])
    assert UUID.fullmatch(made["id"])
    assert customer.visit() is None


def test_the_page_is_strict(customer: Customer, host: Host) -> None:
    """What the other scenarios rely on: in this browser, this page may make no markup of a text."""
    host.publish(ONE)
    assert customer.visit() is not None
    assert customer.browser.run("() => window.takesMarkup()") is False
    assert eventually(lambda: customer.browser.run("() => window.faults.splice(0).length"))


def test_terms_are_declined_and_accepted_after_all(customer: Customer, host: Host) -> None:
    host.publish(ONE)
    customer.visit("terms.html")
    customer.browser.press("Do not accept")
    assert customer.sees("You have not accepted")
    customer.answer("Close")
    assert customer.visit("terms.html") is None
    assert customer.answers() == [("terms", "1.0", "declined")]
    customer.browser.run("() => document.querySelector('policy-review').open()")
    customer.answer("Accept")
    assert customer.answers() == [("terms", "1.0", "declined"), ("terms", "1.0", "accepted")]


@pytest.mark.parametrize("by", ["button", "Escape"])
def test_later_means_a_day(customer: Customer, host: Host, by: str) -> None:
    host.publish(ONE)
    assert customer.visit() is not None
    if by == "Escape":
        customer.browser.escape()
        assert eventually(lambda: customer.dialog() is None)
    else:
        customer.answer("Later")
    assert customer.answers() == [("privacy", "1.0", "dismissed")]
    assert customer.visit() is None
    assert customer.visit(at=DAY_LATER) is not None


def test_an_update_is_announced_below_the_page_and_asked_about_when_it_takes_effect(
    customer: Customer, host: Host
) -> None:
    host.publish(ONE)
    customer.visit()
    customer.answer("I have read this")
    host.publish(ANNOUNCED)
    banner = customer.visit()
    assert banner is not None
    assert (banner["heading"], banner["open"]) == ("Our policies are going to change", True)
    assert (banner["modal"], banner["focus"]) == (False, "BODY")
    customer.browser.press("Pay")  # nothing covers it
    customer.answer("Later")
    assert customer.visit() is None
    shown = customer.visit(at="2026-12-25T00:00:00Z")
    assert shown is not None
    assert (shown["heading"], shown["modal"]) == ("Our policies have changed", True)
    assert "Note 2." in shown["text"]
    customer.answer("I have read this")
    assert [(number, action) for _, number, action in customer.answers()] == [
        ("1.0", "acknowledged"),
        ("1.1", "dismissed"),
        ("1.1", "acknowledged"),
    ]


def test_an_answer_in_one_tab_ends_the_dialog_in_the_other(customer: Customer, host: Host) -> None:
    host.publish(ONE)
    assert customer.visit() is not None
    first = customer.browser.tab()
    customer.browser.open_tab()
    assert customer.visit() is not None
    customer.answer("I have read this")
    second = customer.browser.tab()
    customer.browser.show(first)
    assert eventually(lambda: customer.dialog() is None)
    customer.leave()
    customer.browser.show(second)
    assert customer.answers() == [("privacy", "1.0", "acknowledged")]


def test_who_comes_back_to_a_tab_is_asked_what_is_new(customer: Customer, host: Host) -> None:
    host.publish(ONE)
    customer.visit()
    customer.answer("I have read this")
    first = customer.browser.tab()
    host.publish(TWO)
    customer.browser.run("(at) => window.setClock(at)", DAY_LATER)
    customer.browser.open_tab()
    customer.leave()
    second = customer.browser.tab()
    customer.browser.show(first)
    # Where a browser without a screen tells its tabs nothing, or too early, this tells the one in front.
    customer.browser.run("() => { document.dispatchEvent(new Event('visibilitychange')); }")
    assert customer.sees("Our policies have changed")
    customer.leave()
    customer.browser.show(second)


def test_where_nothing_can_be_stored_nobody_is_stopped_and_everybody_is_told(customer: Customer, host: Host) -> None:
    host.publish(ONE)
    for _ in range(2):  # nobody is stopped on the next page either
        banner = customer.visit("denied/privacy.html")
        assert banner is not None
        assert (banner["open"], banner["modal"], banner["focus"]) == (True, False, "BODY")
        customer.browser.press("Pay")
        customer.browser.press("I have read this")
        assert customer.sees("Your answer was not saved.")


def test_a_page_that_comes_back_asks_nothing_that_was_answered_meanwhile(customer: Customer, host: Host) -> None:
    host.publish(ONE)
    assert customer.visit() is not None
    assert customer.visit(at="2026-12-01T12:00:01Z") is not None  # another address, another entry to come back from
    customer.answer("I have read this")
    customer.browser.back()
    assert eventually(lambda: customer.browser.run("() => window.persisted") is customer.browser.keeps_pages)
    assert eventually(lambda: customer.dialog() is None)
    assert customer.answers() == [("privacy", "1.0", "acknowledged")]


@pytest.mark.parametrize("fault", ["gone", "broken"])
def test_an_answer_that_the_shop_could_not_take_is_sent_again(
    customer: Customer, host: Host, kept: tuple[int, list[Json]], fault: str
) -> None:
    host.publish(ONE)
    assert customer.visit("kept.html") is not None
    (customer.folder / fault).touch()
    customer.browser.press("I have read this")
    assert customer.sees("Not saved yet")
    customer.answer("Close")
    assert kept[1] == []
    if fault == "broken":
        customer.visit("kept.html")  # nothing is known of a customer whose records cannot be read
        (customer.folder / fault).unlink()
        customer.visit("kept.html")
    else:
        (customer.folder / fault).unlink()  # this page sends it again by itself
    assert eventually(lambda: [each["action"] for each in kept[1]] == ["acknowledged"])
    assert eventually(lambda: customer.browser.run("() => Object.keys(localStorage).length") == 1)  # the manifest
    assert customer.visit("kept.html") is None
    assert len(kept[1]) == 1


@pytest.mark.parametrize("look", ["dialog", "banner", "not saved"])
def test_axe_finds_nothing(customer: Customer, host: Host, look: str) -> None:
    host.publish(ONE if look != "banner" else ANNOUNCED)
    shown = customer.visit({"dialog": "terms.html", "banner": "denied/privacy.html", "not saved": "kept.html"}[look])
    assert shown is not None
    if look == "not saved":
        (customer.folder / "gone").touch()
        customer.browser.press("I have read this")
        assert customer.sees("Not saved yet")
    customer.browser.run(f"() => {{ {AXE}; window.axe = axe; }}")
    found = customer.browser.run("() => axe.run().then(({violations}) => violations.map(({id}) => id))")
    assert found == []


def test_a_host_that_never_answers_holds_no_page_up(customer: Customer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # connections are made, and nobody ever takes one
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        line = ONE_LINE.format(manifest=f"{address}/policy-manifest.json", language="en")
        page = line.replace("/storefront/", f"{address}/storefront/")
        (customer.folder / "free").mkdir()
        (customer.folder / "free/index.html").write_text(page, encoding="utf-8")
        customer.browser.goto(f"{customer.address}free/")  # it waits for DOMContentLoaded
        painted = "() => performance.getEntriesByName('first-contentful-paint').length"
        assert eventually(lambda: customer.browser.run(painted))
        ready = "() => document.readyState === 'interactive'"  # and not complete: the script is still awaited
        assert eventually(lambda: customer.browser.run(ready))
        customer.browser.press("Pay")


def test_no_arabic_word_is_joined_to_the_one_that_replaced_it(
    browser_of: Browser, serve: Callable[..., str], tmp_path: Path
) -> None:
    """On the page of a redline: here for the browsers that are running, each of which joins letters in its own way."""
    for name, text in {"OLD": "نغلق نوافذنا.", "NEW": "نغلق أبوابنا."}.items():
        (tmp_path / f"{name}.md").write_text(f"## البيانات\n\n{text}\n", encoding="utf-8")
    page = Terminal(tmp_path).run("redline", "OLD.md", "NEW.md", "--html").stdout
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    browser_of.goto(serve(tmp_path))
    marked = f"<del>{SAID}ثلاثين{SAID}</del><ins>{SAID}بيت{SAID}</ins>"
    both, old, new = browser_of.run(WIDTHS, [marked, "ثلاثين", "بيت"])
    assert both == pytest.approx(old + new, abs=1)
