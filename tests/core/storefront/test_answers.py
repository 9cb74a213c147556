"""What a customer answers becomes a record, whatever a shop's table holds of them, and whatever a browser sends."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import builders
from inforce import project as sources
from inforce.publish import manifest
from inforce_client.answers import AnswerError, read, record_from
from inforce_client.review import instant, prepare

NOW = datetime(2026, 6, 1, tzinfo=UTC)
RUBBISH: list[Any] = [
    *(None, True, 0, -1, float("nan"), 10**30, "", "x", "\ud800", "\0", [], {}, [[]], "P1Y", "٣"),
    *("2026-13-01T00:00:00Z", "2026-06-01 00:00:00+00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-23:59"),
]
SHIPPED = manifest.build(sources.read(builders.shipped()).policies)
PREPARED = prepare(SHIPPED)
FIRST = SHIPPED["documents"]["privacy"]["versions"][0]
ANSWER = {
    "id": "123e4567-e89b-42d3-a456-426614174000", "action": "dismissed", "document": "privacy",
    "version": FIRST["version"], "digest": FIRST["digest"], "surface": "checkout",
    "at": "2026-06-01T00:00:00Z", "sent_at": "2026-06-01T00:00:00Z", "until": "2026-06-02T00:00:00Z",
}  # fmt: skip


@pytest.mark.parametrize("field", [*ANSWER])
def test_whatever_a_browser_sends_is_a_record_or_refused(field: str) -> None:
    for value in RUBBISH:
        with contextlib.suppress(AnswerError):
            record_from({**ANSWER, field: value}, PREPARED, [], NOW)


@pytest.mark.parametrize(
    "field", ["document", "version", "action", "at", "sent_at", "until", "received_at", "sequence"]
)
def test_a_record_that_nobody_can_read_stands_in_no_answer_s_way(field: str) -> None:
    """One out of an older shop, a backup or a hand-made table; the decision passes over it as well."""
    kept = record_from({**ANSWER, "action": "accepted"}, PREPARED, [], NOW)
    for value in RUBBISH:
        made = record_from(ANSWER, PREPARED, [{**kept, field: value}, kept], NOW)
        assert instant(made["received_at"]) == NOW + timedelta(milliseconds=1), value
    assert record_from(ANSWER, PREPARED, [None, [], {}], NOW)["received_at"] == "2026-06-01T00:00:00.000Z"  # type: ignore[list-item]


@pytest.mark.parametrize("last", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.998Z", "9999-12-31T23:59:59.999Z"])
@pytest.mark.parametrize("now", [datetime.min.replace(tzinfo=UTC), NOW, datetime.max.replace(tzinfo=UTC)])
def test_no_instant_that_can_be_written_stands_in_an_answer_s_way(last: str, now: datetime) -> None:
    """Of a server's clock that was ever so wrong, or in a table made by hand."""
    made = record_from(ANSWER, PREPARED, [{**record_from(ANSWER, PREPARED, [], NOW), "received_at": last}], now)
    assert instant(made["received_at"]) >= instant(last)
    assert instant(record_from(ANSWER, PREPARED, [], now)["received_at"]) <= now


@pytest.mark.parametrize("body", [b'{"action": "declined", "action": "accepted"}', b'{"a": [{"b": 1, "b": 1}]}'])
def test_an_answer_that_says_one_thing_twice_is_none(body: bytes) -> None:
    with pytest.raises(AnswerError, match="stands twice in one object"):
        read(body)


def test_a_record_names_no_language_that_the_manifest_does_not_name() -> None:
    row = {key: value for key, value in FIRST.items() if key != "language"}
    privacy = {**SHIPPED["documents"]["privacy"], "versions": [row]}
    made = record_from(ANSWER, {**SHIPPED, "documents": {"privacy": privacy}}, [], NOW)
    assert made["language"] is None
