"""The JSON that a storefront polls."""

from __future__ import annotations

import functools
import json
from typing import Any
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import builders, values
from core.histories import cut, publications
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
    addresses = {"url": "privacy/redline/{from}..{to}/", "since": "privacy/since/{from}/"}
    assert document["redline"] == {**addresses, "all_up_to": 12, "window": 1}
    digests = {version.number: version.digest for version in builders.ledger_of(files).versions}
    row = document["versions"][2]
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


@given(publications(), st.data())
def test_a_documents_own_manifest_is_the_whole_ones_part_of_it(
    policies: tuple[Policy, ...], data: st.DataObject
) -> None:
    """And its serial never goes back: it rises with its chain, and with no other's."""
    ends = [data.draw(st.integers(0, len(each.ledger.entries))) for each in policies]
    base = data.draw(st.sampled_from(["", "https://policies.example/legal/"]))
    whole = manifest.build(policies, base)
    for before, policy in zip(cut(policies, ends), policies, strict=True):
        path = f"{policy.document}/policy-manifest.json"
        own = manifest.build([policy], base, path=path)
        assert own["serial"] - manifest.build([before])["serial"] == (
            len(policy.ledger.entries) - len(before.ledger.entries)
        )
        read = prepare(json.loads(manifest.encode(own)))
        assert {**own, "serial": 0, "documents": 0} == {
            **whole, "serial": 0, "documents": 0, "$schema": "../schema/policy-manifest-1.json"
        }  # fmt: skip
        home, there = (f"https://policies.example/legal/{each}" for each in (path, manifest.PATH))
        parts = (
            absolute(each["documents"].get(policy.document), each.get("base", address))
            for each, address in ((own, home), (whole, there))
        )
        assert read.had
        assert len({json.dumps(part, sort_keys=True) for part in parts}) == 1
        assert list(manifest.disagreements(policies, own, home)) == []


def absolute(value: Any, home: str, key: str = "") -> Any:
    """A part of a manifest with its addresses made absolute."""
    if isinstance(value, dict):
        return {name: absolute(each, home, name) for name, each in value.items()}
    if isinstance(value, list):
        return [absolute(each, home) for each in value]
    return urljoin(home, value) if key in ("url", "text", "history", "since") else value


def test_a_text_digest_is_told_where_two_versions_share_it() -> None:
    clauses = [[builders.clause("a", body)] for body in ("One.", "Two.", "One.", "Three.")]
    versions = [builders.version(each, number=f"1.{place}") for place, each in enumerate(clauses)]
    rows = manifest.build([Policy("privacy", None, Ledger("privacy", tuple(versions)))])["documents"]["privacy"]
    told = [row.get("text_digest") for row in rows["versions"]]
    assert told == [versions[0].text_digest, None, versions[0].text_digest, None]


def test_an_epoch_is_told_once_it_was_raised() -> None:
    policies = sources.read(builders.shipped()).policies
    assert "epoch" not in manifest.build(policies)
    assert manifest.build(policies, epoch=2)["epoch"] == 2


def public(files: dict[str, bytes]) -> dict[str, Any]:
    """The manifest that a ledger gives, for a test to change."""
    return json.loads(manifest.encode(manifest.build(sources.read(files).policies)))


def disagreements(files: dict[str, bytes], built: dict[str, Any], level: Level = Level.ERROR) -> list[str]:
    assert prepare(built).had
    problems = list(manifest.disagreements(sources.read(files).policies, built, "kept.json"))
    assert all((problem.path, problem.rule) == ("kept.json", "against") for problem in problems)
    assert all(problem.cure for problem in problems)
    return [problem.what for problem in problems if problem.level is level]


LATER = builders.happened(builders.shipped(), EventKind.ERRATUM, "2026-03-05", version="1.0")


@given(publications(), st.data())
def test_no_manifest_that_was_genuine_is_an_alarm(policies: tuple[Policy, ...], data: st.DataObject) -> None:
    """Whatever was released, corrected, withdrawn and retired since."""
    before = cut(policies, [data.draw(st.integers(0, len(each.ledger.entries))) for each in policies])
    for base in ("", "https://policies.example/"):
        built = json.loads(manifest.encode(manifest.build(before, base)))
        address = "https://policies.example/policy-manifest.json"
        assert list(manifest.disagreements(policies, built, address)) == []


@pytest.mark.parametrize("way", list(values.places(public(LATER))), ids=str)
@pytest.mark.parametrize("gone", [False, True])
def test_no_value_of_a_manifest_can_be_another_in_silence(way: tuple[Any, ...], gone: bool) -> None:
    """Each by itself, wherever it stands: what is told has its field, what is in the manifest, and what is here."""
    built = public(LATER)
    *outer, last = way
    place = functools.reduce(lambda found, key: found[key], outer, built)
    own = place[last]
    if gone:
        del place[last]
    else:
        place[last] = values.another(own)
    if not prepare(built).had:
        return
    said = [*disagreements(LATER, built), *disagreements(LATER, built, Level.WARNING)]
    name = last if isinstance(last, str) else f"{outer[-1]}.{last}"
    if name in ("version", "events.0"):  # a version that nothing here has; all behind an event that is gone
        assert any("nothing" in each or "sha256-" in each for each in said)
    else:
        shown = manifest._shown(own)
        assert any(f"{name}: " in each and each.endswith(f" in it, {shown} here") for each in said), said


def test_what_the_ledger_does_not_settle_is_told_and_no_alarm() -> None:
    built = {**public(LATER), "base": "https://moved.example/", "epoch": 2}
    built["documents"]["privacy"]["contact"] = "mailto:old@policies.example"
    assert disagreements(LATER, built) == []
    assert disagreements(LATER, built, Level.WARNING) == [
        "privacy contact: mailto:old@policies.example in it, mailto:privacy@policies.example here",
        "base: https://moved.example/ in it, nothing here",
        "epoch: 2 in it, nothing here",
    ]


def test_what_a_stranger_wrote_in_a_manifest_is_shown_as_signs() -> None:
    """Whatever shape it has, and whatever it would do to a terminal."""
    built = public(LATER)
    entry = built["documents"]["privacy"]
    entry["versions"][0]["summary"] = "\x1b[2J\u202eAll is well.\n" * 20
    entry["versions"][1]["\x9b"] = {"versions": 5, "digest": []}
    entry["redline"]["more"] = [[[]]]
    built["documents"]["\x1b]"] = entry
    said = disagreements(LATER, built)
    assert len(said) == 4
    assert all(each.isprintable() for each in said), said


def test_a_ledger_that_lacks_what_was_public_is_told_so() -> None:
    event = public(LATER)["documents"]["privacy"]["head"]
    assert disagreements(builders.shipped(), public(LATER)) == [
        "serial: 4 in it, 3 here",
        f"privacy head: {event} in it, {public(builders.shipped())['documents']['privacy']['head']} here",
        "privacy events: something in it, nothing here",
    ]
    assert disagreements(builders.policy(), public(LATER)) == [
        "serial: 4 in it, 0 here",
        "privacy: 1.0, 1.1, 2.0 in it, nothing here",
    ]


def test_what_a_public_manifest_hid_is_told() -> None:
    built = public(LATER)
    digest = built["documents"]["privacy"]["versions"].pop(1)["digest"]
    assert disagreements(LATER, built) == [f"privacy 1.1: nothing in it, {digest} here"]
    assert disagreements(LATER, {**public(LATER), "documents": {}}) == [
        "serial: 4 in it, 0 here",
        "It lacks the policy privacy",
    ]


def test_a_ledger_whose_chain_was_made_again_is_told_version_by_version() -> None:
    other = builders.edited(builders.policy(), "contact", "## Contact\n\nWrite to us.")
    other = builders.released(other, "2026-01-01", summary="The first one.")
    said = disagreements(other, public(LATER))
    assert [each.partition(": ")[0] for each in said] == [
        *("serial", "privacy head", "privacy 1.0 digest", "privacy 1.1", "privacy 2.0", "privacy events"),
    ]


def test_a_policy_without_a_version_is_not_in_it() -> None:
    assert manifest.build(sources.read(builders.policy()).policies)["documents"] == {}
