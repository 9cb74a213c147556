"""The command line for tests: run in this process, on a project in a folder, with a clock that the test sets."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from adapters import repositories
from adapters.projects import edit, write_policy
from adapters.repositories import TestRepository
from inforce.adapters import files
from inforce.adapters.command import main
from inforce.adapters.command.session import Environment

ATTRIBUTES = "versions/** -text -filter -ident\npolicy/**/*.md text eol=lf\npolicy/**/*.yml text eol=lf\n"
IGNORED = "site/\n.cache/\n.*.inforce\n"
MORE = "## Cookies\n\nWe set **three** cookies.\n\n- one for the basket\n- one for the language"
CALL = "## Contact\n\nCall us. See [cookies](#cookies)."


@dataclass
class Terminal:
    """A folder, a clock and somebody, or nobody, at the terminal."""

    root: Path
    now: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def run(self, *arguments: str, answers: str | None = None, status: int = 0) -> Result:
        """Run the command; with ``answers`` somebody types them. Fails unless it ends with ``status``."""
        around = Environment(lambda: self.now, answers is not None)
        command = ["--directory", str(self.root), *arguments]
        result = CliRunner().invoke(main, command, obj=around, input=answers)
        assert result.exit_code == status, result.output
        assert "Traceback" not in result.output
        return result

    def json(self, *arguments: str, status: int = 0) -> Any:
        """What the command prints as JSON."""
        return json.loads(self.run(*arguments, "--format", "json", status=status).stdout)

    def refused(self, *arguments: str) -> list[str]:
        """The lines of a refusal; nothing on disk may have changed."""
        before = self.files()
        result = self.run(*arguments, status=1)
        assert self.files() == before
        return result.stderr.splitlines()

    def files(self) -> dict[str, bytes]:
        """Everything below policy/ and versions/."""
        return files.read(self.root)

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    def edit(self, clause: str, text: str) -> None:
        """Replace a clause's file."""
        edit(self.root, clause, text)

    def release(self, *arguments: str) -> Result:
        """Release the draft as of today."""
        return self.run("release", "privacy", "--summary", "A summary.", "--effective", "today", *arguments)


def terminal(root: Path) -> Terminal:
    """A policy that was never released, in no repository."""
    write_policy(root)
    (root / ".gitattributes").write_text(ATTRIBUTES, encoding="utf-8")
    return Terminal(root)


def released(root: Path) -> Terminal:
    """1.0 is in force since 2 March 2026, 10:00 in Berlin; the draft is the same."""
    return _copied(_released, root)


def announced(root: Path) -> Terminal:
    """1.0 is in force, and 2.0 takes effect on 1 May 2026."""
    return _copied(_announced, root)


def _released(root: Path) -> Terminal:
    found = terminal(root)
    found.release()
    return found


def _announced(root: Path) -> Terminal:
    found = _released(root)
    found.edit("cookies", MORE)
    options = ("--severity", "cookies=material", "--note", "cookies=One more cookie.")
    found.wait(hours=1)
    found.run("release", "privacy", "--summary", "More cookies.", "--effective", "2026-05-01", *options)
    return found


def _copied(make: Callable[[Path], Terminal], root: Path) -> Terminal:
    made, now = _made(make)
    repositories.write(root, made)
    return Terminal(root, now)


@cache
def _made(make: Callable[[Path], Terminal]) -> tuple[dict[str, bytes], datetime]:
    """What a project holds that was released in, whichever folder it is in, and the instant there."""
    with tempfile.TemporaryDirectory() as folder:
        found = make(Path(folder))
        paths = (path for path in found.root.rglob("*") if path.is_file())
        return {path.relative_to(found.root).as_posix(): path.read_bytes() for path in paths}, found.now


def committed(found: Terminal, subject: str = "Edit") -> TestRepository:
    """The project in a repository of its own, all of it committed."""
    repository = TestRepository(found.root)
    repository.commit({}, subject)
    return repository
