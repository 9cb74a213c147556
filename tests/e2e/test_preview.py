"""The live preview: `mkdocs serve` as an editor runs it."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from adapters import projects
from patience import PATIENCE, eventually
from programs import bound


def answer(url: str) -> str:
    """The body at ``url``; empty while nobody answers or the page is not there."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as response:
            return str(response.read().decode())
    except (urllib.error.URLError, ConnectionError):
        return ""


def appears(url: str, text: str) -> bool:
    """Whether ``text`` is at ``url``, now or in the end."""
    return eventually(lambda: text in answer(url))


@contextmanager
def serving(tmp_path: Path) -> Iterator[str]:
    """The address of a preview of the project at ``tmp_path``."""
    projects.write_site(tmp_path, options='as_of: "2026-04-01T00:00:00Z"')
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = bound(sys.executable, "-m", "mkdocs", "serve", "--quiet", "--dev-addr", f"127.0.0.1:{port}")
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(PATIENCE)


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[str]:
    """The address of a preview of a project with two versions, at ``tmp_path``."""
    projects.two_versions(tmp_path)
    with serving(tmp_path) as address:
        yield address


def test_an_edited_clause_shows_as_a_draft_with_its_redline(preview: str, tmp_path: Path) -> None:
    assert appears(preview + "privacy/", "In force from")
    assert answer(preview + "privacy/draft/") == ""
    projects.edit(tmp_path, "contact", "## Contact\n\nRing us whenever you like.")
    assert appears(preview + "privacy/draft/", "Ring us whenever you like.")
    assert "This text has not been announced" in answer(preview + "privacy/draft/")
    assert "<ins" in answer(preview + "privacy/redline/1.0..draft/")
    assert "Ring us" not in answer(preview + "privacy/")


def test_a_release_shows_without_a_restart(preview: str, tmp_path: Path) -> None:
    assert appears(preview + "privacy/versions/", "Version 2.0")
    projects.edit(tmp_path, "contact", "## Contact\n\nRing us whenever you like.")
    projects.publish(tmp_path, effective=projects.ANNOUNCED.replace(year=2027))
    assert appears(preview + "privacy/versions/", "Version 2.1")


def test_a_first_release_shows_without_a_restart(tmp_path: Path) -> None:
    projects.write_policy(tmp_path)
    with serving(tmp_path) as preview:
        assert appears(preview, "Shop")
        assert "In force from" not in answer(preview + "privacy/")
        projects.publish(tmp_path)
        assert appears(preview + "privacy/", "In force from")
