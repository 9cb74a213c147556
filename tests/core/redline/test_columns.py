"""Tables: rows and columns that were added or removed, shown as such and said once."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.redline.documents import assert_honest
from inforce.redline import Redline, plain, redline

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


def shown(result: Redline) -> list[str]:
    return plain(result.html, insertion="{{+{}+}}".format, deletion="[-{}-]".format).splitlines()


def test_a_column_added_is_marked_cell_by_cell_and_said_once() -> None:
    longer = [[*row[:1], more, *row[1:]] for row, more in zip(WHY, ["How long", "a year", ""], strict=True)]
    result = made(table(WHY), table(longer))
    assert shown(result) == ["Data | {+How long+} | Why", "mail | {+a year+} | to write", "name |  | to greet"]
    assert result.html.count("column added: ") == 1
    assert '<th class="redline-added redline-column"><span class="redline-say"' in result.html
    back = made(table(longer), table(WHY))
    assert shown(back) == ["Data | [-How long-] | Why", "mail | [-a year-] | to write", "name |  | to greet"]
    assert back.html.count("column removed: ") == 1


def test_a_table_that_gained_a_column_still_has_its_rows_and_words_compared() -> None:
    new = [["Data", "Why", "Basis"], ["mail", "to write often", "consent"], ["phone", "to ring", "consent"]]
    assert shown(made(table(WHY), table([*new, ["name", "to greet", "contract"]]))) == [
        "Data | Why | {+Basis+}",
        "mail | to write {+often+} | {+consent+}",
        "{+phone+} | {+to ring+} | {+consent+}",
        "name | to greet | {+contract+}",
    ]


def test_a_column_in_place_of_another_is_one_removed_and_one_added() -> None:
    old = [["Data", "Basis", "Why"], ["mail", "consent", "to write"], ["name", "contract", "to greet"]]
    new = [["Data", "Why", "Until"], ["mail", "to write", "May"], ["name", "to greet", "June"]]
    assert shown(made(table(old), table(new)))[0] == "Data | [-Basis-] | Why | {+Until+}"


def test_a_column_of_another_head_and_other_words_in_the_same_place_is_reworded() -> None:
    old = [["Data", "Why"], ["your address for mail", "letters"], ["your full name", "greetings"]]
    new = [["Data", "Purpose"], ["your address for mail", "parcels"], ["your full name", "labels"]]
    assert shown(made(table(old), table(new))) == [
        "Data | [-Why-]{+Purpose+}",
        "your address for mail | [-letters-]{+parcels+}",
        "your full name | [-greetings-]{+labels+}",
    ]


def test_a_row_added_or_removed_is_said_even_where_its_first_cell_is_empty() -> None:
    new = [*WHY, ["", "to sell"]]
    for pair, said in ((WHY, new), "row added: "), ((new, WHY), "row removed: "):
        html = made(*map(table, pair)).html
        assert re.findall(r"<tr[^>]*><td><span[^>]*> (row [a-z]+: )</span></td>", html) == [said]


@pytest.mark.parametrize("cell", ['<td colspan="2">both</td>', "<td>one</td>"])
def test_what_is_no_plain_grid_is_left_as_it_is(cell: str) -> None:
    odd = table(WHY).replace("<td>to write</td>", "").replace("<td>mail</td>", cell)
    wider = table([[*row, "more"] for row in WHY])
    assert "redline-column" not in made(odd, wider).html


def test_an_added_or_removed_row_has_its_cells_below_their_heads() -> None:
    new = [["Data", "Until", "Why"], ["mail", "May", "to write"], ["phone", "June", "ringing"]]
    result = made(table(WHY), table(new))
    assert shown(result) == [
        "Data | {+Until+} | Why",
        "mail | {+May+} | to write",
        "[-name-] |  | [-to greet-]",
        "{+phone+} | {+June+} | {+ringing+}",
    ]
    assert result.html.count('<td class="redline-filler"></td>') == 1


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


@settings(max_examples=150, deadline=None)
@given(grids())
def test_whatever_becomes_of_a_table_the_redline_is_exact_and_valid(pair: tuple[str, str]) -> None:
    made(*pair)
