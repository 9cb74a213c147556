"""Figures -> the page that readers of the project get. Measures nothing, except which machine this is."""

import os
import platform
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

from benchmarks.builds import Builds
from benchmarks.measuring import Cost, middle
from benchmarks.redlines import Redlines, section
from benchmarks.repository import Manifest, TwoBuilds
from benchmarks.storefront import Storefront
from benchmarks.storefront import section as storefront_section

TARGETS = {100: 0.45, 300: 0.32}
"""By number of versions: the most that version pages may cost, as a part of the same pages kept as Markdown files."""
MANIFEST_TARGET = 1536
"""Bytes of the shipped policies' manifest, compressed."""

_PACKAGES = ("mkdocs", "mkdocs-material", "Markdown", "Jinja2", "lxml", "nh3", "diff-match-patch")


@dataclass(frozen=True)
class Results:
    """Everything measured in one run; ``commands`` are costs by the command's name."""

    repeats: int
    builds: Sequence[Builds]
    manifest: Manifest
    two_builds: TwoBuilds | None
    commands: Mapping[str, Sequence[Cost]]
    redlines: Redlines | None
    storefront: Storefront


def page(results: Results) -> str:
    """The page as Markdown."""
    parts = (_head(results), *(_builds(found) for found in results.builds), _sizes(results), _commands(results))
    parts = (*parts, storefront_section(results.storefront), section(results.redlines))
    return "\n\n".join(parts) + "\n"


def machine() -> str:
    """Processor, cores, memory, Python and packages, in one line each."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {number}" for name in _PACKAGES if (number := _installed(name)))
    return (
        f"- {_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB of memory, {platform.system()}\n"
        f"- Python {platform.python_version()}; {packages}\n"
        f"- {datetime.now(UTC):%Y-%m-%d}; load average over the last quarter of an hour: {os.getloadavg()[2]:.1f}"
    )


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        found = None
    return found[1].strip() if found else platform.processor() or platform.machine()


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _head(results: Results) -> str:
    return f"""\
# Benchmarks

Written by `make bench`. Every figure is the median of several rounds ({results.repeats} of them) after a warm-up.
In a round each build runs once, as a process of its own, from start to end; ratios are taken within a round. CPU time
is user and system time.

{machine()}

The builds have the same theme, the same search and the same pages: the text in force, every version, the list of
versions, and each clause through time. The policy is made up; each version changes one to three of its clauses.

- *Empty pages*: what MkDocs and the theme cost for so many pages, whatever stands on them.
- *Markdown files*: the bare texts, one file a page. Where nobody says otherwise, MkDocs puts every page into the
  navigation of every page, and that grows with the square of their number; a careful author keeps them out of it.
- *In Force, version pages*: with dates, digests and links between versions, with ledger files, feed and manifest, but
  without any redline, neither as a page nor in the clauses' histories.
- *In Force, everything*: what is published."""


def _builds(found: Builds) -> str:
    rows = {
        "Empty pages": found.empty,
        "Markdown files, outside the navigation": found.plain,
        "Markdown files, all in the navigation": found.listed,
        "In Force, version pages": found.versions,
        "In Force, everything": found.full,
    }
    table = "\n".join(f"| {name} | {_cells(middle(costs))} |" for name, costs in rows.items())
    return f"""\
## {found.count} versions of {found.clauses} clauses

| build | CPU time | wall time | peak memory |
|---|---|---|---|
{table}

Each of the first four makes {found.pages} pages.

{_ratio_lines(found)}
- {found.redlines} redline pages cost {found.redline_milliseconds:.1f} ms of CPU time each."""


def _cells(cost: Cost) -> str:
    return f"{cost.cpu:.2f} s | {cost.wall:.2f} s | {cost.peak:.0f} MiB"


def _ratio_lines(found: Builds) -> str:
    target = TARGETS.get(found.count)
    lines = []
    for name, baseline in (("outside", found.plain), ("all in", found.listed)):
        ratios = found.ratios(baseline)
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        told = f"- Version pages cost **{median(ratios):.2f}** ({spread}) of Markdown files {name} the navigation."
        lines.append(told + (f" Target: at most {target:.2f}: {_met(median(ratios) <= target)}." if target else ""))
    return "\n".join(lines)


def _met(met: bool) -> str:
    return "met" if met else "**missed**"


def _sizes(results: Results) -> str:
    manifest = results.manifest
    verdict = _met(manifest.compressed <= MANIFEST_TARGET)
    both = f"{manifest.raw} bytes as they are, {manifest.compressed} with `gzip -9`"
    return f"""\
## The manifest

The manifest of the policy on this site, with {manifest.versions} versions: {both}.
Target: at most {MANIFEST_TARGET} compressed: {verdict}.

## The same commit twice

{_same(results.two_builds)}"""


def _same(found: TwoBuilds | None) -> str:
    if found is None:
        return "Not measured: this is no clone of the repository."
    same = found.files - len(found.different)
    lines = [
        f"Commit `{found.commit[:10]}`, cloned into two folders of different names and depths and built there with the",
        f"same `as_of`: {same} of {found.files} files are the same, byte for byte.",
        f"Target: all: {_met(not found.different)}.",
        *(f"\n- `{name}` differs" for name in found.different[:10]),
    ]
    return "\n".join(lines)


def _commands(results: Results) -> str:
    return "\n".join(_command_lines(results))


def _command_lines(results: Results) -> Iterator[str]:
    yield f"## The command\n\nOn the policy with {results.builds[-1].count} versions, outside of git:\n"
    yield "| command | CPU time | wall time | peak memory |\n|---|---|---|---|"
    for name, costs in results.commands.items():
        yield f"| `{name}` | {_cells(middle(costs))} |"
