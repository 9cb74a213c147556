"""Routes for Starlette and FastAPI: what a customer has to look at, their records, and how well the manifest is known.

``routes`` gives them; who the customer is stays the shop's to say. It needs the extra ``inforce-client[starlette]``.
Rules for records are told in ``answers``, where they are kept in ``store``.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from inspect import isawaitable
from typing import Any, Protocol
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from inforce_client import answers
from inforce_client.answers import AnswerError, receipt
from inforce_client.policies import Policies

Json = dict[str, Any]
CustomerOf = Callable[[Request], str | Awaitable[str | None] | None]
Answering = Callable[[Request], Awaitable[Response]]

LATELY = 2 * 3600
"""Seconds for which a manifest counts as fresh. It is asked for every five minutes, and every hour while that fails."""
_FORM, _LARGEST = "application/x-www-form-urlencoded", 16_384


class Records(Protocol):
    """Where records are kept, such as ``inforce_client.store.SqlRecords``."""

    def of(self, customer: str) -> list[Json]:
        """All records of a customer."""

    def add(self, customer: str, record: Mapping[str, Any]) -> Json | None:
        """The record kept under its id; None where that is another customer's."""


def routes(
    policies: Policies,
    records: Records,
    customer_of: CustomerOf,
    documents: Sequence[str],
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    back: str = "/",
) -> list[BaseRoute]:
    """``GET /review``, ``GET`` and ``POST /records``, ``GET /healthz``, for a shop to mount where it likes.

    ``customer_of`` reads the shop's session, and may be a coroutine: who is asking, or None for nobody, which is
    answered with 401.
    ``documents`` are asked about; the log says if the manifest lacks one. A form is led ``back`` once its answer is
    kept.
    """
    policies.expect(documents)
    shop = _Routes(policies, records, customer_of, documents, clock, back)
    return [
        Route("/review", shop.answering(shop.review), methods=["GET"]),
        Route("/records", shop.answering(shop.export), methods=["GET"]),
        Route("/records", shop.answering(shop.keep), methods=["POST"]),
        Route("/healthz", shop.healthz, methods=["GET"]),
    ]


@dataclass(frozen=True)
class _Routes:
    policies: Policies
    records: Records
    customer_of: CustomerOf
    documents: Sequence[str]
    clock: Callable[[], datetime]
    back: str

    def answering(self, work: Callable[[Request, str], Awaitable[Response]]) -> Answering:
        """``work`` for whoever is logged in; what is refused is said in the words of who asked."""

        async def answer(request: Request) -> Response:
            try:
                found = self.customer_of(request)
                if customer := (await found if isawaitable(found) else found):
                    return await work(request, customer)
                raise HTTPException(401, "Log in first.")
            except AnswerError as error:
                wait = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
                return _refused(request, error.status, str(error), wait)
            except HTTPException as error:
                return _refused(request, error.status_code, error.detail, error.headers)

        return answer

    async def review(self, _: Request, customer: str) -> Response:
        """What this customer has to look at, as the storefront's script understands it."""
        own = await run_in_threadpool(self.records.of, customer)
        return JSONResponse(self.policies.review_all(self.documents, own, self.clock()))

    async def export(self, _: Request, customer: str) -> Response:
        """This customer's receipts: `inforce verify --receipt` reads them."""
        return JSONResponse([receipt(record) for record in await run_in_threadpool(self.records.of, customer)])

    async def keep(self, request: Request, customer: str) -> Response:
        """Record what the customer does. Sent again with the same id it is still one record."""
        answer = await _sent(request)
        kept = await run_in_threadpool(self._kept, customer, answer)
        return RedirectResponse(self.back, 303) if _is_form(request) else JSONResponse(kept)

    def _kept(self, customer: str, answer: object) -> Json:
        record = self.policies.record_from(answer, self.records.of(customer), self.clock())
        return answers.confirmed(self.records.add(customer, record), record)

    async def healthz(self, _: Request) -> Response:
        """Whether the manifest that decides was confirmed lately: an old one still decides, so this calls somebody."""
        found = self.policies.health
        well = found.age is not None and found.age < LATELY
        return JSONResponse({"age": found.age, "error": found.error}, 200 if well else 503)


async def _sent(request: Request) -> object:
    """What was posted, as JSON or by the form, from this site; empty fields of a form count as absent."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise HTTPException(403, "This was sent from another site.")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST:
            raise HTTPException(413, "This is longer than any answer.")
    if _is_form(request):
        return dict(parse_qsl(bytes(body).decode("utf-8", "replace")))
    if _kind(request) != "application/json":
        raise HTTPException(415, f"Send application/json or {_FORM}.")
    return answers.read(bytes(body))


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip()


def _is_form(request: Request) -> bool:
    return _kind(request) == _FORM


def _refused(request: Request, status: int, told: str, headers: Mapping[str, str] | None) -> Response:
    if _is_form(request):
        return PlainTextResponse(told, status, headers)
    return JSONResponse({"detail": told}, status, headers)
