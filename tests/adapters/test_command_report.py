"""`inforce report`: what records say of customers, by the shop's own decision, from a file or from a database."""

from __future__ import annotations

import csv
import io
import json
import random
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from adapters.commands import Terminal, announced, released
from inforce_client.store import SqlRecords

AT = "2026-03-03T00:00:00Z"


@pytest.fixture
def project(tmp_path: Path) -> Terminal:
    """1.0 is in force since March; 2.0, which is material, takes effect on 1 May."""
    found = announced(tmp_path)
    found.wait(days=10)
    return found


def digests(project: Terminal) -> dict[str, str]:
    rows = json.loads(project.run("manifest").stdout)["documents"]["privacy"]["versions"]
    return {row["version"]: row["digest"] for row in rows}


def record(project: Terminal, version: str, action: str = "acknowledged", **fields: Any) -> dict[str, Any]:
    digest = digests(project)[version]
    made = {"id": str(uuid.uuid4()), "action": action, "document": "privacy", "version": version, "digest": digest}
    return {**made, "at": AT, "received_at": "2026-03-03T00:00:00.000Z", "language": "en", **fields}


def told(project: Terminal) -> list[tuple[str, dict[str, Any]]]:
    week = {"until": "2026-03-10T00:00:00Z"}
    return [
        ("ada", record(project, "1.0")),
        ("bob", record(project, "1.0", "dismissed", **week)),
        ("cyd", record(project, "1.0", "dismissed", **week)),
        ("ada", record(project, "2.0", "accepted", at="2026-03-04T00:00:00Z")),
        ("cyd", record(project, "1.0", "accepted", language="de")),
        ("dee", record(project, "1.0", "declined")),
        ("eve", record(project, "1.0", digest="sha256-forged")),
        ("fay", {"id": "1", "document": "terms"}),
    ]


def written(project: Terminal, records: Iterable[tuple[str, dict[str, Any]]]) -> str:
    lines = [json.dumps({"customer": customer, **each}, ensure_ascii=False) for customer, each in records]
    (project.root / "records.ndjson").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return "records.ndjson"


def test_it_counts_what_each_customer_said_last(project: Terminal) -> None:
    found = project.json("report", written(project, told(project)))
    assert (found["customers"], found["records"], found["ignored"]) == (5, 8, 1)
    rows = {(row["version"], row["language"]): list(row.values())[3:] for row in found["versions"]}
    assert rows == {
        ("1.0", "en"): [1, 1, 1, 1, 2],  # agreed, told, declined, dismissed, outstanding: bob and eve
        ("2.0", "en"): [1, 0, 0, 0, 0],
    }


@pytest.mark.parametrize("language", [None, "", "de", {"a": 1}, "\x1b[2J", "en\n"])
def test_a_record_that_says_another_language_than_its_text_has_changes_nothing(
    project: Terminal, language: object
) -> None:
    records = [("ada", record(project, "1.0"))]
    found = project.run("report", written(project, records)).stdout
    records[0][1]["language"] = language
    assert project.run("report", written(project, records)).stdout == found


def test_it_says_what_a_coming_version_will_ask_and_of_how_many(project: Terminal) -> None:
    found = project.json("report", written(project, told(project)))["coming"]
    [coming] = found
    assert coming == {
        "document": "privacy", "version": "2.0", "draft": False, "effective_at": "2026-04-30T22:00:00Z",
        "asked": 4, "told": 0, "left": 1,
    }  # fmt: skip


def test_the_draft_is_rehearsed_over_the_same_records(project: Terminal) -> None:
    project.edit("contact", '---\nseverity: "notice"\nnote: "Call us."\n---\n## Contact\n\nCall us.')
    announced, draft = project.json("report", written(project, told(project)))["coming"]
    assert (announced["version"], announced["asked"]) == ("2.0", 4)
    assert draft == {
        "document": "privacy", "version": "2.1", "draft": True, "effective_at": "2026-04-30T22:00:00Z",
        "asked": 4, "told": 1, "left": 0,
    }  # fmt: skip
    said = project.run("report", "records.ndjson").stdout.splitlines()[-1]
    assert said == "privacy 2.1, the draft, can take effect on 2026-05-01: 4 customers asked, 1 told, 0 left alone."


def test_a_draft_that_could_take_effect_at_once_is_not_in_force(tmp_path: Path) -> None:
    project = released(tmp_path)
    project.edit("contact", '---\nseverity: "editorial"\n---\n## Contact\n\nWrite to us! See [cookies](#cookies).')
    records = [("ada", record(project, "1.0")), ("bob", record(project, "1.0", "dismissed"))]
    found = project.json("report", written(project, records))
    assert [(each["version"], each["outstanding"]) for each in found["versions"]] == [("1.0", 1)]
    assert [(each["version"], each["draft"], each["asked"], each["left"]) for each in found["coming"]] == [
        ("1.1", True, 1, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(("days", "versions"), [(0, ["2.0", "2.1"]), (600, [])])
def test_a_draft_is_rehearsed_until_the_policy_has_ended(project: Terminal, days: int, versions: list[str]) -> None:
    project.run("retire", "privacy", "--effective", "2027-06-30", "--reason", "The shop closes.", "--yes")
    project.edit("contact", '---\nseverity: "notice"\nnote: "Call us."\n---\n## Contact\n\nCall us.')
    project.wait(days=days)
    found = project.json("report", written(project, told(project)))["coming"]
    assert [each["version"] for each in found] == versions
    assert ("2.1" in project.run("rehearse", "privacy").stdout) == bool(versions)


def test_a_draft_that_cannot_be_read_is_left_out(project: Terminal) -> None:
    project.edit("contact", "## Contact\n\n- [ ] box")
    [coming] = project.json("report", written(project, told(project)))["coming"]
    assert coming["version"] == "2.0"


def test_a_file_and_a_database_say_the_same(project: Terminal) -> None:
    records = [each for each in told(project) if each[1].get("received_at")]
    address = f"sqlite:///{project.root / 'records.sqlite'}"
    with SqlRecords(address) as kept:
        for customer, each in records:
            kept.add(customer, each)
    random.Random(1).shuffle(records)
    for form in ("text", "csv", "json"):
        of_a_file = project.run("report", written(project, records), "--format", form).stdout
        assert project.run("report", address, "--format", form).stdout == of_a_file
    [head, *rows] = csv.reader(io.StringIO(project.run("report", address, "privacy", "--format", "csv").stdout))
    assert head == ["document", "version", "language", "agreed", "told", "declined", "dismissed", "outstanding"]
    assert ["privacy", "1.0", "en", "1", "1", "1", "1", "2"] in rows


def test_it_is_a_table_on_a_terminal(project: Terminal) -> None:
    said = project.run("report", written(project, told(project))).stdout.splitlines()
    assert said[0] == "5 customers, 8 records, of which 1 count for nothing."
    assert said[2] == "document  version  language  agreed  told  declined  dismissed  outstanding"
    assert "privacy   1.0      en             1     1         1          1            2" in said
    assert said[-1] == "privacy 2.0 takes effect on 2026-05-01: 4 customers asked, 0 told, 1 left alone."


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "This is not JSON"),
        ("[" * 100_000, "This is not JSON"),
        ('{"id": "1"}', "does not say whose it is"),
        ("[]", "does not say whose it is"),
        ('{"customer": 5}', "does not say whose it is"),
        ('{"customer": "ada", "action": "declined", "action": "accepted"}', "`action` stands twice in one object"),
        ('{"customer": "ada", "customer": "bob"}', "`customer` stands twice in one object"),
        ('{"customer": "\\ud800"}', "does not say whose it is"),
    ],
)
def test_a_line_that_is_no_record_is_named(project: Terminal, line: str, what: str) -> None:
    (project.root / "records.ndjson").write_text(f'{{"customer": "ada"}}\n\n{line}\n')
    [said] = project.refused("report", "records.ndjson")
    assert said.startswith("records.ndjson:3: error: ")
    assert what in said


def test_what_cannot_be_read_is_said_in_a_line(project: Terminal) -> None:
    (project.root / "records.ndjson").write_bytes(b'{"customer": "\xff"}')
    assert "records.ndjson:1: error: This is not UTF-8" in project.refused("report", "records.ndjson")[0]
    assert "nowhere.ndjson: No such file" in project.refused("report", "nowhere.ndjson")[0]
    assert "The database cannot be read" in project.refused("report", "nonsense://nowhere")[0]
    assert project.refused("report", "mysql+oursql://nowhere/shop")[0].endswith("Look at its address.")
    assert project.refused("report", "mysql+asyncmy://nowhere/shop")[0].endswith("Install its driver.")
