"""Which links lead somewhere: those to addresses that the site publishes, no others."""

from __future__ import annotations

import pytest

from core import builders
from core.builders import POLICY, Files, at
from inforce import project as sources
from inforce.check.form import dead_links
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
