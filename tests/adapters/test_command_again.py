"""`inforce release --again`: a stale release, and releases made in parallel, in real git repositories."""

from __future__ import annotations

import pytest

from adapters.commands import CALL, MORE, Terminal, announced, committed, released, terminal
from adapters.repositories import TestRepository
from inforce import project as sources
from inforce.ledger import entries as ledger

V10, V11, V20, V21 = (f"versions/privacy/{number}.md" for number in ("1.0", "1.1", "2.0", "2.1"))
MATERIAL = ("--severity", "cookies=material", "--note", "cookies=One more cookie.", "--waive-notice", "A test.")
LIVE = "policy/privacy/contact.md"


def sound(project: Terminal) -> tuple[str, ...]:
    """The numbers of the project's versions in the order of the chain; nothing may be wrong with it."""
    found = sources.read(project.files())
    assert found.errors == ()
    policy = found.policy("privacy")
    assert policy is not None
    return tuple(version.number for version in policy.ledger.versions)


@pytest.fixture
def parallel(tmp_path) -> tuple[Terminal, TestRepository]:
    """1.0 is published; 1.1 on the branch `contact` and 2.0 on the branch `cookies` both follow it."""
    project = released(tmp_path)
    repository = committed(project, "Release 1.0")
    repository.git("branch", "published")
    for branch, clause, text, options in (
        ("contact", "contact", CALL, ("--severity", "contact=editorial", "--note", "contact=Call us.")),
        ("cookies", "cookies", MORE, MATERIAL),
    ):
        repository.branch(branch, "published")
        project.wait(hours=1)
        project.edit(clause, text)
        project.release(*options)
        repository.commit({}, f"Release from {branch}")
    repository.checkout("main")
    return project, repository


def test_a_stale_release_is_dated_anew(tmp_path):
    project = announced(tmp_path)
    repository = committed(project)
    repository.git("branch", "published", "HEAD")
    project.edit("contact", CALL)
    project.wait(days=90)
    project.release("--severity", "contact=editorial", "--note", "contact=Call us.")
    repository.commit({}, "Release 2.1")
    former = ledger.parse(V21, project.files()[V21])
    project.wait(days=3)
    assert "Date it anew: inforce release privacy --again" in project.run("check", status=1).stderr
    project.run("release", "privacy", "--again")
    version = ledger.parse(V21, project.files()[V21])
    assert version.announced == project.now
    assert version.effective == version.announced
    assert (version.previous, version.summary, version.changes) == (former.previous, former.summary, former.changes)
    assert "Nothing is wrong" in project.run("check").stdout


def test_a_day_of_effect_to_come_is_kept(tmp_path):
    project = announced(tmp_path)
    repository = committed(project)
    repository.git("branch", "published", "HEAD")
    repository.git("rm", "-r", "--cached", "--quiet", V20)
    repository.git("commit", "--quiet", "--amend", "--no-edit")
    repository.git("branch", "--force", "published", "HEAD")
    project.wait(days=2)
    project.run("release", "privacy", "--again")
    assert ledger.parse(V20, project.files()[V20]).effective.isoformat() == "2026-05-01T00:00:00+02:00"


def test_the_waiver_and_the_import_are_kept(tmp_path):
    project = terminal(tmp_path)
    project.run(
        *("release", "privacy", "--summary", "As it was.", "--imported-from", "the old site"),
        *("--announced", "2015-08-07", "--effective", "2015-08-09"),
    )
    TestRepository(tmp_path).commit({V10: None}, "Nothing released")
    project.run("release", "privacy", "--summary", "As it was.", "--imported-from", "the old site", "--announced",
                "2015-08-07", "--effective", "2015-08-09")  # fmt: skip
    before = project.files()[V10]
    project.wait(days=9)
    project.run("release", "privacy", "--again")
    assert project.files()[V10] == before


def test_a_published_version_is_never_made_again(tmp_path):
    project = announced(tmp_path)
    committed(project).git("branch", "published")
    [line] = project.refused("release", "privacy", "--again")
    assert line.startswith(f"{V20}: error: 2.0 is published (published), and what is published never changes.")
    [line] = project.refused("release", "privacy", "--again", "1.0")
    assert "1.0 is published" in line


def test_what_git_cannot_tell_is_refused(tmp_path):
    project = announced(tmp_path)
    [line] = project.refused("release", "privacy", "--again")
    assert "Whether 2.0 is published is not known" in line
    committed(project)
    [line] = project.refused("release", "privacy", "--again")
    assert "git branch published COMMIT" in line


def test_what_was_never_committed_is_not_published(tmp_path):
    project = announced(tmp_path)
    repository = TestRepository(tmp_path)
    repository.git("add", "policy", V10)
    repository.git("commit", "--quiet", "--message", "Release 1.0")
    project.run("release", "privacy", "--again", "--effective", "2026-06-01")
    assert ledger.parse(V20, project.files()[V20]).effective.isoformat() == "2026-06-01T00:00:00+02:00"


@pytest.fixture
def stale(tmp_path) -> tuple[Terminal, TestRepository]:
    """1.0 is published; 1.1 and, from the next hour, 2.0 are committed and wait for two days."""
    project = released(tmp_path)
    repository = committed(project, "Release 1.0")
    repository.git("branch", "published")
    project.wait(hours=1)
    project.edit("contact", CALL)
    project.release("--severity", "contact=editorial", "--note", "contact=Call us.")
    project.wait(hours=1)
    project.edit("cookies", MORE)
    options = ("--severity", "cookies=material", "--note", "cookies=One more.", "--effective", "2026-05-01")
    project.run("release", "privacy", "--summary", "More cookies.", *options)
    repository.commit({}, "Release 1.1 and 2.0")
    project.wait(days=2)
    return project, repository


def test_two_stale_releases_in_a_row_are_made_again_from_their_own_texts(stale):
    project, repository = stale
    before = project.files()
    project.edit("contact", "---\nseverity: notice\n---\n## Contact\n\nWork in progress.")
    draft = {path: data for path, data in project.files().items() if path.startswith("policy/")}
    said = project.run("release", "privacy", "--again", "1.1").stdout
    after = project.files()
    assert sound(project) == ("1.0", "1.1", "2.0")
    assert {path: data for path, data in after.items() if path.startswith("policy/")} == draft
    for path in (V11, V20):
        old, new = ledger.parse(path, before[path]), ledger.parse(path, after[path])
        assert new.announced == project.now
        assert (new.clauses, new.changes, new.summary) == (old.clauses, old.changes, old.summary)
    assert ledger.parse(V11, after[V11]).effective == project.now
    assert ledger.parse(V20, after[V20]).effective.isoformat() == "2026-05-01T00:00:00+02:00"
    assert '-m "Release privacy 1.1, 2.0"' in said
    repository.commit({}, "Again")
    assert "error" not in project.run("check").stderr


def test_of_two_in_a_row_one_must_be_named(stale):
    project, _ = stale
    [line] = project.refused("release", "privacy", "--again")
    assert "1.1 and 2.0 are unpublished, one behind the other" in line
    assert "Give --again 1.1 to make all of them again, --again 2.0 for the last alone" in line


def test_a_day_of_a_later_one_that_no_longer_holds_is_mended_first(stale):
    project, _ = stale
    project.wait(days=40)
    [line] = project.refused("release", "privacy", "--again", "1.1")
    assert line.startswith(f"{V20}: error: A material change needs 30 days of notice and would get ")
    assert line.endswith("Mend 2.0 first: inforce release privacy --again 2.0 --effective ….")
    project.run("release", "privacy", "--again", "2.0", "--effective", "2026-08-01")
    project.run("release", "privacy", "--again", "1.1")
    assert sound(project) == ("1.0", "1.1", "2.0")


def test_a_run_is_numbered_anew_where_its_first_is_graded_anew(stale):
    project, _ = stale
    project.run("release", "privacy", "--again", "1.1", "--severity", "contact=material", "--waive-notice", "A test.")
    assert sound(project) == ("1.0", "2.0", "3.0")
    assert V11 not in project.files()


def test_a_run_can_be_tried_first_and_declined(stale):
    project, _ = stale
    before = project.files()
    said = project.run("release", "privacy", "--again", "1.1", "--dry-run").stdout
    assert said.count("would be:") == 2
    assert "Release them? [y/N]" in project.run("release", "privacy", "--again", "1.1", answers="n\n", status=1).stdout
    assert project.files() == before


def test_an_event_within_the_run_stops_it(stale):
    project, _ = stale
    project.run("erratum", "privacy", "2.0", "--note", "Read: three.")
    [line] = project.refused("release", "privacy", "--again", "1.1")
    assert line.startswith(f"{V11}: error: versions/privacy/events/1.yml follows 2.0 in the chain")


def test_a_run_beside_something_else_is_not_put_behind_it_unread(stale):
    project, repository = stale
    repository.branch("beside", "published")
    project.run("erratum", "privacy", "1.0", "--note", "Read: three.")
    repository.commit({}, "Erratum")
    repository.checkout("main")
    repository.merge("beside")
    [line] = project.refused("release", "privacy", "--again", "1.1")
    assert line.startswith(f"{V11}: error: versions/privacy/events/1.yml was made beside it")


def test_two_releases_merged_in_parallel_are_told(parallel):
    project, repository = parallel
    repository.merge("contact")
    repository.merge("cookies")
    said = project.run("check", status=1).stderr
    assert "1.1.md and 2.0.md both follow the same file" in said
    assert "inforce release privacy --again 2.0" in said


def test_the_later_of_two_is_made_again_on_top_of_the_other(parallel):
    project, repository = parallel
    repository.merge("contact")
    repository.git("branch", "--force", "published", "main")
    repository.merge("cookies")
    kept = project.files()[V11]
    project.wait(hours=1)
    project.run("release", "privacy", "--again")
    assert sound(project) == ("1.0", "1.1", "2.0")
    files = project.files()
    assert files[V11] == kept
    version = ledger.parse(V20, files[V20])
    assert version.amends == "1.1"
    assert [(change.clause, change.note) for change in version.changes] == [("cookies", "One more cookie.")]
    assert {b"Call us" in files[V20], b"three" in files[V20]} == {True}
    repository.commit({}, "Made 2.0 again")
    assert "Nothing published was touched" in project.run("verify").stderr


def test_the_number_follows_what_is_kept(parallel):
    project, repository = parallel
    repository.merge("cookies")
    repository.git("branch", "--force", "published", "main")
    repository.merge("contact")
    project.wait(hours=1)
    project.run("release", "privacy", "--again")
    assert sound(project) == ("1.0", "2.0", "2.1")
    assert V11 not in project.files()
    assert ledger.parse(V21, project.files()[V21]).changes[0].note == "Call us."


def test_of_two_unpublished_ones_the_later_must_be_named(parallel):
    project, repository = parallel
    repository.merge("contact")
    repository.merge("cookies")
    [line] = project.refused("release", "privacy", "--again")
    assert "1.1 and 2.0 are both unpublished" in line
    assert "inforce release privacy --again 2.0" in line
    project.wait(hours=1)
    project.run("release", "privacy", "--again", "2.0")
    assert sound(project) == ("1.0", "1.1", "2.0")


def test_one_number_claimed_twice_is_mended_by_taking_either_file(tmp_path):
    project = released(tmp_path)
    repository = committed(project, "Release 1.0")
    repository.git("branch", "published")
    for branch, clause, text in (("contact", "contact", CALL), ("cookies", "cookies", MORE)):
        repository.branch(branch, "published")
        project.wait(hours=1)
        project.edit(clause, text)
        graded = ("--severity", f"{clause}=notice", "--note", f"{clause}=From {branch}.")
        project.release(*graded, "--waive-notice", "A test.")
        repository.commit({}, f"Release from {branch}")
    repository.checkout("main")
    repository.merge("contact")
    with pytest.raises(AssertionError):
        repository.merge("cookies")
    [line] = project.refused("release", "privacy", "--again", "--summary", "Both.")
    assert "Git's conflict marks stand here" in line
    repository.git("checkout", "--quiet", "--ours", "--", V11)
    repository.commit({}, "Merge cookies")
    project.wait(hours=1)
    [line] = project.refused("release", "privacy", "--again", "--summary", "Both.")
    assert "Nobody has said how much the change of `cookies` means" in line
    options = ("--summary", "Both.", "--severity", "cookies=notice", "--note", "cookies=From cookies.")
    project.run("release", "privacy", "--again", *options)
    assert sound(project) == ("1.0", "1.1")
    notes = {change.clause: change.note for change in ledger.parse(V11, project.files()[V11]).changes}
    assert notes == {"contact": "From contact.", "cookies": "From cookies."}
    repository.commit({}, "Made 1.1 again")
    assert "Nothing published was touched" in project.run("verify").stderr


def test_a_file_taken_over_a_published_one_is_brought_back_first(tmp_path):
    project = released(tmp_path)
    repository = committed(project, "Release 1.0")
    project.wait(hours=1)
    project.edit("contact", CALL)
    project.release("--severity", "contact=editorial")
    deployed = repository.commit({}, "Release 1.1")
    ours = project.files()[V11]
    repository.git("checkout", "--quiet", "HEAD~", "--", V10, LIVE)
    (tmp_path / V11).unlink()
    project.edit("cookies", MORE)
    project.edit("contact", "## Contact\n\nWrite to us. See [cookies](#cookies).")
    project.release("--severity", "cookies=editorial", "--editorial-because", "cookies=There were three before.")
    repository.commit({}, "Another 1.1")
    repository.git("branch", "published", deployed)
    assert project.files()[V11] != ours
    [line] = project.refused("release", "privacy", "--again")
    assert "1.1 is published" in line
    said = project.run("verify", status=1).stderr
    assert f"{V11}: error:" in said
    assert "Ada Editor" in said


def test_a_release_beside_an_event_goes_behind_it(parallel):
    project, repository = parallel
    repository.branch("erratum", "published")
    project.wait(hours=1)
    project.run("erratum", "privacy", "1.0", "--note", "Read: two.")
    repository.commit({}, "Erratum")
    repository.merge("contact")
    said = project.run("check", status=1).stderr
    assert "Make the version again: inforce release privacy --again 1.1" in said
    project.wait(hours=1)
    project.run("release", "privacy", "--again")
    assert sound(project) == ("1.0", "1.1")
    assert project.run("verify").stdout.splitlines()[-1].endswith(V11)


def test_making_again_can_be_tried_first(parallel):
    project, repository = parallel
    repository.merge("contact")
    project.wait(hours=1)
    before = project.files()
    said = project.run("release", "privacy", "--again", "--dry-run").stdout
    assert project.files() == before
    assert f"{V11} would be:" in said
