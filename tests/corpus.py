"""Real revisions of real policies, where they lie beside the checkout; for tests and for the benchmarks."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import markdown
import nh3

PATH = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "redline-pairs.jsonl.gz"
ABSENT = "the corpus of real revisions, ../shared/corpus/redline-pairs.jsonl.gz, is not here"

_EXTENSIONS = ["tables", "footnotes", "def_list", "attr_list", "admonition", "sane_lists", "fenced_code"]
_ATTRIBUTES = {**{tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}, "*": {"id", "class"}}


def pairs(step: int = 1) -> Iterator[tuple[str, str]]:
    """The old and the new Markdown of every pair, or of one pair in ``step``."""
    with gzip.open(PATH, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, islice(lines, 0, None, step)):
            yield row["old"], row["new"]


def rendered(source: str) -> str:
    """The page of such a text, which often holds what no clause may: sanitised, and without marks of its own."""
    page = markdown.markdown(source, extensions=_EXTENSIONS)
    return nh3.clean(page, tags=nh3.ALLOWED_TAGS - {"ins", "del"}, attributes=_ATTRIBUTES, link_rel=None)
