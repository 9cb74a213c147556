"""What editors, browsers and hooks get wrong, case by case: the place, what is wrong, and the cure that is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from core import builders
from core.builders import NEXT, POLICY, SETTINGS, Files, assert_told
from inforce.errors import Level, Problem

CONTACT = f"{POLICY}contact.md"
V10, V11, V20 = (f"versions/privacy/{number}.md" for number in ("1.0", "1.1", "2.0"))


@dataclass(frozen=True)
class Case:
    """One mistake: the files that it leaves (None: deleted), and the message that it must lead to."""

    name: str
    files: Mapping[str, bytes | None]
    place: str
    what: str
    cure: str
    level: Level = Level.ERROR


PREAMBLE = f"{POLICY}preamble.md"


def contact(text: str) -> Mapping[str, bytes]:
    """The contact clause with another text."""
    return {CONTACT: text.encode()}


def body(text: str) -> Mapping[str, bytes]:
    """The contact clause with another text below its heading; the text begins on line 3."""
    return contact(f"## Contact\n\n{text}\n")


def listed(*names: str) -> Mapping[str, bytes]:
    """A list of clauses, one a line, the first on line 9."""
    return {SETTINGS: builders.settings(clauses="\n" + "\n".join(f"- {name}" for name in names))}


def setting(**lines: str | None) -> Mapping[str, bytes]:
    return {SETTINGS: builders.settings(**lines)}


LISTING = [
    Case("not listed", listed("preamble", "purpose"), CONTACT, "`contact` is not listed", "Add 'contact' to `clauses`"),
    Case(
        "listed twice",
        listed("preamble", "purpose", "contact", "purpose"),
        f"{SETTINGS}:12",
        "`purpose` is listed twice",
        "Keep one of the two lines",
    ),
    Case("missing", {CONTACT: None}, f"{SETTINGS}:8", "`contact` has no file", "Write policy/privacy/contact.md"),
    Case(
        "misspelt",
        listed("preamble", "purpose", "contacts", "contact"),
        f"{SETTINGS}:11",
        "`contacts` has no file",
        "Did you mean `contact`",
    ),
    Case(
        "preamble not first",
        listed("purpose", "preamble", "contact"),
        f"{SETTINGS}:10",
        "`preamble` is not the first clause",
        "Move it up",
    ),
    *(
        Case(
            f"the id {name}",
            listed("preamble", "purpose", "contact", f'"{name}"'),
            f"{SETTINGS}:12",
            f"`{name}` {wrong}",
            "Choose another id",
        )
        for name, wrong in {
            "Contact": "is not an id: lower-case letters",
            "../contact": "is not an id",
            "a--b": "is not an id",
            "1st": "is not an id",
            "": "is not an id",
            "no": "is a word that YAML reads as something else",
            "null": "is a word that YAML",
            "con": "is a device name on Windows",
            "lpt1": "is a device name on Windows",
        }.items()
    ),
    Case("no list", setting(clauses=None), f"{SETTINGS}:1", "`clauses` lists no clause", "List the clauses in order"),
    Case("no settings", {SETTINGS: None}, SETTINGS, "A policy needs this file", "Write it: title, kind"),
]

STRUCTURE = [
    Case("no heading", contact("Write to us.\n"), f"{CONTACT}:1", "begins with its heading", "a line ## Heading"),
    Case("a heading of marks", contact("## ##\n\nText.\n"), f"{CONTACT}:1", "begins with its heading", "## Heading"),
    Case("a heading of blanks", contact("## &nbsp;<!-- x -->\n\nT.\n"), f"{CONTACT}:1", "shows no word", "Write what"),
    Case("too deep a heading", contact("### Contact\n\nText.\n"), f"{CONTACT}:1", "begins with its heading", "## Head"),
    Case("two headings", body("One.\n\n## Second\n\nTwo."), f"{CONTACT}:5", "no second heading (##)", "### or deeper"),
    Case(
        "a preamble's", {PREAMBLE: b"One.\n\n## Two\n\nT.\n"}, f"{PREAMBLE}:3", "The preamble has no heading", "### or"
    ),
    Case("a heading in a list", body("- one\n\n    ## Two"), f"{CONTACT}:5", "no second heading", "### or deeper"),
    Case("a document heading", body("# Contact"), f"{CONTACT}:3", "no document heading (#)", "### or deeper"),
    Case("underlined", body("Second\n------\n\nTwo."), f"{CONTACT}:4", "An underlined heading", "leave an empty line"),
    Case("underlined twice", body("Second\n===\n"), f"{CONTACT}:4", "An underlined heading", "Write ### Heading"),
    Case("underlined in a quote", body("> Second\n> ===\n"), f"{CONTACT}:4", "An underlined", "Write ### Heading"),
    Case("empty", contact(" \n\n"), CONTACT, "The clause is empty", "take it out of policy.yml"),
    Case("a heading alone", contact("## Contact\n"), f"{CONTACT}:1", "a heading and no text", "Write its text below"),
    Case("an open fence", body("```\ncode"), f"{CONTACT}:3", "fence is never closed", "Close it with the same marks"),
    Case(
        "lines counted behind front matter",
        contact('---\nseverity: "notice"\n---\n\n## Contact\n\n# No\n'),
        f"{CONTACT}:7",
        "no document heading",
        "### or deeper",
    ),
]

ENCODING = [
    Case("Latin-1", {CONTACT: b"## Contact\n\nCaf\xe9.\n"}, f"{CONTACT}:3", "not UTF-8", "Save the file as UTF-8"),
    Case(
        "Latin-1 behind a byte order mark",
        {CONTACT: b"\xef\xbb\xbf\r\n\xe9"},
        f"{CONTACT}:2",
        "not UTF-8",
        "Save the file as UTF-8",
    ),
    Case("UTF-16", {CONTACT: "## A\n".encode("utf-16")}, f"{CONTACT}:1", "not UTF-8", "Save the file as UTF-8"),
    Case("NUL", {CONTACT: b"## Contact\n\nA\0B\n"}, f"{CONTACT}:3", "holds a NUL byte", "Delete it"),
    Case("a bell", {CONTACT: b"## Contact\r\n\r\n\a\r\n"}, f"{CONTACT}:3", "holds U+0007", "Delete it"),
    Case("U+FFFE", body("\ufffe"), f"{CONTACT}:3", "holds U+FFFE", "Delete it"),
    Case("a NUL in quotes", setting(title='"A\\0"'), f"{SETTINGS}:1", "The value holds a NUL byte", "Delete it"),
    Case(
        "a byte order mark",
        {CONTACT: b"\xef\xbb\xbf## Contact\n\nText.\n"},
        f"{CONTACT}:1",
        "byte order mark",
        "Save it as UTF-8 without one",
        Level.WARNING,
    ),
    Case(
        "CRLF",
        {CONTACT: b"## Contact\n\nText.\r\n"},
        f"{CONTACT}:3",
        "The line ends are not LF",
        "Save it with LF line ends",
        Level.WARNING,
    ),
]

MERGES = [
    Case(
        "conflict marks", body("<<<<<<< HEAD\nA.\n=======\nB.\n>>>>>>> b"), f"{CONTACT}:3", "conflict marks", "one side"
    ),
    Case("a conflict in a list", {NEXT: b"summary: a\n>>>>>>> b\n"}, f"{NEXT}:2", "conflict marks", "Keep one side"),
]

FRONT_MATTER = [
    Case("a list", contact("---\n- a\n---\n## C\n\nT.\n"), f"{CONTACT}:2", "not a mapping", 'lines of key: "text"'),
    Case("a word", contact("---\nword\n---\n## C\n\nT.\n"), f"{CONTACT}:2", "not a mapping", 'lines of key: "text"'),
    Case("not YAML", contact("---\na: [\n---\n## C\n\nT.\n"), f"{CONTACT}:3", "This is not YAML", "Check indentation"),
    Case("never closed", contact("---\na: b\n\n## C\n\nT.\n"), f"{CONTACT}:1", "never closed", "with a line ---"),
    Case(
        "an unknown severity",
        contact("---\nowner: legal\nseverity: huge\n---\n## C\n\nT.\n"),
        f"{CONTACT}:3",
        "`huge` is not a severity",
        "editorial, notice or material",
    ),
    Case(
        "an id that cannot be",
        contact("---\nwas:\n  - old\n  - ../old\n---\n## C\n\nT.\n"),
        f"{CONTACT}:4",
        "`../old` in `was` is not an id",
        "former id",
    ),
    Case(
        "the same key twice",
        contact("---\nnote: a\nnote: b\n---\n## C\n\nT.\n"),
        f"{CONTACT}:3",
        "`note` stands here twice",
        "Keep one of them",
    ),
    Case("an alias", setting(title="&t a", kind="*t"), f"{SETTINGS}:1", "Anchors and aliases", "Write the value out"),
    Case("a tag", setting(title="!!str a"), f"{SETTINGS}:1", "The tag tag:yaml.org,2002:str", "delete the tag"),
    Case("two documents", {NEXT: b"summary: a\n---\nsummary: b\n"}, f"{NEXT}:2", "A second YAML doc", "Keep one"),
    Case(
        "an unknown key", {NEXT: b"summary: a\nchange: b\n"}, f"{NEXT}:2", "`change` is not a known", "mean `changes`"
    ),
    Case("text for a list", setting(clauses="preamble"), f"{SETTINGS}:8", "must be a list", 'Write clauses: ["…"'),
    Case("text for a mapping", setting(notice_days="9"), f"{SETTINGS}:6", "must be a mapping", "Indent its keys"),
    Case("a mapping for text", setting(title="{a: b}"), f"{SETTINGS}:1", "must be a text", 'Write title: "…"'),
]

SETTING = [
    Case("no title", setting(title=None), f"{SETTINGS}:1", "`title` is missing", 'Add title: "…"'),
    Case("an empty title", setting(title='" "'), f"{SETTINGS}:1", "`title` is ' '", "a title on one line"),
    Case("an unknown kind", setting(kind="law"), f"{SETTINGS}:2", "`kind` is 'law'", "privacy-policy or terms-of-serv"),
    Case("an unknown duty", setting(requires="sign"), f"{SETTINGS}:3", "`requires` is 'sign'", "inform or acknowledge"),
    Case("a language in words", setting(language='"in English"'), f"{SETTINGS}:4", "`language`", "BCP 47"),
    *(
        Case(f"the time zone {zone}", setting(timezone=f'"{zone}"'), f"{SETTINGS}:5", "no time zone", "Asia/Shanghai")
        for zone in ("Asia/Atlantis", "", "../../etc/passwd", "Asia", "x" * 5000)
    ),
    Case(
        "days in words",
        setting(notice_days='{material: "a month", notice: "7", editorial: "0"}'),
        f"{SETTINGS}:6",
        "`material` is 'a month'",
        "Write a number of days",
    ),
    Case("a bare address", setting(contact="me@policies.example"), f"{SETTINGS}:7", "`contact`", '"mailto:privacy@'),
]

HAZARDS = [
    Case("a script", body("<script>alert(1)</script>"), f"{CONTACT}:3", "<script> is not published", "Delete it"),
    Case("an iframe", body("a\n\n<IFRAME src='//x'></IFRAME>"), f"{CONTACT}:5", "<iframe> is not", "Delete it"),
    Case("a handler", body("<b ONclick='x()'>b</b>"), f"{CONTACT}:3", "attribute onclick is not", "Delete it"),
    Case("a style", body("<b style='display:none'>b</b>"), f"{CONTACT}:3", "attribute style is not", "Delete it"),
    Case(
        "inserted", body("An <ins>other</ins> word."), f"{CONTACT}:3", "<ins> would pass for a redline's", "Write the"
    ),
    Case(
        "deleted", body("An\n<del>other</del> word."), f"{CONTACT}:4", "<del> would pass for a redline's", "Write the"
    ),
    Case("an open tag", body("<div>\ntext"), f"{CONTACT}:3", "<div> is never closed", "with </div>"),
    Case("an open comment", body("a\n<!-- b"), f"{CONTACT}:4", "What <!-- opens here is never closed", "with -->"),
    Case("an open script", body("a\n<script>\nb"), f"{CONTACT}:4", "What <script opens here", "with </script>"),
    *(
        Case(
            f"the link {link}",
            body(f"a\n{link}"),
            f"{CONTACT}:{5 if link[0].isspace() else 4}",
            f"A {scheme}: link is not published",
            "Link to an",
        )
        for link, scheme in {
            "[a](javascript:alert(1))": "javascript",
            "[a](JaVaScRiPt:alert(1))": "javascript",
            "[a](&#106;avascript&colon;alert(1))": "javascript",
            "[a](<java\tscript:alert(1)>)": "javascript",
            "[a](java&#x09;script:alert(1))": "javascript",
            "[a]( <javascript:alert(1)> )": "javascript",
            "![a](data:image/png;base64,AA)": "data",
            "\n[a]: javascript:alert(1)\n\n[a]": "javascript",
            "<javascript:alert(1)>": "javascript",
            "<a href='java&#115;cript:x'>a</a>": "javascript",
            "<img src='vbscript:x'>": "vbscript",
        }.items()
    ),
    Case("a forged clause", contact("## Us {#purpose}\n\nT.\n"), f"{CONTACT}:1", "no {…} of its own", "file's name"),
    Case("forged, closed", contact("## Us {#purpose} ##\n\nT.\n"), f"{CONTACT}:1", "no {…} of its own", "file's name"),
    Case("forged, spaced", contact("## Us {: #purpose }\n\nT.\n"), f"{CONTACT}:1", "no {…} of its own", "file's name"),
    Case("a forged sub-id", body("### Us {#purpose--a}\n\nT."), f"{CONTACT}:3", "'purpose--a' could pass", "hyphens"),
    Case("a hidden turn", body("a \u202eb"), f"{CONTACT}:3", "U+202E RIGHT-TO-LEFT OVERRIDE", "Delete it"),
    Case("a deep list", body("- " * 33 + "a"), f"{CONTACT}:3", "more than 32 deep", "Indent less"),
]

REFERENCES = [
    Case(
        "a reference defined elsewhere",
        {**body("See [our site][site]."), f"{POLICY}purpose.md": b"## P\n\nT.\n\n[site]: https://policies.example/\n"},
        f"{CONTACT}:3",
        "[our site][site] is not defined in this clause, but in purpose.md",
        "each clause is read on its own",
    ),
    Case(
        "a short one",
        {**body("One.\n\nSee [site]."), f"{POLICY}purpose.md": b"## P\n\nT.\n\n[site]: https://policies.example/\n"},
        f"{CONTACT}:5",
        "[site] is not defined in this clause, but in purpose.md",
        "each clause is read on its own",
    ),
    Case("a reference to nothing", body("See [our site][site]."), f"{CONTACT}:3", "is not defined", "plain bracket"),
    Case(
        "a footnote defined elsewhere",
        {**body("Text.[^1]"), f"{POLICY}purpose.md": b"## P\n\nText.[^1]\n\n[^1]: A note.\n"},
        f"{CONTACT}:3",
        "[^1] is not defined in this clause, but in purpose.md",
        "Define it here",
    ),
]

NOTES = [
    Case(
        "noted twice",
        {
            **contact('---\nseverity: "notice"\n---\n## Contact\n\nOther.\n'),
            NEXT: b'summary: "a"\nchanges:\n  contact:\n    severity: "notice"\n',
        },
        f"{NEXT}:3",
        "`contact` is noted here and in contact.md, too",
        "Keep one of the two notes",
    ),
    Case(
        "noted in the wrong place",
        {NEXT: b'summary: "a"\nchanges:\n  contact:\n    severity: "notice"\n'},
        f"{NEXT}:3",
        "its note belongs into the front matter of contact.md",
        "Move the note there",
    ),
    Case(
        "idle",
        contact(
            '---\nowner: "legal"\nseverity: "notice"\n---\n## Contact\n\nWrite to privacy@policies.example, please.'
        ),
        f"{CONTACT}:3",
        "`contact` has a note, but does not differ from 2.0",
        "they count for nothing",
        Level.WARNING,
    ),
    Case(
        "idle summary",
        {NEXT: b'summary: "a"\n'},
        NEXT,
        "Nothing differs from 2.0",
        "Delete the file",
        Level.WARNING,
    ),
    Case(
        "a former id that never was",
        contact('---\nwas: ["contacts"]\n---\n## Contact\n\nOther.\n'),
        f"{CONTACT}:2",
        "`was` names `contacts`, which 2.0 does not have",
        "Did you mean `contact`",
        Level.WARNING,
    ),
]

FOLDERS = [
    *(
        Case(
            f"the document {name}",
            {f"policy/{name}/policy.yml": b""},
            f"policy/{name}/",
            f"`{name}` {wrong}",
            "Rename the folder",
        )
        for name, wrong in {"Privacy": "is not an id", "assets": "is an address", "aux": "is a device"}.items()
    ),
    Case("a stray", {"versions/privacy/1.0.txt": b""}, "versions/privacy/1.0.txt", "neither a version", "Move it out"),
    Case("another stray", {"versions/README.md": b""}, "versions/README.md", "neither a version nor", "Move it out"),
    Case("a wrong name", {"versions/privacy/v2.md": b"x"}, "versions/privacy/v2.md", "<major>.<minor>", "Move or dele"),
    Case(
        "a wrong event",
        {"versions/privacy/events/a.yml": b"x"},
        "versions/privacy/events/a.yml",
        "An event is versions/",
        "Move or delete",
    ),
]

CASES = [*LISTING, *STRUCTURE, *ENCODING, *MERGES, *FRONT_MATTER, *SETTING, *HAZARDS, *REFERENCES, *NOTES, *FOLDERS]


@pytest.fixture(scope="module")
def shipped() -> Files:
    return builders.shipped()


def found(files: Files, changes: Mapping[str, bytes | None]) -> tuple[Problem, ...]:
    return builders.problems({path: data for path, data in {**files, **changes}.items() if data is not None})


def test_the_project_that_the_cases_start_from_is_without_fault(shipped: Files) -> None:
    assert builders.problems(shipped) == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input(case: Case, shipped: Files) -> None:
    assert_told(found(shipped, case.files), case.place, case.what, case.cure, case.level)


@pytest.mark.parametrize(
    "text",
    [
        "```\n## not a heading\n# nor this\n```",
        "~~~\n## not a heading\n```\n~~~",
        "Text `## x` and `<script>`.",
        '`[a](javascript:x)` and [b](https://policies.example/ "note: b") and [c](#purpose).',
        "### Sub-heading\n\n#### Another",
        "Text.\n\n---\n\nText.",
        "| a |\n|---|\n| b |",
        "A < B <https://policies.example/> <me@policies.example>",
        "Text.[^1]\n\n[^1]: A note.",
        "See [x][y] and [y].\n\n[y]: https://policies.example/",
        "\\[^1] and \\[a][b] and [plain brackets].",
        "<p>Open paragraph\n\n<br>",
        "<![if x]> is shown as it stands.",
    ],
)
def test_what_is_allowed(text: str, shipped: Files) -> None:
    assert found(shipped, body(text)) == ()


BROKEN = [b"---\n\tnote: x\n---\n## C\n\nT.\n", b"\xff", b"---\na: [\n---\n", b"<<<<<<< HEAD\n"]


@pytest.mark.parametrize("path", [SETTINGS, NEXT, CONTACT, f"{POLICY}purpose.md"])
@pytest.mark.parametrize("data", BROKEN)
def test_a_file_that_cannot_be_read_is_told_once_and_nobody_is_told_to_delete_it(
    path: str, data: bytes, shipped: Files
) -> None:
    data = data.removeprefix(b"---\n") if path.endswith(".yml") else data
    problems = found(shipped, {path: data})
    assert [problem.path for problem in problems] == [path]
    assert "Delete the file" not in problems[0].cure
