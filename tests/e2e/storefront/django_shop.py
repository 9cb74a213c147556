"""A shop on Django that keeps records behind its guard against forged requests. Run as a program: FOLDER HEADER.

FOLDER has the storefront's modules, HEADER is where the guard looks for its token: Django's own, or the one of Rails.
"""

import json
import sys
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.urls import path

FOLDER, HEADER = Path(sys.argv[1]), sys.argv[2]
RECORDS: dict[str, object] = {}


def page(request: HttpRequest) -> HttpResponse:
    """The token stands in the page, where its script finds it."""
    token = get_token(request)
    return HttpResponse(f'<!doctype html><title>Shop</title><meta name="csrf-token" content="{token}"><h1>Shop</h1>')


def records(request: HttpRequest) -> HttpResponse:
    """Each once, as they came."""
    if request.method == "POST":
        made = json.loads(request.body)
        return JsonResponse(RECORDS.setdefault(made["id"], made))
    return JsonResponse([*RECORDS.values()], safe=False)


def module(_: HttpRequest, name: str) -> HttpResponseBase:
    """One of the storefront's files."""
    return FileResponse((FOLDER / name).open("rb"), content_type="text/javascript")


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_message(self, *_: object) -> None:
        pass


urlpatterns = [path("", page), path("records", records), path("storefront/<path:name>", module)]

if __name__ == "__main__":
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="for the test alone",
        MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
        CSRF_HEADER_NAME=f"HTTP_{HEADER.upper().replace('-', '_')}",
        LOGGING_CONFIG=None,
    )
    django.setup()
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
    print(server.server_port, flush=True)
    server.serve_forever()
