"""What a command works with: the clock, the terminal, the folder, and the project that it opens there.

An open project writes only what leaves it sound, and says what readers already have, as far as git can tell. The clock
is read here and nowhere else.
"""

import os
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from inforce import project
from inforce.adapters import files, journal
from inforce.adapters.command import terminal
from inforce.adapters.git import guard
from inforce.adapters.git.guard import Published, Unguarded
from inforce.adapters.git.repository import NoHistory, Repository, blob_id, open_repository
from inforce.draft import settings
from inforce.errors import InForceError, Problem, fail
from inforce.model import Policy
from inforce.project import Project
from inforce.release.again import Protection

_PUBLISHED = (
    "Fetch the branch published; without one, make it at the commit that was deployed last (or at the first one): "
    "git branch published COMMIT"
)


def _timezone(localtime: Path = Path("/etc/localtime")) -> str:
    """The machine's time zone as an IANA name; UTC where it tells none. Good for a suggestion, not for a date."""
    told = os.environ.get("TZ", "").removeprefix(":") or str(localtime.resolve()).rpartition("/zoneinfo/")[2]
    try:
        return settings.checked("timezone", told, "TZ")
    except InForceError:
        return "UTC"


_WRITTEN = f"{__name__}.written"


def write(
    root: Path, changes: Mapping[str, bytes | None], known: Mapping[str, bytes] | None = None, new: Sequence[str] = ()
) -> None:
    """Change the project at ``root`` as :func:`journal.write` does; from then on the command has done its work."""
    journal.write(root, changes, known, new)
    if context := click.get_current_context(silent=True):
        context.meta[_WRITTEN] = True


def has_written(context: click.Context) -> bool:
    """Return whether the command has changed the project; what follows only tells of it."""
    return _WRITTEN in context.meta


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

    def project(self, *, begun: bool = True, sound: Collection[str] = ()) -> "OpenProject":
        """Return the project that ``directory`` is in, read. For ``sound`` see ``project.read``.

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
        found = project.read(read, sound)
        return OpenProject(**vars(found), root=root, now=self.environment.now())


@dataclass(frozen=True, kw_only=True)
class OpenProject(Project):
    """A project as it was read from the folder ``root`` at the instant ``now``, and what git knows of it."""

    root: Path
    now: datetime

    def chosen(self, document: str) -> tuple[Policy, ...]:
        """Return the policy of that id alone, or all of them where ``document`` is empty."""
        return (self.policy(document),) if document else self.policies

    def write(self, changes: Mapping[str, bytes | None]) -> None:
        """Write ``changes`` (path -> bytes, None to delete) in their order.

        Raises InForceError, and writes nothing, where that would make the project worse than it was, or where it is not
        as it was read any more, or where it lacks something published: what comes after that is not known here.
        """
        self.changed(changes)
        self._complete({"/".join(path.split("/")[:2]) for path in changes if path.startswith(f"{files.LEDGER}/")})
        write(self.root, changes, self.files)

    def _complete(self, ledgers: Collection[str]) -> None:
        """Raise InForceError where a published file of one of these folders is not here."""
        state = self.published()[1] if ledgers else None
        if not isinstance(state, Published):
            return
        for path in sorted(state.files):
            if path.startswith(tuple(f"{folder}/" for folder in ledgers)) and path not in self.files:
                what = f"It is published ({state.ref}), and not here, so nothing can come after it"
                cure = f"Run `git merge {state.ref}`; where it was deleted, inforce verify tells how to bring it back"
                raise fail(path, 0, "ledger-behind", what, cure)

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
        committed = repository.committed(f"{files.LEDGER}/") if repository else None

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
        committed = repository.committed(f"{files.DRAFTS}/")
        return [path for path, data in drafted.items() if committed.get(path) != blob_id(data.replace(b"\r\n", b"\n"))]
