"""The example of a shop's server: it trusts a customer with little, and keeps each record once."""

from __future__ import annotations

import importlib.util
import json
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from lxml import html

import loops
from core import builders
from inforce import project as sources
from inforce.check import receipts
from inforce.publish import manifest
from inforce_client import review
from inforce_client.client import AsyncPolicyClient, Polled
from inforce_client.fetching import Limits
from inforce_client.starlette import routes
from inforce_client.store import SqlRecords

ID, OTHER_ID = "6f1b9a52-0c5e-4b0b-9f0e-2f7a3c1d8e90", "00000000-0000-4000-8000-000000000000"
POLICIES = sources.read(builders.shipped()).policies
MANIFEST = manifest.build(POLICIES, "https://policies.example/")
ROWS = {row["version"]: row for row in MANIFEST["documents"]["privacy"]["versions"]}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="session")
def shop(repo_root: Path) -> ModuleType:
    path = repo_root / "examples" / "fastapi_shop" / "shop.py"
    spec = importlib.util.spec_from_file_location("example_shop", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass
class Till:
    """The shop, a customer at it, and a clock that the test sets."""

    shop: ModuleType
    folder: Path
    published: dict[str, Any] | None = field(default_factory=lambda: MANIFEST)
    now: datetime = datetime(2026, 2, 20, 12, 0, 0, 123456, tzinfo=UTC)

    def __post_init__(self) -> None:
        def answer(_: httpx.Request) -> httpx.Response:
            content = json.dumps(self.published).encode()
            return httpx.Response(200 if self.published else 500, stream=httpx.ByteStream(content))

        limits = Limits(transport=httpx.MockTransport(answer))
        self.policies = AsyncPolicyClient("https://policies.example/policy-manifest.json", limits=limits)
        self.poll()
        self.records = SqlRecords(f"sqlite:///{self.folder / 'shop.sqlite'}")
        self.app = self.shop.make_app(self.policies, self.records, lambda: self.now)

    def poll(self) -> Polled:
        return loops.run(self.policies.poll())

    def ask(self, method: str, path: str, who: str = "ada", **request: Any) -> httpx.Response:
        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            cookies = {"customer": who} if who else {}
            async with httpx.AsyncClient(transport=transport, base_url="https://shop.example", cookies=cookies) as http:
                return await http.request(method, path, **request)

        return loops.run(call())

    def send(self, who: str = "ada", **fields: Any) -> httpx.Response:
        return self.ask("POST", "/records", who, json=sent(**fields))

    def refused(self, status: int, **fields: Any) -> str:
        answer = self.send(**fields)
        assert answer.status_code == status, answer.text
        assert self.records.of("ada") == []
        return answer.json()["detail"]

    def state(self, who: str = "ada") -> tuple[str, str]:
        found = self.ask("GET", "/review", who).json()["documents"]["privacy"]
        return found["state"], found["reason"]


def sent(**fields: Any) -> dict[str, Any]:
    """What a browser sends about 1.0; ... takes a field out."""
    found = {"id": ID, "action": "acknowledged", "document": "privacy", "version": "1.0", "surface": "checkout"}
    return {key: value for key, value in {**found, **fields}.items() if value is not ...}


@pytest.fixture
def till(shop, tmp_path) -> Till:
    return Till(shop, tmp_path)


def test_a_customer_is_asked_once_and_again_about_what_is_material(till):
    assert till.state() == ("initial", "never_agreed")
    assert till.send(version="1.1").status_code == 200
    assert till.state() == ("upcoming", "current")
    till.now = datetime(2026, 4, 2, tzinfo=UTC)
    assert till.state() == ("review_required", "material")
    assert till.send(id=OTHER_ID, version="2.0").status_code == 200
    assert till.state() == ("up_to_date", "current")
    assert till.state("bob") == ("initial", "never_agreed")


def test_a_record_is_made_of_the_shop_s_manifest_and_clock(till):
    forged = {
        "sequence": 9,
        "language": "tlh",
        "base": "9.9",
        "manifest_serial": 99,
        "received_at": "1999-01-01T00:00:00Z",
    }
    assert till.send(**forged, customer="bob").json() == {
        "id": ID,
        "action": "acknowledged",
        "document": "privacy",
        "version": "1.0",
        "sequence": 1,
        "language": "en",
        "digest": ROWS["1.0"]["digest"],
        "base": None,
        "manifest_serial": 3,
        "head": ROWS["2.0"]["digest"],
        "at": "2026-02-20T12:00:00.123Z",
        "sent_at": None,
        "received_at": "2026-02-20T12:00:00.123Z",
        "until": None,
        "surface": "checkout",
    }
    assert till.send(id=OTHER_ID, version="1.1", surface=...).json()["base"] == "1.0"


def test_what_is_exported_is_a_receipt(till):
    till.send(until="2026-02-27T12:00:00Z")
    till.send(id=OTHER_ID, version="1.1", action="dismissed", until="2026-02-27T12:00:00+08:00", surface="Startseite é")
    exported = receipts.read(till.ask("GET", "/records").content, "receipts.json")
    found = [receipts.check(POLICIES, receipt) for receipt in exported]
    assert [(finding.version.number, finding.problems) for finding in found] == [("1.0", ()), ("1.1", ())]
    assert [receipt.until for receipt in exported] == [None, datetime(2026, 2, 27, 4, tzinfo=UTC)]
    assert till.ask("GET", "/records", "bob").json() == []


def test_the_same_record_twice_is_one_record_the_first(till):
    first = till.send().json()
    till.now = datetime(2026, 2, 21, tzinfo=UTC)
    assert till.send(id=ID.upper(), surface="somewhere else").json() == first
    assert till.records.of("ada") == [first]


def test_a_clock_that_was_set_back_puts_no_answer_before_the_last(till):
    till.send(version="1.1", action="declined")
    till.now = datetime(2026, 2, 19, tzinfo=UTC)
    assert till.send(id=OTHER_ID, version="1.1").json()["at"] == "2026-02-20T12:00:00.124Z"
    assert till.state() == ("upcoming", "current")


def test_what_the_documented_store_posts_is_taken(till, repo_root):
    """The store that the help names: what it posts, and as what."""
    assert "serverStore(" in (repo_root / "docs/help/storefront.md").read_text(encoding="utf-8")
    store = (repo_root / "storefront/js/src/stores.js").read_text(encoding="utf-8")
    assert "'Content-Type': 'application/json'" in store
    assert "JSON.stringify(sent(record))" in store
    record = {"sequence": 1, "language": "en", "digest": ROWS["1.0"]["digest"], "base": None, "manifest_serial": 3}
    clocks = {"at": "2026-02-20T11:59:58.000Z", "sent_at": "2026-02-20T12:00:00.000Z", "head": None, "until": None}
    kept = till.send(**record, **clocks).json()
    assert till.send(**record, **clocks | {"sent_at": "2026-02-20T12:09:00.000Z"}).json() == kept
    assert {key: kept[key] for key in ("at", "sent_at", "received_at")} == {
        **{key: clocks[key] for key in ("at", "sent_at")},
        "received_at": "2026-02-20T12:00:00.123Z",
    }
    assert till.records.of("ada") == [kept]


@pytest.mark.parametrize("years", [-10, 0, 10])
def test_a_guest_who_logs_in_turns_no_decline_into_an_acceptance(till, years):
    """Accepted as a guest on Monday, declined as a customer on Tuesday, logged in where the guest was on Wednesday."""
    tuesday, wednesday = (datetime(2026, 2, day, 12, tzinfo=UTC) for day in (17, 18))
    till.now = tuesday
    till.send(action="declined", version="1.1")
    till.now = wednesday
    stamped = {
        "at": f"{2026 + years}-02-16T12:00:00Z", "sent_at": f"{2026 + years}-02-18T12:00:00Z", "version": "1.1",
    }  # fmt: skip
    assert till.send(id=OTHER_ID, **stamped).status_code == 200
    assert till.state() == ("declined", "declined")
    answered = {"at": f"{2026 + years}-02-18T12:01:00Z", "sent_at": f"{2026 + years}-02-18T12:01:01Z", "version": "1.1"}
    till.now = datetime(2026, 2, 18, 12, 1, 1, tzinfo=UTC)
    assert till.send(id=str(uuid.uuid4()), **answered).status_code == 200
    assert till.state() == ("upcoming", "current")


def test_routes_for_a_policy_that_the_manifest_lacks_say_so_at_the_first_manifest(shop, tmp_path, caplog):
    till = Till(shop, tmp_path, published=None)
    caplog.clear()
    routes(till.policies, till.records, lambda _: "ada", ["privacy", "trems"])
    assert caplog.messages == []
    till.published = MANIFEST
    till.poll()
    assert [each.partition(": ")[2] for each in caplog.messages] == [
        "There is no policy 'trems', so nobody is asked about it. There is privacy"
    ]


def test_health_calls_somebody_once_the_manifest_is_old(shop, tmp_path):
    till = Till(shop, tmp_path)
    assert till.ask("GET", "/healthz", "").status_code == 200
    till = Till(shop, tmp_path, None)
    answer = till.ask("GET", "/healthz", "")
    assert (answer.status_code, answer.json()["age"]) == (503, None)
    assert "The answer is 500, not 200" in answer.json()["error"]


def test_an_id_is_nobody_else_s(till):
    kept = till.send().json()
    answer = till.send("bob", action="declined")
    assert (answer.status_code, answer.json()) == (
        409,
        {"detail": "This id is taken by another record. Make a new one."},
    )
    assert kept["at"] not in answer.text
    for other in ({"action": "declined"}, {"version": "1.1"}):
        assert till.send(**other).status_code == 409
    assert (till.records.of("ada"), till.records.of("bob")) == ([kept], [])


def test_sent_at_once_it_is_still_one_record(till):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda who: till.send(who), ["ada", "bob"] * 8))
    kept = till.records.of("ada") + till.records.of("bob")
    assert len(kept) == 1
    assert sorted({answer.status_code for answer in answers}) == [200, 409]
    assert all(answer.json() == kept[0] for answer in answers if answer.status_code == 200)


def test_what_the_manifest_does_not_have_is_refused(till):
    answer = till.send(version="3.0")
    assert (answer.status_code, answer.headers["Retry-After"]) == (409, "300")
    assert till.refused(409, version="3.0") == (
        "The shop does not know privacy 3.0. If it is new, try again in five minutes."
    )
    assert "does not know terms 1.0" in till.refused(409, document="terms")


def test_another_text_than_the_shop_s_is_not_agreed_to(till):
    assert "showed another text of privacy 1.0" in till.refused(409, digest=ROWS["1.1"]["digest"])
    assert till.send(digest=ROWS["1.0"]["digest"]).status_code == 200


def test_a_translation_that_was_shown_is_recorded_with_its_language(shop, tmp_path):
    published = json.loads(json.dumps(MANIFEST))
    row = published["documents"]["privacy"]["versions"][0]
    row["translations"] = {"zh": {"url": "privacy/1.0/", "text": "privacy/1.0.zh.md", "digest": ROWS["2.0"]["digest"]}}
    till = Till(shop, tmp_path, published)
    kept = till.send(digest=ROWS["2.0"]["digest"]).json()
    assert (kept["language"], kept["digest"], kept["version"]) == ("zh", ROWS["2.0"]["digest"], "1.0")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"id": "1"}, "id is no UUID"),
        ({"id": ...}, "id is missing"),
        ({"action": "agreed"}, "action is none of accepted, "),
        ({"action": ["accepted"]}, "action is no text"),
        ({"version": 1.0}, "version is no text"),
        ({"version": "1" * 21}, "version is longer than 20 characters"),
        ({"until": "2026-02-27"}, "until is no instant"),
        ({"until": "2026-02-27T12:00:00"}, "until is no instant such as 2027-"),
        ({"until": 1_799_971_200}, "until is no instant"),
        ({"surface": "a\u0000b"}, "surface is not in plain words"),
        ({"surface": "x" * 101}, "surface is longer than 100 characters"),
    ],
)
def test_what_is_no_record_is_refused_with_what_is_wrong(till, fields, words):
    assert words in till.refused(422, **fields)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 422),
        ({"content": b"[]", "headers": {"Content-Type": "application/json"}}, 422),
        ({"content": b"\xff", "headers": {"Content-Type": "application/json"}}, 422),
        ({"content": b"%%%", "headers": FORM}, 422),
        ({"content": json.dumps(sent()), "headers": {"Content-Type": "text/plain"}}, 415),
        ({"content": b""}, 415),
        ({"content": b"[" * 20_000, "headers": {"Content-Type": "application/json"}}, 413),
        ({"content": b"[" * 16_000, "headers": {"Content-Type": "application/json"}}, 422),
        ({"json": sent(), "headers": {"Sec-Fetch-Site": "cross-site"}}, 403),
        ({"data": sent(), "headers": {"Sec-Fetch-Site": "same-site"}}, 403),
    ],
)
def test_what_came_in_another_shape_or_from_another_site_is_refused(till, request_, status):
    assert till.ask("POST", "/records", **request_).status_code == status
    assert till.records.of("ada") == []


def test_who_is_not_logged_in_sees_and_records_nothing(till):
    for method, path in (("GET", "/"), ("GET", "/review"), ("GET", "/records"), ("POST", "/records")):
        assert till.ask(method, path, who="", json=sent()).status_code == 401


def test_without_a_manifest_nothing_is_recorded_and_nobody_is_held_up(shop, tmp_path):
    till = Till(shop, tmp_path, None)
    assert till.state() == ("unknown", "no_manifest")
    assert "There is nothing to review." in till.ask("GET", "/").text
    answer = till.send()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


def filled_in(page: str, action: str) -> dict[str, str]:
    """What a browser without JavaScript posts when that button is pressed."""
    [form] = html.fromstring(page).xpath("//form[@method='post' and @action='/records']")
    assert form.xpath("count(.//button[@name='action' and @value=$value])", value=action) == 1
    return {field.get("name"): field.get("value") for field in form.xpath(".//input")} | {"action": action}


def test_the_form_posts_the_same_record(till):
    posted = filled_in(till.ask("GET", "/").text, "acknowledged")
    answer = till.ask("POST", "/records", data=posted, headers={"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    [kept] = till.records.of("ada")
    by_script = till.send("bob", id=OTHER_ID, version="1.1", surface="policies page").json()
    assert kept == by_script | {"id": posted["id"]}
    assert till.ask("POST", "/records", data=posted).status_code == 303
    assert till.records.of("ada") == [kept]


def test_each_form_has_an_id_of_its_own_and_shows_what_changed(till):
    till.send(version="1.1")
    till.now = datetime(2026, 4, 2, tzinfo=UTC)
    one, other = (till.ask("GET", "/").text for _ in range(2))
    assert filled_in(one, "dismissed")["id"] != filled_in(other, "dismissed")["id"]
    assert 'href="https://policies.example/privacy/2.0/"' in one
    assert 'href="https://policies.example/privacy/redline/1.1..2.0/"' in one


def test_only_who_agreed_before_is_told_what_changed(till):
    """A version's summary is of its changes: to a new customer it says nothing."""
    summary = ROWS["2.0"]["summary"]
    till.send(version="1.1")
    till.now = datetime(2026, 4, 2, tzinfo=UTC)
    old, new = (till.ask("GET", "/", who).text for who in ("ada", "bob"))
    assert ("version 2.0" in old, "since you agreed" in old, summary in old) == (True, True, True)
    assert ("version 2.0" in new, "since you agreed" in new, summary in new) == (True, False, False)


def test_what_is_announced_is_not_said_to_be_in_force(till):
    till.send(version="1.1")
    till.now = datetime(2026, 3, 30, tzinfo=UTC)
    told = till.ask("GET", "/").text
    assert "version 2.0" in told
    assert "Takes effect on 31 March 2026, 16:00 UTC." in told
    till.now = datetime(2026, 4, 2, tzinfo=UTC)
    assert "In force since 31 March 2026, 16:00 UTC." in till.ask("GET", "/").text


def test_later_is_kept_for_a_week_and_only_with_a_dismissal(till):
    till.send(version="1.1")
    till.now = datetime(2026, 4, 2, tzinfo=UTC)
    till.ask("POST", "/records", data=filled_in(till.ask("GET", "/").text, "dismissed"))
    assert till.records.of("ada")[-1]["until"] == "2026-04-09T00:00:00.000Z"
    found = till.ask("GET", "/review").json()["documents"]["privacy"]
    assert (found["state"], found["snoozed_until"]) == ("review_required", "2026-04-09T00:00:00Z")
    till.ask("POST", "/records", data=filled_in(till.ask("GET", "/").text, "acknowledged"))
    assert till.records.of("ada")[-1]["until"] is None


def test_a_form_that_is_refused_says_so_in_words(till):
    answer = till.ask("POST", "/records", data=sent(version="3.0"))
    assert answer.status_code == 409
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.text.startswith("The shop does not know privacy 3.0.")


def test_what_a_manifest_says_is_text_and_no_markup(shop, tmp_path):
    published = json.loads(json.dumps(MANIFEST))
    for row in published["documents"]["privacy"]["versions"]:
        row["summary"] = row["url"] = '"><script>alert(1)</script>'
    assert "<script" not in Till(shop, tmp_path, published).ask("GET", "/").text


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JavaScript:alert(1)", "java\tscript:alert(1)", " javascript:alert(1)", "data:text/html,x"],
)
def test_no_page_links_to_what_would_run(shop, tmp_path, address):
    published = json.loads(json.dumps(MANIFEST))
    for row in published["documents"]["privacy"]["versions"]:
        row["url"] = address
    till = Till(shop, tmp_path, published, datetime(2026, 4, 2, tzinfo=UTC))
    till.send(version="1.1")
    page = till.ask("GET", "/").text
    hrefs = html.fromstring(page).xpath("//@href")
    assert hrefs == ["https://policies.example/privacy/redline/1.1..2.0/"]
    published["documents"]["privacy"]["redline"]["url"] = f"{address}//{{from}}..{{to}}"
    assert till.poll().outcome == "kept"
    published |= {"base": address}
    published["documents"]["privacy"]["redline"]["url"] = "{from}..{to}"
    till.poll()
    assert html.fromstring(till.ask("GET", "/").text).xpath("//@href") == []


INSTANTS = json.loads((Path(review.__file__).parents[2] / "vectors/instants.json").read_text(encoding="utf-8"))["cases"]


def test_the_server_reads_the_instants_that_the_decision_reads(till):
    for place, case in enumerate(each for each in INSTANTS if each["written"]):
        fields = {"id": str(uuid.UUID(int=place)), "action": "dismissed", "until": case["written"]}
        answer = till.send(**fields)
        assert answer.status_code == (422 if case["milliseconds"] is None else 200), case
    for record in till.records.of("ada"):
        assert review.instant(record["until"])


def test_the_readme_names_what_is_there(repo_root, shop):
    folder = repo_root / "examples" / "fastapi_shop"
    readme = (folder / "README.md").read_text(encoding="utf-8")
    factory = re.search(r"uvicorn --factory shop:(\w+)", readme)
    assert factory is not None
    assert callable(getattr(shop, factory[1]))
    assert "MANIFEST_URL" in readme
