"""The project that a command has opened: it writes only what leaves it sound, and says what readers already have, as
far as git can tell.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from inforce.adapters import files, journal
from inforce.adapters.git import guard
from inforce.adapters.git.guard import Published, Unguarded
from inforce.adapters.git.repository import Repository, blob_id
from inforce.errors import Problem, fail
from inforce.model import Policy
from inforce.project import Project
from inforce.release.again import Protection

_PUBLISHED = (
    "Fetch the branch published; without one, make it at the commit that was deployed last (or at the first one): "
    "git branch published COMMIT"
)
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
        return guard.opened(self.root, base)

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
