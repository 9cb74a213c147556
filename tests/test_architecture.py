"""The house: who imports whom, where each library lives, a core that touches nothing outside, what fits on a screen."""

from __future__ import annotations

import ast
import graphlib
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from inforce.adapters import cache as kept_pages

REPOSITORY = Path(__file__).resolve().parent.parent
FOLDERS = {"inforce": REPOSITORY / "plugins/inforce", "inforce_client": REPOSITORY / "storefront/python/inforce_client"}

FLOORS = """
    inforce
    errors
    model
    text
    redline
    draft
    ledger
    changes
    release
    check
    project
    publish
    word importing
    adapters
"""
"""The rooms of `inforce`, from top to bottom: a room imports what stands above it, and nothing beside or below it."""

LIBRARIES = {
    "babel": {"importing"},
    "click": {"adapters"},
    "django": {"inforce_client"},
    "diff-match-patch": {"redline"},
    "feedgenerator": {"adapters"},
    "filelock": {"adapters"},
    "httpcore": {"inforce_client"},
    "httpx": {"inforce_client"},
    "inforce-client": {"adapters", "check", "publish"},
    "jinja2": {"adapters"},
    "lxml": {"importing", "redline", "text", "word"},
    "markdown": set(),  # a floor for what MkDocs brings
    "markdown-it-py": {"importing", "text"},
    "markdownify": {"importing"},
    "markupsafe": {"adapters"},
    "mdit-py-plugins": {"text"},
    "mkdocs": {"adapters"},
    "mkdocs-material": set(),  # a theme that sites name
    "nh3": {"importing", "redline", "text"},
    "pyyaml": {"adapters", "text"},
    "pyyaml-env-tag": {"adapters"},
    "sqlalchemy": {"inforce_client"},
    "starlette": {"inforce_client"},
    "icu4py": {"redline"},
    "regex": {"redline", "text"},
    "webencodings": {"importing"},
    "anyascii": {"importing"},
    "beautifulsoup4": {"importing"},
    "tzdata": set(),  # read by zoneinfo
}
"""Every distribution that a pyproject.toml names, and the rooms that import it."""

OUTSIDE = {
    *("asyncio", "http.client", "io", "logging", "multiprocessing", "os", "pathlib", "platform", "random", "secrets"),
    *("shutil", "signal", "socket", "subprocess", "sys", "tempfile", "threading", "time", "urllib.request"),
}
"""What of the standard library only the edge may import: disk, clock, network, processes, chance."""
CLOCKS = {"now", "utcnow", "today", "fromtimestamp", "environ", "getenv", "read_text", "read_bytes", "monotonic"}

LONGEST_FUNCTION = 45
"""Lines, the docstring among them: what fits on a screen."""
TOO_LONG: set[str] = set()
"""Functions that are to become shorter. Nothing is added here, and what has become short is taken out."""
LONGEST_FILE = 400
BEFORE_THE_SANITISER = {"importing", "text"}
"""Rooms that read what somebody wrote."""
PUBLISHING = {"inforce.text.html", "inforce.text.rewriting"}
"""What publishes it, and is held to the rule all the same."""
LEXERS = {"inforce.redline.sections", "inforce.redline.proof"}
"""The first takes a passage as it is written only where a parser's tree of it, written out again, is the same; the
second, a line that three pages have, and reads all of them where they then seem to differ."""
THEMES_PAGE = {
    ("inforce.adapters.mkdocs_plugin", "</head>"),
    ("inforce.adapters.mkdocs_chrome", "(?:<h1)?inforce([0-9]+)word"),
}
"""Places in what a theme laid out: titles there are escaped, or a stand-in's, which are nobody's words."""
SITES_PAGE = {("inforce.publish.centre", r"<!--\s*inforce:\s*(?P<name>[^>]*?)\s*-->")}
"""A comment on a page that the site's own author wrote."""
NAMES_OF_OUR_OWN = re.compile(
    r"_*(wish|desk|told|seen|coming|made|spot|tape|diligence|hazards?|settling|remaking)s?", re.IGNORECASE
)
"""Names that say nothing to whoever comes from the field."""
IN_ONE_FILE = {"inforce_client.review"}
"""Longer than others, because a shop may copy it: one file that needs the standard library alone."""


def name_of(path: Path, package: str) -> str:
    parts = (package, *path.relative_to(FOLDERS[package]).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path, package): path for package, folder in FOLDERS.items() for path in sorted(folder.rglob("*.py"))}


@cache
def tree(module: str) -> ast.Module:
    """What a module says, read when it is first asked for: each process collects this file, and one tests by it."""
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def room(module: str) -> str:
    """The room of a module; the client of a shop is one of its own."""
    package, *inner = module.split(".")
    return inner[0] if package == "inforce" and inner else package


HOUSE = [module for module in MODULES if module.startswith("inforce.")]
CORE = [module for module in HOUSE if room(module) != "adapters"]


def imported(module: str) -> Iterator[str]:
    """What a module imports anywhere in it: our modules by their full names, others as they are written."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: imports are absolute here"
            assert node.module is not None
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES or inner in OUTSIDE else node.module


def is_ours(name: str) -> bool:
    return name.split(".")[0] == "inforce"


def test_every_room_has_its_floor() -> None:
    assert {room(module) for module in HOUSE} <= set(FLOORS.split())


@pytest.mark.parametrize("module", HOUSE)
def test_a_room_imports_only_what_stands_above_it(module: str) -> None:
    floors = {name: floor for floor, names in enumerate(FLOORS.split("\n")) for name in names.split()}
    others = [name for name in imported(module) if is_ours(name) and room(name) != room(module)]
    assert [name for name in others if floors[room(name)] >= floors[room(module)]] == []


def test_no_module_imports_itself_by_a_roundabout_way() -> None:
    arrows = {module: {name for name in imported(module) if name in MODULES} for module in MODULES}
    try:
        list(graphlib.TopologicalSorter(arrows).static_order())
    except graphlib.CycleError as error:
        pytest.fail(" <- ".join(error.args[1]), pytrace=False)


def test_a_shop_s_client_knows_nothing_of_the_site() -> None:
    client = [module for module in MODULES if module.startswith("inforce_client")]
    assert [(module, name) for module in client for name in imported(module) if is_ours(name)] == []


installed = cache(packages_distributions)


def distribution(name: str) -> str:
    """The distribution that brings a module: `gitpython` brings `git`. An editable one says nothing of its modules."""
    [found, *_] = installed().get(name, [name])
    return re.sub(r"[-_.]+", "-", found).lower()


def declared() -> set[str]:
    found = set()
    for path in (REPOSITORY / "pyproject.toml", REPOSITORY / "storefront/python/pyproject.toml"):
        project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
        extras = project.get("optional-dependencies", {}).values()
        for requirement in [*project["dependencies"], *(each for extra in extras for each in extra)]:
            found.add(re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement)[0]).lower())
    return found


def test_each_library_lives_in_the_rooms_that_are_named_and_in_no_other() -> None:
    found: dict[str, set[str]] = {name: set() for name in declared()}
    for module in MODULES:
        for name in {name.split(".")[0] for name in imported(module)} - sys.stdlib_module_names:
            if name != room(module) and not is_ours(name):
                found.setdefault(distribution(name), set()).add(room(module))
    assert found == LIBRARIES


def test_a_pyproject_names_every_library_that_is_imported() -> None:
    assert declared() == set(LIBRARIES)


@pytest.mark.parametrize("module", CORE)
def test_the_core_knows_no_disk_no_clock_no_network_and_no_environment(module: str) -> None:
    assert OUTSIDE & set(imported(module)) == set()
    nodes = list(ast.walk(tree(module)))
    assert [ast.unparse(node) for node in nodes if isinstance(node, ast.Attribute) and node.attr in CLOCKS] == []
    called = [ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)]
    assert [name for name in called if name in ("open", "input", "print")] == []


def test_no_function_is_longer_than_a_screen_but_those_that_are_to_become_shorter() -> None:
    found = {
        f"{module}.{node.name}": node.end_lineno - node.lineno + 1
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    }
    assert {name for name, lines in found.items() if lines > LONGEST_FUNCTION} == TOO_LONG


@pytest.mark.parametrize("module", MODULES)
def test_every_module_says_what_it_does(module: str) -> None:
    assert ast.get_docstring(tree(module)), f"{MODULES[module]} has no docstring"


@pytest.mark.parametrize("module", [module for module in MODULES if module not in IN_ONE_FILE])
def test_every_file_can_be_read_in_one_go(module: str) -> None:
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) < LONGEST_FILE


def test_types_and_modules_are_named_as_the_field_names_them() -> None:
    types = [
        (module, node.name) for module in MODULES for node in ast.walk(tree(module)) if isinstance(node, ast.ClassDef)
    ]
    types += [
        (module, str(call.args[0].value))
        for module in MODULES
        for call in ast.walk(tree(module))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "TypeVar"
        if isinstance(call.args[0], ast.Constant)
    ]
    for path in sorted((REPOSITORY / "storefront/js/src").rglob("*.d.ts")):
        found = re.findall(
            r"^(?:export )?(?:interface|type|class) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE
        )
        types += [(path.name, name) for name in found]
    names = [*types, *((module, module.rpartition(".")[2]) for module in MODULES)]
    assert [each for each in names if NAMES_OF_OUR_OWN.fullmatch(each[1])] == []


def test_a_kept_page_is_named_by_every_library_that_made_it() -> None:
    makers = {"text", "redline", "changes", "ledger", "publish"}
    named = {name.lower() for name in kept_pages.LIBRARIES}
    assert {name for name, rooms in LIBRARIES.items() if rooms & makers} <= named
    edge = (f"inforce.adapters.{name}" for name in ("site_builder", "templates"))
    laid_out = {distribution(name.split(".")[0]) for module in edge for name in imported(module)}
    assert laid_out & set(LIBRARIES) <= named
    assert {"jinja2", "markupsafe", "tzdata"} <= named


def test_the_decision_needs_the_standard_library_alone() -> None:
    assert {name.split(".")[0] for name in imported("inforce_client.review")} <= sys.stdlib_module_names


AFTER_THE_SANITISER = [
    module
    for module in HOUSE
    if module in PUBLISHING or (room(module) not in BEFORE_THE_SANITISER and module not in LEXERS)
]
PATTERNS = {"re", "regex"}
SEARCHES = {"replace", "split", "rsplit", "partition", "rpartition", "find", "rfind", "index", "removeprefix"}


def markup(text: str) -> bool:
    """Whether a pattern, or a string that is searched for, is laid over tags or attributes."""
    bare = re.sub(r"\(\?(?:P?<\w+>|<[=!])", "(", text)
    return bool(re.search(r"""<[a-zA-Z/!?^.(\[\\]|=\\?["']""", bare))


def sought(call: ast.Call) -> Iterator[str]:
    """The strings of a pattern, or of what a string is searched for; those of an f-string among them."""
    if isinstance(call.func, ast.Attribute) and call.args:
        pattern = isinstance(call.func.value, ast.Name) and call.func.value.id in PATTERNS
        for node in ast.walk(call.args[0]) if pattern or call.func.attr in SEARCHES else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


@pytest.mark.parametrize("module", AFTER_THE_SANITISER)
def test_no_pattern_is_laid_over_html_after_the_sanitiser(module: str) -> None:
    calls = (node for node in ast.walk(tree(module)) if isinstance(node, ast.Call))
    found = {(module, text) for call in calls for text in sought(call) if markup(text)}
    assert found <= THEMES_PAGE | SITES_PAGE


@pytest.mark.parametrize("pattern", [r"<[^>]*>", r' id="([^"]*)"', r"(</?h)([2-5])(?=[ >])", "<table", r"</(?:p|li)>"])
def test_such_a_pattern_is_known(pattern: str) -> None:
    assert markup(pattern)


def test_templates_print_as_html_only_what_the_sanitiser_gave() -> None:
    templates = sorted((FOLDERS["inforce"] / "templates").rglob("*.html"))
    assert templates
    for path in templates:
        expressions = re.findall(r"\{[{%].*?[}%]\}", path.read_text(encoding="utf-8"), re.DOTALL)
        filters = re.findall(r"\|\s*(\w+)", "".join(expressions))
        assert not {"safe", "autoescape"} & set(filters), path
