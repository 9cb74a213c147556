"""What readers already have, as far as git can tell a command: the published state, or why it is not known."""

from collections.abc import Mapping

from inforce.adapters.command.project import Project
from inforce.adapters.git import repository as git
from inforce.adapters.git.guard import Published, Unguarded, blob_id
from inforce.adapters.git.repository import NoHistory, Repository
from inforce.errors import Problem
from inforce.release.again import Protection

_TELL = (
    "Fetch the branch published; without one, make it at the commit that was deployed last (or at the first one): "
    "git branch published COMMIT"
)


def look(project: Project, base: str | None = None) -> tuple[Repository | None, Published | Unguarded]:
    """The project's repository (None without one) and what is published; ``base`` is that of ``published``."""
    try:
        repository = git.open_repository(project.root)
        return repository, repository.published(base)
    except NoHistory as missing:
        return None, Unguarded(missing.reason, missing.cure)


def protection(project: Project) -> Protection:
    """Which ledger files may not be made again: the published ones, and those of which nobody knows.

    A file that HEAD does not have was never seen by anybody, whatever else is not known.
    """
    repository, state = look(project)
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
        return Problem(path, 0, "again", what, _TELL if repository else state.cure)

    return objection


def uncommitted(project: Project, drafted: Mapping[str, bytes]) -> list[str]:
    """Those of a draft's files (path -> bytes) that HEAD does not hold as they are; without git all of them."""
    repository, _ = look(project)
    if repository is None:
        return list(drafted)
    committed = repository.committed("policy/")
    return [path for path, data in drafted.items() if committed.get(path) != blob_id(data.replace(b"\r\n", b"\n"))]
