"""The JSON that a storefront polls."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from core import builders
from core.strategies import ledgers
from inforce import project as sources
from inforce.model import EventKind, Ledger, Policy
from inforce.publish import manifest


@given(st.permutations(sorted(builders.shipped())))
def test_the_same_ledger_gives_the_same_bytes(order: list[str]) -> None:
    files = builders.shipped()
    one = manifest.build(sources.read(files).policies, "https://policies.example/")
    other = manifest.build(sources.read({path: files[path] for path in order}).policies, "https://policies.example/")
    assert manifest.encode(one) == manifest.encode(other)


@given(ledgers())
def test_it_holds_every_version_and_is_plain_json(ledger: Ledger) -> None:
    built = manifest.build([Policy("privacy", None, ledger)])
    data = manifest.encode(built)
    assert data.endswith(b"}\n")
    assert b"\r" not in data
    assert json.loads(data, parse_float=lambda _: None) == built
    document = built["documents"]["privacy"]
    rows = document["versions"]
    assert [row["version"] for row in rows] == [version.number for version in ledger.versions]
    assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
    assert {row["version"] for row in rows if "withdrawn_at" in row} == set(ledger.withdrawals)
    assert built["serial"] == len(ledger.entries)
    assert (document["status"] == "retired") == ("retired_at" in document) == (ledger.retirement is not None)


def test_the_manifest_of_a_policy() -> None:
    files = builders.happened(builders.shipped(), EventKind.ERRATUM, "2026-03-05", version="1.0")
    built = manifest.build(sources.read(files).policies, "https://policies.example/")
    assert (built["serial"], built["base"], built["schema_version"]) == (4, "https://policies.example/", 1)
    document = built["documents"]["privacy"]
    assert document["contact"] == "mailto:privacy@policies.example"
    assert document["redline"] == {"url": "privacy/redline/{from}..{to}/", "all_up_to": 30, "window": 5}
    digests = {version.number: version.digest for version in builders.ledger_of(files).versions}
    row = document["versions"][2]
    assert row.pop("text_digest").startswith("sha256-")
    assert row == {
        "sequence": 3,
        "version": "2.0",
        "amends": "1.1",
        "announced_at": "2026-02-28T16:00:00Z",
        "effective_at": "2026-03-31T16:00:00Z",
        "language": "en",
        "requires": "acknowledge",
        "severity": "material",
        "summary": "We sell.",
        "url": "privacy/2.0/",
        "text": "privacy/2.0.md",
        "digest": digests["2.0"],
        "changes": [
            {
                "clause": "purpose",
                "title": "Purpose",
                "kinds": ["modified"],
                "severity": "material",
                "note": "We sell addresses now.",
            }
        ],
    }
    assert "base" not in manifest.build(sources.read(files).policies)


def test_a_policy_without_a_version_is_not_in_it() -> None:
    assert manifest.build(sources.read(builders.policy()).policies)["documents"] == {}
