"""Version and event files: what is composed is read back, byte for byte, and the other way round."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import builders
from core.strategies import PLAIN, anything, clause_lists, ids, phrases
from inforce import model
from inforce.changes.kinds import KINDS
from inforce.errors import InForceError
from inforce.ledger import entries as ledger
from inforce.model import PREAMBLE, Change, Clause, Event, EventKind, Numbering, Requirement, Severity, Version
from inforce.text import clauses
from inforce.text import normal as texts

offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.builds(
    lambda seconds, zone: (datetime(1901, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(zone),
    st.integers(0, 1098 * 365 * 24 * 3600),
    offsets,
)
digests = st.binary(max_size=4).map(model.digest)
changes = st.builds(
    Change,
    ids,
    st.sampled_from(Severity),
    phrases,
    st.lists(st.sampled_from(KINDS), unique=True).map(lambda kinds: tuple(sorted(kinds))),
    st.lists(ids, max_size=2).map(tuple),
)
numbers = st.tuples(st.integers(0, 999), st.integers(0, 999)).map(lambda pair: f"{pair[0]}.{pair[1]}")
versions = st.builds(
    Version,
    document=st.just("privacy"),
    number=numbers,
    title=phrases.map(texts.one_line).filter(bool),
    language=st.sampled_from(("en", "de-CH", "zh-Hant", "ar")),
    kind=st.sampled_from(model.KINDS),
    requires=st.sampled_from(Requirement),
    announced=instants,
    effective=instants,
    severity=st.sampled_from(Severity),
    previous=st.none() | digests,
    amends=st.none() | numbers,
    summary=phrases,
    changes=st.lists(changes, max_size=3, unique_by=lambda change: change.clause).map(tuple),
    clauses=clause_lists(),
    notice_waived=phrases,
    imported_from=phrases,
    numbering=st.sampled_from(Numbering),
    accept_by=st.none() | instants,
    reconfirm_every=st.sampled_from(("", "P12M", "P1Y6M", "P2W", "P90D")),
)


@given(versions)
def test_a_composed_version_reads_back(version: Version) -> None:
    data = ledger.compose(version)
    read = ledger.parse(version.path, data)
    assert replace(read, digest="", text_digest="") == version
    assert ledger.compose(read) == data
    assert read.digest == model.digest(data)
    assert read.text_digest == model.digest(data.partition(b"\n---\n")[2])


@given(versions)
def test_a_version_file_is_in_the_normal_form(version: Version) -> None:
    text = ledger.compose(version).decode()
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    body = text.partition("\n---\n")[2]
    assert texts.normalise(body) == body.strip("\n")
    assert "\r" not in text


@given(clause_lists(), phrases.map(texts.one_line).filter(bool))
def test_clauses_are_joined_by_plain_concatenation(found: tuple[Clause, ...], title: str) -> None:
    body = clauses.compose(title, found)
    assert clauses.decompose(title, body, "a.md", 0) == found
    assert "\n\n".join(clause.text for clause in found) in body


@given(clause_lists())
def test_a_clause_knows_its_heading_and_body(found: tuple[Clause, ...]) -> None:
    for clause in found:
        assert clause.text == texts.normalise(clause.text)
        if clause.id == PREAMBLE:
            assert (clause.heading, clause.body) == ("", clause.text)
        else:
            assert clause.text == f"## {clause.heading} {{#{clause.id}}}\n\n{clause.body}"


@given(st.binary(max_size=200) | anything.map(str.encode), st.sampled_from(["1.0.md", "events/1.yml"]))
def test_reading_any_bytes_gives_a_value_or_a_message(data: bytes, name: str) -> None:
    read = ledger.parse if name.endswith(".md") else ledger.parse_event
    with pytest.raises(InForceError):
        read(f"versions/privacy/{name}", data)


@given(versions, st.data())
def test_what_is_read_is_exactly_what_was_written(version: Version, data: st.DataObject) -> None:
    """A file changed anywhere is refused, or is another version's file, byte for byte: nothing is read loosely."""
    written = bytearray(ledger.compose(version))
    place = data.draw(st.integers(0, len(written) - 1))
    written[place : place + 1] = data.draw(st.binary(max_size=2))
    try:
        read = ledger.parse(version.path, bytes(written))
    except InForceError:
        return
    assert ledger.compose(read) == bytes(written)


@given(
    st.builds(
        Event,
        document=st.just("privacy"),
        n=st.integers(1, 99),
        kind=st.sampled_from(EventKind),
        at=instants,
        previous=digests,
        version=phrases,
        clause=phrases,
        reason=phrases.filter(bool),
    )
)
def test_a_composed_event_reads_back(event: Event) -> None:
    if event.kind is not EventKind.ERRATUM:
        event = replace(event, clause="", version=event.version if event.kind is EventKind.WITHDRAW else "")
    data = ledger.compose_event(event)
    assert replace(ledger.parse_event(event.path, data), digest="") == event


@given(versions)
def test_every_key_is_on_its_line(version: Version) -> None:
    lines = ledger.compose(version).decode().split("\n")
    for key in ("format", "version", "effective", "severity", "previous", "amends", "changes", "imported_from"):
        line = ledger.line_of(version, key)
        assert not line or lines[line - 1].startswith(f"{key}:")
        assert bool(line) == any(text.startswith(f"{key}:") for text in lines[: lines.index("---", 1)])


def test_a_version_file_as_it_stands() -> None:
    first = builders.version(PLAIN[:1])
    change = Change("a", Severity.NOTICE, 'Said "so".', ("modified", "moved"), ("z",))
    version = replace(
        builders.version([Clause(PREAMBLE, "Hello."), *PLAIN[:1]], first, number="1.1", severity=Severity.NOTICE),
        changes=(change,),
        notice_waived="Urgent.",
    )
    assert (
        ledger.compose(version).decode()
        == f"""---
format: "1"
document: "privacy"
version: "1.1"
title: "Privacy Policy"
language: "en"
kind: "privacy-policy"
requires: "acknowledge"
announced: "2026-01-01T00:00:00+08:00"
effective: "2026-01-01T00:00:00+08:00"
severity: "notice"
previous: "{first.digest}"
amends: "1.0"
summary: "What is new."
changes:
  a:
    severity: "notice"
    note: "Said \\"so\\"."
    kinds: ["modified", "moved"]
    was: ["z"]
notice_waived: "Urgent."
---

# Privacy Policy

Hello.

## A {{#a}}

Text.
"""
    )


def test_a_digest_is_what_sha256sum_and_browsers_know() -> None:
    # The SHA-256 of no bytes: FIPS 180-4 examples, and the W3C's for Subresource Integrity.
    assert model.digest(b"") == "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert model.hexadecimal(model.digest(b"")) == empty


def test_the_chain_leads_through_versions_and_events() -> None:
    files = builders.happened(builders.shipped(), EventKind.ERRATUM, "2026-03-02", version="1.1", clause="contact")
    found = builders.ledger_of(files)
    assert [entry.path.removeprefix("versions/privacy/") for entry in found.entries] == [
        *("1.0.md", "1.1.md", "2.0.md", "events/1.yml")
    ]
    assert [entry.previous for entry in found.entries] == [None, *(entry.digest for entry in found.entries[:-1])]
    assert found.head == model.digest(files["versions/privacy/events/1.yml"])
    assert [event.clause for event in found.errata("1.1")] == ["contact"]
    assert found.errata("1.0") == ()


@given(st.permutations(sorted(builders.shipped())))
def test_the_order_of_the_files_does_not_matter(order: list[str]) -> None:
    files = builders.shipped()
    assert builders.ledger_of({path: files[path] for path in order}) == builders.ledger_of(files)


@pytest.mark.parametrize("text", ["2027-01-15T00:00:00Z", "2027-01-15T00:00:00+00:00", "2027-01-15T08:00:00.000+08:00"])
def test_an_instant(text: str) -> None:
    assert ledger.instant(text, "a.md", 1, "at") == datetime(2027, 1, 15, tzinfo=UTC)
