"""Many visits with the real client in JavaScript: no wrong prompt, and no answer lost, invented or put elsewhere.

``VISITS`` says how many, 2,000 unless it is given.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from vectors import tables

import programs
from core.reviewing import milliseconds, spoilt

VISITS = Path(__file__).with_name("visits.mjs")


def simulate(visits: int, seed: int = 1, fault: str = "") -> dict[str, Any]:
    command = [programs.NODE.path(), VISITS, str(visits), str(seed), fault]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.long
def test_many_visits_with_lost_writes_wrong_clocks_several_devices_and_sign_ins() -> None:
    found = simulate(int(os.environ.get("VISITS", "2000")))
    assert (found["wrong"], found["lost"]) == ([], [])
    assert min(found["seen"].values()) > 10, found["seen"]


@pytest.mark.long
@pytest.mark.parametrize("fault", ["forgets", "anybody", "believes"])
def test_a_shop_that_loses_answers_or_knows_nobody_apart_or_believes_a_clock_is_found_out(
    fault: str,
) -> None:
    assert simulate(1_500, fault=fault)["lost"]


def printed(script: str, asked: str = "") -> str:
    """What a script prints that is given the folder of the client's modules, ``%(scripts)s``."""
    modules = VISITS.parents[3].joinpath("storefront/js/src").as_uri()
    command = [programs.NODE.path(), "--input-type=module", "--eval", script % {"scripts": modules}]
    return subprocess.run(command, input=asked, capture_output=True, text=True, check=True).stdout


SHOP = """
import {createPolicyReview} from '%(scripts)s/client.js';
const row = {version: '1.0', sequence: 1, digest: 'd', requires: 'accept', url: '1/', language: 'en',
  severity: 'material', changes: [], announced_at: '2015-01-01T00:00:00Z', effective_at: '2015-01-01T00:00:00Z'};
const privacy = {redline: {url: '{from}..{to}', all_up_to: 9, window: 5}, versions: [row]};
const text = JSON.stringify({schema_version: 1, serial: 1, documents: {privacy}});
globalThis.fetch = async () => ({ok: true, text: async () => text});
"""

LATE = """
const answer = {id: 'a', action: 'accepted', document: 'privacy', version: '1.0', digest: 'd',
  at: '2026-01-02T00:00:00Z'};
globalThis.localStorage = {'policy-answers:c:a': JSON.stringify(answer), getItem(key) { return this[key] ?? null; },
  setItem(key, value) { this[key] = value; }, removeItem(key) { delete this[key]; }};
let stored;
const adding = new Promise((done) => stored = done);
const store = {add: async () => setTimeout(stored), records: () => adding.then(() => [])};
const review = createPolicyReview({documents: 'privacy', customer: 'c', store});
console.log((await review.check()).state);
"""


def test_an_answer_that_is_stored_while_the_store_is_read_is_not_asked_for_again() -> None:
    assert printed(SHOP + LATE) == "up_to_date\n"


NO_LIST = """
const warnings = [];
console.warn = (...all) => warnings.push(String(all[0]));
const {serverStore} = await import('%(scripts)s/stores.js');
const manifestFetch = globalThis.fetch, said = [];
for (const records of [[], 'a text', null, {a: 1}, 7]) {
  globalThis.fetch = async (url, ...more) =>
    url === '/records' ? {ok: true, json: async () => records} : manifestFetch(url, ...more);
  const review = createPolicyReview({documents: 'privacy', store: serverStore('/records')});
  let warned = '';
  review.addEventListener('warning', ({detail}) => warned ||= detail.code);
  said.push(`${(await review.check()).state} ${warned}`.trim());
}
console.log(said.join('\\n'));
"""


def test_what_a_server_answers_that_is_no_list_of_records_is_said_and_nobody_is_asked() -> None:
    assert printed(SHOP + NO_LIST).splitlines() == ["initial", *["unknown store_read"] * 4]


SPOILT = """
import {readFileSync} from 'node:fs';
import {createPolicyReview} from '%(scripts)s/client.js';
import {refusal} from '%(scripts)s/copies.js';
import {createCore} from '%(scripts)s/core.js';
import {prepare, reviewAll} from '%(scripts)s/review.js';
globalThis.localStorage = {getItem(key) { return this[key] ?? null; }, setItem(key, value) { this[key] = value; },
  removeItem(key) { delete this[key]; }};
console.warn = () => {};
const host = {manifest: null}, key = 'policy-manifest:/policy-manifest.json';
globalThis.fetch = async () => {
  if (!host.manifest) throw Error('offline');
  return {ok: true, text: async () => JSON.stringify(host.manifest)};
};
const unlike = [], store = {records: () => [], add() {}};
const {good, cases} = JSON.parse(readFileSync(0));
for (const {manifest, documents, now} of cases) {
  const text = JSON.stringify(manifest), found = prepare(manifest), isGood = found && !refusal(null, found);
  const expected = JSON.stringify(reviewAll(isGood ? found : null, documents, [], now));
  const policies = Object.entries(manifest?.documents ?? {}).map(([document, policy]) =>
    ({document, rows: policy?.versions, ...policy}));
  for (const create of [createPolicyReview, createCore]) {
    delete localStorage[key];
    host.manifest = manifest;
    const served = JSON.stringify(await create({documents, store, now: () => now}).check());
    host.manifest = null;
    const kept = JSON.stringify(await create({documents, store, now: () => now}).check());
    if (served !== kept || create === createPolicyReview && served !== expected) unlike.push([manifest, served, kept]);
    const none = [{document: 'privacy'}], goodText = JSON.stringify(good);
    for (const odd of [manifest, {text, policies}, {text: goodText, policies}, {text, policies: none}]) {
      localStorage[key] = JSON.stringify(odd);
      host.manifest = null;
      const review = create({documents, store, now: () => now}), result = await review.check().catch(String);
      if (!result.documents) unlike.push([odd, result]);
      if (found) continue;
      host.manifest = good;
      await review.check();
      if (review.manifest?.serial !== good.serial) unlike.push([odd, review.manifest]);
    }
  }
}
console.log(JSON.stringify(unlike.slice(0, 3)));
"""


@pytest.mark.long
def test_what_is_no_copy_where_one_is_kept_hurts_nobody() -> None:
    """A manifest of which a part is odd is gone by where it is a manifest, served or kept; otherwise nobody is asked.

    Whatever stands where a copy is kept gives way to the next good one.
    """
    cases = [
        {"manifest": case["manifest"], "documents": ["privacy", "terms", "toString"], "now": milliseconds(case["now"])}
        for case in spoilt(250)
    ]
    asked = {"good": tables.manifest(privacy="1.0 01-01"), "cases": cases}
    assert json.loads(printed(SPOILT, json.dumps(asked))) == []


KEPT = """
import {createCore} from '%(scripts)s/core.js';
globalThis.localStorage = {setItem(key, value) { this[key] = value; }};
const row = {version: '1.0', sequence: 1, digest: 'd', requires: 'hear', url: '1/', severity: 'grave', changes: [],
  announced_at: '1970-01-01T00:00:01Z', effective_at: '1970-01-01T00:00:02Z', accept_by: '1970-01-01T00:00:03Z',
  reconfirm_every: 'P1Y2M3W4D', translations: {de: {digest: 'e'}}};
const terms = {redline: {url: '{from}..{to}', all_up_to: 9, window: 5}, versions: [row]};
const text = JSON.stringify({schema_version: 1, serial: 1, documents: {terms}});
globalThis.fetch = async () => ({ok: true, text: async () => text});
await createCore({documents: 'terms', store: {records: () => [], add() {}}}).check();
const [key, copy] = Object.entries(localStorage).at(-1), {text: told, ...found} = JSON.parse(copy);
console.log(JSON.stringify([key, told === text, found]));
"""


def test_a_copy_is_kept_under_a_key_that_stands_for_how_it_looks() -> None:
    """A page goes by a copy that an earlier release kept. One that would keep another needs another key here, too."""
    row = {
        **{"version": "1.0", "sequence": 1, "digest": "d", "text_digest": "d", "digests": ["d", "e"], "url": "1/"},
        **{"announced_at": "1970-01-01T00:00:01Z", "announced": 1000},
        **{"effective_at": "1970-01-01T00:00:02Z", "effective": 2000},
        **{"accept_by": "1970-01-01T00:00:03Z", "due": 3000, "reconfirm_every": "P1Y2M3W4D", "period": [14, 25]},
        **{"requires": "hear", "need": 2, "required": "accept", "severity": "material", "stands": True},
        **{"changes": [], "translations": {"de": {"digest": "e"}}},
    }
    redline = {"url": "{from}..{to}", "all_up_to": 9, "window": 5}
    policy = {"document": "terms", "rows": [row], "clock": 1000, "retired": 864e13, "events": [], "redline": redline}
    copy = {"serial": 1, "policies": [policy]}
    assert json.loads(printed(KEPT)) == ["policy-manifest:/policy-manifest.json", True, copy]


BEHIND = """
const kept = [], store = {records: async () => kept, add: async () => { throw Error('500'); }};
const review = createPolicyReview({documents: 'privacy', store, now: () => Date.UTC(2016, 0, 1)});
await review.check();
kept.push({id: 'a', action: 'declined', document: 'privacy', version: '1.0', digest: 'd',
  at: '2026-01-02T00:00:00Z', sent_at: '2026-01-02T00:00:00Z', received_at: '2026-01-02T00:00:00Z'});
console.log((await review.accept()).result.state);
process.exit();
"""


def test_an_answer_counts_at_once_on_a_device_that_is_ten_years_behind() -> None:
    """The store has no say yet of what that device's clock is off by; but what it had came before the answer."""
    assert printed(SHOP + BEHIND) == "up_to_date\n"


WAITING = """
const answer = {id: 'a', action: 'declined', document: 'privacy', version: '1.0', digest: 'd',
  at: '2026-01-02T00:00:00.001Z', behind: Date.UTC(2026, 0, 2) - Date.UTC(2016, 0, 1) + 1};
globalThis.localStorage = {'policy-answers:c:a': JSON.stringify(answer), getItem(key) { return this[key] ?? null; },
  setItem(key, value) { this[key] = value; }, removeItem(key) { delete this[key]; }};
const store = {records: async () => [], add: async () => { throw Error('500'); }};
const review = createPolicyReview({documents: 'privacy', customer: 'c', store, now: () => Date.UTC(2016, 0, 1)});
await review.check();
console.log((await review.accept(['privacy'])).records[0].behind - answer.behind);
process.exit();
"""


def test_an_answer_behind_one_that_waits_keeps_what_the_clock_was_off_by() -> None:
    assert printed(SHOP + WAITING) == "1\n"
