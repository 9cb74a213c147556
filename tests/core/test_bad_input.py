"""What editors, browsers and hooks get wrong, case by case: the place, what is wrong, and the cure that is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pytest

from core import builders
from core.builders import NEXT, POLICY, SETTINGS, Files, at
from inforce import checks, ledger, release, sources
from inforce.errors import InForceError, Level, Problem
from inforce.model import EventKind, Severity
from inforce.release import Wish

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
    Case("too deep a heading", contact("### Contact\n\nText.\n"), f"{CONTACT}:1", "begins with its heading", "## Head"),
    Case("two headings", body("One.\n\n## Second\n\nTwo."), f"{CONTACT}:5", "no second heading (##)", "### or deeper"),
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
    Case("a bell", {CONTACT: b"## Contact\r\n\r\n\a\r\n"}, f"{CONTACT}:3", "control character U+0007", "Delete it"),
    Case("U+FFFE", body("\ufffe"), f"{CONTACT}:3", "control character U+FFFE", "Delete it"),
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
        "policy/** text eol=lf",
        Level.WARNING,
    ),
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
    Case("an open comment", body("a\n<!-- b"), f"{CONTACT}:4", "comment is never closed", "Close it with -->"),
    *(
        Case(f"the link {link}", body(f"a\n{link}"), f"{CONTACT}:4", f"A {scheme}: link is not published", "Link to an")
        for link, scheme in {
            "[a](javascript:alert(1))": "javascript",
            "[a](JaVaScRiPt:alert(1))": "javascript",
            "[a](&#106;avascript&colon;alert(1))": "javascript",
            "[a](java\tscript:alert(1))": "javascript",
            "[a](java&#x09;script:alert(1))": "javascript",
            "[a]( <javascript:alert(1)> )": "javascript",
            "![a](data:image/png;base64,AA)": "data",
            "[a]: javascript:alert(1)\n\n[a]": "javascript",
            "<javascript:alert(1)>": "javascript",
            "<a href='java&#115;cript:x'>a</a>": "javascript",
            "<img src='vbscript:x'>": "vbscript",
        }.items()
    ),
    Case("a forged clause", contact("## Us {#purpose}\n\nT.\n"), f"{CONTACT}:1", "no {…} of its own", "file's name"),
    Case("forged, closed", contact("## Us {#purpose} ##\n\nT.\n"), f"{CONTACT}:1", "no {…} of its own", "file's name"),
    Case("forged, spaced", contact("## Us {: #purpose }\n\nT.\n"), f"{CONTACT}:1", "no {…} of its own", "file's name"),
    Case("a forged sub-id", body("### Us {#purpose--a}\n\nT."), f"{CONTACT}:3", "'purpose--a' could pass", "hyphens"),
    Case("a hidden turn", body("a \u202eb"), f"{CONTACT}:3", "invisible mark U+202E", "Delete it"),
    Case("a deep list", body("- " * 30 + "a"), f"{CONTACT}:3", "nested 20 deep", "Indent less"),
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

CASES = [*LISTING, *STRUCTURE, *ENCODING, *FRONT_MATTER, *SETTING, *HAZARDS, *REFERENCES, *NOTES, *FOLDERS]


@pytest.fixture(scope="module")
def shipped() -> Files:
    return builders.shipped()


def found(files: Files, changes: Mapping[str, bytes | None]) -> tuple[Problem, ...]:
    return builders.problems({path: data for path, data in {**files, **changes}.items() if data is not None})


def assert_told(problems: tuple[Problem, ...], place: str, what: str, cure: str, level: Level = Level.ERROR) -> None:
    there = [problem for problem in problems if problem.place == place]
    assert there, f"nothing at {place}, but: {[str(problem) for problem in problems]}"
    told = [problem for problem in there if what in problem.what and cure in problem.cure and problem.level is level]
    assert told, [str(problem) for problem in there]
    assert "\n" not in str(told[0])


def test_the_project_that_the_cases_start_from_is_without_fault(shipped: Files) -> None:
    assert builders.problems(shipped) == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input(case: Case, shipped: Files) -> None:
    assert_told(found(shipped, case.files), case.place, case.what, case.cure, case.level)


@pytest.mark.parametrize(
    "text",
    [
        "```\n## not a heading\n# nor this\n```",
        "~~~ text\n## not a heading\n```\n~~~",
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
        "<!-- a comment -->",
    ],
)
def test_what_is_allowed(text: str, shipped: Files) -> None:
    assert found(shipped, body(text)) == ()


# The ledger: what was published, changed behind the release's back.


def altered(path: str, old: str, new: str) -> Callable[[Files], Files]:
    def alter(files: Files) -> Files:
        assert files[path].count(old.encode()) == 1
        return {**files, path: files[path].replace(old.encode(), new.encode())}

    return alter


def without(path: str) -> Callable[[Files], Files]:
    return lambda files: {name: data for name, data in files.items() if name != path}


LEDGER = {
    "a letter of the text": (
        altered(V10, "ship your order", "skip your order"),
        f"{V11}:12",
        "The file before this one is missing or was changed (most likely versions/privacy/1.0.md)",
        "Bring back the file as it was released",
    ),
    "a letter of the front matter": (
        altered(V11, '"Politer."', '"Polite."'),
        f"{V20}:12",
        "(most likely versions/privacy/1.1.md)",
        "inforce verify names the commit",
    ),
    "a key": (altered(V11, "summary:", "summery:"), f"{V11}:14", "`summery` is not a known key", "mean `summary`"),
    "a quote": (altered(V11, '"1.1"', "'1.1'"), f"{V11}:4", "byte for byte", "Bring back the file"),
    "a trailing blank": (altered(V11, "Write to", " Write to"), f"{V20}:12", "was changed", "Bring back the file"),
    "an empty line": (altered(V11, "\n\n## Contact", "\n\n\n## Contact"), f"{V11}:29", "not laid out", "Bring back"),
    "a heading": (altered(V11, " {#contact}", ""), f"{V11}:29", "no {#id}", "Bring back the file"),
    "a forged heading": (altered(V11, "{#contact}", "{#preamble}"), f"{V11}:29", "no clause can have", "Bring back"),
    "a clause twice": (altered(V11, "{#contact}", "{#purpose}"), V11, "`purpose` stands here twice", "Bring back"),
    "the title": (altered(V11, "# Privacy Policy\n\nT", "# Policy\n\nT"), f"{V11}:21", "begin with the title", "Bring"),
    "all front matter": (
        lambda files: {**files, V11: b"Text.\n"},
        f"{V11}:1",
        "no front matter",
        "Bring back the file",
    ),
    "another format": (altered(V11, 'format: "1"', 'format: "2"'), f"{V11}:2", "Format '2' is not", "Update In Force"),
    "another place": (
        altered(V11, '"privacy"', '"terms"'),
        f"{V11}:3",
        "`document` says 'terms'",
        "Move the file back",
    ),
    "an unknown severity": (
        altered(V11, '\nseverity: "editorial"', '\nseverity: "minor"'),
        f"{V11}:11",
        "`minor` is not known for `severity`",
        "editorial, notice, unclassified, material",
    ),
    "no day of the calendar": (
        altered(V11, 'effective: "2026-02-01', 'effective: "2026-02-30'),
        f"{V11}:10",
        "`effective` is no day of the calendar: '2026-02-30T00:00:00+08:00'",
        "Correct the date",
    ),
    "no offset": (
        altered(V11, 'announced: "2026-02-01T00:00:00+08:00"', 'announced: "2026-02-01T00:00:00"'),
        f"{V11}:9",
        "`announced` has no offset from UTC",
        "Add the offset, for example +08:00",
    ),
    "a bare day": (
        altered(V11, 'announced: "2026-02-01T00:00:00+08:00"', 'announced: "2026-02-01"'),
        f"{V11}:9",
        "not an RFC 3339 instant",
        'Write it as "2027-01-15T00:00:00+08:00"',
    ),
    "a year out of reach": (
        altered(V11, 'announced: "2026', 'announced: "0001'),
        f"{V11}:9",
        "outside the years 1900 to 2999",
        "Correct the date",
    ),
    "a deleted file": (
        without(V11),
        f"{V20}:12",
        "The file before this one is missing or was changed",
        "Bring back the file as it was released",
    ),
    "the first file deleted": (without(V10), f"{V11}:12", "is missing or was changed:", "Bring back the file"),
    "line endings only": (
        lambda files: {**files, V11: files[V11].replace(b"\n", b"\r\n")},
        V11,
        "differs from the released one by line endings",
        "Put `versions/** -text -filter -ident` in .gitattributes, then run git checkout -- versions",
    ),
    "a byte order mark": (
        lambda files: {**files, V20: b"\xef\xbb\xbf" + files[V20]},
        f"{V20}:1",
        "byte for byte",
        "Bri",
    ),
}


@pytest.mark.parametrize("name", LEDGER)
def test_a_ledger_file_that_was_changed(name: str, shipped: Files) -> None:
    alter, place, what, cure = LEDGER[name]
    assert_told(builders.problems(alter(shipped)), place, what, cure)


@pytest.mark.parametrize("path", [V10, V11, V20])
def test_no_byte_of_the_ledger_changes_unnoticed_but_in_its_last_file(path: str, shipped: Files) -> None:
    for place in range(0, len(shipped[path]), 7):
        data = bytearray(shipped[path])
        data[place] ^= 1
        files = {**shipped, path: bytes(data)}
        if path != V20:
            assert sources.read(files).errors
        else:  # whether the end of the chain was touched is for git to say; its digest tells at any rate
            assert builders.problems(files) or builders.ledger_of(files).head != builders.ledger_of(shipped).head


# A version written by hand, or two by two people.


def remade(files: Files, former: str, **values: object) -> Files:
    """The project with its last version composed anew from other values."""
    last = builders.ledger_of(files).by_number[former]
    made = replace(last, **values)  # type: ignore[arg-type]
    return {**{p: d for p, d in files.items() if p != last.path}, made.path: ledger.compose(made)}


@pytest.mark.parametrize(
    ("values", "place", "what"),
    [
        ({"effective": at("2026-02-27")}, f"{V20}:10", "takes effect before it is announced"),
        (
            {"announced": at("2026-01-31"), "effective": at("2026-01-31")},
            f"{V20}:10",
            "takes effect before 1.1, which stands before it",
        ),
        ({"announced": at("2026-01-31")}, f"{V20}:9", "dated before versions/privacy/1.1.md, which it follows"),
        (
            {"number": "1.2"},
            "versions/privacy/1.2.md:4",
            "disagrees with its severity: with severity material it is 2.0",
        ),
        ({"number": "2.1"}, "versions/privacy/2.1.md:4", "with severity material it is 2.0"),
        (
            {"severity": Severity.NOTICE, "number": "1.2"},
            "versions/privacy/1.2.md:11",
            "not the highest of its changes",
        ),
        ({"amends": "1.0"}, f"{V20}:13", "It amends 1.0, the last standing version before it is 1.1"),
        ({"amends": None}, V20, "It amends nothing, the last standing version before it is 1.1"),
        ({"changes": ()}, V20, "`changes` do not say what changed against 1.1 (purpose)"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_a_version_that_no_release_made(values: Mapping[str, object], place: str, what: str, shipped: Files) -> None:
    assert_told(builders.problems(remade(shipped, "2.0", **values)), place, what, "inforce release privacy --again")


def test_kinds_that_are_not_true_are_told_while_the_version_is_unpublished(shipped: Files) -> None:
    wrong = builders.change("purpose", "formatted", severity=Severity.MATERIAL)
    files = remade(shipped, "2.0", changes=(wrong,))
    assert builders.problems(files) == ()
    policy = sources.read(files).policies[0]
    assert_told(
        tuple(checks.coming_problems(policy, {V10, V11}, at("2026-03-01"))), f"{V20}:15", "(purpose)", "--again"
    )
    assert list(checks.coming_problems(policy, {V10, V11, V20}, at("2026-03-01"))) == []


def test_numbers_beyond_nine_stand_in_the_order_of_the_chain() -> None:
    files = builders.released(builders.policy(), "2026-01-01", summary="One.")
    for minor in range(1, 12):
        files = builders.edited(files, "contact", f"## Contact\n\nBox {minor}.")
        files = builders.released(files, f"2026-01-{minor + 1:02}", summary=f"Box {minor}.")
    read = sources.read(files)
    assert read.problems == ()
    numbers = [version.number for version in read.policies[0].ledger.versions]
    assert numbers == ["1.0", *(f"1.{minor}" for minor in range(1, 12))]
    assert read.policies[0].ledger.sequence["1.10"] == 11
    assert read.policies[0].ledger.sequence["1.1"] == 2


def test_two_releases_in_parallel_are_told_and_how_to_mend_them(shipped: Files) -> None:
    fork = builders.edited(shipped, "contact", "## Contact\n\nBox 9.", "notice")
    fork = builders.released(fork, "2026-03-02", summary="Moved.", effective=at("2026-04-01"))
    other = builders.edited(shipped, "contact", "## Contact\n\nBox 7.", "material", "Moved far.")
    other = builders.released(other, "2026-03-02", summary="Moved.", effective=at("2026-05-01"))
    problems = builders.problems({**fork, **other})
    assert_told(
        problems,
        "versions/privacy/3.0.md",
        "2.1.md and 3.0.md both follow the same file",
        "inforce release privacy --again 3.0",
    )


def test_two_first_versions(shipped: Files) -> None:
    again = builders.version([builders.clause("contact")], number="3.0")
    problems = builders.problems({**shipped, again.path: ledger.compose(again)})
    assert_told(problems, again.path, "both claim to be the first", "--again")


EVENTS = [
    (
        EventKind.WITHDRAW,
        "2026-04-01",
        {"version": "2.0"},
        "taken effect is never withdrawn",
        "restores the older text",
    ),
    (EventKind.WITHDRAW, "2026-03-02", {"version": "1.1"}, "Only the last standing version", "restores the older text"),
    (EventKind.WITHDRAW, "2026-03-02", {"version": "9.0"}, "It names version '9.0'", "Name a version that is"),
    (EventKind.ERRATUM, "2026-03-02", {"version": "2.0", "clause": "x"}, "2.0 has no clause `x`", "Name a clause of"),
    (EventKind.ERRATUM, "2026-02-02", {"version": "2.0"}, "It is dated before versions/privacy/2.0.md", "again"),
]


@pytest.mark.parametrize(("kind", "day", "words", "what", "cure"), EVENTS, ids=lambda value: str(value)[:30])
def test_an_event_that_cannot_be(
    kind: EventKind, day: str, words: dict[str, str], what: str, cure: str, shipped: Files
) -> None:
    problems = builders.problems(builders.happened(shipped, kind, day, **words))
    assert any(
        re.fullmatch(r"versions/privacy/events/1\.yml(:\d+)?", p.place) and what in p.what and cure in p.cure
        for p in problems
    ), [str(problem) for problem in problems]


def test_a_withdrawal_of_the_only_version_twice() -> None:
    files = builders.released(builders.policy(), "2026-01-01", summary="One.", effective=at("2026-02-01"))
    for _ in range(2):
        files = builders.happened(files, EventKind.WITHDRAW, "2026-01-02", version="1.0")
    assert_told(builders.problems(files), "versions/privacy/events/2.yml", "Only the last standing version", "Release")


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("withdraw", "revoke", 1, "`revoke` is not known for `event`"),
        ("2026-03-02T", "2026-13-02T", 2, "no day of the calendar"),
        ("reason:", "because:", 5, "`because` is not a known key"),
        ('"2.0"', "2.0", 4, "byte for byte"),
    ],
)
def test_an_event_file_written_by_hand(old: str, new: str, line: int, what: str, shipped: Files) -> None:
    files = builders.happened(shipped, EventKind.WITHDRAW, "2026-03-02", version="2.0")
    path = "versions/privacy/events/1.yml"
    problems = builders.problems({**files, path: files[path].replace(old.encode(), new.encode())})
    assert [problem.place for problem in problems if what in problem.what] == [f"{path}:{line}"]


# What a release refuses.


def test_a_release_says_everything_that_stands_against_it(shipped: Files) -> None:
    files = builders.edited(shipped, "contact", "## Contact\n\nBox 9.", "material")
    files = {**files, f"{POLICY}purpose.md": b"## Purpose\n\nNone.\n"}
    with pytest.raises(InForceError) as caught:
        release.prepare(
            builders.draft_of(files), builders.ledger_of(files), Wish(effective=at("2026-03-15")), at("2026-03-10")
        )
    problems = caught.value.problems
    assert_told(problems, f"{CONTACT}:1", "The material change of `contact` has no note", 'Write note: "…"')
    assert_told(problems, f"{POLICY}purpose.md:1", "Nobody has said how much", 'Write severity: "editorial"')
    assert_told(problems, NEXT, "no summary", "Write summary in next.yml")
    assert_told(problems, POLICY, "It would take effect before 2.0 does (2026-04-01)", "Choose 2026-04-01 or later")
    assert_told(problems, POLICY, "needs 30 days of notice and would get 5", "Choose 2026-04-09 or later")


@pytest.mark.parametrize(
    ("wish", "what", "cure"),
    [
        (Wish(effective=at("2026-02-28")), "before it is announced", "Choose a later --effective"),
        (Wish(announced=at("2026-02-28")), "Only an import looks back", "Leave --announced out"),
        (Wish(announced=at("2026-12-01"), imported_from="paper"), "announced ahead", "Choose a day that is past"),
        (
            Wish(announced=at("2025-12-01"), imported_from="paper"),
            "before versions/privacy/2.0.md is",
            "later --announc",
        ),
        (Wish(notes={"contcat": builders.note(Severity.NOTICE)}), "there is no change of it", "Did you mean `contact`"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_a_wish_that_cannot_be(wish: Wish, what: str, cure: str, shipped: Files) -> None:
    files = builders.edited(shipped, "contact", "## Contact\n\nBox 9.")
    with pytest.raises(InForceError) as caught:
        release.prepare(builders.draft_of(files), builders.ledger_of(files), wish, at("2026-04-10"))
    assert_told(caught.value.problems, POLICY, what, cure)


def test_unchanged_text_is_refused_unless_what_it_asks_changed(shipped: Files) -> None:
    with pytest.raises(InForceError) as caught:
        builders.released(shipped, "2026-04-10", summary="Nothing.")
    assert_told(caught.value.problems, POLICY, "The text is that of 2.0", "Change a clause first")
    accepted = {**shipped, **setting(requires='"accept"')}
    assert "versions/privacy/2.1.md" in builders.released(accepted, "2026-04-10", summary="Please accept.")


def test_nothing_is_released_after_a_retirement(shipped: Files) -> None:
    files = builders.happened(shipped, EventKind.RETIRE, "2026-05-01")
    files = builders.edited(files, "contact", "## Contact\n\nBox 9.")
    with pytest.raises(InForceError) as caught:
        builders.released(files, "2026-05-02", summary="Too late.")
    assert_told(caught.value.problems, POLICY, "privacy was retired", "has no further version")


# What an unpublished version must not be when it reaches readers.


def test_a_stale_release_is_dated_anew(shipped: Files) -> None:
    policy = sources.read(shipped).policies[0]
    published = {V10, V11}
    assert list(checks.coming_problems(policy, published, at("2026-03-01T23:00:00+08:00"))) == []
    late = tuple(checks.coming_problems(policy, published, at("2026-03-03")))
    assert_told(late, V20, "It was made on 2026-03-01 and is not published yet", "inforce release privacy --again")
    early = tuple(checks.coming_problems(policy, published, at("2026-02-28")))
    assert_told(early, V20, "It is announced in the future", "inforce release privacy --again")


def test_notice_counts_from_the_day_of_publication() -> None:
    files = builders.released(builders.policy(), "2026-01-01", summary="One.")
    files = builders.edited(files, "contact", "## Contact\n\nBox 9.", "material", "Moved.")
    files = builders.released(files, "2026-03-01T23:00:00+08:00", summary="Moved.", effective=at("2026-03-31"))
    policy = sources.read(files).policies[0]
    problems = tuple(checks.coming_problems(policy, {V10}, at("2026-03-02T01:00:00+08:00")))
    assert_told(problems, V20, "needs 30 days of notice and would get 29", "--effective")


def test_a_withdrawal_that_reaches_readers_too_late(shipped: Files) -> None:
    files = builders.happened(shipped, EventKind.WITHDRAW, "2026-03-31", version="2.0")
    policy = sources.read(files).policies[0]
    published = {V10, V11, V20}
    assert list(checks.coming_problems(policy, published, at("2026-03-31T23:59:59+08:00"))) == []
    problems = tuple(checks.coming_problems(policy, published, at("2026-04-01")))
    assert_told(problems, "versions/privacy/events/1.yml", "2.0 took effect before this", "Delete the event")


@pytest.mark.parametrize("data", [None, b"", b"versions/** -text\npolicy/** text eol=lf\n"])
def test_missing_git_attributes(data: bytes | None) -> None:
    problems = tuple(checks.attributes_problems(data))
    assert_told(problems, ".gitattributes", "`versions/** -text -filter -ident` is missing", "can change digests")
    assert list(checks.attributes_problems("\n".join(checks.GITATTRIBUTES).encode())) == []
