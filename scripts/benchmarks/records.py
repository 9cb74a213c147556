"""What a million customers' records cost: a look-up of one customer, and the report on all of them."""

import json
import random
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert

from adapters.repositories import write
from benchmarks import policies
from benchmarks.measuring import INFORCE, Command, met, run, say, table
from inforce import project as sources
from inforce.publish import manifest
from inforce_client.store import TABLE, SqlRecords

VERSIONS, A_CUSTOMER, LOOKUPS = 20, 3, 1000
"""Versions of the policy, records of each customer on an average, and customers who are looked up."""
LOOKUP_TARGET, REPORT_TARGET = 2, 60
"""Milliseconds, and seconds for a million."""
_ACTIONS = ("accepted", "acknowledged", "declined", "dismissed")
_AT = "2026-01-02T00:00:00.000Z"


def of_records(folder: Path, count: int) -> str:
    """``count`` records in SQLite and in a file, in ``folder``."""
    say(f"{count:,} records")
    project = policies.policy(VERSIONS, 10)
    write(folder, project)
    rows = manifest.build(sources.read(project).policies)["documents"]["privacy"]["versions"]
    address, customers = f"sqlite:///{folder / 'records.sqlite'}", count // A_CUSTOMER
    with SqlRecords(address) as records:
        _fill(records, folder / "records.ndjson", _made(rows, count, customers))
        took = sorted(_lookups(records, customers))
    costs = {kind: _report(folder, told) for kind, told in (("SQLite", address), ("a file", "records.ndjson"))}
    million = {kind: cpu * 1_000_000 / count for kind, cpu in costs.items()}
    reports = [[f"`inforce report`, {kind}", f"{cpu:.1f} s"] for kind, cpu in costs.items()]
    half, last = median(took), took[len(took) * 99 // 100]
    lookups = [["all records of one customer, median", f"{half:.2f} ms"], ["the same, 99 of 100", f"{last:.2f} ms"]]
    size = (folder / "records.sqlite").stat().st_size / 2**20
    return f"""\
## {count:,} records

{customers:,} customers and {VERSIONS} versions; the database has {size:,.0f} MiB. The reports' times are those of the \
processor.

{table(["", "took"], [*lookups, *reports])}

Targets: at most {LOOKUP_TARGET} ms for a customer: {met(half <= LOOKUP_TARGET)}; at most {REPORT_TARGET} s for a \
million records: {met(max(million.values()) <= REPORT_TARGET)}."""


def _made(rows: list[dict[str, Any]], count: int, customers: int) -> Iterator[tuple[str, dict[str, Any]]]:
    chance = random.Random(20260101)
    for _ in range(count):
        row, name = chance.choice(rows), str(uuid.UUID(int=chance.getrandbits(128)))
        told = {"id": name, "action": chance.choice(_ACTIONS), "received_at": _AT}
        yield f"customer {chance.randrange(customers)}", policies.record("privacy", row, **told)


def _fill(records: SqlRecords, file: Path, made: Iterator[tuple[str, dict[str, Any]]]) -> None:
    """All at once, as no shop does."""
    with records.engine.begin() as connection, file.open("w", encoding="utf-8") as lines:
        batch = []
        for customer, record in made:
            row = {name: record[name] for name in ("id", "document", "version", "action", "received_at")}
            batch.append({**row, "customer": customer, "record": json.dumps(record)})
            lines.write(json.dumps({"customer": customer, **record}) + "\n")
            if len(batch) == 10_000:
                connection.execute(insert(TABLE), batch)
                batch = []
        if batch:
            connection.execute(insert(TABLE), batch)


def _lookups(records: SqlRecords, customers: int) -> Iterator[float]:
    """Milliseconds of each."""
    chance = random.Random(20260102)
    for _ in range(LOOKUPS):
        began = time.perf_counter()
        records.of(f"customer {chance.randrange(customers)}")
        yield 1000 * (time.perf_counter() - began)


def _report(folder: Path, told: str) -> float:
    return run(Command([*INFORCE, "report", told, "--format", "csv"], folder))[0].cpu
