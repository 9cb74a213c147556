"""Manifests and records of any kind, for the decision's properties. Only shapes that a manifest may have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

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
