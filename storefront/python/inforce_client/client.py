"""What a shop's backend imports: polls the manifest, keeps the last good copy, and decides per customer from memory.

``PolicyClient`` polls in a thread, ``AsyncPolicyClient`` in an event loop of asyncio. Both are ``Policies``, which says
what they take and what they tell; they differ in how they wait and ask alone, and are told here when to.
"""

import asyncio
import contextlib
import random
import threading
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Self

from inforce_client import fetching
from inforce_client.copies import FileStore, Store
from inforce_client.network import httpx
from inforce_client.policies import Health, Outcome, Policies, Polled, log

__all__ = ["AsyncPolicyClient", "FileStore", "Health", "Outcome", "PolicyClient", "Polled", "Store"]

INTERVAL = 300.0
"""Seconds from one poll to the next, where nothing else is said."""
JITTER = 0.2
"""Which part of an interval each wait may be longer or shorter by."""
FIRST = 5.0
"""Seconds that ``start`` waits for a first copy, where there is none at all."""
LONGEST_WAIT = 3600.0
"""Seconds between two polls while they fail, at the most, unless the interval is longer."""
SOON = 5.0
"""Seconds after a first failure where there is no copy yet: the shop can decide nothing."""


@dataclass(frozen=True)
class _Polling:
    """A thread that polls: how often, and what ends it; ``asked`` is set once there was an answer, or none."""

    interval: float
    jitter: float
    stop: threading.Event = field(default_factory=threading.Event)
    asked: threading.Event = field(default_factory=threading.Event)


class PolicyClient(Policies):
    """The manifest at ``url``, polled in a thread. Every method may be called from any thread.

    In a process that was forked from one that polls, polling goes on by itself, with the copy that was had before.
    """

    _carries = httpx.BaseTransport
    _polling: _Polling | None = None

    def poll(self) -> Polled:
        """Ask once, and go by the answer if it is better than what is held."""
        asked = self._asking(self._copy)
        try:
            answer = fetching.fetch(self.url, asked, self.limits)
        except Exception as error:  # whatever a network or its library does
            return self._fail(error)
        return self._hear(asked, answer)

    def run(
        self,
        stop: threading.Event,
        interval: float = INTERVAL,
        jitter: float = JITTER,
        asked: threading.Event | None = None,
    ) -> None:
        """Poll every ``interval`` seconds, give or take ``jitter`` of it (0 to 1), until ``stop`` is set.

        ``asked`` is set after each poll.
        """
        waits = _waits(self, interval, jitter)
        wait = next(waits)
        while not stop.wait(wait):
            wait = waits.send(self.poll())
            if asked:
                asked.set()

    def start(self, interval: float = INTERVAL, jitter: float = JITTER, first: float = FIRST) -> None:
        """Poll in a thread of its own until :meth:`stop`, and in those of processes that this one forks.

        Where there is no copy at all it waits for the first answer, at most ``first`` seconds: so the first customer is
        decided about, and a site that hangs does not keep a shop from starting.
        """
        with self._lock:
            if self._polling is None:
                self._begin(interval, jitter)
            polling = self._polling
        if polling and self._copy is None:
            polling.asked.wait(first)

    def _begin(self, interval: float, jitter: float) -> None:
        polling = self._polling = _Polling(interval, jitter)
        arguments = (polling.stop, interval, jitter, polling.asked)
        threading.Thread(target=self.run, args=arguments, name="inforce-client", daemon=True).start()

    def stop(self) -> None:
        """End polling; a poll that is under way still ends by itself."""
        with self._lock:
            if self._polling is not None:
                self._polling.stop.set()
                self._polling = None

    def _forked(self) -> None:
        super()._forked()
        if self._polling is not None:
            log.info("%s: This process was forked, and polls for itself", self.url)
            self._begin(self._polling.interval, self._polling.jitter)

    def __enter__(self) -> Self:
        """Start polling."""
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        """Stop polling."""
        self.stop()


class AsyncPolicyClient(Policies):
    """The manifest at ``url``, polled in an event loop of asyncio, which nothing here holds up.

    What decides is no coroutine, as it waits for nobody. A forked process has no event loop yet: it starts in its own.
    """

    _carries = httpx.AsyncBaseTransport
    _polling: "asyncio.Task[None] | None" = None

    async def poll(self) -> Polled:
        """Ask once, and go by the answer if it is better than what is held."""
        asked = self._asking(self._copy)
        try:
            answer = await fetching.fetch_async(self.url, asked, self.limits)
        except Exception as error:  # whatever a network or its library does
            return self._fail(error)
        return await asyncio.to_thread(self._hear, asked, answer)  # a store may be slow, and a manifest long

    async def run(self, interval: float = INTERVAL, jitter: float = JITTER, asked: asyncio.Event | None = None) -> None:
        """Poll every ``interval`` seconds, give or take ``jitter`` of it (0 to 1), until it is cancelled.

        ``asked`` is set after each poll.
        """
        waits = _waits(self, interval, jitter)
        wait = next(waits)
        while True:
            await asyncio.sleep(wait)
            wait = waits.send(await self.poll())
            if asked:
                asked.set()

    async def start(self, interval: float = INTERVAL, jitter: float = JITTER, first: float = FIRST) -> None:
        """Poll in a task of the running event loop until :meth:`stop`.

        Where there is no copy at all it waits for the first answer, at most ``first`` seconds: so the first customer is
        decided about, and a site that hangs does not keep a shop from starting.
        """
        if self._polls_here():
            return
        asked = asyncio.Event()
        self._polling = asyncio.create_task(self.run(interval, jitter, asked), name="inforce-client")
        if self._copy is None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asked.wait(), first)

    def _polls_here(self) -> bool:
        task = self._polling
        return task is not None and not task.done() and task.get_loop() is asyncio.get_running_loop()

    async def stop(self) -> None:
        """End polling, and a poll that is under way."""
        task, here = self._polling, self._polls_here()
        self._polling = None
        if task and here:
            task.cancel()
            await asyncio.wait([task])

    def _forked(self) -> None:
        super()._forked()
        if self._polling is not None:
            log.warning("%s: This process was forked, and does not poll. Call start() in its event loop", self.url)
            self._polling = None

    async def __aenter__(self) -> Self:
        """Start polling."""
        await self.start()
        return self

    async def __aexit__(self, *exception: object) -> None:
        """Stop polling."""
        await self.stop()


def _waits(policies: Policies, interval: float, jitter: float) -> Generator[float, Polled, None]:
    """Seconds to wait before each poll, for whoever sends what came of the one before.

    Why not on the dot: the processes of a shop start together, after a deployment or a power cut, and would ask
    together ever after, and all shops at the full minute. Each waits a little longer or shorter every time, so they
    drift apart and stay so. A process that starts with a copy waits a random part of an interval before it asks at
    all; one without a copy asks at once. While polls fail the wait doubles, up to an hour, so that a server in
    trouble is not asked more often than one that is well; without any copy it starts at seconds instead.
    """
    failures = 0
    polled = yield random.uniform(0, interval) if policies.manifest is not None else 0.0
    while True:
        failures = failures + 1 if polled.outcome is Outcome.KEPT else 0
        polled = yield pause(interval, jitter, failures, policies.manifest is not None, random.random())


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
