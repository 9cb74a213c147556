"""Runs commands as whole processes and tells what they cost. Knows nothing of what they do.

This process stays small on purpose: Linux counts the memory of a process that starts another one towards the peak of
the one started.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for number in range(count + 1):
        say(f"  round {number} of {count}" if number else "  warm-up")
        for name, command in commands.items():
            cost, _ = run(command)
            if number:
                costs[name].append(cost)
    return costs


def ratios(costs: Sequence[Cost], baseline: Sequence[Cost]) -> list[float]:
    """CPU time as a part of the baseline's, round by round."""
    return [own.cpu / other.cpu for own, other in zip(costs, baseline, strict=True)]


def middle(costs: Sequence[Cost]) -> Cost:
    """The medians, each by itself."""
    return Cost(median(c.cpu for c in costs), median(c.wall for c in costs), median(c.peak for c in costs))
