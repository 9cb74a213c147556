"""Each clause defines what it uses, and its links lead somewhere."""

from __future__ import annotations

from core.importing.histories import imported, snapshot
from inforce.importing.histories import Made


def made(text: str, base: str = "") -> tuple[dict[str, str], Made]:
    found = imported([snapshot(text)], base=base)
    assert found.problems == ()
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
