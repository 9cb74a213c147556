"""Whatever bytes a parser is given, it reads them or says what is wrong: no traceback, ever.

Inputs are seeds (one of each kind) that are cut, joined, doubled and spoilt, the same ones in each run: a number makes
each input. `FUZZ` says how many there are of all kinds together, and `FUZZ_SEED` where they begin: the nightly run asks
for 100,000 others each night. What once broke a parser is kept in `corpus.json` and tried first.
"""

from __future__ import annotations

import base64
import json
import os
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core import builders
from inforce import project
from inforce.check import receipts
from inforce.draft import folder, settings
from inforce.errors import InForceError
from inforce.importing import reading, web_pages
from inforce.ledger import entries
from inforce.redline import redline
from inforce.text import html, unsafe
from inforce.text.clauses import read_clause
from inforce_client import copies, review

CORPUS = Path(__file__).parent / "corpus.json"
INPUTS = int(os.environ.get("FUZZ", "5000"))
FIRST = int(os.environ.get("FUZZ_SEED", "0"))
NOW = datetime(2027, 1, 15, 12, tzinfo=UTC)

PIECES = [
    *(
        b"---\n",
        b"\n---\n",
        b": ",
        b'"',
        b"'",
        b"\n",
        b"\r\n",
        b"\r",
        b"\t",
        b"  ",
        b"- ",
        b"> ",
        b"1. ",
        b"# ",
        b"## ",
    ),
    *(b"{#a}", b"[a](b)", b"[^1]", b"[^1]: x\n", b"![a](b)", b"<b>", b"</b>", b"<!--", b"-->", b"<x{y>", b"</x{y>"),
    *(b"<o:p>", b"</o:p>", b"<main>", b"</main>", b"<svg>", b"<math>", b"<table>", b"<tr><td>", b"<![CDATA[", b"<?x"),
    *(
        b"&#x202e;",
        b"&#0;",
        b"&#xd800;",
        b"&lt;",
        b"\0",
        b"\xff",
        b"\xe9",
        b"\xed\xa0\x80",
        b"\xe2\x80\xae",
        b"\xc2\x85",
    ),
    *(
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"*a: &a",
        b"!!int 1",
        b"[[[[",
        b"]",
        b"{",
        b"}",
        b"null",
        b"true",
        b"-1",
        b"1e999",
    ),
    *(b"9" * 400, b"0001-01-01T00:00:00+23:59", b"9999-12-31T23:59:59-23:59", b"2027-02-30T00:00:00Z", b"23:59:60Z"),
    *(b"javascript:x", b"mailto:", b"http://[", b"|a|\n|-|\n", b"```\n", b"~~~\n", b"!!! note\n", b"*[a]: b\n", b"\\"),
    *(b"33658-01-01", b"\xe2\x80\xa8", b"<html", b"<body>", b"<h1>", b"<template>", b"<plaintext>", b"<!doctype html>"),
]


def _clause(data: bytes) -> None:
    file = read_clause("contact", data, "policy/privacy/contact.md")
    unsafe.find(file)
    html.render(file.clause)


def _front_matter(data: bytes) -> None:
    folder.without_notes(data, "contact.md")


def _settings(data: bytes) -> None:
    settings.read(data, "policy.yml")


def _next(data: bytes) -> None:
    files = {**BASE, "policy/privacy/next.yml": data}
    folder.read("privacy", {path: each for path, each in files.items() if path.startswith("policy/privacy/")})


def _version(data: bytes) -> None:
    entries.parse("versions/privacy/1.0.md", data)


def _event(data: bytes) -> None:
    entries.parse_event("versions/privacy/events/1.yml", data)


def _receipt(data: bytes) -> None:
    receipts.read(data, "receipt.json")


def _manifest(data: bytes) -> None:
    try:
        copies.read("https://shop.example/manifest.json", data)
    except copies.UnusableError:
        return


def _copy(data: bytes) -> None:
    try:
        copies.unpack(data, "https://shop.example/manifest.json")
    except copies.UnusableError:
        return


def _records(data: bytes) -> None:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return
    review.review_all(MANIFEST, ["terms"], value if isinstance(value, list) else [value], NOW)


def _review(data: bytes) -> None:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return
    review.review_all(value if isinstance(value, dict) else {"documents": {"terms": value}}, ["terms"], [RECORD], NOW)


def _page(data: bytes) -> None:
    reading.read(web_pages.read(data, "page.html").markdown, "page.html")


def _source(data: bytes) -> None:
    reading.read(data, "source.md")


def _redline(data: bytes) -> None:
    old, _, new = html.document(data.decode("utf-8", "replace")).partition("\n")
    redline(old, new)


def _files(data: bytes) -> None:
    name = data[:40].decode("latin-1").replace("\n", "/")
    project.read({f"policy/privacy/{name}": data, f"versions/{name}": data})


BASE = builders.shipped()
CLAUSE = (
    b'---\nseverity: "notice"\nnote: "Why."\n---\n## Contact\n\nWrite to [us](mailto:a@b.example).[^1]\n\n[^1]: Not.\n'
)
PAGE = (
    b"<!doctype html><html lang=en><title>P</title><nav>n</nav><main><h1>P</h1><p>One <b>two</b>.<h2>A</h2><p>b</main>"
)
EVENT = (
    b'event: "withdraw"\nat: "2027-01-01T00:00:00+00:00"\nprevious: "sha256:'
    + b"a" * 64
    + b'"\nversion: "1.0"\nreason: "x"\n'
)
RECORD = {"document": "terms", "version": "1.0", "digest": f"sha256:{'a' * 64}", "at": "2027-01-01T00:00:00Z"}
RECORD |= {"action": "accepted"}
MANIFEST = json.loads((Path(__file__).parents[2] / "storefront/vectors/rows.json").read_text(encoding="utf-8"))
MANIFEST = next((each["manifest"] for each in MANIFEST.get("cases", []) if each.get("manifest")), {})
SMALL = json.dumps(MANIFEST).encode()
VERSION = next(data for path, data in sorted(BASE.items()) if entries.is_entry(path))
COMING = b'summary: "What comes."\nchanges:\n  gone:\n    severity: "notice"\n    note: "It goes."\n'

PARSERS: dict[str, tuple[Callable[[bytes], None], bytes]] = {
    "clause": (_clause, CLAUSE),
    "front matter": (_front_matter, CLAUSE),
    "policy.yml": (_settings, BASE["policy/privacy/policy.yml"]),
    "next.yml": (_next, COMING),
    "version": (_version, VERSION[:1500]),
    "event": (_event, EVENT),
    "receipt": (_receipt, json.dumps([RECORD]).encode()),
    "records": (_records, json.dumps([RECORD]).encode()),
    "manifest": (_manifest, SMALL),
    "review": (_review, SMALL),
    "kept copy": (_copy, SMALL),
    "page": (_page, PAGE),
    "source": (_source, b"# P\n\n*Last updated: 1 May 2020*\n\n## A\n\nb [c](d)\n"),
    "redline": (_redline, b"# A\n\n- b\n- c <i>d</i>\n"),
    "files": (_files, b"a.md\n## A\n"),
}


def spoilt(seed: bytes, number: int) -> bytes:
    """The input with that number: the seed after one to six changes."""
    chance = random.Random(number)
    if seed[:1] in b"[{" and chance.random() < 0.7:
        return json.dumps(_altered(json.loads(seed), chance)).encode()
    data = seed
    for _ in range(chance.randint(1, 6)):
        start = chance.randint(0, len(data))
        end = min(len(data), start + chance.choice((0, 0, 1, 4, 30)))
        put = chance.choice(
            (chance.choice(PIECES), chance.choice(PIECES), chance.randbytes(2), data[end : end + 40], b"")
        )
        data = data[:start] + put * chance.choice((1, 1, 1, 3, 40)) + data[end:]
    if chance.random() < 0.7:  # otherwise most would end where bytes become text
        data = data.decode("utf-8", "ignore").replace("\0", "").encode()
    return data[:4000]


ODD: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    2**53,
    1e308,
    "",
    "x",
    [],
    {},
    [None],
    {"a": 1},
    "0001-01-01T00:00:00+23:59",
]
ODD += [
    "9999-12-31T23:59:59-23:59",
    "2027-01-01T23:59:60Z",
    "33658-01-01T00:00:00Z",
    "javascript:x",
    "\ud800",
    "9" * 99,
]


def _altered(value: Any, chance: random.Random) -> Any:
    """A JSON value with something else in some of its places."""
    if chance.random() < 0.03:
        return chance.choice(ODD)
    if isinstance(value, list):
        kept = [_altered(each, chance) for each in value if chance.random() > 0.02]
        return kept + kept[:1] if chance.random() < 0.05 else kept
    if isinstance(value, dict):
        return {name: _altered(each, chance) for name, each in value.items() if chance.random() > 0.02}
    return value


def tried(name: str, data: bytes) -> None:
    parser, _ = PARSERS[name]
    try:
        parser(data)
    except InForceError as error:
        if any("\n" in str(problem) for problem in error.problems):
            pytest.fail(f"{name}: this is told on several lines: {error}")
    except Exception as error:
        kept = json.dumps([name, base64.b64encode(data).decode()])
        pytest.fail(f"{name}: {type(error).__name__}: {error}\n{data!r}\nKeep it in tests/fuzz/corpus.json: {kept}")


@pytest.mark.parametrize("name", PARSERS)
def test_no_parser_ends_in_a_traceback(name: str) -> None:
    count = INPUTS // len(PARSERS) + 1
    for number in range(FIRST, FIRST + count):
        tried(name, spoilt(PARSERS[name][1], number))


@pytest.mark.parametrize(("name", "data"), json.loads(CORPUS.read_text(encoding="utf-8")))
def test_what_broke_one_once_breaks_none(name: str, data: str) -> None:
    tried(name, base64.b64decode(data))
