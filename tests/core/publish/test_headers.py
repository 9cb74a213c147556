"""What hosts are told about the published files, read back as Netlify and Cloudflare Pages read it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from core import builders
from core.strategies import ledgers
from inforce import project as sources
from inforce.model import Ledger, Policy, digest
from inforce.publish import headers

POLICIES = sources.read(builders.shipped()).policies


def rules(policies: tuple[Policy, ...], base: str = "") -> dict[str, dict[str, str]]:
    """Address -> its headers, as in the file; fails on what either host would refuse."""
    text = headers.encode(policies, base).decode()
    found: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        assert len(line) < 2000
        if line.startswith("/"):
            assert line not in found
            found[line] = {}
        elif line:
            name, value = re.fullmatch(r"  ([A-Za-z-]+): (\S.*)", line).groups()
            found[next(reversed(found))][name] = value
    return found


def sent(found: dict[str, dict[str, str]], address: str) -> list[dict[str, str]]:
    """The headers of every rule that an address matches."""
    splat = [rule for rule in found if rule.endswith("*") and address.startswith(rule[:-1])]
    return [found[rule] for rule in (*splat, *({address} & found.keys()))]


def test_each_file_has_the_headers_of_one_rule() -> None:
    found = rules(POLICIES)
    polled = (
        "/policy-manifest.json",
        "/privacy/policy-manifest.json",
        "/schema/record-1.json",
        "/storefront/review.js",
        "/vectors/rows.json",
    )
    assert [sent(found, address) for address in polled] == [[headers.POLLED]] * 5
    for number in ("1.0", "1.1", "2.0"):
        assert sent(found, f"/privacy/{number}.md") == [headers.LASTING]
    assert sent(found, "/privacy/timemap.link") == [headers.MAPPED]
    for page in ("/", "/privacy/", "/privacy/1.0/", "/privacy/redline/1.0..1.1/", "/privacy/feed.xml", "/404.html"):
        assert sent(found, page) == []


THEME = {("", "var a = 1"), ("link", "https://fonts.googleapis.com/css"), ("script", "../a.js"), ("img", "//[")}


def directives(policy: str) -> dict[str, list[str]]:
    """Directive -> its sources."""
    return {name: sources for name, *sources in (each.split() for each in policy.split(";"))}


def test_the_whole_site_has_one_policy_of_what_pages_may_run() -> None:
    policy = headers.content_security(THEME)
    text = headers.encode(POLICIES, "https://shop.example/legal/", policy).decode()
    assert text.startswith(f"/legal/*\n  Content-Security-Policy: {policy}\n\n/legal/policy-manifest.json\n")
    others = {name for found in rules(POLICIES).values() for name in found}
    assert "Content-Security-Policy" not in others  # where two rules set one header, hosts join them


def test_a_policy_allows_what_the_theme_brings_and_nothing_else() -> None:
    found = directives(headers.content_security(THEME))
    assert found["script-src"] == ["'self'", f"'{digest(b'var a = 1')}'"]
    assert found["style-src"] == ["'self'", "'unsafe-inline'", "https://fonts.googleapis.com"]
    assert found["font-src"] == ["'self'", "data:", "https://fonts.gstatic.com"]
    assert found["img-src"] == ["'self'", "data:"]
    assert found["script-src-attr"] == found["object-src"] == found["base-uri"] == ["'none'"]
    assert directives(headers.content_security(set()))["script-src"] == ["'self'"]


def test_a_script_in_each_page_is_allowed_without_a_digest_but_none_in_an_attribute() -> None:
    found = directives(headers.content_security({("", str(number)) for number in range(300)}))
    assert found["script-src"] == ["'self'", "'unsafe-inline'"]
    assert found["script-src-attr"] == ["'none'"]
    assert len(headers.content_security({("", str(number)) for number in range(16)})) < 1900  # a host reads 2,000


@given(st.lists(ledgers(), max_size=3), st.sampled_from(["", "https://a.example/", "https://a.example/legal/terms/"]))
def test_a_star_stands_at_the_end_only_and_no_address_has_two_rules(found: list[Ledger], base: str) -> None:
    policies = tuple(Policy(f"policy-{place}", None, ledger) for place, ledger in enumerate(found))
    told = rules(policies, base)
    assert all(rule.count("*") == rule.endswith("*") and ":" not in rule for rule in told)
    exact = [rule for rule in told if not rule.endswith("*")]
    assert [len(sent(told, address)) for address in exact] == [1] * len(exact)
    assert len(exact) == 1 + sum(2 + len(policy.ledger.versions) for policy in policies)


def test_below_a_path_every_rule_has_it() -> None:
    found = rules(POLICIES, "https://shop.example/legal/")
    assert all(rule.startswith("/legal/") for rule in found)
    assert sent(found, "/legal/policy-manifest.json") == [headers.POLLED]


def test_what_matters_most_comes_before_a_hundred_rules_are_full() -> None:
    base = POLICIES[0].ledger
    versions = tuple(
        builders.version(base.versions[0].clauses, number=f"1.{number}", document="privacy") for number in range(120)
    )
    terms = tuple(builders.version(base.versions[0].clauses, number="1.0", document="terms") for _ in range(1))
    policies = (Policy("privacy", None, Ledger("privacy", versions)), Policy("terms", None, Ledger("terms", terms)))
    first = list(rules(policies))[:100]
    assert first[:10] == [
        "/policy-manifest.json",
        "/schema/*",
        "/storefront/*",
        "/vectors/*",
        "/privacy/policy-manifest.json",
        "/terms/policy-manifest.json",
        "/privacy/1.119.md",
        "/terms/1.0.md",
        "/privacy/timemap.link",
        "/terms/timemap.link",
    ]
    assert len([rule for rule in first if rule.endswith(".md")]) == 92
