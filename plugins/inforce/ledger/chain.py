"""The files of one document's ledger -> the chain that they form, and where it breaks.

Each file names the digest of the one before it. Whether published files were touched since is a question for git
(adapters); whether a version is one that a release could have made is asked by ``release``.
"""

from collections.abc import Mapping, Sequence

from inforce.errors import InForceError, Problem
from inforce.ledger import events, files
from inforce.ledger.files import Entry, line_of, moment
from inforce.model import Event, Ledger, Version


def read(document: str, found: Mapping[str, bytes]) -> tuple[Ledger, tuple[Problem, ...]]:
    """The ledger of one document out of its files (path -> bytes), in chain order, with everything wrong in it.

    Files that cannot be read, or that the chain does not reach, are left out of the ledger and named in the problems.
    """
    entries, unreadable = read_entries(found)
    problems = list(unreadable)
    chain, broken = _chain(entries, sorted({problem.path for problem in problems}))
    problems.extend(broken)
    for position, entry in enumerate(chain):
        if isinstance(entry, Event):
            problems.extend(events.problems(Ledger(document, tuple(chain[:position])), entry))
    return Ledger(document, tuple(chain)), tuple(problems)


def read_entries(found: Mapping[str, bytes]) -> tuple[list[Entry], tuple[Problem, ...]]:
    """Every version and event among ``found`` (path -> bytes), chained or not, and why others cannot be read."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    for path in sorted(found):
        try:
            entries.append(files.parse_entry(path, found[path]))
        except InForceError as error:
            problems.extend(error.problems)
    return entries, tuple(problems)


def _chain(entries: Sequence[Entry], unreadable: Sequence[str]) -> tuple[list[Entry], list[Problem]]:
    """The entries from the first one on, each named by its successor; and where that order breaks."""
    followers: dict[str | None, list[Entry]] = {}
    for entry in entries:
        followers.setdefault(entry.previous, []).append(entry)
    problems = [_fork(found) for found in followers.values() if len(found) > 1]
    known = {entry.digest for entry in entries}
    orphans = [entry for entry in entries if entry.previous is not None and entry.previous not in known]
    problems.extend(_orphan(entry, entries, unreadable) for entry in orphans)
    chain: list[Entry] = []
    following = followers.get(None, [])
    while len(following) == 1:
        chain.append(following[0])
        following = followers.get(following[0].digest, [])
    return chain, problems


def _fork(found: Sequence[Entry]) -> Problem:
    names = " and ".join(entry.path.rpartition("/")[2] for entry in found)
    what = f"{names} both follow the same file" if found[0].previous else f"{names} both claim to be the first"
    return Problem(found[-1].path, 0, "chain-fork", f"{what}: they were made in parallel", _fork_cure(found))


def _fork_cure(found: Sequence[Entry]) -> str:
    """Naming one that can be made again by the command; an event has nothing to be made again but its few words."""
    versions = [entry for entry in found if isinstance(entry, Version)]
    if not versions:
        return "Keep the published one, delete the other and give its command again"
    again = f"inforce release {versions[-1].document} --again {versions[-1].number}"
    if len(found) > len(versions):
        return f"Make the version again: {again}; or, if it is published, delete the event and give its command again"
    return f"Keep the published one and make the other again, for example: {again}"


def _orphan(entry: Entry, entries: Sequence[Entry], unreadable: Sequence[str]) -> Problem:
    followed = {other.previous for other in entries}
    loose = [e for e in entries if e is not entry and e.digest not in followed and moment(e) <= moment(entry)]
    likely = f" (most likely {max(loose, key=moment).path})" if loose else ""
    if unreadable:
        likely = f" ({', '.join(unreadable)} cannot be read)"
    what = f"The file before this one is missing or was changed{likely}: none here has the digest {entry.previous}"
    cure = f"{files.RESTORE}; inforce verify names the commit that changed it"
    return Problem(entry.path, line_of(entry, "previous"), "chain", what, cure)
