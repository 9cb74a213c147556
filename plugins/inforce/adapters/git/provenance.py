"""What git tells of the ledger, or why it tells nothing. A site builds in full either way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from inforce.adapters.git.repository import NoHistory, open_repository
from inforce.model import Commit, Policy, Provenance


@dataclass(frozen=True)
class Drafted:
    """Who wrote a draft: ``commits`` by clause, where the draft is committed; otherwise git's ``user``, maybe empty."""

    user: str = ""
    commits: Mapping[str, Commit] = field(default_factory=dict)


def read(root: Path, policies: Sequence[Policy]) -> Provenance:
    """Who brought each version and changed each clause of ``policies``, whose project is at ``root``.

    Without git, outside a repository, in a shallow clone: empty, with the reason and the cure in ``missing``.
    """
    documents = {policy.document: [version.number for version in policy.ledger.versions] for policy in policies}
    try:
        return open_repository(root).provenance(documents)
    except NoHistory as error:
        return Provenance(missing=str(error))


def drafted(root: Path, document: str) -> Drafted:
    """Who wrote the draft of ``document``; empty where git cannot tell."""
    try:
        repository = open_repository(root)
        return Drafted(repository.user(), repository.drafted(document))
    except NoHistory:
        return Drafted()
