"""What the repository itself gives: the size of its manifest, and whether two builds of one commit are the same."""

import filecmp
import gzip
import re
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measuring import Command, run

_COMMAND = ("-c", "from inforce.adapters.command import main; main()")


@dataclass(frozen=True)
class Manifest:
    """Sizes in bytes, and the manifest itself."""

    versions: int
    raw: int
    compressed: int
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class TwoBuilds:
    """Two builds of one commit in two folders: how many files there are, and the names of those that differ."""

    commit: str
    as_of: str
    files: int
    different: tuple[str, ...]


def manifest(root: Path) -> Manifest:
    """The manifest of the shipped policies as a storefront gets it, raw and as ``gzip -9`` makes it."""
    address = re.search(r"^site_url: (\S+)", (root / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    base = ["--base-url", address[1]] if address else []
    _, data = run(Command([*_COMMAND, "manifest", *base], root))
    versions = len(list(root.glob("versions/*/*.md")))
    return Manifest(versions, len(data), len(gzip.compress(data, 9, mtime=0)), data)


def two_builds(root: Path, folder: Path, say: Callable[[str], None]) -> TwoBuilds | None:
    """Builds of the checked-out commit in two clones, one deeper than the other; None where there is no commit."""
    try:
        commit, seconds = _git(root, "log", "-1", "--format=%H %ct").split()
    except (subprocess.CalledProcessError, FileNotFoundError):
        return None
    as_of = datetime.now(UTC).replace(microsecond=0).isoformat()
    sites: list[Path] = []
    for place in (folder / "one", folder / "another" / "place, deeper"):
        say(f"  building {commit[:10]} in {place.name}")
        place.parent.mkdir(parents=True, exist_ok=True)
        _git(root, "clone", "--quiet", "--no-local", str(root), str(place))
        _git(place, "checkout", "--quiet", commit)
        _set_instant(place / "mkdocs.yml", as_of)
        run(Command(["-m", "mkdocs", "--quiet", "build"], place), {"SOURCE_DATE_EPOCH": seconds})
        sites.append(place / "site")
        time.sleep(1.1)  # so that a clock that finds its way into a file shows
    names = [{path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()} for site in sites]
    _, differing, broken = filecmp.cmpfiles(sites[0], sites[1], sorted(names[0] & names[1]), shallow=False)
    different = {*differing, *broken, *(names[0] ^ names[1])}
    return TwoBuilds(commit, as_of, len(names[0] | names[1]), tuple(sorted(different)))


def _git(folder: Path, *arguments: str) -> str:
    found = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return found.stdout.strip()


def _set_instant(config: Path, as_of: str) -> None:
    plugin = f'  - inforce: {{as_of: "{as_of}"}}'
    text, count = re.subn(r"^  - inforce\b.*$", plugin, config.read_text("utf-8"), flags=re.MULTILINE)
    assert count == 1, "mkdocs.yml names the plugin on one line"
    config.write_text(text, "utf-8")


def commands(project: Path) -> dict[str, Command]:
    """The commands that an editor waits for, on a made-up policy."""
    release = ("release", "privacy", "--effective", "today", "--dry-run")
    return {
        "inforce check": Command([*_COMMAND, "check"], project),
        "inforce release --dry-run": Command([*_COMMAND, *release], project),
    }
