"""Policies -> the JSON that a storefront polls; and one that was public -> what a ledger says otherwise.

It makes no statement about *now*: the same ledger gives the same bytes.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from inforce.errors import Problem
from inforce.ledger.addresses import ALL_UP_TO, WINDOW, Addresses
from inforce.model import Change, Ledger, Policy, Version
from inforce.text.html import render
from inforce_client.review import Prepared, prepare

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
    written = moment.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    return f"{written.isoformat()}Z"  # strftime writes the year 1 with one digit


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


_BEHIND = "Bring this ledger up to date; if it is, it was rewritten, or somebody else published that"
_HIDES = "Find out who published that manifest: it hides what had been published, or this was put in later"
_FACTS = {
    "sequence": "sequence",
    "text_digest": "text_digest",
    "announced": "announced_at",
    "effective": "effective_at",
    "severity": "severity",
    "requires": "requires",
}
"""What a version's row says beside its digest, as the reading of a manifest calls it, and the manifest itself."""


def disagreements(policies: Sequence[Policy], public: Prepared, place: str, only: str = "") -> Iterator[Problem]:
    """What a manifest that was ``public`` says, and the ledgers of ``policies`` do not, or the other way round.

    It may be older: what was published since is no disagreement. One that tells of no heads yet is taken for complete
    only where its serial is no less than the ledger's. ``place`` is where it was found; ``only`` names one document.
    """
    ours, ledgers = prepare(build(policies)), {policy.document: policy.ledger for policy in policies}
    complete = public.serial >= ours.serial
    if public.serial > ours.serial:
        yield Problem(place, 0, "against", f"Its serial is {public.serial}, this ledger's {ours.serial}", _BEHIND)
    asked = [name for name in {**public.documents, **ours.documents} if only in ("", name)]
    for name in (name for name in asked if name in public.documents):
        if name not in ours.documents:
            yield Problem(place, 0, "against", f"It has the policy {name}, of which nothing is published here", _BEHIND)
            continue
        yield from _rows(name, ours, public, place)
        yield from _chain(name, ledgers[name], public, place, complete=complete)
    for name in asked:
        if complete and name not in public.documents:
            yield Problem(place, 0, "against", f"It lacks the policy {name}", _HIDES)


def _rows(name: str, ours: Prepared, public: Prepared, place: str) -> Iterator[Problem]:
    """Versions that are not here, have another digest, or are told of otherwise."""
    for row in public.documents[name].versions:
        own = ours.documents[name].by_number.get(row.number)
        if own is None:
            what = f"It has {name} {row.number} with the digest {row.digests[0]}, and there is none here"
            yield Problem(place, 0, "against", what, _BEHIND)
            continue
        if row.digests[0] != own.digests[0]:
            what = f"{name} {row.number} has the digest {row.digests[0]} in it, and {own.digests[0]} here"
            cure = (
                "One of the two was changed: inforce verify tells what git knows, a customer's receipt which was shown"
            )
            yield Problem(place, 0, "against", what, cure)
            continue
        told = [key for fact, key in _FACTS.items() if getattr(row, fact) != getattr(own, fact)]
        told += ["withdrawn_at"] if row.withdrawn and not own.withdrawn else []
        told += [f"translations.{language}" for language in row.translations if language not in own.translations]
        if told:
            what = f"It says something else of {name} {row.number}, in {', '.join(told)}, than the file with its digest"
            yield Problem(place, 0, "against", what, "Find out who published that manifest")


def _chain(name: str, ledger: Ledger, public: Prepared, place: str, *, complete: bool) -> Iterator[Problem]:
    """Files of its chain that are not here, and files here, before its head, that it has not."""
    document, here = public.documents[name], [entry.digest for entry in ledger.entries]
    known = dict.fromkeys(each for each in (*document.events, document.head) if each)
    rows = {version.digests[0] for version in document.versions}
    for digest in known:
        if digest not in here and digest not in rows:
            yield Problem(place, 0, "against", f"The chain of {name} has {digest} in it, and not here", _BEHIND)
    if document.head in here:
        end = here.index(document.head) + 1
    else:
        end = len(here) if complete and document.head is None else 0
    told = {*rows, *known} if document.head else rows
    for entry in ledger.entries[:end]:
        of_old = document.head is None and not isinstance(entry, Version)
        if entry.digest not in told and not of_old and getattr(entry, "number", None) not in document.by_number:
            yield Problem(place, 0, "against", f"It lacks {entry.path}, which stands here before its head", _HIDES)
