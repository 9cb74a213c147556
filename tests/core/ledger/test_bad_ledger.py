"""A ledger changed behind a release's back, written by hand, or written twice: the place, what is wrong, the cure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from core import builders
from core.builders import Files, assert_told, at
from inforce import project as sources
from inforce.ledger import entries as ledger
from inforce.model import EventKind, Severity
from inforce.release import rules

V10, V11, V20 = (f"versions/privacy/{number}.md" for number in ("1.0", "1.1", "2.0"))


@pytest.fixture(scope="module")
def shipped() -> Files:
    return builders.shipped()


# The ledger: what was published, changed behind the release's back.


def altered(path: str, old: str, new: str) -> Callable[[Files], Files]:
    def alter(files: Files) -> Files:
        assert files[path].count(old.encode()) == 1
        return {**files, path: files[path].replace(old.encode(), new.encode())}

    return alter


def without(path: str) -> Callable[[Files], Files]:
    return lambda files: {name: data for name, data in files.items() if name != path}


LEDGER = {
    "a letter of the text": (
        altered(V10, "ship your order", "skip your order"),
        f"{V11}:12",
        "The file before this one is missing or was changed (most likely versions/privacy/1.0.md)",
        "Bring back the file as it was released",
    ),
    "a letter of the front matter": (
        altered(V11, '"Politer."', '"Polite."'),
        f"{V20}:12",
        "(most likely versions/privacy/1.1.md)",
        "inforce verify names the commit",
    ),
    "a key": (altered(V11, "summary:", "summery:"), f"{V11}:14", "`summery` is not a known key", "mean `summary`"),
    "a quote": (altered(V11, '"1.1"', "'1.1'"), f"{V11}:4", "byte for byte", "Bring back the file"),
    "a trailing blank": (altered(V11, "Write to", " Write to"), f"{V20}:12", "was changed", "Bring back the file"),
    "an empty line": (altered(V11, "\n\n## Contact", "\n\n\n## Contact"), f"{V11}:29", "not laid out", "Bring back"),
    "a heading": (altered(V11, " {#contact}", ""), f"{V11}:29", "no {#id}", "Bring back the file"),
    "a forged heading": (altered(V11, "{#contact}", "{#preamble}"), f"{V11}:29", "no clause can have", "Bring back"),
    "a clause twice": (altered(V11, "{#contact}", "{#purpose}"), V11, "`purpose` stands here twice", "Bring back"),
    "the title": (altered(V11, "# Privacy Policy\n\nT", "# Policy\n\nT"), f"{V11}:21", "begin with the title", "Bring"),
    "all front matter": (
        lambda files: {**files, V11: b"Text.\n"},
        f"{V11}:1",
        "no front matter",
        "Bring back the file",
    ),
    "another format": (altered(V11, 'format: "1"', 'format: "2"'), f"{V11}:2", "Format '2' is not", "Update In Force"),
    "another place": (
        altered(V11, '"privacy"', '"terms"'),
        f"{V11}:3",
        "`document` says 'terms'",
        "Move the file back",
    ),
    "an unknown severity": (
        altered(V11, '\nseverity: "editorial"', '\nseverity: "minor"'),
        f"{V11}:11",
        "`severity` is 'minor'",
        "Bring back the file",
    ),
    "an unknown kind": (altered(V11, '"privacy-policy"', '"foo"'), f"{V11}:7", "`kind` is 'foo'", "Bring"),
    "no language": (altered(V11, 'language: "en"', 'language: "english !"'), f"{V11}:6", "'english !'", "Bring back"),
    "no day of the calendar": (
        altered(V11, 'effective: "2026-02-01', 'effective: "2026-02-30'),
        f"{V11}:10",
        "`effective` is no day of the calendar: '2026-02-30T00:00:00+08:00'",
        "Correct the date",
    ),
    "no offset": (
        altered(V11, 'announced: "2026-02-01T00:00:00+08:00"', 'announced: "2026-02-01T00:00:00"'),
        f"{V11}:9",
        "`announced` has no offset from UTC",
        "Add the offset, for example +08:00",
    ),
    "a bare day": (
        altered(V11, 'announced: "2026-02-01T00:00:00+08:00"', 'announced: "2026-02-01"'),
        f"{V11}:9",
        "not an RFC 3339 instant",
        'Write it as "2027-01-15T00:00:00+08:00"',
    ),
    "a year out of reach": (
        altered(V11, 'announced: "2026', 'announced: "0001'),
        f"{V11}:9",
        "outside the years 1900 to 2999",
        "Correct the date",
    ),
    "a deleted file": (
        without(V11),
        f"{V20}:12",
        "The file before this one is missing or was changed",
        "Bring back the file as it was released",
    ),
    "the first file deleted": (without(V10), f"{V11}:12", "is missing or was changed:", "Bring back the file"),
    "line endings only": (
        lambda files: {**files, V11: files[V11].replace(b"\n", b"\r\n")},
        V11,
        "differs from the released one by line endings",
        "Delete it and run `git checkout -- versions`",
    ),
    "a byte order mark": (
        lambda files: {**files, V20: b"\xef\xbb\xbf" + files[V20]},
        f"{V20}:1",
        "byte for byte",
        "Bri",
    ),
}


@pytest.mark.parametrize("name", LEDGER)
def test_a_ledger_file_that_was_changed(name: str, shipped: Files) -> None:
    alter, place, what, cure = LEDGER[name]
    assert_told(builders.problems(alter(shipped)), place, what, cure)


@pytest.mark.parametrize("path", [V10, V11, V20])
def test_no_byte_of_the_ledger_changes_unnoticed_but_in_its_last_file(path: str, shipped: Files) -> None:
    for place in range(0, len(shipped[path]), 7):
        data = bytearray(shipped[path])
        data[place] ^= 1
        files = {**shipped, path: bytes(data)}
        if path != V20:
            assert sources.read(files).errors
        else:  # whether the end of the chain was touched is for git to say; its digest tells at any rate
            assert builders.problems(files) or builders.ledger_of(files).head != builders.ledger_of(shipped).head


# A version written by hand, or two by two people.


def remade(files: Files, former: str, **values: object) -> Files:
    """The project with its last version composed anew from other values."""
    last = builders.ledger_of(files).by_number[former]
    made = replace(last, **values)  # type: ignore[arg-type]
    return {**{p: d for p, d in files.items() if p != last.path}, made.path: ledger.compose(made)}


@pytest.mark.parametrize(
    ("values", "place", "what"),
    [
        (
            {"effective": at("2026-02-27")},
            f"{V20}:10",
            "It takes effect (2026-02-27) before it is announced (2026-03-01)",
        ),
        (
            {"announced": at("2026-01-31"), "effective": at("2026-01-31")},
            f"{V20}:10",
            "It takes effect before 1.1 does (2026-02-01)",
        ),
        (
            {"announced": at("2026-01-31")},
            f"{V20}:9",
            "It is announced (2026-01-31) before versions/privacy/1.1.md is",
        ),
        (
            {"number": "1.2"},
            "versions/privacy/1.2.md:4",
            "disagrees with its severity: with severity material it is 2.0",
        ),
        ({"number": "2.1"}, "versions/privacy/2.1.md:4", "with severity material it is 2.0"),
        (
            {"severity": Severity.NOTICE, "number": "1.2"},
            "versions/privacy/1.2.md:11",
            "not the highest of its changes",
        ),
        ({"amends": "1.0"}, f"{V20}:13", "It amends 1.0, the last standing version before it is 1.1"),
        ({"amends": None}, V20, "It amends nothing, the last standing version before it is 1.1"),
        ({"summary": ""}, f"{V20}:14", "The version has no summary"),
        (
            {"changes": (builders.change("purpose", "modified", severity=Severity.MATERIAL),)},
            f"{V20}:15",
            "The material change of `purpose` has no note",
        ),
        ({"changes": ()}, V20, "`changes` do not say what changed against 1.1 (purpose)"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_a_version_that_no_release_made(values: Mapping[str, object], place: str, what: str, shipped: Files) -> None:
    assert_told(builders.problems(remade(shipped, "2.0", **values)), place, what, "inforce release privacy --again")


def test_kinds_that_are_not_true_are_told_while_the_version_is_unpublished(shipped: Files) -> None:
    wrong = replace(builders.change("purpose", "formatted", severity=Severity.MATERIAL), note="We sell addresses.")
    files = remade(shipped, "2.0", changes=(wrong,))
    assert builders.problems(files) == ()
    policy = sources.read(files).policies[0]
    assert_told(tuple(rules.of_coming(policy, {V10, V11}, at("2026-03-01"))), f"{V20}:15", "(purpose)", "--again")
    assert list(rules.of_coming(policy, {V10, V11, V20}, at("2026-03-01"))) == []


def test_a_version_that_changes_nothing(shipped: Files) -> None:
    last = builders.ledger_of(shipped).by_number["2.0"]
    values = {"number": "2.1", "previous": last.digest, "amends": "2.0", "severity": Severity.EDITORIAL, "changes": ()}
    made = replace(last, **values)
    problems = builders.problems({**shipped, made.path: ledger.compose(made)})
    assert_told(problems, f"{made.path}:4", "The text is that of 2.0", "Delete it, if it is unpublished")


def test_numbers_beyond_nine_stand_in_the_order_of_the_chain() -> None:
    files = builders.released(builders.policy(), "2026-01-01", summary="One.")
    for minor in range(1, 12):
        files = builders.edited(files, "contact", f"## Contact\n\nBox {minor}.", because="The same office.")
        files = builders.released(files, f"2026-01-{minor + 1:02}", summary=f"Box {minor}.")
    read = sources.read(files)
    assert read.problems == ()
    numbers = [version.number for version in read.policies[0].ledger.versions]
    assert numbers == ["1.0", *(f"1.{minor}" for minor in range(1, 12))]
    assert read.policies[0].ledger.sequence["1.10"] == 11
    assert read.policies[0].ledger.sequence["1.1"] == 2


def test_two_releases_in_parallel_are_told_and_how_to_mend_them(shipped: Files) -> None:
    fork = builders.edited(shipped, "contact", "## Contact\n\nBox 9.", "notice")
    fork = builders.released(fork, "2026-03-02", summary="Moved.", effective=at("2026-04-01"))
    other = builders.edited(shipped, "contact", "## Contact\n\nBox 7.", "material", "Moved far.")
    other = builders.released(other, "2026-03-02", summary="Moved.", effective=at("2026-05-01"))
    problems = builders.problems({**fork, **other})
    assert_told(
        problems,
        "versions/privacy/3.0.md",
        "2.1.md and 3.0.md both follow the same file",
        "inforce release privacy --again 3.0",
    )


def test_two_first_versions(shipped: Files) -> None:
    again = builders.version([builders.clause("contact")], number="3.0")
    problems = builders.problems({**shipped, again.path: ledger.compose(again)})
    assert_told(problems, again.path, "both claim to be the first", "--again")


EVENTS = [
    (
        EventKind.WITHDRAW,
        "2026-04-01",
        {"version": "2.0"},
        "a version that was in force is never withdrawn",
        "restores the older text",
    ),
    (
        EventKind.WITHDRAW,
        "2026-03-02",
        {"version": "1.1"},
        "1.1 is not the last standing version",
        "restores the older",
    ),
    (EventKind.WITHDRAW, "2026-03-02", {"version": "9.0"}, "There is no version 9.0", "The versions are 1.0, 1.1, 2.0"),
    (
        EventKind.ERRATUM,
        "2026-03-02",
        {"version": "2.0", "clause": "x"},
        "2.0 has no clause `x`",
        "Its clauses: preamble",
    ),
    (EventKind.ERRATUM, "2026-02-02", {"version": "2.0"}, "before versions/privacy/2.0.md (2026-03-01", "again"),
]


@pytest.mark.parametrize(("kind", "day", "words", "what", "cure"), EVENTS, ids=lambda value: str(value)[:30])
def test_an_event_that_cannot_be(
    kind: EventKind, day: str, words: dict[str, str], what: str, cure: str, shipped: Files
) -> None:
    problems = builders.problems(builders.happened(shipped, kind, day, **words))
    assert any(
        re.fullmatch(r"versions/privacy/events/1\.yml(:\d+)?", p.place) and what in p.what and cure in p.cure
        for p in problems
    ), [str(problem) for problem in problems]


def test_a_withdrawal_of_the_only_version_twice() -> None:
    files = builders.released(builders.policy(), "2026-01-01", summary="One.", effective=at("2026-02-01"))
    for _ in range(2):
        files = builders.happened(files, EventKind.WITHDRAW, "2026-01-02", version="1.0")
    assert_told(builders.problems(files), "versions/privacy/events/2.yml", "1.0 is withdrawn already", "Delete it")


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("withdraw", "revoke", 1, "`event` is 'revoke'"),
        ("2026-03-02T", "2026-13-02T", 2, "no day of the calendar"),
        ("reason:", "because:", 5, "`because` is not a known key"),
        ('"2.0"', "2.0", 4, "byte for byte"),
        ('version: "2.0"', 'version: "2.0"\nclause: "contact"', 5, "`clause` is not a known key"),
    ],
)
def test_an_event_file_written_by_hand(old: str, new: str, line: int, what: str, shipped: Files) -> None:
    files = builders.happened(shipped, EventKind.WITHDRAW, "2026-03-02", version="2.0")
    path = "versions/privacy/events/1.yml"
    problems = builders.problems({**files, path: files[path].replace(old.encode(), new.encode())})
    assert [problem.place for problem in problems if what in problem.what] == [f"{path}:{line}"]
