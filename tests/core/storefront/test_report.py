"""What a report counts: each answer by the text that its digest names."""

from __future__ import annotations

from datetime import UTC, datetime

from vectors import tables

from inforce_client import agreements

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def test_an_answer_counts_in_the_language_of_the_text_that_it_is_about() -> None:
    manifest = tables.manifest(privacy="1.0 01-01")
    [row] = manifest["documents"]["privacy"]["versions"]
    row["translations"] = {"de": {"digest": "sha256-german", "url": "de/", "text": "de.md"}}
    said = {"action": "acknowledged", "document": "privacy", "version": "1.0", "at": "2026-02-01T00:00:00Z"}
    texts = {"ada": row["digest"], "bob": "sha256-german"}
    records = [(who, {**said, "id": who, "digest": digest, "language": "fr"}) for who, digest in texts.items()]
    found = agreements.report(manifest, ["privacy"], records, NOW)
    assert agreements.rows(found) == [("privacy", "1.0", "en", 0, 1, 0, 0, 0), ("privacy", "1.0", "de", 0, 1, 0, 0, 0)]
