"""What holds for the Word document of every pair of pages."""

from hypothesis import HealthCheck, given

from core.redline.documents import block, pairs
from core.word.opening import marks, moved, parsed, said, text, visible, w, written
from examples import examples
from inforce import word
from inforce.redline import redline
from inforce.word import _normal, _whole
from inforce.word.from_html import read

MANY = examples(50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
FEW = examples(10, parent=MANY)


@MANY
@given(pairs())
def test_accepting_gives_the_new_page_and_rejecting_the_old_one(pair: tuple[str, str]) -> None:
    files = written(*pair)
    for page, accept in zip(pair, (False, True), strict=True):
        assert said(files, accept) == said(written(page, page), accept)
        assert "".join("".join(text(files, accept)).split()) == visible(page)


@FEW
@given(pairs(), block)
def test_a_table_that_moved_is_exact_too(pair: tuple[str, str], last: str) -> None:
    table = "<table><tbody><tr><td>Letters that we get</td><td>two years</td></tr></tbody></table>"
    old, new = f"{table}\n{pair[0]}\n<p>Last of all.</p>\n{last}", f"{pair[0]}\n<p>Last of all.</p>\n{last}\n{table}"
    files = written(old, new)
    for page, accept in ((old, False), (new, True)):
        assert said(files, accept) == said(written(page, page), accept)


@FEW
@given(pairs())
def test_a_page_shown_whole_is_exact_too(pair: tuple[str, str]) -> None:
    result = redline(*pair)
    whole = _whole(word.Text(result, word.Author("Ada")))
    for page, accept in ((result.rejected(), False), (result.accepted(), True)):
        author = word.Author("Ada")
        assert _normal(whole, accept, author) == _normal(read(page), accept, author)


@FEW
@given(pairs())
def test_every_change_has_an_id_of_its_own_an_author_and_a_date(pair: tuple[str, str]) -> None:
    files = written(*pair)
    changes = list(marks(files))
    assert len({change.get(w("id")) for change in changes}) == len(changes)
    assert {(change.get(w("author")), change.get(w("date"))) for change in changes} <= {
        ("Ada Editor", "2026-03-02T09:00:00Z")
    }
    body = parsed(files, "document")
    assert {run.getparent().getparent().tag for run in body.iter(w("delText"))} <= {w("del")}
    assert all(not change.findall(f".//{w('t')}") for change in body.iter(w("del")))


@MANY
@given(pairs())
def test_a_move_has_two_ranges_of_one_name_that_say_the_same_and_hold_all_that_moves(pair: tuple[str, str]) -> None:
    files = written(*pair)
    assert moved(files, "moveFrom") == moved(files, "moveTo")
    for kind in ("moveFrom", "moveTo"):
        ends = parsed(files, "document").findall(f".//{w('p')}/{w('pPr')}/{w('rPr')}/{w(kind)}")
        assert len(ends) == sum(map(len, moved(files, kind).values()))


@FEW
@given(pairs())
def test_the_same_redline_gives_the_same_bytes_and_an_unchanged_page_bears_no_mark(pair: tuple[str, str]) -> None:
    assert written(*pair) == written(*pair)
    assert list(marks(written(pair[0], pair[0]))) == []


@FEW
@given(pairs())
def test_properties_stand_in_the_order_of_the_schema(pair: tuple[str, str]) -> None:
    order = {
        "pPr": "pStyle keepNext numPr spacing ind jc rPr pPrChange",
        "rPr": "ins del moveFrom moveTo rStyle b bCs i iCs strike sz highlight u vertAlign lang rPrChange",
        "trPr": "gridAfter cantSplit tblHeader ins del",
        "tcPr": "tcW gridSpan vMerge",
        "tblPr": "tblStyle tblW tblInd tblLayout",
    }
    body = parsed(written(*pair), "document")
    for name, names in order.items():
        ranks = {w(each): rank for rank, each in enumerate(names.split())}
        for properties in body.iter(w(name)):
            found = [ranks[child.tag] for child in properties]
            assert found == sorted(found)
