"""Waiting for what must happen in the end, on whatever machine: a test that waits looks again until it did.

A limit is there only so that a test which can never pass ends at all. It is far beyond what the slowest machine needs,
and no test passes because something has not happened within it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 300
"""Seconds."""
SOON, LATER = 0.005, 0.1
"""Seconds between two looks: most of what is waited for is there at once, and the rest is not hurried by looking."""


def eventually(look: Callable[[], object]) -> bool:
    """Return whether ``look()`` is true, now or at any time while our patience lasts."""
    end, pause = time.monotonic() + PATIENCE, SOON
    while not look():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
        pause = min(2 * pause, LATER)
    return True
