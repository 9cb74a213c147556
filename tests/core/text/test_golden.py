"""What published pages look like, held by digests: no library's upgrade changes an old version's page unnoticed."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from inforce.ledger.entries import parse
from inforce.model import Clause, Version, digest
from inforce.text import clauses, unsafe
from inforce.text.clauses import read_clause
from inforce.text.html import render

HERE = Path(__file__).parent
GOLDEN = HERE / "golden.json"
CONSTRUCTS = HERE / "constructs.md"
DECIDE = """The HTML of these published clauses is no longer what it was: {changed}.
A library or the dialect changed. If readers would see, hear or print something else, take the change back or pin the
library. If it is right for every page that was ever published, say so in docs/changes/, and write the digests anew:
GOLDEN=write python -m pytest tests/core/text/test_golden.py"""


def constructs() -> Sequence[Clause]:
    return clauses.decompose("Every construct", CONSTRUCTS.read_text(encoding="utf-8"), "constructs.md", 0)


def shipped(root: Path) -> dict[str, Sequence[Clause]]:
    """The versions of the policy that this repository publishes."""
    found: dict[str, Sequence[Clause]] = {}
    for path in sorted((root / "versions").glob("*/*.md")):
        version = parse(path.relative_to(root).as_posix(), path.read_bytes())
        assert isinstance(version, Version)
        found[f"{version.document} {version.number}"] = version.clauses
    return found


def test_no_published_page_has_changed(pytestconfig: pytest.Config) -> None:
    texts = {**shipped(pytestconfig.rootpath), "every construct": constructs()}
    made = {
        name: {each.id: digest(render(each).html.encode()) for each in each_text} for name, each_text in texts.items()
    }
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    known = json.loads(GOLDEN.read_text(encoding="utf-8"))
    changed = [
        f"{name} {clause}"
        for name, digests in made.items()
        for clause, value in digests.items()
        if known.get(name, {}).get(clause, "") != value and (name in known or name == "every construct")
    ]
    assert not changed, DECIDE.format(changed=", ".join(changed))
    assert set(made) <= set(known), f"New versions: write their digests, too. {DECIDE.splitlines()[-1]}"


def test_every_construct_is_one_that_a_draft_may_hold() -> None:
    for clause in constructs():
        name = "preamble" if clause.id == "preamble" else clause.id
        text = clause.text if name == "preamble" else f"## {clause.heading}\n\n{clause.body}"
        assert clauses.read_clause(name, text.encode(), f"{name}.md").problems == ()
        found = unsafe.find(read_clause(name, text.encode(), f"{name}.md"))
        assert {problem.rule for problem in found} <= {"comment", "unseen"}  # which an old version may hold
