"""A version that is to come -> what publishing it will do: its dates, the redline, and what each customer will see.

The states are the storefront's own decision (``review``), asked of the manifest as it will be. Pure: what is wrong with
the draft comes from ``release`` and ``checks``, how it all looks is the adapters'.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from inforce.changes import versions as comparison
from inforce.changes.versions import Comparison
from inforce.errors import Problem
from inforce.ledger import timeline
from inforce.model import Draft, Ledger, Policy, Requirement, Version
from inforce.publish import manifest
from inforce.release import notice, proposal
from inforce.release.proposal import ReleaseOptions
from inforce_client import review


@dataclass(frozen=True)
class CustomerDecisions:
    """The decisions for customers who agreed to ``agreed`` last, or, where it is None, to nothing yet.

    ``published`` is the decision (a result of ``review.review_state``) at the moment of publication, ``between`` those
    from the moments on at which versions announced earlier take effect, ``effective`` the one from this version's
    moment of effect on. The first and the last are the same where a version takes effect at once.
    """

    agreed: Version | None
    published: dict[str, Any]
    between: tuple[tuple[datetime, dict[str, Any]], ...]
    effective: dict[str, Any]


@dataclass(frozen=True)
class Rehearsal:
    """One coming version. ``compared`` is None for a first version.

    ``released`` says whether it is in the ledger already, its dates fixed; otherwise it is the draft, with the earliest
    day of effect that is possible or the one that was wished. ``notice`` are the days of notice due and given.
    """

    version: Version
    compared: Comparison | None
    released: bool
    earliest: date
    notice: tuple[int, int]
    objections: tuple[Problem, ...]
    customers: tuple[CustomerDecisions, ...]


def of_draft(policy: Policy, draft: Draft, options: ReleaseOptions, now: datetime) -> Rehearsal | None:
    """What a release of the draft at ``now`` would do; None where the draft differs from nothing published.

    A change that nobody has graded counts as material, as it does for customers. The draft and the ledger are sound.
    """
    published = policy.ledger
    if not proposal.differs(draft, published, options):
        return None
    earliest = proposal.earliest_effective(draft, published, options, now)
    options = replace(options, effective=options.effective or earliest)
    version = proposal.proposed(draft, published, options, now)
    against = tuple(proposal.objections(draft, published, version, options, now))
    return _rehearsed(policy, published, version, now, earliest, against)


def of_release(policy: Policy, version: Version, now: datetime) -> Rehearsal:
    """What publishing ``version``, the last one of the ledger, at ``now`` will do."""
    place = policy.ledger.entries.index(version)
    before = Ledger(policy.document, policy.ledger.entries[:place])
    return _rehearsed(policy, before, version, now, version.effective.date())


def _rehearsed(
    policy: Policy,
    before: Ledger,
    version: Version,
    now: datetime,
    earliest: date,
    objections: tuple[Problem, ...] | None = None,
) -> Rehearsal:
    """``objections`` are None for a version that is released."""
    after = Policy(policy.document, policy.draft, Ledger(policy.document, (*before.entries, version)))
    settings, amended = policy.draft.settings if policy.draft else None, before.amended
    compared = comparison.compare(before, amended, version) if amended else None
    due = notice.due(settings, amended, version.severity) if settings and amended else 0
    given = max(timeline.notice_given(now, version.effective, policy.zone), 0)
    customers = tuple(_decisions(after, version, now))
    released = objections is None
    return Rehearsal(version, compared, released, earliest, (due, given), objections or (), customers)


def _decisions(policy: Policy, version: Version, now: datetime) -> Iterator[CustomerDecisions]:
    """Who agreed to the version in force first, then to each before it, then who has agreed to nothing."""
    told = review.prepare(manifest.build([policy]))
    first, last = max(now, version.announced), max(now, version.effective)
    others = [each for each in policy.ledger.standing if each is not version]
    between = sorted({each.effective for each in others if first < each.effective < last})
    past = [each for each in others if each.effective <= now]
    for agreed in (*reversed(past), None):
        records = [_agreement(policy, agreed)] if agreed else []
        published, *on_the_way, effective = (
            review.review_state(told, policy.document, records, moment) for moment in (first, *between, last)
        )
        yield CustomerDecisions(agreed, published, tuple(zip(between, on_the_way, strict=True)), effective)


def _agreement(policy: Policy, agreed: Version) -> dict[str, Any]:
    """The record of a customer who did what ``agreed`` asks for, when it took effect."""
    return {
        "id": "00000000-0000-4000-8000-000000000000",
        "action": "accepted" if agreed.requires is Requirement.ACCEPT else "acknowledged",
        "document": policy.document,
        "version": agreed.number,
        "sequence": policy.ledger.sequence[agreed.number],
        "language": agreed.language,
        "digest": agreed.digest,
        "manifest_serial": policy.ledger.sequence[agreed.number],
        "at": manifest.utc(max(agreed.announced, agreed.effective)),
    }
