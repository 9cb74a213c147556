"""The house: a core that knows no outside library, no clock, no environment; short functions, explained modules."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE = REPOSITORY / "plugins" / "inforce"
MODULES = sorted(PACKAGE.rglob("*.py"))
CORE = [path for path in MODULES if "adapters" not in path.relative_to(PACKAGE).parts]
FOREIGN = {
    *("mkdocs", "properdocs", "git", "click", "feedgen", "docx", "httpx", "fastapi"),
    *("subprocess", "socket", "urllib.request", "time", "threading", "random", "logging"),
}
LONGEST = 50
"""Lines of a function, its docstring among them: what fits on a screen."""
DECISION = REPOSITORY / "storefront/python/inforce_client/review.py"
"""Longer than others, because a shop may copy it: one file that imports nothing else of In Force."""


def named(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(module: ast.Module) -> Iterator[str]:
    """Every dotted name that is used, such as ``datetime.now``."""
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute):
            yield ast.unparse(node)


def test_there_is_a_core() -> None:
    assert {"model.py", "ledger/files.py", "project.py"} <= {named(path) for path in CORE}
    assert len(MODULES) > len(CORE)


@pytest.mark.parametrize("path", CORE, ids=named)
def test_the_core_imports_nothing_of_the_outside(path: Path) -> None:
    for name in imported(tree(path)):
        assert name.split(".")[0] not in FOREIGN, name
        assert name not in FOREIGN, name
        assert not name.startswith("inforce.adapters"), name
        assert name != "inforce_client.client", name
        assert name not in ("os", "sys", "pathlib", "shutil", "tempfile", "io"), f"{name}: the core touches no disk"


@pytest.mark.parametrize("path", CORE, ids=named)
def test_the_core_reads_no_clock_no_environment_and_no_file(path: Path) -> None:
    module = tree(path)
    clocks = {"now", "utcnow", "today", "fromtimestamp", "environ", "getenv", "read_text", "read_bytes", "monotonic"}
    used = [name for name in calls(module) if name.rpartition(".")[2] in clocks]
    assert used == []
    opened = [
        n for n in ast.walk(module) if isinstance(n, ast.Call) and ast.unparse(n.func) in ("open", "input", "print")
    ]
    assert opened == []


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_no_function_is_longer_than_a_screen(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno + 1 <= LONGEST, f"{node.name} in {named(path)}:{node.lineno}"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_every_module_says_what_it_does(path: Path) -> None:
    assert ast.get_docstring(tree(path)), f"{named(path)} has no docstring"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_every_file_can_be_read_in_one_go(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") < 400


def test_the_decision_needs_the_standard_library_alone() -> None:
    names = {name.split(".")[0] for name in imported(tree(DECISION))}
    assert names <= sys.stdlib_module_names
