"""The lines for Flask and for FastAPI in the help, as they stand there."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from vectors import tables

import inforce_client
import loops
from inforce_client.fetching import Limits

MANIFEST = tables.manifest(privacy="1.0 01-01")
SENT = {"id": str(uuid.UUID(int=1)), "action": "acknowledged", "document": "privacy", "version": "1.0"}


@pytest.fixture
def lines(repo_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., dict[str, Any]]]:
    """Runs what the help has below a heading, beside names of the shop's own; the policies' host is at hand."""
    page = (repo_root / "docs/help/records.md").read_text(encoding="utf-8")

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=httpx.ByteStream(json.dumps(MANIFEST).encode()))

    client = partial(inforce_client.PolicyClient, limits=Limits(transport=httpx.MockTransport(answer)))
    monkeypatch.setattr(inforce_client, "PolicyClient", client, raising=False)
    monkeypatch.chdir(tmp_path)
    shop: dict[str, Any] = {"__name__": "shop"}

    def run(heading: str, **names: Any) -> dict[str, Any]:
        found = re.search(rf"## {heading}\n\n```python\n(.*?)```", page, re.DOTALL)
        assert found
        shop.update(names)
        exec(found[1], shop)
        return shop

    yield run
    shop["policies"].stop()
    shop["records"].close()


def test_ten_lines_of_flask_keep_answers(
    lines: Callable[..., dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    shop = lines("Flask")
    shop["app"].secret_key = "nobody's"
    assert sum("There is no policy 'terms'" in each for each in caplog.messages) == 1
    browser = shop["app"].test_client()
    with browser.session_transaction() as session:
        session["customer"] = "c-4711"
    sent = SENT
    kept = browser.post("/records", json=sent)
    assert (kept.status_code, kept.json["received_at"]) == (200, kept.json["at"])
    assert browser.get("/records").json == [kept.json]
    unknown = browser.post("/records", json={**sent, "version": "9.0"})
    assert (unknown.status_code, unknown.text[:34]) == (409, "The shop does not know privacy 9.0")
    assert browser.post("/records", json={**sent, "id": "1"}).status_code == 422
    assert browser.post("/records", json=sent).json == kept.json
    assert browser.post("/records", json={**sent, "action": "declined"}).status_code == 409
    assert shop["policies"].review("privacy", shop["records"].of("c-4711"))["state"] == "up_to_date"


async def awaited(request: Request) -> str | None:
    return known(request)


def known(request: Request) -> str | None:
    return request.headers["customer"] or None


@pytest.mark.parametrize("customer_of", [known, awaited])
def test_the_lines_for_fastapi_keep_answers_of_whoever_is_logged_in(
    lines: Callable[..., dict[str, Any]], customer_of: Callable[[Request], Any], caplog: pytest.LogCaptureFixture
) -> None:
    shop = lines("FastAPI and Starlette", customer_of=customer_of)
    assert sum("There is no policy 'terms'" in each for each in caplog.messages) == 1

    async def ask(method: str, path: str, who: str = "c-4711", **request: Any) -> httpx.Response:
        transport, headers = httpx.ASGITransport(app=shop["app"]), {"customer": who}
        async with httpx.AsyncClient(transport=transport, base_url="https://shop.example", headers=headers) as browser:
            return await browser.request(method, path, **request)

    kept = loops.run(ask("POST", "/records", json=SENT))
    assert (kept.status_code, loops.run(ask("GET", "/records")).json()) == (200, [kept.json()])
    assert loops.run(ask("GET", "/review")).json()["documents"]["privacy"]["state"] == "up_to_date"
    for method, path in (("GET", "/records"), ("GET", "/review"), ("POST", "/records")):
        assert loops.run(ask(method, path, who="", json=SENT)).status_code == 401
