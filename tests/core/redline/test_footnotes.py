"""Footnotes: what they are called is seen by nobody, and their numbers only follow."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.redline.documents import assert_honest
from core.redline.recount import recounted
from core.redline.test_counts import counts
from examples import examples
from inforce.redline import Changes, Redline, redline
from inforce.text.html import document

_NAMES = ["names", "orders", "mails", "calls", "letters"]
_LABELS = st.lists(st.sampled_from("abcdefgh123456"), min_size=5, max_size=5, unique=True)


def page(names: list[str], labels: list[str]) -> str:
    """A text with a footnote for each of some of five names, which have these labels."""
    called = dict(zip(_NAMES, labels, strict=True))
    text = " ".join(f"We keep all {name} here.[^{called[name]}]" for name in names)
    return document(text + "\n\n" + "".join(f"[^{called[name]}]: The {name} stay for years.\n" for name in names))


def made(old: str, new: str) -> Redline:
    found = redline(old, new)
    assert_honest(old, new, found)
    assert recounted(found.html) == counts(found.changes)
    return found


@examples(50)
@given(_LABELS, _LABELS)
def test_another_label_of_a_footnote_changes_nothing_that_is_read(old: list[str], new: list[str]) -> None:
    found = made(page(_NAMES, old), page(_NAMES, new))
    assert found.changes == Changes()
    assert "redline-format" not in found.html


@examples(50)
@given(st.integers(0, 4), _LABELS, st.booleans())
def test_the_number_of_a_footnote_only_follows_those_before_it(place: int, labels: list[str], renames: bool) -> None:
    kept = [name for name in _NAMES if name != _NAMES[place]]
    others = [f"n{label}" for label in labels] if renames else labels
    for old, new in ((_NAMES, kept), (kept, _NAMES)):
        changes = made(page(old, labels), page(new, others)).changes
        assert changes.numbers_changed == 4 - place
        assert changes.words_deleted + changes.words_inserted == 11  # “We keep all names here¹”, and what it says
        assert changes.formats_changed == 0


def test_what_leads_back_is_no_word_of_a_note_that_moved() -> None:
    names = ["names", "orders"]
    found = made(page(names, list("abcde")), page(names[::-1], list("abcde")))
    assert "Moved from here" in found.html
    assert "↩”" not in found.html


def test_another_footnote_for_a_word_is_a_change_of_words() -> None:
    old, new = (
        document(f"We keep it.[^{first}] We sell it.[^{second}]\n\n[^a]: For a year.\n[^b]: To none.\n")
        for first, second in ("ab", "ba")
    )
    assert redline(old, new).changes.wording


def test_the_notes_of_a_clause_that_another_was_merged_into_are_no_part_of_its_text() -> None:
    notes = [
        "The tax law of Austria wants it of all shops.",
        "But for backups, which go in a month.",
        "It is a number.",
    ]
    text = "We keep your name and your address for two years.[^1] We keep nothing else of you.[^2]"
    other = "We set a cookie that knows what is in your basket until you leave.[^{}]"
    old = [f"{text}\n\n[^1]: {notes[0]}\n[^2]: {notes[1]}\n", f"{other.format(1)}\n\n[^1]: {notes[2]}\n"]
    new = f"{text}\n\n{other.format(3)}\n\n" + "".join(f"[^{place}]: {note}\n" for place, note in enumerate(notes, 1))
    found = made("\n".join(map(document, old)), document(new))
    changes = found.changes
    assert (changes.blocks_moved, changes.formats_changed) == (1, 0)
    assert changes.words_deleted == changes.words_inserted == 5  # the other clause's own note, and its number
