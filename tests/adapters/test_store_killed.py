"""Kill -9 of a shop, and of its database, while answers come: what was acknowledged is there, once and unaltered.

`make records` does it with 200 connections and 3,000 answers, ten times: KILLED="200 15 10" says how many each gives.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

import programs
from adapters import answering
from adapters.postgres import Cluster, running
from inforce_client.store import SqlRecords

CONNECTIONS, ANSWERS, ROUNDS = map(int, os.environ.get("KILLED", "8 30 1").split())


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with running() as found:
        yield found


def shop(address: str, heard: Path, seed: int) -> subprocess.Popen[bytes]:
    """A shop that writes down what it acknowledged."""
    numbers = (str(CONNECTIONS), str(ANSWERS), str(seed))
    with heard.open("ab") as out, heard.with_suffix(".errors").open("ab") as errors:
        command = [sys.executable, str(Path(answering.__file__)), address, *numbers]
        return subprocess.Popen(programs.bound(*command), stdout=out, stderr=errors)


def acknowledged(heard: Path) -> list[str]:
    return [line for line in heard.read_text().splitlines(keepends=True) if line.endswith("\n")]


def after_some(process: subprocess.Popen[bytes], heard: Path, share: int) -> None:
    """Wait until a part of all answers was acknowledged, for as long as the shop is at it."""
    wanted = CONNECTIONS * ANSWERS * share // 100
    while heard.stat().st_size < wanted * len(f"{uuid.UUID(int=0)}\n"):
        assert process.poll() is None
        time.sleep(0.1)


def nothing_is_lost(address: str, heard: Path, seed: int, *, whole: bool) -> None:
    made = [answering.record(seed, each, answer) for each in range(CONNECTIONS) for answer in range(ANSWERS)]
    wanted = {record["id"]: record for record in made}
    with SqlRecords(address) as records:
        kept = [record for _, record in records.all() if record["id"] in wanted]
    told = {line.strip() for line in acknowledged(heard)}
    ids = [record["id"] for record in kept]
    assert len(set(ids)) == len(ids)
    assert told <= set(ids)
    assert all(record == wanted[record["id"]] for record in kept)
    assert len(told) == len(wanted) if whole else len(told) >= len(wanted) // 5
    assert heard.with_suffix(".errors").read_text() == ""


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_the_database_is_killed(cluster: Cluster, tmp_path: Path, seed: int) -> None:
    """The shop goes on where it left off, once the database is back."""
    heard = tmp_path / "heard"
    with SqlRecords(cluster.address):
        process = shop(cluster.address, heard, seed)
    for share in (20, 50):
        after_some(process, heard, share)
        cluster.kill()
        time.sleep(0.1)
        cluster.start()
    assert process.wait() == 0
    nothing_is_lost(cluster.address, heard, seed, whole=True)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_the_shop_is_killed(request: pytest.FixtureRequest, tmp_path: Path, database: str, seed: int) -> None:
    """In another process the same answers come again, as from browsers that heard of nothing."""
    address = f"sqlite:///{tmp_path / 'records.sqlite'}"
    if database == "postgresql":
        address = request.getfixturevalue("cluster").address
    with SqlRecords(address):
        pass
    heard = tmp_path / "heard"
    process = shop(address, heard, seed)
    after_some(process, heard, 30)
    process.kill()
    process.wait()
    nothing_is_lost(address, heard, seed, whole=False)
    assert shop(address, heard, seed).wait() == 0
    nothing_is_lost(address, heard, seed, whole=True)
