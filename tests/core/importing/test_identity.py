"""Clauses keep their ids through a history; what nobody can tell is asked, never guessed."""

from __future__ import annotations

import pytest

from core.importing.histories import imported, monthly
from inforce.importing import identity
from inforce.importing.identity import Answers, clause_id
from inforce.model import Version

DATA = "We collect your name, your address and the items of your order, and keep them for ten years as tax law asks."
PAY = "You pay by card or by invoice within fourteen days after we have sent the goods, plus the cost of the parcel."
LAW = (
    "The law of Germany applies to this contract, and the courts of Berlin decide whatever we cannot settle ourselves."
)
SHIP = "Parcels leave our house on the day after your order and reach you within three working days in the whole union."


def terms(*clauses: tuple[str, str]) -> str:
    return "# Terms\n\n" + "\n\n".join(f"## {heading}\n\n{body}" for heading, body in clauses)


def history(*texts: str, answers: Answers | None = None) -> list[Version]:
    found = imported(monthly(texts), answers=answers)
    assert found.problems == ()
    return [each.version for each in found.made]


def ids(version: Version) -> list[str]:
    return list(version.by_id)


def changes(version: Version) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {change.clause: (change.kinds, change.was) for change in version.changes}


def test_a_renumbered_and_reworded_clause_is_the_same() -> None:
    one, two = history(
        terms(("1. Data", DATA), ("2. Payment", PAY)), terms(("§ 2 Data", f"{DATA} Now."), ("3) Payment", PAY))
    )
    assert ids(one) == ids(two) == ["data", "payment"]
    assert changes(two) == {"data": (("modified", "retitled"), ()), "payment": (("retitled",), ())}


@pytest.mark.parametrize(
    ("number", "title"),
    [
        ("3. ", "Data"), ("4a. ", "Data"), ("4.1) ", "Data"), ("§ 3 ", "Haftung"), ("Teil 2 – ", "Haftung"),
        ("Section 1.2(b) ", "Fees"), ("Artigo 3 ", "Âmbito"), ("Madde 3 ", "Amaç"), ("第三条 ", "目的"),
        ("第三章", "总则"), ("제3조 ", "목적"), ("المادة 3 ", "الغرض"), ("ข้อ 3 ", "วัตถุประสงค์"),
        ("", "15 years in business"), ("", "30 days to cancel"), ("", "A"),
        ("§ 3", ""),
    ],
)  # fmt: skip
def test_a_number_before_a_heading_is_what_a_redline_takes_for_one(number: str, title: str) -> None:
    assert identity.without_number(f"{number}{title}") == title


def test_a_renamed_and_a_moved_clause_keep_their_ids() -> None:
    _, two = history(
        terms(("Data", DATA), ("Payment", PAY), ("Law", LAW)),
        terms(("Law", LAW), ("What we know", DATA), ("Payment", PAY)),
    )
    assert ids(two) == ["law", "data", "payment"]
    assert changes(two) == {"law": (("moved",), ()), "data": (("retitled",), ())}


def test_a_split_and_a_merge_are_told() -> None:
    joined, apart = (
        terms(("Data", f"{DATA}\n\n{PAY}"), ("Law", LAW)),
        terms(("Data", DATA), ("Payment", PAY), ("Law", LAW)),
    )
    _, split = history(joined, apart)
    assert changes(split) == {
        "data": (("formatted", "split"), ()),
        "payment": (("retitled", "split"), ("data",)),
    }
    _, merged = history(apart, joined)
    assert changes(merged) == {"data": (("merged", "modified"), ("payment",))}


def test_three_pieces_of_a_clause_that_is_gone_are_no_doubt() -> None:
    found = imported(monthly([terms(("All", f"{DATA}\n\n{PAY}\n\n{SHIP}"), ("Law", LAW)),
                              terms(("Data", DATA), ("Payment", PAY), ("Parcels", SHIP), ("Law", LAW))]))  # fmt: skip
    assert found.doubts == ()
    kinds = {change.clause: change.kinds for change in found.made[1].version.changes}
    assert all("split" in each for each in kinds.values())
    assert len(kinds) == 3


def test_repeated_headings_are_told_apart_by_their_bodies() -> None:
    one, two = history(terms(("Scope", DATA), ("Scope", PAY), ("Law", LAW)), terms(("Scope", PAY), ("Law", LAW)))
    assert ids(one) == ["scope", "scope-2", "law"]
    assert ids(two) == ["scope-2", "law"]


def test_what_comes_back_gets_its_id_back() -> None:
    whole = terms(("Data", DATA), ("Payment", PAY))
    versions = history(whole, terms(("Data", DATA)), whole)
    assert [ids(version) for version in versions] == [["data", "payment"], ["data"], ["data", "payment"]]


def test_a_doubt_is_asked_and_every_answer_holds() -> None:
    half = "We collect your name, your address and the items that you look at, and sell them to whoever pays for it."
    texts = [terms(("Data", DATA), ("Law", LAW)), terms(("Sale of data", half), ("Law", LAW))]
    found = imported(monthly(texts))
    [doubt] = found.doubts
    assert (doubt.old, doubt.new, doubt.snapshot) == ("data", "sale-of-data", 1)
    assert 0.45 <= doubt.likeness < 0.65
    assert ids(found.made[1].version) == ["sale-of-data", "law"]
    pair = frozenset({("data", "sale-of-data")})
    same, apart = (
        imported(monthly(texts), answers=Answers(same=pair)),
        imported(monthly(texts), answers=Answers(apart=pair)),
    )
    assert same.doubts == apart.doubts == ()
    assert ids(same.made[1].version) == ["data", "law"]
    assert ids(apart.made[1].version) == ["sale-of-data", "law"]


def test_an_id_that_the_author_gave_wins() -> None:
    one, two = history(terms(("Data {#our-data}", DATA)), terms(("Everything else {#our-data}", LAW)))
    assert ids(one) == ids(two) == ["our-data"]


@pytest.mark.parametrize(
    ("heading", "language", "expected"),
    [
        ("3. Your rights", "en", "your-rights"),
        ("§ 4 Übermäßige Größe", "de", "uebermaessige-groesse"),
        ("Över gränsen", "sv", "over-gransen"),
        ("Section 5.", "en", "section-5"),
        ("What we don’t do & why", "en", "what-we-dont-do-why"),
        ("IV. Law", "en", "law"),
        ("A matter of trust", "en", "a-matter-of-trust"),
        ("第三条 数据", "zh", "shu-ju"),
        ("حقوقك", "ar", "hqwqk"),
        ("2. Ваши права", "ru", "vashi-prava"),
        ("On", "en", "clause-on"),
        ("Preamble", "en", "clause-preamble"),
        ("2-factor login", "en", "clause-2-factor-login"),
        ("Con", "en", "clause-con"),
        ("!?", "en", "clause-7"),
    ],
)
def test_an_id_is_plain_and_stays(heading: str, language: str, expected: str) -> None:
    assert clause_id(heading, 7, (), language) == expected
    assert clause_id(heading, 7, (expected,), language) == f"{expected}-2"


def test_an_id_that_is_only_read_aloud_is_suggested_until_an_editor_says_so() -> None:
    history = [section.reading.sections for section in monthly(["# T\n\n## 数据\n\nx\n\n## Data\n\ny\n"])]
    named, _ = identity.follow(history)
    assert identity.suggested(history, named, Answers()) == (("shu-ju", "数据"),)
    said = Answers(ids=frozenset({("shu-ju", "your-data")}))
    named, _ = identity.follow(history, said)
    assert named[0].ids == ("your-data", "data")
    assert identity.suggested(history, named, said) == ()


def test_what_stays_as_it_was_is_compared_with_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all headings are alike but for their numbers, and one is put in before them."""
    articles = [f"This article is the {10**number}th of all that we agreed on, long as it is." for number in range(60)]
    texts = [[LAW, *articles], [LAW, "What came new to us is told in this one, and all others count on.", *articles]]
    rows = [terms(*((f"Article {n}", body) for n, body in enumerate(text))) for text in texts]
    asked: list[object] = []
    likeness = identity.likeness
    monkeypatch.setattr(identity, "likeness", lambda *pair: (asked.append(pair), likeness(*pair))[1])
    named, _ = identity.follow([each.reading.sections for each in monthly(rows)])
    assert named[1].ids[2:] == named[0].ids[1:]
    assert len(asked) < len(articles)
