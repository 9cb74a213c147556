"""Waiting for what must happen in the end, on whatever machine: a test that waits looks again until it did.

A limit is there only so that a test which can never pass ends at all. It is far beyond what the slowest machine needs,
and no test passes because something has not happened within it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 300
"""Seconds."""


def eventually(look: Callable[[], object]) -> bool:
    """Return whether ``look()`` is true, now or at any time while our patience lasts."""
    end = time.monotonic() + PATIENCE
    while not look():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True
