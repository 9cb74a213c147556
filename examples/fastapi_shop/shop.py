"""A shop's server that asks each customer to review what changed, and records what they do about it.

From a customer it takes only what the customer alone can know: the record's id, the action, which version of which
policy, when by their own clock, how long "Later" is, and where they were asked. Everything else in a record comes from
the shop's own copy of the manifest and its own clock. A record is evidence: it is never changed, and nobody writes over
another's.

README.md says how to run it and what it leaves to your framework: the login, and a token against forged forms.
"""

import json
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse
from jinja2 import Environment
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError

from inforce_client import AsyncPolicyClient, FileStore, instant

DOCUMENTS = ("privacy",)
"""The policies that this shop's customers are asked about."""
TABLE = """
CREATE TABLE IF NOT EXISTS records (
  id TEXT PRIMARY KEY,
  customer TEXT NOT NULL,
  record TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS records_of_customer ON records (customer);
"""
OF_CUSTOMER = "SELECT record FROM records WHERE customer = ? ORDER BY rowid"
LATELY = 2 * 3600
"""Seconds for which a manifest counts as fresh. It is asked for every five minutes, and every hour while that fails."""
ANSWERS = {
    "accept": {"accepted": "Accept", "declined": "Do not accept"},
    "acknowledge": {"acknowledged": "I have read this", "dismissed": "Later"},
    "inform": {"dismissed": "Close"},
}
PAGE = Environment(autoescape=True).from_string(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))
FORM = "application/x-www-form-urlencoded"


def plain(text: str) -> str:
    """Words that any log, page or receipt can show."""
    if not text.strip() or not text.isprintable():
        raise ValueError("write plain words")
    return text


def moment(written: object) -> datetime:
    """An instant as the review decision reads it: what it would not count must not get into a record."""
    if not isinstance(written, str):
        raise ValueError("write an instant as text")
    return instant(written)


Moment = Annotated[datetime, BeforeValidator(moment)]


class Sent(BaseModel):
    """What a customer's browser sends, from the script or from the form. Other fields are not looked at.

    ``at`` and ``sent_at`` are by the device's clock, and stay as they are: from ``sent_at``, and from when the record
    came, it can be told what that clock is off by. A form has none, and sends neither. ``digest`` is never stored: it
    tells whether the page showed the text that the shop knows under that number.
    """

    id: UUID
    action: Literal["accepted", "acknowledged", "declined", "dismissed"]
    document: str = Field(max_length=100)
    version: str = Field(max_length=20)
    digest: str | None = None
    at: Moment | None = None
    sent_at: Moment | None = None
    until: Moment | None = None
    surface: Annotated[str, Field(max_length=100), AfterValidator(plain)] | None = None


class Records:
    """Every customer's records, in SQLite. A connection for each call: requests are answered by many threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with closing(self._connect()) as connection, connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(TABLE)

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=10)

    def of(self, customer: str) -> list[dict[str, Any]]:
        """All records of a customer, in the order in which they came."""
        with closing(self._connect()) as connection:
            return [json.loads(record) for (record,) in connection.execute(OF_CUSTOMER, (customer,))]

    def keep(self, customer: str, record: Mapping[str, Any]) -> dict[str, Any] | None:
        """The record kept under its id: this one, or the one that came before. None where that is another's."""
        row = (record["id"], customer, json.dumps(record))
        with closing(self._connect()) as connection, connection:
            connection.execute("INSERT INTO records VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING", row)
            found = connection.execute("SELECT customer, record FROM records WHERE id = ?", row[:1]).fetchone()
        kept: dict[str, Any] = json.loads(found[1])
        return kept if found[0] == customer else None


def written(moment: datetime) -> str:
    """An instant as a record has it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def after(records: Iterable[Mapping[str, Any]], now: datetime) -> datetime:
    """Now, or, where the clock was set back, just after the last of ``records`` came: none is received before it."""
    last = max((instant(record["received_at"]) for record in records), default=now - timedelta(days=1))
    return max(now, last + timedelta(milliseconds=1))


def record_of(sent: Sent, manifest: Mapping[str, Any] | None, base: str | None, received: datetime) -> dict[str, Any]:
    """The record to keep. Raises HTTPException where the manifest does not have what was sent."""
    if manifest is None:
        raise HTTPException(503, "The shop has no manifest yet. Try again in a minute.", {"Retry-After": "60"})
    versions = manifest["documents"].get(sent.document, {}).get("versions", [])
    row = next((row for row in versions if row["version"] == sent.version), None)
    if row is None:
        told = f"The shop does not know {sent.document} {sent.version}. If it is new, try again in five minutes."
        raise HTTPException(409, told, {"Retry-After": "300"})
    texts = {row["digest"]: row["language"]}
    texts |= {text["digest"]: language for language, text in row.get("translations", {}).items()}
    digest = sent.digest or row["digest"]
    if digest not in texts:
        told = f"The page showed another text of {sent.document} {sent.version} than the shop knows. Load it again."
        raise HTTPException(409, told)
    return {
        "id": str(sent.id),
        "action": sent.action,
        "document": sent.document,
        "version": row["version"],
        "sequence": row["sequence"],
        "language": texts[digest],
        "digest": digest,
        "base": base,
        "manifest_serial": manifest["serial"],
        "head": manifest["documents"][sent.document].get("head"),
        "at": written(sent.at or received),
        "sent_at": written(sent.sent_at) if sent.sent_at else None,
        "received_at": written(received),
        "until": written(sent.until) if sent.until and sent.action == "dismissed" else None,
        "surface": sent.surface,
    }


def customer_of(request: Request) -> str:
    """Who is asking. A shop reads its own session here: this cookie can be written by anybody."""
    if customer := request.cookies.get("customer"):
        return customer
    raise HTTPException(401, "Log in first.")


async def sent_by(request: Request) -> Sent:
    """What was posted, as JSON or by the form; empty fields of a form count as absent."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise HTTPException(403, "This was sent from another site.")
    try:
        if _is_form(request):
            return Sent.model_validate({key: value for key, value in (await request.form()).items() if value})
        if request.headers.get("content-type", "").partition(";")[0].strip() == "application/json":
            return Sent.model_validate_json(await request.body())
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc'])) or 'body'}: {each['msg']}" for each in error.errors())
        raise HTTPException(422, f"This is no record. {wrong}.") from None
    raise HTTPException(415, f"Send application/json or {FORM}.")


def _is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip() == FORM


def make_app(policies: AsyncPolicyClient, records: Records, clock: Callable[[], datetime]) -> FastAPI:
    """The shop, deciding by ``policies`` at the instants that ``clock`` gives."""

    @asynccontextmanager
    async def polling(_: FastAPI) -> AsyncIterator[None]:
        async with policies:
            yield

    app = FastAPI(lifespan=polling)
    customer = Annotated[str, Depends(customer_of)]

    @app.get("/review")
    def review(who: customer) -> dict[str, Any]:
        """What this customer has to look at, as the storefront's script understands it."""
        return policies.review_all(DOCUMENTS, records.of(who), clock())

    @app.get("/healthz")
    def health() -> Response:
        """Whether the manifest that decides was confirmed lately: an old one still decides, so this calls somebody."""
        found = policies.health
        well = found.age is not None and found.age < LATELY
        return JSONResponse({"age": found.age, "error": found.error}, 200 if well else 503)

    @app.get("/records")
    def export(who: customer) -> list[dict[str, Any]]:
        """This customer's receipts: `inforce verify --receipt` reads them."""
        return records.of(who)

    @app.post("/records")
    def keep(request: Request, who: customer, sent: Annotated[Sent, Depends(sent_by)]) -> Response:
        """Record what the customer does. Sent again with the same id it is still one record."""
        own, now = records.of(who), clock()
        base = policies.review(sent.document, own, now)["base"]
        kept = records.keep(who, record_of(sent, policies.manifest, base, after(own, now)))
        if kept is None or any(kept[key] != getattr(sent, key) for key in ("action", "document", "version")):
            raise HTTPException(409, "This id is taken by another record. Make a new one.")
        return RedirectResponse("/", 303) if _is_form(request) else JSONResponse(kept)

    @app.get("/")
    def page(who: customer) -> HTMLResponse:
        """The same without JavaScript."""
        now, manifest = clock(), policies.manifest or {}
        found = policies.review_all(DOCUMENTS, records.of(who), now)["documents"].values()
        forms = [form(manifest, policies.address, asked, now) for asked in found if asked["version"]]
        return HTMLResponse(PAGE.render(forms=forms))

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        if _is_form(request):
            return PlainTextResponse(error.detail, error.status_code, error.headers)
        return JSONResponse({"detail": error.detail}, error.status_code, error.headers)

    return app


Address = Callable[[str | None], str | None]
"""An address of the manifest made absolute, or None: a page must not link to what would run in it."""


def form(manifest: Mapping[str, Any], address: Address, asked: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What a form shows and posts: the record of one version, with a new id each time that it is shown."""
    document = manifest["documents"][asked["document"]]
    row = next(row for row in document["versions"] if row["version"] == asked["version"])
    begins = instant(row["effective_at"])
    return {
        "title": f"{document['title']}, version {row['version']}",
        "when": f"{'Takes effect on' if begins > now else 'In force since'} {begins:%-d %B %Y, %H:%M} UTC.",
        "summary": row["summary"] if asked["base"] else "",  # it tells of a change
        "text": address(row["url"]),
        "redlines": [found for each in asked["redline"] or () if (found := address(each))],
        "answers": ANSWERS[asked["requires"]],
        "fields": {
            "id": uuid4(),
            "document": asked["document"],
            "version": row["version"],
            "digest": row["digest"],
            "until": written(now + timedelta(days=7)),
            "surface": "policies page",
        },
    }


def from_environment() -> FastAPI:
    """The shop that ``uvicorn --factory shop:from_environment`` runs."""
    folder = Path(os.environ.get("SHOP_DATA", "."))
    policies = AsyncPolicyClient(os.environ["MANIFEST_URL"], FileStore(folder / "manifest.cache"))
    return make_app(policies, Records(folder / "shop.sqlite"), lambda: datetime.now(UTC))
