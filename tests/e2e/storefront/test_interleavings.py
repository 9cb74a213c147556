"""An answer is about the text that was on the screen, whatever other tabs, the clock and the host did meanwhile."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from playwright.sync_api import expect

from e2e.storefront.manifests import START, Json, history, manifest, record, version
from e2e.storefront.shop import Host, Shop
from e2e.storefront.test_dialog import press

RUNS, STEPS = 60, 40

# Two tabs of one customer: one store, one clock, one host. A record is checked as it is made, against what its tab's
# dialog said just before the button was pressed. The store is slow by chance, so that steps overlap.
LIFE = """async ([manifests, seed, steps]) => {
  const {createPolicyReview} = await import('/storefront/client.js');
  const {openDialog} = await import('/storefront/dialog.js');
  let state = seed;
  const random = (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
  const pause = () => new Promise((done) => random(3) ? done() : setTimeout(done, random(4)));
  let clock = Date.parse('2026-01-01T00:00:00Z'), published = 0;
  const records = [], wrong = [], log = [], tabs = [];
  const fetched = window.fetch;
  window.fetch = async () => {
    const body = JSON.stringify(manifests[published]);
    await pause();
    return new Response(body);
  };
  localStorage.clear();
  const digests = new Map(manifests.flatMap(({documents}) => Object.values(documents).flatMap(({title, versions}) =>
    versions.map((row) => [`${title} ${row.version}`, row.digest]))));
  // What is asked about, and what is announced beside it.
  const shownIn = (dialog) => [...dialog.querySelectorAll('section')].map((section) =>
    [...section.textContent.matchAll(/Version (\\d+\\.\\d+)(?:, in force| takes effect)/g)].map(([, version]) =>
      `${section.querySelector('h3').textContent} ${version}`));
  for (const name of ['a', 'b']) {
    const tab = {name, dialog: null, pressed: null, made: []};
    tab.review = createPolicyReview({
      // Of each life its own: what one leaves under way when it ends must not come into the next.
      manifestUrl: `https://policies.example/${seed}/policy-manifest.json`, documents: ['privacy', 'terms'],
      now: () => clock,
      store: {
        records: async () => { const now = [...records]; await pause(); return now; },
        add: async (record) => {
          if (records.some(({id}) => id === record.id)) return; // another tab may send it, too
          tab.made.push(`${record.document === 'terms' ? 'Shop Terms' : 'Shop Privacy'} ${record.version}`);
          if (digests.get(tab.made.at(-1)) !== record.digest) wrong.push(['digest', record]);
          records.push(record);
          await pause();
        },
      },
    });
    tabs.push(tab);
  }
  for (let step = 0; step < steps; step++) {
    const tab = tabs[random(2)], open = tab.dialog?.open ? tab.dialog : null, what = random(8);
    let under = null;
    if (what === 0) clock += random(40) * 864e5;
    else if (what === 1) published = Math.min(published + 1, manifests.length - 1);
    else if (what === 2) under = tab.review.check();
    else if (what === 3) under = tab.review.decide();
    else if (!open) await tab.review.check().then(() => { tab.dialog = openDialog(tab.review); });
    else if (what > 5) {
      const buttons = [...open.querySelectorAll('button')], asks = open.querySelector('section');
      if (!asks) { buttons.at(-1).click(); continue; }
      if (buttons[0].disabled) { await pause(); continue; }
      const told = shownIn(open), button = random(5) ? random(2) : 2;
      const shown = (button ? told.map(([asked]) => asked) : told.flat()).sort();
      tab.made.length = 0;
      if (button < 2) buttons[button].click();
      else { open.close(); await new Promise((done) => open.addEventListener('close', done)); } // Escape
      log.push(shown.join(', '));
      if (JSON.stringify(tab.made.sort()) !== JSON.stringify(shown)) wrong.push([shown, [...tab.made]]);
    }
    if (random(2)) await under;
  }
  for (const {dialog} of tabs) dialog?.close('gone');
  window.fetch = fetched;
  return [wrong, log.length, records.length];
}"""


def growing(chance: random.Random) -> list[Json]:
    """The manifests that a host publishes one after another: versions are announced, some are withdrawn again."""
    documents: dict[str, Json] = {
        "privacy": history("privacy", "material"),
        "terms": history("terms", "material", requires="accept"),
    }
    found = [manifest(serial=0, **documents)]
    announced = START
    for serial in range(1, 8):
        name = chance.choice(["privacy", "terms"])
        rows = documents[name]["versions"]
        announced += timedelta(days=chance.randrange(20))
        rows = [*rows, _coming(name, len(rows) + 1, announced, chance)]
        if chance.random() < 0.2:
            at = announced.strftime("%Y-%m-%dT%H:%M:%SZ")
            rows[-2] = rows[-2] | ({"withdrawn_at": at} if len(rows) > 2 else {})
        documents[name] = documents[name] | {"versions": rows}
        found.append(manifest(serial=serial, **documents))
    return found


def _coming(name: str, sequence: int, announced: Any, chance: random.Random) -> Json:
    effective = announced + timedelta(days=chance.choice([0, 7, 30]))
    return version(
        name,
        sequence,
        chance.choice(["material", "material", "notice", "editorial"]),
        requires="accept" if name == "terms" else "acknowledge",
        announced_at=announced.strftime("%Y-%m-%dT%H:%M:%SZ"),
        effective_at=effective.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def test_every_record_names_the_text_that_its_dialog_showed(shop: Shop) -> None:
    answered = 0
    for seed in range(RUNS):
        wrong, count, _ = shop.page.evaluate(LIFE, [growing(random.Random(seed)), seed, STEPS])
        assert wrong == [], seed
        answered += count
    assert answered > 2 * RUNS, "hardly anything was asked: the test shows nothing"


def test_a_dialog_that_was_overtaken_is_drawn_anew_and_says_so(shop: Shop, host: Host) -> None:
    host.publish(manifest(serial=0, privacy=history("privacy", "material")))
    waiting = shop.asks()
    expect(waiting).to_contain_text("Version 1.0, in force since")
    coming = version("privacy", 2, effective_at="2026-12-24T00:00:00Z", announced_at="2026-11-24T00:00:00Z")
    host.publish(manifest(privacy=history("privacy", "material") | {"versions": [version("privacy", 1), coming]}))
    shop.call("check()")
    expect(waiting).to_contain_text("Version 1.1 takes effect on")
    expect(waiting).to_contain_text("Something changed while this was open.")
    expect(waiting.get_by_role("heading", level=2)).to_be_focused()
    press(waiting, "I have read this")
    expect(waiting).to_have_count(0)
    assert sorted((each["version"], each["action"]) for each in shop.records()) == [
        ("1.0", "acknowledged"),
        ("1.1", "dismissed"),
    ]


def test_one_dialog_tells_what_is_in_force_and_what_is_announced(shop: Shop, host: Host) -> None:
    coming = version("privacy", 2, effective_at="2026-12-24T00:00:00Z", announced_at="2026-11-24T00:00:00Z")
    host.publish(manifest(privacy=history("privacy", "material") | {"versions": [version("privacy", 1), coming]}))
    dialog = shop.asks()
    expect(dialog).to_contain_text("Version 1.0, in force since")
    expect(dialog).to_contain_text("Version 1.1 takes effect on")
    press(dialog, "I have read this")
    expect(dialog).to_have_count(0)
    shop.visit()
    expect(shop.asks()).to_have_count(0)  # they were told
    shop.visit(at="2026-12-25T00:00:00Z")
    expect(shop.asks()).to_contain_text("Version 1.1, in force since")


def test_what_is_only_announced_is_a_banner_that_takes_no_focus(shop: Shop, host: Host) -> None:
    host.publish(manifest(serial=0, privacy=history("privacy", "material")))
    press(shop.asks(), "I have read this")
    coming = version("privacy", 2, effective_at="2026-12-24T00:00:00Z", announced_at="2026-11-24T00:00:00Z")
    host.publish(manifest(privacy=history("privacy", "material") | {"versions": [version("privacy", 1), coming]}))
    shop.visit()
    banner = shop.asks()
    expect(banner).to_contain_text("Version 1.1 takes effect on")
    assert not shop.page.evaluate("document.querySelector('dialog.policy-review').matches(':modal')")
    assert shop.page.evaluate("document.activeElement === document.body")
    shop.page.get_by_role("button", name="Pay").click()  # nothing holds the page up
    press(banner, "I have read this")
    expect(banner).to_have_count(0)
    assert [each["version"] for each in shop.records()] == ["1.0", "1.1"]


def test_a_banner_whose_version_takes_effect_becomes_a_question(shop: Shop, host: Host) -> None:
    host.publish(manifest(serial=0, privacy=history("privacy", "material")))
    press(shop.asks(), "I have read this")
    coming = version("privacy", 2, effective_at="2026-12-24T00:00:00Z", announced_at="2026-11-24T00:00:00Z")
    host.publish(manifest(privacy=history("privacy", "material") | {"versions": [version("privacy", 1), coming]}))
    shop.visit()
    expect(shop.asks()).to_contain_text("Version 1.1 takes effect on")
    shop.page.clock.set_fixed_time("2026-12-25T00:00:00Z")
    shop.page.evaluate("element.ask()")
    expect(shop.page.get_by_role("dialog")).to_contain_text("Version 1.1, in force since")
    assert shop.page.evaluate("document.querySelector('dialog.policy-review').matches(':modal')")


def test_a_policy_that_ends_under_an_open_dialog_asks_no_more(shop: Shop, host: Host) -> None:
    host.publish(manifest(privacy=history("privacy", "material") | {"retired_at": "2026-12-24T00:00:00Z"}))
    dialog = shop.asks()
    expect(dialog).to_be_visible()
    end = "Date.parse('2026-12-24T00:00:00Z')"
    assert shop.page.evaluate(f"element.review.next === {end}")  # when it will be decided anew by itself
    shop.page.clock.set_fixed_time("2026-12-24T00:00:00Z")
    shop.page.evaluate("element.ask()")
    expect(dialog).to_have_count(0)


def test_a_version_that_takes_effect_under_an_open_dialog_is_asked_about_by_itself(shop: Shop, host: Host) -> None:
    rows = [version("privacy", 1), version("privacy", 2, effective_at="2026-12-24T00:00:00Z")]
    host.publish(manifest(privacy=history("privacy", "material") | {"versions": rows}))
    dialog = shop.asks()
    shop.page.clock.set_fixed_time("2026-12-25T00:00:00Z")
    press(dialog, "I have read this")  # nothing was decided anew: the text on the screen is still 1.0
    noted = {each["version"]: each for each in shop.records()}
    assert {number: each["action"] for number, each in noted.items()} == {"1.0": "acknowledged", "1.1": "dismissed"}
    assert record(rows[0])["digest"] == noted["1.0"]["digest"]
    assert shop.call("decide()")["documents"]["privacy"]["version"] == "1.1"
