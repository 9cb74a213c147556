"""Runs the terminal sessions that the help shows, and puts what the commands print into the pages.

    python scripts/sessions.py           writes the pages that have become stale
    python scripts/sessions.py --check   names them instead, and fails

A session is all the ``console`` blocks of a page, one after the other in one empty folder. A line that begins with
``$`` is a command; what follows is what it printed. ``inforce`` runs as it is, by a clock that begins at the same hour
each time; any other command runs in bash.
"""

import re
import shlex
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner

from inforce.adapters.command import main as inforce
from inforce.adapters.command.session import Environment

PAGES = Path(__file__).resolve().parent.parent / "docs" / "help"
START = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)


def played(page: str) -> str:
    """The page with what its commands print today."""
    with tempfile.TemporaryDirectory(prefix="inforce-session-") as name:
        session = _Session(Path(name))
        return _BLOCK.sub(lambda block: "".join(map(session.run, _commands(block[0]))), page)


def _commands(block: str) -> list[str]:
    return [line[2:] for line in block.splitlines() if line.startswith("$ ")]


class _Session:
    """One folder and one clock, a minute further with each command."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._now = START

    def run(self, command: str) -> str:
        self._now += timedelta(minutes=1)
        program, *arguments = shlex.split(command)
        if program == "inforce":
            around = Environment(lambda: self._now, terminal=False)
            printed = CliRunner().invoke(inforce, ["-C", str(self._folder), *arguments], obj=around).output
        else:
            done = subprocess.run(
                ["bash", "-c", command], cwd=self._folder, capture_output=True, text=True, check=False
            )
            printed = done.stdout + done.stderr
        return f"$ {command}\n{printed.replace(f'{self._folder}/', '').replace(str(self._folder), '.')}"


def stale() -> dict[Path, str]:
    """The pages whose sessions print something else today, and what should stand there."""
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(PAGES.glob("*.md"))}
    new = {path: played(text) for path, text in pages.items() if "```console\n" in text}
    return {path: text for path, text in new.items() if text != pages[path]}


def main() -> None:
    """Write or name the stale pages."""
    found = stale()
    if "--check" in sys.argv[1:]:
        sys.exit("\n".join(f"{path.name} is stale. Run python scripts/sessions.py." for path in found) or 0)
    for path, text in found.items():
        path.write_text(text, encoding="utf-8")
        print(f"docs/help/{path.name} is written anew.")


if __name__ == "__main__":
    main()
