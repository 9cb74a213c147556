"""What every test gets: a place to write, git without anybody's own settings, Hypothesis without a clock.

The browser and the web server are in `e2e/conftest.py`.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import compiled

REPOSITORY = Path(__file__).resolve().parent.parent
MEMORY, ROOM = Path("/dev/shm"), 3 * 2**30


def _write_into_memory() -> None:
    """Let tests write where no disk has them wait, if there is room: many small files are made, synced and removed.

    A process that is killed leaves the same there as on a disk. `TMPDIR` says another place.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    found = os.statvfs(MEMORY)
    if found.f_bavail * found.f_frsize >= ROOM and not found.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


_write_into_memory()
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # tests start hundreds of Pythons, each of which would compile anew
sys.dont_write_bytecode = False

# A slow machine is no fault in the code: nothing has a deadline. What guards a change tries the same examples always,
# so that it fails for nothing but the change; `pytest --hypothesis-profile=nightly` looks for new ones, and for longer.
_ALWAYS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("gate", _ALWAYS, derandomize=True, database=None, max_examples=40)
settings.register_profile("check", _ALWAYS, derandomize=True, database=None, max_examples=15)
settings.register_profile("nightly", _ALWAYS, derandomize=False, max_examples=2000)
settings.load_profile("gate")


def pytest_xdist_auto_num_workers() -> int:
    """One test process more than there are cores: many wait for a browser, a server or the disk."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, the core's many short files fill what is left of each process's time."""
    outer = ("world", "e2e", "adapters")

    def rank(item: pytest.Item) -> int:
        ring = item.nodeid.split("/")[1]  # tests/RING/…
        return outer.index(ring) if ring in outer else len(outer)

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """What was collected stays: no search for garbage looks at thousands of tests again."""
    gc.collect()
    gc.freeze()


GIT_SETTINGS = {
    "init.defaultBranch": "main",
    "maintenance.auto": "false",  # a process more beside every commit
    "safe.directory": str(REPOSITORY),  # a checkout that belongs to another user, as in a CI container
}


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """The checkout's folder. Tests read it and never write to it."""
    return REPOSITORY


@pytest.fixture(scope="session", autouse=True)
def clean_environment() -> Iterator[None]:
    """Take the user's git settings, a calling hook's repository and the build clock out of the environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GIT_")] + ["SOURCE_DATE_EPOCH"]:
            patch.delenv(name, raising=False)
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
        patch.setenv("GIT_TERMINAL_PROMPT", "0")
        patch.setenv("GIT_CONFIG_COUNT", str(len(GIT_SETTINGS)))
        for number, (key, value) in enumerate(GIT_SETTINGS.items()):
            patch.setenv(f"GIT_CONFIG_KEY_{number}", key)
            patch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
        for role in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{role}_NAME", "Ada Editor")
            patch.setenv(f"GIT_{role}_EMAIL", "ada@policies.example")
        yield


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        compiled.once(patch)
        yield
