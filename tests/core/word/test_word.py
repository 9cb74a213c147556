"""What a lawyer finds in the document: each kind of change as Word tracks it."""

import re
from collections.abc import Mapping
from string import ascii_lowercase
from typing import Any

import pytest

from core.word.opening import AUTHOR, document, marks, moved, parsed, said, text, w, written
from inforce import word
from inforce.redline import redline
from inforce.text import html as rendering

ITEMS = "".join(f"{number}. The step of number {number}.\n" for number in range(1, 5))


def of(old: str, new: str) -> dict[str, bytes]:
    """The files of the document for two Markdown texts."""
    return written(rendering.document(old), rendering.document(new))


def paragraphs(files: Mapping[str, bytes]) -> list[Any]:
    """The document's paragraphs, changes open."""
    return list(parsed(files, "document").iter(w("p")))


def numbers(files: Mapping[str, bytes], accept: bool) -> list[int]:
    """The numbers that one side's list items have."""
    return [paragraph[3][2] for paragraph in said(files, accept) if paragraph[3]]


def changes(files: Mapping[str, bytes], kind: str) -> list[str]:
    """The text under each mark of one kind."""
    return ["".join(mark.itertext()) for mark in parsed(files, "document").iter(w(kind)) if len(mark)]


def test_words_are_deleted_and_inserted_and_nothing_of_ours_is_said():
    files = of("We keep data for two years.", "We keep your data for three years.")
    assert (changes(files, "ins"), changes(files, "del")) == (["your ", "three"], ["two"])
    assert text(files, True) == ["We keep your data for three years."]
    assert "inserted" not in files["word/document.xml"].decode()


def test_a_paragraph_takes_its_mark_along():
    files = of("One stays.\n\nTwo goes entirely.\n\nThree stays.", "One stays.\n\nThree stays.")
    ends = [paragraph.find(f"{w('pPr')}/{w('rPr')}/{w('del')}") is not None for paragraph in paragraphs(files)]
    assert ends == [False, True, False]


def test_a_split_paragraph_has_an_end_inserted_in_its_middle():
    sentences = [f"Of the {name} part we say a good deal {'and more of it ' * 9}here." for name in ("first", "second")]
    files = of(" ".join(sentences), "\n\n".join(sentences))
    ends = [paragraph.find(f"{w('pPr')}/{w('rPr')}/{w('ins')}") is not None for paragraph in paragraphs(files)]
    assert (ends, changes(files, "ins"), changes(files, "del")) == ([True, False], [], [" "])
    assert (text(files, True), text(files, False)) == (sentences, [" ".join(sentences)])


@pytest.mark.parametrize(("accept", "expected"), [(True, [1, 2, 3, 4, 5]), (False, [1, 2, 3, 4])])
def test_items_keep_their_numbers_on_either_side(accept, expected):
    fewer = ITEMS.replace("2. The step of number 2.\n", "")
    new = fewer.replace("4.", "4. Something else comes first.\n5.") + "6. End."
    assert numbers(of(ITEMS, new), accept) == expected


def test_a_list_that_counts_down_or_starts_elsewhere_does_so_in_word():
    down = '<ol reversed start="9"><li>nine</li><li>eight</li><li value="3">three</li></ol>'
    assert numbers(written("", down), True) == [9, 8, 3]
    assert numbers(written("", "<ol reversed><li>two</li><li>one</li></ol>"), True) == [2, 1]


@pytest.mark.parametrize("start", [-2, 1, 20, 26, 50, 700, 3990])
@pytest.mark.parametrize("type_", ["1", "a", "A", "i", "I"])
def test_each_item_has_the_number_in_word_that_it_has_on_the_page(type_, start):
    items = "".join(f"<li>number {number}</li>" for number in range(start, start + 15))
    files = written("", f'<ol type="{type_}" start="{start}">{items}</ol>')
    assert shown_by_word(files) == [f"{shown_by_a_browser(number, type_)}." for number in range(start, start + 15)]


def shown_by_word(files: Mapping[str, bytes]) -> list[str]:
    """What Word writes before each item: ECMA-376 (part 1, 17.18.59) goes on with “bb” behind “aa”."""
    definitions = parsed(files, "numbering").iter(w("abstractNum"))
    levels = {each.get(w("abstractNumId")): each.find(w("lvl")) for each in definitions}
    found, reached = [], dict[str, int]()
    for numbered in parsed(files, "document").iter(w("numPr")):
        id_ = numbered.find(w("numId")).get(w("val"))
        start, form, text = (levels[id_].find(w(name)).get(w("val")) for name in ("start", "numFmt", "lvlText"))
        number = reached[id_] = reached.get(id_, int(start) - 1) + 1
        letters = ascii_lowercase[(number - 1) % 26] * ((number - 1) // 26 + 1)
        shown = {"decimal": str(number), "letter": letters, "roman": roman(number)}
        shown = (
            {f"lower{name.title()}": each for name, each in shown.items()}
            | {f"upper{name.title()}": each.upper() for name, each in shown.items()}
            | shown
        )
        found.append(text.replace("%1", shown[form]))
    return found


def shown_by_a_browser(number: int, type_: str) -> str:
    """CSS counts on with “ab” behind “aa”, and in digits where letters or Roman digits end."""
    shown = ""
    rest = number
    while type_ in "aA" and rest > 0:
        shown = ascii_lowercase[(rest - 1) % 26] + shown
        rest = (rest - 1) // 26
    shown = roman(number) if type_ in "iI" and number in range(1, 4000) else shown or str(number)
    return shown.upper() if type_.isupper() else shown


def roman(number: int) -> str:
    """A number up to 3999 in Roman digits."""
    values = 1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1
    digits = zip(re.findall(r"\w+", "m cm d cd c xc l xl x ix v iv i"), values, strict=True)
    found = ""
    for digit, value in digits:
        found, number = found + digit * (number // value), number % value if number > 0 else number
    return found


def test_an_item_that_begins_with_a_list_or_a_table_is_counted():
    table = "<table><tr><td>a</td></tr></table>"
    page = f"<ol><li><ul><li>in it</li></ul></li><li>{table}</li><li>three</li></ol>"
    assert [paragraph[3][1:] for paragraph in said(written("", page), True) if paragraph[0] == "paragraph"] == [
        ("0", 1), ("1",), ("0", 2), ("0", 3),
    ]  # fmt: skip


def test_a_typed_mark_is_text_with_a_tab_behind_it_and_no_number_before_it():
    files = of("(a) One\n(b) Two", "(a) New\n(b) One\n(c) Two\n\n    i. Within")
    assert text(files, True) == ["(a)\tNew", "(b)\tOne", "(c)\tTwo", "i.\tWithin"]
    assert (text(files, False), numbers(files, True)) == (["(a)\tOne", "(b)\tTwo"], [])
    assert (changes(files, "ins"), changes(files, "del")) == (["(a)New", "(b)", "(c)", "i.Within"], ["(a)", "(b)"])


def test_a_typed_mark_hangs_and_what_belongs_to_its_item_stands_below_its_text():
    files = of("", "(a) One two\n\n    Behind it.\n\n    (i) Within it\n")
    indents = [each.find(f"{w('pPr')}/{w('ind')}") for each in paragraphs(files)[:3]]
    assert [(each.get(w("left")), each.get(w("hanging"))) for each in indents] == [
        ("720", "720"), ("720", None), ("1440", "720"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<li type='none'>(a) One and all</li>", "<li>One and all</li>"),
        ("<li type='none'>(a) One and all</li>", "<li type='none'>Not a mark but One and all</li>"),
        ("<li type='none'>(a)</li>", "<li type='none'>(a) One</li>"),
        ("<li type='none'>(a) <em>One</em> and</li>", "<li type='none'><b>(a) One</b> and</li>"),
        ("<li type='none'>(a) One and</li><li type='none'>(b) two</li>", "<li type='none'>(a) One and two</li>"),
        (
            "<li type='none'><table><tr><td>One</td></tr></table></li>",
            "<li type='none'>i. <ul><li>b</li></ul></li>",
        ),
    ],
)
def test_each_side_has_a_tab_behind_its_own_mark_alone(old, new):
    pages = [f"<ol>{items}</ol>" for items in (old, new)]
    files = written(*pages)
    for page, accept in zip(pages, (False, True), strict=True):
        assert said(files, accept) == said(written(page, page), accept)
        for line in text(files, accept):
            assert ("\t" in line) == bool(re.match(r"(\(a\)|\(b\)|i\.)\s\S", line) and "type" in page)


def test_each_text_numbers_its_own_lists():
    page = "<ol><li>one</li><li>two</li></ol>"
    files, _ = word.write(document(redline("", page), redline(page, page)))
    assert numbers(files, True) == [1, 2, 1, 2]


def test_table_rows_come_and_go_as_rows():
    table = "| Country | Days |\n|---|---|\n| Spain | 20 |\n"
    files = of(table, f"{table}| Poland | 21 |\n")
    (row,) = (row for row in parsed(files, "document").iter(w("tr")) if row.find(f"{w('trPr')}/{w('ins')}") is not None)
    assert "".join(row.itertext()) == "Poland21"
    assert [len(said(files, accept)[0][1]) for accept in (True, False)] == [3, 2]


def test_a_change_of_format_or_style_carries_what_was_before():
    files = of("### Data\n\nWe **never** sell it.", "#### Data\n\nWe *never* sell it.")
    former = [mark[0][0] for mark in marks(files)]
    assert [(each.tag, each.get(w("val"))) for each in former] == [(w("pStyle"), "Heading2"), (w("b"), None)]
    assert text(files, True) == text(files, False) == ["Data", "We never sell it."]


def test_a_link_that_leads_elsewhere_is_deleted_and_inserted():
    files = of("See [the list](https://a.example/).", "See [the list](https://b.example/).")
    targets = [said(files, accept)[0][-1][1][2] for accept in (False, True)]
    assert targets == ["https://a.example/", "https://b.example/"]


@pytest.mark.parametrize("address", ["http://[broken", "a b\\c", 'x"y', "mailto:a@b.example"])
def test_an_address_cannot_break_the_document(address):
    old, new = "<p>x</p>", f'<p>x <a href="{address.replace(chr(34), "&quot;")}">there</a></p>'
    assert text(written(old, new), True) == ["x there"]


def test_links_within_the_text_lead_to_their_clause():
    texts = [redline("", "<h2>Cookies</h2>"), redline("", '<p>See <a href="#cookies">cookies</a>.</p>')]
    anchored = tuple(word.Text(each, AUTHOR, name) for each, name in zip(texts, ("cookies", "contact"), strict=True))
    files, _ = word.write(word.Document("t", "f", anchored))
    body = parsed(files, "document")
    (link,), marks = list(body.iter(w("hyperlink"))), list(body.iter(w("bookmarkStart")))
    assert [mark.get(w("name")) for mark in marks] == [link.get(w("anchor"))]
    assert "".join(marks[0].getparent().itertext()) == "Cookies"


NOTED = "It holds[^1].\n\n[^1]: Unless the law says otherwise."


def test_footnotes_are_words_own_with_their_changes_inside():
    files = of(NOTED, NOTED.replace("otherwise", "something else"))
    notes = {note.get(w("id")): note for note in parsed(files, "footnotes")}
    (reference,) = parsed(files, "document").iter(w("footnoteReference"))
    note = notes[reference.get(w("id"))]
    assert [mark.tag for mark in note.iter(w("ins"), w("del"))] == [w("del"), w("ins")]
    assert "↩" not in "".join(note.itertext())
    assert text(files, True) == ["It holds."]


def test_a_new_footnote_comes_with_its_reference_and_one_that_goes_takes_its_text_along():
    files = of(NOTED, "It holds[^a], always[^b].\n\n[^a]: New.\n\n[^b]: Unless the law says otherwise.")
    told = ["".join(each.itertext()).strip() for each in parsed(files, "footnotes")[2:]]
    assert sorted(told) == ["New.", "Unless the law says otherwise.", "Unless the law says otherwise."]
    assert len(list(parsed(files, "document").iter(w("footnoteReference")))) == 3


def test_footnotes_referred_to_twice_stay_a_list():
    twice = "It holds[^1]. Twice[^1].\n\n[^1]: Unless the law says otherwise."
    files = of(NOTED, twice)
    assert text(files, True)[-1] == "Unless the law says otherwise."
    assert len(parsed(files, "footnotes")) == 2


KEPT = [f"Paragraph number {name} stays where it is in the text." for name in ("one", "two", "three")]
MOVES = "This one moves, and not a word of it is any other."


def test_what_moved_is_moved_in_word_too():
    files = of("\n\n".join([MOVES, *KEPT]), "\n\n".join([*KEPT, MOVES]))
    assert moved(files, "moveFrom") == moved(files, "moveTo") == {"move1": [MOVES]}
    assert (changes(files, "del"), changes(files, "ins")) == ([], [])
    assert (text(files, False), text(files, True)) == ([MOVES, *KEPT], [*KEPT, MOVES])


def test_a_move_is_one_range_however_many_paragraphs_it_has_but_for_those_that_cannot_be_marked():
    linked = "And one with [a link](https://a.example/) in it that moves along."
    section = ["> " + MOVES, ">", "> It goes on behind it.", ">", f"> {linked}", ">", "> This is its end."]
    files = of("\n".join([*section, "", *KEPT]), "\n".join([*KEPT, "", *section]))
    assert moved(files, "moveFrom") == {"move1": [MOVES, "It goes on behind it."], "move2": ["This is its end."]}
    assert moved(files, "moveTo") == moved(files, "moveFrom")
    assert (
        "".join(changes(files, "del"))
        == "".join(changes(files, "ins"))
        == linked.replace("[", "").replace("](https://a.example/)", "")
    )


def test_what_moved_and_was_reworded_stands_at_both_places():
    reworded = MOVES.replace("any other", "another one now")
    files = of("\n\n".join([MOVES, *KEPT]), "\n\n".join([*KEPT, reworded]))
    assert (moved(files, "moveFrom"), changes(files, "del"), changes(files, "ins")) == ({}, [MOVES], [reworded])


def test_a_move_without_a_time_is_a_deletion_and_an_insertion():
    pages = (rendering.document("\n\n".join(texts)) for texts in ([MOVES, *KEPT], [*KEPT, MOVES]))
    files, _ = word.write(word.Document("t", "f", (word.Text(redline(*pages), word.Author("Ada")),)))
    assert (moved(files, "moveFrom"), changes(files, "del"), changes(files, "ins")) == ({}, [MOVES], [MOVES])


def test_a_clause_that_moved_is_one_move_though_it_is_two_texts():
    page = "<h2>Data</h2><p>We keep it.</p><table><tr><td>a</td></tr></table><p>For two years.</p>"
    texts = [word.Text(redline(*pages), AUTHOR, "data", move="data") for pages in ((page, ""), ("", page))]
    files, _ = word.write(
        word.Document("t", "f", (*texts[:1], word.Text(redline("<p>x</p>", "<p>x</p>"), AUTHOR), *texts[1:]))
    )
    assert moved(files, "moveFrom") == {"move1": ["Data", "We keep it."], "move2": ["For two years."]}
    assert moved(files, "moveTo") == moved(files, "moveFrom")
    assert said(files, True)[1:] == said(files, False)[:-1]


def test_cells_over_several_rows_and_columns():
    wide = '<table><tr><td rowspan="2">a</td><td colspan="2">b</td></tr><tr><td>c</td><td>d</td></tr></table>'
    files = written("", wide)
    spans = [[cell[0] for cell in row] for row in said(files, True)[0][1]]
    assert spans == [[("", "restart"), ("2", "")], [("", "continue"), ("", ""), ("", "")]]


def test_the_language_and_its_direction_are_set():
    files, _ = word.write(document(redline("", "<p>سلام</p>"), language="ar", right_to_left=True))
    styles = files["word/styles.xml"].decode()
    assert 'w:bidi="ar"' in styles
    assert "<w:bidi/>" in styles
    assert "<w:bidi/>" in files["word/document.xml"].decode()
    assert "w:lang" not in of("a", "b")["word/styles.xml"].decode()


def test_a_change_without_a_date_has_none():
    files, _ = word.write(word.Document("t", "f", (word.Text(redline("", "<p>a</p>"), word.Author("Ada")),)))
    assert b"w:date" not in files["word/document.xml"]
    assert b"created" not in files["docProps/core.xml"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<tr><td rowspan="2">a</td><td>b</td></tr><tr><td>c</td></tr>', "<tr><td>a</td><td>b</td></tr>"),
        ('<tr><td colspan="2">a b c</td></tr>', "<tr><td>a b c</td><td>x</td></tr>"),
    ],
)
def test_what_word_cannot_track_is_shown_whole_and_told(old, new):
    pages = [f"<p>Before.</p><table>{rows}</table>" for rows in (old, new)]
    files, whole = word.write(word.Document("t", "f", (word.Text(redline(*pages), AUTHOR, "fees"),)))
    assert whole == ("fees",)
    for page, accept in zip(pages, (False, True), strict=True):
        assert said(files, accept) == said(written(page, page), accept)


@pytest.mark.long
@pytest.mark.parametrize("tags", ["table tr td", "ul li", "ol li", "blockquote", "div", "em"])
def test_no_nesting_is_too_deep(tags):
    names = tags.split()
    start, end = "".join(f"<{tag}>" for tag in names), "".join(f"</{tag}>" for tag in reversed(names))
    old, new = (start * 300 + letter + end * 300 for letter in ("a", "b"))
    files = written(old, new)
    assert ["".join(text(files, accept)) for accept in (False, True)] == ["a", "b"]


def test_a_name_is_written_whatever_it_holds() -> None:
    text = word.Text(redline("<p>a</p>", "<p>b</p>"), word.Author("Ada\x01\ufffe"), comment="Better.")
    files, _ = word.write(word.Document("t", "f", (text,)))
    for path in ("word/document.xml", "word/comments.xml"):
        assert 'author="Ada\ufffd\ufffd"' in files[path].decode()
