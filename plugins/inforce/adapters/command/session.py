"""What a command works with: the clock, the terminal, the folder, and the project that it opens there.

An open project writes only what leaves it sound, and says what readers already have, as far as git can tell. The clock
is read here and nowhere else.
"""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from inforce import project as sources
from inforce.adapters import files
from inforce.adapters.git import guard
from inforce.adapters.git.guard import Published, Unguarded
from inforce.adapters.git.repository import NoHistory, Repository, blob_id, open_repository
from inforce.draft import settings
from inforce.errors import InForceError, Problem
from inforce.model import Draft, Policy
from inforce.project import Project
from inforce.release.again import Protection

_PUBLISHED = (
    "Fetch the branch published; without one, make it at the commit that was deployed last (or at the first one): "
    "git branch published COMMIT"
)


def _clock() -> datetime:
    return datetime.now(UTC)


def _timezone(localtime: Path = Path("/etc/localtime")) -> str:
    """The machine's time zone as an IANA name; UTC where it tells none. Good for a suggestion, not for a date."""
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
        return cls(_clock, sys.stdin.isatty() and sys.stdout.isatty(), _timezone())


@dataclass(frozen=True)
class Session:
    """One run of the command. ``directory`` is where it was started, or what ``-C`` says."""

    directory: Path
    environment: Environment

    @property
    def terminal(self) -> bool:
        """Whether questions can be asked."""
        return self.environment.terminal

    def project(self) -> "OpenProject":
        """Return the project that ``directory`` is in, read. Raises InForceError where there is none."""
        return OpenProject.read(files.find_root(self.directory.resolve()), self.environment.now())


@dataclass(frozen=True)
class OpenProject:
    """A project as it was read at the instant ``now``; ``files`` maps paths relative to ``root`` to bytes."""

    root: Path
    files: Mapping[str, bytes]
    sources: Project
    now: datetime

    @classmethod
    def read(cls, root: Path, now: datetime) -> "OpenProject":
        """Return the project below ``root``, read at ``now``. Raises InForceError for what cannot be read."""
        found = files.read(root)
        return cls(root, found, sources.read(found), now)

    def with_files(self, files: Mapping[str, bytes]) -> "OpenProject":
        """Return the project as it would be with these files instead of its own."""
        return replace(self, files=files, sources=sources.read(files))

    def policy(self, document: str) -> Policy:
        """Return the policy of that id. Raises InForceError, with the nearest id, where there is none."""
        return self.sources.policy(document)

    def only(self) -> Policy:
        """Return the only policy. Raises InForceError where there are several or none."""
        return self.sources.only()

    def policies(self, document: str) -> tuple[Policy, ...]:
        """Return the policy of that id alone, or all of them where ``document`` is empty."""
        return (self.policy(document),) if document else self.sources.policies

    def sound(self, *folders: str) -> None:
        """Raise InForceError with the errors below ``folders``, where there are any."""
        self.sources.sound(*folders)

    def draft(self, policy: Policy) -> Draft:
        """Return the policy's draft. Raises InForceError where there is none, or it cannot be used."""
        return self.sources.draft(policy)

    def write(self, changes: Mapping[str, bytes | None]) -> None:
        """Write ``changes`` (path -> bytes, None to delete) in their order.

        Raises InForceError, and writes nothing, where that would make the project worse than it was.
        """
        self.sources.changed(changes)
        files.write(self.root, changes)

    def published(self, base: str | None = None) -> tuple[Repository | None, Published | Unguarded]:
        """Return the project's repository (None without one) and what readers already have, as far as git can tell.

        ``base`` is the branch to compare with where there is none named ``published``.
        """
        try:
            repository = open_repository(self.root)
            return repository, guard.find_published(repository, base)
        except NoHistory as missing:
            return None, Unguarded(missing.reason, missing.cure)

    def protection(self) -> Protection:
        """Return what says of a ledger file why it may not be made again: it is published, or nobody knows.

        A file that HEAD does not have was never seen by anybody, whatever else is not known.
        """
        repository, state = self.published()
        committed = repository.committed("versions/") if repository else None

        def objection(path: str) -> Problem | None:
            number = path.rpartition("/")[2].removesuffix(".md")
            if isinstance(state, Published) and path in state.files:
                what = f"{number} is published ({state.ref}), and what is published never changes"
                cure = f"Release a new version; if {path} was changed, inforce verify tells how to bring it back"
                return Problem(path, 0, "again", what, cure)
            if isinstance(state, Published) or (committed is not None and path not in committed):
                return None
            what = f"Whether {number} is published is not known: {state.reason}"
            return Problem(path, 0, "again", what, _PUBLISHED if repository else state.cure)

        return objection

    def uncommitted(self, drafted: Mapping[str, bytes]) -> list[str]:
        """Return those of a draft's files (path -> bytes) that HEAD does not hold so; without git, all of them."""
        repository, _ = self.published()
        if repository is None:
            return list(drafted)
        committed = repository.committed("policy/")
        return [path for path, data in drafted.items() if committed.get(path) != blob_id(data.replace(b"\r\n", b"\n"))]
