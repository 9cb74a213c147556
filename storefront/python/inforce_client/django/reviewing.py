"""What a request's customer has to look at. Whatever goes wrong here, no customer is held up by it."""

import logging
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

from inforce_client.agreements import ASKED
from inforce_client.django import conf
from inforce_client.django.models import Record

log = logging.getLogger("inforce_client")


def due(request: HttpRequest) -> list[dict[str, Any]]:
    """What to ask this customer now, as ``PolicyClient.details`` tells it; nothing of whoever is not logged in.

    What was put off until later is not due, nor what was declined; and nothing is as long as no manifest was ever had.
    """
    if not request.user.is_authenticated:
        return []
    try:
        policies, records, now = conf.policies(), Record.objects.of(request.user), datetime.now(UTC)
        found = (policies.details(document, records, now) for document in conf.documents())
        return [each for each in found if each and each["state"] in ASKED and not each["snoozed_until"]]
    except Exception:
        log.exception("What a customer has to look at could not be decided; they were let pass")
        return []
