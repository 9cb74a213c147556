"""A gate: where a customer is to look at a policy first, the pages of ``INFORCE["GATE"]`` lead there, and then back."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from inforce_client.django import conf
from inforce_client.django.views import due


class PolicyGate:
    """Django's middleware; it stands behind ``AuthenticationMiddleware``.

    An address of ``GATE`` may have the path before it below which the shop stands, or not, as Django's own settings.
    Only a page that is asked for is turned away, never what is sent: nobody loses a form that they filled in. Whoever
    answers, "no" and "later" too, goes on; what follows from a "no" is the shop's to say.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Lead to the page that asks, or let pass."""
        if request.method == "GET" and _is_gated(request):
            asked = reverse("inforce:asked")
            if not request.path.startswith(asked) and due(request):  # or who is led there would be led there again
                return HttpResponseRedirect(f"{asked}?{urlencode({'next': request.get_full_path()})}")
        return self.get_response(request)


def _is_gated(request: HttpRequest) -> bool:
    gated = conf.texts("GATE")
    return request.path.startswith(gated) or request.path_info.startswith(gated)
