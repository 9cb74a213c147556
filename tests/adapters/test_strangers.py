"""A stranger's repository is read, and nothing in it is run, fetched, or taken for ours."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from unicodedata import normalize

import pytest

from adapters.repositories import TestRepository, run, write
from inforce.adapters.git.file_history import revisions
from inforce.adapters.git.log import DELETED
from inforce.adapters.git.repository import NoHistory, open_repository

TEXT = "# Terms\n\n## Use\n\nUse it once.\n"


@pytest.fixture
def ran(tmp_path: Path) -> Path:
    """The file that every command of the hostile repository makes."""
    return tmp_path / "ran"


@pytest.fixture
def hostile(tmp_path: Path, ran: Path) -> TestRepository:
    """A clone whose settings name a command wherever git knows a setting for one."""
    repository = TestRepository(tmp_path / "hostile")
    repository.commit({"terms.md": TEXT, ".gitattributes": "* filter=evil diff=evil merge=evil\n"})
    repository.commit({"terms.md": TEXT.replace("once", "twice")})
    repository.git("mv", "terms.md", "legal.md")
    repository.commit({"legal.md": TEXT.replace("once", "thrice")})
    command = f"touch {shlex.quote(str(ran))}; exit 1"
    script = repository.root / ".git" / "evil"
    write(repository.root, {".git/evil": f"#!/bin/sh\n{command}\n"})
    script.chmod(0o755)
    for name in ("core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.askPass", "core.gitProxy",
                 "diff.external", "diff.evil.command", "diff.evil.textconv", "filter.evil.clean", "filter.evil.smudge",
                 "filter.evil.process", "merge.evil.driver", "credential.helper", "gpg.program", "pager.log",
                 "uploadpack.packObjectsHook", "core.alternateRefsCommand"):  # fmt: skip
        repository.git("config", name, str(script))
    for name, value in (
        ("log.showSignature", "true"), ("core.hooksPath", str(script.parent)), ("alias.log", f"!{script}"),
        ("core.attributesFile", str(repository.root / ".gitattributes")), ("diff.evil.cachetextconv", "true"),
    ):  # fmt: skip
        repository.git("config", name, value)
    for name in ("post-index-change", "post-checkout", "reference-transaction", "pre-auto-gc", "fsmonitor-watchman"):
        write(repository.root, {f".git/{name}": script.read_text(), f".git/hooks/{name}": script.read_text()})
        for place in (f".git/{name}", f".git/hooks/{name}"):
            (repository.root / place).chmod(0o755)
    ran.unlink(missing_ok=True)
    return repository


def promised(repository: TestRepository) -> None:
    """A blob of the history is gone, and a remote that runs a command promises to have it."""
    blob = run(repository.root, "-c", "core.fsmonitor=false", "rev-parse", "HEAD~1:terms.md")
    (repository.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    script = str(repository.root / ".git" / "evil")
    config = repository.root / ".git" / "config"
    config.write_text(
        f'{config.read_text()}[extensions]\n\tpartialClone = origin\n[remote "origin"]\n\tpromisor = true\n'
        f"\turl = {repository.root}\n\tuploadpack = {script}\n[core]\n\trepositoryFormatVersion = 1\n"
    )


def test_nothing_that_its_settings_name_is_run(hostile: TestRepository, ran: Path) -> None:
    found = list(revisions(hostile.root, "legal.md"))
    assert [data.decode() for _, data in found] == [TEXT.replace("once", word) for word in ("once", "twice", "thrice")]
    opened = open_repository(hostile.root)
    opened.provenance({"privacy": ["1.0"]})
    opened.committed("policy/")
    opened.user()
    assert not ran.exists()


@pytest.mark.parametrize("url", ["", "ext::{}", "ssh://-oProxyCommand={}/x"])
def test_nothing_is_fetched_from_who_promises_it(hostile: TestRepository, ran: Path, url: str) -> None:
    promised(hostile)
    if url:
        config = hostile.root / ".git" / "config"
        script = hostile.root / ".git" / "evil"
        config.write_text(
            config.read_text().replace(f"url = {hostile.root}", f"url = {url.format(script)}")
            + '[protocol]\n\tallow = always\n[protocol "ext"]\n\tallow = always\n'
        )
    with pytest.raises(NoHistory):
        list(revisions(hostile.root, "legal.md"))
    assert not ran.exists()


def test_the_fixture_is_hostile_indeed(hostile: TestRepository, ran: Path) -> None:
    """Git as everybody calls it runs what this repository names, so that the tests above can fail."""
    promised(hostile)
    ran.unlink(missing_ok=True)
    for arguments in (["status"], ["log", "-p", "-1", "--ext-diff"], ["cat-file", "-p", "HEAD~1:terms.md"]):
        only = [] if arguments == ["status"] else ["-c", "core.fsmonitor=false"]
        command = ["git", "-C", str(hostile.root), *only, *arguments]
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)
        assert ran.exists(), arguments
        ran.unlink()


def test_what_is_no_text_with_a_day_says_so(tmp_path: Path) -> None:
    repository = TestRepository(tmp_path / "clone")
    repository.commit({"terms.md": TEXT})
    repository.commit({"terms.md": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"})
    (repository.root / "terms.md").unlink()
    (repository.root / "terms.md").symlink_to("/etc/hostname")
    repository.commit({})
    (repository.root / "terms.md").unlink()
    write(repository.root, {"terms.md": TEXT.replace("once", "twice")})
    repository.git("add", "--all")
    date = {"GIT_AUTHOR_DATE": "@999999999999 +0000", "GIT_COMMITTER_DATE": "@999999999999 +0000"}
    run(repository.root, "commit", "--quiet", "--message", "A wrong clock", environment=date)
    lacks = [each.lacks for each, _ in revisions(repository.root, "terms.md")]
    assert lacks == [
        "",
        "It is a pointer of Git LFS, and the text is elsewhere",
        "It is a link or a submodule there, no file",
        "The commit names no date that a calendar has",
    ]


def test_a_file_that_was_deleted_last_says_so(tmp_path: Path) -> None:
    """Its last text looks as if it were in force still; a deletion that another text follows is none."""
    repository = TestRepository(tmp_path / "clone")
    repository.commit({"terms.md": TEXT, "imprint.md": TEXT})
    repository.commit({"terms.md": None})
    repository.commit({"terms.md": TEXT.replace("once", "twice"), "imprint.md": None})
    assert [each.lacks for each, _ in revisions(repository.root, "terms.md")] == ["", ""]
    assert [each.lacks for each, _ in revisions(repository.root, "imprint.md")] == ["", DELETED]


@pytest.mark.parametrize(("given", "spelt"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_a_file_is_found_by_its_name_in_whatever_normal_form(tmp_path: Path, given: str, spelt: str) -> None:
    """A Mac's Finder hands over another one than its git commits; both look the same in an error."""
    repository = TestRepository(tmp_path / "clone")
    repository.commit({normalize(spelt, "générales.md"): TEXT})  # type: ignore[arg-type]
    [(_, data)] = list(revisions(repository.root, normalize(given, "générales.md")))  # type: ignore[arg-type]
    assert data.decode() == TEXT


def test_a_name_with_the_marks_of_a_pattern_is_that_name(tmp_path: Path) -> None:
    repository = TestRepository(tmp_path / "clone")
    repository.commit({"app/[l]/terms.md": TEXT, "app/l/terms.md": "Not this one."})
    repository.commit({"app/l/terms.md": "Nor this one."})
    [(_, data)] = list(revisions(repository.root, "app/[l]/terms.md"))
    assert data.decode() == TEXT


def test_a_folder_and_a_submodule_are_no_files(tmp_path: Path) -> None:
    """Of a folder the first file alone would be taken, and a submodule's files are known to its own repository."""
    inner = TestRepository(tmp_path / "inner")
    inner.commit({"terms.md": TEXT})
    repository = TestRepository(tmp_path / "clone")
    repository.commit({"legal/privacy.md": TEXT, "legal/terms.md": TEXT})
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.root.as_uri(), "shared")
    repository.commit({})
    with pytest.raises(NoHistory, match=r"legal is a folder\. Name the file in it, such as legal/privacy\.md"):
        list(revisions(repository.root, "legal"))
    with pytest.raises(NoHistory, match=r"shared is a submodule here, or a link\. Give where it leads: --git .*shared"):
        list(revisions(repository.root, "shared/terms.md"))


@pytest.mark.parametrize("without", ["blob:none", "tree:0"])
def test_a_partial_clone_is_told_as_one_with_a_cure_that_helps(tmp_path: Path, without: str) -> None:
    """Nothing is fetched from a stranger's host; git's own first line is a hint about something else."""
    repository = TestRepository(tmp_path / "origin")
    repository.commit({"terms.md": TEXT})
    repository.commit({"terms.md": TEXT.replace("once", "twice")})
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = repository.clone(tmp_path / "clone", f"--filter={without}", "--no-checkout")
    with pytest.raises(NoHistory, match="partial clone") as told:
        list(revisions(clone, "terms.md"))
    command = re.search(r"`git (fetch .*)`", told.value.cure)
    assert command
    run(clone, *command[1].split(" "), "--quiet")
    assert len(list(revisions(clone, "terms.md"))) == 2
