"""What is published, and the guard over it, in real repositories."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pytest
from gitdb.base import IStream
from gitdb.db.mem import MemoryDB
from hypothesis import given
from hypothesis import strategies as st

from adapters.repositories import CONTACT, V10, V11, V20, TestRepository, commits, run, two_releases, write
from inforce.adapters import files
from inforce.adapters.git.guard import Published, Unguarded, find_published, violations
from inforce.adapters.git.repository import blob_id, open_repository
from inforce.check.drafts import GITATTRIBUTES
from inforce.errors import InForceError


def published(root: Path, base: str | None = None, **environment: str) -> Published:
    found = find_published(open_repository(root), base, environment)
    assert isinstance(found, Published)
    return found


def unguarded(root: Path, base: str | None = None, **environment: str) -> Unguarded:
    found = find_published(open_repository(root), base, environment)
    assert isinstance(found, Unguarded)
    return found


def guard(root: Path) -> list[tuple[str, str]]:
    return [(problem.rule, problem.path) for problem in violations(open_repository(root), published(root))]


def complaint(root: Path) -> str:
    (problem,) = violations(open_repository(root), published(root))
    assert problem.line == 0
    return str(problem)


@pytest.fixture
def released(tmp_path: Path) -> TestRepository:
    return two_releases(tmp_path / "project")


class TestPublished:
    def test_the_branch_published(self, released: TestRepository) -> None:
        tip = released.git("rev-parse", "HEAD")
        released.commit({V20: "three\n"})
        found = published(released.root)
        assert (found.ref, found.sha) == ("published", tip)
        assert found.files == {V10: blob_id(b"one\n"), V11: blob_id(b"two\n")}

    def test_hidden_files_are_no_part_of_the_ledger(self, tmp_path: Path) -> None:
        repository, _ = commits(tmp_path, {"versions/.gitkeep": "", V10: "one\n"})
        repository.git("branch", "published")
        write(tmp_path, {"versions/.gitkeep": None})
        assert guard(tmp_path) == []

    def test_the_remotes_branch_leads_unless_the_local_is_ahead(self, tmp_path: Path, released: TestRepository) -> None:
        clone = released.clone(tmp_path / "clone")
        tip, before = run(clone, "rev-parse", "HEAD"), run(clone, "rev-parse", "HEAD~1")
        assert published(clone).ref == "origin/published"
        run(clone, "branch", "published", before)
        assert (published(clone).ref, published(clone).sha) == ("origin/published", tip)
        run(clone, "branch", "--force", "published", tip)
        assert published(clone).ref == "origin/published"
        write(clone, {V20: "three\n"})
        run(clone, "add", "--all")
        run(clone, "commit", "--quiet", "--message", "Release 2.0")
        run(clone, "branch", "--force", "published", "HEAD")
        assert (published(clone).ref, published(clone).sha) == ("published", run(clone, "rev-parse", "HEAD"))
        run(clone, "branch", "--force", "published", run(clone, "commit-tree", "-m", "Unrelated", f"{tip}^{{tree}}"))
        assert (published(clone).ref, published(clone).sha) == ("origin/published", tip)

    def test_a_remote_of_another_name(self, tmp_path: Path, released: TestRepository) -> None:
        clone = released.clone(tmp_path / "clone", "--origin=upstream")
        assert published(clone).ref == "upstream/published"

    def test_without_it_the_merge_base_with_the_target(self, tmp_path: Path, released: TestRepository) -> None:
        released.git("branch", "--delete", "published")
        base = released.git("rev-parse", "HEAD")
        released.branch("develop")
        develop = released.commit({V20: "three\n"})
        released.checkout("main")
        clone = released.clone(tmp_path / "clone")
        run(clone, "checkout", "--quiet", "develop")
        run(clone, "commit", "--quiet", "--allow-empty", "--message", "Feature")
        assert published(clone) == Published("the merge base with origin/HEAD", base, published(clone).files)
        assert published(clone, GITHUB_BASE_REF="").sha == base
        assert published(clone, GITHUB_BASE_REF="develop").sha == develop
        assert published(clone, GITHUB_BASE_REF="develop").ref == "the merge base with origin/develop"
        assert published(clone, "origin/develop", GITHUB_BASE_REF="main").sha == develop
        run(clone, "remote", "set-head", "origin", "--delete")
        assert published(clone).ref == "the merge base with origin/main"

    def test_a_target_that_is_not_here_is_not_replaced(self, tmp_path: Path, released: TestRepository) -> None:
        released.git("branch", "--delete", "published")
        clone = released.clone(tmp_path / "clone")
        assert "origin/release is no commit here" in unguarded(clone, GITHUB_BASE_REF="release").reason
        assert "nonsense is no commit here" in unguarded(clone, "nonsense").reason
        assert "--all is no commit here" in unguarded(clone, "--all").reason

    def test_without_a_remote(self, released: TestRepository) -> None:
        released.git("branch", "--delete", "published")
        answer = unguarded(released.root)
        assert "no remote branch to compare with" in answer.reason
        assert "--base REF" in answer.cure
        assert "git branch published COMMIT" in answer.cure
        assert "git fetch" not in answer.cure
        assert published(released.root, "HEAD~1").files == {V10: blob_id(b"one\n")}

    def test_a_base_that_is_not_needed_is_handed_back(self, released: TestRepository) -> None:
        assert (published(released.root, "HEAD~1").ref, published(released.root, "HEAD~1").unused) == (
            "published",
            "HEAD~1",
        )
        assert published(released.root).unused == ""
        released.git("branch", "--delete", "published")
        assert published(released.root, "HEAD~1").unused == ""

    def test_without_common_history(self, released: TestRepository) -> None:
        released.git("branch", "--delete", "published")
        stranger = released.git("commit-tree", "-m", "Unrelated", "HEAD^{tree}")
        assert "shares no history" in unguarded(released.root, stranger).reason


class TestShallow:
    def test_the_guard_says_that_it_cannot(self, tmp_path: Path, released: TestRepository) -> None:
        clone = released.clone(tmp_path / "clone", "--depth=1")
        answer = unguarded(clone)
        assert "shallow" in answer.reason
        assert "fetch-depth: 0" in answer.cure
        assert "git fetch origin published" in answer.cure

    def test_its_cures_cure(self, tmp_path: Path, released: TestRepository) -> None:
        clone = released.clone(tmp_path / "clone", "--depth=1")
        command = unguarded(clone).cure.split("`")[1].split()
        run(clone, *command[1:])
        write(clone, {V10: "one!\n"})
        assert guard(clone) == [("ledger-changed", V10)]

    def test_no_commit_is_named_that_was_not_seen(self, tmp_path: Path, released: TestRepository) -> None:
        released.commit({V10: "one!\n"}, "The culprit")
        released.commit({"README.md": "After\n"})
        clone = released.clone(tmp_path / "clone", "--depth=1")
        run(clone, "fetch", "--quiet", "--depth=1", "origin", "published:refs/remotes/origin/published")
        assert "changed by a commit that this shallow clone does not show" in complaint(clone)


class TestGuard:
    def test_new_versions_are_free(self, released: TestRepository) -> None:
        released.commit({V20: "three\n"})
        write(released.root, {V20: "three, again\n"})
        assert guard(released.root) == []

    def test_one_byte_in_the_working_tree(self, released: TestRepository) -> None:
        write(released.root, {V10: "One\n"})
        tip = released.git("rev-parse", "--short=12", "published")
        what = "This published file was changed in the working tree, not committed"
        assert complaint(released.root) == f"{V10}: {what}. Run `git checkout {tip} -- {V10}`."

    def test_one_byte_in_a_commit(self, released: TestRepository) -> None:
        sha = released.commit({V10: "One\n"}, author="Bo Counsel <bo@policies.example>")
        released.commit({"README.md": "After\n"})
        assert f"was changed by commit {sha[:12]} (Bo Counsel, 2026-01-01)." in complaint(released.root)

    def test_deleted(self, released: TestRepository) -> None:
        write(released.root, {V10: None})
        assert "was deleted in the working tree, not committed" in complaint(released.root)
        sha = released.commit({})
        assert f"was deleted by commit {sha[:12]}" in complaint(released.root)
        assert guard(released.root) == [("ledger-deleted", V10)]

    def test_moved(self, released: TestRepository) -> None:
        released.git("mv", V10, "versions/privacy/1.00.md")
        released.commit({})
        assert guard(released.root) == [("ledger-deleted", V10)]

    def test_everything_gone(self, released: TestRepository) -> None:
        released.git("rm", "--quiet", "-r", "versions")
        assert guard(released.root) == [("ledger-deleted", V10), ("ledger-deleted", V11)]

    def test_moved_beyond_a_link(self, released: TestRepository) -> None:
        released.git("mv", "versions", "elsewhere")
        (released.root / "versions").symlink_to("elsewhere")
        assert guard(released.root) == [("ledger-deleted", V10), ("ledger-deleted", V11)]
        (released.root / "versions").unlink()
        (released.root / "versions").mkdir()
        (released.root / "versions" / "privacy").symlink_to("../elsewhere/privacy")
        assert guard(released.root) == [("ledger-deleted", V10), ("ledger-deleted", V11)]

    def test_replaced_by_a_link(self, released: TestRepository) -> None:
        released.git("mv", V10, "copy.md")
        (released.root / V10).symlink_to("../../copy.md")
        assert guard(released.root) == [("ledger-changed", V10)]

    def test_restored(self, released: TestRepository) -> None:
        released.commit({V10: "One\n"})
        command = complaint(released.root).split("`")[1].split()
        run(released.root, *command[1:])
        assert guard(released.root) == []
        released.commit({})
        assert guard(released.root) == []

    def test_a_second_change_after_a_restoration(self, released: TestRepository) -> None:
        released.commit({V10: "One\n"})
        released.commit({V10: "one\n"})
        sha = released.commit({V10: "ONE\n"})
        assert f"changed by commit {sha[:12]}" in complaint(released.root)

    def test_a_merge_that_keeps_the_wrong_side(self, released: TestRepository) -> None:
        released.branch("old", "HEAD~1")
        merge = released.merge("main", "--strategy=ours")
        assert f"{V11}: This published file was deleted by commit {merge[:12]}" in complaint(released.root)

    def test_a_change_that_came_by_a_merge_is_its_authors(self, released: TestRepository) -> None:
        released.branch("feature")
        sha = released.commit({V10: "One\n"})
        released.checkout("main")
        released.commit({"README.md": "Meanwhile\n"})
        released.merge("feature")
        assert f"changed by commit {sha[:12]}" in complaint(released.root)

    def test_a_branch_behind_is_told_to_merge(self, released: TestRepository) -> None:
        released.branch("old", "HEAD~1")
        released.commit({CONTACT: "Fax.\n"})
        assert guard(released.root) == [("ledger-behind", V11)]
        command = complaint(released.root).split("`")[1].split()
        assert command == ["git", "merge", "published"]

    def test_line_endings_only(self, tmp_path: Path, released: TestRepository) -> None:
        clone = released.clone(tmp_path / "clone", "--config=core.autocrlf=true")
        os.utime(clone / ".git" / "index", (2**31, 2**31))  # git takes the files for unchanged without reading them
        assert (clone / V10).read_bytes() == b"one\r\n"
        first, second = violations(open_repository(clone), published(clone))
        assert (first.rule, second.rule) == ("ledger-changed", "ledger-changed")
        assert "differs by line endings only; they were changed in the working tree" in first.what
        told, restore, _ = first.cure.split("`")
        assert "Delete it" in told
        write(clone, {".gitattributes": f"{GITATTRIBUTES[0]}\n", V10: None})
        run(clone, *restore.split()[1:])
        assert guard(clone) == [("ledger-changed", V11)]

    def test_line_endings_only_in_a_commit(self, released: TestRepository) -> None:
        sha = released.commit({V10: "one\r\n"})
        assert f"by line endings only; they were changed by commit {sha[:12]}" in complaint(released.root)

    def test_line_endings_only_the_other_way(self, released: TestRepository) -> None:
        released.commit({V20: "three\r\n"})
        released.git("branch", "--force", "published")
        write(released.root, {V20: "three\n"})
        assert "line endings only" in complaint(released.root)

    def test_filters_and_attributes_change_nothing(self, released: TestRepository) -> None:
        write(released.root, {".gitattributes": "versions/** text eol=lf ident\n", V10: "one\r\n"})
        assert "line endings only" in complaint(released.root)

    def test_an_author_without_a_name(self, released: TestRepository) -> None:
        write(released.root, {V10: "One\n"})
        released.git("add", "--all")
        tree, parent = released.git("write-tree"), released.git("rev-parse", "HEAD")
        nobody = "<a@b.example> 1767225600 +0000"
        raw = f"tree {tree}\nparent {parent}\nauthor  {nobody}\ncommitter  {nobody}\n\nx\n"
        write(released.root, {"../commit": raw})
        released.git("reset", "--quiet", "--hard", released.git("hash-object", "-w", "-t", "commit", "../commit"))
        assert "(no name, 2026-01-01)" in complaint(released.root)


class TestBranch:
    """What shows that the branch itself cannot be trusted."""

    def rules(self, root: Path) -> list[str]:
        return [problem.rule for problem in violations(open_repository(root), published(root))]

    def test_another_name_of_main(self, released: TestRepository) -> None:
        released.git("symbolic-ref", "refs/heads/published", "refs/heads/main")
        released.commit({V10: "One\n"})
        assert self.rules(released.root) == ["published-symbolic"]
        *_, cure, _ = complaint(released.root).split("`")
        run(released.root, *complaint(released.root).split("`")[1].split()[1:])
        run(released.root, *cure.replace("COMMIT", "HEAD~1").split()[1:])
        assert guard(released.root) == [("ledger-changed", V10)]

    @pytest.mark.parametrize("graft", [False, True], ids=["replace", "graft"])
    def test_no_object_is_taken_for_another(self, released: TestRepository, graft: bool) -> None:
        tip = released.git("rev-parse", "published")
        other = released.commit({V10: "One\n"})
        assert guard(released.root) == [("ledger-changed", V10)]
        if graft:
            write(released.root, {".git/info/grafts": f"{other}\n"})
        else:
            released.git("replace", tip, other)
        assert f"changed by commit {other[:12]}" in complaint(released.root)

    def test_moved_back(self, released: TestRepository) -> None:
        tip = released.git("rev-parse", "HEAD")
        released.git("config", "core.logAllRefUpdates", "true")
        released.git("branch", "--force", "published", "HEAD~1")
        released.git("branch", "--force", "published", "HEAD")
        assert self.rules(released.root) == []
        released.git("branch", "--force", "published", "HEAD~1")
        write(released.root, {V11: "Two\n"})
        assert self.rules(released.root) == ["published-back"]
        run(released.root, *complaint(released.root).split("`")[1].split()[1:])
        assert released.git("rev-parse", "published") == tip
        assert guard(released.root) == [("ledger-changed", V11)]

    def test_apart_from_the_remote_s(self, tmp_path: Path, released: TestRepository) -> None:
        clone = released.clone(tmp_path / "clone")
        run(clone, "update-ref", "refs/heads/published", "HEAD~1")
        assert self.rules(clone) == []  # behind: not fetched yet
        run(clone, "update-ref", "refs/heads/published", run(clone, "commit-tree", "-m", "Other", "HEAD^{tree}"))
        assert "published-apart" in self.rules(clone)

    def test_a_submodule_in_place_of_the_folder(self, tmp_path: Path, released: TestRepository) -> None:
        ledger, _ = commits(tmp_path / "ledger", {"privacy/1.0.md": "one\n", "privacy/1.1.md": "two\n"})
        released.git("rm", "-r", "--quiet", "versions")
        released.git(
            "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", ledger.root.as_uri(), "versions"
        )
        released.commit({})
        with pytest.raises(InForceError, match="A repository of its own stands here"):
            files.read(released.root)
        released.git("branch", "--force", "published")
        assert self.rules(released.root) == ["submodule"]


def test_what_was_touched_is_told_though_a_commit_on_the_way_is_lost(released: TestRepository) -> None:
    lost = released.commit({V10: "forged\n"})
    released.commit({"README.md": "Hello again\n"})
    (released.root / ".git/objects" / lost[:2] / lost[2:]).unlink()
    assert complaint(released.root) == (
        f"{V10}: This published file was changed by a commit that git cannot show here. "
        f"Run `git checkout {published(released.root).sha[:12]} -- {V10}`."
    )


def test_committed(released: TestRepository) -> None:
    write(released.root, {CONTACT: "Fax.\n"})
    assert open_repository(released.root).committed("policy/") == {CONTACT: blob_id(b"## Contact\n\nCall.\n")}


@given(st.binary())
def test_blob_ids_are_gits(data: bytes) -> None:
    stored = MemoryDB().store(IStream("blob", len(data), BytesIO(data)))
    assert blob_id(data) == stored.hexsha.decode()
