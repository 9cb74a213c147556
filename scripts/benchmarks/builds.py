"""How long sites take to build, and the commands, by themselves and beside an earlier commit of this repository."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.measuring import COSTS, INFORCE, Command, Cost, costs, forget, met, ratios, rounds, run, say, table

TARGETS = {100: (0.62, 0.42), 300: (0.43, 0.22)}
"""By number of versions: the most that version pages may cost, as a part of the same pages kept as Markdown files
outside the navigation; the first build's part and the second's."""
EVERYTHING = {300: (1.5, 0.4)}
"""The same of all that is published."""
OWN = {300: (0.6, 0.1)}
"""The same of all that is published, built without MkDocs."""
CLAUSES = 15

_HERE = Path(__file__).parent
_EMPTY, _PLAIN = "Empty pages", "Markdown files, outside the navigation"
_VERSIONS, _FULL, _OWN = "In Force, version pages", "In Force, everything", "In Force, everything, `inforce build`"
_AGAIN = ", second build"

EXPLAINED = """\
The builds have the same theme, the same search and the same pages: the text in force, every version, the list of
versions, and each clause through time. The policy is made up; each version changes one to three of its clauses.

- *Empty pages*: what MkDocs and the theme cost for so many pages, whatever stands on them.
- *Markdown files*: the bare texts, one file a page, kept out of the navigation as a careful author does it: otherwise
  MkDocs puts every page into that of every other.
- *In Force, version pages*: with dates, digests and links between versions, with ledger files, feed and manifest, but
  without any redline, neither as a page nor in the clauses' histories.
- *In Force, everything*: what is published.
- *inforce build*: the same without MkDocs, in the layout that comes with the package.
- *Second build*: nothing changed since the first, whose site is deleted for MkDocs, which does so itself, and kept for
  `inforce build`; what the first one kept in `.cache/inforce` is there."""


def of_size(count: int, repeats: int, folder: Path) -> str:
    """Builds of ``count`` versions; their projects go to ``folder``."""
    say(f"{count} versions of {CLAUSES} clauses")
    run(Command(["-m", "benchmarks.policies", str(count), str(CLAUSES), folder], _HERE.parent))
    project, own = folder / "policies", ("-c", INFORCE[1], "build", "-o", "own")
    commands = {
        _EMPTY: _build(folder / "empty", "-m", "mkdocs"),
        _PLAIN: _build(folder / "plain", "-m", "mkdocs"),
        _VERSIONS: _build(project, _HERE / "without_redlines.py"),
        _VERSIONS + _AGAIN: _build(project, _HERE / "without_redlines.py", fresh=False),
        _FULL: _build(project, "-m", "mkdocs"),
        _FULL + _AGAIN: _build(project, "-m", "mkdocs", fresh=False),
        _OWN: Command(own, project, partial(forget, project / ".cache", project / "own")),
        _OWN + _AGAIN: Command(own, project),
    }
    found = rounds(commands, repeats)
    ours, plain = _pages(project / "site"), _pages(folder / "plain/site")
    redlines = len([page for page in ours if {"redline", "since"} & {*page.parts}])
    periods, pages = len(ours - plain) - redlines, len(plain)
    if plain - ours:
        raise AssertionError("The sites that are compared have not the same pages.")
    pairs = zip(found[_FULL], found[_VERSIONS], strict=True)
    each = median((full.cpu - versions.cpu) * 1000 / redlines for full, versions in pairs)
    return f"""\
## {count} versions of {CLAUSES} clauses

{table(("build", *COSTS), ((name, *costs(rows)) for name, rows in found.items()))}

Each of the first two makes {pages} pages; the version pages are {periods} more, to find a version by its day or year.

{_ratio_lines(found, _VERSIONS, TARGETS.get(count))}
{_ratio_lines(found, _FULL, EVERYTHING.get(count))}
{_ratio_lines(found, _OWN, OWN.get(count))}
- {redlines} pages of redlines cost {each:.1f} ms of CPU time each."""


def _build(folder: Path, *program: str | Path, fresh: bool = True) -> Command:
    forgotten = (folder / "site", *((folder / ".cache",) if fresh else ()))
    return Command([*program, "--quiet", "build"], folder, partial(forget, *forgotten))


def _ratio_lines(found: Mapping[str, Sequence[Cost]], name: str, targets: tuple[float, float] | None) -> str:
    """What a build and its second one cost as a part of the same pages as Markdown files outside the navigation."""
    lines = []
    for which, build in enumerate((name, name + _AGAIN)):
        parts = ratios(found[build], found[_PLAIN])
        told = f"- {build}: **{median(parts):.2f}** ({min(parts):.2f} to {max(parts):.2f}) of Markdown files."
        if targets:
            told += f" Target: at most {targets[which]:.2f}: {met(median(parts) <= targets[which])}."
        lines.append(told)
    return "\n".join(lines)


def _pages(site: Path) -> set[Path]:
    """The pages of a site, from its folder."""
    return {page.relative_to(site) for page in site.rglob("index.html")}


def of_commands(project: Path, versions: int, repeats: int) -> str:
    """The commands that an editor waits for, on the made-up policy of ``of_size``."""
    say("inforce check, inforce release --dry-run")
    release = ("release", "privacy", "--effective", "today", "--dry-run")
    commands = {
        "`inforce check`": Command([*INFORCE, "check"], project),
        "`inforce release --dry-run`": Command([*INFORCE, *release], project),
    }
    found = rounds(commands, repeats)
    return f"""\
## The command

On the policy with {versions} versions, outside of git:

{table(("command", *COSTS), ((name, *costs(rows)) for name, rows in found.items()))}"""


EARLIER = "04808c8"
MANY = 10, 30, 20
"""Documents, versions of each, and clauses of these."""
_MANY = "{} documents of {} versions of {} clauses".format(*MANY)
EARLIER_TARGETS = {
    "`inforce --help`": 60 / 357,
    "`inforce status`": 200 / 403,
    "`inforce check`": 275 / 479,
    _MANY: 3.5 / 18.8,
    f"{_MANY}, second build": 0.35 * 3.5 / 18.8,
}
"""The most that the work may cost, as a part of what it cost then."""


def beside_earlier(root: Path, folder: Path, repeats: int) -> str:
    """The table of ``EARLIER_TARGETS``; ``root`` is a clone of the repository."""
    say(f"The same work at {EARLIER}")
    code = folder / "code"
    code.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", EARLIER], cwd=root, capture_output=True, check=False)
    if archive.returncode:
        return f"## Beside an earlier commit\n\nNot measured: this clone does not hold commit `{EARLIER}`."
    subprocess.run(["tar", "-x", "-C", code], input=archive.stdout, check=True)
    small, many = folder / "small", folder / "many"
    for name in ("policy", "versions"):
        shutil.copytree(root / name, small / name)
    attributes = (root / ".gitattributes").read_text("utf-8") + "policy/** text eol=lf\n"  # as was asked for then
    (small / ".gitattributes").write_text(attributes, encoding="utf-8")
    run(Command(["-m", "benchmarks.policies", *map(str, MANY), many], _HERE.parent))
    work = {name: (*INFORCE, name.strip("`").split()[1]) for name in list(EARLIER_TARGETS)[:3]}
    now = {name: Command(words, small) for name, words in work.items()}
    build = ("-m", "mkdocs", "--quiet", "build")
    now[_MANY] = Command(build, many, partial(forget, many / "site", many / ".cache"))
    now[f"{_MANY}, second build"] = Command(build, many, partial(forget, many / "site"))
    path = os.pathsep.join((str(code / "plugins"), str(code / "storefront/python")))
    then = {name: Command(each.arguments, each.folder, each.before, path) for name, each in now.items()}
    both = {f"{name}{when}": each[name] for name in now for when, each in ((" then", then), ("", now))}
    found = rounds(both, repeats)
    rows = []
    for name, target in EARLIER_TARGETS.items():
        before, after = found[f"{name} then"], found[name]
        part = median(ratios(after, before))
        rows.append((name, costs(before)[0], costs(after)[0], f"{part:.2f}", f"{target:.2f}: {met(part <= target)}"))
    pages = len(list((many / "site").rglob("index.html")))
    size = sum(path.stat().st_size for path in (many / "site").rglob("*") if path.is_file()) / 1e6
    return f"""\
## Beside an earlier commit

The same work by commit `{EARLIER}` and by today's code, in turn, in CPU time.

{table(("work", "then", "now", "part", "target"), rows)}

{_MANY} make {pages} pages and {size:.0f} MB. Target: at most 1,100 and 60 MB: {met(pages <= 1100 and size <= 60)}."""
