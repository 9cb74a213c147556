"""Changes the decision in one place at a time, and tells which changes no vector notices: ``make mutants``.

mutmut (Python) and StrykerJS (JavaScript, which needs Node's npm) make the changes. They are no dependency of the
project: this puts them into .cache/mutants, which needs a network once. What the vectors let pass is then given to the
properties in tests/. docs/mutants.md says of every change that passes the vectors why it makes no difference; one that
is not listed there is an error. Takes about half an hour.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measuring import say

ROOT = Path(__file__).resolve().parent.parent
STOREFRONT = ROOT / "storefront"
CACHE = ROOT / ".cache" / "mutants"
PAGE = ROOT / "docs" / "mutants.md"
OTHERS = shutil.ignore_patterns("copies.json")
"""Vectors of what stands in other files."""
CORE = tuple(f"tests/core/storefront/test_{name}.py" for name in ("review", "merge", "copies", "shop"))

ELSEWHERE = "Asia/Shanghai"
"""Where no local time is UTC, an instant that is read as local time shows."""

MUTMUT = "mutmut==3.8.1"
STRYKER = "@stryker-mutator/core@9.6.1"

PYTHON_SETTINGS = """\
[tool.mutmut]
source_paths = ["src"]
also_copy = ["vectors", "test_vectors.py"]
pytest_add_cli_args_test_selection = ["test_vectors.py"]
"""
PYTHON_TEST = """\
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import review

CASES = {path.stem: json.loads(path.read_text("utf-8"))["cases"] for path in Path("vectors").glob("*.json")}
MERGES, INSTANTS = CASES.pop("merges"), CASES.pop("instants")

def said(written):
    try:
        found = review.instant(written)
    except ValueError:
        return None
    assert found.utcoffset() == timedelta(0)
    return (found - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)

def test_vectors():
    for case in MERGES:
        assert review.merge(*case["lists"]) == case["expected"], case["name"]
    for case in INSTANTS:
        assert said(case["written"]) == case["milliseconds"], case["written"]
    for case in (case for cases in CASES.values() for case in cases):
        now = datetime.fromisoformat(case["now"])
        ask = review.review_all if "documents" in case else review.review_state
        asked = case["documents"] if "documents" in case else case["document"]
        for manifest in (case["manifest"], review.prepare(case["manifest"])):
            assert ask(manifest, asked, case["records"], now) == case["expected"], case["name"]
"""
JAVASCRIPT_SETTINGS: dict[str, Any] = {
    "mutate": ["review.js", "verdict.js", "shape.js", "changes.js"],
    "testRunner": "command",
    "commandRunner": {"command": "node check.mjs"},
    "reporters": ["json"],
    "timeoutMS": 10_000,
}
JAVASCRIPT_TEST = """\
import {readdirSync, readFileSync} from 'node:fs';
import {deepStrictEqual} from 'node:assert';
import {instant, merge, prepare, reviewAll, reviewState} from './review.js';
for (const file of readdirSync('vectors')) {
  const {cases} = JSON.parse(readFileSync(`vectors/${file}`));
  for (const {name, manifest, document, documents, records, now, lists, written, milliseconds, expected} of cases) {
    if (lists) deepStrictEqual(merge(...lists), expected, name);
    else if (written !== undefined) deepStrictEqual(instant(written), milliseconds ?? NaN, written);
    else for (const read of [manifest, prepare(manifest)]) {
      const at = Date.parse(now);
      const found = documents ? reviewAll(read, documents, records, at) : reviewState(read, document, records, at);
      deepStrictEqual(found, expected, name);
    }
  }
}
"""


@dataclass(frozen=True)
class Survivor:
    """A change of one file that passes the vectors: the lines before and after, and the file with the change."""

    file: str
    before: str
    after: str
    text: str

    def __str__(self) -> str:
        return f"{_code(self.before)} → {_code(self.after)}"


def _code(line: str) -> str:
    """As Markdown writes it."""
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    return f"`{line}`" if not longest else f"{'`' * (longest + 1)} {line} {'`' * (longest + 1)}"


def run(*command: str | Path, folder: Path, **environment: str) -> str:
    """What the command prints. Stops where it fails."""
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done.stdout


def of_python(folder: Path) -> tuple[int, list[Survivor]]:
    """How many changes of review.py were tried, and those that the vectors let pass. ``folder`` is empty."""
    tools = CACHE / "python"
    if not (tools / "bin" / "mutmut").exists():
        run(sys.executable, "-m", "venv", "--clear", tools, folder=ROOT)
        run(tools / "bin" / "python", "-m", "pip", "-qq", "install", MUTMUT, folder=ROOT)
    mutmut = tools / "bin" / "mutmut"
    source = folder / "src" / "review.py"
    source.parent.mkdir()
    shutil.copy(STOREFRONT / "python/inforce_client/review.py", source)
    shutil.copytree(STOREFRONT / "vectors", folder / "vectors", ignore=OTHERS)
    (folder / "pyproject.toml").write_text(PYTHON_SETTINGS)
    (folder / "test_vectors.py").write_text(PYTHON_TEST)
    run(mutmut, "run", folder=folder, TZ=ELSEWHERE)
    told = [line.strip().split(": ") for line in run(mutmut, "results", "--all", "true", folder=folder).splitlines()]
    outcomes = [each for each in told if len(each) == 2]
    survivors = []
    for name in (name for name, outcome in outcomes if outcome not in ("killed", "timeout")):
        original = source.read_text(encoding="utf-8")
        run(mutmut, "apply", name, folder=folder)
        changed = source.read_text(encoding="utf-8")
        source.write_text(original, encoding="utf-8")
        survivors.append(Survivor("review.py", *difference(original, changed), changed))
    return len(outcomes), survivors


def difference(original: str, changed: str) -> tuple[str, str]:
    """The line that differs, before and after."""
    lines = zip(original.splitlines(), changed.splitlines(), strict=True)
    return next((before.strip(), after.strip()) for before, after in lines if before != after)


def of_javascript(folder: Path) -> tuple[int, list[Survivor]]:
    """The same of review.js, and of what it calls."""
    for name in JAVASCRIPT_SETTINGS["mutate"]:
        shutil.copy(STOREFRONT / "js/src" / name, folder)
    shutil.copytree(STOREFRONT / "vectors", folder / "vectors", ignore=OTHERS)
    (folder / "check.mjs").write_text(JAVASCRIPT_TEST)
    (folder / "package.json").write_text('{"type": "module", "private": true}')
    (folder / "stryker.config.json").write_text(json.dumps(JAVASCRIPT_SETTINGS))
    CACHE.mkdir(parents=True, exist_ok=True)
    run("npm", "install", "--no-save", "--no-audit", "--no-fund", "--cache", CACHE / "npm", STRYKER, folder=folder)
    run("npx", "stryker", "run", folder=folder, TZ=ELSEWHERE)
    report = json.loads((folder / "reports" / "mutation" / "mutation.json").read_text(encoding="utf-8"))
    tried, survivors = 0, []
    for name, found in report["files"].items():
        left = [mutant for mutant in found["mutants"] if mutant["status"] not in ("Killed", "Timeout")]
        tried += len(found["mutants"])
        survivors += map(_changed(name, found["source"]), left)
    return tried, survivors


def _changed(name: str, source: str) -> Callable[[dict[str, Any]], Survivor]:
    lines = source.split("\n")

    def survivor(mutant: dict[str, Any]) -> Survivor:
        start, end = mutant["location"]["start"], mutant["location"]["end"]
        head = "\n".join([*lines[: start["line"] - 1], lines[start["line"] - 1][: start["column"] - 1]])
        tail = "\n".join([lines[end["line"] - 1][end["column"] - 1 :], *lines[end["line"] :]])
        text = head + mutant["replacement"] + tail
        before, after = lines[start["line"] - 1].strip(), text.split("\n")[start["line"] - 1].strip()
        return Survivor(name, before, after, text)

    return survivor


def noticed(survivor: Survivor, folder: Path) -> bool:
    """Whether the properties notice what the vectors let pass. They find the changed package before the real one."""
    shutil.copytree(STOREFRONT, folder, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    place = folder / ("python/inforce_client" if survivor.file == "review.py" else "js/src") / survivor.file
    place.write_text(survivor.text, encoding="utf-8")
    tests = CORE if survivor.file == "review.py" else ("tests/e2e/test_decision.py",)
    command = [sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(folder / "python")}, capture_output=True, check=False
    )
    shutil.rmtree(folder)
    return done.returncode == 1


def main() -> None:
    """Print what passed, and fail where docs/mutants.md does not explain it."""
    page, unexplained = PAGE.read_text(encoding="utf-8"), 0
    works = {"review.py": of_python, "review.js": of_javascript}
    if not shutil.which("npm"):
        say("review.js: not tried, as npm is missing. On Debian: sudo apt-get install npm")
        del works["review.js"]
    with tempfile.TemporaryDirectory(prefix="inforce-mutants-") as made:
        for name, work in works.items():
            say(f"Changing {name} …")
            folder = Path(made, name)
            folder.mkdir()
            count, survivors = work(folder)
            print(f"{name}: {count} changes, {count - len(survivors)} noticed by the vectors")
            for survivor in survivors:
                by = "only the properties notice" if noticed(survivor, Path(made) / "plugins") else "nothing notices"
                known = str(survivor) in page
                unexplained += not known
                print(f"  {by}{'' if known else ', and the page does not explain'}: {survivor}", flush=True)
    if unexplained:
        sys.exit(f"{unexplained} are not explained in docs/mutants.md: add a vector, or a line there.")


if __name__ == "__main__":
    main()
