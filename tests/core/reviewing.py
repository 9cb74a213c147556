"""Manifests and records of any kind, for the decision's properties; and cases of it, written, made up and spoilt.

What is drawn has only shapes that a manifest may have. Every language is asked the same cases.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from vectors import tables

from inforce_client import review

Json = dict[str, Any]

STOREFRONT = Path(review.__file__).parents[2]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DOCUMENTS = ("privacy", "terms", "returns")

START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 40
CLAUSES = ("scope", "cookies", "contact", "logs")
KINDS = ("added", "formatted", "merged", "modified", "moved", "removed", "retitled", "split")


def day(number: float) -> str:
    return (START + timedelta(days=number)).strftime("%Y-%m-%dT%H:%M:%SZ")


def moments() -> st.SearchStrategy[datetime]:
    return st.floats(-5, DAYS + 5).map(lambda days: START + timedelta(days=days))


def changes() -> st.SearchStrategy[list[dict[str, Any]]]:
    row = st.fixed_dictionaries(
        {
            "clause": st.sampled_from(CLAUSES),
            "title": st.sampled_from(("One", "Two")),
            "kinds": st.lists(st.sampled_from(KINDS), min_size=1, max_size=2, unique=True).map(sorted),
            "severity": st.sampled_from(("editorial", "notice", "material", "unclassified")),
        },
        optional={
            "note": st.sampled_from(("Wider.", "Longer.")),
            "was": st.lists(st.sampled_from(CLAUSES), max_size=2),
        },
    )
    return st.lists(row, max_size=3, unique_by=lambda each: each["clause"])


@st.composite
def manifests(draw: st.DrawFn) -> dict[str, Any]:
    """A manifest of ``privacy`` whose versions keep a ledger's rules: dates rise, none is withdrawn once in force."""
    rows, announced, effective = [], 0.0, 0.0
    for sequence in range(1, draw(st.integers(1, 7)) + 1):
        announced += draw(st.integers(0, 6))
        effective = max(effective, announced + draw(st.integers(0, 8)))
        number = f"{sequence}.0"
        row = {
            "sequence": sequence,
            "version": number,
            "announced_at": day(announced),
            "effective_at": day(effective),
            "language": "en",
            "summary": "",
            "requires": draw(st.sampled_from(("accept", "acknowledge", "inform"))),
            "severity": draw(st.sampled_from(("editorial", "notice", "material", "unclassified"))),
            "digest": f"digest of {number}",
            "changes": draw(changes()),
        }
        if draw(st.integers(0, 2)) == 0:
            row["accept_by"] = day(effective + draw(st.integers(0, 9)))
        if draw(st.integers(0, 2)) == 0:
            row["reconfirm_every"] = draw(st.sampled_from(("P1Y", "P1M", "P2W", "P9D", "P1M3D", "P999Y")))
        if draw(st.integers(0, 3)):
            row["text_digest"] = f"text {draw(st.integers(1, sequence))}"
        if effective > announced and draw(st.integers(0, 5)) == 0:
            row["withdrawn_at"] = day(announced)
        if draw(st.integers(0, 5)) == 0:
            row["translations"] = {"zh": {"digest": f"zh {number}"}}
        rows.append(row)
    limits = {"all_up_to": draw(st.integers(0, 5)), "window": draw(st.integers(0, 3))}
    since = {"since": "privacy/since/{from}/"} if draw(st.booleans()) else {}
    spec = {"url": "privacy/redline/{from}..{to}/", **since, **limits}
    entry: dict[str, Any] = {"redline": spec, "versions": draw(st.permutations(rows))}
    if draw(st.integers(0, 9)) == 0:
        entry["retired_at"] = day(announced + draw(st.integers(0, 20)))
    return {"schema_version": 1, "serial": len(rows), "documents": {"privacy": entry}}


def record_lists() -> st.SearchStrategy[list[Any]]:
    numbers = st.integers(1, 8).map(lambda number: f"{number}.0")
    clocks = st.none() | st.sampled_from((-3650, -1, 0, 2, 3650)).flatmap(
        lambda off: st.integers(off, off + DAYS).map(day)
    )
    record = st.builds(
        lambda number, digest, at, until, **more: {
            "version": number, "digest": f"{digest}{number}", "at": day(at),
            "until": None if until is None else day(at + until), **more,
        },
        numbers,
        st.sampled_from(("digest of ", "digest of ", "digest of ", "zh ", "forged ")),
        st.integers(0, DAYS) | st.floats(0, DAYS),
        st.none() | st.integers(0, 10),
        id=st.text("ab", min_size=1, max_size=3),
        action=st.sampled_from(("accepted", "acknowledged", "declined", "dismissed")),
        document=st.sampled_from(("privacy", "privacy", "privacy", "terms")),
        manifest_serial=st.integers(0, 9),
        sent_at=clocks,
        received_at=clocks,
    )  # fmt: skip
    broken = st.sampled_from(({}, None, "accepted", {"document": "privacy"}, {"document": "terms"}))
    return st.lists(record | record | record | broken, max_size=5, unique_by=lambda each: str(each))


def vectors() -> Iterator[Json]:
    for path in sorted((STOREFRONT / "vectors").glob("*.json")):
        if path.name not in ("copies.json", "instants.json", "merges.json"):
            yield from cases_in(path.name)


def cases_in(name: str) -> list[Json]:
    return json.loads((STOREFRONT / "vectors" / name).read_text(encoding="utf-8"))["cases"]


def milliseconds(now: datetime) -> int:
    return (now - EPOCH) // timedelta(milliseconds=1)


@cache
def drawn(strategy: Callable[[], st.SearchStrategy[Any]], count: int) -> Sequence[Any]:
    """So many examples, the same in every run; drawing them takes seconds."""
    found: list[Any] = []

    @seed(20260101)
    @settings(max_examples=count, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(strategy())
    def collect(example: Any) -> None:
        found.append(example)

    collect()
    return tuple(found)


def made_up(count: int) -> Iterator[Json]:
    """Cases of one document or of several, the manifest read before or not, now and then none at all.

    Any manifest goes with any records and any instant: drawing them is what takes time, so each is used again.
    """
    chance = random.Random(20260101)
    policies, records = drawn(manifests, 200), drawn(record_lists, 200)
    instants = (*drawn(moments, 100), *(START + timedelta(days=days) for days in range(DAYS)))
    for _ in range(count):
        manifest, other = chance.choices(policies, k=2)
        documents = {**manifest["documents"], "terms": other["documents"]["privacy"]}
        asked = {"document": "privacy"}, {"documents": chance.sample(DOCUMENTS, 3)}
        yield {
            "manifest": chance.choices([manifest, {**manifest, "documents": documents}, None], (9, 9, 1))[0],
            "prepared": chance.random() < 0.5,
            "records": chance.choice(records),
            "now": chance.choice(instants),
            **chance.choice(asked),
        }


ODD = (None, True, 0, -1, 1.5, 2**60, "", "x", "2026-01-02T00:00:00Z", [], {}, ["x"], {"x": 1}, {"x": {"digest": "d"}})


def spoilt(count: int) -> Iterator[Json]:
    """Vectors with one value of the manifest or of the records replaced by something odd, or taken out."""
    chance = random.Random(20260102)
    cases = [json.dumps(case) for case in vectors() if case["manifest"] and case["records"]]
    for _ in range(count):
        case = json.loads(chance.choice(cases))
        place = case["manifest"] if chance.random() < 0.7 else case["records"]
        while True:
            key = chance.choice(sorted(place) if isinstance(place, dict) else range(len(place)))
            inner = place[key]
            if not isinstance(inner, dict | list) or not inner or chance.random() < 0.1:
                break
            place = inner
        if chance.random() < 0.2:
            del place[key]
        else:
            place[key] = chance.choice(ODD)
        yield {**case, "now": datetime.fromisoformat(case["now"]), "prepared": False}


def decided(case: Json) -> Json:
    read = review.prepare(case["manifest"]) if case["prepared"] else case["manifest"]
    if "documents" in case:
        return review.review_all(read, case["documents"], case["records"], case["now"])
    return review.review_state(read, case["document"], case["records"], case["now"])


def unlikely(count: int) -> Iterator[Json]:
    """Changes such as no release writes them, yet a manifest may have: any kinds together, any id before."""
    chance = random.Random(20260104)

    def row(clause: str, number: int) -> Json:
        return {
            "clause": clause,
            "title": f"{clause} {number}",
            "kinds": chance.sample(KINDS, chance.randrange(3)),
            "severity": chance.choice(("editorial", "notice", "material", "odd")),
            **({"note": chance.choice(("x", "y", ""))} if chance.random() < 0.5 else {}),
            **({"was": chance.choices("abcd", k=chance.randrange(4))} if chance.random() < 0.5 else {}),
        }

    for _ in range(count):
        policy = tables.manifest(privacy="; ".join(f"{n}.0 01-0{n}" for n in range(1, chance.randrange(3, 8))))
        for number, version in enumerate(policy["documents"]["privacy"]["versions"][1:], 2):
            version["changes"] = [row(clause, number) for clause in chance.sample("abcd", chance.randrange(4))]
        record = tables.record("accepted 1.0 01-02")
        yield {
            "manifest": policy,
            "prepared": False,
            "document": "privacy",
            "records": [record],
            "now": START + timedelta(weeks=5),
        }
