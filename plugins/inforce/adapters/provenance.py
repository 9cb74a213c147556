"""What git tells of the ledger, or why it tells nothing. A site builds in full either way."""

from collections.abc import Sequence
from pathlib import Path

from inforce.adapters.git import NoHistory, open_repository
from inforce.model import Policy, Provenance


def read(root: Path, policies: Sequence[Policy]) -> Provenance:
    """Who brought each version and changed each clause of ``policies``, whose project is at ``root``.

    Without git, outside a repository, in a shallow clone: empty, with the reason and the cure in ``missing``.
    """
    documents = {policy.document: [version.number for version in policy.ledger.versions] for policy in policies}
    try:
        return open_repository(root).provenance(documents)
    except NoHistory as error:
        return Provenance(missing=str(error))
