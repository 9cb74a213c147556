"""What hides words, or makes them read otherwise than they are: refused with its line, wherever it is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace

import pytest

from core import builders
from core.builders import NEXT, POLICY, SETTINGS, Files, assert_told
from core.check.test_bad_input import body, contact, found, setting
from inforce import project
from inforce.ledger import entries
from inforce.model import Clause
from inforce.text import characters
from inforce.text.html import render

CONTACT = f"{POLICY}contact.md"
TURNED = "\u202e001\u202c"

CASES: dict[str, tuple[Mapping[str, bytes | None], str, str]] = {
    "turned, as an entity": (body("T.\n\n&#x202e;001&#x202c;"), f"{CONTACT}:5", "U+202E RIGHT-TO-LEFT OVERRIDE"),
    "an entity by name": (body("never&ZeroWidthSpace;theless"), f"{CONTACT}:3", "U+200B ZERO WIDTH SPACE"),
    "in code": (body(f"`{TURNED}`"), f"{CONTACT}:3", "U+202E RIGHT-TO-LEFT OVERRIDE"),
    "in a code block": (body(f"```\nx\n{TURNED}\n```"), f"{CONTACT}:5", "U+202E RIGHT-TO-LEFT OVERRIDE"),
    "in a link": (body(f"[a](https://a.example/{TURNED})"), f"{CONTACT}:3", "U+202E RIGHT-TO-LEFT OVERRIDE"),
    "in a heading": (contact("## Us\U000e0041\n\nT.\n"), f"{CONTACT}:1", "U+E0041 TAG LATIN CAPITAL LETTER A"),
    "a C1 control": (body("a\x9bb"), f"{CONTACT}:3", "U+009B CONTROL CHARACTER"),
    "an isolate left open": (body("\u05d0 \u2067a"), f"{CONTACT}:3", "U+2067 RIGHT-TO-LEFT ISOLATE"),
    "a mark among Latin": (body("12\u200f34"), f"{CONTACT}:3", "U+200F RIGHT-TO-LEFT MARK"),
    "turned by a tag": (body('<bdo dir="rtl">12</bdo>'), f"{CONTACT}:3", "<bdo> makes text read otherwise"),
    "shrunk": (body("<small><sup>unless you pay</sup></small>"), f"{CONTACT}:3", "too small to read"),
    "a comment": (body("T.\n\n<!-- ask legal -->"), f"{CONTACT}:5", "A comment is on no page"),
    "a comment in a line": (body("T <!-- why? --> t."), f"{CONTACT}:3", "A comment is on no page"),
    "a tracking pixel": (body("T.\n<img src='https://t.example/p'>"), f"{CONTACT}:4", "A picture is no part"),
    "a foreign image": (body("T. ![a][b]\n\n[b]: https://t.example/p"), f"{CONTACT}:3", "A picture is no part"),
    "tags in tags": (body("T.\n\n" + "<div>" * 40 + "x" + "</div>" * 40), f"{CONTACT}:5", "more than 32 deep"),
    "tags on lines": (body("T.\n\n" + "<div>\n" * 40 + "x\n" + "</div>\n" * 40), f"{CONTACT}:37", "more than 32 deep"),
    "tags mis-nested": (body("T.\n\n" + "<b><div></b>" * 40 + "x"), f"{CONTACT}:5", "more than 32 deep"),
    "tags in lists": (body("- " * 12 + "<b><i>" * 8 + "x" + "</i></b>" * 8), f"{CONTACT}:3", "more than 32 deep"),
    "in a note": (
        contact('---\nseverity: "notice"\nnote: "a\\u202eb"\n---\n## Us\n\nT.\n'),
        f"{CONTACT}:3",
        "U+202E RIGHT-TO-LEFT OVERRIDE",
    ),
    "in a reason": (
        contact('---\nseverity: "editorial"\neditorial_because: "a\\u202eb"\n---\n## Us\n\nT.\n'),
        f"{CONTACT}:3",
        "U+202E RIGHT-TO-LEFT OVERRIDE",
    ),
    "in the summary": ({NEXT: 'summary: "a\u200bb"\n'.encode()}, f"{NEXT}:1", "U+200B ZERO WIDTH SPACE"),
    "in the title": (setting(title='"Pri\u2060vacy"'), f"{SETTINGS}:1", "U+2060 WORD JOINER"),
}


@pytest.fixture(scope="module")
def shipped() -> Files:
    return builders.shipped()


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_with_its_line(name: str, shipped: Files) -> None:
    changes, place, what = CASES[name]
    assert_told(found(shipped, changes), place, what, "")


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",  # Persian
        "1445ه\u200d",
        "क्\u200dष क्\u200cष",  # Hindi
        "র\u200d্যাব",  # Bengali
        "ක්\u200dර",  # Sinhala
        "สวัสดี\u200bครับ",  # Thai
        "שלום\u200f! (abc\u200e)",
        "א \u2066abc\u2069 ב",
        "co\u00adoperate",
        "\u845b\U000e0100",
        "👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3 ©\ufe0f",
        "`&#x202e;` is how it is written",
        "<small>in small</small> and <sub>2</sub>",
    ],
)
def test_what_a_language_needs_is_allowed(text: str, shipped: Files) -> None:
    assert [str(problem) for problem in found(shipped, body(text)) if problem.path == CONTACT] == []


def test_each_one_is_told_by_its_number_and_its_name() -> None:
    for point in (*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0xFEFF, 0xE0001, 0x2028):
        (told,) = characters.find(f"no\u0061{chr(point)}b")
        name = unicodedata.name(chr(point), "CONTROL CHARACTER" if point < 0xA0 else "")
        assert f"U+{point:04X} {name}" in told[1]


@pytest.mark.long
def test_what_is_cleaned_holds_nothing_that_would_be_told() -> None:
    points = *range(0xD800), *range(0xE000, 0x40000), *range(0x40000, 0x110000, 97)  # those far out are all alike
    every = [*map(chr, points)]
    hidden = [each for each in every if each not in "\n" and list(characters.find(f"a{each}b"))]
    assert len(hidden) > 100
    for text in ("".join(f"a{each}" for each in hidden), "".join(hidden), "א" + "".join(hidden)):
        assert list(characters.find(characters.without_misplaced(text))) == []


@pytest.mark.parametrize("name", ["contact.md", "policy.yml", "next.yml"])
def test_what_is_too_large_is_told_before_it_is_read(name: str, shipped: Files) -> None:
    changes = {f"{POLICY}{name}": (b"a: b " * 249 + b"a: b\n") * 1_000}
    assert_told(found(shipped, changes), f"{POLICY}{name}", "1,250,000 bytes, and 1,000,000 are the most", "Divide it")


def test_a_version_may_be_larger_than_a_clause(shipped: Files) -> None:
    path = "versions/privacy/9.0.md"
    assert_told(found(shipped, {path: b"a: b\n" * 1_250_000}), path, "5,000,000 are the most", "Divide it")


OLD = builders.released(builders.policy(), "2026-01-01", summary="First.")


def _in_the_ledger(text: str) -> Files:
    """A ledger whose version holds a text as its contact clause that no draft may hold now."""
    path, data = next((path, data) for path, data in OLD.items() if path.endswith("1.0.md"))
    version = entries.parse(path, data)
    clauses = tuple(Clause("contact", text) if each.id == "contact" else each for each in version.clauses)
    files = {name: each for name, each in OLD.items() if not name.startswith("versions/")}
    return {**files, f"{POLICY}contact.md": text.encode(), path: entries.compose(replace(version, clauses=clauses))}


def test_an_old_version_is_built_and_shows_a_sign_where_something_turns_its_words() -> None:
    files = _in_the_ledger(f"## Contact {{#contact}}\n\n{TURNED} <!-- x -->\n\n{'&#x202e;'}100")
    found = [problem for problem in project.read(files).problems if problem.path.startswith("versions/")]
    assert found == []
    version = project.read(files).policy("privacy").ledger.versions[0]
    shown = render(version.by_id["contact"]).html
    assert "[U+202E RIGHT-TO-LEFT OVERRIDE]001[U+202C POP DIRECTIONAL FORMATTING]" in shown
    assert "[U+202E RIGHT-TO-LEFT OVERRIDE]100" in shown
    assert not list(characters.find(shown))


def test_a_version_that_readers_do_not_have_yet_is_refused_with_its_line() -> None:
    files = _in_the_ledger("## Contact {#contact}\n\na\u202eb\n\n<!-- x -->")
    told = project.read(files).check(builders.at("2026-01-01"), published=())
    path = next(path for path in files if path.endswith("1.0.md"))
    rows = files[path].decode().split("\n")
    for rule, row in (("hidden-character", "a\u202eb"), ("comment", "<!-- x -->")):
        (problem,) = [each for each in told if each.rule == rule and each.path == path]
        assert problem.line == rows.index(row) + 1


def test_a_version_nested_too_deep_is_never_built() -> None:
    files = _in_the_ledger("## Contact {#contact}\n\n" + "<div>" * 2100 + "we sell" + "</div>" * 2100)
    path = next(path for path in files if path.endswith("1.0.md"))
    (problem,) = [each for each in project.read(files).errors if each.rule == "nesting" and each.path == path]
    assert problem.line == files[path].decode().split("\n").index("## Contact {#contact}") + 3
