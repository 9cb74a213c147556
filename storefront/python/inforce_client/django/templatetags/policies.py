"""``{% load policies %}{% policies_due as due %}``: what to ask this customer now, for a banner of the shop's own."""

from typing import Any

from django import template

from inforce_client.django.views import due

register = template.Library()


@register.simple_tag(takes_context=True)
def policies_due(context: Any) -> list[dict[str, Any]]:
    """What is due, as ``PolicyClient.details`` tells it."""
    return due(context["request"])
