"""How many examples a property is tried on: a share of what the profile of the run asks for, see `conftest.py`."""

from __future__ import annotations

from typing import Any

from hypothesis import settings


def examples(percent: int, **more: Any) -> settings:
    """Return settings with ``percent`` of the profile's examples, and with whatever else is given."""
    return settings(max_examples=max(1, settings.default.max_examples * percent // 100), **more)
