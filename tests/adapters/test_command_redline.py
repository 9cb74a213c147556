"""`inforce redline`: what changed between two versions, in the draft, or between two files."""

from __future__ import annotations

import json

import html5lib
import pytest

from adapters.commands import CALL, Terminal, announced, released, terminal
from inforce.redline import canonical
from inforce.redline.resolution import accepted, rejected
from inforce.text import html as rendering


@pytest.fixture
def project(tmp_path) -> Terminal:
    return announced(tmp_path)


def test_without_a_draft_the_last_two_versions(project):
    said = project.run("redline").stdout
    assert said.splitlines()[:5] == [
        "Shop Privacy: 1.0 to 2.0",
        "1 clause changed, of 3; 1 word inserted, 1 deleted",
        "",
        "cookies: modified; material",
        "Note: One more cookie.",
    ]
    assert "We set [-two-]{+three+} cookies.\n- one for the basket" in said


def test_what_nobody_named_is_not_guessed_of_a_broken_ledger(project):
    project.edit("contact", CALL)
    options = ("--severity", "contact=notice", "--note", "contact=Call us.", "--effective", "2026-06-01")
    project.run("release", "privacy", "--summary", "A telephone.", *options)
    path = project.root / "versions/privacy/2.0.md"
    path.write_bytes(path.read_bytes().replace(b"three", b"seven"))
    for named in ((), ("privacy", "2.0"), ("privacy", "2.0", "draft"), ("privacy", "1.0", "2.1")):
        [line] = project.refused("redline", *named)
        assert line.startswith("versions/privacy/2.1.md:12: error: The file before this one is missing or was changed")
    assert "{+seven+}" in project.run("redline", "privacy", "1.0", "2.0").stdout


def test_a_draft_against_what_is_in_force(project):
    project.edit("contact", CALL)
    said = project.run("redline", "privacy").stdout
    assert said.startswith("Shop Privacy: 1.0 to the draft\n2 clauses changed, of 3;")
    assert "contact: modified; not graded yet\n" in said
    assert "cookies: modified; material\n" in said
    project.wait(days=70)
    assert project.run("redline", "privacy").stdout.startswith("Shop Privacy: 2.0 to the draft\n1 clause changed")


@pytest.mark.parametrize(
    ("arguments", "pair"),
    [
        (("privacy", "1.0", "2.0"), ("1.0", "2.0")),
        (("1.0", "2.0"), ("1.0", "2.0")),
        (("privacy", "1.0"), ("1.0", "draft")),
        (("2.0", "draft"), ("2.0", "draft")),
        (("draft",), ("1.0", "draft")),
    ],
)
def test_what_is_named_is_compared(project, arguments, pair):
    project.edit("contact", CALL)
    found = project.json("redline", *arguments)
    assert (found["from"], found["to"]) == pair


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("2.0", "1.0"), "1.0 does not come after 2.0. Name the older one first."),
        (("1.0", "1.0"), "1.0 does not come after 1.0"),
        (("draft", "1.0"), "The draft comes after every version"),
        (("1.0", "draft"), "The draft does not differ from 2.0"),
        (("privacy", "1.7"), "There is no version 1.7. The versions are 1.0, 2.0."),
        (("privcy",), "Did you mean `privacy`?"),
    ],
)
def test_what_cannot_be_compared(project, arguments, told):
    [line] = project.refused("redline", *arguments)
    assert told in line


def test_there_must_be_two(tmp_path):
    project = terminal(tmp_path)
    [line] = project.refused("redline")
    assert "Nothing was released yet" in line
    project.release()
    [line] = project.refused("redline")
    assert "1.0 is the first version, and the draft is the same" in line


def test_settings_that_changed_are_told(tmp_path):
    project = released(tmp_path)
    path = tmp_path / "policy/privacy/policy.yml"
    path.write_text(path.read_text().replace('"acknowledge"', '"accept"'))
    said = project.run("redline").stdout
    assert "requires: acknowledge becomes accept\n0 clauses changed, of 3;" in said


def test_programs_get_text_and_html(project):
    [clause] = project.json("redline", "1.0", "2.0")["clauses"]
    assert (clause["clause"], clause["kinds"], clause["severity"]) == ("cookies", ["modified"], "material")
    assert "[-two-]{+three+}" in clause["text"]
    assert "<ins>" in clause["html"]


def test_colours_are_for_terminals_only(project, monkeypatch):
    monkeypatch.setattr("inforce.adapters.command.redline_forms.terminal.coloured", lambda: True)
    said = project.run("redline").stdout
    assert "{+" not in said
    assert "twothree" in said  # the runner's stream is no terminal: colours are taken out again


def test_several_policies_must_be_named(project):
    from adapters.projects import write_policy

    write_policy(project.root, document="terms")
    [line] = project.refused("redline")
    assert "Name one of them: privacy, terms" in line


def test_errors_in_the_draft_are_mentioned(project):
    project.edit("contact", "## Contact\n\n[Bad](javascript:x).")
    assert "1 error" in project.run("redline").stderr


OLD = "---\ntitle: Terms\n---\n# Terms\n\nWe keep data for two years.\n\n1. one\n2. two\n3. three\n"
NEW = "# Terms\n\nWe keep your data for three years.\n\n1. one\n2. three\n"


@pytest.fixture
def folder(tmp_path) -> Terminal:
    (tmp_path / "OLD.md").write_text(OLD, encoding="utf-8")
    (tmp_path / "NEW.md").write_text(NEW, encoding="utf-8")
    return Terminal(tmp_path)


def test_outside_any_project_as_text(folder):
    expected = (
        "OLD.md to NEW.md\n2 words inserted, 2 deleted\n\n# Terms\nWe keep {+your+} data for [-two-]{+three+} years.\n"
    )
    for form in ((), ("--text",), ("--format", "text")):
        assert folder.run("redline", "OLD.md", "NEW.md", *form).stdout.startswith(expected)


def test_front_matter_is_left_out_aloud_and_text_between_rules_is_kept(folder):
    said = folder.run("redline", "OLD.md", "NEW.md").stderr
    assert said == "note: OLD.md: the front matter, up to line 3, is not compared.\n"
    (folder.root / "NEW.md").write_text("---\n\nBetween: two rules.\n\n---\n\nAfter.\n", encoding="utf-8")
    found = folder.json("redline", "OLD.md", "NEW.md")
    assert "Between: two rules." in accepted(found["html"])


@pytest.mark.parametrize(
    "front",
    ['+++\ntitle = "Terms"\n+++', "---\ntitle: Terms\n\nlang: en\n---", "---\n# of the site\ntags:\n- legal\n---"],
)
def test_front_matter_is_what_an_import_takes_for_it(folder, front):
    (folder.root / "NEW.md").write_text(f"{front}\n{NEW}", encoding="utf-8")
    found = folder.run("redline", "OLD.md", "NEW.md", "--format", "json")
    assert f"NEW.md: the front matter, up to line {len(front.splitlines())}, is not compared." in found.stderr
    assert accepted(json.loads(found.stdout)["html"]) == canonical(rendering.document(NEW))


def test_for_programs_exact_both_ways(folder):
    found = folder.json("redline", "OLD.md", "NEW.md")
    assert (found["words_inserted"], found["words_deleted"], found["blocks_deleted"]) == (2, 2, 1)
    assert found["wording_changed"]
    assert not found["whole"]
    body = OLD.removeprefix("---\ntitle: Terms\n---\n")
    assert rejected(found["html"]) == canonical(rendering.document(body))
    assert accepted(found["html"]) == canonical(rendering.document(NEW))
    assert "<h1>Terms</h1>" in found["html"]


def test_a_page_that_stands_alone(folder):
    (folder.root / "NEW.md").write_text(NEW + "\n<script>alert(1)</script> <img src=x onerror=alert(1)>\n", "utf-8")
    page = folder.run("redline", "OLD.md", "NEW.md", "--html").stdout
    html5lib.HTMLParser(strict=True).parse(page)
    assert page.startswith("<!doctype html>\n")
    assert "<h1>Terms</h1>" in page
    assert "<script" not in page
    assert "onerror" not in page
    assert "<title>OLD.md to NEW.md</title>" in page
    assert ".redline-say" in page.split("</style>")[0]


def test_versions_as_a_page(tmp_path):
    page = announced(tmp_path).run("redline", "1.0", "2.0", "--html").stdout
    html5lib.HTMLParser(strict=True).parse(page)
    assert "<h1><bdi>Shop Privacy: 1.0 to 2.0</bdi></h1>" in page
    assert "<p>1 clause changed, of 3; 1 word inserted, 1 deleted.</p>" in page
    assert ">modified; material. One more cookie.</p>" in page


def test_only_the_format_changed(folder):
    (folder.root / "OLD.md").write_text("We keep data.\n", encoding="utf-8")
    (folder.root / "NEW.md").write_text("We **keep** data.\n", encoding="utf-8")
    assert "No word changed; 1 format changed" in folder.run("redline", "OLD.md", "NEW.md").stdout


def test_a_comma_and_an_apostrophe_are_no_words(folder):
    (folder.root / "OLD.md").write_text("We don't keep names addresses and mails.\n", encoding="utf-8")
    (folder.root / "NEW.md").write_text("We don’t keep names, addresses, and mails.\n", encoding="utf-8")
    said = folder.run("redline", "OLD.md", "NEW.md").stdout
    assert "No word changed; punctuation only: 2 places; 1 format changed" in said


def test_nothing_changed(folder):
    said = folder.run("redline", "OLD.md", "OLD.md").stdout
    assert said.startswith("OLD.md to OLD.md\nNothing changed\n")
    assert "{+" not in said


def test_an_empty_file_and_one_in_windows_clothes(folder):
    (folder.root / "OLD.md").write_bytes(b"")
    (folder.root / "NEW.MD").write_bytes(b"\xef\xbb\xbfWe keep data.\r\n")
    assert "{+We keep data.+}" in folder.run("redline", "OLD.md", "NEW.MD").stdout


def test_what_is_not_utf_8_is_named_with_its_line(folder):
    (folder.root / "NEW.md").write_bytes(b"# Terms\n\nCaf\xe9\n")
    assert folder.refused("redline", "OLD.md", "NEW.md")[0].startswith("NEW.md:3: error: This is not UTF-8 text")


def test_a_missing_file_is_one_line(folder):
    (line,) = folder.refused("redline", "OLD.md", "none.md")
    assert line == "none.md: error: It cannot be read (No such file or directory). Name a Markdown file."


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("OLD.md",), "Two files, the older first"),
        (("OLD.md", "1.0"), "Two files, the older first"),
        (("OLD.md", "NEW.md", "OLD.md"), "Two files, the older first"),
        (("OLD.md", "NEW.md", "--html", "--text"), "One form at a time, not html and text."),
        (("OLD.md", "NEW.md", "--html", "--format", "json"), "One form at a time, not html and json."),
    ],
)
def test_usage(folder, arguments, told):
    assert told in folder.run("redline", *arguments, status=2).stderr


def test_white_space_is_shown_once_and_named(folder):
    (folder.root / "OLD.md").write_text("We wait 30 days.\n", encoding="utf-8")
    (folder.root / "NEW.md").write_text("We wait 30\u00a0days.\n", encoding="utf-8")
    said = folder.run("redline", "OLD.md", "NEW.md").stdout
    assert "No word changed; white space only: 1 place" in said
    assert said.endswith("We wait 30\u00a0days.\n")


def test_one_word_composed_in_two_ways_is_no_change(folder):
    (folder.root / "OLD.md").write_text("Our caf\u00e9.\n", encoding="utf-8")
    (folder.root / "NEW.md").write_text("Our cafe\u0301.\n", encoding="utf-8")
    assert "Nothing changed" in folder.run("redline", "OLD.md", "NEW.md").stdout


def test_a_clause_that_has_another_name_says_its_former_one(project):
    project.run("clause", "rename", "privacy", "contact", "reach-us")
    said = project.run("redline", "privacy").stdout
    assert "\nreach-us: " in said
    assert ", formerly contact; not graded yet\n\nThe text is the same; its address is another.\n" in said


@pytest.mark.parametrize(
    ("layout", "told"), [("inline", "once, at its new place"), ("side-by-side", "where it was and")]
)
def test_the_legend_says_where_this_layout_shows_what_moved(folder, layout, told):
    first, *others = (f"We say of the {name} what we say of it, in its place.\n" for name in ("one", "two", "three"))
    for name, texts in (("OLD.md", (first, *others)), ("NEW.md", (*others, first))):
        (folder.root / name).write_text("\n".join(texts), encoding="utf-8")
    page = folder.run("redline", "OLD.md", "NEW.md", "--html", "--layout", layout).stdout
    assert f"moved text stands {told}" in page


def test_old_beside_new(folder):
    page = folder.run("redline", "OLD.md", "NEW.md", "--html", "--layout", "side-by-side").stdout
    html5lib.HTMLParser(strict=True).parse(page)
    assert '<div class="if-beside">' in page
    assert '<div class="if-beside">' not in folder.run("redline", "OLD.md", "NEW.md", "--html").stdout
    assert (
        "--layout is one of the page of --html"
        in folder.run("redline", "OLD.md", "NEW.md", "--layout", "side-by-side", status=2).stderr
    )
