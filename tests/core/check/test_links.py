"""Which links lead somewhere: those to addresses that the site publishes, no others."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import builders
from core.builders import POLICY, Files, at
from core.histories import NAMES, histories
from inforce import project as sources
from inforce.changes import lineage
from inforce.check.links import DeadLink, dead_links
from inforce.model import Ledger, Policy
from inforce.publish.publication import Publication

TERMS = {"preamble": "Hello.", "orders": "## Orders\n\nYes."}


def moved(files: Files, name: str) -> Files:
    """The same policy under another id, its ledger left out."""
    return {p.replace("/privacy/", f"/{name}/"): data for p, data in files.items() if p.startswith("policy/")}


def project(target: str) -> Files:
    """A policy with three versions and a link in its draft, and the terms, which were never released."""
    files = {**builders.shipped(), **moved(builders.policy(TERMS), "terms")}
    return {**files, f"{POLICY}contact.md": f"## Contact\n\nSee [there](../{target}).\n".encode()}


def addresses(files: Files) -> set[str]:
    """Everything below a policy's address that the site publishes, drafts left out."""
    found = Publication(sources.read(files), at("2026-03-10"))
    pages = {page.address for page in found.pages()}
    texts = {address for address, _ in found.files({}) if "/" in address}
    return pages | texts | {f"{policy.document}/feed.xml" for policy in found.policies if policy.ledger.versions}


PUBLISHED = addresses(builders.shipped())
UNRELEASED = {address.replace("privacy/", "terms/") for address in PUBLISHED}
NEVER = {"privacy/2.1/", "privacy/1.2.md", "privacy/clauses/none/", "privacy/redline/1.1..1.0/", "privacy/events/"}


@pytest.mark.parametrize("target", sorted(PUBLISHED | UNRELEASED | NEVER))
def test_a_link_is_alive_where_the_site_has_its_address(target: str) -> None:
    files = project(target)
    policies = sources.read(files).policies
    dead = [link.written for link in dead_links(policies[0], policies[0].draft.clauses, policies)]
    own = target in ("privacy/", "terms/")  # a policy's own address: it is there as soon as it is released
    assert (dead == []) == (own or target in addresses(files))


def test_a_link_into_a_policy_that_was_never_released_says_so() -> None:
    policies = sources.read(project("terms/versions/")).policies
    [link] = dead_links(policies[0], policies[0].draft.clauses, policies)
    assert link.what == "terms was never released, so it has no page versions/"
    assert link.cure == "Link to ../terms/, or release it first"


def linked(policy: Policy, name: str) -> list[DeadLink]:
    """What is wrong with a link to a clause on the policy's own page."""
    text = builders.clause("here", f"See [it](../{policy.document}/#{name}).")
    return list(dead_links(Policy("other", None, Ledger("other")), (text,), (policy,)))


@given(histories(), st.sampled_from(NAMES))
def test_a_link_to_a_clause_that_is_gone_is_led_to_what_it_became(ledger: Ledger, name: str) -> None:
    latest = ledger.latest
    assert latest
    found = linked(Policy("privacy", None, ledger), name)
    assert (not found) == (name in latest.by_id)
    had = [version for version in ledger.standing if name in version.by_id]
    for link in found if had else []:
        heir = lineage.heirs(lineage.between(ledger, had[-1], latest)).get(name)
        told = re.match(r"Link to (?:`(.+)`, which it became|privacy/(.+)/#)", link.cure)
        assert told
        assert told.groups() == ((heir, None) if heir else (None, had[-1].number))


def test_a_clause_that_the_draft_renames_is_told_by_its_new_id() -> None:
    files = builders.shipped()
    texts = {"reach" if name == "contact" else name: text for name, text in builders.TEXTS.items()}
    texts["reach"] = '---\nwas: ["contact"]\n---\n' + texts["reach"]
    ledger = {path: data for path, data in files.items() if path.startswith("versions/")}
    [policy] = sources.read({**ledger, **builders.policy(texts)}).policies
    [link] = linked(policy, "contact")
    assert link.cure == "Link to `reach`, which it became"
