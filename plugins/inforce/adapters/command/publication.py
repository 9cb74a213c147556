"""What readers already have, as far as git can tell a command: the published state, or why it is not known."""

from collections.abc import Mapping

from inforce.adapters import git
from inforce.adapters.command.project import Project
from inforce.adapters.git import NoHistory, Repository
from inforce.adapters.guard import Published, Unguarded, blob_id
from inforce.errors import Problem
from inforce.remaking import Protection


def look(project: Project, base: str | None = None) -> tuple[Repository | None, Published | Unguarded]:
    """The project's repository, None without one, and what is published; ``base`` as ``Repository.published`` takes it."""
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
            return Problem(path, 0, "again", what, "Release a new version; if the file was changed, inforce verify says how")
        if isinstance(state, Published) or (committed is not None and path not in committed):
            return None
        what = f"Nobody here knows whether {number} is published: {state.reason}"
        return Problem(path, 0, "again", what, state.cure)

    return objection


def uncommitted(project: Project, drafted: Mapping[str, bytes]) -> list[str]:
    """Those of the draft's files (path -> bytes) that the last commit does not hold as they are; all of them without git."""
    repository, _ = look(project)
    if repository is None:
        return list(drafted)
    committed = repository.committed("policy/")
    return [path for path, data in drafted.items() if committed.get(path) != blob_id(data.replace(b"\r\n", b"\n"))]
