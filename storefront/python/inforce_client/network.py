"""Connections that know one deadline: what carries a request and its answer, asked in a thread or in an event loop.

httpx and h11 know a time-out for each read only: an answer whose headers drip in, or which begins with endless 103s,
keeps each of them and never ends. In a thread, every look-up, connection, handshake, read and write here is therefore
given what is left of one deadline. In an event loop the whole exchange can be cancelled, so httpx's own connections do.

Proxies are those that the environment names, as ever.
"""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_address
from typing import Any
from urllib.request import getproxies, proxy_bypass

from inforce_client.copies import UnusableError

try:
    import httpcore
    import httpx
except ImportError:
    raise ImportError("inforce_client needs httpx. Install it: pip install inforce-client") from None

__all__ = ["AsyncTransport", "Clock", "Transport", "httpx", "is_loopback"]


class Clock:
    """What is left of the ``seconds`` for one exchange with ``url``."""

    def __init__(self, url: str, seconds: float) -> None:
        self.url, self.seconds = url, seconds
        self.ends = time.monotonic() + seconds

    def left(self, timeout: float | None = None) -> float:
        """Seconds, at most ``timeout``. Raises UnusableError once there are none."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise self.over()
        return left if timeout is None else min(left, timeout)

    @contextlib.contextmanager
    def within(self, timeout: float | None) -> Iterator[float]:
        """What is left for one step: where that runs out of it, the whole exchange does."""
        try:
            yield self.left(timeout)
        except httpcore.TimeoutException:
            self.left()
            raise

    def over(self) -> UnusableError:
        """What is raised once there is no time left."""
        what = f"The answer took longer than {self.seconds:g} seconds"
        return UnusableError(self.url, what, "See what slows the server down")


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _proxy(url: httpx.URL) -> httpcore.Proxy | None:
    """The proxy that the environment names for ``url``."""
    named = getproxies()
    address = named.get(url.scheme) or named.get("all")
    if not address or is_loopback(url.host) or proxy_bypass(url.host):
        return None
    known = httpx.Proxy(address if "://" in address else f"http://{address}")
    return httpcore.Proxy(str(known.url), auth=known.raw_auth, headers=known.headers.raw)


def _asked(request: httpx.Request) -> httpcore.Request:
    url = request.url
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    return httpcore.Request(request.method, target, headers=request.headers.raw, extensions=dict(request.extensions))


def _told(answer: httpcore.Response, stream: httpx.SyncByteStream | httpx.AsyncByteStream) -> httpx.Response:
    return httpx.Response(answer.status, headers=answer.headers, stream=stream, extensions=answer.extensions)


# In an event loop


class AsyncTransport(httpx.AsyncBaseTransport):
    """httpx over connections that are all closed with it."""

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self.network = _Opened()
        self.tls = tls or httpx.create_ssl_context()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request, by a connection of its own."""
        proxy = _proxy(request.url)
        pool = httpcore.AsyncConnectionPool(ssl_context=self.tls, network_backend=self.network, proxy=proxy)
        answer = await pool.handle_async_request(_asked(request))
        return _told(answer, _AsyncBody(answer))

    async def aclose(self) -> None:
        """Close every connection."""
        for each in self.network.streams:
            await each.aclose()


class _AsyncBody(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self.answer = answer

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self.answer.aiter_stream()

    async def aclose(self) -> None:
        await self.answer.aclose()


class _Opened(httpcore.AsyncNetworkBackend):
    """asyncio's connections, remembered: httpcore would leave one open whose handshake is cancelled."""

    def __init__(self) -> None:
        self.inner, self.streams = httpcore.AnyIOBackend(), list[httpcore.AsyncNetworkStream]()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the host."""
        self.streams.append(await self.inner.connect_tcp(host, port, timeout, local_address, socket_options))
        return self.streams[-1]


# In a thread, in time


class Transport(httpx.BaseTransport):
    """httpx over connections that know the deadline."""

    def __init__(self, clock: Clock, tls: ssl.SSLContext | None) -> None:
        self.network = _Network(clock)
        self.tls = tls or httpx.create_ssl_context()
        self.pools: list[httpcore.ConnectionPool] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request, by a connection of its own."""
        proxy = _proxy(request.url)
        pool = httpcore.ConnectionPool(ssl_context=self.tls, network_backend=self.network, proxy=proxy)
        self.pools.append(pool)
        answer = pool.handle_request(_asked(request))
        return _told(answer, _Body(answer))

    def close(self) -> None:
        """Close every connection."""
        for pool in self.pools:
            pool.close()


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
        with self.clock.within(timeout) as left:
            return self.inner.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        with self.clock.within(timeout) as left:
            self.inner.write(buffer, left)

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        with self.clock.within(timeout) as left:
            return _Stream(self.inner.start_tls(ssl_context, server_hostname, left), self.clock)

    def close(self) -> None:
        self.inner.close()

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)
