"""The decision in PHP: every vector, and what Python says to thousands of made-up and of spoilt cases.

PHP answers in JSON, so that `{}` and `[]`, and 1 and 1.0, are told apart.
"""

from __future__ import annotations

import gzip
import http.server
import json
import os
import random
import socket
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from vectors import tables

import programs
from core.reviewing import STOREFRONT, Json, cases_in, decided, drawn, made_up, record_lists, spoilt, unlikely
from inforce_client import copies, review

ANSWER = programs.REPOSITORY / "tests/php/answer.php"


def answers(cases: Iterable[Json]) -> list[Any]:
    """What PHP says to each case. A notice or a warning of PHP's ends it."""
    lines = [json.dumps({**case, "now": case["now"].isoformat()} if "records" in case else case) for case in cases]
    command = [programs.PHP.path(), "-d", "memory_limit=1G", ANSWER]
    done = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0), done.stdout[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("name", sorted(path.name for path in (STOREFRONT / "vectors").glob("*.json")))
def test_the_vectors(name: str) -> None:
    cases = cases_in(name)
    told = answers({**case, "now": datetime.fromisoformat(case["now"])} if "now" in case else case for case in cases)
    for case, result in zip(cases, told, strict=True):
        wanted = case["milliseconds"] if "milliseconds" in case else case["expected"]
        assert (result, type(result)) == (wanted, type(wanted)), case.get("name", case.get("written"))


def test_made_up_cases() -> None:
    cases = list(made_up(5_000))
    for case, result in zip(cases, answers(cases), strict=True):
        assert result == decided(case), case


def test_changes_that_no_release_writes() -> None:
    cases = list(unlikely(2_000))
    for case, result in zip(cases, answers(cases), strict=True):
        assert result == decided(case), case


def test_spoilt_cases() -> None:
    """What counts as a manifest or as a record is the same to both."""
    cases = list(spoilt(5_000))
    for case, result in zip(cases, answers(cases), strict=True):
        assert result == decided(case), case


def test_made_up_merges() -> None:
    chance, lists = random.Random(20260103), drawn(record_lists, 200)
    cases = [{"lists": chance.choices(lists, k=chance.randrange(4))} for _ in range(2_000)]
    assert answers(cases) == [review.merge(*case["lists"]) for case in cases]


def test_any_two_copies_of_the_vectors_are_judged_alike() -> None:
    manifests = [case[key] for case in cases_in("copies.json")[::3] for key in ("held", "offered")]
    read = [review.prepare(manifest) for manifest in manifests]
    pairs = [
        (one, other) for one in range(len(read)) for other in range(len(read)) if read[one].had and read[other].had
    ]
    told = answers({"held": manifests[held], "offered": manifests[offered]} for held, offered in pairs)
    wanted = [(copies.refusal(read[held], read[offered]) or [None])[0] for held, offered in pairs]
    assert {None, "serial", "rewritten"} <= set(wanted)
    assert told == wanted


def test_many_instants_are_read_alike() -> None:
    days = ["01-01", "02-28", "02-29", "02-30", "04-31", "12-31", "13-01", "00-10"]
    years = ["0000", "0001", "0002", "1900", "2000", "2027", "2028", "9998", "9999"]
    times = ["00:00:00", "23:59:59", "23:59:60", "24:00:00", "00:00:00.0009", "12:00:00.999999999"]
    offsets = ["Z", "+00:00", "-00:00", "+23:59", "-23:59", "+24:00", "+08:00", "+08:60", "", "Z\n"]
    found = [f"{y}-{d}T{t}{o}" for y in years for d in days for t in times for o in offsets]
    for written, result in zip(found, answers({"written": each} for each in found), strict=True):
        try:
            wanted = review._instant(written)
        except ValueError:
            wanted = None
        assert result == wanted, written


CLIENT = """<?php
require $argv[1] . '/vendor/autoload.php';
use Inforce\\{FileCache, Policies};
foreach (array_slice($argv, 3) as $each) {
    [$url, $every, $epoch] = [...explode('|', $each), null];
    $wait = $every === 'never' ? null : (int) $every;
    $named = $epoch === null ? null : (int) $epoch;
    $policies = new Policies($url, new FileCache($argv[2]), $wait, 1.0, $named, insecure: true);
    $problem = $wait === null ? $policies->poll() : null;
    echo json_encode([$problem, $policies->review('privacy', [], new DateTimeImmutable('2026-05-01'))['state']]), "\\n";
}
"""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The package as Composer lays it out, without Composer: a class map of its files."""
    required = "".join(f"require '{path}';" for path in sorted((STOREFRONT / "php/src").glob("*.php")))
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor/autoload.php").write_text(f"<?php {required}")
    (tmp_path / "client.php").write_text(CLIENT)
    (tmp_path / "kept").mkdir()
    return tmp_path


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and its address."""
    folder = tmp_path / "site"
    folder.mkdir()
    handler = partial(Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def client(folder: Path, *visits: str, logged: tuple[str, ...] = ()) -> list[Any]:
    """What the client says on each visit: what was wrong with a poll, and the state of a customer without records."""
    command = [programs.PHP.path(), "-d", "html_errors=0", folder / "client.php", folder, folder / "kept", *visits]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (tuple(done.stderr.splitlines()), done.returncode) == (logged, 0)
    return [json.loads(line) for line in done.stdout.splitlines()]


def manifest(told: str, **fields: Any) -> str:
    return json.dumps({**tables.manifest(privacy=told), **fields})


def test_the_client_keeps_the_last_good_copy(installed: Path, site: tuple[Path, str]) -> None:
    public, address = site[0] / "policy-manifest.json", f"{site[1]}policy-manifest.json"
    poll, look = f"{address}|never", f"{address}|300"
    assert client(installed, poll) == [[f"{address}: no answer", "unknown"]]
    public.write_text(manifest("1.0 01-01"))
    assert client(installed, poll, look) == [[None, "initial"], [None, "initial"]]
    for broken, why in (
        ("<html>", "no manifest"),
        (manifest("1.0 01-01", extra="here").replace('"here"', "[" * 600 + "]" * 600), "no manifest"),
        (manifest("1.0 01-01", serial=0), "serial"),
        (manifest("1.0 01-02; 1.1 02-02"), "rewritten"),
    ):
        public.write_text(broken)
        assert client(installed, poll) == [[f"{address}: {why}", "initial"]]
    public.write_text(manifest("1.0 01-01; retired 02-01", serial=2))
    assert client(installed, poll)[0][1] == "initial", "nothing but an event retires a policy"


def test_a_policy_that_the_manifest_lacks_is_told_once_of_each_manifest(
    installed: Path, site: tuple[Path, str]
) -> None:
    public, address = site[0] / "policy-manifest.json", f"{site[1]}policy-manifest.json"
    poll, look = f"{address}|never", f"{address}|300"
    for serial in (1, 2):
        public.write_text(json.dumps(tables.manifest(terms="1.0 01-01") | {"serial": serial}))
        told = f"{address}: There is no policy 'privacy', so nobody is asked about it"
        assert client(installed, poll, look, poll, logged=(told,)) == [[None, "not_applicable"]] * 3
        assert client(installed, poll, look) == [[None, "not_applicable"]] * 2


def test_nobody_asks_again_while_a_host_hangs(installed: Path) -> None:
    """The first visitor waits for as long as may be, and the next ones not at all: they don't ask."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/policy-manifest.json"
        told = f"{address}: no answer"
        assert client(installed, *[f"{address}|300"] * 20, logged=(told,)) == [[None, "unknown"]] * 20
        server.setblocking(False)
        server.accept()[0].close()
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_cache_that_keeps_nothing_holds_nobody_up_and_says_so(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (installed / "kept").rmdir()
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/policy-manifest.json"
        told = f"{address}: the cache keeps nothing, so the manifest is not asked for"
        assert client(installed, *[f"{address}|300"] * 3, logged=(told,) * 3) == [[None, "unknown"]] * 3
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_clock_that_was_ahead_stops_no_poll(installed: Path, site: tuple[Path, str]) -> None:
    public, address = site[0] / "policy-manifest.json", f"{site[1]}policy-manifest.json"
    public.write_text(manifest("1.0 01-01"))
    client(installed, f"{address}|300")
    public.write_text(json.dumps(tables.manifest(privacy="1.0 01-01; 1.1 02-02", terms="1.0 01-01")))
    [asked] = (installed / "kept").glob("*.asked")
    for seconds, held in ((-200, True), (200, True), (-400, False), (400, False), (10**9, False)):
        kept = asked.with_suffix("").read_text()
        asked.write_text(str(int(time.time()) + seconds))
        client(installed, f"{address}|300")
        assert (asked.with_suffix("").read_text() == kept) == held, seconds
        asked.with_suffix("").write_text(kept)


@pytest.mark.parametrize("kept", ["0", "1", "1.0", "2"])
def test_a_kept_copy_of_another_epoch_than_the_shop_s_counts_for_nothing(
    installed: Path, site: tuple[Path, str], kept: str
) -> None:
    public, address = site[0] / "policy-manifest.json", f"{site[1]}policy-manifest.json"
    public.write_text(manifest("1.0 01-01").replace('"serial"', f'"epoch": {kept}, "serial"'))
    assert client(installed, f"{address}|never") == [[None, "initial"]]
    public.unlink()
    state = "initial" if kept in ("1", "1.0") else "unknown"
    assert client(installed, f"{address}|300|1", f"{address}|300") == [[None, state], [None, "initial"]]


def test_whoever_serves_may_read_what_cron_kept(installed: Path, site: tuple[Path, str]) -> None:
    """It is public, and cron is often somebody else."""
    (site[0] / "policy-manifest.json").write_text(manifest("1.0 01-01"))
    before = os.umask(0o022)
    try:
        client(installed, f"{site[1]}policy-manifest.json|never")
    finally:
        os.umask(before)
    assert {oct(path.stat().st_mode & 0o777) for path in (installed / "kept").iterdir()} == {"0o644"}


@contextmanager
def host(*parts: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """An address whose server says all parts, the last one again for a hundred seconds, and what it could say.

    Whoever asked may hang up before that.
    """
    said: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):
                connection.recv(65_536)
                for part in parts:
                    connection.sendall(part)
                    said.append(part)
                while again and len(said) < 1_000:
                    time.sleep(0.1)
                    connection.sendall(parts[-1])
                    said.append(parts[-1])

        again = len(parts[-1]) < 100
        threading.Thread(target=talk, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/policy-manifest.json", said


OK, GO_ON, END = b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", b"\r\n"
PACKED = b"Content-Encoding: gzip\r\n\r\n"


@pytest.mark.parametrize("parts", [(OK, b"X"), (OK, b"X: y\r\n"), (GO_ON,), (OK + END, b" ")], ids=str)
def test_a_host_that_drips_holds_nobody(installed: Path, parts: tuple[bytes, ...]) -> None:
    """A visitor is let go by the clock, whatever arrives meanwhile."""
    with host(*parts) as (address, said):
        assert client(installed, f"{address}|never") == [[f"{address}: no answer", "unknown"]]
        assert len(said) < 500


@pytest.mark.parametrize("kind", ["endless", "packed", "elsewhere", "a file"])
def test_what_is_no_answer(installed: Path, tmp_path: Path, kind: str) -> None:
    """Neither what is longer than a manifest may be, packed or not, nor what lies at another address."""
    (tmp_path / "manifest").write_text(manifest("1.0 01-01"))
    blanks = b" " * 20_000_000
    answer = {
        "endless": OK + END + blanks,
        "packed": OK + PACKED + gzip.compress(blanks + manifest("1.0 01-01").encode(), 1),
        "elsewhere": b"HTTP/1.1 302 Found\r\nLocation: /manifest\r\nContent-Length: 0\r\n\r\n",
        "a file": b"HTTP/1.1 302 Found\r\nLocation: file://%s\r\n\r\n" % bytes(tmp_path / "manifest"),
    }[kind]
    with host(answer + b" " * 100) as (address, _):
        assert client(installed, f"{address}|never") == [[f"{address}: no answer", "unknown"]]


def test_an_answer_may_begin_with_a_byte_order_mark(installed: Path) -> None:
    """As it may for the other clients."""
    with host(OK + END + b"\xef\xbb\xbf" + manifest("1.0 01-01").encode()) as (address, _):
        assert client(installed, f"{address}|never") == [[None, "initial"]]


def test_an_answer_may_be_packed(installed: Path) -> None:
    packed = gzip.compress(manifest("1.0 01-01").encode())
    with host(OK + PACKED + packed) as (address, _):
        assert client(installed, f"{address}|never") == [[None, "initial"]]


@pytest.mark.parametrize(
    "address",
    [
        "http://policies.example/",
        "http://127.0.0.1.policies.example/",
        "http://localhost@policies.example/",
        "ftp://x/",
        "x",
    ],
)
def test_an_address_without_tls_is_refused_but_for_this_machines_own(installed: Path, address: str) -> None:
    code = (
        f"require '{installed}/vendor/autoload.php';"
        f"foreach (['http://127.0.0.1:8000/m', 'http://localhost/m', 'http://[::1]:80/m', '{address}'] as $address) "
        "try { new Inforce\\Policies($address, new Inforce\\FileCache('/')); }"
        "catch (InvalidArgumentException $error) { echo $error->getMessage(); }"
    )
    done = subprocess.run([programs.PHP.path(), "-r", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{address} is no address of https. Write one, or allow it with insecure: true"


def test_composer_json_says_what_is_there() -> None:
    told = json.loads((STOREFRONT / "php/composer.json").read_text(encoding="utf-8"))
    assert (told["name"], told["require"]) == ("inforce/client", {"php": ">=8.1", "ext-curl": "*"})
    assert all((STOREFRONT / "php" / folder).is_dir() for folder in told["autoload"]["classmap"])
