"""Measures builds, the manifest, the command, storefronts and redlines here, and writes docs/benchmarks.md.

Takes about ten minutes; ``--quick`` takes two, with sizes that say nothing, and prints the page instead. A missed
target is reported and is no failure.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import builds
from benchmarks.measuring import head, say

ROOT = Path(__file__).resolve().parent.parent
CLIENT = ROOT / "storefront" / "js"


def sections(folder: Path, quick: bool) -> Iterator[str]:
    """The page's parts, with their projects in ``folder``."""
    repeats, sizes = (1, (10, 20)) if quick else (5, tuple(builds.TARGETS))
    yield head(repeats)
    yield builds.EXPLAINED
    for size in sizes:
        yield builds.of_size(size, repeats, folder / str(size))
    commands = builds.of_commands(folder / str(sizes[-1]) / "policies", sizes[-1], repeats)
    before = builds.beside_earlier(ROOT, folder / "earlier", repeats)
    # Only now, since what this process holds counts towards the peak memory of those that it starts.
    from benchmarks import records, redlines, storefront

    yield storefront.of_manifest(ROOT)
    yield before
    yield commands
    yield storefront.of_decisions(CLIENT / "src", 1_000 if quick else 100_000)
    yield records.of_records(folder / "records", 10_000 if quick else 1_000_000)
    yield storefront.of_sizes(CLIENT / "dist")
    yield redlines.section(40 if quick else 1)


def main() -> None:
    """Measure, then write the page or print it."""
    arguments = argparse.ArgumentParser(description="Measure builds, the manifest and the command.")
    arguments.add_argument("--quick", action="store_true", help="small sizes and one round; print, write nothing")
    quick = arguments.parse_args().quick
    with tempfile.TemporaryDirectory(prefix="inforce-bench-") as folder:
        text = "\n\n".join(sections(Path(folder), quick)) + "\n"
    if quick:
        print(text, end="")
        return
    (ROOT / "docs/benchmarks.md").write_text(text, encoding="utf-8")
    say("docs/benchmarks.md is written.")


if __name__ == "__main__":
    main()
