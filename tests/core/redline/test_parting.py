"""Where a reference to a law or a Korean word ends, a mark ends, too."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.redline.test_reading import marked
from examples import examples

_LAWS = ["AO", "HGB", "BGB", "DSGVO", "UrhG"]
_REFERENCES = st.builds(
    "{} {}{} {}".format,
    st.sampled_from(["§", "Art."]),
    st.sampled_from(["6", "147", "257", "312g"]),
    st.sampled_from(["", " Abs. 3", " Abs. 1 Satz 2", " Abs. 1 lit. f", " Nr. 2"]),
    st.sampled_from(_LAWS),
)
_YEARS = st.sampled_from(["zwei", "sechs", "acht", "zehn"])
_NOUNS = st.sampled_from(["이름과", "주소와", "이메일과", "전화번호와", "생년월일과"])
_OBJECTS = st.sampled_from(["앱을", "서비스를", "웹사이트를", "게시물을", "쿠키를"])


@examples(200)
@given(_REFERENCES, _REFERENCES, _YEARS, _YEARS)
def test_no_mark_goes_on_behind_the_law_that_a_reference_names(one: str, other: str, long: str, longer: str) -> None:
    found = marked(
        f"Das bewahren wir gemäß {one} {long} Jahre auf.", f"Das bewahren wir gemäß {other} {longer} Jahre auf."
    )
    for mark in re.findall(r"\[-(.*?)-\]|\{\+(.*?)\+\}", found):
        said = "".join(mark).split()
        assert not set(_LAWS) & set(said[:-1]), found


@examples(200)
@given(_NOUNS, _NOUNS, _OBJECTS, _OBJECTS, st.sampled_from(["", ","]))
def test_no_mark_goes_on_behind_a_korean_particle(one: str, other: str, old: str, new: str, comma: str) -> None:
    other = other[:-1] + comma if comma else other
    found = marked(f"회사는 {one} {old} 저장합니다.", f"회사는 {other} {new} 저장합니다.")
    for mark in re.findall(r"(?<=\w)(?:\[-(.*?)-\]|\{\+(.*?)\+\})", found):
        assert " " not in "".join(mark), found


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("nach § 147 AO zehn Jahre", "nach § 147 HGB acht Jahre", "nach § 147 [-AO-]{+HGB+} [-zehn-]{+acht+} Jahre"),
        ("nach § 147 AO zehn Jahre", "nach § 9 BGB acht Jahre", "nach § [-147 AO-]{+9 BGB+} [-zehn-]{+acht+} Jahre"),
        ("nach § 147 AO zehn Jahre", "nach § 147 AO acht Jahre", "nach § 147 AO [-zehn-]{+acht+} Jahre"),
        ("이름과 앱을 저장", "이름, 주소를 저장", "이름[-과-]{+,+} [-앱을-]{+주소를+} 저장"),
        (
            "회사는 이용자의 이름과 전화번호를 수집합니다.",
            "회사는 회원의 이름, 전화번호 및 이메일 주소를 수집합니다.",
            "회사는 [-이용자-]{+회원+}의 이름[-과-]{+,+} 전화번호{+ 및 이메일 주소+}를 수집합니다.",
        ),
        ("이름과 주소를 저장", "이름과 메일을 저장", "이름과 [-주소를-]{+메일을+} 저장"),
    ],
)
def test_each_mark_stands_against_the_one_that_it_became(old: str, new: str, expected: str) -> None:
    assert marked(old, new) == expected
