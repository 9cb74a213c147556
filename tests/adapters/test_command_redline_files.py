"""`inforce redline OLD.md NEW.md`: two Markdown files from anywhere, and the page that stands alone."""

from __future__ import annotations

import html5lib
import pytest

from adapters.commands import Terminal, announced
from inforce.redline import canonical
from inforce.redline.resolution import accepted, rejected
from inforce.text import html as rendering

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
    assert "<script" not in page
    assert "onerror" not in page
    assert "<title>OLD.md to NEW.md</title>" in page
    assert ".redline-say" in page.split("</style>")[0]


def test_versions_as_a_page(tmp_path):
    page = announced(tmp_path).run("redline", "1.0", "2.0", "--html").stdout
    html5lib.HTMLParser(strict=True).parse(page)
    assert "<h1><bdi>Shop Privacy: 1.0 to 2.0</bdi></h1>" in page
    assert "<p>1 clause changed, of 3; 1 word inserted, 1 deleted.</p>" in page
    assert "cookies: modified; material. One more cookie.</p>" in page


def test_only_the_format_changed(folder):
    (folder.root / "OLD.md").write_text("We keep data.\n", encoding="utf-8")
    (folder.root / "NEW.md").write_text("We **keep** data.\n", encoding="utf-8")
    assert "No word changed; 1 format did" in folder.run("redline", "OLD.md", "NEW.md").stdout


def test_a_comma_and_an_apostrophe_are_no_words(folder):
    (folder.root / "OLD.md").write_text("We don't keep names addresses and mails.\n", encoding="utf-8")
    (folder.root / "NEW.md").write_text("We don’t keep names, addresses, and mails.\n", encoding="utf-8")
    assert (
        "No word changed; 2 places of punctuation and 1 format did" in folder.run("redline", "OLD.md", "NEW.md").stdout
    )


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
    assert "none.md: No such file" in line


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
