"""Short words for manifests, records and expected results. Nothing is decided here: what is expected is written out."""

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any

Json = dict[str, Any]

DAY = "2026-{}T00:00:00Z"


def day(name: str) -> str:
    """The instant at which a day of 2026 begins in UTC: ``day("03-01")``; anything longer is an instant already."""
    return DAY.format(name) if len(name) == 5 else name


def digest(text: str) -> str:
    """A digest in the manifest's form, of these words instead of a ledger file."""
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def change(clause: str, *kinds: str, severity: str = "editorial", note: str = "", was: Iterable[str] = ()) -> Json:
    """One clause's row in a version's ``changes``."""
    row: Json = {"clause": clause, "title": clause.title(), "kinds": sorted(kinds), "severity": severity}
    if note:
        row["note"] = note
    if was:
        row["was"] = list(was)
    return row


def version(
    number: str,
    effective: str,
    severity: str = "material",
    *changes: Json,
    announced: str | None = None,
    requires: str = "acknowledge",
    text: str | None = None,
    **more: Any,
) -> Json:
    """A version's row, announced on the day of effect unless told otherwise; its ``sequence`` comes from its place."""
    return {
        "version": number,
        "announced_at": day(announced or effective),
        "effective_at": day(effective),
        "language": "en",
        "requires": requires,
        "severity": severity,
        "summary": f"What is new in {number}.",
        "url": f"privacy/{number}/",
        "text": f"privacy/{number}.md",
        "digest": digest(number),
        "text_digest": digest(f"text of {text or number}"),
        "changes": list(changes),
        **more,
    }


def document(*versions: Json, name: str = "privacy", retired: str | None = None, window: int = 5,
    up_to: int = 30) -> Json:
    """A document's entry."""
    entry: Json = {
        "title": f"{name.title()} policy",
        "kind": "privacy-policy",
        "status": "retired" if retired else "published",
        "url": f"{name}/",
        "history": f"{name}/versions/",
        "redline": {"url": f"{name}/redline/{{from}}..{{to}}/", "all_up_to": up_to, "window": window},
        "versions": [{"sequence": place, **row} for place, row in enumerate(versions, 1)],
    }
    if retired:
        entry["retired_at"] = day(retired)
    return entry


def manifest(*versions: Json, **more: Any) -> Json:
    """A manifest of one document, ``privacy``."""
    return of(privacy=document(*versions, **more))


def of(**documents: Json) -> Json:
    """A manifest of several documents."""
    serial = sum(len(each["versions"]) for each in documents.values())
    return {"schema_version": 1, "serial": serial, "base": "https://policies.example/", "documents": documents}


def record(action: str, number: str, at: str, **more: Any) -> Json:
    """A customer's record of a version of ``privacy``; its id is that instant."""
    return {
        "id": f"record of {at}",
        "action": action,
        "document": "privacy",
        "version": number,
        "sequence": 1,
        "language": "en",
        "digest": digest(number),
        "base": None,
        "manifest_serial": 1,
        "at": day(at),
        "until": None,
        "surface": "shop",
        **more,
    }


def case(name: str, manifest: Any, records: list[Any], now: str, state: str, reason: str, **expected: Any) -> Json:
    """A case of ``review_state``; keys that are not named are expected to be empty."""
    nothing: Json = {"version": None, "requires": None, "base": None, "changes": None, "redline": None}
    empty: Json = {"upcoming": [], "snoozed_until": None, "flags": []}
    known = {"document", *nothing, *empty}
    assert set(expected) <= known, set(expected) - known
    if expected.get("version") and "requires" not in expected:
        expected["requires"] = "acknowledge"
    result = {"document": "privacy", "state": state, "reason": reason, **nothing, **empty, **expected}
    return {
        "name": name,
        "manifest": manifest,
        "document": result["document"],
        "records": records,
        "now": day(now),
        "expected": result,
    }


def clause(name: str, *kinds: str, severity: str = "editorial", notes: Iterable[str] = ()) -> Json:
    """One expected row of ``changes``."""
    return {
        "clause": name,
        "title": name.title(),
        "kinds": list(kinds),
        "severity": severity,
        "notes": list(notes),
    }


def steps(*pairs: str, name: str = "privacy") -> list[str]:
    """Expected addresses: ``steps("1.0..2.0")``."""
    return [f"{name}/redline/{pair}/" for pair in pairs]


Cases = list[Json]
Group = Mapping[str, Cases]
