"""Tables whose rows, columns or cells became others."""

import re

from hypothesis import given
from hypothesis import strategies as st

from core.redline.documents import assert_honest
from examples import examples
from inforce.redline import Redline, redline
from inforce.text.html import document

WHY = [["Data", "Why"], ["mail", "to write"], ["name", "to greet"]]


def table(rows: list[list[str]], head: bool = True) -> str:
    """Rows as a table, the first one its head."""
    parts = ["<tr>{}</tr>".format("".join(f"<th>{cell}</th>" for cell in rows[0]))] if head else []
    parts += ["<tr>{}</tr>".format("".join(f"<td>{cell}</td>" for cell in row)) for row in rows[head:]]
    if not head:
        return f"<table><tbody>{''.join(parts)}</tbody></table>"
    return f"<table><thead>{parts[0]}</thead><tbody>{''.join(parts[1:])}</tbody></table>"


def made(old: str, new: str) -> Redline:
    result = redline(old, new)
    assert not result.whole
    assert_honest(old, new, result)
    return result


def test_a_table_that_got_or_lost_a_column_has_that_column_marked() -> None:
    longer = [[*row[:1], more, *row[1:]] for row, more in zip(WHY, ["How long", "a year", ""], strict=True)]
    for pair in (WHY, longer), (longer, WHY):
        html = made(*map(table, pair)).html
        assert re.findall(r"<table[^>]*>", html) == ["<table>"]
        assert html.count("redline-added") + html.count("redline-removed") == len(WHY)


def test_a_table_of_other_columns_does_not_keep_a_split_paragraph_from_being_shown_as_one() -> None:
    text = "We keep what you tell us for as long as you have an account. ", "You may ask us what we hold about you."
    wider = [
        [f"the {row[0]}", *row[1:], more] for row, more in zip(WHY, ["How long", "a year", "for ever"], strict=True)
    ]
    html = made(f"<p>{''.join(text)}</p>{table(WHY)}", f"<p>{text[0]}</p><p>{text[1]}</p>{table(wider)}").html
    assert 'data-redline-told="Paragraph split"' in html
    assert (
        html.index("</div>")
        < html.index('<table class="redline-removed">')
        < html.index('<table class="redline-added">')
    )


def test_a_row_added_or_removed_is_said_even_where_its_first_cell_is_empty() -> None:
    new = [*WHY, ["", "to sell"]]
    for pair, said in ((WHY, new), "row added: "), ((new, WHY), "row removed: "):
        html = made(*map(table, pair)).html
        assert re.findall(r"<tr[^>]*><td><span[^>]*> (row [a-z]+: )</span></td>", html) == [said]


ROWS = [["names", "to deliver"], ["phones of all", "to call"], ["orders", "to bill"], ["birthdays", "to greet"]]


@examples(100)
@given(
    st.permutations(ROWS),
    st.sampled_from([("No.", "{}"), ("序号", "{}"), ("", "{}."), ("What", "({})"), ("Lp.", "1.{}")]),
    st.integers(0, 4),
)
def test_a_row_keeps_its_words_whatever_number_it_has(rows: list[list[str]], form: tuple[str, str], place: int) -> None:
    def numbered(rows: list[list[str]]) -> str:
        return table([[form[0], "Data", "Why"], *([form[1].format(at), *row] for at, row in enumerate(rows, 1))])

    changes = made(numbered(ROWS), numbered([*ROWS[:place], ["mails", "to write"], *ROWS[place:]])).changes
    assert (changes.words_deleted, changes.numbers_changed) == (0, len(ROWS) - place)
    moved = made(numbered(ROWS), numbered(rows)).changes
    others = sum(one != other for one, other in zip(rows, ROWS, strict=True))
    assert (moved.words_deleted, moved.words_inserted, moved.numbers_changed) == (0, 0, others)


def test_years_and_amounts_in_a_first_column_do_not_follow() -> None:
    refunds = [["Years", "Refund"], ["1", "75 %"], ["2", "50 %"], ["3", "25 %"]]
    fewer = [refunds[0], ["1", "50 %"], ["2", "25 %"]]
    changes = made(table(refunds), table(fewer)).changes
    assert (changes.wording, changes.numbers_changed) == (True, 0)


@examples(150)
@given(st.permutations(ROWS[:3]), st.lists(st.sampled_from(["", "to sell", "to ask"]), min_size=3, max_size=3))
def test_a_row_that_is_elsewhere_becomes_none_about_another_thing(rows: list[list[str]], why: list[str]) -> None:
    """Whatever else in it changed on the way; what is struck and put in is never what a row is about."""
    other = [[row[0], said or row[1]] for row, said in zip(rows, why, strict=True)]
    html = made(table([["Data", "Why"], *ROWS[:3]]), table([["Data", "Why"], *other])).html
    html = re.sub(r'<span class="redline-say"[^>]*>.*?</span>', "", html)
    struck = {word for mark in re.findall(r"<(?:del|ins)[^>]*>(.*?)</", html) for word in mark.split()}
    assert struck.isdisjoint(("names", "phones", "orders", "birthdays"))


_cell = st.sampled_from(["", "mail", "a year", "to write", "<b>to</b> greet", "<p>one</p><p>two</p>", "name"])


@st.composite
def grids(draw: st.DrawFn) -> tuple[str, str]:
    """A table, and the same with some columns, rows and cells others."""
    width, height, head = draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(st.booleans())
    old = draw(st.lists(st.lists(_cell, min_size=width, max_size=width), min_size=height, max_size=height))
    columns = [*range(width), None, None]
    order = draw(st.lists(st.sampled_from(columns), min_size=1, max_size=5))
    kept = draw(st.lists(st.sampled_from([*old, None]), min_size=1, max_size=5))
    new = [[row[at] if row and at is not None else draw(_cell) for at in order] for row in kept]
    return f"<p>Before.</p>{table(old, head)}", f"{table(new, head)}<p>After.</p>"


@examples(150, deadline=None)
@given(grids())
def test_whatever_becomes_of_a_table_the_redline_is_exact_and_valid(pair: tuple[str, str]) -> None:
    made(*pair)


def test_a_row_that_moved_in_its_table_is_found_by_its_first_cell_whatever_else_changed() -> None:
    head = "| Vendor | Country |\n|---|---|\n"
    old = f"{head}| Beta | US |\n| Alpha | DE |\n| Gamma | FR |\n"
    new = f"{head}| Alpha | DE |\n| Beta | USA |\n| Delta | IE |\n| Gamma | FR |\n"
    changes = redline(document(old), document(new)).changes
    assert (changes.words_deleted, changes.words_inserted, changes.blocks_moved) == (1, 3, 1)
    other = f"{old}\n\nWe do business with others, too.\n\n| Firm | Country |\n|---|---|\n| Omega | AT |\n"
    gone = other.replace("| Beta | US |\n", "").replace("| Omega", "| Beta | USA |\n| Omega")
    assert redline(document(other), document(gone)).changes.blocks_moved == 0
