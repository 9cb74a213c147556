"""What every section of the page is written with, and its head. Measures nothing, except which machine this is."""

import os
import platform
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.measuring import Cost, middle

COSTS = ("CPU time", "wall time", "peak memory")
_PACKAGES = ("mkdocs", "mkdocs-material", "Markdown", "markdown-it-py", "Jinja2", "lxml", "nh3", "diff-match-patch")


def met(reached: bool) -> str:
    """How a target's line ends."""
    return "met" if reached else "**missed**"


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown; the first column needs no name."""
    first, *others = (f"| {' | '.join(map(str, cells))} |".replace("|  |", "| |") for cells in (columns, *rows))
    return "\n".join((first, f"|{'---|' * len(columns)}", *others))


def costs(found: Sequence[Cost]) -> tuple[str, str, str]:
    """The medians, for a table's three columns ``COSTS``."""
    cost = middle(found)
    return f"{cost.cpu:.2f} s", f"{cost.wall:.2f} s", f"{cost.peak:.0f} MiB"


def head(repeats: int) -> str:
    """How everything was measured, and where."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = []
    for name in _PACKAGES:
        with suppress(PackageNotFoundError):
            packages.append(f"{name} {version(name)}")
    return f"""\
# Benchmarks

Written by `make bench`. Every figure is the median of several rounds ({repeats} of them) after a warm-up.
In a round each build runs once, as a process of its own, from start to end; ratios are taken within a round. CPU time
is user and system time.

- {_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB of memory, {platform.system()}
- Python {platform.python_version()}; {", ".join(packages)}
- {datetime.now(UTC):%Y-%m-%d}; load average over the last quarter of an hour: {os.getloadavg()[2]:.1f}"""


def _processor() -> str:
    with suppress(OSError):
        if found := re.search(
            r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE
        ):
            return found[1].strip()
    return platform.processor() or platform.machine()
