"""Provenance from real repositories, and what the git adapter says where it can't know."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.repositories import (
    CONTACT,
    NOTED,
    START,
    V10,
    V11,
    V20,
    TestRepository,
    commits,
    run,
    two_releases,
    write,
)
from inforce.adapters.git.guard import Published, find_published, violations
from inforce.adapters.git.log import told
from inforce.adapters.git.repository import NoHistory, Repository, open_repository
from inforce.publish.provenance import Provenance
from inforce.text.clauses import read_clause

NUMBERS = {"privacy": ("1.0", "1.1", "2.0")}


def provenance(root: Path) -> Provenance:
    return open_repository(root).provenance(NUMBERS)


def brought(root: Path) -> dict[str, str]:
    """Who brought what; it is the same whether or not edits are asked for, too."""
    assert open_repository(root).provenance({}).versions == provenance(root).versions
    return {path: commit.sha for path, commit in provenance(root).versions.items()}


def edits(root: Path) -> dict[tuple[str, str], list[str]]:
    return {key: [commit.sha for commit in edited] for key, edited in provenance(root).edits.items()}


def published(root: Path, base: str | None = None, **environment: str) -> Published:
    found = find_published(open_repository(root), base, environment)
    assert isinstance(found, Published)
    return found


def guard(root: Path) -> list[tuple[str, str]]:
    return [(problem.rule, problem.path) for problem in violations(open_repository(root), published(root))]


@pytest.fixture
def released(tmp_path: Path) -> TestRepository:
    return two_releases(tmp_path / "project")


class TestProvenance:
    def test_says_who_brought_a_version_and_when(self, tmp_path: Path) -> None:
        repository = TestRepository(tmp_path)
        repository.commit({"README.md": ""})
        sha = repository.commit({V10: "one\n"}, "Release 1.0: the first", author="Bo Counsel <bo@policies.example>")
        commit = provenance(tmp_path).versions[V10]
        assert (commit.sha, commit.author, commit.committer) == (sha, "Bo Counsel", "Ada Editor")
        assert (commit.committed, commit.subject) == (START + timedelta(hours=1), "Release 1.0: the first")
        assert commit.committed.utcoffset() == timedelta(0)

    def test_brings_events_too(self, tmp_path: Path) -> None:
        event = "versions/privacy/events/1.yml"
        _, ids = commits(tmp_path, {V10: "one\n"}, {event: "event\n"})
        assert brought(tmp_path) == {V10: ids[0], event: ids[1]}

    def test_finds_what_the_root_commit_brought_whatever_the_settings(self, tmp_path: Path) -> None:
        repository, ids = commits(tmp_path, {V10: "one\n", CONTACT: "Write.\n"})
        for setting, value in [
            ("log.showRoot", "false"), ("log.showSignature", "true"), ("color.ui", "always"), ("diff.relative", "true"),
            ("diff.renames", "copies"), ("log.diffMerges", "off"), ("log.follow", "true"), ("core.abbrev", "7"),
            ("format.pretty", "oneline"), ("i18n.logOutputEncoding", "latin1"), ("log.mailmap", "false"),
        ]:  # fmt: skip
            repository.git("config", setting, value)
        assert brought(tmp_path) == {V10: ids[0]}
        assert edits(tmp_path) == {(V10, "contact"): [ids[0]]}

    def test_a_file_that_is_not_committed_as_it_is_is_absent(self, tmp_path: Path) -> None:
        commits(tmp_path, {V10: "one\n", V11: "two\n"})
        write(tmp_path, {V11: "two!\n", V20: "three\n"})
        assert set(brought(tmp_path)) == {V10}

    def test_an_unpublished_version_made_again_was_brought_by_who_made_it_again(self, tmp_path: Path) -> None:
        _, ids = commits(tmp_path, {V10: "one\n"}, {V10: "one, again\n"})
        assert brought(tmp_path) == {V10: ids[1]}

    def test_an_edit_put_right_takes_nothing_from_who_released(self, tmp_path: Path) -> None:
        first, second = {CONTACT: "Write.\n", V10: "one\n"}, {CONTACT: "Call.\n", V11: "two\n"}
        _, ids = commits(tmp_path, first, second, {V10: "one!\n"}, {V10: "one\n"})
        assert brought(tmp_path) == {V10: ids[0], V11: ids[1]}
        assert edits(tmp_path) == {(V10, "contact"): [ids[0]], (V11, "contact"): [ids[1]]}

    def test_a_moved_file_was_brought_where_it_is_now(self, tmp_path: Path) -> None:
        _, ids = commits(tmp_path, {V10: "one\n"}, {V10: None, V11: "one\n"})
        assert brought(tmp_path) == {V11: ids[1]}

    def test_clauses_belong_to_the_version_that_follows(self, tmp_path: Path) -> None:
        _, ids = commits(
            tmp_path,
            {CONTACT: "Write.\n"},
            {CONTACT: "Write us.\n", V10: "one\n"},
            {CONTACT: "Call.\n"},
            {CONTACT: "Call us.\n", "policy/terms/contact.md": "Another document's.\n"},
            {V11: "two\n", "policy/privacy/policy.yml": "title\n"},
            {CONTACT: "Draft.\n"},
        )
        assert edits(tmp_path) == {(V10, "contact"): [ids[1], ids[0]], (V11, "contact"): [ids[3], ids[2]]}

    def test_notes_are_no_edits(self, released: TestRepository) -> None:
        versions = provenance(released.root).versions
        (edit,) = provenance(released.root).edits[V11, "contact"]
        assert edit.subject == "Commit 3"
        assert versions[V11].subject == "Commit 4"

    def test_front_matter_that_never_closes_is_text(self, tmp_path: Path) -> None:
        _, ids = commits(tmp_path, {CONTACT: "---\nWrite.\n", V10: "one\n"}, {CONTACT: "---\nCall.\n"}, {V11: "two\n"})
        assert edits(tmp_path)[V11, "contact"] == [ids[1]]

    def test_line_endings_alone_are_no_edit(self, tmp_path: Path) -> None:
        commits(tmp_path, {CONTACT: "A\nB\n", V10: "one\n"}, {CONTACT: "A\r\nB\r\n"}, {V11: "two\n"})
        assert (V11, "contact") not in edits(tmp_path)

    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
    @pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
    @pytest.mark.parametrize("front", [b"", b'---\nseverity: "notice"\n---\n'])
    def test_a_file_that_reads_as_before_is_no_edit(self, mark: bytes, end: bytes, front: bytes) -> None:
        text = b"## Contact\n\nWrite to us.\n"
        assert told(mark + (front + text).replace(b"\n", end)) == told(text)
        name, path = "contact", "policy/privacy/contact.md"
        read = [read_clause(name, data, path).clause for data in (mark + (front + text).replace(b"\n", end), text)]
        assert read[0] == read[1]

    def test_a_clause_that_was_deleted_or_came_back_was_edited(self, tmp_path: Path) -> None:
        first = {CONTACT: "Write.\n", V10: "one\n"}
        _, ids = commits(tmp_path, first, {CONTACT: None}, {CONTACT: "Write.\n"}, {V11: "two\n"})
        assert edits(tmp_path)[V11, "contact"] == [ids[2], ids[1]]

    def test_edits_are_unknown_where_the_version_before_is_not_committed(self, tmp_path: Path) -> None:
        commits(tmp_path, {CONTACT: "Write.\n", V11: "two\n"})
        write(tmp_path, {V10: "one\n"})
        assert edits(tmp_path) == {}

    def test_nothing_published(self, tmp_path: Path) -> None:
        commits(tmp_path, {"README.md": ""})
        assert open_repository(tmp_path).provenance({}) == Provenance()


class TestMerges:
    def test_a_merge_leaves_the_release_to_its_author(self, tmp_path: Path) -> None:
        repository, (first, _) = commits(tmp_path, {"README.md": ""}, {CONTACT: "Write.\n", V10: "one\n"})
        repository.branch("feature")
        edit = repository.commit({CONTACT: "Call.\n"})
        release = repository.commit({V11: "two\n"})
        repository.checkout("main")
        repository.commit({"README.md": "Meanwhile\n"})
        repository.merge("feature")
        repository.branch("stale", first)
        repository.merge("main")
        assert brought(tmp_path)[V11] == release
        assert edits(tmp_path)[V11, "contact"] == [edit]

    def test_a_first_merge_into_an_empty_main(self, tmp_path: Path) -> None:
        repository, _ = commits(tmp_path, {"README.md": ""})
        repository.branch("feature")
        release = repository.commit({CONTACT: "Write.\n", V10: "one\n"})
        repository.checkout("main")
        repository.merge("feature")
        assert brought(tmp_path) == {V10: release}
        assert edits(tmp_path) == {(V10, "contact"): [release]}

    def test_an_edit_on_a_branch_from_before_the_last_release_counts_for_the_next(self, tmp_path: Path) -> None:
        repository, (start,) = commits(tmp_path, {CONTACT: "Write.\n", V10: "one\n"})
        repository.commit({V11: "two\n"})
        repository.branch("feature", start)
        edit = repository.commit({CONTACT: "Call.\n"})
        repository.checkout("main")
        repository.merge("feature")
        repository.commit({V20: "three\n"})
        assert edits(tmp_path) == {(V10, "contact"): [start], (V20, "contact"): [edit]}

    def test_a_conflict_resolved_anew_is_an_edit_and_one_side_taken_is_none(self, tmp_path: Path) -> None:
        repository, (start,) = commits(tmp_path, {CONTACT: "Write.\n", "policy/privacy/scope.md": "A\n", V10: "one\n"})
        repository.branch("feature")
        theirs = repository.commit({CONTACT: "Call.\n", "policy/privacy/scope.md": "B\n"})
        repository.checkout("main")
        ours = repository.commit({CONTACT: "Fax.\n", "policy/privacy/scope.md": "C\n"})
        repository.git("merge", "--quiet", "--no-commit", "--strategy=ours", "feature")
        merge = repository.commit({CONTACT: "Call or fax.\n"})
        repository.commit({V11: "two\n"})
        assert edits(tmp_path)[V11, "contact"] == [merge, ours, theirs]
        assert edits(tmp_path)[V11, "scope"] == [ours, theirs]
        assert edits(tmp_path)[V10, "contact"] == [start]

    def test_a_squash_merge_brings_everything_at_once(self, tmp_path: Path) -> None:
        repository, _ = commits(tmp_path, {CONTACT: "Write.\n", V10: "one\n"})
        repository.branch("feature")
        repository.commit({CONTACT: NOTED + "Call.\n"})
        repository.commit({CONTACT: "Call.\n", V11: "two\n"})
        repository.checkout("main")
        repository.git("merge", "--quiet", "--squash", "feature")
        squashed = repository.commit({}, "Release 1.1 (#2)")
        assert brought(tmp_path)[V11] == squashed
        assert edits(tmp_path)[V11, "contact"] == [squashed]

    def test_a_rebase_merge_keeps_the_author_and_names_the_committer(self, tmp_path: Path) -> None:
        repository, _ = commits(tmp_path, {CONTACT: "Write.\n", V10: "one\n"})
        repository.branch("feature")
        repository.commit({CONTACT: "Call.\n"}, author="Bo Counsel <bo@policies.example>")
        repository.commit({V11: "two\n"}, author="Bo Counsel <bo@policies.example>")
        repository.checkout("main")
        repository.commit({"README.md": "Meanwhile\n"})
        repository.checkout("feature")
        repository.git("rebase", "--quiet", "main")
        repository.checkout("main")
        repository.git("merge", "--quiet", "--ff-only", "feature")
        found = provenance(tmp_path)
        assert found.versions[V11].sha == repository.git("rev-parse", "main")
        assert (found.versions[V11].author, found.versions[V11].committer) == ("Bo Counsel", "Ada Editor")
        assert [edit.sha for edit in found.edits[V11, "contact"]] == [repository.git("rev-parse", "main~1")]

    def test_of_two_branches_that_brought_the_same_file_the_first_counts(self, tmp_path: Path) -> None:
        repository, (start,) = commits(tmp_path, {CONTACT: "Write.\n"})
        repository.branch("other")
        first = repository.commit({V10: "one\n"})
        repository.branch("another", start)
        repository.commit({V10: "one\n", "README.md": ""})
        repository.merge("other")
        assert brought(tmp_path) == {V10: first}


class TestPlaces:
    def test_a_subdirectory_of_a_larger_repository(self, tmp_path: Path) -> None:
        place = "web [old] 'shop'/policies ü"
        _, ids = commits(
            tmp_path,
            {f"{place}/{CONTACT}": "Write.\n", V10: "another project's\n"},
            {f"{place}/{V10}": "one\n"},
            {f"web o/{V11}": "a path that the brackets would match\n"},
        )
        root = tmp_path / place
        run(tmp_path, "config", "diff.relative", "true")
        run(tmp_path, "branch", "published")
        assert brought(root) == {V10: ids[1]}
        assert edits(root) == {(V10, "contact"): [ids[0]]}
        assert set(published(root).files) == {V10}
        write(root, {V10: "one!\n"})
        write(tmp_path, {V10: "not ours\n"})
        assert guard(root) == [("ledger-changed", V10)]

    def test_a_linked_worktree(self, tmp_path: Path, released: TestRepository) -> None:
        linked = tmp_path / "linked"
        released.git("worktree", "add", "--quiet", "-b", "feature", str(linked))
        release = run(linked, "rev-parse", "HEAD")
        assert (linked / ".git").is_file()
        assert brought(linked)[V11] == release
        assert guard(linked) == []

    def test_names_with_spaces_quotes_and_other_scripts(self, tmp_path: Path) -> None:
        names = [f"versions/privacy/{name}.md" for name in ("'q'", 'a "b"', "c\td", "\ne", "隐私 ü")]
        repository, (sha,) = commits(tmp_path, dict.fromkeys(names, "text\n"))
        repository.git("branch", "published")
        assert brought(tmp_path) == dict.fromkeys(names, sha)
        write(tmp_path, dict.fromkeys(names, "other\n"))
        problems = violations(open_repository(tmp_path), published(tmp_path))
        assert [problem.path for problem in problems] == sorted(names)
        assert f"git checkout {sha[:12]} -- 'versions/privacy/a \"b\".md'" in problems[2].cure

    def test_authors_with_odd_names(self, tmp_path: Path) -> None:
        repository = TestRepository(tmp_path)
        for number, name in enumerate(("Ümit 'Q' \"R\" :000000 S", "张伟", "Red \x1b[31mAda", "O\u2019Neil | %H %x00")):
            repository.commit({f"versions/privacy/1.{number}.md": f"{number}\n"}, author=f"{name} <a@policies.example>")
        authors = [commit.author for _, commit in sorted(provenance(tmp_path).versions.items())]
        assert authors == ["Ümit 'Q' \"R\" :000000 S", "张伟", "Red \ufffd[31mAda", "O\u2019Neil | %H %x00"]

    def test_a_commit_in_another_encoding(self, tmp_path: Path) -> None:
        repository = TestRepository(tmp_path)
        repository.git("config", "i18n.commitEncoding", "ISO-8859-1")
        write(tmp_path, {V10: "one\n", "message": "Änderung".encode("latin-1")})
        repository.git("add", "--all")
        repository.git("commit", "--quiet", "--file=message")
        assert provenance(tmp_path).versions[V10].subject == "Änderung"

    def test_a_mailmap_puts_names_right(self, tmp_path: Path) -> None:
        commits(tmp_path, {V10: "one\n", ".mailmap": "Ada Lovelace <ada@policies.example>\n"})
        assert provenance(tmp_path).versions[V10].author == "Ada Lovelace"


class TestShallow:
    def test_nothing_is_guessed(self, tmp_path: Path, released: TestRepository) -> None:
        clone = released.clone(tmp_path / "clone", "--depth=1")
        repository = open_repository(clone)
        found = repository.provenance(NUMBERS)
        assert repository.shallow
        assert not open_repository(released.root).shallow
        assert (dict(found.versions), dict(found.edits)) == ({}, {})
        assert "fetch-depth: 0" in found.missing
        assert "git fetch --unshallow" in found.missing
        run(clone, "fetch", "--quiet", "--unshallow")
        assert set(brought(clone)) == {V10, V11}


class TestNoHistory:
    def test_a_cure_that_asks_ends_with_its_question(self) -> None:
        assert str(NoHistory("No commit here knows a file a", "Did you mean `b`?")).endswith(
            "knows a file a. Did you mean `b`?"
        )

    def no_history(self, root: Path) -> NoHistory:
        with pytest.raises(NoHistory) as caught:
            open_repository(root)
        assert str(caught.value) == f"{caught.value.reason}. {caught.value.cure}."
        assert "\n" not in str(caught.value)
        return caught.value

    def test_in_a_tarball(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
        assert "no git repository" in self.no_history(tmp_path).reason

    def test_before_the_first_commit(self, tmp_path: Path) -> None:
        TestRepository(tmp_path)
        assert "no commit yet" in self.no_history(tmp_path).reason

    def test_in_a_bare_repository(self, tmp_path: Path) -> None:
        TestRepository(tmp_path, "--bare")
        assert "bare" in self.no_history(tmp_path).reason

    def test_with_sha256(self, tmp_path: Path) -> None:
        TestRepository(tmp_path, "--object-format=sha256").commit({V10: "one\n"})
        assert "sha256" in self.no_history(tmp_path).reason

    def test_another_users_repository(self, released: TestRepository, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        refused = self.no_history(released.root)
        assert f"dubious ownership in repository at '{released.root}'" in refused.reason
        assert refused.cure == f"Run `git config --global --add safe.directory {released.root}`"

    def test_where_there_is_no_folder(self, released: TestRepository, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(released.root)
        assert "No such file" in self.no_history(released.root / "nowhere").reason

    def test_a_repository_that_the_environment_names_is_not_this_one(
        self, tmp_path: Path, released: TestRepository, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other, _ = commits(tmp_path / "other", {"README.md": "Not ours\n"})
        monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
        monkeypatch.setenv("GIT_WORK_TREE", str(other.root))
        monkeypatch.setenv("GIT_INDEX_FILE", str(other.root / ".git" / "index"))
        monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other.root / ".git" / "objects"))
        assert set(brought(released.root)) == {V10, V11}
        assert open_repository(released.root / "versions").prefix == "versions/"

    def test_a_damaged_repository(self, released: TestRepository) -> None:
        blob = released.git("rev-parse", f"HEAD:{CONTACT}")
        (released.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
        with pytest.raises(NoHistory, match=rf"lacks the object {blob}.*git fsck"):
            provenance(released.root)

    def test_without_git(self, tmp_path: Path, released: TestRepository, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        assert "not installed" in self.no_history(released.root).reason

    def test_without_git_from_the_start(self, tmp_path: Path, released: TestRepository) -> None:
        program = (
            "import pathlib, sys\nfrom inforce.adapters.git.repository import NoHistory, open_repository\n"
            "try: open_repository(pathlib.Path(sys.argv[1]))\nexcept NoHistory as error: print(error)"
        )
        environment = {**os.environ, "PATH": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", program, str(released.root)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert done.stdout == "Git can't be run: it is not installed, or not on PATH. Install git.\n"
        assert done.stderr == ""


def test_no_process_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def processes(root: Path) -> int:
        started: list[object] = []
        original = subprocess.Popen.__init__

        def count(self: subprocess.Popen[bytes], *arguments: object, **options: object) -> None:
            started.append(arguments)
            original(self, *arguments, **options)  # type: ignore[arg-type, call-overload]

        with monkeypatch.context() as patch:
            patch.setattr(subprocess.Popen, "__init__", count)
            repository: Repository = open_repository(root)
            repository.provenance(NUMBERS)
            violations(repository, find_published(repository, environment={}))
        return len(started)

    counts = []
    for number in (1, 40):
        versions = [f"versions/privacy/{n}.0.md" for n in range(number)]
        clauses = [f"policy/privacy/clause-{n}.md" for n in range(number)]
        repository, _ = commits(tmp_path / str(number), dict.fromkeys([*versions, *clauses], "text\n"))
        repository.git("branch", "published")
        write(repository.root, dict.fromkeys(versions, "other\n"))
        counts.append(processes(repository.root))
    assert counts[0] == counts[1] <= 15
