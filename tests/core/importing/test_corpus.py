"""Real revisions of real policies, every twenty-fifth pair: imported as a history of two texts, to the last word."""

from __future__ import annotations

import re

import pytest

import corpus
from core.importing.histories import imported, monthly
from inforce.importing.histories import ImportedVersion
from inforce.importing.reading import Reading
from inforce.importing.source import blocks, clean
from inforce.text import html as rendering


def shown(html: str) -> list[str]:
    """The words that a page shows."""
    return re.findall(r"\w+", rendering.text_of(re.sub(r"(</[a-z0-9]+>|<br>)", r" \1", html)))


def source_words(source: bytes, reading: Reading) -> list[str]:
    """The words of a source as its page would show them, without the lines that left."""
    gone = {line for each in reading.left for line in range(each.first, each.last + 1)}
    lines = source.decode().splitlines()
    kept = "\n".join("" if number in gone else line for number, line in enumerate(lines, 1))
    cleaned = clean(kept)
    rows = (f"{'#' * block.level} {block.text}" if block.level else block.text for block in blocks(cleaned.text))
    definitions = (each.text for each in cleaned.definitions if each.kind != "footnote")
    return shown(rendering.document("\n\n".join((*rows, *definitions))))


def version_words(made: ImportedVersion) -> list[str]:
    return [word for clause in made.version.clauses for word in shown(rendering.render(clause).html)]


@pytest.mark.long
@pytest.mark.skipif(not corpus.PATH.is_file(), reason=corpus.ABSENT)
def test_every_pair_of_the_corpus_imports_with_every_word() -> None:
    checked = 0
    for pair in corpus.pairs(step=25):
        found = imported(monthly(pair))
        assert found.problems == ()
        for made in found.made:
            snapshot = made.candidate.snapshot
            assert version_words(made) == source_words(bytes(snapshot.data), snapshot.reading)
            checked += 1
    assert checked
