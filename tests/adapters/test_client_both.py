"""What both clients of a backend do the same: in a thread, and in an event loop."""

from __future__ import annotations

import asyncio
import inspect
import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

import loops
from adapters.test_client import MANIFEST, NOW, URL, Memory, Server, body
from inforce_client import AsyncPolicyClient, FileStore, Limits, PolicyClient, review_state
from inforce_client.client import Outcome
from inforce_client.policies import Policies
from patience import PATIENCE

BOTH = pytest.mark.parametrize("kind", [PolicyClient, AsyncPolicyClient])
ROWS = {row["version"]: row for row in MANIFEST["documents"]["privacy"]["versions"]}


def done(found: Any) -> Any:
    """What was given, or what a coroutine comes to."""
    return loops.run(found) if inspect.iscoroutine(found) else found


def made(kind: Callable[..., Any], server: Server, store: Memory | None = None, **limits: Any) -> Any:
    return kind(URL, store, limits=Limits(transport=httpx.MockTransport(server), **limits))


def record(action: str, version: str, at: str) -> dict[str, Any]:
    row = ROWS[version]
    return {"id": at, "action": action, "document": "privacy", "version": version, "digest": row["digest"], "at": at}


def refuse(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


@BOTH
def test_a_poll_takes_keeps_and_tells(kind):
    server, store = Server(), Memory()
    policies = made(kind, server, store)
    assert [done(policies.poll()).outcome for _ in range(2)] == [Outcome.NEW, Outcome.SAME]
    assert server.asked[1]["If-None-Match"] == '"one"'
    server.answer = lambda _: httpx.Response(200, content=body(2))
    polled = done(policies.poll())
    assert (polled.outcome, polled.serial, polled.code) == (Outcome.KEPT, 3, "serial")
    assert made(kind, server, store).manifest == policies.manifest == MANIFEST
    assert policies.review("privacy", [], NOW)["state"] == "initial"
    assert policies.review_all(["privacy"], [], NOW)["document"] == "privacy"


@BOTH
def test_health_tells_how_old_the_copy_is_and_what_was_wrong_last(kind, monkeypatch):
    server, ticks = Server(), [1000.0]
    monkeypatch.setattr("inforce_client.policies.time.monotonic", lambda: ticks[0])
    policies = made(kind, server, deadline=1e9)
    assert (policies.health.age, policies.health.succeeded, policies.health.error) == (None, None, "")
    before = datetime.now(UTC)
    done(policies.poll())
    first = policies.health
    assert before <= first.succeeded <= datetime.now(UTC)
    assert first.succeeded.utcoffset() == timedelta()
    assert (first.age, first.error) == (0, "")
    ticks[0] += 60
    server.answer = refuse
    done(policies.poll())
    failed = policies.health
    assert (failed.age, failed.succeeded) == (60, first.succeeded)
    assert "No answer (ConnectError: refused)" in failed.error
    server.answer = lambda _: httpx.Response(304)
    done(policies.poll())
    assert (policies.health.age, policies.health.error) == (0, "")
    with pytest.raises(AttributeError):
        policies.health.error = "none"


@BOTH
def test_a_kept_copy_has_no_age_before_a_server_confirms_it(kind):
    store = Memory()
    done(made(kind, Server(), store).poll())
    server = Server(answer=refuse)
    policies = made(kind, server, store)
    done(policies.poll())
    assert policies.manifest == MANIFEST
    assert (policies.health.age, policies.health.succeeded) == (None, None)


def in_a_loop(policies: AsyncPolicyClient, **start: float) -> Any:
    async def shop() -> Any:
        async with policies:
            return policies.manifest

    async def begun() -> Any:
        await policies.start(**start)
        try:
            return policies.manifest
        finally:
            await policies.stop()

    return loops.run(begun() if start else shop())


def in_a_thread(policies: PolicyClient, **start: float) -> Any:
    if not start:
        with policies:
            return policies.manifest
    policies.start(**start)
    try:
        return policies.manifest
    finally:
        policies.stop()


STARTED = pytest.mark.parametrize(
    ("kind", "started"), [(PolicyClient, in_a_thread), (AsyncPolicyClient, in_a_loop)], ids=["thread", "loop"]
)


@STARTED
def test_whoever_started_it_has_a_manifest(kind, started):
    """As the documentation begins: start, and decide in the next line."""
    assert started(made(kind, Server())) == MANIFEST


@STARTED
def test_a_site_that_hangs_keeps_no_shop_from_starting(kind, started):
    hung = threading.Event()

    async def hang(_: httpx.Request) -> httpx.Response:
        await asyncio.sleep(PATIENCE)
        return httpx.Response(500)

    def hold(_: httpx.Request) -> httpx.Response:
        hung.wait(PATIENCE)
        return httpx.Response(500)

    transport = httpx.MockTransport(hang if kind is AsyncPolicyClient else hold)
    assert started(kind(URL, limits=Limits(transport=transport)), first=0.05) is None
    hung.set()


def test_a_loop_polls_on_until_it_is_stopped_and_again_in_another_loop():
    server = Server(etag="")
    policies = made(AsyncPolicyClient, server)

    async def until(count: int) -> None:
        await policies.start(interval=0.01)
        await policies.start(interval=0.01)  # a second time: nothing more happens
        tasks = [task for task in asyncio.all_tasks() if task.get_name() == "inforce-client"]
        assert len(tasks) == 1
        while len(server.asked) < count:
            await asyncio.sleep(0.01)
        await policies.stop()
        assert tasks[0].cancelled()
        await policies.stop()

    for count in (5, 10):
        loops.run(asyncio.wait_for(until(count), PATIENCE))
    assert policies.manifest == MANIFEST


def test_a_loop_that_ended_without_stopping_is_forgotten():
    server = Server()
    policies = made(AsyncPolicyClient, server)

    async def begin() -> None:
        await policies.start()

    loops.run(begin())
    assert in_a_loop(policies, interval=1000) == MANIFEST


def test_a_slow_store_and_a_slow_site_hold_no_event_loop_up():
    """Somebody else's task has its turn while a poll waits for the store."""
    turn = threading.Event()

    class Slow(Memory):
        def save(self, data: bytes) -> None:
            assert turn.wait(PATIENCE)
            super().save(data)

    async def both() -> Outcome:
        policies = made(AsyncPolicyClient, Server(), Slow())
        polling = asyncio.create_task(policies.poll())
        await asyncio.sleep(0)
        while policies.manifest is None:
            await asyncio.sleep(0)
        turn.set()
        return (await polling).outcome

    assert loops.run(both()) is Outcome.NEW


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        (PolicyClient, httpx.AsyncHTTPTransport(), "PolicyClient asks by an httpx.BaseTransport"),
        (AsyncPolicyClient, httpx.HTTPTransport(), "AsyncPolicyClient asks by an httpx.AsyncBaseTransport"),
        (PolicyClient, httpx.AsyncClient(), "AsyncClient is none. Give it one in Limits(transport=…), or use Async"),
        (AsyncPolicyClient, httpx.Client(), "and Client is none. Give it one in Limits(transport=…), or use Policy"),
    ],
)
def test_a_transport_of_the_other_kind_is_refused_with_the_cure(kind, given, words):
    with pytest.raises(TypeError) as refused:
        kind(URL, limits=Limits(transport=given))
    assert words in str(refused.value)


@BOTH
@pytest.mark.parametrize("given", [httpx.AsyncClient(), httpx.Client(), "manifest.cache"])
def test_what_is_no_store_is_refused_with_the_cure(kind, given):
    with pytest.raises(TypeError, match=r"is no store: it has no load\(\) and save\(\)\. Use FileStore"):
        kind(URL, given)


@BOTH
def test_both_take_the_same_and_refuse_the_same(kind, tmp_path):
    assert inspect.signature(kind) == inspect.signature(Policies)
    with pytest.raises(ValueError, match="without TLS"):
        kind("http://policies.example/", FileStore(tmp_path / "kept"))
    with pytest.raises(ValueError, match="is no epoch"):
        kind(URL, epoch=-1)


AGREED = record("acknowledged", "1.1", "2026-02-02T00:00:00.000Z")


@BOTH
@pytest.mark.parametrize(
    "name",
    [
        lambda policies: policies.expect(["privacy", "trems"]),
        lambda policies: policies.review("trems", [], NOW),
        lambda policies: policies.review_all(iter(["privacy", "trems"]), [], NOW),
        lambda policies: policies.details("trems", [], NOW),
    ],
    ids=["expect", "review", "review_all", "details"],
)
def test_a_policy_that_the_manifest_lacks_is_told_once_of_each_manifest(kind, name, caplog):
    server = Server()
    policies = made(kind, server)
    name(policies)
    assert caplog.messages == [], "without a manifest nobody knows"
    for serial in (3, 4):
        server.answer = lambda _, serial=serial: httpx.Response(200, content=body(serial))
        for _ in range(3):
            done(policies.poll())
            name(policies)
        told = f"{URL}: There is no policy 'trems', so nobody is asked about it. There is privacy"
        assert caplog.messages == [told]
        caplog.clear()


@BOTH
def test_a_shop_that_names_no_policy_is_told(kind, caplog):
    made(kind, Server()).expect([])
    assert caplog.messages == [f"{URL}: No policy is named, so nobody is asked about any"]


@BOTH
def test_details_are_what_there_is_to_show(kind):
    policies = made(kind, Server())
    assert policies.details("privacy", [], NOW) is None
    done(policies.poll())
    assert policies.details("terms", [], NOW) is None
    asked = policies.details("privacy", [], NOW)
    assert asked.items() >= {**policies.review("privacy", [], NOW), "redline": []}.items()
    assert asked["row"] == ROWS[asked["version"]]
    assert asked["policy"] == MANIFEST["documents"]["privacy"]
    assert asked["url"] == f"https://policies.example/privacy/{asked['version']}/"
    assert (asked["asks_accept"], asked["may_decline"]) == (False, False)


@BOTH
def test_an_upcoming_version_is_shown_as_this_customer_will_meet_it(kind):
    policies = made(kind, Server())
    done(policies.poll())
    shown = policies.details("privacy", [AGREED], NOW)
    assert (shown["state"], shown["version"], shown["base"]) == ("upcoming", "2.0", "1.1")
    effective = datetime.fromisoformat(ROWS["2.0"]["effective_at"])
    then = review_state(MANIFEST, "privacy", [AGREED], effective)
    assert (then["state"], shown["changes"]) == ("review_required", then["changes"])
    assert shown["changes"]
    assert shown["redline"] == ["https://policies.example/privacy/redline/1.1..2.0/"]


@BOTH
def test_details_hand_out_no_address_that_would_run_and_speak_the_customers_language(kind):
    server = Server()
    policies = made(kind, server)
    changed = json.loads(json.dumps(MANIFEST))
    for row in changed["documents"]["privacy"]["versions"]:
        row["requires"] = "accept"
        row["url"] = "javascript:alert(1)"
        text = {"url": f"privacy/{row['version']}/de/", "text": "privacy/1.de.md", "digest": "sha256-de"}
        row["translations"] = {"de": text}
    server.content = json.dumps({**changed, "base": "/legal/"}).encode()
    done(policies.poll())
    asked = policies.details("privacy", [], NOW)
    assert (asked["url"], asked["asks_accept"], asked["may_decline"]) == (None, True, True)
    spoken = policies.details("privacy", [], NOW, "de")
    assert spoken["url"] == f"https://policies.example/legal/privacy/{asked['version']}/de/"
    assert policies.details("privacy", [], NOW, "fr")["url"] is None


@BOTH
def test_records_are_merged_as_the_decision_merges_them(kind):
    later = record("declined", "1.1", "2026-02-03T00:00:00.000Z")
    policies = made(kind, Server())
    assert policies.merge([later], [AGREED, later]) == [AGREED, later]
