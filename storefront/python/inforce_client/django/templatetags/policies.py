"""``{% load policies %}{% policies_due as due %}``: what to ask this customer now, for a banner of the shop's own.

``{{ each.accept_by|by_the_clock|date:"j F Y H:i T" }}`` writes an instant of the manifest by the shop's clock.
"""

from datetime import datetime
from typing import Any

from django import template
from django.utils.timezone import localtime

from inforce_client import instant
from inforce_client.django.views import due

register = template.Library()


@register.simple_tag(takes_context=True)
def policies_due(context: Any) -> list[dict[str, Any]]:
    """What is due, as ``PolicyClient.details`` tells it."""
    return due(context["request"])


@register.filter
def by_the_clock(written: str) -> datetime:
    """An instant of the manifest, which is UTC, in Django's current time zone."""
    return localtime(instant(written))
