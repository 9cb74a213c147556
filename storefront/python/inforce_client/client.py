"""What a shop's backend imports: polls the manifest, keeps the last good copy, and decides per customer from memory.

This is an edge: it has a clock, a disk and threads. What makes a copy usable is said in ``copies``, how one is got in
``fetching``, what a customer has to do in ``review``.

Nothing here ever raises for what a server, a network or a store does. An error, a time-out, HTML, half an answer or a
manifest of a later kind leaves the copy in place; ``Polled`` and the log say what was wrong.
"""

import logging
import os
import random
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, Self

from inforce_client import copies, fetching
from inforce_client.copies import Copy, UnusableError
from inforce_client.fetching import Limits
from inforce_client.review import Prepared, review_all, review_state

log = logging.getLogger("inforce_client")

LONGEST_WAIT = 3600.0
"""Seconds between two polls while they fail, at the most, unless the interval is longer."""
SOON = 5.0
"""Seconds after a first failure where there is no copy yet: the shop can decide nothing."""
TRUSTED = 12
"""How many times in a row "not modified" is believed. A server that makes its validators of times and sizes can say so
of content that did change; then the next poll, an hour later at the usual interval, asks for all of it."""


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


class PolicyClient:
    """The manifest at ``url``, polled. Every method may be called from any thread.

    ``store`` keeps the last good copy over a restart; without one it lives in memory only, and what was once published
    is forgotten. ``epoch``, where it is given, is the only one whose manifests are gone by: the way out once a wrong
    manifest locks this client. ``limits`` say how long an answer may take, how large it may be, and whether it may come
    without TLS. Raises ValueError for what is no address, one without TLS, and no epoch.
    """

    def __init__(
        self, url: str, store: Store | None = None, *, epoch: int | None = None, limits: Limits | None = None
    ) -> None:
        self.limits = limits or Limits()
        if wrong := fetching.refused(url, self.limits.insecure):
            raise ValueError(wrong)
        if epoch is not None and epoch not in range(copies.LARGEST + 1):
            raise ValueError(f"{epoch!r} is no epoch: it is a whole number from 0 to {copies.LARGEST:,}")
        self.url, self.epoch = url, epoch
        self._store = store
        self._copy: Copy | None = None  # immutable, and swapped as a whole: a reader needs no lock
        self._believed = 0
        self._lock = threading.Lock()
        self._stop: threading.Event | None = None
        self._load()

    @property
    def manifest(self) -> dict[str, Any] | None:
        """The manifest gone by, None where none was ever had. It is shared: do not change it."""
        copy = self._copy
        return copy.manifest if copy else None

    def review(
        self, document: str, records: Iterable[Mapping[str, Any]], now: datetime | None = None
    ) -> dict[str, Any]:
        """What one customer has to do about a document, as ``inforce_client.review_state`` says it."""
        return review_state(self._prepared, document, records, now or datetime.now(UTC))

    def review_all(
        self, documents: Iterable[str], records: Iterable[Mapping[str, Any]], now: datetime | None = None
    ) -> dict[str, Any]:
        """What one customer has to do about several, as ``inforce_client.review_all`` says it."""
        return review_all(self._prepared, documents, records, now or datetime.now(UTC))

    def address(self, relative: str | None) -> str | None:
        """An address of the manifest made absolute; None unless it is one of http, https or mailto."""
        return copies.address((self.manifest or {}).get("base", self.url), relative)

    @property
    def _prepared(self) -> Prepared | None:
        copy = self._copy
        return copy.prepared if copy else None

    def poll(self) -> Polled:
        """Ask once, and go by the answer if it is better than what is held."""
        held = self._copy
        try:
            offered = self._fetch(held)
            polled = self._take(offered) if offered else Polled(Outcome.SAME, self._serial)
        except UnusableError as error:
            polled = Polled(Outcome.KEPT, self._serial, str(error), error.code)
        except Exception as error:  # whatever a network or its library does, a shop goes on by its copy
            problem = f"{self.url}: No answer ({type(error).__name__}: {error})"
            polled = Polled(Outcome.KEPT, self._serial, " ".join(problem.split()))
        if polled.problem:
            log.warning("%s", polled.problem)
        return polled

    @property
    def _serial(self) -> int | None:
        copy = self._copy
        return copy.serial if copy else None

    def _take(self, offered: Copy) -> Polled:
        """Swap and save, one at a time, so that of two polls the better answer stays in memory and in the store."""
        with self._lock:
            held = self._copy = self._furthest()
            copies.judge(held, offered, self.epoch)
            self._copy = offered
            problem = "" if offered == held else self._save(offered)
        changed = held is None or held.body != offered.body
        return Polled(Outcome.NEW if changed else Outcome.SAME, offered.serial, problem)

    def _furthest(self) -> Copy | None:
        """The copy in memory, or the one in the store where another process has taken a later one since."""
        try:
            if self._store and (data := self._store.load()) is not None:
                kept = copies.unpack(data, self.url, self.epoch)
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

    def _load(self) -> None:
        try:
            if self._store and (data := self._store.load()) is not None:
                self._copy = copies.unpack(data, self.url, self.epoch)
        except UnusableError as error:
            log.warning("%s", error)
        except Exception as error:
            log.warning("%s: The copy that was kept cannot be read (%s)", self.url, error)

    def _fetch(self, held: Copy | None) -> Copy | None:
        """What the server has; None where it says that this is what is held."""
        headers = {}
        if held is None or self._believed >= TRUSTED:
            headers["Cache-Control"] = "no-cache"
        elif held.etag:
            headers["If-None-Match"] = held.etag
        elif held.last_modified:
            headers["If-Modified-Since"] = held.last_modified
        answer = fetching.fetch(self.url, headers, self.limits)
        if answer.status == 304 and "Cache-Control" not in headers:
            self._believed += 1
            return None
        if answer.status != 200:
            what = f"The answer is {answer.status}, not 200"
            raise UnusableError(self.url, what, "See whether the site is up and the address right")
        self._believed = 0
        return copies.read(
            self.url, answer.body, answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
        )

    def run(self, stop: threading.Event, interval: float = 300.0, jitter: float = 0.2) -> None:
        """Poll every ``interval`` seconds, give or take ``jitter`` of it (0 to 1), until ``stop`` is set.

        Why not on the dot: the processes of a shop start together, after a deployment or a power cut, and would ask
        together ever after, and all shops at the full minute. Each waits a little longer or shorter every time, so they
        drift apart and stay so. A process that starts with a kept copy waits a random part of an interval before it
        asks at all; one without a copy asks at once. While polls fail the wait doubles, up to an hour, so that a server
        in trouble is not asked more often than one that is well; without any copy it starts at seconds instead.
        """
        failures = 0
        wait = random.uniform(0, interval) if self._copy else 0.0
        while not stop.wait(wait):
            failures = failures + 1 if self.poll().outcome is Outcome.KEPT else 0
            wait = pause(interval, jitter, failures, self._copy is not None, random.random())

    def start(self, interval: float = 300.0, jitter: float = 0.2) -> None:
        """Poll in a thread of its own until :meth:`stop`. A process that forks starts it after the fork."""
        with self._lock:
            if self._stop is None:
                self._stop = threading.Event()
                arguments = (self._stop, interval, jitter)
                threading.Thread(target=self.run, args=arguments, name="inforce-client", daemon=True).start()

    def stop(self) -> None:
        """End polling; a poll that is under way still ends by itself."""
        with self._lock:
            if self._stop is not None:
                self._stop.set()
                self._stop = None

    def __enter__(self) -> Self:
        """Start polling."""
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        """Stop polling."""
        self.stop()


def pause(interval: float, jitter: float, failures: int, held: bool, chance: float) -> float:
    """Seconds to wait after that many ``failures`` in a row; ``chance`` is a random number from 0 to 1.

    ``held`` says whether there is a copy to go by: without one the shop can decide nothing, so it asks sooner.
    """
    if not failures:
        wait = interval
    elif held:
        wait = min(interval * 2.0 ** min(failures, 20), max(interval, LONGEST_WAIT))
    else:
        wait = min(SOON * 2.0 ** min(failures - 1, 20), interval)
    return wait * (1 + jitter * (2 * chance - 1))
