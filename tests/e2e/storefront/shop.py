"""A policies' host that can be made to fail in every usual way, and a shop on another origin with one customer."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

from e2e.patient_pages import set_clock
from e2e.storefront.manifests import NOW, Json
from patience import eventually

HOST_RULES = """
location = /policy-manifest.json {
  add_header Access-Control-Allow-Origin * always;
  add_header Cache-Control max-age=300 always;
  if (-f $document_root/gone) { return 444; }
  if (-f $document_root/broken) { return 500; }
  if (-f $document_root/slow) { set $limit_rate 40; }
}
"""
FAULTS = ("gone", "broken", "slow")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' {host}; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
SHOP_RULES = """
add_header Content-Security-Policy "{policy}" always;
location /denied/ {{
  alias htdocs/;
  add_header Content-Security-Policy "{policy}; sandbox allow-scripts" always;
}}
location /storefront/ {{ add_header Access-Control-Allow-Origin *; }}
location = /session-over {{
  default_type application/json;
  if ($request_method = POST) {{ return 302 /en.html; }}
  return 200 "[]";
}}
"""
"""Below /denied/ the page has an origin of its own, to which the browser gives no storage. /session-over has no
records, and leads whoever sends one to a page."""
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"></head>
<body><main><h1>Shop</h1><button>Pay</button></main></body></html>
"""
ONE_LINE = PAGE.replace(
    "</main>",
    """</main><script async src="/storefront/policy-review.js"></script>
<policy-review manifest="{manifest}" documents="privacy terms" language="{language}" surface="account">
<a href="/account/close">Close my account</a></policy-review>""",
)


@dataclass
class Host:
    """The policies' host: what it publishes, and how it fails."""

    folder: Path
    address: str
    writes: int = field(default=0)

    @property
    def manifest_url(self) -> str:
        return f"{self.address}policy-manifest.json"

    def publish(self, manifest: Json | str) -> None:
        """Serve this manifest, or these words in place of one."""
        text = manifest if isinstance(manifest, str) else json.dumps(manifest)
        self.writes += 1
        path = self.folder / "policy-manifest.json"
        path.write_text(text, encoding="utf-8")
        os.utime(path, (1_000_000_000 + self.writes,) * 2)  # nginx makes the ETag from time and size

    def turn(self, fault: str, on: bool) -> None:
        """`gone` hangs up, `broken` answers 500, `slow` sends 40 bytes a second."""
        if on:
            (self.folder / fault).touch()
        else:
            (self.folder / fault).unlink(missing_ok=True)


class Shop:
    """A customer's browser profile: pages of the shop, at an instant."""

    def __init__(self, page: Page, address: str, host: Host) -> None:
        self.page, self.address, self.host = page, address, host
        self.faults: list[str] = []
        self.at = datetime.fromisoformat(NOW)
        self._open(page)

    def _open(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda message: self._note(message.text))
        self.visit(page)

    def _note(self, text: str) -> None:
        if "Content Security Policy" in text or "TrustedScript" in text or "TrustedHTML" in text:
            self.faults.append(text)

    def visit(self, page: Page | None = None, at: str | None = None, path: str = "") -> None:
        """Load the shop's page (again), at an instant; unless it is given, a second after the visit before."""
        page = page or self.page
        self.at = datetime.fromisoformat(at) if at else self.at + timedelta(seconds=1)
        set_clock(page, self.at)
        page.goto(self.address + path)

    def second_tab(self) -> Page:
        """Another page of the same customer."""
        page = self.page.context.new_page()
        self._open(page)
        return page

    def start(self, options: str = "", page: Page | None = None, documents: str = "['privacy']") -> None:
        """Make `window.review`, with what happens listed in `window.events`."""
        (page or self.page).evaluate(
            f"""async () => {{
              const {{createPolicyReview, localStore}} = await import('/storefront/client.js');
              window.events = [];
              window.review = createPolicyReview({{
                manifestUrl: '{self.host.manifest_url}', documents: {documents}, {options}
              }});
              for (const type of ['decision', 'answer', 'warning']) review.addEventListener(type, (event) =>
                events.push([type, event.detail.code ?? event.detail.state ?? event.detail.stored]));
            }}"""
        )

    def asks(self, page: Page | None = None, documents: str = "privacy", language: str = "en", **more: str) -> Locator:
        """Put a <policy-review> into the page and wait for its decision; its dialog, whether it is there or not."""
        page = page or self.page
        page.evaluate(
            """async (attributes) => {
              await import('/storefront/element.js');
              const element = document.createElement('policy-review');
              for (const name in attributes) element.setAttribute(name, attributes[name]);
              const option = document.createElement('a');
              option.href = '/account/close';
              option.textContent = 'Close my account';
              element.append(option);
              document.body.append(element);
              await element.ready;
              window.review = element.review;
              window.element = element;
            }""",
            {"manifest": self.host.manifest_url, "documents": documents, "language": language, **more},
        )
        return page.locator("dialog.policy-review")

    def call(self, what: str, page: Page | None = None) -> Any:
        """The result of `review.<what>`, as JSON."""
        return (page or self.page).evaluate(f"async () => JSON.parse(JSON.stringify(await review.{what} ?? null))")

    def warnings(self) -> list[str]:
        """The codes of the warnings so far."""
        return [detail for kind, detail in self.page.evaluate("events") if kind == "warning"]

    def await_records(self, count: int, page: Page | None = None) -> None:
        """Wait until this tab sees so many records: browsers tell their tabs of other tabs' writes a little later."""
        stored = "Object.keys(localStorage).filter((key) => key.startsWith('policy-review:')).length"
        assert eventually(lambda: (page or self.page).evaluate(stored) >= count)

    def records(self) -> list[Json]:
        """What the browser has stored, oldest first."""
        entries = self.page.evaluate("Object.entries(localStorage)")
        found = [json.loads(text) for key, text in entries if key.startswith("policy-review:")]
        return sorted(found, key=lambda record: record["at"])
