"""What a command works with: the clock, the terminal, the folder, and the files of the project that is there.

The clock is read here and nowhere else. What is made of the files is imported when a command asks for it.
"""

import os
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from inforce.adapters import files, journal
from inforce.adapters.command import terminal
from inforce.errors import InForceError

if TYPE_CHECKING:
    from inforce.adapters.command.opened import OpenProject
    from inforce.model import Policy


def _timezone(localtime: Path = Path("/etc/localtime")) -> str:
    """The machine's time zone as an IANA name; UTC where it tells none. Good for a suggestion, not for a date."""
    from inforce.draft import settings

    told = os.environ.get("TZ", "").removeprefix(":") or str(localtime.resolve()).rpartition("/zoneinfo/")[2]
    try:
        return settings.checked("timezone", told, "TZ")
    except InForceError:
        return "UTC"


@dataclass(frozen=True)
class Environment:
    """``now`` gives an instant with its offset; ``terminal`` says whether somebody is there to answer.

    ``timezone`` is the machine's, an IANA name: what is suggested where a policy's is asked for.
    """

    now: Callable[[], datetime]
    terminal: bool
    timezone: str = "UTC"

    @classmethod
    def of_this_process(cls) -> "Environment":
        """The machine's clock, and a terminal where both input and output are one."""
        return cls(partial(datetime.now, UTC), sys.stdin.isatty() and sys.stdout.isatty(), _timezone())


@dataclass(frozen=True)
class Session:
    """One run of the command. ``directory`` is where it was started, or what ``-C`` says."""

    directory: Path
    environment: Environment

    @property
    def terminal(self) -> bool:
        """Whether questions can be asked."""
        return self.environment.terminal

    def read(self, *, begun: bool = True) -> tuple[Path, dict[str, bytes]]:
        """Return the folder of the project that ``directory`` is in, and its files.

        Raises InForceError for what cannot be read, and where there is no project; without ``begun``, ``directory``
        itself is then the project, still empty.
        """
        try:
            root = files.find_root(self.directory)
        except InForceError:
            if begun:
                raise
            root = self.directory.resolve()
        read, told = journal.read(root)
        if told:
            terminal.remark("note", f"{told}.")
        return root, read

    def project(
        self,
        *,
        begun: bool = True,
        sound: Collection[str] = (),
        read: tuple[Path, dict[str, bytes]] | None = None,
    ) -> "OpenProject":
        """Return the project, read; of ``read`` where that was done already. For ``sound`` see ``project.read``.

        Raises InForceError as ``read`` does.
        """
        from inforce import project
        from inforce.adapters.command.opened import OpenProject

        root, found = read or self.read(begun=begun)
        return OpenProject(**vars(project.read(found, sound)), root=root, now=self.environment.now())

    def policy(self, document: str) -> tuple["OpenProject", "Policy"]:
        """Return the project, read, and its policy of that id, for a command that goes on from what is published.

        Raises InForceError where there is none, and where its ledger has errors: then nobody knows what that is.
        """
        from inforce.model import ledger_folder

        project = self.project()
        policy = project.policy(document)
        project.sound(ledger_folder(document))
        return project, policy
