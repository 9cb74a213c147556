"""What a storefront costs: the manifest's size, decisions a second, wrong prompts, the client's size."""

import gzip
import random
import re
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from statistics import fmean, median
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks import policies
from benchmarks.measuring import INFORCE, Command, met, run, say, table
from core.visits import simulate
from inforce import project as sources
from inforce.publish import manifest
from inforce_client import review

Json = dict[str, Any]

DOCUMENTS = {"privacy": 15, "terms": 20, "returns": 10}
"""The made-up shop's policies, and their number of clauses."""
VERSIONS, CUSTOMERS = 20, 600
ROUNDS, REPEATS = 7, 50
_LARGE = f"{len(DOCUMENTS)} × {VERSIONS} versions"

SHIPPED_TARGET, LARGE_TARGET = 1536, 12 * 1024
DECISIONS_TARGET = 50_000
SCRIPT, DIALOG = "policy-review.js", "policy-review-dialog.js"
SCRIPT_TARGET, BOTH_TARGET = 4600, 7400
"""Bytes, compressed: of what every page of a shop loads, and with what it loads when somebody is asked."""

_NOT_MEASURED = "not measured"
_SHOP = "http://shop.test/"
_PAGE = """
async ({module, manifest, visits}) => {
  const {prepare, reviewState} = await import(module);
  const prepared = prepare(manifest);
  globalThis.askAll = (repeats) => {
    for (let left = repeats; left; left -= 1) {
      for (const {document, records, now} of visits) reviewState(prepared, document, records, now);
    }
  };
}
"""


def compressed(content: bytes) -> int:
    """Bytes of a file as it is served: as ``gzip -9`` makes it."""
    return len(gzip.compress(content, 9, mtime=0))


def shipped(root: Path) -> bytes:
    """The manifest of the policies on this site."""
    address = re.search(r"^site_url: (\S+)", (root / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert address is not None
    return run(Command([*INFORCE, "manifest", "--base-url", address[1]], root))[1]


def of_manifest(root: Path) -> str:
    """The sizes of this site's manifest and of the made-up shop's."""
    served = {"this site": (shipped(root), SHIPPED_TARGET), _LARGE: (manifest.encode(published()), LARGE_TARGET)}
    sizes = ((name, len(data), compressed(data), most) for name, (data, most) in served.items())
    rows = ((name, size, small, f"{most}: {met(small <= most)}") for name, size, small, most in sizes)
    return f"""\
## The manifest

What a shop polls: of the policies on this site, and of a made-up shop with {len(DOCUMENTS)} policies of
{", ".join(map(str, DOCUMENTS.values()))} clauses with {VERSIONS} versions each.

{table(("", "bytes", "with `gzip -9`", "target"), rows)}"""


@cache
def published() -> Json:
    """The manifest of a shop of three policies with twenty versions each; the same on every machine."""
    files: dict[str, bytes] = {}
    for document, clauses in DOCUMENTS.items():
        files |= policies.policy(VERSIONS, clauses, document)
    return manifest.build(sources.read(files).policies, "https://policies.example/")


def visits() -> list[Json]:
    """A visit of every customer: ``records`` of all documents, the ``document`` asked about, and ``now``.

    Three of ten have agreed to the version in force, three are some versions behind; the others are new, said no or
    later, or have a record of a text that nobody knows. All but the new ones have the records of up to four versions.
    """
    chance = random.Random(20260101)
    return [_visit(chance, place) for place in range(CUSTOMERS)]


def _visit(chance: random.Random, place: int) -> Json:
    now = datetime(2013, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(500_000))
    habit = chance.choice(("agrees",) * 3 + ("behind",) * 3 + ("new", "declines", "later", "lost"))
    records = [record for name in DOCUMENTS for record in _records(chance, name, habit, now)]
    records = [{**record, "id": f"{place:08x}-0000-4000-8000-{number:012x}"} for number, record in enumerate(records)]
    return {"document": chance.choice(list(DOCUMENTS)), "records": records, "now": now}


def _records(chance: random.Random, document: str, habit: str, now: datetime) -> list[Json]:
    if habit == "new":
        return []
    last = chance.randint(1, VERSIONS - 1) if habit == "behind" else VERSIONS
    rows = published()["documents"][document]["versions"][max(0, last - 4) : last]
    records = [policies.record(document, row) for row in rows]
    later = {"action": "dismissed", "until": (now + timedelta(days=3)).isoformat(), "at": now.isoformat()}
    lost = {"digest": "sha256-nobody-knows-this-text"}
    records[-1] |= {"lost": lost, "declines": {"action": "declined"}, "later": later}.get(habit, {})
    return records


def of_decisions(client: Path, simulated: int) -> str:
    """Decisions a second that one core makes, and what goes wrong in so many simulated visits."""
    say("Decisions a second")
    asked = visits()
    rates = {"review.py": _of_python(asked), "review.js": _of_javascript(client / "review.js", asked)}
    middles = {name: median(found) if found else None for name, found in rates.items()}
    rows = (
        (name, f"{each:,.0f}", met(each >= DECISIONS_TARGET)) if each else (name, _NOT_MEASURED, "–")
        for name, each in middles.items()
    )
    say(f"{simulated:,} simulated visits")
    world = simulate(simulated)
    return f"""\
## Decisions a second

One core, about the made-up shop and its {CUSTOMERS} customers: three of ten have agreed to what is in force, three are
some versions behind, the others are new, said no or later, or have a record of a text that nobody knows. They have
{fmean(len(visit["records"]) for visit in asked):.0f} records each. The median of {ROUNDS} rounds; processor time, \
in Chromium of the page's thread.

{table(("", "decisions a second", f"target: {DECISIONS_TARGET:,}"), rows)}

{world.visits:,} simulated visits, with outages, stale copies, wrong clocks, withdrawals and two tabs at once:
{len(world.wrong)} wrong prompts and {len(world.lost)} lost agreements. Target: none: \
{met(not world.wrong and not world.lost)}."""


def _rounds(ask: Callable[[], object], spent: Callable[[], float], count: int) -> Iterator[float]:
    """Decisions a second in each round, after one that isn't counted; ``ask`` makes ``count``."""
    ask()
    for _ in range(ROUNDS):
        began = spent()
        ask()
        yield count / (spent() - began)


def _of_python(asked: Sequence[Json]) -> list[float]:
    prepared = review.prepare(published())

    def ask() -> None:
        for _ in range(REPEATS):
            for visit in asked:
                review.review_state(prepared, visit["document"], visit["records"], visit["now"])

    return list(_rounds(ask, time.process_time, REPEATS * len(asked)))


def _of_javascript(module: Path, asked: Sequence[Json]) -> list[float]:
    """The same in Chromium, by the clock of the page's thread; empty without Chromium."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        return []
    told = [{**visit, "now": visit["now"].timestamp() * 1000} for visit in asked]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.route(_SHOP, lambda route: route.fulfill(content_type="text/html"))
        page.route(f"{_SHOP}*.js", lambda route: route.fulfill(path=module.with_name(Path(route.request.url).name)))
        page.goto(_SHOP)
        page.evaluate(_PAGE, {"module": f"{_SHOP}{module.name}", "manifest": published(), "visits": told})
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})

        def spent() -> float:
            metrics = session.send("Performance.getMetrics")["metrics"]
            return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))

        rates = list(_rounds(lambda: page.evaluate("askAll", REPEATS), spent, REPEATS * len(asked)))
        browser.close()
    return rates


def of_sizes(built: Path) -> str:
    """The sizes of the two files that a shop's pages load."""
    script, dialog = (compressed((built / name).read_bytes()) for name in (SCRIPT, DIALOG))
    return f"""\
## The size of the client

Bytes as served, with `gzip -9`.

{table(("", "loaded", "bytes"), ((SCRIPT, "on every page", script), (DIALOG, "when somebody is asked", dialog)))}

Targets:

- {SCRIPT}: at most {SCRIPT_TARGET}: {script}, {met(script <= SCRIPT_TARGET)}
- both: at most {BOTH_TARGET}: {script + dialog}, {met(script + dialog <= BOTH_TARGET)}"""
