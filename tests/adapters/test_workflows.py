"""The shipped workflows' own commands, run as GitHub runs them: with bash, one step after the other, in a clone.

`gh` is a stand-in that notes what it is asked, and `python` one that installs nothing: `inforce` and `mkdocs` are those
of this environment, see `ready`. What this repository runs itself differs from what is shipped by the set-up alone.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from adapters import ready
from adapters.commands import CALL, terminal
from adapters.projects import write_site
from adapters.repositories import TestRepository, run
from inforce import __version__
from inforce.adapters.command.new import PRE_COMMIT, WORKFLOWS, workflow_files
from inforce.adapters.command.rehearse import MARK

OURS = Path(__file__).resolve().parents[2] / ".github" / "workflows"
HOOKS = OURS.parents[1] / ".pre-commit-hooks.yaml"
SHIPPED = {name: data.decode() for name, data in workflow_files(["Asia/Shanghai"]).items()}
INSTALL = "python -m pip install --requirement requirements.txt"
SET_UP = 'make environment && echo "$PWD/.venv/bin" >>"$GITHUB_PATH"'
PYTHON = """#!/bin/sh
[ "$*" = "-m pip install --requirement requirements.txt" ] && [ -f requirements.txt ]
"""
NOTED = f'---\nseverity: "notice"\nnote: "You can call us."\n---\n{CALL}\n'
GH = """#!/usr/bin/env bash
printf '%s\\n' "$(printf '%s\\t' "$@")" >>"$GH_LOG"
if [[ $1 == api && $* == *--paginate* && -n ${GH_FORMER-} ]]; then echo "$GH_FORMER"; fi
"""


class Runner:
    """A clone on a runner, and what its steps have done."""

    def __init__(self, folder: Path, origin: Path, branch: str = "main") -> None:
        self.root = folder / "checkout"
        subprocess.run(["git", "clone", "--quiet", "--branch", branch, origin, self.root], check=True)
        tools = folder / "bin"
        tools.mkdir()
        for name, script in {"gh": GH, "python": PYTHON}.items():
            (tools / name).write_text(script)
            (tools / name).chmod(0o755)
        (self.root / ".git" / "info" / "exclude").write_text("/rehearsal.*\n")
        self.log, self.summary = folder / "gh.log", folder / "summary.md"
        self.environment = {
            **{name: value for name, value in os.environ.items() if "_COMMITTER_" not in name},
            "PATH": f"{tools}:{os.environ['PATH']}",
            "GH_LOG": str(self.log),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_REPOSITORY": "shop/policies",
            "GITHUB_ACTOR": "ada",
            "GITHUB_ACTOR_ID": "7",
        }

    def steps(self, workflow: str, **inputs: str) -> tuple[int, str]:
        """Run the steps of a workflow's only job, as far as they go; how it ended, and what it printed."""
        text = SHIPPED[f".github/workflows/{workflow}.yml"]
        [job] = [job for name, job in yaml.load(text, Loader=yaml.BaseLoader)["jobs"].items() if name != "deploy"]
        said = ""
        for step in job["steps"]:
            if "run" not in step:
                continue
            given = {key: self.given(value, inputs) for key, value in step.get("env", {}).items()}
            command = ["bash", "-e", "-c", step["run"]]
            done = subprocess.run(
                command, cwd=self.root, env={**self.environment, **given}, capture_output=True, text=True, check=False
            )
            said += done.stdout + done.stderr
            if done.returncode:
                return done.returncode, said
        return 0, said

    def given(self, expression: str, inputs: dict[str, str]) -> str:
        name = expression.removeprefix("${{ ").removesuffix(" }}")
        known = {"github.token": "token", "github.ref_name": "main", "github.event.pull_request.number": "12"}
        return inputs.get(name.removeprefix("inputs."), "") if name.startswith("inputs.") else known[name]

    @property
    def asked(self) -> list[list[str]]:
        """What `gh` was asked, call by call."""
        lines = self.log.read_text().splitlines() if self.log.is_file() else []
        return [line.rstrip("\t").split("\t") for line in lines]


@pytest.fixture(scope="module", autouse=True)
def programs() -> Iterator[None]:
    with ready.programs() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(folder), prepend=os.pathsep)
        yield


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company's bare repository: 1.0 on `main` and `published`, and a graded change on `main` alone."""
    folder = tmp_path_factory.mktemp("company")
    project = terminal(folder / "work")
    write_site(project.root)
    project.run("workflows")
    project.now = datetime.now(UTC) - timedelta(days=2)
    project.release()
    repository = TestRepository(project.root)
    (project.root / ".gitignore").write_text("site/\n", encoding="utf-8")
    repository.commit({}, "Release 1.0")
    repository.git("branch", "published")
    next_yml = 'summary: "You can call us."\n'
    repository.commit({"policy/privacy/contact.md": NOTED, "policy/privacy/next.yml": next_yml}, "Call us")
    bare = folder / "origin.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", project.root, bare], check=True)
    return bare


@pytest.fixture
def origin(tmp_path: Path, company: Path) -> Path:
    return shutil.copytree(company, tmp_path / "origin.git")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory, company: Path) -> tuple[Path, Runner, int, str]:
    """The same with what the form released on a branch of its own: the runner, how it ended, and what it printed."""
    folder = tmp_path_factory.mktemp("released")
    origin = shutil.copytree(company, folder / "origin.git")
    runner = Runner(folder, origin)
    return origin, runner, *runner.steps("release", document="privacy", effective=later(9))


@pytest.fixture
def pending(tmp_path: Path, released: tuple[Path, Runner, int, str]) -> Path:
    """The company's repository with that branch."""
    return shutil.copytree(released[0], tmp_path / "origin.git")


def later(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def test_a_form_releases_a_version_on_a_branch_of_its_own(released):
    origin, runner, status, said = released
    assert status == 0, said
    assert "Nothing published was touched" in said
    assert "versions/privacy/1.1.md" in run(origin, "ls-tree", "-r", "--name-only", "release/privacy-1.1")
    commit = run(origin, "log", "-1", "--format=%s|%an|%cn", "release/privacy-1.1")
    assert commit == "Release privacy 1.1|ada|github-actions[bot]"
    assert run(origin, "diff", "--name-only", "main", "release/privacy-1.1").splitlines() == [
        "policy/privacy/contact.md",
        "policy/privacy/next.yml",
        "versions/privacy/1.1.md",
    ]
    credentials, call = runner.asked
    assert credentials == ["auth", "setup-git"]
    assert call[:2] == ["pr", "create"]
    assert call[call.index("--head") + 1] == "release/privacy-1.1"
    assert call[call.index("--title") + 1] == "Release privacy 1.1"
    assert "Shop Privacy: 1.0 to 1.1" in (runner.root / "rehearsal.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"document": "privcy", "effective": "today"}, "Did you mean `privacy`?"),
        ({"document": "privacy", "effective": "soon"}, "'soon' is not a day"),
        ({"document": "privacy", "effective": later(2)}, "needs 7 days of notice and would get"),
        ({"document": "$(touch hacked)", "effective": "today"}, "There is no policy"),
    ],
)
def test_what_cannot_be_released_is_said_and_nothing_is_pushed(tmp_path, origin, given, told):
    runner = Runner(tmp_path, origin)
    status, said = runner.steps("release", **given)
    assert status != 0
    assert told in said
    assert run(origin, "branch", "--list", "release/*") == ""
    assert runner.asked == []
    assert not (runner.root / "hacked").exists()


def test_the_reason_and_the_summary_of_the_form_go_into_the_version(tmp_path, origin):
    runner = Runner(tmp_path, origin)
    words = {"summary": 'Call "us".', "waive_notice": "Nobody could write."}
    status, said = runner.steps("release", document="privacy", effective="today", **words)
    assert status == 0, said
    released = run(origin, "show", "release/privacy-1.1:versions/privacy/1.1.md")
    assert 'summary: "Call \\"us\\"."' in released
    assert 'notice_waived: "Nobody could write."' in released


def test_a_release_whose_review_took_long_is_dated_anew(tmp_path, pending):
    runner = Runner(tmp_path, pending, "release/privacy-1.1")
    status, said = runner.steps("refresh", branch="release/privacy-1.1", document="privacy", effective=later(20))
    assert status == 0, said
    assert later(20) in run(pending, "show", "release/privacy-1.1:versions/privacy/1.1.md")
    assert [call[:3] for call in runner.asked] == [["auth", "setup-git"], ["pr", "edit", "release/privacy-1.1"]]


WITHDRAW, ERRATUM, END, GO_ON = (
    "withdraw an announced version",
    "note an erratum beside a version",
    "end the policy",
    "take an announced end back",
)
EVENTS = (
    ({"what": ERRATUM, "words": "Read: two.", "version": "1.0", "clause": "cookies"}, "erratum", "beside privacy 1.0"),
    ({"what": END, "words": "We close.", "effective": later(400)}, "retire", "End privacy"),
    ({"what": GO_ON, "words": "We stay."}, "withdraw", "Take the end of privacy back"),
)


def test_a_form_writes_each_event_on_a_branch_of_its_own(tmp_path, origin):
    """One after the other, each merged before the next."""
    for number, (given, kind, title) in enumerate(EVENTS, 1):
        (place := tmp_path / str(number)).mkdir()
        runner = Runner(place, origin)
        status, said = runner.steps("event", document="privacy", **given)
        assert status == 0, said
        branch, path = f"event/privacy-{number}", f"versions/privacy/events/{number}.yml"
        assert run(origin, "diff", "--name-only", "main", branch).splitlines() == [path]
        event = yaml.safe_load(run(origin, "show", f"{branch}:{path}"))
        assert (event["event"], event["reason"]) == (kind, given["words"])
        assert run(origin, "log", "-1", "--format=%s|%an", branch).endswith(f"{title}|ada")
        assert runner.asked[-1][:4] == ["pr", "create", "--base", "main"]
        run(origin, "branch", "--force", "main", branch)


def test_a_form_withdraws_an_announced_version(tmp_path, pending):
    run(pending, "branch", "--force", "main", "release/privacy-1.1")
    runner = Runner(tmp_path, pending)
    status, said = runner.steps("event", what=WITHDRAW, document="privacy", words="Too early.", version="1.1")
    assert status == 0, said
    assert run(pending, "log", "-1", "--format=%s", "event/privacy-1") == "Withdraw privacy 1.1"


IMPOSSIBLE = (
    ({"what": WITHDRAW}, "1.0 took effect"),
    ({"what": WITHDRAW, "clause": "cookies"}, "No such option"),
    ({"what": ERRATUM}, "Missing argument 'VERSION'"),
    ({"what": END}, "No day is given on which it ends"),
    ({"what": END, "effective": "today"}, "days of notice"),
    ({"what": GO_ON, "effective": "today"}, "With --withdraw, give --reason alone"),
    ({"what": GO_ON, "document": "--help"}, "There is no policy"),
    ({"what": "anything else"}, "There is no such event"),
)


def test_an_event_that_cannot_be_is_said_and_nothing_is_pushed(tmp_path, origin):
    runner = Runner(tmp_path, origin)
    for given, told in IMPOSSIBLE:
        status, said = runner.steps("event", **{"document": "privacy", "words": "Words.", **given})
        assert status != 0, given
        assert told in said
    assert run(origin, "branch", "--list", "event/*") == ""
    assert run(runner.root, "status", "--porcelain") == ""
    assert runner.asked == []


def test_what_an_editor_chooses_is_what_the_form_offers() -> None:
    form = yaml.load(SHIPPED[".github/workflows/event.yml"], Loader=yaml.BaseLoader)
    assert form["on"]["workflow_dispatch"]["inputs"]["what"]["options"] == [WITHDRAW, ERRATUM, END, GO_ON]


@pytest.mark.parametrize(("former", "method"), [("", "POST"), ("41\n42", "PATCH")])
def test_a_pull_request_gets_one_comment_brought_up_to_date_in_place(tmp_path, origin, former, method):
    runner = Runner(tmp_path, origin)
    runner.environment["GH_FORMER"] = former
    status, said = runner.steps("rehearse")
    assert status == 0, said
    call = runner.asked[-1]
    target = "repos/shop/policies/issues/comments/41" if former else "repos/shop/policies/issues/12/comments"
    assert call == ["api", "--method", method, target, "--field", "body=@rehearsal.md"]
    assert "Shop Privacy: 1.0 to 1.1" in runner.summary.read_text(encoding="utf-8")
    assert "<table" in (runner.root / "rehearsal.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("workflow", ["pull-request", "publish"])
def test_what_is_sound_is_checked_guarded_and_built(tmp_path, origin, workflow):
    runner = Runner(tmp_path, origin)
    status, said = runner.steps(workflow)
    assert status == 0, said
    assert "Nothing published was touched" in said
    assert (runner.root / "site/privacy/1.0/index.html").is_file()


@pytest.mark.parametrize("workflow", ["pull-request", "publish"])
def test_what_touches_the_published_is_refused(tmp_path, origin, workflow):
    runner = Runner(tmp_path, origin)
    (runner.root / "versions/privacy/1.0.md").write_text("touched\n")
    status, said = runner.steps(workflow)
    assert status == 1
    assert "versions/privacy/1.0.md" in said
    assert not (runner.root / "site").exists()


def test_this_repository_runs_what_is_shipped_but_for_the_set_up() -> None:
    for name, text in SHIPPED.items():
        if name.startswith(WORKFLOWS):
            ours = (OURS / Path(name).name).read_text(encoding="utf-8")
            assert ours == text.replace(INSTALL, SET_UP), f"{name} differs from plugins/inforce/assets/workflows"
            assert text.count(INSTALL) == 1


def test_what_is_shipped_needs_nothing_of_this_repository() -> None:
    for name, text in SHIPPED.items():
        assert not re.search(r"\bmake\b (?!sure)|\.venv|\.ci/|scripts/|docs/", text), name


def test_the_comment_is_found_by_the_mark_it_begins_with() -> None:
    text = SHIPPED[".github/workflows/rehearse.yml"]
    assert f"startswith({json.dumps(MARK)})" in text


def hooks() -> list[dict[str, Any]]:
    return yaml.safe_load(HOOKS.read_text(encoding="utf-8"))


def test_the_hooks_that_are_shipped_are_those_of_this_repository_and_pinned() -> None:
    [local] = yaml.safe_load(SHIPPED[PRE_COMMIT])["repos"]
    pinned = [hook.pop("additional_dependencies") for hook in local["hooks"]]
    assert local == {"repo": "local", "hooks": hooks()}
    assert pinned == [[f"inforce=={__version__}"]] * 2


def test_each_hook_of_pre_commit_runs_and_refuses(tmp_path, origin):
    runner = Runner(tmp_path, origin)
    for hook in hooks():
        assert (hook["language"], hook["pass_filenames"]) == ("python", False)
        assert hook["entry"].split()[0] == "inforce"
        command = [str(Path(sys.prefix) / "bin" / "inforce"), *hook["entry"].split()[1:]]
        assert subprocess.run(command, cwd=runner.root, capture_output=True, check=False).returncode == 0
    (runner.root / "versions/privacy/1.0.md").write_text("touched\n")
    for hook in hooks():
        command = [str(Path(sys.prefix) / "bin" / "inforce"), *hook["entry"].split()[1:]]
        assert subprocess.run(command, cwd=runner.root, capture_output=True, check=False).returncode == 1
