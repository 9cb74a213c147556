"""Customers' records against a ledger: which text was agreed to, and every way in which a record can be wrong."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import builders
from inforce import model
from inforce import project as sources
from inforce.check import receipts
from inforce.errors import InForceError, Level
from inforce.ledger import entries as ledger
from inforce.model import EventKind
from inforce_client import review
from inforce_client.answers import ACTIONS

FILES = builders.shipped()
LEDGER = builders.ledger_of(FILES)
POLICIES = sources.read(FILES).policies
V10, V11, V20 = LEDGER.versions
WINDOWS = model.digest(ledger.compose(V11).replace(b"\n", b"\r\n"))
NOWHERE = model.digest(b"nowhere")


def record(**fields: Any) -> dict[str, Any]:
    """A sound record of 1.1; ``fields`` replace some of it, and ... takes one out."""
    sound = {
        "id": "6f1b9a52-0c5e-4b0b-9f0e-2f7a3c1d8e90",
        "action": "acknowledged",
        "document": "privacy",
        "version": "1.1",
        "sequence": 2,
        "language": "en",
        "digest": V11.digest,
        "base": "1.0",
        "manifest_serial": 3,
        "head": V20.digest,
        "at": "2026-03-05T10:00:00Z",
        "until": None,
        "surface": "checkout",
    }
    return {key: value for key, value in {**sound, **fields}.items() if value is not ...}


def checked(**fields: Any) -> receipts.Finding:
    [receipt] = receipts.read(json.dumps(record(**fields)).encode(), "r.json")
    return receipts.check(POLICIES, receipt)


def told(**fields: Any) -> tuple[str, str, Level]:
    """The one problem of a record: its rule, its words, how much it weighs."""
    [problem] = checked(**fields).problems
    assert problem.path == "r.json"
    return problem.rule, f"{problem.what}. {problem.cure}", problem.level


@given(st.sampled_from(LEDGER.versions), st.sampled_from(ACTIONS))
def test_a_record_of_what_was_published_names_its_text(version: model.Version, action: str) -> None:
    found = checked(
        version=version.number, digest=version.digest, sequence=LEDGER.sequence[version.number], action=str(action)
    )
    assert found.problems == ()
    assert found.version == version
    assert found.receipt.action == action


@given(st.binary())
def test_a_digest_of_anything_else_is_no_version_s(data: bytes) -> None:
    found = checked(digest=model.digest(data))
    assert found.version is None
    assert [problem.rule for problem in found.problems] == ["receipt-digest"]


def test_a_digest_that_is_no_file_s_is_told_beside_the_file_s_own() -> None:
    rule, words, level = told(digest=NOWHERE)
    assert (rule, level) == ("receipt-digest", Level.ERROR)
    assert words.startswith(f"No file here has the digest {NOWHERE}; versions/privacy/1.1.md has {V11.digest}. ")


def test_the_digest_decides_and_not_the_number() -> None:
    assert checked(version="1.0").version == V11
    rule, words, _ = told(version="1.0")
    assert (rule, words.partition(".")[2]) == (
        "receipt-version",
        "0, and its digest privacy 1.1. The digest decides: privacy 1.1 was shown. Find out who wrote the number",
    )
    assert checked(version="9.0").version == checked(document="terms").version == V11


def test_other_line_endings_and_the_text_digest_are_recognised() -> None:
    assert checked(digest=WINDOWS).version == V11
    assert "Windows line endings: the same words" in told(digest=WINDOWS)[1]
    assert checked(digest=V11.text_digest).version == V11
    assert "Keep the manifest's `digest` with a record" in told(digest=V11.text_digest)[1]
    both = checked(digest=WINDOWS, version="1.0").problems
    assert [problem.rule for problem in both] == ["receipt-bytes", "receipt-version"]


def test_what_is_not_here_is_told_with_what_is() -> None:
    nowhere = {"digest": NOWHERE}
    assert "Its versions: 1.0, 1.1, 2.0" in told(version="3.0", **nowhere)[1]
    assert "Did you mean `privacy`?" in told(document="privcy", **nowhere)[1]
    assert "The policies here: privacy" in told(document="terms", **nowhere)[1]


def test_a_ledger_older_than_the_record_is_told_to_catch_up() -> None:
    expected = "Bring this ledger up to date: its serial is 3, the record's 4"
    assert expected in told(version="3.0", digest=NOWHERE, manifest_serial=4)[1]
    assert expected in told(document="terms", digest=NOWHERE, manifest_serial=4)[1]
    assert "Bring this ledger" not in told(digest=NOWHERE, manifest_serial=4)[1]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("sequence", 1, "`sequence` is 1; privacy 1.1 has 2"),
        ("language", "de", "`language` is de; privacy 1.1 is in en"),
        ("at", "2026-01-31T15:59:59Z", "`at` is before privacy 1.1 was announced"),
    ],
)
def test_what_disagrees_beside_the_digest_is_a_warning(field: str, value: object, words: str) -> None:
    rule, said, level = told(**{field: value})
    assert (rule, level) == ("receipt-detail", Level.WARNING)
    assert said.startswith(words)


def test_a_withdrawn_version_is_found_like_any_other() -> None:
    files = builders.happened(FILES, EventKind.WITHDRAW, "2026-03-05", version="2.0")
    [receipt] = receipts.read(json.dumps(record(version="2.0", sequence=3, digest=V20.digest)).encode(), "r.json")
    found = receipts.check(sources.read(files).policies, receipt)
    assert (found.version, found.problems) == (V20, ())


def test_without_any_policy_nothing_is_found() -> None:
    [receipt] = receipts.read(json.dumps(record(manifest_serial=...)).encode(), "r.json")
    assert receipts.check((), receipt).version is None
    [problem] = receipts.check((), receipt).problems
    assert "The policies here: none yet" in problem.cure


def test_a_history_is_a_list_and_each_place_in_it_is_named() -> None:
    found = receipts.read(json.dumps([record(), record(version="1.0", digest=V10.digest)]).encode(), "r.json")
    assert [(receipt.place, receipt.version) for receipt in found] == [
        ("r.json, record 1", "1.1"),
        ("r.json, record 2", "1.0"),
    ]
    with pytest.raises(InForceError) as error:
        receipts.read(json.dumps([record(id=...), record(), "text"]).encode(), "r.json")
    assert [problem.path for problem in error.value.problems] == ["r.json, record 1", "r.json, record 3"]


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        (b"", "r.json:1", "This is not JSON"),
        (b"<!doctype html>", "r.json:1", "This is not JSON"),
        (b'{"id":\n"1",}', "r.json:2", "This is not JSON"),
        (b"\xff\xfe{\0}\0", "r.json", "This is not JSON in UTF-8"),
        (b"[" * 100_000, "r.json", "This is not JSON in UTF-8"),
        (b'{"sequence": ' + b"9" * 5000 + b"}", "r.json", "This is not JSON in UTF-8"),
        (b'{"version": "1.0", "version": "1.1"}', "r.json", "`version` stands twice in one object"),
        (b"[]", "r.json", "The list holds no record"),
        (b"null", "r.json", "This is not a JSON object"),
    ],
)
def test_a_file_that_holds_no_record(data: bytes, place: str, words: str) -> None:
    with pytest.raises(InForceError) as error:
        receipts.read(data, "r.json")
    [problem] = error.value.problems
    assert problem.place == place
    assert problem.what.startswith(words)


WRONG = [
    *(("id", value) for value in (..., None, 7, "", " ", "a\u001b[2J")),
    *(("action", value) for value in (..., "agreed", "Accepted", None, ["accepted"], {})),
    *(("document", value) for value in (..., "Privacy", "../privacy", "", 1)),
    *(("version", value) for value in (..., 1.1, "1", "1.1\n", "01.0", "1.1.0")),
    *(("digest", value) for value in (..., "sha256-", V11.digest[:-1], model.hexadecimal(V11.digest), None)),
    *(("at", value) for value in (..., None, 0, "2026-03-05", "2026-03-05T10:00:00", "2026-02-30T10:00:00Z", "now")),
    *(("until", value) for value in ("soon", 3, "2026-03-05T10:00:00")),
    *(("sequence", value) for value in (0, "2", True, 1.5)),
    *(("language", value) for value in ("", "e", "en_GB", 3)),
    *(("base", value) for value in ("one", 1.0, "https://policies.example/")),
    *(("manifest_serial", value) for value in (-1, "3", False)),
    *(("surface", value) for value in ("", 1, "a\u009bb")),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_a_wrong_field_is_named_with_what_it_must_be(field: str, value: object) -> None:
    with pytest.raises(InForceError) as error:
        receipts.read(json.dumps(record(**{field: value})).encode(), "r.json")
    [problem] = error.value.problems
    assert f"`{field}`" in problem.what
    assert problem.cure
    assert str(problem).isprintable()


def test_everything_wrong_with_a_record_is_told_at_once_and_a_long_value_is_cut() -> None:
    with pytest.raises(InForceError) as error:
        receipts.read(json.dumps(record(id=..., version="x" * 1000, at=3)).encode(), "r.json")
    assert [problem.what.split("`")[1] for problem in error.value.problems] == ["id", "version", "at"]
    assert max(len(problem.what) for problem in error.value.problems) < 100


def test_what_a_record_may_leave_out_and_what_it_may_add() -> None:
    optional = ("sequence", "language", "base", "manifest_serial", "until", "surface")
    for absent in (..., None):
        assert checked(**dict.fromkeys(optional, absent)).problems == ()
    assert checked(customer="ada", proof={"ip": "…"}).problems == ()


def test_a_head_that_the_chain_does_not_hold_is_told() -> None:
    """The text holds, and what was published behind it does not: a version or an event that vanished."""
    rule, words, level = told(head=NOWHERE)
    assert (rule, level) == ("receipt-head", Level.ERROR)
    assert words.startswith(
        f"The chain of privacy does not hold its `head`, {NOWHERE}, which the customer's client knew"
    )
    assert "This ledger was rewritten since" in words
    assert "Bring this ledger up to date: its serial is 3, the record's 4" in told(head=NOWHERE, manifest_serial=4)[1]
    for head in (V10.digest, None, ...):
        assert checked(head=head).problems == ()


INSTANTS = json.loads((Path(review.__file__).parents[2] / "vectors/instants.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", INSTANTS, ids=lambda case: case["written"])
def test_a_receipt_reads_the_instants_that_the_decision_reads(case: dict[str, Any]) -> None:
    for fields in ({"at": case["written"]}, {"until": case["written"]}):
        data = json.dumps(record(**fields)).encode()
        if case["milliseconds"] is None:
            with pytest.raises(InForceError, match="must be an instant with its offset, such as 2027-01-15T00:00:00Z"):
                receipts.read(data, "r.json")
            continue
        [receipt] = receipts.read(data, "r.json")
        found = receipt.until or receipt.at
        assert (found - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1) == case["milliseconds"]
