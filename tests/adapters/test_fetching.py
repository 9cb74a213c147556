"""A backend's fetch against servers on this machine that mean it ill: it ends, and takes no more than it may.

Each server goes on until it is hung up on, so a fetch without a deadline would never end. Nothing is measured.
"""

from __future__ import annotations

import contextlib
import gzip
import itertools
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

import loops
from inforce_client import fetching, network
from inforce_client.client import Outcome, PolicyClient
from inforce_client.copies import UnusableError
from inforce_client.fetching import Limits
from patience import PATIENCE

SOON = 0.3
"""Seconds of a deadline that is to pass."""
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
Reply = Callable[[], Iterator[bytes]]


class Hostile:
    """A server on 127.0.0.1 that answers every connection with ``reply``'s parts until it is hung up on."""

    def __init__(self, reply: Reply) -> None:
        self.reply, self.asked = reply, b""
        self.over = threading.Event()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/policy-manifest.json"
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self) -> None:
        while not self.over.is_set():
            with contextlib.suppress(OSError):
                connection, _ = self.socket.accept()
                with connection:
                    self.asked += connection.recv(65536)
                    for part in self.reply():
                        if self.over.is_set():
                            return
                        connection.sendall(part)

    def close(self) -> None:
        self.over.set()
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()


@pytest.fixture
def hostile() -> Iterator[Callable[[Reply], Hostile]]:
    servers: list[Hostile] = []

    def start(reply: Reply) -> Hostile:
        servers.append(Hostile(reply))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def in_a_loop(url: str, headers: dict[str, str], limits: Limits) -> fetching.Answer:
    return loops.run(fetching.fetch_async(url, headers, limits))


@pytest.fixture(params=[fetching.fetch, in_a_loop], ids=["thread", "loop"])
def fetch(request: pytest.FixtureRequest) -> Callable[..., fetching.Answer]:
    """Both ways to fetch, by limits."""

    def within(url: str, deadline: float = PATIENCE, **limits: Any) -> fetching.Answer:
        found: fetching.Answer = request.param(url, {}, Limits(deadline=deadline, **limits))
        return found

    return within


def dripping(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Slowly: each part comes well within the patience of a single read."""
    for part in parts:
        threading.Event().wait(0.01)
        yield part


def silence() -> Iterator[bytes]:
    threading.Event().wait(4 * SOON)
    yield b""


def dripped_status() -> Iterator[bytes]:
    return dripping(itertools.repeat(b"H"))


def dripped_headers() -> Iterator[bytes]:
    yield OK
    yield from dripping(f"X-{number}: 1\r\n".encode() for number in itertools.count())


def endless_103() -> Iterator[bytes]:
    return itertools.repeat(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 50)


def dripped_103() -> Iterator[bytes]:
    return dripping(itertools.repeat(b"HTTP/1.1 103 Early Hints\r\n\r\n"))


def dripped_body() -> Iterator[bytes]:
    yield OK + b"Content-Length: 1000000\r\n\r\n"
    yield from dripping(itertools.repeat(b" "))


def dripped_chunks() -> Iterator[bytes]:
    yield OK + b"Transfer-Encoding: chunked\r\n\r\n"
    yield from dripping(itertools.repeat(b"1\r\n \r\n"))


def dripped_chunk_size() -> Iterator[bytes]:
    yield OK + b"Transfer-Encoding: chunked\r\n\r\n1;x="
    yield from dripping(itertools.repeat(b"x"))


def dripped_gzip() -> Iterator[bytes]:
    yield OK + b"Content-Encoding: gzip\r\n\r\n"
    yield from dripping(itertools.repeat(gzip.compress(b"")[:1]))


@pytest.mark.parametrize(
    "reply",
    [silence, dripped_status, dripped_headers, dripped_103, dripped_body, dripped_chunks, dripped_chunk_size],
    ids=lambda reply: reply.__name__,
)
def test_what_never_ends_is_given_up_at_the_deadline(fetch, reply, hostile):
    with pytest.raises(UnusableError, match=r"The answer took longer than 0\.3 seconds"):
        fetch(hostile(reply).url, SOON)


@pytest.mark.parametrize("reply", [endless_103, dripped_gzip], ids=lambda reply: reply.__name__)
def test_what_never_ends_and_is_no_answer_either_ends(fetch, reply, hostile):
    with pytest.raises(Exception, match=r"took longer|gzip|too large|[Cc]lose"):
        fetch(hostile(reply).url, SOON)


def test_the_log_says_it_and_the_copy_stays(hostile, caplog):
    policies = PolicyClient(hostile(dripped_headers).url, limits=Limits(deadline=SOON))
    polled = policies.poll()
    assert (polled.outcome, polled.serial) == (Outcome.KEPT, None)
    assert "took longer than 0.3 seconds" in polled.problem
    assert polled.problem in caplog.messages


def test_redirects_have_one_deadline_together(fetch, hostile):
    def away() -> Iterator[bytes]:
        yield from dripping(iter([b"HTTP/1.1 302 Found\r\n"] + [b"X: 1\r\n"] * 10))
        yield b"Location: /again\r\nContent-Length: 0\r\n\r\n"

    with pytest.raises(UnusableError, match=r"took longer than 0\.3 seconds"):
        fetch(hostile(away).url, SOON)


def test_a_redirect_s_body_is_never_read(fetch, hostile):
    def away() -> Iterator[bytes]:
        yield b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Encoding: gzip, gzip\r\n\r\n"
        yield from itertools.repeat(b"x" * 1000)

    with pytest.raises(Exception, match=r"refused|connection attempts failed"):
        fetch(hostile(away).url)


def test_a_look_up_that_never_answers_is_given_up(monkeypatch):
    answered = threading.Event()
    monkeypatch.setattr(network.socket, "getaddrinfo", lambda *_, **__: answered.wait(PATIENCE) and [])
    with pytest.raises(UnusableError, match=r"took longer than 0\.3 seconds"):
        fetching.fetch("https://policies.example/", {}, Limits(deadline=SOON))
    answered.set()


def test_a_host_that_takes_no_connection_is_given_up(monkeypatch):
    """Every address is tried, all of them within one deadline; the time is told here, and nobody waits for it."""
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"127.0.0.{number}", 1)) for number in range(2, 9)]
    monkeypatch.setattr(network.socket, "getaddrinfo", lambda *_, **__: rows)
    tried: list[str] = []
    began = int(network.time.monotonic())
    passed: list[float] = []

    def hang(_: object, address: str, port: int, timeout: float, *__: object) -> None:  # noqa: ARG001
        tried.append(address)
        passed.append(timeout)
        raise network.httpcore.ConnectTimeout

    monkeypatch.setattr(network.time, "monotonic", lambda: began + sum(passed))
    monkeypatch.setattr(network.httpcore.SyncBackend, "connect_tcp", hang)
    with pytest.raises(UnusableError, match=rf"took longer than {PATIENCE} seconds"):
        fetching.fetch("https://policies.example/", {}, Limits(deadline=PATIENCE, patience=PATIENCE / 3))
    assert tried == ["127.0.0.2", "127.0.0.3", "127.0.0.4"]


def test_a_handshake_that_never_ends_is_given_up(fetch, hostile):
    def shake() -> Iterator[bytes]:
        yield b"\x16\x03\x03\x40\x00"
        yield from dripping(itertools.repeat(b"\x00"))

    url = hostile(shake).url.replace("http:", "https:")
    with pytest.raises(Exception, match=r"took longer|SSL"):
        fetch(url, SOON, verify=ssl.create_default_context())


def zipped(times: int, content: bytes) -> bytes:
    for _ in range(times):
        content = gzip.compress(content)
    return content


def test_a_bomb_is_never_unpacked(fetch, hostile):
    """60 MB of blanks in 60 KB; twice packed, a few hundred bytes."""
    bomb = b" " * 60_000_000

    def one() -> Iterator[bytes]:
        yield OK + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + zipped(1, bomb)

    def stacked() -> Iterator[bytes]:
        yield OK + b"Content-Encoding: gzip, gzip\r\nConnection: close\r\n\r\n" + zipped(2, bomb)

    with pytest.raises(UnusableError, match="longer than 16777216 bytes"):
        fetch(hostile(one).url)
    server = hostile(stacked)
    with pytest.raises(UnusableError, match="encoded as gzip, gzip, where gzip was asked for"):
        fetch(server.url)
    assert b"\r\nAccept-Encoding: gzip\r\n" in server.asked


def test_a_body_without_end_and_without_gzip_is_cut_off(fetch, hostile):
    def endless() -> Iterator[bytes]:
        yield OK + b"\r\n"
        yield from itertools.repeat(b" " * 1000)

    with pytest.raises(UnusableError, match="longer than 100000 bytes"):
        fetch(hostile(endless).url, largest=100_000)


def test_an_honest_answer_comes_whole_also_over_a_chain_of_gzips(fetch, hostile):
    def honest() -> Iterator[bytes]:
        content = gzip.compress(b'{"a": ') + gzip.compress(b"1}")
        yield OK + f'Content-Encoding: gzip\r\nETag: "x"\r\nContent-Length: {len(content)}\r\n\r\n'.encode()
        for byte in content:
            yield bytes([byte])

    answer = fetch(hostile(honest).url)
    assert (answer.status, answer.body, answer.headers["etag"]) == (200, b'{"a": 1}', '"x"')


def test_a_proxy_that_the_environment_names_is_asked(fetch, hostile, monkeypatch):
    def honest() -> Iterator[bytes]:
        yield OK + b"Content-Length: 2\r\n\r\n{}"

    proxy = hostile(honest)
    for name in ("no_proxy", "NO_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", proxy.url.rsplit("/", 1)[0].replace("//", "//ada:secret@"))
    answer = fetch("http://policies.example/m.json", insecure=True)
    assert answer.body == b"{}"
    assert proxy.asked.startswith(b"GET http://policies.example/m.json HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic " in proxy.asked


def test_limits_are_for_every_way_to_fetch(fetch):
    away = httpx.MockTransport(lambda _: httpx.Response(302, headers={"Location": "http://[::2]/"}))
    with pytest.raises(UnusableError, match="leads to an address without TLS"):
        fetch("https://policies.example/", transport=away)
    endless = httpx.MockTransport(lambda _: httpx.Response(302, headers={"Location": "/again"}))
    with pytest.raises(UnusableError, match="more than 5 times"):
        fetch("https://policies.example/", transport=endless)
