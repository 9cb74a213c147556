"""Customers' records as JSON -> what a ledger has to say of each: which text it names, and what is wrong with it.

A receipt is one record, or a list of them: a customer's whole history. Bytes in, values out. The fields are those of
``storefront/schema/record-1.json``; fields that are not known are left alone. The digest decides which text was agreed
to, never the number beside it. What a shop concludes from records is the business of the review decision.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inforce import model
from inforce.errors import Level, Problem, fail, gathered, meant, refuse
from inforce.ledger import chain, entries
from inforce.model import Policy, Version
from inforce.text import clauses
from inforce_client.answers import ACTIONS
from inforce_client.copies import TwiceError, loads
from inforce_client.review import instant

_DIGEST = re.compile(r"sha256-[A-Za-z0-9+/]{43}=\Z")


@dataclass(frozen=True)
class Receipt:
    """One record. ``place`` says where it was read; what a record may leave out is None where it does."""

    place: str
    id: str
    action: str
    document: str
    version: str
    digest: str
    at: datetime
    until: datetime | None = None
    sequence: int | None = None
    language: str | None = None
    base: str | None = None
    manifest_serial: int | None = None
    head: str | None = None
    surface: str | None = None


@dataclass(frozen=True)
class Finding:
    """What a ledger has to say of a receipt: the ``version`` whose text its digest names, None where there is none."""

    receipt: Receipt
    policy: Policy | None = None
    version: Version | None = None
    problems: tuple[Problem, ...] = ()


def read(data: bytes, name: str) -> tuple[Receipt, ...]:
    """The receipts in a file called ``name``: one JSON object, or a list of them.

    Raises InForceError with everything that is wrong in it.
    """
    try:
        value = loads(data.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise fail(name, error.lineno, "receipt", f"This is not JSON ({error.msg})", _EXPORT) from None
    except (ValueError, RecursionError) as error:
        what = str(error) if isinstance(error, TwiceError) else "This is not JSON in UTF-8"
        raise fail(name, 0, "receipt", what, _EXPORT) from None
    if not isinstance(value, list):
        return (_receipt(value, name),)
    found, problems = gathered(lambda row: _receipt(row[1], f"{name}, record {row[0]}"), enumerate(value, 1))
    refuse(problems)
    if not found:
        raise fail(name, 0, "receipt", "The list holds no record", _EXPORT)
    return tuple(found)


_EXPORT = "Export the record as one JSON object, or several as a list of them"


def _matching(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and bool(pattern.match(value))


def _integer(least: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= least


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


_NEEDED: dict[str, tuple[Callable[[Any], bool], str]] = {
    "id": (_text, "a text, a UUID"),
    "action": (lambda value: value in ACTIONS, ", ".join(ACTIONS)),
    "document": (_matching(clauses.ID), "a policy's id, such as privacy"),
    "version": (_matching(entries.NUMBER), "a version's number in quotes, such as 1.1"),
    "digest": (_matching(_DIGEST), "sha256- and the Base64 of the file's SHA-256"),
}
_OPTIONAL: dict[str, tuple[Callable[[Any], bool], str]] = {
    "sequence": (_integer(1), "a whole number from 1"),
    "language": (_matching(model.LANGUAGE), "a language tag, such as en"),
    "base": (_matching(entries.NUMBER), "the number of the version last agreed to"),
    "manifest_serial": (_integer(0), "a whole number from 0"),
    "head": (_matching(_DIGEST), "sha256- and the Base64 of the SHA-256 of a ledger file"),
    "surface": (_text, "a text"),
}
_INSTANTS = ("at", "until")


def _receipt(record: Any, place: str) -> Receipt:
    if not isinstance(record, dict):
        raise fail(place, 0, "receipt", "This is not a JSON object", _EXPORT)
    problems = []
    for key, (fits, wanted) in (_NEEDED | _OPTIONAL).items():
        value = record.get(key)
        if not fits(value) and not (value is None and key in _OPTIONAL):
            what = f"`{key}` is {_shown(value)}" if key in record else f"`{key}` is missing"
            problems.append(Problem(place, 0, "receipt-field", what, f"It must be {wanted}"))
    instants, wrong = gathered(lambda key: _instant(record.get(key), place, key), _INSTANTS)
    refuse((*problems, *wrong))
    known: dict[str, Any] = {key: record.get(key) for key in (_NEEDED | _OPTIONAL)}
    return Receipt(place, **known | dict(zip(_INSTANTS, instants, strict=True)))


def _instant(value: Any, place: str, key: str) -> datetime | None:
    if value is None and key == "until":
        return None
    try:
        return instant(value)
    except (TypeError, ValueError):
        cure = "It must be an instant with its offset, such as 2027-01-15T00:00:00Z"
        what = f"`{key}` is {_shown(value)}" if value is not None else f"`{key}` is missing"
        raise fail(place, 0, "receipt-field", what, cure) from None


def _shown(value: Any) -> str:
    """A value as a message quotes it: on one line, and of a length that leaves room for the message."""
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def check(policies: Sequence[Policy], receipt: Receipt) -> Finding:
    """What the ledgers of ``policies``, which must be without error, have to say of a receipt.

    A problem of level error means that the receipt names what is not here, or that its digest is no file's; one of
    level warning, that something beside the digest disagrees with the ledger.
    """
    policy = next((policy for policy in policies if policy.document == receipt.document), None)
    named = policy.ledger.by_number.get(receipt.version) if policy else None
    versions = [named] if named else []
    versions += [version for policy in policies for version in policy.ledger.versions if version is not named]
    for likeness, (of, words, cure) in _LIKENESSES.items():
        for version in versions:
            if of(version) == receipt.digest:
                holder = next(policy for policy in policies if policy.document == version.document)
                problems = []
                if likeness:
                    what = f"The digest is not that of {version.path}; it is {words}"
                    problems.append(Problem(receipt.place, 0, "receipt-bytes", what, cure))
                if version is not named:
                    problems.append(_other_version(receipt, version))
                problems += _other_chain(policies, receipt, holder)
                return Finding(receipt, holder, version, (*problems, *_disagreements(receipt, holder, version)))
    problem = _unknown(policies, receipt, policy, named)
    return Finding(receipt, policy, None, (problem,))


_LIKENESSES: dict[str, tuple[Callable[[Version], str], str, str]] = {
    "": (lambda version: version.digest, "", ""),
    "line endings": (
        lambda version: model.digest(entries.compose(version).replace(b"\n", b"\r\n")),
        "that file's with Windows line endings: the same words, served from a checkout that changed them",
        "Mend .gitattributes where the site is built; inforce check says how",
    ),
    "text": (
        lambda version: version.text_digest,
        "that file's text digest, which leaves the dates and the number out",
        "Keep the manifest's `digest` with a record, not its `text_digest`",
    ),
}
"""What a digest may be of, from the file itself to what is mistaken for it, and how that comes about."""


def _other_version(receipt: Receipt, version: Version) -> Problem:
    told = f"{receipt.document} {receipt.version}"
    what = f"It names {told}, and its digest {version.document} {version.number}"
    cure = f"The digest decides: {version.document} {version.number} was shown. Find out who wrote the number"
    return Problem(receipt.place, 0, "receipt-version", what, cure)


def _other_chain(policies: Sequence[Policy], receipt: Receipt, policy: Policy) -> list[Problem]:
    """What the customer's client knew to be published, and is not in the chain here: the text holds, the ledger not."""
    if receipt.head is None or receipt.head in {entry.digest for entry in policy.ledger.entries}:
        return []
    what = f"The chain of {policy.document} does not hold its `head`, {receipt.head}, which the customer's client knew"
    cure = "This ledger was rewritten since, or is another site's: find the file with that digest"
    return [Problem(receipt.place, 0, "receipt-head", what, _behind(policies, receipt) or cure)]


def _behind(policies: Sequence[Policy], receipt: Receipt) -> str:
    """What to do where the record was made by a later manifest than this ledger gives; empty where it was not."""
    serial = chain.serial(policies)
    if receipt.manifest_serial is None or receipt.manifest_serial <= serial:
        return ""
    return f"Bring this ledger up to date: its serial is {serial}, the record's {receipt.manifest_serial}"


def _unknown(policies: Sequence[Policy], receipt: Receipt, policy: Policy | None, named: Version | None) -> Problem:
    """Why no file here has the receipt's digest."""
    behind = _behind(policies, receipt)
    if named:
        what = f"No file here has the digest {receipt.digest}; {named.path} has {named.digest}"
        cure = "The record was changed, is another site's, or this ledger was rewritten, which inforce verify tells"
        return Problem(receipt.place, 0, "receipt-digest", what, cure)
    if policy:
        what = f"There is no version {receipt.version} of {receipt.document} here, and no file with the digest"
        cure = f"Its versions: {', '.join(policy.ledger.by_number) or 'none yet'}"
        return Problem(receipt.place, 0, "receipt-version", what, behind or cure)
    names = [policy.document for policy in policies]
    cure = meant(receipt.document, names, f"The policies here: {', '.join(names) or 'none yet'}")
    what = f"There is no policy `{receipt.document}` here, and no file with the digest"
    return Problem(receipt.place, 0, "receipt-document", what, behind or cure)


def _disagreements(receipt: Receipt, policy: Policy, version: Version) -> list[Problem]:
    """What a receipt says beside the digest, where the ledger says otherwise."""
    sequence = policy.ledger.sequence[version.number]
    told = []
    if receipt.sequence not in (None, sequence):
        told.append(f"`sequence` is {receipt.sequence}; {version.document} {version.number} has {sequence}")
    if receipt.language not in (None, version.language):
        told.append(f"`language` is {receipt.language}; {version.document} {version.number} is in {version.language}")
    if receipt.at < version.announced:
        announced = version.announced.isoformat()
        told.append(f"`at` is before {version.document} {version.number} was announced, {announced}")
    cure = "The digest holds all the same; find out who wrote the record"
    return [Problem(receipt.place, 0, "receipt-detail", what, cure, Level.WARNING) for what in told]
