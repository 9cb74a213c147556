"""The command line as a whole: usage, help, faults, the end of a pipe."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from adapters.commands import Terminal, announced, terminal
from adapters.projects import write_policy
from inforce.adapters.command import main
from patience import PATIENCE


def test_an_empty_folder_is_told_how_to_begin(tmp_path):
    [line] = Terminal(tmp_path).run("status", status=1).stderr.splitlines()
    assert "There is no policy/ and no versions/ here or above" in line
    (tmp_path / "policy").mkdir()
    assert "There is no policy here yet" in Terminal(tmp_path).run("status").stderr
    [line] = Terminal(tmp_path).run("redline", status=1).stderr.splitlines()
    assert "There is no policy here yet" in line


def test_it_works_from_any_folder_of_the_project(tmp_path):
    project = announced(tmp_path)
    below = Terminal(tmp_path / "policy" / "privacy", project.now)
    assert below.run("status").stdout == project.run("status").stdout


def test_a_misspelt_command_is_recognised(tmp_path):
    assert "Did you mean 'status'?" in Terminal(tmp_path).run("statsu", status=2).stderr


def commands(group: click.Group) -> dict[str, click.Command]:
    context = click.Context(group)
    found = (group.resolve_command(context, [name]) for name in group.list_commands(context))
    return {name: command for name, command, _ in found if name and command}


def every(group: click.Group, *above: str) -> Iterator[tuple[str, ...]]:
    for name, command in commands(group).items():
        yield (*above, name)
        if isinstance(command, click.Group):
            yield from every(command, *above, name)


@pytest.mark.parametrize("names", list(every(main)), ids=" ".join)
def test_every_command_has_an_example_that_it_understands(names):
    said = CliRunner().invoke(main, [*names, "--help"]).output
    examples = re.split(r"Examples?:\n", said)[1].strip().splitlines()
    for example in examples:
        words = shlex.split(re.split(r" [|>] ", example)[0])
        assert words[: len(names) + 1] == ["inforce", *names]
        command: click.Command = main
        words = words[1:]
        while isinstance(command, click.Group):
            command = commands(command)[words.pop(0)]
        with command.make_context(names[-1], words) as context:
            assert context.params or not command.params


DAYS = (
    "0001-01-01",
    "1899-12-31",
    "9999-12-31",
    "9999-12-31T23:00:00-12:00",
    "0001-01-01T00:00:00+14:00",
    "２０２６-01-01",
)
DATED = (
    ("show", "privacy", "--on"),
    ("rehearse", "privacy", "--effective"),
    ("release", "privacy", "--dry-run", "--summary", "S.", "--effective"),
    ("release", "privacy", "--dry-run", "--summary", "S.", "--imported-from", "A shop.", "--announced"),
)


@pytest.mark.parametrize("words", DATED, ids=lambda words: words[0])
def test_a_day_beyond_all_reason_is_wrong_usage_wherever_it_stands(tmp_path, words):
    project = announced(tmp_path)
    for day in DAYS:
        assert f"Invalid value for '{words[-1]}'" in project.run(*words, day, status=2).stderr


@pytest.mark.parametrize("command", ["status", "check", "rehearse", "verify"])
def test_what_looks_at_every_policy_looks_at_one_by_name(tmp_path, command):
    project = announced(tmp_path)
    write_policy(tmp_path, document="terms")
    assert "terms" in (whole := project.run(command)).stdout + whole.stderr or command == "verify"
    alone = project.run(command, "privacy")
    assert "terms" not in alone.stdout + alone.stderr
    assert "There is no policy `nope`" in project.run(command, "nope", status=1).stderr


def test_verify_of_one_policy_leaves_out_what_is_wrong_in_another(tmp_path):
    project = announced(tmp_path)
    write_policy(tmp_path, document="terms")
    project.run("release", "terms", "--summary", "S.", "--effective", "today", "--yes")
    (tmp_path / "versions/terms/1.0.md").write_text("spoilt", encoding="utf-8")
    assert "versions/terms/1.0.md" in project.run("verify", status=1).stdout
    assert "terms" not in project.run("verify", "privacy").stdout
    assert "Give DOC or --receipt, not both." in project.run("verify", "privacy", "--receipt", "a", status=2).stderr


@pytest.mark.parametrize("words", ["redline a.md b.md", "verify --receipt a.md", "import a.md --as b"])
def test_a_named_file_that_cannot_be_read_is_a_line_with_its_cure(tmp_path, words):
    [line] = announced(tmp_path).run(*words.split(), status=1).stderr.splitlines()
    assert re.fullmatch(r"a\.md: error: It cannot be read \(No such file or directory\)\. (Name|Give) .*\.", line)


@pytest.mark.parametrize("folder", [".", "/", "policy"])
@pytest.mark.parametrize("words", [["manifest", "-o"], ["rehearse", "-o"], ["redline", "--docx"]])
def test_a_folder_in_the_place_of_a_file_is_left_alone(tmp_path, monkeypatch, words, folder):
    project = announced(tmp_path)
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    result = project.run(*words, folder, status=2 if "--docx" in words else 1)
    assert f"'{folder}' is a directory" in result.stderr or ": error: This is a folder." in result.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_the_help_names_the_commands_in_the_order_of_the_work():
    said = CliRunner().invoke(main, []).output
    names = re.findall(r"^  (\w+) {2,}\S", said[said.index("Commands:") :], re.MULTILINE)
    assert names == list(commands(main))
    assert names[0] == "status"


def test_the_help_says_of_a_command_what_the_command_says_of_itself():
    said = CliRunner().invoke(main, [], terminal_width=200, max_content_width=200).output
    for name, command in commands(main).items():
        assert re.search(rf"^  {name} +{re.escape(command.get_short_help_str(200))}$", said, re.MULTILINE)


HEAVY = {"babel", "bs4", "feedgenerator", "html5lib", "icu4py", "jinja2", "lxml", "markdown_it", "mkdocs"}
"""What takes long to import."""


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        ("--help", set()),
        ("--version", set()),
        ("status", {"lxml", "markdown_it"}),
        ("check", {"lxml", "markdown_it"}),
        ("build", {"feedgenerator", "jinja2", "lxml", "markdown_it"}),
    ],
)
def test_a_command_imports_what_it_needs(tmp_path, words, needed):
    announced(tmp_path)
    script = (
        "import sys; from inforce.adapters.command import main; main(sys.argv[1:], standalone_mode=False);"
        "print(); print(*sys.modules)"
    )
    call = [sys.executable, "-c", script, words]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=PATIENCE)
    modules = {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}
    assert modules & HEAVY <= needed
    assert needed or "inforce.model" not in done.stdout.split()


def test_the_version_is_told():
    assert re.fullmatch(r"inforce \d+\.\d+\.\d+\n", CliRunner().invoke(main, ["--version"]).output)


def test_a_fault_is_a_line(tmp_path, monkeypatch):
    def broken(*_: object) -> None:
        raise KeyError("a bug\nin two lines")

    monkeypatch.setattr("inforce.ledger.timeline.in_force", broken)
    [line] = announced(tmp_path).run("status", status=1).stderr.splitlines()
    assert line.startswith("This is a fault of inforce itself (KeyError: ")


def test_what_cannot_be_read_is_a_line(tmp_path, monkeypatch):
    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error", "policy")

    project = terminal(tmp_path)
    monkeypatch.setattr("inforce.adapters.files.read", broken)
    assert project.run("status", status=1).stderr == "policy: Input/output error. Nothing else was done.\n"


def test_an_interruption_is_a_line(tmp_path, monkeypatch):
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    project = terminal(tmp_path)
    monkeypatch.setattr("inforce.adapters.files.read", interrupted)
    assert project.run("status", status=1).stderr.split() == ["Aborted!"]


@pytest.mark.parametrize(
    "words",
    [
        ("retire", "privacy", "--reason", "caf\udce9"),
        ("release", "privacy", "--summary", "caf\udce9"),
        ("build", "--site-name", "caf\udce9"),
        ("report", "caf\udce9"),
    ],
)
def test_words_that_are_no_utf_8_are_refused(words, tmp_path):
    said = terminal(tmp_path).run(*words, status=2).stderr
    assert "'caf\\udce9' is not UTF-8." in said
