"""A client's copy of the manifest: what makes one, which of two to go by, and how one is kept.

1. A copy is usable if the review decision can go by it: JSON in UTF-8, which can be handed on as such, of the known
   schema_version, in the shape of its schema. Fields that are not known are not looked at; one that stands twice in an
   object is refused.
2. ``serial``: the order is (epoch, serial), and a lower one never replaces a higher. It rises by no more than a site
   could ever publish between two polls, so that no wrong manifest can lift it out of reach. At an equal one the content
   that came later wins.
3. ``rewritten``: what was once seen stays: each version at its place in the chain, with its digest and all that the
   digest vouches for, and every event. Only an event withdraws a version, once and for ever, or retires a policy, and
   each file counts in the serial. A manifest that says otherwise tells of another ledger.
4. ``epoch``: where the shop names an epoch itself, manifests and kept copies of any other count for nothing. That is
   the way out for a client that a wrong manifest has locked, and nobody at the policies' host can take it.
5. A kept copy counts for the address that it came from, and only if its bytes are those that were kept.

`storefront/vectors/copies.json` has the cases of 2, 3 and 4 for every language. Bytes in, values out, but for the file
of a ``FileStore``. Fetching is the business of ``fetching``.
"""

import hashlib
import json
import os
import re
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

from inforce_client.review import Document, Prepared, Version, prepare

LARGEST = 1_000_000
"""An epoch's bound, and that of the first serial in one."""
JUMP = 10_000
"""How far a serial may rise at once: files and events that were published since the last poll."""

_LOOK = "Look at what stands at that address"
_REPLACED = "It is left unused; the next good answer replaces it"


class UnusableError(ValueError):
    """A copy that cannot be gone by, in one line: its address, ``what`` is wrong, its ``cure``.

    ``code`` is the rule that refused it, where that is one of those about two copies.
    """

    def __init__(self, url: str, what: str, cure: str, code: str = "") -> None:
        super().__init__(" ".join(f"{url}: {what}. {cure}.".split()))
        self.what, self.cure, self.code = what, cure, code


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
        found = loads(body.decode("utf-8-sig"))
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode()  # or a shop could hand nothing on of it
    except TwiceError as error:
        raise UnusableError(url, str(error), "Build and deploy the site again") from None
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


class TwiceError(ValueError):
    """A key that stands twice in one object of JSON: which of the two was meant, nobody can tell."""


def loads(text: str) -> Any:
    """What a text of JSON says. Raises ValueError for what is none, and TwiceError."""
    return json.loads(text, object_pairs_hook=_each_once)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, often in Counter(key for key, _ in pairs).items() if often > 1)
        raise TwiceError(f"`{twice}` stands twice in one object")
    return found


def judge(held: Copy | None, offered: Copy, epoch: int | None = None) -> None:
    """Raise UnusableError unless ``offered``, which came after ``held``, is to be gone by from now on.

    ``epoch`` is the one that the shop names, None where it leaves that to the manifest.
    """
    if against := refusal(held.prepared if held else None, offered.prepared, epoch):
        code, what, cure = against
        raise UnusableError(offered.url, what, cure, code)


def refusal(held: Prepared | None, offered: Prepared, epoch: int | None = None) -> tuple[str, str, str] | None:
    """Why ``offered`` is not to be gone by after ``held``: the rule, what is wrong, what to do; None where it is."""
    if epoch is not None and offered.epoch != epoch:
        what = f"Its epoch is {offered.epoch}, and this shop goes by {epoch} alone"
        return "epoch", what, "Agree on an epoch with whoever publishes the policies"
    before = held if held and (epoch is None or held.epoch == epoch) else None
    if what := _order(before, offered):
        return (
            "serial",
            what,
            "See whether an old deployment or a stale cache answers, and what the help says of epochs",
        )
    if before and (what := _rewritten(before, offered)):
        cure = "The last good copy stays. Compare with the ledger: inforce verify --against; the help says what to do"
        return "rewritten", f"It was rewritten: {what}", cure
    return None


def _order(held: Prepared | None, offered: Prepared) -> str:
    """What is wrong with where ``offered`` stands; empty where nothing is."""
    if offered.epoch not in range(LARGEST + 1):
        return f"Its epoch is {offered.epoch}, which no site comes to"
    if held and offered.epoch > held.epoch + 1:
        return f"Its epoch rose from {held.epoch} to {offered.epoch}, by more than one at once"
    if held and offered.epoch < held.epoch:
        return f"It went back from epoch {held.epoch} to {offered.epoch}"
    if not held or offered.epoch > held.epoch:
        return (
            "" if offered.serial in range(LARGEST + 1) else f"Its serial is {offered.serial}, which no site begins with"
        )
    if offered.serial < held.serial:
        return f"It went back from serial {held.serial} to {offered.serial}"
    if offered.serial > held.serial + JUMP:
        return f"Its serial rose from {held.serial} to {offered.serial}, by more than {JUMP} at once"
    return ""


def _rewritten(held: Prepared, offered: Prepared) -> str:
    """What was seen in ``held`` and is another one in ``offered``, or gone; empty where all of it is there."""
    for name, known in held.documents.items():
        document = offered.documents.get(name)
        if document is None:
            return f"The policy {name}, which was published, is gone"
        texts, others = (_texts(each.versions[: len(known.versions)]) for each in (known, document))
        for version, now in zip_longest(known.versions, document.versions[: len(known.versions)]):
            if now is None or version.number not in document.by_number:
                return f"{name} {version.number}, which was published, is gone"
            if what := _retold(version, now):
                return f"{name} {version.number} {what}"
            if texts[version.number] != others[version.number]:
                return f"{name} {version.number} has the digest that it had, and another version's text"
        chain = {*document.events, *(version.digests[0] for version in document.versions)}
        heads = (known.head, document.head) if known.head else ()
        if missing := [each for each in (*known.events, *heads) if each not in chain]:
            return f"The chain of {name} lacks {missing[0] or 'its head'}, which was in it"
        ended = _withdrawn(document) - _withdrawn(known) + (document.retired != known.retired)
        if ended > len(document.events) - len(known.events):
            return f"{name} was withdrawn or retired, or is so no more, without an event"
    rise = offered.serial - held.serial
    if offered.epoch == held.epoch and _told(held) and _told(offered) and _files(offered) - _files(held) > rise:
        return f"It has {_files(offered) - _files(held)} files and events more, and its serial rose by {rise}"
    return ""


def _retold(version: Version, now: Version) -> str:
    """What is said otherwise ``now`` of a version that was seen; empty where nothing is."""
    if now.digests[0] != version.digests[0]:
        return f"had the digest {version.digests[0]} and has {now.digests[0]}"
    facts, others = _facts(version), _facts(now)
    if told := [key for key, fact in facts.items() if others[key] != fact]:
        return f"has the digest that it had, and another {', '.join(told)}"
    if version.withdrawn and not now.withdrawn:
        return "was withdrawn and is so no more"
    for language, digest in version.translations.items():
        if now.translations.get(language) != digest:
            return f"in {language} is another text, or gone"
    return ""


def _facts(version: Version) -> dict[str, object]:
    """What the digest of a version's file vouches for, but its clauses' titles, which are made of it."""
    return {
        "version": version.number,
        "sequence": version.sequence,
        "announced_at": version.announced,
        "effective_at": version.effective,
        "severity": version.severity,
        "requires": version.requires,
        "language": version.language,
        "summary": version.summary,
        "amends": version.amends,
        "accept_by": version.accept_by,
        "reconfirm_every": version.reconfirm,
        "changes": [change._replace(title="") for change in version.changes],
    }


def _texts(versions: Iterable[Version]) -> dict[str, str]:
    """For each version's number, that of the first with the same text: only those that share one need to tell it."""
    first: dict[str, str] = {}
    return {each.number: first.setdefault(each.text_digest, each.number) for each in versions}


def _withdrawn(document: Document) -> int:
    return len(document.versions) - len(document.standing)


def _told(copy: Prepared) -> bool:
    """Whether each policy's chain is told of."""
    return all(document.head for document in copy.documents.values())


def _files(copy: Prepared) -> int:
    return sum(len(document.versions) + len(document.events) for document in copy.documents.values())


_WEB = ("http", "https", "mailto")
_BLANK = re.compile(r"[\x00-\x20\x7f]")


def address(home: str, relative: object) -> str | None:
    """An address of a manifest made absolute; ``home`` is its ``base``, or where it came from.

    None unless it is one of http, https or mailto: whoever writes a manifest shall not have a shop's page run what
    stands in it.
    """
    if not isinstance(relative, str) or not isinstance(home, str) or _BLANK.search(home + relative):
        return None
    try:
        found = urljoin(home, relative)
        return found if urlsplit(found).scheme in _WEB else None
    except ValueError:
        return None


def pack(copy: Copy) -> bytes:
    """A copy as a store keeps it: a line with the digest of what follows, and the copy as JSON."""
    kept = json.dumps([copy.url, copy.etag, copy.last_modified, copy.body.decode()]).encode()
    return _digest(kept) + b"\n" + kept


def unpack(data: bytes, url: str, epoch: int | None = None) -> Copy:
    """The copy in a store's bytes.

    Raises UnusableError, saying why, where it is none of ``url``'s, was damaged, or is of another ``epoch`` than the
    shop's own.
    """
    digest, _, kept = data.partition(b"\n")
    if _digest(kept) != digest:
        raise UnusableError(url, "The copy that was kept is damaged", _REPLACED)
    address, etag, last_modified, body = json.loads(kept)
    if address != url:
        raise UnusableError(url, f"The copy that was kept is of another address, {address}", _REPLACED)
    copy = read(url, body.encode(), etag, last_modified)
    if epoch is not None and copy.prepared.epoch != epoch:
        what = f"The copy that was kept is of epoch {copy.prepared.epoch}, and this shop goes by {epoch} alone"
        raise UnusableError(url, what, _REPLACED, "epoch")
    return copy


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()


class Store(Protocol):
    """Where the last good copy outlives the process. Whatever either method raises is reported, and no more."""

    def load(self) -> bytes | None:
        """What was saved last; None where nothing was."""

    def save(self, data: bytes) -> None:
        """Keep ``data`` in place of what was saved before, all of it or nothing."""


@dataclass(frozen=True)
class FileStore:
    """A copy in one file, written beside it and renamed, so that no crash leaves half of one."""

    path: Path | str

    def load(self) -> bytes | None:
        """The file's bytes; None where there is no file."""
        try:
            return Path(self.path).read_bytes()
        except FileNotFoundError:
            return None

    def save(self, data: bytes) -> None:
        """Replace the file."""
        path = Path(self.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.tmp")
        try:
            with beside.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
