"""`inforce release`: what it writes, what it asks, what it refuses."""

from __future__ import annotations

import shlex

import pytest

from adapters.commands import CALL, MORE, Terminal, announced, committed, released, terminal
from inforce import model
from inforce.ledger import entries as ledger

V10, V11, V20 = (f"versions/privacy/{number}.md" for number in ("1.0", "1.1", "2.0"))
NOTED = f'---\nowner: "Ada"\nseverity: "editorial"\nnote: "Call instead."\n---\n{CALL}'


@pytest.fixture
def fresh(tmp_path) -> Terminal:
    return terminal(tmp_path)


@pytest.fixture
def project(tmp_path) -> Terminal:
    found = released(tmp_path)
    found.wait(days=1)
    return found


def test_a_release_writes_the_version_and_takes_the_notes_out(project):
    project.edit("contact", NOTED)
    (project.root / "policy/privacy/next.yml").write_text('summary: "You can call us."\n')
    said = project.run("release", "privacy", "--effective", "today").stdout
    files = project.files()
    version = ledger.parse(V11, files[V11])
    assert (version.summary, version.changes[0].note) == ("You can call us.", "Call instead.")
    assert version.effective.isoformat() == "2026-03-03T10:00:00+01:00"
    assert files["policy/privacy/contact.md"].decode() == f'---\nowner: "Ada"\n---\n{CALL}\n'
    assert "policy/privacy/next.yml" not in files
    assert "Released privacy 1.1 (editorial); in force since 2026-03-03 10:00 (Europe/Berlin)." in said
    assert f"SHA-256 {model.hexadecimal(version.digest)}" in said
    assert "Publish it by 2026-03-04 10:00" in said


def test_everything_that_is_missing_is_said_at_once(project):
    project.edit("contact", CALL)
    project.edit("cookies", f'---\nseverity: "material"\n---\n{MORE}')
    cookies, contact, summary, effective = project.refused("release", "privacy")
    assert cookies.startswith("policy/privacy/cookies.md:1: error: The material change of `cookies` has no note")
    assert contact.startswith("policy/privacy/contact.md:1: error: Nobody has said how much the change of `contact`")
    assert "next.yml" in summary
    assert "no summary" in summary
    assert "No day of effect is given. Give --effective; 2026-04-02 is the earliest possible day." in effective


def test_an_unchanged_text_is_the_only_thing_said(project):
    [line] = project.refused("release", "privacy")
    assert "The text is that of 1.0." in line


def test_the_notice_period_is_kept_to_the_day(project):
    project.edit("cookies", MORE)
    material = (
        "release",
        "privacy",
        "--summary",
        "S.",
        "--severity",
        "cookies=material",
        "--note",
        "cookies=One more.",
    )
    [line] = project.refused(*material, "--effective", "2026-04-01")
    assert "needs 30 days of notice and would get 29. Choose 2026-04-02 or later" in line
    project.run(*material, "--effective", "2026-04-02")
    assert ledger.parse(V20, project.files()[V20]).effective.isoformat() == "2026-04-02T00:00:00+02:00"


def test_a_waived_notice_states_its_reason(project):
    project.edit("cookies", MORE)
    options = ("--severity", "cookies=notice", "--waive-notice", "A court ordered it.")
    project.release(*options)
    assert ledger.parse(V11, project.files()[V11]).notice_waived == "A court ordered it."


def test_an_import_looks_back(fresh):
    fresh.run(
        *("release", "privacy", "--summary", "As it was.", "--imported-from", "the old site"),
        *("--announced", "2015-08-07", "--effective", "2015-08-07"),
    )
    version = ledger.parse(V10, fresh.files()[V10])
    assert version.announced.isoformat() == version.effective.isoformat() == "2015-08-07T00:00:00+02:00"
    assert version.imported_from == "the old site"


def test_a_dry_run_shows_the_file_and_the_redline_and_writes_nothing(project):
    project.edit("cookies", MORE)
    before = project.files()
    said = project.release("--severity", "cookies=notice", "--waive-notice", "A test.", "--dry-run").stdout
    assert project.files() == before
    assert "[-two-]{+three+} cookies" in said
    assert '\nformat: "1"\ndocument: "privacy"\nversion: "1.1"\n' in said
    assert said.endswith("Call us. See [cookies](#cookies).\n") or said.endswith("See [cookies](#cookies).\n")


def test_the_terminal_is_asked_for_what_is_missing(project):
    project.edit("cookies", MORE)
    answers = "\n".join(
        ("huge", "material", "", "One more cookie.", "", "More cookies.", "2026-03-20", "2026-04-15", "y")
    )
    said = project.run("release", "privacy", answers=answers + "\n").output
    version = ledger.parse(V20, project.files()[V20])
    assert (version.summary, version.changes[0].note) == ("More cookies.", "One more cookie.")
    assert version.effective.isoformat() == "2026-04-15T00:00:00+02:00"
    assert "[-two-]{+three+} cookies" in said
    assert "'huge' is not one of" in said
    assert "The earliest possible day of effect is 2026-04-02 (Europe/Berlin)." in said
    assert "needs 30 days of notice and would get 17" in said


def test_an_editorial_change_is_offered_today_and_needs_no_note(project):
    project.edit("contact", CALL)
    said = project.run("release", "privacy", answers="editorial\n\nOne word.\n\ny\n").output
    version = ledger.parse(V11, project.files()[V11])
    assert (version.changes[0].note, version.effective) == ("", version.announced)
    assert "The earliest possible day of effect is today" in said


def test_what_is_known_is_not_asked(project):
    project.edit("contact", NOTED)
    options = ("--summary", "Call us.", "--effective", "today")
    said = project.run("release", "privacy", *options, answers="y\n").output
    assert "How much" not in said
    assert V11 in project.files()


@pytest.mark.parametrize("answers", ["n\n", ""])
def test_whoever_does_not_agree_releases_nothing(project, answers):
    project.edit("contact", NOTED)
    before = project.files()
    project.run("release", "privacy", "--summary", "S.", "--effective", "today", answers=answers, status=1)
    assert project.files() == before


def test_yes_asks_nothing(project):
    project.edit("contact", NOTED)
    project.run("release", "privacy", "--summary", "S.", "--effective", "today", "--yes", answers="")
    assert V11 in project.files()


def test_an_unchanged_text_asks_nothing_either(project):
    said = project.run("release", "privacy", answers="", status=1).output
    assert said.splitlines() == [
        "policy/privacy/: error: The text is that of 1.0. Change a clause first; there is nothing to release."
    ]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--severity", "cookie=editorial"), "Did you mean `cookies`?"),
        (("--note", "contact=Nothing changes here."), "there is no change of it"),
        (("--effective", "2026-02-01"), "before it is announced"),
        (("--announced", "2026-01-01"), "Only an import looks back"),
    ],
)
def test_a_wish_that_cannot_be(project, options, told):
    project.edit("cookies", MORE)
    graded = () if "--severity" in options else ("--severity", "cookies=editorial")
    given = () if "--effective" in options else ("--effective", "today")
    lines = project.refused("release", "privacy", "--summary", "S.", *graded, *given, *options)
    assert any(told in line for line in lines), lines


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--effective", "2026-02-30"), "'2026-02-30' is no day of the calendar"),
        (("--effective", "2026-02-30T00:00:00Z"), "is no day of the calendar"),
        (("--effective", "2026-03-04T00:00:00"), "has no offset from UTC"),
        (("--effective", "tomorrow"), "Write it as 2027-01-15, today, or"),
        (("--severity", "cookies"), "is not of the form CLAUSE=LEVEL"),
        (("--severity", "cookies=huge"), "Write editorial, notice, material"),
        (("--again", "privacy"), "'privacy' is not a version number"),
    ],
)
def test_wrong_usage_ends_with_2(project, options, told):
    result = project.run("release", "privacy", *options, status=2)
    assert told in result.stderr


def test_an_instant_with_its_offset_is_taken_as_it_is(project):
    project.edit("contact", NOTED)
    options = ("--summary", "S.", "--effective", "2026-03-10T12:30:00+08:00")
    project.run("release", "privacy", *options)
    assert ledger.parse(V11, project.files()[V11]).effective.isoformat() == "2026-03-10T12:30:00+08:00"


def test_a_misspelt_policy(project):
    [line] = project.refused("release", "privcy", "--effective", "today")
    assert line == "policy/: error: There is no policy `privcy`. Did you mean `privacy`?"


def test_a_draft_with_an_error_is_not_released(project):
    project.edit("cookies", "# Cookies\n\nNo clause heading.")
    lines = project.refused("release", "privacy", "--effective", "today")
    assert lines
    assert all(line.startswith("policy/privacy/cookies.md:1: error:") for line in lines)


def test_what_cannot_be_written_leaves_everything_as_it_was(project):
    project.edit("contact", NOTED)
    (project.root / "versions" / "privacy" / "1.1.md").mkdir()
    before = project.files()
    result = project.run("release", "privacy", "--summary", "S.", "--effective", "today", status=1)
    assert result.stderr.startswith("versions/privacy/1.1.md: error: The file cannot be written")
    assert project.files() == before


def test_before_an_announced_version_takes_effect_the_next_one_cannot(tmp_path):
    project = announced(tmp_path)
    project.edit("contact", NOTED)
    [line] = project.refused("release", "privacy", "--summary", "S.", "--effective", "today")
    assert "before 2.0 does (2026-05-01)" in line


def test_whoever_breaks_off_gets_the_answers_back(project):
    project.edit("contact", CALL)
    project.edit("cookies", MORE)
    said = project.run("release", "privacy", answers="editorial\nYou can call.\n", status=1)
    assert said.stderr.splitlines()[1:] == [
        "Nothing was written. To go on from here:",
        "  inforce release privacy --severity cookies=editorial --note 'cookies=You can call.'",
        "Aborted!",
    ]


def test_whoever_declines_gets_the_answers_back(project):
    before = project.files()
    project.edit("contact", CALL)
    edited = project.files()
    answers = "notice\nYou can call.\nYou can call us.\n\nn\n"
    said = project.run("release", "privacy", answers=answers, status=1).stderr
    assert project.files() == edited
    line = next(line for line in said.splitlines() if line.startswith("  inforce "))
    project.run(*shlex.split(line)[1:], "--yes")
    assert set(project.files()) - set(before) == {V11}
    version = ledger.parse(V11, project.files()[V11])
    assert (version.summary, version.changes[0].note) == ("You can call us.", "You can call.")
    assert version.effective.isoformat() == "2026-03-10T00:00:00+01:00"


def test_whoever_is_refused_after_answering_gets_the_answers_back(project):
    project.edit("contact", CALL)
    answers = "editorial\n\nYou can call us.\ntoday\n"
    said = project.run("release", "privacy", "--severity", "contat=editorial", answers=answers, status=1).stderr
    assert "--summary 'You can call us.' --effective today" in said
    assert "Did you mean `contact`?" in said


def test_a_clause_gone_and_a_clause_new_are_asked_about(project):
    project.edit("phone", CALL)
    (project.root / "policy/privacy/contact.md").unlink()
    listing = project.root / "policy/privacy/policy.yml"
    listing.write_text(listing.read_text().replace('"contact"', '"phone"'))
    hint = 'note: contact is gone, phone new. If one became the other, say so above the new one: was: ["contact"].'
    assert hint in project.run("redline", "privacy").stderr
    assert hint in project.run("release", "privacy", answers="", status=1).stderr


def test_a_change_hardly_editorial_is_refused_with_its_words(project):
    project.edit("cookies", MORE)
    options = ("--severity", "cookies=editorial", "--summary", "Cookies.", "--effective", "today")
    [line] = project.refused("release", "privacy", *options)
    assert "`cookies` is called editorial, but touches a number or an amount (“two” becomes “three”)" in line
    assert 'Grade it "notice" or "material", or say why its meaning stays' in line


def test_a_reason_given_as_an_option_stands_in_the_version_and_on_the_pages(project):
    project.edit("cookies", MORE)
    project.release("--severity", "cookies=editorial", "--editorial-because", "cookies=We had miscounted.")
    text = project.files()[V11].decode()
    assert '    severity: "editorial"\n    editorial_because: "We had miscounted."\n    kinds: ["modified"]\n' in text
    assert "Editorial because: We had miscounted." in project.run("redline", "privacy", "1.0", "1.1").stdout


def test_the_terminal_is_asked_why_or_how_much_then(project):
    project.edit("cookies", MORE)
    said = project.run("release", "privacy", answers="editorial\n\nWe had miscounted.\nCookies.\n\ny\n").output
    assert "An editorial change leaves the meaning alone, and this one touches\n  a number or an amount" in said
    assert ledger.parse(V11, project.files()[V11]).changes[0].because == "We had miscounted."


def test_the_terminal_lets_an_editor_think_again(project):
    project.edit("cookies", f'---\nseverity: "editorial"\n---\n{MORE}')
    answers = "\n".join(("", "material", "One more cookie.", "More cookies.", "2026-04-15", "y"))
    said = project.run("release", "privacy", answers=answers + "\n").output
    [change] = ledger.parse(V20, project.files()[V20]).changes
    assert (change.severity, change.note, change.because) == ("material", "One more cookie.", "")
    assert "Released privacy 2.0" in said


def test_a_policy_that_only_warns_is_warned(project):
    settings = project.root / "policy/privacy/policy.yml"
    settings.write_text(settings.read_text().replace("{changes-told: ", '{not-editorial: "warn", changes-told: '))
    project.edit("cookies", MORE)
    said = project.release("--severity", "cookies=editorial").stderr
    assert "policy/privacy/cookies.md:1: warning (not-editorial): The change of `cookies` is called editorial" in said
    assert V11 in project.files()


def test_some_clauses_are_released_and_the_others_stay_drafted(tmp_path):
    project = released(tmp_path)
    project.edit("cookies", MORE)
    project.edit("contact", CALL)
    said = project.release("--only", "contact", "--severity", "contact=notice", "--waive-notice", "Soon.").stdout
    assert "Released privacy 1.1 (notice)" in said
    assert "1 clause changed since 1.1: cookies" in project.run("status").stdout
    assert project.json("check", status=0)["problems"] == []
    [line] = project.refused("release", "privacy", "--summary", "S.", "--effective", "today", "--only", "contact")
    assert "`contact` does not change. Changed are: cookies" in line


def test_until_when_to_accept_and_when_to_ask_again_are_told(fresh):
    settings = fresh.root / "policy/privacy/policy.yml"
    text = settings.read_text().replace('requires: "acknowledge"', 'requires: "accept"\nreconfirm_every: "P1Y6M"')
    settings.write_text(text)
    said = fresh.release("--accept-by", "2026-06-01").stdout
    assert "in force since 2026-03-02 10:00 (Europe/Berlin), to be accepted by 2026-06-01 23:59." in said
    assert 'accept_by: "2026-06-01T23:59:59+02:00"' in fresh.files()[V10].decode()
    shown = fresh.run("status").stdout
    assert (
        "1.0, since 2026-03-02 10:00, to be accepted by 2026-06-01 23:59, asked again after 1 year, 6 months" in shown
    )
    told = fresh.json("status")["documents"][0]["in_force"]
    assert (told["accept_by"], told["reconfirm_every"]) == ("2026-06-01T21:59:59Z", "P1Y6M")
    assert "> - To be accepted by 2026-06-01 23:59" in fresh.run("show", "privacy").stdout


def test_what_was_said_of_a_deadline_is_given_back_as_an_option(fresh):
    options = ("--effective", "today", "--accept-by", "2026-06-01")
    said = fresh.run("release", "privacy", *options, answers="A summary.\nn\n", status=1)
    assert "requires acknowledge" in said.output
    settings = fresh.root / "policy/privacy/policy.yml"
    settings.write_text(settings.read_text().replace("acknowledge", "accept"))
    said = fresh.run("release", "privacy", *options, answers="A summary.\nn\n", status=1)
    assert "--effective today --accept-by 2026-06-01" in said.output
    assert V10 not in fresh.files()


def test_where_something_published_is_missing_nothing_comes_after_it(project):
    """A checkout that is behind, or lost its ledger: the next number may be taken, and the chain goes on elsewhere."""
    repository = committed(project)
    project.edit("contact", CALL)
    release = ("release", "privacy", "--summary", "A summary.", "--effective", "today", "--waive-notice", "A test.")
    material = ("--severity", "contact=material", "--note", "contact=Call us.")
    graded = ("--severity", "contact=notice", "--note", "contact=Call us.")
    repository.git("branch", "behind")
    project.run(*release, *graded)
    repository.commit({}, "Release 1.1")
    repository.git("branch", "published")
    repository.checkout("behind")
    project.edit("contact", CALL)
    retire = ("retire", "privacy", "--reason", "A test.", "--effective", "2027-05-01")
    for words in ((*release, *graded), (*release, *material), retire):
        [line] = project.refused(*words)
        assert line.startswith(
            f"{V11}: error: It is published (published), and not here, so nothing can come after it."
        )
        assert "Run `git merge published`" in line
    repository.git("checkout", "--force", "--quiet", "published")
    for path in (project.root / "versions/privacy").iterdir():
        path.unlink()
    [line] = project.refused(*release)
    assert line.startswith(f"{V10}: error: It is published (published), and not here")
