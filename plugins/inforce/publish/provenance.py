"""Where a policy's versions and edits come from, as its pages show it. Frozen values; who reads them is the edge."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from inforce.model import Change, Version


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as provenance shows it. ``committed`` is in UTC, None where no calendar has it; names, no addresses."""

    sha: str
    author: str
    committer: str
    committed: datetime | None
    subject: str


@dataclass(frozen=True)
class Provenance:
    """Who brought what, as git tells it.

    ``versions`` maps a ledger path to the commit that brought it; ``edits`` maps (ledger path, clause id) to the
    commits that changed the clause's file since the version before, newest first. ``missing`` says why it is not
    known, with the cure; empty where all of it is known.
    """

    versions: Mapping[str, Commit] = field(default_factory=dict)
    edits: Mapping[tuple[str, str], tuple[Commit, ...]] = field(default_factory=dict)
    missing: str = ""

    def of(self, changes: Iterable[tuple[Version, Change]]) -> tuple[Commit, ...]:
        """Return the commits that made these changes, under whatever id a clause went by; in the changes' order."""
        files = ((version.path, name) for version, change in changes for name in (change.clause, *change.was))
        return tuple(commit for file in files for commit in self.edits.get(file, ()))
