"""JSON values, one place at a time: for tests in which each has to count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each value that holds no others."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from places(each, (*way, key))
    if not inner:
        yield way


def another(value: Any) -> Any:
    """A value of the same form that means something else."""
    if isinstance(value, int):
        return value + 10
    if isinstance(value, list):
        return [*value, "other"]
    known = {"1.0": "9.0", "1.1": "9.1", "2.0": "9.2", "material": "notice"}
    return known.get(value) or (value.replace("20", "21", 1) if value.endswith("Z") else f"{value}-other")
