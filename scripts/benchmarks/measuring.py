"""Runs commands as whole processes and tells what they cost, and what every section of the page is written with.

Knows nothing of what the commands do. What is measured of this machine is which one it is.

This process stays small on purpose: Linux counts the memory of a process that starts another one towards the peak of
the one started.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

INFORCE = ("-c", "from inforce.adapters.command import main; main()")


@dataclass(frozen=True)
class Cost:
    """``cpu`` (user and system) and ``wall`` in seconds, ``peak`` resident memory in MiB."""

    cpu: float
    wall: float
    peak: float


@dataclass(frozen=True)
class Command:
    """``python`` with ``arguments``, started in ``folder``; ``before`` is done each time, and not measured.

    ``path`` is where the code is looked for first (PYTHONPATH); empty for the code as it is.
    """

    arguments: Sequence[str | Path]
    folder: Path
    before: Callable[[], object] = lambda: None
    path: str = ""


def forget(*folders: Path) -> None:
    """Delete what an earlier round made."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def say(line: str) -> None:
    """Progress goes to standard error, so that the page can be piped."""
    print(line, file=sys.stderr, flush=True)


def run(command: Command, **environment: str) -> tuple[Cost, bytes]:
    """What the command costs, and what it prints. Stops the benchmark where it fails.

    Our code has its bytecode on disk, as whatever is installed.
    """
    command.before()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as messages:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *command.arguments],
            cwd=command.folder,
            env={
                **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
                "NO_MKDOCS_2_WARNING": "1",
                **({"PYTHONPATH": command.path} if command.path else {}),
                **environment,
            },
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=messages,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        messages.seek(0)
        printed = output.read()
        if process.returncode:
            words = " ".join(map(str, command.arguments))
            sys.exit(f"python {words} failed:\n{printed.decode()}{messages.read().decode()}")
        return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024), printed


def rounds(commands: Mapping[str, Command], count: int) -> dict[str, list[Cost]]:
    """Each command's costs in ``count`` rounds, one after the other in every round, after a round that isn't counted.

    The costs of one round belong together: whatever else the machine did then, it did to all of them.
    """
    found: dict[str, list[Cost]] = {name: [] for name in commands}
    for number in range(count + 1):
        say(f"  round {number} of {count}" if number else "  warm-up")
        for name, command in commands.items():
            cost, _ = run(command)
            if number:
                found[name].append(cost)
    return found


def ratios(costs: Sequence[Cost], baseline: Sequence[Cost]) -> list[float]:
    """CPU time as a part of the baseline's, round by round."""
    return [own.cpu / other.cpu for own, other in zip(costs, baseline, strict=True)]


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
    cpu, wall, peak = (median(getattr(cost, name) for cost in found) for name in ("cpu", "wall", "peak"))
    return f"{cpu:.2f} s", f"{wall:.2f} s", f"{peak:.0f} MiB"


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
