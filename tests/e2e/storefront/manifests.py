"""Manifests and records as JSON values, for tests of the storefront: small, and valid by the schema."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any

START = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
NOW = "2026-12-01T12:00:00Z"
"""After every version that `history` makes, unless it says otherwise."""

Json = dict[str, Any]


def digest(text: str) -> str:
    """A digest in the manifest's form."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def change(clause: str, severity: str = "notice", kinds: tuple[str, ...] = ("modified",), **more: Any) -> Json:
    """One clause's row in a version's changes."""
    title = clause.replace("-", " ").capitalize()
    return {"clause": clause, "title": title, "kinds": list(kinds), "severity": severity} | more


def version(document: str, sequence: int, severity: str = "material", **more: Any) -> Json:
    """A version's row: 1.0, 1.1, … in force a month after the one before."""
    number = f"1.{sequence - 1}"
    at = (START + timedelta(days=28 * (sequence - 1))).strftime("%Y-%m-%dT%H:%M:%SZ")
    row = {
        "sequence": sequence,
        "version": number,
        "announced_at": at,
        "effective_at": at,
        "language": "en",
        "requires": "acknowledge",
        "severity": severity,
        "summary": f"Summary of {document} {number}.",
        "url": f"{document}/{number}/",
        "text": f"{document}/{number}.md",
        "digest": digest(f"{document} {number}"),
        "text_digest": digest(f"text of {document} {number}"),
        "changes": [change(f"clause-{sequence}", severity, note=f"Note {sequence}.")] if sequence > 1 else [],
    }
    return row | more


def history(document: str, *severities: str, **more: Any) -> Json:
    """A document of as many versions as severities; `more` goes into every version."""
    return {
        "title": f"Shop {document.capitalize()}",
        "kind": "policy",
        "status": "published",
        "url": f"{document}/",
        "history": f"{document}/versions/",
        "contact": "mailto:privacy@shop.example",
        "redline": {"url": f"{document}/redline/{{from}}..{{to}}/", "all_up_to": 30, "window": 5},
        "versions": [version(document, at, severity, **more) for at, severity in enumerate(severities, start=1)],
    }


def manifest(serial: int | None = None, **documents: Json) -> Json:
    """A manifest of these documents."""
    count = sum(len(document["versions"]) for document in documents.values())
    return {
        "$schema": "schema/policy-manifest-1.json",
        "schema_version": 1,
        "serial": count if serial is None else serial,
        "documents": documents,
    }


def record(row: Json, action: str = "acknowledged", document: str = "privacy", **more: Any) -> Json:
    """A customer's record about a version's row, made in November 2026."""
    made = {
        "id": f"{action}-{row['version']}",
        "action": action,
        "document": document,
        "version": row["version"],
        "sequence": row["sequence"],
        "language": "en",
        "digest": row["digest"],
        "base": None,
        "manifest_serial": 1,
        "head": None,
        "at": "2026-11-20T00:00:00Z",
        "until": None,
        "surface": None,
    }
    return made | more
