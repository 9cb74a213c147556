"""An address -> what stands there, by one deadline and within a size, over TLS.

httpx and h11 know a time-out for each read only: an answer whose headers drip in, or which begins with endless 103s,
keeps each of them and never ends. So every look-up, connection, handshake, read and write here is given what is left of
one deadline. A body is read as it came and decoded here, as decoders in libraries know no bound: one gzip may hold a
thousand times its own size, and one inside another a million times.

It fetches, and judges nothing of what it got.
"""

import contextlib
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from inforce_client.copies import UnusableError

try:
    import httpcore
    import httpx
except ImportError:
    raise ImportError("inforce_client needs httpx. Install it: pip install inforce-client") from None

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

    ``transport`` stands in place of the network: of it, only the body is held to the deadline.
    """

    deadline: float = DEADLINE
    patience: float = PATIENCE
    largest: int = LARGEST
    insecure: bool = False
    verify: ssl.SSLContext | None = None
    transport: httpx.BaseTransport | None = None


def refused(url: str, insecure: bool = False) -> str:
    """Why nothing is fetched from ``url``, and what to do; empty where it may be.

    Without TLS anybody on the way may answer. What this machine says to itself takes no way.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return f"{url!r} is not the address of a manifest, such as https://policies.example/policy-manifest.json"
    if parts.scheme == "https" or insecure or _is_loopback(parts.hostname):
        return ""
    return f"{url!r} is an address without TLS. Write https, or allow it with limits=Limits(insecure=True)"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Clock:
    """What is left of the time for one exchange."""

    def __init__(self, url: str, limits: Limits) -> None:
        self.url, self.limits = url, limits
        self.ends = time.monotonic() + limits.deadline

    def left(self, timeout: float | None = None) -> float:
        """Seconds, at most ``timeout``. Raises UnusableError once there are none."""
        left = self.ends - time.monotonic()
        if left <= 0:
            what = f"The answer took longer than {self.limits.deadline:g} seconds"
            raise UnusableError(self.url, what, "See what slows the server down")
        return left if timeout is None else min(left, timeout)


def fetch(url: str, headers: Mapping[str, str], limits: Limits) -> Answer:
    """What stands at ``url``; the body of an answer other than 200 is not read.

    Raises UnusableError, saying why, for an answer that is too long, too late, encoded in another way than was asked
    for, or behind an address without TLS; and what httpx and httpcore raise where there is none.
    """
    clock = Clock(url, limits)
    if limits.transport:
        return _answer(clock, headers, limits.transport)
    with contextlib.closing(_Transport(clock, limits)) as network:
        return _answer(clock, headers, network)


def _answer(clock: Clock, headers: Mapping[str, str], transport: httpx.BaseTransport) -> Answer:
    url, limits = clock.url, clock.limits
    http = httpx.Client(transport=transport, timeout=limits.patience)
    asking = {"Accept": "application/json", "Accept-Encoding": "gzip", **headers}
    request = http.build_request("GET", url, headers=asking)
    for _ in range(HOPS + 1):
        answer = http.send(request, stream=True)  # httpx would read a redirect's body to its end, and decode it
        try:
            if answer.next_request is None:
                return Answer(answer.status_code, _content(answer, clock), answer.headers)
            request = _following(url, request, answer.next_request, limits)
        finally:
            answer.close()
    raise UnusableError(url, f"It leads to another address more than {HOPS} times", "Mend the redirects")


def _following(url: str, request: httpx.Request, following: httpx.Request, limits: Limits) -> httpx.Request:
    """The request that a redirect asks for: where there was TLS, it stays."""
    address = str(following.url)
    if refused(address, limits.insecure) or (request.url.scheme == "https") > (following.url.scheme == "https"):
        raise UnusableError(url, f"It leads to an address without TLS, {address[:200]}", "Mend the redirect")
    return following


def _content(answer: httpx.Response, clock: Clock) -> bytes:
    if answer.status_code != 200:
        return b""
    encoding = answer.headers.get("content-encoding", "")
    return b"".join(_decoded(clock.url, encoding, _raw(answer, clock), clock.limits))


def _raw(answer: httpx.Response, clock: Clock) -> Iterator[bytes]:
    """The body's bytes as they came."""
    size = 0
    for part in answer.iter_raw():
        size += len(part)
        if size > clock.limits.largest:
            raise _too_long(clock.url, clock.limits.largest)
        clock.left()
        yield part


def _too_long(url: str, largest: int) -> UnusableError:
    return UnusableError(url, f"The answer is longer than {largest} bytes", "Look at what stands at that address")


def _decoded(url: str, encoding: str, parts: Iterable[bytes], limits: Limits) -> Iterator[bytes]:
    """The content of a body: as it is, or out of one gzip. Whatever else was done to it was not asked for."""
    named = [each for each in re.split(r"[\s,]+", encoding.lower()) if each not in ("", "identity")]
    if not named:
        return iter(parts)
    if named in (["gzip"], ["x-gzip"]):
        return _unzipped(url, parts, limits)
    what = f"The answer is encoded as {', '.join(named)[:60]}, where gzip was asked for"
    raise UnusableError(url, what, "See what stands between the server and this machine")


def _unzipped(url: str, parts: Iterable[bytes], limits: Limits) -> Iterator[bytes]:
    """The content of gzip streams, one behind the other, never more of it at once than is still allowed."""
    size, members, engine = 0, 1, zlib.decompressobj(wbits=31)
    for part in parts:
        data = part
        while data:
            if engine.eof:
                members, engine = members + 1, zlib.decompressobj(wbits=31)
            if members > MEMBERS:
                raise _not_gzip(url, f"more than {MEMBERS} streams")
            try:
                found = engine.decompress(data, limits.largest + 1 - size)
            except zlib.error as error:
                raise _not_gzip(url, str(error)) from None
            size += len(found)
            if size > limits.largest:
                raise _too_long(url, limits.largest)
            yield found
            data = engine.unused_data if engine.eof else engine.unconsumed_tail
    if not engine.eof:
        raise _not_gzip(url, "not all of it")


def _not_gzip(url: str, why: str) -> UnusableError:
    return UnusableError(url, f"This is not gzip, as it says it is ({why})", "See what answers at that address")


# The network, in time


class _Transport(httpx.BaseTransport):
    """httpx over connections that know the deadline. Proxies are those that the environment names, as ever."""

    def __init__(self, clock: Clock, limits: Limits) -> None:
        self.network = _Network(clock)
        self.tls = limits.verify or httpx.create_ssl_context()
        self.pools: list[httpcore.ConnectionPool] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request, by a connection of its own."""
        pool = httpcore.ConnectionPool(ssl_context=self.tls, network_backend=self.network, proxy=_proxy(request.url))
        self.pools.append(pool)
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        extensions = dict(request.extensions)
        answer = pool.handle_request(
            httpcore.Request(request.method, target, headers=request.headers.raw, extensions=extensions)
        )
        stream = _Body(answer)
        return httpx.Response(answer.status, headers=answer.headers, stream=stream, extensions=answer.extensions)

    def close(self) -> None:
        """Close every connection."""
        for pool in self.pools:
            pool.close()


def _proxy(url: httpx.URL) -> httpcore.Proxy | None:
    """The proxy that the environment names for ``url``."""
    named = getproxies()
    address = named.get(url.scheme) or named.get("all")
    if not address or _is_loopback(url.host) or proxy_bypass(url.host):
        return None
    known = httpx.Proxy(address if "://" in address else f"http://{address}")
    return httpcore.Proxy(str(known.url), auth=known.raw_auth, headers=known.headers.raw)


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self.answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self.answer.iter_stream()

    def close(self) -> None:
        self.answer.close()


class _Network(httpcore.NetworkBackend):
    def __init__(self, clock: Clock) -> None:
        self.clock, self.inner = clock, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first of the host's addresses that takes one."""
        refusal: Exception | None = None
        for address in self._addresses(host, port, timeout):
            try:
                left = self.clock.left(timeout)
                return _Stream(self.inner.connect_tcp(address, port, left, local_address, socket_options), self.clock)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                refusal = error
        self.clock.left()
        raise refusal or httpcore.ConnectError(f"{host} has no address")

    def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:
        """Looked up beside this thread: the system's look-up knows no time-out."""
        found: list[str] = []
        failure: list[OSError] = []

        def look_up() -> None:
            try:
                rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
                found.extend(dict.fromkeys(str(row[4][0]) for row in rows))
            except OSError as error:
                failure.append(error)

        thread = threading.Thread(target=look_up, name="inforce-client look-up", daemon=True)
        thread.start()
        thread.join(self.clock.left(timeout))
        self.clock.left()
        if failure:
            raise httpcore.ConnectError(str(failure[0]))
        if thread.is_alive():
            raise httpcore.ConnectTimeout(f"no address of {host} was found in time")
        return found


class _Stream(httpcore.NetworkStream):
    """A connection whose every step is given what is left of the time."""

    def __init__(self, inner: httpcore.NetworkStream, clock: Clock) -> None:
        self.inner, self.clock = inner, clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self.inner.read(max_bytes, self.clock.left(timeout))
        except httpcore.TimeoutException:
            self.clock.left()
            raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            self.inner.write(buffer, self.clock.left(timeout))
        except httpcore.TimeoutException:
            self.clock.left()
            raise

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            inner = self.inner.start_tls(ssl_context, server_hostname, self.clock.left(timeout))
        except httpcore.TimeoutException:
            self.clock.left()
            raise
        return _Stream(inner, self.clock)

    def close(self) -> None:
        self.inner.close()

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)
