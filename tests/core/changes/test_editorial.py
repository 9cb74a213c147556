"""What an editorial change leaves alone, word by word."""

from __future__ import annotations

import pytest
from hypothesis import given

from core import builders
from core.builders import POLICY, at, clause
from core.strategies import clause_lists
from inforce.changes import wordlists
from inforce.changes.editorial import Kind, Sign, between, doubtful, signs
from inforce.errors import InForceError, Level
from inforce.model import Change, Clause, Severity
from inforce.release import again, proposal
from inforce.release.proposal import ReleaseOptions
from inforce.text.html import document

ENGLISH = wordlists.of("en")


def found(old: str, new: str, language: str = "en") -> list[tuple[Kind, str, str]]:
    touched = between(document(old), document(new), wordlists.of(language))
    return [(sign.kind, sign.removed, sign.added) for sign in touched]


@pytest.mark.parametrize(
    ("old", "new", "sign"),
    [
        ("We keep it for 30 days.", "We keep it for 14 days.", (Kind.NUMBER, "30", "14")),
        ("It costs $10.", "It costs €10.", (Kind.NUMBER, "$", "€")),
        ("We keep it for two days.", "We keep it for three days.", (Kind.NUMBER, "two", "three")),
        ("## 30 days to cancel", "## 14 days to cancel", (Kind.NUMBER, "30", "14")),
        ("## 第三条数据\n\n30 days", "## 第五条数据\n\n14 days", (Kind.NUMBER, "30", "14")),
        ("We keep it for 30 days.", "We keep it for 30 weeks.", (Kind.DATE, "days", "weeks")),
        ("Until 1 May 2026.", "Until 1 June 2026.", (Kind.DATE, "May", "June")),
        ("We tell you at once.", "We tell you promptly.", (Kind.DATE, "", "promptly")),
        ("We do sell your data.", "We don't sell your data.", (Kind.NEGATION, "", "don't")),
        ("We share it with consent.", "We share it without consent.", (Kind.NEGATION, "", "without")),
        ("We may share your data.", "We will share your data.", (Kind.MODAL, "may", "will")),
        ("You must tell us of it.", "You can tell us of it.", (Kind.MODAL, "must", "can")),
        ("You may, we must.", "You must, we may.", (Kind.MODAL, "may must", "must may")),
        ("We protect payments.", "We protect all payments.", (Kind.SCOPE, "", "all")),
        ("Only our staff reads it.", "Our staff reads it.", (Kind.SCOPE, "Only", "")),
        ("We delete most of it.", "We delete some of it.", (Kind.SCOPE, "most", "some")),
        ("We keep at least a copy.", "We keep at most a copy.", (Kind.SCOPE, "least", "most")),
        ("Couriers such as Ant and Bee.", "Couriers such as Ant, Cow and Bee.", (Kind.CATEGORY, "", "Cow")),
        ("Data includes your name and age.", "Data includes your name.", (Kind.CATEGORY, "age", "")),
        ("We hold, e.g.:\n\n- names", "We hold, e.g.:\n\n- names\n- ages", (Kind.CATEGORY, "", "ages")),
        ("See [this](https://a.example).", "See [this](https://b.example).", (Kind.LINK, "a.example", "b.example")),
        ("See [this](#one).", "See [this](#two).", (Kind.LINK, "#one", "#two")),
        ("See https://a.example/x now.", "See https://b.example/x now.", (Kind.LINK, "https://a.example/x", "https://b.example/x")),
        ("We ship.", "We ship. We sell your data.", (Kind.SENTENCE, "", "We sell your data.")),
        ("We ship, e.g. by air. You pay.", "We ship, e.g. by air.", (Kind.SENTENCE, "You pay.", "")),
        ("We do:\n\n- ship it", "We do:\n\n- ship it\n- sell it", (Kind.SENTENCE, "", "sell it")),
    ],
)  # fmt: skip
def test_what_is_told(old: str, new: str, sign: tuple[Kind, str, str]) -> None:
    assert sign in found(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("We recieve your adress.", "We receive your address."),
        ("We can't and don't, and we'll see.", "We cannot and do not, and we will see."),
        ("Within thirty days.", "Within 30 days."),
        ("It costs 1000 euros.", "It costs 1,000 €."),
        ("## 3. Scope", "## 4. Scope"),
        ("## Article 3 Scope", "## Article 5 Scope"),
        ("## § 3 Scope", "## 5. Scope"),
        ("## Scope", "## Section 3: Scope"),
        ("## 第三条数据", "## 第五条数据"),
        ("Write to Prof. Smith.", "Write to Prof. Smyth."),
        ("Es gilt Abs. Zwei vom 30. Juni.", "Es gilt Abs. zwei vom 30. Juni."),
        ("We use A, and we use B.", "We use A. We use B."),
        ("Couriers such as Ant and Bee.", "Couriers such as Bee and Ant."),
        ("Data (such as names) is kept for you.", "Data (such as names) is stored for you."),
        ("Data such as your adress and recieved mail.", "Data such as your address and received mail."),
        ("We send e-mails, including organised tours.", "We send emails, including organized tours."),
        ("See [this](http://www.a.example/).", "See [this](https://a.example)."),
        ("See [this](../terms/index.md).", "See [this](/terms/)."),
        ("See this page.", "See [this page](https://a.example)."),
        ("First, this.\n\nSecond, that.", "Second, that.\n\nFirst, this."),
        ("We **ship** it.", "We ship it."),
        ("We ship all parcels.", "We ship every parcel."),
        ("We normally ship it.", "We usually ship it."),
    ],
)
def test_what_is_let_pass(old: str, new: str) -> None:
    assert found(old, new) == []


@pytest.mark.parametrize(
    "word", sorted({*ENGLISH.scopes, *ENGLISH.negations, *ENGLISH.modals, *ENGLISH.numbers, *ENGLISH.dates})
)
def test_every_weighty_word_is_told_where_it_is_put_in_and_where_it_is_taken_out(word: str) -> None:
    without, with_it = "We protect your payments well.", f"We protect {word} your payments well."
    assert [(removed, added) for _, removed, added in found(without, with_it)] == [("", word)]
    assert [(removed, added) for _, removed, added in found(with_it, without)] == [(word, "")]


def test_a_language_without_lists_has_figures_links_and_sentences() -> None:
    assert found("Wir dürfen 30 Tage.", "Wir müssen 14 Tage.", "de-AT") == [(Kind.NUMBER, "30", "14")]
    assert found("Ja.", "Ja. Nein.", "de") == [(Kind.SENTENCE, "", "Nein.")]
    assert wordlists.of("en-GB") is ENGLISH


def test_a_sign_says_what_went_and_what_came() -> None:
    assert str(Sign(Kind.MODAL, "may", "will")) == "a modal verb (“may” becomes “will”)"
    assert str(Sign(Kind.MODAL, "", "will")) == "a modal verb (“will” is new)"
    assert str(Sign(Kind.MODAL, "may", "")) == "a modal verb (“may” is gone)"


@given(clause_lists())
def test_a_text_against_itself_touches_nothing(clauses: tuple[Clause, ...]) -> None:
    assert signs(clauses, clauses, "en") == ()


@given(clause_lists(), clause_lists())
def test_any_two_texts_give_signs_that_turn_around(old: tuple[Clause, ...], new: tuple[Clause, ...]) -> None:
    """Never raises; and where only words were added, nothing is told as gone."""
    assert all(sign.added for sign in signs((), new, "en"))
    assert all(sign.removed for sign in signs(old, (), "en"))


def test_text_that_went_to_the_other_half_of_a_split_clause_is_neither_new_nor_gone() -> None:
    old = (clause("contact", "Write to us.\n\nCall 555 for help."),)
    new = (clause("contact", "Write to us."), clause("phone", "Call 555 for help."))
    changes = (
        builders.change("contact", "split", severity=Severity.EDITORIAL),
        builders.change("phone", "split", severity=Severity.EDITORIAL, was=("contact",)),
    )
    assert doubtful(old, new, changes, "en") == {}
    alone = (builders.change("contact", "modified"), builders.change("phone", "added"))
    assert set(doubtful(old, new, alone, "en")) == {"contact", "phone"}


def test_a_link_to_a_renamed_clause_leads_where_it_led() -> None:
    old = (clause("cookies"), clause("contact", "See [cookies](#cookies)."))
    new = (clause("files"), clause("contact", "See [cookies](#files)."))
    renamed = (builders.change("files", "retitled", was=("cookies",)), builders.change("contact", "formatted"))
    assert doubtful(old, new, renamed, "en") == {}


def test_a_link_to_a_clause_that_was_split_leads_to_the_part_that_lineage_goes_on_in() -> None:
    old = [builders.clause("contact", "Write. Call."), builders.clause("other", "See [it](#contact).")]
    parts = [builders.clause("mail", "Write."), builders.clause("phone", "Call.")]
    changes = [Change(name, Severity.NOTICE, was=("contact",)) for name in ("mail", "phone")]
    changes.append(Change("other", Severity.EDITORIAL))
    for target, touched in (("mail", set()), ("phone", {"other"})):
        new = [*parts, builders.clause("other", f"See [it](#{target}).")]
        assert set(doubtful(old, new, changes, "en")) == touched


def test_words_that_look_like_a_renamed_link_are_words_and_names_may_change_round() -> None:
    old, new = clause("contact", 'Write href="#may" there.'), clause("contact", 'Write href="#never" there.')
    assert signs((old,), (new,), "en", {"may": "never"})
    old, new = clause("contact", "[a](#one) [b](#two)"), clause("contact", "[a](#two) [b](#three)")
    assert not signs((old,), (new,), "en", {"one": "two", "two": "three"})


def test_a_reason_or_a_higher_severity_answers() -> None:
    old, new = (clause("contact", "Call 555."),), (clause("contact", "Call 556."),)
    assert doubtful(old, new, (Change("contact", Severity.EDITORIAL),), "en")
    assert not doubtful(old, new, (Change("contact", Severity.EDITORIAL, because="A typing error."),), "en")
    assert not doubtful(old, new, (Change("contact", Severity.NOTICE),), "en")


def prepared(because: str = "", **lines: str | None) -> proposal.Version:
    files = {**builders.released(builders.policy(), "2026-01-01", summary="One."), **builders.policy(**lines)}
    files = builders.edited(files, "contact", "## Contact\n\nWrite to box 9, not to us.", because=because)
    options = ReleaseOptions(summary="Two.")
    return proposal.prepare(builders.draft_of(files), builders.ledger_of(files), options, at("2026-02-01"))


def test_a_release_is_refused_and_says_which_words() -> None:
    with pytest.raises(InForceError) as refused:
        prepared()
    [problem] = refused.value.problems
    assert (problem.path, problem.rule, problem.level) == (f"{POLICY}contact.md", "not-editorial", Level.ERROR)
    assert "`contact` is called editorial, but touches" in problem.what
    assert "editorial_because" in problem.cure


def test_the_reason_goes_into_the_version_and_comes_back() -> None:
    [change] = prepared("Box 9 was always ours.").changes
    assert change.because == "Box 9 was always ours."
    assert again.notes_of(prepared("Because."))["contact"].because == "Because."


@pytest.mark.parametrize("chosen", ["off", "warn"])
def test_a_policy_can_be_content_with_less(chosen: str) -> None:
    made = prepared(checks=f'{{not-editorial: "{chosen}"}}')
    assert made.severity is Severity.EDITORIAL


def test_a_reason_beside_a_higher_severity_is_refused() -> None:
    files = {**builders.released(builders.policy(), "2026-01-01", summary="One."), **builders.policy()}
    files[f"{POLICY}contact.md"] = b"## Contact\n\nBox 9.\n"
    notes = {"contact": builders.note(Severity.NOTICE, "A box.", because="It is not.")}
    options = ReleaseOptions(summary="Two.", waived="A test.", notes=notes)
    with pytest.raises(InForceError, match="A reason says why `contact` is editorial, and it is graded notice"):
        proposal.prepare(builders.draft_of(files), builders.ledger_of(files), options, at("2026-02-01"))
    files = builders.edited(files, "contact", "## Contact\n\nBox 9.", "notice", because="It is not.")
    assert any("`editorial_because` stands beside severity 'notice'" in str(each) for each in builders.problems(files))


def test_an_import_is_not_questioned() -> None:
    files = builders.released(builders.policy(), "2026-01-01", summary="One.", imported_from="A drawer.")
    files = builders.edited(files, "contact", "## Contact\n\nBox 9.")
    options = ReleaseOptions(
        summary="Two.", imported_from="A drawer.", announced=at("2026-01-05"), effective=at("2026-01-05")
    )
    assert proposal.prepare(builders.draft_of(files), builders.ledger_of(files), options, at("2026-02-01")).changes
