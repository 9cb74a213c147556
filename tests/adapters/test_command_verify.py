"""`inforce verify`: the chain and what git knows of it; a customer's record, shown from the ledger; its schema."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from adapters.commands import CALL, Terminal, announced, committed, terminal
from inforce import model
from inforce.adapters.command import main
from inforce.adapters.files import STOREFRONT
from inforce.check import receipts
from inforce.errors import InForceError
from inforce_client import fetching

V10, V20 = "versions/privacy/1.0.md", "versions/privacy/2.0.md"
ID = "6f1b9a52-0c5e-4b0b-9f0e-2f7a3c1d8e90"


@pytest.fixture
def project(tmp_path) -> Terminal:
    return announced(tmp_path)


def test_verify_prints_what_sha256sum_checks(project):
    committed(project).git("branch", "published")
    result = project.run("verify")
    digests = [f"{hashlib.sha256(project.files()[path]).hexdigest()}  {path}" for path in (V10, V20)]
    assert result.stdout.splitlines() == digests
    assert "The chain holds: 2 files" in result.stderr
    assert "Nothing published was touched: 2 published files as in published (" in result.stderr


@pytest.mark.parametrize("deleted", [True, False])
def test_a_published_file_that_was_touched_is_told_with_its_commit(project, deleted):
    repository = committed(project)
    repository.git("branch", "published")
    path = project.root / V10
    data = None if deleted else path.read_bytes().replace(b"two", b"ten")
    repository.commit({V10: data}, "Tidy up", "Bo Tidy <bo@policies.example>")
    said = project.run("verify", status=1).stderr
    assert f"{V10}: error:" in said
    assert "Bo Tidy" in said
    found = project.json("verify", status=1)
    assert V10 in [problem["path"] for problem in found["problems"]]


def test_without_git_verify_warns_and_still_checks_the_chain(project):
    result = project.run("verify")
    assert "warning: Whether anything published was changed is not known" in result.stderr
    assert project.json("verify")["published"] is None
    path = project.root / V10
    path.write_bytes(path.read_bytes().replace(b"two", b"ten"))
    assert V20 in project.run("verify", status=1).stderr


def test_a_base_that_was_asked_for_must_be_there(project):
    [line] = project.refused("verify", "--base", "nowhere")
    assert line.startswith("--base nowhere: error: What is published cannot be told")
    repository = committed(project)
    repository.branch("work")
    project.edit("contact", CALL)
    repository.commit({}, "Edit")
    assert "Nothing published was touched" in project.run("verify", "--base", "main").stderr
    repository.git("branch", "published")
    said = project.run("verify", "--base", "main").stderr
    assert "note: --base main was not needed: published says what is published." in said


def test_line_ends_are_told_once_a_file(project):
    committed(project).git("branch", "published")
    for path in (V10, V20):
        ledger = project.root / path
        ledger.write_bytes(ledger.read_bytes().replace(b"\n", b"\r\n"))
    said = project.run("verify", status=1).stderr.splitlines()
    assert [line.split(":")[0] for line in said] == [V10, V20]
    assert all("differs by line endings only" in line for line in said)


def test_nothing_is_verified_where_nothing_was_released(tmp_path):
    assert "nothing to verify" in terminal(tmp_path).run("verify").stderr


def test_the_folder_versions_gone_is_noticed(project):
    committed(project).git("branch", "published")
    shutil.rmtree(project.root / "versions")
    said = project.run("verify", status=1).stderr
    assert f"{V10}: error:" in said
    assert f"{V20}: error:" in said


def digest_of(project: Terminal, number: str) -> str:
    return model.digest(project.files()[f"versions/privacy/{number}.md"])


def record(project: Terminal, number: str = "1.0", **fields: Any) -> dict[str, Any]:
    """What a shop stored when a customer acknowledged ``number``."""
    found = {
        "id": ID,
        "action": "acknowledged",
        "document": "privacy",
        "version": number,
        "sequence": {"1.0": 1, "2.0": 2}[number],
        "language": "en",
        "digest": digest_of(project, number),
        "base": None,
        "manifest_serial": 2,
        "at": "2026-03-02T12:30:00+00:00",
        "until": None,
        "surface": "checkout",
    }
    return found | fields


def keep(project: Terminal, value: object) -> str:
    (project.root / "receipt.json").write_text(json.dumps(value), encoding="utf-8")
    return "receipt.json"


def test_a_receipt_is_said_in_words_and_its_text_printed(project):
    result = project.run("verify", "--receipt", keep(project, record(project)))
    said, text = result.stdout.split("\n\n", 1)
    assert said == (
        "> Shop Privacy, version 1.0\n>\n"
        "> - Acknowledged on 2026-03-02T12:30:00Z (2026-03-02 13:30 in Europe/Berlin), in checkout\n"
        f"> - Record {ID}\n"
        "> - Announced on 2026-03-02T09:00:00Z (2026-03-02 10:00 in Europe/Berlin)\n"
        "> - Effective from 2026-03-02T09:00:00Z (2026-03-02 10:00 in Europe/Berlin)\n"
        f"> - The digest is that of versions/privacy/1.0.md, {digest_of(project, '1.0')}\n>"
    )
    assert model.digest(("\n" + text).encode()) == project.json("show", "privacy", "--version", "1.0")["text_digest"]
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("action", "words"),
    [("accepted", "Accepted on"), ("declined", "Declined on"), ("dismissed", "Put off, not agreed to on")],
)
def test_what_was_done_is_named(project, action, words):
    found = record(project, action=action, until="2026-03-09T12:30:00Z" if action == "dismissed" else None)
    said = project.run("verify", "--receipt", keep(project, found)).stdout
    assert f"> - {words} 2026-03-02T12:30:00Z (2026-03-02 13:30 in Europe/Berlin)" in said
    assert ("until 2026-03-09T12:30:00Z" in said) == (action == "dismissed")


def test_a_history_prints_each_text_once(project):
    history = [record(project), record(project, action="declined"), record(project, "2.0")]
    said = project.run("verify", "--receipt", keep(project, history)).stdout
    assert said.count("> Shop Privacy, version 1.0") == 2
    assert said.count("\n# Shop Privacy\n") == 2
    assert said.index("set **two** cookies") < said.index("set **three** cookies")


def test_standard_input(project):
    command = ["--directory", str(project.root), "verify", "--receipt", "-"]
    result = CliRunner().invoke(main, command, input=json.dumps(record(project)))
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Shop Privacy, version 1.0" in result.stdout
    result = CliRunner().invoke(main, command, input="")
    assert result.exit_code == 1
    assert result.stderr.startswith("standard input:1: error: This is not JSON")


def test_what_the_ledger_does_not_have_ends_with_1(project):
    name = keep(project, record(project, digest=model.digest(b"forged")))
    result = project.run("verify", "--receipt", name, status=1)
    assert "> privacy 1.0: text not known\n" in result.stdout
    assert "# Shop Privacy" not in result.stdout
    [line] = result.stderr.splitlines()
    assert line.startswith("receipt.json: error: No file here has the digest sha256-")


def test_another_version_s_digest_is_told_and_its_text_printed(project):
    name = keep(project, record(project, version="2.0", sequence=2))
    result = project.run("verify", "--receipt", name, status=1)
    assert "error: It names privacy 2.0, and its digest privacy 1.0. The digest decides" in result.stderr
    assert "set **two** cookies" in result.stdout


def test_line_endings_are_recognised(project):
    windows = project.files()["versions/privacy/1.0.md"].replace(b"\n", b"\r\n")
    result = project.run("verify", "--receipt", keep(project, record(project, digest=model.digest(windows))), status=1)
    assert "with Windows line endings: the same words" in result.stderr
    assert "> - The digest is not that of versions/privacy/1.0.md" in result.stdout
    assert "set **two** cookies" in result.stdout


def test_a_withdrawn_version_is_said_to_be_withdrawn(project):
    project.wait(days=1)
    project.run("withdraw", "privacy", "--reason", "Too early.")
    said = project.run("verify", "--receipt", keep(project, record(project, "2.0"))).stdout
    on = "2026-03-03T10:00:00Z (2026-03-03 11:00 in Europe/Berlin)"
    assert f"> - Withdrawn on {on}, never in force: Too early." in said


def test_a_warning_alone_ends_with_0(project):
    result = project.run("verify", "--receipt", keep(project, record(project, sequence=2)))
    assert "warning: `sequence` is 2; privacy 1.0 has 1" in result.stderr


def test_json(project):
    told = project.json("verify", "--receipt", keep(project, [record(project), record(project)]))
    [first, second] = told["receipts"]
    assert first == second
    assert (first["sound"], first["problems"], first["at"]) == (True, [], "2026-03-02T12:30:00Z")
    assert first["text"]["path"] == "versions/privacy/1.0.md"
    assert list(told["texts"]) == ["versions/privacy/1.0.md"]
    wrong = keep(project, record(project, digest=model.digest(b"forged")))
    told = project.json("verify", "--receipt", wrong, status=1)
    assert (told["receipts"][0]["sound"], told["receipts"][0]["text"], told["texts"]) == (False, None, {})
    assert told["receipts"][0]["problems"][0]["rule"] == "receipt-digest"


def test_a_broken_ledger_vouches_for_nothing(project):
    name = keep(project, record(project))
    path = project.root / "versions/privacy/1.0.md"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert "differs from the released one by line endings" in project.refused("verify", "--receipt", name)[0]


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_the_first_and_the_last_instant_are_said_in_utc_at_least(project, at):
    said = project.run(
        "verify", "--receipt", keep(project, record(project, action="dismissed", at=at, until=at))
    ).stdout
    assert f"Put off, not agreed to on {at}" in said


def public(project: Terminal, **fields: Any) -> str:
    """The manifest of this ledger in a file, with some of it replaced."""
    built = json.loads(project.run("manifest").stdout)
    (project.root / "public.json").write_text(json.dumps(built | fields), encoding="utf-8")
    return "public.json"


def test_what_was_public_is_held_against_the_ledger(project):
    name = public(project)
    result = project.run("verify", "--against", name)
    assert f"Nothing says otherwise than {name}." in result.stderr
    assert result.stdout.splitlines()[0].endswith(V10)
    project.wait(days=1)
    project.run("erratum", "privacy", "1.0", "--note", "A word is misspelt.")
    assert "Nothing says otherwise" in project.run("verify", "privacy", "--against", name).stderr
    later = public(project)
    next((project.root / "versions/privacy/events").iterdir()).unlink()
    said = project.run("verify", "--against", later, status=1).stderr
    assert "public.json: error: serial: 3 in it, 2 here. Bring this ledger up to date" in said
    assert "public.json: error: privacy events: something in it, nothing here. Bring this ledger up to date" in said
    assert [problem["rule"] for problem in project.json("verify", "--against", later, status=1)["problems"]] == [
        "against",
        "against",
        "against",
    ]


def test_a_digest_that_is_another_one_is_named_with_both(project):
    documents = json.loads(project.run("manifest").stdout)["documents"]
    documents["privacy"]["versions"][0]["digest"] = model.digest(b"other")
    [line] = [
        line
        for line in project.run(
            "verify", "--against", public(project, documents=documents), status=1
        ).stderr.splitlines()
        if "public.json" in line
    ]
    assert f"privacy 1.0 digest: {model.digest(b'other')} in it, {digest_of(project, '1.0')} here" in line


def test_a_manifest_is_fetched_from_its_address(project, monkeypatch):
    def answer(request: httpx.Request) -> httpx.Response:
        content = Path(project.root / public(project)).read_bytes() if request.url.path == "/m.json" else b""
        return httpx.Response(200 if content else 404, stream=httpx.ByteStream(content))

    limits = fetching.Limits(transport=httpx.MockTransport(answer))
    monkeypatch.setattr(fetching, "Limits", lambda: limits)
    result = project.run("verify", "--against", "https://policies.example/m.json")
    assert "Nothing says otherwise than https://policies.example/m.json." in result.stderr
    [line] = project.refused("verify", "--against", "https://policies.example/gone.json")
    assert line == (
        "https://policies.example/gone.json: error: The answer is 404, not 200. See whether the address is right."
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("none.json", "none.json: error: It cannot be read (No such file or directory). Name a manifest that was kept"),
        ("mkdocs.html", "mkdocs.html: error: This is HTML, not JSON. Look at what stands at that address."),
        ("http://policies.example/m.json", "is an address without TLS. Give its address with https, or a file"),
        ("ftp://policies.example/m.json", "is not the address of a manifest"),
        ("a  b.json", 'a  b.json: error: Its schema_version is "1. 2", which is not known here. Update In Force here'),
        ("https://127.0.0.1:1/m.json", "https://127.0.0.1:1/m.json: error: No answer (ConnectError: "),
    ],
)
def test_what_is_no_manifest_to_hold_it_against_is_said_on_one_line(project, name, words):
    (project.root / "mkdocs.html").write_text("<p>Sign in</p>", encoding="utf-8")
    (project.root / "a  b.json").write_text('{"schema_version": "1. 2"}', encoding="utf-8")
    [line] = project.refused("verify", "--against", name)
    assert words in line


def test_usage_and_a_file_that_is_not_there(project):
    assert project.refused("verify", "--receipt", "none.json") == [
        "none.json: error: It cannot be read (No such file or directory). Name the exported record."
    ]
    for option in (["--base", "main"], ["--against", "m.json"]):
        project.run("verify", "--receipt", "r.json", *option, status=2)


INSTANTS = [case["written"] for case in json.loads((STOREFRONT / "vectors/instants.json").read_bytes())["cases"]]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 5),
    st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=8),
    st.sampled_from(INSTANTS),
    st.sampled_from(["accepted", "privacy", "1.0", "0.10", "en", "zh-Hant", "2026-03-05T10:00:00+08:00"]),
    st.just(model.digest(b"text")),
    st.lists(st.none(), max_size=1),
)
SOUND = {
    "id": ID,
    "action": "accepted",
    "document": "terms",
    "version": "1.1",
    "sequence": 2,
    "language": "en",
    "digest": model.digest(b"terms"),
    "base": "1.0",
    "manifest_serial": 3,
    "head": model.digest(b"head"),
    "at": "2026-03-05T10:00:00Z",
    "until": None,
    "surface": "checkout",
}
SCHEMA = json.loads((STOREFRONT / "schema/record-1.json").read_bytes())


@given(st.dictionaries(st.sampled_from(sorted(SOUND)), VALUES, max_size=3), st.sampled_from(["", *SOUND]))
def test_what_is_read_is_what_the_schema_allows(changed, missing):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    value = {key: given for key, given in {**SOUND, **changed}.items() if key != missing}
    try:
        receipts.read(json.dumps(value).encode(), "r.json")
        read = True
    except InForceError:
        read = False
    assert read == jsonschema.Draft202012Validator(SCHEMA).is_valid(value), value
