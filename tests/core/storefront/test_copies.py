"""A client's copy of the manifest: what makes one, which of two to go by, and how one is kept."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import builders
from inforce import project as sources
from inforce.publish import manifest
from inforce_client import copies
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


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=8))
def test_the_serial_never_falls_and_the_later_of_equals_wins(offers: list[tuple[int, int]]) -> None:
    held: Copy | None = None
    for serial, content in offers:
        offered = copies.read(URL, body(serial=serial, content=content))
        before, held = held, offered if copies.better(held, offered) else held
        assert held is not None
        assert held.serial == max(serial, before.serial if before else 0)
        assert held is (before if before and serial < before.serial else offered)


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
