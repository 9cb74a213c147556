"""review.js in a real browser decides as review.py does: on every vector, and on thousands of made-up cases."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from playwright.sync_api import Page, expect
from vectors import tables

from core.reviewing import DAYS, KINDS, START, manifests, moments, record_lists
from inforce_client import copies, review
from patience import eventually

Json = dict[str, Any]
Decide = Callable[[list[Json]], list[Json]]

STOREFRONT = Path(review.__file__).parents[2]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DOCUMENTS = ("privacy", "terms", "returns")
WEEKS = timedelta(weeks=5)

# Nothing may run here but the site's own files: no inline script, no eval, no style, no request.
POLICY = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'"
HTML = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Decision</title>
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<script type="module" src="page.js"></script></head><body><script>globalThis.inline = true</script></body></html>
"""
SCRIPT = """import * as review from './review.js';
import {refusal} from './copies.js';
globalThis.refusal = refusal;
globalThis.refuseAll = (cases) => cases.map(({held, offered, epoch}) =>
  refusal(review.prepare(held), review.prepare(offered), epoch));
const kept = new Map();
function once(manifest) { // one for all cases that have this manifest, as a shop keeps it
  const key = JSON.stringify(manifest);
  if (!kept.has(key)) kept.set(key, review.prepare(manifest));
  return kept.get(key);
}
globalThis.broken = [];
document.addEventListener('securitypolicyviolation', (event) => broken.push(event.violatedDirective));
globalThis.review = review;
globalThis.decideAll = (cases) => JSON.stringify(JSON.parse(cases).map((each) => {
  const {manifest, prepared, document, documents, records, now} = each;
  const read = prepared ? once(manifest) : manifest;
  return documents ? review.reviewAll(read, documents, records, now) : review.reviewState(read, document, records, now);
}));
document.title = 'Ready';
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("decision")
    (folder / "index.html").write_text(HTML)
    (folder / "page.js").write_text(SCRIPT)
    for name in ("review.js", "verdict.js", "changes.js", "copies.js"):
        shutil.copy(STOREFRONT / "js" / "src" / name, folder)
    return folder


@pytest.fixture
def ready(serve: Callable[..., str], folder: Path, new_page: Callable[..., Page]) -> Page:
    """The module in a page, where no local time is UTC."""
    page = new_page(timezone_id="Asia/Shanghai")
    page.goto(serve(folder))
    expect(page).to_have_title("Ready")
    return page


@pytest.fixture
def decide(ready: Page) -> Decide:
    """What review.js says to each case, asked for all at once."""
    return lambda cases: json.loads(ready.evaluate("(cases) => decideAll(cases)", json.dumps(cases)))


def vectors() -> Iterator[Json]:
    for path in sorted((STOREFRONT / "vectors").glob("*.json")):
        if path.name not in ("copies.json", "instants.json", "merges.json"):
            yield from cases_in(path.name)


def cases_in(name: str) -> list[Json]:
    return json.loads((STOREFRONT / "vectors" / name).read_text(encoding="utf-8"))["cases"]


def milliseconds(now: datetime) -> int:
    return (now - EPOCH) // timedelta(milliseconds=1)


@pytest.mark.parametrize("prepared", [False, True], ids=["as it is", "prepared"])
def test_the_vectors(decide: Decide, prepared: bool) -> None:
    cases = list(vectors())
    asked = [{**case, "now": milliseconds(datetime.fromisoformat(case["now"])), "prepared": prepared} for case in cases]
    results = decide(asked)
    assert len(results) == len(cases) > 80
    for case, result in zip(cases, results, strict=True):
        assert result == case["expected"], case["name"]


def test_the_vectors_of_two_copies(ready: Page) -> None:
    cases = cases_in("copies.json")
    results = ready.evaluate("(cases) => refuseAll(cases)", cases)
    assert {case["name"]: result for case, result in zip(cases, results, strict=True)} == {
        case["name"]: case["expected"] for case in cases
    }


def test_the_vectors_of_merges(ready: Page) -> None:
    cases = cases_in("merges.json")
    results = ready.evaluate("(cases) => cases.map(({lists}) => review.merge(...lists))", cases)
    for case, result in zip(cases, results, strict=True):
        assert result == case["expected"], case["name"]


def test_the_vectors_of_instants(ready: Page) -> None:
    cases = cases_in("instants.json")
    read = "(cases) => cases.map(({written}) => { const at = review.instant(written); return isNaN(at) ? null : at; })"
    results = ready.evaluate(read, cases)
    assert {case["written"]: result for case, result in zip(cases, results, strict=True)} == {
        case["written"]: case["milliseconds"] for case in cases
    }


def test_any_two_copies_of_the_vectors_are_judged_alike(ready: Page) -> None:
    manifests = [case[key] for case in cases_in("copies.json") for key in ("held", "offered")]
    read = [review.prepare(manifest) if manifest else None for manifest in manifests]
    pairs = [(one, other) for one in range(len(read)) for other in range(len(read)) if read[other]]
    judge = """([manifests, pairs, epoch]) => {
      const read = manifests.map((manifest) => review.prepare(manifest));
      return pairs.map(([held, offered]) => refusal(read[held], read[offered], epoch));
    }"""
    for epoch in (None, 0, 2):
        results = ready.evaluate(judge, [manifests, pairs, epoch])
        wanted = [(copies.refusal(read[held], read[offered], epoch) or [None])[0] for held, offered in pairs]
        assert {None, "epoch" if epoch is not None else "rewritten", "serial"} <= set(wanted)
        assert results == wanted


def test_many_instants_are_read_alike(ready: Page) -> None:
    days = ["01-01", "02-28", "02-29", "02-30", "04-31", "12-31", "13-01", "00-10"]
    years = ["0000", "0001", "0002", "1900", "2000", "2027", "2028", "9998", "9999"]
    times = ["00:00:00", "23:59:59", "23:59:60", "24:00:00", "00:00:00.0009", "12:00:00.999999999"]
    offsets = ["Z", "+00:00", "-00:00", "+23:59", "-23:59", "+24:00", "+08:00", "+08:60", ""]
    found = [f"{y}-{d}T{t}{o}" for y in years for d in days for t in times for o in offsets]
    read = "(found) => found.map((each) => { const at = review.instant(each); return isNaN(at) ? null : at; })"
    for written, result in zip(found, ready.evaluate(read, found), strict=True):
        try:
            wanted = milliseconds(review.instant(written))
        except ValueError:
            wanted = None
        assert result == wanted, written


def drawn(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """So many examples, the same in every run."""
    found: list[Any] = []

    @seed(20260101)
    @settings(max_examples=count, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(strategy)
    def collect(example: Any) -> None:
        found.append(example)

    collect()
    return found


def made_up(count: int) -> Iterator[Json]:
    """Cases of one document or of several, the manifest read before or not, now and then none at all.

    Any manifest goes with any records and any instant: drawing them is what takes time, so each is used again.
    """
    chance = random.Random(20260101)
    policies, records = drawn(manifests(), 200), drawn(record_lists(), 200)
    instants = drawn(moments(), 100) + [START + timedelta(days=days) for days in range(DAYS)]
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
        yield {"manifest": policy, "prepared": False, "document": "privacy", "records": [record], "now": START + WEEKS}


def decided(case: Json) -> Json:
    read = review.prepare(case["manifest"]) if case["prepared"] else case["manifest"]
    if "documents" in case:
        return review.review_all(read, case["documents"], case["records"], case["now"])
    return review.review_state(read, case["document"], case["records"], case["now"])


def compare(decide: Decide, cases: list[Json]) -> list[Json]:
    """What both say to every case, alike; for several documents, what they say of each."""
    results = decide([{**case, "now": milliseconds(case["now"])} for case in cases])
    wanted = [decided(case) for case in cases]
    for case, result, want in zip(cases, results, wanted, strict=True):
        assert result == want, case
    return [each for want in wanted for each in want.get("documents", {"": want}).values()]


def test_made_up_cases(decide: Decide) -> None:
    assert {told["state"] for told in compare(decide, list(made_up(5_000)))} == set(review.STATES)


def test_spoilt_cases(decide: Decide) -> None:
    """What counts as a manifest or as a record is the same to both."""
    told = compare(decide, list(spoilt(5_000)))
    assert len({each["reason"] for each in told}) > 10
    assert sum(each["reason"] == "no_manifest" for each in told) > 100


def test_changes_that_no_release_writes(decide: Decide) -> None:
    told = compare(decide, list(unlikely(2_000)))
    assert all(each["changes"] is not None for each in told)
    assert any(len(change["kinds"]) > 4 for each in told for change in each["changes"])


def test_made_up_merges(ready: Page) -> None:
    """Any lists, some of them twice, and some ids taken by several records."""
    chance, lists = random.Random(20260103), drawn(record_lists(), 200)
    cases = [chance.choices(lists, k=chance.randrange(4)) for _ in range(2_000)]
    results = ready.evaluate("(cases) => cases.map((lists) => review.merge(...lists))", cases)
    assert results == [review.merge(*case) for case in cases]
    assert any(len(found) < sum(map(len, case)) for case, found in zip(cases, results, strict=True))


@pytest.mark.parametrize("records", [None, 7, "x", {}])
def test_records_that_are_no_list_are_none(ready: Page, records: object) -> None:
    empty = {"schema_version": 1, "serial": 1, "documents": {}}
    ask = "([manifest, records]) => review.reviewState(manifest, 'privacy', records, 0)"
    told = ready.evaluate(ask, [empty, records])
    assert (told["state"], told["flags"]) == ("not_applicable", [])


def test_what_is_no_manifest_prepares_to_null(ready: Page) -> None:
    assert ready.evaluate("[review.prepare({}), review.prepare(null), review.prepare([])]") == [None, None, None]
    assert ready.evaluate("review.prepare({}) === null")


def test_a_strict_policy_stops_nothing_of_it(ready: Page, decide: Decide) -> None:
    """The inline script beside it is stopped, and a style that is added later is seen to be."""
    assert ready.evaluate("broken") == []
    assert ready.evaluate("globalThis.inline") is None
    nothing = {"manifest": None, "document": "privacy", "records": [], "now": 0}
    assert decide([nothing])[0]["state"] == "unknown"
    ready.evaluate("() => { document.head.append(document.createElement('style')); }")
    assert eventually(lambda: ready.evaluate("broken.length"))
    assert ready.evaluate("broken") == ["style-src-elem"]
