"""A headline says what the marks show: each of its counts, told again from the page alone."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

import corpus
from core.redline.documents import pairs, revisions
from core.redline.recount import recounted
from examples import examples
from inforce.redline import Changes, redline

_SPACED = str.maketrans({"我": "us ", "们": "all ", "保": "keep ", "存": "it ", "ไ": "th", "ท": "a", "ย": "i"})
"""Words that are found without a dictionary, for those that need one."""


def counts(changes: Changes) -> dict[str, int]:
    """What a redline says that it marks."""
    return {name: count for name, count in vars(changes).items() if count}


@examples(150, suppress_health_check=list(HealthCheck))
@given(st.one_of(revisions(), pairs()))
def test_every_count_is_that_of_the_marks(pair: tuple[str, str]) -> None:
    found = redline(*(page.translate(_SPACED) for page in pair))
    assert recounted(found.html) == counts(found.changes)


def test_an_address_ends_where_a_line_does() -> None:
    found = redline("<p>French</p>", "<p>French: https://shop.example/fr<br>Spanish: https://shop.example/es</p>")
    assert recounted(found.html) == counts(found.changes) == {"words_inserted": 3}


@pytest.mark.long
@pytest.mark.skipif(not corpus.PATH.is_file(), reason=corpus.ABSENT)
def test_every_count_is_that_of_the_marks_in_real_revisions() -> None:
    checked = 0
    for pair in corpus.pairs(step=4):
        found = redline(*map(corpus.rendered, pair))
        assert recounted(found.html) == counts(found.changes)
        checked += 1
    assert checked
