"""What a policy has to do beyond form, rule by rule, and how each is turned off."""

from __future__ import annotations

import pytest

from core import builders
from core.builders import POLICY, SETTINGS, Files, at
from inforce import project as sources
from inforce.check import drafts
from inforce.draft import settings
from inforce.errors import InForceError, Level, Problem
from inforce.release import notice, proposal
from inforce.release.proposal import ReleaseOptions

CHANGES = "## Changes\n\nWe tell you of changes to this policy 20 days before they take effect."
TOLD = {**builders.TEXTS, "changes": CHANGES}
NOW = at("2026-05-01")


def found(files: Files, now: str = "2026-05-01") -> dict[str, list[Problem]]:
    read = sources.read(files)
    assert read.errors == ()
    told: dict[str, list[Problem]] = {}
    for policy in read.policies:
        for problem in drafts.duties(policy, read.policies, at(now)):
            told.setdefault(problem.rule, []).append(problem)
    return told


def _told_line(files: Files, problem: Problem) -> str:
    """The line of which a problem is told."""
    return files[problem.path].decode().split("\n")[problem.line - 1] if problem.line else ""


def sound(**lines: str | None) -> Files:
    return builders.released(builders.policy(TOLD, **lines), "2026-01-01", summary="One.")


def test_a_policy_that_does_all_of_it_is_left_alone() -> None:
    assert found(sound(notice_days='{material: "30", notice: "20", editorial: "0"}')) == {}


def test_days_in_the_settings_are_no_fewer_than_the_text_promises() -> None:
    [problem] = found(sound())["promised-notice"]
    assert (problem.path, problem.level) == (SETTINGS, Level.ERROR)
    assert _told_line(sound(), problem).startswith("notice_days:")
    assert problem.what == "`notice_days` gives 7 days of a notice change; `changes` promises 20"


@pytest.mark.parametrize(("chosen", "due"), [("error", 20), ("warn", 7), ("off", 7)])
def test_a_release_keeps_the_stricter_of_the_two(chosen: str, due: int) -> None:
    files = sound(checks=f'{{promised-notice: "{chosen}"}}')
    files = builders.edited(files, "contact", "## Contact\n\nCall.", "notice")
    draft, ledger = builders.draft_of(files), builders.ledger_of(files)
    first = proposal.earliest_effective(draft, ledger, ReleaseOptions(), NOW)
    assert (first - NOW.date()).days == due
    made = proposal.prepare(draft, ledger, ReleaseOptions(effective=first, summary="Two."), NOW)
    assert notice.missing(draft.settings, ledger.standing[-1], made, NOW) is None


def test_what_binds_a_change_is_the_promise_in_force_not_the_one_to_come() -> None:
    lower = CHANGES.replace("20", "2")
    files = builders.edited(sound(), "changes", lower, "notice", "Less notice.")
    draft, ledger = builders.draft_of(files), builders.ledger_of(files)
    with pytest.raises(InForceError, match="needs 20 days of notice and would get 7"):
        proposal.prepare(draft, ledger, ReleaseOptions(effective=at("2026-05-08"), summary="Two."), NOW)


def test_each_change_of_a_material_version_has_a_note() -> None:
    files = builders.edited(sound(), "purpose", "## Purpose\n\nWe sell it.", "material", "We sell.")
    files = builders.edited(files, "contact", "## Contact\n\nWrite to privacy@policies.example!")
    [problem] = found(files)["clause-note"]
    assert (problem.path, problem.line, problem.level) == (f"{POLICY}contact.md", 1, Level.WARNING)
    files = builders.edited(files, "purpose", "## Purpose\n\nWe sell it.", "notice", "We sell.")
    assert "clause-note" not in found(files)


def test_a_text_that_is_silent_on_changes_is_told() -> None:
    [problem] = found(builders.policy())["changes-told"]
    assert problem.what == "The text does not say how customers learn of changes"
    assert found(builders.policy(language='"zh"')) == {}


def test_a_date_in_the_text_is_told() -> None:
    [problem] = found(builders.policy({**TOLD, "preamble": "Last updated: 8 April 2020"}))["dated-text"]
    assert problem.path == f"{POLICY}preamble.md"


@pytest.mark.parametrize(
    ("reviewed", "now", "old"),
    [
        (None, "2026-12-31", False),
        (None, "2027-01-01", False),
        (None, "2027-01-02", True),
        ('"2026-06-01"', "2027-06-01", False),
        ('"2026-06-01"', "2027-06-02", True),
        ('"2024-02-29"', "2027-01-02", True),
    ],
)
def test_a_review_is_due_after_twelve_months(reviewed: str | None, now: str, old: bool) -> None:
    problems = found(sound(reviewed=reviewed), now).get("review-age", [])
    assert bool(problems) is old
    for problem in problems if reviewed else ():
        assert _told_line(sound(reviewed=reviewed), problem).startswith("reviewed:")


def test_a_policy_never_released_or_retired_is_not_asked_for_a_review() -> None:
    assert "review-age" not in found(builders.policy(TOLD), "2030-01-01")
    gone = builders.happened(sound(), builders.EventKind.RETIRE, "2026-02-01")
    assert found(gone, "2030-01-01") == {}


@pytest.mark.parametrize("rule", settings.RULES)
def test_every_rule_is_known_to_the_settings_and_can_be_off_warn_or_error(rule: str) -> None:
    for word, level in settings.LEVELS.items():
        draft = builders.draft_of(builders.policy(checks=f'{{{rule}: "{word}"}}'))
        assert settings.level(draft.settings.checks, rule) is level
    assert settings.level({}, rule) is settings.RULES[rule]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"checks": '{reviw-age: "off"}'}, "Did you mean `review-age`?"),
        ({"checks": '{review-age: "loud"}'}, "Write off or warn or error"),
        ({"checks": '{review-age: "of"}'}, "Did you mean `off`?"),
        ({"checks": '"off"'}, "`checks` must be a mapping"),
        ({"reviewed": '"last year"'}, "which is no day"),
        ({"reviewed": '"2026-02-30"'}, "which is no day"),
    ],
)
def test_what_the_settings_cannot_say(line: dict[str, str], told: str) -> None:
    assert any(told in str(problem) for problem in builders.problems(builders.policy(**line)))


def linked(target: str) -> Files:
    """Two policies; the privacy policy's contact links to ``target``. The terms lost `refunds` in 2.0."""
    files = sound(notice_days='{material: "30", notice: "20", editorial: "0"}')
    terms = {"preamble": "Hello.", "refunds": "## Refunds\n\nNone.", "orders": "## Orders\n\nYes."}
    others = builders.policy(terms, title='"Terms"', kind='"terms-of-service"')
    others = {path.replace("/privacy/", "/terms/"): data for path, data in others.items()}
    chain = sources.read(others).policies[0]
    assert chain.draft
    first = proposal.prepare(chain.draft, chain.ledger, ReleaseOptions(summary="One."), at("2026-01-01"))
    others[first.path] = builders.ledger.compose(first)
    del others["policy/terms/refunds.md"]
    others["policy/terms/policy.yml"] = builders.settings(("preamble", "orders"), kind='"terms-of-service"')
    text = f"## Contact\n\nSee [there]({target})."
    return {**files, **others, f"{POLICY}contact.md": f'---\nseverity: "notice"\n---\n{text}\n'.encode()}


@pytest.mark.parametrize(
    "target",
    ["../terms/", "../terms/#orders", "../terms/1.0/#refunds", "../terms/1.0.md", "versions/", "1.0/#contact",
     "./#purpose", "../terms/versions/", "clauses/contact/", "../about/", "/anything", "https://x.example/terms/9.9/",
     "feed.xml"],
)  # fmt: skip
def test_a_link_that_leads_somewhere_is_let_be(target: str) -> None:
    assert "dead-link" not in found(linked(target))


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("../terms/#refunds", "terms has no clause `refunds` any more; 1.0 was the last to have it"),
        ("../terms/#order", "Did you mean `orders`?"),
        ("../terms/2.0/", "terms has no page 2.0/"),
        ("logo.png", "privacy has no page logo.png. "),
        ("1.1/#contact", "privacy has no page 1.1/"),
        ("../terms/1.0/#refund", "Did you mean `refunds`?"),
        ("redline/1.0..1.1/", "privacy has no page redline/1.0..1.1/"),
        ("clauses/nothing/", "privacy has no page clauses/nothing/"),
    ],
)
def test_a_link_that_leads_nowhere_is_told(target: str, told: str) -> None:
    problems = found(linked(target))["dead-link"]
    assert [(problem.path, problem.line) for problem in problems] == [(f"{POLICY}contact.md", 6)]
    assert told in str(problems[0])


@pytest.mark.parametrize(
    ("written", "line"),
    [("[there](1.1/)", 3), ("[there][a]\n\n[a]: 1.1/", 5), ("<a href='1.1/'>there</a>", 3), ("or\n[a](1.1/ 'b')", 4)],
)
def test_a_link_that_leads_nowhere_is_told_where_it_is_written(written: str, line: int) -> None:
    files = {**sound(), f"{POLICY}contact.md": f"## Contact\n\n{written}\n".encode()}
    assert [problem.line for problem in found(files)["dead-link"]] == [line]


@pytest.mark.parametrize("target", ["../privcy/", "../Terms/", "../trems/1.0/#orders", "../terms.md", "../term"])
def test_a_link_to_what_is_nearly_a_policy_is_questioned(target: str) -> None:
    """Whether the site has a page of that name is not known, so nobody has to mend it."""
    [problem] = found(linked(target))["dead-link"]
    assert (problem.path, problem.line, problem.level) == (f"{POLICY}contact.md", 6, Level.WARNING)
    assert problem.cure in ("Did you mean `../privacy/`?", "Did you mean `../terms/`?")


@pytest.mark.parametrize("target", ["../about/", "../terms-of-sale/", "../private/", "../../privcy/", "/trems/", "../"])
def test_other_pages_of_the_site_are_let_be(target: str) -> None:
    assert "dead-link" not in found(linked(target))


def test_a_published_text_that_links_to_a_removed_clause_is_warned_of() -> None:
    files = linked("../terms/#refunds")
    read = sources.read(files).policies[0]
    assert read.draft
    options = ReleaseOptions(summary="Two.", waived="A test.", notes={"contact": builders.note(None, "There.")})
    made = proposal.prepare(read.draft, read.ledger, options, at("2026-02-01"))
    files = {**files, made.path: builders.ledger.compose(made), f"{POLICY}contact.md": b"## Contact\n\nWrite.\n"}
    [problem] = found(files)["dead-link"]
    assert (problem.path, problem.level) == (made.path, Level.WARNING)
    assert "../terms/#refunds" in _told_line(files, problem)
    assert "inforce erratum privacy 1.1" in problem.cure


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("www.acme.example", "https://www.acme.example"),
        ("acme.example/terms?a=b#c", "https://acme.example/terms?a=b#c"),
        ("privacy@acme.example", "mailto:privacy@acme.example"),
    ],
)
def test_an_address_without_its_scheme_is_told_with_it(written: str, whole: str) -> None:
    [problem] = found(linked(written))["dead-link"]
    assert "it has no scheme" in problem.what
    assert problem.cure == f"Write {whole}"


def test_a_footnote_of_one_word_is_no_link() -> None:
    files = {**builders.shipped(), f"{POLICY}contact.md": b"## Contact\n\nWrite.[^1]\n\n[^1]: Note.\n"}
    assert "dead-link" not in found(files)


def test_a_dead_link_of_many_versions_is_told_once() -> None:
    files = builders.policy({**builders.TEXTS, "contact": "## Contact\n\nSee [refunds](gone/)."})
    for day in ("2026-01-01", "2026-02-01", "2026-03-01"):
        files = builders.released(files, day, summary="More.", waived="A test.")
        files = builders.edited(files, "purpose", f"## Purpose\n\nWe ship your order since {day}.", "notice", "Since.")
    (draft, published) = found(files)["dead-link"]
    assert (draft.path, draft.level) == (f"{POLICY}contact.md", Level.ERROR)
    assert published.path == "versions/privacy/1.2.md"
    assert "leads nowhere by now (in 2 earlier versions, too)" in published.what
