"""An address -> what stands there, by one deadline and within a size, over TLS.

A body is read as it came and decoded here, as decoders in libraries know no bound: one gzip may hold a thousand times
its own size, and one inside another a million times. ``network`` keeps the deadline.

It fetches, and judges nothing of what it got. ``fetch`` and ``fetch_async`` do the same in a thread and in an event
loop: what is sent, followed and taken is told once, in ``_Exchange``.
"""

import asyncio
import contextlib
import re
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from inforce_client.copies import UnusableError
from inforce_client.network import AsyncTransport, Clock, Transport, httpx, is_loopback

LARGEST = 16 * 1024 * 1024
"""Bytes of an answer, as it comes and after decoding. A manifest of 300 versions and 15 clauses, as `make bench` makes
it up, has 242,540."""
MEMBERS = 100
"""How many gzip streams one answer may be made of, one behind the other (RFC 1952 has it so). Servers send one."""
PATIENCE = 10.0
"""Seconds for a connection, and for each part of an answer."""
DEADLINE = 30.0
"""Seconds for all of it, redirects too."""
HOPS = 5


@dataclass(frozen=True)
class Answer:
    """The last answer behind all redirects: its ``status``, its decoded ``body``, and its headers."""

    status: int
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Limits:
    """What an exchange may take. ``insecure`` allows addresses without TLS.

    ``transport`` stands in place of the network, httpx's for a thread or for an event loop. In a thread only the body
    of what it brings is held to the deadline.
    """

    deadline: float = DEADLINE
    patience: float = PATIENCE
    largest: int = LARGEST
    insecure: bool = False
    verify: ssl.SSLContext | None = None
    transport: httpx.BaseTransport | httpx.AsyncBaseTransport | None = None


def refused(url: str, insecure: bool = False) -> str:
    """Why nothing is fetched from ``url``, and what to do; empty where it may be.

    Without TLS anybody on the way may answer. What this machine says to itself takes no way.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return f"{url!r} is not the address of a manifest, such as https://policies.example/policy-manifest.json"
    if parts.scheme == "https" or insecure or is_loopback(parts.hostname):
        return ""
    return f"{url!r} is an address without TLS. Write https, or allow it with limits=Limits(insecure=True)"


def fetch(url: str, headers: Mapping[str, str], limits: Limits) -> Answer:
    """What stands at ``url``; the body of an answer other than 200 is not read.

    Raises UnusableError, saying why, for an answer that is too long, too late, encoded in another way than was asked
    for, or behind an address without TLS; and what httpx and httpcore raise where there is none.
    """
    exchange = _Exchange(url, headers, limits)
    with contextlib.ExitStack() as closing:
        network = limits.transport or closing.enter_context(Transport(exchange.clock, limits.verify))
        assert isinstance(network, httpx.BaseTransport)
        http = httpx.Client(transport=network, timeout=limits.patience)
        while exchange.answer is None:
            response = http.send(exchange.request(), stream=True)  # httpx would read a redirect's body, and decode it
            with contextlib.closing(response):
                if body := exchange.take(response):
                    for part in response.iter_raw():
                        body.add(part)
                    exchange.end(response, body)
    return exchange.answer


async def fetch_async(url: str, headers: Mapping[str, str], limits: Limits) -> Answer:
    """The same as ``fetch``, without ever holding up an event loop of asyncio."""
    exchange = _Exchange(url, headers, limits)
    try:
        async with asyncio.timeout(limits.deadline), contextlib.AsyncExitStack() as closing:
            network = limits.transport or await closing.enter_async_context(AsyncTransport(limits.verify))
            assert isinstance(network, httpx.AsyncBaseTransport)
            http = httpx.AsyncClient(transport=network, timeout=limits.patience)
            while exchange.answer is None:
                response = await http.send(exchange.request(), stream=True)
                async with contextlib.aclosing(response):
                    if body := exchange.take(response):
                        async for part in response.aiter_raw():
                            body.add(part)
                        exchange.end(response, body)
    except TimeoutError:
        raise exchange.clock.over() from None
    return exchange.answer


class _Exchange:
    """What to send next, and what came of it: ``answer`` once it is at its end. It sends nothing itself."""

    def __init__(self, url: str, headers: Mapping[str, str], limits: Limits) -> None:
        self.clock, self.limits = Clock(url, limits.deadline), limits
        self.answer: Answer | None = None
        asking = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "inforce-client", **headers}
        self._next = httpx.Request("GET", url, headers=asking)
        self._hops = 0

    def request(self) -> httpx.Request:
        """The next request. Raises UnusableError after too many redirects."""
        if self._hops > HOPS:
            raise UnusableError(
                self.clock.url, f"It leads to another address more than {HOPS} times", "Mend the redirects"
            )
        self._hops += 1
        return self._next

    def take(self, response: httpx.Response) -> "_Body | None":
        """What to read the response's body into; None where it is not to be read: that of a redirect, or no 200."""
        following = response.next_request
        if following is not None:
            self._next = self._following(following)
            return None
        if response.status_code == 200:
            return _Body(self.clock, self.limits.largest, response.headers.get("content-encoding", ""))
        self.answer = Answer(response.status_code, b"", response.headers)
        return None

    def end(self, response: httpx.Response, body: "_Body") -> None:
        """The body came whole."""
        self.answer = Answer(response.status_code, body.content(), response.headers)

    def _following(self, following: httpx.Request) -> httpx.Request:
        """The request that a redirect asks for: where there was TLS, it stays."""
        address, was = str(following.url), self._next.url.scheme
        if refused(address, self.limits.insecure) or (was == "https") > (following.url.scheme == "https"):
            what = f"It leads to an address without TLS, {address[:200]}"
            raise UnusableError(self.clock.url, what, "Mend the redirect")
        return following


class _Body:
    """The content of a body, part by part: as it is, or out of gzip streams, one behind the other.

    Never more of it is made at once than is still allowed. Whatever else was done to it was not asked for.
    """

    def __init__(self, clock: Clock, largest: int, encoding: str) -> None:
        self.clock, self.largest = clock, largest
        self.parts: list[bytes] = []
        self.came = self.size = 0
        self.members = 1
        named = [each for each in re.split(r"[\s,]+", encoding.lower()) if each not in ("", "identity")]
        self.engine = zlib.decompressobj(wbits=31) if named else None
        if named not in ([], ["gzip"], ["x-gzip"]):
            what = f"The answer is encoded as {', '.join(named)[:60]}, where gzip was asked for"
            raise UnusableError(clock.url, what, "See what stands between the server and this machine")

    def add(self, part: bytes) -> None:
        """The next bytes as they came. Raises UnusableError once they are too many, too late or no gzip."""
        self.came += len(part)
        if self.came > self.largest:
            raise self._too_long()
        self.clock.left()
        if self.engine:
            self._unzip(self.engine, part)
        else:
            self.parts.append(part)

    def content(self) -> bytes:
        """All of it. Raises UnusableError where a gzip has no end."""
        if self.engine and not self.engine.eof:
            raise self._not_gzip("not all of it")
        return b"".join(self.parts)

    def _unzip(self, engine: "zlib._Decompress", data: bytes) -> None:
        while data:
            if engine.eof:
                self.members += 1
                self.engine = engine = zlib.decompressobj(wbits=31)
            if self.members > MEMBERS:
                raise self._not_gzip(f"more than {MEMBERS} streams")
            try:
                found = engine.decompress(data, self.largest + 1 - self.size)
            except zlib.error as error:
                raise self._not_gzip(str(error)) from None
            self.size += len(found)
            if self.size > self.largest:
                raise self._too_long()
            self.parts.append(found)
            data = engine.unused_data if engine.eof else engine.unconsumed_tail

    def _too_long(self) -> UnusableError:
        what = f"The answer is longer than {self.largest} bytes"
        return UnusableError(self.clock.url, what, "Look at what stands at that address")

    def _not_gzip(self, why: str) -> UnusableError:
        what = f"This is not gzip, as it says it is ({why})"
        return UnusableError(self.clock.url, what, "See what answers at that address")
