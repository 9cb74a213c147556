"""The lines for Flask in the help, as they stand there."""

from __future__ import annotations

import json
import re
import uuid
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from vectors import tables

import inforce_client
from inforce_client.fetching import Limits

MANIFEST = tables.manifest(privacy="1.0 01-01")


def test_ten_lines_of_flask_keep_answers(
    repo_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    page = (repo_root / "docs/help/records.md").read_text(encoding="utf-8")
    found = re.search(r"## Flask\n\n```python\n(.*?)```", page, re.DOTALL)
    assert found

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=httpx.ByteStream(json.dumps(MANIFEST).encode()))

    limits = Limits(transport=httpx.MockTransport(answer))
    client = partial(inforce_client.PolicyClient, limits=limits)
    monkeypatch.setattr(inforce_client, "PolicyClient", client, raising=False)
    monkeypatch.chdir(tmp_path)
    shop: dict[str, Any] = {"__name__": "shop"}
    exec(found[1], shop)
    shop["app"].secret_key = "nobody's"
    assert sum("There is no policy 'terms'" in each for each in caplog.messages) == 1
    browser = shop["app"].test_client()
    with browser.session_transaction() as session:
        session["customer"] = "c-4711"
    sent = {"id": str(uuid.UUID(int=1)), "action": "acknowledged", "document": "privacy", "version": "1.0"}
    try:
        kept = browser.post("/records", json=sent)
        assert (kept.status_code, kept.json["received_at"]) == (200, kept.json["at"])
        assert browser.get("/records").json == [kept.json]
        unknown = browser.post("/records", json={**sent, "version": "9.0"})
        assert (unknown.status_code, unknown.text[:34]) == (409, "The shop does not know privacy 9.0")
        assert browser.post("/records", json={**sent, "id": "1"}).status_code == 422
        assert browser.post("/records", json=sent).json == kept.json
        assert browser.post("/records", json={**sent, "action": "declined"}).status_code == 409
        assert shop["policies"].review("privacy", shop["records"].of("c-4711"))["state"] == "up_to_date"
    finally:
        shop["policies"].stop()
        shop["records"].close()
