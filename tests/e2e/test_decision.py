"""review.js in a real browser decides as review.py does: on every vector, and on thousands of made-up cases.

`CASES` in the environment says how many of each sort (`make visits`, every night).
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.reviewing import cases_in, decided, drawn, made_up, milliseconds, record_lists, spoilt, unlikely, vectors
from inforce_client import copies, review
from patience import eventually

Json = dict[str, Any]
Decide = Callable[[list[Json]], list[Json]]

STOREFRONT = Path(review.__file__).parents[2]
CASES = int(os.environ.get("CASES", 1_200))

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
globalThis.decideAll = (cases) => cases.map((each) => {
  const {manifest, prepared, document, documents, records, now} = each;
  const read = prepared ? once(manifest) : manifest;
  return documents ? review.reviewAll(read, documents, records, now) : review.reviewState(read, document, records, now);
});
document.title = 'Ready';
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("decision")
    (folder / "index.html").write_text(HTML)
    (folder / "page.js").write_text(SCRIPT)
    for name in ("review.js", "shape.js", "verdict.js", "changes.js", "copies.js"):
        shutil.copy(STOREFRONT / "js" / "src" / name, folder)
    return folder


@pytest.fixture
def ready(serve: Callable[..., str], folder: Path, new_page: Callable[..., Page]) -> Page:
    """The module in a page, where no local time is UTC."""
    page = new_page(timezone_id="Asia/Shanghai")
    page.goto(serve(folder))
    expect(page).to_have_title("Ready")
    return page


def said(page: Page, function: str, given: object) -> Any:
    """What a function of JavaScript's returns for a value, sent as text: Playwright looks into all else, and long."""
    return json.loads(page.evaluate(f"(given) => JSON.stringify(({function})(JSON.parse(given)))", json.dumps(given)))


@pytest.fixture
def decide(ready: Page) -> Decide:
    """What review.js says to each case, asked for all at once."""
    return lambda cases: list(said(ready, "decideAll", cases))


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
    results = said(ready, "refuseAll", cases)
    assert {case["name"]: result for case, result in zip(cases, results, strict=True)} == {
        case["name"]: case["expected"] for case in cases
    }


def test_the_vectors_of_merges(ready: Page) -> None:
    cases = cases_in("merges.json")
    results = said(ready, "(cases) => cases.map(({lists}) => review.merge(...lists))", cases)
    for case, result in zip(cases, results, strict=True):
        assert result == case["expected"], case["name"]


def test_the_vectors_of_instants(ready: Page) -> None:
    cases = cases_in("instants.json")
    read = "(cases) => cases.map(({written}) => { const at = review.instant(written); return isNaN(at) ? null : at; })"
    results = said(ready, read, cases)
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
        results = said(ready, judge, [manifests, pairs, epoch])
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
    for written, result in zip(found, said(ready, read, found), strict=True):
        try:
            wanted = milliseconds(review.instant(written))
        except ValueError:
            wanted = None
        assert result == wanted, written


def compare(decide: Decide, cases: list[Json]) -> list[Json]:
    """What both say to every case, alike; for several documents, what they say of each."""
    results = decide([{**case, "now": milliseconds(case["now"])} for case in cases])
    wanted = [decided(case) for case in cases]
    for case, result, want in zip(cases, results, wanted, strict=True):
        assert result == want, case
    return [each for want in wanted for each in want.get("documents", {"": want}).values()]


def test_made_up_cases(decide: Decide) -> None:
    assert {told["state"] for told in compare(decide, list(made_up(CASES)))} == set(review.STATES)


def test_spoilt_cases(decide: Decide) -> None:
    """What counts as a manifest or as a record is the same to both."""
    told = compare(decide, list(spoilt(CASES)))
    assert len({each["reason"] for each in told}) > 10
    assert sum(each["reason"] == "no_manifest" for each in told) > CASES / 50


def test_changes_that_no_release_writes(decide: Decide) -> None:
    told = compare(decide, list(unlikely(CASES)))
    assert all(each["changes"] is not None for each in told)
    assert any(len(change["kinds"]) > 4 for each in told for change in each["changes"])


def test_made_up_merges(ready: Page) -> None:
    """Any lists, some of them twice, and some ids taken by several records."""
    chance, lists = random.Random(20260103), drawn(record_lists, 200)
    cases = [chance.choices(lists, k=chance.randrange(4)) for _ in range(CASES)]
    results = said(ready, "(cases) => cases.map((lists) => review.merge(...lists))", cases)
    assert results == [review.merge(*case) for case in cases]
    assert any(len(found) < sum(map(len, case)) for case, found in zip(cases, results, strict=True))


@pytest.mark.parametrize("records", [None, 7, "x", {}])
def test_records_that_are_no_list_are_none(ready: Page, records: object) -> None:
    empty = {"schema_version": 1, "serial": 1, "documents": {}}
    ask = "([manifest, records]) => review.reviewState(manifest, 'privacy', records, 0)"
    told = ready.evaluate(ask, [empty, records])
    assert (told["state"], told["flags"]) == ("not_applicable", [])


def test_what_is_no_list_of_records_is_an_empty_one(decide: Decide) -> None:
    case = next(case for case in vectors() if "document" in case)
    asked = {**case, "now": milliseconds(datetime.fromisoformat(case["now"]))}
    none, *others = decide([{**asked, "records": records} for records in ([], None, {}, "accepted")])
    assert others == [none] * 3


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
