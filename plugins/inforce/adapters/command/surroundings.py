"""What a command finds around it: the clock, the terminal, the folder. The only place where the clock is read."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from inforce.adapters.command.project import Project


def _clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Surroundings:
    """``now`` gives an instant with its offset; ``terminal`` says whether somebody is there to answer."""

    now: Callable[[], datetime]
    terminal: bool

    @classmethod
    def of_this_process(cls) -> "Surroundings":
        """The machine's clock, and a terminal where both input and output are one."""
        return cls(_clock, sys.stdin.isatty() and sys.stdout.isatty())


@dataclass(frozen=True)
class Session:
    """One run of the command. ``directory`` is where it was started, or what ``-C`` says."""

    directory: Path
    surroundings: Surroundings

    @property
    def terminal(self) -> bool:
        """Whether questions can be asked."""
        return self.surroundings.terminal

    def project(self) -> Project:
        """The project that ``directory`` is in, read. Raises InForceError where there is none."""
        return Project.read(self.directory, self.surroundings.now())
