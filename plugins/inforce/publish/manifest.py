"""Policies -> the JSON that a storefront polls.

It makes no statement about *now*: the same ledger gives the same bytes.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from inforce.ledger.addresses import ALL_UP_TO, WINDOW, Addresses
from inforce.model import Change, Policy, Version
from inforce.text.html import render

PATH = "policy-manifest.json"
EPOCHS = range(1_000_001)
"""What an epoch may be: no client follows a higher one."""
SCHEMA_PATH = "schema/policy-manifest-1.json"


def build(policies: Sequence[Policy], base: str = "", epoch: int = 0) -> dict[str, Any]:
    """The manifest as JSON values. ``base`` is the site's address; empty, addresses are relative to the manifest.

    ``epoch`` is raised by hand where the serial has to go back; 0 is left out.
    """
    manifest: dict[str, Any] = {
        "$schema": SCHEMA_PATH,
        "schema_version": 1,
        "serial": sum(len(policy.ledger.entries) for policy in policies),
        "documents": {policy.document: _document(policy) for policy in policies if policy.ledger.versions},
    }
    if base:
        manifest["base"] = base
    if epoch:
        manifest["epoch"] = epoch
    return manifest


def encode(manifest: dict[str, Any]) -> bytes:
    """The manifest's bytes: keys sorted, UTF-8, LF."""
    return (json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def utc(moment: datetime) -> str:
    """An instant in UTC, to the second, as RFC 3339 writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _document(policy: Policy) -> dict[str, Any]:
    addresses, latest = Addresses(policy.document), policy.ledger.latest
    assert latest
    retirement = policy.ledger.retirement
    document: dict[str, Any] = {
        "title": latest.title,
        "kind": latest.kind,
        "status": "retired" if retirement else "published",
        "url": addresses.current,
        "history": addresses.archive,
        "redline": {"url": addresses.redline("{from}", "{to}"), "all_up_to": ALL_UP_TO, "window": WINDOW},
        "head": policy.ledger.head,
        "versions": [_version(policy, version) for version in policy.ledger.versions],
    }
    if policy.ledger.events:
        document["events"] = [event.digest for event in policy.ledger.events]
    if policy.draft:
        document["contact"] = policy.draft.settings.contact
    if retirement:
        document["retired_at"] = utc(retirement.at)
    return document


def _version(policy: Policy, version: Version) -> dict[str, Any]:
    addresses = Addresses(policy.document)
    row: dict[str, Any] = {
        "sequence": policy.ledger.sequence[version.number],
        "version": version.number,
        "announced_at": utc(version.announced),
        "effective_at": utc(version.effective),
        "language": version.language,
        "requires": str(version.requires),
        "severity": str(version.severity),
        "summary": version.summary,
        "url": addresses.version(version.number),
        "text": addresses.text(version.number),
        "digest": version.digest,
        "text_digest": version.text_digest,
        "changes": [_change(policy, version, change) for change in version.changes],
    }
    if version.amends:
        row["amends"] = version.amends
    if withdrawal := policy.ledger.withdrawals.get(version.number):
        row["withdrawn_at"] = utc(withdrawal.at)
    return row


def clause_title(policy: Policy, version: Version, clause: str) -> str:
    """What a clause is called in ``version``, or was called in the one it amends; its id where neither has it."""
    holder = version if clause in version.by_id else policy.ledger.by_number.get(version.amends or "")
    if holder and clause in holder.by_id:
        return render(holder.by_id[clause]).name
    return clause


def _change(policy: Policy, version: Version, change: Change) -> dict[str, Any]:
    row: dict[str, Any] = {
        "clause": change.clause,
        "title": clause_title(policy, version, change.clause),
        "kinds": list(change.kinds),
        "severity": str(change.severity),
    }
    if change.note:
        row["note"] = change.note
    if change.was:
        # Of several, its own is named, too, where it is one: who has not seen the older text could not tell otherwise.
        amended = policy.ledger.by_number.get(version.amends or "")
        own = len(change.was) > 1 and amended is not None and change.clause in amended.by_id
        row["was"] = [*([change.clause] if own else []), *change.was]
    return row
