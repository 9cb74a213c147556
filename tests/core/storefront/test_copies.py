"""A client's copy of the manifest: what makes one, which of two to go by, and how one is kept."""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import builders, values
from core.histories import cut, publications
from inforce import project as sources
from inforce.model import EventKind, Policy
from inforce.publish import manifest
from inforce_client import copies, review
from inforce_client.copies import Copy

URL = "https://policies.example/policy-manifest.json"
MANIFEST = manifest.build(sources.read(builders.shipped()).policies, "https://policies.example/")


def body(**fields: Any) -> bytes:
    """A manifest's bytes; ``fields`` replace some of it, and ... takes one out."""
    return json.dumps({key: value for key, value in {**MANIFEST, **fields}.items() if value is not ...}).encode()


def refusal(data: bytes) -> str:
    with pytest.raises(copies.UnusableError) as error:
        copies.read(URL, data)
    said = str(error.value)
    assert said.startswith(f"{URL}: ")
    assert "\n" not in said
    return said


def test_what_the_site_publishes_is_usable() -> None:
    copy = copies.read(URL, manifest.encode(MANIFEST), '"1"', "Tue, 24 Nov 2026 10:00:00 GMT")
    assert (copy.serial, copy.manifest, copy.prepared.had) == (3, MANIFEST, True)
    assert copies.read(URL, b"\xef\xbb\xbf" + body(of_tomorrow={"x": [1]})).serial == 3
    assert copies.read(URL, body(documents={}, serial=0)).serial == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not JSON, or not all of it"),
        (b"\n <!doctype html><p>Login", "This is HTML, not JSON"),
        (b"\xff\xfe", "not JSON, or not all of it"),
        (b"[" * 100_000, "not JSON, or not all of it"),
        (body().replace(b'"serial":', b'"serial": 2, "serial":', 1), "`serial` stands twice in one object"),
        (body().replace(b'"sequence":', b'"severity": "editorial", "sequence":', 1), "`severity` stands twice"),
        (b"[]", "no policy manifest"),
        (b'{"error": "not found"}', "no policy manifest"),
        (body(schema_version=2), "Its schema_version is 2, which is not known here. Update In Force"),
        (body(schema_version="1"), 'Its schema_version is "1", which'),
        (body(schema_version=None), "Its schema_version is null, which"),
        (body(serial=...), "lacks something"),
        (body(serial="3"), "lacks something"),
        (body(serial=True), "lacks something"),
        (body(documents=[]), "lacks something"),
        (body(documents={"privacy": {}}), "lacks something"),
        (body(documents={"privacy": {**MANIFEST["documents"]["privacy"], "versions": [{}]}}), "lacks something"),
    ],
)
def test_what_is_not_usable_is_refused_with_the_reason(data: bytes, words: str) -> None:
    assert words in refusal(data)


@given(st.integers(0, len(body()) - 1))
def test_no_part_of_a_manifest_passes_for_the_whole(length: int) -> None:
    assert refusal(body()[:length])


CASES = json.loads((Path(review.__file__).parents[2] / "vectors/copies.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_vectors(case: dict[str, Any]) -> None:
    held = review.prepare(case["held"]) if case["held"] else None
    offered = review.prepare(case["offered"])
    assert offered.had
    assert held is None or held.had
    found = copies.refusal(held, offered, case["epoch"])
    assert (found[0] if found else None) == case["expected"]


def test_the_vectors_hold_every_rule_and_no_name_twice() -> None:
    assert {case["expected"] for case in CASES} == {None, "epoch", "serial", "rewritten"}
    assert len({case["name"] for case in CASES}) == len(CASES)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 2)), max_size=8))
def test_the_order_never_falls_and_the_later_of_equals_wins(offers: list[tuple[int, int, int]]) -> None:
    held: Copy | None = None
    for epoch, serial, content in offers:
        offered = copies.read(URL, body(epoch=epoch, serial=serial, content=content))
        before = held
        against = copies.refusal(held.prepared if held else None, offered.prepared)
        assert against is None or against[0] == "serial"
        held = held if against else offered
        assert held is not None
        was = (before.prepared.epoch, before.serial) if before else (epoch, serial)
        assert (held.prepared.epoch, held.serial) == (max(was, (epoch, serial)) if epoch <= was[0] + 1 else was)
        assert held is (before if (epoch, serial) < was or epoch > was[0] + 1 else offered)


def published() -> dict[str, Any]:
    """The manifest of three versions and two errata behind them."""
    files = builders.shipped()
    for day in ("2026-03-05", "2026-03-06"):
        files = builders.happened(files, EventKind.ERRATUM, day, version="1.0")
    return manifest.build(sources.read(files).policies, "https://policies.example/")


PUBLISHED = published()


@given(publications(), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=2, max_size=5))
def test_what_a_ledger_publishes_as_it_grows_is_always_gone_by(
    policies: tuple[Policy, ...], looks: list[tuple[int, int]]
) -> None:
    """However much was released, corrected, withdrawn and retired between two looks; in a new epoch, too.

    And what it published before never is, as it lacks what was seen since.
    """
    held: Copy | None = None
    ends = [0] * len(policies)
    for look in looks:
        ends = [
            max(end, min(place, len(each.ledger.entries)))
            for end, place, each in zip(ends, look, policies, strict=False)
        ]
        built = manifest.build(cut(policies, ends))
        offered = copies.read(URL, manifest.encode(built))
        copies.judge(held, offered)
        raised = copies.read(URL, manifest.encode({**built, "epoch": 1}))
        assert copies.refusal(held.prepared if held else None, raised.prepared) is None
        if held and held.serial < offered.serial and offered.prepared.documents:
            assert copies.refusal(offered.prepared, held.prepared, None) is not None
            forged = replace(held.prepared, serial=offered.serial)
            assert (copies.refusal(offered.prepared, forged) or [""])[0] == "rewritten"
        held = offered


FREE = {"title", "url", "text"}
"""What of a version's row may change: what is made of its file, and where its pages stand."""


@pytest.mark.parametrize("way", list(values.places(PUBLISHED["documents"]["privacy"]["versions"])), ids=str)
def test_no_fact_of_a_version_that_was_seen_can_be_another(way: tuple[Any, ...]) -> None:
    """Whatever stands in its row, but what is free; at a higher serial and in a higher epoch, too."""
    held = copies.read(URL, manifest.encode(PUBLISHED))
    for more in ({}, {"serial": PUBLISHED["serial"] + 1}, {"epoch": 1}):
        spoilt = json.loads(json.dumps({**PUBLISHED, **more}))
        *outer, last = way
        place = functools.reduce(lambda found, key: found[key], outer, spoilt["documents"]["privacy"]["versions"])
        place[last] = values.another(place[last])
        against = copies.refusal(held.prepared, copies.read(URL, manifest.encode(spoilt)).prepared)
        assert (against or [None])[0] == (None if FREE & {last} else "rewritten"), against


@given(st.data())
def test_no_digest_that_was_seen_can_be_another_one_or_vanish(data: st.DataObject) -> None:
    """Whatever is done to one place of what was seen, at whatever serial and in whatever epoch it comes."""
    held = copies.read(URL, manifest.encode(PUBLISHED))
    spoilt = json.loads(json.dumps(PUBLISHED))
    entry = spoilt["documents"]["privacy"]
    place = data.draw(st.sampled_from(["version", "sequence", "digest", "row", "event", "events", "document"]))
    row = data.draw(st.sampled_from(entry["versions"]))
    event = data.draw(st.integers(0, len(entry["events"]) - 1))
    if place in ("version", "sequence", "digest"):
        row[place] = {"version": "9.9", "sequence": 99, "digest": "sha256-other"}[place]
    elif place == "row":
        entry["versions"].remove(row)
    elif place == "event":
        entry["events"][event] = "sha256-other"
    elif place == "events":
        del entry["events"][event]
    else:
        spoilt["documents"] = {"other": entry}
    spoilt["serial"] += data.draw(st.integers(0, 3))
    spoilt["epoch"] = data.draw(st.integers(0, 1))
    with pytest.raises(copies.UnusableError) as error:
        copies.judge(held, copies.read(URL, manifest.encode(spoilt)))
    assert error.value.code == "rewritten"
    assert "inforce verify --against" in str(error.value)


def test_an_epoch_that_the_shop_names_leaves_no_way_back_to_another() -> None:
    kept = copies.pack(copies.read(URL, body(epoch=1)))
    assert copies.unpack(kept, URL, 1).prepared.epoch == 1
    with pytest.raises(copies.UnusableError, match="is of epoch 1, and this shop goes by 2 alone"):
        copies.unpack(kept, URL, 2)


@pytest.mark.parametrize(
    ("relative", "found"),
    [
        ("privacy/1.0/", "https://policies.example/legal/privacy/1.0/"),
        ("/privacy/", "https://policies.example/privacy/"),
        ("https://elsewhere.example/", "https://elsewhere.example/"),
        ("mailto:privacy@policies.example", "mailto:privacy@policies.example"),
        ("javascript:alert(1)", None),
        ("JavaScript:alert(1)", None),
        (" javascript:alert(1)", None),
        ("java\tscript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("\x01javascript:alert(1)", None),
        ("data:text/html,<script>alert(1)</script>", None),
        ("vbscript:x", None),
        ("file:///etc/passwd", None),
        ("https://[", None),
        (None, None),
        (7, None),
    ],
)
def test_addresses_are_the_webs_or_none(relative: object, found: str | None) -> None:
    assert copies.address("https://policies.example/legal/", relative) == found


def test_a_base_that_would_run_leads_nowhere() -> None:
    for home in ("javascript:alert(1)//", "data:text/html,", None):
        assert copies.address(home, "privacy/") is None  # type: ignore[arg-type]


DATE = "Tue, 24 Nov 2026 10:00:00 GMT"
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(texts, st.sampled_from(["", '"abc"', 'W/"abc"']), st.sampled_from(["", DATE]), st.booleans())
def test_a_kept_copy_comes_back_as_it_was(note: str, etag: str, modified: str, mark: bool) -> None:
    copy = copies.read(URL, b"\xef\xbb\xbf" * mark + body(note=note), etag, modified)
    assert copies.unpack(copies.pack(copy), URL) == copy


@given(st.data())
def test_a_damaged_copy_is_never_used(data: st.DataObject) -> None:
    kept = copies.pack(copies.read(URL, body(), '"1"'))
    place = data.draw(st.integers(0, len(kept) - 1))
    other = bytes([kept[place] ^ data.draw(st.integers(1, 255))])
    for damaged in (kept[:place], kept[:place] + other + kept[place + 1 :]):
        with pytest.raises(copies.UnusableError, match="The copy that was kept is damaged"):
            copies.unpack(damaged, URL)


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b"{}", b"\xff", body(), b'{"url": 1}', b"[" * 100_000])
def test_what_is_no_kept_copy_is_said_to_be_damaged(data: bytes) -> None:
    with pytest.raises(copies.UnusableError, match="The copy that was kept is damaged"):
        copies.unpack(data, URL)


def test_a_copy_of_another_address_is_left_unused() -> None:
    kept = copies.pack(copies.read("https://staging.example/policy-manifest.json", body()))
    with pytest.raises(copies.UnusableError, match=r"is of another address, https://staging\.example/"):
        copies.unpack(kept, URL)


def test_a_kept_copy_is_judged_anew_by_the_in_force_that_reads_it() -> None:
    later = json.dumps([URL, "", "", body(schema_version=2).decode()]).encode()
    with pytest.raises(copies.UnusableError, match="schema_version is 2"):
        copies.unpack(hashlib.sha256(later).hexdigest().encode() + b"\n" + later, URL)


@pytest.mark.parametrize("etag", ['"é"', '"a\r\nX: y"', '"\x00"'])
def test_a_validator_that_cannot_be_sent_back_is_left_out(etag: str) -> None:
    copy = copies.read(URL, body(), etag, etag)
    assert (copy.etag, copy.last_modified) == ("", "")
