"""The JSON that a storefront polls."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import builders
from core.strategies import ledgers
from inforce import project as sources
from inforce.errors import Level
from inforce.model import EventKind, Ledger, Policy
from inforce.publish import manifest
from inforce_client.review import prepare


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
    events = [event.digest for event in ledger.events]
    assert document["head"] == ledger.entries[-1].digest
    assert document.get("events", []) == events
    assert document["head"] in {*events, *(row["digest"] for row in rows)}
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


def test_an_epoch_is_told_once_it_was_raised() -> None:
    policies = sources.read(builders.shipped()).policies
    assert "epoch" not in manifest.build(policies)
    assert manifest.build(policies, epoch=2)["epoch"] == 2


def public(files: dict[str, bytes]) -> dict[str, Any]:
    """The manifest that a ledger gives, for a test to change."""
    return json.loads(manifest.encode(manifest.build(sources.read(files).policies)))


def disagreements(files: dict[str, bytes], built: dict[str, Any]) -> list[str]:
    prepared = prepare(built)
    assert prepared.had
    problems = list(manifest.disagreements(sources.read(files).policies, prepared, "kept.json"))
    assert all(
        (problem.path, problem.rule, problem.level) == ("kept.json", "against", Level.ERROR) for problem in problems
    )
    assert all(problem.cure for problem in problems)
    return [problem.what for problem in problems]


LATER = builders.happened(builders.shipped(), EventKind.ERRATUM, "2026-03-05", version="1.0")


def test_what_was_public_agrees_with_the_ledger_that_it_came_from_and_with_a_later_one() -> None:
    for built in (public(LATER), public(builders.shipped())):
        assert disagreements(LATER, built) == []
        for key in ("head", "events"):
            built["documents"]["privacy"].pop(key, None)
        assert disagreements(LATER, built) == []


def test_a_ledger_that_lacks_what_was_public_is_told_so() -> None:
    said = disagreements(builders.shipped(), public(LATER))
    event = public(LATER)["documents"]["privacy"]["head"]
    assert said == ["Its serial is 4, this ledger's 3", f"The chain of privacy has {event} in it, and not here"]
    said = disagreements(builders.policy(), public(LATER))
    assert said == ["Its serial is 4, this ledger's 0", "It has the policy privacy, of which nothing is published here"]


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("digest", "sha256-other", "privacy 1.1 has the digest sha256-other in it, and sha256-"),
        ("version", "1.2", "It has privacy 1.2 with the digest"),
        ("sequence", 9, "It says something else of privacy 1.1, in sequence, than the file with its digest"),
        ("text_digest", "sha256-other", "in text_digest,"),
        ("announced_at", "2026-01-31T00:00:00Z", "in announced_at,"),
        ("effective_at", "2026-02-02T00:00:00Z", "in effective_at,"),
        ("severity", "notice", "in severity,"),
        ("requires", "inform", "in requires,"),
        ("withdrawn_at", "2026-02-02T00:00:00Z", "in withdrawn_at,"),
        ("translations", {"de": {"digest": "sha256-de"}}, "in translations.de,"),
    ],
)
def test_whatever_differs_in_a_row_is_named(key: str, value: object, words: str) -> None:
    built = public(LATER)
    built["documents"]["privacy"]["versions"][1][key] = value
    assert any(words in said for said in disagreements(LATER, built)), disagreements(LATER, built)


def test_what_a_public_manifest_hid_is_told() -> None:
    built = public(LATER)
    entry = built["documents"]["privacy"]
    del entry["versions"][1]
    assert disagreements(LATER, built) == ["It lacks versions/privacy/1.1.md, which stands here before its head"]
    del entry["head"], entry["events"]
    assert disagreements(LATER, built) == ["It lacks versions/privacy/1.1.md, which stands here before its head"]
    built["serial"] = 2  # from before 2.0 and the erratum: nobody can tell what else it should have had
    assert disagreements(LATER, built) == []
    built = public(LATER)
    built["documents"]["privacy"]["events"] = ["sha256-other"]
    said = disagreements(LATER, built)
    assert said[0] == "The chain of privacy has sha256-other in it, and not here"
    assert disagreements(LATER, {**public(LATER), "documents": {}}) == ["It lacks the policy privacy"]


@given(st.data())
def test_no_digest_of_a_public_manifest_can_be_another_in_silence(data: st.DataObject) -> None:
    built = public(LATER)
    entry = built["documents"]["privacy"]
    place = data.draw(st.sampled_from(["head", "event", 0, 1, 2]))
    other = data.draw(st.sampled_from(["sha256-other", entry["versions"][0]["text_digest"]]))
    if place == "head":
        entry["head"] = other
    elif place == "event":
        entry["events"] = [other]
    else:
        entry["versions"][place]["digest"] = other
    assert disagreements(LATER, built)


def test_a_policy_without_a_version_is_not_in_it() -> None:
    assert manifest.build(sources.read(builders.policy()).policies)["documents"] == {}
