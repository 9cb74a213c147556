"""How long sites take to build: one of policies, and the same pages kept as Markdown files."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.measuring import Command, Cost, rounds, run

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Builds:
    """Builds of one size, round by round.

    ``versions`` is the site of policies without redlines, ``full`` with them; ``plain`` the same pages as Markdown
    files outside the navigation, ``listed`` with all of them in it, as MkDocs does where nobody says otherwise;
    ``empty`` as many pages with nothing on them. ``redlines`` counts ``full``'s redline pages, ``pages`` all others.
    """

    count: int
    clauses: int
    pages: int
    redlines: int
    empty: Sequence[Cost]
    plain: Sequence[Cost]
    listed: Sequence[Cost]
    versions: Sequence[Cost]
    full: Sequence[Cost]

    def ratios(self, baseline: Sequence[Cost]) -> list[float]:
        """CPU time of ``versions`` as a part of that of ``baseline``, round by round."""
        return [own.cpu / other.cpu for own, other in zip(self.versions, baseline, strict=True)]

    @property
    def redline_milliseconds(self) -> float:
        """CPU time of one redline page, the median of all rounds."""
        pairs = zip(self.full, self.versions, strict=True)
        return median((full.cpu - versions.cpu) * 1000 / self.redlines for full, versions in pairs)


def measure(count: int, clauses: int, repeats: int, folder: Path, say: Callable[[str], None]) -> Builds:
    """The costs of building ``count`` versions of ``clauses`` clauses, ``repeats`` times; projects go to ``folder``."""
    say(f"{count} versions of {clauses} clauses")
    folder.mkdir(parents=True)
    run(Command(["-m", "benchmarks.projects", str(count), str(clauses), folder], _HERE.parent))
    commands = {
        "empty": _build(folder / "empty", "-m", "mkdocs"),
        "plain": _build(folder / "plain", "-m", "mkdocs"),
        "listed": _build(folder / "listed", "-m", "mkdocs"),
        "versions": _build(folder / "policies", _HERE / "without_redlines.py"),
        "full": _build(folder / "policies", "-m", "mkdocs"),
    }
    costs = rounds(commands, repeats, say)
    redlines = len(list((folder / "policies/site").glob("*/redline/*/index.html")))
    pages = len(list((folder / "policies/site").rglob("index.html")))
    if pages - redlines != len(list((folder / "plain/site").rglob("index.html"))):
        raise AssertionError("The sites that are compared have not the same number of pages.")
    return Builds(count, clauses, pages - redlines, redlines, **costs)


def _build(folder: Path, *program: str | Path) -> Command:
    return Command([*program, "--quiet", "build"], folder, lambda: shutil.rmtree(folder / "site", ignore_errors=True))
