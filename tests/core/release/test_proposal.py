"""From a draft to the next version: number, severity, dates, changes, lineage; and made again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import builders
from core.builders import NEXT, POLICY, Files, at
from core.strategies import PLAIN, clause_lists, phrases
from inforce import project as sources
from inforce.changes import versions
from inforce.errors import InForceError
from inforce.ledger import entries as ledger
from inforce.model import Clause, Draft, Event, EventKind, Ledger, Requirement, Severity, Version
from inforce.release import again, proposal, rules
from inforce.release.proposal import ReleaseOptions
from inforce.text import normal as texts

GRADES = (Severity.EDITORIAL, Severity.NOTICE, Severity.MATERIAL)


@given(st.lists(st.tuples(st.sampled_from(Severity), st.booleans()), max_size=12))
def test_a_number_is_new_and_follows_the_severity(steps: list[tuple[Severity, bool]]) -> None:
    entries: list[Version | Event] = []
    for severity, withdrawn in steps:
        chain = Ledger("privacy", tuple(entries))
        number = rules.next_number(chain, severity)
        assert number not in chain.by_number
        major, minor = ledger.number_of(number)
        if chain.standing:
            last_major, last_minor = ledger.number_of(chain.standing[-1].number)
            assert (major > last_major and minor == 0) == (severity is Severity.MATERIAL)
            assert (major == last_major and minor > last_minor) == (severity is not Severity.MATERIAL)
        else:
            assert minor == 0
        entries.append(builders.version(PLAIN[:1], number=number))
        if withdrawn:
            entries.append(Event("privacy", len(entries), EventKind.WITHDRAW, at("2026-01-01"), "", number))


@pytest.mark.parametrize(
    ("numbers", "withdrawn", "severity", "due"),
    [
        ((), (), Severity.EDITORIAL, "1.0"),
        (("1.0",), (), Severity.EDITORIAL, "1.1"),
        (("1.0", "1.9"), (), Severity.NOTICE, "1.10"),
        (("1.0", "1.9"), (), Severity.UNCLASSIFIED, "1.10"),
        (("1.0", "1.1"), (), Severity.MATERIAL, "2.0"),
        (("1.0", "2.0"), ("2.0",), Severity.MATERIAL, "3.0"),
        (("1.0", "1.1"), ("1.1",), Severity.NOTICE, "1.2"),
        (("1.0",), ("1.0",), Severity.NOTICE, "2.0"),
    ],
)
def test_the_next_number(numbers: tuple[str, ...], withdrawn: tuple[str, ...], severity: Severity, due: str) -> None:
    versions = [builders.version(PLAIN[:1], number=number) for number in numbers]
    events = [Event("privacy", 1, EventKind.WITHDRAW, at("2026-01-01"), "", number) for number in withdrawn]
    assert rules.next_number(Ledger("privacy", (*versions, *events)), severity) == due


def draft(clauses: tuple[Clause, ...], **values: object) -> Draft:
    settings = builders.draft_of(builders.policy()).settings
    named = replace(settings, clauses=tuple(clause.id for clause in clauses))
    return Draft("privacy", named, clauses, **values)  # type: ignore[arg-type]


@given(st.lists(st.tuples(clause_lists(), phrases.filter(str.strip), st.sampled_from(GRADES)), min_size=1, max_size=3))
def test_whatever_is_released_is_a_sound_ledger(steps: list[tuple[tuple[Clause, ...], str, Severity]]) -> None:
    """Any texts, any summaries, any grades: what a release writes reads back as released and passes every check."""
    files: Files = {}
    for place, (clauses, words, grade) in enumerate(steps):
        published = builders.ledger_of(files)
        noted = {
            change.clause: builders.note(grade, words, because=words if grade is Severity.EDITORIAL else "")
            for change in proposal.pending_changes(draft(clauses), published)
        }
        options = ReleaseOptions(summary=words, waived=words, notes=noted)
        moment = at("2026-01-01") + timedelta(days=place)
        if published.standing and not noted:
            continue
        made = proposal.prepare(draft(clauses), published, options, moment)
        assert made.clauses == clauses
        assert made.summary == made.notice_waived == texts.one_line(words)
        assert made.effective == made.announced == moment
        assert made.severity is (grade if published.standing else Severity.MATERIAL)
        files[made.path] = ledger.compose(made)
    assert sources.read(files).errors == ()
    assert builders.ledger_of(files).versions[0].amends is None


def test_lineage_over_several_releases() -> None:
    """contact becomes reach in 2.0; reach is split into post and mail in 3.0; both are edited in 3.1."""
    files = builders.released(builders.policy(), "2026-01-01", summary="One.")
    old = builders.TEXTS["contact"].split("\n\n")[1]
    common = {name: builders.TEXTS[name] for name in ("preamble", "purpose")}
    base = {path: data for path, data in files.items() if path.startswith("versions/")}

    def step(texts_now: dict[str, str], was: dict[str, str], day: str, grade: str) -> None:
        nonlocal base
        draft_files = builders.policy({**common, **texts_now})
        for name, former in was.items():
            note = f'---\nseverity: "{grade}"\nnote: "Moved."\nwas: [{former}]\n---\n' if former else ""
            note = note or f'---\nseverity: "{grade}"\neditorial_because: "A test."\n---\n'
            draft_files[f"{POLICY}{name}.md"] = (note + texts_now[name] + "\n").encode()
        made = builders.released({**base, **draft_files}, day, summary="Next.", waived="A test.")
        base = {path: data for path, data in made.items() if path.startswith("versions/")}
        assert sources.read(made).problems == ()

    step({"reach": f"## Contact\n\n{old}"}, {"reach": "contact"}, "2026-02-01", "material")
    step(
        {"post": "## Post\n\nA.", "mail": "## Mail\n\nB."}, {"post": "reach", "mail": "reach"}, "2026-03-01", "material"
    )
    step({"post": "## Post\n\nC.", "mail": "## Mail\n\nD."}, {"post": "", "mail": ""}, "2026-04-01", "editorial")
    chain = builders.ledger_of(base)
    assert [version.number for version in chain.versions] == ["1.0", "2.0", "3.0", "3.1"]
    assert [(c.clause, c.kinds, c.was) for c in chain.versions[1].changes] == [("reach", ("formatted",), ("contact",))]
    first, last = chain.versions[0], chain.versions[-1]
    rows = versions.compare(chain, first, last).changed
    assert {row.clause: (row.kinds, row.sources) for row in rows} == {
        "post": (("modified", "retitled", "split"), ("contact",)),
        "mail": (("modified", "retitled", "split"), ("contact",)),
    }


def test_a_wish_completes_and_overrules_the_notes_of_the_draft() -> None:
    files = builders.released(builders.policy(), "2026-01-01", summary="One.")
    texts_now = {**builders.TEXTS, "reach": builders.TEXTS["contact"]}
    del texts_now["contact"]
    files = {**{p: d for p, d in files.items() if p.startswith("versions/")}, **builders.policy(texts_now)}
    files[f"{POLICY}reach.md"] = b'---\nseverity: "editorial"\nnote: "Renamed."\n---\n' + files[f"{POLICY}reach.md"]
    options = ReleaseOptions(
        summary=" Two.\n", notes={"reach": builders.note(Severity.NOTICE, "", "contact")}, waived="A test."
    )
    made = proposal.prepare(builders.draft_of(files), builders.ledger_of(files), options, at("2026-02-01"))
    assert [(c.clause, c.severity, c.note, c.kinds, c.was) for c in made.changes] == [
        ("reach", Severity.NOTICE, "Renamed.", ("formatted",), ("contact",))
    ]
    assert (made.number, made.severity, made.summary) == ("1.1", Severity.NOTICE, "Two.")


def test_a_removed_clause_is_noted_in_next_yml() -> None:
    files = builders.shipped()
    kept = {name: text for name, text in builders.TEXTS.items() if name != "contact"}
    files = {**files, builders.SETTINGS: builders.settings(kept)}
    del files[f"{POLICY}contact.md"]
    with pytest.raises(InForceError) as caught:
        builders.released(files, "2026-05-01", summary="No contact.")
    assert [problem.place for problem in caught.value.problems] == [NEXT]
    assert "Write it in next.yml under changes" in caught.value.problems[0].cure
    files[NEXT] = b'summary: "No contact."\nchanges:\n  contact:\n    severity: notice\n    note: "Gone."\n'
    assert sources.read(files).problems == ()
    after = builders.released(files, "2026-05-01", effective=at("2026-05-08"))
    assert NEXT not in after
    change = builders.ledger_of(after).by_number["2.1"].changes[0]
    assert (change.clause, change.kinds, change.note) == ("contact", ("removed",), "Gone.")


def prepared(effective: date | datetime | None, now: str, **options: object) -> Version:
    files = builders.edited(builders.shipped(), "contact", "## Contact\n\nBox 9.", "notice")
    chosen = ReleaseOptions(effective=effective, summary="Moved.", **options)  # type: ignore[arg-type]
    return proposal.prepare(builders.draft_of(files), builders.ledger_of(files), chosen, at(now))


def test_a_day_is_midnight_in_the_policy_s_time_zone_and_today_is_now() -> None:
    now = "2026-05-01T20:30:15.5+00:00"  # in Shanghai it is the 2nd, 04:30:15
    made = prepared(date(2026, 5, 9), now)
    assert made.announced.isoformat() == "2026-05-02T04:30:15+08:00"
    assert made.effective.isoformat() == "2026-05-09T00:00:00+08:00"
    assert prepared(date(2026, 5, 2), now, waived="Urgent.").effective == made.announced
    assert prepared(None, now, waived="Urgent.").effective == made.announced
    with pytest.raises(InForceError, match="A notice change needs 7 days of notice and would get 6"):
        prepared(date(2026, 5, 8), now)


@given(st.integers(0, 40), st.sampled_from(GRADES))
def test_the_earliest_day_is_accepted_and_the_day_before_is_not(days: int, grade: Severity) -> None:
    because = "The same office." if grade is Severity.EDITORIAL else ""
    files = builders.edited(builders.shipped(), "contact", "## Contact\n\nBox 9.", grade, "Moved.", because)
    found, chain = builders.draft_of(files), builders.ledger_of(files)
    now = at("2026-03-05T12:00:00+08:00") + timedelta(days=days)
    first = proposal.earliest_effective(found, chain, ReleaseOptions(), now)
    made = proposal.prepare(found, chain, ReleaseOptions(effective=first, summary="Moved."), now)
    assert made.effective >= chain.standing[-1].effective
    with pytest.raises(InForceError):
        proposal.prepare(found, chain, ReleaseOptions(effective=first - timedelta(days=1), summary="Moved."), now)


def test_an_import_looks_back_and_may_be_unclassified() -> None:
    options = ReleaseOptions(
        announced=date(2015, 8, 7), effective=date(2015, 8, 7), imported_from="The policy of that day.", summary="One."
    )
    files = builders.policy()
    first = proposal.prepare(builders.draft_of(files), Ledger("privacy"), options, at("2026-01-01"))
    assert first.announced.isoformat() == first.effective.isoformat() == "2015-08-07T00:00:00+08:00"
    files = {**files, first.path: ledger.compose(first), f"{POLICY}contact.md": b"## Contact\n\nBox 9.\n"}
    options = replace(options, announced=date(2016, 1, 1), effective=date(2016, 1, 1))
    second = proposal.prepare(builders.draft_of(files), builders.ledger_of(files), options, at("2026-01-01"))
    assert (second.number, second.severity) == ("1.1", Severity.UNCLASSIFIED)
    assert sources.read({**files, second.path: ledger.compose(second)}).problems == ()
    forged = replace(second, imported_from="")
    assert [p.what for p in sources.read({**files, second.path: ledger.compose(forged)}).problems] == [
        "Nobody has said how much the change of `contact` means (modified)"
    ]


def test_only_what_it_asks_changed() -> None:
    files = {**builders.shipped(), builders.SETTINGS: builders.settings(requires='"accept"')}
    made = proposal.prepare(
        builders.draft_of(files), builders.ledger_of(files), ReleaseOptions(summary="Accept."), at("2026-05-01")
    )
    assert (made.requires, made.changes, made.severity) == (Requirement.ACCEPT, (), Severity.EDITORIAL)


def test_what_is_left_to_say() -> None:
    files = builders.edited(builders.shipped(), "contact", "## Contact\n\nBox 9.", "material")
    files[f"{POLICY}purpose.md"] = b"## Purpose\n\nNone.\n"
    found, chain = builders.draft_of(files), builders.ledger_of(files)
    assert [change.clause for change in proposal.unclassified(found, chain, ReleaseOptions())] == ["purpose", "contact"]
    options = ReleaseOptions(
        notes={"purpose": builders.note(Severity.NOTICE), "contact": builders.note(None, "Moved.")}
    )
    assert proposal.unclassified(found, chain, options) == ()


def test_made_again_a_version_keeps_its_notes() -> None:
    files = builders.shipped()
    found, chain = builders.draft_of(files), builders.ledger_of(files)
    remaining = Ledger("privacy", chain.entries[:-1])
    noted = again.with_notes(found, chain.by_number["2.0"])
    options = ReleaseOptions(effective=at("2026-04-05"))
    made = proposal.prepare(noted, remaining, options, at("2026-03-05"))
    former = chain.by_number["2.0"]
    assert (made.number, made.summary, made.changes) == (former.number, former.summary, former.changes)
    assert made.effective == at("2026-04-05")
