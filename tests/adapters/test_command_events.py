"""`inforce withdraw`, `erratum` and `retire`."""

from __future__ import annotations

import unicodedata

import pytest

from adapters.commands import CALL, Terminal, announced, committed, released, terminal
from adapters.projects import write_policy
from inforce.ledger import entries as ledger
from inforce.model import EventKind

FIRST, SECOND = (f"versions/privacy/events/{n}.yml" for n in (1, 2))


@pytest.fixture
def project(tmp_path) -> Terminal:
    found = announced(tmp_path)
    found.wait(days=2)
    return found


def test_an_announced_version_is_withdrawn(project):
    said = project.run("withdraw", "privacy", "--reason", "Too early.").stdout
    event = ledger.parse_event(FIRST, project.files()[FIRST])
    assert (event.kind, event.version, event.reason) == (EventKind.WITHDRAW, "2.0", "Too early.")
    assert event.at.isoformat() == "2026-03-04T11:00:00+01:00"
    assert said.startswith("Withdrew privacy 2.0; it will not take effect.\nIn force stays 1.0.\n")
    assert "Next      nothing announced" in project.run("status").stdout
    assert project.json("check", status=0)["problems"] == []


def test_a_version_in_force_is_never_withdrawn(project):
    project.wait(days=60)
    [line] = project.refused("withdraw", "privacy", "2.0", "--reason", "Too late.")
    assert "2.0 took effect on 2026-05-01 00:00" in line
    assert "inforce draft privacy --from 1.0" in line


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("withdraw", "privacy", "1.0", "--reason", "R."), "1.0 is not the last standing version"),
        (("withdraw", "privacy", "3.0", "--reason", "R."), "There is no version 3.0. The versions are 1.0, 2.0."),
        (("withdraw", "privacy", "--reason", "  "), "The reason is empty"),
        (("withdraw", "privcy", "--reason", "R."), "Did you mean `privacy`?"),
        (("erratum", "privacy", "1.1", "--note", "N."), "There is no version 1.1"),
        (("erratum", "privacy", "1.0", "--clause", "cookie", "--note", "N."), "Did you mean `cookies`?"),
        (("erratum", "privacy", "1.0", "--clause", "xyz", "--note", "N."), "Its clauses: preamble, cookies, contact"),
        (("erratum", "privacy", "1.0", "--note", " "), "The note is empty"),
        (("retire", "privacy", "--effective", "2026-06-30", "--reason", ""), "The reason is empty"),
    ],
)
def test_what_cannot_happen(project, arguments, told):
    [line] = project.refused(*arguments)
    assert told in line


def test_an_erratum_is_a_note_beside_a_clause(project):
    project.run("erratum", "privacy", "1.0", "--clause", "cookies", "--note", "Read:\n two cookies.")
    event = ledger.parse_event(FIRST, project.files()[FIRST])
    assert (event.kind, event.version, event.clause) == (EventKind.ERRATUM, "1.0", "cookies")
    assert event.reason == "Read: two cookies."
    project.run("erratum", "privacy", "2.0", "--note", "And another.")
    assert ledger.parse_event(SECOND, project.files()[SECOND]).previous == event.digest


AT_ONCE = ("--effective", "today", "--waive-notice", "The shop burnt down.")


def test_a_retired_policy_has_nothing_in_force_and_no_future(project):
    said = project.run("retire", "privacy", "--reason", "The shop closed.", *AT_ONCE).stdout
    assert "Retired privacy as of 2026-03-04 11:00 (Europe/Berlin)." in said
    assert "2.0, announced for 2026-05-01, will not take effect." in said
    event = ledger.parse_event(FIRST, project.files()[FIRST])
    assert (event.effective, event.notice_waived) == (None, "The shop burnt down.")
    assert "nothing: retired on 2026-03-04 11:00" in project.run("status").stdout
    assert project.json("status")["documents"][0]["in_force"] is None
    for arguments in (
        ("retire", "privacy", "--reason", "R.", *AT_ONCE),
        ("retire", "privacy", "--withdraw", "--reason", "R."),
        ("withdraw", "privacy", "--reason", "R."),
    ):
        [line] = project.refused(*arguments)
        assert "The policy is retired" in line
    [line] = project.refused("release", "privacy", "--effective", "today")
    assert "privacy was retired" in line
    project.run("erratum", "privacy", "1.0", "--note", "Still possible.")


def test_an_end_is_announced_like_a_material_change_and_taken_back_before_its_day(project):
    ends = ("retire", "privacy", "--reason", "New terms.")
    [line] = project.refused(*ends)
    assert "No day is given on which it ends. Give --effective; 2026-04-03 is the earliest possible day" in line
    [line] = project.refused(*ends, "--effective", "2026-04-02")
    assert "The end of a policy needs 30 days of notice and would get 29. Choose 2026-04-03 or later" in line
    [line] = project.refused(*ends, "--effective", "2026-03-03")
    assert "It ends before that is announced" in line
    said = project.run(*ends, "--effective", "2026-04-10").stdout
    assert "Announced that privacy ends on 2026-04-10 (Europe/Berlin)." in said
    assert "2.0, announced for 2026-05-01, will not take effect." in said
    assert ledger.parse_event(FIRST, project.files()[FIRST]).effective.isoformat() == "2026-04-10T00:00:00+02:00"
    status = project.run("status").stdout
    assert "In force  1.0, since" in status
    assert "Next      ends on 2026-04-10" in status
    assert "until the policy ends on 2026-04-10" in project.run("show", "privacy").stdout
    [line] = project.refused(*ends, "--effective", "2026-06-10")
    assert "It ends on 2026-04-10 00:00+02:00 already. Withdraw that first: inforce retire privacy --withdraw" in line
    project.edit("contact", CALL)
    words = ("--summary", "S.", "--severity", "contact=notice", "--note", "contact=N.")
    lines = project.refused("release", "privacy", *words, "--effective", "2026-05-01")
    assert any("The policy ends on 2026-04-10, before it would take effect" in line for line in lines)
    project.run("retire", "privacy", "--withdraw", "--reason", "We stay.")
    assert "2.0 (material) takes effect on 2026-05-01" in project.run("status").stdout
    [line] = project.refused("retire", "privacy", "--withdraw", "--reason", "R.")
    assert "No retirement is announced" in line
    project.run("release", "privacy", *words, "--effective", "2026-05-01")


def test_what_takes_its_place_is_published(project):
    words = ("retire", "privacy", "--effective", "2026-06-30", "--reason", "R.", "--replaced-by")
    [line] = project.refused(*words, "privcy")
    assert "It is said to be replaced by `privcy`, of which nothing is published. Did you mean `privacy`?" in line
    [line] = project.refused(*words, "privacy")
    assert "replaced by itself" in line


def test_what_takes_its_place_goes_on_when_it_ends(project):
    """Whichever of the two ends is said last is refused, and so is each in the place of the other."""
    write_policy(project.root, document="terms")
    project.run("release", "terms", "--summary", "The first one.", "--effective", "today")

    def retire(document: str, day: str, *successor: str) -> tuple[str, ...]:
        return ("retire", document, "--effective", day, "--reason", "R.", *successor)

    project.run(*retire("terms", "2026-06-30"))
    for day in ("2026-06-30", "2026-07-01"):
        [line] = project.refused(*retire("privacy", day, "--replaced-by", "terms"))
        assert f"It ends on {day} and is said to be replaced by `terms`, which ends on 2026-06-30" in line
    project.run(*retire("privacy", "2026-06-29", "--replaced-by", "terms"))
    project.run("retire", "terms", "--withdraw", "--reason", "R.")
    for successor in ((), ("--replaced-by", "privacy")):
        line, *_ = project.refused(*retire("terms", "2026-06-29", *successor))
        assert "ends on 2026-06-29. Name a policy that goes on" in line
    project.run(*retire("terms", "2026-06-30"))


def test_an_end_that_is_published_too_late_is_an_error(tmp_path):
    project = announced(tmp_path)
    committed(project).git("branch", "published")
    project.wait(days=2)
    project.run("retire", "privacy", "--effective", "2026-04-03", "--reason", "R.")
    assert "Nothing is wrong" in project.run("check").stdout
    project.wait(days=1)
    assert "The end of a policy needs 30 days" in project.run("check", status=1).stderr
    project.wait(days=90)
    assert "It ends before that is announced" in project.run("check", status=1).stderr


def test_what_is_missing_is_asked_for_and_what_cannot_be_undone_is_told(project):
    said = project.run("erratum", "privacy", "1.0", answers="Read: two.\ny\n").stdout
    assert "A note cannot be taken back: it stands beside the text for ever" in said
    said = project.run("withdraw", "privacy", answers="Too early.\ny\n").stdout
    assert "A withdrawal cannot be taken back: privacy 2.0 keeps its address" in said
    said = project.run("retire", "privacy", answers="\nWe close.\ny\n").stdout
    assert "Ends on [2026-04-03]" in said
    assert "privacy ends on 2026-04-03. From then on it cannot be taken back" in said
    files = project.files()
    assert (
        "Nothing was written."
        in project.run("retire", "privacy", "--withdraw", answers="We stay.\nn\n", status=1).output
    )
    assert project.files() == files
    project.run("retire", "privacy", "--withdraw", "--reason", "R.", "--yes", answers="")


def test_nothing_is_asked_where_nothing_can_happen(project):
    assert "no version 3.0" in project.run("withdraw", "privacy", "3.0", answers="", status=1).stderr


def test_a_script_that_says_no_reason_is_told_the_option(project):
    for words, option in ((("withdraw", "privacy"), "--reason"), (("erratum", "privacy", "1.0"), "--note")):
        assert f"Missing option '{option}'" in project.run(*words, status=2).stderr


def test_a_policy_that_was_never_released_cannot_be_retired(tmp_path):
    [line] = terminal(tmp_path).refused("retire", "privacy", "--reason", "R.", *AT_ONCE)
    assert "nothing to retire" in line


def test_a_clock_that_is_behind_is_noticed(project):
    project.wait(days=-30)
    [line] = project.refused("erratum", "privacy", "1.0", "--note", "N.")
    assert "before versions/privacy/2.0.md" in line
    assert "Set the clock" in line


def test_a_withdrawal_that_would_be_published_too_late_is_an_error(tmp_path):
    project = announced(tmp_path)
    committed(project).git("branch", "published")
    project.wait(days=2)
    project.run("withdraw", "privacy", "--reason", "Too early.")
    assert "Nothing is wrong" in project.run("check").stdout
    project.wait(days=90)
    assert "2.0 took effect on 2026-05-01 00:00" in project.run("check", status=1).stderr


def test_a_withdrawal_needs_something_to_withdraw(tmp_path):
    project = released(tmp_path)
    project.edit("cookies", "## Cookies\n\nOther.")
    project.run("release", "privacy", "--summary", "S.", "--severity", "cookies=notice", "--effective", "2026-03-20")
    project.run("withdraw", "privacy", "1.1", "--reason", "R.")
    [line] = project.refused("withdraw", "privacy", "1.1", "--reason", "R.")
    assert "1.1 is withdrawn already" in line


def test_what_a_mac_types_is_written_in_one_form(tmp_path):
    project = announced(tmp_path)
    project.run("withdraw", "privacy", "--reason", unicodedata.normalize("NFD", "Verfrüht\x0bgeändert."))
    assert 'reason: "Verfrüht geändert."' in project.files()["versions/privacy/events/1.yml"].decode()
