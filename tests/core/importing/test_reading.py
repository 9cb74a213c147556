"""What becomes of real Markdown's mess: headings, dates, navigation, definitions, tags; no word is lost."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from inforce.draft import guesses
from inforce.errors import InForceError
from inforce.importing import reading
from inforce.importing.reading import Reading


def read(text: str | bytes) -> Reading:
    return reading.read(text.encode() if isinstance(text, str) else text, "old.md")


def shown(text: str) -> list[tuple[str, str]]:
    return [(section.heading, section.body) for section in read(text).sections]


def why(found: Reading) -> list[tuple[str, str]]:
    return [(each.why, each.text) for each in found.left]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# Terms\n\nHello.\n\n## A\n\nx\n\n### B\n\ny", [("", "Hello."), ("A", "x\n\n### B\n\ny")]),
        ("Terms\n=====\n\nA\n---\nx\n\nB\n---\ny", [("A", "x"), ("B", "y")]),
        ("# Terms\n\n#### A\n\nx\n\n###### B\n\ny\n\n#### C\n\nz", [("A", "x\n\n### B\n\ny"), ("C", "z")]),
        ("# Terms\n\n## A\n\nx\n\n# Annex\n\ny\n\n## B\n\nz", [("A", "x"), ("Annex", "y"), ("B", "z")]),
        ("Hello.\n\n**One**\n\nx\n\n**Two**\n\ny", [("", "Hello."), ("**One**", "x"), ("**Two**", "y")]),
        ("No heading at all.\n\nNone.", [("", "No heading at all.\n\nNone.")]),
        ("# Terms\n\n## Part\n\n## A\n\nx\n\n## B\n\ny", [("Part", "### A\n\nx"), ("B", "y")]),
        ("# Terms\n\n## A\n\nx\n\n## End", [("A", "x\n\n### End")]),
        ("##A\n\nx\n\n##B ##\n\ny", [("A", "x"), ("B", "y")]),
        ("<h2 class='x'>A</h2>\n\nx\n\n<h2>B</h2>\n\ny", [("A", "x"), ("B", "y")]),
    ],
)
def test_headings_are_put_right(source: str, expected: list[tuple[str, str]]) -> None:
    assert shown(source) == expected


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("You may:\n* one\n  * two\n    * three\n* four", "You may:\n\n* one\n  * two\n    * three\n* four"),
        ("3) one\n4) two", "3) one\n4) two"),
        ("a  \nb\\\nc", "a<br>\nb\\\nc"),
        ("Rule:\nlong text that goes on\n---\nmore", "Rule:\nlong text that goes on\n\n***\n\nmore"),
        ("> # Quoted\n> text", "> ### Quoted\n> text"),
        ("#1 in the market", "#1 in the market"),
        ("~~~~ python\n# code\n", "~~~~ python\n# code\n~~~~"),
        ("``` all of it\ncode\n```", "``` all of it\ncode\n```"),
        ("    # indented code", "    # indented code"),
        ("| a | b |\n|--|:-:|\n| 1 | x\\|y |", "| a | b |\n|--|:-:|\n| 1 | x\\|y |"),
        ("a <div class='x'>b</div> <ins>c</ins> <script>d</script>e", "a b <u>c</u> e"),
        ("a <b>never closed", "a never closed"),
        ("a</br>b</BR >c", "a<br>b<br>c"),
        ("a</p>b</i>c</hr>", "a bc"),
        ('<p style="x" dir="rtl">a</p>', '<p dir="rtl">a</p>'),
        ("[a](javascript:x) and <ftp://x.example>", "a and `ftp://x.example`"),
        ("`<script>` stays", "`<script>` stays"),
        ("> Quoted\n> ---\n> text", "> ### Quoted\n>\n> text"),
        ("- # Item\n  text", "- ### Item\n  text"),
        ('[a](b){:target="_blank"} and `{:x}`', "[a](b) and `{:x}`"),
        ("[a](b){ .button } **c**{.x} `{ .x }` d { .x } { .5 }", "[a](b) **c** `{ .x }` d { .x } { .5 }"),
        ("x\n{ .annotate }\n\ny", "x\n\ny"),
    ],
)
def test_each_layout_becomes_one_that_is_published(source: str, body: str) -> None:
    assert shown(source) == [("", body)]


def test_what_is_no_text_of_the_policy_leaves_it_and_is_told() -> None:
    found = read(
        "---\ntitle: Privacy\nlayout: page\n---\n<!-- for editors -->\n# Privacy\n\n[Home](/)\n\n"
        "*Last updated: 3 May 2018*\n\n{% include menu.html %}\n\n## A\n{: .no_toc}\n\nx\n\n[Back to top](#top)\n"
    )
    assert why(found) == [
        ("front matter", "---\ntitle: Privacy\nlayout: page\n---"),
        ("comment", "<!-- for editors -->"),
        ("title", "Privacy"),
        ("navigation", "[Home](/)"),
        ("date", "*Last updated: 3 May 2018*"),
        ("template tag", "{% include menu.html %}"),
        ("attributes", "{: .no_toc}"),
        ("navigation", "[Back to top](#top)"),
    ]
    assert found.dates.updated == date(2018, 5, 3)
    assert [(section.heading, section.body) for section in found.sections] == [("A", "x")]


@pytest.mark.parametrize("end", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_a_line_that_ends_otherwise_keeps_its_words_apart(end: str) -> None:
    """Word and web pages end lines within a paragraph so; none of these may stand in a clause."""
    assert shown(f"Data{end}kept") == [("", "Data\nkept")]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("---\nNote: this is text.\n\nAnd so is this.\n***\nMore.\n---\n", "Note: this is text.\n\nAnd so is this."),
        ("---\n\nNote: this is text.\n\n---\n", "Note: this is text."),
    ],
)
def test_a_text_between_two_rules_is_no_front_matter(text: str, kept: str) -> None:
    found = read(text)
    assert found.left == ()
    assert kept in found.sections[0].body


@pytest.mark.parametrize("key", ["lang", "language"])
def test_the_language_that_front_matter_names_has_one_name(key: str) -> None:
    found = read(f"---\n{key}: hr\n---\n\n## A\n\nIzmijenjeno 1. listopad 2020.\n")
    assert found.front["lang"] == "hr"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Términos y condiciones", "terms-of-service"),
        ("Termini di servizio", "terms-of-service"),
        ("用户协议", "terms-of-service"),
        ("Données personnelles", "privacy-policy"),
        ("Cookie notice", "policy"),
    ],
)
def test_a_heading_that_names_a_policy_is_its_title_beside_others_of_its_level(title: str, kind: str) -> None:
    found = read(f"# {title}\n\n# A\n\nx\n\n# B\n\ny\n")
    assert (found.title, guesses.kind(title)) == (title, kind)


@pytest.mark.parametrize("front", ["---\ntags:\n- legal\n---", "---\nmenu:\n  weight: 3\n---"])
def test_front_matter_whose_keys_stand_above_their_values_is_some(front: str) -> None:
    assert why(read(f"{front}\n\n## A\n\nx\n")) == [("front matter", front)]


def test_a_place_that_a_template_fills_stays_and_is_told() -> None:
    found = read("Write to {{ site.mail }}.")
    assert found.sections[0].body == "Write to {{ site.mail }}."
    assert found.notes == ((1, "{{ site.mail }} is left as it stands: write what readers see there"),)
    found = read('Text.\n\n--8<-- "terms/law.md"\n')
    assert found.notes == ((3, '--8<-- "terms/law.md" is left as it stands: write what readers see there'),)


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("<del>Ten</del>", "deleted"),
        ("<INS datetime=x>Ten</INS>", "inserted"),
        ("{--Ten--}", "deleted"),
        ("{++Ten++}", "inserted"),
        ("{>>Ten<<}", "a remark"),
        ('[Ten]{.deletion author="Jo"}', "deleted"),
        ("[Ten]{.insertion}", "inserted"),
    ],
)
def test_a_change_that_nobody_has_decided_on_is_told(text: str, how: str) -> None:
    told = (3, f"Ten is marked as {how}, and stays as it shows: decide whether it was in force")
    assert told in read(f"We keep it.\n\nFor {text} years.").notes
    assert not read(f"We write `{text}` so.").notes


@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbf# T\r\n\r\nCaf\xc3\xa9\r\n", b"# T\r\rCaf\xe9\r", "# T\n\nCafe\u0301".encode("utf-16")]
)
def test_any_usual_encoding_is_read(data: bytes) -> None:
    assert [section.body for section in read(data).sections] == ["Café"]


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"\n\n", b"# Title\n", b"\xff\0\x01", b"<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n"),
        *(b"%PDF-1.4\n1 0 obj\n%%EOF\n", b"{\\rtf1\\ansi Privacy\\par}", b"PK\x03\x04\x14"),
        b"From: <Saved by a browser>\r\nSubject: =?utf-8?Q?x?=\r\n y\r\nMIME-Version: 1.0\r\n\r\n<html>=C3=A9",
    ],
)
def test_what_is_no_policy_is_refused(data: bytes) -> None:
    with pytest.raises(InForceError):
        read(data)


def test_goexw_of_2015(pytestconfig: pytest.Config) -> None:
    path = pytestconfig.rootpath.parent / "shared" / "seeds" / "goexw-privacy-policy-2015.md"
    if not path.is_file():
        pytest.skip("the policy that the project began from, ../shared/seeds, is not here")
    found = read(Path(path).read_bytes())
    assert found.title == "Terms & Conditions : Privacy Policy - goExW"
    assert found.dates.updated == date(2015, 8, 7)
    assert [each.why for each in found.left] == ["archive note", "title", "date"]
    assert [section.heading for section in found.sections][:2] == [
        "PRIVACY POLICY",
        "Purpose of Collection of Information",
    ]
    source = path.read_text(encoding="utf-8").split("\n")
    text = " ".join(" ".join(f"{section.heading} {section.body}".split()) for section in found.sections)
    for number, line in enumerate(source, 1):
        if not any(each.first <= number <= each.last for each in found.left) and line.strip():
            words = " ".join(line.lstrip("#*").split())
            assert text.count(words) == 1, line


def test_a_sentence_between_template_tags_on_one_line_stays() -> None:
    sentence = "Samples from the EU stay in Bonn."
    found = read(
        f"# Terms\n\n## Data\n\n{{% if eu %}}{sentence}{{% endif %}}\n\n{{% toc %}} {{% end %}}\n\n## Law\n\nX.\n"
    )
    assert sentence in found.sections[0].body
    assert [left.text for left in found.left if left.why == "template tag"] == ["{% toc %} {% end %}"]


@pytest.mark.parametrize(
    "heading",
    [
        '<a name="who"></a>\n\n## Who',
        'z\n<a name="who"></a>\n## Who',
        '<a name="other"></a>\n<a name="who"></a>\n\n## Who',
        '<a name="who">\n\n## Who',
        '<div class="x" id="who">\n\n## Who',
        '## <a name="who"></a>Who',
        '## <a class="x" name="who">Who</a>',
        '## <span id="who">Who</span>',
        '## <span class="x"><span id="who">Who</span></span>',
        '<h2 class="x" id="who">Who</h2>',
        '<h2 id="who">\n  Who\n</h2>',
        "## Who {#who}",
        "## Who { #who }",
        "## Who {: #who }",
        '## Who { .x #who data-y="1" }',
    ],
)
def test_a_name_that_links_lead_to_is_its_headings(heading: str) -> None:
    found = read(f"# T\n\n## A\n\nx\n\n{heading}\n\ny\n\n## B\n\nz\n")
    assert [(each.heading, "who" in each.anchors) for each in found.sections] == [
        ("A", False),
        ("Who", True),
        ("B", False),
    ]
    assert "<" not in "".join(each.body for each in found.sections)


@pytest.mark.parametrize(
    ("text", "title", "heading"),
    [
        ('# T\n\n## <span lang="en">Data</span> we *keep*\n\nx', "T", "Data we *keep*"),
        ("## <span>Privacy</span> <span class=x>Policy</span>\n\n### <b>A</b> B\n\nx", "Privacy Policy", "<b>A</b> B"),
        ("# {{ page.title }}\n\n## A\n\nx", "", "A"),
        ("---\ntitle: <b>Terms</b> of use\n---\n\n## A\n\nx\n\n## B\n\ny", "Terms of use", "A"),
        ("---\ntitle: Terms of {% site %}\n---\n\n## A\n\nx\n\n## B\n\ny", "", "A"),
    ],
)
def test_no_markup_becomes_a_title_or_names_a_clause(text: str, title: str, heading: str) -> None:
    found = read(text)
    assert (found.title, found.sections[0].heading) == (title, heading)
    assert bool([what for _, what in found.notes if "give --title" in what]) == (not title)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "**1. DEFS**\n\nx\n\n**2. USE**\n\nz\n\n**2.1 Fee**\n\ny\n\n**2.2 Pay**\n\nz\n\n**3. END**\n\nz",
            [
                ("**1. DEFS**", "x"),
                ("**2. USE**", "z\n\n### **2.1 Fee**\n\ny\n\n### **2.2 Pay**\n\nz"),
                ("**3. END**", "z"),
            ],
        ),
        (
            "1. DEFINITIONS\n\n1.1 In these terms x.\n\n1.2 y\n\n2. USE\n\n2.1 z",
            [("1. DEFINITIONS", "1.1 In these terms x.\n\n1.2 y"), ("2. USE", "2.1 z")],
        ),
        ("DEFINITIONS\n\nx\n\nUSE OF IT\n\ny", [("DEFINITIONS", "x"), ("USE OF IT", "y")]),
        ("WE GIVE NO WARRANTY.\n\nx\n\nNONE AT ALL.", [("", "WE GIVE NO WARRANTY.\n\nx\n\nNONE AT ALL.")]),
    ],
)
def test_lines_that_stand_for_headings_are_at_the_level_of_their_numbers(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert shown(text) == expected


def test_what_is_left_out_is_told_on_its_own_line() -> None:
    table = "<table>\n<tr><td>\n<img src=a.png alt=Seal></td>\n<td><blink>x</blink></td></tr></table>"
    notes = read(f"# T\n\n## A\n\nOne.\n\n{table}\n\n## B\n\n<img src=a.png alt=Seal> more.\n").notes
    assert [(line, what.partition(": ")[2]) for line, what in notes] == [
        (9, "<img src=a.png alt=Seal>"),
        (10, "<blink>, </blink>"),
        (14, "<img src=a.png alt=Seal>"),
    ]


@pytest.mark.parametrize("heading", ["{{ page.title }}", "{{page.title}}", "{{ .Title }}", "{{ $frontmatter.title }}"])
def test_a_title_that_an_engine_takes_from_the_front_matter_is_known(heading: str) -> None:
    found = read(f"---\ntitle: Our terms\n---\n\n# {heading}\n\n## A\n\nx\n\n## B\n\ny\n")
    assert (found.title, found.notes) == ("Our terms", ())


@pytest.mark.parametrize(
    "code",
    [
        "import Tabs from '@theme/Tabs';",
        'import {a, b as c} from "./x"',
        "import './style.css'",
        "export const Mark = ({children}) => <b>{children}</b>;",
        "export const days = 30;",
        "{/* said to nobody */}",
        "{/* to\n\nnobody */}",
    ],
)
def test_what_a_page_of_mdx_is_made_with_is_no_text_of_it(code: str) -> None:
    found = read(f"{code}\n\n# Terms\n\n## A\n\nx\n\n{code}\n\n## B\n\ny\n")
    assert [(section.heading, section.body) for section in found.sections] == [("A", "x"), ("B", "y")]
    sort = "comment" if code.startswith("{") else "script"
    assert why(found)[:1] + why(found)[2:] == [(sort, code), (sort, code)]


@pytest.mark.parametrize(
    "line",
    [
        *("import duties are paid from 'our' side", "import duties are yours", "import 'it' yourself"),
        *("export controls apply (all of them).", "export is forbidden;", "It is {/* ours */}."),
    ],
)
def test_what_only_looks_like_that_stays(line: str) -> None:
    assert line in [section.body for section in read(f"# Terms\n\n## A\n\n{line}\n\n## B\n\ny\n").sections]


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        (":::note Mind\n\nWe never sell.\n\n:::", ":::note Mind"),
        ("::: {.note}\nBoxed\n:::", "::: {.note}"),
        ('??? question "Why?"\n    Because.', '??? question "Why?"'),
        ('=== "Tab"\n    In it.', '=== "Tab"'),
        ("> [!info]- Folded\n> In it.", "> [!info]- Folded"),
        (".. note:: We keep.", ".. note:: We keep."),
        ("See [[Terms]].", "[[Terms]]"),
        ("We %%ask Bob%% keep.", "%%ask Bob%%"),
        ("We ==never== sell.", "==never=="),
    ],
)
def test_a_mark_that_another_engine_reads_is_told(mark: str, said: str) -> None:
    found = read(f"# T\n\n## A\n\nx\n\n{mark}\n\n## B\n\n`{said}` a == b, 5 %% of 7 %%\n")
    told = f"{said} is no mark of our Markdown, and stays as text: write it as readers saw it"
    assert [note for note in found.notes if "no mark" in note[1]] == [(7, told)]


@pytest.mark.parametrize(
    "value", ["{props.name}", "{company}", "${COMPANY}", "<?php echo $x ?>", "<%= name %>", "{f(x)}"]
)
def test_a_value_that_an_engine_would_have_filled_is_told(value: str) -> None:
    found = read(f"# T\n\n## A\n\nx of {value}.\n\n## B\n\n`{value}` {{1, 2}} {{}}\n")
    assert (5, f"{value} is left as it stands: write what readers see there") in found.notes
    assert not [note for note in found.notes if note[0] == 9]


@pytest.mark.parametrize(
    "comment",
    [
        "[//]: # (ask Bob)",
        '[comment]: <> "ask Bob"',
        "{::comment}\nask {Bob}\n{:/comment}",
        "{::comment}\nask\n\nBob\n{:/}",
    ],
)
def test_a_comment_is_one_in_whatever_way_it_is_written(comment: str) -> None:
    found = read(f"# T\n\n## A\n\nx\n\n{comment}\n\n## B\n\ny [//]\n")
    assert [section.body for section in found.sections] == ["x", "y [//]"]
    assert [(each.why, each.text) for each in found.left[1:]] == [("comment", comment)]
    assert found.definitions == ()


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: >\n  Privacy\n  Policy\n---",
        "---\ntitle: |-\n  Privacy Policy\nlang: en\n...",
        "---\ntitle: 'Privacy Policy' # for now\n---",
        '+++\ntitle = "Privacy Policy"\n+++',
        "---\ntitle: Privacy Policy # for now\n---",
    ],
)
def test_a_title_of_front_matter_is_read_as_its_engine_reads_it(front: str) -> None:
    assert read(f"{front}\n\n## A\n\nx\n\n## B\n\ny\n").title == "Privacy Policy"


@pytest.mark.parametrize(
    "opening", ["% Terms\n% Acme", '{\n"title": "T"\n}', ";;;\ntitle: T\n;;;", "\n---\ntitle: T\n---"]
)
def test_what_looks_like_front_matter_and_is_none_is_told(opening: str) -> None:
    notes = read(f"{opening}\n\n## A\n\nx\n\n## B\n\ny\n").notes
    assert [line for line, what in notes if "no mark of our Markdown" in what] == [1]


@pytest.mark.parametrize(("path", "data", "said"), [
    ("p.rst", b"Privacy\n=======\n", "neither Markdown nor a web page, but .rst. Convert it first"),
    ("p.adoc", b"= Privacy\n", "but .adoc"),
    ("p.json", b"{}", "but .json"),
    ("p.md", b"version https://git-lfs.github.com/spec/v1\noid sha256:4d\n", "Git LFS keeps the text elsewhere"),
    ("p.md", b"bplist00\xd1", "This is not a text"),
    ("p.md", b"%!PS-Adobe-3.0\n", "This is not a text"),
    ("p.eml", b"Return-Path: <a@b>\nSubject: x\n\nWe keep it.", "This is not a text"),
])  # fmt: skip
def test_what_is_neither_markdown_nor_a_page_is_refused(path: str, data: bytes, said: str) -> None:
    with pytest.raises(InForceError, match=re.escape(said)):
        reading.read(data, path)
