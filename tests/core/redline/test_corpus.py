"""Real revisions of real policies, every eighth of them."""

import pytest

import corpus
from core.redline.documents import assert_honest
from inforce.redline import redline


@pytest.mark.long
@pytest.mark.skipif(not corpus.PATH.is_file(), reason=corpus.ABSENT)
def test_every_redline_of_the_corpus_is_exact_valid_and_whole_words() -> None:
    checked = 0
    for pair in corpus.pairs(step=8):
        old, new = map(corpus.rendered, pair)
        result = redline(old, new)
        assert not result.whole
        assert_honest(old, new, result)
        checked += 1
    assert checked
