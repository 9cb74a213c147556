"""What stays between marks, or goes with them: words beside the end of a sentence, titles, beginnings, compounds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.redline.test_reading import marked
from examples import examples
from inforce.redline import Changes, redline
from inforce.text.html import document

_NOUNS = st.sampled_from(["carriers", "banks", "courts", "partners", "insurers", "auditors", "teachers", "printers"])
_VERBS = st.sampled_from(["keep", "check", "read", "send", "count", "store", "print", "erase"])
_SENTENCE = st.builds("Our {} {} what the {} of other {} {} in May.".format, _NOUNS, _VERBS, _NOUNS, _NOUNS, _VERBS)


@examples(100)
@given(st.lists(_SENTENCE, min_size=1, max_size=2), st.lists(_SENTENCE, max_size=2), st.data())
def test_a_sentence_that_all_but_stayed_is_not_struck_for_what_comes_beside_it(
    before: list[str], behind: list[str], data: st.DataObject
) -> None:
    old = "You agree that we may change the Services and that these Terms apply to each such change."
    word = data.draw(st.sampled_from(["agree", "Services", "Terms", "apply", "such"]))
    new = old.replace(word, "Xenon")
    found = marked(old, " ".join([*before, new, *behind]))
    struck = " ".join(re.findall(r"\[-(.*?)-\]", found, re.DOTALL)).split()
    assert len(struck) <= 4, found


@examples(100)
@given(st.sampled_from(["name", "address", "thirty"]), _SENTENCE, st.booleans())
def test_a_sentence_that_came_or_went_stands_by_itself(word: str, sentence: str, comes: bool) -> None:
    """Not in one mark with a word that changed in the sentence before it: nothing between them is struck."""
    before, behind = "We keep your name and address for thirty days.", "Austrian law is the law of this contract."
    after = before.replace(word, "Xenon")
    if comes:
        found = marked(f"{before} {behind}", f"{after} {sentence} {behind}")
        assert f"{{+{sentence} +}}{behind}" in found
    else:
        found = marked(f"{before} {sentence} {behind}", f"{after} {behind}")
        assert f"[-{sentence} -]{behind}" in found


def test_a_word_is_the_one_that_is_written_alike() -> None:
    assert marked("Good. We take part in it.", "Good. At first we ask. We also take part in it.") == (
        "Good. {+At first we ask. +}We {+also +}take part in it."
    )


@examples(100)
@given(st.lists(st.sampled_from(["we", "hold", "goods", "until", "they", "fit"]), min_size=6, max_size=9), _SENTENCE)
def test_the_long_beginning_of_a_sentence_that_was_written_anew_stays(kept: list[str], other: str) -> None:
    head = " ".join(["As", *kept])
    old = f"Hello. {head} red lamps burn dim in a yard, so few can see far. Bye."
    new = f"Hello. {head} blue birds sing, a {other.removeprefix('Our ').rstrip('.')}, so few can sleep. Bye."
    assert marked(old, new).startswith(f"Hello. {head} [-red")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "We ask it if you need more than a month. If you fail to pay at the end, nobody can log in.",
            "We ask it after the trial. If you do not pay then, we freeze all that there is of yours.",
            "We ask it [-if you need more than a month-]{+after the trial+}. [-If you fail to pay at the end, nobody"
            " can log in-]{+If you do not pay then, we freeze all that there is of yours+}.",
        ),
        (
            "You get a refund where it is required by law. In all other cases no payment is ever given back.",
            "You get a refund unless others may keep it by law. For content you waive each right that you had.",
            "You get a refund [-where it is required by law-]{+unless others may keep it by law+}. [-In all other cases"
            " no payment is ever given back-]{+For content you waive each right that you had+}.",
        ),
        (
            "It is yours to keep. The rest is ours.",
            "It is yours to hold. The rest is theirs.",
            "It is yours to [-keep-]{+hold+}. The rest is [-ours-]{+theirs+}.",
        ),
        (
            "Prices are net of tax, and you pay it all. Where required, the company may add it.",
            "Prices are net of tax. Where required, we may add it.",
            "Prices are net of tax[-, and you pay it all-]. Where required, [-the company-]{+we+} may add it.",
        ),
    ],
)
def test_a_word_or_two_beside_the_end_of_a_sentence_go_with_their_own(old: str, new: str, expected: str) -> None:
    assert marked(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected", "changes"),
    [
        (
            "Your Rights With Respect to Your Information",
            "Your rights with respect to your information",
            "Your [-Rights With Respect to Your Information-]{+rights with respect to your information+}",
            Changes(case_changed=1),
        ),
        ('We call it "AdX" here.', "We call it “AdX” here.", 'We call it [-"AdX"-]{+“AdX”+} here.', None),
        (
            "It isn't so. Don't ask.",
            "It isn’t so. Don’t ask.",
            "It [-isn't-]{+isn’t+} so. [-Don't-]{+Don’t+} ask.",
            None,
        ),
        (
            "accepted in our Terms of Service as well",
            "accepted in the general terms of service as well",
            "accepted in [-our Terms of Service-]{+the general terms of service+} as well",
            Changes(words_deleted=4, words_inserted=5),
        ),
    ],
)
def test_what_is_written_otherwise_as_a_whole_is_marked_once(
    old: str, new: str, expected: str, changes: Changes | None
) -> None:
    assert marked(old, new) == expected
    found = redline(document(old), document(new)).changes
    assert found == (changes or Changes(formats_changed=expected.count("{+")))


@pytest.mark.parametrize("hyphen", ["-", "\u2010", "\u2011"])
def test_a_compound_that_lost_its_end_keeps_its_beginning(hyphen: str) -> None:
    assert marked(f"the user{hyphen}agent of it", "the user of it") == f"the user[-{hyphen}agent-] of it"
    assert marked("the user of it", f"the user{hyphen}agent of it") == f"the user{{+{hyphen}agent+}} of it"
    assert marked("our exclusive right", f"our non{hyphen}exclusive right") == (
        f"our [-exclusive-]{{+non{hyphen}exclusive+}} right"
    )


def test_a_paragraph_that_was_split_and_reworded_beside_others_is_shown_split() -> None:
    one = "There are certain features that let you sell goods, get payments or earn money on your own website"
    two = "If you use them, the terms of this section apply, along with the terms of each underlying service"
    three = "You have control over your store, and with great power comes great responsibility"
    new_one = one.replace("There are certain features", "We offer services and some features").replace("own", "")
    same = "Ask us what you like, at any time of the day."
    old = f"{same}\n\n{one}. {two}. {three}, so obey all laws.\n\nWe may end it."
    new = f"{same}\n\n{new_one}.\n\n{two}.\n\n{three}. We are in no relation with any customer.\n\nWe may end it."
    changes = redline(document(old), document(new)).changes
    assert changes.words_deleted < 15


def test_a_sentence_of_which_little_differs_is_not_struck_for_what_is_taken_in() -> None:
    old = "Вы можете вернуть товар в течение 14 дней с момента получения."
    new = "Покупатель вправе вернуть товар надлежащего качества в течение 30 дней с момента его получения."
    assert marked(old, new).endswith(" дней с момента {+его +}получения.")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "如您未满18周岁，请在此阅读。",
            "如您未满十四周岁，请您在此阅读。",
            "如您未满[-18-]{+十四+}周岁，请{+您+}在此阅读。",
        ),
        (
            "電子郵件於停止服務後，將於三十日內刪除。",
            "電子郵件於終止帳號後，將於六十日內刪除或匿名化。",
            "電子郵件於[-停止服務-]{+終止帳號+}後，將於[-三十日內-]{+六十日內+}刪除{+或匿名化+}。",
        ),
        (
            "결제 후 7일 이내에 환불을 요청합니다.",
            "상품을 수령한 날부터 14일 이내에 환불 또는 교환을 요청합니다.",
            "[-결제 후 7일-]{+상품을 수령한 날부터 14일+} 이내에 환불{+ 또는 교환+}을 요청합니다.",
        ),
        (
            "회사는 이름과 이메일을 수집합니다.",
            "회사는 이름, 이메일과 전화번호를 수집하고 이용합니다.",
            "회사는 이름[-과-]{+,+} 이메일[-을-]{+과+} [-수집합니다-]{+전화번호를 수집하고 이용합니다+}.",
        ),
    ],
)
def test_words_that_say_as_much_as_two_stay_beside_what_is_put_in(old: str, new: str, expected: str) -> None:
    assert marked(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Sie haben Zeit bis zum 30. Juni.", "Sie haben Zeit bis zum 31. Juli.", "[-30. Juni-]{+31. Juli+}"),
        ("Siedziba firmy Foo sp. z o.o. jest tu.", "Siedziba firmy Foo ul. Bar jest tu.", "[-sp. z o.o.-]{+ul. Bar+}"),
        (
            "Write to 5 Hawthorne St. today.",
            "Write to 60 Oak St. #343 today.",
            "[-5 Hawthorne St.-]{+60 Oak St. #343+}",
        ),
    ],
)
def test_what_is_abbreviated_is_no_end_of_a_sentence(old: str, new: str, expected: str) -> None:
    assert expected in marked(old, new)


@pytest.mark.parametrize(
    ("items", "item", "end"),
    [
        (("our mail address", "a phone number"), "a postal address", " and "),
        (("हमारा ईमेल पता", "फ़ोन नंबर"), "डाक पता", " और "),
        (("عنوان البريد", "رقم الهاتف"), "عنوان الشحن", " و"),
    ],
)
def test_an_item_is_put_in_with_its_comma(items: tuple[str, str], item: str, end: str) -> None:
    old, new = (f"{first}{end}{items[1]} too" for first in (items[0], f"{items[0]}, {item}"))
    assert marked(old, new) == old.replace(items[0], f"{items[0]}{{+, {item}+}}")


def test_a_sentence_that_lost_its_capitals_is_one_with_its_other_quotation_marks() -> None:
    old, new = 'THIS IS GIVEN "AS IS" BY US TO ALL', "This is given “as is” by us to all"
    assert marked(old, new) == f"[-{old}-]{{+{new}+}}"
    assert redline(document(old), document(new)).changes == Changes(case_changed=1)


def test_the_end_of_a_sentence_that_became_a_list_stays_behind_its_last_word() -> None:
    new = "We collect:\n\n- your name\n- your e-mail address\n- your phone number\n- your seat\n"
    found = marked("We collect your name, your e-mail address, and your phone number.", new).split("\n")
    assert [line for line in found if line][-2:] == ["your phone number[-.-]", "{+your seat+}"]


@pytest.mark.parametrize("label", ["Last updated: ", "Last updated ", "Effective date: "])
@pytest.mark.parametrize("form", ["{1} {0}, {2}", "{0} {1} {2}", "{1} {0} {2}"])
def test_a_date_that_became_another_is_one_change_and_its_label_stays(label: str, form: str) -> None:
    old, new = form.format(17, "September", 2019), form.format(4, "April", 2020)
    assert marked(label + old, label + new) == f"{label}[-{old}-]{{+{new}+}}"


def test_a_label_stays_before_what_was_written_anew() -> None:
    old = "privacy@example.com, +1 555 0100, 1 Main St., Springfield, IL 62701."
    new = "dpo@example.com, +1 555 0199, 2 Oak Ave., Springfield, IL 62704."
    assert marked(f"Contact: {old}", f"Contact: {new}") == f"Contact: [-{old}-]{{+{new}+}}"


_BRACKETED = st.sampled_from(
    ["thirty (30)", "sixty (60)", "two weeks [14 days]", "ten （10）", "(five) days", "((one)) year"]
)


@examples(100)
@given(_BRACKETED, _BRACKETED, st.sampled_from([" days", " in all.", ", (if any) of them", ""]))
def test_no_half_of_the_brackets_of_a_replacement_stays_outside(old: str, new: str, behind: str) -> None:
    found = marked(f"within {old}{behind}", f"within {new}{behind}")
    for gone, come in re.findall(r"\[-([^+]*?)-\]\{\+([^+]*?)\+\}", found):
        if {*gone} & {*"()[]（）"} and {*come} & {*"()[]（）"}:
            assert all(gone.count(one) == gone.count(other) for one, other in ("()", "[]", "（）")), found


@pytest.mark.parametrize("old", ["a@b.at", "first.last@shop.example.com", "a_b@b.at"])
def test_an_address_for_mail_is_marked_as_one_and_leads_nowhere_else(old: str) -> None:
    new = "privacy@" + old.partition("@")[2]
    pages = (document(f"Write to {mail} or call us.") for mail in (old, new))
    changes = redline(*pages).changes
    assert (changes.words_deleted, changes.words_inserted, changes.formats_changed) == (1, 1, 0)
    assert marked(f"Write to {old} or call.", f"Write to {new} or call.") == f"Write to [-{old}-]{{+{new}+}} or call."
