"""Pages that wait longer than they are told: five seconds for a manifest are plenty for a customer, not for a test."""

from __future__ import annotations

from datetime import datetime

from playwright.sync_api import Page

STRETCH = """{
  const limit = AbortSignal.timeout;
  if (!limit.isStretched) AbortSignal.timeout = Object.assign(
    (milliseconds) => limit.call(AbortSignal, milliseconds * 20), {isStretched: true});
}"""
"""Run before a page's own scripts."""


def set_clock(page: Page, at: datetime | str) -> None:
    """Let the page's clock stand at an instant from its next load on. Playwright's clock sets a limit of its own."""
    page.clock.set_fixed_time(at)
    page.add_init_script(STRETCH)
