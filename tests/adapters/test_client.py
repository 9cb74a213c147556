"""A backend's client against servers that misbehave: the last good copy stays, and nothing is ever raised."""

from __future__ import annotations

import copy
import gzip
import json
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import builders
from inforce import project as sources
from inforce.publish import manifest
from inforce_client import client, copies, fetching, network
from inforce_client.client import FileStore, Outcome, PolicyClient, Store, pause
from inforce_client.fetching import Limits
from inforce_client.policies import TRUSTED
from patience import PATIENCE

URL = "https://policies.example/policy-manifest.json"
NOW = datetime(2026, 3, 15, tzinfo=UTC)
FILES = builders.shipped()
MANIFEST = manifest.build(sources.read(FILES).policies, "https://policies.example/")


def body(serial: int = 3, **fields: Any) -> bytes:
    return json.dumps({**MANIFEST, "serial": serial, **fields}).encode()


@dataclass
class Server:
    """A server in memory: it gives ``content`` with its validators, and answers conditional requests as RFC 9110 says.

    ``answer`` replaces all of that.
    """

    content: bytes = field(default_factory=body)
    etag: str = '"one"'
    modified: str = ""
    answer: Callable[[httpx.Request], httpx.Response] | None = None
    asked: list[httpx.Headers] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """A response as a network gives it: as a stream, of bytes as they came."""
        answer = self._answer(request)
        return httpx.Response(answer.status_code, headers=answer.headers, stream=answer.stream)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.headers)
        if self.answer:
            return self.answer(request)
        headers = {"ETag": self.etag, "Last-Modified": self.modified}
        headers = {name: value for name, value in headers.items() if value}
        matched = self.etag and request.headers.get("If-None-Match") == self.etag
        if matched or (self.modified and request.headers.get("If-Modified-Since") == self.modified):
            return httpx.Response(304, headers=headers)
        return httpx.Response(200, headers=headers, content=self.content)

    def client(
        self, store: Store | None = None, url: str = URL, epoch: int | None = None, **limits: Any
    ) -> PolicyClient:
        return PolicyClient(url, store, epoch=epoch, limits=Limits(transport=httpx.MockTransport(self), **limits))


class Memory:
    """A store in memory."""

    def __init__(self, data: bytes | None = None) -> None:
        self.data = data
        self.saved = 0

    def load(self) -> bytes | None:
        return self.data

    def save(self, data: bytes) -> None:
        self.data = data
        self.saved += 1


@pytest.fixture
def server() -> Server:
    return Server()


def test_it_decides_from_memory(server):
    policies = server.client()
    assert policies.review("privacy", [], NOW)["reason"] == "no_manifest"
    assert policies.manifest is None
    assert policies.poll() == client.Polled(Outcome.NEW, 3)
    assert policies.manifest == MANIFEST
    row = MANIFEST["documents"]["privacy"]["versions"][1]
    agreed = {"id": "1", "action": "acknowledged", "document": "privacy", "at": "2026-02-02T00:00:00Z"}
    agreed |= {"version": row["version"], "digest": row["digest"]}
    assert policies.review("privacy", [], NOW)["state"] == "initial"
    assert policies.review("privacy", [agreed], NOW)["state"] == "upcoming"
    later = datetime(2026, 4, 1, tzinfo=UTC)
    assert policies.review("privacy", [agreed], later)["state"] == "review_required"
    assert policies.review_all(["privacy", "terms"], [agreed], later)["document"] == "privacy"
    assert len(server.asked) == 1


@pytest.mark.parametrize("etag", ['"one"', 'W/"one"'])
def test_what_did_not_change_is_asked_for_conditionally(server, etag):
    server.etag, server.modified = etag, "Tue, 24 Nov 2026 10:00:00 GMT"
    policies = server.client()
    policies.poll()
    assert policies.poll() == client.Polled(Outcome.SAME, 3)
    assert server.asked[1]["If-None-Match"] == etag
    assert "If-Modified-Since" not in server.asked[1]
    server.etag, server.content = '"two"', body(4)
    assert policies.poll() == client.Polled(Outcome.NEW, 4)


def test_without_an_etag_the_date_is_sent_and_without_either_nothing(server):
    server.etag, server.modified = "", "Tue, 24 Nov 2026 10:00:00 GMT"
    policies = server.client()
    policies.poll()
    assert policies.poll().outcome is Outcome.SAME
    assert server.asked[1]["If-Modified-Since"] == server.modified
    server.modified = ""
    server.content = body(4)
    assert policies.poll() == client.Polled(Outcome.NEW, 4)
    assert policies.poll() == client.Polled(Outcome.SAME, 4)
    assert "If-None-Match" not in server.asked[3]


def test_not_modified_is_not_believed_for_ever(server):
    policies = server.client()
    policies.poll()
    server.content = body(4)  # and the etag stays, as where it is made of a pinned time and the size
    outcomes = [policies.poll().outcome for _ in range(TRUSTED + 1)]
    assert outcomes == [Outcome.SAME] * TRUSTED + [Outcome.NEW]
    assert server.asked[-1]["Cache-Control"] == "no-cache"
    assert policies.poll().outcome is Outcome.SAME


def test_not_modified_without_a_copy_is_a_problem_and_nothing_was_asked_conditionally(server):
    server.answer = lambda _: httpx.Response(304)
    policies = server.client()
    polled = policies.poll()
    assert (polled.outcome, polled.serial) == (Outcome.KEPT, None)
    assert "The answer is 304, not 200" in polled.problem
    assert "If-None-Match" not in server.asked[0]
    assert server.asked[0]["Cache-Control"] == "no-cache"
    server.answer = None
    assert policies.poll() == client.Polled(Outcome.NEW, 3)


def refuse(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


def late(_: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("late")


def unheard_of(_: httpx.Request) -> httpx.Response:
    raise RuntimeError("a fault of\nsome library")


def broken_off(_: httpx.Request) -> httpx.Response:
    def parts() -> Iterator[bytes]:
        yield body(9)[:100]
        raise httpx.RemoteProtocolError("peer closed connection")

    return httpx.Response(200, content=parts())


def away(_: httpx.Request) -> httpx.Response:
    return httpx.Response(302, headers={"Location": URL})


WRONG: dict[str, tuple[Callable[[httpx.Request], httpx.Response], str]] = {
    "refused": (refuse, "No answer (ConnectError: refused)"),
    "late": (late, "No answer (ReadTimeout: late)"),
    "a fault elsewhere": (unheard_of, "No answer (RuntimeError: a fault of some library)"),
    "broken off": (broken_off, "No answer (RemoteProtocolError"),
    "cut short": (lambda _: httpx.Response(200, content=body(9)[:-20]), "not JSON, or not all of it"),
    "HTML": (lambda _: httpx.Response(200, html="<html>Please log in"), "This is HTML, not JSON"),
    "nothing": (lambda _: httpx.Response(200), "not JSON, or not all of it"),
    "no content": (lambda _: httpx.Response(204), "The answer is 204, not 200"),
    "a part": (lambda _: httpx.Response(206, content=body(9)), "The answer is 206, not 200"),
    "gone": (lambda _: httpx.Response(404, content=body(9)), "The answer is 404, not 200"),
    "in trouble": (lambda _: httpx.Response(500, content=body(9)), "The answer is 500, not 200"),
    "no number": (lambda _: httpx.Response(200, content=body(9, unknown=float("nan"))), "not JSON"),
    "beyond numbers": (
        lambda _: httpx.Response(200, content=body(9, unknown=-7).replace(b"-7", b"1e999")),
        "not JSON",
    ),
    "half a character": (lambda _: httpx.Response(200, content=body(9, unknown="\ud800")), "not JSON"),
    "of a later kind": (lambda _: httpx.Response(200, content=body(9, schema_version=2)), "schema_version is 2"),
    "an older one": (lambda _: httpx.Response(200, content=body(2)), "It went back from serial 3 to 2"),
    "in circles": (away, "It leads to another address more than 5 times"),
    "not gzip": (lambda _: encoded(body(9), "gzip"), "This is not gzip, as it says it is"),
    "half a gzip": (lambda _: encoded(gzip.compress(body(9))[:-9], "gzip"), "This is not gzip, as it says it is"),
    "a gzip and more": (lambda _: encoded(gzip.compress(body(9)) + b"more", "gzip"), "This is not gzip"),
    "two gzips, one in the other": (
        lambda _: encoded(gzip.compress(gzip.compress(body(9))), "gzip, gzip"),
        "The answer is encoded as gzip, gzip, where gzip was asked for",
    ),
    "two headers": (
        lambda _: httpx.Response(200, headers=[("Content-Encoding", "gzip")] * 2, stream=httpx.ByteStream(b"")),
        "encoded as gzip, gzip",
    ),
    "brotli": (lambda _: encoded(body(9), "br"), "encoded as br"),
    "deflated": (lambda _: encoded(zlib.compress(body(9)), "deflate"), "encoded as deflate"),
    "rewritten": (
        lambda _: httpx.Response(200, content=body(9, documents=another_digest())),
        "It was rewritten: privacy 1.1 had the digest",
    ),
    "out of reach": (lambda _: httpx.Response(200, content=body(2**53 - 1)), "Its serial"),
}
HISTORY = {"an older one", "rewritten"}
"""Wrong only for who has a copy."""


def encoded(content: bytes, encoding: str) -> httpx.Response:
    return httpx.Response(200, headers={"Content-Encoding": encoding}, stream=httpx.ByteStream(content))


def another_digest() -> dict[str, Any]:
    documents = copy.deepcopy(MANIFEST["documents"])
    documents["privacy"]["versions"][1]["digest"] = documents["privacy"]["versions"][0]["digest"]
    return documents


@pytest.mark.parametrize(
    ("case", "had"), [(case, had) for case in WRONG for had in (True, False) if had or case not in HISTORY]
)
def test_whatever_comes_the_last_good_copy_stays(case, had, server, caplog):
    store = Memory()
    policies = server.client(store)
    if had:
        policies.poll()
    kept = store.data
    server.answer, words = WRONG[case]
    polled = policies.poll()
    assert (polled.outcome, polled.serial) == (Outcome.KEPT, 3 if had else None)
    assert words in polled.problem
    assert "\n" not in polled.problem
    assert polled.problem in caplog.messages
    assert policies.review("privacy", [], NOW)["state"] == ("initial" if had else "unknown")
    assert store.data == kept
    server.answer = None
    server.etag = '"two"'
    assert policies.poll().problem == ""


def test_at_an_equal_serial_the_newer_content_wins(server):
    policies = server.client()
    policies.poll()
    server.etag, server.content = '"two"', body(3, base="https://moved.example/")
    assert policies.poll() == client.Polled(Outcome.NEW, 3)
    assert policies.manifest["base"] == "https://moved.example/"


def test_an_encoded_answer_is_decoded(server):
    content = gzip.compress(body())
    headers = {"Content-Encoding": "gzip", "ETag": 'W/"zipped"'}
    server.answer = lambda _: httpx.Response(200, headers=headers, stream=httpx.ByteStream(content))
    policies = server.client()
    assert policies.poll() == client.Polled(Outcome.NEW, 3)
    assert server.asked[0]["Accept-Encoding"] == "gzip"
    server.answer = None
    server.etag = 'W/"zipped"'
    assert policies.poll().outcome is Outcome.SAME


@given(
    st.lists(st.binary(max_size=40), min_size=1, max_size=6), st.integers(1, 50), st.sampled_from(["gzip", "X-GZIP"])
)
def test_gzips_in_a_row_are_one_content_however_they_come(members, size, encoding):
    zipped = b"".join(map(gzip.compress, members))
    parts = [zipped[place : place + size] for place in range(0, len(zipped), size)]

    def content(largest: int) -> bytes:
        stream = httpx.Response(200, headers={"Content-Encoding": encoding}, content=iter(parts))
        transport = httpx.MockTransport(lambda _: stream)
        return fetching.fetch(URL, {}, Limits(largest=largest, transport=transport)).body

    assert content(fetching.LARGEST) == b"".join(members)
    for largest in range(sum(map(len, members))):
        with pytest.raises(copies.UnusableError, match=f"longer than {largest} bytes"):
            content(largest)


def test_gzips_that_hold_nothing_do_not_go_on_for_ever(server):
    server.answer = lambda _: encoded(gzip.compress(b"") * 200, "gzip")
    assert "more than 100 streams" in server.client().poll().problem


def test_a_body_that_does_not_end_is_cut_off(server):
    sent = []

    def endless() -> Iterator[bytes]:
        while True:
            sent.append(1)
            yield b" " * 1000

    server.answer = lambda _: httpx.Response(200, content=endless())
    assert "longer than 10000 bytes" in server.client(largest=10_000).poll().problem
    assert len(sent) == 11


def test_an_encoded_body_counts_as_it_is_decoded(server):
    headers = {"Content-Encoding": "gzip"}
    content = gzip.compress(b" " * 1_000_000)
    assert len(content) < 10_000
    server.answer = lambda _: httpx.Response(200, headers=headers, stream=httpx.ByteStream(content))
    assert "longer than 10000 bytes" in server.client(largest=10_000).poll().problem


def test_a_body_that_drips_in_is_given_up(server, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(network.time, "monotonic", lambda: clock[0])

    def dripping() -> Iterator[bytes]:
        while True:
            clock[0] += fetching.PATIENCE - 1
            yield b" "

    server.answer = lambda _: httpx.Response(200, content=dripping())
    assert "took longer than 30 seconds" in server.client().poll().problem


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("https://policies.example/a", "https://cdn.example/b", ""),
        ("http://127.0.0.1/a", "https://policies.example/b", ""),
        ("http://127.0.0.1/a", "http://policies.example/b", "an address without TLS"),
        ("https://policies.example/a", "http://policies.example/b", "an address without TLS"),
        ("https://policies.example/a", "http://127.0.0.1/b", "an address without TLS"),
    ],
)
def test_redirects_are_followed_but_never_out_of_tls(server, first, second, words):
    def answer(request: httpx.Request) -> httpx.Response:
        if str(request.url) == first:
            return httpx.Response(302, headers={"Location": second})
        return httpx.Response(200, content=body())

    server.answer = answer
    polled = server.client(url=first).poll()
    assert polled.outcome is (Outcome.KEPT if words else Outcome.NEW)
    assert words in polled.problem


def test_the_copy_outlives_the_process_with_its_validators(server, tmp_path):
    store = FileStore(tmp_path / "cache" / "manifest.json")
    assert server.client(store).manifest is None
    server.client(store).poll()
    again = server.client(store)
    assert again.review("privacy", [], NOW)["state"] == "initial"
    assert again.poll() == client.Polled(Outcome.SAME, 3)
    assert server.asked[-1]["If-None-Match"] == '"one"'
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["manifest.json"]


def test_processes_with_one_store_know_what_any_of_them_has_seen(server, tmp_path):
    store = FileStore(tmp_path / "m")
    one, other = server.client(store), server.client(store)
    one.poll()
    server.content, server.etag = body(4, documents=another_digest()), '"two"'
    polled = other.poll()
    assert (polled.outcome, polled.serial, polled.code) == (Outcome.KEPT, 3, "rewritten")
    assert server.client(store).manifest == MANIFEST


def test_a_kept_copy_holds_a_lower_serial_off_after_a_restart(server, tmp_path):
    server.content = body(5)
    server.client(FileStore(str(tmp_path / "m"))).poll()
    server.content, server.etag = body(4), '"old"'
    polled = server.client(FileStore(str(tmp_path / "m"))).poll()
    assert (polled.outcome, polled.serial) == (Outcome.KEPT, 5)


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        (b"", "damaged"),
        (b"\x00" * 100, "damaged"),
        (copies.pack(copies.read("https://staging.example/m.json", body(9))), "another address, https://staging"),
    ],
)
def test_a_copy_that_cannot_be_used_is_replaced(server, kept, words, caplog):
    store = Memory(kept)
    policies = server.client(store)
    assert policies.manifest is None
    assert words in caplog.text
    assert policies.poll() == client.Polled(Outcome.NEW, 3)
    assert "If-None-Match" not in server.asked[0]
    assert copies.unpack(store.data or b"", URL).serial == 3


class Broken:
    """A store whose disk is gone."""

    def load(self) -> bytes | None:
        raise OSError("Input/output error")

    def save(self, _: bytes) -> None:
        raise ValueError("no connection to\nthe database")


def test_a_store_that_fails_costs_no_decision(server, caplog):
    policies = server.client(Broken())
    assert "cannot be read (Input/output error)" in caplog.text
    polled = policies.poll()
    assert (polled.outcome, polled.serial) == (Outcome.NEW, 3)
    assert "is used, and could not be kept (no connection to the database)" in polled.problem
    assert policies.review("privacy", [], NOW)["state"] == "initial"


def test_a_folder_that_cannot_be_written_costs_no_decision(server, tmp_path):
    (tmp_path / "file").write_text("")
    policies = server.client(FileStore(tmp_path / "file" / "m.json"))
    polled = policies.poll()
    assert (polled.outcome, polled.serial) == (Outcome.NEW, 3)
    assert "could not be kept" in polled.problem


def test_what_did_not_change_is_not_saved_again(server):
    store = Memory()
    policies = server.client(store)
    server.etag = ""
    for _ in range(3):
        policies.poll()
    assert store.saved == 1


def test_of_two_polls_at_once_the_higher_serial_stays(server, monkeypatch):
    """The slower poll has looked at what is held before the faster one swaps, and swaps after it."""
    store = Memory()
    policies = server.client(store)
    policies.poll()
    judged, taken = threading.Event(), threading.Event()
    judge = copies.judge

    def slow(held: copies.Copy | None, offered: copies.Copy, epoch: int | None) -> None:
        judge(held, offered, epoch)
        if offered.serial == 4:
            judged.set()
            taken.wait(0.3)

    monkeypatch.setattr(copies, "judge", slow)
    server.etag = ""
    server.content = body(4)
    slower = threading.Thread(target=policies.poll)
    slower.start()
    assert judged.wait(PATIENCE)
    server.content = body(5)
    policies.poll()
    taken.set()
    slower.join()
    assert policies.manifest["serial"] == 5
    assert copies.unpack(store.data or b"", URL).serial == 5


def test_readers_never_see_the_serial_fall_while_others_poll(server):
    policies = server.client(Memory())
    policies.poll()
    serials = [3, 5, 4, 7, 6, 9, 8, 9, 3, 10]
    server.answer = lambda _: httpx.Response(200, content=body(serials[len(server.asked) % len(serials)]))
    done = threading.Event()
    seen: list[list[int]] = [[] for _ in range(3)]

    def read(into: list[int]) -> None:
        last = False
        while not last:
            last = done.is_set()  # who comes too late for every poll reads once all the same
            into.append(policies.manifest["serial"])
            assert policies.review("privacy", [], NOW)["state"] == "initial"

    def poll() -> None:
        for _ in range(15):
            policies.poll()

    readers = [threading.Thread(target=read, args=(into,)) for into in seen]
    pollers = [threading.Thread(target=poll) for _ in range(4)]
    for thread in (*readers, *pollers):
        thread.start()
    for thread in pollers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    assert all(into == sorted(into) and into for into in seen)
    assert policies.manifest["serial"] == 10


class Clock:
    """In place of the event that ends polling: it notes each wait, and ends after as many as it is told."""

    def __init__(self, turns: int, before: Callable[[int], None] | None = None) -> None:
        self.waits: list[float] = []
        self.turns = turns
        self.before = before

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        if self.before:
            self.before(len(self.waits))
        return len(self.waits) > self.turns


def test_it_polls_at_once_without_a_copy_and_some_time_within_an_interval_with_one(server, monkeypatch):
    monkeypatch.setattr(client.random, "uniform", lambda low, high: low + 0.75 * (high - low))
    monkeypatch.setattr(client.random, "random", lambda: 0.5)
    clock = Clock(2)
    policies = server.client()
    policies.run(clock, interval=100)
    assert clock.waits == [0, 100, 100]
    clock = Clock(1)
    policies.run(clock, interval=100)
    assert clock.waits == [75, 100]


def test_it_waits_longer_while_polls_fail_and_recovers(server, monkeypatch):
    monkeypatch.setattr(client.random, "random", lambda: 0.5)
    policies = server.client()
    policies.poll()
    monkeypatch.setattr(client.random, "uniform", lambda low, _: low)

    def turn(number: int) -> None:
        server.answer = refuse if number < 4 else None

    clock = Clock(5, turn)
    policies.run(clock, interval=100)
    assert clock.waits == [0, 200, 400, 800, 100, 100]


def test_a_store_that_fails_does_not_slow_polling_down(server, monkeypatch):
    monkeypatch.setattr(client.random, "random", lambda: 0.5)
    clock = Clock(2)
    server.etag = ""
    server.client(Broken()).run(clock, interval=100)
    assert clock.waits == [0, 100, 100]


@given(st.floats(1, 10_000), st.floats(0, 1), st.integers(0, 5000), st.booleans(), st.floats(0, 1))
def test_a_pause_is_never_nothing_and_never_for_ever(interval, jitter, failures, held, chance):
    wait = pause(interval, jitter, failures, held, chance)
    longest = max(interval, client.LONGEST_WAIT if held else 0)
    assert min(interval, client.SOON) * (1 - jitter) <= wait <= longest * (1 + jitter) * 1.0001
    if not failures:
        assert abs(wait - interval) <= interval * jitter * 1.0001


def test_it_polls_in_a_thread_of_its_own_until_it_is_stopped(server):
    asked = threading.Event()

    def answer(_: httpx.Request) -> httpx.Response:
        asked.set()
        return httpx.Response(200, content=body())

    server.answer = answer
    with server.client() as policies:
        policies.start()  # a second time: nothing more happens
        assert asked.wait(PATIENCE)
        threads = [thread for thread in threading.enumerate() if thread.name == "inforce-client"]
        assert len(threads) == 1
        assert threads[0].daemon
    threads[0].join(PATIENCE)
    assert not threads[0].is_alive()
    policies.stop()
    policies.start(interval=1000)
    policies.stop()


def test_what_is_no_address_is_refused_at_once():
    for url in ("policies.example/policy-manifest.json", "ftp://policies.example/m.json", "https:///m.json", ""):
        with pytest.raises(ValueError, match="is not the address of a manifest"):
            PolicyClient(url)


@pytest.mark.parametrize(
    "host", ["policies.example", "10.0.0.1", "127.0.0.1.example", "[2001:db8::1]", "localhost.example"]
)
def test_without_tls_nothing_is_asked_unless_that_was_said(host, server):
    with pytest.raises(ValueError, match=r"is an address without TLS. Write https, or allow it with limits=Limits"):
        PolicyClient(f"http://{host}/m.json")
    assert server.client(url=f"http://{host}/m.json", insecure=True).poll().outcome is Outcome.NEW


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost", "[::1]"])
def test_what_a_machine_says_to_itself_needs_no_tls(host, server):
    assert server.client(url=f"http://{host}:8001/m.json").poll().outcome is Outcome.NEW


def test_a_refusal_says_by_which_rule(server, caplog):
    policies = server.client()
    policies.poll()
    server.etag = '"two"'
    for content, code in (
        (body(2), "serial"),
        (body(10_004), "serial"),
        (body(4, documents=another_digest()), "rewritten"),
        (body(4, documents={}), "rewritten"),
    ):
        server.content = content
        polled = policies.poll()
        assert (polled.outcome, polled.serial, polled.code) == (Outcome.KEPT, 3, code)
        assert polled.problem in caplog.messages
    assert policies.manifest == MANIFEST


def test_the_shop_s_own_epoch_is_the_way_out_of_a_copy_that_locks_it(server, caplog):
    store = Memory()
    forged = another_digest()
    server.content = body(1_000_000, documents=forged)
    server.client(store).poll()
    server.etag, server.content = '"two"', body(3, epoch=1)
    locked = server.client(store)
    assert locked.poll().code == "rewritten"
    assert locked.manifest["documents"] == forged
    freed = server.client(store, epoch=1)
    assert freed.manifest is None
    assert "is of epoch 0, and this shop goes by 1 alone" in caplog.text
    assert freed.poll() == client.Polled(Outcome.NEW, 3)
    server.content = body(1_000_000, documents=forged)
    server.etag = '"three"'
    assert freed.poll().code == "epoch"
    server.content = body(4, epoch=2)
    assert freed.poll().code == "epoch"
    assert server.client(store, epoch=1).manifest["epoch"] == 1


@pytest.mark.parametrize("epoch", [-1, 1_000_001, 1.5, "2"])
def test_what_is_no_epoch_is_refused_at_once(epoch):
    with pytest.raises(ValueError, match="is no epoch: it is a whole number from 0 to 1,000,000"):
        PolicyClient(URL, epoch=epoch)


def test_addresses_are_handed_out_absolute_and_only_if_they_are_the_web_s(server):
    policies = server.client()
    assert policies.address("privacy/") == "https://policies.example/privacy/"
    server.content = body(base="https://moved.example/legal/")
    policies.poll()
    assert policies.address("privacy/") == "https://moved.example/legal/privacy/"
    assert policies.address("javascript:alert(1)") is None
    assert policies.address(None) is None


def test_without_httpx_the_cure_is_told():
    script = "import sys; sys.modules['httpx'] = None; import inforce_client.client"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    last = done.stderr.splitlines()[-1]
    assert last == "ImportError: inforce_client needs httpx. Install it: pip install inforce-client"


def test_the_client_loads_none_of_what_builds_a_site(tmp_path: Path):
    script = (
        "import sys, inforce_client.client; print(sorted({'mkdocs', 'lxml', 'git', 'markdown'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", script]
    assert subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path).stdout == "[]\n"
