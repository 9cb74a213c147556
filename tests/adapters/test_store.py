"""Records in a database: kept once, found by their customer, given back as they were, and erased as the help says."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateIndex, CreateTable
from vectors import tables

from adapters.postgres import Cluster, running
from inforce_client.store import TABLE, SqlRecords

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with running() as found:
        yield found


@pytest.fixture(params=DATABASES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records.sqlite'}"
    found: str = request.getfixturevalue("cluster").address
    engine = create_engine(found, poolclass=NullPool)
    with engine.begin() as connection:
        TABLE.drop(connection, checkfirst=True)
    return found


@pytest.fixture
def records(address: str) -> Iterator[SqlRecords]:
    with SqlRecords(address) as found:
        yield found


def record(number: int = 1, **fields: Any) -> dict[str, Any]:
    made = tables.record(f"accepted {number}.0 01-02") | {"received_at": "2026-01-02T00:00:00.000Z"}
    return made | {"id": str(uuid.UUID(int=number)), "surface": 'Kasse “é” 𝄞 "x"\\ ', **fields}


def test_a_record_is_given_back_as_it_was(records: SqlRecords) -> None:
    kept = [record(1), record(2, document="terms", own={"more": [1, 2.5, None, True]}), record(3)]
    assert [records.add("ada", each) for each in kept] == kept
    assert records.of("ada") == kept
    assert records.of("ada", "terms") == kept[1:2]
    assert records.of("bob") == []
    assert list(records.all()) == [("ada", each) for each in kept]


def test_an_id_is_one_record_the_first_and_nobody_else_s(records: SqlRecords) -> None:
    first = record(1)
    records.add("ada", first)
    assert records.add("ada", record(1, surface="elsewhere")) == first
    assert records.add("bob", first) is None
    assert list(records.all()) == [("ada", first)]


def test_sent_at_once_by_many_it_is_one_record(address: str) -> None:
    with ThreadPoolExecutor(16) as pool, ExitStack() as stack:
        stores = [stack.enter_context(SqlRecords(address)) for _ in range(4)]  # as many processes would have
        told = list(pool.map(lambda n: stores[n % 4].add(f"c{n % 2}", record(n // 16, surface=f"no {n}")), range(320)))
        kept = list(stores[0].all())
    assert sorted(each["id"] for _, each in kept) == [str(uuid.UUID(int=n)) for n in range(20)]
    owners = {each["id"]: (customer, each) for customer, each in kept}
    for place, found in enumerate(told):
        customer, first = owners[str(uuid.UUID(int=place // 16))]
        assert found == (first if customer == f"c{place % 2}" else None)


ALIKE = ("ann", "ANN", "Ann", "änn", "a\u0308nn", "ａｎｎ", "ann\u200b", "an", "%", "_nn")


def test_two_customers_are_never_one(records: SqlRecords) -> None:
    """However alike the words are; in MySQL the table says so, which its own test sees."""
    for number, customer in enumerate(ALIKE):
        records.add(customer, record(number))
    records.erase("ann")
    assert [records.of(customer) for customer in ALIKE] == [[], *([record(n)] for n in range(1, len(ALIKE)))]


@pytest.mark.parametrize("word", ["", "ann ", " ann", "ann\n", "a" * 191, 4711, None, b"ann"])
def test_a_word_that_some_database_would_take_for_another_is_refused(records: SqlRecords, word: Any) -> None:
    for work in (records.of, records.erase, lambda each: records.add(each, record())):
        with pytest.raises(ValueError, match="1 to 190 characters"):
            work(word)


FORKED = """
import json, os, sys
from inforce_client.store import SqlRecords
records = SqlRecords(sys.argv[1])
children = []
for worker, rows in enumerate(json.load(sys.stdin)):
    children.append(os.fork())
    if not children[-1]:
        for count, row in enumerate(rows, 1):
            assert records.add(f"c{worker}", row) == row
            assert records.of(f"c{worker}") == rows[:count]
        os._exit(0)
sys.exit(any([os.waitpid(child, 0)[1] for child in children]))
"""


def test_forked_workers_have_connections_of_their_own(address: str) -> None:
    """As under `gunicorn --preload`: the shop opened its records before its workers were forked."""
    rows = [[record(100 * worker + n) for n in range(30)] for worker in range(4)]
    subprocess.run([sys.executable, "-c", FORKED, address], input=json.dumps(rows), text=True, check=True)
    with SqlRecords(address) as records:
        assert [records.of(f"c{worker}") for worker in range(4)] == rows


DECIDE = """
import json, sys
from datetime import UTC, datetime
from inforce_client import review_state
from inforce_client.store import SqlRecords
manifest = json.load(sys.stdin)
with SqlRecords(sys.argv[1]) as records:
    print(json.dumps(review_state(manifest, "privacy", records.of("ada"), datetime(2026, 5, 1, tzinfo=UTC))))
"""


def test_two_workers_decide_the_same(records: SqlRecords, address: str) -> None:
    """Two processes that share nothing but the database."""
    records.add("ada", record(1) | {"action": "acknowledged"})
    records.add("ada", record(2) | {"action": "declined", "at": "2026-04-02T00:00:00Z"})
    manifest = json.dumps(tables.manifest(privacy="1.0 01-01; 2.0 04-01 announced=03-02; 2.1 04-20 editorial"))
    command = [sys.executable, "-c", DECIDE, address]
    told = [subprocess.run(command, input=manifest, capture_output=True, text=True, check=True) for _ in range(2)]
    one, other = (json.loads(each.stdout) for each in told)
    assert one == other
    assert (one["state"], one["base"]) == ("declined", "1.0")


def test_two_that_begin_at_once_make_one_table(address: str) -> None:
    with ThreadPoolExecutor(8) as pool, ExitStack() as stack:
        stores = list(pool.map(lambda _: stack.enter_context(SqlRecords(address)), range(8)))
        stores[0].add("ada", record())
        assert all(store.of("ada") == [record()] for store in stores)


def test_of_a_customer_who_is_erased_nothing_is_left(records: SqlRecords, tmp_path: Path) -> None:
    for place in range(3):
        records.add("ada-lovelace", record(place, surface="a word of Ada's"))
    records.add("bob", record(9))
    assert records.erase("ada-lovelace") == 3
    assert list(records.all()) == [("bob", record(9))]
    assert records.erase("ada-lovelace") == 0
    files = b"".join(path.read_bytes() for path in tmp_path.glob("records.sqlite*"))
    assert b"ada-lovelace" not in files
    assert b"a word of Ada" not in files


def test_what_says_yes_or_no_may_stay_as_proof(records: SqlRecords) -> None:
    answers = [record(n, action=each) for n, each in enumerate(("accepted", "dismissed", "declined", "acknowledged"))]
    for each in answers:
        records.add("ada", each)
    assert records.erase("ada", proof="case 4711") == 4
    assert records.of("ada") == []
    assert records.of("case 4711") == [each for each in answers if each["action"] != "dismissed"]


def test_proof_stays_under_another_word(records: SqlRecords) -> None:
    """Under the customer's own it would be taken out with all else."""
    records.add("ada", record())
    with pytest.raises(ValueError, match="the customer's own word"):
        records.erase("ada", proof="ada")
    assert records.of("ada") == [record()]


def test_a_customer_s_records_are_found_by_the_index(records: SqlRecords) -> None:
    if records.engine.dialect.name == "sqlite":
        with records.engine.connect() as connection:
            plan = connection.execute(text("EXPLAIN QUERY PLAN SELECT record FROM policy_records WHERE customer = 'a'"))
            assert "USING INDEX policy_records_of_customer" in str(plan.all())
    else:
        with records.engine.connect() as connection:
            connection.execute(text("SET enable_seqscan = off"))
            plan = connection.execute(text("EXPLAIN SELECT record FROM policy_records WHERE customer = 'a'"))
            assert "policy_records_of_customer" in str(plan.all())


@pytest.mark.parametrize("module", [sqlite, postgresql, mysql], ids=lambda each: each.__name__.rpartition(".")[2])
def test_the_table_can_be_made_in_each(module: ModuleType) -> None:
    dialect = module.dialect()
    made = str(CreateTable(TABLE).compile(dialect=dialect))
    assert "record TEXT NOT NULL" in made
    assert "UNIQUE (id)" in made
    exact = " COLLATE utf8mb4_bin" if module is mysql else ""
    assert f"customer VARCHAR(190){exact} NOT NULL" in made
    index = str(CreateIndex(next(iter(TABLE.indexes))).compile(dialect=dialect))
    assert index.endswith("ON policy_records (customer, document)")


def test_what_is_kept_is_json_that_people_can_read(records: SqlRecords) -> None:
    records.add("ada", record())
    with records.engine.connect() as connection:
        [(written,)] = connection.execute(text("SELECT record FROM policy_records"))
    assert json.loads(written) == record()
    assert "𝄞" in written
