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
