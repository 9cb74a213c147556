"""What several tests of the adapters begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.commands import Terminal


@pytest.fixture
def empty(tmp_path: Path) -> Terminal:
    """A folder that is no project yet."""
    root = tmp_path / "project"
    root.mkdir()
    return Terminal(root)
