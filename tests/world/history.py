"""A project on disk that lives through a history, and that history as text: printed, read, and lived again.

A history is a list of steps, one a line: the instant (UTC), then what was done as a shell would write it. Besides
``inforce`` and ``git`` there are ``write PATH TEXT``, ``replace PATH OLD NEW`` and ``delete PATH`` for what an editor
does by hand. In a word, ``\\n`` is a line's end. A history that failed is kept in ``histories/``
as it is printed, below a line ``# …`` that says what it is about.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml
from click.testing import CliRunner, Result

from inforce.adapters.command import main
from inforce.adapters.command.session import Environment

DOCUMENT = "privacy"
SETTINGS = f"policy/{DOCUMENT}/policy.yml"
ADDRESS = "https://shop.example/"
BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REFUSED = "  # refused"
FOLDERS = ("policy", "versions")

START = {
    ".gitattributes": "versions/** -text -filter -ident\npolicy/**/*.md text eol=lf\npolicy/**/*.yml text eol=lf\n",
    ".gitignore": "/site/\n/theme/\n",
    "mkdocs.yml": (
        f"site_name: Shop\nsite_url: {ADDRESS}\ntheme: {{name: null, custom_dir: theme}}\n"
        "plugins: [search, inforce]\nnav: [index.md]\n"
    ),
    "docs/index.md": "# Shop\n",
    "theme/main.html": (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ page.title }}</title></head>'
        "<body><h1>{{ config.site_name }}</h1>{{ page.content }}</body></html>"
    ),
    SETTINGS: (
        'title: "Shop Privacy"\nkind: "privacy-policy"\nrequires: "acknowledge"\nlanguage: "en"\n'
        'timezone: "Europe/Berlin"\nnotice_days: {material: "30", notice: "7", editorial: "0"}\n'
        'contact: "mailto:privacy@shop.example"\nclauses: ["preamble", "cookies", "contact", "rights"]\n'
        'checks: {changes-told: "off", not-editorial: "off"}\n'
    ),
    f"policy/{DOCUMENT}/preamble.md": "This shop explains what it does with data.\n",
    f"policy/{DOCUMENT}/cookies.md": (
        "## Cookies\n\nWe set **two** cookies.\n\n- one for the basket\n- one for the language\n"
    ),
    f"policy/{DOCUMENT}/contact.md": "## Contact\n\nWe don't call. See [cookies](#cookies).\n\nWrite to us.\n",
    f"policy/{DOCUMENT}/rights.md": (
        "## Rights\n\nWe tell names addresses and mails.\n\n### Calls\n\nWe keep calls for six years.\n"
    ),
}
"""The project that every history begins with: a policy that was never released, and a site without a theme."""


class BrokenHistoryError(AssertionError):
    """A command ended as no command may: with a traceback, or refused and yet with changes on disk."""


@dataclass
class World:
    """A project in a folder, the instant that it is there, and the steps that led here."""

    root: Path
    now: datetime = BEGIN
    steps: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name, text in START.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    # What happens

    def wait(self, **time: float) -> None:
        """Let time pass; the next step is that much later."""
        self.now += timedelta(**time)

    def inforce(self, *words: str, step: bool = True) -> Result:
        """Run the command; it may refuse, which must leave everything as it was. A look is no ``step``."""
        before = self.files()
        command = ["--directory", str(self.root), *words]
        if step:
            self._note("inforce", *words)
        result = CliRunner().invoke(main, command, obj=Environment(lambda: self.now, False))
        if result.exit_code not in (0, 1) or "a fault of inforce itself" in result.output:
            raise self._broken(words, f"\n{result.output}{result.exception or ''}")
        if result.exit_code == 1 and self.files() != before:
            raise self._broken(words, f" was refused, and changed files\n{result.output}")
        if step and result.exit_code == 1:
            self.steps[-1] += REFUSED
        return result

    def _broken(self, words: tuple[str, ...], what: str) -> BrokenHistoryError:
        return BrokenHistoryError(f"inforce {shlex.join(words)}{what}\n\nThe history:\n{self.told()}")

    def git(self, *words: str) -> int:
        """Run git at this instant; its exit status."""
        self._note("git", *words)
        instant = self.now.isoformat()
        environment = {**os.environ, "GIT_AUTHOR_DATE": instant, "GIT_COMMITTER_DATE": instant}
        command = ["git", "-C", str(self.root), "-c", "commit.gpgsign=false", "-c", "gc.auto=0", *words]
        return subprocess.run(command, capture_output=True, env=environment, check=False).returncode

    def write(self, path: str, text: str) -> None:
        """Write a file."""
        self._note("write", path, text)
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def replace(self, path: str, old: str, new: str) -> None:
        """Replace ``old``, which must be there, once."""
        self._note("replace", path, old, new)
        target = self.root / path
        text = target.read_text(encoding="utf-8")
        assert old in text, f"{path} does not hold {old!r}"
        target.write_text(text.replace(old, new, 1), encoding="utf-8")

    def delete(self, path: str) -> None:
        """Delete a file or a folder."""
        self._note("delete", path)
        target = self.root / path
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink()

    # The history as text

    def _note(self, *words: str) -> None:
        escaped = [word.replace("\\", "\\\\").replace("\n", "\\n") for word in words]
        self.steps.append(f"{self.now:%Y-%m-%d %H:%M}  {shlex.join(escaped)}")

    def live(self, history: str) -> None:
        """Live through a history as it was printed; what it does not mark as refused has to be accepted."""
        for line in history.splitlines():
            if not line or line.startswith("#"):
                continue
            before = len(self.steps)
            instant, program, *words = line[:16], *map(_unescaped, shlex.split(line[16:], comments=True))
            self.now = datetime.strptime(instant, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
            {
                "inforce": self.inforce,
                "git": self.git,
                "write": self.write,
                "replace": self.replace,
                "delete": self.delete,
            }[program](*words)
            if self.steps[before].endswith(REFUSED) and "refused" not in line:
                raise BrokenHistoryError(f"This is refused today: {line}")

    def told(self) -> str:
        """The whole history."""
        return "\n".join(self.steps)

    # What is there

    def files(self) -> dict[str, bytes]:
        """Everything below policy/ and versions/."""
        found = (path for folder in FOLDERS for path in (self.root / folder).rglob("*") if path.is_file())
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in found}

    def settings(self) -> dict[str, object]:
        """What policy.yml says."""
        loaded = yaml.safe_load((self.root / SETTINGS).read_text(encoding="utf-8"))
        assert isinstance(loaded, dict)
        return loaded

    def clauses(self) -> list[str]:
        """The ids of the draft's clauses, in order."""
        listed = self.settings()["clauses"]
        assert isinstance(listed, list)
        return listed

    def clause(self, name: str) -> tuple[str, str]:
        """A clause's front matter, dashes included or empty, and its text."""
        text = (self.root / f"policy/{DOCUMENT}/{name}.md").read_text(encoding="utf-8")
        found = re.match(r"---\n.*?\n---\n", text, re.DOTALL)
        return (found[0], text[found.end() :]) if found else ("", text)


def _unescaped(word: str) -> str:
    return re.sub(r"\\(n|\\)", lambda found: "\n" if found[1] == "n" else "\\", word)
