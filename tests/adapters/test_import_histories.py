"""Histories as they are in repositories: branches that interleave, drafts, a file that another replaced, later days."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from adapters import repositories
from adapters.commands import Terminal
from adapters.repositories import TestRepository
from inforce.adapters.git import file_history

SETTINGS = ("--as", "terms", "--contact", "legal@shop.example")
LAW = "The law of Germany applies to this contract, and the courts of Berlin decide what we cannot settle ourselves."
LISTS = "We sell what is on our list, send it within three days, and take back whatever does not please you."


def text(*sentences: str, title: str = "Terms of use", dated: str = "") -> str:
    return f"# {title}\n\n{dated}\n\n## Sale\n\n{LISTS}\n\n{' '.join(sentences)}\n\n## Law\n\n{LAW}\n\nBerlin.\n"


@pytest.fixture
def website(tmp_path: Path) -> TestRepository:
    repository = TestRepository(tmp_path / "website")
    repository.commit({"terms.md": text()}, "Terms")
    return repository


def later(repository: TestRepository, days: int = 1) -> None:
    repository.commits += 24 * days


def branched(repository: TestRepository) -> None:
    """Two branches whose commits interleave, a squash merge, and a merge commit."""
    repository.branch("one")
    later(repository)
    repository.commit({"terms.md": text("We keep one.")}, "One")
    repository.checkout("main")
    repository.branch("two")
    later(repository)
    repository.commit({"terms.md": text("We keep two.", title="DRAFT of terms")}, "Two")
    repository.checkout("one")
    later(repository)
    repository.commit({"terms.md": text("We keep one and a half.")}, "One more")
    repository.checkout("main")
    repository.merge("one")
    later(repository)
    repository.branch("three")
    repository.commit({"terms.md": text("We keep one and a half.", "Or three.")}, "Three")
    repository.checkout("main")
    repository.git("merge", "--quiet", "--squash", "three")
    later(repository)
    repository.commit({}, "Squashed")
    repository.git("merge", "--quiet", "--strategy=ours", "--message", "Drop two", "two")


def run(found: Terminal, repository: TestRepository, *options: str, **given: object) -> object:
    return found.run("import", "--git", str(repository.root), "terms.md", *SETTINGS, *options, **given)  # type: ignore[arg-type]


def rows(stdout: str) -> list[str]:
    return [row for row in stdout.splitlines() if row.startswith("1.")]


def test_what_merges_made_of_the_branch_is_in_force_and_nothing_else(empty: Terminal, website: TestRepository) -> None:
    branched(website)
    result = run(empty, website, "--yes", "--dry-run")
    first, *table = result.stdout.splitlines()  # type: ignore[attr-defined]
    assert "3 commits of side branches are left out (--all-commits takes all)" in first
    assert [row.split()[1] for row in rows("\n".join(table))] == ["2026-01-01", "2026-01-04", "2026-01-06"]
    assert "DRAFT" not in result.output  # type: ignore[attr-defined]


def test_every_commit_on_request(empty: Terminal, website: TestRepository) -> None:
    branched(website)
    result = run(empty, website, "--all-commits", "--fold", "none", "--dry-run")
    assert "side branches" not in result.stdout  # type: ignore[attr-defined]
    assert len(rows(result.stdout)) > 3  # type: ignore[attr-defined]
    assert "is called a draft (“DRAFT of terms”)" in result.stderr  # type: ignore[attr-defined]


def test_a_draft_is_asked_about_and_the_answer_is_an_option(empty: Terminal, website: TestRepository) -> None:
    later(website)
    draft = website.commit({"terms.md": text("Or not.", title="Draft of terms")}, "Draft")[:9]
    later(website)
    website.commit({"terms.md": text("So it is.")}, "Terms")
    [line] = empty.refused("import", "--git", str(website.root), "terms.md", *SETTINGS)
    assert f"Give --keep {draft} if it was, or --leave-out {draft}" in line
    kept = run(empty, website, "--keep", draft, "--dry-run")
    assert len(rows(kept.stdout)) == 3  # type: ignore[attr-defined]
    assert len(rows(run(empty, website, "--leave-out", draft, "--dry-run").stdout)) == 2  # type: ignore[attr-defined]
    asked = empty.run(
        *("import", "--git", str(website.root), "terms.md", *SETTINGS, "--title", "Terms", "--kind", "policy"),
        *("--requires", "inform", "--language", "en", "--timezone", "UTC", "--notice-days", "30,7,0"),
        answers="maybe\nn\nn\n", status=1,
    )  # fmt: skip
    assert asked.output.count("Was it in force?") == 2  # a wrong answer is asked again at once
    assert f"--leave-out {draft}" in asked.output.splitlines()[-1] or f"--leave-out {draft}" in asked.output


def test_a_text_that_stood_beside_the_one_in_force_is_asked_about(empty: Terminal, website: TestRepository) -> None:
    """It was written under a name of its own, and took the other's place and name later."""
    website.commit({"terms-new.md": text("We may keep three.")}, "Lawyers")
    later(website)
    website.commit({"terms-new.md": text("We may keep four.")}, "More")
    website.git("mv", "terms.md", "terms-2025.md")
    website.commit({}, "Away")
    later(website)
    website.git("mv", "terms-new.md", "terms.md")
    website.commit({}, "Now")
    listed = run(empty, website, "--yes", "--dry-run").stderr  # type: ignore[attr-defined]
    told = [row for row in listed.splitlines() if "stood in terms-new.md, beside terms.md, in whose place" in row]
    assert len(told) == 2
    asked = run(empty, website, "--before", "none", answers="UTC\n\n\n\n\nn\nn\n", status=1)
    assert asked.output.count("Was it in force?") == 2  # type: ignore[attr-defined]
    left = [option for row in told for option in shlex.split(row.split(": ")[1])]
    *_, only = rows(run(empty, website, "--yes", "--dry-run", "--before", "none", *left).stdout)  # type: ignore[attr-defined]
    assert only.startswith("1.1      2026-01-03")


def test_what_stood_in_the_place_while_the_next_text_was_written_beside_it_is_offered(
    empty: Terminal, website: TestRepository
) -> None:
    website.commit({"terms-new.md": text("We may keep three.")}, "Lawyers")
    later(website)
    website.commit({"terms.md": text("We deliver on Sundays.")}, "In force")
    later(website)
    website.commit({"terms.md": None}, "Away")
    website.git("mv", "terms-new.md", "terms.md")
    website.commit({}, "Now")
    listed = run(empty, website, "--yes", "--dry-run").stderr  # type: ignore[attr-defined]
    [name] = [shlex.split(row)[-1] for row in listed.splitlines() if "2026 stand in terms.md: add them" in row]
    made = run(empty, website, "--yes", "--dry-run", "--before", name)
    assert "In force" in "".join(rows(made.stdout))  # type: ignore[attr-defined]


def test_a_text_that_returns_is_asked_about_by_what_stood_between(empty: Terminal, website: TestRepository) -> None:
    later(website)
    slip = website.commit({"terms.md": text("We sell your data.")}, "Oops")[:9]
    later(website)
    website.commit({"terms.md": text()}, "Revert")
    [line] = empty.refused("import", "--git", str(website.root), "terms.md", *SETTINGS)
    assert f"or --leave-out {slip}" in line
    assert len(rows(run(empty, website, "--leave-out", slip, "--dry-run").stdout)) == 1  # type: ignore[attr-defined]
    assert len(rows(run(empty, website, "--yes", "--dry-run").stdout)) == 3  # type: ignore[attr-defined]


def test_a_text_that_takes_effect_later_is_upcoming_until_then(empty: Terminal, website: TestRepository) -> None:
    later(website, 30)
    dated = "These terms take effect on 1 April 2026 for all customers who have not yet agreed to them."
    website.commit({"terms.md": text("So it is.", dated=dated)}, "Terms")
    run(empty, website, "--timezone", "UTC")
    version = (empty.root / "versions/terms/1.1.md").read_text(encoding="utf-8")
    assert 'effective: "2026-04-01T00:00:00+00:00"' in version
    assert 'announced: "2026-01-31' in version
    assert dated in version


def test_the_report_answers_for_every_date(empty: Terminal, website: TestRepository) -> None:
    later(website)
    website.commit({"terms.md": text("So it is.", dated="Effective date: 03/04/2026")}, "Terms")
    result = run(empty, website, "--yes", "--dry-run", "--report", "found.json")
    report = json.loads((empty.root / "found.json").read_text(encoding="utf-8"))
    [told] = report["imported_dates"]
    assert told["says"] == ["2026-03-04", "2026-04-03"]
    assert (told["version"], told["role"], told["effective"]) == ("1.1", "effective", "2026-01-02")
    assert told["why"] == "it has several meanings, and none is guessed"
    assert told["why"] in result.stderr  # type: ignore[attr-defined]
    assert "date: Effective date: 03/04/2026 (in 1 version)" in result.stderr  # type: ignore[attr-defined]


def test_a_date_with_two_meanings_is_asked_with_both(empty: Terminal) -> None:
    (empty.root / "old.md").write_text(text(dated="Last updated: 03/04/2020"), encoding="utf-8")
    for options in ((), ("--yes",)):
        [line] = empty.refused("import", "old.md", *SETTINGS, *options)
        assert "“03/04/2020” may be 2020-03-04 or 2020-04-03" in line
        assert "--effective old.md=2020-03-04 or --effective old.md=2020-04-03" in line
    answers = "\n".join(["UTC", "", "", "", "", "5 May", "2020-04-03", "n"])
    result = empty.run("import", "old.md", *SETTINGS, answers=answers + "\n", status=1)
    assert result.output.count("Which day is that?") == 2
    assert "--effective old.md=2020-04-03" in result.output


@pytest.mark.parametrize("moved", [False, True])
def test_a_file_that_another_one_replaced_is_offered(empty: Terminal, website: TestRepository, moved: bool) -> None:
    later(website)
    new = "# Terms\n\n## All\n\n" + "Wholly other words, by another lawyer, on nothing that stood there. " * 9
    if moved:
        website.commit({"new-terms.md": new}, "Ready")
        website.git("mv", "terms.md", "terms.old")
        website.commit({}, "Away")
        website.git("mv", "new-terms.md", "terms.md")
        website.commit({"terms.old": None}, "New")
    else:
        website.git("mv", "terms.md", "tos.html")
        website.commit({"tos.html": text("So it is.")}, "Page")
        later(website)
        website.commit({"tos.html": None, "terms.md": new}, "New")
    result = run(empty, website, "--yes", "--dry-run")
    before = len(rows(result.stdout))  # type: ignore[attr-defined]
    lines = [row for row in result.stderr.splitlines() if "2026 stand in" in row]  # type: ignore[attr-defined]
    assert lines[0].startswith(f"  2026 stand in {'terms.md' if moved else 'tos.html'}: add them with --before ")
    [name] = shlex.split(lines[0].split("--before ")[1])
    added = run(empty, website, "--yes", "--dry-run", "--before", name)
    assert len(rows(added.stdout)) == before + 1  # type: ignore[attr-defined]
    asked = empty.run("import", "--git", str(website.root), "terms.md", *SETTINGS, answers="UTC\ny\n", status=1)
    assert "add them?" in asked.output
    assert f"--before {shlex.quote(name)}" in asked.output
    told = run(empty, website, "--yes", "--dry-run", "--before", "none")
    assert "stand in" not in told.stderr  # type: ignore[attr-defined]


MEASURED = """
import sys, tracemalloc
from pathlib import Path
from adapters.commands import terminal
from adapters import repositories
from adapters.repositories import TestRepository
from inforce.adapters.git import file_history
from adapters.test_import_histories import run

place = Path(sys.argv[1])
for number, versions in enumerate((9, 3, 9)):
    TestRepository(place / "website").git("checkout", "--quiet", f"main~{9 - versions}")
    (shop := place / f"shop-{number}").mkdir()
    if number:
        tracemalloc.start()
    run(terminal(shop), TestRepository(place / "website"))
    if number:
        print(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
"""
"""What an import holds at the most: of three versions, and of nine; before that the nine are imported unmeasured."""


@pytest.mark.long
def test_of_a_long_history_little_more_is_held_than_its_last_text(tmp_path: Path) -> None:
    """Beside what is kept of every clause that was ever read, however often: that is there from the first run on.

    In a process of its own: what tests before it left to be kept, or to be dropped, would count as this one's.
    """
    clauses = [f"## About {10**number}\n\n{LAW} {number}. {LISTS * 5}" for number in range(75)]
    repository = TestRepository(tmp_path / "website")
    for number in range(9):
        clauses[number] += f" Since {number}."
        later(repository)
        repository.commit({"terms.md": "\n\n".join(["# Terms", *clauses])}, f"Version {number}")
    alone = [sys.executable, "-c", MEASURED, tmp_path]
    path = {"PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run(alone, env={**os.environ, **path}, capture_output=True, text=True, check=True).stdout
    few, many = map(int, told.split())
    assert (many - few) / 6 < len("\n\n".join(clauses))


def test_a_day_on_which_nobody_can_have_written_a_text_is_none(website: TestRepository) -> None:
    """As an author's clock stood wrong, or ``--date`` was forced; a rebase makes all commits anew, and is no fault."""

    def days(*told: tuple[str, str]) -> list[str]:
        for number, (authored, committed) in enumerate(told):
            (website.root / "terms.md").write_text(text(f"We keep {number} of {len(told)}."))
            dates = {"GIT_AUTHOR_DATE": f"{authored}T12:00Z", "GIT_COMMITTER_DATE": f"{committed}T12:00Z"}
            repositories.run(website.root, "commit", "--quiet", "--all", "--message", "x", environment=dates)
        found = file_history.revisions(website.root, "terms.md")
        return [f"{each.authored:%Y-%m-%d}" for each, _ in found][-len(told) :]

    assert days(("2026-02-01", "2026-02-01"), ("2019-01-01", "2026-03-01"), ("2026-03-05", "2026-03-05")) == [
        *("2026-02-01", "2026-03-01", "2026-03-05"),
    ]
    assert days(("2031-01-01", "2026-04-01"), ("1970-01-02", "2026-05-01")) == ["2026-04-01", "2026-05-01"]
    rebased = ("2026-06-01", "2026-05-20", "2026-06-10", "2026-06-20")
    assert days(*((day, "2026-09-01") for day in rebased)) == list(rebased)
