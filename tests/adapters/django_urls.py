"""A shop of three pages, for the Django app's tests."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

EACH = "{% for each in due %}{{ each.document }} {{ each.version }} {% endfor %}"
BANNER = f"{{% load policies %}}{{% policies_due as due %}}{EACH}"


def banner(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(BANNER).render({}, request))


urlpatterns = [
    path("", lambda _: HttpResponse("shop")),
    path("banner", banner),
    path("checkout/", lambda _: HttpResponse("checkout")),
    path("policies/", include("inforce_client.django.urls")),
    path("admin/", admin.site.urls),
]
