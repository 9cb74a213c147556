"""What makes a version wrong is asked alike, of a release in the making and of a version in the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import builders
from core.builders import at
from inforce import project as sources
from inforce.ledger import entries as ledger
from inforce.model import Change, Ledger, Requirement, Severity, Version
from inforce.release import rules
from inforce.text import html, markdown

FILES = builders.shipped()
CHAIN = builders.ledger_of(FILES)
DRAFT = builders.draft_of(FILES)
BEFORE, LAST = Ledger("privacy", CHAIN.entries[:-1]), CHAIN.by_number["2.0"]
CHANGE = LAST.changes[0]

severities = st.sampled_from(Severity)
moments = st.integers(-90, 90).map(lambda days: at("2026-03-01") + timedelta(days=days))
changes = st.builds(
    Change, st.just(CHANGE.clause), severities, st.sampled_from(["", "We sell."]), st.just(CHANGE.kinds),
    because=st.sampled_from(["", "It stays."]),
)  # fmt: skip
versions = st.builds(
    lambda **values: replace(LAST, **values),
    number=st.sampled_from(["1.2", "2.0", "3.0"]),
    severity=severities,
    announced=moments,
    effective=moments,
    amends=st.sampled_from(["1.0", "1.1", None]),
    summary=st.sampled_from(["", "We sell."]),
    changes=st.lists(changes, max_size=1).map(tuple),
    imported_from=st.sampled_from(["", "A drawer."]),
    title=st.sampled_from([LAST.title, "Another"]),
    requires=st.sampled_from(Requirement),
    accept_by=st.none() | moments,
)


@given(versions)
def test_a_version_in_the_making_and_one_in_the_ledger_are_told_the_same(version: Version) -> None:
    written = ledger.parse(version.path, ledger.compose(version))
    told = {fault.rule for fault in rules.faults(BEFORE, version)}
    made = rules.of_release(DRAFT, BEFORE, version, max(version.announced, at("2026-03-01")))
    read = [*rules.of_ledger(Ledger("privacy", (*BEFORE.entries, written)))]
    assert {problem.rule for problem in read} == told
    assert {problem.rule for problem in made} - {"notice"} == told
    assert {problem.path for problem in read} <= {version.path}
    assert all(problem.path.startswith(builders.POLICY) for problem in made)
    assert all(problem.line for problem in read if problem.rule not in ("amends", "changes", "imported"))


@given(st.sampled_from(["1.0", "1.1", "2.0"]))
def test_nothing_is_wrong_with_what_a_release_made(number: str) -> None:
    place = CHAIN.entries.index(CHAIN.by_number[number])
    before = Ledger("privacy", CHAIN.entries[:place])
    assert list(rules.faults(before, CHAIN.by_number[number])) == []
    assert sources.read(FILES).problems == ()


def test_a_clause_is_parsed_once_for_the_rules_and_for_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    parsed = markdown._parsed

    def noted(source: str, *told: object, **more: object) -> markdown.Document:
        seen.append(source)
        return parsed(source, *told, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(markdown, "_parsed", noted)
    for kept in (markdown._read, rules._found_in, html.render):
        kept.cache_clear()
    policy = sources.read({path: data for path, data in FILES.items() if path.startswith("versions/")}).policies[0]
    assert seen
    before = len(seen)
    for version in policy.ledger.versions:
        for clause in version.clauses:
            assert html.render(clause).body
    assert len(seen) == before == len({*seen})
