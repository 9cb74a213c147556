"""axe's look at a page: each rule at every element, those of colours at one text of each kind.

Colours took three quarters of axe's time, nearly all of it at texts that look like one that was judged. What decides is
how a text is painted and what lies behind it: texts that share both, with all elements around them, are of one kind.
Where axe cannot judge the one (as something lies over it, say), it judges all others of the kind; a field, and a text
that stands out of the flow without a ground of its own, is a kind alone. A kind that was judged right on one page is
not judged again on the next that has the same stylesheets: pages of a site share most of their texts' kinds. With
`EVERY_TEXT=1` in the environment (`make looks`, every night) each text is, and each page that is like another.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from patience import eventually

EVERY_TEXT = bool(os.environ.get("EVERY_TEXT"))
COLOURS = ("color-contrast", "link-in-text-block")
"""axe's rules that look at colours."""
_AXE = Axe().axe_script
_BY_KIND = (Path(__file__).parent / "axe_by_kind.js").read_text(encoding="utf-8")
_JUDGED: set[str] = set()
"""The kinds of texts that were judged right on a page before, under the same stylesheets."""
_OUT_OF_REACH = """() => [...document.querySelectorAll('pre > code')].filter(
  (code) => code.scrollWidth > code.clientWidth && code.tabIndex < 0 && !code.closest('[tabindex]')).length"""
"""How many blocks of code hold more than they show and cannot be scrolled with the keys: a theme's script mends that in
its own time after a page was laid out."""


_FADED = """() => document.getAnimations()
  .filter((each) => Number.isFinite(each.effect?.getComputedTiming().endTime)).forEach((each) => each.finish())"""


def dress(page: Page, **looks: Any) -> None:
    """Show a page as a reader wants it, as `emulate_media` does, but at once: a theme would fade into its colours."""
    page.emulate_media(**looks)
    page.evaluate(_FADED)


def violations(page: Page, colours: bool | None = None, *, every_text: bool = EVERY_TEXT) -> list[str]:
    """Return what axe finds wrong with a page, one line an element: rule, impact, help, where.

    `colours=True` asks for colours alone, where a page was looked at before in other ones; `colours=False` for all
    else, where it was looked at in the same ones.
    """
    # No rule that is on asks for a page's style sheets, which axe would fetch and parse once more.
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}
    if colours:
        options["runOnly"] = COLOURS
    elif colours is False:
        options["rules"] = {rule: {"enabled": False} for rule in COLOURS}
    eventually(lambda: page.evaluate(_OUT_OF_REACH) == 0)
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    known = [] if every_text else sorted(_JUDGED)
    asked = {"everyText": every_text, "colours": colours is not False, "options": options, "known": known}
    told = page.evaluate(_BY_KIND, asked)
    if not every_text:
        _JUDGED.update(told["judged"])
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {at}" for rule in told["found"] for at in rule["targets"]
    ]
