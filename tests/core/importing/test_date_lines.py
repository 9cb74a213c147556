from __future__ import annotations

from datetime import date

import pytest

from inforce.importing.date_lines import DateLine, read_line, together


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Last updated on August 7, 2015.", DateLine(None, date(2015, 8, 7))),
        ("*Last updated: April 20, 2023*", DateLine(None, date(2023, 4, 20))),
        ("**Effective as of May 24th, 2018**", DateLine(date(2018, 5, 24))),
        ("Effective Date: 1 January 2020 | Last updated: 2 Feb 2021", DateLine(date(2020, 1, 1), date(2021, 2, 2))),
        ("<p>Last Modified: 2019-05-13</p>", DateLine(None, date(2019, 5, 13))),
        ("Stand: 3. Mai 2018", DateLine(None, date(2018, 5, 3))),
        ("Diese Fassung gilt ab dem 3. Mai 2018.", DateLine(date(2018, 5, 3))),
        ("Effective as of the 3rd day of May, 2018", DateLine(date(2018, 5, 3))),
        ("Gäller från och med den 3 maj 2018", DateLine(date(2018, 5, 3))),
        ("Voimassa 3. toukokuuta 2018 alkaen", DateLine(date(2018, 5, 3))),
        ("Päivitetty 3.5.2018", DateLine(None, date(2018, 5, 3))),
        ("Діє з 3 травня 2018 р.", DateLine(date(2018, 5, 3))),
        ("עודכן לאחרונה: 3 במאי 2018", DateLine(None, date(2018, 5, 3))),
        ("בתוקף מיום 3 במאי 2018", DateLine(date(2018, 5, 3))),
        ("अंतिम अपडेट: 3 मई 2018", DateLine(None, date(2018, 5, 3))),
        ("प्रभावी तिथि: 3 मई 2018", DateLine(date(2018, 5, 3))),
        ("Gültig ab 01.03.2019", DateLine(date(2019, 3, 1))),
        ("Dernière mise à jour : 1er janvier 2020", DateLine(None, date(2020, 1, 1))),
        ("更新日期：2020年1月2日", DateLine(None, date(2020, 1, 2))),
        ("本政策自二〇二〇年十一月二日起生效", DateLine(date(2020, 11, 2))),
        ("令和七年十一月五日改定", DateLine(None, date(2025, 11, 5))),
        ("生效日期：二〇二一年", DateLine()),
        ("Effective date: 20251105", DateLine(date(2025, 11, 5))),
        ("Last updated 05-Nov-2025", DateLine(None, date(2025, 11, 5))),
        ("Last updated: 05 Nov 25", DateLine()),
        ("มีผลบังคับใช้ตั้งแต่วันที่ 5 พฤศจิกายน พ.ศ. 2568", DateLine(date(2025, 11, 5))),
        ("ปรับปรุงล่าสุดเมื่อวันที่ 5 พฤศจิกายน 2568", DateLine(None, date(2025, 11, 5))),
        ("Có hiệu lực từ ngày 5 tháng 11, 2025", DateLine(date(2025, 11, 5))),
        ("Cập nhật lần cuối: 5 tháng 11, 2025", DateLine(None, date(2025, 11, 5))),
        ("Berlaku mulai tanggal 5 November 2025", DateLine(date(2025, 11, 5))),
        ("Terakhir diperbarui: 5 November 2025", DateLine(None, date(2025, 11, 5))),
        ("Ισχύει από 5 Νοεμβρίου 2025", DateLine(date(2025, 11, 5))),
        ("Τελευταία ενημέρωση: 5 Νοεμβρίου 2025", DateLine(None, date(2025, 11, 5))),
        ("În vigoare de la 5 noiembrie 2025", DateLine(date(2025, 11, 5))),
        ("Ultima actualizare: 5 noiembrie 2025", DateLine(None, date(2025, 11, 5))),
        ("Hatályos: 2025. november 5.", DateLine(date(2025, 11, 5))),
        ("Utolsó módosítás: 2025. november 5.", DateLine(None, date(2025, 11, 5))),
        ("Last Revised: Wed, 05 Nov 2025 10:00:00 GMT", DateLine(None, date(2025, 11, 5))),
        ("*Last updated: [DATE]*", DateLine()),
        ("*Last updated: April DD, 2020*", DateLine()),
        ("Last updated: 03/04/2020", DateLine()),
        ("Last modified May 2018", DateLine()),
        ("Effective: 31 February 2020", DateLine()),
        ("Cập nhật lần cuối: ngày 4 tháng 5 năm 2020", DateLine(None, date(2020, 5, 4))),
        ("תאריך עדכון: 4 במאי 2020", DateLine(None, date(2020, 5, 4))),
        ("Päivitetty viimeksi 4.5.2020", DateLine(None, date(2020, 5, 4))),
        ("آخر تحديث: 11 رمضان 1441هـ الموافق 4 مايو 2020", DateLine(None, date(2020, 5, 4))),
        ("آخر تحديث: 11 رمضان 1441", DateLine()),
        ("تاريخ السريان: 11/09/1441 هـ", DateLine()),
        ("تاریخ به‌روزرسانی: ۱۵ اردیبهشت ۱۳۹۹", DateLine()),
        ("Effective date: [DATE]", DateLine()),
        ("Effective date: ____", DateLine()),
        ("(Stand: 05/2020)", DateLine()),
    ],
)
def test_a_line_of_dates(line: str, told: DateLine) -> None:
    found = read_line(line)
    assert found is not None
    assert together(found) == told


@pytest.mark.parametrize(
    "line",
    [
        "Effective immediately, we do.",
        "Updated versions are announced on 1 May 2020 by mail.",
        "We last updated this policy because the law changed.",
        "Valid: yes",
        "Version: 2.0",
        "On 3 May 2018 the law took effect.",
        "20251105",
        "",
    ],
)
def test_a_sentence_is_none(line: str) -> None:
    assert read_line(line) is None


def test_a_day_that_could_be_two_is_none() -> None:
    for told in ("03/04/2020", "May 2018", "2020-02-30"):
        [found] = read_line(f"Updated: {told}") or ()
        assert found.day is None
