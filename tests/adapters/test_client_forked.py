"""A client in processes that were forked: each polls for itself, whatever its parent was doing at that moment.

Real forks, of real processes: a parent that imports the shop first and then makes its workers, as gunicorn does with
``--preload``. Whoever waits here waits for a word from a worker, never for a time.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from inforce_client import review
from patience import PATIENCE, eventually
from programs import bound

MANIFEST = {"schema_version": 1, "serial": 1, "documents": {}}

PARENT = """
import asyncio, json, logging, os, sys, threading
from inforce_client import AsyncPolicyClient, PolicyClient

logging.basicConfig(level=logging.INFO, format="%(name)s %(levelname)s %(message)s")
url, workers = sys.argv[1], 2

def told(**facts):
    os.write(1, (json.dumps(facts) + "\\n").encode())

def forked(work):
    for _ in range(workers):
        if os.fork() == 0:
            try:
                work()
            finally:
                os._exit(0)
    for _ in range(workers):
        os.wait()

def in_time(condition):
    for _ in range(2000):
        if condition():
            return True
        threading.Event().wait(0.01)
    return False
"""

THREADS = """
policies = PolicyClient(url)
policies.start(interval=0.05)
told(parent=policies.manifest["serial"])
before = policies.health.succeeded
{held}
def work():
    told(had=policies.manifest["serial"], again=in_time(lambda: policies.health.succeeded != before))
    policies.start()
    told(threads=[each.name for each in threading.enumerate()].count("inforce-client"))
    policies.stop()
    told(started=policies.poll().outcome)
forked(work)
"""

LOOPS = """
policies = AsyncPolicyClient(url)

async def parent():
    await policies.start(interval=0.05)
    told(parent=policies.manifest["serial"])
    before = policies.health.succeeded
    def work():
        async def shop():
            await policies.start(interval=0.05)
            for _ in range(2000):
                if policies.health.succeeded != before:
                    return True
                await asyncio.sleep(0.01)
        asyncio.events._set_running_loop(None)
        told(had=policies.manifest["serial"], again=asyncio.run(shop()))
    forked(work)
    await policies.stop()
asyncio.run(parent())
"""

SHOP = """
import json, os
from inforce_client import PolicyClient

policies = PolicyClient(os.environ["MANIFEST_URL"])
policies.start(interval=0.05)
begun = policies.health.succeeded

def shop(environment, start):
    polled = policies.health.succeeded != begun
    start("200 OK", [("Content-Type", "application/json")])
    state = policies.review("privacy", [])["reason"]
    return [json.dumps({"worker": os.getpid(), "polled": polled, "reason": state}).encode()]
"""


class Site(ThreadingHTTPServer):
    """A site on this machine, with the manifest at every address."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.url = f"http://127.0.0.1:{self.server_port}/policy-manifest.json"


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        content = json.dumps(MANIFEST).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join(PATIENCE)


def lived(script: str, site: Site) -> tuple[list[dict[str, Any]], str]:
    """What the parent and its workers told, and what they logged."""
    here = {**os.environ, "PYTHONPATH": str(Path(review.__file__).parents[1])}
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", PARENT + script, site.url]
    done = subprocess.run(command, capture_output=True, text=True, env=here, timeout=PATIENCE * 4, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


@pytest.mark.parametrize("held", ["", "policies._lock.acquire()"], ids=["at rest", "while a lock is held"])
def test_a_forked_worker_polls_by_itself(held, site):
    told, logged = lived(THREADS.format(held=held), site)
    assert told[0] == {"parent": 1}
    assert sorted(map(json.dumps, told[1:])) == sorted(
        map(json.dumps, 2 * [{"had": 1, "again": True}, {"threads": 1}, {"started": "same"}])
    )
    assert logged.count("This process was forked, and polls for itself") == 2


def test_a_forked_event_loop_is_not_polled_in_and_a_new_one_is(site):
    told, logged = lived(LOOPS, site)
    assert told == [{"parent": 1}, {"had": 1, "again": True}, {"had": 1, "again": True}]
    assert logged.count("WARNING") == logged.count("This process was forked, and does not poll. Call start()") == 2


def test_who_never_polled_does_not_begin_in_a_fork(site):
    script = "policies = PolicyClient(url)\nforked(lambda: told(threads=threading.active_count()))"
    told, logged = lived(script, site)
    assert (told, logged) == ([{"threads": 1}] * 2, "")


def test_under_gunicorn_every_preloaded_worker_polls(site, tmp_path):
    (tmp_path / "shop.py").write_text(SHOP, encoding="utf-8")
    paths = os.pathsep.join([str(Path(review.__file__).parents[1]), str(tmp_path), *filter(None, sys.path)])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        command = bound(sys.executable, "-m", "gunicorn", "--preload", "--workers", "2", "shop:shop")
        server = subprocess.Popen(
            [*command, "--bind", f"fd://{listener.fileno()}", "--log-level", "warning", "--no-control-socket"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": paths, "MANIFEST_URL": site.url},
            pass_fds=[listener.fileno()],
        )
    polled: set[int] = set()

    def both() -> bool:
        told = httpx.get(address, timeout=PATIENCE).json()
        assert told["reason"] == "document_missing"
        assert told["worker"] != server.pid
        polled.update({told["worker"]} if told["polled"] else ())
        return len(polled) == 2

    try:
        assert eventually(both), "a worker never polled"
    finally:
        server.terminate()
        server.wait(PATIENCE)
