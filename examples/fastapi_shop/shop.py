"""A shop's server that asks each customer to review what changed, and records what they do about it.

What a record is made of, where records are kept and what is answered to a browser comes from ``inforce_client``. The
shop says who is asking, which policies it asks about, and shows a page that needs no JavaScript.

README.md says how to run it and what it leaves to your framework: the login, and a token against forged forms.
"""

import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from inforce_client import AsyncPolicyClient, FileStore, instant
from inforce_client.starlette import routes
from inforce_client.store import SqlRecords

DOCUMENTS = ("privacy",)
"""The policies that this shop's customers are asked about."""
ANSWERS = {
    "accept": {"accepted": "Accept", "declined": "Do not accept"},
    "acknowledge": {"acknowledged": "I have read this", "dismissed": "Later"},
    "inform": {"dismissed": "Close"},
}
PAGE = Environment(autoescape=True).from_string(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))


def customer_of(request: Request) -> str | None:
    """Who is asking. A shop reads its own session here: this cookie can be written by anybody."""
    return request.cookies.get("customer")


def make_app(policies: AsyncPolicyClient, records: SqlRecords, clock: Callable[[], datetime]) -> FastAPI:
    """The shop, deciding by ``policies`` at the instants that ``clock`` gives."""

    @asynccontextmanager
    async def polling(_: FastAPI) -> AsyncIterator[None]:
        async with policies:
            yield

    app = FastAPI(lifespan=polling, routes=routes(policies, records, customer_of, DOCUMENTS, clock))

    @app.get("/")
    def page(request: Request) -> HTMLResponse:
        """What there is to review, without JavaScript."""
        if not (customer := customer_of(request)):
            raise HTTPException(401, "Log in first.")
        now, own = clock(), records.of(customer)
        shown = (policies.details(document, own, now) for document in DOCUMENTS)
        return HTMLResponse(PAGE.render(forms=[form(each, now) for each in shown if each]))

    return app


def form(shown: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What a form shows and posts: the record of one version, with a new id each time that it is shown."""
    row = shown["row"]
    begins = instant(row["effective_at"])
    return {
        "title": f"{shown['policy']['title']}, version {row['version']}",
        "when": f"{'Takes effect on' if begins > now else 'In force since'} {begins:%-d %B %Y, %H:%M} UTC.",
        "summary": row["summary"] if shown["base"] not in (None, row["version"]) else "",  # it tells of a change
        "text": shown["url"],
        "redlines": shown["redline"],
        "answers": ANSWERS[shown["requires"]],
        "fields": {
            "id": uuid4(),
            "document": shown["document"],
            "version": row["version"],
            "digest": row["digest"],
            "until": (now + timedelta(days=7)).astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "surface": "policies page",
        },
    }


def from_environment() -> FastAPI:
    """The shop that ``uvicorn --factory shop:from_environment`` runs."""
    folder = Path(os.environ.get("SHOP_DATA", "."))
    policies = AsyncPolicyClient(os.environ["MANIFEST_URL"], FileStore(folder / "manifest.cache"))
    database = os.environ.get("SHOP_DATABASE", f"sqlite:///{folder / 'shop.sqlite'}")
    return make_app(policies, SqlRecords(database), lambda: datetime.now(UTC))
