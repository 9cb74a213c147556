"""The npm package as `npm pack` gives it, installed in a project of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import programs

PACKAGE = programs.REPOSITORY / "storefront/js"


def packed(folder: Path) -> Path:
    """Pack the package into ``folder``; the tarball."""
    pack = [programs.NPM.path(), "--offline", "--silent", "pack", "--pack-destination", folder]
    subprocess.run(pack, check=True, cwd=PACKAGE, capture_output=True)
    [tarball] = folder.glob("*.tgz")
    return tarball


def install(tarball: Path, folder: Path) -> Path:
    """Install it, and nothing else, in a project in ``folder``; the folder."""
    (folder / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
    npm = [programs.NPM.path(), "--offline", "--silent", "install", "--no-audit", "--no-fund", tarball]
    subprocess.run(npm, check=True, cwd=folder, capture_output=True)
    return folder
