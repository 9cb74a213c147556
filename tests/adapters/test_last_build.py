"""What was built last is read no further where all of it is as it was, and made anew wherever it is not."""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import shutil
import sqlite3
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.commands import MORE, Terminal, announced, committed
from adapters.projects import ADDRESS, write_site
from adapters.sites import published
from core.histories import histories
from core.strategies import ledgers
from examples import examples
from inforce import project as sources
from inforce.adapters import cache, files, output, site_builder
from inforce.adapters.command import build
from inforce.model import Ledger, Policy
from inforce.project import Project
from inforce.publish.publication import Publication, pages
from inforce.publish.site import Content, Site

PAGE = "privacy/1.0/index.html"
Change = Callable[[Terminal, Path, pytest.MonkeyPatch], object]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    root = tmp_path / "project"
    root.mkdir()
    found = announced(root)
    write_site(root)
    return found


def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on a build that reads a policy fails."""

    def read(*_: object) -> Project:
        raise AssertionError("It was to be known.")

    monkeypatch.setattr(sources, "read", read)


def test_nothing_is_read_where_all_is_as_it_was(project: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    committed(project)
    (project.root / "policy/privacy/notes.txt").write_text("One thing and another.", encoding="utf-8")
    first = project.run("build")
    assert "notes.txt" in first.stderr
    before = published(project.root / "site")
    unread(monkeypatch)
    second = project.run("build")
    assert second.stderr == first.stderr
    assert second.stdout == f"{project.root / 'site'}: {len(before)} files, 0 written.\n"
    assert published(project.root / "site") == before


def _same_size(_project: Terminal, site: Path, _: pytest.MonkeyPatch) -> None:
    page = site / PAGE
    told, data = page.stat(), page.read_bytes()
    page.write_bytes(data.replace(b"two", b"few"))
    os.utime(page, ns=(told.st_atime_ns, told.st_mtime_ns))


def _linked(project: Terminal, site: Path, _: pytest.MonkeyPatch) -> None:
    data = (site / PAGE).read_bytes()
    (site / PAGE).unlink()
    (project.root / "elsewhere").write_bytes(data)
    (site / PAGE).symlink_to(project.root / "elsewhere")


def _replaced(text: str, other: str, name: str) -> Change:
    def change(project: Terminal, _site: Path, _: pytest.MonkeyPatch) -> None:
        path = project.root / name
        assert text in path.read_text(encoding="utf-8")
        path.write_text(path.read_text(encoding="utf-8").replace(text, other), encoding="utf-8")

    return change


def _template(project: Terminal, _site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(files.PACKAGE, project.root.parent / "inforce", ignore=shutil.ignore_patterns("__pycache__"))
    page = project.root.parent / "inforce/templates/inforce/page.html"
    page.write_text(f"{page.read_text(encoding='utf-8')} ", encoding="utf-8")
    monkeypatch.setattr(files, "PACKAGE", page.parents[2])
    cache.made_by.cache_clear()
    monkeypatch.setattr(cache, "made_by", cache.made_by.__wrapped__)


def _style(_project: Terminal, _site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asset = files.asset
    monkeypatch.setattr(files, "asset", lambda name: asset(name) + b"/* more */")


def _killed(_project: Terminal, site: Path, _: pytest.MonkeyPatch) -> None:
    ready = site / output.OWN[-1]
    ready.mkdir()
    (ready / "0").write_text("A page that never took its place.", encoding="utf-8")


CHANGES: dict[str, Change] = {
    "what a killed build had made ready": _killed,
    "a file by hand": lambda _project, site, _: (site / PAGE).write_text("Mine.", encoding="utf-8"),
    "a file, its size and its time the same": _same_size,
    "a file that is gone": lambda _project, site, _: (site / PAGE).unlink(),
    "a file that is a link now": _linked,
    "the site is gone": lambda _project, site, _: shutil.rmtree(site),
    "nobody knows whose the files are": lambda _project, site, _: (site / output.LIST).write_text("{}"),
    "a file of the ledger": lambda project, *_: project.run("erratum", "privacy", "1.0", "--note", "A comma.", "--yes"),
    "a setting of the policy": _replaced("mailto:privacy@", "mailto:legal@", "policy/privacy/policy.yml"),
    "an option of the plugin": lambda project, *_: write_site(project.root, options="epoch: 3"),
    "the site's name": _replaced("site_name: ", "site_name: The ", "mkdocs.yml"),
    "a template": _template,
    "the style sheet": _style,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_is_built(project: Terminal, change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    site = project.root / "site"
    for _ in range(2):
        project.run("build")
    change(project, site, monkeypatch)
    seen = []
    read = sources.read
    monkeypatch.setattr(sources, "read", lambda *told: seen.append(told) or read(*told))
    if (site / output.LIST).exists() and (site / output.LIST).read_bytes() == b"{}":
        shutil.rmtree(site)  # what stands there is nobody's then, and is refused; see test_command_build
    project.run("build")
    assert seen
    project.run("build", "-o", "fresh", "--no-cache")
    assert published(site) == published(project.root / "fresh")
    assert (site / PAGE).is_symlink() is False


def _record(root: Path, change: Callable[[str, bytes], tuple[object, object]]) -> None:
    """Put what ``change`` gives in place of the seal and the value of the record of the last build."""
    with contextlib.closing(sqlite3.connect(root / cache.FOLDER / "kept.db")) as kept, kept:
        rows = kept.execute("SELECT name, value FROM kept").fetchall()
        [(name, value)] = [row for row in rows if b'"answered": ' in zlib.decompress(row[1])]
        seal, other = change(name, value)
        kept.execute("UPDATE kept SET seal = COALESCE(?, seal), value = ? WHERE name = ?", (seal, other, name))


@pytest.mark.parametrize(
    "damaged",
    [
        lambda value: value[: len(value) // 2],
        lambda value: value[:-5] + bytes((value[-5] ^ 1,)) + value[-4:],
        lambda value: value + b" ",
        lambda _: zlib.compress(b"{}"),
        lambda _: b"",
        lambda _: "{}",
        lambda _: None,
    ],
    ids=["cut off", "a bit", "longer", "another", "empty", "text", "nothing"],
)
def test_a_damaged_record_is_ignored(
    project: Terminal, monkeypatch: pytest.MonkeyPatch, damaged: Callable[[bytes], object]
) -> None:
    project.run("build")
    before = published(project.root / "site")
    _record(project.root, lambda _, value: (None, damaged(value)))
    seen = []
    read = sources.read
    monkeypatch.setattr(sources, "read", lambda *told: seen.append(told) or read(*told))
    project.run("build")
    assert seen
    assert published(project.root / "site") == before


@pytest.mark.parametrize("key", ["own", "foreign"])
def test_a_record_that_somebody_else_wrote_is_ignored(project: Terminal, key: str) -> None:
    project.run("build")
    site, sealing = project.root / "site", (project.root.parent / "home/inforce/key").read_bytes()
    (site / PAGE).write_text("Theirs.", encoding="utf-8")

    def forged(name: str, value: bytes) -> tuple[bytes, bytes]:
        record = json.loads(zlib.decompress(value))
        record["left"] |= {PAGE: output.how(site / PAGE)}
        packed = zlib.compress(json.dumps(record).encode())
        return hmac.digest(sealing if key == "own" else sealing[::-1], name.encode() + b"\0" + packed, "sha256"), packed

    _record(project.root, forged)
    project.run("build")
    assert ((site / PAGE).read_text(encoding="utf-8") == "Theirs.") == (key == "own")


def test_where_a_disk_tells_times_in_seconds_every_file_is_read(
    project: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day stands for the second here, so that the test needs no luck."""
    exactly, day = output.how, 86_400 * 10**9

    def coarsely(path: Path) -> list[int]:
        return [each // day * day if each > day else each for each in exactly(path)]

    for module in (output, build):
        monkeypatch.setattr(module, "how", coarsely)
    project.run("build")
    before = published(project.root / "site")
    _same_size(project, project.root / "site", monkeypatch)
    project.run("build")
    assert published(project.root / "site") == before


def _by_hand(project: Terminal) -> None:
    (project.root / "site" / PAGE).write_text("Mine.", encoding="utf-8")


def _another_build(project: Terminal) -> None:
    project.run("build", "--site-name", "Others")


@pytest.mark.parametrize(("moment", "meanwhile"), [("_tell", _by_hand), ("put", _by_hand), ("put", _another_build)])
def test_what_somebody_does_while_a_build_is_at_work_is_not_its_own(
    project: Terminal, monkeypatch: pytest.MonkeyPatch, moment: str, meanwhile: Callable[[Terminal], None]
) -> None:
    """All have been looked at when the list is told first, and stand in their places after ``put``."""
    project.run("build")
    (project.root / "site" / "index.html").unlink()  # so that there is something to do
    with monkeypatch.context() as patched:
        patched.setattr(output, moment, _then(getattr(output, moment), lambda: (patched.undo(), meanwhile(project))))
        project.run("build")
    for _ in range(2):
        project.run("build")
    project.run("build", "-o", "fresh", "--no-cache")
    assert published(project.root / "site") == published(project.root / "fresh")


def _then(function: Callable[..., object], do: Callable[[], object]) -> Callable[..., object]:
    def both(*told: object) -> object:
        found = function(*told)
        do()
        return found

    return both


def test_what_git_says_by_now_is_shown(project: Terminal) -> None:
    path = project.root / "policy/privacy/policy.yml"
    path.write_text(f'{path.read_text(encoding="utf-8")}show_editors: "true"\n', encoding="utf-8")
    first = project.run("build")
    assert "no git repository" in first.stderr
    committed(project)
    assert ", 0 written" not in project.run("build").stdout
    assert b"<dt>Committed</dt>" in (project.root / "site/privacy/versions/index.html").read_bytes()


def test_an_option_of_the_command_makes_another_site(project: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    later = ["--as-of", "2027-01-01T00:00:00Z"]
    project.run("build")
    for options in (["--site-name", "Others"], ["--site-url", "https://b.example/"], later):
        assert ", 0 written" not in project.run("build", *options).stdout
        project.run("build", "-o", "fresh", "--no-cache", *options)
        assert published(project.root / "site") == published(project.root / "fresh")
    unread(monkeypatch)
    assert ", 0 written" in project.run("build", *later).stdout


def test_it_holds_until_a_version_takes_effect_and_no_longer(
    project: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.run("build")
    current = project.root / "site/privacy/index.html"
    with monkeypatch.context() as patched:
        unread(patched)
        project.now = datetime(2026, 4, 30, 21, 59, 59, tzinfo=UTC)  # a second before the first of May in Berlin
        assert ", 0 written" in project.run("build").stdout
        assert b"three" not in current.read_bytes()
    project.wait(seconds=1)
    assert ", 0 written" not in project.run("build").stdout
    assert b"three" in current.read_bytes()
    project.now = datetime(2026, 3, 20, tzinfo=UTC)  # a clock that went back
    project.run("build")
    assert b"three" not in current.read_bytes()


def test_a_draft_is_shown_as_long_as_it_is_open_for_comment(project: Terminal) -> None:
    project.edit("cookies", MORE.replace("three", "four"))
    path = project.root / "policy/privacy/policy.yml"
    days = 'comments_from: "2026-03-20"\ncomments_until: "2026-04-10"\n'
    path.write_text(path.read_text(encoding="utf-8") + days, encoding="utf-8")
    draft = project.root / "site/privacy/draft/index.html"
    for day, shown in ((19, False), (21, True), (22, True)):
        project.now = datetime(2026, 3, day, tzinfo=UTC)
        project.run("build")
        assert draft.exists() == shown
    project.edit("cookies", MORE.replace("three", "five"))
    project.run("build")
    assert "five" in draft.read_text(encoding="utf-8")
    project.now = datetime(2026, 4, 11, tzinfo=UTC)
    project.run("build")
    assert not draft.exists()


@pytest.mark.parametrize("options", [("--drafts",), ("--into", "site")])
def test_of_drafts_and_beside_another_site_nothing_is_taken_for_granted(
    project: Terminal, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    (project.root / "site").mkdir()
    project.run("-C", str(project.root), "build", *options)
    unread(monkeypatch)
    with pytest.raises(AssertionError, match="fault of inforce"):
        project.run("-C", str(project.root), "build", *options)


def test_what_was_finished_is_kept_through_builds_that_make_nothing(
    project: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(8):
        project.run("build")
    before = published(project.root / "site")
    shutil.rmtree(project.root / "site")
    render = site_builder.templates.render
    made: list[str] = []

    def rendered(content: Content, *more: Sequence[str]) -> str:
        made.append(content.template)
        return render(content, *more)

    monkeypatch.setattr(site_builder.templates, "render", rendered)
    project.run("build")
    assert published(project.root / "site") == before
    assert set(made) <= {"home.html", "missing.html"}


DAYS = st.integers(-1, 40).map(lambda days: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days))


@examples(50)
@given(histories() | ledgers(), DAYS, DAYS)
def test_between_two_instants_at_which_nothing_changes_every_page_is_promised_the_same(
    ledger: Ledger, one: datetime, other: datetime
) -> None:
    policy = Policy("privacy", None, ledger)
    since, until = Publication(Project((policy,), ()), one, ADDRESS).stretch()
    states = [{page.address: page.state for page in pages(Site(policy, at, ADDRESS))} for at in (one, other)]
    if (since is None or since <= other) and (until is None or other < until):
        assert states[0] == states[1]
    if states[0] != states[1]:
        assert (since and other < since) or (until and until <= other)
