"""What is read of a date is what was written, in any language; what may mean two days has both, and none is made up."""

from __future__ import annotations

from datetime import date

import pytest
from babel.dates import format_date
from hypothesis import assume, given
from hypothesis import strategies as st

from inforce.importing import dates

NINE = ("en", "de", "fr", "es", "pt", "ru", "ja", "zh", "ar")
OTHERS = ("it", "nl", "ko", "pl", "sv", "fi", "cs", "hr", "uk", "hu", "tr", "lt", "lv", "el", "he", "hi", "th", "vi")
LONG = ("full", "long", "medium")
AROUND = ("{}", "({}).", "Version 2.1 / {}, 7 words", "１ {}")
BOTH = {"ar"}
"""Languages whose medium form is numbers between slashes."""
DIGITS = {"ar": "٠١٢٣٤٥٦٧٨٩", "hi": "०१२३४५६७८९", "fa": "۰۱۲۳۴۵۶۷۸۹"}

days = st.dates(date(1990, 1, 1), date(2099, 12, 31))


def read(text: str, language: str = "") -> list[tuple[date, ...]]:
    return [found.days for found in dates.find(text, language)]


@pytest.mark.parametrize("language", NINE + OTHERS)
@given(day=days, form=st.sampled_from(LONG), around=st.sampled_from(AROUND))
def test_a_date_as_cldr_writes_it_is_read_as_it_was_written(language: str, day: date, form: str, around: str) -> None:
    written = format_date(day, form, locale=language)
    [found] = read(around.format(written), language)
    assert day in found
    assert found == (day,) or (language in BOTH and form == "medium")


@given(day=days, language=st.sampled_from(sorted(DIGITS)), form=st.sampled_from(["full", "long"]))
def test_the_digits_of_a_script_are_digits(day: date, language: str, form: str) -> None:
    written = format_date(day, form, locale=language)
    assert read(written.translate(str.maketrans("0123456789", DIGITS[language])), language) == [(day,)]


@pytest.mark.parametrize("language", sorted({*NINE, *OTHERS} - {"ja", "zh", "ko"}))
@given(day=st.dates(date(2000, 1, 1), date(2069, 12, 31)), form=st.sampled_from(["dd-MMM-yy", "d MMM yy", "d MMM ’yy"]))
def test_a_year_of_two_digits_is_read_and_may_be_the_day(language: str, day: date, form: str) -> None:
    written = format_date(day, form, locale=language)
    [found] = read(written, language)
    turned = written[0].isdecimal() and written[1].isdecimal() and day.day != day.year % 100
    assert day in found
    assert (len(found) > 1) <= turned


NUMERALS = str.maketrans("0123456789", "〇一二三四五六七八九")


def numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    ten = {0: "", 1: "十"}.get(tens, f"{tens}十")
    return f"{ten}{ones or ''}".translate(NUMERALS)


@given(day=days, zero=st.sampled_from("〇零○"), around=st.sampled_from(["{}", "本政策自{}起生效。", "生效日期：{}"]))
def test_chinese_numerals_are_numbers(day: date, zero: str, around: str) -> None:
    year = str(day.year).translate(NUMERALS).replace("〇", zero)
    assert read(around.format(f"{year}年{numeral(day.month)}月{numeral(day.day)}日")) == [(day,)]


@given(day=st.dates(date(1926, 1, 1), date(2060, 12, 31)), era=st.sampled_from(sorted(dates._ERAS)))
def test_a_year_of_an_era_is_counted_from_its_first(day: date, era: str) -> None:
    year = day.year - dates._ERAS[era]
    assume(0 < year < 100)
    rest = f"{numeral(day.month)}月{numeral(day.day)}日"
    for written in (str(year), numeral(year), *(["元"] if year == 1 else [])):
        assert read(f"{era}{written}年{rest}") == [(day,)]
        assert read(f"{era}{written}年{day.month}月{day.day}日") == [(day,)]


@given(days, st.sampled_from(["{:%d/%m/%Y}", "{:%m/%d/%Y}", "{:%m-%d-%Y}", "{:%d-%m-%Y}"]))
def test_numbers_have_every_meaning_that_they_can_have(day: date, form: str) -> None:
    [found] = read(form.format(day))
    assert day in found
    assert (len(found) == 1) == (day.day > 12 or day.day == day.month)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("May 24th, 2018", ["2018-05-24"]),
        ("the 1st of May, 2020", ["2020-05-01"]),
        ("13-May-2019", ["2019-05-13"]),
        ("Sept. 3, 2019", ["2019-09-03"]),
        ("Gültig ab Montag, 4. Mai 2026", ["2026-05-04"]),
        ("発効日 2026 年 5 月 4 日", ["2026-05-04"]),
        ("令和8年5月4日", ["2026-05-04"]),
        ("2021 年 9 月 30 日起生效", ["2021-09-30"]),
        ("١٤ أكتوبر ٢٠٢١", ["2021-10-14"]),
        ("14 أكتوبر 2021", ["2021-10-14"]),
        ("14 تشرين الأول 2021", ["2021-10-14"]),
        ("с 1 января 2024 г.", ["2024-01-01"]),
        ("à compter du 1er mars 2025", ["2025-03-01"]),
        ("1 มกราคม 2567", ["2024-01-01"]),
        ("2025-11-05T08:00:00+08:00", ["2025-11-05"]),
        ("20251105", ["2025-11-05"]),
        ("05-Nov-2025", ["2025-11-05"]),
        ("05-Nov-25", ["2025-11-05", "2005-11-25"]),
        ("5 Nov 25", ["2025-11-05"]),
        ("Nov 5, ’25", ["2025-11-05"]),
        ("31 Dec 99", ["1999-12-31", "2099-12-31"]),
        ("10/31/99", ["1999-10-31", "2099-10-31"]),
        ("5 KASIM 2025", ["2025-11-05"]),
        ("中華民國114年11月5日", ["2025-11-05"]),
        ("01.03.19", ["2019-03-01"]),
        ("03/04/20", ["2020-03-04", "2020-04-03", "2003-04-20"]),
        ("1 listopada 2020", ["2020-10-01", "2020-11-01"]),  # Croatian, and Polish
        ("May 2018", []),
        ("2018年5月", []),
        ("31 February 2020", []),
        ("2020-02-30", []),
    ],
)
def test_what_people_write(written: str, meant: list[str]) -> None:
    assert read(written) == [tuple(map(date.fromisoformat, meant))]


def test_a_name_means_what_it_means_in_the_policy_s_language() -> None:
    assert read("1 listopada 2020", "pl") == [(date(2020, 11, 1),)]
    assert read("1 listopada 2020", "hr-HR") == [(date(2020, 10, 1),)]


@pytest.mark.parametrize(
    "text",
    [
        *("", "version 1.2.10", "24/7", "call 0800 2020", "in 2018", "10.1.2.3", "§ 12.3.2a", "1/2", "20251399"),
        *("on 5 May 10:30", "1 May 25%", "120251105", "20251105-7"),
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "written",
    [
        *(
            "11 رمضان 1441هـ",
            "١١ رمضان ١٤٤١",
            "1 ذو القعدة 1445",
            "11 Ramadan 1441 AH",
            "11/09/1441 هـ",
            "3 Dhu al-Hijjah 1445",
        ),
        *("15 اردیبهشت 1399", "۱۵ اردیبهشت ۱۳۹۹"),
    ],
)
def test_a_day_of_another_calendar_is_told_and_made_none_of_ours(written: str) -> None:
    assert [(found.text, found.days) for found in dates.find(f"So it is: {written}.")] == [(written, ())]


def test_numbers_that_look_like_old_years_are_none() -> None:
    assert read("In 1450 there were 12 of 1300; 11/09/1441 and 3 dogs 1299.") == []
