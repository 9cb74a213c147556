"""Templates that are compiled once for all builds of a test process.

Each build of MkDocs has an environment of its own, and compiles its theme anew: a quarter of the time of such tests.
"""

from __future__ import annotations

from types import CodeType
from typing import Any

import pytest
from jinja2 import Environment


def once(patch: pytest.MonkeyPatch) -> None:
    """Keep what an environment makes of a source, for every one that would make the same of it."""
    anew, kept = Environment.compile, {}

    def compiled(self: Environment, source: Any, name: Any = None, filename: Any = None, **more: Any) -> str | CodeType:
        escaped = self.autoescape(name) if callable(self.autoescape) else self.autoescape
        looks = (self.block_start_string, self.variable_start_string, self.comment_start_string)
        lines = (self.line_statement_prefix, self.line_comment_prefix, self.trim_blocks, self.lstrip_blocks)
        ends = (self.newline_sequence, self.keep_trailing_newline)
        baked = (escaped, self.finalize, self.optimized, self.is_async)
        known = (tuple(self.extensions), tuple(self.filters), tuple(self.tests), tuple(more.items()))
        key = (type(self), source, name, filename, looks, lines, ends, baked, known)
        if key not in kept:
            kept[key] = anew(self, source, name, filename, **more)
        return kept[key]

    patch.setattr(Environment, "compile", compiled)
