"""The bytes of many texts that are mostly the same: a line that stands in several of them is held once.

A history of hundreds of versions holds little more than its last one. What a text says is known to nobody here.
"""

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Shared:
    """The bytes of one text, in lines that other texts hold, too; ``bytes()`` of it makes them one again."""

    lines: tuple[bytes, ...]

    def __bytes__(self) -> bytes:
        return b"".join(self.lines)


def share(data: bytes) -> Shared:
    """Return ``data`` as lines, each of which is the one that is held already, if any."""
    return Shared(tuple(map(_held, data.splitlines(keepends=True))))


@lru_cache(maxsize=1 << 16)
def _held(line: bytes) -> bytes:
    return line
