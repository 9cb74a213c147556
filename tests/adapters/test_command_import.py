"""``inforce import`` as an editor gives it: from a file, a page, a folder, a repository; asked, refused, written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from adapters.commands import ATTRIBUTES, Terminal, terminal
from adapters.repositories import TestRepository
from inforce.adapters.command import terminal as terminal_lines
from inforce.adapters.git.log import parse_revisions

SETTINGS = ("--as", "terms", "--contact", "legal@shop.example")
DATA = "We collect your name, your address and the items of your order, and keep them for ten years as tax law asks."
LAW = (
    "The law of Germany applies to this contract, and the courts of Berlin decide whatever we cannot settle ourselves."
)
SALE = "We collect your name, your address and the items that you look at, and sell them to whoever pays for it."
FIRST = f"# Terms of use\n\n*Last updated: 3 May 2018*\n\n## 1. Data\n\n{DATA}\n\n## 2. Law\n\n{LAW}\n"
SECOND = FIRST.replace("ten years", "six years").replace("3 May 2018", "4 June 2019")
PAGE = f"""<!doctype html><html lang="en"><title>Terms – Shop</title><body><nav>Home</nav><main><h1>Terms of use</h1>
<p><em>Effective 3 May 2018</em></p><h2 id="a1">Data</h2><p>{DATA} See <a href="#a2">law</a>.</p><ul><li>one<ul>
<li>two</li></ul></li></ul><h2 id="a2">Law</h2><p>{LAW}</p></main><footer>Imprint</footer></body></html>"""


@pytest.fixture
def website(tmp_path: Path) -> TestRepository:
    """A repository whose terms were renamed, reworded, laid out anew, and reworded again."""
    repository = TestRepository(tmp_path / "website")
    repository.commit({"terms.md": FIRST, "other.md": "x"}, "Terms")
    repository.commits = 24 * 40
    repository.git("mv", "terms.md", "legal.md")
    repository.commit({}, "Move")
    repository.commit({"legal.md": FIRST.replace("## 1.", "##  1.")}, "Layout")
    repository.commit({"legal.md": SECOND}, "Six years")
    repository.commits = 24 * 80
    third = SECOND.replace("1. Data", "Sale of data").replace(DATA.replace("ten", "six"), SALE)
    repository.commit({"legal.md": third}, "Sell it")
    return repository


def text(found: Terminal, path: str) -> str:
    return (found.root / path).read_text(encoding="utf-8")


def test_a_single_file_becomes_a_first_version_and_a_draft(empty: Terminal) -> None:
    (empty.root / "old.md").write_text(FIRST, encoding="utf-8")
    result = empty.run("import", "old.md", *SETTINGS)
    assert sorted(empty.files()) == [
        *("policy/terms/data.md", "policy/terms/law.md", "policy/terms/policy.yml", "versions/terms/1.0.md"),
    ]
    version = text(empty, "versions/terms/1.0.md")
    assert 'effective: "2018-05-03T00:00:00+00:00"' in version
    assert 'imported_from: "old.md"' in version
    assert "## 1. Data {#data}" in version
    assert "Last updated" not in version
    assert 'requires: "accept"' in version
    assert text(empty, ".gitattributes") == ATTRIBUTES
    assert "--kind terms-of-service" in result.stderr
    assert "date: *Last updated: 3 May 2018*" in result.stderr
    assert "0 errors" in empty.run("check").stderr
    empty.run("verify")


def test_a_repository_gives_every_version_through_the_rename(empty: Terminal, website: TestRepository) -> None:
    result = empty.run("import", "--git", str(website.root), "legal.md", *SETTINGS, "--yes")
    assert sorted(name for name in empty.files() if name.startswith("versions")) == [
        f"versions/terms/1.{minor}.md" for minor in range(3)
    ]
    assert 'effective: "2019-06-04' in text(empty, "versions/terms/1.1.md")
    assert 'severity: "unclassified"' in text(empty, "versions/terms/1.1.md")
    assert 'imported_from: "website: legal.md at ' in text(empty, "versions/terms/1.2.md")
    assert result.stdout.count("folded") == 2
    assert "--same data=sale-of-data" in result.stderr
    assert "0 errors" in empty.run("check").stderr


def test_a_day_beside_a_page_s_text_is_told_and_decides_nothing(empty: Terminal) -> None:
    beside = '<div class="header"><p>Last updated: 30 September 2021</p></div>'
    (empty.root / "terms.html").write_text(PAGE.replace("<nav>", f"{beside}<nav>"), encoding="utf-8")
    empty.run("import", "terms.html", *SETTINGS, "--report", "report.json")
    told = json.loads(text(empty, "report.json"))["imported_dates"]
    assert [row["why"] for row in told if "30 September 2021" in str(row)] == [
        "not said of this text; it is in no clause"
    ]
    assert 'effective: "2018-05-03' in text(empty, "versions/terms/1.0.md")


def test_a_folder_of_dated_files_and_pages(empty: Terminal) -> None:
    folder = empty.root / "old"
    folder.mkdir()
    (folder / "2018-05-03.html").write_text(PAGE, encoding="utf-8")
    (folder / "20190604120000.html").write_text(PAGE.replace("ten years", "six years"), encoding="utf-8")
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    (folder / "2022-02-02 of 2022-03-03.md").write_text("x", encoding="utf-8")
    (folder / "2018-05-03 to 2018-05-03.txt").write_text("We keep it, for good.", encoding="utf-8")
    result = empty.run("import", "old", *SETTINGS)
    assert "old/notes.txt: error: Its name holds no day" in result.stderr
    assert "old/2022-02-02 of 2022-03-03.md: error: Its name holds 2022-02-02 and 2022-03-03" in result.stderr
    assert "navigation: Home" in result.stderr
    version = text(empty, "versions/terms/1.1.md")
    assert 'effective: "2019-06-04' in version
    assert f"{DATA.replace('ten', 'six')} See [law](#law).\n\n- one\n  - two\n" in version
    assert 'title: "Terms of use"' in version
    empty.run("check")


def test_a_dry_run_writes_nothing_and_says_the_command(empty: Terminal, website: TestRepository) -> None:
    result = empty.run("import", "--git", str(website.root), "legal.md", *SETTINGS, "--fold", "none", "--dry-run")
    assert empty.files() == {}
    assert result.stdout.splitlines()[0].split() == ["version", "effective", "words", "from"]
    assert result.stdout.count("\n1.") == 3
    assert "inforce import legal.md --git" in result.stderr


def test_the_terminal_asks_for_what_is_missing(empty: Terminal, website: TestRepository) -> None:
    arguments = ("import", "--git", str(website.root), "legal.md")
    answers = ["terms", "Europe/Berlin", "", "", "", "", "legal@shop.example", "y", "y"]
    result = empty.run(*arguments, answers="\n".join(answers) + "\n")
    assert "Is it one clause?" in result.output
    assert 'timezone: "Europe/Berlin"' in text(empty, "policy/terms/policy.yml")
    assert "## Sale of data {#data}" in text(empty, "versions/terms/1.2.md")


def test_an_encoding_that_cannot_be_is_asked_and_is_that_of_what_is_no_utf_8(empty: Terminal) -> None:
    (empty.root / "old").mkdir()
    russian = "# Политика\n\n## Данные\n\nМы храним данные и не продаём их никому.\n\n## Права\n\nВы можете {}.\n"
    (empty.root / "old/2020-01-01.md").write_bytes(russian.format("спросить").encode("cp1251"))
    (empty.root / "old/2021-01-01.md").write_bytes(russian.format("спросить нас").encode())
    given = (*SETTINGS, "--timezone", "UTC", "--kind", "policy", "--requires", "accept", "--language", "ru")
    answers = ["nonsense", "windows-1251", "", "data", "rights", "y"]
    result = empty.run("import", "old", *given, answers="\n".join(answers) + "\n")
    assert "it is no text that anybody wrote" in result.output
    assert "There is no encoding 'nonsense'" in result.output
    for number, word in (("1.0", "спросить."), ("1.1", "спросить нас.")):
        written = text(empty, f"versions/terms/{number}.md")
        assert "Мы храним данные" in written
        assert f"Вы можете {word}" in written


def test_who_breaks_off_gets_the_answers_back_as_options(empty: Terminal, website: TestRepository) -> None:
    answers = ["terms", "UTC", "", "", "", "", "legal@shop.example", "n", "n"]
    result = empty.run("import", "--git", str(website.root), "legal.md", answers="\n".join(answers) + "\n", status=1)
    assert "--apart data=sale-of-data" in result.output
    assert "--contact mailto:legal@shop.example" in result.output
    assert empty.files() == {}


def test_what_is_refused_after_questions_gives_the_answers_back_too(empty: Terminal) -> None:
    (empty.root / "old.md").write_text(FIRST, encoding="utf-8")
    arguments = ("import", "old.md", "--as", "terms", "--effective", "other.md=2018-05-03")
    answers = ["Europe/Berlin", "", "nonsense", "accept", "", "", "legal@shop.example"]
    result = empty.run(*arguments, answers="\n".join(answers) + "\n", status=1)
    assert "'nonsense' is not one of" in result.output
    assert "other.md is in none of the texts" in result.output
    assert (
        "--requires accept --language en --timezone Europe/Berlin --contact mailto:legal@shop.example" in result.output
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("old.md",), "--as: error: The new policy has no name"),
        (("old.md", "--as", "9x"), "--as 9x: error: `9x` is not an id"),
        (("old.md", "--as", "terms"), "--contact: error: Nothing says where readers write to"),
        (("old.md", *SETTINGS, "--kind", "privacy"), "Did you mean `privacy-policy`?"),
        (("old.md", *SETTINGS, "--timezone", "Mars/Base"), "There is no time zone 'Mars/Base'"),
        (("old.md", *SETTINGS, "--notice-days", "many"), "Give three numbers"),
        (("old.md", *SETTINGS, "--leave-out", "abc"), "abc is in none of the texts"),
        (("old.md", *SETTINGS, "--effective", "abc=2018-05-03"), "abc is in none of the texts"),
        (("undated.md", *SETTINGS), "Nothing tells its day of effect. Give --effective"),
        (("gone.md", *SETTINGS), "gone.md: error: It cannot be read"),
        (("--git", "nowhere", "old.md", *SETTINGS), "nowhere: error: There is no such folder"),
        (("--git", ".", "old.md", *SETTINGS), "in no git repository"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(empty: Terminal, arguments: tuple[str, ...], said: str) -> None:
    (empty.root / "old.md").write_text(FIRST, encoding="utf-8")
    (empty.root / "undated.md").write_text(FIRST.replace("*Last updated: 3 May 2018*", ""), encoding="utf-8")
    [line] = empty.refused("import", *arguments)
    assert said in line


def test_a_misspelt_path_is_suggested_and_an_open_doubt_is_refused(empty: Terminal, website: TestRepository) -> None:
    for outside in (str(empty.root / "legal.md"), "../legal.md"):
        [line] = empty.refused("import", "--git", str(website.root), outside, *SETTINGS)
        assert line.endswith("The path leads out of the repository. Name the file as it stands in the clone.")
    [line] = empty.refused("import", "--git", str(website.root), "leagl.md", *SETTINGS)
    assert "Did you mean `legal.md`?" in line
    [line] = empty.refused("import", "--git", str(website.root), "legal.md", *SETTINGS)
    assert "Give --same data=sale-of-data or --apart data=sale-of-data" in line


def test_a_shallow_clone_is_refused(empty: Terminal, website: TestRepository, tmp_path: Path) -> None:
    clone = website.clone(tmp_path / "clone", "--depth=1")
    [line] = empty.refused("import", "--git", str(clone), "legal.md", *SETTINGS)
    assert "shallow clone" in line


def test_a_policy_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    found = terminal(tmp_path)
    (tmp_path / "old.md").write_text(FIRST, encoding="utf-8")
    [line] = found.refused("import", "old.md", "--as", "privacy", "--contact", "a@shop.example")
    assert "There is a policy `privacy` here already" in line


def test_a_release_can_follow_an_import(empty: Terminal) -> None:
    (empty.root / "old.md").write_text(FIRST, encoding="utf-8")
    empty.run("import", "old.md", *SETTINGS)
    path = empty.root / "policy/terms/data.md"
    path.write_text(path.read_text(encoding="utf-8").replace("ten years", "six years"), encoding="utf-8")
    options = ("--summary", "Six years.", "--effective", "today", "--severity", "data=notice", "--waive-notice", "So.")
    empty.run("release", "terms", *options)
    assert "versions/terms/1.1.md" in empty.files()


def test_an_id_that_is_only_read_aloud_is_asked_for(empty: Terminal) -> None:
    (empty.root / "old.md").write_text(FIRST.replace("1. Data", "1. 数据"), encoding="utf-8")
    [line] = empty.refused("import", "old.md", *SETTINGS)
    assert "Give --id shu-ju=NAME" in line
    result = empty.run("import", "old.md", *SETTINGS, "--id", "shu-ju=your-data")
    assert "policy/terms/your-data.md" in empty.files()
    assert "as it is read" not in result.stderr


def test_an_id_that_is_asked_for_is_the_reading_unless_another_is_given(empty: Terminal) -> None:
    (empty.root / "old.md").write_text(FIRST.replace("1. Data", "1. 数据"), encoding="utf-8")
    answers = ["UTC", "", "", "", "", "9", "your-data", "y"]
    result = empty.run("import", "old.md", *SETTINGS, answers="\n".join(answers) + "\n")
    assert "The id of “1. 数据”" in result.output
    assert "policy/terms/your-data.md" in empty.files()


def test_a_text_whose_encoding_nothing_tells_is_asked_about(empty: Terminal) -> None:
    (empty.root / "old.md").write_bytes(FIRST.replace("Data", "個人情報").encode("cp932"))
    [line] = empty.refused("import", "old.md", *SETTINGS)
    assert "Give --encoding" in line
    empty.run("import", "old.md", *SETTINGS, "--encoding", "shift_jis", "--yes")
    assert "## 1. 個人情報 {#ge-ren-qing-bao}" in text(empty, "versions/terms/1.0.md")


def test_a_log_is_told_how_far_it_is(empty: Terminal, website: TestRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal_lines, "_EVERY", 0)
    result = empty.run("import", "--git", str(website.root), "legal.md", *SETTINGS, "--yes")
    assert "Reading: 1 of 5\nReading: 2 of 5\n" in result.stderr


@pytest.mark.parametrize("byte", [*range(1, 32), 0x7F, 0x85, 0xA0, 0xE2, 0xFF])
def test_an_odd_byte_in_a_subject_drops_no_version(byte: int) -> None:
    header = [b"a" * 40, b"A", b"A", b"1500000000", b"1500000000", b"Odd" + bytes([byte]) + b": subject"]
    raw = b":000000 100644 " + b"0" * 40 + b" " + b"b" * 40 + b" A\0legal.md\0"
    log = b"\0".join(header) + b"\0\n" + raw + b"\0".join(header) + b"\0\n" + raw
    assert [each.path for each in parse_revisions(log)] == ["legal.md", "legal.md"]
