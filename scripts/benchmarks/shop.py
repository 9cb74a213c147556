"""A shop of three policies with twenty versions each, and its customers; the same on every machine."""

import random
from datetime import UTC, datetime, timedelta
from functools import cache
from statistics import fmean
from typing import Any

from benchmarks import synthetic

from inforce import project as sources
from inforce.publish import manifest

Json = dict[str, Any]

DOCUMENTS = {"privacy": 15, "terms": 20, "returns": 10}
"""Number of clauses by document."""
VERSIONS = 20
CUSTOMERS = 600
_SEED = 20260101


@cache
def published() -> Json:
    """The manifest."""
    files: dict[str, bytes] = {}
    for document, clauses in DOCUMENTS.items():
        files |= synthetic.policy(VERSIONS, clauses, document)
    return manifest.build(sources.read(files).policies, "https://policies.example/")


def visits() -> list[Json]:
    """A visit of every customer: ``records`` of all documents, the ``document`` asked about, and ``now``.

    Three of ten have agreed to the version in force, three are some versions behind; the others are new, said no or
    later, or have a record of a text that nobody knows. All but the new ones have the records of up to four versions.
    """
    chance = random.Random(_SEED)
    return [_visit(chance, place) for place in range(CUSTOMERS)]


def records() -> float:
    """How many records a customer has, on average, of all documents."""
    return fmean(len(visit["records"]) for visit in visits())


def _visit(chance: random.Random, place: int) -> Json:
    now = datetime(2013, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(500_000))
    habit = chance.choice(("agrees",) * 3 + ("behind",) * 3 + ("new", "declines", "later", "lost"))
    records = [record for name in DOCUMENTS for record in _records(chance, name, habit, now)]
    records = [{**record, "id": f"{place:08x}-0000-4000-8000-{number:012x}"} for number, record in enumerate(records)]
    return {"document": chance.choice(list(DOCUMENTS)), "records": records, "now": now}


def _records(chance: random.Random, document: str, habit: str, now: datetime) -> list[Json]:
    rows = published()["documents"][document]["versions"]
    last = chance.randint(1, VERSIONS - 1) if habit == "behind" else VERSIONS
    told = [] if habit == "new" else [_record(row, document) for row in rows[max(0, last - 4) : last]]
    if habit == "lost":
        told[-1]["digest"] = "sha256-nobody-knows-this-text"
    if habit in ("declines", "later"):
        later = {"action": "dismissed", "until": (now + timedelta(days=3)).isoformat(), "at": now.isoformat()}
        told[-1] |= {"action": "declined"} if habit == "declines" else later
    return told


def _record(row: Json, document: str) -> Json:
    return {
        "action": "acknowledged",
        "document": document,
        "version": row["version"],
        "sequence": row["sequence"],
        "language": row["language"],
        "digest": row["digest"],
        "base": row.get("amends"),
        "manifest_serial": row["sequence"],
        "at": row["effective_at"],
        "until": None,
        "surface": "checkout",
    }


def served() -> bytes:
    """The manifest as a web server has it."""
    return manifest.encode(published())
