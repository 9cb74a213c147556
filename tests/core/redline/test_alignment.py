from inforce.redline.alignment import script
from inforce.redline.blocks import Block, leaves
from inforce.redline.parsing import Reader
from inforce.redline.sections import Gap


def text(block: Block | None) -> str:
    return "" if block is None else " ".join(leaf.text for leaf in leaves(block))


def steps(old: str, new: str) -> list[tuple[str, str, str]]:
    reader = Reader()
    found = script([Gap(reader.read(old), reader.read(new))])
    return [(step.kind, text(step.old), text(step.new)) for step in found if step.kind not in ("open", "close")]


def test_equal_blocks_are_landmarks_and_alike_ones_pair_between_them() -> None:
    old = "<p>First stays.</p><p>We keep your data for thirty days.</p><p>Last stays.</p>"
    new = "<p>First stays.</p><p>Wholly new text.</p><p>We keep your data for forty days.</p><p>Last stays.</p>"
    assert [kind for kind, _, _ in steps(old, new)] == ["kept", "added", "changed", "kept"]


def test_a_block_pairs_with_its_likeness_not_with_its_neighbour() -> None:
    old = "<p>alpha beta gamma delta</p><p>one two three four</p>"
    new = "<p>one two three five</p>"
    assert steps(old, new) == [
        ("removed", "alpha beta gamma delta", ""),
        ("changed", "one two three four", "one two three five"),
    ]


def test_alone_in_its_gap_a_block_needs_less_likeness() -> None:
    assert [kind for kind, _, _ in steps("<p>a b c d</p>", "<p>a x y z</p>")] == ["changed"]
    assert [kind for kind, _, _ in steps("<p>a b c d e f</p>", "<p>a u v x y z</p>")] == ["removed", "added"]


def test_a_title_or_a_picture_alone_in_its_gap_became_another_one() -> None:
    for old, new in (
        ("<h2>Fees</h2><p>You pay.</p>", "<h2>Prices</h2><p>You pay.</p>"),
        ("<dl><dt>Cookie</dt><dd>A file.</dd></dl>", "<dl><dt>Token</dt><dd>A file.</dd></dl>"),
        ('<p><img alt="us" src="/a.png"></p><p>We.</p>', '<p><img alt="you" src="/a.png"></p><p>We.</p>'),
    ):
        assert [kind for kind, _, _ in steps(old, new)] == ["changed", "kept"]
    assert [kind for kind, _, _ in steps('<p><img src="/a.png"></p>', "<p>We.</p>")] == ["removed", "added"]


def test_a_paragraph_may_become_a_heading_but_not_a_list() -> None:
    assert [kind for kind, _, _ in steps("<p>Your rights</p>", "<h3>Your rights</h3>")] == ["changed"]
    assert [kind for kind, _, _ in steps("<p>Your rights</p>", "<ul><li>Your rights</li></ul>")] == ["removed", "added"]


def table(*rows: str) -> str:
    return (
        "<table>"
        + "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row.split())}</tr>" for row in rows)
        + "</table>"
    )


def test_cells_pair_by_place() -> None:
    assert steps(table("name purpose", "email login"), table("name purpose", "email newsletter")) == [
        ("kept", "name purpose", "name purpose"),
        ("kept", "email", "email"),
        ("changed", "login", "newsletter"),
    ]


def test_rows_about_the_same_thing_pair_whatever_they_say_of_it() -> None:
    old = table("name purpose", "ads shows/adverts/to/visitors", "embedded sets/what/it/likes")
    new = table("name purpose", "ads builds/profiles/with/partners")
    assert steps(old, new) == [
        ("kept", "name purpose", "name purpose"),
        ("kept", "ads", "ads"),
        ("changed", "shows/adverts/to/visitors", "builds/profiles/with/partners"),
        ("removed", "embedded sets/what/it/likes", ""),
    ]


def test_cells_of_a_column_that_a_table_gained_are_added_and_no_other_is_marked() -> None:
    kinds = ["kept", "added", "kept", "kept", "added", "kept"]
    assert [kind for kind, _, _ in steps(table("a b", "x x"), table("a new b", "x x x"))] == kinds
    assert [kind for kind, _, _ in steps(table("a new b", "x x x"), table("a b", "x x"))] == [
        {"added": "removed"}.get(kind, kind) for kind in kinds
    ]


def test_a_table_whose_columns_are_called_otherwise_is_removed_and_added() -> None:
    assert [kind for kind, _, _ in steps(table("a b", "c d"), table("e f x", "c d y"))] == ["removed", "added"]


def test_lists_are_aligned_item_by_item_at_any_depth() -> None:
    old = "<ul><li>keep this one<ol><li>inner item stays here</li></ol></li><li>goes away</li></ul>"
    new = "<ul><li>keep this one<ol><li>inner item remains here</li></ol></li></ul>"
    assert steps(old, new) == [
        ("kept", "keep this one", "keep this one"),
        ("changed", "inner item stays here", "inner item remains here"),
        ("removed", "goes away", ""),
    ]


def test_very_many_blocks_still_pair_with_their_likeness() -> None:
    old = "".join(f"<p>clause {n} says something about subject {n}</p>" for n in range(300))
    new = "".join(f"<p>clause {n} says nothing about subject {n}</p>" for n in range(300))
    assert [kind for kind, _, _ in steps(old, new)] == ["changed"] * 300
