"""A shop on django-oscar with the policies' app: a customer registers, orders, is asked, and orders again.

    python oscar_visit.py FOLDER

It is a process of its own, since a process has one Django. django-oscar's wheel has no sandbox: this is the least shop
that its documentation describes. What it prints is told at each step; an assertion that fails ends it.
"""

from __future__ import annotations

import http.server
import json
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any

import django
import oscar
import oscar.defaults
from django.conf import settings
from lxml import html

FOLDER = Path(sys.argv[1])
SITE = FOLDER / "site"
ADDRESS = {
    "first_name": "Ada", "last_name": "Lovelace", "line1": "12 St James's Square", "line4": "London",
    "postcode": "SW1Y 4JH", "country": "GB",
}  # fmt: skip


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Gives the whole file each time: by its date of a whole second, one that was just written anew is the same."""

    def send_head(self) -> Any:
        del self.headers["If-Modified-Since"]
        return super().send_head()

    def log_message(self, *_: object) -> None:
        pass


def configure(manifest: str) -> None:
    """Django's settings, as oscar's documentation says, and the policies' app."""
    context = [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
        "oscar.apps.search.context_processors.search_form",
        "oscar.apps.checkout.context_processors.checkout",
        "oscar.apps.communication.notifications.context_processors.notifications",
        "oscar.core.context_processors.metadata",
    ]
    engine = "django.template.backends.django.DjangoTemplates"
    labels = ("address", "analytics", "basket", "catalogue", "communication", "customer", "offer", "order", "partner")
    more = ("payment", "reviews", "shipping", "voucher", "wishlists")
    settings.configure(
        **{name: value for name, value in vars(oscar.defaults).items() if name.isupper()},
        SECRET_KEY="nobody's",
        SITE_ID=1,
        INSTALLED_APPS=[*oscar.INSTALLED_APPS, "inforce_client.django"],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "oscar.apps.basket.middleware.BasketMiddleware",
            "inforce_client.django.middleware.PolicyGate",
        ],
        AUTHENTICATION_BACKENDS=("oscar.apps.customer.auth_backends.EmailBackend",),
        TEMPLATES=[{"BACKEND": engine, "APP_DIRS": True, "OPTIONS": {"context_processors": context}}],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        HAYSTACK_CONNECTIONS={"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}},
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        MIGRATION_MODULES=dict.fromkeys(
            (*labels, *more)
        ),  # tables at once: it is not oscar's migrations that are tried
        ROOT_URLCONF="adapters.oscar_urls",
        ALLOWED_HOSTS=["testserver"],
        STATIC_URL="/static/",
        MEDIA_ROOT=FOLDER / "media",
        USE_TZ=True,
        INFORCE={
            "MANIFEST": manifest,
            "DOCUMENTS": ["terms"],
            "COPY": FOLDER / "manifest.kept",
            "GATE": ["/checkout/"],
        },
    )
    django.setup()


def publish(told: str) -> None:
    """The terms, as the policies' host has them."""
    from vectors import tables

    SITE.mkdir(exist_ok=True)
    (SITE / "policy-manifest.json").write_text(json.dumps(tables.manifest(terms=told)))


class Customer:
    """Somebody with a browser."""

    def __init__(self) -> None:
        from django.test import Client

        self.client = Client()

    def registers(self, mail: str) -> None:
        form = {"email": mail, "password1": "correct horse 4711", "password2": "correct horse 4711"}
        posted = {f"registration-{name}": value for name, value in form.items()} | {"registration_submit": "Register"}
        answer = self.client.post("/accounts/login/", posted)
        assert answer.status_code == 302, answer.content.decode()

    def is_asked(self) -> dict[str, str] | None:
        """What the form posts that stands before the check-out; None where nothing does."""
        answer = self.client.get("/checkout/")
        if not answer["Location"].startswith("/policies/"):
            return None
        page = self.client.get(answer["Location"]).content.decode()
        [form] = html.fromstring(page).xpath("//form[@method='post']")
        return {each.get("name"): each.get("value") for each in form.xpath(".//input")}

    def answers(self, form: dict[str, str], action: str) -> None:
        answer = self.client.post("/policies/records", {**form, "action": action})
        assert (answer.status_code, answer["Location"]) == (302, "/checkout/")

    def orders(self, product: Any) -> int:
        """Put it into the basket and go through the check-out; the number of orders that there are then."""
        from oscar.core.loading import get_model

        self.client.post(f"/basket/add/{product.pk}/", {"quantity": 1})
        self.client.get("/checkout/", follow=True)
        self.client.post("/checkout/shipping-address/", ADDRESS, follow=True)
        self.client.get("/checkout/payment-details/", follow=True)
        done = self.client.post("/checkout/preview/", {"action": "place_order"}, follow=True)
        assert done.redirect_chain, html.fromstring(done.content).text_content()
        return int(get_model("order", "Order").objects.count())


def visit(stop: Any) -> None:
    """What happens."""
    from django.core.management import call_command
    from oscar.core.loading import get_model
    from oscar.test.factories import create_product

    from inforce_client.django import conf
    from inforce_client.django.models import Record

    call_command("migrate", run_syncdb=True, verbosity=0)
    get_model("address", "Country").objects.create(
        iso_3166_1_a2="GB", printable_name="United Kingdom", is_shipping_country=True
    )
    book, ada = create_product(price=10, num_in_stock=10), Customer()
    conf.policies().poll()
    ada.registers("ada@shop.example")
    ada.client.post(f"/basket/add/{book.pk}/", {"quantity": 1})
    form = ada.is_asked()
    assert form
    assert form["version"] == "1.0"
    ada.answers(form, "accepted")
    assert ada.is_asked() is None
    assert ada.orders(book) == 1
    print("ordered", flush=True)

    publish("1.0 01-01 requires=accept; 2.0 02-01 announced=01-01 requires=accept accept_by=12-31")
    assert conf.policies().poll().outcome == "new"
    form = ada.is_asked()
    assert form
    assert form["version"] == "2.0"
    ada.answers(form, "accepted")
    assert ada.orders(book) == 2
    assert [(each["version"], each["base"]) for _, each in Record.objects.all_by_customer()] == [
        ("1.0", None), ("2.0", "1.0"),
    ]  # fmt: skip
    print("asked after a material version, and ordered again", flush=True)

    publish("1.0 01-01; 2.0 02-01 announced=01-01; 3.0 03-01")  # rewritten: the last good copy stays
    assert conf.policies().poll().code == "rewritten"
    stop()
    conf.policies().poll()
    assert conf.policies().health.error
    assert ada.orders(book) == 3
    bob = Customer()
    bob.registers("bob@shop.example")
    bob.client.post(f"/basket/add/{book.pk}/", {"quantity": 1})
    assert bob.is_asked()  # by the copy at hand
    conf._clients.clear()
    settings.INFORCE |= {"COPY": FOLDER / "another"}  # a new machine that never saw a manifest
    assert bob.is_asked() is None
    assert bob.orders(book) == 4
    print("ordered while the policies' host was down", flush=True)


def main() -> None:
    """Serve the policies, and visit the shop."""
    publish("1.0 01-01 requires=accept")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    configure(f"http://127.0.0.1:{server.server_port}/policy-manifest.json")

    def stop() -> None:
        server.shutdown()
        server.server_close()

    visit(stop)


if __name__ == "__main__":
    main()
