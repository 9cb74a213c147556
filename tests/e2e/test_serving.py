"""The nginx settings of the help page, as they stand there, on a built site: headers, conditional requests, CORS."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page

import programs
from adapters.projects import two_versions, write_site
from adapters.sites import build_site, content_security
from inforce.publish import headers
from inforce_client import client, policies
from inforce_client.client import Outcome, PolicyClient
from inforce_client.fetching import Limits
from patience import PATIENCE

Serve = Callable[..., str]
PINNED = 1_700_000_000


@pytest.fixture(scope="session")
def settings(repo_root: Path, built: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What stands in the help page, listening where the test does, among the types that Debian's nginx knows."""
    types = Path("/etc/nginx/mime.types")
    if not types.is_file():
        programs.absent("This nginx keeps its types elsewhere than in /etc/nginx/mime.types.")
    page = (repo_root / "docs" / "help" / "serving.md").read_text(encoding="utf-8")
    [snippet] = re.findall(r"```nginx\n(.*?)```", page, re.DOTALL)
    [command] = re.findall(r"^sed .*$", page, re.MULTILINE)
    allowed = tmp_path_factory.mktemp("csp") / "inforce-csp.conf"
    command = command.replace("site/_headers", f"{built}/_headers").replace("/srv/inforce-csp.conf", str(allowed))
    subprocess.run(["sh", "-c", command], check=True)
    assert snippet.count("/srv/inforce-csp.conf") == 1
    snippet = snippet.replace("/srv/inforce-csp.conf", str(allowed))
    for written, here in (("listen 80;", "listen 127.0.0.1:%(port)d;"), ("root /srv/policies;", "root htdocs;")):
        assert snippet.count(written) == 1
        snippet = snippet.replace(written, here)
    return f"include {types};\ndefault_type application/octet-stream;\n{snippet}"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("project")
    two_versions(project)
    write_site(project)
    return build_site(project)


@pytest.fixture(scope="session", params=["/", "/legal/"])
def site(request: pytest.FixtureRequest, serve: Serve, built: Path, settings: str) -> str:
    """The site's address, at the root or below a path as the help page says to write it."""
    at: str = request.param
    return serve(built, at=at, server=settings.replace("^/", f"^{at}").replace("404 /404", f"404 {at}404"))


def get(address: str, **more: Any) -> httpx.Response:
    return httpx.get(address, timeout=PATIENCE, **more)


SHOPS_LOAD = ("policy-manifest.json", "privacy/policy-manifest.json", "schema/policy-manifest-1.json")


@pytest.mark.parametrize("name", [*SHOPS_LOAD, "schema/record-1.json"])
def test_what_shops_load_has_the_headers_that_other_hosts_are_told(site: str, name: str) -> None:
    answer = get(site + name)
    assert answer.status_code == 200
    assert {key: answer.headers[key] for key in headers.POLLED} == headers.POLLED
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "ETag" not in answer.headers
    assert "Last-Modified" not in answer.headers


def test_a_ledger_file_is_text_for_ever_byte_for_byte(site: str, built: Path) -> None:
    answer = get(site + "privacy/1.0.md")
    assert {key: answer.headers[key] for key in headers.LASTING} == headers.LASTING
    assert answer.content == (built / "privacy/1.0.md").read_bytes()
    again = get(site + "privacy/1.0.md", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Access-Control-Allow-Origin"] == "*"


def test_a_page_is_a_page(site: str, built: Path) -> None:
    answer = get(site + "privacy/1.0/")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == content_security(built)
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Last-Modified" not in answer.headers
    assert get(site + "privacy").headers["Location"].endswith("/privacy/")
    missing = get(site + "privacy/9.9.md")
    assert missing.status_code == 404
    assert "Cache-Control" not in missing.headers


def test_a_shop_elsewhere_may_load_the_manifest(site: str, serve: Serve, tmp_path: Path, page: Page) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><title>A shop</title>")
    page.goto(serve(tmp_path))
    load = "async (address) => (await (await fetch(address, {cache: 'no-cache'})).json()).serial"
    assert page.evaluate(load, site + "policy-manifest.json") == 2


def put(folder: Path, serial: int) -> None:
    """A manifest whose size and time are those of every other, as a build leaves it that pins the times."""
    folder.mkdir(exist_ok=True)
    path = folder / "policy-manifest.json"
    path.write_text(f'{{"schema_version":1,"serial":{serial},"documents":{{}}}}\n', encoding="utf-8")
    os.utime(path, (PINNED, PINNED))


def test_a_change_of_the_same_size_and_time_is_told(serve: Serve, settings: str, tmp_path: Path) -> None:
    put(tmp_path, 1)
    plain, ours = serve(tmp_path), serve(tmp_path, server=settings)
    first = get(plain + "policy-manifest.json")
    validators = {"If-None-Match": first.headers["ETag"], "If-Modified-Since": first.headers["Last-Modified"]}
    put(tmp_path, 2)
    assert get(plain + "policy-manifest.json", headers=validators).status_code == 304  # the trap
    for names in (["If-None-Match"], ["If-Modified-Since"], list(validators)):
        sent = {name: validators[name] for name in names}
        answer = get(ours + "policy-manifest.json", headers=sent)
        assert (answer.status_code, answer.json()["serial"]) == (200, 2)


def release(folder: Path, manifest: str) -> None:
    """Lay a site out as the help page says: a folder named by the manifest's digest, and the link that leads to it."""
    made = folder / "releases" / hashlib.sha256(manifest.encode()).hexdigest()[:12]
    made.mkdir(parents=True, exist_ok=True)
    (made / "policy-manifest.json").write_text(manifest, encoding="utf-8")
    os.utime(made / "policy-manifest.json", (PINNED, PINNED))
    (folder / "policies.new").symlink_to(made)
    (folder / "policies.new").rename(folder / "policies")


def test_a_release_in_a_folder_of_its_own_is_polled_for_little(
    serve: Serve, settings: str, repo_root: Path, tmp_path: Path
) -> None:
    page = (repo_root / "docs" / "help" / "serving.md").read_text(encoding="utf-8")
    outside, within = re.findall(r"```text\n(.*?)```", page.split("### Polls of some hundred bytes")[1], re.DOTALL)[:2]
    first, second = (f'{{"schema_version": 1, "serial": {serial}, "documents": {{}}}}' for serial in (1, 2))
    release(tmp_path, first)
    wanted = settings.replace("root htdocs;", f"root {tmp_path}/policies;\n{within}")
    address = serve(tmp_path, server=f"{outside}{wanted}") + "policy-manifest.json"
    seen = get(address)
    assert seen.text == first
    validator = {"If-None-Match": seen.headers["ETag"]}
    again = get(address, headers=validator)
    assert (again.status_code, again.content) == (304, b"")
    size = sum(len(f"{name}: {value}\r\n") for name, value in again.headers.items())
    assert size + len("HTTP/1.1 304 Not Modified\r\n\r\n") <= 350
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    release(tmp_path, second)  # as long, and as old
    assert (get(address, headers=validator).status_code, get(address).text) == (200, second)
    release(tmp_path, first)
    assert get(address, headers=validator).status_code == 304


def test_a_client_learns_of_it_at_once_here_and_in_the_end_elsewhere(
    serve: Serve, settings: str, tmp_path: Path
) -> None:
    limits = Limits(deadline=PATIENCE, patience=PATIENCE)
    put(tmp_path, 1)
    here = PolicyClient(serve(tmp_path, server=settings) + "policy-manifest.json", limits=limits)
    elsewhere = PolicyClient(serve(tmp_path) + "policy-manifest.json", limits=limits)
    assert here.poll().outcome is elsewhere.poll().outcome is Outcome.NEW
    put(tmp_path, 2)
    assert here.poll() == client.Polled(Outcome.NEW, 2)
    outcomes = [elsewhere.poll().outcome for _ in range(policies.TRUSTED + 1)]
    assert outcomes == [Outcome.SAME] * policies.TRUSTED + [Outcome.NEW]
