"""Real revisions of real policies, every eighth of them."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import markdown
import nh3
import pytest

from core.redline.documents import assert_honest
from inforce.redline import redline

EXTENSIONS = ["tables", "footnotes", "def_list", "attr_list", "admonition", "sane_lists", "fenced_code"]
STEP = 8


def rendered(source: str) -> str:
    attributes = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}
    html = markdown.markdown(source, extensions=EXTENSIONS)
    return nh3.clean(
        html, tags=nh3.ALLOWED_TAGS - {"ins", "del"}, attributes={**attributes, "*": {"id", "class"}}, link_rel=None
    )


def pairs(path: Path) -> Iterator[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % STEP == 0:
                pair = json.loads(line)
                yield rendered(pair["old"]), rendered(pair["new"])


def test_every_redline_of_the_corpus_is_exact_valid_and_whole_words(pytestconfig: pytest.Config) -> None:
    path = pytestconfig.rootpath.parent / "shared" / "corpus" / "redline-pairs.jsonl.gz"
    if not path.is_file():
        pytest.skip("the corpus of real revisions, ../shared/corpus/redline-pairs.jsonl.gz, is not here")
    checked = 0
    for old, new in pairs(path):
        result = redline(old, new)
        assert not result.whole
        assert_honest(old, new, result)
        checked += 1
    assert checked
