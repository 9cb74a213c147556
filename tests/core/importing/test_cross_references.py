"""Each clause defines what it uses, and its links lead somewhere."""

from __future__ import annotations

import pytest

from core.importing.histories import imported, monthly, snapshot
from inforce.errors import InForceError, errors
from inforce.importing import cross_references, reading
from inforce.importing.histories import ImportedVersion
from inforce.text import markdown


def made(text: str, base: str = "") -> tuple[dict[str, str], ImportedVersion]:
    found = imported([snapshot(text)], base=base)
    assert errors(found.problems) == ()
    [only] = found.made
    return {clause.id: clause.body for clause in only.version.clauses}, only


def test_definitions_go_where_they_are_used() -> None:
    bodies, _ = made(
        "# Terms\n\n## A\n\nSee [us][home] and [us].\n\n## B\n\nA note[^n] on [us][Home], for HTML.\n\n"
        "[home]: https://x.example\n[us]: https://y.example 'Us'\n[^n]: The note, see [home].\n\n    More of it.\n\n"
        "*[HTML]: Hypertext\n"
    )
    assert bodies == {
        "a": "See [us][home] and [us].\n\n[home]: https://x.example\n[us]: https://y.example 'Us'",
        "b": "A note[^n] on [us][Home], for HTML.\n\n\\*[HTML]: Hypertext\n\n[home]: https://x.example\n\n"
        "[^n]: The note, see [home].\n\n    More of it.",
    }


def test_what_nothing_uses_stays_where_it_stood() -> None:
    bodies, _ = made("# Terms\n\n## A\n\nx\n\n[idle]: https://x.example\n\n## B\n\ny\n\n[^idle]: A note.\n")
    assert bodies == {"a": "x\n\n[idle]: https://x.example", "b": "y\n\n\\[^idle]: A note."}


def test_what_nothing_defines_shows_its_brackets() -> None:
    bodies, only = made("# Terms\n\n## A\n\nSee [the fees][https://x.example] and a note[^1].\n\n## B\n\ny")
    assert bodies["a"] == "See \\[the fees]\\[https://x.example] and a note\\[^1]."
    assert sorted(what for _, what in only.notes) == [
        "[^1] has no definition: its brackets are shown",
        "[the fees][https://x.example] has no definition: its brackets are shown",
    ]


def test_links_to_headings_lead_to_clauses() -> None:
    bodies, only = made(
        "# Our Terms\n\nSee [1](#your-data--more) [2](#our-terms) [3](#sub) [4](#b-1) [5](#gone) [6](#old)\n\n"
        "## Your data & more\n\n### Sub\n\nx\n\n## B\n\ny\n\n## B\n\n<a name='old'></a>\n\nz\n"
    )
    assert bodies["preamble"] == "See [1](#your-data-more) [2](#top) [3](#your-data-more) [4](#b-2) 5 [6](#b-2)"
    assert [what for _, what in only.notes] == ["the link to #gone led nowhere: its text is kept"]


def test_relative_links_are_told_or_made_absolute() -> None:
    text = "# Terms\n\nSee [us](../about.md), [x](https://x.example/a) and `[y](z)`.\n"
    bodies, only = made(text)
    assert only.relative == ("../about.md",)
    bodies, only = made(text, "https://shop.example/legal/terms/")
    assert bodies["preamble"].startswith("See [us](https://shop.example/legal/about.md), [x](https://x.example/a)")
    assert only.relative == ()


def test_a_picture_becomes_a_link_to_it_and_within_a_link_its_description() -> None:
    bodies, _ = made("# Terms\n\n## A\n\n![Logo](logo.png) and [![Map](map.png)](https://x.example/(a)).\n")
    assert bodies == {"a": "[Logo](logo.png) and [Map](https://x.example/(a))."}


def test_a_link_that_led_nowhere_leaves_its_text_and_nothing_else() -> None:
    bodies, only = made("# Terms\n\n## A\n\nSee [x *y*](#nowhere(1)) and [z](#nothing).\n")
    assert bodies == {"a": "See x *y* and z."}
    assert [note for _, note in only.notes] == [
        "the link to #nowhere(1) led nowhere: its text is kept",
        "the link to #nothing led nowhere: its text is kept",
    ]


LINK_FORMS = (
    "See [x]({0}).",
    "See [x](<{0}> 'T').",
    "See [x][n].\n\n[n]: <{0}> 'T'",
    "See [x][].\n\n[x]: <{0}>",
    "See [x].\n\n[x]: <{0}>",
    "See [![x](p.png)]({0}).",
    "See [![x](p.png)][n].\n\n[n]: {0}",
    'See <a href="{0}">x</a>.',
)


@pytest.mark.parametrize("written", LINK_FORMS)
@pytest.mark.parametrize("address", ["javascript:void(0)", "#nowhere(1)", "ftp://x.example/a"])
def test_whatever_form_a_link_has_that_cannot_lead_its_text_alone_is_left(written: str, address: str) -> None:
    bodies, only = made(f"# Terms\n\n## A\n\n{written.format(address)}\n")
    shown = bodies["a"].replace("<a>", "").replace("</a>", "")
    assert shown in (("See x.", "See [x](p.png).") if "![" in written else ("See x.",))
    assert only.notes


@pytest.mark.parametrize("written", LINK_FORMS)
def test_whatever_form_a_link_has_it_leads_to_the_clause_that_holds_its_heading(written: str) -> None:
    text = f"# Terms\n\n## A\n\n{written.format('#permitted-terms')}\n\n## B\n\ny\n\n### Permitted terms\n\nz\n"
    bodies, only = made(text)
    assert markdown.read(bodies["a"]).links[0].address == "#b"
    assert only.notes == ()


def test_a_heading_holds_no_picture_and_its_links_lead_on() -> None:
    found = imported(
        [snapshot("# Terms\n\n## A ![Logo](x.png)\n\nx\n\n## See [that](#gone) [one][n]\n\ny\n\n[n]: #gone\n")]
    )
    headings = [clause.heading for clause in found.made[0].version.clauses]
    assert headings == ["A [Logo](x.png)", "See that one"]


def test_what_a_clause_cannot_hold_is_shown_as_text_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cross_references, "escaped", lambda body: body)  # as a fault that nobody foresaw
    bodies, only = made("# Terms\n\n## A\n\nFine\n\n*[HTML]: x\n\n| a |\n|---|\n| b |\n")
    assert bodies["a"].startswith("Fine\n\n\\*\\[HTML\\]")
    assert [(line, what.partition(":")[0]) for line, what in only.notes] == [(3, "kept as text")]


def test_all_texts_that_are_refused_are_told_at_once() -> None:
    deep = f"# T\n\n## A\n\n{'> ' * 40}x\n"
    with pytest.raises(InForceError) as caught:
        imported(monthly([deep, "# T\n\n## A\n\nfine", f"{deep}y"]))
    assert [problem.path for problem in caught.value.problems] == ["t0.md, clause a", "t2.md, clause a"]


def test_what_is_no_link_for_its_blanks_is_kept_and_told() -> None:
    found = reading.read(
        b"# T\n\n## A\n\nSee [B.5](#5-U.S. Federal Terms) and `[c](d e)`, [f](#a 'A title').\n", "a.md"
    )
    [section], notes = cross_references.complete(found, ["a"])
    assert section.body.startswith("See [B.5](#5-U.S. Federal Terms) and")
    assert notes == ((3, "[B.5](#5-U.S. Federal Terms) is no link: it is kept as text"),)
