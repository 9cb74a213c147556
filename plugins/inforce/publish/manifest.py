"""Policies -> the JSON that a storefront polls; and one that was public -> what a ledger says otherwise.

It makes no statement about *now*: the same ledger gives the same bytes.
"""

import json
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import zip_longest
from typing import Any
from urllib.parse import urljoin

from inforce.errors import Level, Problem
from inforce.ledger import chain
from inforce.ledger.addresses import ALL_UP_TO, WINDOW, Addresses, relative
from inforce.model import Change, Ledger, Policy, Version
from inforce.text import characters
from inforce.text.html import name_of

PATH = "policy-manifest.json"
EPOCHS = range(1_000_001)
"""What an epoch may be: no client follows a higher one."""
SCHEMA_PATH = "schema/policy-manifest-1.json"


def build(policies: Sequence[Policy], base: str = "", epoch: int = 0, path: str = PATH) -> dict[str, Any]:
    """The manifest of these policies as JSON values; its serial counts their files, so it rises with their chains.

    ``base`` is the site's address; empty, addresses are relative to the manifest, which stands at ``path`` below it.
    ``epoch`` is raised by hand where the serial has to go back; 0 is left out.
    """
    lead = partial(relative, "" if base else path)
    manifest: dict[str, Any] = {
        "$schema": relative(path, SCHEMA_PATH),
        "schema_version": 1,
        "serial": chain.serial(policies),
        "documents": {policy.document: _document(policy, lead) for policy in policies if policy.ledger.versions},
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


def _document(policy: Policy, lead: Callable[[str], str]) -> dict[str, Any]:
    """``lead`` gives an address below the site's as the manifest writes it."""
    addresses, latest = Addresses(policy.document), policy.ledger.latest
    assert latest
    retirement = policy.ledger.retirement
    texts = Counter(version.text_digest for version in policy.ledger.versions)
    redline = {"url": lead(addresses.redline("{from}", "{to}")), "since": lead(addresses.since("{from}"))}
    document: dict[str, Any] = {
        "title": latest.title,
        "kind": latest.kind,
        "status": "retired" if retirement else "published",
        "url": lead(addresses.current),
        "history": lead(addresses.archive),
        "redline": {**redline, "all_up_to": ALL_UP_TO, "window": WINDOW},
        "head": policy.ledger.head,
        "versions": [
            _version(policy, version, lead, shares_text=texts[version.text_digest] > 1)
            for version in policy.ledger.versions
        ],
    }
    told = {
        "events": [event.digest for event in policy.ledger.events],
        "contact": policy.draft and policy.draft.settings.contact,
        "retired_at": policy.ledger.retired_at and utc(policy.ledger.retired_at),
        "replaced_by": retirement and retirement.replaced_by,
    }
    return document | {key: value for key, value in told.items() if value}


def _version(policy: Policy, version: Version, lead: Callable[[str], str], *, shares_text: bool) -> dict[str, Any]:
    """A version's row. Only one that ``shares_text`` with another needs to tell its digest."""
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
        "url": lead(addresses.version(version.number)),
        "text": lead(addresses.text(version.number)),
        "digest": version.digest,
        "changes": [_change(policy, version, change) for change in version.changes],
    }
    withdrawal = policy.ledger.withdrawals.get(version.number)
    told = {
        "text_digest": shares_text and version.text_digest,
        "accept_by": version.accept_by and utc(version.accept_by),
        "reconfirm_every": version.reconfirm_every,
        "amends": version.amends,
        "withdrawn_at": withdrawal and utc(withdrawal.at),
    }
    return row | {key: value for key, value in told.items() if value}


def clause_title(policy: Policy, version: Version, clause: str) -> str:
    """What a clause is called in ``version``, or was called in the one it amends; its id where neither has it."""
    holder = version if clause in version.by_id else policy.ledger.amended_by(version)
    if holder and clause in holder.by_id:
        return name_of(holder.by_id[clause])
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
        amended = policy.ledger.amended_by(version)
        own = len(change.was) > 1 and amended is not None and change.clause in amended.by_id
        row["was"] = [*([change.clause] if own else []), *change.was]
    return row


_BEHIND = "Bring this ledger up to date; if it is, it was rewritten, or somebody else published that"
_HIDES = "Find out who published that manifest: it hides what had been published, or this was put in later"
_CHANGED = "One of the two was changed: inforce verify tells what git knows, a customer's receipt which was shown"
_SETTINGS = {
    "base": "The ledger does not settle it: see whether that is, or was, the site's address",
    "epoch": "The ledger does not settle it: see mkdocs.yml",
    "contact": "The ledger does not settle it: see whether policy.yml was changed since",
}
_NOTHING = object()


def disagreements(
    policies: Sequence[Policy], public: Mapping[str, Any], place: str, only: str = ""
) -> Iterator[Problem]:
    """Where a manifest that was ``public`` differs from the one that this ledger gave when it was as old.

    How old it is, the ``head`` of each document says: what was published since is no disagreement. What the ledger does
    not settle is a warning. ``place``, an address or a file, is where it was found; ``only`` names one document.
    """
    then = [
        _as_of(each, public["documents"][each.document]) for each in policies if each.document in public["documents"]
    ]
    own = [Addresses(each.document).manifest for each in then if len(then) == 1]
    path = next((each for each in own if public.get("$schema") == relative(each, SCHEMA_PATH)), PATH)
    base = urljoin(place, relative(path, "")) if "base" in public and "://" in place else ""
    for way, theirs, own in _differences(_by_number(public), _by_number(build(then, base, path=path))):
        if way[0] != "documents" or only in ("", way[1]):
            yield _disagreement(place, way, theirs, own)
    if public["serial"] >= chain.serial(policies):
        for policy in policies:
            if policy.ledger.entries and policy.document not in public["documents"] and only in ("", policy.document):
                yield Problem(place, 0, "against", f"It lacks the policy {policy.document}", _HIDES)


def _as_of(policy: Policy, document: Mapping[str, Any]) -> Policy:
    """The policy with so much of its chain as a manifest's ``document`` tells of.

    Where its head is not in the chain, that is up to the last version whose number it has, or the last of as many
    events.
    """
    entries = policy.ledger.entries
    numbers = {row["version"] for row in document["versions"]}
    events = policy.ledger.events[: len(document.get("events", []))]
    named = [entry.digest == document.get("head") for entry in entries]
    if True not in named:
        named = [entry in events or getattr(entry, "number", None) in numbers for entry in entries]
    end = max((at for at, is_named in enumerate(named, 1) if is_named), default=0)
    return replace(policy, ledger=Ledger(policy.document, entries[:end]))


def _by_number(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest with each document's versions by their numbers, so that each is held against its own."""
    documents = {
        name: {**document, "versions": {row["version"]: row for row in document["versions"]}}
        for name, document in manifest["documents"].items()
    }
    return {**manifest, "documents": documents}


def _differences(theirs: Any, own: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any, Any]]:
    """Each value that two JSON values do not share: the way to it, and the two."""
    if isinstance(theirs, dict) and isinstance(own, dict):
        for key in {**own, **theirs}:
            yield from _differences(theirs.get(key, _NOTHING), own.get(key, _NOTHING), (*way, key))
    elif isinstance(theirs, list) and isinstance(own, list):
        for at, pair in enumerate(zip_longest(theirs, own, fillvalue=_NOTHING)):
            yield from _differences(*pair, (*way, at))
    elif type(theirs) is not type(own) or theirs != own:
        yield way, theirs, own


def _disagreement(place: str, way: tuple[Any, ...], theirs: Any, own: Any) -> Problem:
    """``way`` leads to a field, to a version or to a document; a version's row tells of itself by its digest."""
    of = way[1:2] if way[0] == "documents" else ()
    of += way[3:4] if way[2:3] == ("versions",) else ()
    field = ".".join(map(str, way if not of else way[2 * len(of) :]))
    setting = _SETTINGS.get(field) if len(of) < 2 else None
    is_ahead = own is _NOTHING or (field == "serial" and theirs > own)
    cure = setting or (_BEHIND if is_ahead else _HIDES if theirs is _NOTHING else _CHANGED)
    if not field:
        theirs, own = (each if each is _NOTHING else _named(each) for each in (theirs, own))
    what = f"{' '.join((*of, field)).rstrip()}: {_shown(theirs)} in it, {_shown(own)} here"
    what = "".join(each if each.isprintable() else characters.sign(each) for each in what)  # a stranger wrote it
    return Problem(place, 0, "against", what, cure, Level.WARNING if setting else Level.ERROR)


def _named(whole: Mapping[str, Any]) -> str:
    """A version's row by its digest, a document by its versions."""
    return whole["digest"] if "digest" in whole else ", ".join(whole["versions"])


def _shown(value: Any) -> str:
    if value is _NOTHING:
        return "nothing"
    return "something" if isinstance(value, dict | list) else textwrap.shorten(str(value), 100, placeholder=" …")
