"""Real revisions of real policies, where they lie beside the checkout; for tests and for the benchmarks."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from inforce.text.html import document

PATH = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "redline-pairs.jsonl.gz"
ABSENT = "the corpus of real revisions, ../shared/corpus/redline-pairs.jsonl.gz, is not here"


def pairs(step: int = 1) -> Iterator[tuple[str, str]]:
    """The old and the new Markdown of every pair, or of one pair in ``step``."""
    with gzip.open(PATH, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, islice(lines, 0, None, step)):
            yield row["old"], row["new"]


def rendered(source: str) -> str:
    """The page of such a text, which brings headings that no clause may have."""
    return document(source)
