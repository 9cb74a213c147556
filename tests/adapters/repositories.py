"""Real git repositories for tests, made of dicts: path -> contents, one dict a commit.

Commits are an hour apart from 2026-01-01 00:00 UTC on, so that what git says of them can be written down.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

ADA = "Ada Editor <ada@policies.example>"
START = datetime(2026, 1, 1, tzinfo=UTC)

V10, V11, V20 = (f"versions/privacy/{number}.md" for number in ("1.0", "1.1", "2.0"))
CONTACT = "policy/privacy/contact.md"
NOTED = '---\nseverity: "notice"\nnote: "New address."\n---\n'

Contents = Mapping[str, str | bytes | None]
"""Path -> contents; None deletes."""


def run(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """What git prints in ``folder``, without the last line's end; fails with git's words."""
    command = ["git", "-C", str(folder), "-c", "commit.gpgsign=false", *arguments]
    done = subprocess.run(command, capture_output=True, env={**os.environ, **(environment or {})}, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().rstrip("\n")


def write(folder: Path, contents: Contents) -> None:
    """Put ``contents`` below ``folder``."""
    for name, content in contents.items():
        path = folder / name
        if content is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)


class TestRepository:
    """A repository with a working tree at ``root``."""

    __test__ = False

    def __init__(self, root: Path, *init: str) -> None:
        root.mkdir(parents=True, exist_ok=True)
        run(root, "init", "--quiet", "--initial-branch=main", *init)
        self.root = root
        self.commits = 0

    def git(self, *arguments: str) -> str:
        """Run git here, at the next hour."""
        environment = {}
        for role in ("AUTHOR", "COMMITTER"):
            environment[f"GIT_{role}_DATE"] = (START + timedelta(hours=self.commits)).isoformat()
        return run(self.root, *arguments, environment=environment)

    def commit(self, contents: Contents, subject: str = "Edit", author: str = ADA) -> str:
        """Write ``contents`` and commit everything; the commit's id."""
        write(self.root, contents)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", subject, "--author", author)
        return self.tick()

    def merge(self, branch: str, *options: str) -> str:
        """Merge ``branch`` with a merge commit; its id."""
        self.git("merge", "--quiet", "--no-ff", "--message", f"Merge {branch}", *options, branch)
        return self.tick()

    def tick(self) -> str:
        """Let an hour pass; HEAD's id."""
        self.commits += 1
        return run(self.root, "rev-parse", "HEAD")

    def branch(self, name: str, start: str = "HEAD") -> None:
        """Go to a new branch."""
        self.git("checkout", "--quiet", "-b", name, start)

    def checkout(self, name: str) -> None:
        """Go to ``name``."""
        self.git("checkout", "--quiet", name)

    def clone(self, folder: Path, *options: str) -> Path:
        """A clone over the file protocol, which can be shallow."""
        subprocess.run(["git", "clone", "--quiet", *options, self.root.as_uri(), str(folder)], check=True)
        return folder


def commits(root: Path, *contents: Contents) -> tuple[TestRepository, list[str]]:
    """A repository with one commit for each of ``contents``, and their ids."""
    repository = TestRepository(root)
    return repository, [repository.commit(content, f"Commit {n}") for n, content in enumerate(contents, 1)]


def two_releases(root: Path) -> TestRepository:
    """Versions 1.0 and 1.1 on main, the note on 1.1's one change taken out by the release; both published locally."""
    repository, _ = commits(
        root,
        {"README.md": "Hello\n"},
        {CONTACT: "## Contact\n\nWrite.\n", V10: "one\n"},
        {CONTACT: NOTED + "## Contact\n\nCall.\n"},
        {CONTACT: "## Contact\n\nCall.\n", V11: "two\n"},
    )
    repository.git("branch", "published")
    return repository
