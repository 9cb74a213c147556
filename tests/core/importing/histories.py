"""Histories of texts for tests, and the whole way from them to files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from inforce import project as sources
from inforce.errors import Problem
from inforce.importing import histories, identity, reading
from inforce.importing.histories import Folding, ImportedVersion, Origin, Snapshot, Terms, share
from inforce.importing.identity import Answers, Doubt, Named
from inforce.model import Requirement, Settings, Severity

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FIRST = date(2020, 1, 1)
DAYS = {Severity.MATERIAL: 30, Severity.NOTICE: 7, Severity.EDITORIAL: 0}
SETTINGS = Settings("Terms", "terms-of-service", Requirement.ACCEPT, "en", "UTC", DAYS, "mailto:legal@shop.example", ())


def snapshot(text: str, day: date | None = FIRST, short: str = "text") -> Snapshot:
    """A text that came on ``day``."""
    data = text.encode()
    return Snapshot(Origin(f"{short}.md", short, day), share(data), reading.read(data, f"{short}.md"))


def monthly(texts: Sequence[str]) -> list[Snapshot]:
    """Texts that came 31 days apart, called t0, t1 and so on."""
    return [snapshot(text, FIRST + timedelta(days=31 * place), f"t{place}") for place, text in enumerate(texts)]


@dataclass(frozen=True)
class Imported:
    """What an import makes: its versions, the ids, the doubts, the files and what is wrong with them."""

    made: list[ImportedVersion]
    named: tuple[Named, ...]
    doubts: tuple[Doubt, ...]
    files: Mapping[str, bytes]
    problems: tuple[Problem, ...]


def imported(
    snapshots: Sequence[Snapshot], folding: Folding | None = None, answers: Answers | None = None, base: str = ""
) -> Imported:
    """``snapshots`` as the document terms."""
    found = histories.candidates(snapshots, folding or Folding(), NOW.date())
    named, doubts = identity.follow([each.snapshot.reading.sections for each in found], answers)
    made = list(histories.make(found, named, Terms("terms", SETTINGS, "old", base), NOW))
    files = histories.files(made, SETTINGS)
    return Imported(made, named, doubts, files, sources.read(files).problems)
