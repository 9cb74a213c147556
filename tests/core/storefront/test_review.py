"""The review decision: every case of the vectors, and what must hold for every input."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from vectors import tables
from vectors.__main__ import texts
from vectors.tables import digest

from core import builders
from core.reviewing import manifests, moments, record_lists
from inforce import project as sources
from inforce.publish import manifest
from inforce_client import review

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STOREFRONT = Path(review.__file__).parents[2]
RULES = {"copies.json", "instants.json", "merges.json"}
"""Vectors of what the decision stands on, which have schemas of their own."""
FILES = [path for path in sorted((STOREFRONT / "vectors").glob("*.json")) if path.name not in RULES]
INSTANTS = json.loads((STOREFRONT / "vectors/instants.json").read_text(encoding="utf-8"))["cases"]
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in FILES
    for case in json.loads(path.read_text(encoding="utf-8"))["cases"]
]


def decided(case: dict[str, Any]) -> dict[str, Any]:
    now = datetime.fromisoformat(case["now"])
    if "documents" in case:
        return review.review_all(case["manifest"], case["documents"], case["records"], now)
    return review.review_state(case["manifest"], case["document"], case["records"], now)


@pytest.mark.parametrize("case", CASES)
def test_the_vectors(case: dict[str, Any]) -> None:
    assert decided(case) == case["expected"]


def test_the_vectors_hold_every_state_and_reason() -> None:
    results = [case.values[0]["expected"] for case in CASES]
    assert {result["state"] for result in results} == set(review.STATES)
    assert {result["reason"] for result in results} == {
        "no_manifest", "document_missing", "retired", "nothing_in_force", "accepted_ahead", "not_yet_in_force",
        "ahead_of_manifest", "declined", "current", "same_text", "first_visit", "no_agreement", "unknown_version",
        "digest_mismatch", "never_agreed", "material", "stronger_requirement", "reconfirm", "notice", "editorial",
        "no_documents",
    }  # fmt: skip
    assert len(CASES) >= 330


def test_the_vectors_are_what_the_cases_say() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in (STOREFRONT / "vectors").glob("*.json")}
    assert written == texts(), "run `python -m vectors` in scripts/"


def test_a_row_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    row = "| late | 1.0 01-01 | – | 01-03 | initial never_agreed verson=1.0 |"
    head = "| case | manifest | records | now | expected |"
    (tmp_path / "odd.md").write_text(f"# Odd\n\n{head}\n|---|\n{row}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"odd\.md: late: nothing is called verson"):
        tables.cases(tmp_path / "odd.md")


def test_no_two_cases_have_one_name() -> None:
    names = [case.id for case in CASES]
    assert len(names) == len(set(names))


def schema(name: str) -> Draft202012Validator:
    found = json.loads((STOREFRONT / "schema" / name).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found, format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.mark.parametrize("path", sorted((STOREFRONT / "vectors").glob("*.json")), ids=lambda path: path.stem)
def test_the_vectors_fit_their_schema(path: Path) -> None:
    vectors = json.loads(path.read_text(encoding="utf-8"))
    assert list(schema(Path(vectors["$schema"]).name).iter_errors(vectors)) == []


@pytest.mark.parametrize("case", INSTANTS, ids=lambda case: case["written"])
def test_the_decision_and_the_schemas_read_the_same_instants(case: dict[str, Any]) -> None:
    written, wanted = case["written"], case["milliseconds"]
    try:
        found = (review.instant(written) - EPOCH) // timedelta(milliseconds=1)
    except ValueError:
        found = None
    assert found == wanted
    record = {"id": "1", "action": "accepted", "document": "privacy", "version": "1.0", "digest": digest("1.0")}
    fits = schema("record-1.json").is_valid
    assert fits({**record, "at": written}) == fits({**record, "at": "2027-01-15T00:00:00Z", "until": written})
    assert fits({**record, "at": written}) == (wanted is not None)
    built = tables.manifest(privacy="1.0 01-01")
    built["documents"]["privacy"]["versions"][0]["announced_at"] = written
    assert schema("policy-manifest-1.json").is_valid(built) == (wanted is not None and written.endswith("Z"))


@given(
    st.from_regex(
        r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{1,9})?(Z|[+-][0-2][0-9]:[0-6][0-9])",
        fullmatch=True,
    )
)
def test_every_instant_can_be_written_in_utc_and_fits_the_schema(written: str) -> None:
    record = {"id": "1", "action": "accepted", "document": "privacy", "version": "1.0", "digest": digest("1.0")}
    try:
        found = review.instant(written)
    except ValueError:
        found = None
    assert schema("record-1.json").is_valid({**record, "at": written}) == (found is not None)
    if found:
        assert review.instant(found.isoformat().replace("+00:00", "Z")) == found


def test_the_vectors_schema_refuses_what_is_no_case() -> None:
    good = json.loads(FILES[0].read_text(encoding="utf-8"))
    case = good["cases"][0]
    glad = {**case["expected"], "state": "glad"}
    for broken in ({**case, "now": "soon"}, {**case, "expected": glad}, {**case, "name": 1}):
        assert list(schema("review-vectors-1.json").iter_errors({**good, "cases": [broken]}))


@given(manifests(), record_lists(), moments())
def test_every_result_has_the_same_keys_and_is_plain_json(
    manifest: dict[str, Any], records: list[Any], now: datetime
) -> None:
    result = review.review_state(manifest, "privacy", records, now)
    assert list(result) == list(CASES[0].values[0]["expected"])
    assert json.loads(json.dumps(result)) == result


@given(manifests(), record_lists(), moments(), st.randoms())
def test_the_order_of_records_does_not_matter(
    manifest: dict[str, Any], records: list[Any], now: datetime, chance: Any
) -> None:
    shuffled = chance.sample(records, len(records))
    assert review.review_state(manifest, "privacy", shuffled, now) == review.review_state(
        manifest, "privacy", records, now
    )


@given(manifests(), record_lists(), moments())
def test_nothing_that_is_passed_in_or_handed_out_is_shared(
    manifest: dict[str, Any], records: list[Any], now: datetime
) -> None:
    prepared = review.prepare(manifest)
    before = copy.deepcopy((manifest, records))
    first = review.review_state(prepared, "privacy", records, now)
    kept = copy.deepcopy(first)
    for row in first["changes"] or []:
        row["kinds"].append("spoilt")
        row["notes"].append("spoilt")
    for key in ("changes", "redline", "upcoming", "flags"):
        (first[key] if first[key] is not None else []).append("spoilt")
    assert review.review_state(prepared, "privacy", records, now) == kept
    assert review.review_state(manifest, "privacy", records, now) == kept
    assert (manifest, records) == before


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, st.lists(JSON, max_size=3), moments())
def test_no_json_makes_it_raise(manifest: Any, records: list[Any], now: datetime) -> None:
    assert review.review_state(manifest, "privacy", records, now)["state"] == "unknown"


@given(st.data(), manifests(), record_lists(), moments())
def test_no_broken_manifest_makes_it_raise_or_ask(
    data: st.DataObject, manifest: dict[str, Any], records: list[Any], now: datetime
) -> None:
    """Whatever stands in place of one value: the decision is another one, or unknown, and never an exception."""
    place: Any = manifest
    while isinstance(place, dict | list) and place:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            place[key] = data.draw(JSON)
            break
        place = inner
    assert review.review_state(manifest, "privacy", records, now)["state"] in review.STATES


def test_any_text_that_json_can_write_is_an_id() -> None:
    """Half a surrogate pair, too. It stands here and not in the vectors, since not every language can read it."""
    case = next(case.values[0] for case in CASES if case.values[0]["name"] == "7: current")
    assert decided({**case, "records": [{**case["records"][0], "id": "\ud83d"}]}) == case["expected"]


def test_an_instant_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="no offset"):
        review.review_state(None, "privacy", [], datetime(2026, 1, 1))  # noqa: DTZ001


def test_the_shops_own_manifest_decides() -> None:
    built = manifest.build(sources.read(builders.shipped()).policies)
    first = built["documents"]["privacy"]["versions"][0]
    record = {
        "id": "1", "action": "acknowledged", "document": "privacy", "version": "1.0", "digest": first["digest"],
        "at": "2026-01-02T00:00:00Z",
    }  # fmt: skip
    result = review.review_state(built, "privacy", [record], datetime(2026, 5, 1, tzinfo=UTC))
    assert (result["state"], result["reason"], result["version"]) == ("review_required", "material", "2.0")
    assert [(row["clause"], row["severity"]) for row in result["changes"]] == [
        ("contact", "editorial"), ("purpose", "material"),
    ]  # fmt: skip
    assert result["redline"] == ["privacy/redline/1.0..2.0/"]
