"""An answer is stored, waits to be sent, or failed; whoever gave it is told which, and none is lost or kept twice."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, Route, expect

from e2e.storefront.manifests import Json, history, manifest, record, version
from e2e.storefront.shop import Host, Shop
from patience import eventually
from programs import REPOSITORY

ONE = manifest(privacy=history("privacy", "material"))
RECORDS = "/account/policy-records"
DENY = "IDBFactory.prototype.open = () => { throw new DOMException('denied', 'SecurityError'); };"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"


@dataclass
class Server:
    """The shop's server: a customer's records, as the documentation asks for them. It can be down."""

    customer: str = "anna"
    down: bool = False
    refuses: str = ""
    kept: dict[str, dict[str, Json]] = field(default_factory=dict)
    heads: list[dict[str, str]] = field(default_factory=list)

    def answer(self, route: Route) -> None:
        request = route.request
        own = self.kept.setdefault(self.customer, {})
        if self.down and request.method == "POST":
            route.fulfill(status=500)
        elif request.method == "POST":
            self.heads.append(request.headers)
            made = json.loads(request.post_data or "")
            if is_kept := made["document"] != self.refuses:
                own.setdefault(made["id"], made)
            route.fulfill(status=204 if is_kept else 409)
        else:
            route.fulfill(json=list(own.values()))

    def actions(self, customer: str = "anna") -> list[tuple[str, str]]:
        return [(each["version"], each["action"]) for each in self.kept.get(customer, {}).values()]


@pytest.fixture
def server(shop: Shop, host: Host) -> Server:
    found = Server()
    host.publish(ONE)
    shop.page.context.route(f"**{RECORDS}", found.answer)
    return found


def asks(shop: Shop, server: Server) -> Locator:
    return shop.asks(records=RECORDS, customer=server.customer)


def in_the_end(shop: Shop, look: Callable[[], bool]) -> bool:
    """Whether ``look()`` is true at last, while the browser's requests are answered."""
    return eventually(lambda: shop.page.wait_for_timeout(20) or look())


def press(dialog: Locator, words: str = "I have read this") -> None:
    dialog.get_by_role("button", name=words, exact=True).click()


def test_a_server_gets_json_and_the_dialog_goes_once_it_has_it(shop: Shop, server: Server) -> None:
    dialog = asks(shop, server)
    press(dialog)
    expect(dialog).to_have_count(0)
    assert server.actions() == [("1.0", "acknowledged")]
    assert [each["content-type"] for each in server.heads] == ["application/json"]
    shop.visit()
    expect(asks(shop, server)).to_have_count(0)


def test_an_answer_that_was_led_to_the_log_in_is_not_said_to_be_stored(shop: Shop, host: Host) -> None:
    """Where a session has ended, a shop may lead to its log-in page: that answers well, and has stored nothing."""
    host.publish(ONE)
    dialog = shop.asks(records="/session-over", customer="anna")
    shop.page.evaluate(
        "review.addEventListener('warning', ({detail}) => window.told = `${detail.code} ${detail.error.message}`)"
    )
    press(dialog)
    expect(dialog).to_have_accessible_name("Not saved yet")
    assert shop.page.evaluate("told") == f"store_write {shop.address}en.html 200"


def test_an_answer_that_waits_is_said_to_and_sent_from_the_next_page(shop: Shop, server: Server) -> None:
    server.down = True
    dialog = asks(shop, server)
    press(dialog)
    expect(dialog).to_have_accessible_name("Not saved yet")
    press(dialog, "Close")
    expect(dialog).to_have_count(0)
    assert shop.call("decide()")["documents"]["privacy"]["reason"] == "current"
    shop.visit()
    expect(asks(shop, server)).to_have_count(0)  # what waits counts
    assert server.actions() == []
    server.down = False
    shop.visit()
    expect(asks(shop, server)).to_have_count(0)
    assert in_the_end(shop, lambda: server.actions() == [("1.0", "acknowledged")])
    assert in_the_end(
        shop, lambda: not shop.page.evaluate("Object.keys(localStorage).some((key) => /answers/.test(key))")
    )


def test_a_guest_s_answers_are_sent_by_the_lines_in_the_help(shop: Shop, server: Server) -> None:
    """What the shop does not take stays, and holds nothing else back."""
    press(shop.asks())
    expect(shop.page.get_by_role("dialog")).to_have_count(0)
    [given] = shop.records()
    refused = record(version("terms", 1), document="terms", id="0-refused")
    shop.page.evaluate("record => localStorage.setItem(`policy-review:${record.id}`, JSON.stringify(record))", refused)
    server.refuses = "terms"
    page = (REPOSITORY / "docs/help/storefront.md").read_text(encoding="utf-8")
    [lines] = re.findall(r"```js\n(import {localStore, serverStore} .*?)```", page, re.DOTALL)
    run = re.sub("import (.*?) from (.*?);", r"const \1 = await import(\2);", lines)
    shop.page.evaluate(f"async () => {{{run}}}")
    [kept] = server.kept["anna"].values()
    assert {**given, "sent_at": kept["sent_at"]} == kept
    assert [each["id"] for each in shop.records()] == ["0-refused"]
    shop.visit()
    expect(asks(shop, server)).to_have_count(0)


def test_what_waits_is_sent_once_the_browser_is_online_again(shop: Shop, server: Server) -> None:
    server.down = True
    press(asks(shop, server))
    expect(shop.page.get_by_role("dialog")).to_have_accessible_name("Not saved yet")
    server.down = False
    shop.page.evaluate("dispatchEvent(new Event('online'))")
    assert in_the_end(shop, lambda: server.actions() == [("1.0", "acknowledged")])


def test_what_waits_is_sent_for_nobody_else(shop: Shop, server: Server) -> None:
    server.down = True
    press(asks(shop, server))
    expect(shop.page.get_by_role("dialog")).to_have_accessible_name("Not saved yet")
    server.down, server.customer = False, "boris"
    shop.visit()
    dialog = asks(shop, server)
    expect(dialog).to_be_visible()
    press(dialog)
    expect(dialog).to_have_count(0)
    server.customer = "anna"
    shop.visit()
    expect(asks(shop, server)).to_have_count(0)
    assert in_the_end(shop, lambda: server.actions() == [("1.0", "acknowledged")])
    assert server.actions("boris") == [("1.0", "acknowledged")]
    assert set(server.kept["anna"]).isdisjoint(server.kept["boris"])


def test_without_a_customer_no_answer_waits_for_whoever_signs_in_next(shop: Shop, server: Server) -> None:
    """It is said to be not saved, and can be tried again; the next page knows nothing of it."""
    server.down = True
    dialog = shop.asks(records=RECORDS)
    press(dialog)
    expect(dialog).to_have_accessible_name("Could not be saved")
    server.down, server.customer = False, "boris"
    shop.visit()
    expect(shop.asks(records=RECORDS)).to_have_accessible_name("Please read our policies")
    shop.page.evaluate("dispatchEvent(new Event('online'))")
    shop.call("check()")
    assert server.actions("boris") == []


@pytest.mark.parametrize(("one", "other"), [("1", "1:2"), ("1", "1%3A2"), ("a", "")])
def test_customers_whose_names_begin_alike_are_two(shop: Shop, server: Server, one: str, other: str) -> None:
    server.down = True
    press(shop.asks(records=RECORDS, customer=other or "b"))
    expect(shop.page.get_by_role("dialog")).to_have_accessible_name("Not saved yet")
    server.down, server.customer = False, one
    shop.visit()
    expect(shop.asks(records=RECORDS, customer=one)).to_have_accessible_name("Please read our policies")
    shop.call("check()")
    assert server.actions(one) == []


def test_who_signs_in_without_a_new_page_sends_nobody_else_s_answer(shop: Shop, server: Server) -> None:
    server.down = True
    dialog = asks(shop, server)
    press(dialog)
    expect(dialog).to_have_accessible_name("Not saved yet")
    server.down, server.customer = False, "boris"
    shop.page.evaluate("async () => { element.setAttribute('customer', 'boris'); await element.ready; }")
    expect(dialog).to_have_accessible_name("Please read our policies")
    shop.page.evaluate("dispatchEvent(new Event('online'))")
    press(dialog)
    expect(dialog).to_have_count(0)
    assert server.actions("boris") == [("1.0", "acknowledged")]
    server.customer = "anna"
    shop.page.evaluate("async () => { element.setAttribute('customer', 'anna'); await element.ready; }")
    assert in_the_end(shop, lambda: server.actions() == [("1.0", "acknowledged")])
    assert set(server.kept["anna"]).isdisjoint(server.kept["boris"])


def test_attributes_that_come_once_it_stands_in_the_page_count(shop: Shop, server: Server) -> None:
    """Templates such as Angular's bind them then; and a page may change its language."""
    shop.page.evaluate(
        """async (attributes) => {
          await import('/storefront/element.js');
          window.element = document.createElement('policy-review');
          document.body.append(element);
          await element.ready;
          for (const name in attributes) element.setAttribute(name, attributes[name]);
          await element.ready;
        }""",
        {"manifest": shop.host.manifest_url, "documents": "privacy", "records": RECORDS, "customer": "anna"},
    )
    dialog = shop.page.locator("dialog.policy-review")
    expect(dialog).to_have_accessible_name("Please read our policies")
    shop.page.evaluate("element.setAttribute('language', 'de')")
    expect(dialog).to_have_accessible_name("Bitte lesen Sie unsere Bestimmungen")
    dialog.get_by_role("button").first.click()
    expect(dialog).to_have_count(0)
    assert server.actions() == [("1.0", "acknowledged")]
    assert shop.records() == []


def test_where_there_is_no_room_an_answer_waits_in_the_browser_s_database(shop: Shop, server: Server) -> None:
    server.down = True
    shop.page.evaluate(f"() => {{ {FULL} }}")
    dialog = asks(shop, server)
    press(dialog)
    expect(dialog).to_have_accessible_name("Not saved yet")
    server.down = False
    shop.visit()
    expect(asks(shop, server)).to_have_count(0)
    assert in_the_end(shop, lambda: server.actions() == [("1.0", "acknowledged")])


# Opens the browser's database when it is told to, and not before.
SLOW = """
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...given) {
    const asked = {}, names = ['onsuccess', 'onerror', 'onupgradeneeded'];
    window.release = () => {
      const real = open.apply(this, given);
      for (const name of names) {
        real[name] = () => asked[name](Object.assign(asked, {result: real.result, transaction: real.transaction}));
      }
    };
    return asked;
  };
"""


def test_what_the_browser_s_database_tells_late_ends_the_question(shop: Shop, host: Host) -> None:
    host.publish(ONE)
    failing = "customer: 'a', timeout: 50, store: {records: () => [], add: async () => { throw new Error('503'); }}"
    shop.page.evaluate(f"() => {{ {FULL} }}")
    shop.start(failing)
    shop.call("check()")
    assert shop.call("accept()")["status"] == "queued"
    shop.visit()
    shop.page.evaluate(f"() => {{ {SLOW} }}")
    shop.start(failing)
    assert shop.call("check()")["state"] == "initial"
    shop.page.evaluate("release()")
    assert in_the_end(shop, lambda: shop.page.evaluate("review.result.documents.privacy.reason") == "current")
    assert shop.call("due") == []


def test_an_answer_that_is_kept_nowhere_says_so_and_can_be_tried_again(shop: Shop, server: Server) -> None:
    server.down = True
    shop.page.evaluate(f"() => {{ {FULL} {DENY} }}")
    dialog = asks(shop, server)
    press(dialog)
    expect(dialog).to_have_accessible_name("Could not be saved")
    press(dialog, "Try again")
    expect(dialog).to_have_accessible_name("Could not be saved")
    server.down = False
    press(dialog, "Try again")
    expect(dialog).to_have_count(0)
    assert server.actions() == [("1.0", "acknowledged")]


def test_pressing_again_stores_nothing_that_was_not_stored(shop: Shop, host: Host) -> None:
    host.publish(ONE)
    shop.page.evaluate(f"() => {{ {FULL} {DENY} window.fails = true }}")
    shop.start("store: {records: () => [], add: async () => { if (fails) throw new Error('503'); }}")
    shop.call("check()")
    [first, second] = [shop.call("accept()") for _ in range(2)]
    assert (first["status"], first["stored"]) == ("failed", False)
    assert (second["status"], second["stored"], second["records"]) == ("failed", False, first["records"])
    shop.page.evaluate("fails = false")
    third, fourth = shop.call("accept()"), shop.call("accept()")
    assert (third["status"], third["stored"], third["records"]) == ("stored", True, first["records"])
    assert (fourth["status"], fourth["stored"], fourth["records"]) == ("nothing", False, [])


def test_who_declines_is_told_where_that_is_not_saved(shop: Shop, host: Host) -> None:
    server = Server(down=True)
    shop.page.context.route(f"**{RECORDS}", server.answer)
    host.publish(manifest(terms=history("terms", "material", requires="accept")))
    dialog = shop.asks(documents="terms", records=RECORDS, customer="anna")
    press(dialog, "Do not accept")
    expect(dialog).to_have_accessible_name("You have not accepted")
    expect(dialog).to_contain_text("is sent as soon as it can be")


def test_an_answer_to_a_page_that_is_left_is_not_lost(shop: Shop, server: Server) -> None:
    dialog = asks(shop, server)
    expect(dialog).to_be_visible()
    shop.page.evaluate("document.querySelector('.policy-review-answers button').click(); location.href = '/left'")
    shop.page.wait_for_url("**/left")
    shop.visit()
    expect(asks(shop, server)).to_have_count(0)
    assert in_the_end(shop, lambda: server.actions() == [("1.0", "acknowledged")])


def test_without_storage_nobody_meets_a_modal_dialog_on_every_page(shop: Shop, host: Host) -> None:
    host.publish(ONE)
    for _ in range(2):
        shop.visit(path="denied/")
        banner = shop.asks()
        expect(banner).to_contain_text("Version 1.0")
        assert not shop.page.evaluate("document.querySelector('dialog').matches(':modal')")
        shop.page.get_by_role("button", name="Pay").click()


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"documents": "trems"}, "documents"),
        ({"documents": ""}, "documents"),
        ({"documents": "privacy trems"}, "documents"),
        ({"documents": "privacy", "manifest": "/nowhere.json"}, "status"),
    ],
)
def test_what_asks_nobody_is_one_line_for_the_engineer(
    shop: Shop, host: Host, attributes: dict[str, str], code: str
) -> None:
    host.publish(ONE)
    lines: list[str] = []
    shop.page.on("console", lambda message: lines.append(message.text))
    shop.asks(**attributes)
    shop.call("check()")
    assert [line.split()[:2] for line in lines if "policy-review" in line] == [["policy-review:", code]]


def test_documents_may_be_one_text(shop: Shop, host: Host) -> None:
    host.publish(ONE)
    shop.start(documents="'privacy'")
    assert shop.call("check()")["state"] == "initial"


def test_two_elements_make_one_dialog_at_a_time(shop: Shop, host: Host) -> None:
    host.publish(manifest(privacy=history("privacy", "material"), terms=history("terms", "material")))
    shop.asks(documents="privacy")
    dialog = shop.asks(documents="privacy terms")
    expect(dialog).to_have_count(1)
    press(dialog)
    expect(dialog).to_contain_text("Shop Terms")
    expect(dialog).not_to_contain_text("Shop Privacy")
    press(dialog)
    expect(dialog).to_have_count(0)
    assert sorted(each["document"] for each in shop.records()) == ["privacy", "terms"]


def test_what_is_open_can_be_asked_for_again(shop: Shop, host: Host) -> None:
    """As by a link such as “Changes in our terms”, while the question stands there already."""
    host.publish(ONE)
    dialog = shop.asks()
    expect(dialog).to_be_visible()
    shop.page.evaluate("element.open()")
    expect(dialog).to_have_count(1)
    press(dialog)
    expect(dialog).to_have_count(0)
    assert [each["action"] for each in shop.records()] == ["acknowledged"]


def test_it_changes_none_of_its_attributes_and_hides_its_children(shop: Shop, host: Host) -> None:
    host.publish(ONE)
    shop.asks()
    assert shop.page.evaluate("element.getAttributeNames()") == ["manifest", "documents", "language"]
    assert not shop.page.get_by_text("Close my account").is_visible()


def snippets() -> list[str]:
    """Every <policy-review> that the documentation has a shop write."""
    pages = [*REPOSITORY.glob("docs/**/*.md"), *REPOSITORY.glob("storefront/*/README.md")]
    told = "".join(path.read_text(encoding="utf-8") for path in pages)
    return re.findall(r"<policy-review [^`]*?(?:</policy-review>|/>)", told)


@pytest.mark.parametrize("code", snippets())
def test_what_is_inside_is_out_of_sight_while_the_script_is_late(shop: Shop, host: Host, code: str) -> None:
    host.publish(ONE)
    shown = code.replace("/>", ">").removesuffix("</policy-review>") + "<a href='/x'>Inside</a></policy-review>"
    shop.page.route("**/late.html", lambda route: route.fulfill(content_type="text/html", body=f"<p>Shop{shown}"))
    shop.visit(path="late.html")
    expect(shop.page.get_by_text("Shop")).to_be_visible()
    expect(shop.page.locator("policy-review a", has_text="Inside")).to_have_count(1)
    assert not shop.page.get_by_role("link", name="Inside").is_visible()
    assert shop.page.evaluate("customElements.get('policy-review') === undefined")
    shop.page.evaluate("import('/storefront/element.js').then(() => true)")
    assert not shop.page.get_by_role("link", name="Inside", include_hidden=True).is_visible()


@pytest.fixture
def coming(shop: Shop, host: Host) -> Shop:
    """A page that stays open; tomorrow a version takes effect, and today nothing is due."""
    host.publish(manifest(privacy=history("privacy", "material") | {"versions": COMING}))
    shop.page.clock.install(time="2026-12-01T12:00:00Z")
    shop.page.goto(shop.address)
    told = [record(COMING[0], at=START), record(COMING[1], action="dismissed", at=START, id="2")]
    shop.page.evaluate(
        """records => records.forEach((record) =>
          localStorage.setItem(`policy-review:${record.id}`, JSON.stringify(record)))""",
        told,
    )
    expect(shop.asks()).to_have_count(0)
    return shop


START = "2026-11-24T00:00:00Z"
COMING = [version("privacy", 1), version("privacy", 2, effective_at="2026-12-02T12:00:00Z", announced_at=START)]


def test_a_version_that_takes_effect_asks_on_a_page_that_stays_open(coming: Shop) -> None:
    coming.page.clock.fast_forward("24:00:02")
    expect(coming.page.get_by_role("dialog")).to_contain_text("Version 1.1, in force since")


@pytest.mark.parametrize("event", ["pageshow", "visibilitychange"])
def test_a_page_that_is_seen_again_asks_anew(coming: Shop, event: str) -> None:
    coming.page.clock.set_fixed_time("2026-12-03T12:00:00Z")
    coming.page.evaluate(
        """type => (type === 'pageshow' ? window : document)
          .dispatchEvent(new PageTransitionEvent(type, {persisted: true}))""",
        event,
    )
    expect(coming.page.get_by_role("dialog")).to_contain_text("Version 1.1, in force since")


@pytest.mark.parametrize("now", ["2016-12-01T12:00:00Z", "2036-12-01T12:00:00Z"])
def test_a_clock_that_is_set_stops_no_open_page_from_asking_for_what_is_new(coming: Shop, host: Host, now: str) -> None:
    rows = [*COMING, version("privacy", 3)]
    host.publish(manifest(privacy=history("privacy", "material") | {"versions": rows}))
    coming.page.clock.set_fixed_time(now)
    coming.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(coming.page.get_by_role("dialog")).to_contain_text("Version 1.2, in force since")


def test_a_dialog_that_was_answered_on_another_page_is_gone_on_the_way_back(shop: Shop, host: Host) -> None:
    host.publish(ONE)
    dialog = shop.asks()
    expect(dialog).to_be_visible()
    row: Json = ONE["documents"]["privacy"]["versions"][0]
    shop.page.evaluate("record => localStorage.setItem('policy-review:x', JSON.stringify(record))", record(row))
    shop.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(dialog).to_have_count(0)


def test_what_seldom_matters_is_loaded_only_for_something_new(shop: Shop, host: Host) -> None:
    names: list[str] = []
    shop.page.on("request", lambda request: names.append(request.url.partition("/storefront/")[2]))

    def loaded() -> list[str]:
        names.clear()
        with shop.page.expect_request("**/policy-manifest.json"):
            shop.visit(path="en.html")
        shop.page.evaluate("document.querySelector('policy-review').ready")
        return sorted(filter(None, names))

    host.publish(ONE)
    assert loaded() == ["policy-review-dialog.js", "policy-review.js"]
    dialog = shop.page.locator("dialog.policy-review")
    press(dialog)
    expect(dialog).to_have_count(0)
    assert loaded() == ["policy-review.js"]
    host.publish({**ONE, "serial": ONE["serial"] + 1})
    assert loaded() == ["policy-review-dialog.js", "policy-review.js"]
    assert loaded() == ["policy-review.js"]


def test_a_dialog_that_cannot_be_loaded_is_told(shop: Shop, host: Host) -> None:
    host.publish(ONE)
    lines: list[str] = []
    shop.page.on("console", lambda message: lines.append(message.text))
    shop.page.context.route("**/policy-review-dialog.js", lambda route: route.abort())
    shop.visit(path="en.html")
    assert in_the_end(shop, lambda: any("policy-review: dialog" in line for line in lines))


@pytest.mark.parametrize("lacks", ["AbortSignal.timeout", "Array.prototype.findLast", "window.CSSStyleSheet"])
def test_a_browser_that_is_too_old_asks_nobody_and_the_page_works(shop: Shop, host: Host, lacks: str) -> None:
    host.publish(ONE)
    of, _, name = lacks.rpartition(".")
    shop.page.add_init_script(f"Object.defineProperty({of}, '{name}', {{value: undefined}})")
    told: list[str] = []
    shop.page.on("console", lambda message: told.append(message.text))
    shop.visit(path="en.html")
    assert in_the_end(shop, lambda: bool(shop.faults) or any("policy-review:" in line for line in told))
    shop.page.get_by_role("button", name="Pay").click()
    assert shop.page.locator("dialog").count() == 0
    assert shop.records() == []
    shop.faults.clear()  # an error in the console is all that there is


def test_what_waits_is_sent_without_the_dialog_s_file(shop: Shop, server: Server) -> None:
    """The answer is the shop's own: it waits for no policies' host."""

    def visit() -> None:
        shop.visit(path="en.html")
        shop.page.evaluate(
            "(records) => { const element = document.querySelector('policy-review');"
            " element.setAttribute('records', records); element.setAttribute('customer', 'anna'); }",
            RECORDS,
        )

    server.down = True
    visit()
    dialog = shop.page.locator("dialog.policy-review")
    press(dialog)
    expect(dialog).to_have_accessible_name("Not saved yet")
    server.down = False
    shop.page.context.route("**/policy-review-dialog.js", lambda route: route.abort())
    visit()
    assert in_the_end(shop, lambda: server.actions() == [("1.0", "acknowledged")])


def test_an_answer_whose_record_cannot_be_made_is_said_to_have_failed(shop: Shop, host: Host) -> None:
    host.publish(ONE)
    shop.visit(path="en.html")
    expect(shop.page.locator("dialog.policy-review")).to_be_visible()
    shop.page.context.route("**/policy-review-dialog.js", lambda route: route.abort())
    shop.visit(path="en.html")
    answer = shop.page.evaluate("document.querySelector('policy-review').review.accept()")
    assert (answer["status"], answer["stored"], answer["records"]) == ("failed", False, [])
