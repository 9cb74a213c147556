"""The page that asks, and the addresses that the storefront's script uses; Django's token keeps forged forms out."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import get_script_prefix
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods

from inforce_client import answers
from inforce_client.agreements import ASKED
from inforce_client.answers import AnswerError, receipt
from inforce_client.django import conf
from inforce_client.django.models import Record

log = logging.getLogger("inforce_client")


def due(request: HttpRequest) -> list[dict[str, Any]]:
    """What to ask this customer now, as ``PolicyClient.details`` tells it; nothing of whoever is not logged in.

    What was put off until later is not due, nor what was declined; and nothing is as long as no manifest was ever had.
    Whatever goes wrong here, no customer is held up by it.
    """
    try:
        if not request.user.is_authenticated:
            return []
        policies, records, now = conf.policies(), Record.objects.of(request.user), datetime.now(UTC)
        found = (policies.details(document, records, now) for document in conf.documents())
        return [each for each in found if each and each["state"] in ASKED and not each["snoozed_until"]]
    except Exception:
        log.exception("What a customer has to look at could not be decided; they were let pass")
        return []


@require_GET
@ensure_csrf_cookie
def asked(request: HttpRequest) -> HttpResponse:
    """What this customer is to look at, each with a form that needs no script; nothing to ask leads back."""
    found, back = due(request), _back(request, request.GET.get("next", ""))
    if not found:
        return HttpResponseRedirect(back)
    until = datetime.now(UTC) + timedelta(days=1)
    later = until.isoformat(timespec="seconds").replace("+00:00", "Z")
    asked = [{**each, "id": uuid4()} for each in found]
    return render(request, "inforce_client/asked.html", {"asked": asked, "next": back, "later": later})


@require_GET
def review(request: HttpRequest) -> HttpResponse:
    """What this customer has to look at, as JSON."""
    if not request.user.is_authenticated:
        return _refused(401, "Log in first.")
    return JsonResponse(conf.policies().review_all(conf.documents(), Record.objects.of(request.user)))


@require_http_methods(["GET", "POST"])
def records(request: HttpRequest) -> HttpResponse:
    """This customer's receipts; and where an answer is sent, as JSON or by the form."""
    if not request.user.is_authenticated:
        return _refused(401, "Log in first.")
    if request.method == "GET":
        return JsonResponse([receipt(each) for each in Record.objects.of(request.user)], safe=False)
    is_json = request.content_type == "application/json"
    try:
        kept = _keep(
            request.user, answers.read(request.body) if is_json else {k: v for k, v in request.POST.items() if v}
        )
    except AnswerError as error:
        if not is_json:  # whoever sent a form reads the answer
            return HttpResponse(str(error), status=error.status, content_type="text/plain; charset=utf-8")
        return _refused(error.status, str(error), error.retry_after)
    return JsonResponse(kept) if is_json else HttpResponseRedirect(_back(request, request.POST.get("next", "")))


def _keep(customer: Any, answer: object) -> dict[str, Any]:
    record = conf.policies().record_from(answer, Record.objects.of(customer))
    return answers.confirmed(Record.objects.keep(customer, record), record)


def _refused(status: int, told: str, retry_after: int | None = None) -> HttpResponse:
    answer = JsonResponse({"detail": told}, status=status)
    if retry_after is not None:
        answer["Retry-After"] = str(retry_after)
    return answer


def _back(request: HttpRequest, address: str) -> str:
    """An address of this shop, or its first page: nobody is led elsewhere by a link that somebody made."""
    own = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if own else get_script_prefix()
