"""`inforce redline --docx FILE`: two versions, the draft, two files; who changed what, and when."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest

from adapters.commands import Terminal, announced, committed, released, terminal
from core.word.opening import marks, text, w
from inforce.adapters import files

MOVED = 'clauses: ["preamble", "contact", "cookies"]'


def opened(path: Path) -> dict[str, bytes]:
    """The files that a document packs."""
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def made(found: Terminal, *arguments: str) -> dict[str, bytes]:
    """The files of the document that the command writes."""
    assert found.run("redline", *arguments, "--docx", "redline.docx").stdout == "Wrote redline.docx.\n"
    return opened(found.root / "redline.docx")


def authors(packed: dict[str, bytes]) -> set[tuple[str | None, str | None]]:
    """Who made the changes, and when."""
    return {(mark.get(w("author")), mark.get(w("date"))) for mark in marks(packed)}


def test_two_versions_whole_with_their_numbers_and_days(tmp_path):
    packed = made(announced(tmp_path), "privacy", "1.0", "2.0")
    old, new = (text(packed, accept) for accept in (False, True))
    assert old[:3] == [
        "Shop Privacy", "Version 1.0, effective 2 March 2026, 10:00 (UTC+01:00)",
        "This shop explains what it does with data.",
    ]  # fmt: skip
    assert new[1] == "Version 2.0, effective 1 May 2026"
    assert ("We set two cookies." in old, "We set three cookies." in new) == (True, True)
    assert "Write to us. See cookies." in old


def test_without_git_changes_are_by_in_force_when_the_version_was_announced(tmp_path):
    assert authors(made(announced(tmp_path))) == {("In Force", "2026-03-02T10:00:00Z")}


def test_changes_are_by_who_committed_them(tmp_path):
    found = released(tmp_path)
    repository = committed(found, "Release 1.0")
    found.edit("cookies", "## Cookies\n\nWe set four cookies.")
    repository.commit({}, "Four cookies", author="Grace Counsel <grace@policies.example>")
    options = ("--severity", "cookies=notice", "--note", "cookies=Four now.")
    found.wait(hours=1)
    found.run("release", "privacy", "--summary", "Four.", "--effective", "2026-05-01", *options)
    repository.commit({}, "Release 1.1")
    by_grace, by_ada = ("Grace Counsel", "2026-01-01T01:00:00Z"), ("Ada Editor", "2026-01-01T02:00:00Z")
    assert authors(made(found, "1.0", "1.1")) == {by_grace, by_ada}


def test_a_draft_is_by_its_last_commit_or_else_by_gits_user_without_a_time(tmp_path):
    found = released(tmp_path)
    repository = committed(found, "Release 1.0")
    repository.git("config", "user.name", "Ada Editor")
    found.edit("cookies", "## Cookies\n\nWe set four cookies.")
    assert authors(made(found)) == {("Ada Editor", None)}
    repository.commit({}, "Four cookies", author="Grace Counsel <grace@policies.example>")
    assert authors(made(found)) == {("Grace Counsel", "2026-01-01T01:00:00Z"), ("Ada Editor", None)}
    assert text(made(found), True)[1] == "Draft"


def test_a_clause_that_moved_stands_where_it_stood_once_all_is_rejected(tmp_path):
    found = released(tmp_path)
    policy = tmp_path / "policy" / "privacy" / "policy.yml"
    settings = policy.read_text("utf-8").replace('clauses: ["preamble", "cookies", "contact"]', MOVED)
    policy.write_text(settings, "utf-8")
    packed = made(found)
    orders = [[line for line in text(packed, accept) if line in ("Cookies", "Contact")] for accept in (False, True)]
    assert orders == [["Cookies", "Contact"], ["Contact", "Cookies"]]


def test_a_clause_that_moved_is_a_move_as_an_independent_reader_finds_it(tmp_path):
    found = released(tmp_path)
    policy = tmp_path / "policy" / "privacy" / "policy.yml"
    settings = policy.read_text("utf-8").replace('clauses: ["preamble", "cookies", "contact"]', MOVED)
    policy.write_text(settings, "utf-8")
    found.wait(hours=1)
    found.run(
        "release", "privacy", "--summary", "In order.", "--effective", "2026-05-01", "--severity", "contact=notice"
    )
    made(found, "1.0", "1.1")
    body = docx.Document(str(tmp_path / "redline.docx")).element
    names = [body.xpath(f"//w:{kind}RangeStart/@w:name") for kind in ("moveFrom", "moveTo")]
    assert names == [["move1"], ["move1"]]
    texts = ["".join(body.xpath(f"//w:{kind}/w:r/w:t/text()")) for kind in ("moveFrom", "moveTo")]
    assert texts[0] == texts[1] != ""


def test_the_same_bytes_whenever_it_is_made(tmp_path):
    found = announced(tmp_path)
    made(found)
    first = (tmp_path / "redline.docx").read_bytes()
    found.wait(days=100)
    made(found)
    assert (tmp_path / "redline.docx").read_bytes() == first


@pytest.fixture
def folder(tmp_path) -> Terminal:
    (tmp_path / "OLD.md").write_text("# Terms\n\nWe keep data for two years.\n", encoding="utf-8")
    (tmp_path / "NEW.md").write_text("# Terms\n\nWe keep your data for three years.\n", encoding="utf-8")
    return Terminal(tmp_path)


def test_two_files_outside_any_project(folder):
    packed = made(folder, "OLD.md", "NEW.md")
    assert text(packed, False) == ["Terms", "We keep data for two years."]
    assert text(packed, True) == ["Terms", "We keep your data for three years."]
    assert authors(packed) == {("In Force", None)}


def test_what_is_shown_whole_is_told(folder):
    first, second = "<tr><td{}>a</td><td>b</td></tr>", "<tr><td>c</td></tr>"
    for name, rows in (("OLD.md", first.format(' rowspan="2"') + second), ("NEW.md", first.format(""))):
        (folder.root / name).write_text(f"<table>{rows}</table>\n", "utf-8")
    said = folder.run("redline", "OLD.md", "NEW.md", "--docx", "redline.docx").stderr
    assert said == "warning: NEW.md is shown whole, deleted and inserted: finer changes were not exact in Word.\n"


def test_one_form_at_a_time(folder):
    said = folder.run("redline", "OLD.md", "NEW.md", "--html", "--docx", "x.docx", status=2).stderr
    assert "One form at a time, not docx and html." in said
    assert not (folder.root / "x.docx").exists()


def test_a_file_that_cannot_be_written_leaves_what_was_there(folder, monkeypatch):
    (folder.root / "redline.docx").write_bytes(b"before")

    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write", full)
    said = folder.run("redline", "OLD.md", "NEW.md", "--docx", "redline.docx", status=1).stderr
    assert said.startswith("redline.docx: error: The file cannot be written (No space left on device).")
    assert (folder.root / "redline.docx").read_bytes() == b"before"


def test_a_draft_that_was_never_released_has_nothing_to_be_compared_with(tmp_path):
    assert terminal(tmp_path).refused("redline", "--docx", "redline.docx")
    assert not (tmp_path / "redline.docx").exists()


def test_two_files_in_a_script_from_right_to_left_are_laid_out_so(tmp_path):
    found = terminal(tmp_path)
    (tmp_path / "OLD.md").write_text("نحن نحتفظ باسمك.\n", encoding="utf-8")
    (tmp_path / "NEW.md").write_text("نحن نحتفظ ببريدك.\n", encoding="utf-8")
    parts = made(found, "OLD.md", "NEW.md")
    assert b"<w:bidi/>" in parts["word/document.xml"]
    assert b"<w:bidi/>" in parts["word/styles.xml"]
    assert b"<w:rtl/>" in parts["word/styles.xml"]


def test_what_is_said_of_a_change_stands_beside_it_as_an_independent_reader_finds_it(tmp_path):
    found = announced(tmp_path)
    made(found, "1.0", "2.0")
    document = docx.Document(str(tmp_path / "redline.docx"))
    said = {comment.text: comment.author for comment in document.comments}
    assert list(said) == ["More cookies.", "modified; material\nOne more cookie."]
    assert set(said.values()) == {"In Force"}
    [beside] = [each for each in document.paragraphs if each.text == "Cookies"]
    assert beside._p.xpath("./w:commentRangeStart/@w:id") == ["1"]


def test_an_independent_reader_finds_the_text_before_and_after(tmp_path):
    """python-docx knows no tracked changes: it reads what is left when the marks of one side are taken out."""
    found = announced(tmp_path)
    made(found, "1.0", "2.0")
    for gone, words in (("del", "We set three cookies"), ("ins", "We set two cookies")):
        document = docx.Document(str(tmp_path / "redline.docx"))
        for mark in document.element.xpath(f"//w:p/w:{gone}"):
            mark.getparent().remove(mark)
        texts = document.element.xpath("//w:p[.//w:t or .//w:delText]")
        lines = ["".join(each.xpath(".//w:t/text() | .//w:delText/text()")) for each in texts]
        assert any(line.startswith(words) for line in lines), lines
