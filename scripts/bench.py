"""Measures builds, the manifest, the command, storefronts and redlines here, and writes docs/benchmarks.md.

Takes about ten minutes; ``--quick`` takes half a minute, with sizes that say nothing, and prints the page instead. A
missed target is reported and is no failure.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import builds, redlines, report, repository, storefront
from benchmarks.measuring import rounds

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus" / "redline-pairs.jsonl.gz"
CLAUSES = 15


def say(line: str) -> None:
    """Progress goes to standard error, so that the page can be piped."""
    print(line, file=sys.stderr, flush=True)


def measured(sizes: tuple[int, ...], repeats: int, folder: Path) -> report.Results:
    """Everything, with its projects in ``folder``."""
    found = [builds.measure(size, CLAUSES, repeats, folder / str(size), say) for size in sizes]
    say("inforce check, inforce release --dry-run")
    commands = rounds(repository.commands(folder / str(sizes[-1]) / "policies"), repeats, say)
    say("The manifest, and two builds of the same commit")
    manifest, clones = repository.manifest(ROOT), repository.two_builds(ROOT, folder / "clones", say)
    say("Redlines of real revisions, beside others")
    revisions = redlines.measure(CORPUS, say) if CORPUS.is_file() and repeats > 1 else None
    say("The storefront")
    count = storefront.VISITS if repeats > 1 else 1_000
    costs = storefront.measure(ROOT, manifest.data, count, folder / "storefront", say)
    return report.Results(repeats, found, manifest, clones, commands, revisions, costs)


def main() -> None:
    """Measure, then write the page or print it."""
    arguments = argparse.ArgumentParser(description="Measure builds, the manifest and the command.")
    arguments.add_argument("--quick", action="store_true", help="small sizes and one round; print, write nothing")
    quick = arguments.parse_args().quick
    with tempfile.TemporaryDirectory(prefix="inforce-bench-") as folder:
        results = measured((10, 20) if quick else tuple(report.TARGETS), 1 if quick else 5, Path(folder))
    text = report.page(results)
    if quick:
        print(text, end="")
        return
    (ROOT / "docs/benchmarks.md").write_text(text, encoding="utf-8")
    say("docs/benchmarks.md is written.")


if __name__ == "__main__":
    main()
