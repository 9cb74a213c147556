"""The same work by an earlier commit of this repository and by the code as it is, in turn: the ratio counts."""

import os
import shutil
import subprocess
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.measuring import INFORCE, Command, forget, ratios, rounds, run, say
from benchmarks.report import costs, met, table

EARLIER = "04808c8"
DOCUMENTS, VERSIONS, CLAUSES = 10, 30, 20
_MANY = f"{DOCUMENTS} documents of {VERSIONS} versions of {CLAUSES} clauses"
TARGETS = {
    "`inforce --help`": 60 / 357,
    "`inforce status`": 200 / 403,
    "`inforce check`": 275 / 479,
    _MANY: 3.5 / 18.8,
    f"{_MANY}, second build": 0.35 * 3.5 / 18.8,
}
"""The most that the work may cost, as a part of what it cost then."""


def section(root: Path, folder: Path, repeats: int) -> str:
    """The table of ``TARGETS``; ``root`` is a clone of the repository."""
    say(f"The same work at {EARLIER}")
    before = folder / "code"
    before.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", EARLIER], cwd=root, capture_output=True, check=False)
    if archive.returncode:
        return f"## Beside an earlier commit\n\nNot measured: this clone does not hold commit `{EARLIER}`."
    subprocess.run(["tar", "-x", "-C", before], input=archive.stdout, check=True)
    small, many = folder / "small", folder / "many"
    for name in ("policy", "versions"):
        shutil.copytree(root / name, small / name)
    attributes = (root / ".gitattributes").read_text("utf-8") + "policy/** text eol=lf\n"  # as was asked for then
    (small / ".gitattributes").write_text(attributes, encoding="utf-8")
    sizes = map(str, (DOCUMENTS, VERSIONS, CLAUSES))
    run(Command(["-m", "benchmarks.policies", *sizes, many], Path(__file__).parent.parent))
    work = {name: (*INFORCE, name.strip("`").split()[1]) for name in list(TARGETS)[:3]}
    now = {name: Command(words, small) for name, words in work.items()}
    build = ("-m", "mkdocs", "--quiet", "build")
    now[_MANY] = Command(build, many, partial(forget, many / "site", many / ".cache"))
    now[f"{_MANY}, second build"] = Command(build, many, partial(forget, many / "site"))
    path = os.pathsep.join((str(before / "plugins"), str(before / "storefront/python")))
    then = {name: Command(each.arguments, each.folder, each.before, path) for name, each in now.items()}
    found = rounds(
        {f"{name}{when}": each[name] for name in now for when, each in ((" then", then), ("", now))}, repeats
    )
    rows = []
    for name, target in TARGETS.items():
        part = median(ratios(found[name], found[f"{name} then"]))
        told = (
            costs(found[f"{name} then"])[0],
            costs(found[name])[0],
            f"{part:.2f}",
            f"{target:.2f}: {met(part <= target)}",
        )
        rows.append((name, *told))
    pages = len(list((many / "site").rglob("index.html")))
    size = sum(path.stat().st_size for path in (many / "site").rglob("*") if path.is_file()) / 1e6
    return f"""\
## Beside an earlier commit

The same work by commit `{EARLIER}` and by today's code, in turn, in CPU time.

{table(("work", "then", "now", "part", "target"), rows)}

{_MANY} make {pages} pages and {size:.0f} MB. Target: at most 1,100 and 60 MB: {met(pages <= 1100 and size <= 60)}."""
