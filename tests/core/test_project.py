"""Reading a whole project: whatever the bytes, there is an answer."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import builders
from core.builders import assert_told, at
from core.strategies import anything, markdown
from inforce import project as sources
from inforce.errors import InForceError, Level
from inforce.ledger import entries as ledger
from inforce.publish import manifest
from inforce.release import again
from inforce.release.proposal import ReleaseOptions

_PATHS = [
    *(builders.SETTINGS, builders.NEXT, f"{builders.POLICY}contact.md", f"{builders.POLICY}preamble.md"),
    *("versions/privacy/1.0.md", "versions/privacy/1.1.md", "versions/privacy/1.2.md", "versions/privacy/x.md"),
    *("versions/privacy/events/1.yml", "versions/privacy/events/2.yml", "versions/privacy/events/a.yml"),
    *("policy/terms/policy.yml", "policy/No/x.md", "versions/1.0.md", "policy/a", "README.md", "versions/terms/1.0.md"),
    *(f"versions/privacy/{'9' * 5000}.0.md", f"versions/privacy/events/{'9' * 5000}.yml", "versions/privacy/١.0.md"),
]
_SHIPPED = builders.shipped()
_EVENTS = [
    builders.happened(_SHIPPED, kind, "2026-03-02", version="2.0")["versions/privacy/events/1.yml"]
    for kind in builders.EventKind
]
contents = (
    st.binary(max_size=80)
    | (anything | markdown).map(lambda text: text.encode())
    | st.sampled_from([*_SHIPPED.values(), *_EVENTS])
)


def assert_answered(files: dict[str, bytes]) -> None:
    found = sources.read(files)
    for problem in found.problems:
        assert problem.what
        assert problem.cure
        assert not problem.what.endswith(".")
        assert problem.line >= 0
        assert problem.path in files or problem.line == 0 or problem.path.endswith(("policy.yml", "next.yml"))
    assert manifest.encode(manifest.build(found.policies))


@given(st.dictionaries(st.sampled_from(_PATHS) | st.text(max_size=12), contents, max_size=6))
def test_any_files_have_an_answer(files: dict[str, bytes]) -> None:
    assert_answered(files)


@given(st.dictionaries(st.sampled_from([*_PATHS, *_SHIPPED]), contents | st.none(), min_size=1, max_size=3))
def test_a_sound_project_with_any_files_changed_has_an_answer(changed: dict[str, bytes | None]) -> None:
    assert_answered({path: data for path, data in {**_SHIPPED, **changed}.items() if data is not None})


@given(st.sampled_from(sorted(_SHIPPED)), st.data())
def test_a_sound_project_with_a_few_bytes_changed_has_an_answer(path: str, data: st.DataObject) -> None:
    content = bytearray(_SHIPPED[path])
    place = data.draw(st.integers(0, len(content)))
    content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    assert_answered({**_SHIPPED, path: bytes(content)})


def test_a_project_of_two_policies() -> None:
    terms = {path.replace("/privacy/", "/terms/"): data for path, data in builders.policy().items()}
    found = sources.read({**_SHIPPED, **terms})
    assert [policy.document for policy in found.policies] == ["privacy", "terms"]
    assert found.problems == ()
    assert found.policy("terms") is found.policies[1]
    with pytest.raises(InForceError, match="There is no policy `nothing`"):
        found.policy("nothing")
    with pytest.raises(InForceError, match="Did you mean `privacy`"):
        found.policy("privcy")
    with pytest.raises(InForceError, match=r"There are several policies here\. Name one of them: privacy, terms"):
        found.only()


def test_what_is_wrong_with_one_policy_is_told_of_no_other() -> None:
    """Of one that cannot be read nobody knows which pages it has, nor whether it was ever released."""
    terms = builders.released(builders.policy(), "2026-01-01", summary="One.")
    terms = {
        path.replace("/privacy/", "/terms/"): data.replace(b'"privacy"', b'"terms"') for path, data in terms.items()
    }
    links = "See [them](../terms/#contact), [the first](../terms/1.0/), [all](../terms/versions/)."
    texts = {**builders.TEXTS, "contact": f"## Contact\n\n{links}"}
    files = builders.released(builders.policy(texts), "2026-01-01", summary="One.")
    ends = {"effective": at("2027-01-01"), "replaced_by": "terms"}
    files = builders.happened(files, builders.EventKind.RETIRE, "2026-03-01", **ends) | terms

    def told(found: builders.Files) -> list[str]:
        return [str(each) for each in sources.read(found).check(NOW) if "/terms/" not in each.path]

    before = told(files)
    for path in terms:
        for broken in (b"", b"\xff", terms[path].replace(b"\n", b"\r\n"), terms[path][:-20], b"---\n" + terms[path]):
            assert set(told({**files, path: broken})) <= set(before), (path, broken)


def test_a_ledger_without_a_draft_is_a_policy() -> None:
    found = sources.read({path: data for path, data in _SHIPPED.items() if path.startswith("versions/")})
    assert found.errors == ()
    assert found.policies[0].draft is None
    assert found.policies[0].title == "Privacy Policy"


def test_a_draft_that_is_gone_is_told_unless_the_policy_was_retired() -> None:
    ledger = {path: data for path, data in _SHIPPED.items() if path.startswith("versions/")}
    told = "The folder is gone, and versions/privacy/ stands"
    assert_told(builders.problems(ledger), builders.POLICY, told, "Bring it back from git", Level.WARNING)
    retired = builders.happened(ledger, builders.EventKind.RETIRE, "2026-05-01")
    assert builders.problems(retired) == ()
    moved = {path.replace("policy/privacy/", "policy/privacy-2/"): data for path, data in _SHIPPED.items()}
    assert_told(
        builders.problems(moved), builders.POLICY, told, "If it became policy/privacy-2/, rename", Level.WARNING
    )


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("next.yaml", "Rename it to next.yml"),
        ("Policy.yml", "Rename it to policy.yml"),
        ("refunds.MD", "rename it to refunds.md"),
        ("refunds.md.txt", "rename it to refunds.md"),
        ("Refunds.txt", "rename it to refunds.md"),
        ("refunds.markdown", "rename it to refunds.md"),
        ("old/refunds.md", "move it up beside policy.yml"),
        ("logo.png", "Move it out: only policy.yml, next.yml and"),
        ("old/next.yml", "Move it out"),
    ],
)
def test_a_file_that_is_not_read_is_told_once(name: str, cure: str) -> None:
    problems = builders.problems({**_SHIPPED, f"{builders.POLICY}{name}": b"\xff"})
    assert len(problems) == 1
    assert_told(problems, f"{builders.POLICY}{name}", "This file is not read", cure, Level.WARNING)


def test_warnings_stop_nothing() -> None:
    found = sources.read({**_SHIPPED, builders.NEXT: b'summary: "a"\n'})
    assert [problem.level for problem in found.problems] == [Level.WARNING]
    assert found.errors == ()


# What commands do with a project.

NOW = at("2026-05-01")


def edited() -> sources.Project:
    files = builders.edited(_SHIPPED, "contact", "## Contact\n\nBox 9.", "notice", "Moved.")
    return sources.read({**files, builders.NEXT: b'summary: "Moved."\n'})


def test_a_release_says_what_it_writes_and_the_project_after_it_is_sound() -> None:
    project = edited()
    made = project.release("privacy", ReleaseOptions(effective=at("2026-05-08")), NOW)
    [version] = made.versions
    assert dict(made.changes) == {
        version.path: ledger.compose(version),
        f"{builders.POLICY}contact.md": b"## Contact\n\nBox 9.\n",
        builders.NEXT: None,
    }
    after = project.changed(made.changes)
    assert after.problems == ()
    assert after.policy("privacy").ledger.by_number["2.1"] == version


def test_what_would_make_a_project_worse_is_refused() -> None:
    with pytest.raises(InForceError, match="This is neither a version nor an event"):
        edited().changed({"versions/privacy/note.txt": b"x"})
    broken = sources.read({**_SHIPPED, "versions/privacy/note.txt": b"x"})
    assert broken.changed({builders.NEXT: None}).errors == broken.errors


def test_a_version_is_made_again_from_the_draft_and_several_from_their_own_texts() -> None:
    project = sources.read(_SHIPPED)
    rest, formers = project.made_again("privacy", "2.0", lambda _: None)
    options = again.renew(ReleaseOptions(), formers[0], NOW)
    made = rest.release("privacy", replace(options, effective=at("2026-06-01")), NOW, formers)
    assert [version.number for version in made.versions] == ["2.0"]
    assert made.versions[0].changes == formers[0].changes
    rest, formers = project.made_again("privacy", "1.1", lambda _: None)
    made = rest.release("privacy", ReleaseOptions(), at("2026-03-01"), formers)
    assert list(made.changes) == ["versions/privacy/1.1.md", "versions/privacy/2.0.md"]
    assert rest.changed(made.changes).problems == ()


def test_a_version_under_another_number_leaves_no_former_behind() -> None:
    files = {**_SHIPPED, f"{builders.POLICY}purpose.md": builders.policy()[f"{builders.POLICY}purpose.md"]}
    files = builders.edited(files, "contact", "## Contact\n\nBox 9.", "notice", "Moved.")
    rest, formers = sources.read(files).made_again("privacy", "2.0", lambda _: None)
    made = rest.release("privacy", ReleaseOptions(effective=at("2026-06-01")), NOW, formers)
    assert (made.versions[0].number, made.changes["versions/privacy/2.0.md"]) == ("1.2", None)


def test_a_check_is_of_all_policies_at_an_instant() -> None:
    project = edited()
    assert "stale" not in [problem.rule for problem in project.check(NOW)]
    found = project.check(NOW, published=["versions/privacy/1.0.md", "versions/privacy/1.1.md"])
    assert "stale" in [problem.rule for problem in found]
    assert list(found) == sorted(set(found))
    assert "changes-told" in [problem.rule for problem in found]
    assert project.check(NOW, beyond_form=False) == project.problems == ()


@pytest.mark.parametrize(
    ("older", "newer", "pair"),
    [
        ("1.0", "2.0", ("1.0", "2.0")),
        ("", "1.1", ("1.0", "1.1")),
        ("", "", ("2.0", "draft")),
        ("1.0", "draft", ("1.0", "draft")),
        ("draft", "", ("2.0", "draft")),
    ],
)
def test_two_versions_are_compared(older: str, newer: str, pair: tuple[str, str]) -> None:
    found = edited().compare("privacy", older, newer, NOW)
    assert (found.older.number, found.newer.number) == pair


@pytest.mark.parametrize(
    ("older", "newer", "what"),
    [
        ("2.0", "1.0", "1.0 does not come after 2.0"),
        ("draft", "1.0", "The draft comes after every version"),
        ("", "1.0", "1.0 is the first version"),
        ("9.0", "1.0", "There is no version 9.0"),
        ("", "draft", "The draft does not differ from 2.0"),
    ],
)
def test_what_cannot_be_compared(older: str, newer: str, what: str) -> None:
    with pytest.raises(InForceError, match=re.escape(what)):
        sources.read(_SHIPPED).compare("privacy", older, newer, NOW)


def test_before_the_first_release_there_is_nothing_to_compare_with() -> None:
    with pytest.raises(InForceError, match="Nothing was released yet"):
        sources.read(builders.policy()).compare("privacy", "", "", NOW)
