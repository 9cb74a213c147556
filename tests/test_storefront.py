"""The storefront's files: explained, typed, the same words in each language, never HTML, and small as served."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from pathlib import Path

import pytest

import programs
from inforce.adapters import templates
from inforce.changes.kinds import said_of

FOLDER = Path(__file__).resolve().parent.parent / "storefront/js/src"
MODULES = sorted(FOLDER.rglob("*.js"))
TEXT = re.compile(r"^  (\w+): '((?:[^'\\]|\\.)*)',$", re.MULTILINE)
BUILT = FOLDER.parent / "dist"
BUDGETS = {"policy-review.js": 4600, "policy-review-dialog.js": 7310}
"""Bytes after gzip -9: what every page of a shop loads, and what it loads when somebody is asked."""


def named(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def texts(language: str) -> dict[str, str]:
    return dict(TEXT.findall((FOLDER / f"texts/{language}.js").read_text(encoding="utf-8")))


def test_there_are_modules() -> None:
    assert {"review.js", "client.js", "element.js", "dialog.js", "texts/en.js"} <= {named(path) for path in MODULES}


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_every_module_says_what_it_does_and_is_typed(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("// ")
    assert path.with_suffix(".d.ts").is_file()


def test_the_types_hold_and_what_is_exported_is_what_is_declared() -> None:
    """In the eyes of `tsc`, with the settings in `storefront/js/tsconfig.json`."""
    command = [programs.TSC.path(), "--project", programs.REPOSITORY / "storefront/js"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", 0)


def test_what_checks_the_types_is_pinned_with_hashes_and_no_registry_is_named() -> None:
    lock = json.loads((programs.REPOSITORY / "storefront/js/package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert "://" not in json.dumps(packages)


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_no_module_makes_html_or_code_out_of_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|\.style\b", text)
    assert found == []


@pytest.mark.parametrize("language", ["de", "ar"])
def test_every_language_says_the_same_with_the_same_placeholders(language: str) -> None:
    def placeholders(of: dict[str, str]) -> dict[str, list[str]]:
        return {name: sorted(re.findall(r"{(\w+)}", words)) for name, words in of.items()}

    assert placeholders(texts(language)) == placeholders(texts("en"))
    assert texts(language)["language"] == language
    typed = (FOLDER / "dialog.d.ts").read_text(encoding="utf-8").split("interface Texts {")[1].split("\n}")[0]
    assert set(re.findall(r"^  (\w+): ", typed, re.MULTILINE)) == set(texts("en"))


def test_of_what_changed_no_word_the_dialog_says_what_the_pages_and_the_commands_do() -> None:
    """A bold word, a comma, a link that leads elsewhere, another id: no more can be said of all of these."""
    pages = templates.environment().get_template("inforce/_parts.html").module.kinds
    assert texts("en")["formatted"] == pages["formatted"] == said_of(["formatted"]) == "no word changed"


@pytest.mark.parametrize("name", BUDGETS)
def test_what_a_customer_loads_stays_small(name: str) -> None:
    assert len(gzip.compress((BUILT / name).read_bytes(), 9)) <= BUDGETS[name]


def test_the_built_files_are_made_of_these_sources(tmp_path: Path) -> None:
    command = [programs.NODE.path(), FOLDER.parent / "build.js", tmp_path]
    subprocess.run(command, check=True)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in BUILT.iterdir()}


def test_the_one_script_leaves_no_name_in_a_page() -> None:
    """It is no module: what it declared on the outside would be a name of the shop's page, too."""
    text = (BUILT / "policy-review.js").read_text(encoding="utf-8")
    assert re.fullmatch(r"\(\(\)=>\{.*\}\)\(\);\n//# sourceMappingURL=policy-review\.js\.map\n", text, re.DOTALL)


def test_a_source_map_leads_to_the_sources_that_the_site_publishes_beside_it() -> None:
    for path in BUILT.glob("*.map"):
        sources = json.loads(path.read_text(encoding="utf-8"))["sources"]
        assert sources
        assert all((FOLDER / source).is_file() for source in sources)
