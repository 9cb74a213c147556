"""Another reader's word on our Word documents: LibreOffice accepts and rejects all changes, and shows text and numbers.

Needs LibreOffice and its bridge to Python (see `programs`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings

import corpus
import programs
from adapters import libreoffice
from core.redline.documents import pairs
from core.word.opening import document, visible
from inforce import word
from inforce.adapters.command.redline_forms import packed
from inforce.redline import Redline, plain, redline
from inforce.text import html as rendering

Shown = Callable[..., dict[str, list[list[str]]]]

SIDES = ("rejected", "accepted")
STEP = 33
"""One in so many of the corpus: twelve real revisions."""
GENERATED = 25
OLD = """\
# Returns policy

Send it back within 14 days[^1].

1. First, tell us.
2. Second, pack it.
3. Third, wait.

(a) Goods that you wore
(b) and those that you broke

    i. stay yours.

| Country | Days |
|---|--:|
| Spain | 20 |
| France | 14 |

> What the law says stays.

[^1]: From the day of arrival.
"""
NEW = """\
# Return policy

Send it back within 30 days[^1], or keep it.

1. First, tell us.
2. Third, wait.
3. Fourth, be happy.

(a) Goods that are sealed,
(b) those that you wore
(c) and those that you broke

    i. stay yours.

| Country | Days |
|---|--:|
| Spain | 30 |
| Poland | 14 |
| Italy | 7 |

> What the law says stays for good.

- A last word.

[^1]: From the day of arrival at your door.
"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """What LibreOffice shows of a document of these redlines: side -> its paragraphs, spacers left out."""
    programs.LIBREOFFICE.path()
    if not libreoffice.python():
        programs.absent(f"No Python here has LibreOffice's bridge. {programs.LIBREOFFICE.cure}")
    folder = tmp_path_factory.mktemp("word")
    with libreoffice.running(folder / "profile", programs.bound) as read:

        def shown(*redlines: Redline) -> dict[str, list[list[str]]]:
            files, whole = word.write(document(*redlines))
            assert whole == ()
            path = folder / f"{len(list(folder.iterdir()))}.docx"
            path.write_bytes(packed(files))
            return {side: [each for each in found if each[0] != "Spacer"] for side, found in read(path).items()}

        yield shown


def flat(paragraphs: Sequence[Sequence[str]]) -> str:
    """Numbers and text, without white space and the bars that part cells in a terminal."""
    return re.sub(r"[\s|]+", "", "".join(number + text for _, number, text in paragraphs))


def expected(redlines: Sequence[Redline], side: str) -> str:
    """The same of the pages, as the terminal shows them, without what stands for styles there: #, >, - and ---."""
    pages = (getattr(each, side)() for each in redlines)
    lines = (line for page in pages for line in plain(page, insertion=str, deletion=str).splitlines())
    return re.sub(r"[\s|]+|---", "", "".join(re.sub(r"^(?:> |#+ |- |\s)*", "", line) for line in lines))


@pytest.mark.skipif(not corpus.PATH.is_file(), reason=corpus.ABSENT)
def test_real_revisions(shown):
    redlines = [redline(*map(rendering.document, pair)) for pair in corpus.pairs(STEP)]
    found = shown(*redlines)
    for side in SIDES:
        assert flat(found[side]) == expected(redlines, side)


def test_made_up_pages(shown):
    made: list[tuple[str, str]] = []

    @settings(
        max_examples=GENERATED, phases=[Phase.generate], database=None, derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(pairs())
    def collect(pair: tuple[str, str]) -> None:
        made.append(pair)

    collect()
    found = shown(*(redline(*pair) for pair in made))
    for side, pages in zip(SIDES, zip(*made, strict=True), strict=True):
        assert "".join("".join(text for *_, text in found[side]).split()) == "".join(map(visible, pages))


def test_what_moved_is_where_it_was_or_is_once_the_move_is_rejected_or_accepted(shown):
    kept = [f"Paragraph number {name} stays where it is in the text." for name in ("one", "two", "three")]
    items = "1. The first item says what it says.\n2. The second one says another thing.\n3. And the third a last one."
    section = "## What moves\n\nIts first paragraph, which has many words.\n\n> Its end is a quotation of some words."
    table = "| Country | Days |\n|---|--:|\n| Spain | 20 |"
    sorted_anew = "\n".join(f"{number}. {items.splitlines()[place][3:]}" for number, place in enumerate((1, 2, 0), 1))
    old = [section, "## What stays\n\nThis stays.", *kept, items, table, "## End\n\nIt ends."]
    new = ["## What stays\n\nThis stays.", *kept, sorted_anew, table, section, "## End\n\nIt ends."]
    made = redline(*(rendering.document("\n\n".join(texts)) for texts in (old, new)))
    found = shown(made)
    assert b"<w:moveFrom " in word.write(document(made))[0]["word/document.xml"]
    for side in SIDES:
        page = getattr(made, side)()
        assert found[side] == shown(redline(page, page))["accepted"]


def test_styles_numbers_cells_and_footnotes(shown):
    found = shown(redline(rendering.document(OLD), rendering.document(NEW)))
    assert found["accepted"] == [
        ["Title", "", "Return policy"],
        ["Standard", "", "Send it back within 30 days1, or keep it."],
        ["List Paragraph", "1.", "First, tell us."],
        ["List Paragraph", "2.", "Third, wait."],
        ["List Paragraph", "3.", "Fourth, be happy."],
        ["List Paragraph", "", "(a)\tGoods that are sealed,"],
        ["List Paragraph", "", "(b)\tthose that you wore"],
        ["List Paragraph", "", "(c)\tand those that you broke"],
        ["List Paragraph", "", "i.\tstay yours."],
        *(["Table Heading", "", text] for text in ("Country", "Days")),
        *(["Table Text", "", text] for text in ("Spain", "30", "Poland", "14", "Italy", "7")),
        ["Quote", "", "What the law says stays for good."],
        ["List Paragraph", "", "A last word."],
        ["Footnote", "", " From the day of arrival at your door."],
    ]
    assert [number for style, number, _ in found["rejected"] if style == "List Paragraph"][:3] == ["1.", "2.", "3."]
    assert ["List Paragraph", "", "(b)\tand those that you broke"] in found["rejected"]
    assert "".join(text for style, _, text in found["rejected"] if style == "Table Text") == "Spain20France14"
    assert found["rejected"][-1] == ["Footnote", "", " From the day of arrival."]
