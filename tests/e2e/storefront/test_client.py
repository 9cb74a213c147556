"""The storefront's client against a real host that fails: nothing is lost, nobody is asked twice, nothing waits."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from e2e.storefront.manifests import Json, digest, history, manifest, record, version
from e2e.storefront.shop import Host, Shop
from inforce_client.review import instant
from patience import eventually

IMPATIENT = "timeout: 50"
"""Where the host is slow on purpose. A page of the tests waits twenty times as long, see `e2e/patient_pages.py`."""
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
ONE = manifest(privacy=history("privacy", "material"))
TWO = manifest(privacy=history("privacy", "material", "material"))
V10 = ONE["documents"]["privacy"]["versions"][0]
BOTH = manifest(privacy=history("privacy", "material"), terms=history("terms", "material", requires="accept"))


@pytest.fixture
def customer(shop: Shop, host: Host) -> Shop:
    """Who agreed to 1.0, and whose browser has kept the manifest of then."""
    host.publish(ONE)
    shop.start()
    shop.call("check()")
    assert shop.call("accept()")["stored"] is True
    return shop


def again(shop: Shop, **visit: Any) -> Json:
    """A later visit's decision about the privacy policy."""
    shop.visit(**visit)
    shop.start(IMPATIENT if (shop.host.folder / "slow").exists() else "")
    return shop.call("check()")["documents"]["privacy"]


def test_a_first_visit_is_asked_once_and_recorded(shop: Shop, host: Host) -> None:
    host.publish(ONE)
    shop.start("surface: 'checkout'")
    assert shop.call("check()")["state"] == "initial"
    assert shop.call("due") == ["privacy"]
    shop.call("accept()")
    [made] = shop.records()
    assert UUID.fullmatch(made["id"])
    assert made == record(V10, id=made["id"], at="2026-12-01T12:00:01.000Z", surface="checkout")
    assert again(shop)["reason"] == "current"
    assert shop.call("due") == []


def test_past_one_version_and_past_five(customer: Shop, host: Host) -> None:
    host.publish(TWO)
    state = again(customer)
    assert (state["state"], state["reason"]) == ("review_required", "material")
    assert (state["base"], state["version"]) == ("1.0", "1.1")
    host.publish(manifest(privacy=history("privacy", "material", "material", *["notice"] * 3, "material")))
    state = again(customer)
    assert (state["base"], state["version"]) == ("1.0", "1.5")
    assert sorted(row["clause"] for row in state["changes"]) == [f"clause-{at}" for at in (2, 3, 4, 5, 6)]
    assert customer.call("details('privacy')")["redline"] == [f"{host.address}privacy/redline/1.0..1.5/"]
    customer.call("accept()")
    assert again(customer)["reason"] == "current"
    assert [each["version"] for each in customer.records()] == ["1.0", "1.5"]
    assert customer.records()[1]["base"] == "1.0"


def test_a_notice_is_told_once(customer: Shop, host: Host) -> None:
    host.publish(manifest(privacy=history("privacy", "material", "notice")))
    assert again(customer)["state"] == "notice"
    customer.call("later()")
    assert again(customer)["reason"] == "editorial"
    assert [each["action"] for each in customer.records()] == ["acknowledged", "dismissed"]


def test_an_editorial_version_asks_nobody(customer: Shop, host: Host) -> None:
    host.publish(manifest(privacy=history("privacy", "material", "editorial")))
    assert again(customer)["reason"] == "editorial"
    assert customer.call("due") == []


def test_an_announced_version_takes_effect_on_time_without_a_rebuild(customer: Shop, host: Host) -> None:
    coming = version("privacy", 2, effective_at="2026-12-24T00:00:00Z", announced_at="2026-11-24T00:00:00Z")
    host.publish(manifest(privacy=history("privacy", "material") | {"versions": [V10, coming]}))
    state = again(customer)
    assert (state["state"], state["version"], customer.call("due")) == ("upcoming", "1.1", ["privacy"])
    assert [row["clause"] for row in customer.call("details('privacy')")["changes"]] == ["clause-2"]
    customer.call("later()")
    assert again(customer)["state"] == "up_to_date"
    assert again(customer, at="2026-12-23T23:59:59Z")["state"] == "up_to_date"
    state = again(customer, at="2026-12-24T00:00:00Z")
    assert (state["state"], state["base"], state["snoozed_until"]) == ("review_required", "1.0", None)
    customer.call("accept()")
    assert again(customer, at="2026-12-24T00:00:01Z")["reason"] == "current"


def test_where_a_pair_has_no_redline_the_page_since_a_version_shows_it(customer: Shop, host: Host) -> None:
    """For the version in force and for one that is announced, today and once it is in force without a rebuild."""
    coming = {"effective_at": "2026-12-24T00:00:00Z", "announced_at": "2026-11-24T00:00:00Z"}
    entry = history("privacy", "material", "material", "material", "material")
    entry["versions"][3] |= coming
    entry["redline"] |= {"since": "privacy/since/{from}/", "all_up_to": 1, "window": 1}
    host.publish(manifest(privacy=entry))
    again(customer)
    shown = customer.call("details('privacy')")
    assert (shown["version"], shown["redline"]) == ("1.2", [f"{host.address}privacy/since/1.0/"])
    assert shown["announced"]["redline"] == [f"{host.address}privacy/redline/1.2..1.3/"]
    again(customer, at="2026-12-24T00:00:00Z")
    shown = customer.call("details('privacy')")
    assert (shown["version"], shown["redline"]) == ("1.3", [f"{host.address}privacy/since/1.0/"])


def test_the_page_since_a_version_leads_up_to_one_that_is_announced(customer: Shop, host: Host) -> None:
    """Told ahead of the other one that comes before it, which is editorial."""
    coming = {"announced_at": "2026-11-24T00:00:00Z"}
    entry = history("privacy", "material", "editorial", "material")
    entry["versions"][1] |= coming | {"effective_at": "2026-12-20T00:00:00Z"}
    entry["versions"][2] |= coming | {"effective_at": "2026-12-24T00:00:00Z"}
    entry["redline"] |= {"since": "privacy/since/{from}/", "all_up_to": 1, "window": 1}
    host.publish(manifest(privacy=entry))
    assert again(customer)["state"] == "upcoming"
    shown = customer.call("details('privacy')")
    assert (shown["version"], shown["redline"]) == ("1.2", [f"{host.address}privacy/since/1.0/"])


def test_agreeing_early_is_enough(customer: Shop, host: Host) -> None:
    coming = version("privacy", 2, effective_at="2026-12-24T00:00:00Z", announced_at="2026-11-24T00:00:00Z")
    host.publish(manifest(privacy=history("privacy", "material") | {"versions": [V10, coming]}))
    again(customer)
    customer.call("accept()")
    assert again(customer, at="2026-12-24T00:00:00Z")["reason"] == "current"


def test_later_holds_for_a_day_and_never_more_than_seven(customer: Shop, host: Host) -> None:
    host.publish(TWO)
    again(customer, at="2026-12-01T12:00:10Z")
    customer.call("later()")
    state = again(customer)
    assert (state["state"], state["snoozed_until"]) == ("review_required", "2026-12-02T12:00:10Z")
    assert customer.call("due") == []
    assert again(customer, at="2026-12-02T12:00:10Z")["snoozed_until"] is None
    assert customer.call("due") == ["privacy"]
    customer.call("later(null, Date.now() + 30 * 864e5)")
    assert customer.records()[-1]["until"] == "2026-12-09T12:00:10.000Z"
    assert again(customer)["snoozed_until"] == "2026-12-09T12:00:10Z"


def test_a_clock_that_was_set_back_puts_no_answer_before_the_one_it_replaces(shop: Shop, host: Host) -> None:
    host.publish(manifest(privacy=history("privacy", "material", requires="accept")))
    shop.start()
    shop.call("check()")
    shop.call("decline()")
    assert again(shop, at="2026-11-30T00:00:00Z")["state"] == "declined"
    shop.call("accept(['privacy'])")
    assert again(shop)["reason"] == "current"
    assert shop.records()[1]["at"] == "2026-12-01T12:00:01.001Z"


def test_two_tabs_lose_nothing(customer: Shop, host: Host) -> None:
    host.publish(manifest(privacy=TWO["documents"]["privacy"], terms=history("terms", "material", requires="accept")))
    other = customer.second_tab()
    again(customer)
    customer.start(page=other, documents="['terms']")
    customer.call("check()", other)
    for page in (customer.page, other):
        page.evaluate("void (window.answered = review.accept())")
    for page in (customer.page, other):
        assert page.evaluate("answered.then((answer) => answer.stored)")
    customer.await_records(3)
    assert sorted((each["document"], each["version"], each["action"]) for each in customer.records()) == [
        ("privacy", "1.0", "acknowledged"),
        ("privacy", "1.1", "acknowledged"),
        ("terms", "1.0", "accepted"),
    ]


def test_an_answer_in_the_other_tab_counts_without_a_request(customer: Shop, host: Host) -> None:
    host.publish(TWO)
    other = customer.second_tab()
    customer.start(page=other)
    customer.call("check()", other)
    again(customer)
    customer.call("accept()")
    host.turn("gone", True)
    customer.await_records(2, other)
    assert customer.call("decide()", other)["reason"] == "current"


def test_denied_storage_keeps_the_answer_on_this_page(shop: Shop, host: Host) -> None:
    host.publish(ONE)
    shop.visit(path="denied/")
    with pytest.raises(Exception, match="SecurityError"):
        shop.page.evaluate("localStorage.length")
    shop.start()
    assert shop.call("check()")["state"] == "initial"
    answer = shop.call("accept()")
    assert (answer["stored"], answer["result"]["reason"]) == (False, "current")
    assert shop.call("check()")["reason"] == "current"
    assert set(shop.warnings()) == {"store_write"}


def test_full_storage_keeps_the_answer_and_stores_it_later(shop: Shop, host: Host) -> None:
    host.publish(ONE)
    shop.start()
    shop.call("check()")
    shop.page.evaluate(
        """for (let size = 2 ** 22; size >= 1; size /= 2) {
          try { for (let at = 0; ; at++) localStorage.setItem(`filler-${size}-${at}`, 'x'.repeat(size)); } catch {}
        }"""
    )
    answer = shop.call("accept()")
    assert (answer["stored"], answer["result"]["reason"], shop.warnings()) == (False, "current", ["store_write"])
    assert shop.records() == []
    shop.page.evaluate(
        "for (const key of Object.keys(localStorage)) if (key.startsWith('filler')) localStorage.removeItem(key)"
    )
    assert shop.call("check()")["reason"] == "current"
    assert eventually(lambda: shop.page.evaluate("localStorage.length") > 1)
    assert shop.records() == answer["records"]


@pytest.mark.parametrize(("fault", "warning"), [("gone", "network"), ("broken", "status"), ("slow", "timeout")])
def test_a_host_that_fails_leaves_the_copy_in_place(customer: Shop, host: Host, fault: str, warning: str) -> None:
    host.publish(TWO)
    again(customer)
    host.publish(json.dumps(TWO) + " " * 400)
    host.turn(fault, True)
    assert again(customer)["state"] == "review_required"
    assert customer.warnings() == [warning]
    assert customer.call("accept()")["stored"] is True
    host.turn(fault, False)
    assert again(customer)["reason"] == "current"


@pytest.mark.parametrize("fault", ["gone", "broken", "slow"])
def test_a_host_that_fails_before_there_was_a_copy_asks_nobody(shop: Shop, host: Host, fault: str) -> None:
    host.publish(json.dumps(TWO) + " " * 400)
    host.turn(fault, True)
    shop.start(IMPATIENT if fault == "slow" else "")
    assert shop.call("check()")["reason"] == "no_manifest"
    assert shop.call("due") == []
    assert shop.call("accept()")["records"] == []


def test_nothing_waits_for_a_slow_host(customer: Shop, host: Host) -> None:
    host.publish(json.dumps(TWO) + " " * 400)
    host.turn("slow", True)
    customer.visit()
    customer.start(IMPATIENT)
    reason, before, after = customer.page.evaluate(
        """async () => { // in one go, so that no clock can come in between
          const checked = review.check(), {reason} = await review.decide(), before = [...events];
          await checked;
          return [reason, before, events];
        }"""
    )
    decision = ["decision", "up_to_date"]
    assert (reason, before) == ("current", [decision])
    assert after == [decision, ["warning", "timeout"], decision]


@pytest.mark.parametrize(
    ("words", "warning"),
    [
        (json.dumps(TWO)[:700], "json"),
        ("<!doctype html><title>Sign in</title><p>Welcome to our free Wi-Fi", "json"),
        ("", "json"),
        ("[]", "schema_version"),
        (json.dumps(TWO | {"schema_version": 2}), "schema_version"),
        (json.dumps(TWO | {"schema_version": "1"}), "schema_version"),
        (json.dumps(TWO | {"documents": []}), "shape"),
        (json.dumps(TWO | {"documents": {"privacy": None}}), "shape"),
        (json.dumps(TWO | {"documents": {"privacy": {"versions": [None]}}}), "shape"),
        (json.dumps(TWO | {"serial": "9"}), "shape"),
        (json.dumps(TWO | {"serial": 0}), "serial"),
    ],
)
def test_what_is_no_manifest_leaves_the_copy_in_place(customer: Shop, host: Host, words: str, warning: str) -> None:
    host.publish(words)
    assert again(customer)["reason"] == "current"
    assert customer.warnings() == [warning]
    host.publish(TWO)
    assert again(customer)["reason"] == "material"


def test_at_an_equal_serial_the_newer_content_wins(customer: Shop, host: Host) -> None:
    host.publish(TWO | {"serial": 1})
    assert again(customer)["reason"] == "material"
    assert customer.warnings() == []


def test_a_wrong_digest_is_asked_again(customer: Shop, host: Host) -> None:
    other = V10 | {"digest": digest("something else"), "text_digest": digest("other words")}
    host.publish(manifest(privacy=history("privacy", "material") | {"versions": [other]}) | {"epoch": 1})
    customer.visit()
    customer.start("epoch: 1")  # without it nothing that was once seen could be another text
    state = customer.call("check()")["documents"]["privacy"]
    assert (state["state"], state["reason"]) == ("review_required", "digest_mismatch")
    assert state["flags"] == ["ignored_record"]
    customer.call("accept()")
    assert customer.call("decide()")["documents"]["privacy"]["reason"] == "current"


REWRITTEN = history("privacy", "material", "material")
REWRITTEN["versions"][0] = V10 | {"digest": digest("something else")}


@pytest.mark.parametrize(
    ("offered", "warning"),
    [
        (manifest(privacy=REWRITTEN), "rewritten"),
        (manifest(1, privacy=REWRITTEN), "rewritten"),
        (manifest(2, terms=history("terms", "material")), "rewritten"),
        (manifest(1, privacy=REWRITTEN) | {"epoch": 1}, "rewritten"),
        (TWO | {"epoch": 2}, "serial"),
        (TWO | {"serial": 10_002}, "serial"),
        (TWO | {"serial": 2**53 - 1}, "serial"),
    ],
)
def test_what_was_once_seen_stays_and_nothing_leaps_out_of_reach(
    customer: Shop, host: Host, offered: Json, warning: str
) -> None:
    host.publish(offered)
    assert again(customer)["reason"] == "current"
    assert customer.warnings() == [warning]
    host.publish(TWO)
    assert again(customer)["reason"] == "material"
    assert customer.warnings() == []


def test_a_chain_that_was_seen_stays_and_is_recorded(shop: Shop, host: Host) -> None:
    event = digest("event 1")
    document = history("privacy", "material") | {"events": [event], "head": event}
    host.publish(manifest(2, privacy=document))
    shop.start()
    shop.call("check()")
    [made] = shop.call("accept()")["records"]
    assert (made["head"], made["manifest_serial"]) == (event, 2)
    host.publish(manifest(3, privacy=document | {"events": [], "head": V10["digest"]}))
    shop.call("check()")
    assert shop.warnings() == ["rewritten"]


def test_the_shop_s_own_epoch_is_the_way_out_of_a_copy_that_locks_it(shop: Shop, host: Host) -> None:
    host.publish(manifest(1_000_000, privacy=REWRITTEN))
    shop.start()
    shop.call("check()")
    host.publish(TWO | {"epoch": 1})
    shop.call("check()")
    assert shop.warnings() == ["rewritten"]
    shop.visit()
    shop.start("epoch: 1")
    assert shop.call("decide()")["reason"] == "no_manifest"
    assert shop.call("check()")["reason"] == "never_agreed"
    assert shop.call("manifest.serial") == 2
    host.publish(manifest(1_000_000, privacy=REWRITTEN))
    shop.call("check()")
    host.publish(TWO | {"epoch": 2, "serial": 9})
    shop.call("check()")
    assert shop.warnings() == ["epoch", "epoch"]


def test_an_element_names_the_epoch(shop: Shop, host: Host) -> None:
    host.publish(TWO)
    shop.page.evaluate(
        """async (manifest) => {
          await import('/storefront/element.js');
          const element = document.createElement('policy-review');
          const attributes = {manifest, documents: 'privacy', epoch: '1'};
          for (const name in attributes) element.setAttribute(name, attributes[name]);
          document.body.append(element);
          await element.ready;
          window.review = element.review;
        }""",
        host.manifest_url,
    )
    assert shop.call("result.reason") == "no_manifest"
    host.publish(TWO | {"epoch": 1})
    assert shop.call("check()")["reason"] == "never_agreed"


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"])
def test_whatever_instant_another_record_has_an_answer_counts(shop: Shop, host: Host, at: str) -> None:
    """The answer comes after it where it can, and is an instant that the decision reads in any case."""
    host.publish(ONE)
    shop.start(f"store: {{records: () => [{json.dumps(record(V10, 'declined', at=at, id='0'))}], add: () => {{}}}}")
    shop.call("check()")
    answer = shop.call("accept(['privacy'])")
    assert answer["result"]["reason"] == "current"
    assert instant(answer["records"][0]["at"])


def test_where_a_policy_only_informs_the_first_visit_is_noted_and_nobody_is_asked(shop: Shop, host: Host) -> None:
    host.publish(manifest(privacy=history("privacy", "material", requires="inform")))
    shop.start()
    assert shop.call("check()")["reason"] == "first_visit"
    assert shop.call("due") == []
    [made] = shop.records()
    assert (made["action"], made["version"], made["until"]) == ("dismissed", "1.0", None)
    assert again(shop)["reason"] == "current"
    assert len(shop.records()) == 1
    host.publish(manifest(privacy=history("privacy", "material", "material", requires="inform")))
    assert again(shop)["state"] == "notice"


def test_what_is_noted_on_a_first_visit_is_the_version_in_force_not_a_later_one(shop: Shop, host: Host) -> None:
    document = history("privacy", "material", "material", requires="inform")
    document["versions"][1] |= {"effective_at": "2026-12-24T00:00:00Z"}
    host.publish(manifest(privacy=document))
    shop.start()
    assert shop.call("check()")["state"] == "upcoming"
    assert [each["version"] for each in shop.records()] == ["1.0"]
    assert shop.call("due") == ["privacy"]


def test_terms_that_are_only_announced_can_not_be_declined(shop: Shop, host: Host) -> None:
    document = history("privacy", "material", "material", requires="accept")
    document["versions"][1] |= {"effective_at": "2026-12-24T00:00:00Z"}
    host.publish(manifest(privacy=document))
    shop.start()
    shop.call("check()")
    shop.call("accept()")
    assert shop.call("decide()")["state"] == "upcoming"
    shop.call("decline()")
    assert [each["action"] for each in shop.records()] == ["accepted", "dismissed"]


def test_terms_are_declined_and_not_asked_again(shop: Shop, host: Host) -> None:
    documents = "['privacy', 'terms']"
    host.publish(BOTH)
    shop.start(documents=documents)
    shop.call("check()")
    shop.call("decline()")
    actions = {each["document"]: each["action"] for each in shop.records()}
    assert actions == {"privacy": "dismissed", "terms": "declined"}
    shop.visit()
    shop.start(documents=documents)
    assert shop.call("check()")["documents"]["terms"]["state"] == "declined"
    assert shop.call("due") == []
    shop.call("accept(['terms'])")
    assert shop.call("decide()")["documents"]["terms"]["reason"] == "current"


def test_a_translation_is_what_was_agreed_to(shop: Shop, host: Host) -> None:
    german = {"url": "privacy/1.0/de/", "text": "privacy/1.0.de.md", "digest": digest("deutsch")}
    row = V10 | {"translations": {"de": german}}
    host.publish(manifest(privacy=history("privacy", "material") | {"versions": [row]}))
    shop.start("language: 'de'")
    shop.call("check()")
    assert shop.call("details('privacy')")["url"] == f"{host.address}privacy/1.0/de/"
    [made] = shop.call("accept()")["records"]
    assert (made["language"], made["digest"]) == ("de", german["digest"])
    assert again(shop)["reason"] == "current"


def test_a_shop_keeps_records_itself_and_its_failures_are_told(shop: Shop, host: Host) -> None:
    host.publish(ONE)
    shop.page.evaluate("window.kept = []; window.fails = true")
    store = """store: {
      records: async () => { if (fails) throw new Error('503'); return kept; },
      add: async (record) => { if (fails) throw new Error('503'); kept.push(record); },
    }"""
    shop.start(store)
    assert shop.call("check()")["state"] == "unknown"
    assert (shop.call("due"), shop.warnings()) == ([], ["store_read"])
    shop.page.evaluate("fails = false")
    assert shop.call("check()")["state"] == "initial"
    shop.page.evaluate("fails = true")
    assert shop.call("accept()")["stored"] is False
    assert shop.call("decide()")["reason"] == "current"
    shop.page.evaluate("fails = false")
    shop.call("check()")
    assert [each["action"] for each in shop.page.evaluate("kept")] == ["acknowledged"]
    assert shop.records() == []


def test_a_store_that_never_answers_blocks_nothing(shop: Shop, host: Host) -> None:
    host.publish(ONE)
    shop.start("store: {records: () => new Promise(() => {}), add: () => {}}, " + IMPATIENT)
    assert shop.call("check()")["state"] == "unknown"
    assert shop.warnings() == ["store_read"]


def test_a_page_without_tls_makes_uuids_too(shop: Shop, host: Host) -> None:
    host.publish(ONE)
    shop.page.evaluate("delete Crypto.prototype.randomUUID")
    shop.start()
    shop.call("check()")
    shop.call("accept()")
    assert UUID.fullmatch(shop.records()[0]["id"])


def test_addresses_are_the_webs_or_none(shop: Shop, host: Host) -> None:
    host.publish(ONE | {"base": "https://policies.example/legal/"})
    shop.start()
    shop.call("check()")
    assert shop.call("address('privacy/1.0/')") == "https://policies.example/legal/privacy/1.0/"
    assert shop.call("address('mailto:privacy@shop.example')") == "mailto:privacy@shop.example"
    assert shop.call("address('javascript:alert(1)')") is None
    assert shop.call("address('http://[')") is None
    assert shop.call(r"address(' java\tscript:alert(1)')") is None
