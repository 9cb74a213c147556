"""The history of one file, through its renames, as ``git log --follow`` tells it: every text that it had.

Bytes of git in, values out; ``git`` runs the processes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from inforce.adapters.git.history import path_text, printable

FOLLOW = (
    "log", "--follow", "--topo-order", "--root", "--raw", "-z", "--no-abbrev", "--find-renames", "--no-relative",
    "--no-show-signature", "--encoding=UTF-8", "--format=%x01%H%x00%at%x00%s",
)  # fmt: skip
"""The arguments whose output :func:`parse` reads; no setting of the user changes it. The newest commit comes first."""

_HEADER = 3  # the fields of the format above


@dataclass(frozen=True)
class Revision:
    """A commit that changed the file: its ``path`` there, the id of its text (None where it was deleted).

    ``authored`` is when the change was made, not when it was merged; an instant in UTC.
    """

    sha: str
    authored: datetime
    subject: str
    path: str
    blob: str | None


def parse(log: bytes) -> tuple[Revision, ...]:
    """The revisions of a log made with :data:`FOLLOW`, oldest first. Most merges are none."""
    return tuple(reversed(list(_revisions(log))))


def _revisions(log: bytes) -> Iterator[Revision]:
    for record in log.split(b"\x01")[1:]:
        tokens = iter(record.split(b"\0"))
        sha, authored, subject = islice(tokens, _HEADER)
        for token in tokens:
            meta = token.lstrip(b"\n").decode("ascii", "replace").split(" ")
            if not meta[0].startswith(":"):
                continue
            path = next(tokens)
            if meta[-1][0] in "RC" and meta[0].count(":") == 1:
                path = next(tokens)  # the old name stands before the new one
            blob = meta[-2] if meta[-2].strip("0") else None
            instant = datetime.fromtimestamp(int(authored), UTC)
            yield Revision(sha.decode("ascii"), instant, printable(subject), path_text(path), blob)
            break
