"""The dates of a text wherever they stand: each is told once, with what it is said to be; a line of dates leaves."""

from __future__ import annotations

from datetime import date

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from inforce.importing import dates, reading, web_pages
from inforce.importing.date_lines import DateLine
from inforce.importing.reading import Reading

DAY = date(2025, 11, 5)
CLAUSES = "## 1. Data\n\nWe keep it.\n\n## 2. Law\n\nGerman law.\n\nAnd none else.\n"
LINES = {
    "en": ("Effective date: {}", "Last updated on {}."),
    "de": ("Gültig ab {}", "Zuletzt aktualisiert am {}"),
    "fr": ("En vigueur à compter du {}", "Dernière mise à jour : {}"),
    "es": ("Vigente desde el {}", "Última actualización: {}"),
    "pt": ("Em vigor a partir de {}", "Última atualização em {}"),
    "ru": ("Действует с {}", "Последнее обновление: {}"),
    "ja": ("発効日：{}", "最終更新日：{}"),
    "zh": ("{}起生效", "更新日期：{}"),
    "ar": ("تاريخ السريان: {}", "آخر تحديث: {}"),
}
"""A line of each sort in nine languages."""


def read(text: str) -> Reading:
    return reading.read(text.encode(), "terms.md")


def shown(found: Reading) -> str:
    return "\n".join(f"{section.heading}\n{section.body}" for section in found.sections)


@pytest.mark.parametrize(
    "text",
    [
        f"# Terms\n\nNovember 5, 2025\n\n{CLAUSES}",
        f"# Shop\n\n## Terms of use\n\nLast updated: November 5, 2025\n\n{CLAUSES}",
        f"# Shop\n\n## Terms of use\n\n### For all\n\nLast modified: November 5, 2025\n\n{CLAUSES}",
        f"# Terms\n\n## Last revised\n\nNovember 5, 2025\n\n{CLAUSES}",
        f"# Terms\n\nThis is the shop's.\n\n*Last updated: November 5, 2025*\n\n{CLAUSES}",
        f"# Terms\n\n{CLAUSES}\nLast updated November 5, 2025\n",
        f"# Terms\n\n{CLAUSES}\n---\n\nNovember 5, 2025\n",
        f"# Terms\n\nShop Ltd.  \nLast updated: November 5, 2025  \nBerlin\n\n{CLAUSES}",
        f'# Terms\n\nA week ago\n{{: datetime="2025-11-05" }}\n\n{CLAUSES}',
        f'# Terms\n\nLast updated: <time datetime="2025-11-05">05/11/2025</time>\n\n{CLAUSES}',
        f"---\nlayout: page\nlast_modified_at: 2025-11-05\n---\n# Terms\n\n{CLAUSES}",
        f'+++\nlastmod = 2025-11-05T08:00:00Z\ntitle = "Terms"\n+++\n\n{CLAUSES}',
        f"---\nnumber: 20180525\nupdated: 20251105\n---\n\n# Terms\n\n{CLAUSES}",
        f"---\ntitle: Terms\nlast_update:\n  date: 2025-11-05\n  author: ada\n---\n\n{CLAUSES}",
        f"# Terms\n\n{CLAUSES}\n## 3. Dates\n\nLast updated: November 5, 2025\n\n## 4. More\n\nSo.\n\nAnd so.\n",
    ],
)
def test_the_day_of_the_last_change_wherever_it_stands(text: str) -> None:
    found = read(text)
    assert found.dates == DateLine(None, DAY)
    assert "2025" not in shown(found)
    assert all(told.gone for told in found.told)


@pytest.mark.parametrize(
    "line",
    [
        *("Version 1.2, effective November 5, 2025", "Effective Date: 5 November 2025", "à compter du 5 novembre 2025"),
        *("Gültig ab Mittwoch, 5. November 2025", "発効日 2025 年 11 月 5 日", "2025 年 11 月 5 日起生效"),
        *("с 5 ноября 2025 г.", "سارية من ٥ نوفمبر ٢٠٢٥", "Diese Bedingungen treten am 5. November 2025 in Kraft."),
    ],
)
def test_the_day_of_effect_in_a_line_of_its_own(line: str) -> None:
    found = read(f"# Terms\n\n{line}\n\n{CLAUSES}")
    assert found.dates == DateLine(DAY)
    assert line not in shown(found)


@pytest.mark.parametrize("language", LINES)
@given(day=st.dates(date(1995, 1, 1), date(2090, 1, 1)), form=st.sampled_from(["full", "long"]), last=st.booleans())
def test_what_is_written_in_nine_languages_is_read(language: str, day: date, form: str, last: bool) -> None:
    line = LINES[language][last].format(format_date(day, form, locale=language))
    found = read(f"# Terms\n\n{line}\n\n{CLAUSES}")
    assert found.dates == (DateLine(None, day) if last else DateLine(day))
    assert line not in shown(found)


PAGE = """<!doctype html><title>Terms</title>{head}<main><h1>Terms</h1><p>{line}</p><h2>Data</h2><p>We keep it.</p>
<h2>Law</h2><p>German law.</p></main>"""


@pytest.mark.parametrize(
    ("head", "line", "told"),
    [
        ('<meta property="article:modified_time" content="2025-11-05T08:00:00Z">', "So.", DateLine(None, DAY)),
        ('<meta name="effective-date" content="2025-11-05">', "So.", DateLine(DAY)),
        ('<meta name="expires" content="2025-11-05">', "So.", DateLine()),
        ("", '<time datetime="2025-11-05">Last week</time>', DateLine(None, DAY)),
        ("", 'Effective: <time datetime="2025-11-05">05/11/2025</time>', DateLine(DAY, DAY)),
    ],
)
def test_a_page_tells_programs_what_day_it_is_of(head: str, line: str, told: DateLine) -> None:
    page = web_pages.read(PAGE.format(head=head, line=line).encode(), "terms.html")
    assert read(page.markdown.decode()).dates == told


def test_a_sentence_stays_and_tells_what_it_says() -> None:
    top = "These terms take effect on 5 November 2025 for new customers, and later for others."
    assert read(f"# Terms\n\n{top}\n\n{CLAUSES}").dates.effective == DAY
    clause = f"## 3. Changes\n\nThis agreement is effective as of November 5, 2025.\n\n{CLAUSES}"
    found = read(f"# Terms\n\n{CLAUSES}{clause}")
    assert found.dates.effective == DAY
    assert "This agreement is effective as of November 5, 2025." in shown(found)


def test_a_clause_s_own_dates_stay_with_it_and_tell_nothing_of_the_text() -> None:
    history = "## 3. History\n\nLast updated: 1 May 2020\n\nWe began.\n\nLast updated: 1 May 2021\n\nWe went on.\n\n"
    for text in (
        f"# Terms\n\n{CLAUSES}{history}{CLAUSES}",
        f"# Terms\n\n{CLAUSES}## 3. Law\n\nThe law of 1 May 2020 was in force until 3 May 2021.\n\n{CLAUSES}",
    ):
        found = read(text)
        assert found.dates == DateLine()
        assert "1 May 2020" in shown(found)
        assert {told.role for told in found.told} == {"mentioned"}


def test_what_replaced_something_is_not_of_that_day() -> None:
    assert read(f"# Terms\n\nThis replaces the version effective 1 May 2018.\n\n{CLAUSES}").dates == DateLine()


_written = st.builds(
    format_date,
    st.dates(date(1995, 1, 1), date(2090, 1, 1)),
    st.sampled_from(["full", "long", "medium"]),
    st.sampled_from(sorted(LINES)),
)
_pieces = st.sampled_from(
    ["# {}\n\n", "## {} a\n\n", "Last updated: {}\n\n", "{}\n\n", "We began on {}, and went on.\n\n", "<!-- {} -->\n\n",
     "- a {}\n- b\n\n", "Effective: {}  \nBerlin\n\n", "| a | b |\n|---|---|\n| {} | c |\n\n", "[back {}](#top)\n\n"]
)  # fmt: skip


@given(st.lists(st.builds(lambda piece, day: piece.format(day), _pieces, _written), min_size=1, max_size=6))
def test_every_date_of_a_text_is_told(parts: list[str]) -> None:
    text = f"{''.join(parts)}\n\n## End\n\nSo it is.\n"
    written = sorted(each.text.replace("\u200f", "") for part in parts for each in dates.find(part))
    found = read(text)
    assert sorted(told.text.replace("\u200f", "") for told in found.told if told.days) == written
