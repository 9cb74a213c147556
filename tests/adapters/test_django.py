"""The Django app: it asks before the check-out, takes answers by form and by script, and never changes a record."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
import httpx
import pytest
from django.conf import settings
from django.core.management import call_command
from lxml import html
from vectors import tables

from inforce_client.fetching import Limits

MANIFEST = tables.manifest(terms="1.0 01-01 requires=accept digest=terms", privacy="1.0 01-01")
ID, OTHER_ID = (str(uuid.UUID(int=each)) for each in (1, 2))

# Where tests of a browser ran before in this process, a loop is left that runs; nothing here is in one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
if not settings.configured:
    settings.configure(
        SECRET_KEY="nobody's",
        INSTALLED_APPS=[
            *("django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"),
            *("django.contrib.messages", "inforce_client.django"),
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "inforce_client.django.middleware.PolicyGate",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        ROOT_URLCONF="adapters.django_urls",
        ALLOWED_HOSTS=["testserver"],
        USE_TZ=True,
    )
    django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core import checks  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_script_prefix  # noqa: E402

from inforce_client.django import conf  # noqa: E402
from inforce_client.django.models import Record  # noqa: E402


@pytest.fixture(scope="module", autouse=True)
def database() -> Iterator[None]:
    call_command("migrate", verbosity=0)
    yield
    connections.close_all()


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What the policies' host publishes; without "manifest" it is down."""
    public: dict[str, Any] = {"manifest": MANIFEST}

    def answer(_: httpx.Request) -> httpx.Response:
        if public["manifest"] is None:
            raise httpx.ConnectError("no route to host")
        return httpx.Response(200, stream=httpx.ByteStream(json.dumps(public["manifest"]).encode()))

    monkeypatch.setattr(conf, "_clients", {})
    told = {
        "MANIFEST": "https://policies.example/policy-manifest.json",
        "DOCUMENTS": ["terms", "privacy"],
        "GATE": ["/checkout/"],
        "LIMITS": Limits(transport=httpx.MockTransport(answer)),
    }
    with override_settings(INFORCE=told):
        yield public
        for client in conf._clients.values():
            client.stop()
    Record.objects.all().delete()
    User.objects.all().delete()


@pytest.fixture
def ada(published: dict[str, Any]) -> Client:
    """A customer who is logged in, in a browser that forges nothing."""
    del published
    conf.policies().poll()
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_user("ada"))
    return client


def forms(page: str) -> list[dict[str, str]]:
    """What each form of a page posts, but for its button."""
    found = html.fromstring(page).xpath("//form[@method='post']")
    return [{field.get("name"): field.get("value") for field in form.xpath(".//input")} for form in found]


def test_a_customer_is_asked_before_the_check_out_and_led_back(ada: Client) -> None:
    assert ada.get("/").content == b"shop"
    asked = ada.get("/checkout/?step=2")
    assert (asked.status_code, asked["Location"]) == (302, "/policies/?next=%2Fcheckout%2F%3Fstep%3D2")
    page = ada.get(asked["Location"]).content.decode()
    terms, privacy = forms(page)
    answer = ada.post("/policies/records", {**terms, "action": "accepted"})
    assert (answer.status_code, answer["Location"]) == (302, "/checkout/?step=2")
    assert ada.get("/checkout/").status_code == 302
    assert ada.post("/policies/records", {**privacy, "action": "dismissed"}).status_code == 302
    assert ada.get("/checkout/").content == b"checkout"
    assert [(each["document"], each["action"]) for each in Record.objects.of(User.objects.get())] == [
        ("terms", "accepted"), ("privacy", "dismissed"),
    ]  # fmt: skip
    assert ada.get("/policies/?next=https://elsewhere.example/")["Location"] == "/"


@pytest.mark.parametrize("aware", [True, False])
@pytest.mark.parametrize(
    ("zone", "words"), [("UTC", "16 May 2099 at 22:59 UTC"), ("Europe/Berlin", "17 May 2099 at 00:59 CEST")]
)
def test_it_says_until_when_an_answer_is_asked_for_by_the_shop_s_clock(
    ada: Client, published: dict[str, Any], zone: str, words: str, aware: bool
) -> None:
    published["manifest"] = tables.manifest(
        terms="1.0 01-01 requires=accept digest=terms; 2.0 02-01 requires=accept accept_by=2099-05-16T22:59:59Z",
        privacy="1.0 01-01; 2.0 02-01 accept_by=2026-03-01T00:00:00Z",  # has passed: nobody can answer by then
    )
    assert not conf.policies().poll().problem
    with override_settings(TIME_ZONE=zone, USE_TZ=aware):
        page = ada.get("/policies/").content.decode()
    assert re.findall("Please answer by ([^<]*)", page) == [f"{words}."]


@pytest.mark.parametrize("gate", ["/checkout/", "/shop/checkout/"])
def test_a_shop_below_a_path_is_gated_by_either_address_and_led_back_into_itself(ada: Client, gate: str) -> None:
    """Django's own addresses in settings lack the path that a server puts before them; a browser's have it."""
    below: dict[str, Any] = {"SCRIPT_NAME": "/shop"}
    with override_settings(INFORCE={**settings.INFORCE, "GATE": [gate]}), override_script_prefix("/shop/"):
        asked = ada.get("/checkout/", **below)
        assert (asked.status_code, asked.headers.get("Location")) == (302, "/shop/policies/?next=%2Fshop%2Fcheckout%2F")
        for form in forms(ada.get("/policies/", **below).content.decode()):
            answer = ada.post("/policies/records", {**form, "action": "dismissed", "next": ""}, **below)
            assert (answer.status_code, answer["Location"]) == (302, "/shop/")
        assert ada.get("/checkout/", **below).content == b"checkout"


def test_who_is_asked_once_more_about_the_same_text_is_told_of_no_change(
    ada: Client, published: dict[str, Any]
) -> None:
    terms = "1.0 01-01 requires=accept digest=terms; 2.0 02-01 requires=accept reconfirm_every=P1D"
    published["manifest"] = tables.manifest(terms=terms, privacy="1.0 01-01")
    policies, user = conf.policies(), User.objects.get()
    assert not policies.poll().problem
    for version, changed in (("1.0", True), ("2.0", False)):
        answer = {"id": str(uuid.uuid4()), "action": "accepted", "document": "terms", "version": version}
        Record.objects.keep(user, policies.record_from(answer, (), datetime(2026, 3, 1, tzinfo=UTC)))
        page = ada.get("/policies/").content.decode()
        assert ("version 2.0" in page, "What is new in 2.0." in page) == (True, changed)


def test_what_is_sent_to_the_check_out_is_never_turned_away(ada: Client) -> None:
    token = {"HTTP_X_CSRFTOKEN": ada.get("/policies/").cookies["csrftoken"].value}
    assert ada.post("/checkout/", {"pay": "1"}, **token).content == b"checkout"


def test_who_is_not_logged_in_is_neither_asked_nor_recorded(published: dict[str, Any]) -> None:
    del published
    guest = Client()
    assert guest.get("/checkout/").content == b"checkout"
    for method, path in (("get", "review"), ("get", "records"), ("post", "records")):
        assert getattr(guest, method)(f"/policies/{path}").status_code == 401


def test_an_outage_of_the_policies_host_holds_nobody_up(published: dict[str, Any]) -> None:
    published["manifest"] = None
    client = Client()
    client.force_login(User.objects.create_user("ada"))
    assert client.get("/checkout/").content == b"checkout"
    assert client.get("/policies/review").json()["state"] == "unknown"


def test_a_database_that_fails_holds_nobody_up(ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("the table is gone")

    monkeypatch.setattr(Record.objects, "of", fail)
    assert ada.get("/checkout/").content == b"checkout"


def test_the_gate_never_stands_before_the_page_that_asks(ada: Client) -> None:
    with override_settings(INFORCE={**settings.INFORCE, "GATE": ["/"]}):
        asked = ada.get("/banner")
        assert asked["Location"] == "/policies/?next=%2Fbanner"
        assert len(forms(ada.get(asked["Location"]).content.decode())) == 2
        assert [ada.get(f"/policies/{each}").status_code for each in ("review", "records")] == [200, 200]


def test_one_text_alone_is_no_list_of_letters(ada: Client) -> None:
    with override_settings(INFORCE={**settings.INFORCE, "DOCUMENTS": "terms", "GATE": "/checkout/"}):
        assert ada.get("/").content == b"shop"
        assert [each["document"] for each in forms(ada.get("/policies/").content.decode())] == ["terms"]


def test_a_gate_before_the_log_in_holds_nobody_up(ada: Client) -> None:
    first = [settings.MIDDLEWARE[-1], *settings.MIDDLEWARE[:-1]]
    with override_settings(MIDDLEWARE=first):
        assert ada.get("/checkout/").content == b"checkout"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, None),
        ({"COPY": "", "GATE": "/checkout/"}, None),
        ({"GATES": ["/checkout/"]}, "GATES, which nothing reads"),
        ({"MANIFEST": None}, "None is not the address of a manifest"),
        ({"MANIFEST": "http://policies.example/"}, "an address without TLS"),
        ({"DOCUMENTS": []}, "'DOCUMENTS'] is empty, so nobody is asked"),
        ({"DOCUMENTS": None}, "'DOCUMENTS'] is empty, so nobody is asked"),
        ({"DOCUMENTS": ["terms", "trems"]}, "has trems, of which nobody is asked"),
        ({"DOCUMENTS": "privacy terms"}, "has privacy terms, of which nobody is asked"),
    ],
)
def test_a_setting_that_leaves_customers_unasked_is_found_by_check(
    published: dict[str, Any], tmp_path: Path, changed: dict[str, Any], words: str | None
) -> None:
    del published
    kept = {"COPY": str(tmp_path / "kept"), "LIMITS": settings.INFORCE["LIMITS"]}
    with override_settings(INFORCE={**settings.INFORCE, **kept}):
        assert conf.client().poll().problem == ""
        with override_settings(INFORCE={**settings.INFORCE, **changed}):
            found = checks.run_checks()
    assert [words in str(each) if words else each for each in found] == ([True] if words else [])
    assert not conf._clients, "a check polls nothing"


def test_addresses_that_are_left_out_are_found_by_check(published: dict[str, Any]) -> None:
    del published
    with override_settings(ROOT_URLCONF="adapters.django_urls_without"):
        assert ["are not among the shop's" in str(each) for each in checks.run_checks()] == [True]


def test_a_policy_that_the_manifest_lacks_is_told_at_the_first_manifest(
    ada: Client, caplog: pytest.LogCaptureFixture
) -> None:
    conf._clients.popitem()[1].stop()
    with override_settings(INFORCE={**settings.INFORCE, "DOCUMENTS": ["terms", "trems"]}):
        conf.policies().poll()
        told = [each for each in caplog.messages if "trems" in each]
        assert len(told) == 1
        assert ada.get("/checkout/").status_code == 302
        assert [each for each in caplog.messages if "trems" in each] == told


def test_a_forged_answer_is_refused(ada: Client) -> None:
    record = {"id": ID, "action": "accepted", "document": "terms", "version": "1.0"}
    assert ada.post("/policies/records", record, "application/json").status_code == 403
    token = ada.get("/policies/").cookies["csrftoken"].value
    kept = ada.post("/policies/records", record, "application/json", HTTP_X_CSRFTOKEN=token)
    assert (kept.status_code, kept.json()["action"]) == (200, "accepted")
    assert ada.get("/policies/records").json() == [kept.json()]
    for wrong, status in (({"id": "1"}, 422), ({"id": OTHER_ID, "version": "9.0"}, 409), ({"action": "declined"}, 409)):
        answer = ada.post("/policies/records", record | wrong, "application/json", HTTP_X_CSRFTOKEN=token)
        assert answer.status_code == status
        assert answer.json()["detail"]
    broken = ada.post("/policies/records", "{", "application/json", HTTP_X_CSRFTOKEN=token)
    assert broken.status_code == 422
    assert Record.objects.count() == 1


def test_a_form_that_is_refused_says_so_in_words(ada: Client) -> None:
    terms, _ = forms(ada.get("/policies/").content.decode())
    answer = ada.post("/policies/records", {**terms, "version": "9.0", "action": "accepted"})
    assert (answer.status_code, answer["Content-Type"]) == (409, "text/plain; charset=utf-8")
    assert answer.content.decode().startswith("The shop does not know terms 9.0.")


def test_a_record_is_kept_once_and_never_changed(ada: Client) -> None:
    record = conf.policies().record_from({"id": ID, "action": "accepted", "document": "terms", "version": "1.0"})
    customer, bob = User.objects.get(), User.objects.create_user("bob")
    assert Record.objects.keep(customer, record) == record
    assert Record.objects.keep(customer, {**record, "surface": "x"}) == record
    assert Record.objects.keep(bob, record) is None
    with pytest.raises(ValueError, match="never changed"):
        Record.objects.get().save()
    del ada


def test_erasure_leaves_what_is_kept_as_proof_and_nobody_s_name(ada: Client) -> None:
    del ada
    customer, say = User.objects.get(), conf.policies().record_from
    for place, action in enumerate(("accepted", "dismissed", "declined")):
        answer = {"id": str(uuid.UUID(int=place)), "action": action, "document": "terms", "version": "1.0"}
        Record.objects.keep(customer, say(answer))
    Record.objects.erase(customer, proof="case 4711")
    assert [(each.customer, each.proof, each.action) for each in Record.objects.order_by("pk")] == [
        (None, "case 4711", "accepted"), (None, "case 4711", "declined"),
    ]  # fmt: skip
    customer.delete()
    assert Record.objects.count() == 2


def test_a_customer_who_is_deleted_takes_their_records_along(ada: Client) -> None:
    record = conf.policies().record_from({"id": ID, "action": "accepted", "document": "terms", "version": "1.0"})
    Record.objects.keep(User.objects.get(), record)
    User.objects.get().delete()
    assert Record.objects.count() == 0
    del ada


def test_the_admin_shows_records_and_changes_none(ada: Client) -> None:
    record = conf.policies().record_from({"id": ID, "action": "accepted", "document": "terms", "version": "1.0"})
    Record.objects.keep(User.objects.get(), record)
    staff = Client()
    staff.force_login(User.objects.create_superuser("root"))
    page = staff.get("/admin/inforce/record/?document=terms&action=accepted&q=ada")
    assert "1 record" in page.content.decode()
    assert "0 records" in staff.get("/admin/inforce/record/?action=declined").content.decode()
    assert staff.get("/admin/inforce/record/add/").status_code == 403
    change = f"/admin/inforce/record/{Record.objects.get().pk}/change/"
    assert staff.get(change).status_code == 200
    assert staff.post(change, {"action": "declined"}).status_code == 403
    assert staff.post(change.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert Record.objects.get().action == "accepted"
    del ada


def test_a_template_has_what_is_due(ada: Client) -> None:
    assert ada.get("/banner").content.decode().split() == ["terms", "1.0", "privacy", "1.0"]


def test_the_report(ada: Client) -> None:
    say = conf.policies().record_from
    Record.objects.keep(
        User.objects.get(), say({"id": ID, "action": "accepted", "document": "terms", "version": "1.0"})
    )
    out = io.StringIO()
    call_command("policy_report", stdout=out)
    [head, row] = csv.reader(io.StringIO(out.getvalue()))
    assert dict(zip(head, row, strict=True)) == {
        "document": "terms", "version": "1.0", "language": "en", "agreed": "1", "told": "0", "declined": "0",
        "dismissed": "0", "outstanding": "0",
    }  # fmt: skip
    out = io.StringIO()
    call_command("policy_report", "--format", "json", stdout=out)
    assert json.loads(out.getvalue())["customers"] == 1
    del ada


def test_a_page_behind_the_gate_costs_one_question_of_the_database(ada: Client) -> None:
    from django.db import connection

    for document in ("terms", "privacy"):
        answer = {"id": str(uuid.uuid4()), "action": "accepted", "document": document, "version": "1.0"}
        Record.objects.keep(User.objects.get(), conf.policies().record_from(answer))
    ada.get("/")
    with CaptureQueriesContext(connection) as asked:
        assert ada.get("/checkout/").content == b"checkout"
    assert len([each for each in asked if "inforce_record" in each["sql"]]) == 1


def test_the_migration_is_the_model(tmp_path: Path) -> None:
    del tmp_path
    call_command("makemigrations", "inforce", check=True, dry_run=True, verbosity=0)
