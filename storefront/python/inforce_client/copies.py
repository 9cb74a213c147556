"""A client's copy of the manifest: what makes one, which of two to go by, and how one is kept.

1. A copy is usable if the review decision can go by it: JSON in UTF-8, of the known schema_version, in the shape of its
   schema. Fields that are not known are not looked at.
2. A lower serial never replaces a higher one. At an equal serial the content that came later wins.
3. A kept copy counts for the address that it came from, and only if its bytes are those that were kept.

Bytes in, values out. Fetching is the business of ``client``.
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from inforce_client.review import Prepared, prepare

_LOOK = "Look at what stands at that address"
_REPLACED = "It is left unused; the next good answer replaces it"


class UnusableError(ValueError):
    """A copy that cannot be gone by, in one line: its address, what is wrong, what to do."""

    def __init__(self, url: str, what: str, cure: str) -> None:
        super().__init__(" ".join(f"{url}: {what}. {cure}.".split()))


@dataclass(frozen=True)
class Copy:
    """The manifest as it came from ``url``. ``etag`` and ``last_modified`` are as the server wrote them, or empty.

    ``manifest`` is shared by all who ask for it, and is not to be changed; ``prepared`` is what decisions go by.
    """

    url: str
    body: bytes
    manifest: dict[str, Any] = field(repr=False, compare=False)
    prepared: Prepared = field(repr=False, compare=False)
    etag: str = ""
    last_modified: str = ""

    @property
    def serial(self) -> int:
        """The number of ledger files and events that the manifest knows."""
        return self.prepared.serial


def read(url: str, body: bytes, etag: str = "", last_modified: str = "") -> Copy:
    """The copy that ``body`` makes. Raises UnusableError, saying why, for what is not usable.

    A validator that could not be sent back as it came is left out.
    """
    try:
        found = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        html = body.lstrip()[:1] == b"<"
        what = "This is HTML, not JSON" if html else "This is not JSON, or not all of it"
        raise UnusableError(url, what, _LOOK) from None
    if not isinstance(found, dict) or "schema_version" not in found:
        raise UnusableError(url, "This JSON is no policy manifest", _LOOK)
    if found["schema_version"] != 1:
        what = f"Its schema_version is {json.dumps(found['schema_version'])[:20]}, which is not known here"
        raise UnusableError(url, what, "Update In Force here to a release that knows it")
    prepared = prepare(found)
    if not prepared.had:
        what = "This manifest lacks something that the review decision needs"
        raise UnusableError(url, what, "Compare it with its schema, and build and deploy the site again")
    etag, last_modified = (value if value.isascii() and value.isprintable() else "" for value in (etag, last_modified))
    return Copy(url, body, found, prepared, etag, last_modified)


def better(held: Copy | None, offered: Copy) -> bool:
    """Whether to go by ``offered``, which came after ``held``."""
    return held is None or offered.serial >= held.serial


def pack(copy: Copy) -> bytes:
    """A copy as a store keeps it: a line with the digest of what follows, and the copy as JSON."""
    kept = json.dumps([copy.url, copy.etag, copy.last_modified, copy.body.decode()]).encode()
    return _digest(kept) + b"\n" + kept


def unpack(data: bytes, url: str) -> Copy:
    """The copy in a store's bytes. Raises UnusableError, saying why, where it is none of ``url``'s or was damaged."""
    digest, _, kept = data.partition(b"\n")
    if _digest(kept) != digest:
        raise UnusableError(url, "The copy that was kept is damaged", _REPLACED)
    address, etag, last_modified, body = json.loads(kept)
    if address != url:
        raise UnusableError(url, f"The copy that was kept is of another address, {address}", _REPLACED)
    return read(url, body.encode(), etag, last_modified)


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()
