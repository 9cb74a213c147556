"""What was built last into a folder, and of what: where all of that is as it was, nothing has to be read further.

The record lies in the cache, named by a digest of every byte and every option that a site is made of. It says how each
file of the site was left, by its size and its times, as make and git know a file; what git answered; and between which
instants nothing changes of itself. Whatever is otherwise, or nobody can tell, is built: a site is never worse for it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from inforce.adapters import cache, files
from inforce.adapters.cache import Cache
from inforce.adapters.output import how
from inforce.publish.provenance import Provenance

ASSETS = ("site.css", "inforce.css", "inforce.js", "search.js")
"""What the package dresses a site of its own with."""


@dataclass(frozen=True)
class LastBuild:
    """One build. ``since`` and ``until`` are instants (ISO 8601) between which it would give the same, empty for any.

    ``asked`` is what git was asked of (document -> versions), ``answered`` a digest of its answer; ``said`` are the
    warnings, ``left`` is how each file was left by that build itself, whoever came after it.
    """

    since: str
    until: str
    asked: Mapping[str, Sequence[str]]
    answered: str
    said: Sequence[str]
    left: Mapping[str, Sequence[int]]

    def holds(self, folder: Path, at: datetime) -> bool:
        """Whether at the instant ``at`` the same would be made, and stands in ``folder``."""
        begun = not self.since or datetime.fromisoformat(self.since) <= at
        over = bool(self.until) and datetime.fromisoformat(self.until) <= at
        return begun and not over and all(how(folder / name) == told for name, told in self.left.items())


def name(root: Path, read: Mapping[str, bytes], *options: object) -> str:
    """A digest of everything that a site is made of: the project's files, the package and its files, the options."""
    made_of = {**read, **files.site_files(), **{asset: files.asset(asset) for asset in ASSETS}}
    digests = sorted((path, sha256(data).hexdigest()) for path, data in made_of.items())
    return sha256(repr(("last build", cache.made_by(), str(root), digests, options)).encode()).hexdigest()


def get(kept: Cache, name: str) -> LastBuild | None:
    """What was kept under this name, None where nothing was."""
    found = kept.get(name)
    return LastBuild(**json.loads(found)) if found else None


def put(kept: Cache, name: str, build: LastBuild) -> None:
    """Keep it."""
    kept.put(name, json.dumps(asdict(build)).encode())


def answer(known: Provenance) -> str:
    """A digest of what git says."""
    return sha256(repr(known).encode()).hexdigest()
