"""What both clients are: a copy of the manifest, what is known of its age, and decisions from memory.

``client`` says when to ask, in a thread or in an event loop, and ``fetching`` how. What makes a copy usable is said in
``copies``, what a customer has to do in ``review``. Here is what comes of an answer, and what a fork leaves of it.

Nothing here ever raises for what a server, a network or a store does. An error, a time-out, HTML, half an answer or a
manifest of a later kind leaves the copy in place; ``Polled``, ``Health`` and the log say what was wrong.
"""

import logging
import os
import threading
import time
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from inforce_client import copies, fetching
from inforce_client.answers import record_from
from inforce_client.copies import Copy, Store, UnusableError
from inforce_client.fetching import Answer, Limits
from inforce_client.review import Prepared, instant, merge, review_all, review_state

log = logging.getLogger("inforce_client")

TRUSTED = 12
"""How many times in a row "not modified" is believed. A server that makes its validators of times and sizes can say so
of content that did change; then the next poll, an hour later at the usual interval, asks for all of it."""

Json = dict[str, Any]
Records = Iterable[Mapping[str, Any]]


class Outcome(StrEnum):
    """What came of a poll: other content; the same; nothing usable, so that the copy stays as it was."""

    NEW = "new"
    SAME = "same"
    KEPT = "kept"


@dataclass(frozen=True)
class Polled:
    """The ``outcome``, the ``serial`` gone by from now on, and what was wrong, in one line.

    ``serial`` is None where no copy was ever had; ``problem`` is empty where all went well. ``code`` says which rule of
    ``copies`` a manifest was refused by: ``epoch``, ``serial`` or ``rewritten``; otherwise it is empty.
    """

    outcome: Outcome
    serial: int | None
    problem: str = ""
    code: str = ""


@dataclass(frozen=True)
class Health:
    """How far the copy can be relied on: for a page such as ``/healthz``.

    ``age`` is the number of seconds since the server last gave the copy or said that it is still the one, and
    ``succeeded`` is when that was, in UTC: both None as long as it never did, also where a kept copy is gone by.
    ``error`` is what was wrong with the last poll, in one line, and empty where all went well.
    """

    age: float | None
    succeeded: datetime | None
    error: str


@dataclass(frozen=True)
class _Heard:
    """When the server last answered well: by the wall, and by a clock that nobody sets."""

    at: datetime
    ticks: float


class Policies:
    """The manifest at ``url``, as it was last known.

    ``store`` keeps the last good copy over a restart; without one it lives in memory only, and what was once published
    is forgotten. ``epoch``, where it is given, is the only one whose manifests are gone by: the way out once a wrong
    manifest locks this client. ``limits`` say how long an answer may take, how large it may be, and whether it may come
    without TLS. Raises ValueError for what is no address, one without TLS, and no epoch; TypeError for what is no store
    or no transport of this kind of client.
    """

    _carries: type  # which of httpx's transports this kind of client asks by

    def __init__(
        self, url: str, store: Store | None = None, *, epoch: int | None = None, limits: Limits | None = None
    ) -> None:
        self.limits = limits or Limits()
        if wrong := fetching.refused(url, self.limits.insecure):
            raise ValueError(wrong)
        if epoch is not None and epoch not in range(copies.LARGEST + 1):
            raise ValueError(f"{epoch!r} is no epoch: it is a whole number from 0 to {copies.LARGEST:,}")
        self._refuse_what_cannot_serve(store)
        self.url, self.epoch = url, epoch
        self._store = store
        self._copy: Copy | None = None  # immutable, and swapped as a whole: a reader needs no lock
        self._heard: _Heard | None = None
        self._expected: tuple[str, ...] = ()
        self._missed = False  # whether the log says what this copy lacks
        self._error = ""
        self._believed = 0
        self._lock = threading.Lock()
        self._load()
        _known.add(self)

    def _refuse_what_cannot_serve(self, store: Store | None) -> None:
        transport, kind = self.limits.transport, self._carries.__name__
        if transport is not None and not isinstance(transport, self._carries):
            other = "PolicyClient" if kind.startswith("Async") else "AsyncPolicyClient"
            told = f"{type(self).__name__} asks by an httpx.{kind}, and {type(transport).__name__} is none"
            raise TypeError(f"{told}. Give it one in Limits(transport=…), or use {other}")
        if store is not None and not (hasattr(store, "load") and hasattr(store, "save")):
            told = f"{type(store).__name__} is no store: it has no load() and save()"
            raise TypeError(f"{told}. Use FileStore, or leave it out")

    @property
    def manifest(self) -> Json | None:
        """The manifest gone by, None where none was ever had. It is shared: do not change it."""
        copy = self._copy
        return copy.manifest if copy else None

    @property
    def health(self) -> Health:
        """How old the copy is, and what was wrong last."""
        heard = self._heard
        age = time.monotonic() - heard.ticks if heard else None
        return Health(age, heard.at if heard else None, self._error)

    def expect(self, documents: Iterable[str]) -> None:
        """Name what customers are asked about: the log says, once of each manifest, if it lacks one of them."""
        self._expected = tuple(documents)
        if not self._expected:
            log.warning("%s: No policy is named, so nobody is asked about any", self.url)
        self._miss(self._expected)

    def review(self, document: str, records: Records, now: datetime | None = None) -> Json:
        """What one customer has to do about a document, as ``inforce_client.review_state`` says it."""
        self._miss((document,))
        return review_state(self._prepared, document, records, now or datetime.now(UTC))

    def review_all(self, documents: Iterable[str], records: Records, now: datetime | None = None) -> Json:
        """What one customer has to do about several, as ``inforce_client.review_all`` says it."""
        named = tuple(documents)
        self._miss(named)
        return review_all(self._prepared, named, records, now or datetime.now(UTC))

    def details(
        self, document: str, records: Records, now: datetime | None = None, language: str | None = None
    ) -> Json | None:
        """What to show this customer about a document; None where there is nothing to look at.

        It has all keys of ``review``. An upcoming version is shown as the change that it will be for this customer:
        ``base``, ``changes`` and ``redline`` are those of the instant at which it takes effect. Besides: ``policy`` and
        ``row``, the document and the version as they stand in the manifest; ``url``, the text's address in
        ``language`` where it was translated; ``asks_accept``, whether it wants an acceptance, and ``may_decline``.
        Addresses, those of ``redline`` too, are absolute.
        """
        self._miss((document,))
        copy, kept = self._copy, list(records)
        if copy is None:
            return None
        return _details(copy, document, kept, now or datetime.now(UTC), language)

    def record_from(self, answer: object, records: Records = (), now: datetime | None = None) -> Json:
        """The record to keep of what a customer answered, as ``inforce_client.record_from`` makes it."""
        return record_from(answer, self._prepared, records, now)

    def address(self, relative: str | None) -> str | None:
        """An address of the manifest made absolute; None unless it is one of http, https or mailto."""
        copy = self._copy
        return _address(copy, relative) if copy else copies.address(self.url, relative)

    merge = staticmethod(merge)

    @property
    def _prepared(self) -> Prepared | None:
        copy = self._copy
        return copy.prepared if copy else None

    def _miss(self, documents: Iterable[str]) -> None:
        """Say in the log, once of each manifest, that it lacks a policy: nobody would be asked about it, in silence."""
        copy = self._copy
        if copy is None or self._missed:
            return
        known = copy.prepared.documents
        if missing := [each for each in documents if each not in known]:
            self._missed = True
            told = "%s: There is no policy %s, so nobody is asked about it. There is %s"
            log.warning(told, self.url, ", ".join(map(repr, missing)), ", ".join(known) or "none at all")

    # What to ask, and what came of it

    def _asking(self, held: Copy | None) -> dict[str, str]:
        """The headers of a request that leaves out what is ``held``."""
        if held is None or self._believed >= TRUSTED:
            return {"Cache-Control": "no-cache"}
        if held.etag:
            return {"If-None-Match": held.etag}
        return {"If-Modified-Since": held.last_modified} if held.last_modified else {}

    def _hear(self, asked: Mapping[str, str], answer: Answer) -> Polled:
        """Go by an answer if it is better than what is held."""
        try:
            offered = self._read(asked, answer)
            polled = self._take(offered) if offered else Polled(Outcome.SAME, self._serial)
        except Exception as error:
            return self._fail(error)
        self._heard = _Heard(datetime.now(UTC), time.monotonic())
        return self._told(polled)

    def _fail(self, error: Exception) -> Polled:
        """Whatever a server, a network or its library does, a shop goes on by its copy."""
        if isinstance(error, UnusableError):
            return self._told(Polled(Outcome.KEPT, self._serial, str(error), error.code))
        problem = f"{self.url}: No answer ({type(error).__name__}: {error})"
        return self._told(Polled(Outcome.KEPT, self._serial, " ".join(problem.split())))

    def _told(self, polled: Polled) -> Polled:
        self._error = polled.problem
        if polled.problem:
            log.warning("%s", polled.problem)
        return polled

    @property
    def _serial(self) -> int | None:
        copy = self._copy
        return copy.serial if copy else None

    def _read(self, asked: Mapping[str, str], answer: Answer) -> Copy | None:
        """What the server has; None where it says that this is what is held."""
        if answer.status == 304 and "Cache-Control" not in asked:
            self._believed += 1
            return None
        if answer.status != 200:
            what = f"The answer is {answer.status}, not 200"
            raise UnusableError(self.url, what, "See whether the site is up and the address right")
        self._believed = 0
        validators = (answer.headers.get(name, "") for name in ("etag", "last-modified"))
        return copies.read(self.url, answer.body, *validators)

    def _take(self, offered: Copy) -> Polled:
        """Swap and save, one at a time, so that of two polls the better answer stays in memory and in the store."""
        with self._lock:
            held = self._copy = self._furthest()
            copies.judge(held, offered, self.epoch)
            self._copy = offered
            problem = "" if offered == held else self._save(offered)
        changed = held is None or held.body != offered.body
        self._missed = self._missed and not changed
        self._miss(self._expected)
        return Polled(Outcome.NEW if changed else Outcome.SAME, offered.serial, problem)

    def _furthest(self) -> Copy | None:
        """The copy in memory, or the one in the store where another process has taken a later one since."""
        try:
            if kept := self._kept():
                copies.judge(self._copy, kept, self.epoch)
                return kept
        except Exception as error:  # a store that fails, or whose copy is no better, leaves what is in memory
            log.debug("%s: The copy in memory stays (%s)", self.url, error)
        return self._copy

    def _save(self, copy: Copy) -> str:
        try:
            if self._store:
                self._store.save(copies.pack(copy))
        except Exception as error:
            return " ".join(f"{self.url}: The copy is used, and could not be kept ({error})".split())
        return ""

    def _kept(self) -> Copy | None:
        data = self._store.load() if self._store else None
        return None if data is None else copies.unpack(data, self.url, self.epoch)

    def _load(self) -> None:
        try:
            self._copy = self._kept()
        except UnusableError as error:
            log.warning("%s", error)
        except Exception as error:
            log.warning("%s: The copy that was kept cannot be read (%s)", self.url, error)

    def _forked(self) -> None:
        """Go on in a child process: a lock that another thread held there will never be free again."""
        self._lock = threading.Lock()


def _address(copy: Copy, relative: object) -> str | None:
    """An address of the manifest made absolute; None unless it is one of http, https or mailto."""
    home = copies.address(copy.url, copy.manifest.get("base", ""))
    return copies.address(home, relative) if home else None


def _details(
    copy: Copy, document: str, records: list[Mapping[str, Any]], now: datetime, language: str | None
) -> Json | None:
    """What ``PolicyClient.details`` gives."""
    state = review_state(copy.prepared, document, records, now)
    if state["version"] is None:
        return None
    policy = copy.manifest["documents"][document]
    row = next(each for each in policy["versions"] if each["version"] == state["version"])
    shown = state
    if state["state"] == "upcoming":
        shown = review_state(copy.prepared, document, records, instant(row["effective_at"]))
    asks_accept = state["requires"] == "accept"
    addresses = (_address(copy, each) for each in shown["redline"] or ())
    return {
        **state,
        "base": shown["base"],
        "changes": shown["changes"],
        "redline": [each for each in addresses if each],
        "policy": policy,
        "row": row,
        "url": _address(copy, (row.get("translations", {}).get(language) or row).get("url")),
        "asks_accept": asks_accept,
        "may_decline": asks_accept and state["state"] != "upcoming",
    }


_known: weakref.WeakSet[Policies] = weakref.WeakSet()


def _forked() -> None:
    for each in list(_known):
        each._forked()


if hasattr(os, "register_at_fork"):  # a system that cannot fork has none
    os.register_at_fork(after_in_child=_forked)
