"""Slips that nobody sees on the screen: a key, a quote, a dash, a name, a link that is almost right."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from core import builders
from core.builders import NEXT, POLICY, SETTINGS, Files, assert_told
from inforce.errors import InForceError, Level
from inforce.text import clauses, unsafe
from inforce.text import yaml as frontmatter

CONTACT = f"{POLICY}contact.md"
TEXT = "## Contact\n\nOther words.\n"


@pytest.fixture(scope="module")
def shipped() -> Files:
    return builders.shipped()


def assert_told_once(files: Files, changed: Mapping[str, str], place: str, what: str, cure: str, level: Level) -> None:
    """The one problem that the changed files lead to."""
    problems = builders.problems({**files, **{path: text.encode() for path, text in changed.items()}})
    assert [problem.place for problem in problems] == [place]
    assert_told(problems, place, what, cure, level)


@pytest.mark.parametrize(
    ("key", "meant"),
    [("nota", "note"), ("Note", "note"), ("NOTE", "note"), ("Severity", "severity"), ("serverity", "severity")],
)
def test_a_key_that_is_nearly_one_of_a_note(key: str, meant: str, shipped: Files) -> None:
    text = f"---\nowner: legal\n{key}: x\n---\n{TEXT}"
    what, cure = f"`{key}` is not read as part of a note", f"Did you mean `{meant}`?"
    assert_told_once(shipped, {CONTACT: text}, f"{CONTACT}:3", what, cure, Level.WARNING)


@pytest.mark.parametrize("key", ["owner", "title", "reviewed", "tags", "date", "Author", "review-by", "status"])
def test_other_keys_are_somebody_else_s(key: str, shipped: Files) -> None:
    assert builders.problems({**shipped, CONTACT: f"---\n{key}: x\n---\n{TEXT}".encode()}) == ()


@pytest.mark.parametrize(
    ("name", "example"),
    [
        ("Refunds", ", for example to refunds.md,"),
        ("gebühren", ", for example to gebuhren.md,"),
        ("refunds (1)", ", for example to refunds-1.md,"),
        ("Contact", ""),
        ("联系", ""),
    ],
)
def test_a_clause_whose_file_has_a_name_that_is_no_id(name: str, example: str, shipped: Files) -> None:
    path = f"{POLICY}{name}.md"
    cure = f"Rename the file{example} and list that in policy.yml, or delete it"
    assert_told_once(shipped, {path: TEXT}, path, f"`{name}` is not an id", cure, Level.ERROR)


def test_a_listed_clause_whose_file_is_not_written_alike(shipped: Files) -> None:
    files = {path: data for path, data in shipped.items() if path != CONTACT} | {f"{POLICY}Contact.md": TEXT.encode()}
    assert_told(builders.problems(files), f"{SETTINGS}:8", "`contact` has no file", "Rename Contact.md to contact.md")


def test_a_note_on_a_clause_that_there_never_was(shipped: Files) -> None:
    files = {path: data for path, data in shipped.items() if path != CONTACT}
    files[SETTINGS] = builders.settings(["preamble", "purpose"])
    changes = "changes:\n  contcat:\n    severity: material\n    note: Gone.\n"
    what = "There is no clause `contcat`, neither in 2.0 nor in the draft"
    cure = "Did you mean `contact`?"
    assert_told_once(files, {NEXT: f"summary: Gone.\n{changes}"}, f"{NEXT}:3", what, cure, Level.WARNING)


LOOKALIKES = [
    ("severity:\u00a0notice", 1, "U+00A0 (no-break space)", "Type a plain blank"),
    ("note: x\nseverity:\u00a0notice", 2, "U+00A0 (no-break space)", "Type a plain blank"),
    ("note: x\n\u00a0severity: notice", 2, "U+00A0 (no-break space)", "Type a plain blank"),
    ("severity\u00a0: notice", 1, "U+00A0 (no-break space)", "Type a plain blank"),
    ("severity:\u3000notice", 1, "U+3000 (ideographic space)", "Type a plain blank"),
    ("severity：notice", 1, "U+FF1A (fullwidth colon)", "Type a plain blank or colon"),
    ("was:\n-\u00a0old\n- b", 2, "U+00A0", "Type a plain blank"),
    ("severity: “notice”", 1, "The quotes “…” would be part of the text", "Write straight quotes"),
    ("note: „Neu.“", 1, "The quotes „…“ would be", "Write straight quotes"),
    ("was: [‘old’]", 1, "The quotes ‘…’ would be", "Write straight quotes"),
    ("owner: x\nnote: “New: an address.”", 2, "begins with a quote that is none to YAML", "Write straight quotes"),
]


@pytest.mark.parametrize(("front", "line", "what", "cure"), LOOKALIKES, ids=lambda value: ascii(value)[:30])
def test_a_character_that_is_not_what_it_seems(front: str, line: int, what: str, cure: str, shipped: Files) -> None:
    assert_told_once(shipped, {CONTACT: f"---\n{front}\n---\n{TEXT}"}, f"{CONTACT}:{line + 1}", what, cure, Level.ERROR)


@pytest.mark.parametrize(
    "value",
    ['"“New”"', "'„Neu“'", "“New” address", "The “new”", "New:\u00a0x", "|\n  “New”\n", "“"],
)
def test_typographic_quotes_and_blanks_have_their_place(value: str) -> None:
    assert "note" in frontmatter.read(f"note: {value}\n", "a.yml")


@pytest.mark.parametrize("text", ["a: {b:\u00a0x}\n", "a:\n  b:\u00a0x\n"])
def test_a_no_break_space_below_another_key(text: str) -> None:
    with pytest.raises(InForceError, match=r"^a\.yml:\d: Here stands U\+00A0"):
        frontmatter.read(text, "a.yml").fields("a").only("b")


NOTE = 'severity: notice\nnote: "New."\n'


@pytest.mark.parametrize(
    ("text", "line", "what", "cure"),
    [
        (f"\n---\n{NOTE}---\n{TEXT}", 2, "begins on the first line", "Delete the empty lines above ---"),
        (f"\n\n---\n{NOTE}\n---\n\n{TEXT}", 3, "begins on the first line", "Delete the empty lines"),
        (f"{NOTE}---\n{TEXT}", 1, "not opened by ---", "Write --- (three hyphens) above and below it"),
        (f"\n{NOTE}\n{TEXT}", 2, "not opened by ---", "Write --- (three hyphens) above and below it"),
        (f"–––\n{NOTE}–––\n{TEXT}", 1, "These dashes do not open front matter", "three plain hyphens"),
        (f"———\n{NOTE}———\n\n{TEXT}", 1, "These dashes do not open front matter", "three plain hyphens"),
        (f"—-\n{NOTE}---\n{TEXT}", 1, "These dashes do not open front matter", "three plain hyphens"),
        (f" ---\n{NOTE}---\n{TEXT}", 1, "These dashes do not open", "at the line's beginning"),
    ],
)
def test_front_matter_that_is_none_is_told_once(text: str, line: int, what: str, cure: str, shipped: Files) -> None:
    assert_told_once(shipped, {CONTACT: text}, f"{CONTACT}:{line}", what, cure, Level.ERROR)


def test_a_note_of_the_preamble_that_is_none(shipped: Files) -> None:
    preamble = f"{POLICY}preamble.md"
    what, cure = "These dashes do not open front matter", "three plain hyphens"
    assert_told_once(shipped, {preamble: f"———\n{NOTE}———\nText.\n"}, f"{preamble}:1", what, cure, Level.ERROR)


@pytest.mark.parametrize(
    "text",
    [
        "Note: an example.\n\n---\n\nText.\n",
        "\n---\n\nNote: an example.\n\n---\n",
        "\n---\nNote: an example.\n\nText.\n",
        "```\nnote: x\n---\n```\n",
    ],
)
def test_a_preamble_may_begin_with_note(text: str, shipped: Files) -> None:
    assert builders.problems({**shipped, f"{POLICY}preamble.md": text.encode()}) == ()


ANCHORS = [
    ("[x](#contcat)", "`#contcat` leads nowhere", "Did you mean `contact`?"),
    ("[x][y]\n\n[y]: #Purpose", "`#Purpose` leads nowhere", "Did you mean `purpose`?"),
    ('<a href="#nowhere">x</a>', "`#nowhere` leads nowhere", "Write a clause's id, as policy.yml lists it"),
    ("[x](#letter)\n\n### Letters {#letters}\n\nT.", "`#letter` leads nowhere", "Did you mean `letters`?"),
]


@pytest.mark.parametrize(("text", "what", "cure"), ANCHORS)
def test_a_link_to_no_clause(text: str, what: str, cure: str, shipped: Files) -> None:
    line = 5 if text.startswith("[x][y]") else 3
    assert_told_once(shipped, {CONTACT: f"## Contact\n\n{text}\n"}, f"{CONTACT}:{line}", what, cure, Level.ERROR)


@pytest.mark.parametrize(
    "text",
    [
        "[x](#purpose), [x](#preamble), [x](#contact), [x](#top) and [x](#)",
        "[x](#letters)\n\n### Letters {#letters}\n\nText.[^1]\n\n[^1]: A note.",
        "`[x](#nowhere)` and [x](https://policies.example/#nowhere) and [x](../terms/#nowhere)",
    ],
)
def test_a_link_within_the_policy(text: str, shipped: Files) -> None:
    assert builders.problems({**shipped, CONTACT: f"## Contact\n\n{text}\n".encode()}) == ()


def test_brackets_nested_beyond_all_sense(shipped: Files) -> None:
    text = f"## Contact\n\n{'[' * 20_000}{']' * 20_000}\n"
    what, cure = "Square brackets are nested 20000 deep here", "Close them, or write \\["
    assert_told_once(shipped, {CONTACT: text}, f"{CONTACT}:3", what, cure, Level.ERROR)


@pytest.mark.parametrize("text", ["[a](b) " * 500, "\\[" * 500, "`" + "[" * 500 + "`", "[x\n\n" * 500 + "x"])
def test_many_brackets_that_are_not_nested(text: str) -> None:
    found = unsafe.find(clauses.read_clause("contact", f"## Contact\n\n{text}\n".encode(), CONTACT))
    assert "nesting" not in [problem.rule for problem in found]


def test_a_note_that_nothing_refers_to_is_told_once_whatever_it_refers_to(shipped: Files) -> None:
    text = "## Contact\n\nWrite.\n\n[^1]: See[^2].\n\n[^2]: Two.\n"
    what, cure = "Nothing refers to the footnote [^1]", "Write [^1] where it belongs, or take the note out"
    assert_told_once(shipped, {CONTACT: text}, f"{CONTACT}:5", what, cure, Level.ERROR)
    by_hand = "## Contact\n\nWrite[^1], [as](#fnref:9) said.\n\n[^1]: One.\n"
    assert_told_once(shipped, {CONTACT: by_hand}, f"{CONTACT}:3", "`#fnref:9` leads nowhere", "", Level.ERROR)
