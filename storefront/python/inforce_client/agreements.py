"""Customers' records, one customer after the other -> who has agreed to what, who is still asked, and what is to come.

Each customer is decided about by the shop's own decision, so that a report says what the shop does. Nobody is counted
for a policy of whom there is no record about it: whether they were ever asked, records do not say. Values in, values
out, and no more than one customer at a time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from inforce_client import review

Record = Mapping[str, Any]

SAID = {"accepted": "agreed", "acknowledged": "told", "declined": "declined", "dismissed": "dismissed"}
"""A record's action, and the column in which the customer is counted for it."""
ASKED = frozenset(("review_required", "initial"))
"""The states in which a customer is asked for something."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Count:
    """Customers of one version in one language: by what each said of it last, and ``outstanding``, who is asked now.

    A "Later" counts only of whoever said nothing else. Whoever is asked about a version has, as a rule, answered
    another one: so the columns are not parts of a whole.
    """

    agreed: int = 0
    told: int = 0
    declined: int = 0
    dismissed: int = 0
    outstanding: int = 0


@dataclass
class Forecast:
    """What a version that is announced, or a ``draft``, will do once it takes effect, to the customers that are known.

    ``effective`` is in UTC.
    """

    effective: datetime
    draft: bool = False
    asked: int = 0
    told: int = 0
    left: int = 0


@dataclass
class Report:
    """``counts`` by (document, version, language) and ``coming`` by (document, version), in the manifest's order.

    ``customers`` have a record of one of the documents; ``ignored`` records count for nothing, as the decision says.
    """

    counts: dict[tuple[str, str, str], Count] = field(default_factory=dict)
    coming: dict[tuple[str, str], Forecast] = field(default_factory=dict)
    customers: int = 0
    records: int = 0
    ignored: int = 0


def report(
    manifest: Mapping[str, Any],
    documents: Sequence[str],
    records: Iterable[tuple[str, Record]],
    now: datetime,
    drafted: Mapping[str, Any] | None = None,
) -> Report:
    """The report at ``now`` on some of a manifest's ``documents``; ``records`` come one customer after the other.

    ``drafted`` is the manifest as it would be after a release: what it has beyond the other one is foreseen, too.
    """
    published, after = review.prepare(manifest), review.prepare(drafted or manifest)
    found = Report()
    for name in documents:
        known, retired = published.documents[name].by_number, published.documents[name].retired
        for version in published.documents[name].versions:
            found.counts[name, version.number, version.language] = Count()
        for version in after.documents[name].versions:
            effective = _EPOCH + timedelta(milliseconds=version.effective)
            ahead = effective > now or version.number not in known
            if ahead and not version.withdrawn and (retired is None or version.effective < retired):
                found.coming[name, version.number] = Forecast(effective, version.number not in known)
    for _, own in groupby(records, itemgetter(0)):
        _count(found, published, after, documents, [record for _, record in own], now)
    return found


def _count(
    found: Report,
    published: review.Prepared,
    after: review.Prepared,
    documents: Sequence[str],
    own: Sequence[Record],
    now: datetime,
) -> None:
    found.records += len(own)
    known = False
    for name in documents:
        mine = [record for record in own if isinstance(record, dict) and record.get("document") == name]
        if not mine:
            continue
        known, versions = True, published.documents[name].by_number
        valid = list(_valid(published.documents[name], mine))
        found.ignored += len(mine) - len(valid)
        for (number, language), action in _last(versions, valid).items():
            count = found.counts.setdefault((name, number, language), Count())
            setattr(count, SAID[action], getattr(count, SAID[action]) + 1)
        state = review.review_state(published, name, mine, now)
        if state["state"] in ASKED:
            number = state["version"]
            found.counts[name, number, versions[number].language].outstanding += 1
        for (document, number), coming in found.coming.items():
            if document == name:
                told = published if number in versions else after
                _foresee(coming, review.review_state(told, name, mine, coming.effective)["state"])
    found.customers += known


def _foresee(coming: Forecast, state: str) -> None:
    if state in ASKED:
        coming.asked += 1
    elif state == "notice":
        coming.told += 1
    else:
        coming.left += 1


def _valid(policy: review.Document, records: Iterable[Record]) -> Iterator[Record]:
    """Those that the decision counts, in the order in which they count."""
    for record in review.merge(records):
        version = policy.by_number.get(record["version"])
        if version and record["digest"] in version.digests:
            yield record


def _last(versions: Mapping[str, review.Version], records: Iterable[Record]) -> dict[tuple[str, str], str]:
    """(version, language) -> what was said last of that version, a "Later" only where nothing else was.

    The language is that of the text that the digest names, whatever a record says beside it.
    """
    said: dict[str, tuple[str, str]] = {}
    for record in records:
        number, action = record["version"], record["action"]
        if action != "dismissed" or said.get(number, ("", "dismissed"))[1] == "dismissed":
            said[number] = versions[number].languages[record["digest"]], action
    return {(number, language): action for number, (language, action) in said.items()}


def columns() -> tuple[str, ...]:
    """What stands above the :func:`rows`."""
    return ("document", "version", "language", *(each.name for each in fields(Count)))


def rows(found: Report) -> list[tuple[str | int, ...]]:
    """A table of the counts, of those versions of which there is anything to say."""
    return [(*key, *astuple(count)) for key, count in found.counts.items() if any(astuple(count))]


def values(found: Report) -> dict[str, Any]:
    """The report for programs, for a file of JSON."""
    versions = [dict(zip(columns(), row, strict=True)) for row in rows(found)]
    coming = [
        {
            "document": document,
            "version": version,
            "draft": each.draft,
            "effective_at": f"{each.effective.replace(tzinfo=None).isoformat(timespec='seconds')}Z",
            **{"asked": each.asked, "told": each.told, "left": each.left},
        }
        for (document, version), each in found.coming.items()
    ]
    told = {"customers": found.customers, "records": found.records, "ignored": found.ignored}
    return {**told, "versions": versions, "coming": coming}
