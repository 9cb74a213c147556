"""The distribution: a wheel holds the whole package and runs without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from zipfile import ZipFile

import pytest


def run(*arguments: str | Path, **environment: str) -> str:
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, **environment}
    ).stdout.strip()


@pytest.fixture(scope="module")
def wheel(repo_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
    subprocess.run(build, check=True, capture_output=True, cwd=repo_root)
    [path] = folder.glob("*.whl")
    return path


def test_the_wheel_holds_every_file_of_the_package(repo_root, wheel):
    root, shop = repo_root / "plugins", repo_root / "storefront"
    sources = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    for folder in (shop / "js/dist", shop / "js/src", shop / "schema", shop / "vectors"):
        sources |= {f"inforce/{path.relative_to(repo_root).as_posix()}" for path in folder.rglob("*") if path.is_file()}
    expected = {name for name in sources if "__pycache__" not in name}
    assert {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name} == expected


def test_the_wheel_offers_the_command_and_the_plugin(wheel):
    archive = ZipFile(wheel)
    [name] = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
    entry_points = ConfigParser()
    entry_points.read_string(archive.read(name).decode())
    assert entry_points["console_scripts"]["inforce"] == "inforce.adapters.command:main"
    for group in ("mkdocs.plugins", "properdocs.plugins"):
        assert entry_points[group]["inforce"] == "inforce.adapters.mkdocs_plugin:InForcePlugin"


@pytest.mark.long
def test_the_installed_wheel_answers_without_the_checkout(wheel, tmp_path):
    run("-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", tmp_path, wheel)
    script = "import inforce.adapters.command, inforce.adapters.mkdocs_plugin as plugin; print(plugin.__file__)"
    assert run("-c", script, PYTHONPATH=str(tmp_path)) == str(tmp_path / "inforce" / "adapters" / "mkdocs_plugin.py")
