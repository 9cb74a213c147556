"""`policy.yml`: what is written is read back, and an answer is taken exactly where the file would be."""

from __future__ import annotations

import zoneinfo
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.strategies import anything, ids, phrases
from inforce.draft import settings
from inforce.errors import InForceError
from inforce.model import KINDS, Numbering, Requirement, Settings, Severity
from inforce.text import normal as texts
from inforce.text import yaml as frontmatter

PATH = "policy/privacy/policy.yml"
KEYS = ("title", "kind", "requires", "language", "timezone", "contact")
GRADED = (Severity.MATERIAL, Severity.NOTICE, Severity.EDITORIAL)
VALUES = {
    "title": phrases.map(texts.one_line).filter(bool),
    "kind": st.sampled_from(KINDS),
    "requires": st.sampled_from([*Requirement]),
    "language": st.sampled_from(["en", "de-CH", "zh-Hant-TW"]),
    "timezone": st.sampled_from(sorted(zoneinfo.available_timezones())),
    "contact": st.sampled_from(["mailto:a@b.example", "https://b.example/?a=#c", "tel:+49-30-1"]),
}
SETTINGS = st.builds(
    Settings,
    **VALUES,
    notice_days=st.fixed_dictionaries(dict.fromkeys(GRADED, st.integers(0, 9999))),
    clauses=st.lists(ids, min_size=1, max_size=4, unique=True).map(tuple),
    checks=st.dictionaries(st.sampled_from([*settings.RULES]), st.sampled_from([*settings.LEVELS.values()])),
    reviewed=st.none() | st.dates(date(1900, 1, 1), date(2999, 12, 31)),
    numbering=st.sampled_from(Numbering),
    show_editors=st.booleans(),
)
DAYS = st.dates(date(1900, 1, 1), date(2999, 12, 31))
OPEN = st.tuples(DAYS, DAYS).map(sorted) | st.just([None, None])


@given(SETTINGS, OPEN)
def test_what_is_written_is_read_back(chosen: Settings, open_for_comment: list[date | None]) -> None:
    first, last = open_for_comment
    chosen = replace(chosen, comments_from=first, comments_until=last)
    found, listing = settings.read(settings.write(chosen), PATH)
    assert found == chosen
    assert [entry.value for entry in listing] == [*chosen.clauses]


@given(SETTINGS, st.sampled_from(KEYS), anything)
def test_an_answer_is_taken_exactly_where_the_file_would_be(chosen: Settings, key: str, said: str) -> None:
    lines = settings.write(chosen).decode().split("\n")
    try:
        value = settings.answered(key, said, "--option")
    except InForceError as error:
        [problem] = error.problems
        assert (problem.path, problem.line, problem.rule) == ("--option", 0, key)
        value = " ".join(said.split())
        told = False
    else:
        told = True
    written = [f"{key}: {frontmatter.quoted(value)}" if line.startswith(f"{key}: ") else line for line in lines]
    try:
        found, _ = settings.read("\n".join(written).encode("utf-8", "surrogatepass"), PATH)
    except InForceError:
        assert not told
    else:
        assert told
        assert getattr(found, key) == value


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("privacy@example.com", "mailto:privacy@example.com"),
        (" mailto:privacy@example.com ", "mailto:privacy@example.com"),
        ("https://example.com/@us", "https://example.com/@us"),
        ("tel:+49-30-1", "tel:+49-30-1"),
    ],
)
def test_a_bare_mail_address_will_do_as_an_answer(said: str, held: str) -> None:
    assert settings.answered("contact", said, "--contact") == held
