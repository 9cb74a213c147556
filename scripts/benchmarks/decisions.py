"""How many review decisions a second one core makes: review.py here, review.js in headless Chromium.

Each round asks about every visit of the made-up shop several times, of a manifest that was prepared once. What counts
is the time that the process, or the page's thread, had the processor.
"""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import shop
from playwright.sync_api import Page, Route, sync_playwright

from inforce_client import review

ROUNDS = 7
REPEATS = 50
_ADDRESS = "http://shop.example/"
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_PAGE = """
async ({manifest, visits}) => {
  const {prepare, reviewState} = await import('./review.js');
  const prepared = prepare(manifest);
  globalThis.askAll = (repeats) => {
    for (let left = repeats; left; left -= 1) {
      for (const {document, records, now} of visits) reviewState(prepared, document, records, now);
    }
  };
}
"""


def of_python() -> list[float]:
    """Decisions a second in each round, after one that isn't counted."""
    prepared, visits = review.prepare(shop.published()), shop.visits()
    rates = []
    for _ in range(ROUNDS + 1):
        began = time.process_time()
        for _ in range(REPEATS):
            for visit in visits:
                review.review_state(prepared, visit["document"], visit["records"], visit["now"])
        rates.append(REPEATS * len(visits) / (time.process_time() - began))
    return rates[1:]


def of_javascript(storefront: Path) -> list[float] | None:
    """The same in Chromium, by the clock of the page's thread; None without Chromium."""
    program = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if program is None:
        return None
    visits = [{**visit, "now": visit["now"].timestamp() * 1000} for visit in shop.visits()]

    def answer(route: Route) -> None:
        if route.request.url.endswith(".js"):
            route.fulfill(path=storefront / "review.js", content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html><title>Shop</title>", content_type="text/html")

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.route(f"{_ADDRESS}**", answer)
        page.goto(_ADDRESS)
        page.evaluate(_PAGE, {"manifest": shop.published(), "visits": visits})
        rates = [REPEATS * len(visits) / seconds for seconds in _rounds(page)]
        browser.close()
    return rates


def _rounds(page: Page) -> Iterator[float]:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")

    page.evaluate("(repeats) => askAll(repeats)", REPEATS)
    for _ in range(ROUNDS):
        began = spent()
        page.evaluate("(repeats) => askAll(repeats)", REPEATS)
        yield spent() - began
